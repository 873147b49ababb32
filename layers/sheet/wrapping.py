"""Line breaking: Chinese between any two characters but never before closing punctuation, Latin between words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

NEVER_FIRST: Final = frozenset("，。、；：！？）》」』】〕”’…—·％,.;:!?)]}%")
NEVER_LAST: Final = frozenset("（《「『【〔“‘([{")
_LEAST_LAST: Final = 0.14
"""Share of the column that a last line fills at least, if lines need be only a little shorter for it."""
_SHORTER: Final = (0.97, 0.94, 0.91, 0.88, 0.85)
_UNIT: Final = re.compile(
    r"[0-9A-Za-z\u00c0-\u024f'’#@&_.:/+\-–²³°′±≤≥]+[\u2009\u00a0]?[a-zA-Z\u00c0-\u024f²°]*|\s+|.", re.DOTALL
)


def wrap(text: str, *, width: float, measure: Callable[[str], float]) -> list[str]:
    """Break a text into lines no wider than `width`.

    Closing punctuation never starts a line: it hangs on the line before, which may then be a little wider, or takes
    the character before it along. Opening brackets never end a line.

    Parameters
    ----------
    text
        One paragraph.
    width
        Width of the column, mm.
    measure
        Width of a text, mm.
    """
    lines: list[str] = []
    line = ""
    for unit in _units(text):
        if line and measure((line + unit).rstrip()) > width:
            lines.append(line.rstrip())
            line = unit.lstrip()
        else:
            line += unit
    if line.strip():
        lines.append(line.rstrip())
    return lines


def paragraph(text: str, *, width: float, measure: Callable[[str], float]) -> list[str]:
    """Break a text as `wrap` does, in shorter lines where else a character or two stood alone in the last."""
    lines = wrap(text, width=width, measure=measure)
    if len(lines) < 2 or measure(lines[-1]) >= _LEAST_LAST * width:  # noqa: PLR2004
        return lines
    for share in _SHORTER:
        closer = wrap(text, width=share * width, measure=measure)
        if len(closer) > len(lines):
            break
        if measure(closer[-1]) >= _LEAST_LAST * width:
            return closer
    return lines


def wrap_list(text: str, *, comma: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Break a list after its commas where that takes no more than one line more than breaking anywhere."""
    plain = paragraph(text, width=width, measure=measure)
    if len(plain) < 2 or comma not in text:  # noqa: PLR2004
        return plain
    items = [item + comma.rstrip() for item in text.split(comma)]
    items[-1] = text.rsplit(comma, maxsplit=1)[-1]
    gap = comma[len(comma.rstrip()) :]
    lines = [items[0]]
    for item in items[1:]:
        longer = lines[-1] + gap + item
        if measure(longer.rstrip(comma)) <= width:
            lines[-1] = longer
        else:
            lines.append(item)
    whole = all(measure(line.rstrip(comma)) <= width for line in lines)
    return lines if whole and len(lines) <= len(plain) + 1 else plain


def balance(text: str, *, width: float, measure: Callable[[str], float]) -> list[str]:
    """Break a text into as few lines as `wrap` does, of about the same length, so that no word stands alone."""
    lines = wrap(text, width=width, measure=measure)
    low, high = 0.5 * width, width
    for _ in range(6):
        middle = (low + high) / 2.0
        closer = wrap(text, width=middle, measure=measure)
        if len(closer) == len(lines):
            lines, high = closer, middle
        else:
            low = middle
    return lines


def _units(text: str) -> list[str]:
    """Return the pieces of a text between which a line may break."""
    units: list[str] = []
    glue = False
    for piece in _UNIT.findall(text):
        if units and (glue or piece[0] in NEVER_FIRST):
            units[-1] += piece
        else:
            units.append(piece)
        glue = piece[-1] in NEVER_LAST
    return units
