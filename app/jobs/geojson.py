"""GeoJSON of layers in a process of its own: geometry tables need 100 MB that a server should not keep."""

from __future__ import annotations

import sys
from typing import Any

import geopandas as gpd
import pandas as pd

from app.jobs.job import answer_job
from layers.export import to_geojson
from layers.opening import open_layer


def write_layers(wish: dict[str, Any]) -> bytes:
    """Return RFC 7946 GeoJSON of ``layers``, or of one ``component`` of the only layer."""
    frames = [open_layer(layer).features for layer in wish["layers"]]
    table = frames[0] if len(frames) == 1 else gpd.GeoDataFrame(pd.concat(frames), crs=frames[0].crs)
    if wish["component"] is not None:
        table = table[table["component"] == wish["component"]]
    return to_geojson(table, name=", ".join(wish["layers"]))


if __name__ == "__main__":
    sys.exit(answer_job(write_layers))
