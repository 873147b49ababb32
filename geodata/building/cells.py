"""A power diagram of areas, boxes and points: land handed out among towns, approximately.

A place goes to the town of least cost, cost being the squared distance to the middle of the town (stretched like its
box) plus what lies outside its box, less a weight; the weights are found so that each town gets its area. What the
towns are is for `geodata.building.towns` to say.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon

from geodata.building.counties import GRID, to_degrees, to_metric

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    FloatArray = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

STEP_M: Final = 150.0
"""Side of the squares that are handed out; edges are smoothed afterwards."""
SMOOTHING_M: Final = 400.0
SEAT_RADIUS_M: Final = 350.0
"""So much ground around a seat or an anchor is its town's whatever the cost."""
SEAT_REACH_M: Final = 900.0
SEAT_PULL_M2: Final = 6e6
"""A seat draws the ground around it, the more the nearer, so that its town's edge goes round it in a curve."""
ISLAND_MAX_KM2: Final = 100.0
"""Land cut off the rest of its unit and smaller than this is never divided between towns."""
REACH_ROUNDS: Final = 2
REACH_SHORT_M: Final = 2 * STEP_M
"""A true outline touches all four edges of its box: a cell that stays this short of one is drawn towards it."""
REACH_FRACTION: Final = 0.7
CRUMB_MAX_KM2: Final = 2.0
ROUNDS: Final = 250


@dataclass(frozen=True, slots=True)
class Town:
    """What the costs of one town are made of, EPSG:4549 metres."""

    id: str
    points: FloatArray
    """Seat and anchors, one row each."""
    centre: FloatArray
    stretch: FloatArray
    """Relative half-width and half-height, product 1."""
    boxes: tuple[FloatArray, ...]
    """West, south, east, north; outside all of them costs extra."""
    target: float | None
    """Square metres of land."""
    own_box: bool
    """Whether the boxes are of this town alone, so that its outline touches their edges."""
    reaches: tuple[FloatArray, ...] = ()
    """Places at the edges of its box that the cell is drawn to."""


def _costs(towns: Sequence[Town], where: FloatArray) -> FloatArray:
    """Return the cost of each place (rows) for each town (columns), square metres.

    Distance is to the nearest of the lines that join the middle of a town with its seat and anchors, so that a seat off
    the middle does not end up in an exclave.
    """
    columns = []
    for town in towns:
        ends = [*town.points, *town.reaches]
        cost = np.min([_squared_distance(where, town.centre, end, town.stretch) for end in ends], axis=0)
        if town.boxes:
            outside = np.min([_distance_outside(box, where) for box in town.boxes], axis=0)
            cost = cost + 6.0 * outside**2 + np.where(outside > 2 * STEP_M, 4e6, 0.0)
        for point in town.points:
            apart = ((where - point) ** 2).sum(axis=1)
            cost = cost - SEAT_PULL_M2 * np.exp(-apart / (2 * SEAT_REACH_M**2))
            cost = np.where(apart < SEAT_RADIUS_M**2, -1e12, cost)
        columns.append(cost)
    return np.column_stack(columns)


def _squared_distance(where: FloatArray, start: FloatArray, end: FloatArray, stretch: FloatArray) -> FloatArray:
    """Return squared distances to a line between two points, after squeezing the plane by `stretch`."""
    line, place = (end - start) / stretch, (where - start) / stretch
    length = float((line**2).sum())
    along = np.clip(place @ line / length, 0.0, 1.0)[:, None] if length > 0 else 0.0
    return np.asarray(((place - along * line) ** 2).sum(axis=1))


def _distance_outside(box: FloatArray, where: FloatArray) -> FloatArray:
    beyond = np.maximum(np.maximum(box[:2] - where, where - box[2:]), 0.0)
    return np.asarray(np.hypot(beyond[:, 0], beyond[:, 1]))


