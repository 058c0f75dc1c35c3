"""The base of every staff page: who may, what is kept of what was typed, and the pages that all records share.

A staff view names its model; the permission follows from model and action. The four pages of a record (list, form,
confirmation, history) stand here once. They go by the names of addresses: `staff:<model>_list`, `_add`, `_edit`,
`_delete`, `_history`, and `_restore`, which every model with a history has (see `restore_pages`).
"""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View
from django.views.generic.base import ContextMixin, TemplateResponseMixin

from sistercities.forms import ConfirmForm, RecordForm, Typed
from sistercities.history import Entry, RecordHistory, columns_of, deed_of
from sistercities.records import Record, StaleRecord
from sistercities.restoring import Version, is_final, parts_lost_with
from sistercities.sign_in import DRAFT, WHY_HELD, ask_to_sign_in, drop, for_one_person, held_here, local, owner_mark
from sistercities.text import clean_text

BRING_BACK = "bring_back"
"""The wish (`go`) of a form that a browser kept as a draft: to be shown again, not to be saved yet."""


def with_undo(sentence: str, address: str) -> str:
    """The sentence that says what was done and, if there is an address at which it can be undone, the way there."""
    return format_html('{} <a href="{}">{}</a>', sentence, address, gettext("Undo")) if address else sentence


def restore_address(row: models.Model, user: Any, back: str) -> str:
    """The address at which `user` can restore what a historical row tells, and come back; "" if they may not."""
    options = row.instance_type._meta
    if not user.has_perm(f"{options.app_label}.delete_{options.model_name}"):
        return ""
    return f"{reverse(f'staff:{options.model_name}_restore', args=[row.history_id])}?{urlencode({'next': back})}"


class StaffMixin:
    """A staff view: `model` and `action` ("view", "add", "change", "delete", "publish") give its permission.

    A visitor is asked to sign in, whoever may not gets 403. `lookup` is the attribute by which addresses name records.
    """

    model: type[models.Model] = Record
    action = "view"
    lookup = "pk"
    holds_what_was_typed = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        if not request.user.has_perm(self.permission(self.action)):
            raise PermissionDenied
        response = for_one_person(super().dispatch(request, *args, **kwargs))
        response["X-Robots-Tag"] = "noindex"
        return response

    def permission(self, action: str) -> str:
        """The name of the permission for `action` on this view's model, as in "partnerships.add_agreement"."""
        return f"{self.model._meta.app_label}.{action}_{self.model._meta.model_name}"

    def may(self, action: str) -> bool:
        """Whether the person may do `action` to this view's model."""
        return self.request.user.has_perm(self.permission(action))

    def address(self, page: str, record: models.Model | None = None) -> str:
        """The address of one of the model's staff pages, as in `self.address("edit", record)`; "" if it has none."""
        try:
            return reverse(
                f"staff:{self.model._meta.model_name}_{page}", args=[getattr(record, self.lookup)] if record else []
            )
        except NoReverseMatch:
            return ""

    @property
    def main_page(self) -> str:
        """The page to which the name of a record leads."""
        return "edit" if self.may("change") else "history"

    @property
    def back(self) -> str:
        """Where the person came from (`next` in the address), else the list."""
        asked = self.request.POST.get("next") or self.request.GET.get("next", "")
        return local(self.request, asked) or self.address("list")

    def carrying_back(self, address: str) -> str:
        """`address` with the way back in it."""
        return f"{address}?{urlencode({'next': self.back})}" if self.back != self.address("list") else address

    def records(self) -> models.QuerySet:
        """The records that this page is about."""
        return self.model.objects.all()

    def get_record(self) -> models.Model:
        """The record that the address names. Raises Http404 if there is none."""
        found = self.records().filter(**{self.lookup: self.kwargs[self.lookup]}).first()
        if found is None:
            raise Http404
        return found

    def traces(self) -> RecordHistory:
        """The history of the record that the address names, without its parts; it outlives the record."""
        key = self.model._meta.pk.attname if self.lookup == "pk" else self.lookup
        return RecordHistory((self.model, {key: self.kwargs[self.lookup]}))

    def pages_of(self, record: models.Model) -> dict[str, str]:
        """The addresses of the record's pages that the person may see, by name."""
        pages = {
            page: self.carrying_back(self.address(page, record))
            for page, action in (("edit", "change"), ("delete", "delete"), ("history", "view"))
            if self.may(action) and self.address(page, record)
        }
        return pages

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            "kind": self.model._meta.verbose_name,
            "kinds": self.model._meta.verbose_name_plural,
            "list_address": self.address("list"),
            "back": self.back,
            "owner": owner_mark(self.request),
            "keeps_drafts": not getattr(self.model, "is_personal", True),
        }
        return super().get_context_data(**(context | kwargs))


