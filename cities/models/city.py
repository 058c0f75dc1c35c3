"""Cities: the home city and every city it has to do with."""

import zoneinfo
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel import Locale
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from cities.querysets import CityQuerySet
from sistercities.addresses import page_of_one
from sistercities.records import History, Record
from sistercities.text import Bilingual, LocalText, fold, fold_phrases, number, sort_key


@cache
def time_zones() -> frozenset[str]:
    """Every zone of the IANA database; read from its many files once."""
    return frozenset(zoneinfo.available_timezones())


def validate_time_zone(value: str) -> None:
    """Raise ValidationError unless `value` names a zone of the IANA database, as in Asia/Tehran."""
    if value not in time_zones():
        raise ValidationError(_("“%(value)s” is not a time zone. Write it as in Asia/Tehran."), params={"value": value})


@dataclass(frozen=True)
class Photo:
    """A photo of a city, as pages show it: `id` is its document's key, the size is in pixels."""

    id: int
    width: int
    height: int
    alt_fa: str
    alt_en: str
    credit_fa: str
    credit_en: str

    alt = Bilingual()
    credit = Bilingual()


class City(Record):
    """A city, county, province or district that can be the home city or the other side of an agreement."""

    class Level(models.TextChoices):
        """What kind of body it is."""

        CITY = "city", _("city")
        COUNTY = "county", _("county")
        PROVINCE = "province", _("province")
        DISTRICT = "district", _("district")

    country = models.ForeignKey(
        "cities.Country",
        models.PROTECT,  # a country with cities is part of the record
        verbose_name=_("country"),
        related_name="cities",
    )
    name_fa = models.CharField(_("name in Persian"), max_length=120, blank=True)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    name_local = models.CharField(_("name in its own language"), max_length=120, blank=True)
    language_local = models.CharField(
        _("language of that name"), max_length=12, blank=True, help_text=_("as in tr, az, ru, ar, zh")
    )
    other_names = models.TextField(
        _("other names"),
        blank=True,
        help_text=_("Former names and spellings, one per line. The search finds these too."),
    )
    slug = models.SlugField(
        _("address name"), max_length=80, unique=True, help_text=_("The end of the page's address. It does not change.")
    )
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.CITY)
    region_fa = models.CharField(_("region in Persian"), max_length=120, blank=True)
    region_en = models.CharField(_("region in English"), max_length=120, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True, help_text=_("degrees north"))
    longitude = models.FloatField(_("longitude"), null=True, blank=True, help_text=_("degrees east"))
    population = models.PositiveBigIntegerField(_("population"), null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(
        _("year of that population"), null=True, blank=True, help_text=_("Gregorian")
    )
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, validators=[validate_time_zone])
    website = models.URLField(_("website"), blank=True, validators=[URLValidator(schemes=["http", "https"])])
    geonames_id = models.PositiveIntegerField(_("GeoNames id"), null=True, blank=True, unique=True)
    wikidata_id = models.CharField(_("Wikidata id"), max_length=20, blank=True)
    text_fa = models.TextField(_("about the city, in Persian"), blank=True)
    text_en = models.TextField(_("about the city, in English"), blank=True)
    is_home = models.BooleanField(
        _("home city"),
        default=False,
        help_text=_("The city whose municipality runs this register; there is exactly one."),
    )
    search_text = models.TextField(editable=False)
    sort_fa = models.CharField(max_length=250, editable=False)
    sort_en = models.CharField(max_length=250, editable=False)

    name = Bilingual()
    region = Bilingual()
    text = Bilingual()

    history = History(excluded_fields=["search_text", "sort_fa", "sort_en", "submission"])
    objects = CityQuerySet.as_manager()

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="city_one_home",
                fields=["is_home"],
                condition=Q(is_home=True),
                violation_error_message=_("There is a home city already; a register has exactly one."),
            ),
            models.CheckConstraint(
                name="city_has_a_name",
                condition=~Q(name_fa="") | ~Q(name_en=""),
                violation_error_message=_("Give the city a name in Persian or in English."),
            ),
            models.CheckConstraint(
                name="city_latitude_on_the_globe",
                condition=Q(latitude__isnull=True) | Q(latitude__gte=-90, latitude__lte=90),
                violation_error_message=_("A latitude lies between −90 and 90 degrees."),
            ),
            models.CheckConstraint(
                name="city_longitude_on_the_globe",
                condition=Q(longitude__isnull=True) | Q(longitude__gte=-180, longitude__lte=180),
                violation_error_message=_("A longitude lies between −180 and 180 degrees."),
            ),
            models.CheckConstraint(
                name="city_both_coordinates_or_none",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                violation_error_message=_("Give both latitude and longitude, or neither."),
            ),
            models.CheckConstraint(
                name="city_population_year_is_plausible",
                condition=Q(population_year__isnull=True) | Q(population_year__gte=1800, population_year__lte=2200),
                violation_error_message=_("The year of the population is Gregorian, between 1800 and 2200."),
            ),
            models.CheckConstraint(
                name="city_level_is_known",
                condition=Q(level__in=["city", "county", "province", "district"]),
                violation_error_message=_("Choose one of the levels."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def spellings(self) -> set[str]:
        """Its names as the search folds them."""
        return set(self.search_text.splitlines()[:-1])

    @property
    def photo(self) -> Photo | None:
        """Its newest public photo, which `CityQuerySet.with_photo` fetches with it; None if there is none."""
        return Photo(**self.photo_columns) if self.photo_columns else None

    @property
    def local_name(self) -> LocalText:
        """Its name in its own language; "" where that is one of the two that `name` reads, or is not known."""
        known = self.name_local not in {self.name_fa, self.name_en}
        return LocalText(self.name_local if known else "", self.language_local)

    @property
    def other_spellings(self) -> list[LocalText]:
        """Exonyms, former names and other spellings, in languages that are not recorded."""
        named = {self.name_fa, self.name_en, self.name_local}
        return [LocalText(name) for name in dict.fromkeys(self.other_names.splitlines()) if name not in named]

    @property
    def further_names(self) -> list[LocalText]:
        """Its names beyond the two that `name` reads, that in its own language first."""
        return [name for name in (self.local_name, *self.other_spellings) if name]

    @property
    def alphabet(self) -> tuple[str, int]:
        """Its place in the alphabetical order of the reader's language."""
        return getattr(self, f"sort_{get_language()}"), self.pk

    def get_language_local_display(self) -> str:
        """The name of its own language in the reader's; "" where it is not known."""
        return Locale(get_language()).languages.get(self.language_local, "")

    @property
    def position(self) -> str:
        """Its coordinates in words, "41.01° north, 28.95° east"; "" where they are not known."""
        if self.latitude is None:
            return ""
        parts = {"latitude": number(abs(round(self.latitude, 2))), "longitude": number(abs(round(self.longitude, 2)))}
        if self.latitude < 0:
            if self.longitude < 0:
                return gettext("%(latitude)s° south, %(longitude)s° west") % parts
            return gettext("%(latitude)s° south, %(longitude)s° east") % parts
        if self.longitude < 0:
            return gettext("%(latitude)s° north, %(longitude)s° west") % parts
        return gettext("%(latitude)s° north, %(longitude)s° east") % parts

    def clean(self) -> None:
        """Raise ValidationError when the home city would change under existing agreements."""
        if self.pk is None:
            return
        stored = type(self).objects.filter(pk=self.pk).values_list("is_home", flat=True).first()
        if stored is True and not self.is_home and self.agreements_as_home.exists():
            raise ValidationError({"is_home": _("This city has agreements as the home city and has to remain it.")})
        if self.is_home and self.agreements.exists():
            raise ValidationError({"is_home": _("A partner city of an agreement cannot be the home city.")})

    def become_home(self, by: Any, reason: str = "") -> None:
        """Make it the home city: of a register that has none, or whose home city has no agreement yet.

        Raises ValidationError once agreements are recorded, since they are of the city that was home, and for a city
        that has a partner's agreements itself.
        """
        with transaction.atomic():
            before = type(self).objects.select_for_update().home()
            if before is not None and before.pk == self.pk:
                return
            if before is not None:
                if before.agreements_as_home.exists():
                    raise ValidationError(
                        _("Agreements of %(city)s are recorded, so it remains the home city."),
                        params={"city": before.name},
                    )
                before.is_home = False
                with before.one_entry(by=by, reason=reason):
                    before.save()
            self.is_home = True
            self.full_clean()
            with self.one_entry(by=by, reason=reason):
                self.save()

    def check_deletable(self) -> None:
        """Raise ValidationError for the home city, and while an agreement is with the city or a tie is known of it."""
        if self.is_home:
            raise ValidationError(_("The home city cannot be deleted."), code="held")
        if held_by := self.agreements.named():
            raise ValidationError(
                _("Agreements are with this city: %(names)s."), params={"names": held_by}, code="held"
            )
        if self.ties_as_one.exists() or self.ties_as_other.exists():
            raise ValidationError(_("Ties with other cities are known of this city."), code="held")

    def derive(self) -> None:
        """Fill the search text and the sort keys.

        The last line of the search text says where the city lies, so written that no city's name equals it.
        """
        names = fold_phrases(self.name_fa, self.name_en, self.name_local, *self.other_names.splitlines())
        places = (self.country.name_fa, self.country.name_en, self.region_fa, self.region_en)
        where = "\t".join(filter(None, map(fold, places)))
        self.search_text = f"{names}\n{where}"
        self.sort_fa = sort_key(self.name_fa or self.name_en)
        self.sort_en = sort_key(self.name_en or self.name_fa)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the city as `Record.save` does; the usual names of its agreements follow when it is renamed."""
        with transaction.atomic():
            before = None if self._state.adding else type(self).objects.filter(pk=self.pk).first()
            super().save(*args, **kwargs)
            if before is None or (before.name_fa, before.name_en) == (self.name_fa, self.name_en):
                return
            agreements = self.agreements_as_home if self.is_home else self.agreements
            for agreement in agreements.select_related("home_city", "partner"):
                agreement.follow_rename(self, {"fa": before.name_fa, "en": before.name_en})

    def get_absolute_url(self) -> str:
        """The city's public page; it exists while a published agreement names the city."""
        return page_of_one("cities:city", self.slug)
