"""Makes the account with which a new register begins."""

import secrets
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand
from django.db import transaction

from sistercities.roles import MANAGERS

USERNAME = "manager"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""What the password is made of: no two that look alike. Twenty of them cannot be guessed (99 bits)."""


class Command(BaseCommand):
    """Make the account `manager`, with a random password told once, where nobody has an account yet.

    It is a manager and an administrator at once, so that it can make the other accounts. Where any account
    exists, nothing happens.
    """

    help = "Make a first account, 'manager', and print its password, unless there is an account already."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the account in one step with its group, then print the password, which is stored only as a hash."""
        if User.objects.exists():
            return
        password = "-".join("".join(secrets.choice(LETTERS) for _letter in range(4)) for _group in range(5))
        with transaction.atomic():
            user = User.objects.create_superuser(USERNAME, password=password)
            user.groups.add(Group.objects.get(name=MANAGERS))
        self.stdout.write(f"First account: user name {USERNAME}, password {password} (shown only now).")
