"""Where a file would fall, drawn small: the whole city, and a spot of its edge close to, for each candidate system.

Coordinates are those of an SVG: pixels, from the upper left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geodata import store
from geodata.crs import project
from geodata.importing.systems import known_edges, mover_of, outer_edges

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazetteer.importing import Examination

OVERVIEW: Final = (420, 360)
DETAIL: Final = (260, 170)
_DETAIL_M: Final = 9_000.0
"""Width of the ground that the close view shows: the shift of GCJ-02 is 13 pixels of it."""
_MARGIN: Final = 0.04
_MOST_SHAPES: Final = 600
_LEAST_SHARE: Final = 0.5
_MOST_SPOTS: Final = 2_000
_NEAREST: Final = 0.4
"""Share of the edge that is thought of for the close view: the part that lies nearest to known edges."""


def draw_preview(found: Examination, systems: Sequence[str]) -> dict[str, Any]:
    """Return paths of an SVG: the city and the file in it, known edges and the file's own close to.

    Parameters
    ----------
    systems
        Candidates to draw, best first.
    """
    city = store.read_base_metric("counties").geometry
    bounds = store.read_base_metric("city").total_bounds
    frame = _Frame(bounds, OVERVIEW, margin=_MARGIN)
    shapes = [shape for shape in found.table.geometry if shape is not None and not shape.is_empty][:_MOST_SHAPES]
    whole = {each: [_move(shape, each) for shape in shapes] for each in systems}
    drawn: dict[str, Any] = {
        "size": OVERVIEW,
        "land": _path(city.simplify(frame.metres).values, frame),
        "file": {each: _path(shapely.simplify(moved, frame.metres), frame) for each, moved in whole.items()},
    }
    close = _draw_close(found, systems)
    return {"overview": drawn, "close": close}


def _draw_close(found: Examination, systems: Sequence[str]) -> dict[str, Any] | None:
    """Return the close view at the spot of the file's edge that the best candidate puts nearest to a known edge."""
    tree = known_edges(found.kind.judged_by)
    if tree is None or not systems:
        return None
    outer = outer_edges(found.table.geometry)
    edges = {each: _move(outer, each) for each in systems}
    middle = _spot(edges[systems[0]], tree)
    if middle is None:
        return None
    width, height = _DETAIL_M, _DETAIL_M * DETAIL[1] / DETAIL[0]
    window = shapely.box(middle.x - width / 2, middle.y - height / 2, middle.x + width / 2, middle.y + height / 2)
    frame = _Frame(window.bounds, DETAIL)
    known = shapely.union_all(tree.geometries[tree.query(window, predicate="intersects")])
    return {
        "size": DETAIL,
        "known": _path([shapely.line_merge(known) & window], frame),
        "file": {each: _path([line & window], frame) for each, line in edges.items()},
        "bar": round(1000 / frame.metres, 1),
    }


def _spot(edges: Any, tree: Any) -> Any:
    """Return the point of a file's edge with most of that edge around it near known edges; None without any."""
    points = shapely.points(shapely.get_coordinates(shapely.segmentize(edges, _DETAIL_M / 20)))
    points = points[:: max(1, len(points) // _MOST_SPOTS)]
    if not len(points):
        return None
    index, distance = tree.query_nearest(points, return_distance=True, all_matches=False)
    order = distance <= np.quantile(distance, _NEAREST)
    near = points[index[0][order]]
    around = shapely.STRtree(near).query(near, predicate="dwithin", distance=_DETAIL_M / 3)[0]
    return near[int(np.bincount(around, minlength=len(near)).argmax())]


def _move(shape: Any, system: str) -> Any:
    move = mover_of(system)
    return shapely.transform(
        shape, lambda points: np.column_stack(project(*move(points[:, 0], points[:, 1]))) if len(points) else points
    )


class _Frame:
    """Takes metres to pixels."""

    def __init__(self, bounds: Sequence[float], size: tuple[int, int], *, margin: float = 0.0) -> None:
        west, south, east, north = bounds
        room = (size[0] * (1 - 2 * margin), size[1] * (1 - 2 * margin))
        self.metres = max((east - west) / room[0], (north - south) / room[1])
        """Metres of a pixel."""
        self.left = (west + east) / 2 - size[0] / 2 * self.metres
        self.top = (south + north) / 2 + size[1] / 2 * self.metres

    def __call__(self, points: Any) -> Any:
        return np.column_stack([(points[:, 0] - self.left) / self.metres, (self.top - points[:, 1]) / self.metres])


def _path(shapes: Any, frame: _Frame) -> str:
    """Return the outlines of shapes as the data of an SVG path."""
    parts = []
    for shape in shapes:
        if shape is None or shape.is_empty:
            continue
        lines = shapely.get_parts(shape.boundary if shapely.get_dimensions(shape) == 2 else shape)  # noqa: PLR2004
        for line in lines:
            points = frame(shapely.get_coordinates(line))
            if shapely.get_dimensions(line) == 0:
                x, y = points[0]
                parts.append(f"M{x - 2:.1f} {y:.1f}h4M{x:.1f} {y - 2:.1f}v4")
            elif np.isfinite(points).all():
                parts.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points))
    return "".join(parts)


def likely(found: Examination) -> list[str]:
    """Return the candidates that may be chosen between: those that put the file in the city, at most four."""
    return [fit.system for fit in found.recognised.fits if fit.inside >= _LEAST_SHARE][:4]
