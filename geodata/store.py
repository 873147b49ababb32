"""The base layers, read in milliseconds: GeoJSON files in ``geodata/base`` that ``make data`` writes.

A feature is referred to as ``<layer>/<id>``, for example ``lakes/tai-hu``. Frames are shared: copy before a change.
Where the bureau has imported data of its own (`geodata.workspace`), they stand in place of the approximate geometry.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import shapely

from geodata import workspace
from geodata.looking import look

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
OWN: Final = workspace.records.OWN
"""Name of the layer of what the bureau has imported beside: features that mean no place of the register."""
_OWN_COLUMNS: Final = (
    "id", "name_zh", "name_en", "kind", "basis", "accuracy_m", "source", "review_number", "vintage", "note",
    "source_ref", "area_km2", "import", "attributes",
)  # fmt: skip


def read(layer: str) -> gpd.GeoDataFrame:
    """Read a base layer, indexed by feature id.

    Parameters
    ----------
    layer
        One of `LAYERS`, or `OWN`.

    Returns
    -------
    GeoDataFrame in EPSG:4326 with at least ``name_zh, name_en, kind, basis, accuracy_m, source, note``

    Raises
    ------
    ValueError
        If there is no such layer.
    """
    look(layer)
    return _read(layer)


@workspace.kept_until_change
@cache
def _read(layer: str) -> gpd.GeoDataFrame:
    if layer not in (*LAYERS, OWN):
        msg = f"expected a base layer out of {', '.join(LAYERS)}, got {layer!r}"
        raise ValueError(msg)
    frame = read_base(layer)
    if not workspace.stamp():
        return frame
    from geodata.workspace.overlay import overlay  # noqa: PLC0415 - only where there is a workspace

    return overlay(layer, frame, read=_read)


@cache
def read_base(layer: str) -> gpd.GeoDataFrame:
    """Read a base layer as the project has it, whatever was imported; see `read`."""
    if layer == OWN:
        return gpd.GeoDataFrame({name: [] for name in _OWN_COLUMNS}, geometry=[], crs=4326).set_index("id", drop=False)
    frame = gpd.read_file(BASE / f"{layer}.geojson", engine="pyogrio")
    return frame.set_index("id", drop=False)


@cache
def read_base_metric(layer: str) -> gpd.GeoDataFrame:
    """Read a base layer as the project has it in EPSG:4549 (metres)."""
    return read_base(layer).to_crs(4549)


def read_metric(layer: str) -> gpd.GeoDataFrame:
    """Read a base layer in EPSG:4549 (metres), for lengths, areas and buffers."""
    look(layer)
    return _read_metric(layer)


@workspace.kept_until_change
@cache
def _read_metric(layer: str) -> gpd.GeoDataFrame:
    return _read(layer).to_crs(4549)


def find_rows(reference: str) -> gpd.GeoDataFrame:
    """Return what ``<layer>/<id>`` refers to: the feature of that id, or all sections of that line; EPSG:4549.

    Only these rows count as looked at, not the layer.

    Raises
    ------
    ValueError
        If there is no such layer.
    """
    look(reference)
    layer, _, feature = reference.partition("/")
    return _read_metric(layer).iloc[list(_positions(layer, feature))]


def find_all_rows(references: Sequence[str]) -> gpd.GeoDataFrame:
    """Return what several references to one layer refer to, in their order; as `find_rows`, at once."""
    for each in references:
        look(each)
    layer = references[0].partition("/")[0]
    positions = [at for each in references for at in _positions(layer, each.partition("/")[2])]
    return _read_metric(layer).iloc[positions]


def _positions(layer: str, feature: str) -> tuple[int, ...]:
    own, lines = _index(layer)
    return own.get(feature) or lines.get(feature, ())


@workspace.kept_until_change
@cache
def _index(layer: str) -> tuple[dict[str, tuple[int, ...]], dict[str, tuple[int, ...]]]:
    """Return positions of rows by the feature's id, and by the line that they are a section of."""
    frame = _read(layer)
    lines: dict[str, tuple[int, ...]] = {}
    for position, line in enumerate(frame["line"] if "line" in frame.columns else ()):
        lines[line] = (*lines.get(line, ()), position)
    return {str(each): (position,) for position, each in enumerate(frame.index)}, lines


def has_lines(layer: str) -> bool:
    """Tell whether a base layer holds lines in sections."""
    return "line" in read_base(layer).columns


@workspace.kept_until_change
@cache
def _references() -> Mapping[str, str]:
    from geodata.workspace.keeping import read_references  # noqa: PLC0415

    return read_references() if workspace.stamp() else {}


def find_reference(place_id: str, *, own: str) -> str:
    """Return the reference of a place's geometry: its own, or that of an imported feature where it has none."""
    look(f"{_PLACE}/{place_id}")
    return own or _references().get(place_id, "")


# ------------ what something was made from

_PLACE: Final = "place"


def fingerprint(reference: str) -> str:
    """Return a digest of what ``<layer>``, ``<layer>/<id>``, ``<layer>?<county>`` or ``place/<id>`` means now.

    It changes when a coordinate, a word or the owner of any of it changes, and with what comes or goes.

    Raises
    ------
    ValueError
        If there is no such base layer.
    """
    layer, _, feature = reference.partition("/")
    if layer == _PLACE:
        return _places().get(feature, "")
    layer, asked, county = layer.partition("?")
    prints = _fingerprints(layer)
    if asked:
        held = _read(layer)["county"]
        return _sum(one for one, own in zip(prints, held, strict=True) if own == county)
    return _sum(prints[position] for position in _positions(layer, feature)) if feature else _sum(prints)


@workspace.kept_until_change
@cache
def _places() -> Mapping[str, str]:
    """Return what is told of the places that imports give an outline or a position."""
    if not workspace.stamp():
        return {}
    where = {place: repr((*at[:2], at[2].id, at[2].digest)) for place, at in workspace.read_positions().items()}
    drawn = _references()
    return {place: f"{drawn.get(place, '')} {where.get(place, '')}" for place in {*where, *drawn}}


def _sum(prints: Iterable[bytes]) -> str:
    return hashlib.sha256(b"".join(prints)).hexdigest()[:12]


@workspace.kept_until_change
@cache
def _fingerprints(layer: str) -> tuple[bytes, ...]:
    """Return a digest for each row of a base layer, the owner of imported data in it."""
    frame = _read(layer)
    owners = {f"import-{each.id}": f"{each.digest} {each.file_name}" for each in workspace.list_imports()}
    told = frame.drop(columns="geometry").astype(object).to_dict("records")
    shapes = shapely.to_wkb(frame.geometry.values)
    return tuple(
        hashlib.sha256(repr((tuple(row.values()), owners.get(row["source"], ""))).encode() + shape).digest()
        for row, shape in zip(told, shapes, strict=True)
    )
