"""How pygeoapi reads our GeoPackage: a plugin, since its own reader needs SpatiaLite and knows one table a collection.

A layer lies in up to four tables (areas, lines, points, rows without a place), which are read as one. The largest has
some 1,600 rows, so that a look at every envelope is faster than an index is built.
"""

from __future__ import annotations

import sqlite3
import struct
import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from pygeoapi.provider.base import BaseProvider, ProviderInvalidQueryError, ProviderItemNotFoundError

from app.service.asking import ASKED, day_span, transformer
from app.service.collection import ID_FIELD, TIME_FIELD, feature_id, read_offer
from app.service.configuration import offered_systems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from app.service.collection import Collection

_HEAD: Final = 8
"""Bytes of a GeoPackage geometry before its envelope."""
_BOX: Final = 32
_CRS84: Final = "CRS84"


class PackageProvider(BaseProvider):  # type: ignore[misc]
    """A collection of the package, read only."""

    def __init__(self, provider_def: dict[str, Any]) -> None:
        super().__init__(provider_def)
        self.path = Path(self.data)
        self.collection = find_collection(self.path, provider_def["collection"])
        self.get_fields()

    def get_fields(self) -> dict[str, Any]:
        """Return the properties with their JSON types."""
        self._fields = {each.name: {"type": each.kind, "title": each.name} for each in self.collection.fields}
        return self._fields

    def query(
        self, *, offset: int = 0, limit: int = 10, properties: Sequence[tuple[str, str]] = (),
        sortby: Sequence[Mapping[str, str]] = (), select_properties: Sequence[str] = (), skip_geometry: bool = False,
        crs_transform_spec: Any = None, **_others: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """Return a page of features as GeoJSON; the area and the time asked for come by `app.service.asking`.

        Raises
        ------
        ProviderInvalidQueryError
            If a number is asked for by a text.
        """
        asked = ASKED.get()
        base = _connect(self.path)
        values: dict[str, Any] = {"limit": limit, "offset": offset}
        terms = []
        for number, (name, text) in enumerate(properties):
            terms.append(f'"{name}" = :value{number}')
            values[f"value{number}"] = self._read_value(name, text)
        # Requirements fc-bbox-response and fc-time-response: what has no geometry, and no date, matches too.
        if asked.area is not None:
            base.create_function("meets", 1, _meets(asked.area))
            terms.append("(geom IS NULL OR meets(geom))")
        if asked.days is not None:
            base.create_function("holds", 1, _holds(asked.days))
            if TIME_FIELD in self._fields:
                terms.append(f"holds({TIME_FIELD})")
        where = f" WHERE {' AND '.join(terms)}" if terms else ""
        order = [f'"{each["property"]}"{" DESC" if each["order"] == "-" else ""}' for each in sortby]
        rows = self._rows()
        # Names of columns and tables are ours: pygeoapi hands on only properties that `get_fields` names.
        matched = base.execute(f"SELECT count(*) FROM {rows}{where}", values).fetchone()[0]  # noqa: S608
        found = base.execute(
            f"SELECT * FROM {rows}{where} ORDER BY {', '.join([*order, 'part', 'fid'])} LIMIT :limit OFFSET :offset",  # noqa: S608
            values,
        ).fetchall()
        features = self._features(
            found, system=_target(crs_transform_spec), plain=skip_geometry, wanted=select_properties
        )
        return {
            "type": "FeatureCollection",
            "features": features,
            "numberMatched": matched,
            "numberReturned": len(features),
        }

    def get(self, identifier: str, *, crs_transform_spec: Any = None, **_others: Any) -> dict[str, Any]:
        """Return one feature as GeoJSON.

        Raises
        ------
        ProviderItemNotFoundError
            If there is none of that id.
        """
        own = f"replace(replace({ID_FIELD}, :prefix, ''), '/', '.')"
        found = (
            _connect(self.path)
            .execute(
                f"SELECT * FROM {self._rows()} WHERE {own} = :name",  # noqa: S608 - ours
                {"prefix": self.collection.prefix, "name": identifier},
            )
            .fetchall()
        )
        if not found:
            msg = f"expected the id of a feature of {self.collection.id}, got {identifier!r}"
            raise ProviderItemNotFoundError(user_msg=msg)
        (feature,) = self._features(found, system=_target(crs_transform_spec))
        return feature

    def _rows(self) -> str:
        """Return the tables of the collection as one, in a fixed order."""
        columns = ", ".join(f'"{each.name}"' for each in self.collection.fields)
        parts = [
            f'SELECT {number} AS part, fid, {"geom" if located else "NULL AS geom"}, {columns} FROM "{name}"'  # noqa: S608
            for number, (name, located) in enumerate(self.collection.tables)
        ]
        return f"({' UNION ALL '.join(parts)})"

    def _read_value(self, name: str, text: str) -> str | float:
        if self._fields[name]["type"] == "string":
            return text
        try:
            return float(text)
        except ValueError as error:
            msg = f"expected {name} as a number, got {text!r}"
            raise ProviderInvalidQueryError(user_msg=msg) from error

    def _features(
        self, rows: Sequence[sqlite3.Row], *, system: str = "", plain: bool = False, wanted: Sequence[str] = ()
    ) -> list[dict[str, Any]]:
        names = [each.name for each in self.collection.fields if not wanted or each.name in wanted]
        shapes: list[Any] = [None] * len(rows) if plain else _shapes([row["geom"] for row in rows], system)
        return [
            {
                "type": "Feature",
                "id": feature_id(row[ID_FIELD], self.collection.prefix),
                "geometry": shape,
                "properties": {name: row[name] for name in names},
            }
            for row, shape in zip(rows, shapes, strict=True)
        ]


@lru_cache(maxsize=4)
def _collections(path: Path) -> dict[str, Collection]:
    return {each.id: each for each in read_offer(path.parent).collections}


def find_collection(path: Path, identity: str) -> Collection:
    """Return a collection of a package."""
    return _collections(path)[identity]


_OPENED: Final = threading.local()


def _connect(path: Path) -> sqlite3.Connection:
    """Return this thread's connection to a package, which nobody changes once it is there; one it left is closed."""
    opened: dict[Path, sqlite3.Connection] = _OPENED.__dict__.setdefault("packages", {})
    if path not in opened:
        while opened:
            opened.popitem()[1].close()
        base = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        base.row_factory = sqlite3.Row
        opened[path] = base
    return opened[path]


def _wkb(blob: bytes) -> bytes:
    """Return the well-known binary of a GeoPackage geometry of our own writing: with an envelope, or a point."""
    return blob[_HEAD + (_BOX if blob[3] & 0b1110 else 0) :]


def _meets(area: BaseGeometry) -> Any:
    west, south, east, north = area.bounds
    shapely.prepare(area)

    def meets(blob: bytes) -> bool:
        if blob[3] & 0b1110:
            left, right, bottom, top = struct.unpack_from("<4d", blob, _HEAD)
            if left > east or right < west or bottom > north or top < south:
                return False
        return bool(area.intersects(shapely.from_wkb(_wkb(blob))))

    return meets


def _holds(days: tuple[str, str]) -> Any:
    begin, end = days

    def holds(text: str | None) -> bool:
        if not text:
            return True
        first, last = day_span(text)
        return first <= end and last >= begin

    return holds


def _target(spec: Any) -> str:
    """Return the address of the system to transform to, or "" for none."""
    return "" if spec is None else str(spec.target_crs_uri)


def _shapes(blobs: Sequence[bytes | None], system: str) -> list[dict[str, Any] | None]:
    """Return GeoJSON geometries in a system, with its own order of axes, rounded as our text files are."""
    shapes = shapely.from_wkb([None if blob is None else _wkb(blob) for blob in blobs])
    if system:
        shapes = shapely.transform(shapes, transformer(system))
    decimals = next(each.decimals for uri, each in offered_systems().items() if uri == system or not system)
    rounded = shapely.transform(shapes, lambda points: np.round(points, decimals))
    return [None if shape is None else shapely.geometry.mapping(shape) for shape in rounded]
