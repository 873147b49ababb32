"""Files of the page "export": made in a process of its own, kept for an hour in a folder of this server."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from layers.web.cache import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.export.state import ExportState

_KEPT_S: Final = 3600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """Files that were made.

    Attributes
    ----------
    path
        Where the file lies.
    name
        What it is called on the reader's disk.
    digest
        SHA-256, hexadecimal.
    rows, nowhere
        What is in it.
    notes
        What the reader must be told, in the language of the page.
    packed
        Whether several files had to go into a zip though one was asked for.
    """

    path: Path
    name: str
    mime: str
    size: int
    digest: str
    rows: int
    nowhere: int
    notes: tuple[str, ...]
    packed: bool


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="plan-atlas-"))


def _forget_old() -> None:
    """Delete what was made long ago; a reader who comes back makes it anew."""
    for path in _folder().iterdir():
        if time.time() - path.stat().st_mtime > _KEPT_S:
            path.unlink(missing_ok=True)


def make_files(state: ExportState, *, lang: str, progress: Callable[[float, str], None]) -> Made:
    """Make the files that are asked for.

    Parameters
    ----------
    progress
        Told the share that is done (0 to 1) and what is being written.

    Raises
    ------
    RuntimeError
        If they could not be made; the message says why.
    """
    _forget_old()
    path = _folder() / uuid.uuid4().hex
    wish: dict[str, Any] = {
        "layers": state.layers, "formats": state.formats, "system": state.system, "area": state.area,
        "zipped": state.zipped, "lang": lang, "path": str(path),
    }  # fmt: skip
    told: dict[str, Any] = {}
    with subprocess.Popen(
        [sys.executable, "-m", "app.jobs.export"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", cwd=ROOT,
    ) as job:  # fmt: skip
        assert job.stdin is not None
        assert job.stdout is not None
        assert job.stderr is not None
        job.stdin.write(json.dumps(wish))
        job.stdin.close()
        for line in job.stdout:
            said = json.loads(line)
            if "share" in said:
                progress(said["share"], said["what"])
            else:
                told = said
        errors = job.stderr.read().strip().splitlines()
    if job.returncode:
        raise RuntimeError(errors[-1] if errors else f"{job.returncode}")
    return Made(path=path, size=path.stat().st_size, **{**told, "notes": tuple(told["notes"])})
