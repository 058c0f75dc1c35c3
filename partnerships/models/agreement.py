"""The agreement: one instrument between the home city and one partner, from proposal to end."""

import datetime
from collections.abc import Iterable
from typing import Any

from babel import Locale
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language, gettext, override, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cities.models import City
from partnerships.models.decisions import UNSIGNED, LifeCycle
from partnerships.models.dossier import Dossier
from partnerships.models.evidence import Source, Verification
from partnerships.querysets import EXPIRED, AgreementQuerySet, published
from sistercities.addresses import page_of_one
from sistercities.fields import FirstDayField, LastDayField, UncertainDateField, dates_bounded, in_order
from sistercities.records import History, Record
from sistercities.text import Bilingual, figures, fold_phrases


class Register(models.Model):
    """The one row that knows the last register number given, so that no number is ever given twice."""

    last_number = models.PositiveIntegerField(_("last number given"), default=0)

    class Meta:
        verbose_name = _("register")
        verbose_name_plural = _("register")
        constraints = [models.CheckConstraint(name="register_is_one", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(self.last_number)

    @classmethod
    def next_number(cls) -> int:
        """Take the next number. Call it inside the transaction that uses it: the row stays locked until then."""
        return cls.next_numbers(1)[0]

    @classmethod
    def next_numbers(cls, count: int) -> range:
        """Take the next `count` numbers, as `next_number` takes one."""
        cls.objects.get_or_create(pk=1)
        cls.objects.filter(pk=1).update(last_number=F("last_number") + count)
        last = cls.objects.values_list("last_number", flat=True).get(pk=1)
        return range(last - count + 1, last + 1)

    @classmethod
    def last(cls) -> int:
        """The number that was given last; 0 before the first."""
        return cls.objects.filter(pk=1).values_list("last_number", flat=True).first() or 0

    @classmethod
    def take_number(cls, number: int) -> None:
        """Note that `number` was given from outside (a register file), so that it is not given again."""
        cls.objects.get_or_create(pk=1)
        cls.objects.filter(pk=1, last_number__lt=number).update(last_number=number)


ORDER_OF_DATES = [
    ("agreement_expires_after_signing", "signed", "expires", _("An agreement cannot expire before it is signed.")),
    (
        "agreement_expires_after_beginning",
        "in_force_from",
        "expires",
        _("An agreement cannot expire before it comes into force."),
    ),
    (
        "agreement_notice_before_expiry",
        "notice_by",
        "expires",
        _("Notice has to be given before the agreement expires."),
    ),
    (
        "agreement_halted_after_signing",
        "signed",
        "status_since",
        _("An agreement cannot be suspended or ended before it is signed."),
    ),
]
"""Which date comes before which: the constraint's name, the earlier, the later, and what is said of the contrary.

What certainly contradicts the order is refused by a constraint; what only may is a warning.
"""


class Agreement(LifeCycle, Record):
    """One instrument between the home city and one partner city."""

    class Kind(models.TextChoices):
        """What sort of relationship the instrument founds."""

        SISTER = "sister", _("sister city")
        FRIENDSHIP = "friendship", _("friendship and cooperation")
        PROJECT = "project", _("project partnership")
        CONTACT = "contact", _("contact")

    class Status(models.TextChoices):
        """Where the agreement stands. "Expired" is not among them: it follows from the dates, see `state`."""

        PROSPECT = "prospect", _("prospect")
        NEGOTIATION = "negotiation", _("negotiation")
        APPROVED = "approved", _("approved, not signed")
        IN_FORCE = "in_force", _("in force")
        SUSPENDED = "suspended", _("suspended")
        ENDED = "ended", _("ended")

    PUBLICATION = [
        ("draft", pgettext_lazy("publication", "draft")),
        ("published", pgettext_lazy("publication", "published")),
        ("withdrawn", pgettext_lazy("publication", "withdrawn")),
    ]
    """The states of `publication` with their labels."""

    STATES = [*Status.choices[:4], (EXPIRED, _("expired")), *Status.choices[4:]]

    number = models.PositiveIntegerField(
        _("register number"),
        unique=True,
        editable=False,
        help_text=_("Given once and never to another agreement; it is the agreement's permanent address."),
    )
    home_city = models.ForeignKey(
        "cities.City",
        models.PROTECT,
        verbose_name=_("home city"),
        related_name="agreements_as_home",
        editable=False,
        help_text=_("Kept beside the partner so that the database can refuse an agreement of a city with itself."),
    )
    partner = models.ForeignKey(
        "cities.City",
        models.PROTECT,  # nothing public is lost by deleting a city
        verbose_name=_("partner city"),
        related_name="agreements",
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.SISTER)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PROSPECT)
    status_since = UncertainDateField(_("suspended or ended on"))
    status_since_first = FirstDayField(of="status_since")
    status_since_last = LastDayField(of="status_since")
    status_reason_fa = models.TextField(_("reason for suspension or end, in Persian"), blank=True)
    status_reason_en = models.TextField(_("reason for suspension or end, in English"), blank=True)
    name_fa = models.CharField(
        _("name in Persian"),
        max_length=300,
        blank=True,
        help_text=_("Left empty, it becomes the usual name of the kind and the two cities."),
    )
    name_en = models.CharField(
        _("name in English"),
        max_length=300,
        blank=True,
        help_text=_("Left empty, it becomes the usual name of the kind and the two cities."),
    )
    title_fa = models.CharField(
        _("title on the instrument, in Persian"),
        max_length=300,
        blank=True,
        help_text=_("Exactly as it stands there, if it has been seen."),
    )
    title_en = models.CharField(
        _("title on the instrument, in English"),
        max_length=300,
        blank=True,
        help_text=_("Exactly as it stands there, if it has been seen."),
    )
    signed = UncertainDateField(_("signed"))
    signed_first = FirstDayField(of="signed", db_index=True)
    signed_last = LastDayField(of="signed", db_index=True)
    place_signed_fa = models.CharField(_("place signed, in Persian"), max_length=120, blank=True)
    place_signed_en = models.CharField(_("place signed, in English"), max_length=120, blank=True)
    signatories_home_fa = models.CharField(_("who signed for the home city, in Persian"), max_length=300, blank=True)
    signatories_home_en = models.CharField(_("who signed for the home city, in English"), max_length=300, blank=True)
    signatories_partner_fa = models.CharField(_("who signed for the partner, in Persian"), max_length=300, blank=True)
    signatories_partner_en = models.CharField(_("who signed for the partner, in English"), max_length=300, blank=True)
    in_force_from = UncertainDateField(_("in force from"))
    in_force_from_first = FirstDayField(of="in_force_from")
    in_force_from_last = LastDayField(of="in_force_from")
    expires = UncertainDateField(_("expires"))
    expires_first = FirstDayField(of="expires")
    expires_last = LastDayField(of="expires")
    notice_by = UncertainDateField(_("notice by"))
    notice_by_first = FirstDayField(of="notice_by")
    notice_by_last = LastDayField(of="notice_by")
    renewal_rule_fa = models.CharField(_("renewal rule, in Persian"), max_length=300, blank=True)
    renewal_rule_en = models.CharField(_("renewal rule, in English"), max_length=300, blank=True)
    authentic_languages = models.CharField(
        _("authentic languages"), max_length=60, blank=True, help_text=_("Codes with spaces between, as in: fa tr en")
    )
    domains = models.ManyToManyField(
        "partnerships.Domain", verbose_name=_("domains of cooperation"), related_name="agreements", blank=True
    )
    resolutions = models.ManyToManyField(
        "partnerships.Resolution", verbose_name=_("council resolutions"), related_name="agreements", blank=True
    )
    provisions = models.ManyToManyField(
        "partnerships.Provision", verbose_name=_("provisions of city plans"), related_name="agreements", blank=True
    )
    predecessor = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("predecessor"),
        related_name="successors",
        null=True,
        blank=True,
        help_text=_("The agreement that this one renews or raises to a higher kind."),
    )
    summary_fa = models.TextField(_("summary in Persian"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)
    verification = models.CharField(
        _("verification"), max_length=12, choices=Verification, default=Verification.UNVERIFIED
    )
    verified_on = models.DateField(_("verified on"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # the record outlives the account
        verbose_name=_("verified by"),
        related_name="+",
        null=True,
        blank=True,
    )
    internal_note = models.TextField(_("internal note"), blank=True, help_text=_("Never shown on a public page."))
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # the record outlives the account
        verbose_name=_("reviewer"),
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Who is to look at it before it is published, and after."),
    )
    published_at = models.DateTimeField(_("published on"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # the record outlives the account
        verbose_name=_("published by"),
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # the record outlives the account
        verbose_name=_("withdrawn by"),
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    withdrawal_reason = models.TextField(_("reason for the withdrawal"), blank=True, editable=False)
    search_text = models.TextField(editable=False)

    name = Bilingual()
    title = Bilingual()
    status_reason = Bilingual()
    place_signed = Bilingual()
    signatories_home = Bilingual()
    signatories_partner = Bilingual()
    renewal_rule = Bilingual()
    summary = Bilingual()

    history = History(excluded_fields=["search_text", "submission"], m2m_fields=[domains, resolutions, provisions])
    objects = AgreementQuerySet.as_manager()

    public_when = Q(published_at__isnull=False)

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["number"]
        permissions = [("publish_agreement", "Can publish and withdraw agreements")]
        indexes = [
            # The newest public change stands on every page, and the feed begins with it.
            models.Index(name="agreement_public_by_change", fields=["-updated_at", "-number"], condition=published()),
        ]
        constraints = [
            models.CheckConstraint(
                name="agreement_not_with_the_home_city",
                condition=~Q(partner=F("home_city")),
                violation_error_message=_("The home city cannot have an agreement with itself."),
            ),
            models.CheckConstraint(
                name="agreement_number_is_positive",
                condition=Q(number__gte=1),
                violation_error_message=_("Register numbers begin at 1."),
            ),
            models.CheckConstraint(
                name="agreement_kind_is_known",
                condition=Q(kind__in=["sister", "friendship", "project", "contact"]),
                violation_error_message=_("Choose one of the kinds."),
            ),
            models.CheckConstraint(
                name="agreement_status_is_known",
                condition=Q(status__in=["prospect", "negotiation", "approved", "in_force", "suspended", "ended"]),
                violation_error_message=_("Choose one of the statuses."),
            ),
            models.CheckConstraint(
                name="agreement_verification_is_known",
                condition=Q(verification__in=["document", "official", "press", "unverified", "disputed"]),
                violation_error_message=_("Choose one of the levels of verification."),
            ),
            *(in_order(*rule) for rule in ORDER_OF_DATES),
            models.CheckConstraint(
                name="agreement_halted_for_a_reason",
                condition=~Q(status__in=["suspended", "ended"]) | ~Q(status_reason_fa="") | ~Q(status_reason_en=""),
                violation_error_message=_("Say why the agreement was suspended or ended."),
            ),
            models.CheckConstraint(
                name="agreement_not_its_own_predecessor",
                condition=Q(predecessor__isnull=True) | ~Q(predecessor=F("pk")),
                violation_error_message=_("An agreement cannot be its own predecessor."),
            ),
            models.CheckConstraint(
                name="agreement_published_in_both_languages",
                condition=Q(published_at__isnull=True) | (~Q(name_fa="") & ~Q(name_en="")),
                violation_error_message=_("A published agreement needs a name in both languages."),
            ),
            models.CheckConstraint(
                name="agreement_withdrawn_after_publication",
                condition=Q(withdrawn_at__isnull=True) | Q(published_at__isnull=False),
                violation_error_message=_("Only a published agreement can be withdrawn."),
            ),
            models.CheckConstraint(
                name="agreement_withdrawn_for_a_reason",
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawal_reason=""),
                violation_error_message=_("Say why the agreement is withdrawn."),
            ),
            *(
                dates_bounded("agreement", name)
                for name in ("signed", "status_since", "in_force_from", "expires", "notice_by")
            ),
        ]

    def __str__(self) -> str:
        return f"{figures(self.number)}. {self.name}" if self.number else str(self.name)

    def usual_names(self, language: str, **renamed: str) -> dict[str, str]:
        """The names by which agreements of these two cities go in `language` (fa, en), by kind.

        `renamed` gives another name of the `home` or the `partner` city. Empty when one of them has no name.
        """
        cities = {"home": self.home_city, "partner": self.partner}
        names = {role: getattr(city, f"name_{language}") for role, city in cities.items()} | renamed
        if not all(names.values()):
            return {}
        with override(language):
            patterns = {
                self.Kind.SISTER: pgettext("usual name", "Sister-city agreement of %(home)s and %(partner)s"),
                self.Kind.FRIENDSHIP: pgettext(
                    "usual name", "Friendship and cooperation agreement of %(home)s and %(partner)s"
                ),
                self.Kind.PROJECT: pgettext("usual name", "Project partnership of %(home)s and %(partner)s"),
                self.Kind.CONTACT: pgettext("usual name", "Contact between %(home)s and %(partner)s"),
            }
        return {kind: pattern % names for kind, pattern in patterns.items()}

    @classmethod
    def from_db(cls, *args: Any) -> "Agreement":
        """As Django's; the agreement remembers with whom it was, since a usual name follows a correction."""
        agreement = super().from_db(*args)
        agreement.was_with = agreement.__dict__.get("partner_id")
        return agreement

    def derive(self) -> None:
        """Fill the home city, the search text and the name, unless that is one of the agreement's own."""
        if self.home_city_id is None:
            self.home_city = City.objects.home()
        was_with = getattr(self, "was_with", None)
        before = City.objects.get(pk=was_with) if was_with not in (None, self.partner_id) else self.partner
        for language in ("fa", "en"):
            usual = self.usual_names(language)
            were_usual = self.usual_names(language, partner=getattr(before, f"name_{language}"))
            name = getattr(self, f"name_{language}")
            if not name or name in {*usual.values(), *were_usual.values()}:
                setattr(self, f"name_{language}", usual.get(self.kind, ""))
        self.search_text = fold_phrases(
            self.name_fa,
            self.name_en,
            self.title_fa,
            self.title_en,
            self.summary_fa,
            self.summary_en,
            self.place_signed_fa,
            self.place_signed_en,
            self.signatories_home_fa,
            self.signatories_home_en,
            self.signatories_partner_fa,
            self.signatories_partner_en,
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the agreement; a new one gets the next register number. Raises StaleRecord as `Record.save` does."""
        with transaction.atomic():
            if self._state.adding:
                if self.number is None:
                    self.number = Register.next_number()
                else:
                    Register.take_number(self.number)
            super().save(*args, **kwargs)
        self.was_with = self.partner_id

    def check_deletable(self) -> None:
        """Raise ValidationError for an agreement that was ever published: that is withdrawn instead."""
        if self.published_at is not None:
            raise ValidationError(_("A published agreement is withdrawn, not deleted."), code="published")

    def clean(self) -> None:
        """Check the rules that no single row can hold.

        Raises ValidationError when the partner is the home city, or the languages are not codes of ISO 639.
        """
        home = self.home_city if self.home_city_id else City.objects.home()
        if home is None:
            raise ValidationError(_("Choose the home city first: without it there can be no agreement."))
        self.home_city = home
        if self.partner_id == home.pk:
            raise ValidationError({"partner": _("The home city cannot have an agreement with itself.")})
        before, seen = self.predecessor, {self.pk}
        while before is not None and self.predecessor_id != self.pk:  # its own: the constraint says so
            if before.pk in seen:
                raise ValidationError({"predecessor": _("By way of others, it would be its own predecessor.")})
            seen.add(before.pk)
            before = before.predecessor
        names = Locale("en").languages
        unknown = [code for code in self.authentic_languages.split() if code not in names]
        if unknown:
            raise ValidationError(
                {"authentic_languages": _("These are not language codes: %(codes)s.") % {"codes": ", ".join(unknown)}}
            )

    def check_moves_to(self, status: str) -> None:
        """Raise ValidationError when the status of an agreement that was ever published changes without a decision.

        Before the signing it moves freely.
        """
        if self.publication != "draft" and status != self.status and not {status, self.status} <= {*UNSIGNED}:
            raise ValidationError(
                _(
                    "The status of a published agreement changes by a decision: sign, suspend, resume, renew, end or "
                    "reopen it. Managers can correct one that was recorded wrongly. See the pages of this agreement."
                )
            )

    def check_grounds(self, sources: Iterable[Source] | None = None) -> None:
        """Raise ValidationError when the agreement is in force by nobody's word.

        In force needs a date of signing or a source that supports the record. `sources` are those that it will
        have; without them the stored ones are asked.
        """
        if self.status != self.Status.IN_FORCE or self.signed:
            return
        if sources is None:
            supported = self.pk is not None and self.sources.supporting().exists()
        else:
            supported = any(source.stance == Source.Stance.SUPPORTS for source in sources)
        if not supported:
            raise ValidationError(
                {"status": _("An agreement in force needs a date of signing or a source that supports it.")}
            )

    def warnings(self) -> list[str]:
        """What is possible but odd about the dates: each a sentence, none of them an error."""
        found = []
        for _name, earlier, later, _message in ORDER_OF_DATES:
            before, after = getattr(self, earlier), getattr(self, later)
            if before and after and after.possibly_before(before):
                labels = {name: self._meta.get_field(name).verbose_name for name in (earlier, later)}
                found.append(
                    gettext("“%(later)s” may lie before “%(earlier)s”: the dates do not rule that out.")
                    % {"later": labels[later], "earlier": labels[earlier]}
                )
        if self.signed and self.status in (self.Status.PROSPECT, self.Status.NEGOTIATION, self.Status.APPROVED):
            found.append(gettext("It has a date of signing, and its status says that it is not signed."))
        return found

    @property
    def state(self) -> str:
        """The status today, or "expired" where an agreement in force has certainly run out. See `with_state`."""
        return self.state_at(timezone.localdate())

    def state_at(self, on: datetime.date) -> str:
        """The status on the day `on`, or "expired" where an agreement in force has certainly run out by then."""
        if self.status == self.Status.IN_FORCE and self.expires and self.expires.last < on:
            return EXPIRED
        return self.status

    def get_state_display(self) -> str:
        """The state in the reader's language."""
        return dict(self.STATES)[self.state]

    @property
    def publication(self) -> str:
        """ "draft", "published" or "withdrawn"."""
        if self.published_at is None:
            return "draft"
        return "withdrawn" if self.withdrawn_at else "published"

    def get_publication_display(self) -> str:
        """The state of publication in the reader's language."""
        return dict(self.PUBLICATION)[self.publication]

    def get_languages_display(self) -> list[str]:
        """The names of the authentic languages in the reader's language."""
        names = Locale(get_language()).languages
        return [names[code] for code in self.authentic_languages.split()]

    def related(self, relation: str) -> Iterable[Any]:
        """The records of one of its relations to many; see `AgreementQuerySet.in_lists`."""
        lists = self.__dict__.get(f"all_{relation}")
        return getattr(self, relation).all() if lists is None else lists

    @property
    def dossier(self) -> Dossier:
        """What the register says of the agreement, by whose word, and what it does not know."""
        return Dossier(self)

    def follow_rename(self, city: City, old_names: dict[str, str]) -> None:
        """Let a usual name follow the home or partner city, which went by `old_names` (by language) until now."""
        role = "partner" if city.pk == self.partner_id else "home"
        renamed = False
        for language, old in old_names.items():
            if getattr(self, f"name_{language}") in self.usual_names(language, **{role: old}).values():
                setattr(self, f"name_{language}", "")
                renamed = True
        if renamed:
            with self.one_entry(reason=gettext("The city was renamed")):
                self.save()

    def check_publishable(self, sources: Iterable[Source] | None = None) -> None:
        """Raise ValidationError when it is public already, lacks a name in a language or is in force by nobody's word.

        `sources` are its sources, if they are known; without them the stored ones are asked.
        """
        if self.publication == "published":
            raise ValidationError(_("This agreement is published already."), code="published")
        self.check_grounds(sources)
        if not (self.name_fa and self.name_en):
            raise ValidationError(_("A published agreement needs a name in both languages."), code="names")

    def check_withdrawable(self) -> None:
        """Raise ValidationError when it is not public."""
        if self.publication != "published":
            raise ValidationError(_("Only a published agreement can be withdrawn."), code="not_published")

    def publish(self, by: Any, reason: str = "") -> None:
        """Let everybody read the agreement; also brings a withdrawn one back.

        Raises ValidationError as `check_publishable`.
        """
        self.check_publishable()
        with self.one_entry(by=by, reason=reason):
            if self.published_at is None:
                self.published_at, self.published_by = timezone.now(), by
            self.withdrawn_at, self.withdrawn_by, self.withdrawal_reason = None, None, ""
            self.save()

    def withdraw(self, by: Any, reason: str) -> None:
        """Take a published agreement down; its address then says that it was withdrawn. `publish` brings it back.

        Raises ValidationError when it is not public or no reason is given.
        """
        self.check_withdrawable()
        if not reason.strip():
            raise ValidationError(_("Say why the agreement is withdrawn."), code="reason")
        with self.one_entry(by=by, reason=reason):
            self.withdrawn_at, self.withdrawn_by, self.withdrawal_reason = timezone.now(), by, reason.strip()
            self.save()

    def get_absolute_url(self) -> str:
        """The agreement's permanent public page."""
        return page_of_one("partnerships:agreement", self.number)
