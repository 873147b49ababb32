"""The forms of the symbols: how a member, arrow, band, patch, disc, line or point becomes marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry import MultiLineString

from layers.colours import LINE_ROLES
from layers.drawing import shapes
from layers.drawing.mark import Mark, Z

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from layers.drawing.cells import Cell
    from layers.model import Basis, Role
    from layers.style import ComponentColour, Style

POINT_SHAPES = {
    "hub": "hub",
    "node": "node",
    "site": "site",
    "park": "park",
    "centre": "centre",
    "core": "centre",
    "sub-centre": "sub-centre",
    "section": "site",
    "line": "node",
    "network": "node",
    "axis": "hub",
    "belt": "hub",
    "corridor": "hub",
    "ring": "hub",
}
"""Point symbol by role; every other role is a named thing without bounds and gets a numbered anchor."""
ROUGH_MM = 1.0
"""Gap between a symbol and the dotted ring that says: about here."""
_WATER = ("lakes", "rivers")
_APPROXIMATE = ("towns", "zones", "")
"""Base layers whose outlines are estimates: what is derived from them is rounded too."""
TWO_WAYS = (None, "", "both", "two-way", "none")
"""What a component says of its direction when its arrow has a head at every end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pen:
    """What all marks of one component have in common."""

    component: int
    role: Role
    colour: ComponentColour
    style: Style
    metres_per_mm: float
    direction: str | None = None
    forms: frozenset[str] = frozenset()

    def mark(self, kind: Any, geometry: BaseGeometry, *, z: float, basis: Basis, **paint: Any) -> Mark:
        """Make one mark of this component."""
        return Mark(kind=kind, geometry=geometry, z=z, component=self.component, role=self.role, basis=basis, **paint)

    def metres(self, mm: float) -> float:
        """Return the ground length of a length on paper."""
        return mm * self.metres_per_mm


def cell_marks(cell: Cell, pens: dict[int, Pen]) -> list[Mark]:
    """Draw a filled member: one fill and an edge by basis, or equal stripes and a neutral edge where it is shared."""
    pen = pens[cell.components[0]]
    basis = pen.style.basis[cell.basis]
    shape = cell.geometry
    if cell.basis == "indicative" or (basis.round_mm and cell.theme in _APPROXIMATE):
        shape = shapes.rounded(shape, radius=pen.metres(basis.round_mm), inset=pen.metres(basis.inset_mm))
    else:
        shape = shape.simplify(pen.metres(0.12))
    if not cell.shared and cell.theme in _WATER:
        return water_marks(shape, pen, basis=cell.basis, place=cell.place)
    if not cell.shared:
        return area_marks(shape, pen, basis=cell.basis, place=cell.place, fade=cell.extent == "part")
    form = pen.style.stripes
    marks = []
    sets = shapes.stripes(shape, count=len(cell.components), width=pen.metres(form.width_mm), angle=form.angle_deg)
    for number, strip in zip(cell.components, sets, strict=True):
        marks += fill_marks(strip, pens[number], basis=cell.basis, boost=form.boost, kind="stripe", place=cell.place)
    edge = pen.mark(
        "edge", shape, z=Z["edge"], basis=cell.basis, stroke=form.edge, width_pt=form.edge_pt, dash=form.dash,
        place=cell.place,
    )  # fmt: skip
    return [*marks, edge]


def water_marks(shape: BaseGeometry, pen: Pen, *, basis: Basis, place: str = "") -> list[Mark]:
    """Draw a lake or river as a component: a light fill, and a rim along the shore that fades inward."""
    form = pen.style.water
    colour = pen.colour.colour
    each = 1.0 - (1.0 - form.rim) ** (1.0 / form.steps)
    marks = [pen.mark("fill", shape, z=Z["fill"], basis=basis, fill=colour, fill_opacity=form.fill, place=place)]
    for i in range(form.steps):
        inner = shape.buffer(-pen.metres(form.rim_mm) * (i + 1) / form.steps, quad_segs=4)
        rim = shape.difference(inner)
        marks.append(pen.mark("fade", rim, z=Z["fill"] + 0.1, basis=basis, fill=colour, fill_opacity=each, place=place))
    edge = pen.style.basis[basis].edge_pt
    return [
        *marks,
        pen.mark("edge", shape, z=Z["edge"], basis=basis, stroke=pen.colour.ink, width_pt=edge, place=place),
    ]


