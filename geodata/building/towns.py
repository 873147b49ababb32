"""Cells for towns: the land of each county-level unit handed out among its towns, approximately.

Of one town an outline was found (``compiled/towns/outlines.csv``, basis ``derived``); every other edge here is an
estimate and says so (basis ``indicative``, an accuracy for each). What is known and used: the seat; for three towns in
five the bounding box of the true outline; the published area; and which islands belong to whom. docs/towns.md has the
method and how far it can be trusted. Never compute statistics from the cells. An official township layer, once at
hand, replaces all this.

`geodata.building.cells` draws them; this module reads what is known and makes it into what that one takes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon

from geodata.building.cells import STEP_M, Town, partition_unit
from geodata.building.counties import GRID, to_degrees, to_metric
from geodata.building.lines import build_areas
from geodata.crs import CGCS2000_3_DEGREE, WGS84, project
from geodata.tables import COMPILED, Seat, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    FloatArray = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

FOLDER: Final = COMPILED / "towns"
LAKE_MIN_KM2: Final = 3.0
"""Smaller lakes are counted as land: the towns' published areas hold them."""
STRAY_MAX_KM2: Final = 5.0
STRAY_WIDTH_M: Final = 600.0
"""Land at the edge of a unit, cut off, smaller and on average narrower than this is a mismatch of sources."""
SLIVER_WIDTH_M: Final = 300.0
"""Land narrower than this between a true outline and the edge of its unit is a mismatch of sources."""
MILLIMETRE: Final = 0.001
VAGUE_SEAT_M: Final = 2500.0
ACCURACY_FLOOR_M: Final = 500.0

