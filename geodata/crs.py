"""Coordinate systems: WGS 84 for storage, CGCS2000 3-degree for measuring, GCJ-02 and BD-09 at the edges.

Order is longitude, latitude (or easting, northing) everywhere. The two obfuscated Chinese datums have no EPSG code
and no PROJ pipeline, so their published formula stands here, vectorised, with an inverse that is exact.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from pyproj import CRS, Transformer

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]

WGS84: Final = 4326
"""Storage and exchange: longitude, latitude in degrees."""
CGCS2000: Final = 4490
"""China's geographic system: equal to WGS 84 at map scale."""
CGCS2000_3_DEGREE: Final = 4549
"""CGCS2000, 3-degree Gauss-Kruger, central meridian 120 E, metres, easting without zone number: all measuring."""
CGCS2000_ZONE_40: Final = 4528
"""The same with the zone number 40 before the easting."""
WEB_MERCATOR: Final = 3857
"""Display on web tiles only: areas are 37 % too large at Suzhou."""

Datum = Literal["wgs84", "gcj02", "bd09"]

SUPPORTED_EPSG: Final = (WGS84, CGCS2000, CGCS2000_3_DEGREE, CGCS2000_ZONE_40, WEB_MERCATOR)
REFUSED_EPSG: Final = {
    4610: "Xi'an 1980: only a ballpark transformation to WGS 84 is published, errors of 100 m and more",
    4214: "Beijing 1954: several published shifts disagree and none is stated for Suzhou",
    2437: "Beijing 1954 / 3-degree 120 E: several published shifts disagree and none is stated for Suzhou",
}

# GCJ-02 works on the Krasovsky 1940 ellipsoid: semi-major axis in metres, first eccentricity squared.
_KRASOVSKY_A: Final = 6378245.0
_KRASOVSKY_E2: Final = 0.00669342162296594323
_BD09_ANGLE: Final = np.pi * 3000.0 / 180.0


@cache
def transformer(*, source: int, target: int) -> Transformer:
    """Return a cached transformer between two EPSG codes, always in (x, y) = (longitude, latitude) order.

    Parameters
    ----------
    source, target
        EPSG codes out of `SUPPORTED_EPSG`.

    Raises
    ------
    ValueError
        If a code is not supported; for the old national datums the message says why.
    """
    for code in (source, target):
        if code in REFUSED_EPSG:
            msg = f"EPSG:{code} is refused: {REFUSED_EPSG[code]}. Have the surveying office convert the data first."
            raise ValueError(msg)
        if code not in SUPPORTED_EPSG:
            expected = ", ".join(map(str, SUPPORTED_EPSG))
            msg = f"expected one of the EPSG codes {expected}, got {code!r}"
            raise ValueError(msg)
    return Transformer.from_crs(CRS.from_epsg(source), CRS.from_epsg(target), always_xy=True)


def project(lon: ArrayLike, lat: ArrayLike, *, target: int = CGCS2000_3_DEGREE) -> tuple[FloatArray, FloatArray]:
    """Project WGS 84 degrees to a metric system (default EPSG:4549).

    Parameters
    ----------
    lon, lat
        Degrees, WGS 84; arrays of one shape.
    target
        EPSG code.

    Returns
    -------
    easting, northing : arrays of the same shape, metres
    """
    x, y = transformer(source=WGS84, target=target).transform(np.asarray(lon, float), np.asarray(lat, float))
    return np.asarray(x), np.asarray(y)


def unproject(
    easting: ArrayLike, northing: ArrayLike, *, source: int = CGCS2000_3_DEGREE
) -> tuple[FloatArray, FloatArray]:
    """Take metric coordinates (default EPSG:4549) back to WGS 84 degrees; the inverse of `project`."""
    lon, lat = transformer(source=source, target=WGS84).transform(
        np.asarray(easting, float), np.asarray(northing, float)
    )
    return np.asarray(lon), np.asarray(lat)


