"""What is kept: imports added, switched, removed; the state as a whole told, backed up and restored."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import os
import sqlite3
import struct
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geodata.workspace import database
from geodata.workspace.database import WorkspaceError
from geodata.workspace.folder import workspace_file
from geodata.workspace.records import OWN, Feature, Import, Issue
from geodata.workspace.watching import tell_change

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_IMPORT_COLUMNS: Final = tuple(each.name for each in dataclasses.fields(Import))
_FEATURE_COLUMNS: Final = tuple(each.name for each in dataclasses.fields(Feature))
_ISSUE_COLUMNS: Final = tuple(each.name for each in dataclasses.fields(Issue))


_WKB_HEAD: Final = 5
"""Bytes that say what form a geometry has."""
_WKB_POINT: Final = 21
"""Bytes of a point in two dimensions; no other form is as short."""
_REPORT_COLUMNS: Final = ("feature", "field", "value", "code", "action", "message")
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def stamp() -> tuple[int, ...]:
    """Return numbers that change when the workspace may have changed; empty without one. Costs two looks at a file."""
    path = workspace_file()
    found: list[int] = []
    for each in (path, path.with_name(f"{path.name}-wal")):
        try:
            status = each.stat()
        except OSError:
            continue
        if status.st_size:
            found += [status.st_mtime_ns, status.st_size]
    return tuple(found)


def digest() -> str:
    """Return a digest of what the active imports hold; empty if there are none, as if there were no workspace."""
    active = [each for each in list_imports() if each.active]
    if not active:
        return ""
    return hashlib.sha256("".join(f"{each.id}:{each.digest};" for each in active).encode()).hexdigest()[:16]


def list_imports() -> tuple[Import, ...]:
    """Return all imports, oldest first; where two replace the same feature the later one counts."""
    path = workspace_file()
    if not path.exists():
        return ()
    with database.reading(path) as connection:
        rows = connection.execute(f"SELECT {', '.join(_IMPORT_COLUMNS)} FROM imports ORDER BY id").fetchall()  # noqa: S608
    return tuple(
        Import(**{**dict(zip(_IMPORT_COLUMNS, row, strict=True)), "active": bool(row[_IMPORT_COLUMNS.index("active")])})
        for row in rows
    )


def read_features(*, layer: str = "", number: int = 0) -> tuple[tuple[int, Feature], ...]:
    """Return the features of active imports that belong to a base layer, or those of one import, active or not.

    Returns
    -------
    Pairs of an import's id and a feature, in the order in which they apply.
    """
    path = workspace_file()
    if not path.exists():
        return ()
    where, value = ("features.import = ?", number) if number else ("imports.active AND features.layer = ?", layer)
    columns = ", ".join(f"features.{each}" for each in _FEATURE_COLUMNS)
    query = (
        f"SELECT features.import, {columns} FROM features JOIN imports ON imports.id = features.import "  # noqa: S608
        f"WHERE {where} ORDER BY features.import, features.number"
    )
    with database.reading(path) as connection:
        rows = connection.execute(query, (value,)).fetchall()
    return tuple((row[0], _feature(row[1:])) for row in rows)


def _feature(row: Sequence[Any]) -> Feature:
    cells = dict(zip(_FEATURE_COLUMNS, row, strict=True))
    return Feature(**{**cells, "is_new": bool(cells["is_new"])})


def read_references() -> dict[str, str]:
    """Return ``<layer>/<id>`` of the new features of active imports that are some place's, by place id."""
    path = workspace_file()
    if not path.exists():
        return {}
    query = (
        "SELECT features.place, features.layer, features.target FROM features "
        "JOIN imports ON imports.id = features.import "
        "WHERE imports.active AND features.is_new AND features.place != '' ORDER BY features.import"
    )
    with database.reading(path) as connection:
        return {place: f"{layer}/{target}" for place, layer, target in connection.execute(query)}


