"""Coordinate systems recognised by fit: each candidate puts the file somewhere, and the right one puts it in place.

In degrees WGS 84 and CGCS2000 are one at map scale; GCJ-02 lies 464 m off at Suzhou, BD-09 another 700 m. What the
file's edges should coincide with tells them apart; where nothing does, no choice is made.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from pyproj import CRS, Transformer

from geodata import crs, store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from geodata.importing.kinds import Kind

    Move = Callable[[Any, Any], tuple[Any, Any]]

DEGREES: Final = ("4326", "gcj02", "bd09")
METRES: Final = (4549, 4528, 4510, 4499, 32651, 3857)
"""CGCS2000 in 3 degrees without and with its zone number, in 6 degrees likewise; UTM 51N; Web Mercator."""
SWAPPED: Final = "-swapped"
_NEAR_CITY_M: Final = 3_000.0
_LEAST_SHARE: Final = 0.5
"""Share of the features that must lie in the city for a candidate to be thought of."""
_QUANTILE: Final = 0.3
"""Of the distances from known edges: of part of a city only part of the edges is known."""
_CLEARLY: Final = 0.65
"""A candidate is clearly best when the next one lies off by half as much again."""
_FITS_M: Final = 450.0
_MANY_VERTICES: Final = 200_000
_THINNED: Final = 10_000.0
"""Share of a file's width to which its edges are thinned: some 10 m of the city."""
_MOST_SAMPLES: Final = 3_000
_LEAST_SAMPLES: Final = 30
_LEAST_NAMES: Final = 3
_SURE_NAME_M: Final = 300.0
_MEANT: Final = {4326: "4326", 4490: "4326", 4979: "4326", 4480: "4326"}
"""Codes of systems in degrees that are one at map scale."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchor:
    """A feature whose name is known, and where that place lies."""

    feature: int
    """Position in the table, from 0."""
    lon: float
    lat: float
    accuracy_m: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Fit:
    """How well a candidate fits.

    Attributes
    ----------
    system
        ``4326`` (with 4490), ``gcj02``, ``bd09``, an EPSG code, each perhaps with ``-swapped``.
    inside
        Share of the features that fall in the city, 0 to 1.
    edges_m
        Distance from known edges within which three in ten of its edge points lie; None where no edge is known.
    names_m
        Median distance of named features from where those places are known to be; None without any.
    """

    system: str
    inside: float
    edges_m: float | None = None
    names_m: float | None = None
    sure_names: bool = False
    """Whether those places are known well enough to tell datums apart."""

    @property
    def misfit_m(self) -> float:
        """What candidates are ranked by, metres: the edges, or else the names; infinite outside the city."""
        if self.inside < _LEAST_SHARE:
            return math.inf
        told = self.edges_m if self.edges_m is not None else self.names_m
        return math.inf if told is None else told


@dataclass(frozen=True, kw_only=True, slots=True)
class Recognised:
    """The candidates, best first, and what may be said of them.

    Attributes
    ----------
    system
        The one to use, or "" where the reader has to choose.
    doubt
        Why the reader has to choose: ``alike`` (two fit alike), ``contradiction`` (the file names another one),
        ``nowhere`` (none puts it in Suzhou); "" otherwise.
    declared
        What the file names, in words; "" without.
    """

    system: str
    doubt: str
    fits: tuple[Fit, ...]
    declared: str = ""


@cache
def _mover(code: int) -> Transformer:
    return Transformer.from_crs(CRS.from_epsg(code), CRS.from_epsg(crs.WGS84), always_xy=True)


def check_system(system: str) -> str:
    """Return the key of a system that a reader names: ``4490``, ``EPSG:4549``, ``gcj02``, ``4326-swapped``.

    Raises
    ------
    ValueError
        If it is refused, or not known.
    """
    text = system.strip().lower().removeprefix("epsg:")
    base, swapped = text.removesuffix(SWAPPED), SWAPPED if text.endswith(SWAPPED) else ""
    base = {"wgs84": "4326", "cgcs2000": "4326", "gcj-02": "gcj02", "bd-09": "bd09"}.get(base, base)
    if base.isdigit():
        code = int(base)
        if code in crs.REFUSED_EPSG:
            msg = f"EPSG:{code} is refused: {crs.REFUSED_EPSG[code]}. Have the surveying office convert the data first."
            raise ValueError(msg)
        base = _MEANT.get(code, base)
    if base not in (*DEGREES, *map(str, METRES)):
        known = ", ".join((*DEGREES, "4490", *map(str, METRES)))
        msg = f"expected a coordinate system out of {known} (with -swapped for northing first), got {system!r}"
        raise ValueError(msg)
    return base + swapped


def mover_of(system: str) -> Move:
    """Return what takes coordinates of a system to WGS 84 degrees: arrays x, y to arrays longitude, latitude."""
    base, swapped = system.removesuffix(SWAPPED), system.endswith(SWAPPED)

    def move(x: Any, y: Any) -> tuple[Any, Any]:
        if swapped:
            x, y = y, x
        if base == "4326":
            return np.asarray(x, float), np.asarray(y, float)
        if base == "gcj02":
            return crs.gcj02_to_wgs84(x, y)
        if base == "bd09":
            return crs.bd09_to_wgs84(x, y)
        lon, lat = _mover(int(base)).transform(x, y)
        return np.asarray(lon), np.asarray(lat)

    return move


def move_all(geometry: Sequence[Any], system: str) -> list[Any]:
    """Return geometries of a system in WGS 84 degrees; None stays None."""
    move = mover_of(system)

    def each(points: Any) -> Any:
        return np.column_stack(move(points[:, 0], points[:, 1])) if len(points) else points

    return list(shapely.transform(np.array(geometry, dtype=object), each))


def recognise(
    geometry: Sequence[Any], *, kind: Kind, declared: CRS | None = None, anchors: Sequence[Anchor] = ()
) -> Recognised:
    """Find the coordinate system of features by where each candidate puts them.

    Parameters
    ----------
    geometry
        In the file's own coordinates; None where a feature has none.
    kind
        What the file holds: says which known edges it should coincide with.
    declared
        What the file names.
    anchors
        Named features whose place is known.

    Raises
    ------
    ValueError
        If the file names a datum that is refused; the message says why.
    """
    meant, told = _meaning(declared)
    shapes = [shape for shape in geometry if shape is not None and not shape.is_empty]
    middles = np.array([_middle(shape) for shape in shapes]).reshape(-1, 2)
    middles = middles[np.isfinite(middles).all(axis=1)]
    edges = _edge_points(shapes)
    spots = np.array([_middle(geometry[each.feature]) for each in anchors]).reshape(-1, 2)
    fits = []
    for system in (*DEGREES, *map(str, METRES)):
        for key in (system, system + SWAPPED):
            fit = _fit(key, middles=middles, edges=edges, spots=spots, anchors=anchors, kind=kind)
            if fit is not None:
                fits.append(fit)
    fits.sort(key=lambda fit: (fit.misfit_m, -fit.inside, fit.system != meant))
    return _decide(fits, meant=meant, told=told)


def _meaning(declared: CRS | None) -> tuple[str, str]:
    """Return the key and the words of a declared system; one that is no candidate has no key."""
    if declared is None:
        return "", ""
    code = declared.to_epsg() or 0
    geographic = declared.geodetic_crs
    base = geographic.to_epsg() if geographic is not None else None
    for each in (code, base or 0):
        if each in crs.REFUSED_EPSG:
            msg = f"EPSG:{each} is refused: {crs.REFUSED_EPSG[each]}. Have the surveying office convert the data first."
            raise ValueError(msg)
    key = _MEANT.get(code, str(code))
    name = f"{declared.name} (EPSG:{code})" if code else declared.name
    return (key if key in (*DEGREES, *map(str, METRES)) else ""), name


def _middle(shape: Any) -> tuple[float, float]:
    if shape is None or shape.is_empty:
        return math.nan, math.nan
    west, south, east, north = shape.bounds
    return (west + east) / 2, (south + north) / 2


def outer_edges(geometry: Sequence[Any]) -> Any:
    """Return the outer edge of all surfaces together, or the lines where there are no surfaces.

    Of a large file it is thinned: a union of millions of vertices takes minutes, and tells no more of where they lie.
    """
    shapes = np.array([shape for shape in geometry if shape is not None and not shape.is_empty], dtype=object)
    dimensions = shapely.get_dimensions(shapes)
    edged = shapes[dimensions == 2] if (dimensions == 2).any() else shapes[dimensions == 1]  # noqa: PLR2004
    if int(shapely.get_num_coordinates(edged).sum()) > _MANY_VERTICES:
        west, south, east, north = shapely.total_bounds(edged)
        edged = shapely.simplify(edged, max(east - west, north - south) / _THINNED, preserve_topology=False)
    if (dimensions == 2).any():  # noqa: PLR2004
        edged = np.where(shapely.is_valid(edged), edged, shapely.buffer(edged, 0))
        return shapely.boundary(shapely.disjoint_subset_union_all(edged))
    return shapely.union_all(edged)


def _edge_points(shapes: list[Any]) -> Any:
    """Return points on the outer edge; no more than are needed."""
    lines = outer_edges(shapes)
    if lines is None or lines.is_empty:
        return np.empty((0, 2))
    step = lines.length / _MOST_SAMPLES
    points = shapely.get_coordinates(shapely.segmentize(lines, max(step, 1e-9)))
    return points[:: max(1, len(points) // _MOST_SAMPLES)]


@cache
def _city() -> Any:
    city = store.read_base_metric("city").geometry.iloc[0].buffer(_NEAR_CITY_M)
    shapely.prepare(city)
    return city


@cache
def known_edges(judged_by: tuple[tuple[str, float], ...]) -> Any:
    """Return the edges that are known well enough, as a tree of short pieces in EPSG:4549; None if there are none."""
    lines = []
    for layer, accuracy in judged_by:
        frame = store.read_base_metric(layer)
        shapes = frame.geometry[frame["accuracy_m"] <= accuracy].values
        lines += [shape.boundary if shapely.get_dimensions(shape) == 2 else shape for shape in shapes]  # noqa: PLR2004
    if not lines:
        return None
    coordinates, index = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    same = index[1:] == index[:-1]
    return shapely.STRtree(shapely.linestrings(np.stack([coordinates[:-1][same], coordinates[1:][same]], axis=1)))


def _fit(
    system: str, *, middles: Any, edges: Any, spots: Any, anchors: Sequence[Anchor], kind: Kind
) -> Fit | None:  # fmt: skip
    move = mover_of(system)
    x, y = _to_metres(move, middles)
    if not len(x):
        return None
    inside = float(shapely.contains_xy(_city(), x, y).sum()) / len(middles)
    if inside < _LEAST_SHARE / 10:
        return None
    known = known_edges(kind.judged_by)
    edges_m = None
    if known is not None and len(edges) >= _LEAST_SAMPLES:
        points = shapely.points(np.column_stack(_to_metres(move, edges)))
        pairs, distance = known.query_nearest(points, return_distance=True, all_matches=False)
        edges_m = float(np.quantile(distance, _QUANTILE)) if len(pairs[0]) else None
    names_m, sure = _fit_names(move, spots, anchors)
    return Fit(system=system, inside=round(inside, 3), edges_m=edges_m, names_m=names_m, sure_names=sure)


def _fit_names(move: Move, spots: Any, anchors: Sequence[Anchor]) -> tuple[float | None, bool]:
    if len(anchors) < _LEAST_NAMES:
        return None, False
    x, y = crs.project(*move(spots[:, 0], spots[:, 1]))
    known_x, known_y = crs.project([each.lon for each in anchors], [each.lat for each in anchors])
    apart = np.hypot(x - known_x, y - known_y)
    sure = float(np.median([each.accuracy_m for each in anchors])) <= _SURE_NAME_M
    return float(np.median(apart)) if np.isfinite(apart).all() else None, sure


def _to_metres(move: Move, points: Any) -> tuple[Any, Any]:
    """Return points in EPSG:4549, those that are on the globe near China at all."""
    with np.errstate(all="ignore"):
        lon, lat = move(points[:, 0], points[:, 1])
    sound = np.isfinite(lon) & np.isfinite(lat) & (lon > 70) & (lon < 140) & (lat > 0) & (lat < 60)  # noqa: PLR2004
    return crs.project(lon[sound], lat[sound])


def _decide(fits: list[Fit], *, meant: str, told: str) -> Recognised:
    likely = [fit for fit in fits if fit.inside >= _LEAST_SHARE]
    if not likely:
        return Recognised(system="", doubt="nowhere", fits=tuple(fits), declared=told)
    best = likely[0]
    others = likely[1:]
    judged = best.edges_m is not None or (best.names_m is not None and best.sure_names)
    clear = not others or (judged and best.misfit_m <= _FITS_M
                           and best.misfit_m <= _CLEARLY * min(other.misfit_m for other in others))  # fmt: skip
    if not clear:
        return Recognised(system="", doubt="alike", fits=tuple(fits), declared=told)
    if meant and meant != best.system and any(fit.system == meant for fit in likely):
        return Recognised(system="", doubt="contradiction", fits=tuple(fits), declared=told)
    return Recognised(system=best.system, doubt="", fits=tuple(fits), declared=told)
