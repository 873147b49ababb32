"""Axes: broad arrows through places in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import shapely

from layers.rules.pieces import Outcome, Piece, join_en, join_zh, kilometres, outcome_of, piece_of
from layers.words import say

if TYPE_CHECKING:
    from shapely.geometry import LineString, Point
    from shapely.geometry.base import BaseGeometry

    from gazetteer import Place
    from layers.ground import Ground, Shape
    from layers.model import Component


def spine_through(names: list[str | list[str]] | list[str], ground: Ground) -> LineString | None:
    """Return the line through places in order; an inner list counts as one place, at the mean of its members."""
    points = []
    for name in names:
        group = [name] if isinstance(name, str) else name
        shapes = [shape for each in group if (shape := ground.shape(each)) is not None]
        if shapes:
            points.append(shapely.MultiPoint([_centre(shape.geometry) for shape in shapes]).centroid)
    return shapely.LineString(points) if len(points) > 1 else None


def _centre(geometry: BaseGeometry) -> Point:
    """Return the middle of a place's area, kept inside it, or of its line, or its point."""
    middle: Point = geometry.centroid
    return middle if shapely.get_dimensions(geometry) < 2 or geometry.contains(middle) else geometry.point_on_surface()  # noqa: PLR2004


@dataclass(frozen=True, kw_only=True, slots=True)
class AxisRule:
    """An arrow through places in the plan's order; an inner list is one link of the chain."""

    order: list[str | list[str]]
    hubs: list[str] = field(default_factory=list)
    """Places that the plan strings on the axis: it runs through them, and they are drawn."""
    through: list[str] = field(default_factory=list)
    """The same, where another component draws them."""
    width_m: float = 1750.0
    within: list[str] = field(default_factory=list)

    def draw(self, component: Component, ground: Ground) -> Outcome:
        """Draw the arrow inside the region, and the hubs on it."""
        del component
        flat = [each for name in self.order for each in ([name] if isinstance(name, str) else name)]
        links = [shape for name in flat if (shape := ground.point(name)) is not None]
        spine = spine_through(self.order, ground)
        if spine is None:
            return outcome_of([], [])
        hubs = [shape for name in self.hubs if (shape := ground.point(name)) is not None]
        strung = [*hubs, *(shape for name in self.through if (shape := ground.point(name)) is not None)]
        for hub in strung:
            spine = string_point(spine, hub.geometry)
        region = ground.region(self.within)
        arrow = Piece(
            form="arrow",
            geometry=spine if region is None else _longest(spine & region),
            basis="indicative",
            accuracy_m=max(2000.0, *(shape.accuracy_m for shape in links if shape.place.resolution == "suzhou")),
            width_m=self.width_m,
            source=";".join(dict.fromkeys(shape.source for shape in (*links, *strung) if shape.source)),
        )
        nodes = [piece_of(shape, form="point", basis="derived", extent="point") for shape in hubs]
        return outcome_of([arrow, *nodes], self._words([shape.place for shape in links], strung))

    def _words(self, links: list[Place], strung: list[Shape]) -> list[tuple[str, str]]:
        said = [say("axis", zh={"width": kilometres(self.width_m)})]
        if strung:
            zh = join_zh([shape.place.name_zh for shape in strung])
            said.append(say("axis_through", zh={"names": zh}, en={"names": join_en([s.place.name_en for s in strung])}))
        outside = [place for place in links if place.resolution == "outside"]
        if outside:
            zh = join_zh([place.name_zh for place in outside])
            said.append(say("axis_outside", zh={"names": zh}, en={"names": join_en([p.name_en for p in outside])}))
        return said


def string_point(line: LineString, point: Point) -> LineString:
    """Return a line led through one more point, between those of its vertices where the detour is shortest."""
    vertices = [shapely.Point(coordinate) for coordinate in line.coords]
    detours = [start.distance(point) + point.distance(end) - start.distance(end) for start, end in pairwise(vertices)]
    place = detours.index(min(detours)) + 1
    return shapely.LineString([*vertices[:place], point, *vertices[place:]])


def _longest(cut: object) -> LineString:
    """Return the longest line of an intersection."""
    parts = shapely.get_parts(cut)
    lines = [part for part in parts if part.geom_type == "LineString"]
    longest: LineString = max(lines, key=lambda line: line.length)
    return longest
