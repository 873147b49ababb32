"""Enumerations whose items share a head, so that each item gets its full name (狮山、横塘街道; 轨道交通6、7、8号线)."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

from gazetteer.reading.spans import Span
from gazetteer.reading.tables import read_toml

if TYPE_CHECKING:
    from gazetteer.reading.vocabulary import Vocabulary

_SHORTEST_HEAD: Final = 2
_NEAR: Final = 6
"""Characters between the lines of one enumeration."""
_CLASSES: Final = {"G": "国道", "S": "省道", "X": "县道"}
"""Letters of numbered roads."""
_LONGEST_SYSTEM: Final = 10
_LONGEST_ITEM: Final = 10
_FULL: Final = ("市", "区", "县", "镇", "街道", "村")


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(read_toml("grammar.toml")["lists"][name])


def find_numbered(text: str, vocabulary: Vocabulary) -> list[Span]:
    """Return metro and tram lines and numbered roads, each number of a list by itself."""
    spans = []
    met: re.Match[str] | None = None
    named = ""
    for match in _pattern("lines").finditer(text):
        before = _pattern("system").search(text, max(0, match.start() - _LONGEST_SYSTEM), match.start())
        system = (before and before["system"]) or ""
        if not system and met and match.start() - met.end() <= _NEAR:
            # 有轨电车1号线延伸线、2号线: one system.
            system = named
        if system:
            met, named = match, system
        first = True
        for number in re.finditer(r"\d+", match["numbers"]):
            start, end = match.start("numbers") + number.start(), match.start("numbers") + number.end()
            last = end == match.end("numbers")
            full = f"{number.group()}号线"
            entry = next((found for name in (system + full, full) if (found := vocabulary.by_surface.get(name))), None)
            begin = start if not first else before.start() if before else match.start()
            stop = match.end() if last else end
            spans.append(
                Span(begin, stop, text[begin:stop], entry, "rail", 0.9, f"line {number.group()} of a list", "rail",
                     full=f"苏州{system or '轨道交通'}{full}")
            )  # fmt: skip
            first = False
    for match in _pattern("numbered_roads").finditer(text):
        letter = match.group()[0]
        full = re.sub(r"\D", "", match.group()) + _CLASSES[letter] if letter in _CLASSES else match.group()
        entry = vocabulary.by_surface.get(full)
        spans.append(Span(*match.span(), match.group(), entry, "road", 0.9, "a numbered road", "road", full=full))
    return spans


def merge(spans: list[Span], numbered: list[Span]) -> list[Span]:
    """Put numbered lines among the spans; a longer known name that holds one stays whole."""
    result = list(numbered)
    starts = sorted((span.start, span.end) for span in numbered)
    position = 0
    longer: list[tuple[int, int]] = []
    for span in spans:
        while position < len(starts) and starts[position][1] <= span.start:
            position += 1
        index, clash = position, False
        while index < len(starts) and starts[index][0] < span.end:
            clash = True
            if span.end - span.start > starts[index][1] - starts[index][0]:
                longer.append((span.start, span.end))
            index += 1
        if not clash or (span.start, span.end) in longer:
            result.append(span)
    result = [
        span for span in result
        if not any(start <= span.start and span.end <= end and (start, end) != (span.start, span.end)
                   for start, end in longer)
    ]  # fmt: skip
    result.sort(key=lambda span: span.start)
    kept: list[Span] = []
    for span in result:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def share_heads(text: str, spans: list[Span], vocabulary: Vocabulary) -> list[Span]:
    """Give the items of a list the head or the category that its last item, or the words after it, name."""
    lists = read_toml("grammar.toml")["lists"]
    spans = _items_before(text, spans, vocabulary)
    result = list(spans)
    first = 0
    dropped: set[int] = set()
    for number, span in enumerate(spans):
        goes_on = (
            number + 1 < len(spans)
            and spans[number + 1].start > span.end
            and text[span.end] in lists["separators"]
            and text[span.end + 1 : spans[number + 1].start] in {"", "沿"}
        )
        if goes_on:
            continue
        if number + 1 < len(spans):
            dropped |= _of_bodies(text, result, first, number, vocabulary)
        if number > first or text.startswith("等", span.end):
            _share(text, result, first, number, vocabulary)
        first = number + 1
    return [span for number, span in enumerate(result) if number not in dropped]


def _of_bodies(text: str, spans: list[Span], first: int, last: int, vocabulary: Vocabulary) -> set[int]:
    """Give the bodies of a list the part that follows them all (清华大学、河海大学等高校的苏州研究院); it goes."""
    part = spans[last + 1]
    if _pattern("bodies").fullmatch(text, spans[last].end, part.start) is None:
        return set()
    met = False
    for number in range(first, last + 1):
        entry = vocabulary.by_surface.get(spans[number].surface + part.surface)
        if entry is not None and entry.candidates:
            met = True
            spans[number] = replace(
                spans[number], entry=entry, category=entry.category, reason=f"shares {part.surface} with the list"
            )
    return {last + 1} if met else set()


def _items_before(text: str, spans: list[Span], vocabulary: Vocabulary) -> list[Span]:
    """Find the items before a name that share its head and are no names without it: 祖冲之、归有光、龚贤纪念馆."""
    found: list[Span] = []
    occupied = {position for span in spans for position in (span.start, span.end - 1)}
    heads = read_toml("grammar.toml")["lists"]["heads"]
    for span in spans:
        end = span.start
        if not end or text[end - 1] not in "、和" or span.entry is None:
            continue
        head = next((head for head in heads if span.surface.endswith(head) and len(span.surface) > len(head)), None)
        if head is None:
            continue
        while end and text[end - 1] in "、和":
            end -= 1
            item = _whole_item(text, end, head, vocabulary, occupied)
            if item is None:
                break
            found.append(replace(item, reason=f"shares {head} with {span.surface}"))
            end = item.start
    return sorted([*spans, *found], key=lambda span: span.start) if found else spans


def _whole_item(text: str, end: int, head: str, vocabulary: Vocabulary, occupied: set[int]) -> Span | None:
    """Return the item of a list that ends at a position and that with the head is a known name."""
    for start in range(max(0, end - _LONGEST_ITEM), end - 1):
        if start in occupied or end - 1 in occupied:
            continue
        item = text[start:end]
        for full in (item + head, "国家" + item + head):
            entry = vocabulary.by_surface.get(full)
            if entry is not None and entry.candidates:
                return Span(start, end, item, entry, entry.category, 0.9, "", full=full)
    return None


def _of_zone(span: Span, final: Span, vocabulary: Vocabulary) -> Span:
    """Give a zone's short name the head of the list where it has a site of that kind: 开发区、甪直医疗器械产业园."""
    assert span.entry is not None
    for cut in range(1, len(final.surface) - _SHORTEST_HEAD + 1):
        for place, _ in span.entry.candidates:
            named = vocabulary.by_surface.get(place.name_zh + final.surface[cut:])
            if named is not None and named.candidates:
                reason = f"shares {final.surface[cut:]} with {final.surface}"
                return replace(span, entry=named, category=named.category, reason=reason)
    return span


