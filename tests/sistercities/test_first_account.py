"""The account with which a new register begins."""

import re
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.management import call_command

from tests.factories import user

pytestmark = pytest.mark.django_db


def first_account():
    """Run the command; what it printed."""
    told = StringIO()
    call_command("first_account", stdout=told)
    return told.getvalue()


def test_first_account_may_do_everything():
    first_account()
    made = User.objects.get()
    assert (made.username, made.is_superuser, made.is_staff) == ("manager", True, True)
    assert [group.name for group in made.groups.all()] == ["Managers"]


def test_first_account_signs_in_with_the_password_that_was_told():
    told = re.fullmatch(r"First account: user name manager, password (\S+) \(shown only now\)\.\n", first_account())
    password = told.group(1)
    validate_password(password, User.objects.get())
    assert User.objects.get().check_password(password)


def test_first_account_has_a_password_of_its_own_each_time():
    first = first_account()
    User.objects.all().delete()
    assert first_account() != first


def test_first_account_is_made_once():
    first_account()
    before = User.objects.values().get()
    assert first_account() == ""
    assert User.objects.values().get() == before


def test_first_account_is_not_made_beside_another():
    user("someone")
    assert first_account() == ""
    assert [one.username for one in User.objects.all()] == ["someone"]
