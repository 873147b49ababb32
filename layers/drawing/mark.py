"""A mark: one thing to paint, with its geometry and its paint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from layers.model import Basis, Role
    from layers.style import Shape

MarkKind = Literal["fill", "stripe", "fade", "pattern", "under", "edge", "casing", "line", "ticks", "symbol"]

Z: Final = {
    "fade": 10.0,
    "fill": 12.0,
    "stripe": 13.0,
    "pattern": 14.0,
    "edge": 16.0,
    "disc": 22.0,
    "arrow": 30.0,
    "line": 36.0,
    "symbol": 44.0,
}
"""Order of painting, low first; the base map stays below 10, official outlines are drawn at 18."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """One thing to paint.

    Attributes
    ----------
    kind
        ``fade`` marks lie on top of each other and add up; ``symbol`` marks are points with a `shape` of paper size.
    geometry
        EPSG:4549, metres.
    z
        Order of painting, low first.
    component
        Number of the component in its structure; the lowest one of a shared member's edge.
    fill, fill_opacity
        Colour and opacity of the inside; None for no fill.
    stroke, stroke_opacity, width_pt
        Colour, opacity and width (pt on paper) of the line; None for no line.
    dash
        Dash and gap lengths in line widths; empty for solid.
    round_cap
        Round ends, for dotted lines.
    shape, size_mm, outer_mm, text
        Of a symbol: its form, its diameter and that of its outer ring in mm, and its numeral.
    place
        Place id of the member, or "".
    layer
        Id of the layer that the mark was drawn from, where several are drawn together, else "".
    """

    kind: MarkKind
    geometry: BaseGeometry
    z: float
    component: int
    role: Role
    basis: Basis
    fill: str | None = None
    fill_opacity: float = 1.0
    stroke: str | None = None
    stroke_opacity: float = 1.0
    width_pt: float = 0.0
    dash: tuple[float, ...] = ()
    round_cap: bool = False
    shape: Shape | None = None
    size_mm: float = 0.0
    outer_mm: float = 0.0
    text: str = ""
    place: str = ""
    layer: str = ""
