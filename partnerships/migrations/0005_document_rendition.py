from django.db import migrations, models

import partnerships.models.documents


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0004_desk")]

    operations = [
        migrations.AddField(
            model_name="documentversion",
            name="rendition",
            field=models.FileField(
                blank=True,
                help_text="Of an image the pixels alone: nothing about where, when and with what it was taken.",
                max_length=120,
                upload_to=partnerships.models.documents.stored_name,
                verbose_name="picture for everybody",
            ),
        ),
        migrations.AddField(
            model_name="documentversion",
            name="rendition_size",
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name="size of that picture"),
        ),
        migrations.AddField(
            model_name="documentversion",
            name="rendition_sha256",
            field=models.CharField(blank=True, max_length=64, verbose_name="checksum of that picture"),
        ),
    ]
