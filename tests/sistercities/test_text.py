"""Folding, sort keys, digits and bilingual names."""

import pickle
import sys
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils.html import format_html
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from sistercities import text as text_module
from sistercities.text import (
    SORT_KEY_LENGTH,
    Bilingual,
    LocalText,
    clean_text,
    figures,
    fold,
    fold_phrases,
    fold_terms,
    latin_digits,
    localize_digits,
    number,
    other,
    sort_key,
)

any_text = st.text(st.characters(exclude_categories=()))
every_character = [chr(code) for code in range(sys.maxunicode + 1)]


# --- Folding ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("باکو", "باکو"),
        ("باكو", "باکو"),
        ("Baku", "baku"),
        ("BAKÜ", "baku"),
        ("Bakı", "baki"),
        ("İSTANBUL", "istanbul"),
        ("istanbul", "istanbul"),
        ("ISPARTA", "isparta"),
        ("Gəncə", "gence"),
        ("Şuşa, Ağdam, Çorum", "susaagdamcorum"),
        ("Straße", "strasse"),
        ("Tromsø", "tromso"),
        ("Łódź", "lodz"),
        ("Færøerne", "faeroerne"),
        ("Đà Nẵng", "danang"),
        ("Þingeyri", "thingeyri"),
        ("Œuvre", "oeuvre"),
        ("Oʻzbekiston", "ozbekiston"),
        ("Xi’an", "xian"),
        ("МОГИЛЁВ", "могилев"),
        ("Αθήνα", "αθηνα"),
        ("武汉", "武汉"),
        ("ＷＵＨＡＮ", "wuhan"),
        ("يزدى", "یزدی"),
        ("مسئول", "مسیول"),
        ("مؤسسه", "موسسه"),
        ("رأي", "رای"),
        ("إيران", "ایران"),
        ("آمل", "امل"),
        ("كربلاء", "کربلا"),
        ("غزة", "غزه"),
        ("خانهٔ", "خانه"),
        ("خانۀ", "خانه"),
        ("غەززە", "غهززه"),
        ("تَبْریز", "تبریز"),
        ("تبـــریز", "تبریز"),
        ("ﺗﺒﺮﻳﺰ", "تبریز"),
        ("خواهر‌خواندگی", "خواهرخواندگی"),
        ("خواهر خواندگی", "خواهرخواندگی"),
        ("\u202bتبریز\u202c\ufeff", "تبریز"),
        ("سال ۱۳۹۵", "سال1395"),
        ("٠١٢٣٤٥٦٧٨٩", "0123456789"),
        ("«شهر (خانه)، ۲؛»", "شهرخانه2"),
        ("", ""),
        (" -–!؟\n", ""),
    ],
)
def test_fold(typed, folded):
    assert fold(typed) == folded


def test_fold_is_idempotent_for_every_character():
    """Folding looks at one character at a time, so this holds for every text."""
    assert [c for c in every_character if fold(fold(c)) != fold(c)] == []


def test_fold_keeps_letters_and_digits_only_for_every_character():
    assert [c for c in every_character if fold(c) and not fold(c).isalnum()] == []


def test_fold_leaves_one_case_for_every_character():
    assert [c for c in every_character if fold(c.lower()) != fold(c)] == []


@given(any_text, any_text)
def test_fold_of_a_whole_is_that_of_its_parts(first, second):
    """What makes a word of a query a substring of the index."""
    assert fold(first + second) == fold(first) + fold(second)


def test_fold_terms_are_the_folded_words():
    assert fold_terms("  خواهر خواندگی،  BAKÜ – ") == ["خواهر", "خواندگی", "baku"]


def test_fold_terms_of_signs_alone_are_none():
    assert fold_terms(" « » - ") == []


@pytest.mark.parametrize("query", ["خواهر خواندگی", "خواهر‌خواندگی", "خواهرخواندگی", "خواندگى خواهر"])
@pytest.mark.parametrize("stored", ["خواهرخواندگی", "خواهر‌خواندگی", "خواهر خواندگي"])
def test_sisterhood_is_found_however_it_is_spaced(query, stored):
    assert all(term in fold_phrases(stored) for term in fold_terms(query))


@pytest.mark.parametrize("query", ["باکو", "باكو", "baku", "BAKÜ", "bakı"])
def test_baku_is_found_by_each_of_its_names(query):
    assert all(term in fold_phrases("باکو", "Baku", "Bakı") for term in fold_terms(query))


def test_fold_phrases_are_distinct_lines_in_order():
    assert fold_phrases("Baku", "باکو", "", "BAKÜ", "Bakı", " - ", "باكو") == "baku\nباکو\nbaki"


