"""Names that only their company tells, for a text that the register does not know.

A list whose last words say what its items are (铱工场、魔滴空间等孵化空间) makes names of items without a class
noun, and so do the names on both sides of an item. A name told in full once (苏州生态涵养发展实验区) makes a name
of its tail elsewhere (生态涵养发展实验区).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

from gazetteer.reading.nouns import tell_category
from gazetteer.reading.spans import Span
from gazetteer.reading.tables import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gazetteer.place import Category
    from gazetteer.reading.tokens import Hit
    from gazetteer.reading.vocabulary import Vocabulary

_LONGEST_ITEM: Final = 12
_LONGEST_LIST: Final = 120
_SHORTEST_ITEM: Final = 2
_LONGEST_WORD: Final = 4
_SHORTEST_TAIL: Final = 7
"""Characters of what is left of a name without its place, so that it stands for the name."""
_SHORTEST_NAME: Final = 7
_OPENING: Final = frozenset({"city", "county", "town", "dev_zone", "region"})
_SITED: Final = frozenset({"dev_zone", "functional_area", "facility", "park", "hub"})
_QUALIFIER: Final = 4
_SCORE: Final = 0.55
_JOINS: Final = "、和与及"
_EDGES: Final = re.compile(r"[、和与及，,。；：！？\n\t（）《》“”|]")
_SEPARATED: Final = re.compile(r"[、和与及][^，,。；：！？\n\t（）《》“”|]*\Z")
_AROUND: Final = "沿环"
_CLASSES: Final = frozenset("心台区园站馆所院厂仓岛谷线河门堤渡庄城镇村街路里坊巷寺塔阁亭楼场店厦居苑湾桥山湖港")
"""Characters that names of sites end in."""
_IN_LISTS: Final = frozenset(
    {
        "dev_zone", "functional_area", "facility", "park", "hub", "heritage", "river", "lake", "road", "village",
        "old_town", "port", "utility", "station", "island", "mountain",
    }
)  # fmt: skip
_MARKS: Final = "，,。；：\n\t"
_NO_PLACE: Final = frozenset({"mask", "brand", "organisation"})


def complete(text: str, spans: Sequence[Span], hits: Sequence[Hit], vocabulary: Vocabulary) -> list[Span]:
    """Return the spans of a text and those that their company makes names, in order, without overlaps.

    Parameters
    ----------
    text
        An even text.
    spans
        What dictionary and grammar found in it, in order.
    hits
        Strings of the vocabulary in it.
    vocabulary
        General words.
    """
    found = _Spans(list(spans))
    for item in _items(text, found, vocabulary):
        found.put(item)
    for item in _between(text, found, vocabulary):
        found.put(item)
    for tail in _tails(text, found.spans, hits):
        if not found.touched(tail.start, tail.end):
            found.put(tail)
    return found.spans


@dataclass
class _Spans:
    """Spans in order, without overlaps."""

    spans: list[Span]

    def inside(self, start: int, end: int) -> list[Span]:
        """Return the spans that touch a stretch."""
        first = bisect_right(self.spans, start, key=_end)
        last = bisect_left(self.spans, end, key=_start)
        return self.spans[first:last]

    def touched(self, start: int, end: int) -> bool:
        return bool(self.inside(start, end))

    def put(self, span: Span) -> None:
        """Put a span in the place of those that it touches."""
        first = bisect_right(self.spans, span.start, key=_end)
        last = bisect_left(self.spans, span.end, key=_start)
        self.spans[first:last] = [span]


@cache
def _endings() -> tuple[re.Pattern[str], Mapping[str, Category]]:
    tables = read_toml("grammar.toml")["tail"]
    categories: dict[str, Category] = {noun: table["category"] for table in tables for noun in table["nouns"]}
    nouns = "|".join(sorted(categories, key=len, reverse=True))
    return re.compile(rf"等[^，,。；：、\n的在和与及“”（）]{{0,8}}?(?P<noun>{nouns})"), categories


def _items(text: str, found: _Spans, vocabulary: Vocabulary) -> Iterator[Span]:
    """Yield the items that a list's last words make names, where the list holds a name already or several unknown."""
    pattern, categories = _endings()
    for match in pattern.finditer(text):
        category = categories[match["noun"]]
        begin = max(text.rfind(mark, max(0, match.start() - _LONGEST_LIST), match.start()) for mark in _MARKS)
        if begin < 0:
            continue
        edges = [begin + 1]
        edges += [place + 1 for place in range(begin + 1, match.start()) if text[place] == "、"]
        ends = [edge - 1 for edge in edges[1:]] + [match.start()]
        if len(edges) == 1:
            continue
        items = []
        named = False
        for number, (start, end) in enumerate(zip(edges, ends, strict=True)):
            inside = found.inside(start, end)
            named = named or any(span.end == end for span in inside)
            begin = start if number else _after_verbs(text, start, end, vocabulary)
            whole = _whole(text, begin, end, inside, category, vocabulary)
            if whole is not None:
                items.append(whole)
        if named or len(items) > 1:
            yield from items


