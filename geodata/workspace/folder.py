"""Where the workspace lies: what a setting names, else ``var/workspace`` of the checkout, else the user's own folder.

The setting is the environment variable ``PLAN_ATLAS_WORKSPACE``, or ``workspace = "<folder>"`` in ``plan-atlas.toml``
in the folder of the app.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Final

VARIABLE: Final = "PLAN_ATLAS_WORKSPACE"
ROOT: Final = Path(__file__).parents[2]
SETTINGS: Final = ROOT / "plan-atlas.toml"
FILE_NAME: Final = "workspace.sqlite"


def workspace_folder() -> Path:
    """Return the folder of the workspace, which need not be there yet."""
    named = os.environ.get(VARIABLE, "") or _in_settings()
    if named:
        return Path(named).expanduser()
    own = ROOT / "var" / "workspace"
    nearest = next(each for each in (own, *own.parents) if each.exists())
    if os.access(nearest, os.W_OK):
        return own
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return home / "plan-atlas" / "workspace"


def workspace_file() -> Path:
    """Return the file of the workspace, which need not be there yet."""
    return workspace_folder() / FILE_NAME


def _in_settings() -> str:
    try:
        return str(tomllib.loads(SETTINGS.read_text(encoding="utf-8")).get("workspace", ""))
    except (OSError, ValueError):
        return ""
