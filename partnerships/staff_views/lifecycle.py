"""The staff pages of the life of an agreement: kinds of milestones, milestones, and the changes of its status."""

from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.forms.lifecycle import CorrectionForm, DecisionForm, MilestoneForm, RenewalForm, ReopeningForm
from partnerships.models import Agreement, Milestone, MilestoneKind, Verb
from partnerships.staff_filters import MilestoneKindFilter
from partnerships.staff_views.agreements import AgreementPage
from partnerships.staff_views.parts import PartAdd
from sistercities.forms import RecordForm
from sistercities.lists import CHANGED, BothNames, Code, Column, Figure, RecordList, YesNo, counted
from sistercities.staff import RecordEdit


class MilestoneKindList(RecordList):
    """All kinds of milestones, in the order in which checklists list them."""

    model = MilestoneKind
    filter_class = MilestoneKindFilter
    order = "position"
    columns = (
        BothNames("name", _("name")),
        Column("authority", _("usual authority"), nothing=_("not recorded")),
        Column("agreement_kinds", _("kinds of agreement"), of="get_agreement_kinds_display", nothing=_("all of them")),
        Figure("patience_days", _("days to wait for an answer"), nothing=_("no answer is waited for")),
        YesNo("public", _("on public pages"), of="is_public", sort=("is_public",)),
        YesNo("in_use", _("in use"), of="is_active", sort=("is_active",)),
        counted("milestone", _("milestones"), is_usual=True),
        Code("key", _("key"), sort=("key",), is_usual=False),
        Figure("position", _("position in lists"), sort=("position", "key"), is_usual=False),
        CHANGED,
    )


class MilestoneAdd(PartAdd):
    """A new milestone; `kind` in the address is the key of its kind, which it then begins with."""

    def get_form(self, data: Any = None) -> MilestoneForm:
        key = self.request.GET.get("kind", "").replace("\0", "") if data is None else ""
        kind = MilestoneKind.objects.filter(key=key).first() if key else None
        if key and kind is None:
            messages.warning(self.request, gettext("There is no kind of milestone “%(key)s”.") % {"key": key[:60]})
        begun = (
            {"kind": kind.pk, "authority_fa": kind.authority_fa, "authority_en": kind.authority_en} if kind else None
        )
        return MilestoneForm(data, instance=Milestone(agreement=self.agreement), initial=begun)


FORMS = {Verb.RENEW: RenewalForm, Verb.REOPEN: ReopeningForm}
"""The forms of the decisions that say more than when, why and by whom."""

TITLES = {
    Verb.SIGN: _("The agreement was signed"),
    Verb.SUSPEND: _("Suspend the agreement"),
    Verb.RESUME: _("Resume the agreement"),
    Verb.RENEW: _("Renew the agreement"),
    Verb.END: _("End the agreement"),
    Verb.REOPEN: _("Reopen the agreement"),
}
EXPLANATIONS = {
    Verb.SIGN: _("It is in force from now on. Without a date, a source has to say that it was signed."),
    Verb.SUSPEND: _("It stands, but is not carried out; resuming it brings it back."),
    Verb.RESUME: _("It is in force again; why it was suspended stays in its milestones and its history."),
    Verb.RENEW: _("It gets a new term, and stays the same agreement with the same number."),
    Verb.END: _("It stays in the register, with the reason and the day."),
    Verb.REOPEN: _("It returns to the status that it had, or to another one."),
}
DONE = {
    Verb.SIGN: _("“%(record)s” is signed and in force."),
    Verb.SUSPEND: _("“%(record)s” is suspended."),
    Verb.RESUME: _("“%(record)s” is in force again."),
    Verb.RENEW: _("“%(record)s” is renewed."),
    Verb.END: _("“%(record)s” has ended."),
    Verb.REOPEN: _("“%(record)s” is open again."),
}


class Decide(PartAdd):
    """Carries out a verb: the page asks when it was decided, why and by whom.

    Of a draft whoever edits it may, of what was ever published whoever publishes.
    """

    model = Milestone
    template_name = "staff/decision.html"
    verb = Verb.SIGN

    def permission(self, action: str) -> str:
        """The right to decide in place of the one to add a milestone; the others as everywhere."""
        if action != "add":
            return super().permission(action)
        was_published = Agreement.objects.ever_published().filter(number=self.kwargs["number"]).exists()
        return f"partnerships.{'publish' if was_published else 'change'}_agreement"

    def get_form(self, data: Any = None) -> DecisionForm:
        self.__dict__.pop("agreement", None)  # read anew when somebody was quicker
        form_class = FORMS.get(self.verb, DecisionForm)
        return form_class(data, instance=Milestone(agreement=self.agreement), verb=self.verb)

    def done(self, record: Milestone) -> str:
        return str(DONE[self.verb] % {"record": record.agreement})

    def warn(self, record: Milestone) -> None:
        """What is odd about the agreement now; and that the one which it continues has not ended."""
        super().warn(record.agreement)
        before = record.agreement.predecessor_to_end
        if before and self.verb == Verb.SIGN:
            told = gettext("It continues “%(before)s”, which has not ended.") % {"before": before}
            address = reverse("staff:agreement_end", args=[before.number])
            messages.info(self.request, format_html('{} <a href="{}">{}</a>', told, address, gettext("End that one…")))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            agreement=self.agreement,
            verb=self.verb,
            title=TITLES[self.verb],
            explanation=EXPLANATIONS[self.verb],
            refusal=self.agreement.refusal(self.verb),
            **kwargs,
        )


class Correct(AgreementPage, RecordEdit):
    """Corrects the status of an agreement that was recorded wrongly, without a decision and without a milestone."""

    action = "publish"
    form_class: type[RecordForm] = CorrectionForm
    template_name = "staff/correction.html"
