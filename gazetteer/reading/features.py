"""What the sequence model sees of each character: itself, its neighbours, words, class nouns, the list it stands in.

Every feature is a whole number per character, so that a text is looked up by columns, not character by character.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from gazetteer.reading.tables import read_toml
from gazetteer.reading.vocabulary import read_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from gazetteer.reading.grammar import Hit
    from gazetteer.reading.spans import Span

    Column = NDArray[Any]

LARGEST: Final = 0xFFFF
"""Code points beyond the basic plane count as this one."""
STOPS: Final = 8
"""Values of the word column above this one are words that end a name."""
_END: Final = 2
_ALONE: Final = 3
_BOUNDARY: Final = 16
"""The word column of a single character that ends a name."""
CATEGORIES: Final = (
    "city", "county", "town", "village", "dev_zone", "functional_area", "park", "lake", "river", "mountain", "island",
    "rail", "station", "road", "port", "airport", "hub", "old_town", "heritage", "facility", "utility", "region",
    "other",
)  # fmt: skip
_CATEGORY: Final = {name: number for number, name in enumerate(CATEGORIES)}
_ROLES: Final = {"name": 0, "outside": 1, "mask": 2, "brand": 3, "organisation": 4}
_WORDS: Final = {"inner": 0, "verb": 1, "boundary": 2}
_MARKS: Final = "，。；：、（）“”《》—·\n！？ "
_PARTS: Final = "，。；：、《》\n！？ "
"""Marks that no name holds."""
_LEFT: Final = {"“": 1, "《": 2, "（": 4}
_RIGHT: Final = {"”": 1, "》": 2, "）": 4}
_ENDS: Final = "，。；：\n！？"
_AND_OTHERS: Final = "等"

TEMPLATES: Final[tuple[tuple[tuple[str, int], ...], ...]] = (
    *((("char", offset),) for offset in range(-3, 4)),
    *((("pair", offset),) for offset in range(-2, 2)),
    *(((name, offset),) for name in ("word", "hit", "span", "noun") for offset in (-1, 0, 1)),
    *(((name, 0),) for name in ("ahead", "tail", "quote", "place", "rest", "lead", "others", "head")),
    (("word", -1), ("word", 0)),
    (("word", 0), ("word", 1)),
    (("span", 0), ("noun", 0)),
    (("span", 0), ("word", 0)),
    (("span", 0), ("span", 1)),
    (("span", -1), ("span", 0)),
    (("span", 0), ("quote", 0)),
    (("span", 0), ("char", 1)),
    (("span", 0), ("char", -1)),
    (("noun", 0), ("char", 1)),
    (("noun", 0), ("word", 1)),
    (("ahead", 0), ("word", 0)),
    (("ahead", 0), ("word", -1)),
    (("ahead", 0), ("place", 0)),
    (("tail", 0), ("place", 0)),
    (("tail", 0), ("lead", 0)),
    (("lead", 0), ("place", 0)),
    (("hit", 0), ("rest", 0)),
    (("noun", 0), ("rest", 0)),
    (("others", 0), ("place", 0)),
    (("others", 0), ("rest", 0)),
)
"""Columns, and how far right of the character each is read; two columns are read together."""


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of an even text, by columns.

    ``left`` and ``right`` are where the nearest marks stand, ``wide`` where the last one stands that no name holds.
    """

    text: str
    columns: Mapping[str, Column]


@cache
def _word_matcher() -> tuple[AhoCorasick, Column]:
    words = read_words()
    matcher = AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA)
    return matcher, np.array([_WORDS[role] for role in words.values()], np.int32)


def describe(text: str, hits: Sequence[Hit], spans: Sequence[Span], *, origin: int = 0) -> Page:
    """Return the columns of a text.

    Parameters
    ----------
    text
        A stretch of an even text that ends where a line does.
    hits, spans
        What dictionary and grammar found there; spans neither overlap nor nest.
    origin
        Where the stretch begins in the text that hits and spans point into.
    """
    size = len(text)
    chars = code_points(text)
    columns: dict[str, Column] = {"char": chars}
    matcher, roles = _word_matcher()
    numbers, starts, ends = split(matcher.find_matches_as_indexes(text))
    columns["word"] = _paint(size, starts, ends, roles[numbers] if len(numbers) else numbers)
    boundary = among(chars, read_toml("grammar.toml")["scan"]["boundary"])
    columns["word"][boundary & (columns["word"] == 0)] = _BOUNDARY
    stops = (columns["word"] > STOPS).astype(np.int32)
    found = [(_of_hit(hit), hit.start - origin, hit.end - origin) for hit in hits]
    columns["hit"] = _paint(size, *_turn(split(found)))
    proposed = [(_of_span(span), span.start - origin, span.end - origin) for span in spans]
    columns["span"] = _paint(size, *_turn(split(proposed)))
    nouns, kinds = _noun_matcher()
    numbers, starts, ends = split(nouns.find_matches_as_indexes(text))
    which = kinds[numbers] if len(numbers) else numbers
    columns["noun"] = _paint(size, starts, ends, which)
    columns["works"] = _works(text)
    _segments(columns, chars, (which, starts, ends), stops)
    _sentence(columns, chars)
    return Page(text, columns)


