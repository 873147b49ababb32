"""Made-up "official" layers, so that imports are tested without real ones: cells of the towns, bent by a fixed seed."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from geodata import crs, store

SEED = 20260
BENT_M = 60.0
"""How far a vertex is moved: as far as two good maps of one edge differ."""


def towns(*, county=None):
    """Outlines like those of the cells, but not the same: thinned in common, every vertex moved a little (WGS 84)."""
    cells = store.read_base_metric("towns")
    cells = cells if county is None else cells[cells["county"] == county]
    thin = shapely.coverage_simplify(cells.geometry.values, 80.0)
    # A vertex that two towns share must move once: its move follows from where it is.
    bent = shapely.transform(thin, _bend)
    frame = gpd.GeoDataFrame(
        {"街镇名称": cells["name_zh"].to_numpy(), "行政代码": cells["code"].to_numpy(), "备注": ["虚构"] * len(cells)},
        geometry=bent, crs=crs.CGCS2000_3_DEGREE,
    )  # fmt: skip
    frame.geometry = frame.geometry.make_valid().buffer(0)
    return frame.to_crs(crs.WGS84)


def _bend(points):
    cell = np.round(points).astype(np.int64)
    angle = ((cell[:, 0] * 73_856_093) ^ (cell[:, 1] * 19_349_663) ^ SEED) % 3600 / 3600 * 2 * np.pi
    return points + BENT_M * np.column_stack([np.cos(angle), np.sin(angle)])


def moved(frame, move):
    """The same features with every coordinate moved, no system named."""

    def each(points):
        return np.column_stack(move(points[:, 0], points[:, 1]))

    return gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapely.transform(frame.geometry.values, each))


def metres_with_zone_swapped(lon, lat):
    """Northing, then easting with the zone number, as some exports have it."""
    return crs.project(lon, lat, target=crs.CGCS2000_ZONE_40)[::-1]


def as_csv(frame):
    """CSV with well-known text."""
    table = frame.drop(columns="geometry").assign(WKT=frame.geometry.to_wkt(rounding_precision=6))
    return table.to_csv(index=False)
