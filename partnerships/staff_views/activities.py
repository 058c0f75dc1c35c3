"""The staff pages of activities and commitments."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.forms.activities import ActivityForm, CommitmentForm, SettleForm, TakingDownForm, settled_today
from partnerships.forms.documents import PUBLISH
from partnerships.models import Activity, Agreement, Commitment
from partnerships.staff_views.parts import PartAdd, PartEdit
from sistercities.browsing import one_line
from sistercities.forms import Typed
from sistercities.staff import Confirm, RecordAdd, RecordDelete, RecordEdit, RecordHistoryView, StaffMixin
from sistercities.text import latin_digits


class ActivityPage(StaffMixin):
    """A staff page of activities."""

    model = Activity

    def pages_of(self, record: Activity) -> dict[str, str]:
        """The pages of an activity that the person may see and that make sense now."""
        pages = super().pages_of(record)
        if record.publication == "published":
            pages.pop("delete", None)
        if self.may("publish"):
            page = "unpublish" if record.publication == "published" else "publish"
            pages[page] = self.carrying_back(self.address(page, record))
        if self.may("add"):
            pages["follow_up"] = f"{self.address('add')}?{urlencode({'follows': record.pk, 'next': self.back})}"
        return pages


class ActivityFormPage(ActivityPage):
    """What adding and editing an activity have in common."""

    template_name = "partnerships/staff/activity_form.html"
    form_class = ActivityForm

    def detour(self, form: ActivityForm) -> HttpResponse | None:
        """A search for agreements, also by Enter in its box, or one row more: nothing typed is lost."""
        wish = form.data.get("go", "")
        if wish == "more_commitments":
            form.commitments.offer_more()
        elif wish != "find_agreement" and not form.is_searching:
            return None
        form.data["found"] = form.data.get("find", "")
        again = self.get_form(Typed(form.data))
        again.forgive()
        return self.show(again)

    def success_address(self, record: Activity) -> str:
        """The form for what follows it up, if the person asked for that; else where they came from."""
        if self.request.POST.get("go") == "follow_up":
            return f"{self.address('add')}?{urlencode({'follows': record.pk, 'next': self.back})}"
        return super().success_address(record)


class ActivityAdd(ActivityFormPage, RecordAdd):
    """A new activity; its agreement (`agreement`, a register number) or the one it `follows` may be in the address."""

    def get_form(self, data: Any = None) -> ActivityForm:
        return self.form_class(data, initial=self.begun_with if data is None else None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(follow_ups=[], documents=[], **kwargs)

    @cached_property
    def begun_with(self) -> dict[str, Any]:
        """What the form is filled in with; of a number that means nothing, the person is told."""
        earlier = self.named("follows", Activity.objects.all(), "pk")
        agreement = self.named("agreement", Agreement.objects.all(), "number")
        known = {"agreements": [agreement]} if agreement else {}
        if earlier:
            known |= {"follows": earlier.pk, "domains": list(earlier.domains.all())}
            known.setdefault("agreements", list(earlier.agreements.all()))
        return known

    def named(self, parameter: str, records: QuerySet, column: str) -> Any:
        """The record whose number stands in the address; None where there is none."""
        asked = latin_digits(one_line(self.request.GET.get(parameter)))
        if not asked:
            return None
        is_number = asked.isascii() and asked.isdigit() and len(asked) < 10
        found = records.filter(**{column: int(asked)}).first() if is_number else None
        if found is None:
            messages.warning(self.request, _("What the address names does not exist. Choose it in the form."))
        return found


class ActivityEdit(ActivityFormPage, RecordEdit):
    """An activity that is recorded already. A published one changes for everybody at once."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = self.record
        follow_ups, documents = (record.follow_ups.by_date(), record.documents.for_desk()) if record else ([], [])
        return super().get_context_data(follow_ups=follow_ups, documents=documents, **kwargs)


class ActivityPublish(ActivityPage, Confirm):
    """Lets everybody read the activity, unless something is missing."""

    action = "publish"
    title = _("Publish “%(record)s”?")
    explanation = _("It then stands on the public page of its agreement. Cost, payer and internal note never do.")
    button = _("Publish")

    def act(self, record: Activity, reason: str) -> None:
        record.publish(by=self.request.user, reason=reason)

    def is_done(self, record: Activity) -> bool:
        return record.publication == "published"

    def done(self, record: Activity) -> str:
        return gettext("“%(record)s” is published.") % {"record": record}

    def undo(self, record: Activity) -> str:
        return self.carrying_back(self.address("unpublish", record))

    def points(self, record: Activity) -> list[str]:
        hidden = [one for one in record.agreements.by_number() if one.publication != "published"]
        return [
            gettext("“%(agreement)s” is not published: visitors find the activity there only when it is.")
            % {"agreement": agreement}
            for agreement in hidden
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        obstacles = kwargs["record"].obstacles()
        return super().get_context_data(obstacles=obstacles, forbidden=_("It cannot be published yet."), **kwargs)


class ActivityUnpublish(ActivityPage, Confirm):
    """Takes a published activity off the public pages."""

    action = "publish"
    title = _("Take down “%(record)s”?")
    explanation = _("Visitors do not find it any more. It is not deleted: publishing it again brings it back.")
    button = _("Take down")
    is_dangerous = True
    form_class = TakingDownForm

    def act(self, record: Activity, reason: str) -> None:
        record.unpublish(by=self.request.user, reason=reason)

    def is_done(self, record: Activity) -> bool:
        return record.publication == "draft"

    def done(self, record: Activity) -> str:
        return gettext("“%(record)s” is taken down.") % {"record": record}

    def undo(self, record: Activity) -> str:
        return self.carrying_back(self.address("publish", record))


class ActivityDelete(ActivityPage, RecordDelete):
    """Deletes an activity that is not published and at which nothing was promised."""


class ActivityHistory(ActivityPage, RecordHistoryView):
    """What happened to an activity and to what was promised there."""

    def parts(self, pk: Any) -> list[tuple[Any, dict[str, Any]]]:
        return [(Commitment, {"activity_id": pk})]


class CommitmentFormPage:
    """What adding and editing a commitment have in common: managers alone decide what everybody may read."""

    def get_form(self, data: Any = None) -> CommitmentForm:
        form = super().get_form(data)
        if not self.request.user.has_perm(PUBLISH):
            form.leave_publication()
        return form


class CommitmentAdd(CommitmentFormPage, PartAdd):
    """Something more that was promised."""


class CommitmentEdit(CommitmentFormPage, PartEdit):
    """A commitment that is recorded already."""


class CommitmentSettle(PartEdit):
    """Says what became of a promise; the outcome may be in the address (`as`)."""

    model = Commitment
    form_class = SettleForm
    template_name = "partnerships/staff/commitment_settle.html"

    def get_form(self, data: Any = None) -> SettleForm:
        known = settled_today(one_line(self.request.GET.get("as"))) if data is None else None
        return self.form_class(data, instance=self.record, initial=known)
