"""Columns of the legend: which section stands where, at which size, and what goes where room is short."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Final

from layers.sheet.rows import AFTER_MM, Row, Section, Setting, paint_section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from layers.sheet.canvas import Canvas
    from layers.sheet.pages import Column
    from layers.sheet.words import Words

_SQUEEZES: Final = (1.0, 0.95, 0.9, 0.84, 0.78, 0.72)
_SCALES: Final = (1.0, 0.93, 0.86, 0.8)
"""Sizes of a legend that is too long, before anything goes."""
_LEAST_LINES: Final = 8
"""Lines of a paragraph that rows close up for."""
_SHORTEST_LINES: Final = 4
"""Lines of a paragraph that rows are cut for."""


@dataclass(frozen=True, kw_only=True)
class Arrangement:
    """The sections of each column, their size, and the heads of those that lost rows."""

    blocks: list[list[Section]]
    scale: float
    cut: list[str] = field(default_factory=list)


def paint_sections(canvas: Canvas, sections: Sequence[Section], column: Column, *, words: Words) -> list[str]:
    """Paint sections in columns, so that none leaves its column.

    Where room is short the rows close up, then lose their English line (a bilingual sheet keeps it), then rows of what
    is not on the map go, then all is set smaller, then sections flow on into the next column; at last the longest list
    is cut and says how many rows it lost.

    Returns
    -------
    Heads of sections of which something had to be cut
    """
    found = arrange(canvas, sections, column, words=words)
    cut = list(found.cut)
    for index, block in enumerate(found.blocks):
        width = column.width_of(index)
        setting = _closed_up(canvas, block, column, width, words=words, scale=found.scale)
        y = column.top
        for section in block:
            y, shorter = paint_section(
                section, setting, x=column.columns[index], y=y, width=width, bottom=column.bottom
            )  # fmt: skip
            y -= AFTER_MM * setting.squeeze * setting.scale
            cut += [section.head] if shorter else []
    return cut


def is_whole(
    canvas: Canvas, sections: Sequence[Section], column: Column, *, words: Words, least: float = 0.0
) -> bool:  # fmt: skip
    """Tell whether sections fit their columns with all rows of what is on the map, at no less than a size."""
    found = arrange(canvas, sections, column, words=words)
    return not found.cut and found.scale >= least


def arrange(canvas: Canvas, sections: Sequence[Section], column: Column, *, words: Words) -> Arrangement:
    """Return the first arrangement that fits, from the fullest to the shortest."""
    for variant, scale in _variants(sections, words):
        blocks = _spread(canvas, variant, column, words=words, scale=scale, lines=_LEAST_LINES)
        if blocks is not None:
            return Arrangement(blocks=blocks, scale=scale)
    short = _bare(_present(sections))
    for scale in _SCALES:
        blocks = _flow(canvas, short, column, words=words, scale=scale, lines=_SHORTEST_LINES)
        if blocks is not None:
            return Arrangement(blocks=blocks, scale=scale)
    return _cut(canvas, short, column, words=words)


def _variants(sections: Sequence[Section], words: Words) -> Iterator[tuple[list[Section], float]]:
    """Yield what a legend may say and its size, in order of preference."""
    full, present = list(sections), _present(sections)
    if words.second is not None:
        yield from ((variant, scale) for scale in _SCALES for variant in (full, present))
        return
    for scale in _SCALES:
        for variant in (full, _bare(full), present, _bare(present)) if scale == 1.0 else (present, _bare(present)):
            yield variant, scale


def _present(sections: Sequence[Section]) -> list[Section]:
    return [replace(each, rows=tuple(row for row in each.rows if not row.absent)) for each in sections]


def _bare(sections: Sequence[Section]) -> list[Section]:
    return [replace(each, rows=tuple(replace(row, english="") for row in each.rows)) for each in sections]


def _cut(canvas: Canvas, sections: list[Section], column: Column, *, words: Words) -> Arrangement:
    """Return sections of which the longest is cut, as little as need be."""
    longest = max(range(len(sections)), key=lambda i: len(sections[i].rows))
    rows, scale = sections[longest].rows, _SCALES[-1]
    shorter = sections
    for lost in range(2, len(rows)):
        if rows[-lost - 1].names_layer:
            continue
        rest = Row(text=words("more_rows", count=sum(not row.names_layer for row in rows[-lost:])))
        shorter = [
            replace(each, rows=(*rows[:-lost], rest)) if i == longest else each for i, each in enumerate(sections)
        ]
        blocks = _flow(canvas, shorter, column, words=words, scale=scale, lines=_SHORTEST_LINES)
        if blocks is not None:
            return Arrangement(blocks=blocks, scale=scale, cut=[sections[longest].head])
    blocks = _deal(shorter, len(column.columns))[0]
    return Arrangement(blocks=blocks, scale=scale, cut=[sections[longest].head])


def _closed_up(
    canvas: Canvas, sections: Sequence[Section], column: Column, width: float, *, words: Words, scale: float
) -> Setting:
    """Return how the sections of a column are set: closed up as little as need be."""
    room = column.top - column.bottom
    settings = [Setting(canvas=canvas, words=words, scale=scale, squeeze=squeeze) for squeeze in _SQUEEZES]
    return next((s for s in settings if _height(sections, width, s, lines=_LEAST_LINES) <= room), settings[-1])


def _height(sections: Sequence[Section], width: float, setting: Setting, *, lines: int) -> float:
    """Return the height (mm) that sections take in a column, with `lines` of a paragraph at most."""
    air = AFTER_MM * setting.squeeze * setting.scale
    return sum(setting.height(section, width, lines=lines) + air for section in sections) - air


def _spread(
    canvas: Canvas, sections: Sequence[Section], column: Column, *, words: Words, scale: float, lines: int
) -> list[list[Section]] | None:
    """Deal whole sections out to columns, so that these are filled evenly; None where they do not fit."""
    room = column.top - column.bottom
    tight = Setting(canvas=canvas, words=words, scale=scale, squeeze=_SQUEEZES[-1])
    best: tuple[float, list[list[Section]]] | None = None
    for blocks in _deal(sections, len(column.columns)):
        heights = [_height(block, column.width_of(i), tight, lines=lines) for i, block in enumerate(blocks)]
        uneven = sum(height**2 for height in heights)
        if max(heights) <= room and (best is None or uneven < best[0]):
            best = uneven, blocks
    return best[1] if best else None


def _deal(sections: Sequence[Section], columns: int) -> list[list[list[Section]]]:
    """Return the ways to deal sections out to columns in order."""
    count = min(columns, len(sections))
    return [
        [list(sections[start:stop]) for start, stop in pairwise((0, *ends, len(sections)))]
        for ends in combinations(range(1, len(sections)), count - 1)
    ]


def _flow(
    canvas: Canvas, sections: Sequence[Section], column: Column, *, words: Words, scale: float, lines: int
) -> list[list[Section]] | None:
    """Fill column after column; a section broken off goes on under its head. None where the columns do not suffice."""
    tight = Setting(canvas=canvas, words=words, scale=scale, squeeze=_SQUEEZES[-1])
    blocks: list[list[Section]] = [[]]

    def has_room(section: Section) -> bool:
        height = _height([*blocks[-1], section], column.width_of(len(blocks) - 1), tight, lines=lines)
        return height <= column.top - column.bottom

    for whole in sections:
        section = whole
        while not has_room(section):
            count = next((n for n in _breaks(section) if has_room(_rows(section, 0, n))), 0)
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


def _breaks(section: Section) -> Iterator[int]:
    """Yield after how many of its rows a section may be broken off, most first: never after a layer's name."""
    return (n for n in range(len(section.rows) - 1, 1, -1) if not section.rows[n - 1].names_layer)


def _rows(section: Section, start: int, stop: int | None = None) -> Section:
    return replace(section, rows=section.rows[start:stop])
