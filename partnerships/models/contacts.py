"""People and offices at the partner and at embassies. Personal data: they never leave the staff pages."""

from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.querysets import ContactQuerySet
from sistercities.fields import FirstDayField, LastDayField, UncertainDateField, dates_bounded, in_order
from sistercities.records import History, Record
from sistercities.text import Bilingual, fold_phrases


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
        return str(self.name or self.role)

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
