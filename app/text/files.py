"""Plan files at hand: the folder that ``PLAN_ATLAS_PLANS`` names. Without it the app works, but shows no passage.

The setting is an environment variable, or ``plans = "<folder>"`` in ``plan-atlas.toml`` in the folder of the app.
"""

from __future__ import annotations

import os
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Final

from gazetteer.reading.text import HTML, PLAIN, read_file
from layers.web.cache import ROOT

VARIABLE: Final = "PLAN_ATLAS_PLANS"
SETTINGS: Final = ROOT / "plan-atlas.toml"
ENDINGS: Final = PLAIN | HTML | {".docx", ".pdf"}
_MOST_FILES: Final = 200


def plans_folder() -> Path | None:
    """Return the folder with plan files, or None if no setting names one that is there."""
    named = os.environ.get(VARIABLE, "")
    if not named and SETTINGS.is_file():
        try:
            named = str(tomllib.loads(SETTINGS.read_text(encoding="utf-8")).get("plans", ""))
        except (OSError, ValueError):
            named = ""
    folder = Path(named).expanduser() if named else None
    return folder if folder is not None and folder.is_dir() else None


def list_files() -> list[str]:
    """Return the names of the plan files in the folder, in order; sub-folders and hidden files are left out."""
    folder = plans_folder()
    if folder is None:
        return []
    try:
        names = [
            each.name for each in folder.iterdir()
            if each.suffix.lower() in ENDINGS and not each.name.startswith(".") and each.is_file()
        ]  # fmt: skip
    except OSError:
        return []
    return sorted(names)[:_MOST_FILES]


def read_plan_file(name: str) -> str:
    """Return the text of a file of the folder; only a name that `list_files` gives is opened.

    Raises
    ------
    UnreadableTextError
        If the file gives no text.
    OSError
        If it is not there, or cannot be opened.
    """
    folder = plans_folder()
    if folder is None or name not in list_files():
        msg = f"expected a file of the folder that {VARIABLE} names, got {name!r}"
        raise FileNotFoundError(msg)
    path = folder / name
    status = path.stat()
    return _read(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=8)
def _read(path: Path, _changed_ns: int, _size: int) -> str:
    return read_file(path)
