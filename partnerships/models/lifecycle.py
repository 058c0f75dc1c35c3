"""The life of an agreement as dated steps: which kinds of milestone there are, and the checklist of one agreement.

The steps run in parallel and out of order (proposal, clearances, commission, council, signing, renewal, end …), and
other countries have others: so they are a list that managers keep, and each agreement's are rows with their dates.
"""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from partnerships.models.agreement import Agreement
from partnerships.models.decisions import KINDS, Decision, Verb
from partnerships.querysets import MilestoneKindQuerySet, MilestoneQuerySet
from sistercities.dates import Precision
from sistercities.fields import FirstDayField, LastDayField, UncertainDateField, dates_bounded, in_order
from sistercities.records import History, Record
from sistercities.text import Bilingual, fold_phrases, number

LONGEST_PATIENCE = 3_650
"""Days for which an answer is waited for at most: ten years, within which every day that is counted has a date."""


class Standing(models.TextChoices):
    """Where a milestone stands today; it follows from its dates and outcome."""

    NOTED = "noted", _("noted")
    PLANNED = "planned", pgettext_lazy("milestone", "planned")
    OVERDUE = "overdue", _("planned for a time that is over")
    BEGUN = "begun", _("under way")
    WAITING = "waiting", _("waiting for an answer")
    WAITING_LONG = "waiting_long", _("waiting for an answer for too long")
    DONE = "done", _("done")
    CONDITIONAL = "conditional", _("approved with conditions")
    REFUSED = "refused", _("refused")
    NOT_NEEDED = "not_needed", _("not needed")


