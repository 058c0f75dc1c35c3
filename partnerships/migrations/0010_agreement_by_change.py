"""An index for the newest public change, which every page names."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0009_import")]

    operations = [
        migrations.AddIndex(
            model_name="agreement",
            index=models.Index(
                name="agreement_public_by_change",
                fields=["-updated_at", "-number"],
                condition=models.Q(published_at__isnull=False, withdrawn_at__isnull=True),
            ),
        ),
    ]
