"""What is done to many records at once: chosen in a list, looked at, then done to each with an entry of its own.

Nothing is changed before the preview was sent. What that showed travels with it, signed: the records and the version of
each, so that none is touched that somebody has changed since. All that is done is done in one transaction; what could
not be done is told with its reason, and a second click finds everything done and says the same.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from django.views.generic.base import ContextMixin, TemplateResponseMixin

from sistercities.forms import Typed
from sistercities.lists import RecordList
from sistercities.records import Record, StaleRecord
from sistercities.sign_in import WHY_HELD, drop, held_here
from sistercities.staff import StaffMixin
from sistercities.text import number

AT_MOST = 500
"""Records of which one preview can speak, and to which something is done in one transaction.

Each costs some ten milliseconds, and on SQLite everybody else who wants to save waits: five seconds can be borne.
"""

NAMED = 200
"""Records that a page names; of more it gives the number."""

ACCOUNTS = "accounts"
"""Where the session keeps the accounts of what was done."""

KEPT = 3
"""Accounts that one session keeps; the oldest gives way."""


class Verb:
    """Something that can be done to each of many records. `name` stands in addresses, `action` gives the permission.

    A verb that has to know more, as the domain to add (`needs_value`), offers it in `values`; what was chosen is then
    the `value` of its methods, else that is "". `undone_by` names the verb that takes it back, with what `before` says.
    """

    name = ""
    label: str | Promise = ""
    action = "change"
    explanation: str | Promise = ""
    undone_by = ""
    needs_value = False
    needs_reason = False
    is_dangerous = False

    @cached_property
    def values(self) -> dict[str, str]:
        """What can be chosen, each with its label; nothing for a verb that needs no more."""
        return {}

    def called(self, value: str) -> str:
        """What the verb does, as a heading."""
        chosen = self.values.get(value)
        return gettext("%(verb)s: %(value)s") % {"verb": self.label, "value": chosen} if chosen else str(self.label)

    def prepared(self, records: models.QuerySet) -> models.QuerySet:
        """`records` with what `obstacles` and `effect` look at: the same number of queries for one and for many."""
        return records

    def obstacles(self, record: Record, value: str) -> list[str]:
        """Why it cannot be done to the record, each a sentence; empty when it can."""
        return []

    def effect(self, record: Record, value: str) -> str:
        """What is worth knowing of what it does to this very record; "" where that goes without saying."""
        return ""

    def is_done(self, record: Record, value: str) -> bool:
        """Whether the record is as the verb leaves it."""
        raise NotImplementedError

    def before(self, record: models.Model, value: str) -> str:
        """The value with which `undone_by` takes it back; `record` is as it was, or its historical row."""
        return value

    def act(self, record: Record, value: str, by: Any, reason: str) -> None:
        """Do it, as one entry of the record's history. Raises ValidationError, and StaleRecord as `Record.save`."""
        raise NotImplementedError


@dataclass(frozen=True)
class Seen:
    """A record as the preview showed it: its key, its version, and what the verb is to do it with."""

    key: int
    version: int
    value: str = ""


@dataclass(frozen=True)
class Judged:
    """A record with why nothing can be done to it ("" when it can), and what is worth knowing of what will be done."""

    name: str
    refusal: str = ""
    effect: str = ""


@dataclass
class Account:
    """What was done: the key of each record, the version that it has now and what takes it back; and what was not."""

    verb: str
    value: str
    done: list[list[Any]] = field(default_factory=list)
    refused: list[list[str]] = field(default_factory=list)
    query: str = ""

    @property
    def named(self) -> list[list[str]]:
        """Those that were refused and are named, each with the reason."""
        return self.refused[:NAMED]

    @property
    def rest(self) -> int:
        """How many more were refused."""
        return len(self.refused) - len(self.named)


