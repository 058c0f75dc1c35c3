"""The Django admin over the records: for administrators, and with every rule of the register in force.

A record is checked in full before it is written, a stale or repeated form writes nothing, a change with its
relations is one history entry, and what must not be deleted is not.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sistercities.fields import UncertainDateAdminWidget, UncertainDateField
from sistercities.forms import DayField, RecordForm, RecordFormSet, RowForm, Typed, WebAddressField
from sistercities.history import RecordHistory
from sistercities.quantities import AmountField, RealNumberField, WholeNumberField
from sistercities.records import Record, StaleRecord
from sistercities.sign_in import DETOUR, WHY_HELD, ask_to_sign_in, drop, held_here, hold, owner_mark, pack, unpack
from sistercities.templatetags.register import day
from sistercities.text import clean_text

admin.site.site_title = _("Administration of the register")
admin.site.site_header = _("Sister Cities: administration")
admin.site.index_title = _("Everything in the register")


UNSEEN = _(
    "Others have changed something here since you opened the page, so nothing was deleted. Look, and decide anew."
)


class Completion(AutocompleteJsonView):
    """What a field offers while one types. A desk with `completion(record)` says how its records read there."""

    def serialize_result(self, obj: models.Model, to_field_name: str) -> dict[str, str]:
        """The record's key and what is offered."""
        read = getattr(self.model_admin, "completion", str)
        return super().serialize_result(obj, to_field_name) | {"text": read(obj)}


admin.site.autocomplete_view = Completion.as_view(admin_site=admin.site)


class HoldingPage:
    """By this the answer to an expired page knows that what was typed into it is shown again; see `csrf_failure`."""

    holds_what_was_typed = True


