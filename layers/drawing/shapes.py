"""Geometry of the symbols: rounding, stripes, arrows, fading buffers, textures, ticks. All in metres, EPSG:4549."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, Polygon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from layers.style import Arrow, Pattern, PatternSize

    FloatArray = NDArray[np.float64]

MOST_LOST = 0.01
"""Share of an area that rounding may take, beside the gap around it: thin land is rounded less."""
_FINER = 6
"""How often radius and gap are halved where land is too thin for them."""
_SPINE_POINTS = 24
"""A spine with more vertices follows a surveyed line and is thinned before it is smoothed."""


@lru_cache(maxsize=2048)
def rounded(shape: BaseGeometry, *, radius: float, inset: float) -> BaseGeometry:
    """Draw an approximate polygon in by `inset` and round its corners, inward and outward, to `radius` (metres).

    Where land is too thin for that, both are halved until an arm or a neck stays: what `lost_share` tells is at most
    `MOST_LOST`. The shapes of the last sheets are kept, as a sheet is drawn many times while it is composed.
    """
    base = shape.simplify(radius * 0.15)
    result = _opened(base, radius=radius, inset=inset)
    gap = inset
    for _ in range(_FINER):
        missing = shape.difference(result.buffer(gap, quad_segs=6))
        if missing.area <= MOST_LOST * shape.area:
            return result
        radius, inset = radius / 2.0, inset / 2.0
        base = shape.simplify(radius * 0.15)
        around = missing.buffer(2.0 * (gap + radius), quad_segs=4)
        result = result.union(_opened(base, radius=radius, inset=inset).intersection(around))
    return result if lost_share(shape, result, gap=gap) <= MOST_LOST else shape


def _opened(base: BaseGeometry, *, radius: float, inset: float) -> BaseGeometry:
    opened = base.buffer(-inset - radius, quad_segs=6).buffer(2.0 * radius, quad_segs=6).buffer(-radius, quad_segs=6)
    return opened.intersection(base.buffer(-inset * 0.5))


def lost_share(shape: BaseGeometry, drawn: BaseGeometry, *, gap: float) -> float:
    """Return the share of a polygon that is not within `gap` (metres) of what is drawn of it."""
    return float(shape.difference(drawn.buffer(gap, quad_segs=6)).area / shape.area)


def stripes(shape: BaseGeometry, *, count: int, width: float, angle: float) -> list[BaseGeometry]:
    """Cut a polygon into `count` sets of parallel strips taken in turn, equal in width (metres).

    The lattice is fixed to the origin of the coordinate system, so neighbouring members' stripes line up.
    """
    slope = np.radians(angle)
    along, across = np.array([np.cos(slope), np.sin(slope)]), np.array([-np.sin(slope), np.cos(slope)])
    xmin, ymin, xmax, ymax = shape.bounds
    corners = np.array([[xmin, ymin], [xmax, ymin], [xmax, ymax], [xmin, ymax]])
    low, high = corners @ along, corners @ across
    first, last = int(np.floor(high.min() / width)), int(np.ceil(high.max() / width))
    index = np.arange(first, last)
    start, end = low.min() - width, low.max() + width
    offsets = np.stack([index * width, (index + 1) * width], axis=1)
    rings = np.stack(
        [
            start * along + offsets[:, :1] * across,
            end * along + offsets[:, :1] * across,
            end * along + offsets[:, 1:] * across,
            start * along + offsets[:, 1:] * across,
        ],
        axis=1,
    )
    shapely.prepare(shape)
    strips = shapely.intersection(shapely.polygons(rings), shape)
    sets = []
    for turn in range(count):
        chosen = strips[(index % count == turn) & ~shapely.is_empty(strips)]
        sets.append(MultiPolygon(polygons_of(chosen)))
    return sets


def polygons_of(shapes: BaseGeometry | Sequence[BaseGeometry] | NDArray[np.object_]) -> list[Polygon]:
    """Return all polygons in one or many geometries, without lines and points left over by an intersection."""
    parts = shapely.get_parts(shapely.get_parts(np.atleast_1d(np.asarray(shapes, dtype=object))))
    return [p for p in parts if isinstance(p, Polygon) and not p.is_empty]


def lines_of(shapes: BaseGeometry | Sequence[BaseGeometry]) -> list[LineString]:
    """Return all lines in one or many geometries; a polygon gives its outlines."""
    parts = shapely.get_parts(shapely.get_parts(np.atleast_1d(np.asarray(shapes, dtype=object))))
    lines = []
    for part in parts:
        if isinstance(part, Polygon):
            lines += [LineString(ring.coords) for ring in (part.exterior, *part.interiors)]
        elif isinstance(part, LineString) and not part.is_empty:
            lines.append(LineString(part.coords))
    return lines


def main_lines(shapes: BaseGeometry | Sequence[BaseGeometry], *, tolerance: float, shortest: float) -> list[LineString]:
    """Return the lines that carry a band: joined, thinned, without short bits and islets (metres).

    At least the longest line is kept.
    """
    joined = lines_of(shapely.line_merge(shapely.union_all(lines_of(shapes))))
    ordered = sorted(joined, key=lambda line: -line.length)
    kept = [line for i, line in enumerate(ordered) if i == 0 or line.length >= shortest]
    return [line.simplify(tolerance) for line in kept]


def catmull_rom(points: FloatArray, *, samples: int = 16) -> FloatArray:
    """Return a centripetal Catmull-Rom curve through all `points` (n by 2), `samples` per span."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    points = points[np.concatenate([[True], steps > 0.0])]
    if len(points) < 3:  # noqa: PLR2004
        return points
    ends = (2.0 * points[:1] - points[1:2], 2.0 * points[-1:] - points[-2:-1])
    p = np.concatenate([ends[0], points, ends[1]])
    knots = np.concatenate([[0.0], np.cumsum(np.sqrt(np.hypot(*np.diff(p, axis=0).T)))])
    curve = []
    for i in range(1, len(p) - 2):
        t0, t1, t2, t3 = knots[i - 1 : i + 3]
        t = np.linspace(t1, t2, samples, endpoint=False)[:, None]
        a1 = (t1 - t) / (t1 - t0) * p[i - 1] + (t - t0) / (t1 - t0) * p[i]
        a2 = (t2 - t) / (t2 - t1) * p[i] + (t - t1) / (t2 - t1) * p[i + 1]
        a3 = (t3 - t) / (t3 - t2) * p[i + 1] + (t - t2) / (t3 - t2) * p[i + 2]
        b1 = (t2 - t) / (t2 - t0) * a1 + (t - t0) / (t2 - t0) * a2
        b2 = (t3 - t) / (t3 - t1) * a2 + (t - t1) / (t3 - t1) * a3
        curve.append((t2 - t) / (t2 - t1) * b1 + (t - t1) / (t2 - t1) * b2)
    return np.concatenate([*curve, points[-1:]])


