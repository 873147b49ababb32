"""Caches that are emptied when the gazetteer's files change, so that a running app knows an applied patch.

What is made of the register or of the reader's tables is kept with `kept` instead of `functools.cache`. Whoever opens
the register asks first whether a file is another than before; that costs one reading of the clock, and a look at the
files once a second at most. The bureau's own data may know positions better: a change of these empties the caches too.
"""

from __future__ import annotations

import time
from functools import cache, lru_cache, wraps
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, ParamSpec, Protocol, TypeVar, cast

from geodata.workspace import when_changed

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")

HERE: Final = Path(__file__).parent
FILES: Final = (
    HERE / "register.json",
    HERE / "contexts.toml",
    HERE / "attestations.csv",
    HERE / "reading/exceptions.toml",
)
"""What a patch may change."""
_PAUSE: Final = 1.0
"""Seconds between two looks at the files."""


class _Emptied(Protocol):
    def cache_clear(self) -> None: ...


_caches: Final[list[_Emptied]] = []
_lock: Final = Lock()
_seen: dict[str, Any] = {"looked": float("-inf"), "stamps": None}


def forget() -> None:
    """Empty all caches."""
    for each in _caches:
        each.cache_clear()


when_changed(forget)


def kept(function: Callable[P, T]) -> Callable[P, T]:
    """Keep what a function returns, by its arguments, until the gazetteer's files change."""
    cached = cache(function)
    _caches.append(cached)
    return cast("Callable[P, T]", cached)


def looked_up(most: int | None = None) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep as `kept` does, but look at the files before each answer: for what pages ask for, not for inner loops.

    Parameters
    ----------
    most
        How many answers are kept; all by default.
    """

    def wrap(function: Callable[P, T]) -> Callable[P, T]:
        cached = lru_cache(most)(function)
        _caches.append(cached)

        @wraps(function)
        def answer(*arguments: P.args, **options: P.kwargs) -> T:
            renew()
            return cached(*arguments, **options)  # type: ignore[arg-type]

        return answer

    return wrap


def renew(*, now: bool = False) -> None:
    """Empty the caches if a file of the gazetteer has changed since the last look.

    Parameters
    ----------
    now
        Look even if the last look was a moment ago.
    """
    moment = time.monotonic()
    if not now and moment - _seen["looked"] < _PAUSE:
        return
    with _lock:
        _seen["looked"] = moment
        stamps = tuple(map(_stamp, FILES))
        before, _seen["stamps"] = _seen["stamps"], stamps
        if before is not None and before != stamps:
            forget()


def _stamp(path: Path) -> tuple[int, int] | None:
    """Return what changes with a file, or None for a file that is being replaced or missing."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
