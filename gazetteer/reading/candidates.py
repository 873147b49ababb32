"""Stretches of a text that may be names: those that the sequence model, a class noun or a list suggests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gazetteer.reading.features import CATEGORIES, STOPS, among, edges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gazetteer.reading.features import Page

    Column = NDArray[Any]
    Table = NDArray[Any]

LONGEST: Final = 32
"""Characters of a name."""
_LIKELY: Final = 0.02
"""The least probability of a first or last character that is looked at."""
_POSSIBLE: Final = 0.01
"""The least probability of a stretch that nothing else suggests."""
_LINES: Final = ("road", "rail", "river")
_DIGITS: Final = "0123456789"
_TITLE: Final = 2
"""The bit of the quote column that says 《》."""
_OUT, _FIRST, _INNER, _LAST, _ONLY = range(5)
_SHORT: Final = 2


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
    """By question: what holds of each candidate; see `gazetteer.reading.questions`."""


def propose(page: Page, chain: Chain, cuts: Column) -> tuple[Column, Column, Table]:
    """Return where candidates begin and end, and their probabilities by the model."""
    size = len(chain.sums)
    posterior = chain.forward * chain.backward
    is_first, is_last, run = edges(page.columns["span"])
    opens = np.flatnonzero((posterior[:, _FIRST] + posterior[:, _ONLY] > _LIKELY) | is_first)
    closes = np.flatnonzero((posterior[:, _LAST] + posterior[:, _ONLY] > _LIKELY) | is_last)
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
    proposed = is_first[first] & is_last[last] & (run[first] == run[last])
    keep = (chance > _POSSIBLE) | proposed
    more_first, more_last = _by_shape(page)
    keys = np.unique(
        np.concatenate([first[keep] * np.int64(size) + last[keep], more_first * np.int64(size) + more_last])
    )
    first, last = keys // max(size, 1), keys % max(size, 1)
    whole = balanced(page, first, last + 1) & ~_sections(page, first, last) & ~_barred(page, first, last)
    first, last = first[whole], last[whole]
    return first.astype(np.int32), last.astype(np.int32) + 1, chances(chain, first, last).astype(np.float32)


def _barred(page: Page, first: Column, last: Column) -> NDArray[np.bool_]:
    """Return which stretches are no names for certain, unless dictionary or grammar proposed them.

    They are numbers, lie in titles, begin with a bracket, or end in a word for works or for an event.
    """
    span, noun, chars = page.columns["span"], page.columns["noun"], page.columns["char"]
    is_first, is_last, run = edges(span)
    proposed = is_first[first] & is_last[last] & (run[first] == run[last])
    title = (page.columns["quote"][first] & _TITLE) > 0
    masked = (noun[last] > 4 * (len(CATEGORIES) + 1)) & edges(noun)[1][last]
    works = page.columns["works"][last] > 0
    number = among(chars[first], _DIGITS) & among(chars[last], _DIGITS)
    return np.asarray(~proposed & (title | masked | (chars[first] == ord("（")) | works | number))


def _sections(page: Page, first: Column, last: Column) -> NDArray[np.bool_]:
    """Return which stretches begin with a line and go on with another name: its section, a mention of its own."""
    span = page.columns["span"]
    category = (span - 1) // 4 % len(CATEGORIES)
    where = np.arange(len(span))
    is_first, is_last, _ = edges(span)
    ends = np.where(is_last, where, len(span))
    following = np.minimum.accumulate(ends[::-1])[::-1][first]
    line = is_first[first] & np.isin(category[first], [CATEGORIES.index(each) for each in _LINES])
    after = np.minimum(following + 1, len(span) - 1)
    return np.asarray(line & (following < last) & is_first[after])


def _by_shape(page: Page) -> tuple[Column, Column]:
    """Return stretches to a class noun or to the end of a list's item, from a mark or a word that no name holds."""
    noun, word = page.columns["noun"], page.columns["word"]
    chars, size = page.columns["char"], len(noun)
    where = np.arange(size)
    starts_noun, ends_noun, _ = edges(noun)
    named = ends_noun & (noun <= 4 * len(CATEGORIES))
    # Items of lists are looked at whole, whatever they end in.
    follows = np.append(chars[1:], ord("\n"))
    listing = (follows == ord("、")) | (follows == ord("等"))
    before = chars[np.maximum(page.columns["left"], 0)]
    closing = listing | ((before == ord("、")) & ((follows == ord("，")) | (follows == ord("。"))))
    last = np.flatnonzero(named | closing)
    begin = np.maximum.accumulate(np.where(starts_noun, where, -1))
    stop = np.maximum.accumulate(np.where((word > STOPS) & edges(word)[1], where, -1))
    left = page.columns["left"][last].astype(np.int64) + 1
    ahead = np.where(named[last], begin[last] - 1, last - _SHORT)
    barrier = np.maximum(left, np.where(ahead >= 0, stop[np.maximum(ahead, 0)] + 1, 0))
    wide = page.columns["wide"][last].astype(np.int64) + 1
    first, both = np.concatenate([left, barrier, wide]), np.concatenate([last, last, last])
    good = (first < both) & (both - first < LONGEST)
    return first[good], both[good].astype(np.int64)


def chances(chain: Chain, first: Column, last: Column) -> Table:
    """Return how probable it is that names stand exactly from first to last character."""
    gates, scores, sums = chain.moves, chain.scores.astype(np.float64), chain.sums.astype(np.float64)
    inner = np.concatenate([[0.0], np.cumsum(np.log(gates[_INNER, _INNER] * scores[:, _INNER] / sums + 1e-300))])
    closing = scores[:, _LAST] / sums * chain.backward[:, _LAST]
    entering = scores[:, _INNER] / sums
    size = len(sums)
    between = np.exp(np.minimum(0, inner[last] - inner[np.minimum(first + _SHORT, size)]))
    through = gates[_FIRST, _INNER] * entering[np.minimum(first + 1, size - 1)] * between * gates[_INNER, _LAST]
    length = last - first + 1
    longer = chain.forward[first, _FIRST] * np.where(length == _SHORT, gates[_FIRST, _LAST], through) * closing[last]
    single = chain.forward[first, _ONLY] * chain.backward[first, _ONLY]
    return np.asarray(np.where(length == 1, single, longer))


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
