"""GeoJSON to the letter of RFC 7946: WGS 84, right-hand rings, ids, no ``crs``.

In GCJ-02, which the standard does not know, the same form says so in its name and in a member ``datum`` of its own.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import shapely

from geodata.crs import WGS84
from geodata.numbers import round_numbers
from geodata.sources import describe_sources
from layers.files.fields import FIELDS, plain_value
from layers.files.job import Job, Written
from layers.files.notice import NOTICE_ZH
from layers.files.systems import transform

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

_SURFACE: Final = 2


def to_geojson(
    features: gpd.GeoDataFrame, *, name: str = "", fields: Iterable[str] = FIELDS, datum: str = ""
) -> bytes:  # fmt: skip
    """Encode features as RFC 7946 GeoJSON.

    Parameters
    ----------
    features
        Rows of `layers.model.Layer.features`, EPSG:4326.
    name
        Name of the collection.
    fields
        Columns that become properties.
    datum
        Name of another datum that the degrees are in, or "" for WGS 84. It is added to the name and stands in a
        member ``datum``; such a file follows RFC 7946 in all but its coordinates.

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
    if not datum and (features.crs is None or features.crs.to_epsg() != WGS84):
        msg = f"GeoJSON: expected features in EPSG:4326, got {features.crs}; use GeoPackage for other systems"
        raise ValueError(msg)
    if not (valid := features.geometry.isna() | features.geometry.is_valid).all():
        msg = f"GeoJSON: expected valid geometry, got invalid {sorted(features.loc[~valid, 'id'])}"
        raise ValueError(msg)
    names = tuple(fields)
    rows = [_feature(row, names) for row in features.to_dict("records")]
    ids = sorted({each for source in features["source"] for each in str(source or "").split(";") if each})
    collection: dict[str, Any] = {"type": "FeatureCollection"}
    if name or datum:
        collection["name"] = f"{name} [{datum}]".strip() if datum else name
    if datum:
        collection["datum"] = datum
    collection["attribution"] = describe_sources(";".join(ids))
    collection["notice"] = NOTICE_ZH
    collection["features"] = rows
    return json.dumps(collection, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def _feature(row: dict[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    geometry = row["geometry"]
    return {
        "type": "Feature",
        "id": row["id"],
        "geometry": None if geometry is None or geometry.is_empty else _geometry(geometry),
        "properties": {name: plain_value(row[name]) for name in fields},
    }


def _geometry(geometry: Any) -> dict[str, Any]:
    # RFC 7946 section 3.1.6: exterior rings run counter-clockwise, holes clockwise.
    if shapely.get_dimensions(geometry) == _SURFACE:
        geometry = shapely.orient_polygons(geometry, exterior_cw=False)
    plain: dict[str, Any] = round_numbers(shapely.geometry.mapping(geometry))
    return plain


def write(job: Job) -> Written:
    """Return GeoJSON of one table."""
    (table,) = job.tables
    name = table.name_en if job.lang == "en" else table.name_zh
    datum = "" if job.system.epsg == WGS84 else job.system.datum
    frame = transform(table.frame, job.system)
    data = to_geojson(frame, name=name, fields=table.fields, datum=datum)
    return Written(files={f"{job.stem}.geojson": data})
