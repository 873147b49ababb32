"""The server's end of the warm process that draws sheets: started when first asked, gone when idle."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from app.jobs.job import JobError
from geodata.workspace import stamp
from layers.web.cache import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

_COMMAND: Final = (sys.executable, "-m", "app.jobs.sheet")
_PATIENCE_S: Final = 180.0
_CHUNK: Final = 1 << 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A drawn file, and what the drawing tells of it (see `app.jobs.sheet.answer`)."""

    data: bytes
    told: Mapping[str, Any]


@dataclass
class SheetWorker:
    """One process for all readers; they wait for each other."""

    process: subprocess.Popen[bytes] | None = None
    stamp: object = None
    """State of the bureau's own data that the process has opened."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Start the process now if there is none, so that it is ready, or nearly so, when a sheet is asked for."""
        if self.lock.acquire(blocking=False):
            try:
                self._running()
            finally:
                self.lock.release()

    def ask(self, wish: Mapping[str, Any], *, ending: str, patience_s: float = _PATIENCE_S) -> Answer:
        """Return the file of a wish.

        Parameters
        ----------
        wish
            Fields of `layers.decks.Wish`.
        ending
            ``png``, ``svg``, ``pdf``, ``pptx``, ``html``, or ``preview`` for a PNG with what there is to tell of it.

        Raises
        ------
        JobError
            If it could not be drawn; the message says why.
        """
        line = json.dumps({"wish": dict(wish), "ending": ending}).encode() + b"\n"
        with self.lock:
            end = time.monotonic() + patience_s
            for attempt in (1, 2):
                process = self._running()
                try:
                    return _exchange(process, line, end)
                except (BrokenPipeError, EOFError):
                    # It may have ended, as it does when idle, between the look at it and the question.
                    self.stop()
                    if attempt == 2:  # noqa: PLR2004
                        msg = "the drawing process ended before it answered"
                        raise JobError(msg) from None
                except TimeoutError:
                    self.stop()
                    msg = f"expected a sheet within {patience_s:g} s, got none"
                    raise JobError(msg) from None
        raise AssertionError

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is not None and (self.process.poll() is not None or self.stamp != stamp()):
            # It has ended, or has opened data that have changed since.
            self.stop()
        self.stamp = stamp()
        if self.process is None:
            self.process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, bufsize=0
            )
        return self.process

    def stop(self) -> None:
        """End the process now."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            for stream in (self.process.stdin, self.process.stdout):
                if stream is not None:
                    stream.close()
            self.process = None


def _exchange(process: subprocess.Popen[bytes], line: bytes, end: float) -> Answer:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(line)
    number = process.stdout.fileno()
    found = b""
    while b"\n" not in found:
        found += _read(number, end)
    head, _, data = found.partition(b"\n")
    told = json.loads(head)
    chunks, size = [data], len(data)
    while size < told["bytes"]:
        chunk = _read(number, end)
        chunks.append(chunk)
        size += len(chunk)
    if error := told.get("error"):
        raise JobError(error)
    return Answer(data=b"".join(chunks), told=told)


def _read(number: int, end: float) -> bytes:
    if not select.select([number], [], [], max(0.0, end - time.monotonic()))[0]:
        raise TimeoutError
    chunk = os.read(number, _CHUNK)
    if not chunk:
        raise EOFError
    return chunk


@cache
def sheet_worker() -> SheetWorker:
    """Return the worker of this server."""
    return SheetWorker()
