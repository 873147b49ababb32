"""The bureau's own data: imported layers that replace approximate geometry, kept in one SQLite file.

Without a workspace nothing here is read and nothing costs time; see docs/own-data.md.
"""

from geodata.workspace import records
from geodata.workspace.database import WorkspaceError
from geodata.workspace.folder import VARIABLE, workspace_file
from geodata.workspace.keeping import (
    add_import,
    back_up,
    digest,
    list_history,
    list_imports,
    read_issues,
    read_own,
    read_positions,
    remove_import,
    restore,
    stamp,
    switch_import,
    write_issues,
)
from geodata.workspace.records import Feature, Import, Issue
from geodata.workspace.watching import kept_until_change, tell_change, when_changed

__all__ = [
    "VARIABLE",
    "Feature",
    "Import",
    "Issue",
    "WorkspaceError",
    "add_import",
    "back_up",
    "digest",
    "kept_until_change",
    "list_history",
    "list_imports",
    "read_issues",
    "read_own",
    "read_positions",
    "records",
    "remove_import",
    "restore",
    "stamp",
    "switch_import",
    "tell_change",
    "when_changed",
    "workspace_file",
    "write_issues",
]  # fmt: skip