def _gcj02_offset(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the GCJ-02 shift in degrees at WGS 84 positions (the published polynomial and sine terms)."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    waves = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (waves + 20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi / 3.0 * y)) * 2.0 / 3.0
    north += (160.0 * np.sin(np.pi / 12.0 * y) + 320.0 * np.sin(np.pi / 30.0 * y)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (waves + 20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi / 3.0 * x)) * 2.0 / 3.0
    east += (150.0 * np.sin(np.pi / 12.0 * x) + 300.0 * np.sin(np.pi / 30.0 * x)) * 2.0 / 3.0
    phi = np.radians(lat)
    w2 = 1.0 - _KRASOVSKY_E2 * np.sin(phi) ** 2
    meridian_radius = _KRASOVSKY_A * (1.0 - _KRASOVSKY_E2) / (w2 * np.sqrt(w2))
    parallel_radius = _KRASOVSKY_A / np.sqrt(w2) * np.cos(phi)
    return np.degrees(east / parallel_radius), np.degrees(north / meridian_radius)


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Shift WGS 84 degrees to GCJ-02, the datum of Amap and Tencent maps.

    The shift at Suzhou is about 400 m east and 240 m south. The formula applies inside mainland China.

    Parameters
    ----------
    lon, lat
        Degrees, WGS 84; arrays of one shape.
    """
    lon_array, lat_array = np.asarray(lon, float), np.asarray(lat, float)
    d_lon, d_lat = _gcj02_offset(lon_array, lat_array)
    return lon_array + d_lon, lat_array + d_lat


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Take GCJ-02 degrees back to WGS 84, exact to well under a centimetre.

    The shift changes by less than one part in ten thousand per step of its own size, so the fixed-point iteration
    gains four digits a round; eight rounds reach the limit of double precision.
    """
    target_lon, target_lat = np.asarray(lon, float), np.asarray(lat, float)
    guess_lon, guess_lat = target_lon, target_lat
    for _ in range(8):
        d_lon, d_lat = _gcj02_offset(guess_lon, guess_lat)
        guess_lon, guess_lat = target_lon - d_lon, target_lat - d_lat
    return guess_lon, guess_lat


def _gcj02_to_bd09(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD09_ANGLE)
    theta = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD09_ANGLE)
    return radius * np.cos(theta) + 0.0065, radius * np.sin(theta) + 0.006


def wgs84_to_bd09(lon: ArrayLike, lat: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Shift WGS 84 degrees to BD-09, the datum of Baidu maps (a second shift on top of GCJ-02)."""
    return _gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Take BD-09 degrees back to WGS 84, exact to well under a centimetre (fixed-point inverse of both shifts)."""
    target_lon, target_lat = np.asarray(lon, float), np.asarray(lat, float)
    gcj_lon, gcj_lat = target_lon - 0.0065, target_lat - 0.006
    for _ in range(12):
        bd_lon, bd_lat = _gcj02_to_bd09(gcj_lon, gcj_lat)
        gcj_lon, gcj_lat = gcj_lon + target_lon - bd_lon, gcj_lat + target_lat - bd_lat
    return gcj02_to_wgs84(gcj_lon, gcj_lat)


def to_wgs84(lon: ArrayLike, lat: ArrayLike, *, datum: Datum) -> tuple[FloatArray, FloatArray]:
    """Bring degrees of a named datum to WGS 84.

    Raises
    ------
    ValueError
        If `datum` is none of wgs84, gcj02, bd09.
    """
    if datum == "wgs84":
        return np.asarray(lon, float), np.asarray(lat, float)
    if datum == "gcj02":
        return gcj02_to_wgs84(lon, lat)
    if datum == "bd09":
        return bd09_to_wgs84(lon, lat)
    msg = f"expected a datum out of wgs84, gcj02, bd09, got {datum!r}"  # type: ignore[unreachable]
    raise ValueError(msg)
