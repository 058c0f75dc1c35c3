"""What comes of an agreement: activities, what was promised, and what the office notes of it."""

import datetime
from typing import Any

from babel.numbers import get_currency_name
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from partnerships.querysets import OVERDUE, ActivityQuerySet, CommitmentQuerySet, NoteQuerySet
from sistercities.fields import FirstDayField, LastDayField, UncertainDateField, dates_bounded, in_order
from sistercities.records import History, Record
from sistercities.text import Bilingual, fold_phrases, number


class Activity(Record):
    """Something done under one or several agreements: a delegation, a cultural week, a training."""

    class Kind(models.TextChoices):
        """What sort of thing was done."""

        DELEGATION = "delegation", _("delegation")
        MEETING = "meeting", _("meeting")
        CULTURAL_WEEK = "cultural", _("cultural week")
        EXHIBITION = "exhibition", _("exhibition")
        TRAINING = "training", _("training")
        PROJECT = "project", pgettext_lazy("activity", "project")
        CORRESPONDENCE = "letters", _("correspondence")
        OTHER = "other", pgettext_lazy("activity", "other")

    class Direction(models.TextChoices):
        """Who went where."""

        INCOMING = "incoming", _("incoming")
        OUTGOING = "outgoing", _("outgoing")
        ONLINE = "online", _("online")
        HOME = "home", _("at home")

    PUBLICATION = [
        ("draft", pgettext_lazy("publication", "draft")),
        ("published", pgettext_lazy("publication", "published")),
    ]
    """The states of `publication` with their labels."""

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.DELEGATION)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction, blank=True)
    title_fa = models.CharField(_("title in Persian"), max_length=300, blank=True)
    title_en = models.CharField(_("title in English"), max_length=300, blank=True)
    account_fa = models.TextField(_("account in Persian"), blank=True)
    account_en = models.TextField(_("account in English"), blank=True)
    begun = UncertainDateField(_("begun"))
    begun_first = FirstDayField(of="begun", db_index=True)
    begun_last = LastDayField(of="begun", db_index=True)
    finished = UncertainDateField(_("finished"), help_text=_("Left empty, it took one day or its end is not known."))
    finished_first = FirstDayField(of="finished")
    finished_last = LastDayField(of="finished")
    place_fa = models.CharField(_("place, in Persian"), max_length=200, blank=True)
    place_en = models.CharField(_("place, in English"), max_length=200, blank=True)
    agreements = models.ManyToManyField(
        "partnerships.Agreement", verbose_name=_("agreements"), related_name="activities", blank=True
    )
    domains = models.ManyToManyField(
        "partnerships.Domain", verbose_name=_("domains of cooperation"), related_name="activities", blank=True
    )
    participants = models.PositiveIntegerField(_("participants"), null=True, blank=True)
    young_participants = models.PositiveIntegerField(_("young people among them"), null=True, blank=True)
    cost = models.DecimalField(
        _("cost"), max_digits=18, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True, help_text=_("Code of ISO 4217, as IRR."))
    payer_fa = models.CharField(_("who paid, in Persian"), max_length=200, blank=True)
    payer_en = models.CharField(_("who paid, in English"), max_length=200, blank=True)
    outcome_fa = models.TextField(_("outcome in Persian"), blank=True)
    outcome_en = models.TextField(_("outcome in English"), blank=True)
    follows = models.ForeignKey(
        "self",
        models.PROTECT,  # what it follows up stays readable
        verbose_name=_("follows up"),
        related_name="follow_ups",
        null=True,
        blank=True,
        help_text=_("The earlier activity that this one follows up."),
    )
    internal_note = models.TextField(_("internal note"), blank=True, help_text=_("Never shown on a public page."))
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
    search_text = models.TextField(editable=False)

    title = Bilingual()
    account = Bilingual()
    place = Bilingual()
    payer = Bilingual()
    outcome = Bilingual()

    history = History(excluded_fields=["search_text", "submission"], m2m_fields=[agreements, domains])
    objects = ActivityQuerySet.as_manager()

    public_when = Q(published_at__isnull=False)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["-begun_first", "-pk"]
        permissions = [("publish_activity", "Can publish activities and take them down")]
        constraints = [
            models.CheckConstraint(
                name="activity_has_a_title",
                condition=~Q(title_fa="") | ~Q(title_en=""),
                violation_error_message=_("Give the activity a title in Persian or in English."),
            ),
            models.CheckConstraint(
                name="activity_published_in_both_languages",
                condition=Q(published_at__isnull=True) | (~Q(title_fa="") & ~Q(title_en="")),
                violation_error_message=_("A published activity needs a title in both languages."),
            ),
            models.CheckConstraint(
                name="activity_kind_is_known",
                condition=Q(
                    kind__in=[
                        "delegation",
                        "meeting",
                        "cultural",
                        "exhibition",
                        "training",
                        "project",
                        "letters",
                        "other",
                    ]
                ),
                violation_error_message=_("Choose one of the kinds of activity."),
            ),
            models.CheckConstraint(
                name="activity_direction_is_known",
                condition=Q(direction__in=["", "incoming", "outgoing", "online", "home"]),
                violation_error_message=_("Choose one of the directions."),
            ),
            models.CheckConstraint(
                name="activity_young_are_among_the_participants",
                condition=Q(young_participants__isnull=True)
                | Q(participants__isnull=True)
                | Q(young_participants__lte=F("participants")),
                violation_error_message=_("There cannot be more young people than participants."),
            ),
            models.CheckConstraint(
                name="activity_cost_has_a_currency",
                condition=Q(cost__isnull=True) | ~Q(currency=""),
                violation_error_message=_("Say in which currency the cost is."),
            ),
            models.CheckConstraint(
                name="activity_cost_is_not_negative",
                condition=Q(cost__isnull=True) | Q(cost__gte=0),
                violation_error_message=_("A cost is not negative."),
            ),
            models.CheckConstraint(
                name="activity_follows_another",
                condition=Q(follows__isnull=True) | ~Q(follows=F("pk")),
                violation_error_message=_("An activity cannot follow up itself."),
            ),
            in_order("activity_finished_after_begun", "begun", "finished", _("It cannot finish before it begins.")),
            *(dates_bounded("activity", name) for name in ("begun", "finished")),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def derive(self) -> None:
        """Fill the search text."""
        self.search_text = fold_phrases(
            self.title_fa,
            self.title_en,
            self.account_fa,
            self.account_en,
            self.place_fa,
            self.place_en,
            self.outcome_fa,
            self.outcome_en,
        )

    def check_deletable(self) -> None:
        """Raise ValidationError for an activity that is published: it is taken down first."""
        if self.published_at is not None:
            raise ValidationError(_("A published activity is taken down before it is deleted."), code="published")

    @property
    def publication(self) -> str:
        """ "draft" or "published"; visitors find a published one as soon as one of its agreements is public."""
        return "draft" if self.published_at is None else "published"

    def get_publication_display(self) -> str:
        """The state of publication in the reader's language."""
        return dict(self.PUBLICATION)[self.publication]

    @property
    def cost_in_words(self) -> str:
        """The cost with the name of its currency; "" where it is not recorded."""
        if self.cost is None:
            return ""
        amount = int(self.cost) if self.cost == int(self.cost) else self.cost
        currency = get_currency_name(self.currency, locale=get_language())
        return gettext("%(amount)s %(currency)s") % {"amount": number(amount), "currency": currency}

    def obstacles(self) -> list[Any]:
        """What keeps it from being published, each a sentence; see `publish`."""
        found = [
            (_("It is published already."), self.published_at is not None),
            (_("It has no title in Persian."), not self.title_fa),
            (_("It has no title in English."), not self.title_en),
            (_("It stands under no agreement."), not self.agreements.all()),
        ]
        return [sentence for sentence, is_so in found if is_so]

    def publish(self, by: Any, reason: str = "") -> None:
        """Let everybody read the activity on the pages of its public agreements. Raises ValidationError: `obstacles`.

        Cost, payer and internal note stay in the office all the same.
        """
        if obstacles := self.obstacles():
            raise ValidationError(obstacles, code="obstacles")
        with self.one_entry(by=by, reason=reason):
            self.published_at, self.published_by = timezone.now(), by
            self.save()

    def unpublish(self, by: Any, reason: str) -> None:
        """Take the activity off the public pages. Raises ValidationError when it is not there, or without a reason."""
        if self.published_at is None:
            raise ValidationError(_("Only a published activity can be taken down."), code="not_published")
        if not reason.strip():
            raise ValidationError(_("Say why the activity is taken down."), code="reason")
        with self.one_entry(by=by, reason=reason.strip()):
            self.published_at, self.published_by = None, None
            self.save()


class Commitment(Record):
    """Something promised under an agreement: by whom, in which article or at which activity, and by when."""

    class Side(models.TextChoices):
        """Who promised."""

        HOME = "home", _("the home city")
        PARTNER = "partner", _("the partner")
        BOTH = "both", _("both sides")

    class Status(models.TextChoices):
        """What became of it. "Overdue" is not among them: it follows from the date."""

        OPEN = "open", pgettext_lazy("commitment", "open")
        KEPT = "kept", _("kept")
        BROKEN = "broken", _("not kept")
        RELEASED = "released", _("released by agreement")

    STATES = [*Status.choices[:1], (OVERDUE, _("overdue")), *Status.choices[1:]]
    """The values of `state` with their labels."""

    agreement = models.ForeignKey(
        "partnerships.Agreement",
        models.CASCADE,  # only a draft can be deleted, and its commitments have no meaning without it
        verbose_name=_("agreement"),
        related_name="commitments",
    )
    activity = models.ForeignKey(
        Activity,
        models.PROTECT,  # where something was promised stays readable
        verbose_name=_("promised at"),
        related_name="commitments",
        null=True,
        blank=True,
    )
    side = models.CharField(_("who promised"), max_length=8, choices=Side, default=Side.HOME)
    responsible_fa = models.CharField(_("who is responsible, in Persian"), max_length=200, blank=True)
    responsible_en = models.CharField(_("who is responsible, in English"), max_length=200, blank=True)
    text_fa = models.TextField(_("what was promised, in Persian"), blank=True)
    text_en = models.TextField(_("what was promised, in English"), blank=True)
    article = models.CharField(_("in which article"), max_length=80, blank=True)
    due = UncertainDateField(_("due"))
    due_first = FirstDayField(of="due")
    due_last = LastDayField(of="due", db_index=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    settled = UncertainDateField(_("kept or settled on"))
    settled_first = FirstDayField(of="settled")
    settled_last = LastDayField(of="settled")
    evidence_fa = models.TextField(_("evidence, in Persian"), blank=True)
    evidence_en = models.TextField(_("evidence, in English"), blank=True)
    is_public = models.BooleanField(
        _("published"), default=False, help_text=_("Stands on the public page of a published agreement.")
    )
    note = models.TextField(_("internal note"), blank=True, help_text=_("Never shown on a public page."))
    search_text = models.TextField(editable=False)

    responsible = Bilingual()
    text = Bilingual()
    evidence = Bilingual()

    history = History(excluded_fields=["search_text", "submission"])
    objects = CommitmentQuerySet.as_manager()

    public_when = Q(is_public=True)

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["agreement", "pk"]
        constraints = [
            models.CheckConstraint(
                name="commitment_says_what",
                condition=~Q(text_fa="") | ~Q(text_en=""),
                violation_error_message=_("Write what was promised, in Persian or in English."),
            ),
            models.CheckConstraint(
                name="commitment_published_in_both_languages",
                condition=Q(is_public=False) | (~Q(text_fa="") & ~Q(text_en="")),
                violation_error_message=_("A published commitment says what was promised in both languages."),
            ),
            models.CheckConstraint(
                name="commitment_side_is_known",
                condition=Q(side__in=["home", "partner", "both"]),
                violation_error_message=_("Say who promised it."),
            ),
            models.CheckConstraint(
                name="commitment_status_is_known",
                condition=Q(status__in=["open", "kept", "broken", "released"]),
                violation_error_message=_("Choose one of the statuses."),
            ),
            models.CheckConstraint(
                name="commitment_settled_when_not_open",
                condition=Q(settled="") | ~Q(status="open"),
                violation_error_message=_("It has a date on which it was settled: say what became of it."),
            ),
            *(dates_bounded("commitment", name) for name in ("due", "settled")),
        ]

    def __str__(self) -> str:
        return str(self.text)

    def derive(self) -> None:
        """Fill the search text."""
        self.search_text = fold_phrases(
            self.text_fa,
            self.text_en,
            self.responsible_fa,
            self.responsible_en,
            self.article,
            self.evidence_fa,
            self.evidence_en,
        )

    @property
    def state(self) -> str:
        """The status today, or "overdue" while it is open and its day has certainly passed. See `with_state`."""
        return self.state_at(timezone.localdate())

    def state_at(self, on: datetime.date) -> str:
        """The status on the day `on`, or "overdue" while it is open and its day has certainly passed by then."""
        return OVERDUE if self.status == self.Status.OPEN and self.due and self.due.last < on else self.status

    def get_state_display(self) -> str:
        """The state in the reader's language."""
        return dict(self.STATES)[self.state]


class Note(Record):
    """What somebody in the office wants the others to know of an agreement. Never public."""

    agreement = models.ForeignKey(
        "partnerships.Agreement",
        models.CASCADE,  # only a draft can be deleted, and its notes have no meaning without it
        verbose_name=_("agreement"),
        related_name="notes",
    )
    text = models.TextField(_("note"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # the note outlives the account
        verbose_name=_("written by"),
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    search_text = models.TextField(editable=False)

    history = History(excluded_fields=["search_text", "submission"])
    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of the office", "note")
        verbose_name_plural = pgettext_lazy("of the office", "notes")
        ordering = ["agreement", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="note_is_written",
                condition=~Q(text=""),
                violation_error_message=_("Write the note."),
            ),
        ]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 80 else f"{self.text[:79]}…"

    def derive(self) -> None:
        """Fill the search text."""
        self.search_text = fold_phrases(self.text)
