"""The footer of a sheet: sources and vintages, accuracy and coordinate system, notice, date and name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from layers.bureau import read_bureau
from layers.labels.request import MM_PER_PT
from layers.sheet import texts
from layers.sheet.wrapping import balance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.model import Layer
    from layers.sheet.canvas import Canvas
    from layers.sheet.ground import Ground
    from layers.sheet.pages import Page
    from layers.sheet.words import Words

AIR_MM: Final = 2.4
"""Between the footer and what stands above it."""
_LINE_EM: Final = 1.22
_MOST_LINE_MM: Final = 3.4
_FOOT_MM: Final = 1.6
"""Lowest baseline."""
_MOST_LINES: Final = 6
_GRATICULE_MM: Final = 3.6
"""Height of the ticks below the frame."""


def paint_footer(
    canvas: Canvas, page: Page, layers: Sequence[Layer], *, ground: Ground, words: Words, boundaries: bool, date: str
) -> float:
    """Paint sources, accuracy and notice; return where they end at the top (mm)."""
    bureau = read_bureau()
    own = (bureau.name_en if words.lang == "en" else "") or bureau.name
    made = words("made_title", date=date, atlas=own or words("atlas"))
    spoken = [each for each in (words, words.second) if each is not None]
    if bureau.review_number:
        notices = [each("review_number", number=bureau.review_number) for each in spoken]
    else:
        notices = [each("notice") for each in spoken]
    right = [(notices[0], "notice"), *((text, "source") for text in (*notices[1:], made))]
    width = page.right - page.left - max(canvas.width_of(text, kind) for text, kind in right) - 8.0
    step = min(_MOST_LINE_MM, canvas.size("source") * MM_PER_PT * _LINE_EM)
    below = page.frame[1] - _FOOT_MM - _GRATICULE_MM if len(page.legend.columns) == 1 else 99.0
    most = min(_MOST_LINES, 1 + int(below / step))
    lines: list[str] = []
    for detail in texts.DETAILS:
        source = texts.source_text(layers, ground, words, boundaries=boundaries, detail=detail)
        said = [source, *(texts.accuracy_text(layers, each) for each in (words, words.second) if each is not None)]
        lines = [
            line for text in said for line in balance(text, width=width, measure=lambda t: canvas.width_of(t, "source"))
        ]
        if len(lines) <= most:
            break
    top = max(page.footer_y, _FOOT_MM + (len(lines) - 1) * step)
    for i, line in enumerate(lines):
        canvas.text(page.left, top - i * step, line, "source")
    y = max(page.footer_y - 0.2, _FOOT_MM + 3.5 + 3.0 * (len(right) - 2))
    for i, (text, kind) in enumerate(right):
        canvas.text(page.right, y - (3.5 + 3.0 * (i - 1) if i else 0.0), text, kind, ha="right")
    return max(top, y) + canvas.size("notice") * MM_PER_PT
