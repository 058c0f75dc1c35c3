"""People and offices to write to."""

import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import sistercities.fields


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("partnerships", "0005_activity"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contact",
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
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="cities.city",
                        verbose_name="partner city",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("partner", "the partner’s municipality"),
                            ("embassy", "embassy or consulate"),
                            ("ministry", "ministry or authority"),
                            ("other", "other"),
                        ],
                        default="partner",
                        max_length=10,
                        verbose_name="where they belong",
                    ),
                ),
                ("name_fa", models.CharField(blank=True, max_length=200, verbose_name="name in Persian")),
                ("name_en", models.CharField(blank=True, max_length=200, verbose_name="name in English")),
                ("role_fa", models.CharField(blank=True, max_length=200, verbose_name="office or role, in Persian")),
                ("role_en", models.CharField(blank=True, max_length=200, verbose_name="office or role, in English")),
                (
                    "organisation_fa",
                    models.CharField(blank=True, max_length=200, verbose_name="organisation, in Persian"),
                ),
                (
                    "organisation_en",
                    models.CharField(blank=True, max_length=200, verbose_name="organisation, in English"),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, max_length=120, verbose_name="telephone")),
                (
                    "website",
                    models.URLField(
                        blank=True,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                        verbose_name="website",
                    ),
                ),
                ("address", models.TextField(blank=True, verbose_name="postal address")),
                (
                    "languages",
                    models.CharField(
                        blank=True,
                        help_text="Codes with spaces between, as in: fa tr en",
                        max_length=60,
                        verbose_name="languages",
                    ),
                ),
                ("since", sistercities.fields.UncertainDateField(verbose_name="in office since")),
                ("since_first", sistercities.fields.FirstDayField(of="since")),
                ("since_last", sistercities.fields.LastDayField(of="since")),
                ("until", sistercities.fields.UncertainDateField(verbose_name="in office until")),
                ("until_first", sistercities.fields.FirstDayField(of="until")),
                ("until_last", sistercities.fields.LastDayField(of="until")),
                (
                    "review_on",
                    models.DateField(
                        help_text="Personal data is kept no longer than it is needed: look on this day.",
                        verbose_name="look again on",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("search_text", models.TextField(editable=False)),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
                "ordering": ["partner", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name_fa", ""), _negated=True),
                            models.Q(("name_en", ""), _negated=True),
                            models.Q(("role_fa", ""), _negated=True),
                            models.Q(("role_en", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="contact_is_somebody",
                        violation_error_message="Give a name, or the office or role.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["partner", "embassy", "ministry", "other"])),
                        name="contact_kind_is_known",
                        violation_error_message="Say where they belong.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("since_first__isnull", True),
                            ("until_last__isnull", True),
                            ("until_last__gte", models.F("since_first")),
                            _connector="OR",
                        ),
                        name="contact_term_ends_after_it_began",
                        violation_error_message="A term cannot end before it began.",
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
                        name="contact_since_has_its_bounds",
                        violation_error_message="A date and its first and last possible day are known together.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("until", ""), ("until_first__isnull", True), ("until_last__isnull", True)),
                            models.Q(
                                models.Q(("until", ""), _negated=True),
                                ("until_first__isnull", False),
                                ("until_first__lte", models.F("until_last")),
                                ("until_last__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="contact_until_has_its_bounds",
                        violation_error_message="A date and its first and last possible day are known together.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalContact",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="changed")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("partner", "the partner’s municipality"),
                            ("embassy", "embassy or consulate"),
                            ("ministry", "ministry or authority"),
                            ("other", "other"),
                        ],
                        default="partner",
                        max_length=10,
                        verbose_name="where they belong",
                    ),
                ),
                ("name_fa", models.CharField(blank=True, max_length=200, verbose_name="name in Persian")),
                ("name_en", models.CharField(blank=True, max_length=200, verbose_name="name in English")),
                ("role_fa", models.CharField(blank=True, max_length=200, verbose_name="office or role, in Persian")),
                ("role_en", models.CharField(blank=True, max_length=200, verbose_name="office or role, in English")),
                (
                    "organisation_fa",
                    models.CharField(blank=True, max_length=200, verbose_name="organisation, in Persian"),
                ),
                (
                    "organisation_en",
                    models.CharField(blank=True, max_length=200, verbose_name="organisation, in English"),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, max_length=120, verbose_name="telephone")),
                (
                    "website",
                    models.URLField(
                        blank=True,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                        verbose_name="website",
                    ),
                ),
                ("address", models.TextField(blank=True, verbose_name="postal address")),
                (
                    "languages",
                    models.CharField(
                        blank=True,
                        help_text="Codes with spaces between, as in: fa tr en",
                        max_length=60,
                        verbose_name="languages",
                    ),
                ),
                ("since", sistercities.fields.UncertainDateField(verbose_name="in office since")),
                ("since_first", sistercities.fields.FirstDayField(of="since")),
                ("since_last", sistercities.fields.LastDayField(of="since")),
                ("until", sistercities.fields.UncertainDateField(verbose_name="in office until")),
                ("until_first", sistercities.fields.FirstDayField(of="until")),
                ("until_last", sistercities.fields.LastDayField(of="until")),
                (
                    "review_on",
                    models.DateField(
                        help_text="Personal data is kept no longer than it is needed: look on this day.",
                        verbose_name="look again on",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="note")),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cities.city",
                        verbose_name="partner city",
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
                "verbose_name": "historical contact",
                "verbose_name_plural": "historical contacts",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
