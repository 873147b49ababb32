"""Members as cells: which components hold each piece of land, so that shared land is striped and never cut."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import shapely
from shapely.geometry import MultiPolygon

from layers.drawing.shapes import polygons_of

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from layers.model import Basis, Extent

_SAME = 0.6
"""Overlap (intersection over union) from which two outlines without a place id are the same member."""
_REMAINDER = 0.03
"""Share of a member under which what is left beside a shared part is a sliver, not a part."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """A piece of land and the components that hold it, in their order."""

    geometry: BaseGeometry
    components: tuple[int, ...]
    basis: Basis
    extent: Extent | str
    place: str
    name_zh: str
    name_en: str
    theme: str = ""

    @property
    def shared(self) -> bool:
        """Whether two or more components hold it."""
        return len(self.components) > 1


def cells_of(pieces: gpd.GeoDataFrame) -> list[Cell]:
    """Cut the filled pieces of a layer into cells, each held by one component or shared by several.

    Two pieces are the same member if they name the same place, or cover the same land. A smaller area inside a larger
    one is not shared: it is drawn on top.
    """
    cells: list[Cell] = []
    for row in pieces.itertuples():
        rest = Cell(
            geometry=MultiPolygon(polygons_of(shapely.make_valid(row.geometry))),
            components=(int(row.component),),
            basis=row.basis,
            extent=row.extent,
            place=row.place,
            name_zh=row.name_zh,
            name_en=row.name_en,
            theme=row.theme,
        )
        kept: list[Cell] = []
        for cell in cells:
            if rest.geometry.is_empty or not _same_member(cell, rest):
                kept.append(cell)
                continue
            parts, rest = _split(cell, rest)
            kept += parts
        cells = kept if rest.geometry.is_empty else [*kept, rest]
    return cells


def _same_member(one: Cell, other: Cell) -> bool:
    if one.place and other.place:
        return one.place == other.place and one.geometry.intersects(other.geometry)
    if not one.geometry.intersects(other.geometry):
        return False
    common = one.geometry.intersection(other.geometry).area
    return bool(common > _SAME * (one.geometry.area + other.geometry.area - common))


def _split(cell: Cell, new: Cell) -> tuple[list[Cell], Cell]:
    """Return what becomes of a cell when a new piece covers it, and what is left of the new piece."""
    common = MultiPolygon(polygons_of(cell.geometry.intersection(new.geometry)))
    components = tuple(sorted({*cell.components, *new.components}))
    weakest = cell.basis if cell.basis != "official" else new.basis
    basis = "indicative" if len(components) > 1 else weakest
    parts = [replace(cell, geometry=common, components=components, basis=basis)]
    left = MultiPolygon(polygons_of(cell.geometry.difference(common)))
    if left.area > _REMAINDER * cell.geometry.area:
        parts.append(replace(cell, geometry=left))
    else:
        parts[0] = replace(parts[0], geometry=cell.geometry)
    remainder = MultiPolygon(polygons_of(new.geometry.difference(common)))
    if remainder.area <= _REMAINDER * new.geometry.area:
        remainder = MultiPolygon()
    return parts, replace(new, geometry=remainder)
