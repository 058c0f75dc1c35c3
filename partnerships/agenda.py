"""What the office has to do: what is due and when, what is only on paper, what is to be completed and to be published.

The desk's first page, the private calendar and the digest are three faces of it. Nothing here is stored: all of it
follows from the records, so that an item is settled where its record is, and nowhere else.

A date that is not known to the day is due by its first possible day and overdue only after its last. Of contacts only
the city and the day are read: no face of the agenda can name a person.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cities.models import City
from partnerships.anniversaries import anniversaries_between
from partnerships.models import Agreement, Commitment, Contact, Milestone
from partnerships.querysets import ESSENTIAL, LACKS
from sistercities.dates import YEARS, Calendar, Precision, UncertainDate, month_name, weekday_name
from sistercities.records import Record
from sistercities.text import figures, number

WEEK = 7
"""Days of what is due this week, today included."""

AHEAD = 90
"""Days of what is due on the desk, today included."""

A_YEAR = 366
"""Days of what is due in the private calendar, today included."""

LISTED = 8
"""Drafts, and agreements on paper, that stand on the desk by name; the list has them all."""

TASKS = [
    ("disputed", _("agreements on which the sources disagree"), "verification=disputed"),
    ("unverified", _("agreements that nobody has checked yet"), "verification=unverified"),
    ("approved", _("approved by the council and not signed"), "status=approved"),
]
"""What waits beside LACKS: its key in `AgreementQuerySet.to_do`, what it is, and the filter that lists it."""

SETTLED = {"commitment": "settle", "milestone": "edit"}
"""The page on which a record is settled, by its model; an agreement's is the page with all that belongs to it."""

PROMISED = {
    Commitment.Side.HOME: _("Promised by us"),
    Commitment.Side.PARTNER: _("Promised by the partner"),
    Commitment.Side.BOTH: _("Promised by both sides"),
}


def own_calendar() -> Calendar:
    """The calendar in which a reader of the active language counts."""
    return Calendar.SOLAR_HIJRI if get_language() == "fa" else Calendar.GREGORIAN


def on_day(day: datetime.date) -> UncertainDate:
    """A day as the reader counts it. What lies outside the years of dates counts as the nearest day of them."""
    years = YEARS[Calendar.GREGORIAN]
    within = min(max(day, datetime.date(years[0], 1, 1)), datetime.date(years[-1], 12, 31))
    return UncertainDate.on(within, own_calendar())


@dataclass(frozen=True)
class Item:
    """Something due on `date`, in words of the reader's language, and the address where it is settled.

    `label` says what is due, `about` of which record, `details` what else helps. `uid` names it for good. Where it has
    two days, one in each calendar, `until` is the second and `days` tells both.
    `marks` is 1 for a fifth, 2 for a tenth or a twenty-fifth anniversary, else 0.
    """

    kind: str
    uid: str
    label: str
    about: str
    partner: City
    date: UncertainDate
    address: str
    record: Record = field(repr=False)  # a contact’s would be a name in every log of an error
    today: datetime.date
    details: tuple[str, ...] = ()
    days: str = ""
    until: datetime.date | None = None
    marks: int = 0

    @property
    def first(self) -> datetime.date:
        """The first day that it can mean."""
        return self.date.first

    @property
    def last(self) -> datetime.date:
        """The last day that it can mean."""
        return self.until or self.date.last

    @property
    def order(self) -> tuple[datetime.date, datetime.date, str]:
        """By which items are sorted: what is possible today already comes with today's."""
        return max(self.first, self.today) if not self.is_overdue else self.first, self.last, self.uid

    @property
    def when(self) -> str:
        """The date in both calendars, at its own precision; the days of an item that has two."""
        return self.days or self.date.display()

    @property
    def is_overdue(self) -> bool:
        """Whether its day has certainly passed."""
        return self.last < self.today

    @property
    def is_minor(self) -> bool:
        """Whether it may stand back where there is much: an anniversary that is not a round one."""
        return self.kind == "anniversary" and not self.marks

    @property
    def is_exact(self) -> bool:
        """Whether the day is known."""
        return self.date.precision == Precision.DAY

    @property
    def day(self) -> str:
        """The day of its month as the reader counts it; where only a month or a year is known, that."""
        return figures(on_day(self.first).day) if self.is_exact else self.date.given()

    @property
    def beside(self) -> str:
        """What helps to place the day: the month where it is past, else the weekday; "" where it is not known."""
        if not self.is_exact:
            return ""
        day = on_day(self.first)
        return month_name(day.calendar, day.month) if self.is_overdue else weekday_name(self.first.weekday())

    @property
    def late(self) -> str:
        """How long it is overdue, in words; "" when it is not."""
        if not self.is_overdue:
            return ""
        days = (self.today - self.last).days
        return ngettext("%(days)s day late", "%(days)s days late", days) % {"days": number(days)}

    @property
    def sentence(self) -> str:
        """It in one line without marks: "Baku: expires: Sister-city agreement of Tabriz and Baku"."""
        return ": ".join(str(part) for part in (self.partner.name, self.label, self.about) if part)


