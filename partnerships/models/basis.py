"""What agreements are about and rest on: domains of cooperation, provisions of city plans, affinities."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.querysets import AffinityQuerySet, DomainQuerySet, ProvisionQuerySet
from sistercities.records import History, Record
from sistercities.text import Bilingual, fold_phrases


class Domain(Record):
    """A domain of cooperation; the list is kept by managers."""

    key = models.SlugField(
        _("key"), max_length=40, unique=True, help_text=_("Stands in addresses; it does not change.")
    )
    name_fa = models.CharField(_("name in Persian"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    text_fa = models.TextField(_("what it covers, in Persian"), blank=True)
    text_en = models.TextField(_("what it covers, in English"), blank=True)
    position = models.PositiveSmallIntegerField(_("position in lists"), default=0)
    search_text = models.TextField(editable=False)

    name = Bilingual()
    text = Bilingual()

    history = History(excluded_fields=["search_text", "submission"])
    objects = DomainQuerySet.as_manager()

    class Meta:
        verbose_name = _("domain of cooperation")
        verbose_name_plural = _("domains of cooperation")
        ordering = ["position", "key"]
        constraints = [
            models.CheckConstraint(
                name="domain_has_both_names",
                condition=~Q(name_fa="") & ~Q(name_en=""),
                violation_error_message=_("A domain has a name in Persian and in English."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def derive(self) -> None:
        """Fill the search text."""
        self.search_text = fold_phrases(self.name_fa, self.name_en, self.text_fa, self.text_en, self.key)

    def check_deletable(self) -> None:
        """Raise ValidationError while an agreement lies in the domain."""
        if held_by := self.agreements.named():
            raise ValidationError(
                _("Agreements lie in this domain: %(names)s."), params={"names": held_by}, code="held"
            )

    def get_absolute_url(self) -> str:
        """The domain's public page."""
        return reverse("partnerships:domain", args=[self.key])


class Provision(Record):
    """An article of a city plan that agreements serve, as in Article 146 of the Strategic-Operational Plan."""

    key = models.SlugField(
        _("key"), max_length=60, unique=True, help_text=_("Used by register files; it does not change.")
    )
    plan_fa = models.CharField(_("plan, in Persian"), max_length=200)
    plan_en = models.CharField(_("plan, in English"), max_length=200)
    article_fa = models.CharField(_("article, in Persian"), max_length=80, blank=True)
    article_en = models.CharField(_("article, in English"), max_length=80, blank=True)
    text_fa = models.TextField(_("what it says, in Persian"), blank=True)
    text_en = models.TextField(_("what it says, in English"), blank=True)
    position = models.PositiveSmallIntegerField(_("position in lists"), default=0)
    search_text = models.TextField(editable=False)

    plan = Bilingual()
    article = Bilingual()
    text = Bilingual()

    history = History(excluded_fields=["search_text", "submission"])
    objects = ProvisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("provision of a city plan")
        verbose_name_plural = _("provisions of city plans")
        ordering = ["position", "key"]
        constraints = [
            models.CheckConstraint(
                name="provision_names_its_plan",
                condition=~Q(plan_fa="") & ~Q(plan_en=""),
                violation_error_message=_("A provision names its plan in Persian and in English."),
            ),
        ]

    def __str__(self) -> str:
        return (
            _("%(article)s, %(plan)s") % {"article": self.article, "plan": self.plan}
            if self.article
            else str(self.plan)
        )

    def derive(self) -> None:
        """Fill the search text."""
        self.search_text = fold_phrases(
            self.article_fa, self.article_en, self.plan_fa, self.plan_en, self.text_fa, self.text_en, self.key
        )

    def check_deletable(self) -> None:
        """Raise ValidationError while an agreement serves the provision."""
        if held_by := self.agreements.named():
            raise ValidationError(
                _("Agreements serve this provision: %(names)s."), params={"names": held_by}, code="held"
            )
        if self.memberships.exists():
            raise ValidationError(_("An international membership serves this provision."), code="held")

    def get_absolute_url(self) -> str:
        """Where the provision stands on the public page of all provisions."""
        return f"{reverse('partnerships:provisions')}#{self.key}"


class Affinity(Record):
    """A ground of similarity between the home city and a partner, as some source states it."""

    class Ground(models.TextChoices):
        """What the two cities share."""

        HISTORICAL = "historical", _("historical")
        CULTURAL = "cultural", _("cultural")
        LINGUISTIC = "linguistic", _("linguistic")
        SYMBOLIC = "symbolic", _("symbolic")
        ECONOMIC = "economic", _("economic")
        GEOGRAPHIC = "geographic", _("geographic")
        ACADEMIC = "academic", _("academic")

    partner = models.ForeignKey(
        "cities.City",
        models.CASCADE,  # a note about the city; a city with agreements cannot be deleted
        verbose_name=_("partner city"),
        related_name="affinities",
    )
    ground = models.CharField(_("ground"), max_length=12, choices=Ground)
    text_fa = models.TextField(_("what is shared, in Persian"), blank=True)
    text_en = models.TextField(_("what is shared, in English"), blank=True)
    attribution_fa = models.CharField(_("who says so, in Persian"), max_length=200)
    attribution_en = models.CharField(_("who says so, in English"), max_length=200)

    text = Bilingual()
    attribution = Bilingual()

    history = History(excluded_fields=["submission"])
    objects = AffinityQuerySet.as_manager()

    class Meta:
        verbose_name = _("affinity")
        verbose_name_plural = _("affinities")
        ordering = ["partner", "ground"]
        constraints = [
            models.UniqueConstraint(
                name="affinity_once_per_partner_and_ground",
                fields=["partner", "ground"],
                violation_error_message=_("This ground is recorded for this city already."),
            ),
            models.CheckConstraint(
                name="affinity_ground_is_known",
                condition=Q(
                    ground__in=[
                        "historical",
                        "cultural",
                        "linguistic",
                        "symbolic",
                        "economic",
                        "geographic",
                        "academic",
                    ]
                ),
                violation_error_message=_("Choose one of the grounds."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.get_ground_display()}"
