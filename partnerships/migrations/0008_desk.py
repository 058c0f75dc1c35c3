"""What each person keeps at the desk, and who reviews an agreement."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import partnerships.models.desk


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("partnerships", "0007_document"),
    ]

    operations = [
        migrations.AddField(
            model_name="agreement",
            name="reviewer",
            field=models.ForeignKey(
                blank=True,
                help_text="Who is to look at it before it is published, and after.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="reviewer",
            ),
        ),
        migrations.AddField(
            model_name="historicalagreement",
            name="reviewer",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="Who is to look at it before it is published, and after.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="reviewer",
            ),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="published_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="published on"),
        ),
        migrations.AlterField(
            model_name="historicalagreement",
            name="published_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="published on"),
        ),
        migrations.CreateModel(
            name="Desk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="desk",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
                (
                    "calendar_key",
                    models.CharField(
                        default=partnerships.models.desk.calendar_key,
                        max_length=64,
                        unique=True,
                        verbose_name="key of the calendar",
                    ),
                ),
                (
                    "digest",
                    models.CharField(
                        choices=[("never", "never"), ("daily", "every day"), ("weekly", "every week")],
                        default="never",
                        max_length=8,
                        verbose_name="digest by e-mail",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("fa", "Persian"), ("en", "English")],
                        default="fa",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "digest_begun_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="last digest begun"),
                ),
                ("digest_sent_on", models.DateField(blank=True, editable=False, null=True, verbose_name="last digest")),
            ],
            options={
                "verbose_name": "desk",
                "verbose_name_plural": "desks",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("digest__in", ["never", "daily", "weekly"])),
                        name="desk_digest_is_known",
                        violation_error_message="Choose how often.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_filters",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
                ("list", models.CharField(max_length=40, verbose_name="list")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("query", models.TextField(blank=True, verbose_name="filter")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
            ],
            options={
                "verbose_name": "saved filter",
                "verbose_name_plural": "saved filters",
                "ordering": ["list", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "list", "name"),
                        name="savedfilter_name_once",
                        violation_error_message="You have a filter of this name here already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="savedfilter_has_a_name",
                        violation_error_message="Give the filter a name.",
                    ),
                ],
            },
        ),
    ]
