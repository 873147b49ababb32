"""What speaks for and against a candidate: chain, dictionary and grammar, its shape and marks, the rest of the text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from ahocorasick_rs import AhoCorasick, Implementation

from gazetteer.reading.features import CATEGORIES, LARGEST, STOPS, among, code_points, edges, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gazetteer.reading.candidates import Candidates
    from gazetteer.reading.features import Page

    Column = NDArray[Any]
    Table = NDArray[Any]

_C: Final = len(CATEGORIES)
_MARKS: Final = "\n，。；：、（）“”《》—· 的和与及至等段"
_ITEM_MARKS: Final = {"、": 1, "，": 2, "。": 2, "；": 2, "：": 2, "\n": 2, "等": 3}
_ALIKE: Final = 4
_NEIGHBOURS: Final = 4
"""More different neighbours than this are not told apart."""
_OFTEN: Final = 6
_CHARS: Final = LARGEST + 1
_OF: Final = _C + 1
WIDTHS: Final = {
    "chance": 13, "coarse": 4, "kind": 10, "category": _OF, "number": 4, "opening": _OF,
    "closing": _OF, "opened": 2, "crossed": 4, "within": 10, "marks": 32, "noun": _C + 3, "specific": 8,
    "generic": 3, "stops": 5, "first word": 17, "last word": 17, "word before": 17, "word after": 17,
    "mark before": 24, "mark after": 24, "item": 16, "length": 7, "touching": 4, "works": 2, "times": 4, "lefts": 5,
    "rights": 5, "others": 6, "shown": 4, "first": _CHARS, "last": _CHARS, "before": _CHARS, "after": _CHARS,
    "last two": _CHARS, "two before": _CHARS, "two after": _CHARS, "alike": 25,
}  # fmt: skip
"""Questions, and how many answers each has."""
CROSSES: Final = (
    ("kind", "coarse"), ("kind", "number"), ("kind", "times"), ("kind", "category"), ("opening", "number"),
    ("opening", "closing"), ("opening", "length"), ("opening", "last"), ("opening", "after"), ("opened", "last"),
    ("opening", "noun"), ("noun", "number"), ("noun", "item"), ("noun", "first word"), ("noun", "word before"),
    ("noun", "specific"), ("noun", "coarse"), ("noun", "times"), ("noun", "mark before"), ("specific", "generic"),
    ("item", "opened"), ("item", "coarse"), ("item", "last"), ("item", "length"), ("length", "coarse"),
    ("times", "coarse"), ("others", "coarse"), ("rights", "coarse"), ("lefts", "coarse"), ("within", "coarse"),
    ("after", "coarse"), ("before", "kind"), ("noun", "last word"), ("stops", "noun"), ("marks", "coarse"),
    ("alike", "coarse"), ("alike", "opened"), ("alike", "item"), ("kind", "alike"),
)  # fmt: skip
"""Questions whose answers are also taken together."""


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
    code = (span - 1) // 4
    is_first, is_last, run = edges(span)
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
    starts_noun, ends_a_noun, _ = edges(noun)
    ends_noun = ends_a_noun[last]
    answers["noun"] = np.where(ends_noun, 1 + (noun[last] - 1) // 4, 0)
    begin = np.maximum.accumulate(np.where(starts_noun, np.arange(size), 0))
    answers["specific"] = np.where(ends_noun, np.clip(begin[last] - starts, -1, 5) + 2, 0)
    answers["generic"] = np.where(ends_noun, 1 + ((noun[last] - 1) // 4 >= _C), 0)
    stops = np.concatenate([[0], np.cumsum((word > STOPS) & ((word - 1) % 4 != 1))])
    answers["stops"] = np.minimum(4, stops[ends] - stops[starts])
    answers["first word"], answers["last word"] = word[starts], word[last]
    answers["word before"] = np.where(starts > 0, word[before], 0)
    answers["word after"] = np.where(ends < size, word[after], 0)
    answers["works"] = columns["works"][last]
    # Marks inside and beside.
    held = [np.concatenate([[0], np.cumsum(among(chars, marks))]) for marks in ("—", "（", "和与及", "至", "、，")]
    answers["marks"] = sum((total[ends] > total[starts]) << bit for bit, total in enumerate(held))
    table = np.zeros(LARGEST + 1, np.int32)
    table[[ord(mark) for mark in _MARKS]] = np.arange(1, len(_MARKS) + 1)
    left, right = np.where(starts > 0, chars[before], ord("\n")), np.where(ends < size, chars[after], ord("\n"))
    answers["mark before"], answers["mark after"] = table[left], table[right]
    table = np.zeros(LARGEST + 1, np.int32)
    table[[ord(mark) for mark in _ITEM_MARKS]] = list(_ITEM_MARKS.values())
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


def compare(text: str, found: Candidates) -> None:
    """Add what the whole text tells of each candidate: how often it stands there, and between which neighbours."""
    number_of: dict[str, int] = {}
    numbers = np.array(
        [
            number_of.setdefault(text[start:end], len(number_of))
            for start, end in zip(found.starts.tolist(), found.ends.tolist(), strict=True)
        ],
        np.int64,
    )
    matcher = AhoCorasick(list(number_of), implementation=Implementation.ContiguousNFA)
    which, starts, ends = split(matcher.find_matches_as_indexes(text, overlapping=True))
    size = len(number_of)
    counts = np.bincount(which, minlength=size)[numbers]
    often = counts > 1
    chars = np.append(code_points(text), ord("\n"))
    answers = found.answers
    answers["times"] = np.where(often, 1 + (counts > 1 + 1) + (counts >= _OFTEN), 0)
    # Before the first character stands the line feed that was appended.
    for name, beside in (("lefts", chars[starts - 1]), ("rights", chars[ends])):
        answers[name] = np.where(often, _variety(which, beside, size)[numbers], 0)
    chances, seen = np.bincount(numbers, found.chances, size)[numbers], np.bincount(numbers, minlength=size)[numbers]
    mean = (chances - found.chances) / np.maximum(counts - 1, 1)
    answers["others"] = np.where(often, 1 + np.searchsorted([0.05, 0.2, 0.5, 0.8], mean), 0)
    answers["shown"] = np.where(often, np.minimum(3, 4 * seen // np.maximum(counts, 1)), 0)


def _variety(which: Column, beside: Column, size: int) -> Column:
    """Return how many different neighbours each has; 0 for one mark, 1 for one character that is none."""
    pairs = np.unique(which.astype(np.int64) * _CHARS + beside)
    owners, characters = pairs // _CHARS, pairs % _CHARS
    different = np.minimum(np.bincount(owners, minlength=size), _NEIGHBOURS)
    marks = np.unique(characters[[not chr(each).isalnum() for each in characters.tolist()]])
    only = np.bincount(owners, ~np.isin(characters, marks), size)
    return np.where(different > 1, different, only).astype(np.int32)


def columns_of(answers: dict[str, Column]) -> Iterator[Column]:
    """Yield the answers to each question, then those taken together."""
    for name in WIDTHS:
        yield answers[name]
    for first, second in CROSSES:
        yield answers[first] * WIDTHS[second] + answers[second]
