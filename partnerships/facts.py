"""The facts of one agreement as the office reads them: grouped as on the form, each with the field that changes it.

What is not known is said in words. The page of work and the check before publishing show the same list.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from partnerships.models import Agreement
from sistercities.fields import UncertainDateField
from sistercities.history import shown

GROUPS = [
    (
        "parties",
        _("Partner and kind"),
        [(_("Partner city"), "partner"), (_("Kind"), "kind"), (_("Predecessor"), "predecessor")],
    ),
    (
        "status",
        _("Status"),
        [
            (_("Status"), "status"),
            (_("Suspended or ended on"), "status_since"),
            (_("Reason for suspension or end"), "status_reason_fa status_reason_en"),
        ],
    ),
    (
        "instrument",
        _("Name and title"),
        [
            (_("Name"), "name_fa name_en"),
            (_("Title on the instrument"), "title_fa title_en"),
            (_("Authentic languages"), "authentic_languages"),
        ],
    ),
    (
        "signing",
        _("Signing"),
        [
            (_("Signed"), "signed"),
            (_("Place signed"), "place_signed_fa place_signed_en"),
            (_("Who signed for the home city"), "signatories_home_fa signatories_home_en"),
            (_("Who signed for the partner"), "signatories_partner_fa signatories_partner_en"),
        ],
    ),
    (
        "term",
        _("Term"),
        [
            (_("In force from"), "in_force_from"),
            (_("Expires"), "expires"),
            (_("Notice by"), "notice_by"),
            (_("Renewal rule"), "renewal_rule_fa renewal_rule_en"),
        ],
    ),
    ("basis", _("Council’s resolutions"), [(_("Resolutions"), "resolutions")]),
    (
        "domains",
        _("Domains and plans"),
        [(_("Domains of cooperation"), "domains"), (_("Provisions of city plans"), "provisions")],
    ),
    ("summary", _("Summary"), [(_("Text"), "summary_fa summary_en")]),
    (
        "verification",
        _("Verification"),
        [
            (pgettext_lazy("verification", "Level"), "verification"),
            (_("Verified on"), "verified_on"),
            (pgettext_lazy("verification", "Verified by"), "verified_by"),
        ],
    ),
    ("note", _("For the office"), [(_("Internal note, never public"), "internal_note")]),
]
"""The parts of the form by the end of their ids, their titles, and in each what is asked: a label and its columns."""

OF_A_HALT = frozenset({"status_since", "status_reason_fa status_reason_en"})
"""Columns that are about a suspension or an end, and of which nothing lacks without one."""

UNTYPED = {"verified_by": "verification"}
"""A column that nobody types, and the one with which it changes."""

ABSENT = {"fa": _("not provided in Persian"), "en": _("not provided in English")}


@dataclass(frozen=True)
class Fact:
    """One thing that is asked of an agreement: what is known of it, and in words what is not.

    `field` is the id of the field, or of the part of the form, where it is changed, `asked` the parameters by which a
    history tells of it alone.
    """

    label: str
    known: list[str]
    absent: list[str]
    field: str
    asked: str


@dataclass(frozen=True)
class FactGroup:
    """The facts of one part of the form."""

    title: str
    facts: list[Fact]

    @property
    def known(self) -> list[Fact]:
        """Those of which something is known."""
        return [fact for fact in self.facts if fact.known]

    @property
    def unknown(self) -> list[Fact]:
        """Those of which nothing is."""
        return [fact for fact in self.facts if not fact.known]


def facts_of(agreement: Agreement, unseen: frozenset[str] = frozenset()) -> list[FactGroup]:
    """Everything that the form asks of an agreement, part by part, without the columns `unseen`. See `for_work()`."""
    groups = []
    for part, title, asked in GROUPS:
        shown_here = [(label, names) for label, names in asked if names not in unseen]
        groups.append(FactGroup(title, list(_facts(agreement, part, shown_here))))
    return [group for group in groups if group.facts]


def _facts(agreement: Agreement, part: str, rows: list[tuple[Any, str]]) -> Iterator[Fact]:
    is_halted = agreement.status in (agreement.Status.SUSPENDED, agreement.Status.ENDED)
    for label, names in rows:
        columns = [agreement._meta.get_field(name) for name in names.split()]
        texts = {column.name: _texts(agreement, column) for column in columns}
        known = [text for each in texts.values() for text in each]
        if names in OF_A_HALT and not (known or is_halted):
            continue
        absent = [str(ABSENT[name[-2:]]) for name, each in texts.items() if not each] if known else []
        asked = urlencode([("of", column.name) for column in columns])
        yield Fact(label, known, absent if known else [gettext("not provided")], _field(columns[0], part), asked)


def _texts(agreement: Agreement, column: models.Field) -> list[str]:
    """What is known of a column, each piece as people read it."""
    value = getattr(agreement, column.name)
    if column.many_to_many:
        return [str(one) for one in value.all()]
    if column.name == "authentic_languages":
        return agreement.get_languages_display()
    return [text] if (text := shown(column, value)) else []


def _field(column: models.Field, part: str) -> str:
    """The id on the form where a column is changed: its first box or choice; of a list of records its part."""
    if column.many_to_many:
        return f"part-{part}"
    name = UNTYPED.get(column.name, column.name)
    if isinstance(column, (UncertainDateField, models.DateField)):
        return f"id_{name}_day"
    is_chosen = column.choices or name in ("verification", "authentic_languages")
    return f"id_{name}_0" if is_chosen else f"id_{name}"
