"""Points, and the components that have no place at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from layers.rules.pieces import Outcome, outcome_of, piece_of
from layers.words import say

if TYPE_CHECKING:
    from layers.ground import Ground
    from layers.model import Component


@dataclass(frozen=True, kw_only=True, slots=True)
class PointRule:
    """One or several places as points."""

    at: list[str]

    def draw(self, component: Component, ground: Ground) -> Outcome:
        """Draw a point for each place that has a position."""
        del component
        shapes = [shape for name in self.at if (shape := ground.point(name)) is not None]
        pieces = [
            piece_of(shape, form="point", basis="schematic" if shape.basis == "schematic" else "derived",
                     extent="point", order=order)
            for order, shape in enumerate(shapes)
        ]  # fmt: skip
        return outcome_of(pieces, [say("point")] if pieces else [])


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
