"""Swatches of the legend, drawn by the symboliser itself so that they equal the map."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from shapely.geometry import LineString, Point

from layers.drawing import forms as drawn
from layers.drawing import shapes
from layers.drawing.cells import Cell
from layers.style import ComponentColour, contrast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from layers.drawing.forms import Pen
    from layers.drawing.mark import Mark
    from layers.model import Basis
    from layers.style import Style

_BANDS: Final = ("belt", "corridor", "ring")
_LEAST_NUMERAL: Final = 3.5
"""Contrast of a numeral on its badge."""
WIDTH_MM: Final = 11.0
HEIGHT_MM: Final = 5.0


def _box(x: float, y: float) -> BaseGeometry:
    """Return the swatch's box: `x` left edge, `y` middle."""
    return shapely.box(x, y - HEIGHT_MM / 2.0, x + WIDTH_MM, y + HEIGHT_MM / 2.0)


def _at_paper(pen: Pen) -> Pen:
    return replace(pen, metres_per_mm=1.0)


def component_swatch(  # noqa: PLR0913
    pen: Pen, forms: Sequence[str], x: float, y: float, *, basis: Basis, theme: str, statuses: Sequence[str],
    number: int | None, colours: Sequence[str] = (),
) -> list[Mark]:  # fmt: skip
    """Return the marks of a component's swatch: all its forms in one, as on the map.

    Parameters
    ----------
    x, y
        Left edge and middle, mm.
    statuses
        How far its lines are built: the swatch shows each.
    number
        Its numeral, on an anchor, or on a line or point without a name.
    colours
        Colours that operators gave its lines: the swatch shows each.
    """
    pen = _at_paper(pen)
    box, centre = _box(x, y), Point(x + WIDTH_MM / 2.0, y)
    middle = LineString([(x + 0.6, y), (x + WIDTH_MM - 0.6, y)])
    marks: list[Mark] = []
    if "patch" in forms and "fill" not in forms:
        core = LineString([(x + 2.6, y), (x + WIDTH_MM - 2.6, y)])
        parts = shapes.fading(core, [2.5 - 0.22 * i for i in range(pen.style.patch.rings)], clip=None)
        each = 1.0 - (1.0 - pen.style.patch.opacity) ** (1.0 / pen.style.patch.rings)
        marks += [
            pen.mark("fade", part, z=10.0, basis=basis, fill=pen.colour.colour, fill_opacity=each) for part in parts
        ]
    if "band" in forms or "ring" in forms:
        if "fill" in forms:
            marks += drawn.band_marks([box.exterior], pen, basis=basis, width_m=3.0, clip=box)
        else:
            spine = LineString([(x + 2.4, y), (x + WIDTH_MM - 2.4, y)])
            marks += drawn.band_marks([spine], pen, basis=basis, width_m=6.0, clip=None)
    if "fill" in forms and "band" not in forms and theme in ("lakes", "rivers"):
        marks += drawn.water_marks(box, replace(pen, metres_per_mm=0.7), basis=basis)
    elif "fill" in forms:
        shape = shapes.rounded(box, radius=0.9, inset=0.0) if basis != "official" else box
        marks += drawn.area_marks(shape, pen, basis=basis)
    if "arrow" in forms:
        two_headed = pen.direction in drawn.TWO_WAYS
        marks += _arrow(middle, pen, basis=basis, width=1.9, two_headed=two_headed)
    if "block" in forms:
        marks += drawn.area_marks(box.buffer(-0.3, join_style="mitre"), pen, basis=basis)
    if "disc" in forms:
        marks += drawn.disc_marks(centre.buffer(2.35), pen, basis=basis)
    if "line" in forms:
        own = pen.role not in _BANDS
        looks = list(product(colours or ("",), statuses))
        ends = pairwise(np.linspace(x + 0.6, x + WIDTH_MM - 0.6, len(looks) + 1))
        for (start, end), (colour, status) in zip(ends, looks, strict=True):
            part = LineString([(start, y), (end, y)])
            marks += drawn.line_marks(
                part, pen, basis=basis, theme=theme, status=status, own=own, line_colour=colour
            )  # fmt: skip
        if number is not None:
            colour = badge_colour((*colours, pen.colour.colour)[0] or pen.colour.colour, pen.style)
            badge = drawn.point_marks(centre, pen, basis=basis, number=number)
            marks += [replace(mark, fill=colour) for mark in badge]
    if "point" in forms and len(forms) == 1:
        marks += drawn.point_marks(centre, pen, basis=basis, number=number)
    return marks


def badge_colour(colour: str, style: Style) -> str:
    """Return the colour of a badge on a line: the line's own where a numeral in the paper's tone is legible on it."""
    return colour if contrast(colour, style.text.paper) >= _LEAST_NUMERAL else style.text.ink