def _share(text: str, spans: list[Span], first: int, last: int, vocabulary: Vocabulary) -> None:
    lists = read_toml("grammar.toml")["lists"]
    tail = _pattern("tail").match(text, spans[last].end)
    following = spans[last + 1] if last + 1 < len(spans) else None
    if tail is not None and following is not None and following.start < tail.end():
        # 甪直|湖滨村: the noun belongs to the next name. 锦溪|南部三镇: that one counts the list.
        counts = following.start == spans[last].end and following.end == tail.end() and tail["count"]
        tail = tail if counts else None
    if tail is not None and (tail["rest"] or tail["count"] or tail["noun"] not in {"实验室", "片区"}):
        category = lists["categories"][tail["noun"]]
        for number in range(first, last + 1):
            span = spans[number]
            named = vocabulary.by_surface.get(span.surface + tail["noun"])
            reason = f"a list of {tail['noun']}"
            if span.entry is None or span.surface.endswith(tail["noun"]):
                continue
            along = vocabulary.by_surface.get("沿" + span.surface + tail["noun"])
            if along is not None and text[span.start - 1] == "沿":
                # 沿长江和沿太湖2大片区
                surface = text[span.start - 1 : span.end]
                spans[number] = replace(span, start=span.start - 1, surface=surface, entry=along, reason=reason)
                continue
            if named is None and tail["noun"] in lists["known_only"]:
                continue
            fits = category in {place.category for place, _ in span.entry.candidates}
            if named is None and not fits:
                # The list says what it is; the register knows another place of that name (凤凰, a hill here).
                spans[number] = replace(
                    span, entry=None, category=category, hint=category, score=0.8,
                    reason=f"a list of {tail['noun']}", full=span.surface + tail["noun"],
                )  # fmt: skip
                continue
            spans[number] = replace(
                span,
                entry=named if named is not None and named.role == "name" else span.entry,
                hint=category,
                reason=reason,
                full=span.surface + tail["noun"],
            )
        return
    final = spans[last]
    for number in range(first, last):
        span = spans[number]
        if span.entry is not None and span.entry.bare:
            spans[number] = _of_zone(span, final, vocabulary)
            continue
        if span.surface.endswith(_FULL) or span.hint is not None:
            continue
        for cut in range(1, len(final.surface) - _SHORTEST_HEAD + 1):
            head = final.surface[cut:]
            named = vocabulary.by_surface.get(span.surface + head)
            if named is not None and named.role == "name" and not named.bare:
                spans[number] = replace(
                    span, entry=named, category=named.category, reason=f"shares {head} with {final.surface}"
                )
                break
