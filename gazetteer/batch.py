"""Tables of names: read a CSV as people have it, geocode a column of it, write it with the answers beside the names."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from gazetteer.geocoding import Candidate, Geocoded, geocode
from gazetteer.naming import normalise
from gazetteer.reading.text import UnreadableTextError, decode
from gazetteer.register import Register, open_register

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

Match = Literal["exact", "alias", "fuzzy", "ambiguous", "unknown"]
"""How well a name was found: by its full name; by an alias, a short form, its English name or in traditional
characters; by pinyin or its initials alone; as one of several places that fit as well; not at all."""
MATCHES: Final[tuple[Match, ...]] = get_args(Match)
DOUBTFUL: Final = frozenset({"fuzzy", "ambiguous", "unknown"})
"""Matches that a reader should look at."""

FIELDS: Final = (
    "query", "place_id", "name", "name_en", "category", "parent", "lon", "lat", "accuracy_m", "basis", "source",
    "score", "alternatives",
)  # fmt: skip
"""What is told of each name; longitude and latitude in degrees, WGS 84."""
ADDED: Final = (*FIELDS, "match")
"""Columns that a table of answers has more than the table of names."""

LARGEST_TABLE: Final = 64 * 1024 * 1024
"""Bytes."""
_LONGEST_CELL: Final = 100_000
"""Characters. A longer one comes of a quotation mark that is never closed."""
_DELIMITERS: Final = (",", ";", "\t")
_STEP: Final = 5_000
"""Rows between two calls of the progress function."""
_SAMPLE_ROWS: Final = 20
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER: Final = re.compile(r"[+-]?(\d[\d,]*)?\.?\d+([eE][+-]?\d+)?%?")
_ENCODINGS: Final = ((b"\xef\xbb\xbf", "UTF-8 BOM"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


class UnreadableTableError(ValueError):
    """A file that gives no table: the message says what was wrong and what to do.

    Attributes
    ----------
    kind
        ``empty``, ``large``, ``binary``, ``blank``, ``quotation`` or ``column``, for a message in another language.
    line
        Line of the file, from 1, where that says something.
    """

    def __init__(self, message: str, *, kind: str, line: int = 0) -> None:
        super().__init__(message)
        self.kind = kind
        self.line = line


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table of text cells; every row has as many cells as there are columns."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    delimiter: str = ","
    encoding: str = "UTF-8"
    """``UTF-8``, ``UTF-8 BOM``, ``UTF-16`` or ``GB18030`` (which holds GBK)."""
    has_header: bool = True
    """Whether the columns' names stand in the file."""
    uneven: int = 0
    """Rows that had more or fewer cells than the header."""

    def find_column(self, name: str) -> int:
        """Return the position of the column of a name.

        Raises
        ------
        UnreadableTableError
            If there is no such column, or there are two.
        """
        found = [position for position, column in enumerate(self.columns) if column == name]
        if len(found) == 1:
            return found[0]
        if found:
            msg = f"{self.name}: the column {name!r} stands {len(found)} times; rename all but one"
        else:
            msg = f"{self.name}: expected a column {name!r}, got {', '.join(self.columns)}"
        raise UnreadableTableError(msg, kind="column")


def read_table_file(path: Path, *, header: bool | None = None) -> Table:
    """Return the table of a file, as `read_table`.

    Raises
    ------
    UnreadableTableError
        As `read_table`.
    OSError
        If the file cannot be opened.
    """
    size = path.stat().st_size
    if size > LARGEST_TABLE:
        raise UnreadableTableError(_too_large(path.name, size), kind="large")
    return read_table(path.read_bytes(), name=path.name, header=header)