@cache
def _noun_matcher() -> tuple[AhoCorasick, Column]:
    """Return a matcher of class nouns, and for each its category, or that it is a general word, or no place."""
    tables = read_toml("grammar.toml")
    kinds = dict.fromkeys(tables["generic"]["nouns"], len(CATEGORIES))
    for table in tables["class"]:
        kind = len(CATEGORIES) + 1 if table["kind"] == "mask" else _CATEGORY[table["category"]]
        kinds |= dict.fromkeys(table["nouns"], kind)
    matcher = AhoCorasick(list(kinds), matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA)
    return matcher, np.array(list(kinds.values()), np.int32)


def _of_hit(hit: Hit) -> int:
    """Return role and category of a string of the vocabulary as a number."""
    entry = hit.entry
    role = 5 if entry.bare else 6 if entry.weak else _ROLES.get(entry.role, 4)
    return role * len(CATEGORIES) + _CATEGORY[entry.category]


def _of_span(span: Span) -> int:
    """Return how a span was found and its category as a number."""
    entry = span.entry
    if entry is None:
        kind = 1 + min(4, int(10 * span.score) - 4)
    else:
        kind = 6 if entry.bare else 7 if entry.weak else 0 if entry.role == "name" else 8
    return kind * len(CATEGORIES) + _CATEGORY[span.category]


def code_points(text: str) -> Column:
    """Return the characters of a text as numbers."""
    return np.minimum(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32), LARGEST).astype(np.int32)


def _works(text: str) -> Column:
    """Return 1 where a word for works or a section ends (西延, 二期, 北段)."""
    column = np.zeros(len(text), np.int32)
    for suffix in read_toml("exceptions.toml")["works"]["suffixes"]:
        start = text.find(suffix)
        while start >= 0:
            column[start + len(suffix) - 1] = 1
            start = text.find(suffix, start + 1)
    return column


def split(matches: Sequence[tuple[int, int, int]]) -> tuple[Column, Column, Column]:
    """Return matches as columns."""
    flat = np.fromiter((each for match in matches for each in match), np.int32, 3 * len(matches)).reshape(-1, 3)
    return flat[:, 0], flat[:, 1], flat[:, 2]


def _turn(found: tuple[Column, Column, Column]) -> tuple[Column, Column, Column]:
    return found[1], found[2], found[0]


def _paint(size: int, starts: Column, ends: Column, kinds: Column) -> Column:
    """Return 0 outside of all intervals, and inside 1 + 4 * kind + first, inner, last or only character."""
    steps = np.zeros(size + 1, np.int32)
    np.add.at(steps, starts, 1 + 4 * kinds)
    np.subtract.at(steps, ends, 1 + 4 * kinds)
    column = np.cumsum(steps[:-1], dtype=np.int32)
    column[column > 0] += 1
    column[starts] -= 1
    column[ends - 1] += 1
    column[starts[ends - starts == 1]] += 2
    return column


def edges(column: Column) -> tuple[NDArray[np.bool_], NDArray[np.bool_], Column]:
    """Return which characters are first and which last of a painted interval, and the number of intervals so far."""
    position = (column - 1) % 4
    first = (column > 0) & ((position == 0) | (position == _ALONE))
    last = (column > 0) & ((position == _END) | (position == _ALONE))
    return first, last, np.cumsum(first)


def _bucket(distance: Column) -> Column:
    """Return a distance in classes: 0, 1, 2, 3, 4 to 5, 6 to 8, more."""
    return np.searchsorted(np.array([0, 1, 2, 3, 5, 8], np.int32), distance, side="left").astype(np.int32)


