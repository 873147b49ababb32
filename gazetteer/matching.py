"""Names of a file matched to places of given categories: surely, with doubt, or not at all."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from gazetteer.geocoding import geocode
from gazetteer.naming import normalise
from gazetteer.register import open_register

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gazetteer.place import Place

Status = Literal["matched", "fuzzy", "unmatched"]

_OFFICES: Final = re.compile(r"(人民政府|街道办事处|办事处|管理委员会|管委会|政府|辖区|行政区)$")
_BRACKETS: Final = re.compile(r"[（(【\[].*?[)）】\]]")
_LIKE: Final = 0.6
_MOST_CANDIDATES: Final = 5
_MOST_LIKELY: Final = 40
_CLEAR_LEAD: Final = 0.02


@dataclass(frozen=True, kw_only=True, slots=True)
class NameMatch:
    """What a name of a file means.

    Attributes
    ----------
    name
        As it stands in the file.
    status
        ``matched``: one place, by its full name, an alias, a short or the English form, or by its code. ``fuzzy``:
        places that it may mean. ``unmatched``: none.
    place
        The place, or the likeliest; None if there is none.
    candidates
        All places that it may mean, likeliest first.
    """

    name: str
    status: Status
    place: Place | None = None
    candidates: tuple[Place, ...] = ()


class Matcher:
    """Matches names to places of the register.

    Parameters
    ----------
    categories
        Categories that a name may mean; any if there are none.
    layers
        Base layers whose places it may mean as well.
    codes
        Place ids by official code.
    beginnings
        Beginnings of place ids; others are not meant, whatever their category.
    """

    def __init__(
        self, *, categories: Iterable[str] = (), layers: Iterable[str] = (), codes: Mapping[str, str] | None = None,
        beginnings: Iterable[str] = ("",),
    ) -> None:  # fmt: skip
        wanted, own, heads = frozenset(categories), frozenset(layers), tuple(beginnings)
        self.places = {
            place.id: place
            for place in open_register().places.values()
            if place.resolution == "suzhou"
            and place.id.startswith(heads)
            and (not wanted or place.category in wanted or place.geometry.partition("/")[0] in own)
        }
        self._codes = codes or {}
        self._known: dict[str, NameMatch] = {}
        self._knows: dict[str, bool] = {"": False}
        self._names: dict[str, list[Place]] = {}
        self._by_character: dict[str, list[str]] = {}
        for place in self.places.values():
            for name in (place.name_zh, *place.aliases):
                self._names.setdefault(normalise(name), []).append(place)
        for key in self._names:
            for character in set(key):
                self._by_character.setdefault(character, []).append(key)

    def match(self, name: str, *, code: str = "") -> NameMatch:
        """Match a name; an official code decides where the name does not contradict it."""
        if name not in self._known:
            self._known[name] = self._match(name)
        found = self._known[name]
        coded = self.places.get(self._codes.get(code, "")) if code else None
        if coded is None:
            return found
        if not name or coded in found.candidates:
            return NameMatch(name=name, status="matched", place=coded, candidates=(coded,))
        # The code says one place and the name another, or none: a person has to look.
        return NameMatch(name=name, status="fuzzy", place=coded, candidates=(coded, *found.candidates))

    def knows(self, name: str) -> bool:
        """Tell whether a text is a name of one of the places, for finding the field that holds names."""
        if name not in self._knows:
            self._knows[name] = not name.isascii() and any(self._find(form) for form in _forms(name))
        return self._knows[name]

    def knows_code(self, text: str) -> bool:
        """Tell whether a text is the official code of one of the places."""
        return text in self._codes

    def _match(self, name: str) -> NameMatch:
        for form in _forms(name):
            found = self._find(form)
            if found:
                best = [place for place, score in found if found[0][1] - score < _CLEAR_LEAD]
                # Two names of one outline (a street and the zone that is that street) are no doubt here.
                one = len({place.geometry or place.id for place in best}) == 1
                status: Status = "matched" if one else "fuzzy"
                candidates = tuple(place for place, _ in found)[:_MOST_CANDIDATES]
                return NameMatch(name=name, status=status, place=best[0], candidates=candidates)
        near = self._near(name)
        if not near:
            return NameMatch(name=name, status="unmatched")
        return NameMatch(name=name, status="fuzzy", place=near[0], candidates=near)

    def _find(self, form: str) -> list[tuple[Place, float]]:
        """Return the places that a form of a name means, best first; initials and pinyin alone do not count."""
        answer = geocode(form)
        candidates = [] if answer.best is None else [answer.best, *answer.alternatives]
        return [
            (each.place, each.score) for each in candidates if each.place.id in self.places and each.way != "pinyin"
        ]

    def _near(self, name: str) -> tuple[Place, ...]:
        key = normalise(_clean(name))
        # Names that share most characters are looked at closely: a large file has thousands of unknown names.
        shared = Counter(each for character in set(key) for each in self._by_character.get(character, ()))
        likely = [each for each, _ in shared.most_common(_MOST_LIKELY)]
        keys = difflib.get_close_matches(key, likely, n=_MOST_CANDIDATES, cutoff=_LIKE)
        found = [place for each in keys for place in self._names[each]]
        by_pinyin = geocode(name) if name.isascii() else None
        if by_pinyin is not None and by_pinyin.best is not None:
            all_found = [by_pinyin.best, *by_pinyin.alternatives]
            found += [each.place for each in all_found if each.place.id in self.places]
        return tuple({place.id: place for place in found}.values())[:_MOST_CANDIDATES]


def _forms(name: str) -> Iterable[str]:
    """Yield the forms in which a name may be known: as it is, without brackets and offices, without what holds it."""
    seen = {""}
    clean = _clean(name)
    for form in (name, clean, *_without_prefix(clean)):
        if form not in seen:
            seen.add(form)
            yield form


def _clean(name: str) -> str:
    text = _BRACKETS.sub("", name).strip()
    stem = _OFFICES.sub("", text)
    if text != stem and text.endswith("街道办事处"):
        return f"{stem}街道"
    return stem or text


def _without_prefix(name: str) -> Iterable[str]:
    """Yield a name without the areas that stand before it: 江苏省苏州市吴中区木渎镇 is 木渎镇."""
    rest = name
    while prefix := next((each for each in _prefixes() if rest.startswith(each) and len(rest) > len(each) + 1), ""):
        rest = rest.removeprefix(prefix)
        yield rest


@cache
def _prefixes() -> tuple[str, ...]:
    counties = [place.name_zh for place in open_register().places.values() if place.category in ("county", "city")]
    return tuple(sorted({"江苏省", "江苏", "苏州市", *counties}, key=len, reverse=True))