class RecordFormView(StaffMixin, TemplateResponseMixin, ContextMixin, View):
    """The page with a record's form; `RecordAdd` and `RecordEdit` are the two."""

    template_name = "staff/form.html"
    form_class: type[RecordForm] = RecordForm

    def get_record(self) -> Record | None:
        raise NotImplementedError

    def get_form(self, data: Any = None) -> RecordForm:
        """The form for the record of the address, with what was typed if anything was."""
        return self.form_class(data, instance=self.record)

    def done(self, record: Record) -> str:
        """The sentence that says what was done."""
        raise NotImplementedError

    def success_address(self, record: Record) -> str:
        """Where the person goes after saving."""
        return self.back

    def warn(self, record: Record) -> None:
        """Say what is possible but odd about what was saved."""
        for warning in getattr(record, "warnings", list)():
            messages.warning(self.request, warning)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.record = self.get_record()
        held = held_here(request)
        if held and "discard" in request.GET:
            drop(request, request.path)
            return redirect(self.carrying_back(request.path))
        if held is None:
            return self.show(self.get_form())
        form = self.get_form(Typed(held["data"]))
        form.forgive()
        return self.show(form, held=WHY_HELD.get(held["why"], ""))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        drop(request, request.path)
        if request.POST.get("go") == BRING_BACK:
            self.record = self.get_record()
            form = self.get_form(Typed(request.POST))
            form.forgive()
            return self.show(form, held=WHY_HELD[DRAFT])
        for _attempt in range(2):  # somebody can be quicker between the check and the write: then both are compared
            self.record = self.get_record()
            form = self.get_form(Typed(request.POST))
            detour = self.detour(form)
            if detour is not None:
                return detour
            valid = form.is_valid()
            if made := form.already_made():
                return self.finish(made)
            if not valid:
                return self.show(form)
            if self.record is not None and not form.has_changed():
                if form.entries:  # somebody else has typed the same
                    return self.finish(self.record)
                messages.info(request, _("Nothing was changed, so nothing was saved."))
                return redirect(self.success_address(self.record))
            try:
                record = form.save(by=request.user)
                self.tell_removed(form)
                return self.finish(record)
            except StaleRecord:
                continue
            except IntegrityError:
                if made := form.already_made():
                    return self.finish(made)
        messages.error(request, _("Others are saving here at this moment, so nothing was saved. Try again."))
        return self.show(self.get_form(Typed(request.POST)))

    def tell_removed(self, form: RecordForm) -> None:
        """Say which parts went with the saving, each with the way to undo it."""
        for name, row in form.removed:
            told = gettext("“%(record)s” was removed.") % {"record": name}
            messages.info(self.request, with_undo(told, restore_address(row, self.request.user, self.back)))

    def detour(self, form: RecordForm) -> HttpResponse | None:
        """An answer to a button of the form other than those that save, as "one more row"; None for those."""
        return None

    def finish(self, record: Record) -> HttpResponse:
        """Say that the record is saved, and what is odd about it, and go on."""
        messages.success(self.request, self.done(record))
        self.warn(record)
        return redirect(self.success_address(record))

    def show(self, form: RecordForm, held: str = "", status: int = 200) -> HttpResponse:
        """The page with the form."""
        context = self.get_context_data(
            form=form,
            record=self.record,
            held=held,
            pages=self.pages_of(self.record) if self.record else {},
            matches=[(match, self.address("edit", match)) for match in form.matches],
        )
        return self.render_to_response(context, status=status)


