"""What all tests share: none of them sees the imports of the checkout that it runs in."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from geodata import workspace

HERE = Path(__file__).parent
LONG_FIRST = (
    "browser/test_map.py", "layers/test_sheet.py", "browser/test_text.py", "app/test_command_line.py",
    "browser/test_places.py", "layers/test_files.py", "browser/test_every_page.py", "browser/test_compare.py",
    "layers/test_decks.py", "browser/test_indicators.py", "browser/test_composer.py", "layers/test_sheet_images.py",
    "app/test_data.py", "browser/test_projects.py", "browser/test_here.py", "layers/test_web.py",
)  # fmt: skip
"""Files that take longest: begun first, so that no core ends alone with one; all others follow as they come."""
ROOM_FOR = 6
"""Workers: each may hold a gigabyte, with its browser."""

os.environ[workspace.VARIABLE] = str(Path(tempfile.gettempdir()) / "plan-atlas-tests" / "no-workspace")


def pytest_xdist_auto_num_workers():
    """One more than there are cores, for a worker with a browser waits a third of its time."""
    return min(len(os.sched_getaffinity(0)) + 1, ROOM_FOR)


def pytest_collection_modifyitems(items):
    rank = {HERE / name: number for number, name in enumerate(LONG_FIRST)}
    items.sort(key=lambda item: rank.get(item.path, len(rank)))


@pytest.fixture
def own_workspace(tmp_path, monkeypatch):
    """An empty workspace of the test's own; what was read with it is forgotten afterwards."""
    monkeypatch.setenv(workspace.VARIABLE, str(tmp_path / "workspace"))
    workspace.tell_change()
    yield tmp_path / "workspace" / "workspace.sqlite"
    monkeypatch.undo()
    workspace.tell_change()
