"""A layer as one table for every format: its rows, columns and names, in WGS 84."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gazetteer import open_register
from geodata import store
from geodata.crs import CGCS2000_3_DEGREE, WGS84
from geodata.workspace import kept_until_change
from layers.catalogue import find_plan
from layers.files.choice import PLACES, describe_choice, read_base_layers
from layers.files.fields import FIELDS, plain_value
from layers.opening import open_layer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from layers.model import Layer

Kind = Literal["areas", "lines", "points"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_DIMENSION: Final[dict[Kind, int]] = {"areas": 2, "lines": 1, "points": 0}
_PLACE_FIELDS: Final = (
    "id", "name_zh", "name_en", "category", "aliases", "parent", "basis", "accuracy_m", "status", "plans", "source",
    "source_ref", "note",
)  # fmt: skip
_EDGE_M: Final = 1.0
"""What reaches less than this into an area only touches it."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A layer, ready to be written.

    Attributes
    ----------
    frame
        Rows in EPSG:4326 with the columns of `fields` and ``geometry``, None where a row has no place.
    fields
        Names of the columns, in order.
    name
        Column with the name that a map shows.
    layer
        The drawn structure; None for a base layer.
    left_out
        Rows that an area left out: how many lie elsewhere, and those without a place.
    """

    id: str
    name_zh: str
    name_en: str
    frame: gpd.GeoDataFrame
    fields: tuple[str, ...]
    name: str
    layer: Layer | None = None
    elsewhere: int = 0
    left_out: pd.DataFrame | None = None

    @property
    def stem(self) -> str:
        """The name of its file without suffix, plain ASCII."""
        return self.id.replace("/", "_")

    @property
    def about(self) -> str:
        """What it is, in one line."""
        if self.layer is None:
            return f"{self.name_zh} / {self.name_en}"
        plan = find_plan(self.layer.structure.plan)
        chapter = self.layer.structure.chapter
        date = f"（{plan.date}）" if plan.date else "　"
        return f"{plan.title_zh}{date}{chapter}：{self.name_zh} / {self.name_en}"

    @cached_property
    def cells(self) -> Mapping[str, list[Any]]:
        """The plain values of every column."""
        return {field: [plain_value(value) for value in self.frame[field].tolist()] for field in self.fields}

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The columns that hold numbers."""
        return frozenset(field for field in self.fields if pd.api.types.is_numeric_dtype(self.frame[field]))

    @cached_property
    def rows(self) -> Mapping[Kind, NDArray[np.intp]]:
        """The numbers of the rows by the kind of their geometry; kinds without a row are left out."""
        dimensions = shapely.get_dimensions(self.frame.geometry.values)
        found = {kind: np.flatnonzero(dimensions == _DIMENSION[kind]) for kind in KINDS}
        return {kind: rows for kind, rows in found.items() if len(rows)}

    @cached_property
    def nowhere(self) -> NDArray[np.intp]:
        """The numbers of the rows without a place."""
        return np.flatnonzero(self.frame.geometry.isna().to_numpy())

    def part(self, kind: Kind) -> gpd.GeoDataFrame:
        """Return the rows of one kind of geometry."""
        return self.frame.iloc[self.rows[kind]]

    def without_place(self) -> list[dict[str, Any]]:
        """Return the rows without a place, those that an area left out too."""
        own = [{field: self.cells[field][row] for field in self.fields} for row in self.nowhere]
        more = [] if self.left_out is None else self.left_out.to_dict("records")
        return [*own, *({str(key): plain_value(value) for key, value in row.items()} for row in more)]

    def sources(self) -> tuple[str, ...]:
        """Return the ids of the sources of its rows."""
        return tuple(sorted({each for text in self.cells["source"] for each in str(text or "").split(";") if each}))


@kept_until_change
@cache
def open_table(layer_id: str) -> Table:
    """Return the table of a layer. Frames are shared: copy before a change.

    Raises
    ------
    KeyError
        If there is no such layer.
    """
    name_zh, name_en = describe_choice(layer_id)
    if layer_id == PLACES:
        return _table(layer_id, name_zh, name_en, _read_places(), fields=_PLACE_FIELDS, name="name_zh")
    base = read_base_layers().get(layer_id)
    if base is not None:
        frames = [store.read(part) for part in base.parts]
        fields = tuple(
            dict.fromkeys(str(column) for frame in frames for column in frame.columns if column != "geometry")
        )
        frame = gpd.GeoDataFrame(pd.concat(frames), geometry="geometry", crs=WGS84)
        return _table(layer_id, name_zh, name_en, frame, fields=fields, name="name_zh")
    layer = open_layer(layer_id)
    table = _table(layer_id, name_zh, name_en, layer.features, fields=FIELDS, name="component_zh")
    return replace(table, layer=layer)


def _table(
    layer_id: str, name_zh: str, name_en: str, frame: gpd.GeoDataFrame, *, fields: tuple[str, ...], name: str
) -> Table:  # fmt: skip
    plain = frame[[*fields, "geometry"]].reset_index(drop=True)
    empty = plain.geometry.isna() | plain.geometry.is_empty
    shapes = shapely.orient_polygons(plain.geometry.values, exterior_cw=False)
    plain = plain.set_geometry(gpd.GeoSeries(shapes, crs=frame.crs).where(~empty, None))
    return Table(id=layer_id, name_zh=name_zh, name_en=name_en, frame=plain, fields=fields, name=name)


def _read_places() -> gpd.GeoDataFrame:
    rows = [
        {field: getattr(place, field) for field in _PLACE_FIELDS}
        | {
            "aliases": ";".join(place.aliases),
            "plans": ";".join(place.plans),
            "basis": place.basis if place.located else "unlocated",
            "geometry": None if place.position is None else shapely.Point(place.position),
        }
        for place in open_register().places.values()
    ]
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=WGS84)
    return frame.astype({"accuracy_m": float})


def cut_to_area(table: Table, area: BaseGeometry) -> Table:
    """Keep the rows that reach into an area (EPSG:4549), whole: nothing is cut, so every shape stays what it is.

    Rows without a place lie neither in it nor outside: they go into `Table.left_out`.
    """
    inner = area.buffer(-_EDGE_M)
    inner = area if inner.is_empty else inner
    nowhere = table.frame.geometry.isna()
    inside = table.frame.to_crs(CGCS2000_3_DEGREE).intersects(inner)
    return replace(
        table,
        frame=table.frame[inside].reset_index(drop=True),
        elsewhere=int((~inside & ~nowhere).sum()),
        left_out=pd.DataFrame(table.frame.loc[nowhere, list(table.fields)]),
    )