def read_positions() -> dict[str, tuple[float, float, Import]]:
    """Return longitude and latitude (WGS 84) of the places that active imports have a point for, and which import."""
    path = workspace_file()
    if not path.exists():
        return {}
    query = (
        "SELECT features.place, features.geometry, imports.id FROM features "
        "JOIN imports ON imports.id = features.import "
        "WHERE imports.active AND features.place != '' AND length(features.geometry) = ? ORDER BY features.import"
    )
    known = {each.id: each for each in list_imports()}
    with database.reading(path) as connection:
        rows = connection.execute(query, (_WKB_POINT,)).fetchall()
    return {
        place: (*struct.unpack("<dd" if shape[0] else ">dd", shape[_WKB_HEAD:]), known[number])
        for place, shape, number in rows
    }


def read_own() -> tuple[tuple[Import, tuple[Feature, ...]], ...]:
    """Return the active imports that have a layer of their own, and its features; of their geometry only the head."""
    path = workspace_file()
    if not path.exists():
        return ()
    columns = ", ".join(_FEATURE_COLUMNS).replace("geometry", f"substr(geometry, 1, {_WKB_HEAD})")
    query = f"SELECT {columns} FROM features WHERE layer = ? AND import = ? ORDER BY number"  # noqa: S608
    active = [each for each in list_imports() if each.active]
    with database.reading(path) as connection:
        found = [(each, connection.execute(query, (OWN, each.id)).fetchall()) for each in active]
    return tuple((each, tuple(map(_feature, rows))) for each, rows in found if rows)


def read_issues(number: int) -> tuple[Issue, ...]:
    """Return what was found and repaired when an import was made."""
    find_import(number)
    query = f"SELECT {', '.join(_ISSUE_COLUMNS)} FROM issues WHERE import = ? ORDER BY rowid"  # noqa: S608
    with database.reading(workspace_file()) as connection:
        rows = connection.execute(query, (number,)).fetchall()
    return tuple(Issue(**dict(zip(_ISSUE_COLUMNS, row, strict=True))) for row in rows)


def write_issues(issues: Iterable[Issue]) -> str:
    """Return issues as CSV: feature number (0 is the file), field, value, code, action, message."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_REPORT_COLUMNS)
    writer.writerows([_guard(getattr(issue, name)) for name in _REPORT_COLUMNS] for issue in issues)
    return stream.getvalue()


def _guard(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value


def list_history() -> tuple[tuple[str, str, int, str], ...]:
    """Return what was done to the workspace: when (UTC), what, to which import, and its file's name; oldest first."""
    path = workspace_file()
    if not path.exists():
        return ()
    with database.reading(path) as connection:
        return tuple(connection.execute("SELECT at, event, import, told FROM history ORDER BY rowid"))


def find_import(number: int) -> Import:
    """Return an import.

    Raises
    ------
    WorkspaceError
        If there is none of that number.
    """
    known = {each.id: each for each in list_imports()}
    if number not in known:
        ids = ", ".join(map(str, known)) or "none: nothing has been imported"
        msg = f"expected the number of an import ({ids}), got {number}; see plan-atlas workspace list"
        raise WorkspaceError(msg)
    return known[number]


