"""Badges: small numerals on lines and points whose names find no room on the map; the legend tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from shapely.geometry import LineString, Point

from layers.drawing.mark import Mark, Z
from layers.drawing.shapes import main_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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


def badge_marks(shown: Sequence[Shown], *, marks: Sequence[Mark], view: View) -> list[Mark]:
    """Return the badges of all layers, set where they keep clear of symbols and of each other.

    Parameters
    ----------
    marks
        What is drawn so far.
    """
    symbols = [shapely.get_coordinates(m.geometry)[0] for m in marks if m.kind == "symbol" and m.text]
    taken = list(symbols)
    lines = {(m.layer, m.component): m for m in marks if m.kind == "line"}
    found = []
    for layer in shown:
        for no, numeral in layer.badges.items():
            own = layer.layer.pieces[layer.layer.pieces["component"] == no]
            drawn = lines.get((layer.layer.id, no))
            colour = (drawn.stroke if drawn else None) or layer.pens[no].colour.line
            for x, y in _spots(layer, no, drawn, taken, view):
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
    layer: Shown, no: int, drawn: Mark | None, taken: Sequence[FloatArray], view: View
) -> Iterator[tuple[float, float]]:
    """Yield where the badges of a component stand: at each point, and on its longest lines."""
    pieces = layer.layer.pieces[layer.layer.pieces["component"] == no]
    inner = view.ground.buffer(-3.0 * view.metres_per_mm)
    for point in pieces.geometry[pieces["form"] == "point"]:
        at = point.representative_point()
        if inner.intersects(at):
            yield at.x, at.y
    if drawn is None:
        return
    course = drawn.geometry.intersection(inner)
    mm = view.metres_per_mm
    if course.is_empty:
        return
    count = int(np.clip(course.length / (_APART_MM * mm), 1, _MOST_ON_A_LINE))
    for line in main_lines(course, tolerance=0.2 * mm, shortest=6.0 * mm)[:count]:
        yield _calm_spot(line, taken, crowd=_CROWD_MM * mm)


def _calm_spot(line: LineString, taken: Sequence[FloatArray], *, crowd: float) -> tuple[float, float]:
    """Return a place near the middle of a line, away from other badges."""
    spots = shapely.get_coordinates(shapely.line_interpolate_point(line, _SPOTS, normalized=True))
    cost = np.abs(_SPOTS - 0.5)
    for other in taken:
        cost = cost + np.maximum(0.0, 1.0 - np.hypot(*(spots - other).T) / (2.0 * crowd)) * 2.0
    x, y = spots[int(np.argmin(cost))]
    return float(x), float(y)
