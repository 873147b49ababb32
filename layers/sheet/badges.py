"""Badges: small numerals on lines and points whose names find no room on the map; the legend tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from shapely.geometry import LineString, Point

from layers.drawing.mark import Mark, Z
from layers.drawing.shapes import main_lines
from layers.sheet.looks import line_colours
from layers.sheet.swatches import badge_colour

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from layers.model import Basis
    from layers.sheet.canvas import View
    from layers.sheet.shown import Shown

    FloatArray = NDArray[np.float64]

_MOST_ON_A_LINE: Final = 3
_APART_MM: Final = 40.0
"""Length of line for each further badge."""
_SPOTS: Final = np.linspace(0.12, 0.88, 15)
_CROWD_MM: Final = 4.5
"""Badges closer than this crowd."""
_TOUCH_MM: Final = 3.7
_BESIDE_MM: Final = ((0.0, 0.0), (4.0, 0.0), (-4.0, 0.0), (0.0, 4.0), (0.0, -4.0), (4.0, 4.0), (-4.0, -4.0), (8.0, 0.0))
"""Where a badge stands whose point another badge has taken."""


def badge_marks(shown: Sequence[Shown], *, marks: Sequence[Mark], view: View) -> list[Mark]:
    """Return the badges of all layers, set where they keep clear of numbered anchors and of each other.

    Parameters
    ----------
    marks
        What is drawn so far.
    """
    taken = [shapely.get_coordinates(m.geometry)[0] for m in marks if m.kind == "symbol" and m.text]
    lines = {(m.layer, m.component): m for m in marks if m.kind == "line"}
    found = []
    for layer in shown:
        for no, numeral in layer.badges.items():
            own = layer.layer.pieces[layer.layer.pieces["component"] == no]
            drawn = lines.get((layer.layer.id, no))
            colour = badge_colour(line_colours(layer, no)[0], layer.style)
            for x, y in _spots(own, drawn, taken, view):
                taken.append(np.array([x, y]))
                found.append(_badge(layer, no, numeral, Point(x, y), basis=own["basis"].iloc[0], colour=colour))
    return found


def _badge(layer: Shown, no: int, numeral: int, at: Point, *, basis: Basis, colour: str) -> Mark:
    form = layer.style.points["anchor"]
    return Mark(
        kind="symbol", geometry=at, z=Z["symbol"] + 0.5, component=no, role=layer.pens[no].role,
        basis=basis, shape=form.shape, size_mm=form.size_mm, fill=colour, stroke=layer.style.text.paper,
        width_pt=form.edge_pt, text=str(numeral), layer=layer.layer.id,
    )  # fmt: skip


def _spots(
    pieces: gpd.GeoDataFrame, drawn: Mark | None, taken: Sequence[FloatArray], view: View
) -> Iterator[tuple[float, float]]:
    """Yield where the badges of a component stand: at its points, beside those that are taken, or on its lines."""
    mm = view.metres_per_mm
    inner = view.ground.buffer(-3.0 * mm)
    shapely.prepare(inner)
    own: list[FloatArray] = []
    for point in pieces.geometry[pieces["form"] == "point"]:
        at = shapely.get_coordinates(point.representative_point())[0]
        if inner.intersects(Point(at)) and _is_free(at, own, _CROWD_MM * mm):
            own.append(at)
            beside = (at + np.array(shift) * mm for shift in _BESIDE_MM)
            x, y = next((spot for spot in beside if _is_free(spot, taken, _TOUCH_MM * mm)), at)
            yield float(x), float(y)
    course = drawn.geometry.intersection(inner) if drawn is not None else None
    if course is None or course.is_empty or own:
        return
    count = int(np.clip(course.length / (_APART_MM * mm), 1, _MOST_ON_A_LINE))
    for line in main_lines(course, tolerance=0.2 * mm, shortest=6.0 * mm)[:count]:
        yield _calm_spot(line, taken, crowd=_CROWD_MM * mm)


def _is_free(at: FloatArray, taken: Sequence[FloatArray], least: float) -> bool:
    return all(np.hypot(*(at - other)) >= least for other in taken)


def _calm_spot(line: LineString, taken: Sequence[FloatArray], *, crowd: float) -> tuple[float, float]:
    """Return a place near the middle of a line, away from other badges."""
    spots = shapely.get_coordinates(shapely.line_interpolate_point(line, _SPOTS, normalized=True))
    cost = np.abs(_SPOTS - 0.5)
    for other in taken:
        cost = cost + np.maximum(0.0, 1.0 - np.hypot(*(spots - other).T) / (2.0 * crowd)) * 2.0
    x, y = spots[int(np.argmin(cost))]
    return float(x), float(y)
