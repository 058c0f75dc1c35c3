"""What a person sets at their desk: the digest, the language, and the private address of the calendar."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.generic import TemplateView

from partnerships.forms.desk import DeskForm
from partnerships.models import Agreement, Desk
from sistercities.staff import StaffMixin


class DeskSettings(StaffMixin, TemplateView):
    """A person's own page. Nobody sees another's."""

    model = Agreement
    template_name = "staff/desk_settings.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        desk = Desk.objects.of(request.user)
        return self.show(desk, DeskForm(instance=desk))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        desk = Desk.objects.of(request.user)
        if request.POST.get("go") == "new_address":
            desk.renew_calendar()
            messages.success(request, gettext("The calendar has a new address; the old one gives nothing any more."))
            return redirect(request.path)
        form = DeskForm(request.POST, instance=desk)
        if not form.is_valid():
            return self.show(desk, form)
        form.save()
        messages.success(request, gettext("Saved."))
        return redirect(request.path)

    def show(self, desk: Desk, form: DeskForm) -> HttpResponse:
        """The page."""
        address = self.request.build_absolute_uri(reverse("data:desk_calendar", args=[desk.calendar_key]))
        return self.render_to_response(self.get_context_data(form=form, calendar_address=address))
