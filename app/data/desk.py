"""What a reader does on the page "data": a file brought, what was found in it, what has been settled, whose it is."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.jobs.watched import WatchedJob, start_job
from geodata import workspace
from geodata.workspace import WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Callable

JOB: Final = "app.jobs.data"
_ON_THE_WAY: Final = "on-the-way"
"""Folder beside the file for what a zip holds."""
KINDS: Final = ("towns", "counties", "water", "rail", "metro", "roads", "zones", "custom")
META: Final = ("owner", "date", "licence", "review_number", "title")
_LONGEST: Final = 200
_LEAST_M, _MOST_M, _USUAL_M = 0.01, 10_000.0, 100.0
_REREAD: Final = ("layer", "encoding", "name_field", "system")
"""Wishes for which the file has to be examined again."""


@dataclass(eq=False)
class DataDesk:
    """The session's state of the page."""

    kind: str = "towns"
    file_name: str = ""
    path: Path | None = None
    wishes: dict[str, str] = field(default_factory=dict)
    settled: dict[str, str] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)
    meta_shown: dict[str, str] = field(default_factory=dict)
    """What the page says stands in the fields: a page that is drawn again under a reader's hand loses the click."""
    accuracy_m: float = _USUAL_M
    accepted: bool = False
    found: dict[str, Any] | None = None
    error: dict[str, str] | None = None
    trouble: str = ""
    """What could not be done with the workspace, in a sentence."""
    stale: bool = False
    """Whether the file has to be examined (again)."""
    asked: bool = False
    """Whether the reader has asked to take the file over."""
    job: WatchedJob | None = None
    """The examination or the import that is under way."""
    importing: bool = False
    """Whether it is the import."""
    done: dict[str, Any] | None = None
    removing: int = 0
    """Import that the reader wants to remove, until that is confirmed."""
    download: str = ""
    opened: int = 0
    """Counts the files that were brought: the box for the next one is a new one."""

    def bring(self, name: str, write: Callable[[Path], None]) -> None:
        """Take a file; what was there before goes.

        Parameters
        ----------
        write
            Writes the content to a path.
        """
        self.drop()
        folder = Path(tempfile.mkdtemp(prefix="plan-atlas-data-"))
        # A session that is left without a word takes its file with it.
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        # Only the ending is the reader's: it says what the file is.
        self.path = folder / f"file{Path(name).suffix.lower()[:12]}"
        write(self.path)
        self.file_name, self.stale, self.done = name, True, None
        self.opened += 1

    def drop(self) -> None:
        """Forget the file, and end what is under way with it."""
        self._end()
        if self.path is not None:
            shutil.rmtree(self.path.parent, ignore_errors=True)
        self.path, self.file_name, self.found, self.error = None, "", None, None
        self.wishes, self.settled, self.accepted, self.stale, self.asked = {}, {}, False, False, False

    def answer(self, event: dict[str, Any]) -> None:
        """Answer an event of the page; one that makes no sense changes nothing."""
        kind, value = str(event.get("type")), str(event.get("value") or "")[:_LONGEST]
        self.trouble = ""
        if kind not in (*META, "accuracy"):
            self.meta_shown = self.meta | {"accuracy": f"{self.accuracy_m:g}"}
        if kind == "cancel":
            self.drop()
        elif kind in ("kind", *_REREAD, "settle", "accept", "take_over", "accuracy", "again"):
            self._answer_file(kind, value)
        elif kind in META:
            self.meta[kind] = " ".join(value.split())
        elif kind in ("issues", "matches", "backup") or (kind == "issues_of" and value.isdigit()):
            self.download = f"{kind}:{value}"
        elif kind in ("on", "off", "remove", "remove_sure", "keep") and value.isdigit():
            self._answer_list(kind, int(value))

    def _answer_file(self, kind: str, value: str) -> None:
        if kind == "kind" and value in KINDS:
            self.kind, self.settled, self.stale = value, {}, self.path is not None
            self.wishes.pop("name_field", None)
        elif kind in _REREAD and self.found is not None:
            self.wishes[kind] = value
            self.stale = True
            if kind in ("layer", "name_field"):
                self.settled = {}
        elif kind == "settle":
            number, _, decision = value.partition("=")
            if number.isdigit():
                self.settled[number] = decision
                if not decision:
                    del self.settled[number]
                self.stale = True
        elif kind == "accept":
            self.accepted = not self.accepted
        elif kind == "accuracy":
            self.accuracy_m = _read_metres(value, self.accuracy_m)
        elif kind == "again":
            self.drop()
            self.done = None
        elif kind == "take_over" and self.ready:
            self.asked = True

    def _answer_list(self, kind: str, number: int) -> None:
        self.removing = number if kind == "remove" else 0
        self.done = None
        try:
            if kind in ("on", "off"):
                workspace.switch_import(number, active=kind == "on")
            elif kind == "remove_sure":
                workspace.remove_import(number)
        except WorkspaceError as error:
            self.trouble = str(error)

    @property
    def ready(self) -> bool:
        """Whether the file may be taken over: nothing left to settle, every change agreed to."""
        found = self.found
        if found is None or found["need"] or self.stale or self.job is not None:
            return False
        return self.accepted or not found["changes"]

    def work(self, *, wait_s: float | None = None) -> bool:
        """Have done what there is to do with the file, in a process of its own.

        What is under way for wishes that have changed since is ended.

        Parameters
        ----------
        wait_s
            How long to wait for it; None for its end.

        Returns
        -------
        bool
            Whether the workspace has changed.
        """
        if self.path is not None and (self.stale or self.asked):
            self._end()
            self.importing, self.stale, self.asked = self.asked and not self.stale, False, False
            self.job = self._begin(self.path)
        if self.job is None or not self.job.ended.wait(wait_s):
            return False
        answer: dict[str, Any] = self.job.answer or {"error": {"kind": "job", "value": self.job.error}}
        self._end()
        self.error = answer.get("error")
        if "made" in answer:
            name = self.file_name
            self.drop()
            self.done = {"file": name, "features": answer["features"], "number": answer["made"]}
            return True
        if not self.importing:
            self.found = answer.get("found")
            self.accepted = self.accepted and self.found is not None and bool(self.found["changes"])
        return False

    def _begin(self, path: Path) -> WatchedJob:
        wish = self.wishes | {"path": str(path), "kind": self.kind, "settled": self.settled}
        wish |= {"file_name": self.file_name, "do": "import" if self.importing else "examine"}
        if self.importing:
            wish["meta"] = {name: self.meta.get(name, "") for name in META} | {"accuracy_m": self.accuracy_m}
        folder = path.parent / _ON_THE_WAY
        folder.mkdir()
        job = start_job(JOB, wish, folder=folder)
        weakref.finalize(self, job.process.kill)
        return job

    def _end(self) -> None:
        """End what is under way; what it has put on disk goes."""
        if self.job is not None:
            self.job.cancel()
            self.job.ended.wait()
            self.job = None
        if self.path is not None:
            shutil.rmtree(self.path.parent / _ON_THE_WAY, ignore_errors=True)

    def restore(self, write: Callable[[Path], None]) -> None:
        """Replace the workspace by a backup that the reader brought."""
        self.trouble, self.done = "", None
        with tempfile.TemporaryDirectory(prefix="plan-atlas-data-") as folder:
            path = Path(folder) / "backup.sqlite"
            write(path)
            try:
                workspace.restore(path)
            except WorkspaceError as error:
                self.trouble = str(error)
        self.opened += 1


def _read_metres(text: str, before: float) -> float:
    try:
        metres = float(text.replace(",", ""))
    except ValueError:
        return before
    return metres if _LEAST_M <= metres <= _MOST_M else before
