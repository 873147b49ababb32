"""Zoom bands: the web map is drawn anew at four levels of detail, each good for two or three zooms."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from layers.style import Style

PX_PER_MM: Final = 4.67
"""Screen pixels for a millimetre of the style file: a screen is read from twice as far as a sheet of paper."""
PX_PER_PT: Final = 4.0 / 3.0
"""CSS pixels in a point."""
LATITUDE: Final = 31.3
"""Degrees: where the pixel size of a zoom is taken."""
_EQUATOR_M_PER_PX: Final = 156_543.034
_TOLERANCE_PX: Final = 0.4
_ARROW_PX: Final = (10.0, 28.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """A range of zooms that share one drawing.

    Attributes
    ----------
    name
        Lowest zoom, as text: part of file names.
    first, last
        Zooms, both included.
    reference
        Zoom at which sizes in pixels come out as the style asks.
    edge
        Width of a component's edge in px (docs/cartography.md, the web map).
    city, county, town
        Widths of land edges in px; a town line of 0 is not drawn.
    """

    name: str
    first: int
    last: int
    reference: float
    edge: float
    city: float
    county: float
    town: float

    @property
    def metres_per_px(self) -> float:
        """Ground length of a pixel at the reference zoom, metres."""
        return _EQUATOR_M_PER_PX * math.cos(math.radians(LATITUDE)) / math.pow(2.0, self.reference)

    @property
    def metres_per_mm(self) -> float:
        """Ground length of a millimetre of the style file, metres."""
        return self.metres_per_px * PX_PER_MM

    @property
    def tolerance_m(self) -> float:
        """Distance by which a simplified line may leave the true one, metres."""
        return self.metres_per_px * _TOLERANCE_PX

    def px(self, points: float) -> float:
        """Return the width on screen of a line of the style file (pt)."""
        return round(points * PX_PER_PT * self.edge, 2)


BANDS: Final = (
    Band(name="8", first=8, last=9, reference=9.0, edge=1.2, city=1.5, county=0.8, town=0.0),
    Band(name="10", first=10, last=11, reference=11.0, edge=1.6, city=2.0, county=1.0, town=0.6),
    Band(name="12", first=12, last=13, reference=13.0, edge=2.0, city=2.4, county=1.2, town=0.8),
    Band(name="14", first=14, last=16, reference=15.0, edge=2.4, city=2.8, county=1.4, town=1.0),
)


def web_style(style: Style) -> Style:
    """Return the style with what a screen asks for: arrows within 10 to 28 px at the reference zoom."""
    low, high = (px / PX_PER_MM for px in _ARROW_PX)
    return msgspec.structs.replace(style, arrow=msgspec.structs.replace(style.arrow, narrowest_mm=low, widest_mm=high))
