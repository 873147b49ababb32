"""The folder of what is served: made when layers, data, code or the bureau's own data change, found again otherwise.

It lies in ``var/service`` of the checkout, or in the user's cache folder where the checkout cannot be written.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.jobs.job import run_job
from app.service.collection import INDEX
from layers.digests import digest_files
from layers.web.cache import cache_folder, digest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_KEPT: Final = 4
"""Folders of other choices of layers that stay for the next time."""
_PATIENCE_S: Final = 1200.0


def folder_of(layers: Sequence[str]) -> Path:
    """Return the folder for some layers in their present state, which need not be there yet."""
    parts = (digest(), digest_files(Path(__file__).parent, ("*.py",)), *layers)
    return cache_folder("service") / hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def is_made(folder: Path) -> bool:
    """Say whether a folder holds what is served. Its index is written last."""
    return (folder / INDEX).is_file()


def make_folder(layers: Sequence[str], *, begin: Callable[[], None] = lambda: None) -> Path:
    """Return the folder for some layers, made in a process of its own if need be; old ones are removed.

    Parameters
    ----------
    begin
        Called before it is made, which takes a while.

    Raises
    ------
    app.jobs.job.JobError
        If it could not be made.
    """
    folder = folder_of(layers)
    with (folder.parent / ".lock").open("w") as stream:
        # Two services that start together make it once.
        fcntl.flock(stream, fcntl.LOCK_EX)
        if not is_made(folder):
            begin()
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            try:
                run_job("app.service.making", {"layers": list(layers), "folder": str(folder)}, patience_s=_PATIENCE_S)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
        folder.touch()
        others = (each for each in folder.parent.iterdir() if each.is_dir() and each != folder)
        for old in sorted(others, key=lambda each: each.stat().st_mtime, reverse=True)[_KEPT:]:
            # Who reads an old one still has it open.
            shutil.rmtree(old, ignore_errors=True)
    return folder
