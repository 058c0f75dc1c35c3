"""The dossier of one agreement: what the register says of it, by whose word, and what it does not know.

Read from an agreement with its relations at hand: `AgreementQuerySet.in_full()` fetches them all, and
`with_grounds()` what `unknowns` and `story` need.
"""

import datetime
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from partnerships.models.decisions import Verb
from partnerships.models.evidence import Source, Verification
from partnerships.models.resolution import Resolution
from partnerships.querysets import EXPIRED
from sistercities.dates import Calendar, Precision, UncertainDate
from sistercities.text import figures, fold, localize_digits

if TYPE_CHECKING:
    from partnerships.models.agreement import Agreement
    from partnerships.models.lifecycle import Milestone

GROUNDS = {
    Verification.DOCUMENT: _("the signed text has been seen"),
    Verification.OFFICIAL: _("an official body says so"),
    Verification.PRESS: _("the press says so"),
    Verification.UNVERIFIED: _("not yet checked"),
    Verification.DISPUTED: _("sources contradict each other"),
}
"""What each level of proof means, in a few words."""


@dataclass(frozen=True)
class Side:
    """One of the dates between which sources disagree, with those that give it."""

    date: UncertainDate
    sources: list[Source]


@dataclass(frozen=True)
class Step:
    """Something that happened, when, by whose hand or word, and how well it is proven (a level of Verification)."""

    what: str
    date: UncertainDate | None
    details: str
    level: str
    url: str = ""
    by: str = ""
    """Who decided it."""


@dataclass(frozen=True)
class Rung:
    """A level of proof on the ladder of them all."""

    level: str
    label: str
    meaning: str
    is_present: bool


@dataclass(frozen=True)
class Citation:
    """How to cite a record: in one line, in full, and where it stands for good."""

    short: str
    full: str
    address: str


def day_in_words(day: datetime.date) -> str:
    """A day in both calendars, the one of the reader's language first."""
    calendar = Calendar.SOLAR_HIJRI if get_language() == "fa" else Calendar.GREGORIAN
    return UncertainDate.on(day, calendar).display()


