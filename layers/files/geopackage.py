"""GeoPackage 1.3: typed layers that QGIS opens styled, names of columns, metadata, everything in one transaction.

Written by hand over sqlite3: GDAL opens and closes the file for every layer, which takes 6 s for all of them in memory
and two minutes on a slow disk; this takes a second, and the bytes depend on the data alone. The tests read it by GDAL.
"""

from __future__ import annotations

import sqlite3
import struct
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geodata.sources import describe_sources
from layers.files.fields import read_fields
from layers.files.job import Job, Written
from layers.files.look import look_of, word
from layers.files.notice import NOTICE_EN, NOTICE_ZH
from layers.files.qml import to_qml
from layers.files.sld import to_sld
from layers.files.systems import transform

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd

    from layers.files.look import Look
    from layers.files.systems import System
    from layers.files.table import Kind, Table

SCHEMA: Final = Path(__file__).with_name("geopackage.sql")
STYLE: Final = "atlas"
_APPLICATION: Final = 0x47504B47
_VERSION: Final = 10300
_OWN_SRS: Final = 100_001
_GEOMETRY: Final[dict[Kind, str]] = {"areas": "MULTIPOLYGON", "lines": "MULTILINESTRING", "points": "MULTIPOINT"}
_MULTI: Final = {"areas": shapely.multipolygons, "lines": shapely.multilinestrings, "points": shapely.multipoints}
_MAGIC: Final = b"GP\x00"
_ENVELOPE: Final = 0b0011
_NO_ENVELOPE: Final = 0b0001
_EXTENSIONS: Final = (
    ("gpkg_metadata", None, "gpkg_metadata", "http://www.geopackage.org/spec130/#extension_metadata", "read-write"),
    (
        "gpkg_metadata_reference",
        None,
        "gpkg_metadata",
        "http://www.geopackage.org/spec130/#extension_metadata",
        "read-write",
    ),
    ("gpkg_data_columns", None, "gpkg_schema", "http://www.geopackage.org/spec130/#extension_schema", "read-write"),
)


