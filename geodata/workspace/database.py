"""The file of the workspace: one SQLite database, every change one transaction.

The journal is written ahead (WAL), so that readers see the state before a change until the change is whole, and a
process that is killed in the middle of one leaves the state before it.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA_VERSION: Final = 2
APPLICATION_ID: Final = 0x504C4154
"""``PLAT``: tells a workspace from any other SQLite file."""
_PATIENCE_S: Final = 20.0

# Migrations in order: number n takes a file of version n to version n + 1. The first makes the tables.
_MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        """CREATE TABLE imports (
            id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, file_name TEXT NOT NULL,
            owner TEXT NOT NULL, date TEXT NOT NULL, licence TEXT NOT NULL, review_number TEXT NOT NULL,
            accuracy_m REAL NOT NULL, system TEXT NOT NULL, encoding TEXT NOT NULL, name_field TEXT NOT NULL,
            layer TEXT NOT NULL, active INTEGER NOT NULL, made TEXT NOT NULL, digest TEXT NOT NULL,
            features INTEGER NOT NULL)""",
        """CREATE TABLE features (
            import INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE, number INTEGER NOT NULL,
            layer TEXT NOT NULL, target TEXT NOT NULL, geometry BLOB NOT NULL, place TEXT NOT NULL,
            name_zh TEXT NOT NULL, is_new INTEGER NOT NULL)""",
        "CREATE INDEX features_by_layer ON features (layer, import)",
        """CREATE TABLE issues (
            import INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE, code TEXT NOT NULL,
            action TEXT NOT NULL, feature INTEGER NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL,
            message TEXT NOT NULL)""",
        "CREATE TABLE history (at TEXT NOT NULL, event TEXT NOT NULL, import INTEGER NOT NULL, told TEXT NOT NULL)",
    ),
    (
        "ALTER TABLE imports ADD COLUMN title TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE features ADD COLUMN attributes TEXT NOT NULL DEFAULT '{}'",
        # What no place of the register is meant by was kept among the zones, and drawn by no layer.
        "UPDATE features SET layer = 'own' WHERE layer = 'zones' AND is_new AND place = ''",
    ),
)


class WorkspaceError(ValueError):
    """A workspace that cannot be used: the message says why and what to do."""


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a workspace to read it; a change that another process makes meanwhile is not seen.

    Raises
    ------
    WorkspaceError
        If the file is no workspace, or was written by a newer program.
    """
    connection = _connect(f"{path.absolute().as_uri()}?mode=ro")
    try:
        try:
            version = _version(connection, path)
        except sqlite3.OperationalError:
            # A folder that cannot be written holds no journal to look at: the file is read as it is.
            connection.close()
            connection = _connect(f"{path.absolute().as_uri()}?immutable=1")
            version = _version(connection, path)
        if version < SCHEMA_VERSION:
            connection.close()
            with writing(path):
                pass
            connection = _connect(f"{path.absolute().as_uri()}?mode=ro")
        yield connection
    except sqlite3.DatabaseError as error:
        raise _unusable(path, error) from error
    finally:
        connection.close()


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a workspace to change it in one transaction: whole when the block ends, nothing when it fails.

    Raises
    ------
    WorkspaceError
        As `reading`; also if the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = _connect(path.absolute().as_uri())
    except (OSError, sqlite3.OperationalError) as error:
        raise _unusable(path, error) from error
    try:
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            _version(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("BEGIN IMMEDIATE")
        _migrate(connection)
        yield connection
        connection.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        raise _unusable(path, error) from error
    finally:
        # What is not committed is rolled back.
        connection.close()


def check(path: Path) -> None:
    """Check that a file is a sound workspace that this program can read.

    Raises
    ------
    WorkspaceError
        If it is not; the message says why.
    """
    if not path.is_file():
        msg = f"expected a workspace file, got {path.name!r}, which is not there"
        raise WorkspaceError(msg)
    connection = _connect(f"{path.absolute().as_uri()}?mode=ro")
    try:
        _version(connection, path)
        told = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise _unusable(path, error) from error
    finally:
        connection.close()
    if told != "ok":
        msg = f"{path.name}: the file is damaged ({told}); take another backup"
        raise WorkspaceError(msg)


def _connect(address: str) -> sqlite3.Connection:
    # No isolation level: transactions begin and end where they are written.
    return sqlite3.connect(address, uri=True, timeout=_PATIENCE_S, isolation_level=None)


def _version(connection: sqlite3.Connection, path: Path) -> int:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        msg = f"{path.name}: expected a workspace of the plan atlas, got another kind of file"
        raise WorkspaceError(msg)
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA_VERSION:
        msg = (
            f"{path.name}: expected a workspace of version {SCHEMA_VERSION} or older, got version {version}; "
            "it was written by a newer plan atlas, update this one"
        )
        raise WorkspaceError(msg)
    return version


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring a file to the present version, inside the transaction that is open."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    for statements in _MIGRATIONS[version:]:
        for statement in statements:
            connection.execute(statement)
    if version < SCHEMA_VERSION:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _unusable(path: Path, error: Exception) -> WorkspaceError:
    return WorkspaceError(
        f"the workspace {path.name} cannot be used ({error}); check that its folder can be written and has room, "
        "or restore a backup: plan-atlas workspace restore FILE"
    )
