"""Text as this register reads, compares, sorts and shows it, in Persian, English and the partners' scripts.

What someone typed is stored as typed (`clean_text` only takes out what nobody can see). Beside it stand two
derived forms: `fold` for searching, used for the index and for the query alike, and `sort_key` for the
alphabetical order, which is the same whatever collation the database has.
"""

import re
import unicodedata
from decimal import Decimal
from itertools import groupby
from typing import Any, Self

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext_lazy

NUMERALS = (
    pgettext_lazy("numeral", "no"),
    pgettext_lazy("numeral", "one"),
    pgettext_lazy("numeral", "two"),
    pgettext_lazy("numeral", "three"),
    pgettext_lazy("numeral", "four"),
    pgettext_lazy("numeral", "five"),
    pgettext_lazy("numeral", "six"),
    pgettext_lazy("numeral", "seven"),
    pgettext_lazy("numeral", "eight"),
    pgettext_lazy("numeral", "nine"),
    pgettext_lazy("numeral", "ten"),
    pgettext_lazy("numeral", "eleven"),
    pgettext_lazy("numeral", "twelve"),
    pgettext_lazy("numeral", "thirteen"),
    pgettext_lazy("numeral", "fourteen"),
    pgettext_lazy("numeral", "fifteen"),
    pgettext_lazy("numeral", "sixteen"),
    pgettext_lazy("numeral", "seventeen"),
    pgettext_lazy("numeral", "eighteen"),
    pgettext_lazy("numeral", "nineteen"),
    pgettext_lazy("numeral", "twenty"),
)
"""The numbers from nought to twenty as a sentence writes them: "no agreement", "one of the twelve"."""

SORT_KEY_LENGTH = 240
"""The longest `sort_key`, in characters: about 120 letters."""

# Letters of one sound and several shapes, and Latin letters that Unicode does not decompose. Whatever has a
# canonical or compatibility decomposition (آ أ ؤ ئ ۀ ç ş İ …) needs no line here.
_SAME_LETTER = {
    **dict.fromkeys("يىېےێۍؽؾؿ", "ی"),
    **dict.fromkeys("كڪ", "ک"),
    **dict.fromkeys("ةەہھۃ", "ه"),
    **dict.fromkeys("ٱٲٳ", "ا"),
    **dict.fromkeys("ۆۇۈۉۋۅ", "و"),
    **dict.fromkeys("ݢګڰڴ", "گ"),
    **dict.fromkeys("ıɨ", "i"),
    **dict.fromkeys("əǝɛɘ", "e"),
    **dict.fromkeys("øɔɵ", "o"),
    **dict.fromkeys("đðɖɗ", "d"),
    **dict.fromkeys("łƚɫ", "l"),
    **dict.fromkeys("ħɦ", "h"),
    **dict.fromkeys("ŋɲɳ", "n"),
    **dict.fromkeys("ŧƭʈ", "t"),
    **dict.fromkeys("ɓƀ", "b"),
    **dict.fromkeys("ƙĸ", "k"),
    **dict.fromkeys("ǥɡɠ", "g"),
    **dict.fromkeys("ʉʊ", "u"),
    **dict.fromkeys("ƴɏ", "y"),
    **dict.fromkeys("ƶȥ", "z"),
    "ȷ": "j",
    "ƒ": "f",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
}


def _is_sign(letter: str) -> bool:
    """Whether readers take for a sign what Unicode calls a letter: hamza alone, tatweel, ʿ ʻ ʼ and so on."""
    return letter in "ءٴـ" or "\u02b0" <= letter <= "\u02ff"


class _Table(dict[int, str]):
    """Code point -> what `form` makes of the character, for `str.translate`; filled as characters are met.

    Only those of the first plane, in which names are written, are kept: whoever searches for every character that there
    is does not fill the memory.
    """

    def __missing__(self, code: int) -> str:
        form = self.form(chr(code))
        if code <= 0xFFFF:
            self[code] = form
        return form


class _FoldTable(_Table):
    """The search form."""

    def form(self, character: str) -> str:
        folded = []
        for letter in unicodedata.normalize("NFKD", character):
            if not unicodedata.category(letter).startswith("M"):
                folded += unicodedata.normalize("NFKD", letter.casefold())
        return "".join(
            str(unicodedata.decimal(letter)) if letter.isdecimal() else _SAME_LETTER.get(letter, letter)
            for letter in folded
            if letter.isalnum() and not _is_sign(letter)
        )


