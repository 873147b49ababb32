"""Asking the index: opened once in a process, from the file that is written with the web layers."""

from __future__ import annotations

import json
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import shapely

from geodata.crs import project
from geodata.workspace import kept_until_change
from layers.reading.index import NEAR_M, Answer, Hit, Index

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

_KEPT: Final = "index-{}.json"
"""Name of a file with the content of an index that was built, by the digest of the state."""
_MOST_CORNERS: Final = 5000
_LEAST_CORNERS: Final = 3


@kept_until_change
@cache
def open_index() -> Index:
    """Return the index of all layers.

    It is read from the written layers in a fraction of a second. Where these are missing or out of date it is built
    from the plans' data, of which only what an import touches is drawn anew, and kept beside the written layers until
    there are new ones.
    """
    if path := find_written_index():
        return Index(json.loads(path.read_text("utf-8")))
    from layers.web.cache import digest  # noqa: PLC0415 - the web layers need this package

    state = digest()
    content = build_content()
    # A state that changes meanwhile must not be kept under another's name; a full disk costs the next caller time.
    if digest() == state:
        with suppress(OSError):
            _keep(content, state)
    return Index(content)


def find_written_index() -> Path | None:
    """Return the file with what the index holds in the present state; None if it has to be built first."""
    from layers.web.cache import digest, read_manifest, web_folder  # noqa: PLC0415 - the web layers need this package

    manifest = read_manifest()
    path = web_folder() / (_KEPT.format(digest()) if manifest is None else manifest["extents"])
    return path if path.exists() else None


def _keep(content: dict[str, Any], state: str) -> None:
    """Write the content of an index down; of those that were written before a few stay."""
    from layers.export import write_file  # noqa: PLC0415 - geometry tables take a second to load
    from layers.web.cache import KEPT_STATES, web_folder  # noqa: PLC0415

    folder = web_folder()
    write_file(folder / _KEPT.format(state), json.dumps(content, ensure_ascii=False).encode())
    written = sorted(folder.glob(_KEPT.format("*")), key=lambda path: path.stat().st_mtime_ns)
    for old in written[:-KEPT_STATES]:
        old.unlink(missing_ok=True)


def build_content(layer_ids: Iterable[str] | None = None) -> dict[str, Any]:
    """Return the content of an index, drawn anew from the plans' data.

    Parameters
    ----------
    layer_ids
        Layers to draw; all by default.
    """
    from layers.catalogue import read_structures  # noqa: PLC0415 - geometry tables take a second to load
    from layers.opening import open_layer  # noqa: PLC0415
    from layers.reading.areas import tell_areas  # noqa: PLC0415
    from layers.reading.record import tell_ground  # noqa: PLC0415
    from layers.web.cache import read_standing_grounds  # noqa: PLC0415

    ids = read_structures() if layer_ids is None else layer_ids
    kept = read_standing_grounds() if layer_ids is None else {}
    features = [
        record for layer_id in ids
        for record in (kept[layer_id] if layer_id in kept else tell_ground(open_layer(layer_id)))
    ]  # fmt: skip
    return {"features": features, "areas": tell_areas()}


def read_point(
    lon: float, lat: float, *, layer_ids: Iterable[str] | None = None, near_m: float = NEAR_M
) -> tuple[Hit, ...]:
    """Return the features that cover a point, then those within a distance, by plan and distance.

    Parameters
    ----------
    lon, lat
        Degrees, WGS 84.
    layer_ids
        Layers to ask; all by default.
    near_m
        Distance in metres, measured in EPSG:4549.

    Raises
    ------
    ValueError
        If the position is not on the globe, or the distance is out of range.
    """
    return _only(open_index().at_point(lon, lat, near_m=near_m), layer_ids)


def read_area(area: BaseGeometry, *, layer_ids: Iterable[str] | None = None, near_m: float = NEAR_M) -> tuple[Hit, ...]:
    """Return the features that overlap an area (a polygon in EPSG:4549), then those near it; as `read_point`."""
    return _only(open_index().in_area(area, near_m=near_m), layer_ids)


def _only(answer: Answer, layer_ids: Iterable[str] | None) -> tuple[Hit, ...]:
    if layer_ids is None:
        return answer.hits
    wanted = set(layer_ids)
    return tuple(hit for hit in answer.hits if hit.layer in wanted)


def read_ring(corners: Sequence[Sequence[float]]) -> BaseGeometry:
    """Return the polygon in EPSG:4549 of corners given as longitude, latitude (WGS 84 degrees), closed or not.

    Raises
    ------
    ValueError
        If there are too few or too many corners, or the outline crosses itself.
    """
    if not _LEAST_CORNERS <= len(corners) <= _MOST_CORNERS:
        msg = f"expected an outline of {_LEAST_CORNERS} to {_MOST_CORNERS} corners, got {len(corners)}"
        raise ValueError(msg)
    x, y = project([each[0] for each in corners], [each[1] for each in corners])
    polygon = shapely.Polygon(list(zip(x.tolist(), y.tolist(), strict=True)))
    if not polygon.is_valid or not polygon.area:
        msg = "expected an outline that encloses ground and does not cross itself, got one that does not"
        raise ValueError(msg)
    return polygon


def describe_place(lon: float, lat: float, *, lang: str = "zh", index: Index | None = None) -> tuple[str, str]:
    """Return the names of the county unit and the town (mostly an approximate cell) at a point; empty outside the city.

    Parameters
    ----------
    lon, lat
        Degrees, WGS 84.
    index
        The index to ask; the one of this process by default.
    """
    x, y = project(lon, lat)
    point = shapely.Point(float(x), float(y))
    names = {"counties": "", "towns": ""}
    for ref, area in (index or open_index()).areas.items():
        layer = ref.partition("/")[0]
        if layer in names and not names[layer] and shapely.intersects(area.ground, point):
            names[layer] = (lang == "en" and area.name_en) or area.name_zh
    return names["counties"], names["towns"]