@given(st.lists(any_text))
def test_fold_phrases_never_break_a_line(phrases):
    assert set(fold_phrases(*phrases).split("\n")) - {""} == {fold(phrase) for phrase in phrases} - {""}


# --- Sort keys ----------------------------------------------------------------------------------------

ALPHABET = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"


def test_sort_key_orders_the_persian_alphabet():
    assert sorted(reversed(ALPHABET), key=sort_key) == list(ALPHABET)


@pytest.mark.parametrize(
    "names",
    [
        ["1395", "2009", "Ankara", "Konya", "آستارا", "ابهر", "باکو", "پاریس", "تبریز", "Москва"],
        ["باکو", "پکن", "تهران"],
        ["ژنو", "سنندج"],
        ["کربلا", "گنجه", "لاهور"],
        ["ورشو", "هرات", "یزد"],
        ["سن پترزبورگ", "سنپ", "سنندج"],
        ["سن‌پترزبورگ", "سنپ"],
        ["New York", "Newark"],
        ["Saint-Denis", "Sainta"],
        ["Çorlu", "Corum", "Çorumlu", "Dublin"],
        ["Oaxaca", "Odesa", "Ömerli", "Oslo", "Øvre", "Oz"],
        ["O’Higgins", "Ohio"],
    ],
)
def test_sort_key_orders_names_as_a_reader_expects(names):
    assert sorted(reversed(names), key=sort_key) == names


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("باکو", "باكو"),
        ("Baku", "BAKÜ"),
        ("سن پترزبورگ", "سن‌پترزبورگ"),
        ("سن پترزبورگ", " سن - پترزبورگ!"),
        ("مسئول", "مسیول"),
        ("تَبریز", "تبریز"),
        ("سال ۱۲", "سال 12"),
        ("آمل", "ا\u0653مل"),
        ("दिल्ली", "दलल"),
    ],
)
def test_sort_key_of_names_that_differ_in_nothing_that_counts(one, another):
    assert sort_key(one) == sort_key(another)


@given(any_text)
def test_sort_key_is_made_of_digits_and_the_letters_a_to_f(text):
    key = sort_key(text)
    assert set(key) <= set("0123456789abcdef")
    assert len(key) <= SORT_KEY_LENGTH


def test_sort_key_no_letter_begins_another():
    """So that the order of the keys is the order of the letters, wherever they stand."""
    keys = sorted({sort_key(letter) for letter in every_character} - {""})
    single = [key for key in keys if len(key) in (2, 7)]
    assert [(a, b) for a, b in zip(single, single[1:], strict=False) if b.startswith(a) and len(a) == 7] == []
    assert {key[0] for key in single if len(key) == 2} & {key[0] for key in single if len(key) == 7} == set()


def test_sort_key_is_cut_where_the_column_ends():
    assert sort_key("م" * 1000) == sort_key("م") * (SORT_KEY_LENGTH // 2)


# --- Cleaning -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  تبریز  ", "تبریز"),
        ("تب\x00ریز", "تبریز"),
        ("\u202eزیربت\u202c", "زیربت"),
        ("\u2066a\u2069\u200fb\u200b\ufeff", "ab"),
        ("می‌رود", "می‌رود"),
        ("ه‍.ش.", "ه‍.ش."),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("a\tb", "a\tb"),
        ("e\u0301", "é"),
        ("باكو ١٢", "باكو ١٢"),
        ("\ud800a", "a"),
        ("\u00ad", ""),
        ("Ba\ufdd0k\ufffeu\uffff", "Baku"),
    ],
)
def test_clean_text(typed, stored):
    assert clean_text(typed) == stored


@given(any_text)
def test_clean_text_can_always_be_stored(text):
    cleaned = clean_text(text)
    assert cleaned.encode().decode() == cleaned
    assert "\x00" not in cleaned
    assert clean_text(cleaned) == cleaned


@given(any_text)
def test_clean_text_does_not_change_what_is_found(text):
    assert fold(clean_text(text)) == fold("".join(c for c in text if not "\ud800" <= c <= "\udfff"))


def test_characters_beyond_the_first_plane_are_read_but_not_remembered():
    assert (fold("𝟗𐐀"), latin_digits("𝟗𐐀")) == ("9𐐨", "9𐐀")
    assert max(text_module._FOLD) <= 0xFFFF
    assert max(text_module._LATIN_DIGITS) <= 0xFFFF


# --- Digits and numbers -------------------------------------------------------------------------------


def test_latin_digits_of_every_script():
    assert latin_digits("۱۳۹۵/٣ – १२ Ⅳ ½") == "1395/3 – 12 Ⅳ ½"


