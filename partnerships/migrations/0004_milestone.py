"""The life of an agreement as dated steps."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import sistercities.fields


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("cities", "0001_initial"),
        ("partnerships", "0003_membership"),
    ]

    operations = [
        migrations.CreateModel(
            name="MilestoneKind",
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
                    "key",
                    models.SlugField(
                        help_text="Used by register files; it does not change.",
                        max_length=60,
                        unique=True,
                        verbose_name="key",
                    ),
                ),
                ("name_fa", models.CharField(max_length=120, verbose_name="name in Persian")),
                ("name_en", models.CharField(max_length=120, verbose_name="name in English")),
                (
                    "authority_fa",
                    models.CharField(blank=True, max_length=200, verbose_name="usual authority, in Persian"),
                ),
                (
                    "authority_en",
                    models.CharField(blank=True, max_length=200, verbose_name="usual authority, in English"),
                ),
                ("text_fa", models.TextField(blank=True, verbose_name="what is done, in Persian")),
                ("text_en", models.TextField(blank=True, verbose_name="what is done, in English")),
                (
                    "agreement_kinds",
                    models.CharField(
                        blank=True,
                        help_text="The kinds of agreement that take this step; all of them if none is chosen.",
                        max_length=60,
                        verbose_name="kinds of agreement",
                    ),
                ),
                (
                    "patience_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="After so many days without an answer the desk reminds you. Empty: no answer is waited for.",
                        null=True,
                        verbose_name="days to wait for an answer",
                    ),
                ),
                (
                    "verb",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sign", "sign"),
                            ("suspend", "suspend"),
                            ("resume", "resume"),
                            ("renew", "renew"),
                            ("end", "end"),
                            ("reopen", "reopen"),
                        ],
                        editable=False,
                        help_text="The change of status that makes a milestone of this kind.",
                        max_length=10,
                        verbose_name="verb",
                    ),
                ),
                (
                    "is_public",
                    models.BooleanField(
                        default=False,
                        help_text="Milestones of this kind stand on the public page of a published agreement.",
                        verbose_name="published",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(default=True, help_text="Offered in checklists.", verbose_name="in use"),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position in lists")),
                ("search_text", models.TextField(editable=False)),
            ],
            options={
                "verbose_name": "kind of milestone",
                "verbose_name_plural": "kinds of milestones",
                "ordering": ["position", "key"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name_fa", ""), _negated=True), models.Q(("name_en", ""), _negated=True)
                        ),
                        name="milestonekind_has_both_names",
                        violation_error_message="A kind of milestone has a name in Persian and in English.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("patience_days__isnull", True), ("patience_days__lte", 3650), _connector="OR"
                        ),
                        name="milestonekind_waits_ten_years_at_most",
                        violation_error_message="An answer is waited for ten years at most: 3,650 days.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("verb__in", ["", "sign", "suspend", "resume", "renew", "end", "reopen"])),
                        name="milestonekind_verb_is_known",
                        violation_error_message="Choose one of the verbs.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("verb", ""), _negated=True),
                        fields=("verb",),
                        name="milestonekind_verb_once",
                        violation_error_message="Another kind of milestone stands for this change of status.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
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
                        related_name="milestones",
                        to="partnerships.agreement",
                        verbose_name="agreement",
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="milestones",
                        to="partnerships.milestonekind",
                        verbose_name="kind of milestone",
                    ),
                ),
                ("planned", sistercities.fields.UncertainDateField(verbose_name="planned for")),
                ("planned_first", sistercities.fields.FirstDayField(of="planned")),
                ("planned_last", sistercities.fields.LastDayField(of="planned")),
                ("authority_fa", models.CharField(blank=True, max_length=200, verbose_name="authority, in Persian")),
                ("authority_en", models.CharField(blank=True, max_length=200, verbose_name="authority, in English")),
                ("letter_number", models.CharField(blank=True, max_length=120, verbose_name="letter number")),
                ("sent", sistercities.fields.UncertainDateField(verbose_name="sent or begun")),
                ("sent_first", sistercities.fields.FirstDayField(of="sent")),
                ("sent_last", sistercities.fields.LastDayField(of="sent")),
                ("answered", sistercities.fields.UncertainDateField(verbose_name="answered or done")),
                ("answered_first", sistercities.fields.FirstDayField(of="answered")),
                ("answered_last", sistercities.fields.LastDayField(of="answered")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "done"),
                            ("approved", "approved"),
                            ("conditional", "approved with conditions"),
                            ("refused", "refused"),
                            ("not_needed", "not needed"),
                        ],
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                ("account_fa", models.TextField(blank=True, verbose_name="account or reason, in Persian")),
                ("account_en", models.TextField(blank=True, verbose_name="account or reason, in English")),
                (
                    "status_before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("prospect", "prospect"),
                            ("negotiation", "negotiation"),
                            ("approved", "approved, not signed"),
                            ("in_force", "in force"),
                            ("suspended", "suspended"),
                            ("ended", "ended"),
                        ],
                        editable=False,
                        max_length=12,
                        verbose_name="status before",
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
                "verbose_name": "milestone",
                "verbose_name_plural": "milestones",
                "ordering": ["agreement", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__in", ["", "done", "approved", "conditional", "refused", "not_needed"])
                        ),
                        name="milestone_outcome_is_known",
                        violation_error_message="Choose one of the outcomes.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status_before__in",
                                ["", "prospect", "negotiation", "approved", "in_force", "suspended", "ended"],
                            )
                        ),
                        name="milestone_status_before_is_known",
                        violation_error_message="Choose one of the statuses.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answered", ""), models.Q(("outcome", ""), _negated=True), _connector="OR"),
                        name="milestone_answered_with_an_outcome",
                        violation_error_message="It has a date on which it was answered or done: say with what outcome.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sent_first__isnull", True),
                            ("answered_last__isnull", True),
                            ("answered_last__gte", models.F("sent_first")),
                            _connector="OR",
                        ),
                        name="milestone_answered_after_sent",
                        violation_error_message="It cannot be answered or done before it was sent or begun.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("planned", ""), ("planned_first__isnull", True), ("planned_last__isnull", True)),
                            models.Q(
                                models.Q(("planned", ""), _negated=True),
                                ("planned_first__isnull", False),
                                ("planned_first__lte", models.F("planned_last")),
                                ("planned_last__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="milestone_planned_has_its_bounds",
                        violation_error_message="A date and its first and last possible day are known together.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent", ""), ("sent_first__isnull", True), ("sent_last__isnull", True)),
                            models.Q(
                                models.Q(("sent", ""), _negated=True),
                                ("sent_first__isnull", False),
                                ("sent_first__lte", models.F("sent_last")),
                                ("sent_last__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="milestone_sent_has_its_bounds",
                        violation_error_message="A date and its first and last possible day are known together.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered", ""), ("answered_first__isnull", True), ("answered_last__isnull", True)
                            ),
                            models.Q(
                                models.Q(("answered", ""), _negated=True),
                                ("answered_first__isnull", False),
                                ("answered_first__lte", models.F("answered_last")),
                                ("answered_last__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="milestone_answered_has_its_bounds",
                        violation_error_message="A date and its first and last possible day are known together.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalMilestoneKind",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="changed")),
                (
                    "key",
                    models.SlugField(
                        help_text="Used by register files; it does not change.", max_length=60, verbose_name="key"
                    ),
                ),
                ("name_fa", models.CharField(max_length=120, verbose_name="name in Persian")),
                ("name_en", models.CharField(max_length=120, verbose_name="name in English")),
                (
                    "authority_fa",
                    models.CharField(blank=True, max_length=200, verbose_name="usual authority, in Persian"),
                ),
                (
                    "authority_en",
                    models.CharField(blank=True, max_length=200, verbose_name="usual authority, in English"),
                ),
                ("text_fa", models.TextField(blank=True, verbose_name="what is done, in Persian")),
                ("text_en", models.TextField(blank=True, verbose_name="what is done, in English")),
                (
                    "agreement_kinds",
                    models.CharField(
                        blank=True,
                        help_text="The kinds of agreement that take this step; all of them if none is chosen.",
                        max_length=60,
                        verbose_name="kinds of agreement",
                    ),
                ),
                (
                    "patience_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="After so many days without an answer the desk reminds you. Empty: no answer is waited for.",
                        null=True,
                        verbose_name="days to wait for an answer",
                    ),
                ),
                (
                    "verb",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sign", "sign"),
                            ("suspend", "suspend"),
                            ("resume", "resume"),
                            ("renew", "renew"),
                            ("end", "end"),
                            ("reopen", "reopen"),
                        ],
                        editable=False,
                        help_text="The change of status that makes a milestone of this kind.",
                        max_length=10,
                        verbose_name="verb",
                    ),
                ),
                (
                    "is_public",
                    models.BooleanField(
                        default=False,
                        help_text="Milestones of this kind stand on the public page of a published agreement.",
                        verbose_name="published",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(default=True, help_text="Offered in checklists.", verbose_name="in use"),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position in lists")),
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
                "verbose_name": "historical kind of milestone",
                "verbose_name_plural": "historical kinds of milestones",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalMilestone",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="changed")),
                ("planned", sistercities.fields.UncertainDateField(verbose_name="planned for")),
                ("planned_first", sistercities.fields.FirstDayField(of="planned")),
                ("planned_last", sistercities.fields.LastDayField(of="planned")),
                ("authority_fa", models.CharField(blank=True, max_length=200, verbose_name="authority, in Persian")),
                ("authority_en", models.CharField(blank=True, max_length=200, verbose_name="authority, in English")),
                ("letter_number", models.CharField(blank=True, max_length=120, verbose_name="letter number")),
                ("sent", sistercities.fields.UncertainDateField(verbose_name="sent or begun")),
                ("sent_first", sistercities.fields.FirstDayField(of="sent")),
                ("sent_last", sistercities.fields.LastDayField(of="sent")),
                ("answered", sistercities.fields.UncertainDateField(verbose_name="answered or done")),
                ("answered_first", sistercities.fields.FirstDayField(of="answered")),
                ("answered_last", sistercities.fields.LastDayField(of="answered")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "done"),
                            ("approved", "approved"),
                            ("conditional", "approved with conditions"),
                            ("refused", "refused"),
                            ("not_needed", "not needed"),
                        ],
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                ("account_fa", models.TextField(blank=True, verbose_name="account or reason, in Persian")),
                ("account_en", models.TextField(blank=True, verbose_name="account or reason, in English")),
                (
                    "status_before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("prospect", "prospect"),
                            ("negotiation", "negotiation"),
                            ("approved", "approved, not signed"),
                            ("in_force", "in force"),
                            ("suspended", "suspended"),
                            ("ended", "ended"),
                        ],
                        editable=False,
                        max_length=12,
                        verbose_name="status before",
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
                    "kind",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="partnerships.milestonekind",
                        verbose_name="kind of milestone",
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
                "verbose_name": "historical milestone",
                "verbose_name_plural": "historical milestones",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
