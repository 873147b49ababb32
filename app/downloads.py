"""Files made on a click: GeoJSON of what is on, and the sheet of the view."""

from __future__ import annotations

import base64
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.address import State


def to_geojson_file(layers: list[str], *, component: int | None = None) -> bytes:
    """Return RFC 7946 GeoJSON of layers, or of one component of the only layer."""
    # Geometry tables take a second and 100 MB to load: only a download needs them.
    import geopandas as gpd  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    from layers.export import to_geojson  # noqa: PLC0415
    from layers.opening import open_layer  # noqa: PLC0415

    frames = [open_layer(layer).features for layer in layers]
    table = frames[0] if len(frames) == 1 else gpd.GeoDataFrame(pd.concat(frames), crs=frames[0].crs)
    if component is not None:
        table = table[table["component"] == component]
    return to_geojson(table, name=", ".join(layers))


def make_sheet(state: State, view: str) -> bytes:
    """Return the sheet of the view as PNG."""
    msg = "not built yet"
    raise RuntimeError(msg)


def file_for_browser(data: bytes, *, name: str, mime: str) -> dict[str, Any]:
    """Pack a file for `app.markup.show_view`, which saves each id once."""
    return {"id": uuid.uuid4().hex, "name": name, "mime": mime, "base64": base64.b64encode(data).decode()}
