"""The report to the council: what the partnerships of one year came to, as tables that print and download alike.

A year is Solar Hijri or Gregorian, and its dates are as uncertain as everywhere: what only may lie in the year is
counted and says so. The report tells how things stood on the last day of the year, or today while the year runs.
"""

import datetime
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_name
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from partnerships.models import Activity, Agreement, Commitment, Domain, Milestone, Provision, Verb
from partnerships.querysets import EXPIRED, AgreementQuerySet
from partnerships.querysets.agreements import years_before
from sistercities.dates import Calendar, UncertainDate, year_bounds
from sistercities.text import figures, number

PAPER_YEARS = 2
"""Years without an activity after which a partnership in force is said to be on paper only."""

LONGEST_SHEET = 31
"""Characters in the name of a sheet, by the rules of Excel."""

EVENTS = {
    Verb.RENEW: _("renewed"),
    Verb.SUSPEND: _("suspended"),
    Verb.RESUME: _("resumed"),
    Verb.END: _("ended"),
    Verb.REOPEN: _("reopened"),
}
"""The changes of status that the report tells of, beside what was signed."""


@dataclass(frozen=True)
class Line:
    """A line of a table: text, numbers, dates, or None for what is not known; `number` is the agreement's it leads to.

    `is_total` marks a line that sums up the others.
    """

    cells: list[Any]
    number: int | None = None
    is_total: bool = False

    @property
    def shown(self) -> list[str]:
        """The cells as people read them."""
        return [shown(cell) for cell in self.cells]

    @property
    def exported(self) -> list[Any]:
        """The cells for a spreadsheet: numbers stay numbers."""
        return [cell if isinstance(cell, int | Decimal) or cell is None else shown(cell) for cell in self.cells]


@dataclass(frozen=True)
class Table:
    """One part of the report: `lead` says in a sentence what it shows, `none` what is said when it has no line."""

    key: str
    title: str
    headings: list[str]
    lines: list[Line]
    none: str
    lead: str = ""

    @property
    def sheet(self) -> str:
        """The title, or as many of its words as the name of a spreadsheet's sheet takes."""
        return textwrap.shorten(self.title, LONGEST_SHEET, placeholder="")


@dataclass(frozen=True)
class Event:
    """Something that happened to an agreement in the year."""

    agreement: Agreement
    what: str
    date: UncertainDate
    why: str = ""
    by: str = ""
    is_new: bool = False


@dataclass
class Sum:
    """What activities add up to; a cost for each currency."""

    activities: int = 0
    participants: int = 0
    young: int = 0
    costs: Counter[str] = field(default_factory=Counter)

    def add(self, activity: Activity) -> None:
        """Count one activity more."""
        self.activities += 1
        self.participants += activity.participants or 0
        self.young += activity.young_participants or 0
        if activity.cost is not None:
            self.costs[activity.currency] += activity.cost

    @property
    def cells(self) -> list[Any]:
        """The columns of the tables of activities."""
        return [self.activities, self.participants, self.young, money(self.costs)]


def shown(cell: Any) -> str:
    """A cell as people read it; "" for what is not known."""
    if isinstance(cell, int | Decimal):
        return number(cell)
    return cell.display() if isinstance(cell, UncertainDate) else cell or ""


def money(costs: Counter[str]) -> str:
    """Sums of several currencies in one cell, as in "1,200 euros; 5,000,000 Iranian rials"."""
    sums = [
        f"{number(amount.normalize())} {get_currency_name(currency, amount, get_language())}"
        for currency, amount in sorted(costs.items())
    ]
    return gettext("; ").join(sums)


