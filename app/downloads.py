"""Files made on a click: GeoJSON of what is on, and the sheet of the view."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import uuid
from typing import TYPE_CHECKING, Any, Final

from layers.web.cache import ROOT

if TYPE_CHECKING:
    from app.address import State

_PATIENCE_S: Final = 120


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


def make_sheet(state: State, *, extent: str) -> bytes:
    """Return the sheet of the view as PNG.

    Parameters
    ----------
    extent
        West, south, east, north in degrees with commas, as the map tells it; anything else means the layers' own.

    Raises
    ------
    RuntimeError
        If the sheet could not be drawn; the message says why.
    """
    wish = {"layers": state.layers, "lang": state.lang, "extent": read_extent(extent), "boundaries": state.boundaries}
    done = subprocess.run(
        [sys.executable, "-m", "app.sheet_job"], input=json.dumps(wish).encode(), capture_output=True,
        timeout=_PATIENCE_S, check=False, cwd=ROOT,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError((done.stderr.decode(errors="replace").strip().splitlines() or ["?"])[-1])
    return done.stdout


def read_extent(text: str) -> tuple[float, float, float, float] | None:
    """Read west, south, east, north (degrees); None if that is not what the text holds."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    sound = -180 <= west < east <= 180 and -90 <= south < north <= 90  # noqa: PLR2004
    return (west, south, east, north) if sound else None


def file_for_browser(data: bytes, *, name: str, mime: str) -> dict[str, Any]:
    """Pack a file for `app.markup.show_view`, which saves each id once."""
    return {"id": uuid.uuid4().hex, "name": name, "mime": mime, "base64": base64.b64encode(data).decode()}