def _segments(columns: dict[str, Column], chars: Column, nouns: tuple[Column, Column, Column], stops: Column) -> None:
    """Add what concerns the stretch between two marks: its ends, its last class noun, the stretch before it."""
    size = len(chars)
    where = np.arange(size, dtype=np.int32)
    code = np.zeros(LARGEST + 1, np.int32)
    code[[ord(mark) for mark in _MARKS]] = np.arange(1, len(_MARKS) + 1)
    marks = np.flatnonzero(code[chars]).astype(np.int32)
    number = np.searchsorted(marks, where, side="left").astype(np.int32)
    edges = np.concatenate([np.array([-1], np.int32), marks, np.array([size], np.int32)])
    left, right = edges[number], edges[number + 1]
    opening = np.where(left >= 0, code[chars[np.maximum(left, 0)]], 0)
    closing = np.where(right < size, code[chars[np.minimum(right, size - 1)]], 0)
    columns["left"], columns["right"] = left, right
    columns["wide"] = _last(among(chars, _PARTS))
    columns["place"] = _bucket(where - left - 1) * 32 + opening
    columns["rest"] = _bucket(right - where - 1) * 32 + closing
    which, starts, ends = nouns
    passed = np.concatenate([[0], np.cumsum(stops)]).astype(np.int32)
    # The next class noun: how far it is, and whether a word that no name holds stands before it.
    following = np.searchsorted(ends, where + 1, side="left")
    ahead = np.zeros(size, np.int32)
    tail = np.zeros(size, np.int32)
    if len(starts):
        next_one = np.minimum(following, len(starts) - 1)
        near = (following < len(starts)) & (ends[next_one] <= right)
        distance = np.maximum(0, starts[next_one] - where)
        barred = passed[np.maximum(where, starts[next_one])] > passed[where]
        ahead = np.where(near, 1 + (which[next_one] * 8 + _bucket(distance)) * 2 + barred, 0).astype(np.int32)
        final = np.searchsorted(ends, right, side="right") - 1
        last = np.maximum(final, 0)
        inside = (final >= 0) & (starts[last] > left)
        gap = np.minimum(right - ends[last], 3)
        tail = np.where(inside, 1 + which[last] * 4 + gap, 0).astype(np.int32)
    columns["ahead"], columns["tail"] = ahead, tail
    # The stretch before this one: its mark, its class noun, whether a found name begins or ends it.
    before = np.maximum(left - 1, 0)
    begins = np.maximum(edges[np.maximum(number - 1, 0)] + 1, 0)
    span = columns["span"]
    shape = (span[before] > 0) * 2 + (span[np.minimum(begins, size - 1)] > 0) if size else span
    follows = np.minimum(right + 1, size - 1)
    shape = shape * 2 + (span[follows] > 0)
    columns["lead"] = np.where(left >= 0, 1 + (opening * 8 + shape) * 4 + np.minimum(tail[before] % 4, 3), 0).astype(
        np.int32
    )


def _sentence(columns: dict[str, Column], chars: Column) -> None:
    """Add quotes and brackets, and the pairs of characters that open the clause and that end its list."""
    size = len(chars)
    ends = among(chars, _ENDS)
    clause = np.cumsum(ends).astype(np.int32)
    quote = np.zeros(size, np.int32)
    for (left, bit), right in zip(_LEFT.items(), _RIGHT, strict=True):
        opened = _last(chars == ord(left))
        closed = _last(chars == ord(right))
        quote += bit * ((opened > closed) & (opened >= _last(chars == ord("\n"))) & (opened >= 0))
    columns["quote"] = quote
    pairs = np.zeros(size, np.int64) + chars.astype(np.int64) * (LARGEST + 1)
    pairs[:-1] += chars[1:]
    columns["pair"] = pairs
    start = _last(ends) + 1
    head = pairs[np.minimum(start, size - 1)] if size else pairs
    columns["head"] = head
    marked = np.flatnonzero(chars == ord(_AND_OTHERS))
    others = np.zeros(size, np.int64)
    if len(marked) and size:
        following = np.searchsorted(marked, np.arange(size))
        place = marked[np.minimum(following, len(marked) - 1)]
        good = (following < len(marked)) & (clause[place] == clause) & (place + 1 < size)
        others = np.where(good, pairs[np.minimum(place + 1, size - 1)], 0)
    columns["others"] = others


def _last(flags: NDArray[np.bool_]) -> Column:
    """Return for each position where a flag was last set, up to and with it; -1 where it never was."""
    where = np.where(flags, np.arange(len(flags), dtype=np.int32), -1)
    return np.maximum.accumulate(where).astype(np.int32) if len(flags) else where.astype(np.int32)


def class_nouns(text: str) -> list[int]:
    """Return where class nouns begin that are no general words."""
    matcher, kinds = _noun_matcher()
    named = (kinds < len(CATEGORIES)).tolist()
    return [start for number, start, _ in matcher.find_matches_as_indexes(text) if named[number]]


def among(chars: Column, wanted: str) -> NDArray[np.bool_]:
    """Return which characters are among the wanted ones."""
    table = np.zeros(LARGEST + 1, bool)
    table[[ord(each) for each in wanted]] = True
    return table[chars]
