"""Memberships: the home city in international bodies of cities."""

from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.models.evidence import Verification
from partnerships.querysets import MembershipQuerySet
from sistercities.fields import FirstDayField, LastDayField, UncertainDateField, dates_bounded, in_order
from sistercities.records import History, Record
from sistercities.text import Bilingual, fold_phrases


class Membership(Record):
    """The home city in one international body, by the word of one source."""

    class Kind(models.TextChoices):
        """What sort of body it is."""

        ASSOCIATION = "association", _("association of cities")
        NETWORK = "network", _("network of cities")
        PROGRAMME = "programme", _("programme of an international organisation")

    class Status(models.TextChoices):
        """Where the membership stands."""

        APPLIED = "applied", _("applied for")
        MEMBER = "member", _("member")
        SUSPENDED = "suspended", pgettext_lazy("membership", "suspended")
        LEFT = "left", pgettext_lazy("membership", "left")

    key = models.SlugField(
        _("key"), max_length=60, unique=True, help_text=_("Used by register files; it does not change.")
    )
    name_fa = models.CharField(_("name of the body, in Persian"), max_length=200, blank=True)
    name_en = models.CharField(_("name of the body, in English"), max_length=200, blank=True)
    acronym = models.CharField(_("acronym"), max_length=40, blank=True, help_text=_("As the body writes it."))
    kind = models.CharField(_("kind of body"), max_length=12, choices=Kind, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.MEMBER)
    since = UncertainDateField(_("since"))
    since_first = FirstDayField(of="since")
    since_last = LastDayField(of="since")
    until = UncertainDateField(_("until"))
    until_first = FirstDayField(of="until")
    until_last = LastDayField(of="until")
    website = models.URLField(
        _("website of the body"), blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    note_fa = models.TextField(_("note in Persian"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)
    provisions = models.ManyToManyField(
        "partnerships.Provision", verbose_name=_("provisions of city plans"), related_name="memberships", blank=True
    )
    verification = models.CharField(
        _("verification"), max_length=12, choices=Verification, default=Verification.UNVERIFIED
    )
    publisher_fa = models.CharField(_("publisher of the source, in Persian"), max_length=200, blank=True)
    publisher_en = models.CharField(_("publisher of the source, in English"), max_length=200, blank=True)
    url = models.URLField(
        _("address of the source"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
    )
    reference = models.CharField(
        _("reference"), max_length=120, blank=True, help_text=_("A letter's number, a news code, a page")
    )
    issued = UncertainDateField(_("date of the source"))
    issued_first = FirstDayField(of="issued")
    issued_last = LastDayField(of="issued")
    is_public = models.BooleanField(
        _("published"), default=False, help_text=_("Everybody can read it on the page of memberships.")
    )
    position = models.PositiveSmallIntegerField(_("position in lists"), default=0)
    search_text = models.TextField(editable=False)

    name = Bilingual()
    note = Bilingual()
    publisher = Bilingual()

    history = History(excluded_fields=["search_text", "submission"], m2m_fields=[provisions])
    objects = MembershipQuerySet.as_manager()

    public_when = Q(is_public=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("international memberships")
        ordering = ["position", "key"]
        constraints = [
            models.CheckConstraint(
                name="membership_names_its_body",
                condition=~Q(name_fa="") | ~Q(name_en=""),
                violation_error_message=_("Give the body’s name in Persian or in English."),
            ),
            models.CheckConstraint(
                name="membership_published_in_both_languages",
                condition=Q(is_public=False) | (~Q(name_fa="") & ~Q(name_en="")),
                violation_error_message=_("A published membership needs the body’s name in both languages."),
            ),
            models.CheckConstraint(
                name="membership_published_by_the_word_of_a_source",
                condition=Q(is_public=False) | ~Q(publisher_fa="") | ~Q(publisher_en="") | ~Q(url=""),
                violation_error_message=_("A published membership needs a source: its publisher or its address."),
            ),
            models.CheckConstraint(
                name="membership_kind_is_known",
                condition=Q(kind__in=["", "association", "network", "programme"]),
                violation_error_message=_("Choose one of the kinds of body."),
            ),
            models.CheckConstraint(
                name="membership_status_is_known",
                condition=Q(status__in=["applied", "member", "suspended", "left"]),
                violation_error_message=_("Choose one of the statuses."),
            ),
            models.CheckConstraint(
                name="membership_verification_is_known",
                condition=Q(verification__in=["document", "official", "press", "unverified", "disputed"]),
                violation_error_message=_("Choose one of the levels of verification."),
            ),
            in_order(
                "membership_ends_after_it_began",
                "since",
                "until",
                _("A membership cannot end before it began."),
            ),
            *(dates_bounded("membership", name) for name in ("since", "until", "issued")),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def derive(self) -> None:
        """Fill the search text."""
        self.search_text = fold_phrases(
            self.name_fa,
            self.name_en,
            self.acronym,
            self.note_fa,
            self.note_en,
            self.key,
            self.publisher_fa,
            self.publisher_en,
        )
