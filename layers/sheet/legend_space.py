"""Where the legend of a sheet stands: its sections, the columns they take, and the list of components beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from layers.sheet import furniture, legend, parts
from layers.sheet.columns import Section, fits, height_of, paint_sections, section_height
from layers.sheet.method import method_paragraphs
from layers.sheet.pages import Column
from layers.sheet.wrapping import wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from layers.model import Layer
    from layers.sheet.canvas import Canvas, View
    from layers.sheet.ground import Ground
    from layers.sheet.pages import Page
    from layers.sheet.words import Words

_LEAST_METHOD_MM: Final = 22.0
_CLOSED_UP: Final = 0.88
"""How far the rows of a legend can close up."""


@dataclass(frozen=True, kw_only=True)
class LegendSpace:
    """What the legend tells of, and where.

    ``tall`` pages have a narrow frame: the components are listed in a column of their own, with the locator, which
    ``locator`` paints at a given corner (mm).
    """

    canvas: Canvas
    page: Page
    view: View
    layers: Sequence[Layer]
    ground: Ground
    words: Words
    boundaries: bool
    tall: bool
    locator: Callable[[float, float], None]

    def paint(self, *, above: float) -> list[str]:
        """Paint the legend; on a tall page the components and the method share the two columns.

        Parameters
        ----------
        above
            Height (mm) that the footer needs.

        Returns
        -------
        Heads of what had to be cut
        """
        words = self.words
        column = msgspec.structs.replace(self.page.legend, bottom=max(self.page.legend.bottom, above))
        if len(column.columns) > 1:
            sections = [*self._sections(merge=False), self._method()]
            if not fits(self.canvas, sections, column, words=words):
                sections = [*self._sections(merge=True), self._method()]
            return paint_sections(self.canvas, sections, column, words=words)
        room = column.top - column.bottom
        sections = self._sections(merge=self.tall)
        if height_of(sections, self.canvas, column.width) * _CLOSED_UP + _LEAST_METHOD_MM > room:
            sections = self._sections(merge=True)
        method = self._method()
        cut: list[str] = []
        if self.tall and self.page.parts is not None:
            free = room - _CLOSED_UP * height_of(sections, self.canvas, column.width)
            here, cut = self._list(method, self.page.parts, free=free)
            if not here:
                sections.append(method)
        else:
            sections.append(method)
        return cut + paint_sections(self.canvas, sections, column, words=words)

    def _sections(self, *, merge: bool) -> list[Section]:
        words, style = self.words, self.canvas.style
        mpm = self.view.metres_per_mm
        rows = [
            row
            for layer in self.layers
            for row in legend.structure_rows(
                layer, style=style, words=words, merge=merge, metres_per_mm=mpm, listed=self.tall
            )
        ]
        if len(self.ground.unlisted):
            rows.append(legend.unlisted_row(words))
        sections = [Section(head=words("structure"), english=words("structure_en"), rows=tuple(rows))]
        basis = legend.basis_rows(self.layers, style=style, words=words)
        sections.append(Section(head=words("basis"), english=words("basis_en"), rows=tuple(basis)))
        lines = legend.line_rows(self.layers, style=style, words=words, metres_per_mm=mpm)
        if lines:
            sections.append(Section(head=words("lines"), english=words("lines_en"), rows=tuple(lines)))
        base = legend.base_rows(self.ground, style=style, words=words, boundaries=self.boundaries)
        sections.append(Section(head=words("base"), english=words("base_en"), rows=tuple(base)))
        return sections

    def _method(self) -> Section:
        words = self.words
        spoken = [each for each in (words, words.second) if each is not None]
        said = [text for each in spoken for text in method_paragraphs(self.layers, words=each)]
        return Section(head=words("method"), english=words("method_en"), paragraphs=tuple(said))

    def _list(self, method: Section, column: Column, *, free: float) -> tuple[bool, list[str]]:
        """Paint the left column of a tall page: components with their members, the locator, and the method if it fits.

        Returns whether the method was painted, and the heads of what had to be cut; ``free`` is the room (mm) that the
        method would have in the other column.
        """
        canvas, words = self.canvas, self.words
        x, width = column.columns[0], column.width
        top_of_inset = column.bottom + furniture.INSET_MM[1]
        room = column.top - top_of_inset - 6.0
        entries = parts.entries_of(self.layers, canvas, words, width=width, metres_per_mm=self.view.metres_per_mm)
        wanted = section_height(method, canvas, width)
        detail, here = parts.choose_detail(entries, room=room, method=wanted, free=free)
        cut: list[str] = []
        if parts.overfull(entries, detail=detail, room=room):
            entries = parts.cut(entries, words, detail=detail, room=room)
            cut.append(words("parts"))
        y = parts.paint(canvas, entries, x, column.top, width, words=words, detail=detail, room=room)
        if here:
            below = Column(columns=(x,), width=width, top=y - 2.0, bottom=top_of_inset + 5.0)
            cut += paint_sections(canvas, [method], below, words=words)
        self.locator(x, column.bottom)
        canvas.part = "locator"
        text_x = x + furniture.INSET_MM[0] + 3.0
        canvas.text(text_x, top_of_inset - 3.0, words("location"), "legend-item")
        canvas.text(text_x, top_of_inset - 6.4, words("location_en"), "legend-english")
        note = wrap(
            words("location_note"),
            width=width - furniture.INSET_MM[0] - 3.0,
            measure=lambda t: canvas.width_of(t, "source"),
        )
        for i, line in enumerate(note):
            canvas.text(text_x, top_of_inset - 12.6 - 3.2 * i, line, "source")
        canvas.part = "legend"
        return here, cut
