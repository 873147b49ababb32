"""Which places a name in doubt may mean: by its letters, its category, and the district that its section is about."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from app.text.families import families_by_category
from gazetteer import open_register
from gazetteer.geocoding import suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from gazetteer import Place
    from gazetteer.reading import Mention

MOST: Final = 6
"""Places that are offered."""
_ALIKE: Final = 0.55
"""From this likeness on letters alone are reason enough."""
_LEAST: Final = 0.3
"""Below this likeness nothing else helps."""
_CATEGORY: Final = 0.2
_FAMILY: Final = 0.1
_DISTRICT: Final = 0.12
_WITHIN: Final = 0.5
"""Likeness of a place whose name stands inside the surface."""
_SHORTEST: Final = 3
_ENOUGH: Final = 0.62
_SHARE: Final = 0.4
"""Of a section's places: what one district must have so that the section is about it."""


def find_candidates(surface: str, mentions: Sequence[Mention], districts: Collection[str]) -> list[Place]:
    """Return the places that a surface may mean, the likeliest first.

    Parameters
    ----------
    surface
        The name as printed.
    mentions
        Its mentions; what the reader itself holds possible comes first.
    districts
        Ids of the counties that the sections of these mentions are about.
    """
    register = open_register()
    own = [each.place_id or "" for each in mentions] + [key for each in mentions for key in each.candidates]
    found = [register.places[key] for key in dict.fromkeys(own) if key in register.places]
    categories = Counter(each.category for each in mentions)
    category = categories.most_common(1)[0][0] if categories else ""
    begun = {place.id for place in suggest(surface, limit=MOST)}
    ranked: list[tuple[float, str, Place]] = []
    for place in register.places.values():
        likeness = max(_likeness(surface, name) for name in (place.name_zh, *place.aliases))
        if place.id in begun:
            likeness = max(likeness, _ALIKE)
        if likeness < _LEAST:
            continue
        score = likeness + _kinship(place, category) + (_DISTRICT if _district(place) in districts else 0)
        if likeness >= _ALIKE or score >= _ENOUGH:
            ranked.append((-score, place.id, place))
    found += [place for _, _, place in sorted(ranked, key=lambda row: row[:2])]
    return list(dict.fromkeys(found))[:MOST]


def find_districts(
    doubted: Iterable[Mention], mentions: Sequence[Mention], section: Callable[[int], tuple[int, int]]
) -> frozenset[str]:
    """Return the counties that the sections of some mentions are about.

    Parameters
    ----------
    doubted
        The mentions of one surface.
    mentions
        All mentions of the text.
    section
        First and last line of the section that holds a line.
    """
    about = set()
    for first, last in {section(each.line) for each in doubted}:
        counts = Counter(_districts(each for each in mentions if first <= each.line <= last))
        about |= {county for county, count in counts.items() if count >= _SHARE * counts.total()}
    return frozenset(about)


def _districts(mentions: Iterable[Mention]) -> Iterator[str]:
    places = open_register().places
    for mention in mentions:
        place = places.get(mention.place_id or "")
        if place is not None and (county := _district(place)):
            yield county


def _district(place: Place) -> str:
    """Return the id of the county that a place is or lies in, or ""."""
    register = open_register()
    chain = (place.id, *register.ancestors(place))
    return next((key for key in chain if key in register.places and register.places[key].category == "county"), "")


def _kinship(place: Place, category: str) -> float:
    if place.category == category:
        return _CATEGORY
    families = families_by_category()
    kin = category in families and families[category].id == families[place.category].id
    return _FAMILY if kin else 0.0


def _likeness(surface: str, name: str) -> float:
    if len(name) >= _SHORTEST and name in surface:
        return max(_WITHIN, 2 * len(name) / (len(name) + len(surface)))
    matcher = SequenceMatcher(None, surface, name, autojunk=False)
    if matcher.real_quick_ratio() < _LEAST or matcher.quick_ratio() < _LEAST:
        return 0.0
    return matcher.ratio()
