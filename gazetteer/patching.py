"""Patches: what readers of a text have decided about doubtful names, as a table that is checked, then applied.

A row says that a surface is another name of a recorded place (``alias``), that it is no place (``exception``), or that
it is a place of its own (``place``). `check_patch` judges each row by the register's rules; `gazetteer.applying` writes
the reviewed files and the register, all or none. A patch applied again changes nothing. See docs/patches.md.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Final, get_args

from gazetteer.naming import normalise
from gazetteer.place import Category
from gazetteer.reading.tables import read_toml
from gazetteer.reading.text import decode
from gazetteer.reading.vocabulary import SHORTEST
from gazetteer.register import open_register

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gazetteer.register import Register

ACTIONS: Final = ("alias", "exception", "place")
SOURCE: Final = "user"
LONGEST_NAME: Final = 40
LARGEST_ACCURACY_M: Final = 60_000.0
LARGEST_PATCH: Final = 4 * 1024 * 1024
"""Bytes."""
MOST_ROWS: Final = 5_000
_LONGEST_WORDS: Final = 300
CATEGORIES: Final[tuple[str, ...]] = get_args(Category)
_FORBIDDEN: Final = re.compile(r"[\x00-\x1f\x7f;；、\"\\,|<>]")
_RISKY: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_NEAR_EDGE_M: Final = 6_000.0
"""How far outside the city's outline a place may stand: outlines are thinned, ports lie in the river."""
_EDGE_M: Final = 300.0


class PatchError(ValueError):
    """A patch that cannot be applied: the message names the rows and what is wrong with them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """A row of a patch.

    Attributes
    ----------
    surface
        The string as the text has it.
    plan
        For an alias: the plan in which the name means the place; "" for everywhere.
    place_id
        For an alias: the place that is meant.
    name_zh, name_en, category, parent
        For a place; without a name the surface is the name, without a parent the county unit that holds the point.
    lon, lat
        Degrees, WGS 84; both or none.
    accuracy_m
        Radius in metres in which the true position lies in about nine cases of ten.
    who, when
        Who decided, and the day (ISO).
    """

    action: str
    surface: str
    plan: str = ""
    place_id: str = ""
    name_zh: str = ""
    name_en: str = ""
    category: str = ""
    parent: str = ""
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    source: str = SOURCE
    who: str = ""
    when: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        """The name that the gazetteer takes."""
        return self.name_zh or self.surface


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row."""

    row: int
    """Counted as spreadsheets do: the header is row 1."""
    text: str

    def __str__(self) -> str:
        """Return the problem with its row."""
        return f"row {self.row}: {self.text}"


@dataclass(frozen=True, slots=True)
class Row:
    """A decision and where it stands."""

    number: int
    decision: Decision


COLUMNS: Final = tuple(field.name for field in fields(Decision))
_NUMBERS: Final = ("lon", "lat", "accuracy_m")