def status_swatch(pen: Pen, x: float, y: float, *, theme: str, status: str) -> list[Mark]:
    """Return the swatch of a status of lines: no component's, so in the colour of what they are."""
    middle = LineString([(x + 0.6, y), (x + WIDTH_MM - 0.6, y)])
    return drawn.line_marks(middle, _at_paper(pen), basis="official", theme=theme, status=status, own=False)


def _arrow(middle: LineString, pen: Pen, *, basis: Basis, width: float, two_headed: bool) -> list[Mark]:
    small = pen.style.arrow
    shape = shapes.arrow([middle], width=width, form=small, two_headed=two_headed)
    return [
        pen.mark("under", shape, z=30.0, basis=basis, fill=pen.style.text.paper, fill_opacity=small.under),
        pen.mark("fill", shape, z=30.1, basis=basis, fill=pen.colour.arrow, fill_opacity=small.fill),
        pen.mark("edge", shape, z=30.2, basis=basis, stroke=pen.colour.ink, width_pt=0.8, dash=small.dash),
    ]


def shared_swatch(pens: dict[int, Pen], components: tuple[int, ...], x: float, y: float) -> list[Mark]:
    """Return the stripes of a shared member."""
    small = {no: _at_paper(pen) for no, pen in pens.items()}
    cell = Cell(
        geometry=_box(x, y), components=components, basis="indicative", extent="part", place="", name_zh="", name_en=""
    )
    return drawn.cell_marks(cell, small)


def striped_swatch(pens: Sequence[Pen], x: float, y: float) -> list[Mark]:
    """Return the stripes of belts on the same ground, one a colour."""
    kept = {pen.colour.colour: _at_paper(pen) for pen in pens}
    form = pens[0].style.stripes
    sets = shapes.stripes(_box(x, y), count=len(kept), width=form.width_mm, angle=form.angle_deg)
    marks = []
    for (colour, pen), strips in zip(kept.items(), sets, strict=True):
        style, pattern = pen.style, pen.colour.pattern
        opacity = style.band.opacity
        marks.append(pen.mark("stripe", strips, z=13.0, basis="indicative", fill=colour, fill_opacity=opacity))
        if pattern != "solid":
            texture = shapes.texture(strips, pattern, size=style.pattern, metres_per_mm=1.0)
            marks.append(pen.mark("pattern", texture, z=14.0, basis="indicative", fill=pen.colour.ink))
    return marks


def sibling_swatch(pens: Sequence[Pen], x: float, y: float, *, basis: Basis) -> list[Mark]:
    """Return one swatch in as many parts as there are siblings."""
    marks: list[Mark] = []
    part = WIDTH_MM / len(pens)
    low, high = y - HEIGHT_MM / 2.0, y + HEIGHT_MM / 2.0
    for i, pen in enumerate(pens):
        shape = shapely.box(x + i * part, low, x + (i + 1) * part, high)
        marks += drawn.fill_marks(shape, _at_paper(pen), basis=basis)
    edge = pens[0].style.basis[basis]
    return [
        *marks,
        _at_paper(pens[0]).mark(
            "edge", shapes.rounded(_box(x, y), radius=0.2, inset=0.0), z=16.0, basis=basis,
            stroke=pens[0].style.stripes.edge, width_pt=edge.edge_pt, dash=edge.dash,
        ),
    ]  # fmt: skip


def basis_swatch(basis: Basis, x: float, y: float, *, style: Style) -> list[Mark]:
    """Return the neutral swatch of a basis."""
    tones, neutral = style.text, style.swatch
    colour = ComponentColour(
        colour=neutral.colour, ink=style.base.outline, line=style.base.outline, fill=neutral.fill, edge_pt=None,
        pattern="solid", arrow=neutral.colour,
    )  # fmt: skip
    pen = drawn.Pen(component=0, role="area", colour=colour, style=style, metres_per_mm=1.0)
    centre = Point(x + WIDTH_MM / 2.0, y)
    box = shapely.box(x, y - 2.0, x + WIDTH_MM, y + 2.0)
    if basis == "official":
        line = LineString([(x, y), (x + WIDTH_MM, y)])
        return [pen.mark("line", line, z=16.0, basis=basis, stroke=style.base.outline, width_pt=1.5)]
    if basis == "schematic":
        return drawn.disc_marks(centre.buffer(2.0), pen, basis=basis)
    if basis == "unlocated":
        ring = centre.buffer(1.6)
        return [
            pen.mark(
                "edge",
                ring,
                z=16.0,
                basis=basis,
                fill=tones.paper,
                stroke=tones.ink,
                width_pt=style.basis[basis].edge_pt,
            )
        ]
    shape = shapes.rounded(box, radius=0.9, inset=0.0) if basis == "indicative" else box
    return drawn.area_marks(shape, pen, basis=basis)


def unlocated_swatch(x: float, y: float, *, style: Style) -> list[Mark]:
    """Return the open circle of a component that is listed and not drawn."""
    return basis_swatch("unlocated", x, y, style=style)
