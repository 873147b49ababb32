"""Places as a list: what each is filtered and sorted by, the search, the counts of each choice."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from app.places.state import ACCURACIES, CATEGORIES, NO_PLAN, OUTSIDE, WHOLE
from gazetteer import geocode, open_register
from gazetteer.attested import count_mentions
from gazetteer.freshness import looked_up
from gazetteer.geocoding import suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.places.state import PlacesState
    from gazetteer import Place

_MOST_FOUND: Final = 5_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A place with what the page filters it by."""

    place: Place
    district: str
    accuracy: str
    """A class out of `ACCURACIES`."""
    mentions: Mapping[str, int]
    """How often each plan writes one of its names."""

    @property
    def total(self) -> int:
        """How often all plans together name it."""
        return sum(self.mentions.values())


@looked_up()
def entries() -> Mapping[str, Entry]:
    """Return all entries by place id, those that plans name most often first."""
    found = [
        Entry(place=place, district=_district(place), accuracy=_accuracy(place), mentions=count_mentions(place.id))
        for place in open_register().places.values()
    ]
    found.sort(key=lambda entry: (-entry.total, entry.place.pinyin, entry.place.id))
    return {entry.place.id: entry for entry in found}


@looked_up()
def districts() -> tuple[str, ...]:
    """Return the ids of the districts that may be chosen: counties, the one with most places first."""
    register = open_register()
    counts = Counter(entry.district for entry in entries().values())
    counties = [place.id for place in register.places.values() if place.category == "county" and counts[place.id]]
    return (*sorted(counties, key=lambda county: -counts[county]), WHOLE, OUTSIDE)


def _district(place: Place) -> str:
    register = open_register()
    if place.resolution == "outside":
        return OUTSIDE
    for holder in (place.id, *register.ancestors(place)):
        record = register.places.get(holder)
        if record is not None and record.category == "county":
            return holder if record.resolution == "suzhou" else OUTSIDE
    return WHOLE


def _accuracy(place: Place) -> str:
    if not place.located:
        return "none"
    metres = place.accuracy_m
    fitting = (name for name, most in ACCURACIES.items() if most is not None and metres is not None and metres <= most)
    return next(fitting, "coarse")


@looked_up(64)
def search(query: str, plan: str) -> tuple[Entry, ...]:
    """Return the entries that a search finds, best first; without a query all of them."""
    if not query.strip():
        return tuple(entries().values())
    answer = geocode(query, plan=plan or None)
    exact = [] if answer.best is None else [answer.best.place, *(each.place for each in answer.alternatives)]
    found = dict.fromkeys(place.id for place in (*exact, *suggest(query, limit=_MOST_FOUND)))
    return tuple(entries()[each] for each in found)


_TESTS: Final[dict[str, Callable[[Entry, PlacesState], bool]]] = {
    "category": lambda entry, state: entry.place.category not in state.hidden,
    "district": lambda entry, state: not state.district or entry.district == state.district,
    "plan": lambda entry, state: (
        not state.plan or (not entry.mentions if state.plan == NO_PLAN else state.plan in entry.mentions)
    ),
    "accuracy": lambda entry, state: entry.accuracy not in state.unshown,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """What a state shows, and what each choice of a filter would show with the other filters as they are."""

    shown: Sequence[Entry]
    """In the order of the table."""
    found: int
    """How many the search finds before any filter."""
    categories: Counter[str]
    districts: Counter[str]
    plans: Counter[str]
    accuracies: Counter[str]


@looked_up(64)
def list_places(state: PlacesState, lang: str) -> Listing:
    """Search, filter, count and sort.

    Parameters
    ----------
    lang
        Names are sorted by pinyin, or by the English name.
    """
    found = search(state.query, state.plan if state.plan != NO_PLAN else "")
    shown: list[Entry] = []
    counts: dict[str, Counter[str]] = {each: Counter() for each in _TESTS}
    for entry in found:
        failed = [name for name, test in _TESTS.items() if not test(entry, state)]
        if not failed:
            shown.append(entry)
        if len(failed) > 1:
            continue
        for name in failed or _TESTS:
            counts[name].update(_choices(name, entry))
    return Listing(
        shown=_sort(shown, state.sort, lang),
        found=len(found),
        categories=counts["category"],
        districts=counts["district"],
        plans=counts["plan"],
        accuracies=counts["accuracy"],
    )


def _choices(name: str, entry: Entry) -> tuple[str, ...]:
    if name == "plan":
        return tuple(entry.mentions) or (NO_PLAN,)
    return ({"category": entry.place.category, "district": entry.district, "accuracy": entry.accuracy}[name],)


def _sort(shown: list[Entry], sort: str, lang: str) -> Sequence[Entry]:
    by, places = sort.removeprefix("-"), open_register().places

    def name(place: Place | None) -> str:
        if place is None:
            return "￿"
        return place.name_en.casefold() if lang == "en" else place.pinyin or place.name_en.casefold()

    keys: dict[str, Callable[[Entry], Any]] = {
        "name": lambda entry: name(entry.place),
        "category": lambda entry: CATEGORIES.index(entry.place.category),
        "parent": lambda entry: name(places.get(entry.place.parent)),
        "accuracy": lambda entry: float("inf") if entry.place.accuracy_m is None else entry.place.accuracy_m,
        "plans": lambda entry: (-len(entry.mentions), -entry.total),
    }
    if by in keys:
        return sorted(shown, key=keys[by], reverse=sort.startswith("-"))
    return shown[::-1] if sort.startswith("-") else shown