@dataclass(frozen=True)
class Month:
    """What is due in a month of the reader's calendar; `minor` are the items that stand back, where there are many."""

    title: str
    items: list[Item]
    minor: list[Item]


@dataclass(frozen=True)
class Waiting:
    """How many records wait for the same thing, what it is, and the list of them."""

    count: int
    what: str
    address: str


@dataclass(frozen=True)
class Draft:
    """A draft, the page on which it goes on, and what it lacks (names of ESSENTIAL).

    `waits`: it only waits for this person's word, being assigned to them or ready for them to publish.
    """

    agreement: Agreement
    address: str
    lacks: list[str]
    waits: bool


class Agenda:
    """What `user` has to do on the day `on` (today unless given), and in the `ahead` days from then on.

    Every list costs the same number of queries however many records there are.
    """

    def __init__(self, user: Any, on: datetime.date | None = None, ahead: int = AHEAD) -> None:
        self.user = user
        self.on = on or timezone.localdate()
        self.until = self.on + datetime.timedelta(days=ahead - 1)

    # --- What is due -------------------------------------------------------------------------------------

    @cached_property
    def items(self) -> list[Item]:
        """Everything that is due by then or overdue, in the order of days."""
        found = [*self._dates(), *self._anniversaries(), *self._commitments(), *self._milestones(), *self._contacts()]
        return sorted(found, key=lambda item: item.order)

    @property
    def overdue(self) -> list[Item]:
        """What should certainly have been done by now."""
        return [item for item in self.items if item.is_overdue]

    @property
    def week(self) -> list[Item]:
        """What is due today and in the six days after it, or may be."""
        return [item for item in self.items if not item.is_overdue and item.first <= self.end_of_week]

    @property
    def later(self) -> list[Item]:
        """What is due after this week."""
        return [item for item in self.items if item.first > self.end_of_week]

    @property
    def end_of_week(self) -> datetime.date:
        """The last day of the week that begins today."""
        return self.on + datetime.timedelta(days=WEEK - 1)

    @property
    def months(self) -> list[Month]:
        """What is due after this week, by months of the reader's calendar."""
        months = []
        for _month, group in groupby(self.later, key=lambda item: on_day(item.first).iso[:7]):
            items = list(group)
            minor = [item for item in items if item.is_minor]
            minor = minor if len(minor) > 3 else []
            one = on_day(items[0].first)
            title = f"{month_name(one.calendar, one.month)} {figures(one.year)}"
            months.append(Month(title, [item for item in items if item not in minor], minor))
        return months

    def _item(self, kind: str, record: Record, **given: Any) -> Item:
        partner = given.pop("partner", None) or self._agreement_of(record).partner
        fields = {
            "uid": f"{kind}-{record.pk}",
            "address": self._place(record),
            "about": self._agreement_of(record).name,
        }
        return Item(kind=kind, record=record, partner=partner, today=self.on, **(fields | given))

    @staticmethod
    def _agreement_of(record: Record) -> Agreement:
        return record if isinstance(record, Agreement) else record.agreement

    def _place(self, record: Record) -> str:
        """The address where the record is settled; for whoever may not change it, where it is read."""
        name = record._meta.model_name
        if name in SETTLED and self.user.has_perm(f"partnerships.change_{name}"):
            return reverse(f"staff:{name}_{SETTLED[name]}", args=[record.pk])
        return reverse("staff:agreement_work", args=[self._agreement_of(record).number])

    def _dates(self) -> Iterator[Item]:
        agreements = Agreement.objects.not_withdrawn().with_partner()
        for one in agreements.expiring_between(datetime.date.min, self.until):
            label = gettext("Has expired: renew or end it") if one.expires_last < self.on else gettext("Expires")
            rule = (str(one.renewal_rule),) if one.renewal_rule else ()
            yield self._item("expiry", one, label=label, date=one.expires, details=rule)
        for one in agreements.notice_between(self.on, self.until):
            yield self._item("notice", one, label=gettext("Last day to give notice"), date=one.notice_by)

    def _anniversaries(self) -> Iterator[Item]:
        agreements = Agreement.objects.not_withdrawn().with_partner()
        for agreement in agreements.with_anniversary_between(self.on, self.until):
            by_years: dict[int, list] = {}
            for one in anniversaries_between(agreement, self.on, self.until):
                by_years.setdefault(one.years, []).append(one)
            for years, both in by_years.items():
                label = ngettext("%(years)s year since the signing", "%(years)s years since the signing", years)
                given = [f"{one.calendar.label}: {UncertainDate.on(one.day, one.calendar).given()}" for one in both]
                is_one_day = len(both) > 1 and both[0].day == both[-1].day
                yield self._item(
                    "anniversary",
                    agreement,
                    uid=f"anniversary-{agreement.pk}-{years}",
                    label=label % {"years": figures(years)},
                    date=on_day(both[0].day),
                    until=both[-1].day,
                    days="" if is_one_day else " · ".join(given),
                    marks=2 if years % 10 == 0 or years % 25 == 0 else 1 if years % 5 == 0 else 0,
                )

    def _commitments(self) -> Iterator[Item]:
        due = Commitment.objects.with_agreement().due_between(datetime.date.min, self.until)
        for one in due.filter(agreement__withdrawn_at__isnull=True):
            responsible = (str(one.responsible),) if one.responsible else ()
            label = str(PROMISED[one.side])
            yield self._item("commitment", one, label=label, about=one.text, date=one.due, details=responsible)

    def _milestones(self) -> Iterator[Item]:
        milestones = Milestone.objects.with_kind().with_agreement().filter(agreement__withdrawn_at__isnull=True)
        for one in milestones.waiting_long(self.until + datetime.timedelta(days=1)):
            asked = gettext("sent on %(day)s") % {"day": one.sent.given()}
            authority = one.authority or one.kind.authority
            day = one.sent.last + datetime.timedelta(days=one.kind.patience_days)
            details = tuple(str(part) for part in (authority, asked, one.letter_number) if part)
            label = gettext("No answer yet") if day < self.on else gettext("An answer should be here")
            yield self._item("answer", one, label=label, about=one.kind.name, date=on_day(day), details=details)
        for one in milestones.planned_between(datetime.date.min, self.until):
            yield self._item("step", one, label=gettext("Planned step"), about=one.kind.name, date=one.planned)

    def _contacts(self) -> Iterator[Item]:
        if not self.user.has_perm("partnerships.view_contact"):
            return
        for one in Contact.objects.without_person().to_review(self.until):
            about = gettext("a contact of %(city)s") % {"city": one.partner.name.plain}
            yield Item(
                kind="review",
                uid=f"review-{one.pk}",
                label=gettext("Look whether it still holds"),
                about=about,
                partner=one.partner,
                date=on_day(one.review_on),
                address=reverse("staff:contact_confirm", args=[one.pk]),
                record=one,
                today=self.on,
            )

    # --- What waits without a day ------------------------------------------------------------------------

    @cached_property
    def to_complete(self) -> list["Waiting"]:
        """What records lack, disputes among it, each with how many and the list of them; activities stand apart."""
        tasks = [
            (self._lacks[one], gettext("without %(what)s") % {"what": label}, f"lacks={one}")
            for one, label in LACKS.items()
            if one != "activity"
        ]
        counts = Agreement.objects.to_do(self.on)
        tasks += [(counts[key], str(what), query) for key, what, query in TASKS]
        address = reverse("staff:agreement_list")
        return [Waiting(count, what, f"{address}?{query}") for count, what, query in tasks if count]

    @cached_property
    def _lacks(self) -> dict[str, int]:
        return Agreement.objects.to_complete(self.on)

    @property
    def on_paper_count(self) -> int:
        """How many agreements are in force and only on paper."""
        return self._lacks["activity"]

    @cached_property
    def on_paper(self) -> list[Agreement]:
        """The first of them: those of which nothing was ever recorded, then those longest without an activity."""
        found = Agreement.objects.lacking("activity", on=self.on).with_partner().with_last_activity()
        return list(found[:LISTED])

    @cached_property
    def drafts(self) -> list["Draft"]:
        """The first drafts that wait for this person; see `AgreementQuerySet.drafts_for`. Readers have none."""
        if not self.user.has_perm("partnerships.change_agreement"):
            return []
        publishes = self.user.has_perm("partnerships.publish_agreement")
        drafts = []
        for one in Agreement.objects.drafts_for(self.user).with_partner()[:LISTED]:
            page = ("publish" if publishes else "preview") if one.is_ready else "edit"
            drafts.append(
                Draft(
                    agreement=one,
                    address=reverse(f"staff:agreement_{page}", args=[one.number]),
                    lacks=[str(LACKS[what]) for what in ESSENTIAL if getattr(one, f"lacks_{what}")],
                    waits=one.is_assigned or (publishes and one.is_ready),
                )
            )
        return drafts

    @property
    def waiting_drafts(self) -> list["Draft"]:
        """Those of the first drafts that only wait for this person's word."""
        return [one for one in self.drafts if one.waits]