class _SortTable(_Table):
    """The place in the alphabet, in digits and a-f."""

    ORDER = " 0123456789abcdefghijklmnopqrstuvwxyzءآابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
    PLACES = {letter: f"{place:02x}" for place, letter in enumerate(ORDER)}

    def form(self, character: str) -> str:
        own = character if character in "ءآ " else character.translate(_FOLD)
        # "f" stands after every place of ORDER, so no code is the beginning of another.
        return "".join(self.PLACES.get(part) or f"f{ord(part):06x}" for part in own)


class _LatinDigits(_Table):
    """0-9 for a decimal digit of any script, itself for everything else."""

    def form(self, character: str) -> str:
        digit = unicodedata.decimal(character, None)
        return character if digit is None else str(digit)


_FOLD = _FoldTable()
_SORT = _SortTable()
_LATIN_DIGITS = _LatinDigits()
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_PERSIAN_NUMBER = str.maketrans("0123456789,.", "۰۱۲۳۴۵۶۷۸۹٬٫")

# Within a word these are part of its spelling, not the end of it: O'Higgins, Xi’an, Ra‘anana.
_APOSTROPHES = re.compile("['’‘`´ʼʻʿʾʹʺ]")

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Controls, direction marks, embeddings, overrides and isolates, zero-width characters, interlinear and tag
# characters, lone surrogates, noncharacters (two of which no XML can hold). ZWNJ (the half-space) and ZWJ (as in
# «ه‍.ش.») stay: they are spelling.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f]"
)


def clean_text(text: str) -> str:
    """What a form stores of what was typed: without the characters that nobody can see, in NFC, trimmed.

    Line ends become a newline; tabs, half-spaces (ZWNJ) and ZWJ stay. Nothing that shows is changed.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    text = _UNSEEN.sub("", _LINE_ENDS.sub("\n", text))
    return unicodedata.normalize("NFC", text).strip()


def fold(text: str) -> str:
    """The search form of a phrase: letters and digits only, of one case and one shape each.

    Case, diacritics, vowel marks, tatweel, spaces, half-spaces and punctuation fall away. Arabic, Kurdish
    and Urdu shapes become Persian letters (ي→ی, ك→ک, ة→ه, hamza by its seat); Turkish, Azerbaijani and
    other Latin letters become ASCII (ı→i, ə→e, ß→ss, æ→ae); digits of any script become 0-9. Other scripts
    are kept, in one case. Folding twice changes nothing.
    """
    return text.translate(_FOLD)


def fold_terms(query: str) -> list[str]:
    """The words of a query, each folded. A record matches when each of them occurs in its search text."""
    return [term for term in map(fold, query.split()) if term]


def marked(text: str, terms: list[str]) -> list[tuple[str, bool]]:
    """`text` in pieces, each with whether it is what one of the folded `terms` found in it.

    Together the pieces are `text`. Of each term the first place is marked; signs that fold to nothing, such as a
    half-space within a match, belong to it.
    """
    folded, origins = "", []
    for position, letter in enumerate(text):
        found = fold(letter)
        folded += found
        origins += [position] * len(found)
    hits: set[int] = set()
    for term in terms:
        at = folded.find(term)
        if at >= 0:
            hits |= {*range(origins[at], origins[at + len(term) - 1] + 1)}
    pieces = groupby(enumerate(text), key=lambda one: one[0] in hits)
    return [("".join(letter for _position, letter in piece), is_hit) for is_hit, piece in pieces]


def fold_phrases(*phrases: str) -> str:
    """The search text of a record: its distinct folded phrases, one a line, so that no match spans two."""
    return "\n".join(dict.fromkeys(filter(None, map(fold, phrases))))


def sort_key(text: str) -> str:
    """A string of 0-9 and a-f that orders names as a reader expects under any database collation.

    Order: the end of a word (space, half-space, hyphen …), digits, Latin, Persian (ء آ ا ب پ … ه ی), other
    scripts by code point. Case, diacritics and apostrophes do not count; hamza counts as its seat. Each
    letter is two digits, one of another script seven. At most `SORT_KEY_LENGTH` characters: longer names
    that agree so far are tied.
    """
    spelt = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", text))
    spaced = "".join(" " if unicodedata.category(letter)[0] in "ZPSC" else letter for letter in spelt)
    return " ".join(spaced.split()).translate(_SORT)[:SORT_KEY_LENGTH]


def latin_digits(text: str) -> str:
    """`text` with the decimal digits of every script as 0-9."""
    return text.translate(_LATIN_DIGITS)


def localize_digits(text: str, language: str | None = None) -> str:
    """`text` with its digits as `language` (by default the active one) writes them: ۰-۹ or 0-9."""
    text = latin_digits(text)
    return text.translate(_PERSIAN_DIGITS) if _content_language(language) == "fa" else text


def figures(value: int | str | None, language: str | None = None) -> str:
    """A year or a record number: the language's digits, never grouped; "" for None."""
    return "" if value is None else localize_digits(str(value), language)


