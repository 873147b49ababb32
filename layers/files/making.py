"""From a wish to files: the tables, the area, the formats, one file or a folder of files or a bundle."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from layers.files.bundle import Bundle, pack
from layers.files.choice import choose_layers
from layers.files.formats import read_formats
from layers.files.job import Job, Written
from layers.files.systems import find_system
from layers.files.table import cut_to_area, open_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from layers.files.extent import Area
    from layers.files.formats import Format
    from layers.files.systems import System
    from layers.files.table import Table

    Progress = Callable[[float, str], None]

_MODULES: Final = {
    "geojson": "geojson", "gpkg": "geopackage", "geoparquet": "geoparquet", "fgb": "flatgeobuf", "shp": "shapefile",
    "kml": "kml", "csv": "separated", "dxf": "drawing",
}  # fmt: skip
SEVERAL: Final = "plan-atlas"
"""Stem of a file that holds several layers."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is asked for.

    Attributes
    ----------
    layers
        Ids of layers.
    formats
        Ids of formats.
    system
        Id of a coordinate system, or None for each format's default.
    area
        Only what reaches into it, or None.
    """

    layers: tuple[str, ...]
    formats: tuple[str, ...]
    system: str | None = None
    area: Area | None = None
    lang: str = "zh"
    day: dt.date | None = None


def open_tables(wish: Wish, *, progress: Progress | None = None) -> tuple[Table, ...]:
    """Return the tables that are asked for, cut to the area.

    A table without a row in the area stays as long as it has rows without a place, so that these are listed.

    Raises
    ------
    KeyError
        If a layer is not known.
    ValueError
        If nothing of them reaches into the area.
    """
    tell = progress or (lambda _share, _name: None)
    tables = []
    for number, layer_id in enumerate(choose_layers(wish.layers)):
        tell(number / len(wish.layers), layer_id)
        table = open_table(layer_id)
        tables.append(table if wish.area is None else cut_to_area(table, wish.area.ground))
    if wish.area is not None:
        kept = tuple(table for table in tables if len(table.frame) or table.without_place())
        if not any(len(table.frame) for table in kept):
            msg = f"expected layers that reach into {wish.area.name}, got {len(tables)} of which none does"
            raise ValueError(msg)
        return kept
    return tuple(tables)


def write_format(
    tables: tuple[Table, ...], form: Format, system: System, *, lang: str, day: dt.date | None, stem: str = ""
) -> Written:
    """Write tables in a format: one file where it holds several layers, else a file (or a few) for each.

    Parameters
    ----------
    stem
        Name without suffix, of a single file; the layer's own by default.
    """
    write: Callable[[Job], Written] = import_module(f"layers.files.{_MODULES[form.id]}").write
    today = day or dt.datetime.now(tz=dt.UTC).date()
    tag = f"_{system.tag}" if system.tag and not stem else ""
    filled = tuple(table for table in tables if len(table.frame))
    groups = [filled] if form.several else [(table,) for table in filled]
    files: dict[str, bytes] = {}
    notes: list[tuple[str, str]] = []
    for group in groups:
        name = stem or (group[0].stem if len(filled) == 1 or not form.several else SEVERAL) + tag
        done = write(Job(stem=name, tables=tuple(group), system=system, lang=lang, day=today))
        files |= done.files
        notes += done.notes
    return Written(files=files, notes=tuple(notes))


def make_bundle(wish: Wish, *, progress: Progress | None = None) -> bytes:
    """Return a zip with the data in every format that is asked for, the README, styles and check sums.

    Raises
    ------
    KeyError, ValueError
        As `open_tables` and `layers.files.systems.find_system`.
    """
    tell = progress or (lambda _share, _name: None)
    formats = [read_formats()[form] for form in wish.formats]
    systems = [find_system(wish.system if wish.system in form.systems else None, form) for form in formats]
    tables = open_tables(wish, progress=lambda share, name: tell(share / 2.0, name))
    day = wish.day or dt.datetime.now(tz=dt.UTC).date()
    parts = []
    for number, (form, system) in enumerate(zip(formats, systems, strict=True)):
        tell(0.5 + number / len(formats) / 2.0, form.name)
        written = write_format(tables, form, system, lang=wish.lang, day=day)
        parts.append((form, system, written))
    return pack(Bundle(tables=tables, parts=tuple(parts), area=wish.area, lang=wish.lang, day=day))
