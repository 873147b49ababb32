"""Layers as files for other programs.

GeoJSON follows RFC 7946: WGS 84, six decimals, right-hand rings, ids, no ``crs``.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import shapely

from geodata.crs import WGS84
from geodata.numbers import round_numbers
from geodata.sources import describe_sources

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

FIELDS: Final = (
    "id", "layer", "plan", "structure", "structure_zh", "component_zh", "component_en", "role", "basis", "accuracy_m",
    "area_km2", "stated_area_km2", "members", "theme", "chapter", "lines", "source", "valid_on",
    "structure_en", "theme_en", "rule", "rule_params", "how_zh", "how_en", "project", "status", "status_zh", "size_zh",
)  # fmt: skip
"""What an exported feature carries, in every format: the fields that others rely on first, then how it was drawn."""

NOTICE_ZH: Final = "内部研究用图，未经地图审核，不得公开"
NOTICE_EN: Final = "For internal study only; not reviewed as a map for publication"


def to_geojson(features: gpd.GeoDataFrame, *, name: str = "") -> bytes:
    """Encode features as RFC 7946 GeoJSON.

    Parameters
    ----------
    features
        Rows of `layers.model.Layer.features`, EPSG:4326.
    name
        Name of the collection.

    Returns
    -------
    bytes
        UTF-8. A feature without a place has the geometry null, as the standard says. The sources with their
        attributions, the notice and the collection's name stand as foreign members beside the features.

    Raises
    ------
    ValueError
        If the frame is not in EPSG:4326, or a geometry is invalid.
    """
    if features.crs is None or features.crs.to_epsg() != WGS84:
        msg = f"GeoJSON: expected features in EPSG:4326, got {features.crs}; use GeoPackage for other systems"
        raise ValueError(msg)
    if not (valid := features.geometry.is_valid).all():
        msg = f"GeoJSON: expected valid geometry, got invalid {sorted(features.loc[~valid, 'id'])}"
        raise ValueError(msg)
    rows = [_feature(row) for row in features.to_dict("records")]
    ids = sorted({each for source in features["source"] for each in str(source or "").split(";") if each})
    collection: dict[str, Any] = {"type": "FeatureCollection"}
    if name:
        collection["name"] = name
    collection["attribution"] = describe_sources(";".join(ids))
    collection["notice"] = NOTICE_ZH
    collection["features"] = rows
    return json.dumps(collection, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    geometry = row["geometry"]
    return {
        "type": "Feature",
        "id": row["id"],
        "geometry": None if geometry is None or geometry.is_empty else _geometry(geometry),
        "properties": {name: _plain(row[name]) for name in FIELDS},
    }


def _geometry(geometry: Any) -> dict[str, Any]:
    # RFC 7946 section 3.1.6: exterior rings run counter-clockwise, holes clockwise.
    if shapely.get_dimensions(geometry) == 2:  # noqa: PLR2004
        geometry = shapely.orient_polygons(geometry, exterior_cw=False)
    plain: dict[str, Any] = round_numbers(shapely.geometry.mapping(geometry))
    return plain


def _plain(value: Any) -> Any:
    """Turn a cell into what JSON knows: numpy numbers into Python's, not-a-number into null."""
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and math.isnan(value) else value


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside its place first, then renamed.

    Raises
    ------
    OSError
        If the folder is missing or not writable; nothing is left behind.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        # A temporary file is private; the result gets the mode that any new file would have.
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def file_names(layer_ids: Iterable[str], *, suffix: str) -> dict[str, str]:
    """Return a file name for each layer id: ``<plan>_<structure><suffix>``."""
    return {layer_id: layer_id.replace("/", "_") + suffix for layer_id in layer_ids}
