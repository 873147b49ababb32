"""Rows and sections of the legend: how high they are, and how they are painted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from layers.labels.request import MM_PER_PT
from layers.sheet.canvas import View
from layers.sheet.wrapping import paragraph, wrap_list

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from layers.drawing.mark import Mark
    from layers.sheet.canvas import Canvas
    from layers.sheet.words import Words

_TEXT_MM: Final = 14.0
"""From the left edge to the text; all lengths are those at full size."""
_HEAD_MM: Final = 5.0
_HEAD_AIR_MM: Final = 1.6
_TWO_LINES_MM: Final = 7.6
_ONE_LINE_MM: Final = 6.2
_ROW_AIR_MM: Final = 0.7
_LEAST_ROW_MM: Final = 5.3
"""A swatch and some air."""
_NAME_AIR_MM: Final = (1.3, 0.6)
"""Above and below the name of a layer: it belongs to the rows below it."""
AFTER_MM: Final = 2.6
_LEADING_EM: Final = 1.2
_METHOD_EM: Final = 1.48
_TIGHT_EM: Final = 1.36
_NEARLY: Final = 0.86
"""A Chinese name that would fit its line at this size is set so much smaller."""
_SENTENCE: Final = re.compile(r"(?<=；)|(?<=; )")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A legend entry.

    ``swatch`` returns its marks for a left edge and a middle in mm; ``paint`` paints it there, at a scale.
    """

    text: str
    english: str = ""
    swatch: Callable[[float, float], list[Mark]] | None = None
    absent: bool = False
    paint: Callable[[Canvas, float, float, float], None] | None = None
    names_layer: bool = False
    """Whether it is no entry but the name of the layer whose rows follow."""

    @property
    def kind(self) -> str:
        """Return the class of its text."""
        return "legend-layer" if self.names_layer else "legend-item"


@dataclass(frozen=True, kw_only=True)
class Section:
    """A block of the legend: rows or paragraphs."""

    head: str
    english: str
    rows: tuple[Row, ...] = ()
    paragraphs: tuple[str, ...] = field(default=())


@dataclass(frozen=True, kw_only=True)
class Setting:
    """How a legend is set: the size of all of it, and how far its rows are closed up."""

    canvas: Canvas
    words: Words
    scale: float = 1.0
    squeeze: float = 1.0

    def size(self, kind: str) -> float:
        """Return the type size of a class of text, pt."""
        return self.canvas.size(kind) * self.scale

    def leading(self, kind: str, *, em: float = _LEADING_EM) -> float:
        """Return the distance of lines of a class of text, mm."""
        return self.size(kind) * MM_PER_PT * em

    @property
    def method_leading(self) -> float:
        """Return the distance of the lines of a paragraph, mm."""
        return self.leading("method", em=_METHOD_EM if self.squeeze > 0.9 else _TIGHT_EM)  # noqa: PLR2004

    def lines(self, text: str, width: float, kind: str = "method") -> list[str]:
        """Break a text for a column."""
        return paragraph(text, width=width, measure=lambda t: self.canvas.width_of(t, kind, size=self.size(kind)))

    def listed(self, text: str, width: float, kind: str) -> list[str]:
        """Break a text that may be a list for a column: after its commas where there is room for that."""
        comma = self.words("list_comma")
        return wrap_list(
            text, comma=comma, width=width, measure=lambda t: self.canvas.width_of(t, kind, size=self.size(kind))
        )

    def height(self, section: Section, width: float, *, lines: int = 999) -> float:
        """Return the height of a section (mm), with `lines` of its paragraphs at most."""
        total = (_HEAD_MM + _HEAD_AIR_MM * self.squeeze) * self.scale
        total += sum(RowForm.of(row, width, self).height for row in section.rows)
        if section.paragraphs:
            wanted = sum(len(self.lines(text, width)) for text in section.paragraphs)
            total += self.scale + min(wanted, lines) * self.method_leading
        return total