def holding(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The page `view` with a form of which nothing is lost when the session ends."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if request.user.is_authenticated else ask_to_sign_in(request)

    page.view_class = HoldingPage
    return page


class InAdmin:
    """Makes of a record's form its form in the admin, where Django draws the fields and holds the rows."""

    held: Typed | None = None
    """What was typed before and is not saved yet, and `why_held`: the sentence that says why."""
    why_held: Any = ""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(self.held if data is None else data, *args, **kwargs)
        self.fields["reason"].widget = AdminTextInputWidget()
        self.instance.form_in_admin = self  # by which the rows, made after it, find their form

    def make_parts(self) -> list[Any]:
        """None of its own: see `RecordAdmin._create_formsets`."""
        return []

    def clean(self) -> dict[str, Any]:
        """Refuse a form that has been saved already."""
        cleaned = super().clean()
        if made := self.already_made():
            self.add_error(None, _("This form has been saved already, as “%(record)s”.") % {"record": made})
        return cleaned


def in_admin(form: type[RecordForm]) -> type[RecordForm]:
    """The form of the staff pages, with all its rules, for the admin."""
    return type(f"{form.__name__}InAdmin", (InAdmin, form), {"__doc__": form.__doc__})


def once_more(
    view: Callable[..., HttpResponse], request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponse | None:
    """What the admin's `view` answers; None when others were quicker twice. It writes all of a step or nothing.

    When somebody else wrote between its reading and its writing, nothing is kept and it is asked anew: then it reads
    what they wrote, and its own checks say what is wrong.
    """
    if request.method != "POST":
        return view(request, *args, **kwargs)
    for _attempt in range(2):
        try:
            with transaction.atomic():
                return view(request, *args, **kwargs)
        except (StaleRecord, IntegrityError, ProtectedError, ValidationError):
            continue
    return None


def ask_again(request: HttpRequest, why: Any) -> HttpResponse:
    """Show the page anew, which says that nothing was done and `why`."""
    messages.error(request, why)
    return redirect(request.get_full_path())


class RecordAdmin(admin.ModelAdmin):
    """A record in the admin. The queryset of its model has `search(text)`."""

    form = in_admin(RecordForm)
    formfield_overrides = {
        UncertainDateField: {"widget": UncertainDateAdminWidget},
        models.IntegerField: {"form_class": WholeNumberField, "widget": AdminTextInputWidget},
        models.BigIntegerField: {"form_class": WholeNumberField, "widget": AdminTextInputWidget},
        models.DecimalField: {"form_class": AmountField, "widget": AdminTextInputWidget},
        models.FloatField: {"form_class": RealNumberField, "widget": AdminTextInputWidget},
        models.TextField: {"widget": AdminTextareaWidget({"rows": 4})},
        models.DateField: {"form_class": DayField, "widget": UncertainDateAdminWidget},
        models.URLField: {"form_class": WebAddressField, "widget": AdminTextInputWidget},
    }
    search_fields = ("pk",)  # Django asks for some; `get_search_results` searches as the register does
    list_per_page = 50
    fixed_fields: Sequence[str] = ()
    """Fields that can be given only when the record is made."""
    change_form_template = "admin/record_form.html"
    delete_confirmation_template = "admin/record_delete.html"
    delete_selected_confirmation_template = "admin/records_delete.html"
    object_history_template = "admin/record_history.html"

    def get_urls(self) -> list[URLPattern]:
        """As Django's; the pages with a form hold what was typed."""
        pages = super().get_urls()
        for one in pages:
            if one.name and one.name.endswith(("_add", "_change", "_delete")):
                one.callback = holding(one.callback)
        return pages

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Those that the register's own search finds."""
        return (queryset.search(search_term) if search_term else queryset), False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Record | None:
        """The record with this key; None if there is none, nor can be."""
        return None if "\0" in object_id else super().get_object(request, object_id, from_field)

    def get_readonly_fields(self, request: HttpRequest, obj: Record | None = None) -> list[str]:
        """The declared ones and, once the record is made, those that do not change any more."""
        return [*super().get_readonly_fields(request, obj), *(self.fixed_fields if obj else ())]

    def get_fieldsets(self, request: HttpRequest, obj: Record | None = None) -> list[tuple[Any, dict[str, Any]]]:
        """The declared ones and, where something can be saved, what is about the form itself."""
        fieldsets = list(super().get_fieldsets(request, obj))
        if obj is None and self.has_add_permission(request):
            fieldsets.append((_("Saving"), {"fields": ["distinct", "reason", "submission"]}))
        elif obj and self.has_change_permission(request, obj):
            fieldsets.append((_("Saving"), {"fields": ["reason", "version", "submission"]}))
        return fieldsets

    def get_form(self, request: HttpRequest, obj: Record | None = None, change: bool = False, **kwargs: Any) -> type:
        """As Django's; the fields about the form itself come with it and are no columns to be edited."""
        names = kwargs.pop("fields", None) or flatten_fieldsets(self.get_fieldsets(request, obj))
        columns = [name for name in names if name not in self.form.about_the_form]
        form = super().get_form(request, obj, change, fields=columns, **kwargs)
        if held := getattr(request, "held", None):
            form.held, form.why_held = Typed(held["data"]), WHY_HELD.get(held["why"], "")
        return form

    def get_formset_kwargs(self, request: HttpRequest, obj: Record, inline: Any, prefix: str) -> dict[str, Any]:
        """As Django's; what was typed into the rows is cleaned as everywhere."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        data = kwargs.get("data", obj.form_in_admin.held)
        return kwargs if data is None else kwargs | {"data": Typed(data)}

    def _create_formsets(self, request: HttpRequest, obj: Record, change: bool) -> tuple[list[Any], list[Any]]:
        """As Django's; the rows become parts of the form, which judges and saves them with the record."""
        formsets, inlines = super()._create_formsets(request, obj, change)
        form = obj.form_in_admin
        if form.is_bound:
            form.parts = formsets
        if form.held:
            form.forgive()
        return formsets, inlines

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The page with the form, which says whose it is."""
        return super().render_change_form(request, context | {"owner": owner_mark(request)}, **kwargs)

    def save_form(self, request: HttpRequest, form: RecordForm, change: bool) -> Record:
        """The record with what was typed, not yet written."""
        return form.instance

    def save_model(self, request: HttpRequest, obj: Record, form: RecordForm, change: bool) -> None:
        """Left to `save_related`: a record and its relations are one step and one history entry."""

    def save_related(self, request: HttpRequest, form: RecordForm, formsets: list[Any], change: bool) -> None:
        """Write the record, its relations and its rows, unless nothing would change."""
        if not change or form.has_changed():
            record = form.save(by=request.user)
            for warning in getattr(record, "warnings", list)():
                messages.warning(request, warning)

    def construct_change_message(self, request: HttpRequest, form: RecordForm, formsets: Any, add: bool = False) -> Any:
        """The fields of the record itself, for the admin's own log; the history tells of the rows too."""
        return super().construct_change_message(request, form, None, add)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add and change; a save that somebody else's overtook is told as a stale one."""
        if request.method == "POST":
            drop(request, request.path)
        elif "discard" in request.GET:
            drop(request, request.path)
            return redirect(request.path)
        request.held = held_here(request)
        answer = once_more(super().changeform_view, request, *args, **kwargs)
        if answer is None:
            hold(request, request.path, unpack(pack(request.POST)), DETOUR)
            return ask_again(request, _("Others are saving here at this moment, so nothing was saved. Try again."))
        return answer

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Delete one; what has come to be held, or was changed, meanwhile is told, and the reason typed stays."""
        if request.method == "POST":
            drop(request, request.path)
        held = held_here(request) or {"data": {}, "why": ""}
        context = {
            "owner": owner_mark(request),
            "reason": (held["data"].get("reason") or [""])[0],
            "why_held": WHY_HELD.get(held["why"], ""),
        }
        answer = once_more(super().delete_view, request, object_id, context | (extra_context or {}))
        if answer is None:
            hold(request, request.path, unpack(pack(request.POST)), DETOUR)
            return ask_again(request, UNSEEN)
        return answer

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """List, and delete several; what has come to be held, or was changed, meanwhile is told."""
        return once_more(super().changelist_view, request, *args, **kwargs) or ask_again(request, UNSEEN)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[list, dict, set, list]:
        """What goes with `objs`, or why one of them must not be deleted."""
        refused = []
        for record in objs:
            try:
                record.check_deletable()
            except ValidationError as error:
                refused += [f"{record}: {message}" for message in error.messages]
        return ([], {}, set(), refused) if refused else super().get_deleted_objects(objs, request)

    def part_histories(self, pk: Any) -> list[tuple[type[models.Model], dict[str, Any]]]:
        """The histories of the record's parts, by its key; see `RecordHistory`."""
        return []

    def delete_model(self, request: HttpRequest, obj: Record) -> None:
        """Delete the record; who and why stand in its history."""
        self.delete_queryset(request, [obj])

    def delete_queryset(self, request: HttpRequest, queryset: Iterable[Record]) -> None:
        """Delete the records one by one, all of them or none; who and why stand in the history of each.

        Raises StaleRecord when the person has not seen what would be deleted: the page sends `key:version` of each.
        """
        reason, seen = clean_text(request.POST.get("reason", ""))[:500], request.POST.getlist("seen")
        for record in queryset:
            if f"{record.pk}:{record.version}" not in seen:
                raise StaleRecord(record)
            record._history_user, record._change_reason = request.user, reason or None
            record.delete()

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Every step of the record's life; it can be read, never changed, and outlives the record."""
        record = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        key = self.model._meta.pk
        try:
            pk = key.to_python(unquote(object_id))
        except ValidationError:
            raise Http404 from None
        if "\0" in object_id or not self.model.history.filter(**{key.attname: pk}).exists():
            raise Http404
        history = RecordHistory((self.model, {key.attname: pk}), *self.part_histories(pk))
        page = Paginator(history, self.list_per_page).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("History: %(record)s") % {"record": record or unquote(object_id)},
            "subtitle": None,
            "opts": self.opts,
            "record": record,
            "page": page,
            "preserved_filters": self.get_preserved_filters(request),
        }
        return TemplateResponse(request, self.object_history_template, context | (extra_context or {}))

    @admin.display(description=_("changed"), ordering="updated_at")
    def changed(self, record: Record) -> str:
        """When the record was last written, in both calendars."""
        return day(record.updated_at)


class RowInline(admin.StackedInline):
    """The rows of a record that belong to it alone, edited on its page."""

    form = RowForm
    formset = RecordFormSet
    formfield_overrides = RecordAdmin.formfield_overrides
    extra = 0

    def get_formset(self, request: HttpRequest, obj: Record | None = None, **kwargs: Any) -> type:
        """As Django's, see `RecordAdmin.get_form`."""
        names = flatten_fieldsets(self.get_fieldsets(request, obj))
        fields = [name for name in names if name != "version"]
        # However many rows a request claims, no more are made.
        return super().get_formset(request, obj, fields=fields, absolute_max=self.get_max_num(request, obj), **kwargs)


class ReadOnlyAdmin(admin.ModelAdmin):
    """What the admin shows and nobody edits there."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Nobody."""
        return False


class AccountAdmin(UserAdmin):
    """An account in the admin. One that has written to the register is closed, not deleted: the history names it."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[list, dict, set, list]:
        """What goes with `objs`, or which of them have written to the register."""
        refused = [
            _("%(user)s appears in the history of the register: close the account instead, by clearing “active”.")
            % {"user": user}
            for user in objs
            if has_written(user)
        ]
        return ([], {}, set(), refused) if refused else super().get_deleted_objects(objs, request)


def has_written(user: User) -> bool:
    """Whether any record, or its history, names `user`: as who wrote it, verified, published or withdrew it."""
    for model in (one for one in apps.get_models() if issubclass(one, Record)):
        columns = [column.name for column in model._meta.fields if column.related_model is User]
        named = [model.objects.filter(**{name: user}) for name in columns]
        named += [model.history.filter(**{name: user}) for name in ("history_user", *columns)]
        if any(records.exists() for records in named):
            return True
    return False


admin.site.unregister(User)
admin.site.register(User, AccountAdmin)
