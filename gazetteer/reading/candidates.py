"""Stretches that may be names, and what speaks for and against each: the sums of the sequence model, what dictionary and
grammar found there, its shape, its marks, and how it stands elsewhere in the text.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from ahocorasick_rs import AhoCorasick, Implementation

from gazetteer.reading.features import CATEGORIES, LARGEST, among
from gazetteer.reading.tables import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gazetteer.reading.features import Page

    Column = NDArray[np.int32]
    Table = NDArray[np.float32]

LONGEST: Final = 32
"""Characters of a name."""
_LIKELY: Final = 0.02
_POSSIBLE: Final = 0.01
_STOPS: Final = 8
_LAST: Final = 2
_ALIKE: Final = 4
_DIGITS: Final = "0123456789"
_TITLE: Final = 2
"""The bit of the quote column that says 《》."""
_KINDS: Final = 10
_C: Final = len(CATEGORIES)
_MARKS: Final = "\n，。；：、（）“”《》—· 的和与及至等段"
_CHARS: Final = 0x10000
_LINES: Final = ("road", "rail", "river")
_LIST_MARKS: Final = {"、": 1, "，": 2, "。": 2, "；": 2, "：": 2, "\n": 2}


@dataclass(frozen=True, slots=True)
class Chain:
    """The sums over all paths of a page."""

    scores: Table
    forward: Table
    backward: Table
    sums: Table
    moves: Table


@dataclass(frozen=True, slots=True)
class Candidates:
    """Stretches of an even text, in order."""

    starts: Column
    ends: Column
    chances: Table
    """Probability by the sequence model."""
    answers: dict[str, Column]
    """By question: what holds of each candidate; see `WIDTHS`."""


_CATEGORY_WIDTH: Final = _C + 1
WIDTHS: Final = {
    "chance": 13, "coarse": 4, "kind": _KINDS, "category": _CATEGORY_WIDTH, "number": 4, "opening": _CATEGORY_WIDTH,
    "closing": _CATEGORY_WIDTH, "opened": 2, "crossed": 4, "within": _KINDS, "marks": 32, "noun": _C + 3, "specific": 8,
    "generic": 3, "stops": 5, "first word": 14, "last word": 14, "word before": 14, "word after": 14, "mark before": 24,
    "mark after": 24, "item": 16, "length": 7, "touching": 4, "works": 2, "times": 4, "lefts": 5, "rights": 5, "others": 6,
    "shown": 4, "first": _CHARS, "last": _CHARS, "before": _CHARS, "after": _CHARS, "last two": _CHARS,
    "two before": _CHARS, "two after": _CHARS, "alike": 25,
}  # fmt: skip
"""Questions, and how many answers each has."""
CROSSES: Final = (
    ("kind", "coarse"), ("kind", "number"), ("kind", "times"), ("kind", "category"), ("opening", "number"),
    ("opening", "closing"), ("opening", "length"), ("opening", "last"), ("opening", "after"), ("opened", "last"),
    ("opening", "noun"), ("noun", "number"), ("noun", "item"), ("noun", "first word"), ("noun", "word before"), ("noun", "specific"),
    ("noun", "coarse"), ("noun", "times"), ("noun", "mark before"), ("specific", "generic"), ("item", "opened"), ("item", "coarse"),
    ("item", "last"), ("item", "length"), ("length", "coarse"), ("times", "coarse"), ("others", "coarse"),
    ("rights", "coarse"), ("lefts", "coarse"), ("within", "coarse"), ("after", "coarse"), ("before", "kind"), ("noun", "last word"),
    ("stops", "noun"), ("marks", "coarse"), ("alike", "coarse"), ("alike", "opened"), ("alike", "item"), ("kind", "alike"),
)  # fmt: skip
"""Questions whose answers are also taken together."""


def propose(page: Page, chain: Chain, cuts: Column) -> tuple[Column, Column, Table]:
    """Return where candidates begin and end, and their probabilities by the model."""
    size = len(chain.sums)
    posterior = chain.forward * chain.backward
    span = page.columns["span"]
    position = (span - 1) % 4
    is_first = (span > 0) & ((position == 0) | (position == 3))
    is_last = (span > 0) & (position >= 2)
    opens = np.flatnonzero((posterior[:, 1] + posterior[:, 4] > _LIKELY) | is_first)
    closes = np.flatnonzero((posterior[:, 3] + posterior[:, 4] > _LIKELY) | is_last)
    sentence = np.zeros(size, np.int32)
    sentence[cuts[cuts < size]] = 1
    sentence = np.cumsum(sentence)
    low = np.searchsorted(closes, opens)
    high = np.searchsorted(closes, opens + LONGEST)
    count = high - low
    first = np.repeat(opens, count)
    within = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    last = closes[np.repeat(low, count) + within] if len(first) else first
    same = sentence[first] == sentence[last]
    first, last = first[same], last[same]
    chance = chances(chain, first, last)
    # Stretches that dictionary or grammar proposed are kept however improbable.
    run = np.cumsum(is_first)
    proposed = is_first[first] & is_last[last] & (run[first] == run[last])
    keep = (chance > _POSSIBLE) | proposed
    more_first, more_last = _by_shape(page)
    keys = np.unique(np.concatenate([first[keep] * np.int64(size) + last[keep], more_first * np.int64(size) + more_last]))
    first, last = keys // max(size, 1), keys % max(size, 1)
    whole = balanced(page, first, last + 1) & ~_sections(page, first, last) & ~_barred(page, first, last)
    first, last = first[whole], last[whole]
    return first.astype(np.int32), last.astype(np.int32) + 1, chances(chain, first, last).astype(np.float32)


def _barred(page: Page, first: Column, last: Column) -> NDArray[np.bool_]:
    """Return which stretches are titles, begin with a bracket, end in a word for works or for an event, and are not proposed."""
    span, noun, chars = page.columns["span"], page.columns["noun"], page.columns["char"]
    position = (span - 1) % 4
    is_first, is_last = (span > 0) & (position % 3 == 0), (span > 0) & (position >= _LAST)
    run = np.cumsum(is_first)
    proposed = is_first[first] & is_last[last] & (run[first] == run[last])
    title = (page.columns["quote"][first] & _TITLE) > 0
    masked = (noun[last] > 4 * (_C + 1)) & ((noun[last] - 1) % 4 >= _LAST)
    suffixes = tuple(read_toml("exceptions.toml")["works"]["suffixes"])
    works = [page.text.endswith(suffixes, start, end + 1) for start, end in zip(first.tolist(), last.tolist(), strict=True)]
    number = among(chars[first], _DIGITS) & among(chars[last], _DIGITS)
    return ~proposed & (title | masked | (chars[first] == ord("（")) | np.array(works, bool) | number)


def _sections(page: Page, first: Column, last: Column) -> NDArray[np.bool_]:
    """Return which stretches begin with a line and go on with another name: its section, which is a mention of its own."""
    span = page.columns["span"]
    position, category = (span - 1) % 4, (span - 1) // 4 % _C
    where = np.arange(len(span))
    is_first, is_last = (span > 0) & (position % 3 == 0), (span > 0) & (position >= _LAST)
    ends = np.where(is_last, where, len(span))
    following = np.minimum.accumulate(ends[::-1])[::-1][first]
    line = is_first[first] & np.isin(category[first], [CATEGORIES.index(each) for each in _LINES])
    after = np.minimum(following + 1, len(span) - 1)
    return line & (following < last) & is_first[after]


def _by_shape(page: Page) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return stretches from a mark, or from a word that no name holds, to a class noun or to the end of a list's item."""
    noun, word = page.columns["noun"], page.columns["word"]
    chars, size = page.columns["char"], len(noun)
    where = np.arange(size)
    named = (noun > 0) & (noun <= 4 * len(CATEGORIES)) & ((noun - 1) % 4 >= 2)
    # Items of lists are looked at whole, whatever they end in.
    follows = np.append(chars[1:], ord("\n"))
    listing = (follows == ord("、")) | (follows == ord("等"))
    before = chars[np.maximum(page.columns["left"], 0)]
    closing = listing | ((before == ord("、")) & ((follows == ord("，")) | (follows == ord("。"))))
    last = np.flatnonzero(named | closing)
    begin = np.maximum.accumulate(np.where((noun > 0) & (((noun - 1) % 4) % 3 == 0), where, -1))
    stop = np.maximum.accumulate(np.where((word > _STOPS) & ((word - 1) % 4 >= 2), where, -1))
    left = page.columns["left"][last].astype(np.int64) + 1
    ahead = np.where(named[last], begin[last] - 1, last - 2)
    barrier = np.maximum(left, np.where(ahead >= 0, stop[np.maximum(ahead, 0)] + 1, 0))
    wide = page.columns["wide"][last].astype(np.int64) + 1
    first, both = np.concatenate([left, barrier, wide]), np.concatenate([last, last, last])
    good = (first < both) & (both - first < LONGEST)
    return first[good], both[good].astype(np.int64)


