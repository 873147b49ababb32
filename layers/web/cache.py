"""The folder of written layers: made when data, style or code change, found again otherwise.

It lies in ``var/web`` of the checkout, or in the user's cache folder where the checkout cannot be written.
"""

from __future__ import annotations

import hashlib
import json
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from layers.catalogue import read_plans, read_structures
from layers.style import load_style

if TYPE_CHECKING:
    from collections.abc import Callable

    Progress = Callable[[float, str], None]

ROOT: Final = Path(__file__).parents[2]
MANIFEST: Final = "manifest.json"
_WATCHED: Final = (
    ("geodata", "*.py"), ("geodata/base", "*.geojson"), ("geodata", "*.toml"), ("gazetteer", "*.*"),
    ("layers", "**/*.py"), ("layers", "**/*.toml"),
)  # fmt: skip


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


@cache
def web_folder() -> Path:
    """Return the folder of written layers, made if need be.

    Raises
    ------
    OSError
        If neither the checkout nor the user's cache folder can be written.
    """
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    for folder in (ROOT / "var" / "web", home / "plan-atlas" / "web"):
        if _writable(folder):
            return folder
    msg = f"expected a folder to write web layers to, got neither {ROOT / 'var'} nor {home}; set XDG_CACHE_HOME"
    raise OSError(msg)


def digest() -> str:
    """Return a digest of everything that the written layers depend on: data, style and code."""
    total = hashlib.sha256()
    for folder, pattern in _WATCHED:
        for path in sorted((ROOT / folder).glob(pattern)):
            if path.is_file():
                total.update(str(path.relative_to(ROOT)).encode())
                total.update(path.read_bytes())
    return total.hexdigest()[:16]


def read_manifest(*, folder: Path | None = None) -> dict[str, Any] | None:
    """Return the manifest of the written layers, or None if they are missing or out of date."""
    path = (folder or web_folder()) / MANIFEST
    if not path.exists():
        return None
    manifest: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return manifest if manifest["digest"] == digest() else None


def write_all(*, folder: Path | None = None, progress: Progress | None = None) -> dict[str, Any]:
    """Write every layer, the base map and the cards, and return the manifest.

    Parameters
    ----------
    folder
        Where to; the project's own by default.
    progress
        Told the share that is done (0 to 1) and what is being written.
    """
    # Geometry libraries take a second and 100 MB to load; an app that finds its layers written never needs them.
    from layers.web.writing import Writer  # noqa: PLC0415

    # Taken first: what changes while the layers are written makes them out of date, not wrong.
    made_from = digest()
    writer = Writer(folder=folder or web_folder(), style=load_style())
    steps: list[tuple[str, Callable[[], None]]] = [("base", writer.write_base)]
    steps += [(sid, lambda sid=sid: writer.write_layer(sid)) for sid in read_structures()]  # type: ignore[misc]
    for number, (name, step) in enumerate(steps):
        if progress is not None:
            progress(number / len(steps), name)
        step()
    if progress is not None:
        progress(1.0, "")
    return writer.finish(digest=made_from, plans=list(read_plans()))
