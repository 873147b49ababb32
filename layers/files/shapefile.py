"""Shapefiles: a file a kind of geometry, ASCII names of ten characters, UTF-8, and a list of what the names mean.

A text holds 254 bytes; what is longer is cut between two characters, and said so.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pyogrio

from layers.files.fields import list_fields, read_fields
from layers.files.job import Job, Written
from layers.files.look import look_of
from layers.files.qml import to_qml
from layers.files.sld import to_sld
from layers.files.systems import transform

if TYPE_CHECKING:
    from layers.files.table import Table

LONGEST: Final = 254
"""Bytes that a text of a dBASE file holds."""
_DATE_AT: Final = slice(1, 4)
_DBF_YEAR: Final = 1900


def write(job: Job) -> Written:
    """Return the files of one table.

    For each kind of geometry ``.shp``, ``.shx``, ``.dbf``, ``.prj``, ``.cpg`` and the styles; a ``.dbf`` of the rows
    without a place; the list of the fields.
    """
    (table,) = job.tables
    short = {name: read_fields()[name].alias for name in table.fields}
    frame, cut = _cut(table)
    frame = frame.rename(columns=short)
    moved = transform(table.frame[["geometry"]], job.system)
    files: dict[str, bytes] = {}
    look = look_of(table)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind, rows in table.rows.items():
            part = moved.iloc[rows].join(frame.iloc[rows])
            _write_one(part, folder / f"{job.stem}_{kind}.shp")
            qml = to_qml(look, kind, columns=list(short.values()), lang=job.lang)
            sld = to_sld(look, kind, name=f"{job.stem}_{kind}", columns=list(short.values()), lang=job.lang)
            files |= {f"{job.stem}_{kind}.qml": qml.encode(), f"{job.stem}_{kind}.sld": sld.encode()}
        if len(table.nowhere):
            _write_one(frame.iloc[table.nowhere], folder / f"{job.stem}_unlocated.dbf")
        for path in sorted(folder.iterdir()):
            files[path.name] = _dated(path.read_bytes(), job) if path.suffix == ".dbf" else path.read_bytes()
    files[f"{job.stem}_fields.csv"] = list_fields(table.fields, short=True).encode()
    return Written(files=dict(sorted(files.items())), notes=_tell(table, cut))


def _write_one(frame: pd.DataFrame, path: Path) -> None:
    several = "geometry" in frame and len(set(frame.geometry.geom_type)) > 1
    pyogrio.write_dataframe(frame, path, driver="ESRI Shapefile", encoding="UTF-8", promote_to_multi=several)


def _dated(data: bytes, job: Job) -> bytes:
    """Put the file's day where the driver puts today."""
    head = bytearray(data)
    head[_DATE_AT] = bytes((job.day.year - _DBF_YEAR, job.day.month, job.day.day))
    return bytes(head)


def _cut(table: Table) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the table with texts cut to what fits, and how many were cut by column."""
    cut: dict[str, int] = {}
    columns: dict[str, list[Any]] = {}
    for field in table.fields:
        column = table.cells[field]
        if field in table.numbers:
            columns[field] = column
            continue
        texts = ["" if value is None else str(value) for value in column]
        kept = [cut_text(text) for text in texts]
        if lost := sum(one != other for one, other in zip(texts, kept, strict=True)):
            cut[field] = lost
        columns[field] = kept
    frame = pd.DataFrame(columns, index=table.frame.index)
    return frame.astype(dict.fromkeys(table.numbers, float)), cut


def cut_text(text: str) -> str:
    """Cut a text to `LONGEST` bytes of UTF-8, between two characters."""
    data = text.encode()
    return text if len(data) <= LONGEST else data[:LONGEST].decode(errors="ignore")


def _tell(table: Table, cut: dict[str, int]) -> tuple[tuple[str, str], ...]:
    if not cut:
        return ()
    zh = "、".join(f"{field} {count} 处" for field, count in cut.items())
    en = ", ".join(f"{count} of {field}" for field, count in cut.items())
    return (
        (
            f"{table.id}：Shapefile 的文字至多 254 字节，截短 {zh}；其他格式有全文",
            f"{table.id}: a Shapefile holds 254 bytes a text; cut: {en}; the other formats have the whole",
        ),
    )
