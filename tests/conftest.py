"""What all tests share: none of them sees the imports of the checkout that it runs in."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from geodata import workspace

os.environ[workspace.VARIABLE] = str(Path(tempfile.gettempdir()) / "plan-atlas-tests" / "no-workspace")


@pytest.fixture
def own_workspace(tmp_path, monkeypatch):
    """An empty workspace of the test's own; what was read with it is forgotten afterwards."""
    monkeypatch.setenv(workspace.VARIABLE, str(tmp_path / "workspace"))
    workspace.tell_change()
    yield tmp_path / "workspace" / "workspace.sqlite"
    monkeypatch.undo()
    workspace.tell_change()
