"""The coordinate systems that files are offered in; GCJ-02, which has no EPSG code, under a name that says so."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from pyproj import CRS

    from layers.files.formats import Format

PATH: Final = Path(__file__).with_name("systems.toml")
_GCJ02_WKT: Final = (
    'GEOGCRS["GCJ-02 (shifted, not WGS 84)",DATUM["GCJ-02",ELLIPSOID["WGS 84",6378137,298.257223563,'
    'LENGTHUNIT["metre",1]]],PRIMEM["Greenwich",0,ANGLEUNIT["degree",0.0174532925199433]],CS[ellipsoidal,2],'
    'AXIS["geodetic latitude (Lat)",north,ORDER[1]],AXIS["geodetic longitude (Lon)",east,ORDER[2]],'
    'ANGLEUNIT["degree",0.0174532925199433]]'
)
"""A datum of its own, so that no program takes it for WGS 84 without a word."""


@dataclass(frozen=True, kw_only=True, slots=True)
class System:
    """A coordinate system.

    Attributes
    ----------
    epsg
        Its code, 0 where there is none.
    datum
        Its name, as files carry it.
    tag
        What is added to a file's name; "" for WGS 84.
    metric
        Whether coordinates are metres (easting, northing) and not degrees (longitude, latitude).
    """

    id: str
    epsg: int
    datum: str
    tag: str
    metric: bool
    zh: str
    en: str

    @property
    def code(self) -> str:
        """``EPSG:4549``, or the datum's name where there is no code."""
        return f"EPSG:{self.epsg}" if self.epsg else self.datum

    @property
    def decimals(self) -> int:
        """Decimals of a coordinate in a text file: a millimetre or a few centimetres."""
        return 3 if self.metric else 8 if not self.epsg else 7

    def crs(self) -> CRS:
        """Return the system for geometry tables."""
        from pyproj import CRS  # noqa: PLC0415 - only files need it

        return CRS.from_epsg(self.epsg) if self.epsg else CRS.from_wkt(_GCJ02_WKT)


@cache
def read_systems() -> Mapping[str, System]:
    """Return the systems by id."""
    tables = tomllib.loads(PATH.read_text(encoding="utf-8"))
    return {key: msgspec.convert({"id": key, **table}, System) for key, table in tables.items()}


def find_system(name: str | None, form: Format) -> System:
    """Return the system that a format is asked for in; its default where none is named.

    Raises
    ------
    ValueError
        If the system is not known, or the format cannot hold it.
    """
    wanted = name or form.systems[0]
    if wanted not in form.systems:
        msg = f"expected for {form.name} a system out of {', '.join(form.systems)}, got {wanted!r}; " + (
            "DXF has metres only" if form.id == "dxf" else "GeoPackage, Shapefile and CSV take all of them"
        )
        raise ValueError(msg)
    return read_systems()[wanted]


def transform(frame: gpd.GeoDataFrame, system: System) -> gpd.GeoDataFrame:
    """Bring a table from WGS 84 (EPSG:4326) to a system; longitude or easting stays first.

    Raises
    ------
    ValueError
        If the table is not in EPSG:4326.
    """
    from geodata.crs import WGS84, wgs84_to_gcj02  # noqa: PLC0415

    if frame.crs is None or frame.crs.to_epsg() != WGS84:
        msg = f"expected a table in EPSG:4326, got {frame.crs}"
        raise ValueError(msg)
    if system.epsg == WGS84:
        return frame
    if system.epsg:
        return frame.to_crs(system.epsg)
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    def shift(points: Any) -> Any:
        return np.column_stack(wgs84_to_gcj02(points[:, 0], points[:, 1]))

    moved = shapely.transform(frame.geometry.values, shift)
    return frame.set_geometry(moved).set_crs(system.crs(), allow_override=True)
