"""Does `plan-atlas at` say what a plain computation over the exported GeoPackage says? Only pyogrio and shapely."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyogrio
import shapely

from layers.files import choose_layers, read_formats, read_systems
from layers.files.making import Wish, open_tables, write_format
from layers.reading import open_index

if TYPE_CHECKING:
    from collections.abc import Iterator

NEAR_M = 2000.0
POINTS = 1000
_HALF_DECIMETRE = 0.06


def read_features(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return ids, accuracies and shapes (EPSG:4549) of every feature of a GeoPackage."""
    ids, accuracies, shapes = [], [], []
    for name, kind in pyogrio.list_layers(path):
        if kind is not None:
            frame = pyogrio.read_dataframe(path, layer=name, columns=["id", "accuracy_m"])
            ids += frame["id"].tolist()
            accuracies += frame["accuracy_m"].tolist()
            shapes += list(frame.geometry)
    return np.array(ids), np.array(accuracies), np.array(shapes, dtype=object)


def compare(plan: str | None = None, *, points: int = POINTS) -> tuple[int, list[str]]:
    """Ask about random points and return how many answers were compared, and what differed.

    Parameters
    ----------
    plan
        Only this plan's layers; all by default.
    """
    layers = choose_layers(plan=plan, everything=plan is None)
    tables = open_tables(Wish(layers=tuple(layers), formats=("gpkg",)))
    written = write_format(tables, read_formats()["gpkg"], read_systems()["4549"], lang="zh", day=None, stem="a")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gpkg"
        path.write_bytes(written.files["a.gpkg"])
        ids, accuracies, shapes = read_features(path)
    index = open_index()
    tree = shapely.STRtree(shapes)
    west, south, east, north = 119.9, 30.75, 121.35, 32.05
    chance = np.random.default_rng(20_261)
    differences: list[str] = []
    compared = 0
    wanted = set(layers)
    for lon, lat in zip(chance.uniform(west, east, points), chance.uniform(south, north, points), strict=True):
        hits = {
            hit.feature: hit for hit in index.at_point(lon, lat, near_m=NEAR_M).hits if hit.layer in wanted
        }  # fmt: skip
        x, y = _project(lon, lat)
        spot = shapely.Point(x, y)
        found = {ids[i]: i for i in tree.query(spot, predicate="dwithin", distance=NEAR_M)}
        differences += [f"{lon:.6f} {lat:.6f}: {fid}" for fid in hits.keys() ^ found.keys()]
        for fid in hits.keys() & found.keys():
            compared += 1
            differences += _differ(hits[fid], shapes[found[fid]], float(accuracies[found[fid]]), spot)
    return compared, differences


def _differ(hit: Any, shape: Any, accuracy_m: float, spot: Any) -> Iterator[str]:
    """Yield what a hit says otherwise than the shape."""
    distance = shapely.distance(shape, spot)
    if abs(hit.distance_m - distance) > _HALF_DECIMETRE:
        yield f"{hit.feature}: {hit.distance_m} m, not {distance:.2f}"
    inside = distance == 0 and shapely.get_dimensions(shape) == 2  # noqa: PLR2004
    edge = shapely.distance(shapely.boundary(shape), spot) if inside else None
    if (hit.edge_m is None) != (edge is None) or (edge is not None and abs(hit.edge_m - edge) > _HALF_DECIMETRE):
        yield f"{hit.feature}: {hit.edge_m} m from the edge, not {edge}"
    if hit.certainty == "certain" and (edge is None or edge < accuracy_m * 0.99):
        yield f"{hit.feature}: certain, {edge} m from the edge, known to {accuracy_m} m"
    if hit.certainty == "near" and distance <= accuracy_m - _HALF_DECIMETRE:
        yield f"{hit.feature}: only near, at {distance:.1f} m, known to {accuracy_m} m"


def _project(lon: float, lat: float) -> tuple[float, float]:
    """Project by PROJ itself, not by the code under test."""
    from pyproj import Transformer

    x, y = Transformer.from_crs(4326, 4549, always_xy=True).transform(lon, lat)
    return float(x), float(y)


def results() -> Iterator[dict[str, Any]]:
    """Yield the measurement."""
    compared, differences = compare()
    yield {"what": f"answers at {POINTS} points compared with the exported GeoPackage", "value": compared, "unit": ""}
    yield {"what": "of which differ from a plain computation", "value": len(differences), "unit": "", "bar": 0}