@pytest.mark.parametrize(("language", "shown"), [("fa", "ماده ۱۴۶"), ("en", "ماده 146"), ("fa-ir", "ماده ۱۴۶")])
@pytest.mark.parametrize("text", ["ماده 146", "ماده ۱۴۶", "ماده ١٤٦"])
def test_localize_digits(text, language, shown):
    assert localize_digits(text, language) == shown
    with override(language):
        assert localize_digits(text) == shown


@pytest.mark.parametrize(
    ("value", "fa", "en"),
    [(1403, "۱۴۰۳", "1403"), ("16484", "۱۶۴۸۴", "16484"), (0, "۰", "0"), (None, "", ""), ("", "", "")],
)
def test_figures_are_never_grouped(value, fa, en):
    assert (figures(value, "fa"), figures(value, "en")) == (fa, en)


@pytest.mark.parametrize(
    ("value", "fa", "en"),
    [
        (15_701_602, "۱۵٬۷۰۱٬۶۰۲", "15,701,602"),
        (999, "۹۹۹", "999"),
        (0, "۰", "0"),
        (1234.5, "۱٬۲۳۴٫۵", "1,234.5"),
        (0.1, "۰٫۱", "0.1"),
        (Decimal("10.50"), "۱۰٫۵۰", "10.50"),
        (1e16, "۱۰٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰", "10,000,000,000,000,000"),
        (-3, "\u200e−۳", "−3"),
        (None, "", ""),
    ],
)
def test_number(value, fa, en):
    assert (number(value, "fa"), number(value, "en")) == (fa, en)


# --- Text that knows its language ---------------------------------------------------------------------


class Thing:
    """Something with a name in two languages."""

    name = Bilingual()

    def __init__(self, name_fa, name_en):
        self.name_fa = name_fa
        self.name_en = name_en


@pytest.mark.parametrize(
    ("fa", "en", "language", "text", "lang", "rest"),
    [
        ("باکو", "Baku", "fa", "باکو", "fa", "Baku"),
        ("باکو", "Baku", "en", "Baku", "en", "باکو"),
        ("", "Baku", "fa", "Baku", "en", ""),
        ("باکو", "", "en", "باکو", "fa", ""),
        ("باکو", "", "fa", "باکو", "fa", ""),
        ("", "", "fa", "", "fa", ""),
        ("", "", "en", "", "en", ""),
    ],
)
def test_bilingual_reads_the_active_language_and_falls_back(fa, en, language, text, lang, rest):
    thing = Thing(fa, en)
    with override(language):
        assert (thing.name, thing.name.lang) == (text, lang)
        assert other(thing, "name") == rest


def test_bilingual_cannot_be_set():
    with pytest.raises(AttributeError, match="set name_fa or name_en"):
        Thing("باکو", "Baku").name = "Bakı"


@pytest.mark.parametrize(
    ("text", "language", "html"),
    [
        (LocalText("باکو", "fa"), "fa", "باکو"),
        (LocalText("باکو", "fa"), "en", '<bdi lang="fa" dir="rtl">باکو</bdi>'),
        (LocalText("Baku", "en"), "en", "Baku"),
        (LocalText("Baku", "en"), "fa", '<bdi lang="en" dir="ltr">Baku</bdi>'),
        (LocalText("Bakı", "az"), "en", '<bdi lang="az" dir="ltr">Bakı</bdi>'),
        (LocalText("غزة", "ar"), "fa", '<bdi lang="ar" dir="rtl">غزة</bdi>'),
        (LocalText("?", ""), "fa", '<bdi lang="" dir="auto">?</bdi>'),
        (LocalText("<b>", "en"), "en", "&lt;b&gt;"),
        (LocalText("<b>", "en"), "fa", '<bdi lang="en" dir="ltr">&lt;b&gt;</bdi>'),
        (LocalText("x", '"><script>'), "fa", '<bdi lang="&quot;&gt;&lt;script&gt;" dir="ltr">x</bdi>'),
        (LocalText("", "en"), "fa", ""),
    ],
)
def test_local_text_is_marked_where_its_language_is_not_the_pages(text, language, html):
    with override(language):
        assert Template("{{ text }}").render(Context({"text": text})) == html
        assert format_html("{}", text) == html


def test_local_text_plain_stands_in_an_attribute():
    with override("fa"):
        html = Template('<a title="{{ text.plain }}">').render(Context({"text": LocalText('"Baku"', "en")}))
    assert html == '<a title="&quot;Baku&quot;">'
    assert type(LocalText("Baku", "en").plain) is str


def test_local_text_survives_a_cache():
    text = pickle.loads(pickle.dumps(LocalText("باکو", "fa")))
    assert (text, text.lang, text.dir) == ("باکو", "fa", "rtl")
