"""What the sequence model sees of each stretch that may be a name: words, class nouns, grammar, its list, the text.

Every feature is hashed to the number of a bucket, for all stretches at once, so that a model is one table of numbers
and holds no string of any text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from gazetteer.reading.lattice import (
    BOUNDARY,
    BRACKET,
    COMMA,
    FULL_STOP,
    INNER,
    MARKED,
    QUOTE,
    UNBRACKET,
    UNKNOWN,
    UNQUOTE,
    VERB,
    among,
)  # fmt: skip

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gazetteer.reading.lattice import Column, Lattice, Page
    from gazetteer.reading.sight import Sight

    Hashes = NDArray[np.uint64]

BUCKETS: Final = 1 << 18
_SHIFT: Final = np.uint64(64 - 18)
_MIXERS: Final = tuple(map(np.uint64, (0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)))

TEMPLATES: Final[tuple[tuple[str, ...], ...]] = (
    (),
    ("grammar",), ("grammar", "head_class"), ("grammar", "at_start", "at_end"), ("grammar", "length"),
    ("grammar", "char_before"), ("grammar", "word_before"), ("grammar", "word_after"), ("grammar", "item"),
    ("grammar", "role_before", "role_first"), ("grammar", "times"), ("grammar", "wide_before"), ("grammar", "head"),
    ("at_start", "at_end", "started"), ("at_start", "at_end", "head_class"),
    ("record_first", "record_last", "holds"), ("record_first", "head_class"), ("record_first", "head"),
    ("record_first", "word_after_record"), ("record_last", "head_class"), ("record_first", "length"),
    ("record_first", "words", "unknown"), ("record_first", "item"), ("record_first", "word_before"),
    ("record_first", "head_class", "role_before"), ("record_first", "times"),
    ("head",), ("head", "words"), ("head", "word_before"), ("head", "word_last"), ("head", "role_before"),
    ("head", "mark_before", "mark_after"), ("head", "word_after"), ("head_class", "word_after"),
    ("char_last",), ("last_word",), ("last_word", "words"),
    ("word_before",), ("word_after",), ("word_before", "word_after"), ("word_before2", "word_before"),
    ("word_after", "word_after2"),
    ("word_before", "word_first"), ("word_first",), ("word_first", "word_second"), ("word_last", "head"),
    ("char_before", "char_first"), ("char_first", "char_second"), ("char_before",), ("char_after",),
    ("char_last2", "char_last"), ("char_last", "char_after"),
    ("role_before", "role_first", "role_second"), ("role_before2", "role_before", "role_first"),
    ("role_last", "head_class", "role_after"), ("mark_before", "mark_after"),
    ("mark_before", "mark_after", "head_class", "words"),
    ("item", "head_class"), ("item", "words", "unknown"), ("item", "verbs", "boundaries"),
    ("unknown", "known", "head_class"), ("unknown", "verbs", "boundaries", "holds"), ("length", "head_class"),
    ("left_list", "head_class"), ("right_list", "head_class"), ("left_list", "right_list"),
    ("left_list", "item"), ("right_list", "item"), ("left_head", "head"), ("right_head", "head"),
    ("left_list", "right_list", "item", "unknown"),
    ("times", "item"), ("times", "before_kinds", "after_kinds"), ("times", "head_class", "before_kinds"),
    ("wide_before", "times"), ("wide_before", "before_kinds"), ("inner_before", "times"),
    ("quoted", "head_class"), ("quoted", "length"), ("masked", "grammar", "head_class"), ("masked", "holds"),
    ("verbs", "boundaries", "role_first"), ("plural", "head_class"), ("plural", "grammar"), ("plural", "record_first"),
    ("record_before", "head_class"), ("record_before", "grammar"), ("record_after", "grammar"),
)  # fmt: skip
"""Each a tuple of columns that are read together."""


def describe(sight: Sight, page: Page, lattice: Lattice) -> NDArray[np.uint32]:
    """Return the buckets of the features of all stretches, an array of shape (templates, stretches)."""
    columns = {name: column.astype(np.uint64) for name, column in _columns(sight, page, lattice).items()}
    buckets = np.empty((len(TEMPLATES), len(lattice.start)), np.uint32)
    first, last, seed, _ = _MIXERS
    with np.errstate(over="ignore"):
        for number, template in enumerate(TEMPLATES, 1):
            mixed = np.full(len(lattice.start), np.array([number], np.uint64) * seed, np.uint64)
            for name in template:
                mixed ^= columns[name]
                mixed *= first
                mixed ^= mixed >> np.uint64(27)
            mixed *= last
            buckets[number - 1] = mixed >> _SHIFT
    return buckets


def _columns(sight: Sight, page: Page, lattice: Lattice) -> dict[str, Column]:
    start, end = lattice.start, lattice.end
    size = len(page.codes)
    codes = np.concatenate([page.codes, [10, 10]])
    roles = np.concatenate([page.roles, [MARKED, MARKED]])
    marks = np.concatenate([page.marks, [FULL_STOP, FULL_STOP]])
    words, before, after = _words(page), page.word_before, page.word_after
    head = page.head[end]
    head_start = np.where(head > 0, np.maximum(page.head_start[end], start), end)
    first_end, next_end = after[start], after[end]
    word_starts = page.starts[:size]

    def count(of: NDArray[np.bool_], most: int) -> Column:
        sums = np.concatenate([[0], np.cumsum(of)])
        return np.asarray(np.minimum(sums[end] - sums[start], most))

    columns: dict[str, Column] = {
        "head": head,
        "head_class": page.head_class[end],
        "word_before": words[start],
        "word_before2": words[before[start]],
        "word_first": words[first_end],
        "word_second": words[after[first_end]],
        "word_last": words[head_start],
        "last_word": words[end],
        "word_after": words[next_end],
        "word_after2": words[after[next_end]],
        "role_before": roles[start - 1],
        "role_before2": roles[before[start] - 1],
        "role_first": roles[start],
        "role_second": roles[first_end],
        "role_last": roles[head_start - 1],
        "role_after": roles[end],
        "mark_before": marks[start - 1],
        "mark_after": marks[end],
        "char_before": codes[start - 1],
        "char_first": codes[start],
        "char_second": codes[start + 1],
        "char_last": codes[end - 1],
        "char_last2": codes[end - 2],
        "char_after": codes[end],
        "length": _LENGTHS[np.minimum(end - start, len(_LENGTHS) - 1)],
        "words": count(word_starts, 6),
        "unknown": count(page.roles == UNKNOWN, 5),
        "known": count(word_starts & (page.roles == INNER), 4),
        "verbs": count(word_starts & (page.roles == VERB), 2),
        "boundaries": count(word_starts & (page.roles == BOUNDARY), 2),
        "holds": np.minimum(np.where(lattice.record, 0, lattice.holds), 3),
        "plural": np.isin(codes[start - 1], _PLURAL).astype(np.int64),
    }
    columns |= _of_items(page, lattice)
    columns |= _of_answers(sight, page, lattice, words, codes, marks)
    return columns | _of_text(page, lattice, codes)


_LENGTHS: Final = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 11, 11, 11, 12, 12, 12, 12, 13])
_PLURAL: Final = np.array([ord(each) for each in "等各类批个所座条项大家多级式型化性"])
"""Before a stretch these say that any of a class is meant."""
_JOINTS: Final = np.array([ord(each) for each in "和与及至"])


def _digest(page: Page, start: Column, end: Column) -> Hashes:
    """Return a number for each stretch that is the same for the same characters."""
    total = np.zeros(len(start), np.uint64)
    if not len(start) or not len(page.codes):
        return total
    with np.errstate(over="ignore"):
        mixed = (page.codes.astype(np.uint64) + np.uint64(1)) * _MIXERS[2]
        mixed ^= mixed >> np.uint64(29)
        longer = np.arange(len(start))
        for step in range(int((end - start).max(initial=0))):
            longer = longer[start[longer] + step < end[longer]]
            total[longer] = (total[longer] ^ mixed[start[longer] + step]) * _MIXERS[3] + np.uint64(step)
    return total ^ (total >> np.uint64(31))


def _words(page: Page) -> Column:
    """Return for each gap a number for the word that ends there, or the part of it that does."""
    values = _digest(page, page.word_before, np.arange(len(page.codes) + 1))
    words = (values >> np.uint64(20)).astype(np.int64)
    words[0] = 0
    return words


def _of_items(page: Page, lattice: Lattice) -> dict[str, Column]:
    """Return how a stretch lies in its item, and the class nouns that its neighbours in a list end in."""
    start, end = lattice.start, lattice.end
    size = len(page.codes)
    opens = np.diff(page.items, prepend=-1) > 0
    first = np.flatnonzero(opens[:size])
    number = np.searchsorted(first, start, side="right") - 1
    tails = np.append(first[1:], [size + 1, size + 1]) - 1
    tail = tails[number]
    comma = np.append(page.marks == COMMA, [False, False])
    at_head = start == first[number]
    left, right = at_head & comma[start - 1], comma[tail]
    heads = page.head
    return {
        "item": at_head + 2 * (end == tail) + 4 * left + 8 * right,
        "left_head": np.where(left, heads[start - 1], 0),
        "right_head": np.where(right, heads[np.minimum(tails[number + 1], size)], 0),
    }


def _of_answers(
    sight: Sight, page: Page, lattice: Lattice, words: Column, codes: Column, marks: Column
) -> dict[str, Column]:
    """Return what dictionary and grammar said of a stretch, of what it holds and of its neighbours."""
    start, end = lattice.start, lattice.end
    size = len(page.codes)
    own, own_start, own_end, known_start, known_end, known_stop, any_start, any_end, closed = (
        np.zeros(size + 3, np.int64) for _ in range(9)
    )
    for each in sight.answers:
        kind = each.category
        if each.known:
            length = each.end - each.start
            long = (length > 2) + (length > 4)  # noqa: PLR2004
            known_start[each.start] = known_end[each.end] = kind + 32 * long + 128 * (not each.placed)
            known_stop[each.start] = each.end
        else:
            own[each.start : each.end] = 1
            own_start[each.start] = own_end[each.end] = kind
            kind += 32
        any_start[each.start] = any_end[each.end] = kind
    for first, last, _ in sight.closed:
        closed[first:last] = 1
    begun = np.concatenate([[0], np.cumsum(own_start > 0)])
    before, after = start - 1, end
    lists = (COMMA, BRACKET, UNBRACKET)
    left = np.isin(marks[before], lists) | np.isin(codes[before], _JOINTS)
    right = np.isin(marks[after], lists) | np.isin(codes[after], _JOINTS)
    first_known = np.where(known_stop[start] > 0, known_stop[start], start)
    return {
        "grammar": proposed(sight, lattice) * 1024 + _built(sight, lattice),
        "at_start": np.where(own_start[start] > 0, 1, 2 * own[start]),
        "at_end": np.where(own_end[end] > 0, 1, 2 * own[end - 1]),
        "started": np.minimum(begun[end] - begun[start], 2),
        "record_first": np.where(known_stop[start] <= end, known_start[start], 0),
        "record_last": known_end[end],
        "record_before": known_end[start],
        "record_after": known_start[end],
        "word_after_record": words[page.word_after[first_known]],
        "left_list": np.where(left, any_end[before] + 1, 0),
        "right_list": np.where(right, any_start[after + 1] + 1, 0),
        "masked": closed[start] * 2 + closed[end - 1],
        "quoted": ((marks[before] == QUOTE) & (marks[after] == UNQUOTE)).astype(np.int64),
    }


def proposed(sight: Sight, lattice: Lattice) -> NDArray[np.bool_]:
    """Return which stretches are answers that no record stands behind."""
    return among(lattice.start, lattice.end, [(each.start, each.end) for each in sight.answers if not each.known])


def _built(sight: Sight, lattice: Lattice) -> Column:
    """Return how and how surely grammar would build each stretch, or 0."""
    if not sight.built:
        return np.zeros(len(lattice.start), np.int64)
    rows = np.array([((first << 32) + last, value) for (first, last), value in sorted(sight.built.items())], np.int64)
    wanted = (lattice.start << 32) + lattice.end
    found = np.minimum(np.searchsorted(rows[:, 0], wanted), len(rows) - 1)
    return np.where(rows[found, 0] == wanted, rows[found, 1], 0)


def _of_text(page: Page, lattice: Lattice, codes: Column) -> dict[str, Column]:
    """Return how often a stretch stands in the text, in how many surroundings, and whether with a word more or less."""
    start, end = lattice.start, lattice.end
    if not len(start):
        return dict.fromkeys(("times", "before_kinds", "after_kinds", "wide_before", "inner_before"), start)
    unique, inverse, counts = np.unique(_digest(page, start, end), return_inverse=True, return_counts=True)

    def kinds(column: Column) -> Column:
        pairs = np.unique((inverse.astype(np.int64) << 24) + column)
        return np.minimum(np.bincount(pairs >> 24, minlength=len(unique))[inverse], 3)

    times = counts[inverse]
    _, at, wide = np.unique(_digest(page, page.word_before[start], end), return_inverse=True, return_counts=True)
    narrow = _digest(page, np.minimum(page.word_after[start], end), end)
    where = np.minimum(np.searchsorted(unique, narrow), len(unique) - 1)
    inner = np.where(unique[where] == narrow, counts[where], 0)
    return {
        "times": np.minimum(times, 3),
        "before_kinds": kinds(codes[start - 1]),
        "after_kinds": kinds(codes[end]),
        "wide_before": np.where(times > 1, (wide[at] * 4) // times, 5),
        "inner_before": np.minimum(np.where(inner > 1, (times * 4) // np.maximum(inner, 1), 5), 5),
    }


__all__ = ["BUCKETS", "TEMPLATES", "describe", "proposed"]
