"""Spans: which of the strings found in a text are mentions, and where they begin and end."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from gazetteer.reading.grammar import IN_LIST, Built, Hit, build_names
from gazetteer.reading.tables import read_toml
from gazetteer.reading.vocabulary import read_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gazetteer.place import Category
    from gazetteer.reading.vocabulary import Entry, Vocabulary

_PAIR: Final = 2
_ADJECTIVE: Final = 6
"""Characters of the longest adjective that makes a slogan."""
_CAREFUL: Final = 0.6
"""From this threshold on, no doubtful names are taken in."""
_DERIVED: Final = frozenset("性级化")
"""After 区域 these make an adjective of it."""
_LEVELS: Final = frozenset({"港口", "区域", "区位", "区块", "区间"})
_DEFINED: Final = frozenset({"functional_area", "facility", "dev_zone", "hub"})
_COLON: Final = "："
_AREA: Final = "地区"
_ALONG: Final = "沿"
_BELTS: Final = ("带", "圈", "走廊")
_BRANCH: Final = "附属"
_BRANCH_BRACKET: Final = re.compile("（[^（）\n]{1,8}(?:院区|校区|分院|总院|分馆)）")
_SIDES: Final = "东西南北"
_LISTING: Final = frozenset("、（）和与及")
_DRAWN: Final = frozenset({"river", "road", "lake", "village"})
_FLOWING: Final = frozenset({"river", "port"})
"""Many rivers are called 港."""
_SITED: Final = frozenset({"dev_zone", "functional_area", "facility", "park", "old_town", "hub", "port", "utility"})


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of an even text that names a place."""

    start: int
    end: int
    surface: str
    entry: Entry | None
    """What the vocabulary knows of it."""
    category: Category
    score: float
    reason: str
    hint: Category | None = None
    """The category that its list or the words around it ask for."""
    full: str = ""
    """The full name where a list has cut it short."""


@dataclass(frozen=True, slots=True)
class Found:
    """What dictionary and grammar find in a text."""

    spans: list[Span]
    """In order, without overlaps."""
    hits: list[Hit]
    """All strings of the vocabulary."""
    closed: list[tuple[int, int]]
    """Titles, slogans, schemes and bodies: a name inside is no mention."""
    built: list[Built]
    """All names that grammar would build, the doubtful ones too."""


def find_hits(text: str, vocabulary: Vocabulary) -> list[Hit]:
    """Return the strings of the vocabulary in an even text, leftmost and longest, without chance meetings.

    Two characters that each belong to a word with their neighbour (交通安全) name no place.
    """
    entries, words = vocabulary.entries, vocabulary.words
    hits = []
    for number, start, stop in vocabulary.automaton.find_matches_as_indexes(text):
        entry, end = entries[number], stop
        if end - start == _PAIR and start and entry.role == "name" and text[start - 1 : start + 1] in words:
            only_short = all(way != "name" for _, way in entry.candidates)
            if text[end - 1 : end + 1] in words or (only_short and entry.category == "town"):
                continue
        if entry.role == "outside" and end - start == _PAIR and text[end - 1] in _SIDES and text[end : end + 1] == "路":
            # 金山|东路 lies in no 山东.
            continue
        if entry.role == "name" and end - start == _PAIR and entry.category == "town" and _runs_on(text, end, words):
            continue
        if text[end - 1 : end + 1] in _LEVELS and (stem := vocabulary.by_surface.get(entry.surface[:-1])) is not None:
            # 吴中区|域 is 吴中 and 区域.
            end, entry = end - 1, stem
        stem = vocabulary.by_surface.get(entry.surface.removesuffix(_AREA)) if entry.surface.endswith(_AREA) else None
        if stem is not None and start and text[start - 1] == _ALONG and entry.category == "region":
            # 沿太湖地区: the land along the lake.
            end, entry = end - len(_AREA), stem
        hits.append(Hit(start, end, entry))
    return hits


