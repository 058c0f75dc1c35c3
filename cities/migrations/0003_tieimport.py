"""Lists of ties that were sent, and the rows of them of which something is to be said."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cities", "0002_tie"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TieImport",
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
                            ("sent", "sent"),
                            ("checked", "checked, not taken yet"),
                            ("taken", "taken"),
                            ("removed", "removed"),
                        ],
                        default="sent",
                        max_length=10,
                        verbose_name="stage",
                    ),
                ),
                (
                    "task",
                    models.CharField(
                        choices=[
                            ("check", "checking the rows"),
                            ("take", "taking the ties"),
                            ("remove", "removing what the list brought"),
                        ],
                        default="check",
                        max_length=10,
                        verbose_name="task",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=255, verbose_name="name of the file")),
                ("content", models.BinaryField(default=b"", verbose_name="content of the file")),
                ("title_fa", models.CharField(blank=True, max_length=200, verbose_name="title in Persian")),
                ("title_en", models.CharField(blank=True, max_length=200, verbose_name="title in English")),
                ("url", models.CharField(blank=True, max_length=500, verbose_name="address")),
                ("licence", models.CharField(blank=True, max_length=120, verbose_name="licence")),
                ("as_of", models.DateField(verbose_name="as of")),
                ("counts", models.JSONField(default=dict, verbose_name="rows by verdict")),
                ("reasons", models.JSONField(default=dict, verbose_name="rows by problem")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("origins", models.JSONField(default=dict, verbose_name="cities by origin")),
                (
                    "language",
                    models.CharField(
                        choices=[("fa", "Persian"), ("en", "English")],
                        default="fa",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="sent")),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="cities.country",
                        verbose_name="country of the first cities",
                    ),
                ),
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
                (
                    "source",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="cities.tiesource",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "list of ties",
                "verbose_name_plural": "lists of ties",
                "ordering": ["-pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="TieImportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="row")),
                ("verdict", models.CharField(max_length=10, verbose_name="verdict")),
                ("cells", models.JSONField(default=list, verbose_name="cells")),
                ("problems", models.JSONField(default=list, verbose_name="problems")),
                ("candidates", models.JSONField(default=list, verbose_name="candidates")),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="cities.tieimport",
                        verbose_name="list of ties",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a list of ties",
                "verbose_name_plural": "rows of lists of ties",
                "ordering": ["number"],
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="tieimport",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ["sent", "checked", "taken", "removed"])),
                name="tieimport_stage_is_known",
                violation_error_message="Choose one of the stages.",
            ),
        ),
    ]
