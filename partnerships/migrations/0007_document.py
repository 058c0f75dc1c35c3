"""Files with all their versions."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import partnerships.models.documents


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("partnerships", "0006_contact"),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "submission",
                    models.UUIDField(
                        editable=False,
                        help_text="The form that made this record; a second click on the same form finds it again.",
                        null=True,
                        unique=True,
                        verbose_name="submission",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                (
                    "agreement",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="partnerships.agreement",
                        verbose_name="agreement",
                    ),
                ),
                (
                    "resolution",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="partnerships.resolution",
                        verbose_name="council resolution",
                    ),
                ),
                (
                    "milestone",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="partnerships.milestone",
                        verbose_name="milestone",
                    ),
                ),
                (
                    "activity",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="partnerships.activity",
                        verbose_name="activity",
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="partnerships.commitment",
                        verbose_name="commitment",
                    ),
                ),
                (
                    "city",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="cities.city",
                        verbose_name="city",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "signed text"),
                            ("translation", "translation"),
                            ("resolution", "scan of a resolution"),
                            ("letter", "letter"),
                            ("photo", "photo"),
                            ("other", "other"),
                        ],
                        default="text",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("title_fa", models.CharField(blank=True, max_length=300, verbose_name="title, in Persian")),
                ("title_en", models.CharField(blank=True, max_length=300, verbose_name="title, in English")),
                ("language", models.CharField(blank=True, max_length=8, verbose_name="language")),
                ("credit_fa", models.CharField(blank=True, max_length=200, verbose_name="credit, in Persian")),
                ("credit_en", models.CharField(blank=True, max_length=200, verbose_name="credit, in English")),
                (
                    "alt_fa",
                    models.CharField(blank=True, max_length=300, verbose_name="what the picture shows, in Persian"),
                ),
                (
                    "alt_en",
                    models.CharField(blank=True, max_length=300, verbose_name="what the picture shows, in English"),
                ),
                (
                    "is_public",
                    models.BooleanField(
                        default=False,
                        help_text="Everybody can read it as soon as what it belongs to is public.",
                        verbose_name="published",
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True, help_text="Never shown on a public page.", verbose_name="internal note"
                    ),
                ),
                ("search_text", models.TextField(editable=False)),
            ],
            options={
                "verbose_name": "document",
                "verbose_name_plural": "documents",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("activity__isnull", True),
                                ("agreement__isnull", False),
                                ("city__isnull", True),
                                ("commitment__isnull", True),
                                ("milestone__isnull", True),
                                ("resolution__isnull", True),
                            ),
                            models.Q(
                                ("activity__isnull", True),
                                ("agreement__isnull", True),
                                ("city__isnull", True),
                                ("commitment__isnull", True),
                                ("milestone__isnull", True),
                                ("resolution__isnull", False),
                            ),
                            models.Q(
                                ("activity__isnull", True),
                                ("agreement__isnull", True),
                                ("city__isnull", True),
                                ("commitment__isnull", True),
                                ("milestone__isnull", False),
                                ("resolution__isnull", True),
                            ),
                            models.Q(
                                ("activity__isnull", False),
                                ("agreement__isnull", True),
                                ("city__isnull", True),
                                ("commitment__isnull", True),
                                ("milestone__isnull", True),
                                ("resolution__isnull", True),
                            ),
                            models.Q(
                                ("activity__isnull", True),
                                ("agreement__isnull", True),
                                ("city__isnull", True),
                                ("commitment__isnull", False),
                                ("milestone__isnull", True),
                                ("resolution__isnull", True),
                            ),
                            models.Q(
                                ("activity__isnull", True),
                                ("agreement__isnull", True),
                                ("city__isnull", False),
                                ("commitment__isnull", True),
                                ("milestone__isnull", True),
                                ("resolution__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="document_belongs_to_one",
                        violation_error_message="A document belongs to exactly one record.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["text", "translation", "resolution", "letter", "photo", "other"])
                        ),
                        name="document_kind_is_known",
                        violation_error_message="Choose one of the kinds of document.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("city__isnull", True), ("kind", "photo"), _connector="OR"),
                        name="document_of_a_city_is_a_photo",
                        violation_error_message="Of a city there are photos alone.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_public", True), ("kind", "photo"), _negated=True),
                            models.Q(models.Q(("alt_fa", ""), _negated=True), models.Q(("alt_en", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="document_public_photo_says_what_it_shows",
                        violation_error_message="A published photo says in both languages what it shows.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="partnerships.document",
                        verbose_name="document",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                (
                    "file",
                    models.FileField(
                        max_length=120, upload_to=partnerships.models.documents.stored_name, verbose_name="file"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name of the file")),
                ("media_type", models.CharField(max_length=100, verbose_name="type")),
                ("size", models.PositiveBigIntegerField(help_text="In bytes", verbose_name="size")),
                ("sha256", models.CharField(help_text="SHA-256", max_length=64, verbose_name="checksum")),
                ("pages", models.PositiveIntegerField(blank=True, null=True, verbose_name="pages")),
                ("width", models.PositiveIntegerField(blank=True, null=True, verbose_name="width")),
                ("height", models.PositiveIntegerField(blank=True, null=True, verbose_name="height")),
                (
                    "thumbnail",
                    models.FileField(
                        blank=True,
                        max_length=120,
                        upload_to=partnerships.models.documents.stored_name,
                        verbose_name="thumbnail",
                    ),
                ),
                (
                    "rendition",
                    models.FileField(
                        blank=True,
                        help_text="Of an image the pixels alone: nothing about where, when and with what it was taken.",
                        max_length=120,
                        upload_to=partnerships.models.documents.stored_name,
                        verbose_name="picture for everybody",
                    ),
                ),
                (
                    "rendition_size",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="size of that picture"),
                ),
                (
                    "rendition_sha256",
                    models.CharField(blank=True, max_length=64, verbose_name="checksum of that picture"),
                ),
                ("uploaded_at", models.DateTimeField(auto_now_add=True, verbose_name="uploaded")),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a document",
                "verbose_name_plural": "versions of documents",
                "ordering": ["document", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("document", "number"),
                        name="documentversion_number_once",
                        violation_error_message="Somebody else has added this version.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("size__gte", 1)),
                        name="documentversion_is_not_empty",
                        violation_error_message="The file is empty.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalDocument",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="changed")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "signed text"),
                            ("translation", "translation"),
                            ("resolution", "scan of a resolution"),
                            ("letter", "letter"),
                            ("photo", "photo"),
                            ("other", "other"),
                        ],
                        default="text",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("title_fa", models.CharField(blank=True, max_length=300, verbose_name="title, in Persian")),
                ("title_en", models.CharField(blank=True, max_length=300, verbose_name="title, in English")),
                ("language", models.CharField(blank=True, max_length=8, verbose_name="language")),
                ("credit_fa", models.CharField(blank=True, max_length=200, verbose_name="credit, in Persian")),
                ("credit_en", models.CharField(blank=True, max_length=200, verbose_name="credit, in English")),
                (
                    "alt_fa",
                    models.CharField(blank=True, max_length=300, verbose_name="what the picture shows, in Persian"),
                ),
                (
                    "alt_en",
                    models.CharField(blank=True, max_length=300, verbose_name="what the picture shows, in English"),
                ),
                (
                    "is_public",
                    models.BooleanField(
                        default=False,
                        help_text="Everybody can read it as soon as what it belongs to is public.",
                        verbose_name="published",
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True, help_text="Never shown on a public page.", verbose_name="internal note"
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="partnerships.agreement",
                        verbose_name="agreement",
                    ),
                ),
                (
                    "resolution",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="partnerships.resolution",
                        verbose_name="council resolution",
                    ),
                ),
                (
                    "milestone",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="partnerships.milestone",
                        verbose_name="milestone",
                    ),
                ),
                (
                    "activity",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="partnerships.activity",
                        verbose_name="activity",
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="partnerships.commitment",
                        verbose_name="commitment",
                    ),
                ),
                (
                    "city",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cities.city",
                        verbose_name="city",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical document",
                "verbose_name_plural": "historical documents",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
