"""The sequence model: the best path of names through what no record answers.

A semi-Markov chain (Sarawagi and Cohen 2004): its steps are whole names, weighed by features of the name and its
surroundings (`features.py`) and by which kind of name follows which. It decides where a name begins and ends that
grammar proposed, adds names, and may make one name of a known place and what follows it (太仓|水运口岸); names of the
register are never cut and never lost otherwise. Trained beforehand (`learning.py`); used only for plans that the
register does not know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gazetteer.reading.features import BUCKETS, describe, proposed
from gazetteer.reading.lattice import Lattice, Page, build_lattice, open_page
from gazetteer.reading.nouns import tell_category
from gazetteer.reading.resolution import Resolution
from gazetteer.reading.sight import CATEGORIES, NUMBERS, look
from gazetteer.reading.spans import Span
from gazetteer.reading.tables import HERE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from gazetteer.reading.lattice import Column
    from gazetteer.reading.spans import Found
    from gazetteer.reading.vocabulary import Vocabulary

    Table = NDArray[np.float64]

TRAINED: Final = HERE / "trained"
PROPOSED: Final = 5.0
"""What speaks for a name of grammar before the model is asked."""
NEW: Final = -2.3
"""The same for any other stretch. Both were chosen on plans left out: by the teacher's labels -2 and -2.5 are as good,
and the gold sets ask for care."""
KNOWN: Final = 40.0
"""What speaks for a name of the register, or a longer one that holds it: more than any weight against it."""
_SCORE: Final = 0.5
_STRETCH: Final = 100_000
"""Characters that are read at once at least, so that memory does not grow with the text."""

_MARKS: Final = re.compile("[，、。；\n]")

# Kinds of names by their class noun: none, areas, parks, sites, lines, water and hills, settlements, general words.
_KINDS: Final = np.array([0, 1, 1, 1, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 5, 5, 5, 5, 6, 6, 6, 6, 6, 7, 7, 7])
_KNOWN_KIND: Final = 8
KINDS: Final = 9
_TOUCHING, _LISTED, _JOINED, _PARTED = range(4)
RELATIONS: Final = 4
"""What lies between two names: nothing, a list mark, a conjunction or dash, another character."""
_JOINTS: Final = np.array([ord(each) for each in "和与及至—"])


@dataclass(frozen=True)
class Model:
    """A trained chain."""

    weights: Table
    """By bucket."""
    moves: Table
    """By relation, kind before and kind after: what speaks for one name next to another."""


@dataclass(frozen=True)
class Chain:
    """Which stretch may follow which; stretches are numbered by component and end."""

    first: Column
    """The first stretch of each component."""
    sizes: Column
    free: Column
    """How many of its component end before each stretch begins, with two characters between at least."""
    near: Column
    """How many of its component end before each stretch begins."""
    pairs: Column
    """For each stretch in turn, and each that ends right before it: the number of the move in ``moves``, flat."""
    offsets: Column
    """Where the pairs of each stretch begin."""


def correct(
    text: str, answers: Sequence[Resolution], found: Found, vocabulary: Vocabulary, model: Model
) -> list[Resolution]:
    """Return the answers as the model corrects them, in order.

    Parameters
    ----------
    text
        An even text.
    answers
        What dictionary and grammar found, resolved, in order.
    found
        What they found before lists and short forms were made full.
    vocabulary
        What the reader knows by heart.
    model
        The trained chain.
    """
    found = replace(
        found,
        built=sorted(found.built, key=lambda built: built.start),
        closed=sorted(found.closed),
    )
    corrected: list[Resolution] = []
    number = 0
    for begin, end in stretches(text):
        inside = []
        while number < len(answers) and answers[number].span.start < end:
            inside.append(answers[number])
            number += 1
        chosen = choose(text, inside, found, model, begin, end)
        corrected += _join(text, inside, chosen, vocabulary)
    return corrected


def choose(
    text: str, answers: Sequence[Resolution], found: Found, model: Model, begin: int, end: int
) -> list[tuple[int, int]]:
    """Return the names on the best path through a piece of a text, known ones only where they take part."""
    sight = look(text, answers, found, begin, end)
    page = open_page(sight)
    lattice = build_lattice(sight, page)
    scores = weigh(describe(sight, page, lattice), model)
    scores += np.where(proposed(sight, lattice), PROPOSED, NEW)
    scores[lattice.record] = 0
    # A stretch that the path gains by leaving out is on no best path.
    most, least = max(float(model.moves.max()), 0.0), min(float(model.moves.min()), 0.0)
    kept = (scores + 2 * most - (lattice.holds + 1) * least * (lattice.holds > 0) >= 0) | lattice.record
    lattice, scores = lattice.take(kept), scores[kept]
    chain = link(lattice, page)
    path = best_path(chain, scores + KNOWN * lattice.holds, model.moves)
    starts, ends = sight.outward(lattice.start[path]), sight.outward(lattice.end[path] - 1) + 1
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def weigh(buckets: NDArray[np.uint32], model: Model) -> Table:
    """Return the sum of the weights of each stretch."""
    scores = np.zeros(buckets.shape[1])
    for row in buckets:
        scores += model.weights[row]
    return scores


def _join(
    text: str, answers: list[Resolution], chosen: list[tuple[int, int]], vocabulary: Vocabulary
) -> list[Resolution]:
    """Put the names of the best path in the place of what they touch; known places that none touches stay."""
    by_span = {(answer.span.start, answer.span.end): answer for answer in answers}
    joined = [by_span.get(span) or _answer(text, span, answers, vocabulary) for span in chosen]
    ends = sorted(chosen)
    number = 0
    for answer in answers:
        if answer.resolution == "unresolved":
            continue
        while number < len(ends) and ends[number][1] <= answer.span.start:
            number += 1
        if number == len(ends) or ends[number][0] >= answer.span.end:
            joined.append(answer)
    return sorted(joined, key=lambda answer: answer.span.start)


def _answer(text: str, span: tuple[int, int], answers: Sequence[Resolution], vocabulary: Vocabulary) -> Resolution:
    start, end = span
    surface = text[start:end]
    entry = vocabulary.by_surface.get(surface)
    reason = "a name by its shape and surroundings (sequence model)"
    if entry is not None and entry.candidates and not entry.bare:
        place = entry.candidates[0][0]
        known = Span(start, end, surface, entry, entry.category, _SCORE, reason)
        return Resolution(known, place, place.resolution, _SCORE, reason)
    inside = [answer.span.category for answer in answers if answer.span.start < end and start < answer.span.end]
    category = tell_category(surface) or (inside[-1] if inside else "facility")
    return Resolution(
        Span(start, end, surface, None, category, _SCORE, reason), None, "unresolved", _SCORE, f"no record; {reason}"
    )


def stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield the pieces of a text that are read at once; they end at line feeds, or at marks where none is near."""
    begin = 0
    while begin < len(text):
        feed = text.find("\n", begin + _STRETCH, begin + 2 * _STRETCH)
        mark = _MARKS.search(text, begin + _STRETCH) if feed < 0 else None
        end = feed + 1 if feed >= 0 else mark.end() if mark is not None else len(text)
        yield begin, end
        begin = end


