"""Fills an empty database with a made-up register of any size: always the same one for the same size.

    DATABASE_URL=… SECRET_KEY=… ALLOWED_HOSTS=… python -m benchmarks.fill AGREEMENTS

The partner cities are places of the gazetteer, Istanbul and Baku first; everything else is made up, with the shares
that a real register has: kinds, statuses, dates of each precision in both calendars and dates that nobody knows,
domains, resolutions, sources, drafts and withdrawn agreements. Rows are written many at a time, each after its
`derive()`, so that every column holds what the application would have written; each record has the first entry of its
history.
"""

import contextlib
import datetime
import itertools
import random
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from django.utils.text import slugify

HOME, FIRST_PARTNERS = 113646, (745044, 587084)
"""Tabriz, Istanbul and Baku by their GeoNames ids."""

CITIES_OF = 12_596 / 16_484
"""Partner cities for each agreement, as in the ties of the world that Wikidata knows; until the gazetteer ends."""

TIES = 16_484
"""Ties of cities with each other; fewer where there are not cities enough."""

TIED_ALONE = 3_000
"""Cities that are known by their ties alone, at most: no agreement is with them."""

BATCH = 2_000

BEGINNING = datetime.datetime(2014, 3, 21, 8, tzinfo=datetime.UTC)
"""When the first record was made; others follow until `END`."""

END = datetime.datetime(2026, 3, 20, 16, tzinfo=datetime.UTC)

KINDS = {"sister": 70, "friendship": 18, "project": 8, "contact": 4}
STATUSES = {"in_force": 72, "ended": 10, "suspended": 4, "approved": 5, "negotiation": 5, "prospect": 4}
VERIFICATIONS = {"document": 30, "official": 25, "press": 25, "unverified": 15, "disputed": 5}
PUBLICATIONS = {"published": 85, "draft": 10, "withdrawn": 5}
PRECISIONS = {"day": 45, "month": 20, "year": 35}
LANGUAGES = {"": 40, "fa en": 35, "fa": 10, "fa tr en": 8, "fa az": 4, "fa ru": 3}

DOMAINS = {
    "cultural": ("فرهنگی", "cultural"),
    "social": ("اجتماعی", "social"),
    "economic": ("اقتصادی", "economic"),
    "managerial": ("مدیریتی", "managerial"),
    "technical": ("فنی", "technical"),
    "political": ("سیاسی", "political"),
    "scientific": ("علمی", "scientific"),
    "tourism": ("گردشگری", "tourism"),
}
PROVISIONS = {
    "article-1": ("برنامه راهبردی شهر", "Strategic plan of the city", "ماده ۱", "Article 1"),
    "article-2": ("برنامه راهبردی شهر", "Strategic plan of the city", "ماده ۲", "Article 2"),
    "vision": ("سند چشم‌انداز", "Vision of the city", "", ""),
}
SUBJECTS = (
    ("دانشگاه‌ها و مرکزهای پژوهشی", "universities and research centres"),
    ("گروه‌های موسیقی و نمایش", "musicians and theatre companies"),
    ("بازارگردانان و اتاق‌های بازرگانی", "merchants and chambers of commerce"),
    ("سازمان‌های آتش‌نشانی", "fire brigades"),
    ("موزه‌ها و کتابخانه‌ها", "museums and libraries"),
    ("مدرسه‌ها و باشگاه‌های ورزشی", "schools and sports clubs"),
    ("سازمان‌های آب و پسماند", "water and waste works"),
    ("راهنمایان گردشگری", "tourist guides"),
    ("بیمارستان‌ها", "hospitals"),
    ("مهندسان حمل‌ونقل", "transport engineers"),
    ("بافندگان فرش و پیشه‌وران", "carpet weavers and craftspeople"),
    ("باغ‌ها و بوستان‌ها", "gardens and parks"),
)
FORMS = (
    ("با رفت‌وآمد سالانه", "by visits each year"),
    ("در هفته‌های فرهنگی", "in cultural weeks"),
    ("با آموزش کارکنان", "by training of staff"),
    ("با نمایشگاه‌های مشترک", "in joint exhibitions"),
    ("با طرح‌های مشترک", "by joint projects"),
)
PRESS = (
    ("خبرگزاری شهر", "City News Agency", "press"),
    ("روزنامه بامداد", "Bamdad Daily", "press"),
    ("شهرداری", "Municipality", "official"),
    ("دبیرخانه شورا", "Secretariat of the council", "document"),
)
GIVEN_NAMES = (("آرش", "Arash"), ("لیلا", "Leyla"), ("کامران", "Kamran"), ("نسرین", "Nasrin"), ("فرهاد", "Farhad"))
FAMILY_NAMES = (("تبریزی", "Tabrizi"), ("کریمی", "Karimi"), ("آقایی", "Aghaei"), ("صادقی", "Sadeghi"), ("نوری", "Nuri"))
WORDS = {"solar_hijri": "سال {year} خورشیدی", "gregorian": "in {year}"}