def smooth(line: LineString, *, tolerance: float) -> LineString:
    """Smooth a spine: through all its vertices if they are few, else through the thinned line."""
    points = np.asarray(line.coords)[:, :2]
    if len(points) > _SPINE_POINTS:
        points = np.asarray(line.simplify(tolerance).coords)[:, :2]
    curve = catmull_rom(points)
    return LineString(curve) if len(curve) > 1 else line


def relaxed(limbs: Sequence[LineString]) -> list[LineString]:
    """Draw the inner vertices of spines halfway to the line of their neighbours, so that an axis trends.

    An axis links places and need not pass through their middles. Vertices where limbs part stay, so that a shared
    trunk stays shared.
    """
    paths = [np.asarray(limb.coords)[:, :2] for limb in limbs]
    around: dict[tuple[float, ...], set[tuple[float, ...]]] = {}
    for path in paths:
        for i in range(1, len(path) - 1):
            around.setdefault(tuple(path[i]), set()).add((*path[i - 1], *path[i + 1]))
    result = []
    for path in paths:
        moved = path.copy()
        for i in range(1, len(path) - 1):
            if len(around[tuple(path[i])]) == 1:
                moved[i] = 0.5 * path[i] + 0.25 * (path[i - 1] + path[i + 1])
        result.append(LineString(moved))
    return result


