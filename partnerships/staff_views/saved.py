"""The filters that a person saves for themselves: nobody sees or changes another's."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.views.generic import TemplateView

from partnerships.forms.desk import SavedFilterForm
from partnerships.models import Agreement, SavedFilter
from sistercities.forms import Typed
from sistercities.lists import RecordList
from sistercities.sign_in import WHY_HELD, drop, held_here
from sistercities.staff import StaffMixin

LONGEST_QUERY = 4_000
"""Characters of a filter that can be saved; no browser sends much longer ones."""


def list_of(name: str) -> type[RecordList]:
    """The view of the list that saved filters call `name`. Raises Http404 where there is none."""
    try:
        view = resolve(reverse(f"staff:{name}_list")).func.view_class
    except (NoReverseMatch, Resolver404, AttributeError):
        raise Http404 from None
    if not issubclass(view, RecordList):
        raise Http404
    return view


class SavedFilterList(StaffMixin, TemplateView):
    """All filters of the person, by list."""

    model = Agreement
    template_name = "staff/saved_filters.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, list[SavedFilter]] = {}
        for one in SavedFilter.objects.of(self.request.user):
            try:
                name = capfirst(list_of(one.list).model._meta.verbose_name_plural)
            except Http404:
                continue  # the list is gone, and nothing can be shown of it
            found.setdefault(name, []).append(one)
        return super().get_context_data(lists=found, **kwargs)


class SavedFilterPage(StaffMixin, TemplateView):
    """The form of one filter."""

    model = Agreement
    template_name = "staff/saved_filter.html"

    def saved(self) -> SavedFilter:
        """The filter that the form is about."""
        raise NotImplementedError

    @cached_property
    def listing(self) -> type[RecordList]:
        """The list that it belongs to. Raises PermissionDenied for a person who may not see that."""
        listing = list_of(self.instance.list)
        meta = listing.model._meta
        if not self.request.user.has_perm(f"{meta.app_label}.view_{meta.model_name}"):
            raise PermissionDenied
        return listing

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.instance = self.saved()
        held = held_here(request)
        name = (held["data"].get("name") or [""])[0] if held else self.instance.name
        form = SavedFilterForm(instance=self.instance, initial={"name": name})
        return self.show(form, WHY_HELD.get(held["why"], "") if held else "")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        drop(request, request.path)
        self.instance = self.saved()
        form = SavedFilterForm(Typed(request.POST), instance=self.instance)
        if made := form.already_made():
            return self.finish(made)
        if not form.is_valid():
            return self.show(form)
        try:
            with transaction.atomic():
                return self.finish(form.save())
        except IntegrityError:  # another click was quicker
            return self.finish(form.already_made()) if form.already_made() else self.show(form)

    def finish(self, saved: SavedFilter) -> HttpResponse:
        """Say that it is saved, and show the list with it."""
        messages.success(self.request, gettext("The filter “%(name)s” is saved.") % {"name": f"\u2068{saved}\u2069"})
        return redirect(saved.address or reverse("staff:savedfilter_list"))

    def show(self, form: SavedFilterForm, held: str = "") -> HttpResponse:
        """The page with the form."""
        kinds, saved = self.listing.model._meta.verbose_name_plural, self.instance
        asked = QueryDict(saved.query)
        found = self.listing.filter_class(
            asked, self.listing.model.objects.all(), self.listing.columns, self.listing.order
        )
        context = {"form": form, "held": held, "saved": saved, "kinds": kinds, "asked": found.chips}
        return self.render_to_response(self.get_context_data(**context))


class SavedFilterAdd(SavedFilterPage):
    """A new filter: of the list `list`, asking what `query` asks."""

    def saved(self) -> SavedFilter:
        self.instance = SavedFilter(user=self.request.user, list=self.request.GET.get("list", "")[:40])
        asked = QueryDict(self.request.GET.get("query", "")[:LONGEST_QUERY].replace("\0", ""), mutable=True)
        asked.pop("page", None)
        records = self.listing.model.objects.none()
        found = self.listing.filter_class(asked, records, self.listing.columns, self.listing.order)
        self.instance.query = found.tidied(asked).urlencode()
        return self.instance


class SavedFilterEdit(SavedFilterPage):
    """A filter that is saved already: it gets another name, or is deleted."""

    def saved(self) -> SavedFilter:
        return get_object_or_404(SavedFilter.objects.of(self.request.user), pk=self.kwargs["pk"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("go") != "delete":
            return super().post(request, *args, **kwargs)
        saved = self.saved()
        saved.delete()
        messages.success(request, gettext("The filter “%(name)s” is deleted.") % {"name": f"\u2068{saved}\u2069"})
        return redirect("staff:savedfilter_list")
