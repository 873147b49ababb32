"""Who keeps what was read: told when the workspace has changed, so that it is read anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_Cached = TypeVar("_Cached")
_WATCHERS: Final[list[Callable[[], None]]] = []


def kept_until_change(function: _Cached) -> _Cached:
    """Decorate a cached function (above ``@cache``) whose answers depend on the workspace."""
    _WATCHERS.append(function.cache_clear)  # type: ignore[attr-defined]
    return function


def when_changed(forget: Callable[[], None]) -> None:
    """Have a function called whenever the workspace has changed."""
    _WATCHERS.append(forget)


def tell_change() -> None:
    """Say that the workspace has changed, here or by another process: what was kept is forgotten."""
    for forget in _WATCHERS:
        forget()