def _targets(towns: Sequence[Town], where: FloatArray) -> FloatArray:
    """Return the area each cell shall have, given the middles of all squares of land; they add up to all of it.

    A published area is kept. A town without one gets what its box suggests: of each square an equal share with the
    other towns whose boxes hold it. A disc round its seat stands in for the box of a town that has none, and it also
    gets the squares that nobody claims and that lie nearest to it. All this is scaled to what published areas leave;
    where they leave too little, they are scaled too.
    """
    square = STEP_M**2
    everything = len(where) * square
    known = np.array([town.target or 0.0 for town in towns])
    distance = np.column_stack([((where - town.centre) ** 2).sum(axis=1) for town in towns])
    inside = np.column_stack(
        [
            np.any([_distance_outside(box, where) == 0 for box in town.boxes], axis=0)
            if town.boxes
            else distance[:, i] < (known[i] or everything / len(towns)) / np.pi
            for i, town in enumerate(towns)
        ]
    )
    claims = inside.sum(axis=1)
    guess = (inside / np.maximum(claims, 1)[:, None]).sum(axis=0) * square
    bare = np.array([not town.boxes for town in towns])
    if bare.any():
        nearest = np.where(bare, distance, np.inf)[claims == 0].argmin(axis=1)
        guess += np.bincount(nearest, minlength=len(towns)) * square
    guess = np.maximum(guess, 0.25 * everything / len(towns))
    guess = np.where(known > 0, 0.0, guess)
    if guess.sum() > 0:
        guess *= max(everything - known.sum(), 0.6 * guess.sum()) / guess.sum()
    total = known + guess
    return np.asarray(total * everything / total.sum())


def _weights(costs: FloatArray, targets: FloatArray) -> FloatArray:
    """Find the weights under which each town gets its area.

    Each weight walks towards its town's area with a stride of its own, longer while it keeps its direction, half as
    long when it has to turn back: the areas jump at the edges of boxes, so no derivative is to be trusted.
    """
    weights = np.zeros(len(targets))
    share = targets.sum() / len(costs)
    stride, direction = 0.5 * targets, np.zeros(len(targets))
    best, best_error = weights, np.inf
    for _ in range(ROUNDS):
        got = np.bincount((costs - weights).argmin(axis=1), minlength=len(targets)) * share
        error = targets - got
        if np.abs(error).sum() < best_error:
            best, best_error = weights, float(np.abs(error).sum())
        turned = np.sign(error) * direction < 0
        stride = np.clip(np.where(turned, 0.5, 1.15) * stride, share, 2.0 * targets.max())
        direction = np.sign(error)
        weights = weights + direction * stride
    return best


def _hand_out(
    towns: Sequence[Town], where: FloatArray, on_land: np.ndarray[tuple[int], np.dtype[np.bool_]], targets: FloatArray
) -> FloatArray:
    """Return the number of the town that gets each square, drawing cells to the edges of their boxes by and by."""
    towns = list(towns)
    for round_ in range(REACH_ROUNDS + 1):
        costs = _costs(towns, where)
        net = costs - _weights(costs[on_land], targets)
        labels = net.argmin(axis=1)
        if round_ == REACH_ROUNDS:
            break
        cheapest = np.partition(net, 1, axis=1)[:, :2]
        for i, town in enumerate(towns):
            if not town.own_box or not (labels[on_land] == i).any():
                continue
            others = np.where(labels == i, cheapest[:, 1], cheapest[:, 0])
            reaches = _reaches(town, where[on_land], labels[on_land] == i, (net[:, i] - others)[on_land])
            towns[i] = replace(town, reaches=(*town.reaches, *reaches))
    return np.asarray(labels)


