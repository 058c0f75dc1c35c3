"""The network of the world: ties between cities and the lists that they come from."""

import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import sistercities.fields


class Migration(migrations.Migration):
    dependencies = [
        ("cities", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalTieSource",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="changed")),
                ("title_fa", models.CharField(blank=True, max_length=200, verbose_name="title in Persian")),
                ("title_en", models.CharField(blank=True, max_length=200, verbose_name="title in English")),
                (
                    "url",
                    models.URLField(
                        blank=True,
                        max_length=500,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                        verbose_name="address",
                    ),
                ),
                (
                    "licence",
                    models.CharField(
                        blank=True,
                        help_text="Under which its ties may be shown, as in CC BY-SA 4.0.",
                        max_length=120,
                        verbose_name="licence",
                    ),
                ),
                (
                    "as_of",
                    models.DateField(help_text="The day on which the list was as it was read.", verbose_name="as of"),
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
                "verbose_name": "historical source of ties",
                "verbose_name_plural": "historical sources of ties",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="TieSource",
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
                ("title_fa", models.CharField(blank=True, max_length=200, verbose_name="title in Persian")),
                ("title_en", models.CharField(blank=True, max_length=200, verbose_name="title in English")),
                (
                    "url",
                    models.URLField(
                        blank=True,
                        max_length=500,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                        verbose_name="address",
                    ),
                ),
                (
                    "licence",
                    models.CharField(
                        blank=True,
                        help_text="Under which its ties may be shown, as in CC BY-SA 4.0.",
                        max_length=120,
                        verbose_name="licence",
                    ),
                ),
                (
                    "as_of",
                    models.DateField(help_text="The day on which the list was as it was read.", verbose_name="as of"),
                ),
            ],
            options={
                "verbose_name": "source of ties",
                "verbose_name_plural": "sources of ties",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title_fa", ""), _negated=True),
                            models.Q(("title_en", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="tiesource_has_a_title",
                        violation_error_message="Give the list a title in Persian or in English.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalTie",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="changed")),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("sister", "sister city"),
                            ("friendship", "friendship and cooperation"),
                            ("contact", "contact"),
                        ],
                        default="sister",
                        max_length=12,
                        verbose_name="form",
                    ),
                ),
                ("since", sistercities.fields.UncertainDateField(verbose_name="since")),
                ("since_first", sistercities.fields.FirstDayField(of="since")),
                ("since_last", sistercities.fields.LastDayField(of="since")),
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
                (
                    "one",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cities.city",
                        verbose_name="one city",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cities.city",
                        verbose_name="the other city",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cities.tiesource",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical tie",
                "verbose_name_plural": "historical ties",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Tie",
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
                    "form",
                    models.CharField(
                        choices=[
                            ("sister", "sister city"),
                            ("friendship", "friendship and cooperation"),
                            ("contact", "contact"),
                        ],
                        default="sister",
                        max_length=12,
                        verbose_name="form",
                    ),
                ),
                ("since", sistercities.fields.UncertainDateField(verbose_name="since")),
                ("since_first", sistercities.fields.FirstDayField(of="since")),
                ("since_last", sistercities.fields.LastDayField(of="since")),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ties_as_one",
                        to="cities.city",
                        verbose_name="one city",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ties_as_other",
                        to="cities.city",
                        verbose_name="the other city",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ties",
                        to="cities.tiesource",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "tie",
                "verbose_name_plural": "ties",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("one", "other"),
                        name="tie_pair_once",
                        violation_error_message="The tie of these two cities is recorded already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("one__lt", models.F("other"))),
                        name="tie_pair_in_order",
                        violation_error_message="A tie is between two different cities, the one recorded first standing first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("form__in", ["sister", "friendship", "contact"])),
                        name="tie_form_is_known",
                        violation_error_message="Choose one of the forms.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("since", ""), ("since_first__isnull", True), ("since_last__isnull", True)),
                            models.Q(
                                models.Q(("since", ""), _negated=True),
                                ("since_first__isnull", False),
                                ("since_first__lte", models.F("since_last")),
                                ("since_last__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="tie_since_has_its_bounds",
                        violation_error_message="A date and its first and last possible day are known together.",
                    ),
                ],
            },
        ),
    ]