def fill_marks(
    shape: BaseGeometry,
    pen: Pen,
    *,
    basis: Basis,
    boost: float = 0.0,
    kind: str = "fill",
    place: str = "",
    z: float = 0.0,
) -> list[Mark]:
    """Fill a polygon with a component's colour, or on white with its texture."""
    colour = pen.colour
    z = z or Z[kind]
    if colour.pattern == "solid" or colour.fill > 0:
        return [
            pen.mark(
                kind,
                shape,
                z=z,
                basis=basis,
                fill=colour.colour,
                fill_opacity=min(1.0, colour.fill + boost),
                place=place,
            )
        ]
    pattern = shapes.texture(shape, colour.pattern, size=pen.style.pattern, metres_per_mm=pen.metres_per_mm)
    return [
        pen.mark(kind, shape, z=z, basis=basis, fill=pen.style.text.paper, fill_opacity=1.0, place=place),
        pen.mark("pattern", pattern, z=z + 0.5, basis=basis, fill=colour.colour, place=place),
    ]


def area_marks(
    shape: BaseGeometry,
    pen: Pen,
    *,
    basis: Basis,
    place: str = "",
    z: float = 0.0,
    fade: bool = False,
) -> list[Mark]:
    """Fill a polygon and draw its edge as its basis asks, and nothing else: the swatches say the same.

    With `fade`, for a part whose bounds the plan does not give, the fill grows from nothing at the edge to full
    strength inside.
    """
    form = pen.style.basis[basis]
    if fade and pen.colour.pattern == "solid":
        steps = 5
        inward = [-pen.metres(2.4) * i / steps for i in range(steps)]
        each = 1.0 - (1.0 - pen.colour.fill) ** (1.0 / steps)
        fills = [
            pen.mark(
                "fade", part, z=z or Z["fill"], basis=basis, fill=pen.colour.colour, fill_opacity=each, place=place
            )
            for part in shapes.fading(shape, inward, clip=None)
        ]
    else:
        fills = fill_marks(shape, pen, basis=basis, place=place, z=z)
    edge = pen.mark(
        "edge",
        shape,
        z=z + 0.5 if z else Z["edge"],
        basis=basis,
        stroke=pen.colour.ink,
        width_pt=pen.colour.edge_pt or form.edge_pt,
        dash=form.dash,
        place=place,
    )
    return [*fills, edge]


def arrow_marks(
    spines: Sequence[BaseGeometry], pen: Pen, *, basis: Basis, width_m: float | None, two_headed: bool
) -> list[Mark]:
    """Draw an axis as one broad translucent arrow; limbs that share a trunk are united."""
    form = pen.style.arrow
    mpm = pen.metres_per_mm
    width = min(max(width_m or form.width_mm * mpm, form.narrowest_mm * mpm), form.widest_mm * mpm)
    shape = shapes.arrow(shapes.lines_of(spines), width=width, form=form, two_headed=two_headed)
    z = Z["arrow"]
    return [
        pen.mark("under", shape, z=z, basis=basis, fill=pen.style.text.paper, fill_opacity=form.under),
        pen.mark("fill", shape, z=z + 0.1, basis=basis, fill=pen.colour.arrow, fill_opacity=form.fill),
        pen.mark("edge", shape, z=z + 0.2, basis=basis, stroke=pen.colour.ink, width_pt=form.edge_pt, dash=form.dash),
    ]