def _between(text: str, found: _Spans, vocabulary: Vocabulary) -> Iterator[Span]:
    """Yield the items between names of one list, and those that a mark parts from what follows.

    Spans are put into ``found`` while this runs, so that a found item stands for a name of its list at once.
    """
    number = 0
    while number < len(found.spans):
        left = found.spans[number]
        number += 1
        start = left.end + 1
        if left.category not in _IN_LISTS or start > len(text) or text[left.end] not in _JOINS:
            continue
        edge = _EDGES.search(text, start, start + _LONGEST_ITEM + 1)
        end = edge.start() if edge is not None else start + _LONGEST_ITEM + 1
        if end > len(text) or (edge is None and end < len(text)):
            continue
        closed = end < len(text) and text[end] in _JOINS
        if closed:
            right = found.spans[bisect_left(found.spans, end + 1, key=_start) :][:1]
            if not right or right[0].start != end + 1 or right[0].category not in _IN_LISTS:
                continue
        elif not _SEPARATED.search(text, max(0, left.start - _LONGEST_LIST), left.start):
            continue
        item = _item(text, start, end, found.inside(start, end), left.category, vocabulary, closed=closed)
        if item is not None:
            yield item


def _start(span: Span) -> int:
    return span.start


def _end(span: Span) -> int:
    return span.end


def _item(
    text: str,
    start: int,
    end: int,
    inside: Sequence[Span],
    category: Category,
    vocabulary: Vocabulary,
    *,
    closed: bool,
) -> Span | None:
    """Return an item between two names (``closed``), or after one and before a mark, as a name."""
    surface = text[start:end]
    if not _may_be_item(surface, vocabulary):
        return None
    told = tell_category(surface)
    reason = "between the names of a list" if closed else "the last of a list of names"
    if not inside:
        unknown = _unknown(text, start, end, vocabulary)
        if unknown is None or not (unknown > 1 or (closed and told is not None and unknown)):
            return None
        return Span(start, end, surface, None, told or category, _SCORE, reason)
    first = inside[0]
    if len(inside) > 1:
        return None
    if first.start == start and first.end < end:
        rest = text[first.end : end]
        unknown = _unknown(text, first.end, end, vocabulary)
        if unknown is None or len(rest) < _SHORTEST_ITEM or rest[-1] not in _CLASSES or not (closed or unknown):
            return None
        return Span(start, end, surface, None, told or category, _SCORE, reason)
    if first.end == end and first.start > start and first.category in _IN_LISTS:
        before = text[start : first.start]
        unknown = _unknown(text, start, first.start, vocabulary)
        if unknown is None or unknown < len(before) or before[0] in _AROUND:
            return None
        return Span(start, end, surface, None, told or first.category, _SCORE, reason)
    return None


def _may_be_item(surface: str, vocabulary: Vocabulary) -> bool:
    """Whether words have the length of an item that names a place, and are known neither as none nor as works."""
    if not _SHORTEST_ITEM <= len(surface) <= _LONGEST_ITEM or not surface.isalnum():
        return False
    entry = vocabulary.by_surface.get(surface)
    works = tuple(read_toml("exceptions.toml")["works"]["suffixes"])
    return (entry is None or entry.role not in _NO_PLACE) and not surface.endswith(works)


