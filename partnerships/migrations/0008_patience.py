from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0007_city_photo")]

    operations = [
        migrations.AddConstraint(
            model_name="milestonekind",
            constraint=models.CheckConstraint(
                condition=Q(("patience_days__isnull", True), ("patience_days__lte", 3650), _connector="OR"),
                name="milestonekind_waits_ten_years_at_most",
                violation_error_message="An answer is waited for ten years at most: 3,650 days.",
            ),
        ),
    ]