class RecordAdd(RecordFormView):
    """The page on which a record is made."""

    action = "add"

    def get_record(self) -> None:
        return None

    def done(self, record: Record) -> str:
        return gettext("“%(record)s” is recorded.") % {"record": record}


class RecordEdit(RecordFormView):
    """The page on which a record is changed."""

    action = "change"

    def get_record(self) -> Record:
        return StaffMixin.get_record(self)

    def done(self, record: Record) -> str:
        return gettext("“%(record)s” is saved.") % {"record": record}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except Http404:
            return self.deleted_meanwhile()

    def deleted_meanwhile(self) -> HttpResponse:
        """The form of a record that somebody has deleted: what was typed is there, to be recorded anew."""
        last = next(iter(self.traces()[:1]), None)
        if last is None or last.type != "-" or not self.may("add"):
            raise Http404
        self.record = None
        form = self.get_form(Typed(self.request.POST))
        form.start_anew()
        form.forgive()
        context = self.get_context_data(
            form=form,
            record=None,
            held="",
            pages={},
            matches=[],
            gone=last,
            form_action=self.address("add"),
        )
        return self.render_to_response(context, status=409)


class Confirm(StaffMixin, TemplateResponseMixin, ContextMixin, View):
    """Asks once more before something is done to a record as a whole, and does it.

    `act` may raise ValidationError, whose message is shown. A second click finds `is_done` and is told the same.
    """

    template_name = "staff/confirm.html"
    form_class = ConfirmForm
    title: Any
    explanation: Any = ""
    button: Any
    is_dangerous = False

    def act(self, record: Record, reason: str) -> None:
        """Do it. Raises ValidationError when it may not be done, StaleRecord when somebody was quicker."""
        raise NotImplementedError

    def version_of(self, record: Record) -> int:
        """What tells that the record is as the person saw it."""
        return record.version

    def is_done(self, record: Record) -> bool:
        """Whether it is done already."""
        return False

    def done(self, record: Record) -> str:
        """The sentence that says what was done."""
        raise NotImplementedError

    def undo(self, record: Record) -> str:
        """The address of the page that asks whether to undo it; "" if there is none for this person."""
        return ""

    def heading(self, record: Record) -> str:
        """The question that the page asks."""
        return self.title % {"record": record}

    def points(self, record: Record) -> list[str]:
        """What the person should know before deciding, each a sentence."""
        return []

    def success_address(self, record: Record) -> str:
        """Where the person goes after it is done."""
        return self.back

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.record = self.get_record()
        held = held_here(request)
        reason = (held["data"].get("reason") or [""])[0] if held else ""
        return self.show(self.fresh_form(reason), held=WHY_HELD.get(held["why"], "") if held else "")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        drop(request, request.path)
        self.record = self.get_record()
        if request.POST.get("go") == BRING_BACK:
            return self.show(self.fresh_form(clean_text(request.POST.get("reason", ""))), held=WHY_HELD[DRAFT])
        if self.is_done(self.record):
            return self.finish()
        form = self.form_class(Typed(request.POST))
        if not form.is_valid():
            return self.show(form)
        try:
            if form.seen_version != self.version_of(self.record):
                return self.ask_again(form)
            self.act(self.record, form.cleaned_data["reason"])
        except StaleRecord:
            return self.ask_again(form)
        except models.ProtectedError as error:
            form.add_error(None, self.protected(error))
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            return self.finish()
        self.record = self.get_record()
        return self.show(form)

    def ask_again(self, form: ConfirmForm) -> HttpResponse:
        """The page for the record as it is by now, since somebody was quicker."""
        self.record = self.get_record()
        messages.error(self.request, _("Somebody has changed this since you opened the page. Look at it once more."))
        return self.show(self.fresh_form(form.cleaned_data["reason"]))

    def protected(self, error: models.ProtectedError) -> str:
        """The sentence that says what else needs the record."""
        names = [str(one) for one in list(error.protected_objects)[:5]]
        return gettext("It cannot be deleted, since other records rest on it: %(names)s.") % {
            "names": gettext(", ").join(names)
        }

    def fresh_form(self, reason: str = "") -> ConfirmForm:
        """The form for the record as it is stored now."""
        return self.form_class(initial={"version": self.version_of(self.record), "reason": reason})

    def finish(self) -> HttpResponse:
        """Say that it is done, and go on."""
        messages.success(self.request, with_undo(self.done(self.record), self.undo(self.record)))
        return redirect(self.success_address(self.record))

    def show(self, form: ConfirmForm, held: str = "") -> HttpResponse:
        """The page that asks."""
        context = self.get_context_data(
            form=form,
            record=self.record,
            held=held,
            pages=self.pages_of(self.record),
            points=self.points(self.record),
            title=self.heading(self.record),
            explanation=self.explanation,
            button=self.button,
            is_dangerous=self.is_dangerous,
        )
        return self.render_to_response(context)


