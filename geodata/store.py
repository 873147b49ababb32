"""The base layers, read in milliseconds: GeoJSON files in ``geodata/base`` that ``make data`` writes.

A feature is referred to as ``<layer>/<id>``, for example ``lakes/tai-hu``. Frames are shared: copy before a change.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import geopandas as gpd

BASE: Final = Path(__file__).parent / "base"

LAYERS: Final = (
    "city",
    "counties",
    "towns",
    "town_seats",
    "lakes",
    "sea",
    "rivers",
    "zones",
    "rail",
    "rail_stations",
    "metro",
    "metro_stations",
    "roads",
    "junctions",
)
"""Names of the base layers, land first."""


@cache
def read(layer: str) -> gpd.GeoDataFrame:
    """Read a base layer, indexed by feature id.

    Parameters
    ----------
    layer
        One of `LAYERS`.

    Returns
    -------
    GeoDataFrame in EPSG:4326 with at least ``name_zh, name_en, kind, basis, accuracy_m, source, note``

    Raises
    ------
    ValueError
        If there is no such layer.
    """
    if layer not in LAYERS:
        msg = f"expected a base layer out of {', '.join(LAYERS)}, got {layer!r}"
        raise ValueError(msg)
    frame = gpd.read_file(BASE / f"{layer}.geojson", engine="pyogrio")
    return frame.set_index("id", drop=False)


@cache
def read_metric(layer: str) -> gpd.GeoDataFrame:
    """Read a base layer in EPSG:4549 (metres), for lengths, areas and buffers."""
    return read(layer).to_crs(4549)
