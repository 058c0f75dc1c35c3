"""The staff's first page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from cities.models import City
from partnerships.models import Agreement, Resolution
from sistercities.components import FRAMES
from sistercities.history import RecordHistory
from sistercities.staff import StaffMixin

LATEST = 12
"""Changes on the first page."""

TASKS = [
    ("drafts", _("drafts that nobody but the office sees"), "publication=draft"),
    ("disputed", _("agreements on which the sources disagree"), "verification=disputed"),
    ("unverified", _("agreements that nobody has checked yet"), "verification=unverified"),
    ("approved", _("approved by the council and not signed"), "status=approved"),
    ("expired", _("run out, and neither renewed nor ended"), "status=expired"),
]
"""What can wait for somebody's work: its key in `AgreementQuerySet.to_do`, what it is, and the filter that lists it."""

LOOKED_AT = {Agreement: "number", City: "slug", Resolution: "pk"}
"""The records whose latest changes stand here, and by what their addresses name them."""

BEGINNINGS = [
    ("partnerships", "agreement", _("New agreement")),
    ("cities", "city", _("New city")),
    ("partnerships", "resolution", _("New resolution")),
]


class Dashboard(StaffMixin, TemplateView):
    """What is to be done, what was done last, and the ways to begin."""

    model = Agreement
    template_name = "staff/dashboard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        history = RecordHistory(*((model, {}) for model in LOOKED_AT))
        counts = Agreement.objects.to_do()
        user = self.request.user
        return super().get_context_data(
            tasks=[(counts[key], what, f"{self.address('list')}?{query}") for key, what, query in TASKS if counts[key]],
            latest=[(entry, self.history_of(entry.record)) for entry in history[:LATEST]],
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


class Components(StaffMixin, TemplateView):
    """Every piece of the site's look, in both directions and both themes at once: for whoever designs its next page."""

    model = Agreement
    template_name = "staff/components.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(frames=FRAMES, **kwargs)
