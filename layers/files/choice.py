"""Which layers are meant: ids, patterns, a plan's, all of them; structures and base layers."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from layers.catalogue import find_structure, read_collections, read_structures

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PATH: Final = Path(__file__).with_name("base.toml")
BASE: Final = "base"
PLACES: Final = "base/places"


@dataclass(frozen=True, kw_only=True, slots=True)
class BaseLayer:
    """A base layer that can be exported.

    Attributes
    ----------
    id
        ``base/<name>``.
    parts
        Layers of `geodata.store` that it is made of; none for the gazetteer's places.
    """

    id: str
    name_zh: str
    name_en: str
    parts: tuple[str, ...]


@cache
def read_base_layers() -> Mapping[str, BaseLayer]:
    """Return the base layers by id, in the file's order."""
    tables = tomllib.loads(PATH.read_text(encoding="utf-8"))
    return {
        f"{BASE}/{key}": BaseLayer(
            id=f"{BASE}/{key}", name_zh=table["name_zh"], name_en=table["name_en"], parts=tuple(table["from"])
        )
        for key, table in tables.items()
    }


def choose_layers(wanted: Iterable[str] = (), *, plan: str | None = None, everything: bool = False) -> list[str]:
    """Return the ids of the layers that are meant, each once.

    Parameters
    ----------
    wanted
        Ids, or patterns such as ``base/*`` and ``wuzhong-14fyp/*``.
    plan
        Only the layers of this plan; all of them if nothing is wanted.
    everything
        Every layer of every plan (base layers are asked for by ``base/*``).

    Raises
    ------
    KeyError
        If a layer or plan is not known; the message names near ones.
    """
    if plan is not None and plan not in read_collections():
        msg = f"expected a plan out of {', '.join(read_collections())}, got {plan!r}"
        raise KeyError(msg)
    known = [*read_structures(), *read_base_layers()]
    names = tuple(wanted)
    found: dict[str, None] = {}
    if everything or (plan is not None and not names):
        found |= dict.fromkeys(read_structures())
    for name in names:
        matching = [each for each in known if fnmatchcase(each, name)]
        if not matching:
            _refuse(name)
        found |= dict.fromkeys(matching)
    if plan is not None:
        found = {each: None for each in found if each.partition("/")[0] in (plan, BASE)}
        if not found:
            msg = f"expected layers of {plan}, got {', '.join(names)}"
            raise KeyError(msg)
    return list(found)


def _refuse(name: str) -> None:
    if name.startswith(f"{BASE}/"):
        msg = f"expected a base layer out of {', '.join(read_base_layers())}, got {name!r}"
        raise KeyError(msg)
    find_structure(name)


def describe_choice(layer_id: str) -> tuple[str, str]:
    """Return the Chinese and the English name of a layer."""
    base = read_base_layers().get(layer_id)
    if base is not None:
        return base.name_zh, base.name_en
    structure = find_structure(layer_id)
    return structure.name_zh, structure.name_en
