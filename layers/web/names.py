"""Names on the web map: where each may stand, from which zoom on, and who goes first.

A name is a GeoJSON feature: a point where its middle stands, or the line that its letters follow. The browser sets
the letters in pixels and settles collisions between layers; here each layer's names are placed among themselves.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from shapely.geometry import LineString, Point

from gazetteer import open_register
from geodata import store
from layers.drawing import draw, small_shapes
from layers.drawing.names import component_label, names
from layers.labels import Request, Scene, estimate_width, place
from layers.labels.request import MM_PER_PT
from layers.style import role_colours
from layers.web.bands import PX_PER_MM, web_style
from layers.web.encoding import encode_geometry

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from layers.drawing import Mark
    from layers.labels import Placed
    from layers.model import Layer
    from layers.style import Style
    from layers.web.bands import Band
    from layers.web.marks import Feature, Paint

COMPONENT_PX: Final = 16.0
MEMBER_PX: Final = 12.5
SMALL_PX: Final = 12.5
_MEMBERS_FROM: Final = 10
_MANY: Final = 6
_LATER: Final = {"park": 11, "site": 11, "node": 10, "section": 10}
"""Roles whose names wait for closer zooms where there are many of them: a district fills the screen at zoom 11."""
_AIR_MM: Final = 25.0
_BESIDE_MM: Final = 5.0


def name_layer(layer: Layer, *, style: Style, band: Band) -> list[Feature]:
    """Place the names of a layer's components and members for a zoom band."""
    components = {component.no: component for component in layer.structure.components}
    crowds = Counter(component.role for component in components.values())
    wanted = names(layer, style=web_style(style), metres_per_mm=band.metres_per_mm)
    requests = []
    english: dict[tuple[str, int], str] = {}
    for request in wanted:
        component = components[request.component]
        if _kind_of(request) != "component":
            first, px = _MEMBERS_FROM, MEMBER_PX
        else:
            first = _LATER.get(component.role, 8) if crowds[component.role] > _MANY else 8
            px = COMPONENT_PX if request.kind.startswith("component") and first <= band.first else SMALL_PX
        if first <= band.last:
            english[request.text, request.component] = request.english
            requests.append(replace(request, size_pt=_points(px), english="", spacing_em=min(request.spacing_em, 0.45)))
    if not requests:
        return []
    bounds = shapely.total_bounds(shapely.GeometryCollection([request.geometry for request in requests]))
    air = _AIR_MM * band.metres_per_mm
    drawn = draw(layer, style=web_style(style), metres_per_mm=band.metres_per_mm, rings=2, shared_out=False)
    scene = Scene(
        frame=(bounds[0] - air, bounds[1] - air, bounds[2] + air, bounds[3] + air), metres_per_mm=band.metres_per_mm,
        avoid=tuple(small_shapes(drawn, metres_per_mm=band.metres_per_mm)),
    )  # fmt: skip
    features = []
    grounds = _grounds(drawn, band=band)
    for placed in place(requests, scene=scene, measure=estimate_width):
        request, component = placed.request, components[placed.request.component]
        kind = _kind_of(request)
        first = (
            _MEMBERS_FROM
            if kind != "component"
            else _LATER.get(component.role, 8)
            if crowds[component.role] > _MANY
            else 8
        )
        own = english[request.text, request.component]
        properties: dict[str, Any] = {
            "k": kind,
            "zh": request.text,
            "en": own or (component_label(component, lang="en") if kind == "component" else ""),
            "c": request.component,
            "px": round(request.size_pt * MM_PER_PT * PX_PER_MM, 1),
            "ink": request.colour,
            "from": first,
            "pr": request.priority,
            "b": 1,
        }
        geometry, more = _stand(placed)
        if geometry.geom_type == "LineString" and not _holds_middle(grounds.get(request.component), geometry):
            longest = max(shapely.get_parts(request.geometry), key=shapely.length)
            geometry, more = longest.interpolate(0.5, normalized=True), {}
        if request.place:
            properties["p"] = request.place
        features.append({"type": "Feature", "geometry": encode_geometry(geometry), "properties": properties | more})
    return features


