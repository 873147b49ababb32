"""A small drawing of features for a page: their outlines to scale, north up, with a scale bar; no tiles, no script."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from geodata.numbers import write_kilometres

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_WIDTH: Final = 720.0
_HEIGHT: Final = 420.0
_MARGIN: Final = 16.0
_FOOT: Final = 40.0
"""Room for the scale bar."""
_EDGES: Final = ("official", "derived", "indicative", "schematic")
_METRES: Final = 111_320.0
"""Of a degree of latitude: for a drawing, not for a measure."""
_LEAST: Final = 0.004
"""Degrees that a drawing shows at least, so that a point has a neighbourhood."""
_BAR: Final = 0.25


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """Shapes in pixels of a view box.

    Attributes
    ----------
    areas, lines
        Basis, by which an edge that nobody stated is not drawn as if it were, and value of the attribute ``d``.
    points
        Centres.
    bar
        Length of the scale bar in pixels.
    kilometres
        What the bar is long, as text.
    """

    width: float
    height: float
    areas: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, str], ...]
    points: tuple[tuple[float, float], ...]
    bar: float
    kilometres: str


def draw(features: Iterable[dict[str, Any]]) -> Drawing | None:
    """Return a drawing of GeoJSON features in longitude and latitude; None if none of them has a geometry."""
    parts = [(_basis(feature), *part) for feature in features for part in _parts(feature["geometry"])]
    spots = [spot for *_, rings in parts for ring in rings for spot in ring]
    if not spots:
        return None
    west, east = min(lon for lon, _ in spots), max(lon for lon, _ in spots)
    south, north = min(lat for _, lat in spots), max(lat for _, lat in spots)
    narrow = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * narrow, _LEAST), max(north - south, _LEAST)
    scale = min((_WIDTH - 2 * _MARGIN) / wide, (_HEIGHT - 2 * _MARGIN) / high)
    height = high * scale + 2 * _MARGIN + _FOOT
    middle = ((west + east) / 2, (south + north) / 2)

    def place(spot: Sequence[float]) -> tuple[float, float]:
        x = _WIDTH / 2 + (spot[0] - middle[0]) * narrow * scale
        return round(x, 1), round((height - _FOOT) / 2 - (spot[1] - middle[1]) * scale, 1)

    found: dict[int, list[tuple[str, str]]] = {1: [], 2: []}
    points = []
    for basis, dimension, rings in parts:
        if dimension:
            end = "Z" if dimension == len("xy") else ""
            found[dimension].append((basis, "".join(_path(map(place, ring)) + end for ring in rings)))
        else:
            points.append(place(rings[0][0]))
    length = _round_length(_WIDTH * _BAR / scale * _METRES)
    return Drawing(
        width=_WIDTH, height=round(height, 1), areas=tuple(found[2]), lines=tuple(found[1]), points=tuple(points),
        bar=round(length / _METRES * scale, 1), kilometres=write_kilometres(length),
    )  # fmt: skip


def _basis(feature: dict[str, Any]) -> str:
    """Return how a feature came to be; indicative where it does not say, or says what we do not know."""
    basis = feature["properties"].get("basis")
    return str(basis) if basis in _EDGES else "indicative"


def _parts(geometry: dict[str, Any] | None) -> Iterator[tuple[int, list[Any]]]:
    """Return the single parts of a geometry: their dimension, and their rings, course or point."""
    if geometry is None:
        return
    kind, spots = geometry["type"], geometry["coordinates"]
    several = kind.startswith("Multi")
    for part in spots if several else [spots]:
        if kind.endswith("Polygon"):
            yield 2, part
        elif kind.endswith("LineString"):
            yield 1, [part]
        else:
            yield 0, [[part]]


def _path(spots: Iterable[tuple[float, float]]) -> str:
    """Return a path through pixels; what falls on the pixel before is left out."""
    kept: list[str] = []
    for x, y in spots:
        text = f"{x:g} {y:g}"
        if not kept or kept[-1] != text:
            kept.append(text)
    return "M" + "L".join(kept)


def _round_length(metres: float) -> float:
    """Return the longest of 1, 2, 5, 10, ... that is not longer."""
    power = 10.0 ** math.floor(math.log10(metres))
    return next(step * power for step in (5.0, 2.0, 1.0) if step * power <= metres)