def _reaches(
    town: Town, where: FloatArray, mine: np.ndarray[tuple[int], np.dtype[np.bool_]], loss: FloatArray
) -> list[FloatArray]:
    """Return, for each edge of its box that a cell falls short of, where it would reach the edge at least loss."""
    hull = np.array([*np.min(town.boxes, axis=0)[:2], *np.max(town.boxes, axis=0)[2:]])
    within = np.min([_distance_outside(box, where) for box in town.boxes], axis=0) == 0
    if not within.any():
        return []
    reaches = []
    for axis, outward in ((0, -1.0), (1, -1.0), (0, 1.0), (1, 1.0)):
        # The edge, or the furthest land inside the box where that ends before the edge.
        edge = (where[within, axis] * outward).max()
        edge = min(edge, hull[axis + (2 if outward > 0 else 0)] * outward)
        if edge - (where[mine, axis] * outward).max() > REACH_SHORT_M:
            strip = within & (where[:, axis] * outward > edge - 2 * STEP_M)
            place = where[strip][loss[strip].argmin()]
            reaches.append(town.centre + REACH_FRACTION * (place - town.centre))
    return reaches


def _squares(land: BaseGeometry) -> tuple[FloatArray, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Return the middles of all squares that touch the land, and which of them lie on it."""
    west, south, east, north = land.bounds
    x = np.arange(np.floor(west / STEP_M), np.ceil(east / STEP_M)) * STEP_M + STEP_M / 2
    y = np.arange(np.floor(south / STEP_M), np.ceil(north / STEP_M)) * STEP_M + STEP_M / 2
    where = np.array([(a, b) for a in x for b in y])
    near = land.buffer(STEP_M)
    shapely.prepare(near)
    shapely.prepare(land)
    where = where[shapely.contains_xy(near, where)]
    return where, shapely.contains_xy(land, where)


def _pieces(where: FloatArray, labels: FloatArray, count: int) -> list[tuple[int, Polygon]]:
    half = STEP_M / 2
    squares = shapely.box(where[:, 0] - half, where[:, 1] - half, where[:, 0] + half, where[:, 1] + half)
    return [
        (i, part)
        for i in range(count)
        if (labels == i).any()
        for part in shapely.get_parts(shapely.coverage_union_all(squares[labels == i]))
    ]


def _join_seats(towns: Sequence[Town], where: FloatArray, labels: FloatArray) -> FloatArray:
    """Join a seat that lies off the body of its town by a strip of ground, round other towns' seats."""
    labels = labels.copy()
    seats = [np.min([((where - place) ** 2).sum(axis=1) for place in town.points], axis=0) for town in towns]
    near_any = np.min(seats, axis=0) < SEAT_RADIUS_M**2
    for _ in range(3):
        bodies = _bodies(_pieces(where, labels, len(towns)))
        apart = [
            (i, Point(place))
            for i, town in enumerate(towns)
            for place in town.points
            if i in bodies and bodies[i].distance(Point(place)) > 0
        ]
        if not apart:
            break
        for i, place in apart:
            strip = shapely.shortest_line(place, bodies[i]).buffer(1.2 * STEP_M)
            taken = shapely.contains_xy(strip, where) & (~near_any | (labels == i))
            labels[taken] = i
    return labels


def _bodies(pieces: Sequence[tuple[int, Polygon]]) -> dict[int, Polygon]:
    """Return the largest piece of each town."""
    bodies: dict[int, Polygon] = {}
    for i, part in pieces:
        if i not in bodies or part.area > bodies[i].area:
            bodies[i] = part
    return bodies


def _polygons(towns: Sequence[Town], where: FloatArray, labels: FloatArray) -> list[BaseGeometry]:
    """Dissolve labelled squares, give stray pieces to their neighbours, smooth the edges in common."""
    pieces = _pieces(where, labels, len(towns))
    main = _bodies(pieces)
    kept: defaultdict[int, list[Polygon]] = defaultdict(list, {i: [part] for i, part in main.items()})
    for i, part in pieces:
        if part is main[i]:
            continue
        border = {j: part.boundary.intersection(other.boundary).length for j, other in main.items() if j != i}
        closest = max(border, key=lambda j: border[j])
        kept[closest if border[closest] > 0 else i].append(part)
    shapes = [shapely.coverage_union_all(kept[i]) for i in range(len(towns))]
    return list(shapely.coverage_simplify(shapes, SMOOTHING_M, simplify_boundary=False))


def _cut(land: BaseGeometry, shapes: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Cut land (EPSG:4326) along the inner edges of a coverage (EPSG:4326) that reaches beyond it, without a gap."""
    edges = [land.boundary, *(shape.boundary for shape in shapes)]
    network = shapely.unary_union(shapely.set_precision(edges, GRID), grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize([network]))
    inside = shapely.point_on_surface(faces)
    shapely.prepare(land)
    within = shapely.contains(land, inside)
    owners = np.array([[shape.distance(point) for shape in shapes] for point in inside]).argmin(axis=1)
    faces, owners = faces[within], _merge_crumbs(faces[within], owners[within])
    return [shapely.union_all(faces[owners == i], grid_size=GRID) for i in range(len(shapes))]


def _merge_crumbs(faces: np.ndarray, owners: np.ndarray) -> np.ndarray:
    """Give small faces that are cut off the rest of their town by the edge of the land to the town beside them."""
    owners = owners.copy()
    for i, face in enumerate(faces):
        same = shapely.union_all(faces[(owners == owners[i]) & (np.arange(len(faces)) != i)])
        if to_metric(face).area / 1e6 > CRUMB_MAX_KM2 or face.boundary.intersection(same).length > 0 or same.is_empty:
            continue
        borders = [face.boundary.intersection(other.boundary).length for other in faces]
        borders[i] = 0.0
        if max(borders) > 0:
            owners[i] = owners[int(np.argmax(borders))]
    return owners


def partition_unit(land: BaseGeometry, towns: Sequence[Town]) -> list[BaseGeometry]:
    """Hand the land of one unit (EPSG:4326) out among its towns; the cells add up to it exactly.

    Islands are never divided: one with a seat or an anchor on it is that town's, the others are the nearest town's.
    """
    parts = sorted(shapely.get_parts(land), key=lambda part: -to_metric(part).area)
    divided = [part for i, part in enumerate(parts) if i == 0 or to_metric(part).area / 1e6 > ISLAND_MAX_KM2]
    islands = parts[len(divided) :]
    owners = [_owner(to_metric(island), towns) for island in islands]
    mainland = MultiPolygon(divided)
    metric = to_metric(mainland)
    taken = set(owners)
    here = [
        i for i, town in enumerate(towns) if i not in taken or metric.distance(Point(town.points[0])) < SEAT_RADIUS_M
    ]
    present = [towns[i] for i in here]
    where, on_land = _squares(metric)
    targets = _targets(present, where[on_land])
    labels = _hand_out(present, where, on_land, targets)
    labels = _join_seats(present, where, labels)
    shapes = [to_degrees(shape) for shape in _polygons(present, where, labels)]
    cells: list[list[BaseGeometry]] = [[] for _ in towns]
    for i, shape in zip(here, _cut(mainland, shapes), strict=True):
        cells[i].append(shape)
    for island, owner in zip(islands, owners, strict=True):
        if owner is not None:
            cells[owner].append(island)
    owned = [shapely.union_all(cell) for cell in cells]
    for island, owner in zip(islands, owners, strict=True):
        if owner is None:
            cells[min(range(len(towns)), key=lambda i: island.distance(owned[i]))].append(island)
    return [shapely.set_precision(shapely.union_all(cell, grid_size=GRID), GRID) for cell in cells]


def _owner(island: BaseGeometry, towns: Sequence[Town]) -> int | None:
    """Return the town with a seat or an anchor on an island."""
    return next((i for i, t in enumerate(towns) if any(island.contains(Point(place)) for place in t.points)), None)
