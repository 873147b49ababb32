"""Names on the web map: where each may stand, from which zoom on, and who goes first.

A name is a GeoJSON feature: a point where its middle stands, or the line that its letters follow. The browser sets
the letters in pixels and settles collisions between layers; here each layer's names are placed among themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from shapely.geometry import LineString, Point

from geodata import store
from gazetteer import open_register
from layers.drawing.cells import cells_of
from layers.drawing.symboliser import spines_of
from layers.labels import Request, Scene, estimate_width, place
from layers.labels.request import MM_PER_PT
from layers.style import component_colours
from layers.web.bands import PX_PER_MM, web_style
from layers.web.encoding import encode_geometry

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from layers.labels import Placed
    from layers.model import Component, Layer
    from layers.style import Style
    from layers.web.bands import Band
    from layers.web.marks import Feature

COMPONENT_PX: Final = 16.0
MEMBER_PX: Final = 12.5
SMALL_PX: Final = 12.0
_MEMBERS_FROM: Final = 10
_FIRST_ZOOM: Final = {"park": 11, "site": 11, "node": 10, "section": 10, "line": 9}
"""Roles whose names come later than the others', because there are many of them."""
_AIR_MM: Final = 25.0
_CURVED: Final = ("arrow", "band", "ring", "line")


def name_layer(layer: Layer, *, style: Style, band: Band) -> list[Feature]:
    """Place the names of a layer's components and members for a zoom band."""
    requests = list(_requests(layer, style=style, band=band))
    if not requests:
        return []
    bounds = shapely.total_bounds(shapely.GeometryCollection([r.geometry for r in requests]))
    air = _AIR_MM * band.metres_per_mm
    frame = (bounds[0] - air, bounds[1] - air, bounds[2] + air, bounds[3] + air)
    scene = Scene(frame=frame, metres_per_mm=band.metres_per_mm)
    names = {component.no: component for component in layer.structure.components}
    return [
        feature
        for placed in place(requests, scene=scene, measure=estimate_width)
        if (feature := _feature(placed, names, band)) is not None
    ]


def _points(px: float) -> float:
    """Return the type size (pt of the style file) that comes out at `px` on screen."""
    return px / PX_PER_MM / MM_PER_PT


def _requests(layer: Layer, *, style: Style, band: Band) -> Iterator[Request]:
    style = web_style(style)
    colours = component_colours(layer.structure, style)
    pieces = layer.pieces[~(layer.pieces.geometry.is_empty | layer.pieces.geometry.isna())]
    cells = cells_of(pieces[pieces["form"] == "fill"])
    for component in layer.structure.components:
        rows = pieces[pieces["component"] == component.no]
        if rows.empty or _FIRST_ZOOM.get(component.role, 0) > band.last:
            continue
        lines = spines_of(layer, component.no, metres_per_mm=band.metres_per_mm)
        lines = [line for line in lines if line.length > 8.0 * band.metres_per_mm]
        areas = [cell.geometry for cell in cells if cell.components == (component.no,)]
        areas = areas or [cell.geometry for cell in cells if component.no in cell.components]
        areas += list(rows[rows["form"].isin(["disc", "block", "patch"])].geometry)
        area = shapely.union_all([part for part in shapely.get_parts(areas) if part.geom_type == "Polygon"], grid_size=1.0)
        common: dict[str, Any] = {
            "text": component.name_zh, "size_pt": _points(COMPONENT_PX), "bold": True, "required": True,
            "colour": colours[component.no].ink, "priority": 0, "component": component.no, "kind": "component",
        }  # fmt: skip
        width = _points(COMPONENT_PX) * MM_PER_PT * len(component.name_zh) * 1.3 * band.metres_per_mm
        long_enough = [line for line in lines if line.length > width]
        if long_enough and not (set(rows["form"]) <= {"line"} and band.first < 10):  # noqa: PLR2004
            on = "arrow" in set(rows["form"])
            yield Request(
                mode="curve", geometry=shapely.MultiLineString(long_enough), spacing_em=0.45,
                gap_mm=0.0 if on else 1.6, **common,
            )  # fmt: skip
        elif not area.is_empty and area.area > 0:
            yield Request(mode="around", geometry=area, **common)
        else:
            middle = lines[0].interpolate(0.5, normalized=True) if lines else shapely.get_parts(
                rows.geometry.iloc[0])[0].representative_point()
            yield Request(mode="point", geometry=middle, gap_mm=2.0, **common)
    if band.last < _MEMBERS_FROM:
        return
    for cell in cells:
        if cell.name_zh and cell.name_zh not in {component.name_zh for component in layer.structure.components}:
            yield Request(
                text=cell.name_zh, english=cell.name_en, mode="area", geometry=cell.geometry, priority=1,
                required=True, size_pt=_points(MEMBER_PX), bold=True, colour=style.text.ink,
                component=cell.components[0], place=cell.place, kind="member",
            )  # fmt: skip


