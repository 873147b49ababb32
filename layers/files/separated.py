"""CSV: UTF-8 with a byte order mark, a row a feature, geometry as well-known text and a point on it.

No cell is one that a spreadsheet would run as a formula.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import shapely

from gazetteer.batch import guard_cell
from layers.files.job import Job, Written
from layers.files.systems import transform

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shapely.geometry.base import BaseGeometry

    from layers.files.systems import System
    from layers.files.table import Table


def write(job: Job) -> Written:
    """Return CSV of one table."""
    (table,) = job.tables
    return Written(files={f"{job.stem}.csv": to_csv(table, system=job.system)})


def to_csv(table: Table, *, system: System) -> bytes:
    """Return a table as CSV: its fields, the system, a point on the feature, the geometry (empty where none is)."""
    shapes = transform(table.frame, system).geometry.values
    columns = [table.cells[field] for field in table.fields]
    rows = [
        (*("" if column[number] is None else column[number] for column in columns), *_place(shape, system))
        for number, shape in enumerate(shapes)
    ]
    return write_cells(((*table.fields, *extra_fields(system)), *rows))


def write_cells(rows: Iterable[Sequence[Any]]) -> bytes:
    """Return rows as CSV: UTF-8 with a byte order mark, cells guarded."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerows([guard_cell(cell) for cell in row] for row in rows)
    return ("\ufeff" + stream.getvalue()).encode()


def extra_fields(system: System) -> tuple[str, ...]:
    """Return the columns that follow the fields."""
    return ("datum", *(("easting", "northing") if system.metric else ("lon", "lat")), "wkt")


def _place(shape: BaseGeometry | None, system: System) -> tuple[Any, ...]:
    if shape is None:
        return (system.code, "", "", "")
    point = shape.representative_point()
    decimals = system.decimals
    text = shapely.to_wkt(shape, rounding_precision=decimals, trim=True)
    return (system.code, round(point.x, decimals), round(point.y, decimals), text)