def _runs_on(text: str, end: int, words: Mapping[str, str]) -> bool:
    """Whether the last character belongs to a word with what follows (三大新|兴产业), and no word begins after it."""
    return text[end - 1 : end + 1] in words and text[end : end + 2] not in words


def find_spans(text: str, vocabulary: Vocabulary, *, threshold: float) -> Found:
    """Return the spans of a text, all hits of the vocabulary, and the stretches that hold no mention.

    Parameters
    ----------
    text
        An even text.
    vocabulary
        What the reader knows by heart.
    threshold
        The least score that a name built by grammar needs.
    """
    hits = find_hits(text, vocabulary)
    built = list(build_names(text, hits, vocabulary))
    names = {
        each.start: each.end
        for each in built
        if each.kind != "mask" and each.score > IN_LIST and each.category in _SITED
    }
    # What has a name of its own before the scheme or body is a place: 昆山…试验区|平台.
    proposed = [each for each in built if each.kind != "mask"]
    masks = [
        (each.start, each.end)
        for each in built
        if each.kind == "mask" and not each.start < names.get(each.start, 0) < each.end
    ]
    doubtful = [each for each in built if each.score <= IN_LIST] if threshold < _CAREFUL else []
    ignored = set(read_toml("exceptions.toml")["ignored"]["names"])
    built = [
        each for each in built
        if each.kind != "mask" and each.score >= threshold and text[each.start : each.end] not in ignored
    ]  # fmt: skip
    masks += _quoted(text, hits, {(each.start, each.end) for each in built})
    masks += _coined(text, hits)
    blocked = [(hit.start, hit.end) for hit in hits if hit.entry.role in {"mask", "brand"}]
    own = {(each.start, each.end) for each in built}
    candidates = [
        Span(hit.start, hit.end, hit.entry.surface, hit.entry, hit.entry.category, 1.0, "")
        for hit in hits
        if hit.entry.role in {"name", "outside"} and not (_is_empty(hit.entry) and (hit.start, hit.end) in own)
    ]
    candidates += [_to_span(text, each, vocabulary) for each in built]
    spans = _longest(_outside_masks(_outside_masks(candidates, masks), blocked, whole=False))
    listed = [_to_span(text, each, vocabulary) for each in _listed(text, doubtful, spans) + _defined(text, doubtful)]
    if listed:
        listed = _outside_masks(_outside_masks(listed, masks), blocked, whole=False)
        spans = _longest(spans + listed)
    return Found(_extend(text, _join_branches(text, spans, vocabulary)), hits, masks + blocked, proposed)


def _is_empty(entry: Entry) -> bool:
    """Whether a class noun used as a short name means nothing here."""
    return entry.bare and not entry.candidates


def _join_branches(text: str, spans: list[Span], vocabulary: Vocabulary) -> list[Span]:
    """Make one name of a university and its hospital or school: 复旦大学|附属|华山医院."""
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last is not None and last.category == "facility" == span.category and text[last.end : span.start] == _BRANCH:
            surface = text[last.start : span.end]
            entry = vocabulary.by_surface.get(surface)
            joined[-1] = replace(
                span, start=last.start, surface=surface, entry=entry, reason=f"{span.surface} of {last.surface}"
            )
        else:
            joined.append(span)
    return joined


def _to_span(text: str, built: Built, vocabulary: Vocabulary) -> Span:
    surface = text[built.start : built.end]
    entry = vocabulary.by_surface.get(surface)
    if entry is None or entry.role not in {"name", "outside"} or _is_empty(entry):
        return Span(built.start, built.end, surface, None, built.category, built.score, built.reason)
    return Span(built.start, built.end, surface, entry, entry.category, built.score, built.reason)


def _listed(text: str, doubtful: list[Built], spans: list[Span]) -> list[Built]:
    """Return the doubtful names that stand in one list with names of a like category."""
    starts = {span.start: span.category for span in spans if span.category in _SITED | _DRAWN}
    ends = {span.end: span.category for span in spans if span.category in _SITED | _DRAWN}
    kept = []
    for each in doubtful:
        before = each.start and text[each.start - 1] in _LISTING and ends.get(each.start - 1)
        after = text[each.end : each.end + 1] in _LISTING and starts.get(each.end + 1)
        # A general word with 路 or 河 needs others of its kind beside it.
        alike = _FLOWING if each.category in _FLOWING else {each.category}
        fits = {before, after} & (alike if each.category in _DRAWN or each.category == "port" else _SITED)
        if fits:
            ends[each.end] = each.category
            kept.append(each)
    return kept


