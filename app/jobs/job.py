"""Work done in a process of its own: what it needs in memory goes with it, and a server stays small."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

from layers.web.cache import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PATIENCE_S: Final = 180


class JobError(RuntimeError):
    """A job that did not end well; the message is its last line on standard error."""


def run_job(module: str, wish: Mapping[str, Any], *, patience_s: float = _PATIENCE_S) -> bytes:
    """Run a module that takes a wish as JSON on standard input, and return what it writes to standard output.

    Raises
    ------
    JobError
        If it ends with another status than 0, or not within ``patience_s`` seconds.
    """
    command = [sys.executable, "-m", module]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            command, input=json.dumps(wish).encode(), capture_output=True, timeout=patience_s, check=False, cwd=ROOT
        )
    except subprocess.TimeoutExpired as error:
        msg = f"{module}: expected an end within {patience_s:g} s, got none"
        raise JobError(msg) from error
    if done.returncode:
        raise JobError((done.stderr.decode(errors="replace").strip().splitlines() or ["?"])[-1])
    return done.stdout


def answer_job(work: Callable[[dict[str, Any]], bytes]) -> int:
    """Do the work of a job's process: read the wish, write the bytes, say in one line what was wrong otherwise.

    Returns
    -------
    int
        The exit status.
    """
    wish = json.load(sys.stdin)
    try:
        sys.stdout.buffer.write(work(wish))
    except (ValueError, KeyError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0
