"""The staff pages of the life of an agreement: kinds of milestones, milestones, and the changes of its status."""

from typing import Any

from django.contrib import messages
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.forms.lifecycle import MilestoneForm
from partnerships.models import Milestone, MilestoneKind
from partnerships.staff_views.parts import PartAdd
from sistercities.lists import CHANGED, BothNames, Code, Column, Figure, RecordList, YesNo


class MilestoneKindList(RecordList):
    """All kinds of milestones, in the order in which checklists list them."""

    model = MilestoneKind
    order = "position"
    columns = (
        BothNames("name", _("name")),
        Column("authority", _("usual authority"), nothing=_("not recorded")),
        Figure("patience_days", _("days to wait for an answer"), nothing=_("no answer is waited for")),
        YesNo("published", _("published"), of="is_public", sort=("is_public",)),
        YesNo("in_use", _("in use"), of="is_active", sort=("is_active",)),
        Code("key", _("key"), sort=("key",)),
        Figure("position", _("position in lists"), sort=("position", "key")),
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