def read_table(data: bytes | str, *, name: str = "table", header: bool | None = None) -> Table:
    """Return the table of a CSV file: UTF-8, UTF-16 or GB18030, its cells parted by comma, semicolon or tab.

    Lines without any character are left out; short rows are filled up, long ones get columns without a name.

    Parameters
    ----------
    data
        The file's bytes, or its text.
    name
        How the file is called in messages.
    header
        Whether the first row names the columns; None: it does, unless a cell of it is the name of a known place.

    Raises
    ------
    UnreadableTableError
        If the file is empty, too large, no text, or has a quotation mark that is never closed.
    """
    if len(data) > LARGEST_TABLE:
        raise UnreadableTableError(_too_large(name, len(data)), kind="large")
    text, encoding = (data, "UTF-8") if isinstance(data, str) else _decode(data, name)
    text = text.removeprefix("\ufeff")
    if not text.strip():
        msg = f"{name}: the file is empty; it needs a row of column names and a row for each name"
        raise UnreadableTableError(msg, kind="empty")
    if "\0" in text:
        msg = f"{name}: expected a table as text (CSV), got other data; save the sheet as CSV first"
        raise UnreadableTableError(msg, kind="binary")
    delimiter, text = _find_delimiter(text)
    rows = [row for row in _split(text, delimiter, name) if row]
    if not rows or not any(cell.strip() for cell in rows[0]):
        msg = f"{name}: the first row is blank; it should hold the names of the columns"
        raise UnreadableTableError(msg, kind="blank")
    has_header = not _looks_like_data(rows[0]) if header is None else header
    return _square(rows, name=name, delimiter=delimiter, encoding=encoding, has_header=has_header)


def _too_large(name: str, size: int) -> str:
    return f"{name}: expected at most {LARGEST_TABLE >> 20} MB, got {size >> 20} MB; split the file"


def _decode(data: bytes, name: str) -> tuple[str, str]:
    try:
        text = decode(data, name=name)
    except UnreadableTextError as error:
        raise UnreadableTableError(str(error), kind="binary") from error
    marked = next((encoding for mark, encoding in _ENCODINGS if data.startswith(mark)), "")
    if marked:
        return text, marked
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return text, "UTF-16" if b"\0" in data[:_LONGEST_CELL] else "GB18030"
    return text, "UTF-8"


def _find_delimiter(text: str) -> tuple[str, str]:
    """Return what parts the cells, and the text without the line with which Excel says it (``sep=;``)."""
    first, _, rest = text.partition("\n")
    if re.fullmatch(r"sep=[,;\t]\r?", first, flags=re.IGNORECASE):
        return first[4], rest
    # Quoted cells may hold any of them, and so may line breaks.
    bare = re.sub(r'"[^"]*"', "", text[:_LONGEST_CELL])
    lines = [line for line in bare.splitlines() if line.strip()][:_SAMPLE_ROWS]

    def steady(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines]
        return sum(count == counts[0] > 0 for count in counts), counts[0] if counts else 0

    return max(_DELIMITERS, key=steady), text


def _split(text: str, delimiter: str, name: str) -> Iterator[list[str]]:
    before = csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from reader
    except csv.Error as error:
        msg = f"{name}: line {reader.line_num}: {error}; is a quotation mark there never closed?"
        raise UnreadableTableError(msg, kind="quotation", line=reader.line_num) from error
    finally:
        csv.field_size_limit(before)


def _looks_like_data(row: Sequence[str]) -> bool:
    # Chinese names only: a heading like "name" or "th" may be the initials of some place.
    return any(not cell.isascii() and tell_match(geocode(cell)) in ("exact", "alias") for cell in row)


def _square(rows: list[list[str]], *, name: str, delimiter: str, encoding: str, has_header: bool) -> Table:
    columns = [cell.strip() for cell in rows[0]] if has_header else []
    body = rows[1:] if has_header else rows
    width = max(len(columns), max(map(len, body), default=0))
    uneven = sum(len(row) != (len(columns) or width) for row in body)
    for row in body:
        row.extend([""] * (width - len(row)))
    columns += [""] * (width - len(columns)) if has_header else [str(i + 1) for i in range(width)]
    return Table(
        name=name, columns=tuple(columns), rows=body, delimiter=delimiter, encoding=encoding, has_header=has_header,
        uneven=uneven,
    )  # fmt: skip


# ------------ geocoding


@dataclass(frozen=True, kw_only=True, eq=False)
class GeocodedTable:
    """A table, and what the names in one of its columns mean, row by row."""

    table: Table
    column: int
    answers: Sequence[Geocoded]

    @cached_property
    def matches(self) -> tuple[Match, ...]:
        """How well each name was found."""
        known = {id(answer): tell_match(answer) for answer in self.answers}
        return tuple(known[id(answer)] for answer in self.answers)

    @cached_property
    def counts(self) -> dict[Match, int]:
        """Rows of each match, in the order of `MATCHES`."""
        counts = Counter(self.matches)
        return {match: counts[match] for match in MATCHES}


