"""What the reader knows by heart: names of the register, places beyond, strings that are no mention, general words."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final, Literal, cast

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from gazetteer.freshness import kept
from gazetteer.naming import shorten
from gazetteer.reading.folding import fold_name
from gazetteer.reading.tables import HERE, read_toml
from gazetteer.register import HERE as GAZETTEER
from gazetteer.register import open_register

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gazetteer.place import Category, Place

ATTESTATIONS: Final = GAZETTEER / "attestations.csv"

SHORTEST: Final = 2
"""A single character names nothing."""

# Records of complete official lists: they would be in the register without any plan.
_LISTED: Final = frozenset({"city", "county", "town", "station"})
# A station is not called by its bare stem: 木渎 is the town.
_WITHOUT_STEM: Final = frozenset({"station"})
_STATION_ENDINGS: Final = ("站", "枢纽")
_WORKS_CATEGORIES: Final = frozenset({"rail", "road", "river"})
_JUNCTION: Final = re.compile("(?:高速|公路|快速路).{2,}(?:互通|枢纽|立交)$")

Way = Literal["name", "alias", "short"]
Role = Literal["name", "outside", "mask", "brand", "organisation", "built"]
WordRole = Literal["inner", "verb", "boundary"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A string that the reader looks for."""

    surface: str
    role: Role
    candidates: tuple[tuple[Place, Way], ...] = ()
    category: Category = "other"
    """Of a place beyond the register; for names, that of the first candidate."""
    weak: bool = False
    """Whether the string is also a general word, so that it means a place only in company."""
    bare: bool = False
    """Whether it is a class noun that means a place only where a plan says so."""


@dataclass(frozen=True)
class Vocabulary:
    """All strings, ready for matching."""

    entries: tuple[Entry, ...]
    words: Mapping[str, WordRole]
    """General words: ``inner`` (产业) and ``verb`` (创新) may stand inside a name, ``boundary`` ends it."""
    without: frozenset[str] = frozenset()
    by_surface: Mapping[str, Entry] = field(default_factory=dict)

    @cached_property
    def automaton(self) -> AhoCorasick:
        """Leftmost-longest matcher; a match carries the number of its entry."""
        return AhoCorasick(
            [entry.surface for entry in self.entries],
            matchkind=MatchKind.LeftmostLongest,
            implementation=Implementation.ContiguousNFA,
        )


@cache
def read_words() -> dict[str, WordRole]:
    """Return the general words."""
    lines = (HERE / "words.csv").read_text(encoding="utf-8").splitlines()[1:]
    return {word: cast("WordRole", role) for word, _, role in (line.partition(",") for line in lines)}