def joined(limbs: Sequence[LineString], *, tolerance: float) -> list[LineString]:
    """Smooth spines so that those that start on one trunk follow one curve as far as they part.

    A smooth curve bends before the vertex where it turns off, each limb's to its own side: narrow arrows would cross.
    """
    paths = [np.asarray(limb.coords)[:, :2] for limb in limbs]
    shared = 0
    while len(paths) > 1 and all(shared < len(p) - 1 and np.array_equal(p[shared], paths[0][shared]) for p in paths):
        shared += 1
    if shared < 2 or max(map(len, paths)) > _SPINE_POINTS:  # noqa: PLR2004
        return [smooth(limb, tolerance=tolerance) for limb in limbs]
    ahead = np.mean([path[shared] for path in paths], axis=0)
    fork = paths[0][shared - 1]
    trunk = _up_to(catmull_rom(np.vstack([paths[0][:shared], ahead])), fork)
    curves = [catmull_rom(path) for path in paths]
    return [LineString(np.vstack([trunk, _up_to(curve[::-1], fork)[-2::-1]])) for curve in curves]


def _up_to(curve: FloatArray, point: FloatArray) -> FloatArray:
    """Return a curve as far as its point nearest to `point`."""
    return curve[: int(np.argmin(np.hypot(*(curve - point).T))) + 1]


def _sample(line: LineString, start: float, end: float, *, step: float) -> FloatArray:
    """Return points along a line between two distances from its start."""
    distances = np.linspace(start, end, max(2, int((end - start) / step) + 1))
    return np.asarray(shapely.get_coordinates(shapely.line_interpolate_point(line, distances)))


def _ribbon(points: FloatArray, widths: FloatArray) -> BaseGeometry:
    """Return the band around a line whose full width changes from point to point."""
    tangent = np.gradient(points, axis=0)
    tangent /= np.hypot(*tangent.T)[:, None]
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1) * widths[:, None] / 2.0
    left, right = points + normal, points - normal
    band = Polygon(np.concatenate([left, right[::-1]]))
    if band.is_valid:
        return band
    quads = shapely.polygons(np.stack([left[:-1], left[1:], right[1:], right[:-1]], axis=1))
    return cast("BaseGeometry", shapely.union_all(shapely.make_valid(quads)))


def _head(tip: FloatArray, base: FloatArray, *, width: float, sweep: float) -> Polygon:
    """Return an arrow head with its back corners swept backwards by a share of its length."""
    axis = tip - base
    length = float(np.hypot(*axis))
    axis = axis / length
    side = np.array([-axis[1], axis[0]]) * width / 2.0
    back = base - axis * sweep * length
    return Polygon([tip, back + side, base, back - side])


def arrow(limbs: Sequence[LineString], *, width: float, form: Arrow, two_headed: bool) -> BaseGeometry:
    """Return the broad arrow along one or more limbs, united into one shape.

    Parameters
    ----------
    limbs
        Spines in the arrow's direction; limbs that share a trunk repeat its vertices.
    width
        Neck width in metres.
    form
        Proportions.
    two_headed
        A head at the start as well, where the plan gives no direction.
    """
    parts: list[BaseGeometry] = []
    for spine in joined(relaxed(limbs), tolerance=width * 0.4):
        neck = min(width, spine.length / (form.head_length * (3.2 if two_headed else 2.2)))
        head = form.head_length * neck * form.neck
        begin = head if two_headed else 0.0
        points = _sample(spine, begin, spine.length - head * 0.98, step=width / 5.0)
        tail = form.neck if two_headed else form.tail
        widths = np.linspace(tail, form.neck, len(points)) * neck
        ends = _sample(spine, spine.length - head, spine.length, step=head)
        parts += [
            _ribbon(points, widths),
            _head(ends[-1], ends[0], width=form.head_width * neck, sweep=form.sweep),
        ]
        if two_headed:
            ends = _sample(spine, 0.0, head, step=head)
            parts.append(_head(ends[0], ends[-1], width=form.head_width * neck, sweep=form.sweep))
    united = cast("BaseGeometry", shapely.union_all(parts))
    sliver = width * 0.06
    closed = united.buffer(sliver, join_style="mitre").buffer(-sliver, join_style="mitre")
    # Between limbs or heads that meet again, a hole smaller than the arrow is wide would read as a second outline.
    least = (2.0 * width) ** 2
    parts = [Polygon(p.exterior, [r for r in p.interiors if Polygon(r).area > least]) for p in polygons_of(closed)]
    return cast("BaseGeometry", shapely.union_all(parts))


