"""One wish, one file: a sheet as PNG, SVG, PDF, PPTX or HTML, by the ending of its name."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from layers.decks.extent import find_extent
from layers.decks.sheets import leaf_of
from layers.decks.slide import draw_slide
from layers.decks.telling import layer_title, read_words
from layers.decks.webpage import write_webpage
from layers.opening import open_layer
from layers.sheet import draw_sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.model import Layer
    from layers.sheet import Sheet

ENDINGS: Final = ("png", "svg", "pdf", "pptx", "html")
DPI: Final = (72, 600)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What is wished for.

    Attributes
    ----------
    layers
        Ids of layers.
    page, title, subtitle, lang, theme, labels
        As `layers.sheet.draw_sheet` takes them.
    dpi
        Resolution of a PNG, 72 to 600.
    extent
        See `layers.decks.extent.find_extent`.
    boundaries
        False hides all administrative boundaries.
    together
        Several layers on one slide instead of a slide each.
    date
        Date of drawing, ISO 8601; today by default. Give it for reproducible bytes.
    """

    layers: tuple[str, ...]
    page: str = "16:9"
    dpi: int = 200
    title: str | None = None
    subtitle: str | None = None
    lang: str = "zh"
    theme: str = "light"
    extent: str = "auto"
    boundaries: bool = True
    labels: tuple[str, ...] | None = None
    together: bool = False
    date: str = ""

    @property
    def day(self) -> dt.date:
        """The date of drawing."""
        return dt.date.fromisoformat(self.date) if self.date else dt.date.today()  # noqa: DTZ011 - the maker's own day


def make_file(wish: Wish, *, ending: str) -> bytes:
    """Return the file of a wish.

    Parameters
    ----------
    ending
        One of `ENDINGS`.

    Raises
    ------
    ValueError
        If a value of the wish is out of its range.
    KeyError
        If there is no such layer.
    """
    if ending not in ENDINGS:
        msg = f"expected a file name that ends in .{', .'.join(ENDINGS)}, got .{ending}"
        raise ValueError(msg)
    if not wish.layers:
        msg = "expected at least one layer to draw, got none"
        raise ValueError(msg)
    layers = [open_layer(layer) for layer in wish.layers]
    if ending == "pptx":
        return _presentation(wish, layers)
    sheet = draw(wish, layers)
    if ending == "html":
        return write_webpage(sheet, layers, page=wish.page, lang=wish.lang, theme=wish.theme)
    with tempfile.TemporaryDirectory() as folder:
        return sheet.save(Path(folder) / f"sheet.{ending}").read_bytes()


def draw(wish: Wish, layers: Sequence[Layer]) -> Sheet:
    """Return the sheet of a wish, of some of its layers."""
    if not DPI[0] <= wish.dpi <= DPI[1]:
        msg = f"expected a resolution between {DPI[0]} and {DPI[1]} dpi, got {wish.dpi}"
        raise ValueError(msg)
    return draw_sheet(
        list(layers),
        page=wish.page,
        dpi=wish.dpi,
        title=wish.title,
        subtitle=wish.subtitle,
        lang=wish.lang,
        theme=wish.theme,
        extent=find_extent(wish.extent, layers),
        show_boundaries=wish.boundaries,
        labels=wish.labels,
        date=wish.day,
    )


def _presentation(wish: Wish, layers: Sequence[Layer]) -> bytes:
    from layers.decks.presentation import write_presentation  # noqa: PLC0415  (a sheet need not wait for python-pptx)

    sets = [list(layers)] if wish.together else [[layer] for layer in layers]
    slides = [
        draw_slide(leaf_of(draw(wish, own), own, page=wish.page, lang=wish.lang, theme=wish.theme), lang=wish.lang)
        for own in sets
    ]
    title = wish.title or layer_title(layers[0], words=read_words(wish.lang))
    return write_presentation(slides, title=title, lang=wish.lang, date=wish.day)
