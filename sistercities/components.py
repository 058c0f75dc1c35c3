"""The component sheet: every piece of the site's look on one page, in both directions and both themes at once.

The specimens are drawn by the templates that the pages use, of records that are never stored, so that the sheet cannot
drift from the product. Its colours are read from static/css/tokens.css, and so is their contrast.
"""

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cities.maps import Map, city_map
from cities.models import City, Country
from partnerships.agenda import Item
from partnerships.facts import Fact, FactGroup
from partnerships.models import (
    Activity,
    Agreement,
    Commitment,
    Import,
    ImportRow,
    Milestone,
    MilestoneKind,
    Note,
    Source,
)
from partnerships.models.dossier import GROUNDS, Side, Step
from partnerships.models.evidence import Verification
from partnerships.models.lifecycle import Standing
from partnerships.preview import STEPS, Card, Cell, Change, Offer
from sistercities.dates import Calendar, UncertainDate
from sistercities.fields import UncertainDateFormField
from sistercities.lists import BothNames, Choice, Head, Mark, RegisterNumber, Row, uncertain
from sistercities.quantities import WholeNumberField
from sistercities.text import figures

TOKENS = settings.BASE_DIR / "static/css/tokens.css"

PAIRS = [
    ("ink", "paper", 4.5),
    ("ink-soft", "paper", 4.5),
    ("ink-faint", "paper", 4.5),
    ("ink-faint", "paper-sunk", 4.5),
    ("ink-soft", "paper-sunk", 4.5),
    ("lapis", "paper", 4.5),
    ("lapis", "paper-sunk", 4.5),
    ("turquoise", "paper", 4.5),
    ("brick", "paper", 4.5),
    ("brick", "brick-wash", 4.5),
    ("ochre", "paper", 4.5),
    ("paper", "lapis", 4.5),
    ("ink", "lapis-wash", 4.5),
    ("ink-soft", "lapis-wash", 4.5),
    ("lapis", "lapis-wash", 4.5),
    ("line-strong", "paper", 3),
    ("line-strong", "paper-raised", 3),
    ("turquoise-mark", "paper", 3),
    ("panel-ink", "panel", 4.5),
    ("panel-soft", "panel", 4.5),
    ("panel-brick", "panel", 4.5),
    ("panel-turquoise", "panel", 3),
    ("panel-soft", "panel-deep", 4.5),
    ("panel-ink", "panel-deep", 4.5),
    ("focus", "paper", 3),
]
"""Colours that meet: what is drawn, on what, and the ratio of WCAG 2.2 that they need."""


@cache
def palette(theme: str) -> dict[str, str]:
    """The colours of "light" or "dark" by their names, as in {"paper": "#fbf8f1"}; read from the stylesheet once."""
    css = re.sub(r"/\*.*?\*/", "", TOKENS.read_text(encoding="utf-8"), flags=re.DOTALL)
    colours: dict[str, str] = {}
    for selector, block in re.findall(r"([^{}]+)\{([^{}]*)\}", css.partition("@media print")[0]):
        if '[data-theme="light"]' in selector or (theme == "dark" and '[data-theme="dark"]' in selector):
            if ":not(" not in selector:
                colours |= re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block)
    return colours


