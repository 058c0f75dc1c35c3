"""Loads the gazetteer."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cities.exchange import load_places
from cities.models import Country


class Command(BaseCommand):
    """Bring the gazetteer to what is shipped."""

    help = "Load or renew the gazetteer (GeoNames, CC BY 4.0). Safe to repeat; needs the countries."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, showing how far it is on a terminal, and tell what was done."""
        if not Country.objects.exists():
            raise CommandError("There are no countries yet: run load_countries first.")
        loaded = load_places(progress=self.show)
        if self.stdout.isatty():
            self.stdout.write("\r", ending="")
        self.stdout.write(f"Places: {loaded}.")

    def show(self, percent: int) -> None:
        """Write the percentage over itself on a terminal; a log gets the result alone."""
        if self.stdout.isatty():
            self.stdout.write(f"\rPlaces: {percent} %", ending="")
            self.stdout.flush()
