"""What comes of an agreement: activities, commitments, notes."""

import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import sistercities.fields


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("partnerships", "0004_milestone"),
    ]

    operations = [
        migrations.CreateModel(
            name="Activity",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("delegation", "delegation"),
                            ("meeting", "meeting"),
                            ("cultural", "cultural week"),
                            ("exhibition", "exhibition"),
                            ("training", "training"),
                            ("project", "project"),
                            ("letters", "correspondence"),
                            ("other", "other"),
                        ],
                        default="delegation",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("incoming", "incoming"),
                            ("outgoing", "outgoing"),
                            ("online", "online"),
                            ("home", "at home"),
                        ],
                        max_length=10,
                        verbose_name="direction",
                    ),
                ),
                ("title_fa", models.CharField(blank=True, max_length=300, verbose_name="title in Persian")),
                ("title_en", models.CharField(blank=True, max_length=300, verbose_name="title in English")),
                ("account_fa", models.TextField(blank=True, verbose_name="account in Persian")),
                ("account_en", models.TextField(blank=True, verbose_name="account in English")),
                ("begun", sistercities.fields.UncertainDateField(verbose_name="begun")),
                ("begun_first", sistercities.fields.FirstDayField(db_index=True, of="begun")),
                ("begun_last", sistercities.fields.LastDayField(db_index=True, of="begun")),
                (
                    "finished",
                    sistercities.fields.UncertainDateField(
                        help_text="Left empty, it took one day or its end is not known.", verbose_name="finished"
                    ),
                ),
                ("finished_first", sistercities.fields.FirstDayField(of="finished")),
                ("finished_last", sistercities.fields.LastDayField(of="finished")),
                ("place_fa", models.CharField(blank=True, max_length=200, verbose_name="place, in Persian")),
                ("place_en", models.CharField(blank=True, max_length=200, verbose_name="place, in English")),
                ("participants", models.PositiveIntegerField(blank=True, null=True, verbose_name="participants")),
                (
                    "young_participants",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="young people among them"),
                ),
                (
                    "cost",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=18,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="cost",
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        blank=True, help_text="Code of ISO 4217, as IRR.", max_length=3, verbose_name="currency"
                    ),
                ),
                ("payer_fa", models.CharField(blank=True, max_length=200, verbose_name="who paid, in Persian")),
                ("payer_en", models.CharField(blank=True, max_length=200, verbose_name="who paid, in English")),
                ("outcome_fa", models.TextField(blank=True, verbose_name="outcome in Persian")),
                ("outcome_en", models.TextField(blank=True, verbose_name="outcome in English")),
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        help_text="The earlier activity that this one follows up.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="partnerships.activity",
                        verbose_name="follows up",
                    ),
                ),
                (
                    "internal_note",
                    models.TextField(
                        blank=True, help_text="Never shown on a public page.", verbose_name="internal note"
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="published on"),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="published by",
                    ),
                ),
                ("search_text", models.TextField(editable=False)),
                (
                    "agreements",
                    models.ManyToManyField(
                        blank=True, related_name="activities", to="partnerships.agreement", verbose_name="agreements"
                    ),
                ),
                (
                    "domains",
                    models.ManyToManyField(
                        blank=True,
                        related_name="activities",
                        to="partnerships.domain",
                        verbose_name="domains of cooperation",
                    ),
                ),
            ],
            options={
                "verbose_name": "activity",
                "verbose_name_plural": "activities",
                "ordering": ["-begun_first", "-pk"],
                "permissions": [("publish_activity", "Can publish activities and take them down")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title_fa", ""), _negated=True),
                            models.Q(("title_en", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="activity_has_a_title",
                        violation_error_message="Give the activity a title in Persian or in English.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published_at__isnull", True),
                            models.Q(
                                models.Q(("title_fa", ""), _negated=True), models.Q(("title_en", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="activity_published_in_both_languages",
                        violation_error_message="A published activity needs a title in both languages.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "delegation",
                                    "meeting",
                                    "cultural",
                                    "exhibition",
                                    "training",
                                    "project",
                                    "letters",
                                    "other",
                                ],
                            )
                        ),
                        name="activity_kind_is_known",
                        violation_error_message="Choose one of the kinds of activity.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("direction__in", ["", "incoming", "outgoing", "online", "home"])),
                        name="activity_direction_is_known",
                        violation_error_message="Choose one of the directions.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("young_participants__isnull", True),
                            ("participants__isnull", True),
                            ("young_participants__lte", models.F("participants")),
                            _connector="OR",
                        ),
                        name="activity_young_are_among_the_participants",
                        violation_error_message="There cannot be more young people than participants.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cost__isnull", True), models.Q(("currency", ""), _negated=True), _connector="OR"
                        ),
                        name="activity_cost_has_a_currency",
                        violation_error_message="Say in which currency the cost is.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cost__isnull", True), ("cost__gte", 0), _connector="OR"),
                        name="activity_cost_is_not_negative",
                        violation_error_message="A cost is not negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("follows__isnull", True),
                            models.Q(("follows", models.F("pk")), _negated=True),
                            _connector="OR",
                        ),
                        name="activity_follows_another",
                        violation_error_message="An activity cannot follow up itself.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("begun_first__isnull", True),
                            ("finished_last__isnull", True),
                            ("finished_last__gte", models.F("begun_first")),
                            _connector="OR",
                        ),
                        name="activity_finished_after_begun",
                        violation_error_message="It cannot finish before it begins.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("begun", ""), ("begun_first__isnull", True), ("begun_last__isnull", True)),
                            models.Q(
                                models.Q(("begun", ""), _negated=True),
                                ("begun_first__isnull", False),
                                ("begun_first__lte", models.F("begun_last")),
                                ("begun_last__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="activity_begun_has_its_bounds",
                        violation_error_message="A date and its first and last possible day are known together.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("finished", ""), ("finished_first__isnull", True), ("finished_last__isnull", True)
                            ),
                            models.Q(
                                models.Q(("finished", ""), _negated=True),
                                ("finished_first__isnull", False),
                                ("finished_first__lte", models.F("finished_last")),
                                ("finished_last__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="activity_finished_has_its_bounds",
                        violation_error_message="A date and its first and last possible day are known together.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Commitment",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="commitments",
                        to="partnerships.agreement",
                        verbose_name="agreement",
                    ),
                ),
                (
                    "activity",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to="partnerships.activity",
                        verbose_name="promised at",
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("home", "the home city"), ("partner", "the partner"), ("both", "both sides")],
                        default="home",
                        max_length=8,
                        verbose_name="who promised",
                    ),
                ),
                (
                    "responsible_fa",
                    models.CharField(blank=True, max_length=200, verbose_name="who is responsible, in Persian"),
                ),
                (
                    "responsible_en",
                    models.CharField(blank=True, max_length=200, verbose_name="who is responsible, in English"),
                ),
                ("text_fa", models.TextField(blank=True, verbose_name="what was promised, in Persian")),
                ("text_en", models.TextField(blank=True, verbose_name="what was promised, in English")),
                ("article", models.CharField(blank=True, max_length=80, verbose_name="in which article")),
                ("due", sistercities.fields.UncertainDateField(verbose_name="due")),
                ("due_first", sistercities.fields.FirstDayField(of="due")),
                ("due_last", sistercities.fields.LastDayField(db_index=True, of="due")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("kept", "kept"),
                            ("broken", "not kept"),
                            ("released", "released by agreement"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("settled", sistercities.fields.UncertainDateField(verbose_name="kept or settled on")),
                ("settled_first", sistercities.fields.FirstDayField(of="settled")),
                ("settled_last", sistercities.fields.LastDayField(of="settled")),
                ("evidence_fa", models.TextField(blank=True, verbose_name="evidence, in Persian")),
                ("evidence_en", models.TextField(blank=True, verbose_name="evidence, in English")),
                (
                    "is_public",
                    models.BooleanField(
                        default=False,
                        help_text="Stands on the public page of a published agreement.",
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
                "verbose_name": "commitment",
                "verbose_name_plural": "commitments",
                "ordering": ["agreement", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text_fa", ""), _negated=True),
                            models.Q(("text_en", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="commitment_says_what",
                        violation_error_message="Write what was promised, in Persian or in English.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_public", False),
                            models.Q(
                                models.Q(("text_fa", ""), _negated=True), models.Q(("text_en", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="commitment_published_in_both_languages",
                        violation_error_message="A published commitment says what was promised in both languages.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["home", "partner", "both"])),
                        name="commitment_side_is_known",
                        violation_error_message="Say who promised it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["open", "kept", "broken", "released"])),
                        name="commitment_status_is_known",
                        violation_error_message="Choose one of the statuses.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("settled", ""), models.Q(("status", "open"), _negated=True), _connector="OR"
                        ),
                        name="commitment_settled_when_not_open",
                        violation_error_message="It has a date on which it was settled: say what became of it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("due", ""), ("due_first__isnull", True), ("due_last__isnull", True)),
                            models.Q(
                                models.Q(("due", ""), _negated=True),
                                ("due_first__isnull", False),
                                ("due_first__lte", models.F("due_last")),
                                ("due_last__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="commitment_due_has_its_bounds",
                        violation_error_message="A date and its first and last possible day are known together.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled", ""), ("settled_first__isnull", True), ("settled_last__isnull", True)),
                            models.Q(
                                models.Q(("settled", ""), _negated=True),
                                ("settled_first__isnull", False),
                                ("settled_first__lte", models.F("settled_last")),
                                ("settled_last__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="commitment_settled_has_its_bounds",
                        violation_error_message="A date and its first and last possible day are known together.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="partnerships.agreement",
                        verbose_name="agreement",
                    ),
                ),
                ("text", models.TextField(verbose_name="note")),
                (
                    "written_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                ("search_text", models.TextField(editable=False)),
            ],
            options={
                "verbose_name": "note",
                "verbose_name_plural": "notes",
                "ordering": ["agreement", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="note_is_written",
                        violation_error_message="Write the note.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalActivity",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="changed")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("delegation", "delegation"),
                            ("meeting", "meeting"),
                            ("cultural", "cultural week"),
                            ("exhibition", "exhibition"),
                            ("training", "training"),
                            ("project", "project"),
                            ("letters", "correspondence"),
                            ("other", "other"),
                        ],
                        default="delegation",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("incoming", "incoming"),
                            ("outgoing", "outgoing"),
                            ("online", "online"),
                            ("home", "at home"),
                        ],
                        max_length=10,
                        verbose_name="direction",
                    ),
                ),
                ("title_fa", models.CharField(blank=True, max_length=300, verbose_name="title in Persian")),
                ("title_en", models.CharField(blank=True, max_length=300, verbose_name="title in English")),
                ("account_fa", models.TextField(blank=True, verbose_name="account in Persian")),
                ("account_en", models.TextField(blank=True, verbose_name="account in English")),
                ("begun", sistercities.fields.UncertainDateField(verbose_name="begun")),
                ("begun_first", sistercities.fields.FirstDayField(db_index=True, of="begun")),
                ("begun_last", sistercities.fields.LastDayField(db_index=True, of="begun")),
                (
                    "finished",
                    sistercities.fields.UncertainDateField(
                        help_text="Left empty, it took one day or its end is not known.", verbose_name="finished"
                    ),
                ),
                ("finished_first", sistercities.fields.FirstDayField(of="finished")),
                ("finished_last", sistercities.fields.LastDayField(of="finished")),
                ("place_fa", models.CharField(blank=True, max_length=200, verbose_name="place, in Persian")),
                ("place_en", models.CharField(blank=True, max_length=200, verbose_name="place, in English")),
                ("participants", models.PositiveIntegerField(blank=True, null=True, verbose_name="participants")),
                (
                    "young_participants",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="young people among them"),
                ),
                (
                    "cost",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=18,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="cost",
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        blank=True, help_text="Code of ISO 4217, as IRR.", max_length=3, verbose_name="currency"
                    ),
                ),
                ("payer_fa", models.CharField(blank=True, max_length=200, verbose_name="who paid, in Persian")),
                ("payer_en", models.CharField(blank=True, max_length=200, verbose_name="who paid, in English")),
                ("outcome_fa", models.TextField(blank=True, verbose_name="outcome in Persian")),
                ("outcome_en", models.TextField(blank=True, verbose_name="outcome in English")),
                (
                    "internal_note",
                    models.TextField(
                        blank=True, help_text="Never shown on a public page.", verbose_name="internal note"
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="published on"),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The earlier activity that this one follows up.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="partnerships.activity",
                        verbose_name="follows up",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="published by",
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
                "verbose_name": "historical activity",
                "verbose_name_plural": "historical activities",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCommitment",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="changed")),
                (
                    "side",
                    models.CharField(
                        choices=[("home", "the home city"), ("partner", "the partner"), ("both", "both sides")],
                        default="home",
                        max_length=8,
                        verbose_name="who promised",
                    ),
                ),
                (
                    "responsible_fa",
                    models.CharField(blank=True, max_length=200, verbose_name="who is responsible, in Persian"),
                ),
                (
                    "responsible_en",
                    models.CharField(blank=True, max_length=200, verbose_name="who is responsible, in English"),
                ),
                ("text_fa", models.TextField(blank=True, verbose_name="what was promised, in Persian")),
                ("text_en", models.TextField(blank=True, verbose_name="what was promised, in English")),
                ("article", models.CharField(blank=True, max_length=80, verbose_name="in which article")),
                ("due", sistercities.fields.UncertainDateField(verbose_name="due")),
                ("due_first", sistercities.fields.FirstDayField(of="due")),
                ("due_last", sistercities.fields.LastDayField(db_index=True, of="due")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("kept", "kept"),
                            ("broken", "not kept"),
                            ("released", "released by agreement"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("settled", sistercities.fields.UncertainDateField(verbose_name="kept or settled on")),
                ("settled_first", sistercities.fields.FirstDayField(of="settled")),
                ("settled_last", sistercities.fields.LastDayField(of="settled")),
                ("evidence_fa", models.TextField(blank=True, verbose_name="evidence, in Persian")),
                ("evidence_en", models.TextField(blank=True, verbose_name="evidence, in English")),
                (
                    "is_public",
                    models.BooleanField(
                        default=False,
                        help_text="Stands on the public page of a published agreement.",
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
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="partnerships.agreement",
                        verbose_name="agreement",
                    ),
                ),
                (
                    "activity",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="partnerships.activity",
                        verbose_name="promised at",
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
                "verbose_name": "historical commitment",
                "verbose_name_plural": "historical commitments",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalNote",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="changed")),
                ("text", models.TextField(verbose_name="note")),
                (
                    "agreement",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="partnerships.agreement",
                        verbose_name="agreement",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
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
                "verbose_name": "historical note",
                "verbose_name_plural": "historical notes",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalActivity_agreements",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "activity",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="partnerships.activity",
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="partnerships.agreement",
                    ),
                ),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="partnerships.historicalactivity",
                    ),
                ),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
            ],
            options={
                "verbose_name": "HistoricalActivity_agreements",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalActivity_domains",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "activity",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="partnerships.activity",
                    ),
                ),
                (
                    "domain",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="partnerships.domain",
                    ),
                ),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="partnerships.historicalactivity",
                    ),
                ),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
            ],
            options={
                "verbose_name": "HistoricalActivity_domains",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