def band_marks(
    spines: Sequence[BaseGeometry],
    pen: Pen,
    *,
    basis: Basis,
    width_m: float | None,
    clip: BaseGeometry | None,
    rings: int | None = None,
) -> list[Mark]:
    """Draw a belt, corridor or ring as nested buffers that fade to nothing, cut to `clip`."""
    form = pen.style.band
    reach = pen.metres(form.reach_mm * (form.corridor_reach if pen.role == "corridor" else 1.0))
    half = max(width_m / 2.0 if width_m else reach, pen.metres(form.narrowest_mm))
    count = rings or form.rings
    lines = MultiLineString(shapes.main_lines(spines, tolerance=pen.metres(0.7), shortest=pen.metres(9.0)))
    distances = np.linspace(half, min(half * 0.5, pen.metres(form.full_mm)), count)
    parts = shapes.fading(lines, list(distances), clip=clip)
    marks = _fade(parts, pen, basis=basis, opacity=form.opacity, count=count)
    if pen.colour.pattern != "solid" and parts:
        # in grey printing belts are told apart by the texture of their inner half
        pattern = shapes.texture(
            parts[len(parts) // 2], pen.colour.pattern, size=pen.style.pattern, metres_per_mm=pen.metres_per_mm
        )
        marks.append(pen.mark("pattern", pattern, z=Z["fade"] + 0.5, basis=basis, fill=pen.colour.ink))
    if pen.role == "corridor":
        inner = MultiLineString(shapes.lines_of(spines))
        line = inner if clip is None else inner.intersection(clip)
        marks.append(
            pen.mark(
                "line", line, z=Z["edge"], basis=basis, stroke=pen.colour.line, width_pt=1.0,
                dash=pen.style.basis[basis].dash,
            )
        )  # fmt: skip
    return marks


def _fade(parts: list[BaseGeometry], pen: Pen, *, basis: Basis, opacity: float, count: int) -> list[Mark]:
    """Return marks of equal small opacity that add up to `opacity` where all `count` of them lie."""
    each = 1.0 - (1.0 - opacity) ** (1.0 / count)
    return [
        pen.mark("fade", part, z=Z["fade"], basis=basis, fill=pen.colour.colour, fill_opacity=each) for part in parts
    ]


def patch_marks(
    shape: BaseGeometry,
    pen: Pen,
    *,
    basis: Basis,
    clip: BaseGeometry | None,
    width_m: float = float("nan"),
    rings: int | None = None,
) -> list[Mark]:
    """Draw a faded patch: something lies here and its edge is not stated."""
    form = pen.style.patch
    count = rings or form.rings
    fade = pen.metres(form.fade_mm)
    if shape.area > 0.0:
        depth = min(fade, float(np.sqrt(shape.area)) * 0.25)
        distances = np.linspace(depth * 0.5, -depth, count)
        shape = shape.simplify(pen.metres(0.3))
    else:
        radius = width_m / 2.0 if np.isfinite(width_m) else pen.metres(form.radius_mm)
        distances = np.linspace(max(radius, pen.metres(form.radius_mm)), pen.metres(1.0), count)
    parts = shapes.fading(shape, list(distances), clip=clip)
    return _fade(parts, pen, basis=basis, opacity=form.opacity, count=count)


def disc_marks(shape: BaseGeometry, pen: Pen, *, basis: Basis) -> list[Mark]:
    """Draw a disc of the stated area with a dot in the middle; a site symbol where it would be too small."""
    form = pen.style.disc
    diameter = 2.0 * float(np.sqrt(shape.area / np.pi))
    centre = shape.centroid
    if diameter < pen.metres(form.smallest_mm):
        return point_marks(centre, pen, basis=basis, number=None, ring=False)
    z = Z["disc"]
    return [
        pen.mark("under", shape, z=z, basis=basis, fill=pen.style.text.paper, fill_opacity=form.under),
        pen.mark("fill", shape, z=z + 0.1, basis=basis, fill=pen.colour.colour, fill_opacity=form.fill),
        pen.mark(
            "edge", shape, z=z + 0.2, basis=basis, stroke=pen.colour.line, width_pt=form.edge_pt, dash=form.dash
        ),
        pen.mark(
            "symbol", centre, z=z + 0.3, basis=basis, shape="disc", size_mm=2.0 * form.dot_mm, fill=pen.colour.ink,
            stroke=pen.style.text.paper, width_pt=0.0,
        ),
    ]  # fmt: skip


def line_marks(
    shape: BaseGeometry, pen: Pen, *, basis: Basis, theme: str, status: str, own: bool = True, line_colour: str = ""
) -> list[Mark]:
    """Draw a railway, road or river by status, on a white casing; open railways get ticks.

    A line that is itself an axis or belt has its component's colour, unless `own` is False; else a metro line has its
    operator's, where a source gives one; else one of several lines has its own out of the series.
    """
    style = pen.style
    form = style.lines.get(theme) or style.lines["other"]
    state = style.status.get(status) or style.status["open"]
    if own and pen.role not in LINE_ROLES:
        colour = pen.colour.line
    else:
        colour = line_colour or (pen.colour.line if own and pen.colour.own else form.colour)
    width = form.width_pt * state.width
    line = MultiLineString([part.simplify(pen.metres(0.12)) for part in shapes.lines_of(shape)])
    casing, tick = style.casing, style.ticks
    z = Z["line"]
    marks = [
        pen.mark(
            "casing", line, z=z, basis=basis, stroke=casing.colour, stroke_opacity=casing.opacity,
            width_pt=width + casing.extra_pt,
        ),
        pen.mark(
            "line", line, z=z + 0.2, basis=basis, stroke=colour, width_pt=width, dash=state.dash,
            round_cap=state.round,
        ),
    ]  # fmt: skip
    if form.ticks and not state.dash:
        strokes = [
            shapes.ticks(part, length=pen.metres(tick.length_mm), every=pen.metres(tick.every_mm))
            for part in line.geoms
        ]
        merged = MultiLineString([stroke for group in strokes for stroke in group.geoms])
        marks.append(pen.mark("ticks", merged, z=z + 0.3, basis=basis, stroke=colour, width_pt=tick.width_pt))
    return marks


def point_marks(shape: BaseGeometry, pen: Pen, *, basis: Basis, number: int | None, ring: bool = True) -> list[Mark]:
    """Draw a point symbol by role, or a numbered anchor where a name has no bounds.

    A schematic position gets a dotted ring, unless `ring` is False.
    """
    key = "anchor" if number is not None else POINT_SHAPES.get(pen.role, "seat")
    form = pen.style.points[key]
    colour = pen.colour.line
    marks = []
    for x, y in shapely.get_coordinates(shape if shape.area == 0.0 else shape.representative_point()):
        if ring and basis == "schematic" and number is None:
            halo = shapely.Point(x, y).buffer(pen.metres((form.outer_mm or form.size_mm) / 2.0 + ROUGH_MM))
            dots = pen.style.basis[basis]
            marks.append(
                pen.mark(
                    "edge", halo, z=Z["symbol"] - 0.1, basis=basis, stroke=colour, width_pt=dots.edge_pt, dash=dots.dash
                )
            )
        filled = form.shape != "square"
        marks.append(
            pen.mark(
                "symbol",
                shapely.Point(x, y),
                z=Z["symbol"],
                basis=basis,
                shape=form.shape,
                size_mm=form.size_mm,
                outer_mm=form.outer_mm,
                fill=colour if filled else pen.style.text.paper,
                stroke=pen.style.text.paper if filled and form.shape != "ringed-disc" else colour,
                width_pt=form.edge_pt,
                text=str(number) if number is not None else "",
            )
        )
    return marks
