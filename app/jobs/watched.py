"""Work in a process of its own that a reader waits for: how far it is can be seen, and it can be ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from layers.web.cache import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    Progress = Callable[[float, str], None]


@dataclass(eq=False)
class WatchedJob:
    """One piece of work under way, or done.

    Attributes
    ----------
    process, said
        What does it, and what that says on standard error.
    share, what
        How far it is (0 to 1), and the step that it is at.
    answer
        What came of it; None until then, and if it failed.
    error
        Why it failed, in a line; "" otherwise.
    ended
        Set once it has ended, whether it was done, failed or was ended.
    """

    process: subprocess.Popen[bytes]
    said: IO[bytes]
    share: float = 0.0
    what: str = ""
    answer: Any = None
    error: str = ""
    ended: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        """End it now; what it had in memory and on standard output is gone."""
        self.process.kill()

    def watch(self) -> None:
        """Follow the process until it ends."""
        process = self.process
        assert process.stdin is not None
        assert process.stdout is not None
        answer = None
        for line in process.stdout:
            told = json.loads(line)
            if "answer" in told:
                answer = told["answer"]
            else:
                self.share, self.what = told["share"], told["what"]
        failed = process.wait()
        self.said.seek(0)
        said = self.said.read().decode(errors="replace").strip().splitlines()
        if failed:
            self.error = said[-1] if said else f"status {process.returncode}"
        else:
            self.answer = answer
        for stream in (process.stdin, process.stdout, self.said):
            stream.close()
        self.ended.set()


def start_job(module: str, wish: Mapping[str, Any], *, folder: Path) -> WatchedJob:
    """Start a module that ends in `answer_watched`.

    Parameters
    ----------
    folder
        Where it may put what it needs on the way; whoever starts it clears that away.
    """
    # On disk: a pipe that nobody empties would stop a job that warns of every other feature.
    said = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the job has ended
    process = subprocess.Popen(  # noqa: S603 - our own module, no shell
        [sys.executable, "-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, cwd=ROOT,
        env=os.environ | {"TMPDIR": str(folder)},
    )  # fmt: skip
    assert process.stdin is not None
    # Standard input stays open: when it ends, because this server has ended, the job ends too.
    process.stdin.write(json.dumps(wish).encode() + b"\n")
    process.stdin.flush()
    job = WatchedJob(process=process, said=said)
    threading.Thread(target=job.watch, daemon=True, name=module).start()
    return job


def answer_watched(work: Callable[[dict[str, Any], Progress], Any]) -> int:
    """Do the work of a job's process: read the wish, tell how far it is and what came of it, a line of JSON each.

    Returns
    -------
    int
        The exit status.
    """
    wish = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_input, daemon=True).start()
    try:
        _tell({"answer": work(wish, lambda share, what: _tell({"share": share, "what": what}))})
    except (ValueError, KeyError, OSError, MemoryError) as error:
        sys.stderr.write(f"{' '.join(str(error).split()) or type(error).__name__}\n")
        return 1
    return 0


def _tell(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, allow_nan=False) + "\n")
    sys.stdout.flush()


def _end_with_input() -> None:
    """End this process when standard input ends: whoever has asked is gone."""
    # Not through `sys.stdin`, whose lock Python wants when it ends.
    while os.read(0, 1):
        pass
    os._exit(1)
