"""The Django admin over the records: for administrators, and with every rule of the register in force.

A record is checked in full before it is written, a stale or repeated form writes nothing, a change with its
relations is one history entry, and what must not be deleted is not.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sistercities.fields import UncertainDateAdminWidget, UncertainDateField
from sistercities.forms import DayField, RecordForm, RecordFormSet, RowForm, Typed, WebAddressField
from sistercities.history import RecordHistory
from sistercities.quantities import RealNumberField, WholeNumberField
from sistercities.records import Record, StaleRecord
from sistercities.templatetags.register import day
from sistercities.text import clean_text

admin.site.site_title = _("Administration of the register")
admin.site.site_header = _("Sister Cities: administration")
admin.site.index_title = _("Everything in the register")


class InAdmin:
    """Makes of a record's form its form in the admin, where Django draws the fields and holds the rows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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


def once_more(view: Callable[..., HttpResponse], request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """What the admin's `view` answers.

    When somebody else wrote between its reading and its writing, nothing is kept and it is asked anew: then it reads
    what they wrote, and its own checks say what is wrong.
    """
    if request.method != "POST":
        return view(request, *args, **kwargs)
    try:
        with transaction.atomic():
            return view(request, *args, **kwargs)
    except (StaleRecord, IntegrityError, ProtectedError, ValidationError):
        return view(request, *args, **kwargs)


class RecordAdmin(admin.ModelAdmin):
    """A record in the admin. The queryset of its model has `search(text)`."""

    form = in_admin(RecordForm)
    formfield_overrides = {
        UncertainDateField: {"widget": UncertainDateAdminWidget},
        models.IntegerField: {"form_class": WholeNumberField, "widget": AdminTextInputWidget},
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
            fieldsets.append((_("Saving"), {"fields": ["reason", "version"]}))
        return fieldsets

    def get_form(self, request: HttpRequest, obj: Record | None = None, change: bool = False, **kwargs: Any) -> type:
        """As Django's; the fields about the form itself come with it and are no columns to be edited."""
        names = kwargs.pop("fields", None) or flatten_fieldsets(self.get_fieldsets(request, obj))
        columns = [name for name in names if name not in self.form.about_the_form]
        return super().get_form(request, obj, change, fields=columns, **kwargs)

    def get_formset_kwargs(self, request: HttpRequest, obj: Record, inline: Any, prefix: str) -> dict[str, Any]:
        """As Django's; what was typed into the rows is cleaned as everywhere."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        return kwargs | {"data": Typed(kwargs["data"])} if "data" in kwargs else kwargs

    def _create_formsets(self, request: HttpRequest, obj: Record, change: bool) -> tuple[list[Any], list[Any]]:
        """As Django's; the rows become parts of the form, which judges and saves them with the record."""
        formsets, inlines = super()._create_formsets(request, obj, change)
        if request.method == "POST":
            obj.form_in_admin.parts = formsets
        return formsets, inlines

    def save_form(self, request: HttpRequest, form: RecordForm, change: bool) -> Record:
        """The record with what was typed, not yet written."""
        return form.instance

    def save_model(self, request: HttpRequest, obj: Record, form: RecordForm, change: bool) -> None:
        """Left to `save_related`: a record and its relations are one step and one history entry."""

    def save_related(self, request: HttpRequest, form: RecordForm, formsets: list[Any], change: bool) -> None:
        """Write the record, its relations and its rows, unless nothing would change."""
        if not change or form.has_changed():
            form.save(by=request.user)

    def construct_change_message(self, request: HttpRequest, form: RecordForm, formsets: Any, add: bool = False) -> Any:
        """The fields of the record itself, for the admin's own log; the history tells of the rows too."""
        return super().construct_change_message(request, form, None, add)

    def changeform_view(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add and change; a save that somebody else's overtook is told as a stale one."""
        return once_more(super().changeform_view, *args, **kwargs)

    def delete_view(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Delete one; what has come to be held meanwhile is told."""
        return once_more(super().delete_view, *args, **kwargs)

    def changelist_view(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """List, and delete several; what has come to be held meanwhile is told."""
        return once_more(super().changelist_view, *args, **kwargs)

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
        """Delete the records one by one, all of them or none; who and why stand in the history of each."""
        reason = clean_text(request.POST.get("reason", ""))[:500]
        for record in queryset:
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
        return super().get_formset(request, obj, fields=[name for name in names if name != "version"], **kwargs)


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
            _("%(user)s stands in the history of the register: close the account instead, by taking away “active”.")
            % {"user": user}
            for user in objs
            if has_written(user)
        ]
        return ([], {}, set(), refused) if refused else super().get_deleted_objects(objs, request)


def has_written(user: User) -> bool:
    """Whether the history of any record names `user`."""
    records = (model for model in apps.get_models() if issubclass(model, Record))
    return any(model.history.filter(history_user=user).exists() for model in records)


admin.site.unregister(User)
admin.site.register(User, AccountAdmin)
