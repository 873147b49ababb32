"""Columns of the legend: heads, rows with swatches and paragraphs, closed up where room is short."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from layers.sheet.canvas import View
from layers.sheet.wrapping import wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from layers.drawing.mark import Mark
    from layers.sheet.canvas import Canvas
    from layers.sheet.pages import Column
    from layers.sheet.words import Words

_TEXT_MM: Final = 14.0
_HEAD_MM: Final = 8.6
_TWO_LINES_MM: Final = 7.6
_ONE_LINE_MM: Final = 6.2
_ROW_AIR_MM: Final = 0.5
_LEADING_MM: Final = 3.85
_PAGE_VIEW: Final = View((0.0, 0.0, 1.0, 1.0), west=0.0, south=0.0, metres_per_mm=1.0)
_LEAST_SQUEEZE: Final = 0.84
_LEAST_LINES: Final = 8
"""Lines of a paragraph that rows close up for."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A legend entry; ``swatch`` returns its marks for a left edge and a middle in mm."""

    text: str
    english: str = ""
    swatch: Callable[[float, float], list[Mark]] | None = None
    absent: bool = False
    paint: Callable[[Canvas, float, float], None] | None = None

    @property
    def height(self) -> float:
        """Return the height of the row in mm."""
        return _TWO_LINES_MM if self.english else _ONE_LINE_MM


@dataclass(frozen=True, kw_only=True)
class Section:
    """A block of the legend: rows or a paragraph."""

    head: str
    english: str
    rows: tuple[Row, ...] = ()
    paragraphs: tuple[str, ...] = field(default=())


def paint_sections(
    canvas: Canvas, sections: Sequence[Section], column: Column, *, words: Words, split: bool
) -> list[str]:
    """Paint sections one under another, or one a column with `split`; tighter where room is short.

    Returns
    -------
    Heads of sections whose paragraph had to be cut
    """
    cut: list[str] = []
    if split:
        blocks = _spread(sections, len(column.columns))
        for index, block in enumerate(blocks):
            width = column.width_of(index)
            _paint_block(canvas, block, column.columns[index], width, column, words=words, cut=cut)
    else:
        _paint_block(canvas, sections, column.columns[0], column.width, column, words=words, cut=cut)
    return cut


def _spread(sections: Sequence[Section], columns: int) -> list[list[Section]]:
    """Deal sections out to columns in order, joining the last ones where there are too many."""
    blocks = [[section] for section in sections]
    while len(blocks) > columns:
        weights = [sum(len(s.rows) + 2 for s in a + b) for a, b in pairwise(blocks)]
        at = weights.index(min(weights))
        blocks[at : at + 2] = [blocks[at] + blocks[at + 1]]
    return blocks


def section_height(section: Section, canvas: Canvas, width: float, *, least: bool = False) -> float:
    """Return the natural height of a section, mm; with `least`, no more of a paragraph than must be read."""
    lines = sum(len(_lines(canvas, text, width)) for text in section.paragraphs)
    lines = min(lines, _LEAST_LINES) if least else lines
    rows = sum(
        row.height + 3.4 * (len(_lines(canvas, row.text, width - _TEXT_MM, "legend-item")) - 1) for row in section.rows
    )
    return _HEAD_MM + rows + lines * _LEADING_MM + 1.4


def height_of(sections: Sequence[Section], canvas: Canvas, width: float) -> float:
    """Return the natural height of several sections, mm."""
    return sum(section_height(section, canvas, width) for section in sections)


def _lines(canvas: Canvas, text: str, width: float, kind: str = "method") -> list[str]:
    return wrap(text, width=width, measure=lambda t: canvas.width_of(t, kind))


def _paint_block(
    canvas: Canvas, sections: Sequence[Section], x: float, width: float, column: Column, *, words: Words, cut: list[str]
) -> None:
    natural = sum(section_height(section, canvas, width, least=True) for section in sections)
    room = column.top - column.bottom
    squeeze = max(_LEAST_SQUEEZE, min(1.0, room / natural))
    y = column.top
    for section in sections:
        y = _paint_section(canvas, section, x, y, width, bottom=column.bottom, squeeze=squeeze, words=words, cut=cut)