def _defined(text: str, doubtful: list[Built]) -> list[Built]:
    """Return the doubtful names of areas and sites that the text defines, at the head of a line or after a dash."""
    defining = tuple(read_toml("grammar.toml")["scan"]["defining"])
    sited = [each for each in doubtful if each.category in _DEFINED]
    defined = {
        text[each.start : each.end]
        for each in sited
        if (not each.start or text[each.start - 1] in "\n\t—")
        and text.startswith(defining if each.category == "functional_area" else _COLON, each.end)
    }
    return [each for each in sited if text[each.start : each.end] in defined]


def _outside_masks(spans: list[Span], masks: Iterable[tuple[int, int]], *, whole: bool = True) -> list[Span]:
    """Drop the spans inside a mask (``whole``), or all that touch one."""
    ordered = sorted(masks)
    if not ordered:
        return spans
    kept, number = [], 0
    reach: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        while number < len(ordered) and ordered[number][0] <= (span.start if whole else span.end - 1):
            reach.append(ordered[number])
            number += 1
        reach = [mask for mask in reach if mask[1] > span.start]
        if whole:
            inside = any(start <= span.start and span.end <= end for start, end in reach)
        else:
            inside = any(
                start < span.end and span.start < end and not _covers(span, start, end) for start, end in reach
            )
        if not inside:
            kept.append(span)
    return kept


def _covers(span: Span, start: int, end: int) -> bool:
    return span.start <= start and end <= span.end and span.end - span.start > end - start


def _longest(spans: list[Span]) -> list[Span]:
    """Resolve overlaps: known names before built ones unless the built one holds them whole."""
    chosen: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -(span.end - span.start), span.entry is None)):
        if not chosen or span.start >= chosen[-1].end:
            chosen.append(span)
        elif span.end > chosen[-1].end and span.entry is not None and chosen[-1].entry is None:
            # They cross: the one that is known stays.
            chosen[-1] = span
    return chosen


