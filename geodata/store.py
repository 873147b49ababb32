"""The base layers, read in milliseconds: GeoJSON files in ``geodata/base`` that ``make data`` writes.

A feature is referred to as ``<layer>/<id>``, for example ``lakes/tai-hu``. Frames are shared: copy before a change.
Where the bureau has imported data of its own (`geodata.workspace`), they stand in place of the approximate geometry.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import geopandas as gpd

from geodata import workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

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


@workspace.kept_until_change
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
    frame = read_base(layer)
    if not workspace.stamp():
        return frame
    from geodata.workspace.overlay import overlay  # noqa: PLC0415 - only where there is a workspace

    return overlay(layer, frame, read=read)


@cache
def read_base(layer: str) -> gpd.GeoDataFrame:
    """Read a base layer as the project has it, whatever was imported; see `read`."""
    frame = gpd.read_file(BASE / f"{layer}.geojson", engine="pyogrio")
    return frame.set_index("id", drop=False)


@cache
def read_base_metric(layer: str) -> gpd.GeoDataFrame:
    """Read a base layer as the project has it in EPSG:4549 (metres)."""
    return read_base(layer).to_crs(4549)


@workspace.kept_until_change
@cache
def read_metric(layer: str) -> gpd.GeoDataFrame:
    """Read a base layer in EPSG:4549 (metres), for lengths, areas and buffers."""
    return read(layer).to_crs(4549)


@workspace.kept_until_change
@cache
def _references() -> Mapping[str, str]:
    from geodata.workspace.keeping import read_references  # noqa: PLC0415

    return read_references() if workspace.stamp() else {}


def find_reference(place_id: str, *, own: str) -> str:
    """Return the reference of a place's geometry: its own, or that of an imported feature where it has none."""
    return own or _references().get(place_id, "")
