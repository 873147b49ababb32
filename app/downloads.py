"""Files made on a click: GeoJSON of what is on, and the sheet of the view."""

from __future__ import annotations

import base64
import uuid
from typing import TYPE_CHECKING, Any

from app.jobs.job import run_job
from app.jobs.sheet_worker import sheet_worker

if TYPE_CHECKING:
    from app.address import State


def to_geojson_file(layers: list[str], *, component: int | None = None) -> bytes:
    """Return RFC 7946 GeoJSON of layers, or of one component of the only layer.

    Raises
    ------
    JobError
        If it could not be written; the message says why.
    """
    return run_job("app.jobs.geojson", {"layers": layers, "component": component})


def make_sheet(state: State, *, extent: str) -> bytes:
    """Return the sheet of the view as PNG.

    Parameters
    ----------
    extent
        West, south, east, north in degrees with commas, as the map tells it; anything else means the layers' own.

    Raises
    ------
    JobError
        If the sheet could not be drawn; the message says why.
    """
    wish = {
        "layers": list(state.layers),
        "lang": state.lang,
        "extent": read_extent(extent),
        "boundaries": state.boundaries,
    }
    return sheet_worker().ask(wish, ending="png").data


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
