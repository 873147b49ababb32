"""Compiled tables: every row of every theme is read, and bad rows say what is wrong with them."""

import csv
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import tables
from geodata.sources import read_sources

THEMES = sorted(path.name for path in tables.COMPILED.iterdir() if path.is_dir())
BOX = (119.0, 30.0, 122.3, 32.9)
"""Suzhou and the 60 km around it that lines run into."""


@dataclass(frozen=True, kw_only=True)
class Row:
    name: str
    value: float | None = None


def write(path, header, *rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def test_missing_file_is_an_empty_table(tmp_path):
    assert tables.read_table(tmp_path / "none.csv", Row) == ()


def test_empty_cells_are_absent_values(tmp_path):
    path = write(tmp_path / "a.csv", ["name", "value"], ["甪直", ""], ["浒墅关", " 1.5 "])
    assert tables.read_table(path, Row) == (Row(name="甪直"), Row(name="浒墅关", value=1.5))


def test_bad_cell_names_file_row_and_field(tmp_path):
    path = write(tmp_path / "a.csv", ["name", "value"], ["a", "1"], ["b", "north"])
    with pytest.raises(ValueError, match=r"a\.csv row 3:.*value"):
        tables.read_table(path, Row)


def test_unknown_column_is_an_error(tmp_path):
    path = write(tmp_path / "a.csv", ["name", "vlaue"], ["a", "1"])
    with pytest.raises(ValueError, match="vlaue"):
        tables.read_table(path, Row)


@given(st.lists(st.text(alphabet="甪溇浒,\"' ab;", min_size=1).filter(str.strip), min_size=1))
def test_any_text_survives_the_table(names):
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "a.csv", ["name", "value"], *([name, ""] for name in names))
        assert [row.name for row in tables.read_table(path, Row)] == [name.strip() for name in names]


@pytest.mark.parametrize("theme", THEMES)
def test_ids_are_unique_and_positions_near_suzhou(theme):
    for records in (tables.read_nodes(theme), tables.read_areas(theme)):
        ids = [record.id for record in records]
        assert len(ids) == len(set(ids))
        for record in records:
            assert (record.lon is None) == (record.lat is None), record
            if record.lon is not None:
                assert BOX[0] < record.lon < BOX[2], record
                assert BOX[1] < record.lat < BOX[3], record
                assert record.accuracy_m, f"{record.id}: a position needs an accuracy"


@pytest.mark.parametrize("theme", THEMES)
def test_every_source_is_known(theme):
    known = read_sources()
    records = [*tables.read_nodes(theme), *tables.read_areas(theme), *tables.read_sections(theme)]
    used = {source for record in records for source in record.source.split(";") if source}
    assert used <= set(known)


@pytest.mark.parametrize("theme", THEMES)
def test_sections_and_vertices_belong_to_lines(theme):
    lines = {line.id for line in tables.read_lines(theme)}
    sections = tables.read_sections(theme)
    assert {section.line for section in sections} <= lines
    drawn = {(section.line, section.section) for section in sections if section.basis != "unlocated"}
    assert {(vertex.line, vertex.section) for vertex in tables.read_vertices(theme)} == drawn


def test_seats_have_positions_or_say_why_not():
    seats = tables.read_table(tables.COMPILED / "towns" / "seats.csv", tables.Seat)
    assert len(seats) >= 96
    assert len({seat.id for seat in seats}) == len(seats)
    for seat in seats:
        assert seat.lon is not None or seat.note, f"{seat.id}: no position and no reason"
