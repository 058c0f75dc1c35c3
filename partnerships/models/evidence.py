"""Evidence: where a claim about an agreement comes from, and how well the record is proven."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.validators import URLValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.querysets import SourceQuerySet
from sistercities.fields import FirstDayField, LastDayField, UncertainDateField
from sistercities.records import History, Record
from sistercities.text import Bilingual, fold_phrases


class Verification(models.TextChoices):
    """How well a record is proven, strongest first; `disputed` when sources contradict each other."""

    DOCUMENT = "document", _("document")
    OFFICIAL = "official", _("official")
    PRESS = "press", _("press")
    UNVERIFIED = "unverified", _("unverified")
    DISPUTED = "disputed", _("disputed")


class Source(Record):
    """One source on one agreement: what it says, and whether that supports or contradicts the record.

    Conflicting sources both stand. `signed_claim` is the date of signing that this source gives, if any, so that
    dates which certainly contradict each other can be shown side by side.
    """

    class Stance(models.TextChoices):
        """What the source does to the record."""

        SUPPORTS = "supports", _("supports")
        CONTRADICTS = "contradicts", _("contradicts")
        MENTIONS = "mentions", _("mentions")

    class Nature(models.TextChoices):
        """What sort of source it is: the same words as the levels of proof that it can give."""

        DOCUMENT = "document", _("document")
        OFFICIAL = "official", _("official")
        PRESS = "press", _("press")

    agreement = models.ForeignKey(
        "partnerships.Agreement",
        models.CASCADE,  # only a draft can be deleted, and its sources have no meaning without it
        verbose_name=_("agreement"),
        related_name="sources",
    )
    nature = models.CharField(_("nature"), max_length=10, choices=Nature, default=Nature.PRESS)
    publisher_fa = models.CharField(_("publisher, in Persian"), max_length=200, blank=True)
    publisher_en = models.CharField(_("publisher, in English"), max_length=200, blank=True)
    title_fa = models.CharField(_("title, in Persian"), max_length=300, blank=True)
    title_en = models.CharField(_("title, in English"), max_length=300, blank=True)
    reference = models.CharField(
        _("reference"), max_length=120, blank=True, help_text=_("A letter's number, a news code, a page")
    )
    url = models.URLField(
        _("address"), max_length=500, blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    issued = UncertainDateField(_("date of the source"))
    issued_first = FirstDayField(of="issued")
    issued_last = LastDayField(of="issued")
    says_fa = models.TextField(_("what it says, in Persian"), blank=True)
    says_en = models.TextField(_("what it says, in English"), blank=True)
    stance = models.CharField(_("stance"), max_length=12, choices=Stance, default=Stance.SUPPORTS)
    signed_claim = UncertainDateField(_("date of signing it gives"))
    signed_claim_first = FirstDayField(of="signed_claim")
    signed_claim_last = LastDayField(of="signed_claim")
    search_text = models.TextField(editable=False)

    publisher = Bilingual()
    title = Bilingual()
    says = Bilingual()

    history = History(excluded_fields=["search_text", "submission"])
    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["agreement", "pk"]
        constraints = [
            models.CheckConstraint(
                name="source_can_be_found",
                condition=~Q(publisher_fa="") | ~Q(publisher_en="") | ~Q(title_fa="") | ~Q(title_en="") | ~Q(url=""),
                violation_error_message=_("A source has a publisher, a title or an address by which it can be found."),
            ),
            models.CheckConstraint(
                name="source_says_something",
                condition=~Q(says_fa="") | ~Q(says_en=""),
                violation_error_message=_("Write what the source says, in Persian or in English."),
            ),
            models.CheckConstraint(
                name="source_stance_is_known",
                condition=Q(stance__in=["supports", "contradicts", "mentions"]),
                violation_error_message=_("Say whether the source supports or contradicts the record."),
            ),
            models.CheckConstraint(
                name="source_nature_is_known",
                condition=Q(nature__in=["document", "official", "press"]),
                violation_error_message=_("Choose what sort of source it is."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.publisher or self.title or self.url)

    def derive(self) -> None:
        """Fill the search text."""
        self.search_text = fold_phrases(
            self.publisher_fa,
            self.publisher_en,
            self.title_fa,
            self.title_en,
            self.reference,
            self.url,
            self.says_fa,
            self.says_en,
        )

    def check_grounds(self) -> None:
        """Raise ValidationError when the agreement would be in force by nobody's word."""
        self.agreement.check_grounds()

    @contextmanager
    def keeping_grounds(self) -> Iterator[None]:
        """A step during which nobody else takes grounds from the agreement. It is undone if it leaves that without.

        Raises ValidationError as `check_grounds`.
        """
        with transaction.atomic():
            self.agreement = type(self.agreement).objects.select_for_update().get(pk=self.agreement_id)
            yield
            self.check_grounds()

    @property
    def contradicts_signed(self) -> bool:
        """Whether the date of signing that this source gives certainly differs from the record's."""
        signed = self.agreement.signed
        return bool(self.signed_claim and signed and self.signed_claim.contradicts(signed))
