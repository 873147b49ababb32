"""An atlas in the making, behind the page "sheets": started, watched, cancelled, fetched."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from layers.web.cache import ROOT, web_folder

if TYPE_CHECKING:
    from pathlib import Path

    from app.composer.state import ComposerState

FOLDER: Final = "atlas"
"""Inside the folder of written layers, from which the browser fetches the map's files too."""
_KEPT_S: Final = 7 * 24 * 3600.0
"""Files of an atlas are swept away after a week."""
_DPI: Final = 150


@dataclass
class AtlasJob:
    """One atlas in the making.

    Attributes
    ----------
    plan, form, importance
        What is made.
    output
        Where it will stand.
    done, total, name
        How far it is.
    error
        Why it failed, or "".
    cancelled
        Whether the reader has ended it.
    """

    plan: str
    form: str
    importance: int
    output: Path
    process: subprocess.Popen[str]
    done: int = 0
    total: int = 0
    name: str = ""
    error: str = ""
    cancelled: bool = False
    watcher: threading.Thread | None = field(default=None, repr=False)

    @property
    def running(self) -> bool:
        """Whether it is still being made."""
        return self.watcher is not None and self.watcher.is_alive()

    @property
    def finished(self) -> bool:
        """Whether the file is there."""
        return not self.running and not self.error and not self.cancelled and self.output.exists()

    def cancel(self) -> None:
        """End it, its workers too; pages that are drawn stay, so that the next run goes on from there."""
        self.cancelled = True
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)

    def watch(self) -> None:
        """Follow the process until it ends."""
        process = self.process
        assert process.stdout is not None
        assert process.stderr is not None
        for line in process.stdout:
            told = json.loads(line)
            self.done, self.total, self.name = told["done"], told["total"], told["name"]
        said = process.stderr.read().strip().splitlines()
        if process.wait() and not self.cancelled:
            self.error = said[-1] if said else f"status {process.returncode}"
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def order_of(state: ComposerState, *, importance: int) -> dict[str, Any]:
    """Return the order of an atlas of a state's plan, drawn as the state's sheet is."""
    return {
        "plan": state.plan, "importance": importance, "page": state.page, "lang": state.speech, "theme": state.theme,
        "boundaries": state.boundaries, "dpi": _DPI,
    }  # fmt: skip


def start_atlas(state: ComposerState, *, importance: int, form: str) -> AtlasJob:
    """Start making an atlas in a process group of its own."""
    order = order_of(state, importance=importance)
    home = web_folder() / FOLDER
    home.mkdir(exist_ok=True)
    _sweep(home)
    key = hashlib.sha256(json.dumps([order, form], sort_keys=True).encode()).hexdigest()[:10]
    output = home / f"{state.plan}-{importance}-{key}.{form}"
    output.unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "app.jobs.atlas"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, cwd=ROOT, start_new_session=True,
    )  # fmt: skip
    assert process.stdin is not None
    asked = {"order": order, "output": str(output), "form": form, "folder": str(home / "pages")}
    # Standard input stays open: when it ends, because this server has ended, the job ends too.
    process.stdin.write(json.dumps(asked) + "\n")
    process.stdin.flush()
    job = AtlasJob(plan=state.plan, form=form, importance=importance, output=output, process=process)
    job.watcher = threading.Thread(target=job.watch, daemon=True)
    job.watcher.start()
    return job


def _sweep(home: Path) -> None:
    """Remove what is older than a week."""
    oldest = time.time() - _KEPT_S
    for path in [*home.glob("*.*"), *(home / "pages").glob("*")]:
        with contextlib.suppress(OSError):
            if path.is_file() and path.stat().st_mtime < oldest:
                path.unlink()


def file_size(path: Path) -> str:
    """Return a file's size in megabytes, as words for a button."""
    return f"{max(0.1, path.stat().st_size / 1e6):.1f} MB"


__all__ = ["AtlasJob", "file_size", "order_of", "start_atlas"]