class MilestoneKind(Record):
    """A kind of milestone, as "Interior Ministry's clearance"; the list is kept by managers."""

    key = models.SlugField(
        _("key"), max_length=60, unique=True, help_text=_("Used by register files; it does not change.")
    )
    name_fa = models.CharField(_("name in Persian"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    authority_fa = models.CharField(_("usual authority, in Persian"), max_length=200, blank=True)
    authority_en = models.CharField(_("usual authority, in English"), max_length=200, blank=True)
    text_fa = models.TextField(_("what is done, in Persian"), blank=True)
    text_en = models.TextField(_("what is done, in English"), blank=True)
    agreement_kinds = models.CharField(
        _("kinds of agreement"),
        max_length=60,
        blank=True,
        help_text=_("The kinds of agreement that take this step; all of them if none is chosen."),
    )
    patience_days = models.PositiveSmallIntegerField(
        _("days to wait for an answer"),
        null=True,
        blank=True,
        help_text=_("After so many days without an answer the desk reminds you. Empty: no answer is waited for."),
    )
    verb = models.CharField(
        _("verb"),
        max_length=10,
        choices=Verb,
        blank=True,
        editable=False,
        help_text=_("The change of status that makes a milestone of this kind."),
    )
    is_public = models.BooleanField(
        _("published"),
        default=False,
        help_text=_("Milestones of this kind stand on the public page of a published agreement."),
    )
    is_active = models.BooleanField(_("in use"), default=True, help_text=_("Offered in checklists."))
    position = models.PositiveSmallIntegerField(_("position in lists"), default=0)
    search_text = models.TextField(editable=False)

    name = Bilingual()
    authority = Bilingual()
    text = Bilingual()

    history = History(excluded_fields=["search_text", "submission"])
    objects = MilestoneKindQuerySet.as_manager()

    class Meta:
        verbose_name = _("kind of milestone")
        verbose_name_plural = _("kinds of milestones")
        ordering = ["position", "key"]
        constraints = [
            models.CheckConstraint(
                name="milestonekind_has_both_names",
                condition=~Q(name_fa="") & ~Q(name_en=""),
                violation_error_message=_("A kind of milestone has a name in Persian and in English."),
            ),
            models.CheckConstraint(
                name="milestonekind_waits_ten_years_at_most",
                condition=Q(patience_days__isnull=True) | Q(patience_days__lte=LONGEST_PATIENCE),
                violation_error_message=_("An answer is waited for ten years at most: 3,650 days."),
            ),
            models.CheckConstraint(
                name="milestonekind_verb_is_known",
                condition=Q(verb__in=["", *Verb.values]),
                violation_error_message=_("Choose one of the verbs."),
            ),
            models.UniqueConstraint(
                name="milestonekind_verb_once",
                fields=["verb"],
                condition=~Q(verb=""),
                violation_error_message=_("Another kind of milestone stands for this change of status."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def clean(self) -> None:
        """Check what is not in the columns' own rules. Raises ValidationError for an unknown kind of agreement."""
        unknown = [word for word in self.agreement_kinds.split() if word not in Agreement.Kind.values]
        if unknown:
            raise ValidationError(
                {"agreement_kinds": _("These are not kinds of agreements: %(kinds)s.") % {"kinds": ", ".join(unknown)}}
            )

    def get_agreement_kinds_display(self) -> str:
        """The kinds of agreement that take it, in the reader's language; "" if all do."""
        return gettext(", ").join(str(Agreement.Kind(word).label) for word in self.agreement_kinds.split())

    @classmethod
    def of_verb(cls, verb: Verb, by: Any) -> "MilestoneKind":
        """The kind of the milestones that `verb` leaves; made where the register has none. Call it in a transaction."""
        found = cls.objects.filter(verb=verb).first()
        if found is not None:
            return found
        key, name_fa, name_en = KINDS[verb]
        kind = cls.objects.filter(key=key, verb="").first()
        if kind is None:
            last = cls.objects.aggregate(last=models.Max("position"))["last"] or 0
            kind = cls(key=key, name_fa=name_fa, name_en=name_en, is_public=True, position=last + 1)
        kind.verb = verb
        with kind.one_entry(by=by):
            kind.save()
        return kind

    def derive(self) -> None:
        """Fill the search text."""
        self.search_text = fold_phrases(
            self.name_fa, self.name_en, self.authority_fa, self.authority_en, self.text_fa, self.text_en, self.key
        )


class Milestone(Record):
    """A dated step in the life of one agreement.

    `sent` is when it was begun or the letter left, `answered` when the answer came or the thing was done. What is
    asked and not yet answered has no outcome.
    """

    class Outcome(models.TextChoices):
        """How it ended."""

        DONE = "done", _("done")
        APPROVED = "approved", pgettext_lazy("milestone", "approved")
        CONDITIONAL = "conditional", _("approved with conditions")
        REFUSED = "refused", _("refused")
        NOT_NEEDED = "not_needed", _("not needed")

    agreement = models.ForeignKey(
        Agreement,
        models.CASCADE,  # only a draft can be deleted, and its milestones have no meaning without it
        verbose_name=_("agreement"),
        related_name="milestones",
    )
    kind = models.ForeignKey(
        MilestoneKind,
        models.PROTECT,  # what happened keeps its name
        verbose_name=_("kind of milestone"),
        related_name="milestones",
    )
    planned = UncertainDateField(_("planned for"))
    planned_first = FirstDayField(of="planned")
    planned_last = LastDayField(of="planned")
    authority_fa = models.CharField(_("authority, in Persian"), max_length=200, blank=True)
    authority_en = models.CharField(_("authority, in English"), max_length=200, blank=True)
    letter_number = models.CharField(_("letter number"), max_length=120, blank=True)
    sent = UncertainDateField(_("sent or begun"))
    sent_first = FirstDayField(of="sent")
    sent_last = LastDayField(of="sent")
    answered = UncertainDateField(_("answered or done"))
    answered_first = FirstDayField(of="answered")
    answered_last = LastDayField(of="answered")
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    account_fa = models.TextField(_("account or reason, in Persian"), blank=True)
    account_en = models.TextField(_("account or reason, in English"), blank=True)
    status_before = models.CharField(
        _("status before"), max_length=12, choices=Agreement.Status, blank=True, editable=False
    )
    note = models.TextField(_("internal note"), blank=True, help_text=_("Never shown on a public page."))
    search_text = models.TextField(editable=False)

    authority = Bilingual()
    account = Bilingual()

    history = History(excluded_fields=["search_text", "submission"])
    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["agreement", "pk"]
        constraints = [
            models.CheckConstraint(
                name="milestone_outcome_is_known",
                condition=Q(outcome__in=["", "done", "approved", "conditional", "refused", "not_needed"]),
                violation_error_message=_("Choose one of the outcomes."),
            ),
            models.CheckConstraint(
                name="milestone_status_before_is_known",
                condition=Q(status_before__in=["", *Agreement.Status.values]),
                violation_error_message=_("Choose one of the statuses."),
            ),
            models.CheckConstraint(
                name="milestone_answered_with_an_outcome",
                condition=Q(answered="") | ~Q(outcome=""),
                violation_error_message=_("It has a date on which it was answered or done: say with what outcome."),
            ),
            in_order(
                "milestone_answered_after_sent",
                "sent",
                "answered",
                _("It cannot be answered or done before it was sent or begun."),
            ),
            *(dates_bounded("milestone", name) for name in ("planned", "sent", "answered")),
        ]

    def __str__(self) -> str:
        return str(self.kind)

    @classmethod
    def tell(
        cls, agreement: Agreement, decision: Decision, status_before: str, by: Any, submission: uuid.UUID | None
    ) -> "Milestone":
        """Record the milestone that tells of a decision. One that was planned or begun for it is completed by it."""
        kind = MilestoneKind.of_verb(decision.verb, by)
        waiting = agreement.milestones.open().filter(kind=kind).order_by("pk")
        begun = [
            one for one in waiting if not (one.sent and decision.date and decision.date.certainly_before(one.sent))
        ]
        milestone = begun[0] if begun else cls(agreement=agreement, kind=kind)
        milestone.answered, milestone.outcome = decision.date, cls.Outcome.DONE
        milestone.account_fa, milestone.account_en = decision.reason_fa, decision.reason_en
        if decision.decider_fa or decision.decider_en:
            milestone.authority_fa, milestone.authority_en = decision.decider_fa, decision.decider_en
        milestone.letter_number = decision.letter_number or milestone.letter_number
        milestone.status_before, milestone.submission = status_before, submission
        with milestone.one_entry(by=by, reason=decision.reason):
            milestone.save()
        return milestone

    @property
    def told_as(self) -> str:
        """What happened, as a chronicle names it; that it was refused, or approved with conditions, is said with it."""
        name = self.kind.name.plain
        if self.outcome not in (self.Outcome.REFUSED, self.Outcome.CONDITIONAL):
            return name
        return gettext("%(milestone)s: %(outcome)s") % {"milestone": name, "outcome": self.get_outcome_display()}

    @property
    def standing(self) -> Standing:
        """Where it stands today. See `MilestoneQuerySet.waiting`, `waiting_long` and `overdue`."""
        today = timezone.localdate()
        if self.outcome:
            return {
                self.Outcome.CONDITIONAL: Standing.CONDITIONAL,
                self.Outcome.REFUSED: Standing.REFUSED,
                self.Outcome.NOT_NEEDED: Standing.NOT_NEEDED,
            }.get(self.outcome, Standing.DONE)
        if self.sent and self.sent.first <= today:
            if self.kind.patience_days is None:
                return Standing.BEGUN
            return Standing.WAITING_LONG if self.days_waiting > self.kind.patience_days else Standing.WAITING
        if self.planned and not self.sent:
            return Standing.OVERDUE if self.planned.last < today else Standing.PLANNED
        return Standing.NOTED

    def get_standing_display(self) -> str:
        """Where it stands, in the reader's language: its outcome, or for how many days it has waited."""
        standing = self.standing
        if self.outcome:
            return self.get_outcome_display()
        if standing not in (Standing.WAITING, Standing.WAITING_LONG):
            return str(standing.label)
        days = self.days_waiting
        if self.sent.precision == Precision.DAY:
            words = ngettext("waiting for %(days)s day", "waiting for %(days)s days", days)
        else:
            words = ngettext("waiting for at least %(days)s day", "waiting for at least %(days)s days", days)
        words %= {"days": number(days)}
        if standing == Standing.WAITING:
            return words
        patience = number(self.kind.patience_days)
        return gettext("%(waiting)s (more than %(patience)s)") % {"waiting": words, "patience": patience}

    @property
    def days_waiting(self) -> int:
        """The days since it was sent, at least: an uncertain date counts from the last day that it can mean."""
        return max((timezone.localdate() - self.sent.last).days, 0) if self.sent else 0

    def derive(self) -> None:
        """Fill the search text."""
        self.search_text = fold_phrases(
            self.authority_fa, self.authority_en, self.letter_number, self.account_fa, self.account_en
        )
