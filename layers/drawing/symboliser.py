"""Draw a layer: from its pieces to marks, form by form."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from layers.drawing.cells import cells_of
from layers.drawing.forms import (
    POINT_SHAPES,
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
from layers.style import component_colours, role_colours

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from layers.drawing.mark import Mark
    from layers.model import Basis, Layer
    from layers.style import Style

_PATCHED = ("core", "area", "centre", "sub-centre", "axis", "belt", "corridor", "ring", "frame", "network")
"""Roles whose faded patch is drawn at any size: their place is known well enough, or they stand alone."""
_GUIDES = ("rail", "metro", "roads")
"""What a belt follows and is drawn on it."""
_CROWD = 4
"""Components at one centre from which their points are numbered."""
_SAME_M = 50.0
"""Side of the squares (metres) in which points have the same centre."""
_COLUMN_MM = (5.0, 5.0)
"""How far beside their centre, and below each other, anchors with one centre stand."""


def draw(layer: Layer, *, style: Style, metres_per_mm: float, rings: int | None = None) -> list[Mark]:
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
    """
    pens = pens_of(layer, style=style, metres_per_mm=metres_per_mm)
    numbers = anchor_numbers(layer, style=style, metres_per_mm=metres_per_mm)
    pieces = layer.pieces[~(layer.pieces.geometry.is_empty | layer.pieces.geometry.isna())]
    by_form = {str(form): group for form, group in pieces.groupby("form", sort=False)}
    marks: list[Mark] = []
    if "fill" in by_form:
        for cell in sorted(cells_of(by_form["fill"]), key=lambda c: -c.geometry.area):
            marks += cell_marks(cell, pens)
    for form, group in by_form.items():
        if form == "fill":
            continue
        for component, rows in group.groupby("component", sort=True):
            marks += _form_marks(form, rows, pens[int(component)], numbers=numbers, rings=rings)
    return sorted(_set_out(marks, metres_per_mm=metres_per_mm), key=lambda mark: mark.z)


def pens_of(layer: Layer, *, style: Style, metres_per_mm: float) -> dict[int, Pen]:
    """Return the pen of every component of a layer."""
    colours = component_colours(layer.structure, style)
    numbers = anchor_numbers(layer, style=style, metres_per_mm=metres_per_mm)
    return {
        c.no: Pen(
            component=c.no,
            role=c.role,
            colour=role_colours(c.role, style) if c.no in numbers else colours[c.no],
            style=style,
            metres_per_mm=metres_per_mm,
            direction=c.direction,
            forms=frozenset(layer.pieces.loc[layer.pieces["component"] == c.no, "form"]),
        )
        for c in layer.structure.components
    }


def anchor_numbers(layer: Layer, *, style: Style, metres_per_mm: float) -> dict[int, int]:
    """Return the numeral of every component that is drawn as a numbered anchor, by component number.

    These are named things without bounds: bare points of an areal role, patches too small to fade, and points where
    so many names have one centre that they could not stand there.
    """
    roles = {c.no: c.role for c in layer.structure.components}
    forms: dict[int, set[str]] = defaultdict(set)
    size: dict[int, float] = defaultdict(float)
    for row in layer.pieces.itertuples():
        forms[int(row.component)].add(row.form)
        if row.form == "patch":
            size[int(row.component)] += row.geometry.area
    crowded = _crowded(layer)
    least = np.pi / 4.0 * (style.patch.smallest_mm * metres_per_mm) ** 2
    anchored = [
        no
        for no, found in sorted(forms.items())
        if (found == {"point"} and (roles[no] not in POINT_SHAPES or no in crowded))
        or ("patch" in found and found <= {"point", "patch"} and roles[no] not in _PATCHED and size[no] < least)
    ]
    return {no: i for i, no in enumerate(anchored, start=1)}


def _crowded(layer: Layer) -> set[int]:
    """Return the components whose names would all stand at one centre."""
    centres: dict[tuple[int, int], set[int]] = defaultdict(set)
    for row in layer.pieces[layer.pieces["form"].isin(["disc", "patch", "point"])].itertuples():
        if row.geometry is not None and not row.geometry.is_empty:
            centre = row.geometry.centroid
            centres[round(centre.x / _SAME_M), round(centre.y / _SAME_M)].add(int(row.component))
    return {no for found in centres.values() if len(found) >= _CROWD for no in found}


def _set_out(marks: list[Mark], *, metres_per_mm: float) -> list[Mark]:
    """Set numbered anchors that stand on one centre out in a column beside it, first on top, as a list."""
    groups: dict[tuple[int, int], list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.text:
            groups[round(mark.geometry.x / _SAME_M), round(mark.geometry.y / _SAME_M)].append(mark)
    moved: dict[int, Mark] = {}
    for found in groups.values():
        for i, mark in enumerate(found if len(found) > 1 else ()):
            up = ((len(found) - 1) / 2.0 - i) * _COLUMN_MM[1] * metres_per_mm
            spot = shapely.Point(mark.geometry.x + _COLUMN_MM[0] * metres_per_mm, mark.geometry.y + up)
            moved[id(mark)] = replace(mark, geometry=spot)
    return [moved.get(id(mark), mark) for mark in marks]


def _form_marks(
    form: str, rows: gpd.GeoDataFrame, pen: Pen, *, numbers: dict[int, int], rings: int | None
) -> list[Mark]:
    """Draw all pieces of one form of one component."""
    basis: Basis = rows["basis"].iloc[0]
    geometries = list(rows.geometry)
    number = numbers.get(pen.component)
    if number is not None and form == "patch":
        apart = shapely.get_parts(shapely.union_all(geometries))
        return [mark for part in apart for mark in point_marks(part.centroid, pen, basis=basis, number=number)]
    if number is not None and form == "point" and pen.forms != frozenset({"point"}):
        return []
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
            marks += point_marks(row.geometry, pen, basis=row.basis, number=number)
    return marks


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
