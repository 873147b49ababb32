"""What names keep clear of on a map, whoever they name: shapes so small that a name would hide them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry

    from layers.drawing.mark import Mark

_SMALL_MM2: Final = 60.0
"""About the box of a name: a shape of less ground is hidden by it."""
_MOST_WEIGHT: Final = 6.0


def small_shapes(marks: Iterable[Mark], *, metres_per_mm: float) -> list[tuple[BaseGeometry, float]]:
    """Return filled shapes smaller than a name, with a weight: the smaller, the more each bit of them counts."""
    found = []
    for mark in marks:
        area = mark.geometry.area / metres_per_mm**2 if mark.kind in ("fill", "stripe") else 0.0
        if 0.0 < area < _SMALL_MM2:
            found.append((mark.geometry, min(_MOST_WEIGHT, _SMALL_MM2 / area)))
    return found
