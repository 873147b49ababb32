"""Points, and the components that have no place at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from geodata.numbers import write_kilometres
from layers.rules.pieces import Outcome, join_en, join_zh, outcome_of, piece_of
from layers.words import say

if TYPE_CHECKING:
    from layers.ground import Ground
    from layers.model import Component

_SITE_M: Final = 2000.0
"""A position less certain than this shows about where, not the site."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PointRule:
    """One or several places as points."""

    at: list[str]

    def draw(self, component: Component, ground: Ground) -> Outcome:
        """Draw a point for each place that has a position."""
        del component
        shapes = [shape for name in self.at if (shape := ground.point(name)) is not None]
        rough = [shape for shape in shapes if shape.accuracy_m > _SITE_M]
        pieces = [
            piece_of(
                shape,
                form="point",
                basis="schematic" if shape.basis == "schematic" or shape in rough else "derived",
                extent="point",
                order=order,
            )
            for order, shape in enumerate(shapes)
        ]
        said = [say("point")] if pieces else []
        if rough:
            radius = {"radius": write_kilometres(max(shape.accuracy_m for shape in rough))}
            if len(rough) == len(shapes):
                said = [say("point_rough", zh=radius, en=radius)]
            else:
                names_zh = {"names": join_zh([shape.place.name_zh for shape in rough])}
                names_en = {"names": join_en([shape.place.name_en or shape.place.name_zh for shape in rough])}
                said.append(say("point_some_rough", zh=radius | names_zh, en=radius | names_en))
        return outcome_of(pieces, said)


@dataclass(frozen=True, kw_only=True, slots=True)
class UnlocatedRule:
    """The plan names it and never says where: listed, not drawn."""

    reason_zh: str
    reason_en: str
    within: list[str] = field(default_factory=list)
    """What it lies in, as far as the plan tells."""

    def draw(self, component: Component, ground: Ground) -> Outcome:
        """Draw nothing, and say why."""
        del component, ground
        return outcome_of([], [say("unlocated", zh={"reason": self.reason_zh}, en={"reason": self.reason_en})])
