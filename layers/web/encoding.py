"""GeoJSON for the browser: generalised in metres, five decimals, right-hand rings."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geodata.crs import unproject

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

DECIMALS: Final = 5


def simplify(shape: BaseGeometry, *, tolerance: float) -> BaseGeometry:
    """Thin a geometry in EPSG:4549 and drop parts smaller than two pixels across."""
    thin = shape.simplify(tolerance)
    if shapely.get_dimensions(thin) == 2:  # noqa: PLR2004
        parts = shapely.get_parts(thin)
        kept = parts[shapely.area(parts) > (2.0 * tolerance) ** 2]
        thin = shapely.union_all(kept) if len(kept) > 1 else (kept[0] if len(kept) else thin)
    return thin


def encode_geometry(shape: BaseGeometry) -> dict[str, Any] | None:
    """Turn a geometry in EPSG:4549 into a GeoJSON geometry in WGS 84; None if nothing is left of it."""
    if shape.is_empty:
        return None
    degrees = shapely.transform(shape, lambda xy: np.round(np.column_stack(unproject(*xy.T)), DECIMALS))
    if shapely.get_dimensions(degrees) == 2:  # noqa: PLR2004
        degrees = shapely.orient_polygons(degrees, exterior_cw=False)
    return _plain(shapely.geometry.mapping(degrees))


def _plain(mapping: dict[str, Any]) -> dict[str, Any] | None:
    """Turn tuples into lists, drop repeated points, and rings and lines that rounding has closed up."""
    kind = mapping["type"]
    if kind == "GeometryCollection":
        return None
    coordinates = _thin(mapping["coordinates"], depth=_DEPTH[kind], ring="Polygon" in kind)
    return {"type": kind, "coordinates": coordinates} if coordinates else None


_DEPTH: Final = {"Point": 0, "MultiPoint": 0, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
_RING_POINTS: Final = 4
_LINE_POINTS: Final = 2


def _thin(value: Any, *, depth: int, ring: bool) -> list[Any]:
    if depth == 0:
        return [list(item) if isinstance(item, tuple) else item for item in value]
    if depth == 1:
        line: list[list[float]] = []
        for x, y in value:
            if not line or line[-1] != [x, y]:
                line.append([x, y])
        return line if len(line) >= (_RING_POINTS if ring else _LINE_POINTS) else []
    parts = [_thin(item, depth=depth - 1, ring=ring) for item in value]
    # A polygon whose outer ring has gone must not live on as one of its holes.
    if depth == 2 and ring and not parts[0]:  # noqa: PLR2004
        return []
    return [part for part in parts if part]


def encode_file(content: dict[str, Any]) -> tuple[bytes, str]:
    """Return the bytes of a JSON file and a short digest of them for its name."""
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return data, hashlib.sha256(data).hexdigest()[:12]
