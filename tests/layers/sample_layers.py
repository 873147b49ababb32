"""A made-up lakeside district of nine towns with every form of piece, so that drawing is tested without real data."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString, Point, Polygon, box

from layers.model import Component, Layer, Member, Rule, Structure

ORIGIN = (545_000.0, 3_450_000.0)
SIDE = 9_000.0


def town(column: int, row: int) -> Polygon:
    x, y = ORIGIN[0] + column * SIDE, ORIGIN[1] + row * SIDE
    return box(x, y, x + SIDE, y + SIDE).segmentize(500.0)


TOWNS = {
    "town/a": ("甪直镇", "Luzhi", town(2, 1)),
    "town/b": ("郭巷街道", "Guoxiang", town(1, 1)),
    "town/c": ("越溪街道", "Yuexi", town(0, 1)),
    "town/d": ("木渎镇", "Mudu", town(0, 2)),
    "town/e": ("横泾街道", "Hengjing", town(0, 0)),
    "town/f": ("太湖街道", "Taihu Subdistrict", town(1, 0)),
}
CENTRES = {key: entry[2].centroid for key, entry in TOWNS.items()}


def component(no: int, name: str, role: str, form: str, **more) -> Component:
    return Component(no=no, name_zh=name, name_en=f"part {no}", role=role, lines=(no,), rule=Rule(form=form), **more)


def named(keys: list[str]) -> tuple[Member, ...]:
    return tuple(Member(name=TOWNS[key][0], extent="whole") for key in keys)


def piece(no: int, form: str, geometry, **more) -> dict:
    row = {
        "component": no, "form": form, "basis": "indicative", "extent": "", "place": "", "name_zh": "", "name_en": "",
        "width_m": float("nan"), "order": -1, "status": "", "theme": "", "colour": "", "clip": None,
        "accuracy_m": 500.0,
        "geometry": geometry,
    }  # fmt: skip
    return row | more


def fill(no: int, key: str, extent: str, **more) -> dict:
    zh, en, geometry = TOWNS[key]
    return piece(no, "fill", geometry, extent=extent, place=key, name_zh=zh, name_en=en, **more)


def built(structure_id: str, name: str, components: list[Component], pieces: list[dict]) -> Layer:
    structure = Structure(
        id=structure_id, plan="wuzhong-14fyp", name_zh=name, name_en="A sample structure", kind="polycentric-layout",
        importance=1, chapter="第二章第四节", lines=(213, 229), components=tuple(components),
    )  # fmt: skip
    frame = gpd.GeoDataFrame(pieces, geometry="geometry", crs=4549)
    rows = []
    for c in components:
        own = frame[frame["component"] == c.no]
        shape = shapely.union_all(own.geometry.to_crs(4326).to_numpy()) if len(own) else Polygon()
        basis = own["basis"].iloc[0] if len(own) else "unlocated"
        rows.append(
            {
                "id": f"wuzhong-14fyp/{structure_id}#{c.no}", "layer": f"wuzhong-14fyp/{structure_id}",
                "plan": "wuzhong-14fyp", "structure": structure_id, "structure_zh": name, "component": c.no,
                "component_zh": c.name_zh, "component_en": c.name_en, "role": c.role, "basis": basis,
                "accuracy_m": 1500.0, "area_km2": None, "stated_area_km2": c.stated_area_km2,
                "members": "; ".join(m.name for m in c.members), "theme": c.theme_zh, "chapter": "第二章第四节",
                "lines": str(c.no), "source": "sample", "valid_on": "2026-11-21",
                "how_zh": "依规划所列镇街连线，宽度无规划依据。", "how_en": "links the towns listed.",
                "geometry": shape,
            }
        )  # fmt: skip
    features = gpd.GeoDataFrame(pd.DataFrame(rows), geometry="geometry", crs=4326)
    return Layer(structure=structure, features=features, pieces=frame)


def core_axis_belt() -> Layer:
    """Whole and shared members, an arrow with two limbs that share a trunk, a belt along a shore."""
    members = {
        1: ["town/f", "town/c"],
        2: ["town/a", "town/b", "town/c", "town/d", "town/e"],
        3: ["town/d", "town/e", "town/c"],
    }
    components = [
        component(1, "中心城市核", "core", "union", members=named(members[1])),
        component(2, "先进制造轴", "axis", "axis", members=named(members[2])),
        component(3, "生态文旅带", "belt", "along", members=named(members[3])),
        component(4, "多廊", "corridor", "unlocated"),
    ]  # fmt: skip
    pieces = [fill(no, key, "whole") for no, keys in members.items() for key in keys]
    trunk = [CENTRES[k] for k in ("town/a", "town/b", "town/c")]
    limbs = [LineString([*trunk, CENTRES[end]]) for end in ("town/d", "town/e")]
    pieces += [piece(2, "arrow", limb, width_m=2000.0) for limb in limbs]
    y = np.linspace(ORIGIN[1] - 2_000, ORIGIN[1] + 3 * SIDE, 60)
    shore = LineString(np.stack([ORIGIN[0] + 400 * np.sin(y / 1500.0), y], axis=1))
    pieces.append(
        piece(
            3,
            "band",
            shore,
            width_m=3000.0,
            clip=shapely.to_wkb(box(*ORIGIN, ORIGIN[0] + 3 * SIDE, ORIGIN[1] + 3 * SIDE).buffer(4000)),
        )
    )
    return built("core-axis-belt", "核轴带", components, pieces)


def parks_and_lines() -> Layer:
    """Discs, a block, sites, numbered anchors, a patch, a ring and lines of every status."""
    x, y = ORIGIN
    components = [
        component(1, "科学城", "park", "disc", stated_area_km2=10.0),
        component(2, "金融集聚区", "park", "block"),
        component(3, "创新园", "park", "point"),
        component(4, "历史片区", "district", "point"),
        component(5, "主城", "core", "area"),
        component(6, "环湖圈", "ring", "ring"),
        component(7, "高速铁路", "line", "line"),
        component(8, "城际铁路", "line", "line"),
        component(9, "综合枢纽", "hub", "point"),
        component(10, "小园", "park", "disc", stated_area_km2=0.2),
        component(11, "水廊", "corridor", "along"),
    ]
    track = LineString([(x, y), (x + SIDE, y + 3000), (x + 3 * SIDE, y + 1000)])
    pieces = [
        piece(1, "disc", Point(x + 5000, y + 5000).buffer(np.sqrt(10e6 / np.pi)), basis="schematic", name_zh="科学城"),
        piece(2, "block", box(x + 12_000, y + 5000, x + 15_000, y + 8000), basis="derived"),
        piece(3, "point", Point(x + 20_000, y + 20_000), basis="schematic"),
        piece(4, "point", Point(x + 21_000, y + 15_000), basis="schematic"),
        piece(5, "patch", box(x + 9000, y + 15_000, x + 15_000, y + 21_000)),
        piece(6, "ring", Point(x + 5000, y + 20_000).buffer(3000).exterior, width_m=1000.0),
        piece(7, "line", track, basis="schematic", status="open", theme="rail"),
        piece(
            8,
            "line",
            shapely.affinity.translate(track, 0, 2500),
            basis="schematic",
            status="construction",
            theme="rail",
        ),
        piece(8, "line", shapely.affinity.translate(track, 0, -2500), basis="schematic", status="study", theme="rail"),
        piece(9, "point", Point(x + SIDE, y + 3000), basis="derived"),
        piece(10, "disc", Point(x + 25_000, y + 5000).buffer(np.sqrt(0.2e6 / np.pi)), basis="schematic"),
        piece(11, "band", shapely.affinity.translate(track, 0, 9000), width_m=1500.0),
    ]
    return built("parks-and-lines", "园与线", components, pieces)
