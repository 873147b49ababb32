"""Axes: broad arrows through places in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import shapely

from layers.rules.pieces import Outcome, Piece, join_en, join_zh, kilometres, outcome_of, piece_of
from layers.words import say

if TYPE_CHECKING:
    from shapely.geometry import LineString

    from layers.ground import Ground, Shape
    from layers.model import Component


def spine_through(names: list[str | list[str]] | list[str], ground: Ground) -> LineString | None:
    """Return the line through places in order; an inner list counts as one place, at the mean of its members."""
    points = []
    for name in names:
        group = [name] if isinstance(name, str) else name
        shapes = [shape for each in group if (shape := ground.point(each)) is not None]
        if shapes:
            points.append(shapely.MultiPoint([shape.geometry for shape in shapes]).centroid)
    return shapely.LineString(points) if len(points) > 1 else None


@dataclass(frozen=True, kw_only=True, slots=True)
class AxisRule:
    """An arrow through places in the plan's order; an inner list is one link of the chain."""

    order: list[str | list[str]]
    hubs: list[str] = field(default_factory=list)
    width_m: float = 1750.0
    within: list[str] = field(default_factory=list)

    def draw(self, component: Component, ground: Ground) -> Outcome:
        """Draw the arrow inside the region, and the hubs on it."""
        del component
        flat = [each for name in self.order for each in ([name] if isinstance(name, str) else name)]
        links = [place for name in flat if (place := ground.place(name)) is not None]
        spine = spine_through(self.order, ground)
        if spine is None:
            return outcome_of([], [])
        region = ground.region(self.within)
        inside = spine if region is None else _longest(spine & region)
        pieces = [Piece(form="arrow", geometry=inside, basis="indicative", accuracy_m=2000, width_m=self.width_m)]
        pieces += self._hubs(ground)
        zh, en = [], []
        for say_zh, say_en in self._words([p.name_zh for p in links if p.resolution == "outside"],
                                          [p.name_en for p in links if p.resolution == "outside"]):  # fmt: skip
            zh.append(say_zh)
            en.append(say_en)
        return Outcome(pieces=tuple(pieces), how_zh="；".join(zh), how_en="; ".join(en))

    def _hubs(self, ground: Ground) -> list[Piece]:
        shapes: list[Shape] = [shape for name in self.hubs if (shape := ground.point(name)) is not None]
        return [piece_of(shape, form="point", basis="derived", extent="point") for shape in shapes]

    def _words(self, outside_zh: list[str], outside_en: list[str]) -> list[tuple[str, str]]:
        said = [say("axis", zh={"width": kilometres(self.width_m)})]
        if outside_zh:
            said.append(say("axis_outside", zh={"names": join_zh(outside_zh)}, en={"names": join_en(outside_en)}))
        return said


def _longest(cut: object) -> LineString:
    """Return the longest line of an intersection."""
    parts = shapely.get_parts(cut)
    lines = [part for part in parts if part.geom_type == "LineString"]
    longest: LineString = max(lines, key=lambda line: line.length)
    return longest