class RecordDelete(Confirm):
    """Asks once more, and deletes the record; its history stays, and from there it can be brought back."""

    action = "delete"
    title = _("Delete “%(record)s”?")
    button = _("Delete")
    is_dangerous = True

    @property
    def explanation(self) -> str:
        """What becomes of it."""
        if is_final(self.model):
            return gettext("It cannot be brought back. Who deleted it, when and why stays in the history.")
        return gettext("Who deleted it, when and why stays in the history, and from there it can be brought back.")

    def obstacles(self, record: Record) -> list[str]:
        """What forbids it, each a sentence: the page then says so and asks nothing."""
        try:
            record.check_deletable()
        except ValidationError as error:
            return error.messages
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(obstacles=self.obstacles(kwargs["record"]), **kwargs)

    def points(self, record: Record) -> list[str]:
        return [
            gettext("“%(record)s” goes with it for good, since its file does.") % {"record": part}
            for part in parts_lost_with(self.model.objects.filter(pk=record.pk))
        ]

    def act(self, record: Record, reason: str) -> None:
        self.key = record.pk
        record._history_user, record._change_reason = self.request.user, reason or None
        record.delete()

    def undo(self, record: Record) -> str:
        if is_final(self.model):
            return ""
        traces = self.model.history.filter(**{self.model._meta.pk.attname: self.key})
        return restore_address(traces.order_by("-history_id")[0], self.request.user, self.address("list"))

    def done(self, record: Record) -> str:
        return gettext("“%(record)s” is deleted.") % {"record": record}

    def success_address(self, record: Record) -> str:
        return self.address("list")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except Http404:
            last = self.traces()[:1]
            if not last or last[0].type != "-":
                raise
            messages.success(request, _("It is deleted."))
            return redirect(self.address("list"))