def geocode_table(
    table: Table, *, column: int, plan: str | None = None, register: Register | None = None,
    progress: Callable[[int], None] | None = None,
) -> GeocodedTable:  # fmt: skip
    """Find the places that the names in a column mean; unknown names stay unknown, never a guess.

    Parameters
    ----------
    table
        The table; a name that stands in it many times is looked up once.
    column
        Position of the column with the names, from 0.
    plan
        Id of the plan that the names stand in, if any.
    progress
        Called now and then with the number of rows done.

    Raises
    ------
    ValueError
        If the plan is not known, or there is no such column.
    """
    if not 0 <= column < len(table.columns):
        msg = f"expected a column from 0 to {len(table.columns) - 1}, got {column}"
        raise ValueError(msg)
    register = register or open_register()
    known: dict[str, Geocoded] = {}
    answers = []
    for number, row in enumerate(table.rows):
        name = row[column]
        if name not in known:
            known[name] = geocode(name, plan=plan, register=register)
        answers.append(known[name])
        if progress is not None and number % _STEP == 0:
            progress(number)
    return GeocodedTable(table=table, column=column, answers=answers)


def tell_match(answer: Geocoded) -> Match:
    """Tell how well a name was found."""
    if answer.best is None:
        return "unknown"
    if answer.ambiguous:
        return "ambiguous"
    if answer.best.way == "pinyin":
        return "fuzzy"
    # A name in traditional characters is another way to write it.
    full = answer.best.way == "name" and normalise(answer.query) == normalise(answer.best.place.name_zh)
    return "exact" if full else "alias"


def describe_answer(answer: Geocoded) -> dict[str, Any]:
    """Return the fields of the contract (`FIELDS`) for one name; alternatives are a list of the same fields."""
    row: dict[str, Any] = dict.fromkeys(FIELDS)
    row["query"] = answer.query
    if answer.best is not None:
        row |= _describe(answer.best)
    row["alternatives"] = [_describe(candidate) for candidate in answer.alternatives]
    return row


def _describe(candidate: Candidate) -> dict[str, Any]:
    place = candidate.place
    return {
        "place_id": place.id,
        "name": place.name_zh,
        "name_en": place.name_en,
        "category": place.category,
        "parent": place.parent,
        "lon": place.lon,
        "lat": place.lat,
        "accuracy_m": place.accuracy_m,
        "basis": place.basis,
        "source": place.source,
        "score": candidate.score,
    }


# ------------ writing


def write_answers(answered: GeocodedTable, *, only: Iterable[Match] = MATCHES) -> str:
    """Return the table as CSV with the answers' columns after its own, the rows in their order.

    A column of the answers whose name the table already has is called ``atlas_<name>``; no cell can be taken for a
    formula by a spreadsheet.

    Parameters
    ----------
    only
        Matches whose rows are written.
    """
    table, wanted = answered.table, frozenset(only)
    # The column of names is the query if that is what it is called.
    added = [field for field in ADDED if not (field == "query" and table.columns[answered.column] == "query")]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(
        [*map(guard_cell, table.columns), *(f"atlas_{field}" if field in table.columns else field for field in added)]
    )
    told: dict[int, list[Any]] = {}
    for row, answer, match in zip(table.rows, answered.answers, answered.matches, strict=True):
        if match not in wanted:
            continue
        if id(answer) not in told:
            cells = describe_answer(answer) | {"match": match}
            cells["alternatives"] = ";".join(each["place_id"] for each in cells["alternatives"])
            told[id(answer)] = [guard_cell(cells[field]) for field in added]
        writer.writerow([*map(guard_cell, row), *told[id(answer)]])
    return stream.getvalue()


def guard_cell(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula: a text that might be one gets an apostrophe before it."""
    risky = isinstance(value, str) and value.startswith(_RISKY) and not _NUMBER.fullmatch(value)
    return f"'{value}" if risky else value
