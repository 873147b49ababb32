"""The bundle: data, README, field list, styles and check sums in one zip, whose bytes depend on the content alone."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from layers.files.fields import list_fields
from layers.files.look import look_of
from layers.files.qml import to_qml
from layers.files.readme import write_readme
from layers.files.separated import extra_fields, write_cells
from layers.files.sld import to_sld

if TYPE_CHECKING:
    import datetime as dt

    from layers.files.extent import Area
    from layers.files.formats import Format
    from layers.files.job import Written
    from layers.files.systems import System
    from layers.files.table import Table

README: Final = "README.txt"
FIELD_LIST: Final = "fields.csv"
SUMS: Final = "SHA256SUMS"
NOWHERE: Final = "unlocated.csv"
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
"""What a zip says where it has no time to tell: the day stands in the README."""


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """What goes into a zip."""

    tables: tuple[Table, ...]
    parts: tuple[tuple[Format, System, Written], ...]
    area: Area | None
    lang: str
    day: dt.date


def pack(bundle: Bundle) -> bytes:
    """Return the zip."""
    files: dict[str, bytes] = {}
    folders = len(bundle.parts) > 1
    for form, _, written in bundle.parts:
        files |= {f"{form.id}/{name}" if folders else name: data for name, data in written.files.items()}
    files |= _styles(bundle)
    names = dict.fromkeys(field for table in bundle.tables for field in table.fields)
    more = [field for form, system, _ in bundle.parts if form.id == "csv" for field in extra_fields(system)]
    files[FIELD_LIST] = list_fields((*names, *more)).encode()
    if nowhere := list_nowhere(bundle.tables):
        files[NOWHERE] = nowhere
    files[README] = write_readme(bundle, files=files).encode()
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    files[SUMS] = sums.encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as box:
        for name in (README, *sorted(set(files) - {README})):
            entry = zipfile.ZipInfo(name, date_time=_MOMENT)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            box.writestr(entry, files[name])
    return stream.getvalue()


def _styles(bundle: Bundle) -> dict[str, bytes]:
    """Return the styles, a QML and an SLD for each kind of geometry of each layer.

    A Shapefile has its own beside it, with its own names of fields.
    """
    if all(form.id == "shp" for form, _, _ in bundle.parts):
        return {}
    styles: dict[str, bytes] = {}
    for table in bundle.tables:
        if not len(table.frame):
            continue
        look = look_of(table)
        for kind in table.rows:
            name = f"style/{table.stem}_{kind}"
            styles[f"{name}.qml"] = to_qml(look, kind, columns=table.fields, lang=bundle.lang).encode()
            styles[f"{name}.sld"] = to_sld(
                look, kind, name=f"{table.stem}_{kind}", columns=table.fields, lang=bundle.lang
            ).encode()
    return styles


def list_nowhere(tables: tuple[Table, ...]) -> bytes:
    """Return CSV of all rows without a place, those that an area left out too; nothing if there are none."""
    rows = [
        (table.id, str(row["id"]), str(row[table.name] or ""), str(row.get("how_zh") or row.get("note") or ""))
        for table in tables
        for row in table.without_place()
    ]
    return write_cells((("layer", "id", "name", "how"), *rows)) if rows else b""
