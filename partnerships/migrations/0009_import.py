"""Imports of tables: what was sent, row by row, and what its columns mean."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("cities", "0003_tieimport"),
        ("partnerships", "0008_desk"),
    ]

    operations = [
        migrations.CreateModel(
            name="ColumnMatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                ("fields", models.JSONField(default=dict, verbose_name="fields")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="kept by",
                    ),
                ),
                ("used_at", models.DateTimeField(auto_now=True, verbose_name="last used")),
            ],
            options={
                "verbose_name": "match of columns",
                "verbose_name_plural": "matches of columns",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="columnmatch_has_a_name",
                        violation_error_message="Give the match a name.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "progress",
                    models.CharField(
                        choices=[
                            ("idle", "not begun"),
                            ("waiting", "about to begin"),
                            ("running", "under way"),
                            ("done", "done"),
                            ("cancelled", "cancelled"),
                            ("failed", "failed"),
                        ],
                        default="idle",
                        editable=False,
                        max_length=10,
                        verbose_name="progress",
                    ),
                ),
                ("done", models.PositiveIntegerField(default=0, editable=False, verbose_name="rows done")),
                ("total", models.PositiveIntegerField(default=0, editable=False, verbose_name="rows in all")),
                ("last_word", models.DateTimeField(editable=False, null=True, verbose_name="last word of its process")),
                ("cancel_asked", models.BooleanField(default=False, editable=False, verbose_name="to be cancelled")),
                ("failure", models.TextField(blank=True, editable=False, verbose_name="why it failed")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("columns", "columns to be matched"),
                            ("checked", "checked, not taken yet"),
                            ("taken", "taken"),
                            ("undone", "undone"),
                        ],
                        default="columns",
                        max_length=10,
                        verbose_name="stage",
                    ),
                ),
                (
                    "task",
                    models.CharField(
                        choices=[("check", "checking the rows"), ("take", "taking the rows"), ("undo", "undoing")],
                        default="check",
                        max_length=10,
                        verbose_name="task",
                    ),
                ),
                ("name", models.CharField(max_length=255, verbose_name="name of the file")),
                ("encoding", models.CharField(blank=True, max_length=20, verbose_name="encoding")),
                ("delimiter", models.CharField(blank=True, max_length=5, verbose_name="delimiter")),
                ("sheet", models.CharField(blank=True, max_length=255, verbose_name="sheet")),
                ("headings", models.JSONField(default=list, verbose_name="headings")),
                ("fields", models.JSONField(default=list, verbose_name="fields")),
                ("defaults", models.JSONField(default=dict, verbose_name="for all rows")),
                (
                    "language",
                    models.CharField(
                        choices=[("fa", "Persian"), ("en", "English")],
                        default="fa",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="sent")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sent by",
                    ),
                ),
                ("taken_at", models.DateTimeField(null=True, verbose_name="taken on")),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken by",
                    ),
                ),
                ("undone_at", models.DateTimeField(null=True, verbose_name="undone on")),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="undone by",
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", ["columns", "checked", "taken", "undone"])),
                        name="import_stage_is_known",
                        violation_error_message="Choose one of the stages.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("undone_at__isnull", True), ("taken_at__isnull", False), _connector="OR"),
                        name="import_taken_before_undone",
                        violation_error_message="Only an import that was taken can be undone.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="partnerships.import",
                        verbose_name="import",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="row")),
                ("cells", models.JSONField(default=list, verbose_name="cells")),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new", "new"),
                            ("changed", "changed"),
                            ("unchanged", "unchanged"),
                            ("left_out", "left out"),
                            ("duplicate", "duplicate suspected"),
                            ("question", "which city is meant?"),
                            ("wrong", "wrong"),
                        ],
                        max_length=10,
                        verbose_name="verdict",
                    ),
                ),
                ("differences", models.JSONField(default=list, verbose_name="differences")),
                ("problems", models.JSONField(default=list, verbose_name="problems")),
                ("candidates", models.JSONField(default=list, verbose_name="candidates")),
                ("answer", models.JSONField(default=dict, verbose_name="answer")),
                ("found", models.JSONField(default=dict, editable=False, verbose_name="as it was found")),
                (
                    "agreement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="partnerships.agreement",
                        verbose_name="agreement",
                    ),
                ),
                ("undo", models.JSONField(default=dict, verbose_name="for undoing")),
            ],
            options={
                "verbose_name": "row of an import",
                "verbose_name_plural": "rows of imports",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("of", "number"),
                        name="importrow_number_once",
                        violation_error_message="This row is there already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "verdict__in",
                                ["", "new", "changed", "unchanged", "left_out", "duplicate", "question", "wrong"],
                            )
                        ),
                        name="importrow_verdict_is_known",
                        violation_error_message="Choose one of the verdicts.",
                    ),
                ],
            },
        ),
    ]
