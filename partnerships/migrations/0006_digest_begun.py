from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0005_document_rendition")]

    operations = [
        migrations.AddField(
            model_name="desk",
            name="digest_begun_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="last digest begun"),
        ),
    ]