def contrast(one: str, other: str) -> float:
    """The ratio of contrast between two colours ("#rrggbb"), as WCAG 2.2 defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class SpecimenForm(forms.Form):
    """A form with every sort of field."""

    name_en = forms.CharField(label=_("name in English"), help_text=_("As the register writes it."))
    note = forms.CharField(label=_("note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    kind = forms.ChoiceField(label=_("kind"), choices=Agreement.Kind, widget=forms.RadioSelect)
    status = forms.ChoiceField(label=_("status"), choices=Agreement.Status)
    states = forms.MultipleChoiceField(
        label=_("statuses"), choices=Agreement.STATES, widget=forms.CheckboxSelectMultiple, required=False
    )
    agreed = forms.BooleanField(label=_("published"), required=False)
    population = WholeNumberField(label=_("population"), required=False, disabled=True)
    signed = UncertainDateFormField(label=_("signed"), required=False)
    expires = UncertainDateFormField(label=_("expires"), required=False)


@dataclass(frozen=True)
class Frame:
    """One of the four looks of everything: a language with its direction, and a theme."""

    language: str
    direction: str
    theme: str

    @property
    def mark(self) -> str:
        """What begins its ids and the names of its landmarks, as in "fa-dark"."""
        return f"{self.language}-{self.theme}"

    @property
    def here(self) -> str:
        """Where the links of its specimens lead: to its own beginning."""
        return f"#{self.mark}"

    @property
    def landmarks(self) -> dict[str, str]:
        """What the navigations of its specimens are called, so that each differs from all others of the page."""
        return {
            "crumbs": f"{self.title}: {gettext('You are here')}",
            "pages": f"{self.title}: {gettext('Pages')}",
            "turn": f"{self.title}: {gettext('Next')}",
        }

    @property
    def title(self) -> str:
        """What it is called in its language."""
        return gettext("In the light") if self.theme == "light" else gettext("In the dark")

    @property
    def swatches(self) -> dict[str, str]:
        """The colours of its theme by name."""
        return palette(self.theme)

    @property
    def pairs(self) -> list[tuple[str, str, float]]:
        """Colours that meet, and their contrast, rounded down."""
        colours = palette(self.theme)
        return [(one, other, int(contrast(colours[one], colours[other]) * 10) / 10) for one, other, _need in PAIRS]

    @cached_property
    def form(self) -> SpecimenForm:
        """A form with mistakes in it."""
        typed = {
            "name_en": "",
            "note": "Gəncə",
            "kind": "sister",
            "states": ["in_force", "expired"],
            **{"signed_month": "3", "signed_year": "1395", "signed_calendar": Calendar.SOLAR_HIJRI},
            **{"expires_day": "12", "expires_year": "1404", "expires_calendar": Calendar.SOLAR_HIJRI},
        }
        return SpecimenForm(typed, auto_id=f"{self.mark}-%s", initial={"population": 1558693})

    @property
    def page(self) -> Page:
        """The seventh of twenty pages."""
        return Paginator(range(200), 10).page(7)

    @property
    def chips(self) -> list[dict[str, Any]]:
        """Two filters chosen."""
        return [{"url": "?", "label": Agreement.Kind.SISTER.label}, {"url": "?", "label": figures(1387)}]

    @property
    def statuses(self) -> list[tuple[str, Any]]:
        """Every state of an agreement, of its publication, of a promise, a milestone and an import, with its label."""
        of_agreements = [*Agreement.STATES, *Agreement.PUBLICATION, *Commitment.STATES, *Standing.choices]
        return [*dict([*of_agreements, *Import.Stage.choices, *ImportRow.Verdict.choices]).items()]

    @property
    def levels(self) -> list[tuple[str, Any, Any]]:
        """The levels of proof: value, label, meaning."""
        return [(level.value, level.label, GROUNDS[level]) for level in Verification]

    @property
    def stances(self) -> list[tuple[str, Any]]:
        """What a source does to a record."""
        return Source.Stance.choices

    @property
    def dates(self) -> list[UncertainDate | None]:
        """A day, a month, a year, and a date that nobody knows."""
        return [
            UncertainDate(Calendar.GREGORIAN, 2013, 4, 13),
            UncertainDate(Calendar.SOLAR_HIJRI, 1395, 3),
            UncertainDate(Calendar.GREGORIAN, 2009),
            None,
        ]

    @property
    def home(self) -> City:
        """The home city."""
        return _home()

    @cached_property
    def cities(self) -> list[City]:
        """Three partners with one agreement each."""
        made = []
        for number, partner, signed, level in zip((8, 12, 2), _partners(), self.dates, _LEVELS, strict=False):
            agreement = Agreement(
                number=number,
                partner=partner,
                home_city=_home(),
                kind="friendship" if number == 12 else "sister",
                status="in_force",
                signed=signed if number != 2 else None,
                verification=level,
                name_fa=f"پیمان خواهرخواندگی تبریز و {partner.name_fa}",
                name_en=f"Sister-city agreement of Tabriz and {partner.name_en}",
                updated_at=timezone.now(),
            )
            partner.published_agreements = [agreement]
            made.append(partner)
        return made

    @property
    def map(self) -> Map:
        """The map of a city's page."""
        gaza, wuhan, baku = self.cities
        return city_map(_home(), wuhan, [gaza, baku])

    @property
    def agreements(self) -> list[Agreement]:
        """The agreements of the three."""
        return [agreement for city in self.cities for agreement in city.published_agreements]

    @cached_property
    def sources(self) -> list[Source]:
        """One source of each stance."""
        return [
            Source(
                stance=stance,
                nature="press",
                publisher_fa="خبرگزاری",
                publisher_en="News agency",
                title_fa="گزارش",
                title_en="A report",
                reference="30993020",
                url="https://example.org/news/1",
                issued=self.dates[0],
                says_fa="از امضای پیمان خبر می‌دهد.",
                says_en="Reports that the agreement was signed.",
            )
            for stance in Source.Stance
        ]

    @property
    def due(self) -> list[Item]:
        """What is due: a round anniversary, a notice on a day that is not known, and an expiry that is past."""
        gaza, wuhan, baku = self.agreements
        ten = ngettext("%(years)s year since the signing", "%(years)s years since the signing", 10)
        rows = [
            ("anniversary", gaza, ten % {"years": figures(10)}, self.dates[0], self.dates[0].first, 2),
            ("notice", wuhan, gettext("Last day to give notice"), self.dates[1], self.dates[1].first, 0),
            ("expiry", baku, gettext("Expires"), self.dates[0], self.dates[1].first, 0),
        ]
        return [
            Item(
                kind=kind,
                uid=kind,
                label=label,
                about=agreement.name,
                partner=agreement.partner,
                date=date,
                address=reverse("staff:dashboard"),
                record=agreement,
                today=today,
                marks=marks,
            )
            for kind, agreement, label, date, today, marks in rows
        ]

    @property
    def sides(self) -> list[Side]:
        """Two dates between which sources disagree; see partnerships/conflict.html."""
        year, day = UncertainDate(Calendar.SOLAR_HIJRI, 1387), self.dates[0]
        return [Side(year, self.sources[:1]), Side(day, self.sources[1:2])]

    @property
    def milestones(self) -> list[Milestone]:
        """A milestone of each standing that has a colour."""
        year, ahead = UncertainDate(Calendar.SOLAR_HIJRI, 1400), UncertainDate(Calendar.SOLAR_HIJRI, 1500)
        slow, patient = MilestoneKind(patience_days=30), MilestoneKind(patience_days=32_000)
        return [
            *(Milestone(outcome=outcome) for outcome in ("done", "conditional", "refused", "not_needed")),
            *(Milestone(kind=kind, sent=year) for kind in (slow, patient)),
            *(Milestone(planned=when) for when in (year, ahead)),
        ]

    @property
    def facts(self) -> list[FactGroup]:
        """Facts of an agreement: known, known in one language alone, and not at all; all are changed in this frame."""
        absent = [gettext("not provided")]
        rows = [
            (gettext("Signed"), [self.dates[0].display()], []),
            (gettext("Place signed"), [self.home.name], [gettext("not provided in English")]),
            (gettext("Expires"), [], absent),
            (gettext("Notice by"), [], absent),
        ]
        return [FactGroup(gettext("Signing"), [Fact(*row, field=self.mark, asked="") for row in rows])]

    @property
    def activity(self) -> Activity:
        """Something done under an agreement; its key makes an id that is the frame's own."""
        return Activity(
            pk=self.mark,
            kind=Activity.Kind.EXHIBITION,
            direction=Activity.Direction.INCOMING,
            title_fa="نمایشگاه فرش",
            title_en="An exhibition of carpets",
            begun=self.dates[0],
            place_fa="تبریز",
            place_en="Tabriz",
            participants=120,
        )

    @property
    def commitments(self) -> list[Commitment]:
        """A promise that is overdue, and one that was kept."""
        said = {"text_fa": "هفته‌ای فرهنگی برپا شود.", "text_en": "To hold a cultural week."}
        late, kept = self.dates[:2]
        return [
            Commitment(side="home", due=late, status="open", **said),
            Commitment(side="both", due=kept, status="kept", settled=kept, **said),
        ]

    @property
    def notes(self) -> list[Note]:
        """A note of the office, whose id is the frame's own."""
        return [Note(pk=self.mark, text=gettext("What is said in passing."), created_at=timezone.now())]

    @property
    def saved_filters(self) -> list[dict[str, Any]]:
        """Two filters that somebody keeps."""
        return [{"address": self.here, "name": label} for label in Agreement.Kind.labels[:2]]

    @property
    def piece(self) -> dict[str, Any]:
        """A question of a list: choices with how many records each finds."""
        choices = [
            {"value": value, "label": label, "count": count, "is_chosen": count == 11}
            for (value, label), count in zip(Agreement.Kind.choices, (11, 3, 0), strict=False)
        ]
        return {"legend": gettext("Kind"), "name": "kind", "is_long": False, "choices": choices}

    @property
    def heads(self) -> list[Head]:
        """The heads of a list that is sorted by the names."""
        return [Head(column, self.here, "ascending" if column.is_name else "") for column in _COLUMNS]

    @property
    def rows(self) -> list[Row]:
        """The agreements as the desk's list shows them."""
        return [
            Row(agreement, agreement.number, self.here, [column.cell(agreement) for column in _COLUMNS])
            for agreement in self.agreements
        ]

    @property
    def import_steps(self) -> list[tuple[str, Any]]:
        """The steps of an import."""
        return STEPS

    @property
    def import_cards(self) -> list[Card]:
        """Rows of a table: one that changes an agreement, one that is wrong, and one that asks which city is meant.

        Their numbers are the frame's own, since the answers are known by them.
        """
        first = (FRAMES.index(self) + 1) * 10
        city, other, _third = (str(city.name) for city in self.cities)
        verdicts = ImportRow.Verdict
        changed, wrong, asked, decided = (
            ImportRow(number=first + at, verdict=verdict)
            for at, verdict in enumerate((verdicts.CHANGED, verdicts.WRONG, verdicts.QUESTION, verdicts.UNCHANGED))
        )
        signed, told = gettext("Signed"), gettext("What is wrong")
        offers = [Offer("place:1", city, False, gettext("recorded already")), Offer("leave", other, False)]
        return [
            Card(changed, city, "", changes=[Change(signed, figures(1387), figures(1388))]),
            Card(wrong, other, "", cells=[Cell(signed, "c. 1980", [told]), Cell(signed, "", [])], reasons=[told]),
            Card(asked, city, other, question=gettext("Which city is meant?"), offers=offers, alike=2),
            Card(decided, city, "", changes=[Change(signed, "", figures(1387))]),
        ]

    @property
    def steps(self) -> list[Step]:
        """A step proven in each way."""
        return [
            Step(str(GROUNDS[level]).capitalize(), date, str(label), level)
            for (level, label), date in zip(Verification.choices, [*self.dates[:3], None, None], strict=True)
        ]