def link(lattice: Lattice, page: Page) -> Chain:
    """Tell which stretches may follow which."""
    start, end, component = lattice.start, lattice.end, lattice.component
    kinds = np.where(lattice.record, _KNOWN_KIND, _KINDS[page.head_class[end]])
    sizes = np.bincount(component) if len(start) else np.zeros(0, np.int64)
    first = np.cumsum(sizes) - sizes
    keys = (component << 32) + end
    free = np.searchsorted(keys, (component << 32) + start - 1) - first[component]
    near = np.searchsorted(keys, (component << 32) + start, side="right") - first[component]
    number = near - free
    offsets = np.concatenate([[0], np.cumsum(number)])
    after = np.repeat(np.arange(len(start)), number)
    before = np.repeat(first[component] + free - offsets[:-1], number) + np.arange(offsets[-1])
    between = np.where(page.marks == 1, _LISTED, np.where(np.isin(page.codes, _JOINTS), _JOINED, _PARTED))
    relation = np.where(end[before] == start[after], _TOUCHING, between[start[after] - 1])
    return Chain(first, sizes, free, near, (relation * KINDS + kinds[before]) * KINDS + kinds[after], offsets)


def best_path(chain: Chain, scores: Table, moves: Table) -> list[int]:
    """Return the stretches of the best path through each component, in order (Viterbi)."""
    steps = moves.ravel()[chain.pairs].tolist()
    value, free, near, offsets = scores.tolist(), chain.free.tolist(), chain.near.tolist(), chain.offsets.tolist()
    chosen: list[int] = []
    for first, size in zip(chain.first.tolist(), chain.sizes.tolist(), strict=True):
        # The best path among the first stretches, and the last stretch on it; the best that ends with each.
        best, last = [0.0], [-1]
        ending: list[float] = []
        came: list[int] = []
        for number in range(size):
            each = first + number
            top, origin = best[free[each]], last[free[each]]
            for before in range(free[each], near[each]):
                weight = ending[before] + steps[offsets[each] + before - free[each]]
                if weight > top:
                    top, origin = weight, before
            top += value[each]
            ending.append(top)
            came.append(origin)
            better = top > best[-1]
            best.append(top if better else best[-1])
            last.append(number if better else last[-1])
        path: list[int] = []
        number = last[-1]
        while number >= 0:
            path.append(first + number)
            number = came[number]
        chosen += reversed(path)
    return chosen


def model_file(without_plan: str | None) -> Path:
    """Return the file of the model of all plans, or of that which has never seen one of them."""
    path = TRAINED / f"without-{without_plan}.npz"
    return path if without_plan is not None and path.is_file() else TRAINED / "all.npz"


@cache
def open_model(without_plan: str | None = None) -> Model:
    """Open the model of all plans, or that which has never seen one of them.

    Raises
    ------
    FileNotFoundError
        If the file is missing: run ``make train``.
    """
    with np.load(model_file(without_plan), allow_pickle=False) as stored:
        return build_model(dict(stored))


def build_model(stored: dict[str, NDArray[Any]]) -> Model:
    """Build a model from what its file holds: weights as whole numbers of a step, by bucket, and moves."""
    weights = np.zeros(BUCKETS)
    weights[stored["buckets"]] = stored["weights"] * float(stored["step"])
    moves = stored["moves"].astype(np.float64) * float(stored["step"])
    return Model(weights, moves.reshape(RELATIONS, KINDS, KINDS))


assert len(_KINDS) > max(NUMBERS.values()) == len(CATEGORIES)

__all__ = ["Chain", "Model", "best_path", "build_model", "choose", "correct", "link", "open_model", "stretches"]
