"""Layers written anew after an import, behind the readers' backs: until all are there the old ones stay on show."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.library import write_layers
from geodata import workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(eq=False)
class Redrawing:
    """One writing of all that an import has changed, in a thread that waits for a process.

    Attributes
    ----------
    stamp
        State of the workspace that it was begun for.
    share, name
        How far it is (0 to 1), and the layer that was written last.
    error
        Why it failed; "" otherwise.
    ended
        Set at the end, whether it was done or failed.
    """

    stamp: tuple[int, ...]
    then: Callable[[], None]
    """Called at the end, before `ended` is set."""
    drawn: Sequence[str] = ()
    share: float = 0.0
    name: str = ""
    error: str = ""
    ended: threading.Event = field(default_factory=threading.Event)

    def begin(self) -> None:
        """Begin."""
        threading.Thread(target=self._write, daemon=True, name="redrawing").start()

    def _write(self) -> None:
        try:
            write_layers(self._tell, drawn=self.drawn)
        except (OSError, RuntimeError) as error:
            self.error = str(error)
        # Whoever keeps what was read of the old layers reads the new ones.
        workspace.tell_change()
        self.then()
        self.ended.set()

    def _tell(self, share: float, name: str) -> None:
        self.share, self.name = share, name
