"""Resolutions of the home city's council."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.querysets import ResolutionQuerySet
from sistercities.fields import FirstDayField, LastDayField, UncertainDateField
from sistercities.records import History, Record
from sistercities.text import Bilingual, fold_phrases, localize_digits


class Resolution(Record):
    """A council's decision. What is not known of it (often its number) stays empty and is said to be unknown."""

    key = models.SlugField(
        _("key"),
        max_length=60,
        null=True,
        blank=True,
        unique=True,
        help_text=_("Used by register files."),  # noqa: DJ001
    )
    body_fa = models.CharField(_("council, in Persian"), max_length=200)
    body_en = models.CharField(_("council, in English"), max_length=200)
    number = models.CharField(_("number"), max_length=60, blank=True)
    session = models.CharField(_("session"), max_length=60, blank=True)
    decided = UncertainDateField(_("decided"))
    decided_first = FirstDayField(of="decided")
    decided_last = LastDayField(of="decided")
    title_fa = models.CharField(_("title, in Persian"), max_length=300)
    title_en = models.CharField(_("title, in English"), max_length=300, blank=True)
    text_fa = models.TextField(_("text, in Persian"), blank=True)
    text_en = models.TextField(_("text, in English"), blank=True)
    search_text = models.TextField(editable=False)

    body = Bilingual()
    title = Bilingual()
    text = Bilingual()

    history = History(excluded_fields=["search_text", "submission"])
    objects = ResolutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("council resolution")
        verbose_name_plural = _("council resolutions")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="resolution_has_a_title_and_a_council",
                condition=~models.Q(title_fa="") & ~models.Q(body_fa=""),
                violation_error_message=_("A resolution has at least the council's name and a title in Persian."),
            ),
            models.UniqueConstraint(
                name="resolution_number_once_per_day",
                fields=["body_fa", "number", "decided_first", "decided_last"],
                condition=~models.Q(number=""),
                violation_error_message=_("This resolution, by its number and date, is recorded already."),
            ),
            models.UniqueConstraint(
                name="resolution_number_once_without_a_date",  # an unknown day is NULL there, which equals nothing
                fields=["body_fa", "number"],
                condition=~models.Q(number="") & models.Q(decided=""),
                violation_error_message=_("This resolution, by its number and date, is recorded already."),
            ),
        ]

    def __str__(self) -> str:
        return (
            _("No. %(number)s: %(title)s") % {"number": localize_digits(self.number), "title": self.title}
            if self.number
            else str(self.title)
        )

    def derive(self) -> None:
        """Fill the search text."""
        self.search_text = fold_phrases(self.number, self.title_fa, self.title_en, self.body_fa, self.body_en)

    def check_deletable(self) -> None:
        """Raise ValidationError while an agreement rests on the resolution."""
        if held_by := self.agreements.named():
            raise ValidationError(
                _("Agreements rest on this resolution: %(names)s."), params={"names": held_by}, code="held"
            )

    def get_absolute_url(self) -> str:
        """The resolution's public page; it exists while a published agreement rests on the resolution."""
        return reverse("partnerships:resolution", args=[self.pk])
