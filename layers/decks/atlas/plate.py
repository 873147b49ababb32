"""A plate of an atlas: a page of text on the same paper as its sheets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl

from layers.decks.leaf import Leaf
from layers.sheet.canvas import Canvas
from layers.sheet.pages import find_page, type_sizes_of
from layers.sheet.sheet import SETTINGS
from layers.sheet.wrapping import wrap
from layers.style import load_style

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from layers.sheet.pages import Page

_FOOT_MM: Final = 16.0
_HEAD_MM: Final = 12.0
"""Between the title's baseline and what stands below it."""


class Plate:
    """A page with margins, on which text is set in columns from the top.

    Parameters
    ----------
    page, theme
        As a sheet takes them.
    """

    def __init__(self, *, page: str, theme: str) -> None:
        self.paper: Page = find_page(page)
        self.style = load_style(theme)
        self.canvas = Canvas(
            self.paper.width, self.paper.height, style=self.style, page=type_sizes_of(page), zoom=self.paper.zoom
        )
        self.left, self.right = self.paper.left, self.paper.right
        self.top, self.bottom = self.paper.title_y - _HEAD_MM, _FOOT_MM

    @property
    def size_mm(self) -> tuple[float, float]:
        """The page's layout, mm."""
        return self.paper.width, self.paper.height

    def head(self, title: str, second: str = "") -> None:
        """Set the title and a line below it; what is too long is set smaller."""
        canvas = self.canvas
        canvas.part = "title"
        room = self.right - self.left
        for text, kind, y in ((title, "title", self.paper.title_y), (second, "subtitle", self.paper.title_y - 6.6)):
            size = canvas.size(kind)
            if text:
                canvas.text(
                    self.left, y, text, kind, size=min(size, size * room / max(1.0, canvas.width_of(text, kind)))
                )
        canvas.part = "legend"

    def foot(self, notice: str, made: str) -> None:
        """Set the notice and the date at the foot."""
        self.canvas.part = "footer"
        self.canvas.text(self.left, 7.0, notice, "notice")
        self.canvas.text(self.right, 7.0, made, "source", ha="right")
        self.canvas.part = "legend"

    def lines_of(self, text: str, *, width: float, kind: str, size: float | None = None) -> list[str]:
        """Return a text broken to a width (mm)."""
        return wrap(text, width=width, measure=lambda t: self.canvas.width_of(t, kind, size=size))

    def save(self, path: Path, *, dpi: int) -> None:
        """Write the page as PDF or PNG, by the name's ending."""
        self.canvas.check_glyphs()
        undated: dict[str, Any] = {"CreationDate": None} if path.suffix == ".pdf" else {"Software": None}
        with mpl.rc_context(SETTINGS):  # type: ignore[arg-type]
            self.canvas.figure.savefig(path, format=path.suffix.lstrip("."), dpi=dpi, metadata=undated)

    def leaf(self, *, notes: str = "") -> Leaf:
        """Return the page as a slide's leaf."""
        self.canvas.check_glyphs()
        return Leaf(
            width=self.paper.width,
            height=self.paper.height,
            items=tuple(sorted(self.canvas.items, key=lambda item: item.z)),
            notes=notes,
            background=self.style.text.paper,
            halo=self.style.text.halo,
            zoom=self.paper.zoom,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """Lines of text that stay together: (text, class of type, indent in mm, height in mm)."""

    lines: tuple[tuple[str, str, float, float], ...]
    after_mm: float = 2.4
    colour: str = ""
    """Colour of the bar beside it, or ""."""

    @property
    def height(self) -> float:
        """Height with what is left after it, mm."""
        return sum(line[3] for line in self.lines) + self.after_mm


def set_in_columns(plate: Plate, blocks: Sequence[Block], *, columns: int, gap: float = 8.0) -> list[Block]:
    """Set blocks in columns, as many as fit, and return the others."""
    canvas = plate.canvas
    width = column_width(plate, columns=columns, gap=gap)
    rest = list(blocks)
    for column in range(columns):
        x, y = plate.left + column * (width + gap), plate.top
        while rest and (y - rest[0].height >= plate.bottom or y == plate.top):
            block = rest.pop(0)
            if block.colour:
                high = block.lines[0][3]
                canvas.box(x, y - high + 0.8, 1.5, high - 1.0, z=66.0, facecolor=block.colour, linewidth=0.0)
            for text, kind, indent, height in block.lines:
                y -= height
                canvas.text(x + indent, y + height * 0.24, text, kind)
            y -= block.after_mm
    return rest


def column_width(plate: Plate, *, columns: int, gap: float = 8.0) -> float:
    """Return the width of a column, mm."""
    return (plate.right - plate.left - gap * (columns - 1)) / columns
