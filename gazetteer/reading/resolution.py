"""Which place a span means: the plan's own use, its owner's area, the list it stands in, the words around it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from gazetteer.naming import shorten
from gazetteer.reading.grammar import OF_OWNER, Hit
from gazetteer.reading.openings import is_side
from gazetteer.reading.tables import read_toml
from gazetteer.reading.vocabulary import Vocabulary, Way, read_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gazetteer.place import Category, Place
    from gazetteer.reading.mention import Resolved
    from gazetteer.reading.spans import Span
    from gazetteer.register import Register

_WAYS: Final[Mapping[Way, float]] = {"name": 1.0, "alias": 0.96, "short": 0.96}
_OWNER: Final = 0.1
_NAMED: Final = 0.05
_HINT: Final = 0.25
_NEAR: Final = 0.08
_TITLE: Final = 150
"""Characters at the beginning of a text, where its title stands."""
_STEM: Final = 2
_SHORT: Final = 4
"""Characters of a facility's name that may also be its class."""
_OUTSIDE_CATEGORIES: Final = frozenset({"region", "city", "county", "island"})
# Where nothing else decides, readers take the larger place first.
_ORDER: Final[tuple[Category, ...]] = (
    "city", "county", "dev_zone", "lake", "town", "river", "functional_area", "old_town", "village", "park",
    "mountain", "road", "rail", "station",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resolution:
    """The answer for one span."""

    span: Span
    place: Place | None
    resolution: Resolved
    score: float
    reason: str
    others: tuple[str, ...] = ()


@dataclass
class Resolver:
    """Resolves the spans of one text, in order."""

    text: str
    register: Register
    vocabulary: Vocabulary
    plan: str | None
    owner: str | None
    recent: dict[str, tuple[int, Place]] = field(default_factory=dict)
    """By the ending of a full name: where it stood last, and its place."""
    _classes: dict[tuple[int, str], bool] = field(default_factory=dict)

    def resolve(self, spans: list[Span]) -> list[Resolution]:
        """Resolve all spans; those that prove to be no mention are left out."""
        results: list[Resolution] = []
        for number, span in enumerate(spans):
            before = spans[number - 1] if number else None
            after = spans[number + 1] if number + 1 < len(spans) else None
            answer = self._resolve(span, before, after, results[-1] if results else None)
            if answer is None:
                continue
            results.append(answer)
            if answer.place is not None:
                self._remember(answer)
        return results

    def _resolve(
        self, span: Span, before: Span | None, after: Span | None, last: Resolution | None
    ) -> Resolution | None:
        entry = span.entry
        if entry is None:
            return self._unknown(span)
        if entry.bare and span.end - span.start == len(entry.surface):
            answer = self._bare(span, last)
            if answer is None and self.plan is None and is_side(entry.surface):
                # Which part of which whole it is the register cannot tell of a plan that it does not know.
                return self._unknown(replace(span, entry=None, score=0.6, reason="a part named after its side"))
            return answer
        if entry.weak and not self._supported(span, before, after):
            return None
        if entry.category == "facility" and len(entry.surface) <= _SHORT and self.text[span.start - 1] == "级":
            # 三级妇保院: any of the class.
            return None
        if not entry.candidates:
            return Resolution(span, None, "outside", 0.9, f"{entry.surface}: beyond Suzhou")
        return self._choose(span, before, after, last)

    def _unknown(self, span: Span) -> Resolution:
        """Keep a name without a record; 市…, 区… is the owner's, so its full name may be known after all."""
        if self.owner is not None and span.surface[0] in "市区" and span.reason == OF_OWNER:
            owner = self.register.places[self.owner].name_zh
            for full in (owner + span.surface[1:], owner[:-1] + span.surface[1:]):
                entry = self.vocabulary.by_surface.get(full)
                if entry is not None and entry.candidates:
                    place = entry.candidates[0][0]
                    return Resolution(span, place, place.resolution, 0.9, f"{span.surface} = {full}: {span.reason}")
            span = replace(span, full=owner + span.surface[1:])
        elif self.owner is not None and is_side(span.surface):
            # 东部片区 in the plan of 吴中
            whole = self.register.places[self.owner]
            span = replace(span, full=next(shorten(whole), whole.name_zh) + span.surface)
        zone = self._zone_of_unit(span.surface)
        if zone is not None:
            reason = f"{span.surface} = {zone.name_zh}: the one zone of that class"
            return Resolution(span, zone, zone.resolution, 0.85, reason)
        return Resolution(span, None, "unresolved", span.score, f"no record; {span.reason}")

    def _choose(self, span: Span, before: Span | None, after: Span | None, last: Resolution | None) -> Resolution:
        assert span.entry is not None
        hint = span.hint or self._hint(span)
        beside = {
            near.category for near, gap in ((before, self._gap(before, span)), (after, self._gap(span, after)))
            if near is not None and near.entry is not None and len(near.entry.candidates) == 1 and gap in "、和及与—至"
            and gap
        }  # fmt: skip
        in_list = self._gap(before, span) in set("、和及与")
        if in_list and last is not None and last.span is before and last.place is not None:
            beside.add(last.place.category)
        ranked = []
        for place, way in span.entry.candidates:
            score, reasons = _WAYS[way], [f"{way} {span.entry.surface}"]
            if self.owner is not None and (place.id == self.owner or self.owner in self.register.ancestors(place)):
                score += _OWNER
                reasons.append("in the area of the plan's owner")
            if self.plan is not None and self.plan in place.plans:
                score += _NAMED
            if place.category == hint:
                score += _HINT
                reasons.append(f"a {hint} by {span.reason or 'the words around it'}")
            if place.category in beside:
                score += _NEAR
                reasons.append("like its neighbour in the list")
            ranked.append((-score, _rank(place), place.id, place, reasons))
        ranked.sort(key=lambda row: row[:3])
        score, _, _, place, reasons = ranked[0]
        reason = "; ".join(reasons)
        if span.reason and span.hint is None:
            reason += f"; {span.reason}"
        certainty = min(1.0, -score / (1 + _OWNER + _NAMED)) * min(1.0, span.score)
        return Resolution(
            span, place, place.resolution, round(certainty, 3), reason, tuple(row[3].id for row in ranked[1:])
        )

    def _hint(self, span: Span) -> Category | None:
        hints = read_toml("exceptions.toml")["hints"]
        assert span.entry is not None
        categories = {place.category for place, _ in span.entry.candidates}
        if len(categories) == 1:
            return None
        for category, words in hints["after"].items():
            if category in categories and self.text.startswith(tuple(words), span.end):
                return category  # type: ignore[no-any-return]
        for category, words in hints["before"].items():
            if category in categories and self.text.endswith(tuple(words), max(0, span.start - 2), span.start):
                return category  # type: ignore[no-any-return]
        return None

    def _gap(self, left: Span | None, right: Span | None) -> str:
        if left is None or right is None or right.start - left.end > 1:
            return "\n"
        return self.text[left.end : right.start]

    def _supported(self, span: Span, before: Span | None, after: Span | None) -> bool:
        """Whether a name that is also a general word stands in company that makes it a place."""
        assert span.entry is not None
        if span.hint is not None:
            return True
        own = {place.category for place, _ in span.entry.candidates}
        for near, gap in ((before, self._gap(before, span)), (after, self._gap(span, after))):
            if near is None or near.entry is None or near.entry.bare:
                continue
            theirs = {place.category for place, _ in near.entry.candidates}
            if gap and gap in "、—至" and own & theirs:
                return True
        if before is not None and before.end == span.start and before.entry is not None:
            parents = {place.id for place, _ in before.entry.candidates}
            return any(parents & set(self.register.ancestors(place)) for place, _ in span.entry.candidates)
        return False

    def _bare(self, span: Span, last: Resolution | None) -> Resolution | None:
        """Resolve a class noun used as a short name, or drop it where it means the class."""
        assert span.entry is not None
        tables = read_toml("exceptions.toml")["bare"]
        name = span.entry.surface
        section = last is not None and last.span.end == span.start and tell_kind(last) in {"road", "rail", "river"}
        owned = self.owner is not None and (meant := self._meant(name)) is not None and meant.id == self.owner
        # 生态农业等高新区产业: the owner itself is no example of its class.
        not_after = [word for word in tables["not_after"] if not owned or word != "等"]
        if not section and self._qualified(span.start, not_after, verbs=name in tables["anaphoric"]):
            return None
        line = bisect_right(self._breaks, span.start)
        if self._speaks_of_class(line, name):
            return None
        if name in tables["anaphoric"]:
            met = self.recent.get(name)
            if met is None or bisect_right(self._breaks, met[0]) != line:
                return None
            return Resolution(span, met[1], met[1].resolution, 0.85, f"{name} = {met[1].name_zh}, named just before")
        place = self._meant(name) or self._sibling(span, last)
        if place is None:
            return None
        if last is not None and last.place is not None and last.place.id == self.owner:
            between = self.text[last.span.end : span.start]
            if between in {"与", "和"} and self.text.startswith(("交界", "边界", "接壤"), span.end):
                # The owner borders on a neighbour, not on a part of itself.
                others = [
                    other for other, _ in span.entry.candidates if self.owner not in self.register.ancestors(other)
                ]
                place = others[0] if others else place
        whose = self.register.places[self.owner].name_zh if self.owner else "the plan"
        return Resolution(span, place, place.resolution, 0.9, f"{name} = {place.name_zh}: short name in {whose}'s plan")

    @cached_property
    def _breaks(self) -> list[int]:
        """Positions of the line feeds."""
        return [match.start() for match in re.finditer("\n", self.text)]

    def _speaks_of_class(self, line: int, name: str) -> bool:
        """Whether a line uses a short name for the class somewhere (各类开发区)."""
        if (line, name) not in self._classes:
            start = self._breaks[line - 1] + 1 if line else 0
            end = self._breaks[line] if line < len(self._breaks) else len(self.text)
            markers = read_toml("exceptions.toml")["bare"]["class_markers"]
            self._classes[line, name] = any(self.text.find(each.format(name), start, end) >= 0 for each in markers)
        return self._classes[line, name]

    def _sibling(self, span: Span, last: Resolution | None) -> Place | None:
        """Return the one county that a short name means right after another in a list: 吴中区、高新区."""
        if span.entry is None or last is None or last.place is None or last.place.category != "county":
            return None
        if last.resolution != "suzhou" or self.text[last.span.end : span.start] not in set("、和与及"):
            return None
        counties = [place for place, _ in span.entry.candidates if place.category == "county"]
        return counties[0] if len(counties) == 1 else None

    def _meant(self, name: str) -> Place | None:
        context = self.register.contexts.get(self.plan) if self.plan else None
        if context is not None and self.plan not in self.vocabulary.without:
            place_id = context.bare_names.get(name)
            if place_id is not None and name != "园区":
                return self.register.places.get(place_id)
        tables = read_toml("exceptions.toml")
        if name in tables["short"]:
            return self.register.places.get(tables["short"][name])
        entry = self.vocabulary.by_surface.get(name)
        if entry is None or self.owner is None or name == "园区":
            return None
        if self.register.places[self.owner].category == "city" and name not in tables["bare"]["city_wide"]:
            return None
        inside = [
            place for place, _ in entry.candidates
            if place.id == self.owner or self.owner in self.register.ancestors(place)
        ]  # fmt: skip
        if not inside:
            inside = self._owned(name)
        return inside[0] if len(inside) == 1 else None

    def _zone_of_unit(self, surface: str) -> Place | None:
        """Return the zone that a unit and a short class noun mean (昆山|开发区), if it has one of the class."""
        for short, endings in read_toml("exceptions.toml")["full_classes"].items():
            unit = self.vocabulary.by_surface.get(surface.removesuffix(short)) if surface.endswith(short) else None
            if unit is None:
                continue
            units = {place.id for place, _ in unit.candidates if place.category in {"county", "city"}}
            zones = [
                place for place in self._zones
                if place.parent in units
                and place.name_zh.endswith(tuple(endings)) and place.name_zh in self.vocabulary.by_surface
            ]  # fmt: skip
            if len(zones) == 1:
                return zones[0]
        return None

    @cached_property
    def _zones(self) -> list[Place]:
        """The zones that a short class noun may mean."""
        kinds = {"dev_zone", "park", "functional_area"}
        endings = tuple(
            ending for endings in read_toml("exceptions.toml")["full_classes"].values() for ending in endings
        )
        places = self.register.places.values()
        return [place for place in places if place.category in kinds and place.name_zh.endswith(endings)]

    def _owned(self, name: str) -> list[Place]:
        """Return the zones of the owner whose full name is of the class that a short name stands for."""
        if self.owner is None or self.register.places[self.owner].category == "city":
            return []
        endings = tuple(read_toml("exceptions.toml")["full_classes"].get(name, ()))
        return [place for place in self._zones if place.parent == self.owner and place.name_zh.endswith(endings)]

    def _qualified(self, start: int, not_after: list[str], *, verbs: bool) -> bool:
        """Whether a word before a class noun says that the class is meant; verbs do so only where told."""
        if start == 0:
            return False
        if self.text.endswith(tuple(not_after), max(0, start - 4), start):
            return True
        words = read_words()
        character = self.text[start - 1]
        scan = read_toml("grammar.toml")["scan"]
        if not character.isalnum() or character.isdigit() or character in scan["boundary"] + scan["around"]:
            return False
        known = next((words[word] for n in (4, 3, 2) if (word := self.text[max(0, start - n) : start]) in words), None)
        return known != "boundary" and (verbs or known != "verb")

    def _remember(self, answer: Resolution) -> None:
        assert answer.place is not None
        name = answer.place.name_zh
        for ending in read_toml("exceptions.toml")["bare"]["anaphoric"]:
            found = name.find(ending)
            if found <= 0 or answer.span.surface == ending:
                continue
            # …示范区协调区 names the 示范区 as well.
            whole = self.vocabulary.by_surface.get(name[: found + len(ending)])
            place = whole.candidates[0][0] if whole is not None and whole.candidates else None
            if place is None and name.endswith(ending):
                place = answer.place
            if place is not None:
                self.recent[ending] = (answer.span.end, place)


def _rank(place: Place) -> tuple[bool, int]:
    order = _ORDER.index(place.category) if place.category in _ORDER else len(_ORDER)
    return not place.located, order


def tell_kind(answer: Resolution) -> Category:
    """Return the category of an answer: its place's, or what its span says."""
    return answer.place.category if answer.place is not None else answer.span.category


def find_owner(hits: list[Hit]) -> str | None:
    """Return the id of the area that a text is about: the county of its title, or the unit that it names most."""
    counts: Counter[str] = Counter()
    title: Counter[str] = Counter()
    for hit in hits:
        for place, _ in hit.entry.candidates[:1]:
            if hit.entry.bare or place.category not in {"city", "county"} or place.resolution != "suzhou":
                continue
            counts[place.id] += 1
            if hit.start < _TITLE and place.category == "county" and len(hit.entry.surface) > _STEM:
                title[place.id] += 1
    named = title or counts
    return named.most_common(1)[0][0] if named else None
