"""How much a choice of layers is, before anything is written: rows, rows without a place, bytes about."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

import geodata
from geodata.crs import project
from geodata.workspace import kept_until_change
from layers.files import read_base_layers, read_formats
from layers.files.choice import PLACES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from app.library import Library

_BASE: Final = Path(geodata.__file__).parent / "base"
"""As `geodata.store`, which would load geometry tables."""
_EDGE_M: Final = 1.0
"""As `layers.files.table`: what reaches less than this into an area only touches it."""
_README: Final = 9000
_STYLE: Final = 2200
"""Bytes that the README and a layer's styles take in a zip."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """What a choice amounts to.

    Attributes
    ----------
    rows
        Rows with a place (inside the area, if there is one).
    nowhere
        Rows without a place; with an area they are only listed.
    written
        Rows that are written.
    layers
        Layers that have a row.
    """

    rows: int
    nowhere: int
    written: int
    vertices: int
    layers: int

    def estimate(self, formats: Iterable[str], *, zipped: bool) -> int:
        """Return about how many bytes the files will have."""
        total = 0.0
        for each in formats:
            form = read_formats()[each]
            size = form.estimate(vertices=self.vertices, rows=self.written, layers=self.layers)
            total += size * form.packed if zipped else size
        return round(total) + (_README + _STYLE * self.layers if zipped else 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shapes:
    """The shapes of a layer in EPSG:4549, and how many of its rows have none."""

    grounds: NDArray[np.object_]
    nowhere: int


def measure(layers: Iterable[str], library: Library, *, area: BaseGeometry | None) -> Size:
    """Return what a choice of layers amounts to.

    Parameters
    ----------
    area
        A surface in EPSG:4549, or None.
    """
    inner = None if area is None else area.buffer(-_EDGE_M)
    if inner is not None:
        shapely.prepare(inner)
    rows = nowhere = vertices = filled = 0
    for layer in layers:
        shapes = _shapes(layer, library)
        grounds = shapes.grounds if inner is None else shapes.grounds[shapely.intersects(shapes.grounds, inner)]
        rows += len(grounds)
        nowhere += shapes.nowhere
        vertices += int(shapely.get_num_coordinates(grounds).sum())
        filled += bool(len(grounds)) or inner is None
    written = rows + (nowhere if inner is None else 0)
    return Size(rows=rows, nowhere=nowhere, written=written, vertices=vertices, layers=filled)


def _shapes(layer: str, library: Library) -> _Shapes:
    if layer in read_base_layers():
        return _base_shapes(layer)
    card = library.cards[layer]
    nowhere = sum(component["basis"] == "unlocated" for component in card["components"])
    return _Shapes(grounds=_grounds(library).get(layer, np.array([], dtype=object)), nowhere=nowhere)


def _grounds(library: Library) -> dict[str, NDArray[np.object_]]:
    return _by_layer(library.index)


@kept_until_change
@cache
def _by_layer(index: Any) -> dict[str, NDArray[np.object_]]:
    """Return the grounds of an index by layer."""
    found: defaultdict[str, list[BaseGeometry]] = defaultdict(list)
    for feature in index.features:
        found[feature.layer].append(feature.ground)
    return {layer: np.array(grounds, dtype=object) for layer, grounds in found.items()}


@kept_until_change
@cache
def _base_shapes(layer: str) -> _Shapes:
    """Read the shapes of a base layer: the server does without geometry tables."""
    if layer == PLACES:
        from gazetteer import open_register  # noqa: PLC0415

        places = list(open_register().places.values())
        points = [place.position for place in places if place.position is not None]
        x, y = project([lon for lon, _ in points], [lat for _, lat in points])
        return _Shapes(grounds=shapely.points(x, y), nowhere=len(places) - len(points))
    grounds: list[Any] = []
    for part in read_base_layers()[layer].parts:
        content = shapely.from_geojson((_BASE / f"{part}.geojson").read_text(encoding="utf-8"))
        moved = shapely.transform(content, lambda points: np.column_stack(project(points[:, 0], points[:, 1])))
        grounds += list(shapely.get_parts(moved))
    return _Shapes(grounds=np.array(grounds, dtype=object), nowhere=0)