class TogetherForm(forms.Form):
    """Why something is done to many records, and which they are."""

    selection = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands in the history of each of them."),
        error_messages={"required": _("Say why: it stands in the history of each of them.")},
    )

    def __init__(self, verb: Verb, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = verb.needs_reason


class Together(StaffMixin, TemplateResponseMixin, ContextMixin, View):
    """The preview of something done to many records (GET), the doing (POST), and the account of it (GET, `account`).

    `listing` is the list in which they are chosen: by `of` (what addresses name them by), or all that its filter finds
    (`all`, with the list's own parameters in `filter`). `undo` names an account whose doing is to be taken back.
    """

    action = "change"
    template_name = "staff/together.html"
    listing: type[RecordList]

    @property
    def back(self) -> str:
        """The list as it was."""
        query = self.query
        return f"{self.address('list')}?{query}" if query else self.address("list")

    @property
    def query(self) -> str:
        """The parameters of the list as it was."""
        return QueryDict(self.request.GET.get("filter", "")).urlencode()

    def verb(self, name: str) -> Verb | None:
        """The verb of that name. Raises PermissionDenied when it is not for this person."""
        found = next((verb for verb in self.listing.verbs if verb.name == name), None)
        if found and not self.may(found.action):
            raise PermissionDenied
        return found and found()

    @cached_property
    def accounts(self) -> dict[str, Any]:
        """The accounts that the session keeps, by what names them."""
        return self.request.session.get(ACCOUNTS, {})

    def account(self, parameter: str) -> Account | None:
        """The account of this model's records that the parameter names."""
        kept = self.accounts.get(self.request.GET.get(parameter, ""))
        return Account(**kept["account"]) if kept and kept["model"] == self.model._meta.label else None

    def refuse(self, why: str) -> HttpResponse:
        """Back to the list, saying why nothing can be shown."""
        messages.error(self.request, why)
        return redirect(self.back)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "account" in request.GET:
            account = self.account("account")
            return self.tell(account) if account else self.refuse(gettext("The account of this is not kept any more."))
        if "undo" in request.GET:
            account = self.account("undo")
            verb = self.verb(self.verb(account.verb).undone_by) if account else None
            if verb is None:
                return self.refuse(gettext("It cannot be taken back from here any more."))
            seen = [Seen(*row) for row in account.done]
            values = {one.value for one in seen}
            return self.preview(verb, seen, values.pop() if len(values) == 1 else "")
        name, _colon, value = request.GET.get("verb", "").partition(":")
        verb = self.verb(name)
        if verb is None or (value not in verb.values if verb.values or verb.needs_value else value):
            return self.refuse(gettext("Choose what is to be done with them."))
        try:
            chosen = self.chosen()
        except ValidationError as error:
            return self.refuse(" ".join(error.messages))
        if not chosen:
            return self.refuse(gettext("Tick the records to which it is to be done, or choose all."))
        return self.preview(verb, [Seen(*row, value) for row in chosen[:AT_MOST]], value, len(chosen) > AT_MOST)

    def chosen(self) -> list[tuple[int, int]]:
        """The key and the version of each record that was chosen, in the order of the list; one more than AT_MOST.

        Raises ValidationError where the filter is not understood: then all that it finds is not what was meant.
        """
        records = self.model.objects.all()
        if "all" in self.request.GET:
            asked = QueryDict(self.request.GET.get("filter", ""), mutable=True)
            asked.pop("page", None)
            listed = self.listing.filter_class(asked, records, self.listing.columns, self.listing.order)
            if listed.complaints:
                raise ValidationError(listed.complaints)
            found = listed.qs
        else:
            keys = [key for key in self.request.GET.getlist("of") if key.isascii() and key.isdigit() and len(key) < 10]
            found = records.among(self.lookup, keys)
        return list(found.values_list("pk", "version")[: AT_MOST + 1])

    def judge(self, verb: Verb, seen: Iterable[Seen]) -> tuple[list[Judged], dict[int, Record]]:
        """What would come of it for each record as it is stored now, and those to which it can be done."""
        seen = list(seen)
        stored = verb.prepared(self.model.objects.all()).in_bulk([one.key for one in seen])
        judged, able = [], {}
        for one in seen:
            record = stored.get(one.key)
            if record is None:
                judged.append(Judged(gettext("Deleted"), gettext("It was deleted meanwhile.")))
            elif record.version != one.version:
                judged.append(Judged(str(record), gettext("Somebody has changed it since this was shown.")))
            elif obstacles := verb.obstacles(record, one.value):
                judged.append(Judged(str(record), " ".join(map(str, obstacles))))
            else:
                able[one.key] = record
                judged.append(Judged(str(record), "", verb.effect(record, one.value)))
        return judged, able

    def preview(
        self, verb: Verb, seen: list[Seen], value: str, is_cut: bool = False, form: TogetherForm | None = None
    ) -> HttpResponse:
        """The page that says what would be done to which records, and asks."""
        held = held_here(self.request)
        judged, able = self.judge(verb, seen)
        if form is None:
            reason = (held["data"].get("reason") or [""])[0] if held else ""
            form = TogetherForm(verb, initial={"selection": self.signed(verb, seen, value), "reason": reason})
        will, not_done = [one for one in judged if not one.refusal], [one for one in judged if one.refusal]
        return self.render_to_response(
            self.get_context_data(
                form=form,
                verb=verb,
                title=verb.called(value),
                held=WHY_HELD.get(held["why"], "") if held else "",
                count=len(judged),
                able=len(able),
                will=will[:NAMED],
                will_rest=len(will) - len(will[:NAMED]),
                refused=not_done[:NAMED],
                refused_rest=len(not_done) - len(not_done[:NAMED]),
                cut=gettext("At most %(most)s records can be done at once: these are the first.")
                % {"most": number(AT_MOST)}
                if is_cut
                else "",
            )
        )

    def signed(self, verb: Verb, seen: list[Seen], value: str) -> str:
        """What the preview shows, as a text that nobody can alter."""
        rows = [[one.key, one.version, one.value] for one in seen]
        return signing.dumps([self.request.user.pk, verb.name, value, rows], salt=self.salt, compress=True)

    @property
    def salt(self) -> str:
        """What keeps the preview of one model from being sent to another's."""
        return f"together:{self.model._meta.label}"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        drop(request, request.path)
        data = Typed(request.POST)
        try:
            user, name, value, rows = signing.loads(data.get("selection", ""), salt=self.salt)
        except signing.BadSignature:
            return self.refuse(gettext("The preview is not complete. Nothing was done: choose the records once more."))
        verb = self.verb(name)
        if user != request.user.pk or verb is None:
            return self.refuse(gettext("The preview was made for another account. Nothing was done."))
        seen = [Seen(*row) for row in rows]
        form = TogetherForm(verb, data)
        if not form.is_valid():
            return self.preview(verb, seen, value, form=form)
        account = self.carry_out(verb, seen, form.cleaned_data["reason"])
        account.value, account.query = value, self.query
        # Of a second click the account goes by the same name.
        key = hashlib.sha256(data["selection"].encode()).hexdigest()[:16]
        kept = {name: one for name, one in self.accounts.items() if name != key}
        kept[key] = {"model": self.model._meta.label, "account": vars(account)}
        request.session[ACCOUNTS] = dict(list(kept.items())[-KEPT:])
        return redirect(f"{request.path}?{urlencode({'account': key, 'filter': self.query})}")

    def carry_out(self, verb: Verb, seen: list[Seen], reason: str) -> Account:
        """Do it to each of the records, in one transaction, and give account of each.

        They are locked first, so that a second click waits for the first and then sees what that has done; and in the
        order of their keys, which all writers share, so that two of them never wait for each other.
        """
        account, by = Account(verb.name, ""), self.request.user
        with transaction.atomic():
            locked = self.model.objects.select_for_update(of=("self",)).order_by("pk")
            stored = verb.prepared(locked).in_bulk([one.key for one in seen])
            clicked = self.done_by_this(verb, seen, stored, reason)
            for one in sorted(seen, key=lambda one: one.key):
                record = stored.get(one.key)
                if record is None:
                    account.refused.append([gettext("Deleted"), gettext("It was deleted meanwhile.")])
                    continue
                name = str(record)
                if one.key in clicked and verb.is_done(record, one.value):
                    account.done.append([one.key, record.version, clicked[one.key]])
                    continue
                try:
                    if record.version != one.version:
                        raise StaleRecord(record)
                    if obstacles := verb.obstacles(record, one.value):
                        raise ValidationError(obstacles)
                    before = verb.before(record, one.value)
                    verb.act(record, one.value, by, reason)
                except StaleRecord:
                    account.refused.append([name, gettext("Somebody has changed it since this was shown.")])
                except ValidationError as error:
                    account.refused.append([name, " ".join(error.messages)])
                else:
                    account.done.append([one.key, record.version, before])
        return account

    def done_by_this(self, verb: Verb, seen: list[Seen], stored: dict[int, Record], reason: str) -> dict[int, str]:
        """The records that an earlier click on the same preview has changed: by key, with what takes it back."""
        moved = {one.key: one for one in seen if one.key in stored and stored[one.key].version == one.version + 1}
        if not moved:
            return {}
        key = self.model._meta.pk.attname
        versions = {one.version + step for one in moved.values() for step in (0, 1)}
        rows = self.model.history.filter(**{f"{key}__in": list(moved)}, version__in=versions).order_by("history_id")
        entries = {(getattr(row, key), row.version): row for row in rows}
        found = {}
        for one in moved.values():
            before, after = (entries.get((one.key, one.version + step)) for step in (0, 1))
            by_me = after and after.history_user_id == self.request.user.pk
            if by_me and (after.history_change_reason or "") == reason:
                found[one.key] = verb.before(before, one.value) if before else one.value
        return found

    def tell(self, account: Account) -> HttpResponse:
        """The page that says what was done and what was not."""
        verb = self.verb(account.verb)
        keys = [row[0] for row in account.done]
        stored = verb.prepared(self.model.objects.all()).in_bulk(keys[:NAMED])
        undone_by = next((one for one in self.listing.verbs if one.name == verb.undone_by), None)
        undo = urlencode({"undo": self.request.GET["account"], "filter": self.query})
        return self.render_to_response(
            self.get_context_data(
                account=account,
                verb=verb,
                title=verb.called(account.value),
                said=ngettext("Done to %(count)s record.", "Done to %(count)s records.", len(keys))
                % {"count": number(len(keys))},
                done=[str(stored[key]) for key in keys[:NAMED] if key in stored],
                done_rest=len(keys) - len(keys[:NAMED]),
                undo=f"{self.request.path}?{undo}" if keys and undone_by and self.may(undone_by.action) else "",
            )
        )

    def get_template_names(self) -> list[str]:
        return ["staff/together_done.html" if "account" in self.request.GET else self.template_name]
