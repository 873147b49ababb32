"""Candidates for a name: blocks of lines beside a point or in an area, and glyphs along a curve. In mm on paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import LineString

from layers.labels.breaking import break_name
from layers.labels.request import MM_PER_PT

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from layers.labels.request import Measure, Request

    FloatArray = NDArray[np.float64]

_LEADING = 1.12
_GRID = 22
"""Candidates along the longer side of an area."""
STEEP_DEG = 60.0
"""An axis steeper than this carries upright characters, one under the other."""
_MOST_BEND_DEG = 30.0
LONGEST_LINE = 8
_LATTICE = np.stack([g.ravel() for g in np.meshgrid((np.arange(12) + 0.5) / 12, (np.arange(10) + 0.5) / 10)])
"""Points of a box (shares of its sides) by which its overlap with a polygon is told."""
_FIRST_CJK = 0x2E80


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """Lines of text set under each other.

    ``lines``: text, size in pt, offset of its middle from the block's (mm), width (mm), whether main (or English).
    """

    lines: tuple[tuple[str, float, float, float, bool], ...]
    width: float
    height: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Curve:
    """Glyphs along a curve: ``x, y, angle`` per glyph, type size and a cost of its own."""

    size_pt: float
    glyphs: tuple[str, ...]
    x: FloatArray
    y: FloatArray
    angle: FloatArray
    widths: FloatArray
    cost: float


def spaced_width(text: str, request: Request, measure: Measure, *, size_pt: float) -> float:
    """Return the width of a text with its letter spacing, mm."""
    plain = measure(text, size_pt=size_pt, bold=request.bold, serif=request.serif)
    return plain + request.spacing_em * size_pt * MM_PER_PT * max(0, len(text) - 1)


def blocks(request: Request, measure: Measure, *, english: bool) -> list[Block]:
    """Return the ways to set a name: on one line, and on two if it is long."""
    splits: list[tuple[str, ...]] = [(request.text,)]
    if len(request.text) > LONGEST_LINE or (request.mode in ("area", "around") and len(request.text) > 5):  # noqa: PLR2004
        splits.append(break_name(request.text))
    if len(request.text) > 2 * LONGEST_LINE:
        splits = [break_name(request.text)]
    return [_block(lines, request, measure, english=english) for lines in splits]


def _block(lines: tuple[str, ...], request: Request, measure: Measure, *, english: bool) -> Block:
    rows = [(line, request.size_pt, True) for line in lines]
    if english and request.english:
        rows.append((request.english, request.english_pt, False))
    heights = [size * MM_PER_PT * _LEADING for _, size, _ in rows]
    total = sum(heights)
    top = total / 2.0
    set_lines = []
    for (text, size, main), height in zip(rows, heights, strict=True):
        style = request if main else replace(request, bold=False, serif=False, spacing_em=0.0)
        width = spaced_width(text, style, measure, size_pt=size)
        set_lines.append((text, size, top - height / 2.0, width, main))
        top -= height
    return Block(lines=tuple(set_lines), width=max(line[3] for line in set_lines), height=total)


def beside(x: float, y: float, block: Block, *, gap: float) -> FloatArray:
    """Return middles of a block beside a point: right, left, above, below, then the corners; with a cost."""
    dx, dy = block.width / 2.0 + gap, block.height / 2.0 + gap
    corner = gap * 0.6
    places = [
        (dx, 0.0, 0.0),
        (-dx, 0.0, 0.15),
        (0.0, dy, 0.25),
        (0.0, -dy, 0.3),
        (dx - corner, block.height / 2.0 + corner, 0.4),
        (dx - corner, -block.height / 2.0 - corner, 0.4),
        (-dx + corner, block.height / 2.0 + corner, 0.5),
        (-dx + corner, -block.height / 2.0 - corner, 0.5),
    ]
    return np.array([(x + a, y + b, cost) for a, b, cost in places])


def inside(area: BaseGeometry, *, outside: float = 0.0) -> FloatArray:
    """Return middles on a lattice in a polygon (and up to `outside` mm around it), with a cost of eccentricity."""
    parts = sorted((p for p in shapely.get_parts(area) if p.area > 0.0), key=lambda p: -p.area)[:4]
    if not parts:
        return np.empty((0, 3))
    largest = parts[0].area
    found = []
    for part in parts:
        if part.area < 0.12 * largest:
            continue
        zone = part.buffer(outside) if outside else part
        xmin, ymin, xmax, ymax = zone.bounds
        step = max(0.7, max(xmax - xmin, ymax - ymin) / _GRID)
        x, y = np.meshgrid(np.arange(xmin + step / 2, xmax, step), np.arange(ymin + step / 2, ymax, step))
        shapely.prepare(zone)
        keep = shapely.contains_xy(zone, x.ravel(), y.ravel())
        x, y = x.ravel()[keep], y.ravel()[keep]
        best = shapely.maximum_inscribed_circle(part, tolerance=0.5)
        centre = shapely.get_coordinates(best)[0]
        # beside a small shape all places are far from its middle, in its own measure
        away = np.hypot(x - centre[0], y - centre[1]) / max(np.sqrt(largest), outside)
        found.append(np.stack([x, y, 0.5 * away + 0.4 * (1.0 - part.area / largest)], axis=1))
        found.append(np.array([[centre[0], centre[1], 0.4 * (1.0 - part.area / largest)]]))
    return np.concatenate(found) if found else np.empty((0, 3))


def inside_share(boxes: NDArray[np.object_], area: BaseGeometry) -> FloatArray:
    """Return which share of each box lies in a polygon, as a lattice of points in it tells."""
    shapely.prepare(area)
    share = np.zeros(len(boxes))
    some = shapely.intersects(area, boxes)
    if not some.any():
        return share
    bounds = shapely.bounds(boxes[some])
    x = bounds[:, :1] + (bounds[:, 2:3] - bounds[:, :1]) * _LATTICE[0]
    y = bounds[:, 1:2] + (bounds[:, 3:4] - bounds[:, 1:2]) * _LATTICE[1]
    share[some] = shapely.contains_xy(area, x.ravel(), y.ravel()).reshape(x.shape).mean(axis=1)
    return share


def along(request: Request, lines: list[LineString], measure: Measure) -> list[Curve]:
    """Return ways to set a name along one of several lines or beside it, glyph by glyph."""
    curves: list[Curve] = []
    size_mm = request.size_pt * MM_PER_PT
    half = request.gap_mm
    aside = half + size_mm * 0.75
    offsets = [(0.0, 0.0)] if half <= 0 else [(0.0, 0.1), (aside, 0.0), (-aside, 0.0)]
    for line in lines:
        for offset, cost in offsets:
            base = line if not offset else line.offset_curve(offset, quad_segs=6)
            for part in shapely.get_parts(base):
                if isinstance(part, LineString) and part.length > size_mm:
                    curves += _on_line(request, _calm(part, size_mm), measure, cost=cost)
    return curves


def _calm(line: LineString, size_mm: float) -> LineString:
    """Return a line without the wiggles that letters cannot follow: thinned, sampled and averaged."""
    length = line.length
    count = max(8, int(length / (size_mm * 0.5)))
    points = shapely.get_coordinates(shapely.line_interpolate_point(line, np.linspace(0.0, length, count)))
    reach = min(5, count // 4)
    if reach < 1:
        return line
    padded = np.concatenate([2 * points[0] - points[reach:0:-1], points, 2 * points[-1] - points[-2 : -2 - reach : -1]])
    kernel = np.hanning(2 * reach + 3)[1:-1]
    kernel /= kernel.sum()
    calm = np.stack([np.convolve(padded[:, i], kernel, mode="valid") for i in (0, 1)], axis=1)
    return LineString(calm)


def _on_line(request: Request, line: LineString, measure: Measure, *, cost: float) -> list[Curve]:
    """Return ways to set a name along one line: turned with it where it runs across, upright where it is steep."""
    glyphs = tuple(request.text)
    size_mm = request.size_pt * MM_PER_PT
    latin = all(ord(c) < _FIRST_CJK for c in glyphs)
    own = np.array([measure(g, size_pt=request.size_pt, bold=request.bold, serif=request.serif) for g in glyphs])
    back = LineString(list(line.coords)[::-1])
    results: list[Curve] = []
    for spacing in (request.spacing_em, request.spacing_em * 0.5, 0.08):
        for path, upright in ((line, False), (back, False), (line, True), (back, True)):
            if upright and latin:
                continue
            steps = (np.full(len(glyphs), size_mm * 1.02) if upright else own) + spacing * size_mm
            total = float(steps.sum())
            if total > path.length * 0.98:
                continue
            middles = np.cumsum(steps) - steps / 2.0
            starts = np.linspace(0.0, path.length - total, max(3, min(20, int((path.length - total) / size_mm))))
            found = _glyphs_at(glyphs, path, starts[:, None] + middles, own, upright=upright, size_mm=size_mm)
            away = np.abs((starts + total / 2.0) / path.length - 0.5)
            results += [replace(curve, cost=curve.cost + cost + 0.5 * float(away[i])) for i, curve in found]
        if results:
            break
    return results


def _glyphs_at(
    glyphs: tuple[str, ...], line: LineString, at: FloatArray, own: FloatArray, *, upright: bool, size_mm: float
) -> list[tuple[int, Curve]]:
    """Set glyphs at distances along a line, a row for each try; return the tries that go, with their row.

    Those do not go where the line bends too much for them or runs the wrong way.
    """
    reach = size_mm * 0.6
    distances = np.stack([at, np.minimum(at + reach, line.length), np.maximum(at - reach, 0.0)])
    spots = shapely.get_coordinates(shapely.line_interpolate_point(line, distances.ravel()))
    places, ahead, behind = spots.reshape(*distances.shape, 2)
    leap = ahead - behind
    direction = np.degrees(np.arctan2(leap[..., 1], leap[..., 0]))
    bend = np.abs((np.diff(direction, axis=1) + 180.0) % 360.0 - 180.0)
    goes = bend.max(axis=1, initial=0.0) <= _MOST_BEND_DEG
    steep = np.abs(direction + 90.0) if upright else np.abs(direction)
    goes &= steep.max(axis=1) <= (98.0 - STEEP_DEG if upright else STEEP_DEG + 12.0)
    cost = bend.sum(axis=1) / 120.0
    if upright:
        cost += 0.3
        direction = np.zeros_like(direction)
    else:
        cost += steep.mean(axis=1) / 60.0 + np.maximum(steep - 45.0, 0.0).mean(axis=1) / 30.0
    return [
        (
            int(i),
            Curve(
                size_pt=size_mm / MM_PER_PT, glyphs=glyphs, x=places[i, :, 0], y=places[i, :, 1], angle=direction[i],
                widths=own, cost=float(cost[i]),
            ),
        )
        for i in np.flatnonzero(goes)
    ]  # fmt: skip