def _grounds(drawn: list[Mark], *, band: Band) -> dict[int, BaseGeometry]:
    """Return what each component covers in a band, with the room beside a line where its name may stand."""
    parts: dict[int, list[BaseGeometry]] = defaultdict(list)
    for mark in drawn:
        if mark.kind in ("fade", "under", "fill"):
            parts[mark.component].append(mark.geometry)
        elif mark.kind == "line":
            parts[mark.component].append(mark.geometry.buffer(_BESIDE_MM * band.metres_per_mm, quad_segs=2))
    return {no: shapely.union_all(found) for no, found in parts.items()}


def _holds_middle(ground: BaseGeometry | None, letters: BaseGeometry) -> bool:
    """Tell whether the middle of a curved name stands on its own thing."""
    return ground is None or bool(ground.intersects(letters.interpolate(0.5, normalized=True)))


def _kind_of(request: Request) -> str:
    """Tell a component's own name from that of a member, and of a hub or anchor that it rests on."""
    if request.kind == "member":
        return "member"
    return "hub" if request.kind == "site" and request.place and not request.required else "component"


def _points(px: float) -> float:
    """Return the type size (pt of the style file) that comes out at `px` on screen."""
    return px / PX_PER_MM / MM_PER_PT


def name_anchors(layer: Layer, features: list[Feature], paints: dict[str, Paint], *, style: Style) -> list[Feature]:
    """Name the numbered anchors among painted features: paper lists them at the side, a screen has room beside them."""
    components = {component.no: component for component in layer.structure.components}
    named = []
    for feature in features:
        paint = paints[feature["properties"]["s"]]
        if paint["k"] != "symbol" or not paint.get("t"):
            continue
        component = components[feature["properties"]["c"]]
        properties = {
            "k": "component",
            "zh": component_label(component),
            "en": component_label(component, lang="en"),
            "c": component.no,
            "px": SMALL_PX,
            "ink": role_colours(component.role, style).ink,
            "from": 8,
            "pr": 3,
            "b": 1,
            "at": round(paint["sz"] / 2.0 + 3.0, 1),
        }
        named.append({"type": "Feature", "geometry": feature["geometry"], "properties": properties})
    return named


def _stand(placed: Placed) -> tuple[BaseGeometry, dict[str, Any]]:
    """Return where a name stands: its point, its middle, or the line of its letters; and how."""
    request = placed.request
    if request.mode == "point":
        return request.geometry, {"at": round(request.gap_mm * PX_PER_MM, 1)}
    if request.mode == "curve" and len(placed.runs) > 1:
        points = np.array([(run.x, run.y) for run in placed.runs])
        upright = all(run.angle == 0.0 for run in placed.runs)
        return LineString(points), {"up": 1} if upright else {}
    boxes = np.array(placed.boxes)
    return Point((boxes[:, 0].min() + boxes[:, 2].max()) / 2.0, (boxes[:, 1].min() + boxes[:, 3].max()) / 2.0), {}


# ------------ base map

_LAKE_PX: Final = (12.0, 30.0)
_LAKE_PX_PER_SIDE: Final = 0.085
_TOWNS_FROM: Final = 12
_FOCUS_TOWNS_FROM: Final = 11
"""In the district that a plan is about: its towns that no component names are named too."""
_STATIONS_FROM: Final = 12


def name_base(*, style: Style, band: Band) -> list[Feature]:
    """Place the names of the base map: counties, lakes, rivers, towns, stations, and the cities next door."""
    features = [*_county_names(style), *_lake_names(style, band), *_neighbour_names(style)]
    if band.last >= _FOCUS_TOWNS_FROM:
        features += _town_names(style)
    if band.last >= _TOWNS_FROM:
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
    zooms = {"from": _TOWNS_FROM, "near": _FOCUS_TOWNS_FROM}
    for town_id, row in store.read_metric("town_seats").iterrows():
        place = {"p": f"town/{town_id}", "co": row["county"]}
        yield _name(row.geometry, row, k="town", g="towns", px=12.5, ink=style.text.second, pr=7, **zooms, **place)


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