def _paint_section(  # noqa: PLR0913
    canvas: Canvas, section: Section, x: float, y: float, width: float, *, bottom: float, squeeze: float, words: Words,
    cut: list[str],
) -> float:  # fmt: skip
    tones = canvas.style.text
    canvas.text(x, y - 3.3, section.head, "legend-head")
    canvas.text(
        x + width, y - 3.3, section.english, "legend-english", ha="right", size=canvas.size("legend-english") * 1.1
    )
    canvas.line([x, x + width], [y - 5.0, y - 5.0], z=66.0, color=tones.rule, linewidth=tones.rule_pt)
    y -= 5.0 + 1.6 * squeeze
    for row in section.rows:
        y = _paint_row(canvas, row, x, y, width, squeeze=squeeze, words=words)
    if section.paragraphs:
        y -= 1.4
        leading = _LEADING_MM * max(squeeze, 0.92)
        fitting = max(1, int((y - bottom) / leading))
        paragraphs = list(section.paragraphs)
        lines = [line for text in paragraphs for line in _lines(canvas, text, width)]
        if len(lines) > fitting:
            cut.append(section.head)
        while len(lines) > fitting and paragraphs:
            paragraphs = _fewer_sentences(paragraphs, words)
            lines = [line for text in [*paragraphs, words("more")] for line in _lines(canvas, text, width)]
        for line in lines:
            y -= leading
            canvas.text(x, y + 0.8, line, "method")
    return y - 2.6 * squeeze


def _fewer_sentences(paragraphs: list[str], words: Words) -> list[str]:
    """Return paragraphs with a sentence less: the last of the one that has most; no paragraph goes before that."""
    stop = "；" if words.lang == "zh" else "; "
    sentences = [text.split(stop) for text in paragraphs]
    most = max(range(len(paragraphs)), key=lambda i: (len(sentences[i]), len(paragraphs[i])))
    kept = sentences[most][:-1]
    shorter = [stop.join(kept) + words("full_stop")] if kept else []
    return [*paragraphs[:most], *shorter, *paragraphs[most + 1 :]]


def _paint_row(canvas: Canvas, row: Row, x: float, y: float, width: float, *, squeeze: float, words: Words) -> float:
    room = width - _TEXT_MM - (canvas.width_of(words("absent"), "legend-english") + 1.5 if row.absent else 0.0)
    lines = _lines(canvas, row.text, room, "legend-item")
    size = canvas.size("legend-item")
    if len(lines) == 2 and canvas.width_of(row.text, "legend-item") * 0.86 <= room:  # noqa: PLR2004
        size *= room / canvas.width_of(row.text, "legend-item")
        lines = [row.text]
    text_height = 3.5 * len(lines) + (2.7 if row.english else 0.0)
    height = max((row.height + 3.4 * (len(lines) - 1)) * squeeze, text_height + _ROW_AIR_MM)
    middle = y - height / 2.0
    if row.swatch is not None:
        canvas.marks(row.swatch(x, middle), _PAGE_VIEW)
    if row.paint is not None:
        row.paint(canvas, x, middle)
    rows_of_text = [(line, "legend-item", size, 3.5) for line in lines]
    if row.english:
        small = canvas.size("legend-english")
        small = min(small, small * (width - _TEXT_MM) / canvas.width_of(row.english, "legend-english"))
        rows_of_text.append((row.english, "legend-english", small, 2.7))
    total = sum(entry[3] for entry in rows_of_text)
    at = middle + total / 2.0
    for text, kind, points, step in rows_of_text:
        at -= step
        canvas.text(x + _TEXT_MM, at + step * 0.24, text, kind, size=points)
    if row.absent:
        canvas.text(x + width, middle - 0.8, words("absent"), "legend-english", ha="right")
    return y - height