def _whole(
    text: str, start: int, end: int, inside: Sequence[Span], category: Category, vocabulary: Vocabulary
) -> Span | None:
    """Return an item as a name, if no name ends where it does and some of it is no general word."""
    if text[start : start + 1] == "“" and text[end - 1 : end] == "”":
        start, end = start + 1, end - 1
    surface = text[start:end]
    if not _may_be_item(surface, vocabulary):
        return None
    reason = "an item of a list that says what it is"
    if not inside:
        unknown = _unknown(text, start, end, vocabulary)
        if unknown is None or unknown < 1:
            return None
        return Span(start, end, surface, None, category, _SCORE, reason)
    first = inside[0]
    if len(inside) > 1 or first.start != start or first.end == end:
        return None
    rest = _unknown(text, first.end, end, vocabulary)
    if rest is None or rest < _SHORTEST_ITEM:
        return None
    return Span(start, end, surface, None, category, _SCORE, reason)


def _unknown(text: str, start: int, end: int, vocabulary: Vocabulary) -> int | None:
    """Return how many characters of a stretch belong to no general word; None where a word in it ends every name."""
    unknown = 0
    boundary = read_toml("grammar.toml")["scan"]["boundary"]
    while start < end:
        size = next((n for n in (4, 3, 2) if start + n <= end and text[start : start + n] in vocabulary.words), 0)
        if size and vocabulary.words[text[start : start + size]] == "boundary":
            return None
        if not size and text[start] in boundary:
            return None
        unknown += not size
        start += size or 1
    return unknown


def _after_verbs(text: str, start: int, end: int, vocabulary: Vocabulary) -> int:
    """Return where the first item of a list begins: after the last word that ends a name to the left."""
    boundary = read_toml("grammar.toml")["scan"]["boundary"]
    last = start
    while start < end:
        size = next((n for n in (4, 3, 2) if start + n <= end and text[start : start + n] in vocabulary.words), 0)
        if (size and vocabulary.words[text[start : start + size]] != "inner") or (not size and text[start] in boundary):
            last = start + (size or 1)
        start += size or 1
    return last


def _tails(text: str, spans: Sequence[Span], hits: Sequence[Hit]) -> Iterator[Span]:
    """Yield the tails of longer names where they stand alone (苏州|生态涵养发展实验区)."""
    tables = read_toml("grammar.toml")
    nouns = {noun for table in tables["class"] for noun in table["nouns"]} | set(tables["generic"]["nouns"])
    opening = {hit.start: hit for hit in hits if hit.entry.category in _OPENING and not hit.entry.bare}
    inner = {(hit.start, hit.end) for hit in hits}
    tails: dict[str, Span] = {}
    for span in spans:
        if span.category not in _SITED or len(span.surface) < _SHORTEST_NAME:
            continue
        hit = _opener(span, opening, inner, text)
        if hit is None:
            continue
        tail = text[hit : span.end]
        if len(tail) >= _SHORTEST_TAIL and tail not in nouns and tail[0] not in "（—、":
            tails.setdefault(tail, span)
    if not tails:
        return
    before = tuple(read_toml("exceptions.toml")["bare"]["not_after"])
    for match in re.finditer("|".join(map(re.escape, sorted(tails, key=len, reverse=True))), text):
        start, end = match.span()
        if text.endswith(before, max(0, start - _QUALIFIER), start):
            continue
        whole = tails[match.group()]
        yield replace(
            whole, start=start, end=end, surface=match.group(), score=_SCORE, reason=f"short for {whole.surface}"
        )


def _opener(span: Span, opening: Mapping[int, Hit], inner: set[tuple[int, int]], text: str) -> int | None:
    """Return where the place that opens a name ends."""
    hit = opening.get(span.start)
    if hit is not None and hit.end < span.end:
        return hit.end
    for size in (2, 3):
        name = text[span.start : span.start + size]
        if name in {"苏州", "苏州市"} and size < len(span.surface) and (span.start, span.end) in inner:
            return span.start + size
    return None


__all__ = ["complete"]