class Dossier:
    """What a page says of `agreement` beyond its columns."""

    def __init__(self, agreement: "Agreement") -> None:
        self.agreement = agreement

    @property
    def was_signed(self) -> bool:
        """Whether it was certainly signed, on a known day or not. A council's approval alone is no signature."""
        record = self.agreement
        return bool(record.signed) or record.status in (record.Status.IN_FORCE, record.Status.SUSPENDED)

    @property
    def is_unsigned(self) -> bool:
        """Whether it certainly has not been signed yet. Of one that ended, without a date, nothing is certain."""
        return not self.was_signed and self.agreement.status != self.agreement.Status.ENDED

    @cached_property
    def resolutions(self) -> list[Resolution]:
        """The council's resolutions, the oldest first, undated ones last."""
        return sorted(self.agreement.related("resolutions"), key=lambda one: _in_time(one.decided))

    @cached_property
    def sources(self) -> list[Source]:
        """The sources, the newest first, undated ones last."""
        dated = [one for one in self.agreement.related("sources") if one.issued]
        undated = [one for one in self.agreement.related("sources") if not one.issued]
        return [*sorted(dated, key=lambda one: one.issued.first, reverse=True), *undated]

    @cached_property
    def predecessor(self) -> "Agreement | None":
        """The agreement that this one renews or raises, if everybody may read it."""
        before = self.agreement.predecessor
        return before if before and before.publication == "published" else None

    @property
    def successors(self) -> list["Agreement"]:
        """The agreements that renew or raise this one, as far as everybody may read them."""
        return [one for one in self.agreement.related("successors") if one.publication == "published"]

    @cached_property
    def sides(self) -> list[Side]:
        """The dates of signing between which sources disagree, the record's own first; none when they do not.

        Claims contradict only if they cannot mean the same day. All of them stand.
        """
        opposed: dict[tuple[datetime.date, datetime.date], list[Source]] = {}
        for source in self.sources:
            if source.contradicts_signed:  # one day is one side, in whichever calendar it is given
                opposed.setdefault((source.signed_claim_first, source.signed_claim_last), []).append(source)
        if not opposed:
            return []
        agreed = [source for source in self.sources if source.signed_claim and not source.contradicts_signed]
        others = [Side(by[0].signed_claim, by) for _bounds, by in sorted(opposed.items())]
        return [Side(self.agreement.signed, agreed), *others]

    @cached_property
    def opposed(self) -> list[Source]:
        """The sources that contradict the record in something else than the date of signing."""
        return [one for one in self.sources if one.stance == Source.Stance.CONTRADICTS and not one.contradicts_signed]

    @cached_property
    def milestones(self) -> "list[Milestone]":
        """The milestones that everybody may read, as they were recorded; not those that a resolution here tells."""
        fetched = getattr(self.agreement, "told_milestones", None)
        told = self.agreement.milestones.told() if fetched is None else fetched
        numbers = {fold(one.number) for one in self.resolutions if one.number}
        return [one for one in told if fold(one.letter_number) not in numbers]

    @cached_property
    def steps(self) -> list[Step]:
        """What is known to have happened and when, in time; decisions of the council without a date stand last.

        A signing or an end on a day that is not known is among the `unknowns`: each gap is told once.
        """
        record, level = self.agreement, self.agreement.verification
        steps = [
            Step(
                gettext("Resolution of the %(council)s") % {"council": one.body.plain},
                one.decided,
                self._numbers(one),
                level,
                one.get_absolute_url(),
            )
            for one in self.resolutions
        ]
        told = list(self.milestones)
        if record.signed:
            signing = _take(told, Verb.SIGN)
            details = self._signing() or (signing and signing.account)
            steps.append(Step(gettext("Signing"), record.signed, details, level, by=signing and signing.authority))
        if record.in_force_from:
            steps.append(Step(gettext("Entry into force"), record.in_force_from, "", level))
        if record.state == EXPIRED:
            steps.append(Step(gettext("Expiry"), record.expires, record.renewal_rule, level))
        if record.status in (record.Status.SUSPENDED, record.Status.ENDED) and record.status_since:
            is_suspended = record.status == record.Status.SUSPENDED
            halt = _take(told, Verb.SUSPEND if is_suspended else Verb.END)
            what = gettext("Suspension") if is_suspended else gettext("End")
            steps.append(Step(what, record.status_since, record.status_reason, level, by=halt and halt.authority))
        steps += [Step(one.told_as, one.answered, one.account, level, by=one.authority) for one in told if one.answered]
        return sorted(steps, key=lambda step: _in_time(step.date))

    @property
    def has_particulars(self) -> bool:
        """Whether more is known than kind, status and dates: see partnerships/particulars.html."""
        record = self.agreement
        known = (record.title, record.place_signed, record.signatories_home, record.signatories_partner)
        return any(known) or bool(self.resolutions or record.domains.all())

    @property
    def stances(self) -> list[tuple[str, str, int]]:
        """How many sources support, contradict and mention the record: the stance, its label and the number."""
        counts = Counter(source.stance for source in self.sources)
        return [(stance.value, stance.label, counts[stance]) for stance in Source.Stance if counts[stance]]

    @cached_property
    def story(self) -> list[Step]:
        """The dated steps, and between them what was said of the agreement and when."""
        said = [
            Step(source.says, source.issued, source.publisher or source.title or source.url, source.nature)
            for source in self.sources
            if source.issued
        ]
        return sorted([*(step for step in self.steps if step.date), *said], key=lambda step: _in_time(step.date))

    @staticmethod
    def _numbers(resolution: Resolution) -> str:
        known = [
            resolution.number and gettext("No. %(number)s") % {"number": localize_digits(resolution.number)},
            resolution.session and gettext("session %(session)s") % {"session": localize_digits(resolution.session)},
        ]
        return gettext(", ").join(filter(None, known))

    def _signing(self) -> str:
        record = self.agreement
        known = (record.place_signed, record.signatories_home, record.signatories_partner)
        return gettext("; ").join(name.plain for name in known if name)

    @cached_property
    def unknowns(self) -> list[str]:
        """What the record lacks, each in a few words. What has not happened yet is not lacking."""
        record = self.agreement
        lacking = []
        if self.was_signed:
            lacking += self._unknown_of_the_signing()
        elif not self.is_unsigned:
            lacking.append(gettext("Whether it was signed, and when"))
        if not self.resolutions and record.status != record.Status.PROSPECT:
            lacking.append(gettext("The council’s resolution"))
        elif any(not one.number for one in self.resolutions):
            lacking.append(gettext("The number of the council’s resolution"))
        if record.status in (record.Status.SUSPENDED, record.Status.ENDED) and not record.status_since:
            lacking.append(gettext("When it was suspended or ended"))
        return lacking

    @property
    def gaps(self) -> list[str]:
        """What to look at before publishing: the `unknowns`, and what lacks on the page without being a fact."""
        record = self.agreement
        lacking = list(self.unknowns)
        if not self.sources:
            lacking.append(gettext("A source"))
        if not (record.summary_fa and record.summary_en):
            lacking.append(gettext("A summary in both languages"))
        return lacking

    def _unknown_of_the_signing(self) -> list[str]:
        record = self.agreement
        partner, home = record.partner.name.plain, record.home_city.name.plain
        missing = [
            (gettext("When it was signed"), not record.signed),
            (gettext("The day of signing"), record.signed and record.signed.precision < Precision.DAY),
            (gettext("Where it was signed"), not record.place_signed),
            (gettext("Who signed for %(city)s") % {"city": home}, not record.signatories_home),
            (gettext("Who signed for %(city)s") % {"city": partner}, not record.signatories_partner),
            (gettext("The exact title on the instrument"), not record.title),
            (gettext("The authentic languages"), not record.authentic_languages),
            (gettext("When it came into force"), not record.in_force_from),
            (gettext("When it expires, or how it is renewed"), not (record.expires or record.renewal_rule)),
        ]
        return [name for name, is_missing in missing if is_missing]

    @property
    def ladder(self) -> list[Rung]:
        """The levels of proof with the present one marked; "disputed", which is none, only when it is so."""
        present = self.agreement.verification
        return [
            Rung(level.value, level.label, GROUNDS[level], level == present)
            for level in Verification
            if level != Verification.DISPUTED or level == present
        ]

    def citation(self, address: str) -> Citation:
        """How to cite this revision; `address` is its permanent address with the host."""
        record = self.agreement
        parts = {
            "name": record.name.plain,
            "home": record.home_city.name.plain,
            "number": figures(record.number),
            "revision": figures(record.version),
            "day": day_in_words(timezone.localdate(record.updated_at)),
        }
        return Citation(
            gettext("%(name)s. Register of Sister Cities of %(home)s, no. %(number)s") % parts,
            gettext(
                "Municipality of %(home)s. “%(name)s.” Register of Sister Cities, no. %(number)s, "
                "revision %(revision)s, as of %(day)s."
            )
            % parts,
            address,
        )


def _in_time(date: UncertainDate | None) -> tuple[bool, datetime.date, datetime.date]:
    """The place of a date in time: by its first possible day, the more precise first, and an unknown one last."""
    return (False, date.first, date.last) if date else (True, datetime.date.max, datetime.date.max)


def _take(told: "list[Milestone]", verb: Verb) -> "Milestone | None":
    """Take the last milestone of the verb's kind out of the list: the record itself tells what it says.

    One that was refused is told by itself.
    """
    last = next((one for one in reversed(told) if one.kind.verb == verb and one.outcome != one.Outcome.REFUSED), None)
    if last is not None:
        told.remove(last)
    return last
