"""The reference data that ships with the project, on its way into the database: countries and the gazetteer.

Both loads bring the table to what is shipped, in one transaction, and write only what differs: a second run
writes nothing. cities/data/README.md says what the files are and where they come from.
"""

import csv
import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel import Locale
from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from cities.models import Country, Place

DATA = Path(__file__).resolve().parent / "data"
COUNTRIES = DATA / "countries.csv"
PLACES = DATA / "places.tsv.gz"

COUNTRY_COLUMNS = ["name_fa", "name_en", "continent", "search_text", "sort_fa", "sort_en"]
PLACE_COLUMNS = [
    "name",
    "name_fa",
    "other_names",
    "country_id",
    "admin1",
    "latitude",
    "longitude",
    "population",
    "time_zone",
    "search_text",
]
BATCH = 2_000


@dataclass(frozen=True)
class Loaded:
    """What a load did, in rows. `kept` were left as somebody had edited them."""

    added: int
    changed: int
    removed: int
    unchanged: int
    kept: int = 0

    def __str__(self) -> str:
        total = self.added + self.changed + self.unchanged + self.kept
        if not (self.added or self.changed or self.removed):
            done = "nothing to change"
        else:
            done = f"{self.added} added, {self.changed} changed, {self.removed} removed"
        return f"{total} in all, {done}" + (f", {self.kept} kept as edited here" if self.kept else "")


def shipped_countries() -> list[Country]:
    """Every country of ISO 3166-1, unsaved, named by CLDR unless countries.csv names it otherwise."""
    persian, english = Locale("fa").territories, Locale("en").territories
    countries = []
    with COUNTRIES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            country = Country(
                code=row["code"],
                name_fa=row["name_fa"] or persian[row["code"]],
                name_en=row["name_en"] or english[row["code"]],
                continent=row["continent"],
            )
            country.derive()
            countries.append(country)
    return countries


@transaction.atomic
def load_countries() -> Loaded:
    """Bring the countries to what is shipped, except those that a user has edited here.

    These stay as they are, and so do countries that are not shipped: cities may lie in them.
    """
    stored = Country.objects.in_bulk()
    edited = set(Country.history.filter(history_user__isnull=False).values_list("code", flat=True))
    reason = _("Loaded from the reference data")
    added: list[Country] = []
    changed = kept = unchanged = 0
    for country in shipped_countries():
        before = stored.get(country.code)
        if before is None:
            added.append(country)
        elif all(getattr(before, column) == getattr(country, column) for column in COUNTRY_COLUMNS):
            unchanged += 1
        elif country.code in edited:
            kept += 1
        else:
            for column in COUNTRY_COLUMNS:
                setattr(before, column, getattr(country, column))
            before._change_reason = reason
            before.save()
            changed += 1
    bulk_create_with_history(added, Country, default_change_reason=reason)
    return Loaded(added=len(added), changed=changed, removed=0, unchanged=unchanged, kept=kept)


def shipped_places(progress: Callable[[int], None] = lambda percent: None) -> Iterator[Place]:
    """The places of the gazetteer, unsaved, one after the other; `progress` is told of each per cent once."""
    size, told = PLACES.stat().st_size, -1
    with PLACES.open("rb") as packed, gzip.open(packed, "rt", encoding="utf-8", newline="\n") as file:
        # Names have quotation marks of their own; the file has none.
        for row in csv.DictReader(file, dialect="excel-tab", quoting=csv.QUOTE_NONE):
            if (percent := packed.tell() * 100 // size) > told:
                told = percent
                progress(percent)
            place = Place(
                geonames_id=int(row["geonames_id"]),
                name=row["name"],
                name_fa=row["name_fa"],
                other_names=row["other_names"].replace("|", "\n"),
                country_id=row["country"],
                admin1=row["admin1"],
                latitude=float(row["latitude"]),
                longitude=float(row["longitude"]),
                population=int(row["population"]) if row["population"] else None,
                time_zone=row["time_zone"],
            )
            place.derive()
            yield place


@transaction.atomic
def load_places(progress: Callable[[int], None] = lambda percent: None) -> Loaded:
    """Bring the gazetteer to what is shipped; the countries must be there.

    Rows that are not shipped are removed: the gazetteer is a copy, and no city depends on it.
    """
    rows = Place.objects.values_list("geonames_id", *PLACE_COLUMNS)
    stored = {key: columns for key, *columns in rows.iterator(BATCH)}
    added = changed = unchanged = 0
    batch: list[Place] = []
    for place in shipped_places(progress):
        before = stored.pop(place.geonames_id, None)
        if before == [getattr(place, column) for column in PLACE_COLUMNS]:
            unchanged += 1
        else:
            added += before is None
            changed += before is not None
            batch.append(place)
        if len(batch) == BATCH:
            write_places(batch)
            batch = []
    write_places(batch)
    removed, _by_model = Place.objects.filter(geonames_id__in=stored).delete() if stored else (0, {})
    return Loaded(added=added, changed=changed, removed=removed, unchanged=unchanged)


def write_places(places: list[Place]) -> None:
    """Insert `places`, or overwrite those that are there."""
    Place.objects.bulk_create(
        places,
        update_conflicts=True,
        unique_fields=["geonames_id"],
        update_fields=[column.removesuffix("_id") for column in PLACE_COLUMNS],
    )
