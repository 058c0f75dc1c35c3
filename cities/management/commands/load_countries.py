"""Loads the countries of ISO 3166-1."""

from typing import Any

from django.core.management.base import BaseCommand

from cities.exchange import load_countries


class Command(BaseCommand):
    """Bring the countries to what is shipped. A country that somebody has edited stays as it is."""

    help = "Load or renew the countries of ISO 3166-1, with their names from CLDR. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and tell what was done."""
        self.stdout.write(f"Countries: {load_countries()}.")
