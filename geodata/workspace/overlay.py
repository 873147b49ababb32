"""How the bureau's own data take the place of approximate geometry when a base layer is opened.

Everything is computed in EPSG:4549 and given back in EPSG:4326. What no import touches comes through as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from geodata.crs import CGCS2000_3_DEGREE, WGS84
from geodata.workspace.keeping import list_imports, read_features
from geodata.workspace.records import OWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from shapely.geometry.base import BaseGeometry

    from geodata.workspace.records import Feature, Import

TILED: Final = ("counties", "towns")
"""Layers whose surfaces lie side by side: what stays of the old ones gives way to the new ones."""
LINES: Final = ("rivers", "rail", "metro", "roads")
"""Layers of lines, parted into sections with a status of their own."""
_LEAST_REACH_M: Final = 1000.0
_TAKEN_SHARE: Final = 0.5
"""Share of a section's length that new geometry beside it must have to take its place."""
_NARROWEST_M: Final = 1.0
_LARGEST_HOLE_M2: Final = 1e6
_SURFACE: Final = 2
_NOTE: Final = "imported: {file}"


def overlay(layer: str, frame: gpd.GeoDataFrame, *, read: Callable[[str], gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Return a base layer as the active imports have it.

    Parameters
    ----------
    layer
        Name of the base layer.
    frame
        Its own features, EPSG:4326, indexed by id.
    read
        Reads another base layer as it is in the end: the city is what its counties are.
    """
    imports = {each.id: each for each in list_imports() if each.active}
    if layer == "city":
        own = {number for number, _ in read_features(layer="counties")}
        return _city(frame, read("counties"), [imports[number] for number in sorted(own)]) if own else frame
    features = read_features(layer=layer)
    if not features:
        return frame
    if layer == OWN:
        return _own(features, imports, frame)
    metric = frame.to_crs(CGCS2000_3_DEGREE)
    rows = {str(index): row for index, row in zip(metric.index, metric.to_dict("records"), strict=True)}
    grounds: dict[str, BaseGeometry] = {}
    changed: set[str] = set()
    for number, feature in features:
        shape = _metric(feature)
        if layer in LINES and not feature.is_new:
            changed |= _replace_line(rows, feature, shape, imports[number])
            continue
        rows[feature.target] = _row(rows.get(feature.target), feature, shape, imports[number], layer=layer)
        grounds[feature.target] = shape
    if layer in TILED and grounds:
        changed |= _give_way(rows, grounds)
    return _frame(rows, frame, changed=changed | grounds.keys())


def _own(
    features: tuple[tuple[int, Feature], ...], imports: dict[int, Import], like: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Return the features that no place of the register is meant by, in the order of imports."""
    rows = [
        {
            "id": each.target, "name_zh": each.name_zh, "name_en": "", "kind": OWN, "import": number,
            "attributes": each.attributes, "geometry": shapely.from_wkb(each.geometry),
        }
        | _credit(imports[number])
        for number, each in features
    ]  # fmt: skip
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=WGS84)
    areas = frame.to_crs(CGCS2000_3_DEGREE).area / 1e6
    frame["area_km2"] = areas.round(3).where(areas > 0)
    return frame[list(like.columns)].set_index("id", drop=False)


def _metric(feature: Feature) -> BaseGeometry:
    shape = gpd.GeoSeries([shapely.from_wkb(feature.geometry)], crs=WGS84).to_crs(CGCS2000_3_DEGREE).iloc[0]
    return shapely.make_valid(shape) if not shape.is_valid else shape


def _credit(record: Import) -> dict[str, Any]:
    return {
        "basis": "official", "accuracy_m": record.accuracy_m, "source": record.source,
        "review_number": record.review_number, "vintage": record.date, "note": _NOTE.format(file=record.file_name),
        "source_ref": "",
    }  # fmt: skip


def _row(
    old: dict[str, Any] | None, feature: Feature, shape: BaseGeometry, record: Import, *, layer: str
) -> dict[str, Any]:
    """Return a feature's row: what is told of the old one, with the new geometry and whose it is."""
    new = {
        "id": feature.target, "line": feature.target, "section": "all", "name_zh": feature.name_zh, "name_en": "",
        "aliases": "", "kind": _KINDS.get(layer, ""), "status": "open", "colour": "", "code": "", "county": "",
        "short_zh": feature.name_zh,
    }  # fmt: skip
    row = (old or new) | _credit(record) | {"geometry": shape}
    if shapely.get_dimensions(shape) == _SURFACE:
        row["area_km2"] = round(shape.area / 1e6, 3)
    return row


_KINDS: Final = {"lakes": "lake", "rivers": "river", "zones": "zone", "rail": "railway", "metro": "metro-line",
                 "roads": "road"}  # fmt: skip


def _replace_line(rows: dict[str, dict[str, Any]], feature: Feature, shape: BaseGeometry, record: Import) -> set[str]:
    """Give every section of a line the part of the new course that runs beside it, and return those sections.

    Its status stays. A line of one section takes the whole course. A section without a new course beside it stays as
    it was.
    """
    changed = set()
    sections = [key for key, row in rows.items() if feature.target in (row["line"], key)]
    if any(key == feature.target and rows[key]["line"] != key for key in sections):
        sections = [feature.target]
    for key in sections:
        old = rows[key]
        course = shape
        if len(sections) > 1:
            reach = max(2 * float(old["accuracy_m"]), _LEAST_REACH_M)
            course = shape & old["geometry"].buffer(reach, cap_style="flat")
            if course.length < _TAKEN_SHARE * old["geometry"].length:
                continue
        rows[key] = old | _credit(record) | {"geometry": _lines(course)}
        changed.add(key)
    return changed


def _lines(shape: BaseGeometry) -> BaseGeometry:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "LineString"]
    return shapely.line_merge(shapely.MultiLineString(parts))