def _quoted(text: str, hits: list[Hit], built: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return titles of documents, and short quotations that hold a place and more: brands."""
    table = read_toml("exceptions.toml")["quoted"]
    longest, followed = table["longest"], table["followed"]
    followers, earnest, verbs = tuple(table["followers"]), tuple(table["earnest"]), tuple(table["verbs"])
    masks = []
    for opening, closing, limit in (("《", "》", 80), ("“", "”", followed + 1)):
        start = text.find(opening)
        while start >= 0:
            end = text.find(closing, start, start + limit + 1)
            if end > 0:
                masks.append((start, end + 1))
            start = text.find(opening, start + 1)
    named = built | {(hit.start, hit.end) for hit in hits if hit.entry.role in {"name", "outside"}}

    def is_brand(start: int, end: int) -> bool:
        if (start + 1, end - 1) in named or text.endswith(earnest, max(0, start - _PAIR), start):
            return False
        if text.startswith(followers, end):
            return True
        if end - start > longest + _PAIR or set("、，；") & set(text[start:end]):
            return False
        return not (text[start + 1] in verbs and (start + _PAIR, end - 1) in named)

    return [(start, end) for start, end in masks if text[start] == "《" or is_brand(start, end)]


def _coined(text: str, hits: list[Hit]) -> list[tuple[int, int]]:
    """Return places that an adjective before them or a noun after them turns into a slogan or a product."""
    tables = read_toml("exceptions.toml")
    before, after = tuple(tables["coined"]["before"]), tuple(tables["coined"]["after"])
    unless = tuple(tables["coined"]["unless"])
    leading, leads = tables["coined"]["leading"], tuple(tables["coined"]["leads"])
    honours = tuple(tables["honours"]["before"])
    bodies = re.compile(tables["bodies"]["after"])
    cultural = re.compile(tables["cultural"]["after"])
    events = tuple("）" + noun for noun in tables["bracketed"]["nouns"])
    masks = []
    for hit in hits:
        start, end, category = hit.start, hit.end, hit.entry.category
        if category in {"river", "lake"} and cultural.match(text, end):
            masks.append((start, end))
        if category not in {"city", "county", "town", "lake", "region"}:
            continue
        sloganed = (
            text.endswith(before, max(0, start - _ADJECTIVE), start)
            or (text.startswith(after, end) and not text.startswith(unless, end) and text[start - 1 : start] != "+")
            or (category == "region" and text.endswith(honours, max(0, start - _ADJECTIVE), start))
            or any(
                text.endswith(word, max(0, start - _ADJECTIVE), start)
                and (
                    start == len(word)
                    or text.endswith(leads, max(0, start - len(word) - _ADJECTIVE), start - len(word))
                )
                for word in leading
            )
        )
        if text[start - 1 : start] == "（" and text.startswith(events, end):
            # 戏曲百戏（昆山）盛典
            sloganed = True
        if sloganed or (text[end - 1] in "省市区县镇" and bodies.match(text, end)):
            masks.append((start, end))
    return masks


def _extend(text: str, spans: list[Span]) -> list[Span]:
    """Take in the words that belong to a name: 长三角地区, 科技城片区."""
    endings = read_toml("exceptions.toml")["extend"]
    result: list[Span] = []
    for number, each in enumerate(spans):
        span = each
        branch = _BRANCH_BRACKET.match(text, span.end) if span.category == "facility" else None
        if branch is not None:
            # 苏州大学附属第二医院（浒关院区）: a part of the site; places in the bracket are none by themselves.
            result.append(replace(span, end=branch.end(), surface=text[span.start : branch.end()], entry=None))
            continue
        if result and result[-1].end > span.start:
            continue
        free = span.start - 1 >= (result[-1].end if result else 0)
        if span.category == "rail":
            span = _whole_line(text, span, free=free)
        if free and span.category == "functional_area" and _along(text, span):
            span = replace(span, start=span.start - 1, surface=text[span.start - 1 : span.end])
        following = spans[number + 1].start if number + 1 < len(spans) else len(text)
        for ending in endings.get(span.category, ()):
            end = span.end + len(ending)
            if (
                text.startswith(ending, span.end)
                and end <= following
                and not span.surface.endswith(ending)
                and text[end : end + 1] not in _DERIVED
            ):
                result.append(replace(span, end=end))
                break
        else:
            result.append(span)
    return result


def _whole_line(text: str, span: Span, *, free: bool) -> Span:
    """Take in the letter of a city before a line, and the phase that makes it a line of its own (沪苏通铁路二期)."""
    start, end = span.start, span.end
    phase = next((each for each in ("二期", "支线") if text.startswith(each, end)), "")
    if phase and span.surface + phase in read_toml("exceptions.toml")["works"]["kept"]:
        end += len(phase)
    letters = read_toml("grammar.toml")["scan"]["abbreviations"]
    if free and text[start - 1 : start] in letters and text[start] in [*letters, "苏"]:
        start -= 1
    if (start, end) == (span.start, span.end):
        return span
    return replace(span, start=start, end=end, surface=text[start:end], entry=None)


def _along(text: str, span: Span) -> bool:
    """Whether the character before a belt belongs to its name: 沿沪宁产业创新带, 环太湖科创圈."""
    before = text[max(0, span.start - 1) : span.start]
    if text[max(0, span.start - 2) : span.start] in read_words():
        return False
    return before in {"沿", "环"} and span.surface.endswith(_BELTS) and not span.surface.startswith(before)


def built_only(span: Span) -> bool:
    """Whether nothing but grammar speaks for a span."""
    return span.entry is None


__all__ = ["Built", "Found", "Span", "built_only", "find_hits", "find_spans"]
