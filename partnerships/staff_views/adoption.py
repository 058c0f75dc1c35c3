"""How a register becomes a city's: its home city is chosen from the gazetteer, and its list is sent."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from cities.forms import HomeCityForm
from cities.models import City, Place
from cities.staff_views import SUGGESTED
from partnerships.models import Import
from sistercities.browsing import one_line
from sistercities.forms import Typed, whole
from sistercities.sign_in import WHY_HELD, drop, held_here
from sistercities.staff import StaffMixin
from sistercities.text import latin_digits


class HomeCity(StaffMixin, TemplateView):
    """The home city: looked up in the gazetteer (`q`), then named and chosen (`place`).

    Whoever may import chooses it: with it and a list of its agreements a register begins.
    """

    model = Import
    action = "add"
    template_name = "staff/home_city.html"

    @cached_property
    def home(self) -> City | None:
        """The home city as it is now."""
        return City.objects.with_country().home()

    @property
    def is_settled(self) -> bool:
        """Whether agreements hold the home city where it is."""
        return self.home is not None and self.home.agreements_as_home.exists()

    @cached_property
    def place(self) -> Place | None:
        """The place that was picked; of a number that no place has, the person is told."""
        asked = one_line(self.request.GET.get("place"))
        if not asked:
            return None
        found = Place.objects.select_related("country").filter(pk=whole(latin_digits(asked))).first()
        if found is None:
            messages.warning(self.request, _("There is no such place in the gazetteer. Look it up by its name."))
        return found

    def get_template_names(self) -> list[str]:
        """The page, or of it the places alone for what has been typed so far."""
        return ["staff/home_city/places.html"] if self.request.htmx else [self.template_name]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        held = held_here(request)
        if held and self.place:
            messages.warning(request, WHY_HELD.get(held["why"], ""))
            return self.show(HomeCityForm(Typed(held["data"]), self.place))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        drop(request, request.path)
        if self.place is None:
            return redirect(request.path)
        form = HomeCityForm(Typed(request.POST), self.place)
        if not form.is_valid():
            return self.show(form)
        try:
            city = form.save(by=request.user)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
            return self.show(form)
        except IntegrityError:  # another click was quicker
            return redirect(request.path)
        messages.success(
            request, gettext("%(city)s is the home city now: the site bears its name.") % {"city": city.name}
        )
        return redirect("staff:import_add")

    def show(self, form: HomeCityForm) -> HttpResponse:
        """The page with what was typed."""
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = one_line(self.request.GET.get("q"))[:200]
        found = [] if self.place else list(Place.objects.suggest(query)[: SUGGESTED + 1])
        context = {
            "home": self.home,
            "is_settled": self.is_settled,
            "query": query,
            "places": found[:SUGGESTED],
            "has_more": len(found) > SUGGESTED,
            "place": self.place,
            "form": HomeCityForm(None, self.place) if self.place else None,
        }
        return super().get_context_data(**(context | kwargs))
