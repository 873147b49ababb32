"""What the models learn from: a plan's text as a reader sees it that never met the plan, and the names in it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from gazetteer.naming import shorten
from gazetteer.reading.folding import Folded, fold, fold_name
from gazetteer.reading.lists import find_numbered, merge
from gazetteer.reading.reader import read_with
from gazetteer.reading.spans import find_spans
from gazetteer.reading.vocabulary import Vocabulary, open_vocabulary, read_attested

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gazetteer.reading.candidates import Candidates
    from gazetteer.reading.grammar import Hit
    from gazetteer.reading.spans import Span

_LISTED: Final = frozenset({"city", "county", "town", "station"})
_UNSEEN: Final = 0.5
"""The least score of what grammar proposes; as in the reader."""
_FIRST, _INNER, _LAST, _ONLY = range(1, 5)


@dataclass(frozen=True)
class Lesson:
    """A plan's text as the model sees it, and what it should say."""

    text: str
    hits: list[Hit]
    spans: list[Span]
    labels: NDArray[np.int8]


def forget(vocabulary: Vocabulary, unseen: frozenset[str], *, share: float = 0.0) -> Vocabulary:
    """Return a vocabulary without what only these plans attest, and without a share of the other records.

    What every gazetteer holds (cities, counties, towns, stations) stays.
    """
    by_place, by_surface = read_attested()
    none: frozenset[str] = frozenset()
    entries = []
    for entry in vocabulary.entries:
        if not entry.candidates:
            entries.append(entry)
            continue
        kept = []
        for place, way in entry.candidates:
            listed = place.category in _LISTED
            where = by_place.get(place.id, none)
            if not listed and where and (where <= unseen or _drawn(place.id) < share):
                continue
            official = {fold_name(name) for name in (place.name_zh, *shorten(place))} if listed else set()
            where = by_surface.get(entry.surface, none)
            if entry.surface not in official and where and where <= unseen:
                continue
            kept.append((place, way))
        if kept:
            entries.append(replace(entry, candidates=tuple(kept), category=kept[0][0].category))
        elif entry.bare:
            entries.append(replace(entry, candidates=(), category="other"))
    return Vocabulary(tuple(entries), vocabulary.words, vocabulary.without_plan, {e.surface: e for e in entries})


def _drawn(name: str) -> float:
    """Return a number between 0 and 1 that is always the same for a name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") / 2**32


def prepare(text: str, plan: str, without: tuple[str, ...], *, share: float = 0.0) -> Lesson:
    """Return a plan's text as a reader sees it that has never met the plan, with the labels of the one that knows it.

    Parameters
    ----------
    text
        The plan's text.
    plan
        Its id.
    without
        Ids of the other plans that must leave no trace.
    share
        Share of the other records that are left out too, so that there is more to learn from.
    """
    folded = fold(text)
    blank = forget(open_vocabulary(plan), frozenset({plan, *without}), share=share)
    spans, hits = find_spans(folded.text, blank, threshold=_UNSEEN)
    spans = merge(spans, find_numbered(folded.text, blank))
    reading = read_with(text, forget(open_vocabulary(None, plan), frozenset(without)), plan=plan, model=None)
    lines = np.cumsum([0, *(len(line) + 1 for line in text.split("\n"))])
    intervals = [(int(lines[m.line - 1]) + m.start, int(lines[m.line - 1]) + m.end) for m in reading.mentions]
    return Lesson(folded.text, hits, spans, _labels(folded, intervals))


def _labels(folded: Folded, intervals: list[tuple[int, int]]) -> NDArray[np.int8]:
    origins = np.array([folded.original(position) for position in range(len(folded.text))])
    labels = np.zeros(len(folded.text), np.int8)
    for start, end in intervals:
        first, last = int(np.searchsorted(origins, start)), int(np.searchsorted(origins, end - 1))
        labels[first : last + 1] = _INNER
        labels[first], labels[last] = (_ONLY, _ONLY) if first == last else (_FIRST, _LAST)
    return labels


def names_of(labels: NDArray[np.int8]) -> set[tuple[int, int]]:
    """Return where the names of a lesson begin and end."""
    starts = np.flatnonzero((labels == _FIRST) | (labels == _ONLY))
    ends = np.flatnonzero((labels == _LAST) | (labels == _ONLY)) + 1
    return set(zip(starts.tolist(), ends.tolist(), strict=True))


def right(lesson: Lesson, found: Candidates) -> NDArray[np.bool_]:
    """Return which candidates are names."""
    names = names_of(lesson.labels)
    return np.array([each in names for each in zip(found.starts.tolist(), found.ends.tolist(), strict=True)], bool)