def _feature(placed: Placed, names: dict[int, Component], band: Band) -> Feature | None:
    request = placed.request
    geometry: BaseGeometry
    if request.mode == "curve":
        points = np.array([(run.x, run.y) for run in placed.runs])
        steep = all(run.angle == 0.0 for run in placed.runs) and np.ptp(points[:, 1]) > np.ptp(points[:, 0])
        geometry = LineString(points) if len(points) > 1 else Point(points[0])
    else:
        steep = False
        boxes = np.array(placed.boxes)
        geometry = Point((boxes[:, 0].min() + boxes[:, 2].max()) / 2.0, (boxes[:, 1].min() + boxes[:, 3].max()) / 2.0)
    component = names[request.component]
    english = request.english if request.kind == "member" else component.name_en
    first = _MEMBERS_FROM if request.kind == "member" else _FIRST_ZOOM.get(component.role, 8)
    size = MEMBER_PX if request.kind == "member" else SMALL_PX if first > band.first else COMPONENT_PX
    properties: dict[str, Any] = {
        "k": request.kind, "zh": request.text, "en": english, "c": request.component, "px": size,
        "ink": request.colour, "from": first, "pr": request.priority, "b": 1,
    }  # fmt: skip
    if request.place:
        properties["p"] = request.place
    if steep:
        properties["up"] = 1
    return {"type": "Feature", "geometry": encode_geometry(geometry), "properties": properties}


# ------------------------------------------------------------------------------------------------ base map

_LAKE_PX: Final = (12.0, 30.0)
_LAKE_PX_PER_SIDE: Final = 0.085
_TOWNS_FROM: Final = 12
_STATIONS_FROM: Final = 12


def name_base(*, style: Style, band: Band) -> list[Feature]:
    """Place the names of the base map: counties, lakes, rivers, towns, stations, and the cities next door."""
    features = [*_county_names(style), *_lake_names(style, band), *_neighbour_names(style)]
    if band.last >= _TOWNS_FROM:
        features += _town_names(style)
        features += _river_names(style, band)
        for layer, group in (("rail_stations", "rail"), ("metro_stations", "metro")):
            features += _station_names(layer, group, style)
    return features


def _name(shape: BaseGeometry, row: Any, **more: Any) -> Feature:
    properties = {"zh": row["name_zh"], "en": row["name_en"]} | more
    return {"type": "Feature", "geometry": encode_geometry(shape), "properties": properties}


def _middle(shape: BaseGeometry, *, tolerance: float = 200.0) -> Point:
    """Return the middle of the widest part of an area."""
    return Point(shapely.maximum_inscribed_circle(shape.simplify(tolerance), tolerance=tolerance).coords[0])


def _county_names(style: Style) -> Iterator[Feature]:
    lakes = shapely.union_all(store.read_metric("lakes").geometry.values)
    for county_id, row in store.read_metric("counties").iterrows():
        spot = _middle(row.geometry.difference(lakes))
        yield _name(spot, row, k="county", g="counties", px=14, ink=style.text.third, pr=5, sp=0.5, **{"from": 8},
                    id=county_id)  # fmt: skip


def _lake_names(style: Style, band: Band) -> Iterator[Feature]:
    for lake_id, row in store.read_metric("lakes").iterrows():
        side = float(np.sqrt(row.geometry.area)) / band.metres_per_px
        if side < 2.0 * len(row["name_zh"]) * _LAKE_PX[0] * 0.5:
            continue
        px = round(float(np.clip(side * _LAKE_PX_PER_SIDE, *_LAKE_PX)), 1)
        yield _name(_middle(row.geometry), row, k="lake", g="water", px=px, ink=style.text.water, pr=4, sp=0.4,
                    se=1, **{"from": band.first}, id=lake_id)  # fmt: skip


def _river_names(style: Style, band: Band) -> Iterator[Feature]:
    for _, rows in store.read_metric("rivers").groupby("line"):
        row = rows.iloc[int(rows.geometry.length.argmax())]
        yield from _along(row, style=style, band=band)


def _along(row: pd.Series[Any], *, style: Style, band: Band) -> Iterator[Feature]:
    line = row.geometry.simplify(3.0 * band.metres_per_px)
    if line.geom_type != "LineString":
        return
    length = len(row["name_zh"]) * 22.0 * band.metres_per_px
    if line.length < 1.5 * length:
        return
    for share in (0.35, 0.7):
        middle = line.length * share
        part = shapely.ops.substring(line, middle - length / 2.0, middle + length / 2.0)
        if part.coords[0][0] > part.coords[-1][0]:
            part = part.reverse()
        yield _name(part, row, k="river", g="water", px=12, ink=style.text.water, pr=8, sp=0.6, se=1, **{"from": 12})


def _town_names(style: Style) -> Iterator[Feature]:
    for town_id, row in store.read_metric("town_seats").iterrows():
        yield _name(row.geometry, row, k="town", g="towns", px=12.5, ink=style.text.second, pr=7,
                    **{"from": _TOWNS_FROM}, p=f"town/{town_id}")  # fmt: skip


def _station_names(layer: str, group: str, style: Style) -> Iterator[Feature]:
    first = _STATIONS_FROM + (2 if group == "metro" else 0)
    for _, row in store.read_metric(layer).iterrows():
        yield _name(row.geometry, row, k="station", g=group, px=11.5, ink=style.text.ink, pr=9, dot=1,
                    **{"from": first})  # fmt: skip


def _neighbour_names(style: Style) -> Iterator[Feature]:
    for found in open_register().places.values():
        if found.category == "city" and found.resolution == "outside" and found.position is not None:
            feature = {"zh": found.name_zh, "en": found.name_en, "k": "neighbour", "g": "counties", "px": 13,
                       "ink": style.text.third, "pr": 6, "sp": 0.5, "from": 8}  # fmt: skip
            lon, lat = found.position
            yield {"type": "Feature", "geometry": {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]},
                   "properties": feature}  # fmt: skip