_LEVELS = ("disputed", "press", "official")

_COLUMNS = (
    RegisterNumber("number", _("No.")),
    BothNames("name", _("name")),
    Choice("kind", _("kind")),
    Mark("state", _("status")),
    uncertain("signed", _("signed")),
)


def _home() -> City:
    return City(pk=1, name_fa="تبریز", name_en="Tabriz", slug="tabriz", latitude=38.08, longitude=46.2919)


def _partners() -> list[City]:
    rows = [
        ("PS", "فلسطین", "Palestine", "غزه", "Gaza", "gaza", 31.5, 34.47),
        ("CN", "چین", "China", "ووهان", "Wuhan", "wuhan", 30.58, 114.27),
        ("AZ", "جمهوری آذربایجان", "Azerbaijan", "باکو", "Baku", "baku", 40.38, 49.89),
    ]
    return [
        City(
            pk=pk,
            country=Country(code=code, name_fa=country_fa, name_en=country_en),
            name_fa=name_fa,
            name_en=name_en,
            slug=slug,
            latitude=latitude,
            longitude=longitude,
        )
        for pk, (code, country_fa, country_en, name_fa, name_en, slug, latitude, longitude) in enumerate(rows, start=2)
    ]


FRAMES = [
    Frame("fa", "rtl", "light"),
    Frame("en", "ltr", "light"),
    Frame("fa", "rtl", "dark"),
    Frame("en", "ltr", "dark"),
]