class Report:
    """The report on `agreements` for one year; `today` is the day on which it is made, today unless given.

    Raises DateError when the year is not one of the register's.
    """

    def __init__(self, agreements: AgreementQuerySet, year: int, today: datetime.date | None = None) -> None:
        self.queryset = agreements
        self.year = year
        self.first, self.last, self.calendar = year_bounds(year)
        self.today = today or timezone.localdate()
        self.until = min(self.last, self.today)

    # --- What it is about --------------------------------------------------------------------------------------

    @property
    def period(self) -> UncertainDate:
        """The year as a date, which shows in both calendars."""
        return UncertainDate(self.calendar, self.year)

    @property
    def as_of(self) -> UncertainDate:
        """The day for which the report tells how things stood."""
        return UncertainDate.on(self.until, self.calendar)

    @property
    def made_on(self) -> UncertainDate:
        """The day on which it was made."""
        return UncertainDate.on(self.today, self.calendar)

    @property
    def has_ended(self) -> bool:
        """Whether the year is over."""
        return self.last < self.today

    @property
    def is_ahead(self) -> bool:
        """Whether the year has not begun."""
        return self.today < self.first

    @cached_property
    def agreements(self) -> dict[int, Agreement]:
        """The agreements by key, in the order of their partners' names."""
        return {agreement.pk: agreement for agreement in self.queryset.with_partner().alphabetical()}

    @cached_property
    def changes(self) -> dict[int, list[Milestone]]:
        """The dated changes of status of each agreement, in the order of their days."""
        found = defaultdict(list)
        for change in Milestone.objects.status_changes().of_agreements(self.queryset).with_kind().by_day():
            if change.agreement_id in self.agreements:
                found[change.agreement_id].append(change)
        return found

    @cached_property
    def activities(self) -> list[Activity]:
        """The activities that can have begun in the year, the earliest first, each with its domains and agreements."""
        found = Activity.objects.possibly_within("begun", self.first, self.until).under(self.queryset)
        return list(found.with_domains().with_agreements().in_time())

    @cached_property
    def commitments(self) -> list[Commitment]:
        """What was promised and is open, or was settled in the year or after it, in the order of the due dates."""
        found = Commitment.objects.of_agreements(self.queryset).by_due()
        return [one for one in found if one.agreement_id in self.agreements]

    # --- How things stood --------------------------------------------------------------------------------------

    def status_of(self, agreement: Agreement) -> str | None:
        """The status, or "expired", on the last day; None when the agreement was certainly not signed by then.

        Later changes of status are taken back, as far as the register has their dates.
        """
        later = [change for change in self.changes[agreement.pk] if change.answered.first > self.until]
        if later and later[0].status_before:
            status = later[0].status_before
        elif agreement.signed and agreement.signed.first > self.until:
            return None
        else:
            status = agreement.status
        renewed_later = any(change.kind.verb == Verb.RENEW for change in later)
        if status == Agreement.Status.IN_FORCE and agreement.expires and not renewed_later:
            return EXPIRED if agreement.expires.last < self.until else status
        return status

    @cached_property
    def statuses(self) -> dict[int, str]:
        """The status on the last day of each agreement that there was by then, by its key."""
        found = {key: self.status_of(agreement) for key, agreement in self.agreements.items()}
        return {key: status for key, status in found.items() if status is not None}

    @cached_property
    def in_force(self) -> list[Agreement]:
        """The agreements that were in force on the last day."""
        return [self.agreements[key] for key, status in self.statuses.items() if status == Agreement.Status.IN_FORCE]

    @cached_property
    def events(self) -> list[Event]:
        """What was signed, renewed, suspended, resumed, ended or reopened in the year, in the order of the days."""
        found = []
        for agreement in self.agreements.values():
            if agreement.signed and agreement.signed.possibly_within(self.first, self.until):
                what = gettext("new")
                if agreement.predecessor_id:
                    what = gettext("new, in place of an earlier one")
                found.append(Event(agreement, what, agreement.signed, is_new=True))
            told = set()
            for change in self.changes[agreement.pk]:
                told.add(change.kind.verb)
                if change.kind.verb in EVENTS and change.answered.possibly_within(self.first, self.until):
                    what = str(EVENTS[change.kind.verb])
                    found.append(Event(agreement, what, change.answered, change.account, change.authority))
            halted = {Agreement.Status.SUSPENDED: Verb.SUSPEND, Agreement.Status.ENDED: Verb.END}.get(agreement.status)
            since = agreement.status_since
            if halted and halted not in told and since and since.possibly_within(self.first, self.until):
                found.append(Event(agreement, str(EVENTS[halted]), since, agreement.status_reason))
        return sorted(found, key=lambda event: (event.date.first, event.date.last, event.agreement.number))

    @cached_property
    def sums(self) -> tuple[Sum, dict[str, Sum], dict[int, Sum]]:
        """What the activities add up to: in all, by the key of the domain ("" for none), by that of the agreement."""
        total, by_domain, by_agreement = Sum(), defaultdict(Sum), defaultdict(Sum)
        for activity in self.activities:
            total.add(activity)
            for domain in activity.domains.all() or [None]:
                by_domain[domain.key if domain else ""].add(activity)
            for agreement in activity.agreements.all():
                if agreement.pk in self.agreements:
                    by_agreement[agreement.pk].add(activity)
        return total, by_domain, by_agreement

    @cached_property
    def settled(self) -> list[Commitment]:
        """The commitments that were settled in the year."""
        return [one for one in self.commitments if one.settled and one.settled.possibly_within(self.first, self.until)]

    @cached_property
    def overdue(self) -> list[Commitment]:
        """The commitments whose day had certainly passed on the last day, and that were not settled then."""
        return [
            one
            for one in self.commitments
            if one.due
            and one.due.last < self.until
            and (one.status == Commitment.Status.OPEN or (one.settled and one.settled.first > self.until))
        ]

    @cached_property
    def on_paper(self) -> list[tuple[Agreement, datetime.date | None]]:
        """The partnerships in force under which nothing was begun for two years, with the last day of anything.

        As `AgreementQuerySet.on_paper` asks for a day on which the status is that of the record: one signed within
        these years is not among them.
        """
        latest = Activity.objects.latest_begun_by_agreement(self.queryset, until=self.until)
        limit = years_before(self.until, PAPER_YEARS)
        return [
            (agreement, latest.get(agreement.pk))
            for agreement in self.in_force
            if (latest.get(agreement.pk) or datetime.date.min) < limit
            and not (agreement.signed and agreement.signed.last >= limit)
        ]

    # --- What is shown -----------------------------------------------------------------------------------------

    @property
    def figures(self) -> list[tuple[int, str]]:
        """The figures at the head of the report, each with what it counts."""
        total = self.sums[0]
        kept = sum(one.status == Commitment.Status.KEPT for one in self.settled)
        countries = {agreement.partner.country_id for agreement in self.in_force}
        return [
            (len(self.in_force), gettext("partnerships in force")),
            (len(countries), gettext("countries")),
            (sum(event.is_new for event in self.events), gettext("newly signed")),
            (total.activities, gettext("activities")),
            (total.participants, gettext("participants")),
            (kept, gettext("commitments kept")),
            (len(self.overdue), gettext("commitments overdue")),
        ]

    @cached_property
    def tables(self) -> list[Table]:
        """The parts of the report, in order."""
        return [
            self._status_table(),
            self._events_table(),
            self._domains_table(),
            self._partners_table(),
            self._activities_table(),
            self._commitments_table(),
            self._provisions_table(),
            self._paper_table(),
        ]

    def _status_table(self) -> Table:
        counts = Counter(self.statuses.values())
        lines = [
            Line([capfirst(label), counts[status], gettext(", ").join(self._partners(status))])
            for status, label in Agreement.STATES
            if counts[status]
        ]
        total = [Line([gettext("Together"), counts.total(), ""], is_total=True)] if lines else []
        return Table(
            "status",
            gettext("Partnerships by status"),
            [gettext("Status"), gettext("Partnerships"), gettext("Partner cities")],
            lines + total,
            gettext("There was no partnership."),
            gettext("As they stood on %(day)s.") % {"day": self.as_of.display()},
        )

    def _partners(self, status: str) -> list[str]:
        return [self.agreements[key].partner.name for key, one in self.statuses.items() if one == status]

    def _events_table(self) -> Table:
        return Table(
            "events",
            gettext("New, renewed, suspended and ended"),
            [gettext("Partner city"), gettext("What"), gettext("When"), gettext("Why"), gettext("Decided by")],
            [
                Line(
                    [self._called(event.agreement), event.what, self._when(event.date), event.why, event.by],
                    event.agreement.number,
                )
                for event in self.events
            ],
            gettext("No partnership was signed, renewed, suspended or ended in this year, as far as dates are known."),
        )

    def _domains_table(self) -> Table:
        total, by_domain, _by_agreement = self.sums
        names = {domain.key: domain.name for domain in Domain.objects.all()} | {"": gettext("no domain given")}
        lines = [Line([names[key], *by_domain[key].cells]) for key in names if key in by_domain]
        return Table(
            "domains",
            gettext("Activities by domain"),
            [gettext("Domain"), *self._sum_headings()],
            [*lines, *([Line([gettext("Together"), *total.cells], is_total=True)] if lines else [])],
            gettext("No activity is recorded for this year."),
            gettext("An activity of several domains stands in each of them, and once in the sum.") if lines else "",
        )

    def _partners_table(self) -> Table:
        total, _by_domain, by_agreement = self.sums
        lines = [
            Line([self._called(agreement), *by_agreement[key].cells], agreement.number)
            for key, agreement in self.agreements.items()
            if key in by_agreement
        ]
        return Table(
            "partners",
            gettext("Activities by partner"),
            [gettext("Partner city"), *self._sum_headings()],
            [*lines, *([Line([gettext("Together"), *total.cells], is_total=True)] if lines else [])],
            gettext("No activity is recorded for this year."),
        )

    @staticmethod
    def _sum_headings() -> list[str]:
        return [gettext("Activities"), gettext("Participants"), gettext("Young people among them"), gettext("Cost")]

    def _activities_table(self) -> Table:
        return Table(
            "activities",
            gettext("What was done"),
            [
                gettext("When"),
                gettext("Activity"),
                gettext("Kind"),
                gettext("Partner city"),
                gettext("Participants"),
                gettext("Cost"),
                gettext("Who paid"),
            ],
            [
                Line(
                    [
                        self._when(one.begun),
                        one.title,
                        capfirst(one.get_kind_display()),
                        gettext(", ").join(agreement.partner.name for agreement in one.agreements.all()),
                        one.participants,
                        money(Counter({one.currency: one.cost})) if one.cost is not None else "",
                        one.payer,
                    ]
                )
                for one in self.activities
            ],
            gettext("No activity is recorded for this year."),
        )

    def _commitments_table(self) -> Table:
        told = {one.pk: one for one in [*self.settled, *self.overdue]}
        late = {one.pk for one in self.overdue}
        return Table(
            "commitments",
            gettext("Commitments kept and overdue"),
            [
                gettext("Partner city"),
                gettext("What was promised"),
                gettext("By whom"),
                gettext("Due"),
                gettext("What became of it"),
                gettext("Evidence"),
            ],
            [
                Line(
                    [
                        self._called(self.agreements[one.agreement_id]),
                        one.text,
                        gettext(", ").join(filter(None, [one.get_side_display(), one.responsible])),
                        one.due,
                        gettext("overdue") if key in late else self._outcome(one),
                        one.evidence,
                    ],
                    self.agreements[one.agreement_id].number,
                )
                for key, one in told.items()
            ],
            gettext("No commitment was settled in this year, and none was overdue at its end."),
        )

    @staticmethod
    def _outcome(one: Commitment) -> str:
        words = {"what": one.get_status_display(), "day": one.settled.display()}
        return gettext("%(what)s, %(day)s") % words

    def _provisions_table(self) -> Table:
        links = Provision.objects.links_to(agreement.pk for agreement in self.in_force)
        lines = []
        for provision in Provision.objects.all():
            serving = [
                self.agreements[key].partner.name for key in links.get(provision.pk, ()) if key in self.agreements
            ]
            says = gettext("served") if serving else gettext("not served")
            lines.append(Line([str(provision), says, len(serving), gettext(", ").join(serving)]))
        return Table(
            "provisions",
            gettext("Provisions of the city’s plans"),
            [gettext("Provision"), gettext("Served"), gettext("Partnerships in force"), gettext("Partner cities")],
            lines,
            gettext("No provision is recorded."),
        )

    def _paper_table(self) -> Table:
        return Table(
            "paper",
            gettext("On paper only"),
            [gettext("Partner city"), gettext("Signed"), gettext("Last activity")],
            [
                Line(
                    [
                        self._called(agreement),
                        agreement.signed or gettext("not known"),
                        UncertainDate.on(day, self.calendar) if day else gettext("none recorded"),
                    ],
                    agreement.number,
                )
                for agreement, day in self.on_paper
            ],
            gettext("Something was done under every partnership in force."),
            gettext("In force on %(day)s, and as far as it is recorded, nothing was begun in the two years before.")
            % {"day": self.as_of.display()},
        )

    @staticmethod
    def _called(agreement: Agreement) -> str:
        parts = {"number": figures(agreement.number), "city": agreement.partner.name}
        return gettext("%(city)s (no. %(number)s)") % parts

    def _when(self, date: UncertainDate) -> str:
        if date.certainly_within(self.first, self.last):
            return date.display()
        return gettext("%(date)s, possibly in this year") % {"date": date.display()}

    def sheets(self, head: Iterable[tuple[str, str]]) -> dict[str, list[list[Any]]]:
        """The report as sheets of a workbook, rows by title; `head` are the lines of the first one, label and text."""
        first = [[gettext("Report"), ""], *map(list, head), *([[label, count] for count, label in self.figures])]
        tables = {table.sheet: [table.headings, *(line.exported for line in table.lines)] for table in self.tables}
        return {gettext("At a glance"): first} | tables


def usual_year(language: str, today: datetime.date | None = None) -> int:
    """The year of the day `today` (today unless given) in the calendar of the reader's language."""
    calendar = Calendar.SOLAR_HIJRI if language == "fa" else Calendar.GREGORIAN
    return UncertainDate.on(today or timezone.localdate(), calendar).year
