"""Why what a list of ties brought is removed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cities", "0003_tieimport")]

    operations = [
        migrations.AddField(
            model_name="tieimport",
            name="reason",
            field=models.TextField(blank=True, default="", verbose_name="reason"),
            preserve_default=False,
        ),
    ]
