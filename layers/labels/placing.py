"""Place names without collisions: each takes the best free candidate, in order of claim."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry import LineString

from layers.labels import candidates
from layers.labels.field import Field
from layers.labels.request import MM_PER_PT, Placed, Request, Run, Scene

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from layers.labels.candidates import Block, Curve
    from layers.labels.request import Measure

    FloatArray = NDArray[np.float64]

_AIR_MM = 0.35
_EDGE_MM = 1.2
"""Least distance of a name from the frame."""
_OVERLAP_COST = 40.0
_OUTSIDE_COST = 4.5
_ACCEPTED = 6.0
"""Cost above which an English line is dropped, and an optional name too."""
_TIGHT_SHARE = 0.93
_FOREIGN_COST = 2.5
_ON_GROUND_COST = 1.2
"""Cost of a curved name on members' land: a belt is named in the water beside it if there is room."""
_AWAY_COST = 0.22
"""Cost of a millimetre between a name and its area."""
_ACCEPTED_CURVE = 2.4
"""The same for an optional name along a curve, such as a river's."""
_WISH_WEIGHT = 2.0
_TURN_COST = 0.2
"""Cost of two lines where one would do."""
_WIDE_COST = 1.0
"""Cost of a long name of an area on one line: it reaches over its neighbours."""
_SMALLER = (1.0, 0.88, 0.78)
_LINE_COST = 0.16
_ASKED = 48
"""Candidates that are looked at closely at a time."""
_AREA_COST = 1.6
_HIDING_COST = 2.0
"""Cost of a name that lies over all of a shape which it does not fit into."""


def place(requests: Sequence[Request], *, scene: Scene, measure: Measure) -> list[Placed]:
    """Give every name that finds one a place.

    Names claim in order of priority. Component names keep clear of where the members' names would like to stand,
    because a component may be named beside its crowded part and a member may not. Where room is short the English
    line goes first, then the name, unless it is required.

    Parameters
    ----------
    requests
        Names, geometry in metres.
    scene
        Frame, scale, and what to keep clear of.
    measure
        Width of a text in mm.

    Returns
    -------
    Placed names in order of claim
    """
    board = _Board(scene, measure)
    wishes = copy(board)
    order = sorted(range(len(requests)), key=lambda i: (requests[i].priority, i))
    ordered = [requests[i] for i in order]
    for request in ordered:
        if request.mode == "area" and request.required:
            found = wishes.best(replace(request, english=""))
            if found is not None:
                wishes.take(found)
    board.wishes = wishes.taken[len(board.taken) :]
    placed = []
    for request in ordered:
        found = board.best(request)
        if found is not None:
            board.take(found)
            placed.append(board.answer(request, found))
    return placed


class _Candidate:
    """A way to set a name, its boxes (n by 4, mm) and its cost."""

    __slots__ = ("boxes", "cost", "form", "x", "y")

    def __init__(self, form: Block | Curve, x: float, y: float, boxes: FloatArray, cost: float) -> None:
        self.form, self.x, self.y, self.boxes, self.cost = form, x, y, boxes, cost


