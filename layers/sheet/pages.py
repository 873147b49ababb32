"""The pages of the printed sheets and the scale that fits a subject into their frame."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

import msgspec

from layers.style import Page as TypeSizes

if TYPE_CHECKING:
    from collections.abc import Mapping

PATH = Path(__file__).with_name("pages.toml")

ROUND_SCALES: Final = (25, 50, 75, 100, 125, 150, 200, 250, 300, 350, 400, 500, 1000)
"""Round scale numbers in thousands."""
AIR_MM: Final = 4.0
TALL: Final = 0.8
"""Height over width of a subject from which the 16:9 page takes its narrow frame and a column of components."""
_WASTE: Final = 1.12
"""A round scale is taken while it is not smaller than this much than needed."""


class Column(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Columns of text, mm: left edges, width (or one each), top and bottom."""

    columns: tuple[float, ...]
    width: float
    top: float
    bottom: float
    widths: tuple[float, ...] = ()

    def width_of(self, index: int) -> float:
        """Return the width of a column."""
        return self.widths[index] if self.widths else self.width


class Page(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A page: sizes and positions in mm from the bottom left corner.

    A page with a ``zoom`` is laid out on a smaller sheet, in whose mm all numbers are, and painted that much larger.
    """

    width: float
    height: float
    frame: tuple[float, float, float, float]
    title_y: float
    left: float
    right: float
    footer_y: float
    legend: Column
    frame_tall: tuple[float, float, float, float] | None = None
    parts: Column | None = None
    type: TypeSizes | None = None
    """Sizes of type that it takes; None for those of its own name."""
    zoom: float = 1.0

    @property
    def paper(self) -> tuple[float, float]:
        """Return the true width and height of the paper, mm."""
        return self.width * self.zoom, self.height * self.zoom


@cache
def read_pages() -> Mapping[str, Page]:
    """Return all pages by name."""
    return msgspec.convert(tomllib.loads(PATH.read_text(encoding="utf-8")), dict[str, Page])


def find_page(name: str) -> Page:
    """Return a page.

    Raises
    ------
    ValueError
        If there is no such page.
    """
    pages = read_pages()
    if name not in pages:
        msg = f"expected a page out of {', '.join(pages)}, got {name!r}"
        raise ValueError(msg)
    return pages[name]


def type_sizes_of(name: str) -> TypeSizes:
    """Return the sizes of type that a page takes."""
    own = find_page(name).type or name
    return next(sizes for sizes in get_args(TypeSizes) if sizes == own)


def fitting_scale(
    width_m: float, height_m: float, *, frame: tuple[float, float, float, float], zoom: float = 1.0
) -> int:
    """Return the scale number at which a subject fits a frame with some air, round if that wastes little paper.

    Parameters
    ----------
    width_m, height_m
        Size of the subject on the ground, metres.
    frame
        (x, y, width, height) in mm of the layout.
    zoom
        How much larger than its layout the page is painted.
    """
    needed = 1000.0 * max(width_m / (frame[2] - 2 * AIR_MM), height_m / (frame[3] - 2 * AIR_MM)) / zoom
    for thousands in ROUND_SCALES:
        if needed <= thousands * 1000 <= needed * _WASTE:
            return thousands * 1000
    step = 10_000 if needed > 500_000 else 5_000 if needed > 50_000 else 1_000  # noqa: PLR2004
    return int(-(-needed // step) * step)
