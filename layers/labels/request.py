"""What is asked of the placement, and what it answers."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, Protocol

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Mode = Literal["point", "area", "around", "curve"]
Group = Literal["components", "members", "water", "neighbours"]

MM_PER_PT: Final = 25.4 / 72.0
BASELINE: Final = 0.38
"""Height of the middle of a Chinese character over the baseline, in em."""
_LATIN_EM: Final = 0.54
"""Mean advance of Latin text in em, for estimates."""


class Measure(Protocol):
    """Measures a text without spacing: width in mm."""

    def __call__(self, text: str, *, size_pt: float, bold: bool, serif: bool) -> float:
        """Return the width of `text` in mm."""
        ...


def estimate_width(text: str, *, size_pt: float, bold: bool = False, serif: bool = False) -> float:  # noqa: ARG001
    """Estimate the width of a text in mm without a font: full width for Chinese, a mean advance for Latin."""
    ems = sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else _LATIN_EM for c in text)
    return ems * size_pt * MM_PER_PT


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """A name that wants a place.

    Attributes
    ----------
    text, english
        The name, and a smaller second line that is dropped first when room is short.
    mode
        ``point``: beside a point. ``area``: in the widest free part of a polygon. ``around``: in a polygon if it is
        calm there, else just outside it. ``curve``: along one of the lines, glyph by glyph.
    geometry
        Point, polygon or line(s), metres.
    priority
        Order of claim, low first; then the order of the requests.
    required
        A required name is placed even if it must overlap; others are dropped.
    size_pt, english_pt, bold, serif, colour, english_colour, halo_pt, spacing_em
        Type.
    gap_mm
        Of a point: distance of the text from the point. Of a curve: half the width of the band to stand beside.
    tight
        The text has to lie wholly inside its area.
    place, component, layer
        What is named: place id, number of the component, and id of its layer where several are drawn together.
    kind
        Class of the name, for tests and for the web map's zoom bands.
    group
        Which switch it hangs on: names of components, of members, of water, of neighbours.
    keen
        A name that is not required is also tried smaller and beside its line.
    english_worth
        What it costs to leave the English line out.
    """

    text: str
    mode: Mode
    geometry: BaseGeometry
    size_pt: float
    english: str = ""
    english_pt: float = 6.2
    priority: int = 5
    required: bool = False
    bold: bool = False
    serif: bool = False
    colour: str = "#000000"
    english_colour: str = "#000000"
    halo_pt: float = 2.0
    spacing_em: float = 0.0
    gap_mm: float = 1.2
    tight: bool = False
    place: str = ""
    component: int = -1
    layer: str = ""
    kind: str = "member"
    group: Group = "components"
    keen: bool = False
    english_worth: float = 0.9


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A piece of text at a fixed position: a line of a label, or one glyph of a curved one.

    ``x``, ``y``: middle of the text, metres. ``angle``: degrees, counter-clockwise. ``width_mm``: extent along it.
    """

    text: str
    x: float
    y: float
    angle: float
    size_pt: float
    width_mm: float
    bold: bool
    serif: bool
    colour: str
    halo_pt: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A request with its place. ``boxes`` are (xmin, ymin, xmax, ymax) in metres."""

    request: Request
    runs: tuple[Run, ...]
    boxes: tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """Where names may stand.

    Attributes
    ----------
    frame
        (xmin, ymin, xmax, ymax) of the map, metres.
    metres_per_mm
        Ground length of a millimetre on paper.
    blocked
        Boxes that no name may touch (inset, scale bar, symbols), metres.
    avoid
        Geometry that names should keep clear of, with a weight: lines count by length inside a name's box, polygons
        by area.
    named
        Ground that means something: a name that stands beside its own area keeps off it.
    """

    frame: tuple[float, float, float, float]
    metres_per_mm: float
    blocked: tuple[tuple[float, float, float, float], ...] = ()
    avoid: tuple[tuple[BaseGeometry, float], ...] = field(default=())
    named: BaseGeometry | None = None