class _Board:
    """What is taken so far, in mm from the frame's lower left corner."""

    def __init__(self, scene: Scene, measure: Measure) -> None:
        self.scene, self.measure = scene, measure
        self.origin = np.array(scene.frame[:2])
        self.size = (np.array(scene.frame[2:]) - self.origin) / scene.metres_per_mm
        blocked = np.array(scene.blocked, float).reshape(-1, 4)
        self.taken: FloatArray = (blocked - np.tile(self.origin, 2)) / scene.metres_per_mm
        self.wishes: FloatArray = np.empty((0, 4))
        self.inside: dict[tuple[int, float], tuple[BaseGeometry, FloatArray]] = {}
        """Middles inside shapes, by the shape asked for and how far around it; with the shape, which keeps its id."""
        window = shapely.box(0.0, 0.0, *self.size)
        self.lines, self.areas, self.named = Field(self.size), Field(self.size), None
        for geometry, weight in scene.avoid:
            local = shapely.intersection(self.to_mm(geometry).simplify(0.2), window)
            if local.area > 0.0:
                self.areas.add_area(local, weight)
            elif not local.is_empty:
                self.lines.add_lines(local, weight)
        if scene.named is not None:
            self.named = Field(self.size)
            self.named.add_area(self.to_mm(scene.named).simplify(0.3), 1.0)

    def to_mm(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry in mm on paper."""
        return shapely.transform(geometry, lambda c: (c - self.origin) / self.scene.metres_per_mm)

    def best(self, request: Request) -> _Candidate | None:
        """Return the best candidate of a request, or None where it finds no place."""
        geometry = self.to_mm(request.geometry)
        if geometry.area > 0.0:
            geometry = geometry.simplify(0.25)
        options = self._options(request, geometry, english=bool(request.english))
        if request.english:
            for option in self._options(request, geometry, english=False):
                option.cost += request.english_worth
                options.append(option)
        options = [option for option in options if not self._leaves(option)]
        if not options:
            return None
        choice = min(options, key=lambda option: option.cost)
        limit = _ACCEPTED_CURVE if request.mode == "curve" and not request.keen else _ACCEPTED
        return choice if request.required or choice.cost < limit else None

    def take(self, candidate: _Candidate) -> None:
        """Mark a candidate's boxes as taken."""
        self.taken = np.concatenate([self.taken, candidate.boxes])

    def _options(self, request: Request, geometry: BaseGeometry, *, english: bool) -> list[_Candidate]:
        if request.mode == "curve":
            return self._curves(request, geometry)
        options: list[_Candidate] = []
        for turn, block in enumerate(candidates.blocks(request, self.measure, english=english)):
            if request.mode == "point":
                x, y = shapely.get_coordinates(geometry)[0]
                middles = candidates.beside(float(x), float(y), block, gap=request.gap_mm)
            else:
                reach = 5.0 + block.height if request.mode == "around" else 0.0
                middles = self._inside(request, geometry, reach)
            if len(middles) == 0:
                continue
            if request.mode != "point":
                middles = self._into_frame(middles, block)
            wishing = request.mode == "area" and request.required
            boxes = _boxes_at(middles, block)
            wide = request.mode == "area" and len(request.text) > candidates.LONGEST_LINE
            shape = _WIDE_COST * (1 - turn) if wide else _TURN_COST * turn
            sure = middles[:, 2] + shape + self._overlaps(boxes, wishes=not wishing)

            def dear(chosen: NDArray[np.intp], middles: FloatArray = middles, block: Block = block) -> FloatArray:
                crossed = self._crossings(_boxes_at(middles[chosen], block), lines=True)
                return np.asarray(crossed + self._area_cost(request, geometry, middles[chosen], block))

            for i, cost in _cheapest(sure, dear, most=3):
                options.append(_Candidate(block, middles[i, 0], middles[i, 1], boxes[i : i + 1], cost))
        return options

    def _inside(self, request: Request, geometry: BaseGeometry, reach: float) -> FloatArray:
        """Return middles in and around a shape, which several ways to set its name share."""
        key = id(request.geometry), reach
        if request.mode != "area":
            return candidates.inside(geometry, outside=reach)
        if key not in self.inside:
            self.inside[key] = request.geometry, candidates.inside(geometry, outside=reach)
        return self.inside[key][1]

    def _into_frame(self, middles: FloatArray, block: Block) -> FloatArray:
        """Return middles moved into the frame by no more than half a block, so that a cut shape keeps its name."""
        half = np.array([block.width, block.height]) / 2.0
        low, high = half + _EDGE_MM, self.size - half - _EDGE_MM
        if np.any(low > high):
            return middles
        moved = middles.copy()
        inside = np.all((middles[:, :2] >= 0.0) & (middles[:, :2] <= self.size), axis=1)
        moved[inside, :2] = np.clip(middles[inside, :2], low, high)
        return moved

    def _leaves(self, candidate: _Candidate) -> bool:
        """Tell whether a candidate stands over the frame."""
        low, high = candidate.boxes[:, :2], candidate.boxes[:, 2:]
        return bool(np.any(low < 0.0) or np.any(high > self.size))

    def _area_cost(
        self, request: Request, geometry: BaseGeometry, middles: FloatArray, block: Block
    ) -> FloatArray | float:
        """Return what it costs to stand outside the named area."""
        if request.mode == "point":
            return 0.0
        boxes = _boxes_at(middles, block)
        shapes = shapely.box(*boxes.T)
        share = candidates.inside_share(shapes, geometry)
        if request.mode == "around":
            # astride the edge is worst: inside or well outside both read clearly
            cost = 2.2 * (1.0 - share) + 3.0 * np.minimum(share, 1.0 - share)
            if 0.0 < geometry.area < block.width * block.height:
                cost += _HIDING_COST * shapely.area(shapely.intersection(shapes, geometry)) / geometry.area
            cost += _AWAY_COST * shapely.distance(shapes, geometry)
            cost += _FOREIGN_COST * np.maximum(self._named_share(boxes) - share, 0.0)
            return np.asarray(cost)
        cost = _OUTSIDE_COST * (1.0 - share)
        return np.asarray(np.where(share < _TIGHT_SHARE, _ACCEPTED + cost, cost) if request.tight else cost)

    def _curves(self, request: Request, geometry: BaseGeometry) -> list[_Candidate]:
        """Return ways to set a name along lines; smaller, and at last beside them, where a required one is too long."""
        lines = [p for p in shapely.get_parts(geometry) if isinstance(p, LineString)]
        for scale in _SMALLER if request.required or request.keen else (1.0,):
            smaller = replace(request, size_pt=request.size_pt * scale)
            curves = candidates.along(smaller, lines, self.measure)
            near = sorted(_near(curves, geometry, gap=request.gap_mm), key=lambda c: c.cost)
            found: list[_Candidate] = []
            for curve in near:
                # what stands in its way only adds to a curve's own cost
                if found and curve.cost > min(option.cost for option in found):
                    break
                found.append(self._curve(curve))
            if any(option.cost < _ACCEPTED for option in found):
                return found
        if not (request.required or request.keen):
            return []
        beside = replace(request, mode="around", size_pt=request.size_pt * 0.9, spacing_em=0.0)
        return self._options(beside, geometry.buffer(max(2.0, request.gap_mm)), english=False)

    def _curve(self, curve: Curve) -> _Candidate:
        half = curve.widths.max() * 0.5 * 1.05
        boxes = np.stack([curve.x - half, curve.y - half, curve.x + half, curve.y + half], axis=1)
        around = self._overlaps(boxes) + self._crossings(boxes, lines=False)
        cost = curve.cost + 2.0 * float(around.mean()) + float(around.max())
        cost += _ON_GROUND_COST * float(self._named_share(boxes).mean())
        return _Candidate(curve, 0.0, 0.0, boxes, cost)

    def _overlaps(self, boxes: FloatArray, *, wishes: bool = True) -> FloatArray:
        """Return what each box costs by the frame, what is taken, and what is wished for."""
        low, high = boxes[:, :2], boxes[:, 2:]
        outside = np.maximum(_EDGE_MM - low, 0.0).max(axis=1) + np.maximum(high + _EDGE_MM - self.size, 0.0).max(axis=1)
        cost = np.where(outside > 0.0, _OVERLAP_COST + outside, 0.0)
        area = (high - low).prod(axis=1)
        cost += _OVERLAP_COST * np.minimum(_overlap(boxes, self.taken, air=_AIR_MM) / area, 1.0)
        cost += np.where(_overlap(boxes, self.taken, air=_AIR_MM) > 0.0, _ACCEPTED, 0.0)
        if wishes:
            cost += _WISH_WEIGHT * _overlap(boxes, self.wishes, air=0.0) / area
        return np.asarray(cost)

    def _crossings(self, boxes: FloatArray, *, lines: bool) -> FloatArray:
        """Return what each box costs by what is to be kept clear of; with `lines` also by length of lines."""
        cost = _AREA_COST * self.areas.sums(boxes) / (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
        if lines:
            cost += _LINE_COST * self.lines.sums(boxes)
        return np.asarray(cost)

    def _named_share(self, boxes: FloatArray) -> FloatArray:
        """Return which share of each box lies on ground that means something."""
        if self.named is None:
            return np.zeros(len(boxes))
        return np.asarray(self.named.sums(boxes) / (boxes[:, 2:] - boxes[:, :2]).prod(axis=1))

    def answer(self, request: Request, candidate: _Candidate) -> Placed:
        """Return a placed name in metres."""
        mpm = self.scene.metres_per_mm
        runs = []
        if isinstance(candidate.form, candidates.Curve):
            curve = candidate.form
            for glyph, x, y, angle, width in zip(
                curve.glyphs, curve.x, curve.y, curve.angle, curve.widths, strict=True
            ):
                runs.append(self._run(request, glyph, x, y, curve.size_pt, width, angle=float(angle)))
        else:
            for text, size, offset, width, main in candidate.form.lines:
                runs += self._line(request, candidate, text, size, offset, width, main=main)
        corner = np.tile(self.origin, 2)
        boxes = tuple(tuple(float(v) for v in box * mpm + corner) for box in candidate.boxes)
        return Placed(request=request, runs=tuple(runs), boxes=boxes)  # type: ignore[arg-type]

    def _line(
        self,
        request: Request,
        candidate: _Candidate,
        text: str,
        size: float,
        offset: float,
        width: float,
        *,
        main: bool,
    ) -> list[Run]:
        """Set one line of a block; a spaced one glyph by glyph."""
        x, y = candidate.x, candidate.y + offset
        if request.mode == "point" and isinstance(candidate.form, candidates.Block):
            anchor = self.to_mm(request.geometry).centroid.x
            slack = (candidate.form.width - width) / 2.0
            x += (
                -slack
                if x - candidate.form.width / 2.0 > anchor
                else slack
                if x + candidate.form.width / 2.0 < anchor
                else 0.0
            )
        if not main or not request.spacing_em or len(text) < 2:  # noqa: PLR2004
            return [self._run(request, text, x, y, size, width, main=main)]
        # the spacing that the line was measured with: a name beside its line has none, whatever it asked for
        widths = [self.measure(g, size_pt=size, bold=request.bold, serif=request.serif) for g in text]
        gap = max(0.0, width - sum(widths)) / (len(text) - 1)
        runs = []
        at = x - width / 2.0
        for glyph, own in zip(text, widths, strict=True):
            runs.append(self._run(request, glyph, at + own / 2.0, y, size, own, main=main))
            at += own + gap
        return runs

    def _run(self, request: Request, text: str, x: float, y: float, size: float, width: float, **more: Any) -> Run:
        main = more.get("main", True)
        position = np.array([x, y]) * self.scene.metres_per_mm + self.origin
        return Run(
            text=text,
            x=float(position[0]),
            y=float(position[1]),
            angle=more.get("angle", 0.0),
            size_pt=size,
            width_mm=float(width),
            bold=request.bold and main,
            serif=request.serif and main,
            colour=request.colour if main else request.english_colour,
            halo_pt=request.halo_pt if main else min(request.halo_pt, 2.0),
        )


def _cheapest(
    sure: FloatArray, dear: Callable[[NDArray[np.intp]], FloatArray], *, most: int
) -> list[tuple[int, float]]:  # fmt: skip
    """Return the `most` cheapest candidates and their costs.

    ``sure`` is a part of the costs that is known; ``dear`` finds the rest, never less than 0, for chosen candidates. It
    is asked for as few as need be, so the answer is that of a full search.
    """
    order = np.argsort(sure, kind="stable")
    found: list[tuple[float, int]] = []
    for start in range(0, len(order), _ASKED):
        chosen = order[start : start + _ASKED]
        if len(found) >= most and sure[chosen[0]] > found[most - 1][0]:
            break
        costs = sure[chosen] + dear(chosen)
        found = sorted([*found, *((float(cost), int(i)) for i, cost in zip(chosen, costs, strict=True))])[:most]
    return [(i, cost) for cost, i in found]


def _near(curves: Sequence[Curve], geometry: BaseGeometry, *, gap: float) -> list[Curve]:
    """Return the names whose middle stands no further from their shape than the name is high."""
    middles = shapely.points([(curve.x.mean(), curve.y.mean()) for curve in curves]) if curves else np.empty(0)
    most = [gap + 1.5 * curve.size_pt * MM_PER_PT for curve in curves]
    close = shapely.dwithin(geometry, middles, most)
    return [curve for curve, near in zip(curves, close, strict=True) if near]


def _boxes_at(middles: FloatArray, block: Block) -> FloatArray:
    """Return the boxes of a block set at several middles."""
    half = np.array([block.width, block.height]) / 2.0
    return np.concatenate([middles[:, :2] - half, middles[:, :2] + half], axis=1)


def _overlap(boxes: FloatArray, others: FloatArray, *, air: float) -> FloatArray:
    """Return the area that each box has in common with all others."""
    if len(others) == 0:
        return np.zeros(len(boxes))
    width = np.minimum(boxes[:, None, 2], others[None, :, 2]) - np.maximum(boxes[:, None, 0], others[None, :, 0]) + air
    height = np.minimum(boxes[:, None, 3], others[None, :, 3]) - np.maximum(boxes[:, None, 1], others[None, :, 1]) + air
    return np.asarray((np.maximum(width, 0.0) * np.maximum(height, 0.0)).sum(axis=1))