class RecordHistoryView(StaffMixin, TemplateView):
    """What happened to a record and its parts, also after it was deleted."""

    template_name = "staff/history.html"
    paginate_by = 25

    def get_record(self) -> models.Model | None:
        try:
            return super().get_record()
        except Http404:
            return None

    def parts(self, pk: Any) -> list[tuple[type[models.Model], dict[str, Any]]]:
        """The histories of the record's parts, by its key; see `RecordHistory`."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        last = next(iter(self.traces()[:1]), None)
        if last is None:
            raise Http404
        record = self.get_record()
        pk = last.record.pk
        own = (self.model, {self.model._meta.pk.attname: pk})
        history = RecordHistory.as_seen_by(self.request.user, own, *self.parts(pk))
        asked = [column for column in columns_of(self.model) if column.name in self.request.GET.getlist("of")]
        if asked:
            history = history.of_columns(column.name for column in asked)
        elif "of" in self.request.GET:
            messages.warning(
                self.request, _("The address asks for a field that does not exist: all changes are shown.")
            )
        page = Paginator(history, self.paginate_by).get_page(self.request.GET.get("page"))
        page.object_list = self.with_ways_back(page.object_list)
        return super().get_context_data(
            record=record or last.record,
            is_deleted=record is None,
            asked=[capfirst(str(column.verbose_name)) for column in asked],
            page_obj=page,
            pages=self.pages_of(record) if record else {},
        )

    def with_ways_back(self, entries: list[Entry]) -> list[Entry]:
        """The entries, each with the address at which the person can restore the record as it was then."""
        stored: dict[type[models.Model], dict[Any, int]] = {}
        for model in {type(entry.record) for entry in entries}:
            keys = [entry.record.pk for entry in entries if type(entry.record) is model]
            stored[model] = dict(model._base_manager.filter(pk__in=keys).values_list("pk", "version"))
        return [self._with_way_back(entry, stored[type(entry.record)]) for entry in entries]

    def _with_way_back(self, entry, stored):
        model, key = type(entry.record), entry.record.pk
        if key in stored:
            is_offered = entry.type != "-" and entry.version != stored[key]
        else:
            is_offered = entry.type == "-" and not is_final(model)
        if not is_offered:
            return entry
        row = model.history.model(history_id=entry.id)
        return replace(entry, way_back=restore_address(row, self.request.user, self.request.get_full_path()))


class RecordRestore(Confirm):
    """Shows how an earlier version differs from what is stored, and restores it; or brings a deleted record back."""

    action = "delete"
    template_name = "staff/restore.html"
    button = _("Restore")

    @cached_property
    def version(self) -> Version:
        """The version that the address names by its entry in the history. Raises Http404 if there is none."""
        row = self.model.history.filter(history_id=self.kwargs["entry"]).first()
        if row is None:
            raise Http404
        return Version(row)

    def get_record(self) -> Record:
        self.__dict__.pop("version", None)  # asked anew after somebody was quicker
        return self.version.stored or self.version.row.instance

    def address(self, page: str, record: models.Model | None = None) -> str:
        """As everywhere; a model without a list leads back to the work."""
        if page not in {"list", "add"}:
            return ""
        return super().address(page) or reverse("staff:dashboard")

    def heading(self, record: Record) -> str:
        wanted = {"record": record, "day": deed_of(self.version.row)}
        if self.version.stored is None:
            return gettext("Bring “%(record)s” back as it was on %(day)s?") % wanted
        return gettext("Restore “%(record)s” as it was on %(day)s?") % wanted

    def points(self, record: Record) -> list[str]:
        return self.version.missing

    def is_done(self, record: Record) -> bool:
        return self.version.stored is not None and (self.version.is_deletion or not self.version.changes)

    def act(self, record: Record, reason: str) -> None:
        try:
            self.record = self.version.restore(self.request.user, reason)
        except IntegrityError:
            raise StaleRecord(record) from None

    def done(self, record: Record) -> str:
        if self.version.is_deletion:
            return gettext("“%(record)s” is back. It is not published.") % {"record": record}
        return gettext("“%(record)s” is as it was on %(day)s.") % {"record": record, "day": deed_of(self.version.row)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {"version": self.version, "obstacles": self.version.obstacles}
        return super().get_context_data(**(context | kwargs))


def restore_pages() -> list[URLPattern]:
    """The address at which an earlier version is restored, for every model whose records have a history."""
    return [
        path(f"history/{name}/<int:entry>/", RecordRestore.as_view(model=model), name=f"{name}_restore")
        for model in apps.get_models()
        if issubclass(model, Record) and hasattr(model, "history")
        for name in [model._meta.model_name]
    ]
