"""People and offices at the partner and at embassies. Personal data: they never leave the staff pages."""

import datetime
from typing import Any

from babel import Locale
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.validators import URLValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from partnerships.querysets import ContactQuerySet
from sistercities.fields import FirstDayField, LastDayField, UncertainDateField, dates_bounded, in_order
from sistercities.records import History, Record
from sistercities.text import Bilingual, fold_phrases

LOOKED_AT_EVERY = datetime.timedelta(days=365)
"""How long a contact is kept before somebody looks whether it is still right and still needed."""


def next_review() -> datetime.date:
    """The day on which a contact that is right today is looked at again."""
    return timezone.localdate() + LOOKED_AT_EVERY


class Contact(Record):
    """Somebody to write to about a partner city, with the term of office and the day to look whether it still holds."""

    class Kind(models.TextChoices):
        """Where the person or office belongs."""

        PARTNER = "partner", _("the partner’s municipality")
        EMBASSY = "embassy", _("embassy or consulate")
        MINISTRY = "ministry", _("ministry or authority")
        OTHER = "other", pgettext_lazy("contact", "other")

    partner = models.ForeignKey(
        "cities.City",
        models.PROTECT,  # nobody is forgotten by deleting a city
        verbose_name=_("partner city"),
        related_name="contacts",
    )
    kind = models.CharField(_("where they belong"), max_length=10, choices=Kind, default=Kind.PARTNER)
    name_fa = models.CharField(_("name in Persian"), max_length=200, blank=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    role_fa = models.CharField(_("office or role, in Persian"), max_length=200, blank=True)
    role_en = models.CharField(_("office or role, in English"), max_length=200, blank=True)
    organisation_fa = models.CharField(_("organisation, in Persian"), max_length=200, blank=True)
    organisation_en = models.CharField(_("organisation, in English"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=120, blank=True)
    website = models.URLField(_("website"), blank=True, validators=[URLValidator(schemes=["http", "https"])])
    address = models.TextField(_("postal address"), blank=True)
    languages = models.CharField(
        _("languages"), max_length=60, blank=True, help_text=_("Codes with spaces between, as in: fa tr en")
    )
    since = UncertainDateField(_("in office since"))
    since_first = FirstDayField(of="since")
    since_last = LastDayField(of="since")
    until = UncertainDateField(_("in office until"))
    until_first = FirstDayField(of="until")
    until_last = LastDayField(of="until")
    review_on = models.DateField(
        _("look again on"), help_text=_("Personal data is kept no longer than it is needed: look on this day.")
    )
    note = models.TextField(_("note"), blank=True)
    search_text = models.TextField(editable=False)

    is_personal = True

    name = Bilingual()
    role = Bilingual()
    organisation = Bilingual()

    history = History(excluded_fields=["search_text", "submission"])
    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("person", "contact")
        verbose_name_plural = pgettext_lazy("persons", "contacts")
        ordering = ["partner", "pk"]
        constraints = [
            models.CheckConstraint(
                name="contact_is_somebody",
                condition=~Q(name_fa="") | ~Q(name_en="") | ~Q(role_fa="") | ~Q(role_en=""),
                violation_error_message=_("Give a name, or the office or role."),
            ),
            models.CheckConstraint(
                name="contact_kind_is_known",
                condition=Q(kind__in=["partner", "embassy", "ministry", "other"]),
                violation_error_message=_("Say where they belong."),
            ),
            in_order("contact_term_ends_after_it_began", "since", "until", _("A term cannot end before it began.")),
            *(dates_bounded("contact", name) for name in ("since", "until")),
        ]

    def __str__(self) -> str:
        known = self.name or self.role
        return str(known) if known else gettext("a contact of %(city)s") % {"city": self.partner.name.plain}

    def derive(self) -> None:
        """Fill the search text."""
        self.search_text = fold_phrases(
            self.name_fa,
            self.name_en,
            self.role_fa,
            self.role_en,
            self.organisation_fa,
            self.organisation_en,
            self.email,
            self.phone,
            self.note,
        )

    @property
    def is_former(self) -> bool:
        """Whether the term of office has certainly ended; `in_office` finds the others."""
        return bool(self.until) and self.until.last < timezone.localdate()

    @property
    def is_to_review(self) -> bool:
        """Whether it is time to look whether it is still right; `to_review` finds these."""
        return self.review_on <= timezone.localdate()

    def get_languages_display(self) -> list[str]:
        """The names of the languages in the reader's language."""
        names = Locale(get_language()).languages
        return [names.get(code, code) for code in self.languages.split()]

    def confirm(self, by: Any, reason: str = "") -> None:
        """Note that somebody looked and it is still right and needed: the next look is a year from today."""
        with self.one_entry(by=by, reason=reason):
            self.review_on = next_review()
            self.save()

    def erase(self, by: Any, reason: str = "") -> tuple[int, dict[str, int]]:
        """Delete the contact with its whole history, for good: nothing personal is left in the database.

        One line stays: that a contact of this city was erased, by whom, when and why. It is the one exception to the
        rule that history is not touched, since nobody may keep personal data for the sake of the history. Raises
        StaleRecord when somebody has written to it since this instance was read.
        """
        key, trace = self.pk, type(self)(pk=self.pk, partner=self.partner, kind=self.kind, version=self.version)
        with transaction.atomic():
            deleted = super().delete()
            type(self).history.filter(id=key).erase()
            # The admin keeps a list of its own of what was done, with the name of each record.
            done = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(self), object_id=str(key))
            done.update(object_repr=str(trace))
            trace.created_at = trace.updated_at = timezone.now()
            trace.review_on = timezone.localdate()
            trace._change_reason = reason or None
            if by is not None:
                trace._history_user = by
            self.history_keeper.create_historical_record(trace, "-")
        return deleted

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """As `erase`: whichever way a contact is deleted, nothing personal of it is kept."""
        return self.erase(self.__dict__.get("_history_user"), self.__dict__.get("_change_reason") or "")
