"""What a sheet shows of the land: as its layers need, the district, the structure alone, a place, or four numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import shapely

from geodata.crs import unproject
from layers.ground import Ground
from layers.sheet.ground import common_focus, find_focus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from layers.model import Layer

NAMED: Final = ("auto", "district", "structure")
"""Extents by name: what the layers need; the area of their plan; their own shapes alone."""
_AIR: Final = 0.06
"""Share of the structure's size that is left around it."""
_LEAST_M: Final = 2_500.0
"""Least distance from a place or a structure to the edge of what is shown."""
_REACH_M: Final = 20_000.0
"""How far beyond the city a structure is followed."""

Bounds = tuple[float, float, float, float]


def find_extent(text: str, layers: Sequence[Layer]) -> Bounds | None:
    """Return what an extent means, as west, south, east, north in degrees (WGS 84); None for what the layers need.

    Parameters
    ----------
    text
        A name out of `NAMED`, ``W,S,E,N`` in degrees, or the name of a place.
    layers
        The layers of the sheet.

    Raises
    ------
    ValueError
        If it is none of them, or the place has no position.
    """
    text = text.strip()
    if text in ("", "auto"):
        return None
    if text == "district":
        return _degrees(common_focus(layers).geometry)
    if text == "structure":
        return _degrees(_structure(layers))
    if text.replace(",", "").replace(".", "").replace("-", "").replace(" ", "").isdigit():
        return _four_numbers(text)
    return _degrees(_place(text, layers))


def _four_numbers(text: str) -> Bounds:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = south = east = north = 0.0
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):  # noqa: PLR2004
        msg = f"expected an extent W,S,E,N in degrees with W < E and S < N, got {text!r}"
        raise ValueError(msg)
    return west, south, east, north


def _structure(layers: Sequence[Layer]) -> BaseGeometry:
    region = find_focus("").geometry.envelope.buffer(_REACH_M, join_style="mitre")
    own = [g.intersection(region) for layer in layers for g in layer.pieces.geometry if g is not None]
    found = shapely.union_all([g.envelope for g in own if not g.is_empty])
    if found.is_empty:
        return common_focus(layers).geometry
    xmin, ymin, xmax, ymax = found.bounds
    return found.envelope.buffer(max(_LEAST_M, _AIR * max(xmax - xmin, ymax - ymin)), join_style="mitre")


def _place(name: str, layers: Sequence[Layer]) -> BaseGeometry:
    shape = Ground(plan=layers[0].structure.plan).shape(name)
    if shape is None:
        msg = f"expected an extent out of {', '.join(NAMED)}, W,S,E,N in degrees or a located place, got {name!r}"
        raise ValueError(msg)
    return shape.geometry.buffer(_LEAST_M)


def _degrees(geometry: BaseGeometry) -> Bounds:
    xmin, ymin, xmax, ymax = geometry.bounds
    lons, lats = unproject([xmin, xmax, xmin, xmax], [ymin, ymin, ymax, ymax])
    return float(lons.min()), float(lats.min()), float(lons.max()), float(lats.max())
