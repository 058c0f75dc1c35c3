"""How much room a name takes in a drawing, from the widths of the register's own typeface.

The widths are measured once (scripts/build_letters.py), so that the server needs no font and every server gives the
same map. Letters of the Arabic script are as wide as the form they take between their neighbours.
"""

import json
from functools import cache, lru_cache
from pathlib import Path

LETTERS = Path(__file__).resolve().parent.parent / "data" / "letters.json"

ASCENT, DESCENT = 0.8, 0.3
"""How far letters reach above and below the line they stand on, in type sizes."""

OUTLINE = 0.125
"""How far the outline of a name, in the colour of the panel, reaches beyond its letters, in type sizes."""

ALLOWANCE = 1.03
"""What is added to a width for what the table does not know: the few pairs of letters that are set apart or
together."""

_WIDE = 1.0
_USUAL = 0.6

_ENDING = frozenset("ءآأؤإاةدذرزوىٱژۀەۆ")
"""Letters that do not join the one after them."""


@cache
def _table() -> dict[str, list[float]]:
    shipped = json.loads(LETTERS.read_text(encoding="utf-8"))
    return {
        letter: [width / 1000 for width in (widths if isinstance(widths, list) else [widths] * 4)]
        for letter, widths in shipped.items()
    }


@lru_cache(maxsize=4096)
def width(text: str) -> float:
    """How wide `text` is set, in type sizes. A letter the typeface lacks counts as a usual one, an ideograph as a
    full."""
    table, total = _table(), 0.0
    joins_before = False
    for place, letter in enumerate(text):
        forms = table.get(letter)
        if forms is None:
            total += 0 if letter in "\u200c\u200d\u2068\u2069" else _WIDE if letter > "\u2e80" else _USUAL
            joins_before = False
            continue
        joins = "\u0620" <= letter <= "\u06d3" and letter not in _ENDING
        after = text[place + 1] if place + 1 < len(text) else ""
        joins_after = joins and "\u0620" <= after <= "\u06d3" and after != "ء"
        total += forms[2 * joins_after + joins_before]
        joins_before = joins_after
    return total * ALLOWANCE
