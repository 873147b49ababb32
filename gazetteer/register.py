"""The register: all place records and the index of their names.

The records come from reviewed tables (``gazetteer/places/*.csv`` and the compiled tables of ``geodata``); ``make data``
joins them into ``register.json``, which opens in milliseconds.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from gazetteer.freshness import kept, renew
from gazetteer.naming import normalise, shorten
from gazetteer.place import Place
from geodata import workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geodata.workspace import Import

HERE: Final = Path(__file__).parent
REGISTER_FILE: Final = HERE / "register.json"
CONTEXTS_FILE: Final = HERE / "contexts.toml"

_ENGLISH_CLASS: Final = re.compile(r" (Town|Subdistrict|District|City|Village|Lake|River|Station)$")
"""The class noun that English names of places end in, and that readers leave off."""

Way = Literal["name", "alias", "short", "english", "pinyin"]
"""By which of its names a place was found."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What bare names mean in a plan."""

    owner: str
    """Place id of the area whose government issued the plan."""
    bare_names: dict[str, str] = field(default_factory=dict)
    """A short name in the plan, and the id of the place it means there."""


@dataclass(frozen=True)
class Register:
    """All places, by id, in the register's order."""

    places: Mapping[str, Place]
    contexts: Mapping[str, Context]

    @cached_property
    def index(self) -> Mapping[str, tuple[tuple[Place, Way], ...]]:
        """Places by normalised name, with the way each was reached; a place stands once under a key, its best way."""
        index: defaultdict[str, dict[str, tuple[Place, Way]]] = defaultdict(dict)
        for place in self.places.values():
            for name, way in _names(place):
                if key := normalise(name):
                    index[key].setdefault(place.id, (place, way))
        return {key: tuple(entries.values()) for key, entries in index.items()}

    def ancestors(self, place: Place) -> tuple[str, ...]:
        """Return the ids of the places that hold a place, nearest first."""
        chain: list[str] = []
        while place.parent and place.parent not in chain:
            chain.append(place.parent)
            if place.parent not in self.places:
                break
            place = self.places[place.parent]
        return tuple(chain)


def _names(place: Place) -> list[tuple[str, Way]]:
    names: list[tuple[str, Way]] = [(place.name_zh, "name")]
    names += [(alias, "alias") for alias in place.aliases]
    stems = list(shorten(place))
    names += [(stem, "short") for stem in stems]
    names += [(place.name_en, "english"), (_ENGLISH_CLASS.sub("", place.name_en), "english")]
    syllables = place.pinyin.split()
    for length in (len(syllables), *map(len, stems)):
        # A stem is the beginning of the name, so its pinyin is the beginning of the name's.
        names.append(("".join(syllables[:length]), "pinyin"))
        names.append(("".join(syllable[0] for syllable in syllables[:length]), "pinyin"))
    return names


def open_register() -> Register:
    """Open the register of the project; it is read anew where its files have changed.

    Raises
    ------
    FileNotFoundError
        If ``register.json`` is missing: run ``make data``.
    """
    renew()
    return _read_register()


@kept
def _read_register() -> Register:
    places = msgspec.json.decode(REGISTER_FILE.read_bytes(), type=list[Place])
    tables = tomllib.loads(CONTEXTS_FILE.read_text(encoding="utf-8"))
    if workspace.stamp():
        places = _with_own_positions(places)
    return Register(
        places={place.id: place for place in places},
        contexts=msgspec.convert(tables, dict[str, Context]),
    )


def _with_own_positions(places: list[Place]) -> list[Place]:
    """Return places where the bureau's own data have them."""
    own = workspace.read_positions()
    if not own:
        return places
    return [_moved(place, *own[place.id]) if place.id in own else place for place in places]


def _moved(place: Place, lon: float, lat: float, record: Import) -> Place:
    return replace(
        place, lon=round(lon, 6), lat=round(lat, 6), accuracy_m=record.accuracy_m, basis="official",
        source=record.source, source_ref="", note="",
    )  # fmt: skip