@kept
def read_attested() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Return the plans that attest each place, and those that attest each surface."""
    places: defaultdict[str, set[str]] = defaultdict(set)
    surfaces: defaultdict[str, set[str]] = defaultdict(set)
    with ATTESTATIONS.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            places[row["place"]].add(row["plan"])
            surfaces[fold_name(row["surface"])].add(row["plan"])
    return (
        {key: frozenset(value) for key, value in places.items()},
        {key: frozenset(value) for key, value in surfaces.items()},
    )


@kept
def open_vocabulary(without_plan: str | None = None, plan: str | None = None) -> Vocabulary:
    """Return the vocabulary, without the records and names that only one plan attests if so asked.

    Parameters
    ----------
    without_plan
        Id of the plan to leave out.
    plan
        Id of the plan whose own short names are known besides.
    """
    return build_vocabulary(frozenset(filter(None, [without_plan])), plan)


def build_vocabulary(
    without: frozenset[str] = frozenset(), plan: str | None = None, *, dropped: frozenset[str] = frozenset()
) -> Vocabulary:
    """Build the vocabulary anew.

    Parameters
    ----------
    without
        Ids of plans; records and names that no other plan attests are left out.
    plan
        Id of the plan whose own short names are known besides.
    dropped
        Ids of places that are left out too, unless official lists hold them.
    """
    words = read_words()
    exceptions = read_toml("exceptions.toml")
    bare = set(exceptions["bare"]["names"])
    names: defaultdict[str, dict[str, tuple[Place, Way]]] = defaultdict(dict)
    siteless: list[str] = []
    for place, surface, way in _names(without, dropped):
        if _is_siteless(place):
            siteless.append(surface)
            continue
        names[surface].setdefault(place.id, (place, way))
    entries: dict[str, Entry] = {}
    for group, strings in exceptions["strings"].items():
        for string in strings:
            entries[fold_name(string)] = Entry(fold_name(string), "brand" if group == "brands" else "mask")
    for surface in siteless:
        entries.setdefault(surface, Entry(surface, "mask"))
    for string in read_toml("grammar.toml")["organisation"]["names"]:
        entries[string] = Entry(string, "organisation")
    for category, table in read_toml("outside.toml").items():
        for string in table["names"]:
            entries[string] = Entry(string, "outside", category=cast("Category", category))
    for surface, by_id in names.items():
        if surface in entries and entries[surface].role in {"mask", "brand"}:
            continue
        candidates = _namesakes(tuple(by_id.values()))
        entries[surface] = Entry(
            surface,
            "name",
            candidates=candidates,
            category=candidates[0][0].category,
            weak=surface in words and all(way != "name" for _, way in candidates),
            bare=surface in bare,
        )
    for surface, place in _local_names(plan):
        # Whatever else a name may mean, in this plan it means this place.
        known = entries[surface].candidates if surface in bare and surface in entries else ()
        others = tuple((other, way) for other, way in known if other.id != place.id)
        entries[surface] = Entry(
            surface, "name", candidates=((place, "alias"), *others), category=place.category, bare=surface in bare
        )
    for string in bare - entries.keys():
        entries[string] = Entry(string, "name", bare=True)
    return Vocabulary(tuple(entries.values()), words, without, entries)


def _is_siteless(place: Place) -> bool:
    """Whether a record is of a body without one site, a platform or a laboratory."""
    tables = read_toml("exceptions.toml")["siteless"]
    if place.resolution == "abstract":
        return place.name_zh.endswith(tuple(tables["abstract"]))
    return place.resolution == "suzhou" and not place.located and place.name_zh.endswith(tuple(tables["unlocated"]))


def _names(without: frozenset[str], dropped: frozenset[str]) -> Iterator[tuple[Place, str, Way]]:
    """Yield the names of all places as they look in an even text."""
    by_place, by_surface = read_attested()
    works = read_toml("exceptions.toml")["works"]
    suffixes, kept = tuple(works["suffixes"]), set(works["kept"])
    ignored = set(read_toml("exceptions.toml")["ignored"]["names"])
    endings = tuple(read_toml("exceptions.toml")["ignored"]["endings"])
    for place in open_register().places.values():
        listed = place.category in _LISTED
        if not listed and (place.id in dropped or _only_in(by_place.get(place.id), without)):
            continue
        ways: list[tuple[str, Way]] = [(place.name_zh, "name")]
        ways += [(alias, "alias") for alias in place.aliases]
        if place.category not in _WITHOUT_STEM:
            ways += [(stem, "short") for stem in shorten(place)]
        official = {place.name_zh, *shorten(place)} if listed else set()
        for name, way in ways:
            surface = fold_name(name)
            if (
                len(surface) < SHORTEST
                or surface.isascii()
                or surface in ignored
                or "、" in surface
                or surface.endswith(endings)
            ):
                continue
            if place.category in _WITHOUT_STEM and not surface.endswith(_STATION_ENDINGS):
                # A stop is not called by the road or the university at its door.
                continue
            if surface[0] == "“" and surface[-1] == "”":
                # Marks around the whole name stay outside.
                continue
            if place.category == "road" and _JUNCTION.search(surface):
                # A road and its junction are two places: 绕城高速 | 车坊互通.
                continue
            if (
                place.category in _WORKS_CATEGORIES
                and surface not in kept
                and _of_works(surface, suffixes, works["inside"])
            ):
                continue
            if name not in official and _only_in(by_surface.get(surface), without):
                continue
            yield place, surface, way


def _only_in(attested: frozenset[str] | None, without: frozenset[str]) -> bool:
    """Whether plans attest a name, and none but those that are left out."""
    return bool(attested) and attested is not None and attested <= without


def _namesakes(candidates: tuple[tuple[Place, Way], ...]) -> tuple[tuple[Place, Way], ...]:
    """Leave out places for which a string is an alias, if another is so named in its category (road, junction)."""
    named = {place.category for place, way in candidates if way == "name"}
    return tuple((place, way) for place, way in candidates if way == "name" or place.category not in named)


def _local_names(plan: str | None) -> Iterator[tuple[str, Place]]:
    """Yield the short names of one plan and what they mean there."""
    register = open_register()
    if plan is not None:
        for name, place_id in register.contexts[plan].bare_names.items():
            if place_id in register.places:
                yield fold_name(name), register.places[place_id]


def _of_works(surface: str, suffixes: tuple[str, ...], inside: list[str]) -> bool:
    """Whether a name of a line also names a section or works of it."""
    return surface.endswith(suffixes) or any(word in surface for word in inside)