def number(value: int | float | Decimal | None, language: str | None = None) -> str:
    """A quantity (int, float or Decimal), grouped by thousands: «۱۵٬۷۰۱٬۶۰۲٫۵», "15,701,602.5"; "" for None.

    Every given decimal is shown: round before. A left-to-right mark keeps the minus sign left of the digits
    in Persian too, as in CLDR.
    """
    if value is None:
        return ""
    text = format(Decimal(str(value)), ",f")
    if _content_language(language) == "fa":
        return text.translate(_PERSIAN_NUMBER).replace("-", "\u200e\u2212")
    return text.replace("-", "\u2212")


def in_words(count: int, most: int = 20) -> str:
    """A quantity as a sentence writes it: up to `most` (twenty at most) in words, a larger one in digits."""
    return str(NUMERALS[count]) if count <= most else number(count)


def spelt(count: int) -> str:
    """A number as it stands in a sentence: up to twelve in words."""
    return in_words(count, most=12)


def percentage(count: int, total: int) -> str:
    """The share in whole percent, in the reader's digits; "under 1%" where it is not nothing, 100% only for all."""
    whole = round(100 * count / total) if total else 0
    if count and not whole:
        return gettext("under %(number)s%%") % {"number": number(1)}
    return gettext("%(number)s%%") % {"number": number(min(whole, 99) if count < total else whole)}


def _content_language(language: str | None = None) -> str:
    """ "fa" or "en": the pair of columns that serves `language` (the active one by default)."""
    return "fa" if (language or get_language() or "").partition("-")[0] == "fa" else "en"


class LocalText(str):
    """Text that knows its language.

    In a template it is escaped and, where its language is not the page's, stands in a `<bdi>` that says so.
    Everywhere else it is a str; `plain` is that str for attributes and titles, where no element may stand.
    """

    RIGHT_TO_LEFT = frozenset({"ar", "azb", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})

    def __new__(cls, text: str = "", lang: str = "") -> Self:
        self = super().__new__(cls, text)
        self.lang = lang
        return self

    def __getnewargs__(self) -> tuple[str, str]:
        return str(self), self.lang

    @property
    def dir(self) -> str:
        """ "rtl" or "ltr" by the language, "auto" where the language is not known."""
        if not self.lang:
            return "auto"
        return "rtl" if self.lang.partition("-")[0] in self.RIGHT_TO_LEFT else "ltr"

    @property
    def plain(self) -> str:
        """The text as a plain str."""
        return str(self)

    def __html__(self) -> SafeString:
        if not self or self.lang == get_language():
            return format_html("{}", self.plain)
        return format_html('<bdi lang="{}" dir="{}">{}</bdi>', self.lang, self.dir, self.plain)


class Bilingual:
    """`name = Bilingual()` reads `name_fa` or `name_en` as LocalText: the active language, else the other."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        language = _content_language()
        for lang in (language, _other_language(language)):
            if text := getattr(instance, f"{self.name}_{lang}"):
                return LocalText(text, lang)
        return LocalText("", language)

    def __set__(self, instance: Any, value: Any) -> None:
        raise AttributeError(f"{self.name} cannot be set: set {self.name}_fa or {self.name}_en.")


def other(instance: Any, name: str) -> LocalText:
    """The bilingual `name` of `instance` in the language that `instance.name` does not show, or "".

    A name that had to fall back is thus never shown twice.
    """
    lang = _other_language(getattr(instance, name).lang)
    return LocalText(getattr(instance, f"{name}_{lang}"), lang)


def _other_language(lang: str) -> str:
    return "en" if lang == "fa" else "fa"
