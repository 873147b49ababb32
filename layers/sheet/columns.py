"""Columns of the legend: heads, rows with swatches and paragraphs, closed up where room is short."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
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
_LEAST_ROW_MM: Final = 5.3
"""A swatch and some air."""
_LEADING_MM: Final = 3.85
_PAGE_VIEW: Final = View((0.0, 0.0, 1.0, 1.0), west=0.0, south=0.0, metres_per_mm=1.0)
_SQUEEZES: Final = (1.0, 0.95, 0.9, 0.84, 0.78, 0.72)
_AFTER_MM: Final = 2.6
_LEAST_LINES: Final = 8
"""Lines of a paragraph that rows close up for."""
_SHORTEST_LINES: Final = 4
"""Lines of a paragraph that rows are cut for."""
_LINE_MM: Final = 3.5
_ENGLISH_MM: Final = 2.7


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


def paint_sections(canvas: Canvas, sections: Sequence[Section], column: Column, *, words: Words) -> list[str]:
    """Paint sections in columns, so that none leaves its column.

    Where room is short the rows close up, then lose their English line, then flow on into the next column; then rows of
    what is not on the map go; at last the longest list is cut and says how many rows it lost.

    Returns
    -------
    Heads of sections of which something had to be cut
    """
    cut: list[str] = []
    blocks = _arrange(canvas, sections, column, words=words, cut=cut)
    for index, block in enumerate(blocks):
        width = column.width_of(index)
        _paint_block(canvas, block, column.columns[index], width, column, words=words, cut=cut)
    return cut


def fits(canvas: Canvas, sections: Sequence[Section], column: Column, *, words: Words) -> bool:
    """Tell whether sections fit their columns, each in its own, with all that they say."""
    return all(
        _height(canvas, block, column.width_of(i), squeeze=_SQUEEZES[-1], words=words, lines=_LEAST_LINES)
        <= column.top - column.bottom
        for i, block in enumerate(_spread(sections, len(column.columns)))
    )


def _arrange(
    canvas: Canvas, sections: Sequence[Section], column: Column, *, words: Words, cut: list[str]
) -> list[list[Section]]:
    """Return the sections of each column, cut where they do not fit otherwise."""
    found = _fitting(canvas, sections, column, words=words, lines=_LEAST_LINES)
    if found is not None:
        return found
    # What is not on this map makes way for what is.
    sections = [replace(each, rows=tuple(row for row in each.rows if not row.absent)) for each in sections]
    found = _fitting(canvas, sections, column, words=words, lines=_SHORTEST_LINES)
    if found is not None:
        return found
    bare = [_bare(section) for section in sections]
    longest = max(range(len(bare)), key=lambda i: len(bare[i].rows))
    rows = bare[longest].rows
    for lost in range(len(rows)):
        if lost:
            rest = Row(text=words("more_rows", count=lost + 1))
            bare[longest] = replace(bare[longest], rows=(*rows[: -lost - 1], rest))
        found = _fitting(canvas, bare, column, words=words, lines=_SHORTEST_LINES)
        if found is not None:
            cut += [bare[longest].head] if lost else []
            return found
    return _spread(bare, len(column.columns))


def _bare(section: Section) -> Section:
    return replace(section, rows=tuple(replace(row, english="") for row in section.rows))


def _fitting(
    canvas: Canvas, sections: Sequence[Section], column: Column, *, words: Words, lines: int
) -> list[list[Section]] | None:
    """Return the first arrangement that fits: a section a column, the same without English, flowing, both."""
    if fits(canvas, sections, column, words=words):
        return _spread(sections, len(column.columns))
    bare = [_bare(section) for section in sections]
    if fits(canvas, bare, column, words=words):
        return _spread(bare, len(column.columns))
    flowing = _flow(canvas, sections, column, words=words, lines=lines)
    return flowing or _flow(canvas, bare, column, words=words, lines=lines)


def _flow(
    canvas: Canvas, sections: Sequence[Section], column: Column, *, words: Words, lines: int
) -> list[list[Section]] | None:
    """Fill column after column; a section broken off goes on under its head. None where the columns do not suffice."""
    blocks: list[list[Section]] = [[]]

    def has_room(section: Section) -> bool:
        width = column.width_of(len(blocks) - 1)
        height = _height(canvas, [*blocks[-1], section], width, squeeze=_SQUEEZES[-1], words=words, lines=lines)
        return height <= column.top - column.bottom

    for whole in sections:
        section = whole
        while not has_room(section):
            count = next((n for n in range(len(section.rows) - 1, 1, -1) if has_room(_rows(section, 0, n))), 0)
            if count:
                blocks[-1].append(_rows(section, 0, count))
                section = replace(_rows(section, count), head=words("continued", head=whole.head), english="")
            elif not blocks[-1]:
                return None
            if len(blocks) == len(column.columns):
                return None
            blocks.append([])
        blocks[-1].append(section)
    return blocks


def _rows(section: Section, start: int, stop: int | None = None) -> Section:
    return replace(section, rows=section.rows[start:stop])


def _height(
    canvas: Canvas, sections: Sequence[Section], width: float, *, squeeze: float, words: Words, lines: int = 999
) -> float:
    """Return the height (mm) that sections take when closed up by `squeeze`, with `lines` of a paragraph at most."""
    total = 0.0
    for section in sections:
        total += 5.0 + 1.6 * squeeze + _AFTER_MM * squeeze
        total += sum(_RowForm.of(canvas, row, width, words=words).height(squeeze) for row in section.rows)
        if section.paragraphs:
            wanted = sum(len(_lines(canvas, text, width)) for text in section.paragraphs)
            total += 1.4 + min(wanted, lines) * _LEADING_MM * max(squeeze, 0.92)
    return total - _AFTER_MM * squeeze


def _spread(sections: Sequence[Section], columns: int) -> list[list[Section]]:
    """Deal sections out to columns in order, joining the last ones where there are too many."""
    blocks = [[section] for section in sections]
    while len(blocks) > columns:
        weights = [sum(len(s.rows) + 2 for s in a + b) for a, b in pairwise(blocks)]
        at = weights.index(min(weights))
        blocks[at : at + 2] = [blocks[at] + blocks[at + 1]]
    return blocks


def section_height(section: Section, canvas: Canvas, width: float) -> float:
    """Return the natural height of a section, mm."""
    lines = sum(len(_lines(canvas, text, width)) for text in section.paragraphs)
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
    room = column.top - column.bottom
    fitting = (
        s for s in _SQUEEZES if _height(canvas, sections, width, squeeze=s, words=words, lines=_LEAST_LINES) <= room
    )
    squeeze = next(fitting, _SQUEEZES[-1])
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
    return y - _AFTER_MM * squeeze


def _fewer_sentences(paragraphs: list[str], words: Words) -> list[str]:
    """Return paragraphs with a sentence less: the last of the one that has most; no paragraph goes before that."""
    stop = "；" if words.lang == "zh" else "; "
    sentences = [text.split(stop) for text in paragraphs]
    most = max(range(len(paragraphs)), key=lambda i: (len(sentences[i]), len(paragraphs[i])))
    kept = sentences[most][:-1]
    shorter = [stop.join(kept) + words("full_stop")] if kept else []
    return [*paragraphs[:most], *shorter, *paragraphs[most + 1 :]]


@dataclass(frozen=True, kw_only=True)
class _RowForm:
    """How a row is set: lines of its text and of its English, and the size of the text (pt)."""

    row: Row
    lines: list[str]
    english: list[str]
    size: float

    @classmethod
    def of(cls, canvas: Canvas, row: Row, width: float, *, words: Words) -> _RowForm:
        """Break a row's texts for a column of `width` mm; a Chinese name that nearly fits is set a little smaller."""
        room = width - _TEXT_MM - (canvas.width_of(words("absent"), "legend-english") + 1.5 if row.absent else 0.0)
        lines = _lines(canvas, row.text, room, "legend-item")
        size = canvas.size("legend-item")
        wide = canvas.width_of(row.text, "legend-item")
        if words.lang == "zh" and len(lines) == 2 and wide * 0.86 <= room:  # noqa: PLR2004
            size *= room / wide
            lines = [row.text]
        english = _lines(canvas, row.english, width - _TEXT_MM, "legend-english") if row.english else []
        return cls(row=row, lines=lines, english=english, size=size)

    @property
    def text_height(self) -> float:
        """Return the height of the text, mm."""
        return _LINE_MM * len(self.lines) + _ENGLISH_MM * len(self.english)

    def height(self, squeeze: float) -> float:
        """Return the height of the row when closed up, mm."""
        natural = self.row.height + (len(self.lines) - 1) * 3.4 + max(0, len(self.english) - 1) * _ENGLISH_MM
        return max(natural * squeeze, self.text_height + _ROW_AIR_MM, _LEAST_ROW_MM)


def _paint_row(canvas: Canvas, row: Row, x: float, y: float, width: float, *, squeeze: float, words: Words) -> float:
    form = _RowForm.of(canvas, row, width, words=words)
    height = form.height(squeeze)
    middle = y - height / 2.0
    if row.swatch is not None:
        canvas.marks(row.swatch(x, middle), _PAGE_VIEW)
    if row.paint is not None:
        row.paint(canvas, x, middle)
    texts = [(line, "legend-item", form.size, _LINE_MM) for line in form.lines]
    texts += [(line, "legend-english", canvas.size("legend-english"), _ENGLISH_MM) for line in form.english]
    at = middle + form.text_height / 2.0
    for text, kind, points, step in texts:
        at -= step
        canvas.text(x + _TEXT_MM, at + step * 0.24, text, kind, size=points)
    if row.absent:
        canvas.text(x + width, middle - 0.8, words("absent"), "legend-english", ha="right")
    canvas.boxes.append(("row", (x, y - height, x + width, y)))
    return y - height
