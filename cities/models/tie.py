"""Ties: which cities of the world are known to be sister cities of each other, and by whose word."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cities.querysets import TieQuerySet, TieSourceQuerySet
from sistercities.fields import FirstDayField, LastDayField, UncertainDateField, dates_bounded
from sistercities.records import History, Record
from sistercities.text import Bilingual


class TieSource(Record):
    """A list of ties that somebody keeps, as it was on a certain day: what the statistics of the network rest on."""

    title_fa = models.CharField(_("title in Persian"), max_length=200, blank=True)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    url = models.URLField(
        _("address"), max_length=500, blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    licence = models.CharField(
        _("licence"), max_length=120, blank=True, help_text=_("Under which its ties may be shown, as in CC BY-SA 4.0.")
    )
    as_of = models.DateField(_("as of"), help_text=_("The day on which the list was as it was read."))

    title = Bilingual()

    history = History(excluded_fields=["submission"])
    objects = TieSourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source of ties")
        verbose_name_plural = _("sources of ties")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="tiesource_has_a_title",
                condition=~Q(title_fa="") | ~Q(title_en=""),
                violation_error_message=_("Give the list a title in Persian or in English."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def check_deletable(self) -> None:
        """Raise ValidationError while a tie rests on it."""
        if self.ties.exists():
            raise ValidationError(_("Ties rest on this source."), code="held")


class Tie(Record):
    """A known relationship between two cities, whichever they are. A pair stands once, however it was written.

    Whoever makes a tie of two cities calls `Tie.between`, which puts them in their order.
    """

    class Form(models.TextChoices):
        """What sort of relationship the source calls it."""

        SISTER = "sister", _("sister city")
        FRIENDSHIP = "friendship", _("friendship and cooperation")
        CONTACT = "contact", _("contact")

    one = models.ForeignKey(
        "cities.City",
        models.PROTECT,  # what is known of two cities is not lost with one of them
        verbose_name=_("one city"),
        related_name="ties_as_one",
    )
    other = models.ForeignKey(
        "cities.City",
        models.PROTECT,  # as above
        verbose_name=_("the other city"),
        related_name="ties_as_other",
    )
    form = models.CharField(_("form"), max_length=12, choices=Form, default=Form.SISTER)
    since = UncertainDateField(_("since"))
    since_first = FirstDayField(of="since")
    since_last = LastDayField(of="since")
    source = models.ForeignKey(
        TieSource,
        models.PROTECT,  # a tie without a source is hearsay
        verbose_name=_("source"),
        related_name="ties",
    )

    history = History(excluded_fields=["submission"])
    objects = TieQuerySet.as_manager()

    class Meta:
        verbose_name = _("tie")
        verbose_name_plural = _("ties")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="tie_pair_once",
                fields=["one", "other"],
                violation_error_message=_("The tie of these two cities is recorded already."),
            ),
            models.CheckConstraint(
                name="tie_pair_in_order",
                condition=Q(one__lt=F("other")),
                violation_error_message=_(
                    "A tie is between two different cities, the one recorded first standing first."
                ),
            ),
            models.CheckConstraint(
                name="tie_form_is_known",
                condition=Q(form__in=["sister", "friendship", "contact"]),
                violation_error_message=_("Choose one of the forms."),
            ),
            dates_bounded("tie", "since"),
        ]

    def __str__(self) -> str:
        return f"{self.one} – {self.other}"

    @classmethod
    def between(cls, city: Any, sister: Any, **values: Any) -> "Tie":
        """The tie of two stored cities, unsaved, in whichever order they are given."""
        one, other = sorted((city, sister), key=lambda each: each.pk)
        return cls(one=one, other=other, **values)
