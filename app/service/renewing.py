"""A service that follows the bureau's own data: after an import it has its folder made anew, and goes on from that.

Until the new folder is whole, and wherever it cannot be made, everybody is answered from the one before.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from app.jobs.job import JobError
from geodata import workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from app.service.web import Service

_LOOK_S: Final = 2.0


class Renewing:
    """The application, as WSGI servers call it.

    Parameters
    ----------
    make
        Returns the folder of what is to be served in the present state of the workspace; see `app.service.folder`.
    begin
        Makes a service of a folder.
    tell
        Told in a sentence what has become of a change.
    """

    def __init__(
        self, make: Callable[[], Path], begin: Callable[[Path], Service], *, tell: Callable[[str], None]
    ) -> None:
        self._make, self._begin, self._tell = make, begin, tell
        # Taken first: what changes while the folder is made is seen at the next look.
        self._stamp = workspace.stamp()
        self._folder = make()
        self.service = begin(self._folder)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request, all of it from one state."""
        return self.service(environ, start_response)

    def look(self) -> bool:
        """Go on from the present state if the workspace has changed, and say whether that was done."""
        if (stamp := workspace.stamp()) == self._stamp:
            return False
        self._stamp = stamp
        workspace.tell_change()
        try:
            folder = self._make()
            if folder == self._folder:
                return False
            service = self._begin(folder)
        except (JobError, OSError, ValueError, KeyError) as error:
            reason = " ".join(str(error.args[0] if isinstance(error, KeyError) else error).split())
            self._tell(f"the imports have changed, what is served has not: {reason}")
            return False
        self._folder, self.service = folder, service
        self._tell(f"the imports have changed: {len(service.collections)} layers are served as they are now")
        return True

    def watch(self) -> None:
        """Look every other second from now on, in a thread of its own."""
        threading.Thread(target=self._watch, daemon=True, name="renewing").start()

    def _watch(self) -> None:
        pause = threading.Event()
        while not pause.wait(_LOOK_S):
            self.look()
