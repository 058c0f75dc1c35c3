"""Every question about agreements, by name."""

import datetime
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.db.models.fields import BooleanField, CharField
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from cities.querysets import OF_AN_AGREEMENT, ON_A_MAP, matching
from sistercities.records import RecordQuerySet
from sistercities.text import fold_terms, latin_digits

EXPIRED = "expired"

ON_RECORD = {
    "date": Q(signed_first__isnull=False),
    "day": Q(signed_first=F("signed_last")),
    "month": Q(signed__regex=r"^[A-Z]{2} [0-9]{4}-[0-9]{2}( |$)"),
    "year": Q(signed__regex=r"^[A-Z]{2} [0-9]{4}( |$)"),
    "title": ~Q(title_fa="", title_en=""),
}
"""What can be known of an agreement in its own columns; domains and resolutions are rows of their own.

A day, a month and a year are those of signing, each known so far and no further.
"""

SIGNED = ("in_force", "suspended", "ended")
"""The statuses of which somebody has signed, on a known day or not."""

LACKS = {
    "date": _("date of signing"),
    "resolution": _("council resolution"),
    "text": _("signed text"),
    "translation": _("Persian translation"),
    "summary": _("summary in both languages"),
    "source": _("source"),
    "activity": _("activity in the last two years"),
}
"""What a record can lack, with its name, in the order in which the desk tells it; see `AgreementQuerySet.lacking`."""

ESSENTIAL = ("date", "resolution", "source")
"""What of LACKS a draft should not lack when it is published. A manager may publish it all the same."""

FACTS = (
    "kind",
    "state_on",
    "verification",
    "signed_first",
    "signed_last",
    "is_titled",
    "is_resolved",
    "partner__slug",
    "partner__name_fa",
    "partner__name_en",
    "partner__latitude",
    "partner__longitude",
    "partner__country",
    "partner__country__continent",
)
"""The columns of `AgreementQuerySet.facts`."""


def published(path: str = "") -> Q:
    """The condition that an agreement is published and not withdrawn; `path` leads to it, as in "agreement__"."""
    return Q(**{f"{path}published_at__isnull": False, f"{path}withdrawn_at__isnull": True})


