"""Where the legend of a sheet stands: its sections, the columns they take, and the list of components beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from layers.sheet import furniture, ground_legend, legend, line_legend, parts
from layers.sheet.columns import is_whole, paint_sections
from layers.sheet.method import method_paragraphs
from layers.sheet.pages import Column
from layers.sheet.rows import AFTER_MM, Row, Section, Setting
from layers.sheet.wrapping import wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from layers.sheet.canvas import Canvas
    from layers.sheet.ground import Ground
    from layers.sheet.pages import Page
    from layers.sheet.shown import Shown
    from layers.sheet.words import Words

_METHOD_MM: Final = 22.0
"""Least height of the method that siblings share a row for."""
_NUMERALS_MM: Final = 8.0
"""What numerals and a tall footer may need, which nobody knows before the map is drawn."""
_LEAST_SCALE: Final = 0.86
"""Size of the legend under which it takes a second column."""
Mode = Literal["wide", "listed", "double"]
"""A column (or several below the map); a list of components beside it; two columns, one on either side of the map."""


@dataclass(frozen=True, kw_only=True)
class LegendSpace:
    """What the legend tells of, and where.

    ``locator`` paints the locator at a given corner (mm): on a sheet with a list it stands below that; ``striped`` are
    the belts that lie on the same ground (layer and component of each), of at most one place.
    """

    canvas: Canvas
    page: Page
    shown: Sequence[Shown]
    ground: Ground
    words: Words
    boundaries: bool
    mode: Mode
    locator: Callable[[float, float], None]
    striped: Sequence[Sequence[tuple[str, int]]] = ()

    def paint(self, *, above: float) -> list[str]:
        """Paint the legend, and the list of components where the sheet has one.

        Parameters
        ----------
        above
            Height (mm) that the footer needs.

        Returns
        -------
        Heads of what had to be cut
        """
        column = self._column(above)
        sections, method = self._arranged(column), self._method()
        if self.mode != "listed":
            return paint_sections(self.canvas, [*sections, method], column, words=self.words)
        free = column.top - column.bottom - self._least_height(sections, column.width)
        here, cut = self._list(method, free=free)
        rest = sections if here else [*sections, method]
        return cut + paint_sections(self.canvas, rest, column, words=self.words)

    def is_whole(self) -> bool:
        """Tell whether all fits that the legend has to say."""
        column = self._column(self.page.legend.bottom + _NUMERALS_MM)
        whole = is_whole(
            self.canvas, [*self._arranged(column), self._method()], column, words=self.words, least=_LEAST_SCALE
        )
        if self.mode != "listed" or not whole:
            return whole
        entries, room = self._entries()
        return not parts.overfull(entries, detail=parts.BARE, room=room)

    def _column(self, above: float) -> Column:
        """Return the columns of the legend: on a sheet of two, the left one comes first."""
        column = self.page.legend
        if self.mode == "double" and self.page.parts is not None:
            left = self.page.parts
            column = Column(
                columns=(*left.columns, *column.columns), widths=(left.width, column.width), width=column.width,
                top=min(left.top, column.top), bottom=max(left.bottom, column.bottom),
            )  # fmt: skip
        return msgspec.structs.replace(column, bottom=max(column.bottom, above))

    def _arranged(self, column: Column) -> list[Section]:
        """Return the sections, siblings in one row where there is a list of components or no room for each."""
        if self.mode == "listed":
            return self._sections(merge=True)
        sections = self._sections(merge=False)
        if len(column.columns) > 1:
            whole = is_whole(self.canvas, [*sections, self._method()], column, words=self.words)
            return sections if whole else self._sections(merge=True)
        if self._least_height(sections, column.width) + _METHOD_MM > column.top - column.bottom:
            return self._sections(merge=True)
        return sections

    def _least_height(self, sections: Sequence[Section], width: float) -> float:
        setting = Setting(canvas=self.canvas, words=self.words, squeeze=0.84)
        return sum(setting.height(section, width) + AFTER_MM for section in sections)

    def _sections(self, *, merge: bool) -> list[Section]:
        words, style = self.words, self.canvas.style
        rows = self._structure_rows(merge=merge)
        several = len(self.shown) > 1
        left_out = [ground_legend.unlisted_row(words)] if len(self.ground.unlisted) else []
        rows += left_out if not several else []
        sections = [Section(head=words("structure"), english=words("structure_en"), rows=tuple(rows))]
        basis = ground_legend.basis_rows([each.layer for each in self.shown], style=style, words=words)
        pens = {(each.layer.id, no): pen for each in self.shown for no, pen in each.pens.items()}
        basis += [legend.striped_row([pens[key] for key in holders], words) for holders in self.striped]
        sections.append(Section(head=words("basis"), english=words("basis_en"), rows=tuple(basis)))
        lines = line_legend.line_rows(self.shown, words=words)
        if lines:
            sections.append(Section(head=words("lines"), english=words("lines_en"), rows=tuple(lines)))
        base = ground_legend.base_rows(self.ground, style=style, words=words, boundaries=self.boundaries)
        base = left_out + base if several else base
        sections.append(Section(head=words("base"), english=words("base_en"), rows=tuple(base)))
        return sections

    def _structure_rows(self, *, merge: bool) -> list[Row]:
        """Return the rows of the structures; of several each under its name, and under its plan's if these differ."""
        words, listed = self.words, self.mode == "listed"
        several = len(self.shown) > 1
        plans = {each.layer.structure.plan for each in self.shown}
        rows: list[Row] = []
        for each in self.shown:
            rows += [legend.layer_row(each, words, plan=len(plans) > 1)] if several else []
            rows += legend.structure_rows(each, words=words, merge=merge, listed=listed)
            rows += [legend.outside_row(len(each.outside), words)] if each.outside else []
        return rows

    def _method(self) -> Section:
        words = self.words
        spoken = [each for each in (words, words.second) if each is not None]
        said = [
            text for each in spoken for text in method_paragraphs([layer.layer for layer in self.shown], words=each)
        ]
        return Section(head=words("method"), english=words("method_en"), paragraphs=tuple(said))

    def _entries(self) -> tuple[list[parts.Entry], float]:
        """Return the entries of the list of components, and the height (mm) it has."""
        column = self.page.parts
        assert column is not None
        room = column.top - column.bottom - furniture.INSET_MM[1] - 6.0
        return parts.entries_of(self.shown, self.canvas, self.words, width=column.width), room

    def _list(self, method: Section, *, free: float) -> tuple[bool, list[str]]:
        """Paint the left column: components with their members, the locator, and the method if it fits.

        Returns whether the method was painted, and the heads of what had to be cut; ``free`` is the room (mm) that the
        method would have in the other column.
        """
        canvas, words, column = self.canvas, self.words, self.page.parts
        assert column is not None
        x, width = column.columns[0], column.width
        top_of_inset = column.bottom + furniture.INSET_MM[1]
        entries, room = self._entries()
        wanted = Setting(canvas=canvas, words=words).height(method, width)
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