def chances(chain: Chain, first: Column, last: Column) -> NDArray[np.float64]:
    """Return how probable it is that names stand exactly from first to last character."""
    gates, scores, sums = chain.moves, chain.scores.astype(np.float64), chain.sums.astype(np.float64)
    inner = np.concatenate([[0.0], np.cumsum(np.log(gates[2, 2] * scores[:, 2] / sums + 1e-300))])
    size = len(sums)
    closing = scores[:, 3] / sums * chain.backward[:, 3]
    entering = scores[:, 2] / sums
    second = np.minimum(first + 1, size - 1)
    two = gates[1, 3] * closing[last]
    more = gates[1, 2] * entering[second] * np.exp(np.minimum(0, inner[last] - inner[np.minimum(first + 2, size)])) * gates[2, 3]
    length = last - first + 1
    value = chain.forward[first, 1] * np.where(length == 2, two, more * closing[last])
    return np.where(length == 1, chain.forward[first, 4] * chain.backward[first, 4], value)


def question(page: Page, starts: Column, ends: Column, chances_: Table) -> dict[str, Column]:
    """Return the answers for candidates of one stretch; those on the text as a whole are added by `compare`."""
    columns, size = page.columns, len(page.text)
    last = ends - 1
    span, noun, word, chars = columns["span"], columns["noun"], columns["word"], columns["char"]
    before, after = np.maximum(starts - 1, 0), np.minimum(ends, size - 1)
    answers: dict[str, Any] = {}
    even = np.clip(chances_, 1e-4, 1 - 1e-4)
    answers["chance"] = np.searchsorted([-6, -4, -3, -2, -1, -0.4, 0.4, 1, 2, 3, 4, 6], np.log(even) - np.log1p(-even))
    answers["coarse"] = np.searchsorted([0.1, 0.5, 0.9], chances_)
    # What dictionary and grammar say of it, and of what lies inside.
    position, code = (span - 1) % 4, (span - 1) // 4
    is_first, is_last = (span > 0) & (position % 3 == 0), (span > 0) & (position >= _LAST)
    run = np.cumsum(is_first)
    exact = is_first[starts] & is_last[last] & (run[starts] == run[last])
    answers["kind"] = np.where(exact, 1 + code[starts] // _C, 0)
    answers["category"] = np.where(exact, 1 + code[starts] % _C, 0)
    answers["number"] = np.minimum(np.where(exact, 0, run[last] - run[starts] + is_first[starts]), 3)
    answers["opening"] = np.where(is_first[starts] & ~exact, 1 + code[starts] % _C, 0)
    answers["closing"] = np.where(is_last[last] & ~exact, 1 + code[last] % _C, 0)
    answers["opened"] = answers["opening"] > 0
    cut_left = (span[starts] > 0) & ~is_first[starts]
    cut_right = (span[last] > 0) & ~is_last[last]
    answers["crossed"] = cut_left + 2 * cut_right
    answers["within"] = np.where(cut_left | cut_right, 1 + np.where(cut_left, code[starts], code[last]) // _C, 0)
    answers["touching"] = ((span[before] > 0) & (starts > 0)) + 2 * ((span[after] > 0) & (ends < size))
    # Its class noun and its words.
    position = (noun - 1) % 4
    ends_noun = (noun[last] > 0) & (position[last] >= _LAST)
    answers["noun"] = np.where(ends_noun, 1 + (noun[last] - 1) // 4, 0)
    begin = np.maximum.accumulate(np.where((noun > 0) & (position % 3 == 0), np.arange(size), 0))
    answers["specific"] = np.where(ends_noun, np.clip(begin[last] - starts, -1, 5) + 2, 0)
    answers["generic"] = np.where(ends_noun, 1 + ((noun[last] - 1) // 4 >= _C), 0)
    stops = np.concatenate([[0], np.cumsum((word > _STOPS) & ((word - 1) % 4 != 1))])
    answers["stops"] = np.minimum(4, stops[ends] - stops[starts])
    answers["first word"], answers["last word"] = word[starts], word[last]
    answers["word before"] = np.where(starts > 0, word[before], 0)
    answers["word after"] = np.where(ends < size, word[after], 0)
    works = read_toml("exceptions.toml")["works"]["suffixes"]
    ended = [page.text.endswith(tuple(works), start, end) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    answers["works"] = np.array(ended, np.int32)
    # Marks inside and beside.
    held = [np.concatenate([[0], np.cumsum(among(chars, marks))]) for marks in ("—", "（", "和与及", "至", "、，")]
    answers["marks"] = sum((total[ends] > total[starts]) << bit for bit, total in enumerate(held))
    table = np.zeros(LARGEST + 1, np.int32)
    table[[ord(mark) for mark in _MARKS]] = np.arange(1, len(_MARKS) + 1)
    left, right = np.where(starts > 0, chars[before], ord("\n")), np.where(ends < size, chars[after], ord("\n"))
    answers["mark before"], answers["mark after"] = table[left], table[right]
    table = np.zeros(LARGEST + 1, np.int32)
    table[[ord(mark) for mark in _LIST_MARKS]] = list(_LIST_MARKS.values())
    table[ord("等")] = 3
    answers["item"] = table[left] * 4 + table[right]
    answers["alike"] = _alike(page, starts, ends)
    answers["length"] = np.searchsorted([1, 2, 3, 4, 6, 10], ends - starts)
    answers["first"], answers["last"], answers["before"], answers["after"] = chars[starts], chars[last], left, right
    answers["last two"] = _mix(chars[np.maximum(last - 1, 0)], chars[last])
    answers["two before"] = _mix(chars[np.maximum(starts - 2, 0)], left)
    answers["two after"] = _mix(right, chars[np.minimum(ends + 1, size - 1)])
    return {name: np.asarray(values).astype(np.int32) for name, values in answers.items()}


def _alike(page: Page, starts: Column, ends: Column) -> Column:
    """Return how many last characters, up to four, each shares with the item of its list before it and after it."""
    chars, size = page.columns["char"], len(page.text)
    before = np.where((starts > 1) & (chars[np.maximum(starts - 1, 0)] == ord("、")), starts - 2, -1)
    following = (ends + 1 < size) & (chars[np.minimum(ends, size - 1)] == ord("、"))
    edge = page.columns["right"][np.minimum(ends + 1, size - 1)] - 1
    after = np.where(following & (edge > ends), edge, -1)
    result = np.zeros(len(starts), np.int32)
    for other, factor in ((before, 5), (after, 1)):
        same = other >= 0
        for step in range(_ALIKE):
            same = same & (other - step >= 0) & (ends - 1 - step >= starts)
            same = same & (chars[np.maximum(ends - 1 - step, 0)] == chars[np.maximum(other - step, 0)])
            result += factor * same
    return result


def _mix(first: Column, second: Column) -> Column:
    """Return a number for two characters; different pairs may share one."""
    return np.asarray((first * 31 + second * 7) % _CHARS, np.int32)


def balanced(page: Page, starts: Column, ends: Column) -> NDArray[np.bool_]:
    """Return which stretches hold no half of a pair of brackets or quotation marks."""
    good = np.ones(len(starts), bool)
    for left, right in ("（）", "“”", "《》"):
        opened, closed = page.columns["char"] == ord(left), page.columns["char"] == ord(right)
        depth = np.concatenate([[0], np.cumsum(opened.astype(np.int32) - closed)])
        closings = np.concatenate([[0], np.cumsum(closed)])
        first_closed = (closings[ends] > closings[starts]) & (depth[ends] == depth[starts])
        good &= depth[ends] == depth[starts]
        good &= ~(first_closed & closed[starts])
    return good


def compare(text: str, found: Candidates) -> None:
    """Add what the whole text tells of each candidate: how often it stands there, and between which neighbours."""
    chances_ = found.chances
    surfaces = [text[start:end] for start, end in zip(found.starts.tolist(), found.ends.tolist(), strict=True)]
    sums: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for surface, chance in zip(surfaces, chances_.tolist(), strict=True):
        entry = sums[surface]
        entry[0] += chance
        entry[1] += 1
    unique = list(sums)
    number_of = {surface: number for number, surface in enumerate(unique)}
    counts = [0] * len(unique)
    left: list[set[str]] = [set() for _ in unique]
    right: list[set[str]] = [set() for _ in unique]
    if unique:
        matcher = AhoCorasick(unique, implementation=Implementation.ContiguousNFA)
        for number, start, end in matcher.find_matches_as_indexes(text, overlapping=True):
            counts[number] += 1
            if len(left[number]) < 4:
                left[number].add(text[start - 1] if start else "\n")
            if len(right[number]) < 4:
                right[number].add(text[end : end + 1] or "\n")
    times, lefts_, rights_, others_, shown = ([0] * len(surfaces) for _ in range(5))
    for row, surface in enumerate(surfaces):
        number = number_of[surface]
        count = counts[number]
        times[row] = 0 if count <= 1 else 1 if count == 2 else 2 if count < 6 else 3
        if count > 1:
            lefts, rights = left[number], right[number]
            lefts_[row] = min(4, len(lefts)) if len(lefts) > 1 else 1 if next(iter(lefts)).isalnum() else 0
            rights_[row] = min(4, len(rights)) if len(rights) > 1 else 1 if next(iter(rights)).isalnum() else 0
            total, seen = sums[surface]
            others = (total - float(chances_[row])) / (count - 1)
            others_[row] = 1 + int(np.searchsorted([0.05, 0.2, 0.5, 0.8], others))
            shown[row] = min(3, int(4 * seen / count) if seen < count else 3)
    for name, values in zip(("times", "lefts", "rights", "others", "shown"), (times, lefts_, rights_, others_, shown), strict=True):
        found.answers[name] = np.array(values, np.int32)


def columns_of(answers: dict[str, Column]) -> Iterator[Column]:
    """Yield the answers to each question, then those taken together."""
    for name in WIDTHS:
        yield answers[name]
    for first, second in CROSSES:
        yield answers[first] * WIDTHS[second] + answers[second]