SEAT_COLUMNS: Final = (
    "id", "code", "name_zh", "name_en", "aliases", "kind", "county", "basis", "accuracy_m", "published_area_km2",
    "area_source", "status", "source", "source_ref", "note",
)  # fmt: skip
CELL_COLUMNS: Final = (
    "id", "code", "name_zh", "name_en", "county", "kind", "basis", "accuracy_m", "published_area_km2", "area_km2",
    "source", "note",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """The bounding box of a true outline, degrees; of several towns where the outline is of their predecessor."""

    town: str
    name_zh: str
    west: float
    south: float
    east: float
    north: float
    source: str
    note: str = ""

    @property
    def towns(self) -> tuple[str, ...]:
        """The towns that the outline holds today."""
        return tuple(self.town.split(";"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchor:
    """A place known to lie in a town."""

    town: str
    name_zh: str
    lon: float
    lat: float
    source: str
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """What is known of a cell beyond seat and box.

    The land area it is to have, where that differs from the published one (none: whatever is left), and how good its
    edges are, where the rule does not say it.
    """

    town: str
    target_km2: float | None = None
    accuracy_m: float | None = None
    source: str = ""
    note: str = ""


def read_seats() -> tuple[Seat, ...]:
    """Read every town-level unit."""
    return read_table(FOLDER / "seats.csv", Seat)


def read_boxes() -> tuple[Box, ...]:
    """Read the bounding boxes of true outlines."""
    return read_table(FOLDER / "boxes.csv", Box)


def read_anchors() -> tuple[Anchor, ...]:
    """Read the places known to lie in a town."""
    return read_table(FOLDER / "anchors.csv", Anchor)


def build_seats() -> gpd.GeoDataFrame:
    """Return the seats that have a position as points, EPSG:4326."""
    rows = [
        {name: getattr(seat, name) for name in SEAT_COLUMNS if name != "basis"}
        | {"basis": "derived", "geometry": Point(seat.lon, seat.lat)}
        for seat in read_seats()
        if seat.lon is not None and seat.lat is not None
    ]
    return gpd.GeoDataFrame(rows, columns=[*SEAT_COLUMNS, "geometry"], geometry="geometry", crs=WGS84)


def _metric_box(box: Box) -> FloatArray:
    east, north = project([box.west, box.east, box.west, box.east], [box.south, box.south, box.north, box.north])
    return np.array([east.min(), north.min(), east.max(), north.max()])


def _describe(
    seats: Sequence[Seat],
    boxes: Sequence[Box],
    anchors: Sequence[Anchor],
    targets: Mapping[str, Target],
    land: BaseGeometry,
) -> list[Town]:
    own: defaultdict[str, list[FloatArray]] = defaultdict(list)
    shared: defaultdict[str, list[FloatArray]] = defaultdict(list)
    for box in boxes:
        for town in box.towns:
            (own if len(box.towns) == 1 else shared)[town].append(_metric_box(box))
    towns = []
    for seat in seats:
        places = [(seat.lon, seat.lat)] if seat.lon is not None and seat.lat is not None else []
        places += [(anchor.lon, anchor.lat) for anchor in anchors if anchor.town == seat.id]
        if not places:
            msg = f"towns/seats.csv {seat.id}: expected a seat or an anchor to build a cell around, got neither"
            raise ValueError(msg)
        points = np.column_stack(project([x for x, _ in places], [y for _, y in places]))
        centre, stretch = points.mean(axis=0), np.ones(2)
        if own[seat.id]:
            hull = np.array(land.intersection(shapely.union_all([shapely.box(*box) for box in own[seat.id]])).bounds)
            half = (hull[2:] - hull[:2]) / 2
            centre, stretch = (hull[2:] + hull[:2]) / 2, half / np.sqrt(half.prod())
        target = targets[seat.id].target_km2 if seat.id in targets else seat.published_area_km2
        towns.append(
            Town(
                id=seat.id,
                points=points,
                centre=centre,
                stretch=stretch,
                boxes=tuple(own[seat.id]) or tuple(shared[seat.id]),
                target=None if target is None else target * 1e6,
                own_box=bool(own[seat.id]),
            )
        )
    return towns


def land_of(county: BaseGeometry, water: gpd.GeoDataFrame) -> BaseGeometry:
    """Return a unit without its lakes of `LAKE_MIN_KM2` and more and without the Yangtze, EPSG:4326.

    Strips of a lake's far shore, left where the edge of the unit and the lake come from different sources and do not
    quite meet, are no land either.
    """
    large = water[(water.to_crs(CGCS2000_3_DEGREE).area / 1e6 >= LAKE_MIN_KM2).to_numpy()]
    wet = shapely.union_all(large[large.intersects(county)].geometry.values)
    land = shapely.set_precision(shapely.difference(county, wet, grid_size=GRID), GRID)
    polygons = [part for part in shapely.get_parts(land) if part.geom_type == "Polygon"]
    return MultiPolygon([part for part in polygons if not _is_stray_shore(part, county)])


def _is_stray_shore(part: Polygon, county: BaseGeometry) -> bool:
    metric = to_metric(part)
    if metric.area < STEP_M**2:
        return True
    at_the_edge = part.boundary.intersection(county.boundary).length > 0
    narrow = 2 * metric.area / metric.length < STRAY_WIDTH_M
    return bool(at_the_edge and metric.area / 1e6 < STRAY_MAX_KM2 and narrow)


def _accuracy(seat: Seat, town: Town, area_m2: float) -> float:
    """Return how far off the edges of a cell may be in nine cases of ten, metres, rounded up to a hundred."""
    known, unknown = (0.25, 0.3) if town.own_box else (0.4, 0.5)
    share = known if town.target else unknown
    if (seat.accuracy_m or np.inf) > VAGUE_SEAT_M:
        share += 0.1
    return float(np.ceil(max(share * np.sqrt(area_m2), ACCURACY_FLOOR_M) / 100.0) * 100.0)


def _with_slivers(outline: BaseGeometry, land: BaseGeometry) -> BaseGeometry:
    """Cut a true outline to the land of its unit, and give it the narrow strips that are left over beside it."""
    inside = shapely.intersection(outline, land, grid_size=GRID)
    rest = shapely.set_precision(to_metric(shapely.difference(land, inside, grid_size=GRID)), MILLIMETRE)
    body = rest.buffer(-SLIVER_WIDTH_M / 2).buffer(SLIVER_WIDTH_M / 2)
    edge = to_metric(inside).buffer(1.0)
    left = shapely.difference(rest, body, grid_size=MILLIMETRE)
    strips = [to_degrees(part.buffer(1.0)) for part in shapely.get_parts(left) if edge.intersects(part)]
    whole = shapely.union_all([inside, *strips], grid_size=GRID)
    beyond = shapely.get_parts(shapely.difference(land, whole, grid_size=GRID))
    crumbs = [part for part in beyond if to_metric(part).area < SLIVER_WIDTH_M**2]
    parts = shapely.get_parts(shapely.intersection(shapely.union_all([whole, *crumbs]), land, grid_size=GRID))
    return shapely.union_all([part for part in parts if isinstance(part, Polygon)], grid_size=GRID)


def build_towns(
    counties: gpd.GeoDataFrame,
    water: gpd.GeoDataFrame,
    *,
    without_boxes: frozenset[str] = frozenset(),
    blind: bool = False,
) -> gpd.GeoDataFrame:
    """Return a cell for every town, EPSG:4326; the cells of a unit add up to its land.

    Parameters
    ----------
    counties
        The county-level units, as `build_counties` returns them.
    water
        Lakes and the Yangtze as polygons; those of `LAKE_MIN_KM2` and more are no land.
    without_boxes
        Towns whose bounding box is not to be used: for measuring what the method is worth without it.
    blind
        Draw every cell, also of the towns that have an outline: for measuring the method against the truth.
    """
    seats = [seat for seat in read_seats() if seat.status == "open"]
    boxes = [box for box in read_boxes() if not without_boxes & set(box.towns)]
    anchors = read_anchors()
    targets = {target.town: target for target in read_table(FOLDER / "cells.csv", Target)}
    outlines = build_areas("towns").set_index("id").iloc[: 0 if blind else None]
    rows = []
    for county in counties.itertuples():
        land = land_of(county.geometry, water)
        for seat in (seat for seat in seats if seat.county == county.id and seat.id in outlines.index):
            outline = outlines.loc[seat.id]
            cell = _with_slivers(outline.geometry, land)
            land = shapely.difference(land, cell, grid_size=GRID)
            rows.append(
                {name: getattr(seat, name) for name in ("id", "code", "name_zh", "name_en", "county", "kind")}
                | {
                    "basis": outline.basis,
                    "accuracy_m": outline.accuracy_m,
                    "published_area_km2": seat.published_area_km2,
                    "area_km2": round(to_metric(cell).area / 1e6, 1),
                    "source": outline.source,
                    "note": outline.note,
                    "geometry": cell,
                }
            )
        members = [seat for seat in seats if seat.county == county.id and seat.id not in outlines.index]
        towns = _describe(members, boxes, anchors, targets, to_metric(land))
        cells = partition_unit(land, towns)
        for seat, town, cell in zip(members, towns, cells, strict=True):
            area_m2 = to_metric(cell).area
            known = targets[seat.id].accuracy_m if seat.id in targets else None
            rows.append(
                {name: getattr(seat, name) for name in ("id", "code", "name_zh", "name_en", "county", "kind")}
                | {
                    "basis": "indicative",
                    "accuracy_m": known or _accuracy(seat, town, area_m2),
                    "published_area_km2": seat.published_area_km2,
                    "area_km2": round(area_m2 / 1e6, 1),
                    "source": "town-cells",
                    "note": "approximate cell, no official outline; never for statistics",
                    "geometry": cell,
                }
            )
    return gpd.GeoDataFrame(rows, columns=[*CELL_COLUMNS, "geometry"], geometry="geometry", crs=WGS84)
