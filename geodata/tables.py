"""The compiled tables: facts about points, lines and areas, one CSV row each, read into frozen records.

A theme is a folder in ``geodata/compiled`` with any of ``nodes.csv``, ``lines.csv``, ``sections.csv``, ``points.csv``,
``areas.csv`` and ``outlines.csv`` (docs/data.md has the schema). Everything is WGS 84, longitude before latitude.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeVar

import msgspec

COMPILED: Final = Path(__file__).parent / "compiled"

Status = Literal["open", "construction", "planned", "study", "closed"]
Basis = Literal["official", "derived", "indicative", "schematic", "unlocated"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """A point that lines run through or places stand on: a station, an interchange, a junction."""

    id: str
    name_zh: str
    kind: str
    source: str = ""
    name_en: str = ""
    aliases: str = ""
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    status: Status = "open"
    source_ref: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A named railway, metro line, road or river."""

    id: str
    name_zh: str
    kind: str
    name_en: str = ""
    aliases: str = ""
    status: Status = "open"
    colour: str = ""
    length_km: float | None = None
    length_source: str = ""
    source: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A drawable part of a line, of one status and one basis."""

    line: str
    section: str
    basis: Basis
    source: str = ""
    name_zh: str = ""
    status: Status = "open"
    accuracy_m: float | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Vertex:
    """A vertex of a section: a bare position, or a node whose position it takes."""

    line: str
    section: str
    seq: int
    lon: float | None = None
    lat: float | None = None
    node: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Area:
    """A named area with a label point; its outline, if any is known, stands in ``outlines.csv``."""

    id: str
    name_zh: str
    kind: str
    source: str = ""
    name_en: str = ""
    aliases: str = ""
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    published_area_km2: float | None = None
    area_source: str = ""
    basis: Basis = "schematic"
    source_ref: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Seat:
    """The seat of a town or subdistrict: the point that stands for it where no outline is published."""

    id: str
    name_zh: str
    kind: str
    county: str
    source: str = ""
    code: str = ""
    name_en: str = ""
    aliases: str = ""
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    published_area_km2: float | None = None
    area_source: str = ""
    status: Status = "open"
    source_ref: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class OutlinePoint:
    """A vertex of an area's outline; ring 0 is outer, 1.. its holes, 100 the next outer ring, 101.. its holes."""

    area: str
    ring: int
    seq: int
    lon: float
    lat: float


Record = TypeVar("Record")


def read_table(path: Path, record: type[Record]) -> tuple[Record, ...]:
    """Read a CSV file into records.

    Parameters
    ----------
    path
        UTF-8 CSV with a header row; a missing file is an empty table, an empty cell an absent value.
    record
        The frozen dataclass of a row; columns it does not know are an error.

    Raises
    ------
    ValueError
        With file, row number and reason, when a row does not fit the record.
    """
    if not path.exists():
        return ()
    known = set(record.__dataclass_fields__)  # type: ignore[attr-defined]
    records = []
    with path.open(encoding="utf-8", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream), start=2):
            if unknown := set(row) - known:
                extra = sorted(map(str, unknown))
                msg = f"{path.name} row {number}: expected the columns {sorted(known)}, got also {extra}"
                raise ValueError(msg)
            try:
                cells = {key: value.strip() for key, value in row.items() if value and value.strip()}
                records.append(msgspec.convert(cells, record, strict=False))
            except msgspec.ValidationError as error:
                msg = f"{path.name} row {number}: {error}; the row is {row}"
                raise ValueError(msg) from error
    return tuple(records)


def read_nodes(theme: str) -> tuple[Node, ...]:
    """Read the nodes of a theme."""
    return read_table(COMPILED / theme / "nodes.csv", Node)


def read_lines(theme: str) -> tuple[Line, ...]:
    """Read the lines of a theme."""
    return read_table(COMPILED / theme / "lines.csv", Line)


def read_sections(theme: str) -> tuple[Section, ...]:
    """Read the sections of a theme's lines."""
    return read_table(COMPILED / theme / "sections.csv", Section)


def read_vertices(theme: str) -> tuple[Vertex, ...]:
    """Read the vertices of a theme's sections, in file order."""
    return read_table(COMPILED / theme / "points.csv", Vertex)


def read_areas(theme: str) -> tuple[Area, ...]:
    """Read the areas of a theme."""
    return read_table(COMPILED / theme / "areas.csv", Area)


def read_outlines(theme: str) -> tuple[OutlinePoint, ...]:
    """Read the outlines of a theme's areas, in file order."""
    return read_table(COMPILED / theme / "outlines.csv", OutlinePoint)
