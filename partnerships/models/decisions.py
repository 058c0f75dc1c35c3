"""The verbs that change the status of an agreement. Each is a decision, with a day, a reason and somebody who took it.

A decision changes the agreement and leaves a milestone of the verb's kind, in one transaction.
"""

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from sistercities.dates import UncertainDate

if TYPE_CHECKING:
    from partnerships.models.agreement import Agreement
    from partnerships.models.lifecycle import Milestone

UNSIGNED = ("prospect", "negotiation", "approved")
"""The statuses before the signing, among which an agreement moves without a decision."""

HALTED = ("suspended", "ended")
"""The statuses that have a reason, and a day since when."""


class Verb(models.TextChoices):
    """What is done to the status of an agreement, by a decision that has a day, a reason and somebody who decided."""

    SIGN = "sign", _("sign")
    SUSPEND = "suspend", _("suspend")
    RESUME = "resume", _("resume")
    RENEW = "renew", _("renew")
    END = "end", _("end")
    REOPEN = "reopen", _("reopen")


_ENDED = _("It has ended: reopen it first.")
_NOT_SIGNED = _("It is not signed yet.")
REFUSALS: dict[Verb, dict[str, Any]] = {
    Verb.SIGN: {
        "in_force": _("It is signed and in force already."),
        "suspended": _("It was signed and is suspended: resume it."),
        "ended": _ENDED,
    },
    Verb.SUSPEND: dict.fromkeys(UNSIGNED, _NOT_SIGNED)
    | {"suspended": _("It is suspended already."), "ended": _("It has ended, so there is nothing to suspend.")},
    Verb.RESUME: dict.fromkeys(UNSIGNED, _NOT_SIGNED)
    | {"in_force": _("It is in force; only what is suspended is resumed."), "ended": _ENDED},
    Verb.RENEW: dict.fromkeys(UNSIGNED, _NOT_SIGNED)
    | {"suspended": _("It is suspended: resume it first."), "ended": _ENDED},
    Verb.END: {"ended": _("It has ended already.")},
    Verb.REOPEN: dict.fromkeys(
        (*UNSIGNED, "in_force", "suspended"), _("It has not ended, so there is nothing to reopen.")
    ),
}
"""In which statuses a verb is impossible, and why; in all others it is possible."""

NEEDS_A_REASON = (Verb.SUSPEND, Verb.END, Verb.REOPEN)

KINDS = {
    Verb.SIGN: ("signing", "امضا", "Signing"),
    Verb.SUSPEND: ("suspension", "تعلیق", "Suspension"),
    Verb.RESUME: ("resumption", "ازسرگیری", "Resumption"),
    Verb.RENEW: ("renewal", "تمدید", "Renewal"),
    Verb.END: ("end", "خاتمه", "End"),
    Verb.REOPEN: ("reopening", "بازگشایی", "Reopening"),
}
"""The kind of milestone that a verb leaves where the register has none of that verb: its key and names."""


@dataclass(frozen=True)
class Decision:
    """What was decided, when, why and by whom.

    `expires`, `notice_by` and the renewal rule are the new term of a renewal (a rule of None stays as it is), `status`
    is the one to which an agreement is reopened ("": the one that it had before it ended).
    """

    verb: Verb
    date: UncertainDate | None = None
    reason_fa: str = ""
    reason_en: str = ""
    decider_fa: str = ""
    decider_en: str = ""
    letter_number: str = ""
    expires: UncertainDate | None = None
    notice_by: UncertainDate | None = None
    renewal_rule_fa: str | None = None
    renewal_rule_en: str | None = None
    status: str = ""

    @property
    def reason(self) -> str:
        """The reason in the reader's language, else in the other."""
        reasons = (self.reason_fa, self.reason_en)
        return next(filter(None, reasons if get_language() == "fa" else reversed(reasons)), "")