def years_before(day: datetime.date, years: int) -> datetime.date:
    """The same day `years` earlier; 29 February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


class Pact(NamedTuple):
    """What a map tells of an agreement, without the cost of the record: there may be thousands."""

    number: int
    kind: str
    verification: str
    kind_name: str

    def get_kind_display(self) -> str:
        """The name of the kind, as the record tells it."""
        return self.kind_name


@dataclass(frozen=True)
class Change:
    """What was published (`is_new`) or corrected on one day: the agreements, the last changed first."""

    AT_MOST: ClassVar[int] = 12
    NAMED: ClassVar[int] = 6

    day: datetime.date
    is_new: bool
    agreements: list

    @property
    def named(self) -> list:
        """Those that are named, of many the first."""
        return self.agreements[: self.NAMED]

    @property
    def has_more(self) -> bool:
        """Whether there are others."""
        return len(self.agreements) > self.NAMED


class AgreementQuerySet(RecordQuerySet):
    """Questions about agreements. Nothing is hidden by default: public code asks for `published()`."""

    def published(self) -> "AgreementQuerySet":
        """Those that everybody may read: published and not withdrawn."""
        return self.filter(published())

    def ever_published(self) -> "AgreementQuerySet":
        """Those whose address has an answer: what is published, and what was and is withdrawn."""
        return self.filter(published_at__isnull=False)

    def not_withdrawn(self) -> "AgreementQuerySet":
        """Those that the office works on, drafts among them. What was taken down rests until it is brought back."""
        return self.filter(withdrawn_at__isnull=True)

    def drafts(self) -> "AgreementQuerySet":
        """Those never published."""
        return self.filter(published_at__isnull=True)

    def withdrawn(self) -> "AgreementQuerySet":
        """Those published once and taken down."""
        return self.filter(withdrawn_at__isnull=False)

    def standing(self) -> "AgreementQuerySet":
        """Those that make a city a partner of ours: approved, in force or suspended, and not taken down."""
        return self.not_withdrawn().filter(status__in=["approved", "in_force", "suspended"])

    def partner_keys(self) -> QuerySet:
        """The keys of the partner cities, each once."""
        return self.order_by().values_list("partner_id", flat=True).distinct()

    def domain_keys(self) -> QuerySet:
        """The keys of partner cities with those of the domains in which there is an agreement with each."""
        return self.filter(domains__isnull=False).order_by().values_list("partner_id", "domains__key").distinct()

    def with_publication(self) -> "AgreementQuerySet":
        """Annotated with `publication_state` (draft, published, withdrawn), the twin of `Agreement.publication`."""
        return self.annotate(
            publication_state=Case(
                When(published_at__isnull=True, then=Value("draft")),
                When(withdrawn_at__isnull=False, then=Value("withdrawn")),
                default=Value("published"),
                output_field=CharField(),
            )
        )

    def in_publication(self, *states: str) -> "AgreementQuerySet":
        """Those that are drafts, published or withdrawn, whichever `states` names."""
        return self.with_publication().filter(publication_state__in=states)

    def with_partner(self) -> "AgreementQuerySet":
        """With the partner city and its country, in the same query."""
        return self.select_related("partner__country")

    def with_domains(self) -> "AgreementQuerySet":
        """With the domains of cooperation of each."""
        return self.prefetch_related("domains")

    def with_reviewer(self) -> "AgreementQuerySet":
        """With the account that is to look at each, in the same query."""
        return self.select_related("reviewer")

    def reviewers(self) -> QuerySet:
        """The accounts that are to look at one of these, by name."""
        accounts = self.model.reviewer.field.related_model.objects
        return accounts.filter(pk__in=self.order_by().values("reviewer")).order_by(
            "last_name", "first_name", "username"
        )

    def with_activity_count(self) -> "AgreementQuerySet":
        """Annotated with `activity_count`: how many activities were recorded under each."""
        links = self.model.activities.rel.related_model.agreements.through.objects
        return self._counting("activity_count", links)

    def with_open_commitment_count(self) -> "AgreementQuerySet":
        """Annotated with `open_commitment_count`: how many promises of each are neither kept nor settled."""
        return self._counting("open_commitment_count", self.model.commitments.rel.related_model.objects.open())

    def with_document_count(self) -> "AgreementQuerySet":
        """Annotated with `document_count`: how many documents belong to each itself."""
        return self._counting("document_count", self.model.documents.rel.related_model.objects.all())

    def _counting(self, name: str, rows: QuerySet) -> "AgreementQuerySet":
        own = rows.filter(agreement=OuterRef("pk")).order_by().values("agreement")
        return self.annotate(**{name: Coalesce(Subquery(own.annotate(times=Count("pk")).values("times")), 0)})

    def with_photo_of_partner(self) -> "AgreementQuerySet":
        """Annotated with `photo_columns`, what a page tells of the photo of the partner city; see `City.photo`."""
        versions = self.model.documents.rel.related_model.versions.rel.related_model.objects
        return self.annotate(photo_columns=versions.photo_of_city(OuterRef("partner")))

    def with_grounds(self) -> "AgreementQuerySet":
        """With the home city, the resolutions and the sources of each; see `Dossier`."""
        return self.select_related("home_city").prefetch_related("resolutions", "sources")

    def with_story(self) -> "AgreementQuerySet":
        """With what the partner city's page tells of each: its grounds, its domains and its milestones."""
        return self.with_grounds().with_milestones().prefetch_related("domains")

    def with_milestones(self) -> "AgreementQuerySet":
        """With those milestones of each that its chronicle tells; see `Dossier.milestones`."""
        told = self.model.milestones.rel.related_model.objects.told()
        return self.prefetch_related(Prefetch("milestones", told, to_attr="told_milestones"))

    def in_full(self) -> "AgreementQuerySet":
        """With everything that is on record of each itself."""
        return self.for_page().prefetch_related("successors__partner")

    def in_lists(self) -> "AgreementQuerySet":
        """As `in_full`, for thousands: each relation is a plain list, which `Agreement.related` gives.

        A query set for each relation of each agreement, though none is ever sent, takes longer than all the rest.
        """
        relations = {name: None for name in ("resolutions", "sources", "domains", "provisions")}
        relations["successors"] = self.model.objects.select_related("partner")
        lists = [Prefetch(name, queryset, to_attr=f"all_{name}") for name, queryset in relations.items()]
        return self.with_partner().select_related("home_city", "predecessor").prefetch_related(*lists)

    def for_page(self) -> "AgreementQuerySet":
        """With what the page of one shows beside those `around` it, its activities, commitments and milestones."""
        relations = self.with_partner().with_grounds().select_related("predecessor__partner")
        return relations.prefetch_related("domains", "provisions").with_register_change()

    def for_editing(self) -> "AgreementQuerySet":
        """With everything that a row of a table for editing says of one, in as many queries as for many."""
        return (
            self.with_partner()
            .select_related("predecessor")
            .prefetch_related("domains", "resolutions", "provisions", "sources")
        )

    def with_register_change(self) -> "AgreementQuerySet":
        """Annotated with `register_changed`: what `latest_change` says of all that everybody may read."""
        latest = self.model.objects.published().by_change().values("updated_at")[:1]
        return self.annotate(register_changed=Subquery(latest))

    def for_work(self) -> "AgreementQuerySet":
        """With everything that the form asks of one, and who stands for it."""
        return self.in_full().select_related("reviewer", "verified_by")

    def with_state(self, on: datetime.date | None = None) -> "AgreementQuerySet":
        """Annotated with `state_on`: the status, or "expired" where an agreement in force has certainly run out.

        The twin of `Agreement.state`; `on` is the day asked about, today unless given.
        """
        on = on or timezone.localdate()
        return self.annotate(
            state_on=Case(
                When(status="in_force", expires_last__lt=on, then=Value(EXPIRED)),
                default=F("status"),
                output_field=CharField(),
            )
        )

    def in_state(self, *states: str, on: datetime.date | None = None) -> "AgreementQuerySet":
        """Those whose status, or "expired", is one of `states` on the day `on` (today unless given)."""
        return self.with_state(on).filter(state_on__in=states)

    def in_force(self, on: datetime.date | None = None) -> "AgreementQuerySet":
        """Those in force and not certainly expired on the day `on` (today unless given)."""
        return self.in_state("in_force", on=on)

    def of_kind(self, *kinds: str) -> "AgreementQuerySet":
        """Those of one of `kinds`."""
        return self.filter(kind__in=kinds)

    def verified_as(self, *levels: str) -> "AgreementQuerySet":
        """Those proven as well as one of `levels` says."""
        return self.filter(verification__in=levels)

    def in_countries(self, *codes: str) -> "AgreementQuerySet":
        """Those with a partner in one of the countries."""
        return self.filter(partner__country__in=codes)

    def in_domains(self, *keys: str) -> "AgreementQuerySet":
        """Those in one of the domains of cooperation, each once."""
        links = self.model.domains.through.objects
        return self.filter(Exists(links.filter(agreement=OuterRef("pk"), domain__key__in=keys)))

    def search(self, text: str) -> "AgreementQuerySet":
        """Those of which every word of `text` stands in a name, a title, a summary or a name of the partner city."""
        return self.filter(matching(fold_terms(text), "search_text", "partner__search_text"))

    def find(self, text: str) -> "AgreementQuerySet":
        """The one with the register number that `text` is, in digits of any script; else those that `search` finds."""
        digits = latin_digits(text.strip())
        if digits.isascii() and digits.isdigit() and len(digits) < 10:
            return self.filter(number=int(digits))
        return self.search(text)

    def suggest(self, text: str) -> "AgreementQuerySet":
        """Those that `search` finds by more than the names of the partner city, by number."""
        by_partner = matching(fold_terms(text), "partner__search_text")
        return self.search(text).exclude(by_partner).by_number()

    def signed_possibly_within(self, first: datetime.date, last: datetime.date) -> "AgreementQuerySet":
        """Those whose date of signing can lie in the period, annotated with `signed_certainly`: whether it must."""
        return self.filter(signed_first__lte=last, signed_last__gte=first).annotate(
            signed_certainly=Case(
                When(signed_first__gte=first, signed_last__lte=last, then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            )
        )

    def signed_certainly_within(self, first: datetime.date, last: datetime.date) -> "AgreementQuerySet":
        """Those whose date of signing lies in the period whichever of its possible days it is."""
        return self.filter(signed_first__gte=first, signed_last__lte=last)

    def signed_to_the_day(self) -> "AgreementQuerySet":
        """Those whose day of signing is known."""
        return self.filter(signed_first=F("signed_last"))

    def tally_signed(self, first: datetime.date, last: datetime.date) -> dict[str, Any]:
        """How many can lie in the period by their signing (`total`), must (`certain`), or have no date (`undated`).

        Of those that can, also the `first` and `last` day that any of their dates can mean; None without one.
        """
        possibly = Q(signed_first__lte=last, signed_last__gte=first)
        certainly = Q(signed_first__gte=first, signed_last__lte=last)
        return self.order_by().aggregate(
            total=Count("pk", filter=possibly),
            certain=Count("pk", filter=certainly),
            undated=Count("pk", filter=Q(signed_first__isnull=True)),
            first=Min("signed_first", filter=possibly),
            last=Max("signed_last", filter=possibly),
        )

    def span_of_signing(self) -> dict[str, Any]:
        """How many there are (`total`) and how many have a date of signing (`dated`), and the `first` and `last` day
        that any of these dates can mean; None without a date."""
        return self.order_by().aggregate(
            total=Count("pk"),
            dated=Count("signed_first"),
            first=Min("signed_first"),
            last=Max("signed_last"),
        )

    def by_partner(self) -> dict[int, list[Pact]]:
        """What a map tells of the agreements with each partner city (its key), in the order of the agreements."""
        found: dict[int, list[Pact]] = {}
        names = dict(self.model.Kind.choices)
        for partner, number, kind, verification in self.values_list("partner", "number", "kind", "verification"):
            found.setdefault(partner, []).append(Pact(number, kind, verification, names[kind]))
        return found

    def partners(self, cities: list) -> list:
        """The partner `cities` in their order, each with its country and with those of these with it, by number, as
        `published_agreements`; of all of them no more than a card tells."""
        found: dict[int, Any] = {}
        columns = [f"partner__{name}" for name in ON_A_MAP] + ["partner__country__name_fa", "partner__country__name_en"]
        with_them = self.filter(partner__in=[city.pk for city in cities]).with_partner()
        for agreement in with_them.by_number().only(*OF_AN_AGREEMENT, *columns):
            city = found.setdefault(agreement.partner_id, agreement.partner)
            city.__dict__.setdefault("published_agreements", []).append(agreement)
        return [found[city.pk] for city in cities if city.pk in found]

    def with_claims(self) -> "AgreementQuerySet":
        """With the sources of each, among which those that give another date of signing; see `Dossier.sides`."""
        return self.prefetch_related("sources")

    def alphabetical(self, descending: bool = False) -> "AgreementQuerySet":
        """By the partner's name in the order of the reader's language, then by number."""
        key = F(f"partner__sort_{get_language()}")
        return self.order_by(key.desc() if descending else key.asc(), "number")

    def by_country(self, descending: bool = False) -> "AgreementQuerySet":
        """By the partner's country in the order of the reader's language, then by the partner's name."""
        language = get_language()
        key = F(f"partner__country__sort_{language}")
        return self.order_by(key.desc() if descending else key.asc(), f"partner__sort_{language}", "number")

    def by_number(self, descending: bool = False) -> "AgreementQuerySet":
        """By register number."""
        return self.order_by("-number" if descending else "number")

    def by_signing(self, descending: bool = False) -> "AgreementQuerySet":
        """By the first possible day of signing, then the more precise first, then number; unknown dates last."""
        first, last = F("signed_first"), F("signed_last")
        if descending:
            return self.order_by(first.desc(nulls_last=True), last.asc(nulls_last=True), "number")
        return self.order_by(first.asc(nulls_last=True), last.asc(nulls_last=True), "number")

    def beside(self, agreement: Any) -> "AgreementQuerySet":
        """The ones before and after `agreement` by register number, as far as there are any, in this order."""
        before = self.filter(number__lt=agreement.number).order_by("-number")[:1]
        after = self.filter(number__gt=agreement.number).order_by("number")[:1]
        return self.model.objects.filter(Q(pk__in=before.values("pk")) | Q(pk__in=after.values("pk"))).by_number()

    def around(self, agreement: Any) -> "AgreementQuerySet":
        """Those beside `agreement` by register number, and those that renew it or raise it to a higher kind."""
        return self.filter(Q(predecessor=agreement) | Q(pk__in=self.beside(agreement).values("pk")))

    def by_change(self) -> "AgreementQuerySet":
        """The one changed last first."""
        return self.order_by("-updated_at", "-number")

    def first_signed(self):
        """The one signed first of those whose date is known and whose sources agree; None where there is none."""
        return self.exclude(signed_first=None).exclude(verification="disputed").by_signing().first()

    def latest_changes(self, count: int) -> list["Change"]:
        """The last `count` changes: what was published or corrected on one day is one."""
        changes: list[Change] = []
        for agreement in self.with_partner().by_change()[: count * Change.AT_MOST]:
            # What is written at the publication itself is no correction.
            is_new = agreement.updated_at - agreement.published_at < datetime.timedelta(minutes=1)
            day = timezone.localdate(agreement.updated_at)
            if not changes or (changes[-1].day, changes[-1].is_new) != (day, is_new):
                changes.append(Change(day, is_new, []))
            changes[-1].agreements.append(agreement)
        return changes[:count]

    def likely_same(self, partner: int, kind: str) -> "AgreementQuerySet":
        """Those with the same partner (its key) and kind that have not ended: the likely duplicates of a new one."""
        return self.filter(partner=partner, kind=kind).exclude(status="ended")

    def at_a_glance(self) -> dict[str, int]:
        """How many agreements, partners, countries there are; how many sister cities, others, dated, disputed."""
        return self.order_by().aggregate(
            agreements=Count("pk"),
            partners=Count("partner", distinct=True),
            countries=Count("partner__country", distinct=True),
            sisters=Count("pk", filter=Q(kind="sister")),
            others=Count("pk", filter=~Q(kind="sister")),
            dated=Count("pk", filter=Q(signed_first__isnull=False)),
            disputed=Count("pk", filter=Q(verification="disputed")),
        )

    def to_do(self, on: datetime.date | None = None) -> dict[str, int]:
        """How many wait for somebody's work on the day `on` (today unless given), by what they wait for."""
        on = on or timezone.localdate()
        return self.order_by().aggregate(
            drafts=Count("pk", filter=Q(published_at__isnull=True)),
            disputed=Count("pk", filter=Q(verification="disputed")),
            unverified=Count("pk", filter=Q(verification="unverified")),
            approved=Count("pk", filter=Q(status="approved")),
            expired=Count("pk", filter=Q(status="in_force", expires_last__lt=on)),
        )

    def expiring_between(self, first: datetime.date, last: datetime.date) -> "AgreementQuerySet":
        """Those that can run out in the period, the earliest first; not those that one in force has followed."""
        successors = self.model.objects.filter(predecessor=OuterRef("pk"), status="in_force")
        return self.filter(
            ~Q(Exists(successors)),
            status__in=["in_force", "suspended"],
            expires_first__lte=last,
            expires_last__gte=first,
        ).order_by("expires_first", "expires_last", "number")

    def notice_between(self, first: datetime.date, last: datetime.date) -> "AgreementQuerySet":
        """Those in force of which the last day to give notice can lie in the period, the earliest first."""
        return self.filter(status="in_force", notice_by_first__lte=last, notice_by_last__gte=first).order_by(
            "notice_by_first", "notice_by_last", "number"
        )

    def with_anniversary_between(self, first: datetime.date, last: datetime.date) -> "AgreementQuerySet":
        """Those whose day of signing may recur in the period, in either calendar.

        They are a few more than do: `partnerships.anniversaries` tells exactly. The Solar Hijri anniversary is never
        more than two days from the Gregorian one, so the months of the period with those days beside it suffice.
        """
        beside = datetime.timedelta(days=2)
        days = (first + datetime.timedelta(days=number) for number in range(-2, (last - first + beside).days + 1))
        found = self.signed_to_the_day().exclude(status="ended")
        return found.filter(signed_first__month__in={day.month for day in days}, signed_first__lt=last)

    def without_activity_since(self, day: datetime.date) -> "AgreementQuerySet":
        """Those under which nothing is recorded that can have gone on at or after `day`.

        What has no date shows nothing: it can have been at any time.
        """
        links = self.model.activities.through.objects.filter(agreement=OuterRef("pk"))
        since = links.filter(Q(activity__begun_last__gte=day) | Q(activity__finished_last__gte=day))
        return self.filter(~Q(Exists(since)))

    def on_paper(self, on: datetime.date | None = None) -> "AgreementQuerySet":
        """Those in force on the day `on` (today unless given) for two years and more, and not active in the last two.

        One of which nobody knows when it was signed counts as old.
        """
        on = on or timezone.localdate()
        since = years_before(on, 2)
        old = Q(signed_first__isnull=True) | Q(signed_last__lt=since)
        return self.filter(old).in_force(on).without_activity_since(since)

    def with_last_activity(self) -> "AgreementQuerySet":
        """Annotated with `is_active` (whether any activity is recorded) and `last_active`, when the latest one began.

        That is an UncertainDate, or None without any activity or any date. Those without any activity come first, then
        those that have rested longest.
        """
        links = self.model.activities.through.objects.filter(agreement=OuterRef("pk"))
        latest = links.order_by(F("activity__begun_last").desc(nulls_last=True))
        return self.annotate(
            is_active=Exists(links),
            last_active=Subquery(latest.values("activity__begun")[:1]),
            last_active_on=Subquery(latest.values("activity__begun_last")[:1]),
        ).order_by("is_active", F("last_active_on").asc(nulls_first=True), "number")

    def lacking(self, *what: str, on: datetime.date | None = None) -> "AgreementQuerySet":
        """Those whose record lacks any of `what` (of LACKS); `on` is the day asked about, today unless given.

        Only what such a record can be expected to hold is lacking: a date of signing and a text where it is signed, a
        resolution where the council has approved it, a translation where no authentic text is Persian, an activity
        where it is `on_paper`. The withdrawn rest.
        """
        condition = Q()
        for one in what:
            condition |= self._lack(one, on)
        return self.filter(condition)

    def with_lacks(self, *what: str, on: datetime.date | None = None) -> "AgreementQuerySet":
        """Annotated with whether each of `what` is lacking, as in `lacks_date`."""
        cases = {
            f"lacks_{one}": Case(When(self._lack(one, on), then=Value(True)), default=Value(False)) for one in what
        }
        return self.annotate(**cases)

    def _lack(self, what: str, on: datetime.date | None) -> Q:
        def none(rows: QuerySet) -> Q:
            return ~Q(Exists(rows.filter(agreement=OuterRef("pk"))))

        signed, documents = Q(status__in=SIGNED), self.model.documents.rel.related_model.objects.order_by()
        lacks = {
            "date": signed & Q(signed_first__isnull=True),
            "resolution": Q(status__in=["approved", *SIGNED]) & none(self.model.resolutions.through.objects),
            "text": signed & none(documents.filter(kind="text")),
            "translation": signed
            & ~Q(authentic_languages__regex="(^| )fa( |$)")
            & none(documents.filter(kind="translation")),
            "summary": Q(summary_fa="") | Q(summary_en=""),
            "source": none(self.model.sources.rel.related_model.objects.order_by()),
        }
        if what == "activity":
            return Q(withdrawn_at__isnull=True, pk__in=self.model.objects.on_paper(on).values("pk"))
        return Q(withdrawn_at__isnull=True) & lacks[what]

    def to_complete(self, on: datetime.date | None = None) -> dict[str, int]:
        """How many records lack each of LACKS on the day `on` (today unless given)."""
        found = self.order_by().with_lacks(*LACKS, on=on)
        return found.aggregate(**{one: Count("pk", filter=Q(**{f"lacks_{one}": True})) for one in LACKS})

    def recorded_by(self, user: Any) -> "AgreementQuerySet":
        """Those that `user` recorded, by their history."""
        beginnings = self.model.history.filter(id=OuterRef("pk"), history_type="+", history_user=user)
        return self.filter(Exists(beginnings))

    def publishable(self) -> "AgreementQuerySet":
        """Those that `Agreement.publish` takes: named in both languages, and not in force by nobody's word."""
        supporting = self.model.sources.rel.related_model.objects.supporting().filter(agreement=OuterRef("pk"))
        proven = ~Q(status="in_force") | Q(signed_first__isnull=False) | Q(Exists(supporting))
        return self.exclude(name_fa="").exclude(name_en="").filter(proven)

    def drafts_for(self, user: Any) -> "AgreementQuerySet":
        """The drafts that wait for `user`: whoever publishes has all of them, others their own and those assigned.

        Annotated with `is_assigned` (to this person), `is_ready` (it may be published, and lacks none of ESSENTIAL) and
        what it lacks of them, as in `lacks_date`; those assigned come first, then those that are ready.
        """
        drafts = self.drafts().with_lacks(*ESSENTIAL)
        if not user.has_perm("partnerships.publish_agreement"):
            drafts = drafts.filter(Q(reviewer=user) | Q(pk__in=self.model.objects.recorded_by(user).values("pk")))
        may = Exists(self.model.objects.publishable().filter(pk=OuterRef("pk")))
        complete = Q(may, **{f"lacks_{one}": False for one in ESSENTIAL})
        return drafts.annotate(
            is_assigned=Case(When(reviewer=user, then=Value(True)), default=Value(False)),
            is_ready=Case(When(complete, then=Value(True)), default=Value(False)),
        ).order_by("-is_assigned", "-is_ready", "-updated_at", "-number")

    def named(self, at_most: int = 5) -> str:
        """The first of these by number, and whether there are more, to stand in a sentence; "" when there are none."""
        first = list(self.order_by("number")[: at_most + 1])
        names = [f"\u2068{agreement}\u2069" for agreement in first[:at_most]]
        return gettext(", ").join(names + ["…"] * (len(first) > at_most))

    def latest_change(self) -> datetime.datetime | None:
        """When the newest change of any of these was made; None when there are none."""
        return self.aggregate(latest=Max("updated_at"))["latest"]

    def count_by(self, column: str) -> dict[str, int]:
        """How many there are of each value of `column` (a field, a relation's field, or `state_on`)."""
        rows = self.order_by().values_list(column).annotate(number=Count("pk", distinct=True))
        return {value: number for value, number in rows if value is not None}

    def with_particulars(self) -> "AgreementQuerySet":
        """Annotated with whether the instrument's title (`is_titled`) and a resolution (`is_resolved`) are known."""
        links = self.model.resolutions.through.objects
        return self.annotate(
            is_titled=Case(When(ON_RECORD["title"], then=Value(True)), default=Value(False)),
            is_resolved=Exists(links.filter(agreement=OuterRef("pk"))),
        )

    def on_record(self, *particulars: str) -> "AgreementQuerySet":
        """Those of which all the `particulars` are known, or with "no_" before it are not: keys of ON_RECORD.

        As in `on_record("month", "no_domain")`: a date known to the month, and no domain of cooperation.
        """
        found = self
        for particular in particulars:
            name = particular.removeprefix("no_")
            condition = ON_RECORD.get(name)
            if condition is None:
                links = getattr(self.model, f"{name}s").through.objects
                condition = Q(Exists(links.filter(agreement=OuterRef("pk"))))
            found = found.filter(condition if name == particular else ~condition)
        return found

    def facts(self) -> list[tuple]:
        """What statistics count of each agreement, as named tuples of FACTS in no certain order."""
        return list(self.with_state().with_particulars().order_by().values_list(*FACTS, named=True))

    def cross_count(self, *columns: str) -> dict[tuple, int]:
        """How many there are of each combination of values of `columns`, as in {("sister", "press"): 11}."""
        rows = self.order_by().values_list(*columns).annotate(combined=Count("pk"))
        return {tuple(values): count for *values, count in rows}
