import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

BEFORE = ("agreement", "resolution", "milestone", "activity", "commitment")


def one_of(owners):
    condition = Q()
    for owner in owners:
        others = {f"{other}__isnull": True for other in owners if other != owner}
        condition |= Q(**{f"{owner}__isnull": False}, **others)
    return models.CheckConstraint(
        name="document_belongs_to_one",
        condition=condition,
        violation_error_message="A document belongs to exactly one record.",
    )


class Migration(migrations.Migration):
    dependencies = [("cities", "0001_initial"), ("partnerships", "0006_digest_begun")]

    operations = [
        *(
            migrations.AddField(
                model_name=name,
                name="city",
                field=models.ForeignKey(
                    blank=True,
                    editable=False,
                    null=True,
                    verbose_name="city",
                    to="cities.city",
                    **given,
                ),
            )
            for name, given in (
                ("document", {"on_delete": django.db.models.deletion.CASCADE, "related_name": "documents"}),
                (
                    "historicaldocument",
                    {
                        "on_delete": django.db.models.deletion.DO_NOTHING,
                        "related_name": "+",
                        "db_constraint": False,
                    },
                ),
            )
        ),
        migrations.RemoveConstraint(model_name="document", name="document_belongs_to_one"),
        migrations.AddConstraint(model_name="document", constraint=one_of((*BEFORE, "city"))),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                name="document_of_a_city_is_a_photo",
                condition=Q(city__isnull=True) | Q(kind="photo"),
                violation_error_message="Of a city there are photos alone.",
            ),
        ),
    ]
