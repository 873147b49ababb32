"""Draw a layer: from its pieces to marks, form by form."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from layers.drawing.cells import cells_of
from layers.drawing.common_ground import share_out
from layers.drawing.forms import (
    TWO_WAYS,
    Pen,
    area_marks,
    arrow_marks,
    band_marks,
    cell_marks,
    disc_marks,
    line_marks,
    patch_marks,
    point_marks,
)
from layers.drawing.mark import Z
from layers.drawing.numbering import SAME_M, anchor_numbers
from layers.drawing.parallel import set_apart
from layers.style import component_colours, role_colours

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from layers.drawing.mark import Mark
    from layers.model import Basis, Layer
    from layers.style import Style

_GUIDES = ("rail", "metro", "roads")
"""What a belt follows and is drawn on it."""
_COLUMN_MM = (5.0, 5.0)
"""How far beside their centre, and below each other, anchors with one centre stand."""


def draw(
    layer: Layer, *, style: Style, metres_per_mm: float, rings: int | None = None,
    numbers: Mapping[int, int] | None = None, apart: bool = False, shared_out: bool = True,
) -> list[Mark]:  # fmt: skip
    """Turn a built layer into marks, in order of painting.

    Parameters
    ----------
    layer
        A built layer; its pieces are in EPSG:4549.
    style
        The style of a theme.
    metres_per_mm
        Ground length of one millimetre on paper or screen.
    rings
        Number of nested buffers of a fading form; None for the style's own (the web needs fewer).
    numbers
        Numerals of the components drawn as numbered anchors; counted from 1 by default.
    apart
        Lines of several components that lie on one course are drawn side by side.
    shared_out
        Belts and the like that lie on the same ground are striped there; who draws several layers as one does that
        for all of them, see `share_out`.
    """
    if numbers is None:
        numbers = anchor_numbers(layer, style=style, metres_per_mm=metres_per_mm)
    pens = pens_of(layer, style=style, metres_per_mm=metres_per_mm, numbers=numbers)
    pieces = layer.pieces[~(layer.pieces.geometry.is_empty | layer.pieces.geometry.isna())]
    by_form = {str(form): group for form, group in pieces.groupby("form", sort=False)}
    if apart and "line" in by_form:
        by_form["line"] = set_apart(by_form["line"], metres_per_mm=metres_per_mm)
    marks: list[Mark] = []
    if "fill" in by_form:
        for cell in sorted(cells_of(by_form["fill"]), key=lambda c: -c.geometry.area):
            marks += cell_marks(cell, pens)
    for form, group in by_form.items():
        if form == "fill":
            continue
        for component, rows in group.groupby("component", sort=True):
            marks += _form_marks(form, rows, pens[int(component)], numbers=numbers, rings=rings)
    marks = _set_out(marks, metres_per_mm=metres_per_mm)
    if shared_out:
        marks = share_out(marks, style=style, metres_per_mm=metres_per_mm).marks
    return sorted(marks, key=lambda mark: mark.z)


def pens_of(
    layer: Layer, *, style: Style, metres_per_mm: float, numbers: Mapping[int, int] | None = None
) -> dict[int, Pen]:
    """Return the pen of every component of a layer; `numbers` as in `draw`."""
    colours = component_colours(layer.structure, style)
    if numbers is None:
        numbers = anchor_numbers(layer, style=style, metres_per_mm=metres_per_mm)
    forms: dict[int, set[str]] = defaultdict(set)
    for no, form in zip(layer.pieces["component"].tolist(), layer.pieces["form"].tolist(), strict=True):
        forms[int(no)].add(form)
    return {
        c.no: Pen(
            component=c.no,
            role=c.role,
            colour=role_colours(c.role, style) if c.no in numbers else colours[c.no],
            style=style,
            metres_per_mm=metres_per_mm,
            direction=c.direction,
            forms=frozenset(forms[c.no]),
        )
        for c in layer.structure.components
    }


def _set_out(marks: list[Mark], *, metres_per_mm: float) -> list[Mark]:
    """Set numbered anchors that stand on one centre out in a column beside it, first on top, as a list."""
    groups: dict[tuple[int, int], list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.text:
            groups[round(mark.geometry.x / SAME_M), round(mark.geometry.y / SAME_M)].append(mark)
    moved: dict[int, Mark] = {}
    for found in groups.values():
        for i, mark in enumerate(found if len(found) > 1 else ()):
            up = ((len(found) - 1) / 2.0 - i) * _COLUMN_MM[1] * metres_per_mm
            spot = shapely.Point(mark.geometry.x + _COLUMN_MM[0] * metres_per_mm, mark.geometry.y + up)
            moved[id(mark)] = replace(mark, geometry=spot)
    return [moved.get(id(mark), mark) for mark in marks]


def _form_marks(
    form: str, rows: gpd.GeoDataFrame, pen: Pen, *, numbers: Mapping[int, int], rings: int | None
) -> list[Mark]:
    """Draw all pieces of one form of one component."""
    basis: Basis = rows["basis"].iloc[0]
    geometries = list(rows.geometry)
    number = numbers.get(pen.component)
    if number is not None and form == "patch":
        centres = _centres(
            shapely.get_parts(shapely.union_all(geometries)), apart=pen.metres(pen.style.points["anchor"].size_mm)
        )
        return [mark for at in centres for mark in point_marks(at, pen, basis=basis, number=number)]
    if number is not None and form == "point":
        apart = pen.metres(pen.style.points["anchor"].size_mm)
        places = _centres(geometries, apart=apart) if pen.forms == frozenset({"point"}) else []
        return [mark for at in places for mark in point_marks(at, pen, basis=basis, number=number)]
    if form == "arrow":
        return arrow_marks(geometries, pen, basis=basis, width_m=_width(rows), two_headed=pen.direction in TWO_WAYS)
    if form in ("band", "ring"):
        band = band_marks(geometries, pen, basis=basis, width_m=_width(rows), clip=_clip(rows), rings=rings)
        return band + _guides(rows, pen)
    marks: list[Mark] = []
    for row in rows.itertuples():
        if form == "patch":
            marks += patch_marks(row.geometry, pen, basis=row.basis, clip=_clip(rows), width_m=row.width_m, rings=rings)
        elif form == "disc":
            marks += disc_marks(row.geometry, pen, basis=row.basis)
        elif form == "block":
            marks += area_marks(row.geometry, pen, basis=row.basis, z=Z["disc"])
        elif form == "line":
            marks += line_marks(
                row.geometry, pen, basis=row.basis, theme=row.theme, status=row.status, line_colour=row.colour
            )
        elif form == "point":
            marks += point_marks(row.geometry, pen, basis=row.basis, number=None)
    return marks


def _centres(shapes: Sequence[BaseGeometry], *, apart: float) -> list[shapely.Point]:
    """Return the middle of each shape, and one for those that lie closer together than `apart` (metres)."""
    found: list[shapely.Point] = []
    for shape in shapes:
        centre = shape.centroid
        if all(centre.distance(other) > apart for other in found):
            found.append(centre)
    return found


def _guides(rows: gpd.GeoDataFrame, pen: Pen) -> list[Mark]:
    """Draw the railways and roads that a belt follows, by status: they are what the plan names."""
    own = rows[rows["theme"].isin(_GUIDES)]
    return [
        mark
        for row in own.itertuples()
        for mark in line_marks(row.geometry, pen, basis=row.basis, theme=row.theme, status=row.status, own=False)
    ]


def _width(rows: gpd.GeoDataFrame) -> float | None:
    widths = rows["width_m"].to_numpy(float)
    known = widths[np.isfinite(widths)]
    return float(known[0]) if len(known) else None


def _clip(rows: gpd.GeoDataFrame) -> BaseGeometry | None:
    clips = [shapely.from_wkb(c) for c in rows["clip"] if isinstance(c, bytes)] if "clip" in rows else []
    return shapely.union_all(clips) if clips else None
