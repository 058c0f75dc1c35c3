"""Makes cities/data/letters.json: how wide Vazirmatn sets each letter, for placing the names on the maps.

    .venv/bin/python scripts/build_letters.py

It runs when the typeface is renewed; it needs Pillow with raqm, as its wheels have it. Widths are thousandths of the
type size at weight 400. A letter of the Arabic script has four: alone, at the end of a word, at its beginning, within
it.
"""

import json
import sys
from pathlib import Path

from PIL import ImageFont, features

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "static" / "fonts"
TARGET = ROOT / "cities" / "data" / "letters.json"
SIZE, WEIGHT = 1000, 400
JOINER = "\u200d"

ARABIC = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيٱپچژکگڤۀەۆیے"
LATIN = {
    "latin": [*map(chr, range(0x20, 0x7F)), *map(chr, range(0xA1, 0x100)), *"ı‐–—‘’“”•…−"],
    "latin-tr-az": [*"ĞğİŞşƏə"],
    "latin-ext": [*map(chr, [*range(0x100, 0x180), 0x1E62, 0x1E63, *range(0x1E80, 0x1E86), *range(0x1EA0, 0x1EFA)])],
}
PERSIAN_SIGNS = "،؛؟٪٫٬۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩«»"


def font(name: str) -> ImageFont.FreeTypeFont:
    """One of the four files, at the weight of text."""
    opened = ImageFont.truetype(FONTS / f"vazirmatn-{name}.woff2", SIZE, layout_engine=ImageFont.Layout.RAQM)
    opened.set_variation_by_axes([WEIGHT])
    return opened


def main() -> None:
    """Write the table and print how many letters it has."""
    if not features.check("raqm"):
        sys.exit("Pillow has no raqm here: it cannot tell how letters join.")
    arabic = font("arabic")
    letters: dict[str, int | list[int]] = {}
    for letter in ARABIC:
        forms = (letter, JOINER + letter, letter + JOINER, JOINER + letter + JOINER)
        letters[letter] = [round(arabic.getlength(form, direction="rtl", language="fa")) for form in forms]
    for sign in PERSIAN_SIGNS:
        letters[sign] = round((font("latin") if sign in "«»" else arabic).getlength(sign))
    for name, signs in LATIN.items():
        face = font(name)
        for sign in signs:
            letters.setdefault(sign, round(face.getlength(sign)))
    lines = ",\n".join(f"{json.dumps(letter, ensure_ascii=False)}: {width}" for letter, width in letters.items())
    TARGET.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(letters)} letters")


if __name__ == "__main__":
    main()
