"""The staff's first page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from cities.models import City, Tie
from partnerships.agenda import Agenda, on_day
from partnerships.models import Activity, Agreement, Commitment, Document, Milestone, Resolution
from sistercities.components import FRAMES
from sistercities.dates import weekday_name
from sistercities.history import RecordHistory
from sistercities.staff import StaffMixin

LATEST = 12
"""Changes on the first page."""

TIES = 8
"""Ties of our partners with each other there."""

LOOKED_AT = {
    Agreement: "number",
    City: "slug",
    Resolution: "pk",
    Milestone: "pk",
    Activity: "pk",
    Commitment: "pk",
    Document: "pk",
}
"""The records whose latest changes stand here, and by what their addresses name them."""

BEGINNINGS = [
    ("partnerships", "agreement", _("New agreement")),
    ("cities", "city", _("New city")),
    ("partnerships", "resolution", _("New resolution")),
    ("partnerships", "import", _("Send a table")),
]


class Dashboard(StaffMixin, TemplateView):
    """The day: what is due, what waits, what was done last, and the ways to begin."""

    model = Agreement
    template_name = "staff/dashboard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        history = RecordHistory.as_seen_by(user, *((model, {}) for model in LOOKED_AT))
        agenda = Agenda(user)
        return super().get_context_data(
            agenda=agenda,
            ties=Tie.objects.within(City.objects.of_agreements(Agreement.objects.standing())).with_cities()[:TIES],
            today=on_day(agenda.on),
            weekday=weekday_name(agenda.on.weekday()),
            saved_filters=[one for one in user.saved_filters.all() if one.address],
            publishes=user.has_perm("partnerships.publish_agreement"),
            latest=[(entry, self.history_of(entry.record), whose(entry.record)) for entry in history[:LATEST]],
            beginnings=[
                (label, reverse(f"staff:{name}_add"))
                for app, name, label in BEGINNINGS
                if user.has_perm(f"{app}.add_{name}")
            ],
            **kwargs,
        )

    def history_of(self, record: Any) -> str:
        """The address of the record's history."""
        lookup = getattr(record, LOOKED_AT[type(record)])
        return reverse(f"staff:{record._meta.model_name}_history", args=[lookup])


def whose(record: Any) -> Agreement | None:
    """The agreement that a record of the history belongs to, where the history has read it with the record."""
    return record._state.fields_cache.get("agreement")


class Components(StaffMixin, TemplateView):
    """Every piece of the site's look, in both directions and both themes at once: for whoever designs its next page."""

    model = Agreement
    template_name = "staff/components.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(frames=FRAMES, **kwargs)
