"""What was looked at while something was made, so that it is made anew only when that has changed.

References are those of `geodata.store.fingerprint`: ``towns`` (a whole base layer), ``towns/luzhi`` (a feature, or a
line with all its sections), ``towns?wuzhong`` (what lies in a county), ``place/town/luzhi`` (where a place is drawn).
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEEN: Final[ContextVar[set[str] | None]] = ContextVar("seen", default=None)


@contextmanager
def looking() -> Iterator[set[str]]:
    """Collect the references of all that is looked at until the block ends; blocks inside count for themselves."""
    seen: set[str] = set()
    before = _SEEN.set(seen)
    try:
        yield seen
    finally:
        _SEEN.reset(before)


def look(*references: str) -> None:
    """Say that something is looked at; who keeps what it has read says so at every asking."""
    seen = _SEEN.get()
    if seen is not None:
        seen.update(references)
