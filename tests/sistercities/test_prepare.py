"""What happens before the register is served."""

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command

from cities.models import Country, Place
from partnerships.models import Agreement, Source


def everything():
    """Every row of the database, by model."""
    return {model: list(model.objects.order_by("pk").values()) for model in apps.get_models()}


@pytest.mark.django_db
def test_prepare_alone_brings_the_world_and_nothing_of_a_city():
    call_command("prepare")
    assert (Country.objects.count(), Place.objects.exists()) == (249, True)
    assert (Agreement.objects.count(), User.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_prepare_a_second_time_changes_nothing():
    start = {"register": "partnerships/data/tabriz", "first_account": True}
    call_command("prepare", **start)
    assert (Agreement.objects.exists(), User.objects.count()) == (True, 1)
    Source.objects.all().delete()  # what the office has taken out stays out
    before = everything()
    call_command("prepare", **start)
    assert everything() == before