# How the Latin letters of a name that the gazetteer does not know in Persian are written; vowels within it are not.
LETTERS = str.maketrans(
    dict(zip("abcdefghijklmnopqrstuvwxyz", "ا ب ک د ه ف گ ه ی ج ک ل م ن و پ ک ر س ت و و و کس ی ز".split(), strict=True))
)
PAIRS = {"sh": "ش", "ch": "چ", "kh": "خ", "zh": "ژ", "gh": "غ", "th": "ت", "ph": "ف", "oo": "و", "ee": "ی", "ou": "و"}


def in_persian(name: str) -> str:
    """A name in Latin letters as a Persian newspaper may write it: plausible, no more."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    for pair, letter in PAIRS.items():
        plain = plain.replace(pair, letter)
    return "".join(letter for letter in plain.translate(LETTERS) if letter.isalpha() or letter in " -").strip()


def chosen(dice: random.Random, shares: dict[str, int]) -> str:
    """One of the keys, as often as its share says."""
    return dice.choices([*shares], weights=[*shares.values()])[0]


class Made(NamedTuple):
    """What is remembered of an agreement once it is written: there may be many."""

    pk: int
    number: int
    status: str
    verification: str
    signed: Any


class Register:
    """The register of `size` agreements that is to be written; `told` hears of each step."""

    def __init__(self, size: int, told: Callable[[str], None] = print) -> None:
        self.size = size
        self.told = told
        self.dice = random.Random(f"sister cities {size}")

    def write(self) -> None:
        """Write everything. The database holds the countries and places of the gazetteer, and nothing else."""
        from django.db import transaction
        from django.utils.translation import override

        with transaction.atomic(), override("fa"):
            self.write_accounts()
            with own_times():
                self.write_cities()
                self.write_ties()
                self.write_grounds()
                self.write_agreements()
                self.write_evidence()
            self.write_histories()

    # --- What the register rests on ---

    def write_accounts(self) -> None:
        """Somebody for each role: an editor, a manager, and an administrator."""
        from django.contrib.auth.models import Group, User

        from sistercities.roles import EDITORS, MANAGERS

        for name, role in (("editor", EDITORS), ("manager", MANAGERS)):
            User.objects.create_user(name).groups.add(Group.objects.get(name=role))
        User.objects.create_superuser("administrator")
        self.manager = User.objects.get(username="manager")

    def write_cities(self) -> None:
        """The home city, and the partners in the order in which agreements were made with them."""
        from cities.models import City, Country, Place

        self.countries = Country.objects.in_bulk()
        places = Place.objects.in_bulk()
        others = sorted(places.keys() - {HOME, *FIRST_PARTNERS})
        self.dice.shuffle(others)
        further = min(self.size, TIED_ALONE)
        count = min(round(self.size * CITIES_OF), len(places) - 1 - further)
        slugs: set[str] = set()
        keys = (HOME, *FIRST_PARTNERS, *others)[: 1 + count + further]
        self.home, *self.others = create(City, (self.city(places[key], slugs) for key in keys))
        self.partners = self.others[:count]
        self.told(f"{count:,} partner cities, {further:,} others")

    def write_ties(self) -> None:
        """Ties of all cities but the home city; some have many, most have few or none."""
        from cities.models import Tie, TieSource

        count = len(self.others)
        pairs: set[tuple[int, int]] = set()
        while len(pairs) < min(TIES, count * (count - 1) // 4):
            one, other = sorted(int(count * self.dice.random() ** 1.5) for _side in range(2))
            if one != other:
                pairs.add((one, other))
        as_of = END.date()
        (source,) = create(
            TieSource, [TieSource(title_fa="فهرست پیوندها", title_en="List of ties", as_of=as_of, **self.recorded(0.5))]
        )
        create(Tie, (self.tie(self.others[one], self.others[other], source) for one, other in sorted(pairs)))
        self.told(f"{len(pairs):,} ties")

    def tie(self, one: Any, other: Any, source: Any) -> Any:
        """A known tie of two cities."""
        from cities.models import Tie

        since = self.date(1955, 2020) if self.dice.random() < 0.4 else None
        form = chosen(self.dice, {"sister": 80, "friendship": 15, "contact": 5})
        return Tie.between(one, other, form=form, since=since, source=source, **self.recorded(0.5))

    def city(self, place: Any, slugs: set[str]) -> Any:
        """A city as the gazetteer knows it; `slugs` are taken."""
        from cities.matching import is_read_here
        from cities.models import City

        slug = slugify(place.name)[:60] or "city"
        if slug in slugs:
            slug = f"{slug}-{place.pk}"
        slugs.add(slug)
        others = [name for name in place.other_names.splitlines() if is_read_here(name)]
        return City(
            country=self.countries[place.country_id],
            name_fa=(place.name_fa or in_persian(place.name) or f"شهر {place.pk}")[:120],
            name_en=place.name[:120],
            other_names="\n".join(others[:5]),
            slug=slug,
            latitude=place.latitude,
            longitude=place.longitude,
            population=place.population,
            time_zone=place.time_zone,
            geonames_id=place.pk,
            is_home=place.pk == HOME,
            **self.recorded(0.0),
        )

    def write_grounds(self) -> None:
        """Domains, provisions and the council's resolutions."""
        from partnerships.models import Domain, Provision, Resolution

        self.domains = create(
            Domain,
            (
                Domain(key=key, name_fa=fa, name_en=en, position=position, **self.recorded(0.0))
                for position, (key, (fa, en)) in enumerate(DOMAINS.items(), 1)
            ),
        )
        self.provisions = create(
            Provision,
            (
                Provision(
                    key=key,
                    plan_fa=plan_fa,
                    plan_en=plan_en,
                    article_fa=article_fa,
                    article_en=article_en,
                    position=position,
                    **self.recorded(0.0),
                )
                for position, (key, (plan_fa, plan_en, article_fa, article_en)) in enumerate(PROVISIONS.items(), 1)
            ),
        )
        count = max(3, self.size // 8)
        self.resolutions = create(Resolution, (self.resolution(number, number / count) for number in range(1, count)))

    def resolution(self, number: int, share: float) -> Any:
        """A decision of the council on a tie."""
        from partnerships.models import Resolution

        fa, en = self.dice.choice(SUBJECTS)
        return Resolution(
            key=f"r-{number}",
            body_fa="شورای اسلامی شهر",
            body_en="City council",
            number=str(number) if self.dice.random() < 0.7 else "",
            decided=self.date(1990, 2024),
            title_fa=f"همکاری {fa}",
            title_en=f"Cooperation of {en}",
            **self.recorded(share),
        )

    # --- Agreements ---

    def write_agreements(self) -> None:
        """The agreements with their relations: the first with each partner, then further ones, often with the same."""
        from partnerships import models

        self.agreements = [
            Made(one.pk, one.number, one.status, one.verification, one.signed)
            for numbers in batches(range(1, self.size + 1))
            for one in create(models.Agreement, (self.agreement(number, self.partner(number)) for number in numbers))
        ]
        models.Register.objects.create(pk=1, last_number=self.size)
        self.relate(models.Agreement.domains.through, "domain", self.domains, (0, 1, 1, 1, 2, 2, 3))
        self.relate(models.Agreement.resolutions.through, "resolution", self.resolutions, (0, 0, 1, 1, 1))
        self.relate(models.Agreement.provisions.through, "provision", self.provisions, (0, 0, 0, 0, 1))
        self.told(f"{self.size:,} agreements")

    def partner(self, number: int) -> Any:
        """The city that the agreement is with: one of its own while there are any, then any of them."""
        count = len(self.partners)
        return self.partners[number - 1 if number <= count else self.dice.randrange(count)]

    def agreement(self, number: int, partner: Any) -> Any:
        """An agreement with `partner` that keeps every rule of the register."""
        from partnerships.models import Agreement

        dice = self.dice
        status, publication = chosen(dice, STATUSES), chosen(dice, PUBLICATIONS)
        if number <= 6:  # what is looked up by itself is there in every size
            status, publication = "in_force", "published"
        fields = self.recorded(number / self.size) | {
            "number": number,
            "home_city": self.home,
            "partner": partner,
            "kind": chosen(dice, KINDS),
            "status": status,
            "verification": chosen(dice, VERIFICATIONS),
            "authentic_languages": chosen(dice, LANGUAGES),
        }
        if status in {"in_force", "suspended", "ended"}:
            fields |= self.signing()
        if status in {"suspended", "ended"}:
            fields |= {"status_since": self.date(2018, 2024), "status_reason_fa": "به خواست هر دو شهر"}
        if dice.random() < 0.6:
            fields["summary_fa"], fields["summary_en"] = self.summary(partner)
        if publication != "draft":
            fields |= {"published_at": fields["created_at"], "published_by": self.manager}
        if publication == "withdrawn":
            later = fields["updated_at"]
            fields |= {"withdrawn_at": later, "withdrawn_by": self.manager, "withdrawal_reason": "named the wrong city"}
        return Agreement(**fields)

    def signing(self) -> dict[str, Any]:
        """When, where and by whom an agreement was signed and until when it holds, as far as that is known."""
        dice, fields = self.dice, {}
        if dice.random() < 0.85:
            signed = fields["signed"] = self.date(1955, 2016)
            if dice.random() < 0.3:
                year = signed.first.year + dice.choice((5, 10, 20, 50))
                fields["expires"] = self.date(year, year)
        if dice.random() < 0.3:
            fields |= {"title_fa": "یادداشت تفاهم همکاری دو شهر", "title_en": "Memorandum of understanding"}
        if dice.random() < 0.4:
            names = [tuple(" ".join(pair) for pair in zip(*self.person(), strict=True)) for _side in range(2)]
            (home_fa, home_en), (partner_fa, partner_en) = names
            fields |= {"signatories_home_fa": f"{home_fa}، شهردار", "signatories_home_en": f"{home_en}, mayor"}
            fields |= {
                "signatories_partner_fa": f"{partner_fa}، شهردار",
                "signatories_partner_en": f"{partner_en}, mayor",
            }
            fields |= {"place_signed_fa": self.home.name_fa, "place_signed_en": self.home.name_en}
        return fields

    def person(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """A given and a family name, each in both languages."""
        return self.dice.choice(GIVEN_NAMES), self.dice.choice(FAMILY_NAMES)

    def summary(self, partner: Any) -> tuple[str, str]:
        """One to three sentences in both languages."""
        fa, en = [], []
        for (subject_fa, subject_en), (form_fa, form_en) in zip(
            self.dice.sample(SUBJECTS, self.dice.randint(1, 3)), self.dice.sample(FORMS, 3), strict=False
        ):
            fa.append(f"{subject_fa} تبریز و {partner.name_fa} {form_fa} همکاری می‌کنند.")
            en.append(f"The {subject_en} of Tabriz and {partner.name_en} work together {form_en}.")
        return " ".join(fa), " ".join(en)

    def date(self, first: int, last: int) -> Any:
        """A date of any precision in either calendar, its year within these Gregorian ones."""
        from sistercities.dates import Calendar, UncertainDate

        dice, year = self.dice, self.dice.randint(first, last)
        calendar = Calendar.SOLAR_HIJRI if dice.random() < 0.4 else Calendar.GREGORIAN
        if calendar is Calendar.SOLAR_HIJRI:
            year -= 621
        precision = chosen(dice, PRECISIONS)
        month = None if precision == "year" else dice.randint(1, 12)
        day = dice.randint(1, 28) if precision == "day" else None
        words = WORDS[calendar.value].format(year=year) if precision == "year" and dice.random() < 0.3 else ""
        return UncertainDate(calendar, year, month, day, words=words)

    def relate(self, through: type, name: str, others: list[Any], counts: tuple[int, ...]) -> None:
        """Tie each agreement to some of `others`, to as many as one of `counts` says."""
        rows = []
        for agreement in self.agreements:
            for other in self.dice.sample(others, min(self.dice.choice(counts), len(others))):
                rows.append(through(agreement_id=agreement.pk, **{f"{name}_id": other.pk}))
        through.objects.bulk_create(rows, BATCH)

    # --- What they rest on and what came of them ---

    def write_evidence(self) -> None:
        """Sources, one and more for what is in force without a date, and activities."""
        from partnerships.models import Activity, Source

        sources = self.sources()
        while create(Source, itertools.islice(sources, BATCH)):
            pass
        activities, links = [], []
        for agreement in self.agreements:
            if self.dice.random() < 0.12:
                activities.append(self.activity(agreement))
                links.append(agreement.pk)
        create(Activity, activities)
        through = Activity.agreements.through
        through.objects.bulk_create(
            (
                through(activity_id=activity.pk, agreement_id=key)
                for activity, key in zip(activities, links, strict=True)
            ),
            BATCH,
        )
        self.told("sources and activities")

    def sources(self) -> Iterator[Any]:
        """The sources of each agreement, none to three."""
        from partnerships.models import Source

        for agreement in self.agreements:
            must = agreement.status == "in_force" and not agreement.signed
            for position in range(max(must, self.dice.choice((0, 0, 1, 1, 1, 2, 3)))):
                fa, en, nature = self.dice.choice(PRESS)
                claim = agreement.signed if self.dice.random() < 0.5 else None
                yield Source(
                    agreement_id=agreement.pk,
                    nature=nature,
                    publisher_fa=fa,
                    publisher_en=en,
                    reference=f"{agreement.number}/{position + 1}",
                    url=f"https://news.example/{agreement.number}/{position + 1}" if nature == "press" else "",
                    issued=self.date(2000, 2024),
                    says_fa="از پیمان دو شهر خبر می‌دهد.",
                    says_en="Reports the agreement of the two cities.",
                    signed_claim=claim,
                    stance="contradicts" if agreement.verification == "disputed" and position else "supports",
                    **self.recorded(agreement.number / self.size),
                )

    def activity(self, agreement: Any) -> Any:
        """Something done under an agreement."""
        from partnerships.models import Activity

        fa, en = self.dice.choice(SUBJECTS)
        fields = self.recorded(agreement.number / self.size)
        return Activity(
            kind=self.dice.choice(Activity.Kind.values),
            title_fa=f"دیدار {fa}",
            title_en=f"Meeting of {en}",
            begun=self.date(2005, 2025),
            published_at=fields["created_at"] if self.dice.random() < 0.8 else None,
            **fields,
        )

    def recorded(self, share: float) -> dict[str, datetime.datetime]:
        """When a record was made, that far on between BEGINNING and END, and when it was changed last."""
        made = BEGINNING + (END - BEGINNING) * share * 0.98
        corrected = self.dice.random() < 0.3
        changed = made + (END - made) * self.dice.random() if corrected else made
        return {"created_at": made, "updated_at": changed}

    def write_histories(self) -> None:
        """The entry of each record's beginning, with the relations that are kept with it."""
        from django.apps import apps
        from django.db import connection

        for model in apps.get_models():
            if hasattr(model, "history_keeper") and model._meta.label != "cities.Country":
                remember(model, self.manager.pk, connection)
        self.told("histories")


def batches(numbers: range) -> Iterator[range]:
    """The numbers, BATCH of them at a time."""
    return (numbers[start : start + BATCH] for start in range(0, len(numbers), BATCH))


def create(model: type, records: Iterable[Any]) -> list[Any]:
    """Write new records with what follows from their columns; they get their keys."""
    records = list(records)
    for record in records:
        record.derive()
    return model.objects.bulk_create(records, BATCH)


def remember(model: type, user: int, connection: Any) -> None:
    """Write the first entry of the history of every record of `model`, in the database itself: there may be many."""
    entry = model.history.model
    quote = connection.ops.quote_name
    columns = [field.column for field in entry.tracked_fields]
    listed = ", ".join(map(quote, columns))
    table, own = quote(entry._meta.db_table), quote(model._meta.db_table)
    key = quote(model._meta.pk.column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({listed}, history_date, history_type, history_user_id)"
            f" SELECT {listed}, created_at, '+', %s FROM {own} ORDER BY {key}",
            [user],
        )
        for field in entry._history_m2m_fields:
            through, kept = getattr(model, field.name).through, model.history_keeper.m2m_models[field]
            listed_m2m = ", ".join(quote(column.column) for column in through._meta.fields)
            prefixed = ", ".join(f"t.{quote(column.column)}" for column in through._meta.fields)
            cursor.execute(
                f"INSERT INTO {quote(kept._meta.db_table)} ({listed_m2m}, history_id)"
                f" SELECT {prefixed}, h.history_id FROM {quote(through._meta.db_table)} t"
                f" JOIN {table} h ON h.{key} = t.{quote(field.m2m_column_name())}"
            )


@contextlib.contextmanager
def own_times() -> Iterator[None]:
    """Let records keep the times of writing that they were given."""
    from django.apps import apps

    from sistercities.records import Record

    clocks = [
        (model._meta.get_field(name), setting)
        for model in apps.get_models()
        if issubclass(model, Record)
        for name, setting in (("created_at", "auto_now_add"), ("updated_at", "auto_now"))
    ]
    for field, setting in clocks:
        setattr(field, setting, False)
    try:
        yield
    finally:
        for field, setting in clocks:
            setattr(field, setting, True)


def main(size: int) -> None:
    """Migrate the database named by DATABASE_URL and fill it."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from cities.exchange import load_countries, load_places

    began = time.perf_counter()

    def told(text: str) -> None:
        print(f"  {time.perf_counter() - began:5.0f} s  {text}", flush=True)

    call_command("migrate", verbosity=0, interactive=False)
    load_countries()
    load_places()
    told("migrated, with the gazetteer")
    Register(size, told).write()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as its own vacuum does within a minute or two
    told("done")


if __name__ == "__main__":
    main(int(sys.argv[1]))