class LifeCycle:
    """The verbs of an agreement: from a proposal to its signing, and on to its renewal or its end.

    Each raises ValidationError, with the reason in words, when it is impossible; its errors go by the names of the
    fields of `Decision`. `by` is the user.
    """

    @property
    def verbs(self) -> list[Verb]:
        """The verbs that are possible now."""
        return [verb for verb in Verb if not self.refusal(verb)]

    def refusal(self, verb: Verb) -> str:
        """Why `verb` is impossible now; "" if it is possible."""
        return str(REFUSALS[verb].get(self.status, ""))

    @property
    def predecessor_to_end(self) -> "Agreement | None":
        """The agreement that this one continues, if this one is in force and that one has not ended."""
        before = self.predecessor
        return before if before and self.status == "in_force" and before.status != "ended" else None

    def sign(self, by: Any, date: UncertainDate | None = None, **told: Any) -> "Milestone":
        """It was signed, and is in force from now on. Without a date a source has to support it."""
        return self.carry_out(Decision(Verb.SIGN, date, **told), by)

    def suspend(self, by: Any, date: UncertainDate | None = None, **told: Any) -> "Milestone":
        """It stands, but is not carried out. A reason is needed."""
        return self.carry_out(Decision(Verb.SUSPEND, date, **told), by)

    def resume(self, by: Any, date: UncertainDate | None = None, **told: Any) -> "Milestone":
        """What was suspended is carried out again."""
        return self.carry_out(Decision(Verb.RESUME, date, **told), by)

    def renew(self, by: Any, date: UncertainDate | None = None, **told: Any) -> "Milestone":
        """It gets a new term: a date on which it `expires`, or none, if a rule says how it goes on."""
        return self.carry_out(Decision(Verb.RENEW, date, **told), by)

    def end(self, by: Any, date: UncertainDate | None = None, **told: Any) -> "Milestone":
        """It is over, whether it was signed or not. A reason is needed."""
        return self.carry_out(Decision(Verb.END, date, **told), by)

    def reopen(self, by: Any, date: UncertainDate | None = None, **told: Any) -> "Milestone":
        """What had ended returns to the `status` it had, or to another one. A reason is needed."""
        return self.carry_out(Decision(Verb.REOPEN, date, **told), by)

    @property
    def status_before_the_end(self) -> str:
        """The status that it had before it ended, as far as a decision tells; "" if none does."""
        last = self.milestones.left_by(Verb.END).last()
        return last.status_before if last else ""

    def apply(self, decision: Decision) -> None:
        """Change in this instance what the decision changes; nothing is written, and nothing changed by an error."""
        before = self.__dict__.copy()
        try:
            self._apply(decision)
        except ValidationError:
            self.__dict__.update(before)
            raise

    def _apply(self, decision: Decision) -> None:
        if refusal := self.refusal(decision.verb):
            raise ValidationError(refusal, code="impossible")
        if errors := self._errors_of_the_day(decision):
            raise ValidationError({"date": errors})
        if decision.verb in NEEDS_A_REASON and not decision.reason:
            raise ValidationError({"reason_fa": _("Say why, in Persian or in English.")})
        getattr(self, f"_{decision.verb}")(decision)
        try:
            self.check_grounds()
        except ValidationError as error:
            raise ValidationError({"status" if decision.verb == Verb.REOPEN else "date": error.messages}) from error
        self.validate_constraints()

    def carry_out(self, decision: Decision, by: Any, submission: uuid.UUID | None = None) -> "Milestone":
        """Change the agreement, and leave a milestone that tells of it (its `submission` is that of the form).

        Raises ValidationError as `apply` does, and StaleRecord when somebody was quicker.
        """
        status_before = self.status
        self.apply(decision)
        with self.one_entry(by=by, reason=decision.reason):
            self.save()
            self.check_grounds()  # once more: what it rests on can have gone since, and from here on cannot
            return self.milestones.model.tell(self, decision, status_before, by, submission)

    def _errors_of_the_day(self, decision: Decision) -> list[str]:
        """What is certainly wrong with the day of a decision."""
        date, verb = decision.date, decision.verb
        if date is None:
            return []
        if date.first > timezone.localdate():
            return [
                gettext("This day has not come yet. Plan it as a milestone, and record the decision when it is taken.")
            ]
        if verb == Verb.SIGN:
            if self.expires and self.expires.certainly_before(date):
                return [gettext("It would have expired before: %(date)s.") % {"date": self.expires.display()}]
            return []
        if verb == Verb.SUSPEND and self.expires and self.expires.certainly_before(date):
            return [gettext("It had expired by then: %(date)s. Renew it or end it.") % {"date": self.expires.display()}]
        if self.signed and date.certainly_before(self.signed):
            return [gettext("It was signed later: %(date)s.") % {"date": self.signed.display()}]
        if self.status in HALTED and self.status_since and date.certainly_before(self.status_since):
            told = (
                _("It was suspended later: %(date)s.") if self.status == "suspended" else _("It ended later: %(date)s.")
            )
            return [told % {"date": self.status_since.display()}]
        return []

    def _sign(self, decision: Decision) -> None:
        self.signed = decision.date or self.signed
        self._go_on("in_force")

    def _suspend(self, decision: Decision) -> None:
        self._put("suspended", decision.date, decision.reason_fa, decision.reason_en)

    def _resume(self, decision: Decision) -> None:
        self._go_on("in_force")

    def _renew(self, decision: Decision) -> None:
        new, old = decision.expires, self.expires
        if new and old and new.certainly_before(old):
            told = gettext("The present term ends later: %(date)s.") % {"date": old.display()}
            raise ValidationError({"expires": told})
        if new and old and (new.first, new.last) == (old.first, old.last):
            raise ValidationError({"expires": _("The present term ends then already.")})
        if new and decision.notice_by and new.certainly_before(decision.notice_by):
            raise ValidationError({"notice_by": _("Notice has to be given before the agreement expires.")})
        for name in ("renewal_rule_fa", "renewal_rule_en"):
            if (rule := getattr(decision, name)) is not None:
                setattr(self, name, rule)
        if not (new or self.renewal_rule_fa or self.renewal_rule_en):
            raise ValidationError({"expires": _("Say until when it is renewed, or by which rule it goes on.")})
        self.expires, self.notice_by = new, decision.notice_by

    def _end(self, decision: Decision) -> None:
        self._put("ended", decision.date, decision.reason_fa, decision.reason_en)

    def _reopen(self, decision: Decision) -> None:
        status = decision.status or self.status_before_the_end
        if not status or status == "ended":
            raise ValidationError({"status": _("Say to which status it returns.")})
        if status != "suspended":
            self._go_on(status)
            return
        last = self.milestones.left_by(Verb.SUSPEND).last()
        if last is None:
            raise ValidationError({"status": _("Nothing tells since when and why it was suspended: suspend it anew.")})
        self._put(status, last.answered, last.account_fa, last.account_en)

    def _go_on(self, status: str) -> None:
        self._put(status, None, "", "")

    def _put(self, status: str, since: UncertainDate | None, reason_fa: str, reason_en: str) -> None:
        self.status, self.status_since = status, since
        self.status_reason_fa, self.status_reason_en = reason_fa, reason_en