@dataclass(frozen=True, kw_only=True)
class RowForm:
    """How a row is set: lines of its text and of its English, and the size of the text (pt)."""

    row: Row
    lines: list[str]
    english: list[str]
    size: float
    setting: Setting

    @classmethod
    def of(cls, row: Row, width: float, setting: Setting) -> RowForm:
        """Break a row's texts for a column of `width` mm; a Chinese name that nearly fits is set a little smaller."""
        canvas, words = setting.canvas, setting.words
        small = setting.size("legend-english")
        room = width - (_TEXT_MM if row.swatch or row.paint else 0.0) * setting.scale
        if row.absent:
            room -= canvas.width_of(words("absent"), "legend-english", size=small) + 1.5
        size = setting.size(row.kind)
        lines = setting.listed(row.text, room, row.kind)
        wide = canvas.width_of(row.text, row.kind, size=size)
        if words.lang == "zh" and len(lines) == 2 and wide * _NEARLY <= room:  # noqa: PLR2004
            size *= room / wide
            lines = [row.text]
        english = setting.lines(row.english, room, "legend-english") if row.english else []
        return cls(row=row, lines=lines, english=english, size=size, setting=setting)

    @property
    def text_height(self) -> float:
        """Return the height of the text, mm."""
        own, small = self.setting.leading(self.row.kind), self.setting.leading("legend-english")
        return own * len(self.lines) + small * len(self.english)

    @property
    def height(self) -> float:
        """Return the height of the row, mm."""
        setting = self.setting
        if self.row.names_layer:
            return self.text_height + sum(_NAME_AIR_MM) * setting.scale
        natural = (_TWO_LINES_MM if self.row.english else _ONE_LINE_MM) * setting.scale
        natural += (len(self.lines) - 1) * setting.leading("legend-item")
        natural += max(0, len(self.english) - 1) * setting.leading("legend-english")
        air = _ROW_AIR_MM if len(self.lines) + len(self.english) > 1 else 0.0
        return max(natural * setting.squeeze, self.text_height + air * setting.scale, _LEAST_ROW_MM * setting.scale)

    def paint(self, x: float, y: float, width: float) -> float:
        """Paint the row with its top at `y`; return where it ends."""
        setting, row = self.setting, self.row
        canvas = setting.canvas
        height = self.height
        middle = y - height / 2.0
        if row.names_layer:
            middle = y - height + _NAME_AIR_MM[1] * setting.scale + self.text_height / 2.0
        if row.swatch is not None:
            # drawn at full size, and shrunk towards its left edge
            at = View((x, middle, 1.0, 1.0), west=x, south=middle, metres_per_mm=1.0 / setting.scale)
            canvas.marks(row.swatch(x, middle), at)
        if row.paint is not None:
            row.paint(canvas, x, middle, setting.scale)
        left = x + (_TEXT_MM if row.swatch or row.paint else 0.0) * setting.scale
        small = setting.size("legend-english")
        texts = [(line, row.kind, self.size, setting.leading(row.kind)) for line in self.lines]
        texts += [(line, "legend-english", small, setting.leading("legend-english")) for line in self.english]
        at_y = middle + self.text_height / 2.0
        for text, kind, points, step in texts:
            at_y -= step
            canvas.text(left, at_y + step * 0.24, text, kind, size=points)
        if row.absent:
            canvas.text(x + width, middle - 0.8, setting.words("absent"), "legend-english", ha="right", size=small)
        canvas.boxes.append(("row", (x, y - height, x + width, y)))
        return y - height


def paint_section(
    section: Section, setting: Setting, *, x: float, y: float, width: float, bottom: float
) -> tuple[float, bool]:
    """Paint a section with its top at `y`; return where it ends (mm), and whether its paragraphs were cut."""
    canvas, tones, scale = setting.canvas, setting.canvas.style.text, setting.scale
    canvas.text(x, y - 3.3 * scale, section.head, "legend-head", size=setting.size("legend-head"))
    small = setting.size("legend-english") * 1.1
    canvas.text(x + width, y - 3.3 * scale, section.english, "legend-english", ha="right", size=small)
    low = y - _HEAD_MM * scale
    canvas.line([x, x + width], [low, low], z=66.0, color=tones.rule, linewidth=tones.rule_pt)
    y = low - _HEAD_AIR_MM * setting.squeeze * scale
    for row in section.rows:
        y = RowForm.of(row, width, setting).paint(x, y, width)
    if not section.paragraphs:
        return y, False
    y -= scale
    leading = setting.method_leading
    fitting = max(1, int((y - bottom) / leading + 1e-6))
    lines, cut = _fitting_lines(section.paragraphs, setting, width=width, most=fitting)
    for line in lines:
        y -= leading
        canvas.text(x, y + leading * 0.2, line, "method", size=setting.size("method"))
    return y, cut


def _fitting_lines(
    paragraphs: Sequence[str], setting: Setting, *, width: float, most: int
) -> tuple[list[str], bool]:  # fmt: skip
    """Return the lines of paragraphs; where they are too many, sentences go, and a last line says so."""
    lines = [line for text in paragraphs for line in setting.lines(text, width)]
    if len(lines) <= most:
        return lines, False
    kept = list(paragraphs)
    while kept and len(lines) > most:
        kept = fewer_sentences(kept, setting.words)
        lines = [line for text in [*kept, setting.words("more")] for line in setting.lines(text, width)]
    return lines, True


def fewer_sentences(paragraphs: Sequence[str], words: Words) -> list[str]:
    """Return paragraphs with a sentence less: the last of the one that has most; no paragraph goes before that."""
    sentences = [_SENTENCE.split(text) for text in paragraphs]
    most = max(range(len(paragraphs)), key=lambda i: (len(sentences[i]), len(paragraphs[i])))
    kept = "".join(sentences[most][:-1]).rstrip("；; ")
    stop = "." if kept.isascii() else words("full_stop")
    return [*paragraphs[:most], *([kept + stop] if kept else []), *paragraphs[most + 1 :]]