def write_patch(decisions: Iterable[Decision]) -> str:
    """Return decisions as CSV with a byte order mark; no cell is taken for a formula by a spreadsheet."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for decision in decisions:
        cells = {key: "" if value is None else value for key, value in asdict(decision).items()}
        writer.writerow(
            {key: f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value
             for key, value in cells.items()}
        )  # fmt: skip
    return "\ufeff" + stream.getvalue()


def read_patch(data: bytes, *, name: str = "patch") -> list[Row]:
    """Read a patch.

    Parameters
    ----------
    data
        CSV in UTF-8, UTF-16 or GB18030.

    Raises
    ------
    PatchError
        If the file is no such table, or a number is none; all such rows are named.
    """
    if len(data) > LARGEST_PATCH:
        raise PatchError(f"{name}: expected at most {LARGEST_PATCH >> 20} MB, got {len(data) >> 20} MB")
    if not data.strip():
        raise PatchError(f"{name}: the file is empty")
    try:
        reader = csv.DictReader(io.StringIO(decode(data, name=name), newline=""), strict=True)
        header = list(reader.fieldnames or ())
        if missing := [column for column in ("action", "surface") if column not in header]:
            raise PatchError(
                f"{name}: expected the columns {', '.join(missing)}, got {', '.join(header[:20]) or 'none'}"
            )
        if unknown := [column for column in header if column not in COLUMNS]:
            raise PatchError(
                f"{name}: expected no other columns than {', '.join(COLUMNS)}, got {', '.join(unknown[:20])}"
            )
        raw = list(enumerate(reader, start=2))
    except csv.Error as error:
        raise PatchError(f"{name}: expected a CSV table, got a broken one: {error}") from error
    if len(raw) > MOST_ROWS:
        raise PatchError(f"{name}: expected at most {MOST_ROWS} rows, got {len(raw)}; split the file")
    rows, problems = [], []
    for number, cells in raw:
        if None in cells or None in cells.values():
            problems.append(Problem(number, f"expected {len(header)} cells, as the header has"))
            continue
        if not any(cell.strip() for cell in cells.values()):
            continue
        try:
            rows.append(Row(number, _decision(cells)))
        except ValueError as error:
            problems.append(Problem(number, str(error)))
    if problems:
        raise PatchError(_tell(name, problems))
    if not rows:
        raise PatchError(f"{name}: expected rows under the header, got none")
    return rows


def _decision(cells: dict[str, str]) -> Decision:
    values: dict[str, object] = {}
    for key, cell in cells.items():
        text = cell.strip()
        if text.startswith("'") and text[1:].startswith(_RISKY):
            text = text[1:]
        if key not in _NUMBERS:
            values[key] = text
        elif text:
            try:
                values[key] = float(text)
            except ValueError:
                raise ValueError(f"{key}: expected a number, got {text!r}") from None
    return Decision(**values)  # type: ignore[arg-type]


def _tell(name: str, problems: Sequence[Problem]) -> str:
    most = 20
    told = "; ".join(str(problem) for problem in problems[:most])
    more = f"; and {len(problems) - most} more" if len(problems) > most else ""
    return f"{name}: {told}{more}"


def check_patch(rows: Sequence[Row], *, register: Register | None = None) -> list[Problem]:
    """Return what is wrong with the rows of a patch, by the register's rules; an empty list means that it applies.

    Parameters
    ----------
    rows
        The patch; a place of an earlier row may be the parent of a later one, or what a later alias means.
    register
        The register to judge by; the project's own by default.
    """
    register = register or open_register()
    new: dict[str, Decision] = {}
    said: dict[tuple[str, str], Row] = {}
    problems = []
    for row in rows:
        decision = row.decision
        key = (normalise(decision.surface), decision.plan)
        found = list(_problems(decision, register, new))
        if key in said and said[key].decision != decision:
            found.append(f"{decision.surface} is decided differently in row {said[key].number}")
        said.setdefault(key, row)
        if not found and decision.action == "place":
            new.setdefault(make_id(decision), decision)
        problems += [Problem(row.number, text) for text in found]
    return problems


def _problems(decision: Decision, register: Register, new: dict[str, Decision]) -> Iterator[str]:
    yield from _general_problems(decision, register)
    if decision.action == "alias":
        yield from _alias_problems(decision, register, new)
    elif decision.action == "exception":
        yield from _exception_problems(decision, register)
    elif decision.action == "place":
        yield from _place_problems(decision, register, new)


def _general_problems(decision: Decision, register: Register) -> Iterator[str]:
    if decision.action not in ACTIONS:
        yield f"action: expected {', '.join(ACTIONS)}, got {decision.action!r}"
    for column in ("surface", "name_zh", "name_en"):
        text = getattr(decision, column)
        if column != "surface" and not text:
            continue
        if not SHORTEST <= len(text) <= LONGEST_NAME * (2 if column == "name_en" else 1):
            yield f"{column}: expected {SHORTEST} to {LONGEST_NAME} characters, got {len(text)}"
        elif (bad := _FORBIDDEN.search(text)) is not None:
            yield f"{column}: expected a name without {bad.group()!r}, got {text!r}"
    if any(len(getattr(decision, column)) > _LONGEST_WORDS for column in ("note", "who")):
        yield f"note, who: expected at most {_LONGEST_WORDS} characters"
    if decision.plan and decision.plan not in register.contexts:
        yield f"plan: expected one of {', '.join(register.contexts)}, got {decision.plan!r}"
    if decision.source != SOURCE:
        yield f"source: expected {SOURCE!r}, got {decision.source!r}"
    if not decision.who:
        yield "who: expected the name of whoever decided, got nothing"
    try:
        date.fromisoformat(decision.when)
    except ValueError:
        yield f"when: expected a day like 2026-11-21, got {decision.when!r}"


def _alias_problems(decision: Decision, register: Register, new: dict[str, Decision]) -> Iterator[str]:
    if decision.place_id not in register.places and decision.place_id not in new:
        yield f"place_id: expected the id of a recorded place, got {decision.place_id!r}"
        return
    if decision.plan:
        context = register.contexts.get(decision.plan)
        meant = context.bare_names.get(decision.surface) if context is not None else None
        if meant is not None and meant != decision.place_id:
            yield f"{decision.surface} already means {meant} in {decision.plan}; change gazetteer/contexts.toml by hand"
        return
    if decision.surface in read_toml("exceptions.toml")["bare"]["names"]:
        yield f"{decision.surface} means something else in each plan; give the plan"
    others = [
        place.id for place, way in register.index.get(normalise(decision.surface), ())
        if place.id != decision.place_id and way in ("name", "alias")
    ]  # fmt: skip
    if others:
        owners = ", ".join(others)
        yield f"{decision.surface} is already a name of {owners}; give the plan in which it means another place"


def _exception_problems(decision: Decision, register: Register) -> Iterator[str]:
    owners = [
        place.id for place, way in register.index.get(normalise(decision.surface), ()) if way in ("name", "alias")
    ]
    if owners:
        yield f"{decision.surface} is a name of {', '.join(owners)}: an exception would hide that place everywhere"


def _place_problems(decision: Decision, register: Register, new: dict[str, Decision]) -> Iterator[str]:
    if decision.category not in CATEGORIES:
        yield f"category: expected one of {', '.join(CATEGORIES)}, got {decision.category!r}"
        return
    if decision.place_id:
        yield f"place_id: expected nothing for a new place, got {decision.place_id!r}; an alias has the id of its place"
    if decision.parent and decision.parent not in register.places and decision.parent not in new:
        yield f"parent: expected the id of a recorded place, got {decision.parent!r}"
        return
    for name in dict.fromkeys((decision.name, decision.surface)):
        owners = [place for place, way in register.index.get(normalise(name), ()) if way in ("name", "alias")]
        if any(place.id != make_id(decision) or place.source != SOURCE for place in owners):
            yield f"{name} is already a name of {', '.join(place.id for place in owners)}; make it an alias"
    yield from _position_problems(decision, register)


def _position_problems(decision: Decision, register: Register) -> Iterator[str]:
    if (decision.lon is None) != (decision.lat is None):
        yield "lon, lat: expected both or none"
        return
    if decision.lon is None or decision.lat is None:
        if decision.accuracy_m is not None:
            yield "accuracy_m: expected nothing without a position"
        return
    if decision.accuracy_m is None or not 0 < decision.accuracy_m <= LARGEST_ACCURACY_M:
        yield f"accuracy_m: expected more than 0 and at most {LARGEST_ACCURACY_M:g} metres, got {decision.accuracy_m}"
        return
    # Geometry is loaded for rows with a position only.
    import shapely  # noqa: PLC0415

    from geodata import crs, store  # noqa: PLC0415

    if not (-180 <= decision.lon <= 180 and -90 <= decision.lat <= 90):  # noqa: PLR2004
        yield f"lon, lat: expected degrees, longitude first, got {decision.lon:g}, {decision.lat:g}"
        return
    point = shapely.Point(*(float(value) for value in crs.project(decision.lon, decision.lat)))
    if not store.read_metric("city").geometry.iloc[0].buffer(_NEAR_EDGE_M).contains(point):
        yield f"lon, lat: expected a point in Suzhou (WGS 84, longitude first), got {decision.lon:g}, {decision.lat:g}"
        return
    counties = store.read_metric("counties")
    held = register.places.get(decision.parent)
    for parent in (decision.parent, *(register.ancestors(held) if held is not None else ())):
        unit = parent.removeprefix("county/")
        if parent.startswith("county/") and unit in counties.index:
            distance = float(counties.geometry[unit].distance(point))
            if distance > max(_EDGE_M, decision.accuracy_m):
                name = register.places[parent].name_zh
                yield f"parent: the point lies {distance / 1000:.1f} km outside {name} ({parent})"


def make_id(decision: Decision) -> str:
    """Return the id of a new place: its category and its name in pinyin."""
    # Imported late: its tables take longer to load than a check of other rows.
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    from gazetteer.building import load_readings  # noqa: PLC0415

    load_readings()
    syllables = [re.sub(r"[^a-z0-9]", "", syllable.lower()) for syllable in lazy_pinyin(decision.name)]
    return f"{decision.category}/{'-'.join(filter(None, syllables)) or 'x'}"
