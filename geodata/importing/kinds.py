"""What may be imported, as ``kinds.toml`` lists it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE: Final = Path(__file__).parent / "kinds.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of data; see the head of ``kinds.toml``."""

    id: str
    surface: str = ""
    line: str = ""
    categories: tuple[str, ...] = ()
    """Categories of places; empty means any."""
    codes: bool = False
    points: tuple[str, ...] = ()
    """Beginnings of ids of the places that a named point gives a position; none means that points are not taken."""
    own: bool = False
    """Whether features that mean no place of the register make a layer of the bureau's own."""
    judged_by: tuple[tuple[str, float], ...] = field(default=())

    @property
    def layers(self) -> tuple[str, ...]:
        """Base layers that features of this kind go to."""
        return tuple(each for each in (self.surface, self.line) if each)


@cache
def read_kinds() -> Mapping[str, Kind]:
    """Return the kinds by id, in their order."""
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {key: msgspec.convert(table | {"id": key}, Kind) for key, table in tables.items()}


def find_kind(kind: str) -> Kind:
    """Return a kind.

    Raises
    ------
    ValueError
        If there is none of that name.
    """
    kinds = read_kinds()
    if kind not in kinds:
        msg = f"expected a kind of data out of {', '.join(kinds)}, got {kind!r}"
        raise ValueError(msg)
    return kinds[kind]
