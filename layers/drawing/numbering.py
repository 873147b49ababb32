"""Numerals of components that have no outline and no room for a name: which ones get them, and in which order."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.drawing.forms import POINT_SHAPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layers.model import Layer
    from layers.style import Style

_PATCHED = ("core", "area", "centre", "sub-centre", "axis", "belt", "corridor", "ring", "frame", "network")
"""Roles whose faded patch is drawn at any size: their place is known well enough, or they stand alone."""
_CROWD = 4
"""Components at one centre from which their points are numbered."""
_SMALL = ("disc", "patch", "point")
"""Forms that stand at their centre."""
SAME_M = 50.0
"""Side of the squares (metres) in which points have the same centre."""


def anchor_numbers(layer: Layer, *, style: Style, metres_per_mm: float, first: int = 1) -> dict[int, int]:
    """Return the numeral of every component that is drawn as a numbered anchor, by component number.

    These are named things without bounds: bare points of an areal role, patches too small to fade, and points where
    so many names have one centre that they could not stand there.

    Parameters
    ----------
    first
        Numeral of the first of them: a sheet of several layers counts on.
    """
    roles = {c.no: c.role for c in layer.structure.components}
    forms: dict[int, set[str]] = defaultdict(set)
    size: dict[int, float] = defaultdict(float)
    for no, form, shape in _rows(layer):
        forms[no].add(form)
        if form == "patch":
            size[no] += shape.area
    crowded = _crowded(layer)
    least = np.pi / 4.0 * (style.patch.smallest_mm * metres_per_mm) ** 2
    anchored = [
        no
        for no, found in sorted(forms.items())
        if (found == {"point"} and (roles[no] not in POINT_SHAPES or no in crowded))
        or ("patch" in found and found <= {"point", "patch"} and roles[no] not in _PATCHED and size[no] < least)
    ]
    return {no: i for i, no in enumerate(anchored, start=first)}


def _rows(layer: Layer) -> Iterator[tuple[int, str, Any]]:
    """Return component, form and geometry of the pieces; rows of the frame itself take many times as long."""
    pieces = layer.pieces
    return zip(pieces["component"].astype(int).tolist(), pieces["form"].tolist(), pieces.geometry.values, strict=True)


def _crowded(layer: Layer) -> set[int]:
    """Return the components whose names would all stand at one centre."""
    centres: dict[tuple[int, int], set[int]] = defaultdict(set)
    for no, form, shape in _rows(layer):
        if form in _SMALL and shape is not None and not shape.is_empty:
            centre = shape.centroid
            centres[round(centre.x / SAME_M), round(centre.y / SAME_M)].add(no)
    return {no for found in centres.values() if len(found) >= _CROWD for no in found}