def add_import(record: Import, *, features: Sequence[Feature], issues: Sequence[Issue] = ()) -> Import:
    """Add an import, switched on, in one transaction.

    Parameters
    ----------
    record
        What is known of it; id, time, digest and count are given here.
    features
        At least one.

    Raises
    ------
    WorkspaceError
        If there are no features, or the workspace cannot be written.
    """
    if not features:
        msg = f"{record.file_name}: expected features to import, got none; see the report for what was left out"
        raise WorkspaceError(msg)
    whole = hashlib.sha256(repr((record.kind, record.accuracy_m, record.owner, record.date, record.licence,
                                 record.review_number, record.title)).encode())  # fmt: skip
    for each in features:
        told = (each.layer, each.target, each.place, each.name_zh, each.is_new)
        whole.update(repr(told).encode() + each.geometry + each.attributes.encode())
    made = dataclasses.replace(record, active=True, made=_now(), digest=whole.hexdigest()[:16], features=len(features))
    with database.writing(workspace_file()) as connection:
        cells = {name: getattr(made, name) for name in _IMPORT_COLUMNS if name != "id"}
        marks = ", ".join("?" * len(cells))
        number = connection.execute(
            f"INSERT INTO imports ({', '.join(cells)}) VALUES ({marks})",  # noqa: S608
            tuple(cells.values()),
        ).lastrowid
        assert number is not None
        _fill(connection, "features", _FEATURE_COLUMNS, number, [_own_id(each, number) for each in features])
        _fill(connection, "issues", _ISSUE_COLUMNS, number, issues)
        _remember(connection, "import", number, made.file_name)
    tell_change()
    return dataclasses.replace(made, id=number)


def _own_id(feature: Feature, number: int) -> Feature:
    """Return a feature with an id that no other import has, where it is new and no place's."""
    if not feature.is_new or feature.place:
        return feature
    return dataclasses.replace(feature, target=f"import-{number}-{feature.number}")


def _fill(connection: sqlite3.Connection, table: str, columns: Sequence[str], number: int, rows: Sequence[Any]) -> None:
    marks = ", ".join("?" * (len(columns) + 1))
    connection.executemany(
        f"INSERT INTO {table} (import, {', '.join(columns)}) VALUES ({marks})",  # noqa: S608
        [(number, *(getattr(row, name) for name in columns)) for row in rows],
    )


def switch_import(number: int, *, active: bool) -> None:
    """Switch an import on or off; what it replaced is back at once.

    Raises
    ------
    WorkspaceError
        If there is no such import.
    """
    known = find_import(number)
    with database.writing(workspace_file()) as connection:
        connection.execute("UPDATE imports SET active = ? WHERE id = ?", (active, number))
        _remember(connection, "on" if active else "off", number, known.file_name)
    tell_change()


def remove_import(number: int) -> None:
    """Remove an import with its features and issues; its number is not given again.

    Raises
    ------
    WorkspaceError
        If there is no such import.
    """
    known = find_import(number)
    with database.writing(workspace_file()) as connection:
        connection.execute("DELETE FROM imports WHERE id = ?", (number,))
        _remember(connection, "remove", number, known.file_name)
    tell_change()


def back_up(target: Path) -> None:
    """Write the whole workspace to a file, beside it first and then renamed.

    Raises
    ------
    WorkspaceError
        If there is no workspace.
    OSError
        If the file cannot be written.
    """
    path = workspace_file()
    if not path.exists():
        msg = "there is no workspace to back up: nothing has been imported yet"
        raise WorkspaceError(msg)
    if not target.parent.is_dir():
        msg = f"the folder {str(target.parent)!r} does not exist; make it first"
        raise WorkspaceError(msg)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    temporary = Path(name)
    try:
        with database.reading(path) as connection, closing(sqlite3.connect(temporary)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def restore(source: Path) -> None:
    """Replace the workspace by a backup, in one transaction; what was there before is gone.

    Raises
    ------
    WorkspaceError
        If the file is no sound workspace; nothing has changed then.
    """
    database.check(source)
    path = workspace_file()
    # Makes the file where there is none, and brings it into the state that the copy may be written to.
    with database.writing(path):
        pass
    with closing(sqlite3.connect(source)) as backup, closing(sqlite3.connect(path, timeout=20.0)) as target:
        backup.backup(target)
    with database.writing(path) as connection:
        _remember(connection, "restore", 0, source.name)
    tell_change()


def _remember(connection: sqlite3.Connection, event: str, number: int, told: str) -> None:
    connection.execute("INSERT INTO history VALUES (?, ?, ?, ?)", (_now(), event, number, told))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