def fading(shape: BaseGeometry, distances: Sequence[float], *, clip: BaseGeometry | None) -> list[BaseGeometry]:
    """Return nested buffers of a shape, widest first, each cut to `clip`."""
    nested = []
    for distance in distances:
        grown = shape.buffer(distance, quad_segs=10)
        if clip is not None:
            grown = MultiPolygon(polygons_of(grown.intersection(clip)))
        if not grown.is_empty:
            nested.append(grown)
    return nested


def texture(shape: BaseGeometry, pattern: Pattern, *, size: PatternSize, metres_per_mm: float) -> BaseGeometry:
    """Return a texture (dots or lines, as polygons) that fills a polygon."""
    pitch = size.pitch_mm * metres_per_mm
    if pattern == "dots":
        return _dots(shape, pitch=pitch, radius=size.dot_mm * metres_per_mm)
    angles = {"slash": (45.0,), "backslash": (135.0,), "dashes": (0.0,), "crosses": (45.0, 135.0)}.get(pattern, ())
    thin = size.line_mm * metres_per_mm
    every = max(2, round(pitch / thin))
    sets = [stripes(shape, count=every, width=thin, angle=angle)[0] for angle in angles]
    return MultiPolygon([p for s in sets for p in polygons_of(s)])


def _dots(shape: BaseGeometry, *, pitch: float, radius: float) -> MultiPolygon:
    """Return the dots of a staggered lattice that lie wholly inside a polygon."""
    xmin, ymin, xmax, ymax = shape.bounds
    rows = np.arange(np.floor(ymin / pitch * 2), np.ceil(ymax / pitch * 2)).astype(int)
    columns = np.arange(np.floor(xmin / pitch), np.ceil(xmax / pitch)).astype(int)
    grid_row, grid_column = np.meshgrid(rows, columns, indexing="ij")
    x = (grid_column + (grid_row % 2) * 0.5) * pitch
    y = grid_row * pitch * 0.5
    inner = shape.buffer(-radius)
    shapely.prepare(inner)
    inside = shapely.contains_xy(inner, x.ravel(), y.ravel())
    turn = np.linspace(0.0, 2.0 * np.pi, 9)[:-1]
    ring = radius * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    centres = np.stack([x.ravel()[inside], y.ravel()[inside]], axis=1)
    return MultiPolygon(list(shapely.polygons(centres[:, None, :] + ring[None, :, :])))


def ticks(line: LineString, *, length: float, every: float) -> MultiLineString:
    """Return short strokes across a line at even distances (metres)."""
    distances = np.arange(every / 2.0, line.length, every)
    if len(distances) == 0:
        return MultiLineString()
    centre = shapely.get_coordinates(shapely.line_interpolate_point(line, distances))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(line, np.minimum(distances + 1.0, line.length)))
    behind = shapely.get_coordinates(shapely.line_interpolate_point(line, np.maximum(distances - 1.0, 0.0)))
    tangent = ahead - behind
    tangent /= np.maximum(np.hypot(*tangent.T), 1e-9)[:, None]
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1) * length / 2.0
    return MultiLineString(list(np.stack([centre - normal, centre + normal], axis=1)))


def circle(x: float, y: float, *, radius: float) -> Polygon:
    """Return a circle (metres)."""
    return Point(x, y).buffer(radius, quad_segs=24)