def _give_way(rows: dict[str, dict[str, Any]], grounds: dict[str, BaseGeometry]) -> set[str]:
    """Take the new surfaces' ground away from the old ones, and return those; a sliver that is left goes with it."""
    changed = set()
    taken = shapely.union_all(list(grounds.values()))
    shapely.prepare(taken)
    for key, row in rows.items():
        if key in grounds or not shapely.intersects(taken, row["geometry"]):
            continue
        left = row["geometry"] - taken
        # Opened by a metre: edges that were meant to be one leave slits no wider.
        left = left.buffer(-_NARROWEST_M, join_style="mitre").buffer(_NARROWEST_M, join_style="mitre") & left
        parts = [part for part in shapely.get_parts(left) if part.geom_type == "Polygon"]
        if not parts:
            continue
        row["geometry"] = shapely.union_all(parts)
        changed.add(key)
        if "area_km2" in row:
            row["area_km2"] = round(row["geometry"].area / 1e6, 3)
    return changed


def _city(frame: gpd.GeoDataFrame, counties: gpd.GeoDataFrame, own: list[Import]) -> gpd.GeoDataFrame:
    """Return the city as the union of its counties; slits between old and new edges are closed."""
    whole = shapely.union_all(counties.to_crs(CGCS2000_3_DEGREE).geometry.values)
    parts = [
        shapely.Polygon(part.exterior, [hole for hole in part.interiors if _area(hole) > _LARGEST_HOLE_M2])
        for part in shapely.get_parts(whole)
    ]
    rows = {str(index): row for index, row in zip(frame.index, frame.to_dict("records"), strict=True)}
    (key,) = rows
    sources = ";".join(dict.fromkeys(each for text in counties["source"] for each in text.split(";")))
    numbers = "; ".join(dict.fromkeys(each.review_number for each in own if each.review_number))
    accuracy = max(float(each) for each in counties["accuracy_m"])
    rows[key] |= {
        "geometry": shapely.union_all(parts), "source": sources, "review_number": numbers, "basis": "derived",
        "accuracy_m": accuracy,
    }  # fmt: skip
    return _frame(rows, frame, changed={key})


def _area(ring: BaseGeometry) -> float:
    area: float = shapely.Polygon(ring).area
    return area


def _frame(rows: dict[str, dict[str, Any]], like: gpd.GeoDataFrame, *, changed: set[str]) -> gpd.GeoDataFrame:
    """Return rows as a frame with the columns of another, EPSG:4326; what has not changed is that one's to the bit."""
    keys = list(rows)
    table = pd.DataFrame(
        {column: [row.get(column) for row in rows.values()] for column in like.columns if column != "geometry"},
        index=keys,
    )
    fresh = gpd.GeoSeries({key: rows[key]["geometry"] for key in keys if key in changed}, crs=CGCS2000_3_DEGREE)
    fresh = fresh.to_crs(WGS84)
    geometry = [fresh[key] if key in changed else like.geometry[key] for key in keys]
    frame = gpd.GeoDataFrame(table, geometry=geometry, crs=WGS84)
    for column in table.columns:
        if pd.api.types.is_numeric_dtype(like[column].dtype):
            frame[column] = pd.to_numeric(frame[column])
    text = [column for column in ("review_number", "source_ref", "note") if column in frame.columns]
    frame[text] = frame[text].fillna("")
    return frame.rename_axis(like.index.name)
