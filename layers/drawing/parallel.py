"""Lines of several components on one course: drawn side by side, so that none hides another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import shapely
from shapely.geometry import LineString, MultiLineString

from layers.drawing.shapes import lines_of

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

_NEAR_MM: Final = 0.5
"""Lines closer than this hide each other."""
_LEAST_MM: Final = 5.0
"""Common course from which they are set apart."""
_STEP_MM: Final = 1.0
"""From the middle of one line to that of the next."""
_SIDES: Final = (0, 1, -1, 2, -2, 3, -3)


def set_apart(rows: gpd.GeoDataFrame, *, metres_per_mm: float) -> gpd.GeoDataFrame:
    """Return line pieces of which those that share a course with an earlier component's are moved aside.

    Parameters
    ----------
    rows
        Pieces of form ``line``, EPSG:4549.
    metres_per_mm
        Ground length of a millimetre on paper.
    """
    sides = sides_of(rows, metres_per_mm=metres_per_mm)
    if not any(sides.values()):
        return rows
    step = _STEP_MM * metres_per_mm
    moved = [
        _beside(row.geometry, sides[int(row.component)] * step, calm=0.3 * metres_per_mm) for row in rows.itertuples()
    ]
    return rows.assign(geometry=moved)


def sides_of(rows: gpd.GeoDataFrame, *, metres_per_mm: float) -> dict[int, int]:
    """Return for each component how many steps to the left (or, negative, to the right) its lines are moved."""
    sides: dict[int, int] = {}
    for no, others in _neighbours(rows, metres_per_mm=metres_per_mm).items():
        near = {sides[other] for other in others}
        sides[no] = next((side for side in _SIDES if side not in near), 0)
    return sides


def sharing(rows: gpd.GeoDataFrame, *, metres_per_mm: float) -> set[int]:
    """Return the components whose lines share a course with those of another."""
    near = _neighbours(rows, metres_per_mm=metres_per_mm)
    return {each for no, others in near.items() if others for each in (no, *others)}


def _neighbours(rows: gpd.GeoDataFrame, *, metres_per_mm: float) -> dict[int, set[int]]:
    """Return for each component the earlier ones with which it shares a course."""
    tolerance = 0.15 * metres_per_mm
    courses = {
        int(no): shapely.union_all(group.geometry.simplify(tolerance).to_numpy())
        for no, group in rows.groupby("component", sort=True)
    }
    found: dict[int, set[int]] = {}
    for no, course in courses.items():
        around = course.buffer(_NEAR_MM * metres_per_mm, quad_segs=2)
        least = _LEAST_MM * metres_per_mm
        found[no] = {other for other in found if courses[other].intersection(around).length > least}
    return found


def _beside(shape: BaseGeometry, distance: float, *, calm: float) -> BaseGeometry:
    """Return lines moved to their left (metres), all of them seen from west to east."""
    if not distance:
        return shape
    parts = []
    for line in lines_of(shape):
        first, last = line.coords[0], line.coords[-1]
        eastward = line if (first[0], first[1]) <= (last[0], last[1]) else LineString(list(line.coords)[::-1])
        parts += lines_of(eastward.simplify(calm).offset_curve(distance, join_style="mitre", mitre_limit=2.0))
    return MultiLineString(parts) if parts else shape