def write(job: Job) -> Written:
    """Return a GeoPackage: of each layer a table for its areas, lines, points and rows without a place."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gpkg"
        base = sqlite3.connect(path, isolation_level=None)
        try:
            base.execute(f"PRAGMA application_id = {_APPLICATION}")
            base.execute(f"PRAGMA user_version = {_VERSION}")
            base.execute("PRAGMA journal_mode = OFF")
            base.execute("PRAGMA synchronous = OFF")
            base.execute("BEGIN")
            _Writer(base, job).write()
            base.execute("COMMIT")
        finally:
            base.close()
        return Written(files={f"{job.stem}.gpkg": path.read_bytes()})


class _Writer:
    """One GeoPackage under way."""

    def __init__(self, base: sqlite3.Connection, job: Job) -> None:
        self.base, self.job = base, job
        self.moment = f"{job.day.isoformat()}T00:00:00.000Z"
        self.srs = job.system.epsg or _OWN_SRS

    def write(self) -> None:
        for statement in SCHEMA.read_text(encoding="utf-8").split(";"):
            if statement.strip():
                self.base.execute(statement)
        self.base.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", _systems(self.job.system))
        self.base.executemany("INSERT INTO gpkg_extensions VALUES (?, ?, ?, ?, ?)", _EXTENSIONS)
        self._list("layer_styles", "attributes", "layer_styles", "QGIS", bounds=(None,) * 4, srs=None)
        for table in self.job.tables:
            self._write_table(table)
        self._describe()

    def _write_table(self, table: Table) -> None:
        look = look_of(table)
        for kind, rows in table.rows.items():
            name = f"{table.stem}_{kind}"
            moved = transform(table.frame[["geometry"]].iloc[rows], self.job.system)
            simple = bool((shapely.get_type_id(moved.geometry.values) == 0).all())
            shapes = moved.geometry.values if simple else _to_multi(moved, kind)
            columns = self._create(name, table, "POINT" if simple else _GEOMETRY[kind])
            blobs = _blobs(shapes, self.srs)
            self._insert(name, table, rows, blobs)
            bounds = tuple(float(each) for each in moved.total_bounds)
            self._list(name, "features", self._title(table, kind), table.about, bounds=bounds, srs=self.srs)
            self.base.execute(
                "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)",
                (name, "POINT" if simple else _GEOMETRY[kind], self.srs),
            )
            self._add_style(name, look, kind, ["fid", *columns])
        if len(table.nowhere):
            name = f"{table.stem}_unlocated"
            self._create(name, table, None)
            self._insert(name, table, table.nowhere, None)
            self._list(name, "attributes", self._title(table, "unlocated"), table.about, bounds=(None,) * 4, srs=None)

    def _title(self, table: Table, kind: str) -> str:
        """Return the identifier that programs list: unique, so with the plan and the datum in it."""
        name = table.name_en if self.job.lang == "en" else table.name_zh
        datum = f" [{self.job.system.datum}]" if not self.job.system.epsg else ""
        return f"{name}（{word(f'kind.{kind}', lang=self.job.lang)}）{table.id}{datum}"

    def _create(self, name: str, table: Table, geometry: str | None) -> list[str]:
        """Create a table and name its columns; return them."""
        columns = list(table.fields)
        types = ", ".join(f'"{column}" {"REAL" if column in table.numbers else "TEXT"}' for column in columns)
        geom = f"geom {geometry}, " if geometry else ""
        self.base.execute(f'CREATE TABLE "{name}" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {geom}{types})')
        known = read_fields()
        english = self.job.lang == "en"
        self.base.executemany(
            "INSERT INTO gpkg_data_columns VALUES (?, ?, NULL, ?, ?, NULL, NULL)",
            [
                (
                    name,
                    each,
                    known[each].en if english else known[each].zh,
                    known[each].zh if english else known[each].en,
                )
                for each in columns
            ],
        )
        return columns

    def _insert(self, name: str, table: Table, numbers: Iterable[int], blobs: list[bytes] | None) -> None:
        columns = [table.cells[field] for field in table.fields]
        rows = [tuple(column[number] for column in columns) for number in numbers]
        names = [f'"{field}"' for field in table.fields]
        if blobs is not None:
            rows = [(blob, *row) for blob, row in zip(blobs, rows, strict=True)]
            names = ["geom", *names]
        marks = ", ".join("?" * len(names))
        self.base.executemany(f'INSERT INTO "{name}" ({", ".join(names)}) VALUES ({marks})', rows)  # noqa: S608 - ours

    def _list(
        self, name: str, kind: str, title: str, about: str, *, bounds: Sequence[float | None], srs: int | None
    ) -> None:  # fmt: skip
        self.base.execute(
            "INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (name, kind, title, about, self.moment, *bounds, srs),
        )

    def _add_style(self, name: str, look: Look, kind: Kind, columns: list[str]) -> None:
        qml = to_qml(look, kind, columns=columns, lang=self.job.lang)
        sld = to_sld(look, kind, name=name, columns=columns, lang=self.job.lang)
        self.base.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
            " styleQML, styleSLD, useAsDefault, description, owner, ui, update_time)"
            " VALUES ('', '', ?, 'geom', ?, ?, ?, 1, ?, '', NULL, ?)",
            (name, STYLE, qml, sld, "layers/style.toml", self.moment),
        )

    def _describe(self) -> None:
        """Write what a reader must know, once for the whole file."""
        sources = sorted({each for table in self.job.tables for each in table.sources()})
        text = "\n".join(
            (
                f"{NOTICE_ZH} / {NOTICE_EN}",
                f"{self.job.system.zh} / {self.job.system.en}",
                describe_sources(";".join(sources)),
            )
        )
        self.base.execute("INSERT INTO gpkg_metadata VALUES (1, 'dataset', 'about:blank', 'text/plain', ?)", (text,))
        self.base.execute(
            "INSERT INTO gpkg_metadata_reference VALUES ('geopackage', NULL, NULL, NULL, ?, 1, NULL)", (self.moment,)
        )


def _systems(system: System) -> list[tuple[Any, ...]]:
    """Return the rows of the reference systems: the two undefined ones, WGS 84, and the file's own."""
    from layers.files.systems import read_systems  # noqa: PLC0415

    rows: list[tuple[Any, ...]] = [
        ("Undefined cartesian SRS", -1, "NONE", -1, "undefined", "undefined cartesian coordinate reference system"),
        ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system"),
    ]
    for each in dict.fromkeys((read_systems()["4326"], system)):
        crs = each.crs()
        rows.append(
            (
                crs.name, each.epsg or _OWN_SRS, "EPSG" if each.epsg else "NONE", each.epsg or _OWN_SRS,
                crs.to_wkt("WKT1_GDAL"), each.en,
            )
        )  # fmt: skip
    return rows


def _to_multi(frame: gpd.GeoDataFrame, kind: Kind) -> np.ndarray[Any, np.dtype[np.object_]]:
    shapes = [_MULTI[kind](shapely.get_parts(shape)) for shape in frame.geometry.values]
    return np.array(shapes, dtype=object)


def _blobs(shapes: Any, srs: int) -> list[bytes]:
    """Return geometries as GeoPackage binary: header, bounds (not of points), well-known binary, little-endian."""
    wkb = shapely.to_wkb(shapes, byte_order=1, flavor="iso")
    single = shapely.get_type_id(shapes) == 0
    bounds = shapely.bounds(shapes)
    blobs = []
    for body, point, (west, south, east, north) in zip(wkb, single, bounds, strict=True):
        head = struct.pack("<Bi", _NO_ENVELOPE if point else _ENVELOPE, srs)
        box = b"" if point else struct.pack("<4d", west, east, south, north)
        blobs.append(_MAGIC + head + box + body)
    return blobs
