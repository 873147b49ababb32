"""Train the sequence models: the reader itself, with every record, is the teacher.

For each plan the dictionary that describes its text lacks what only that plan attests, as if the plan were new, while the labels
come from the reader that knows it. The model ``without-X`` has neither seen the text of X nor records or names that only X attests.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gazetteer.naming import shorten
from gazetteer.reading import features, sequence
from gazetteer.reading.candidates import CROSSES, WIDTHS, Candidates, columns_of
from gazetteer.reading.features import TEMPLATES
from gazetteer.reading.folding import Folded, fold, fold_name
from gazetteer.reading.lists import find_numbered, merge
from gazetteer.reading.reader import read_with
from gazetteer.reading.spans import find_spans
from gazetteer.reading.vocabulary import Vocabulary, open_vocabulary, read_attested
from gazetteer.register import open_register

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from gazetteer.reading.grammar import Hit
    from gazetteer.reading.spans import Span

PLANS: Final = Path(__file__).resolve().parents[3] / "shared" / "plans"
OPTIONS: Final[dict[str, float | int | bool]] = {
    "c1": 0.3,
    "c2": 0.05,
    "max_iterations": 80,
    "feature.minfreq": 3,
    "feature.possible_transitions": False,
}
JUDGE_OPTIONS: Final[dict[str, float | int | bool]] = {"c1": 0.2, "c2": 1.0, "max_iterations": 120, "feature.minfreq": 3}
_LISTED: Final = frozenset({"city", "county", "town", "station"})
_DOUBTFUL: Final = 0.5
_PRUNED: Final = 0.02
"""Weights smaller than this are left out."""
_FINE: Final = 2047
_STEPS: Final = 127
"""Weights are kept as whole numbers of so many steps."""


@dataclass(frozen=True)
class Lesson:
    """A plan's text as the model sees it, and what it should say."""

    text: str
    hits: list[Hit]
    spans: list[Span]
    labels: NDArray[np.int8]


def forget(vocabulary: Vocabulary, unseen: frozenset[str], *, share: float = 0.0) -> Vocabulary:
    """Return a vocabulary without the records and names that only these plans attest, and without a share of the others.

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
    spans, hits = find_spans(folded.text, blank, threshold=_DOUBTFUL)
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
        labels[first : last + 1] = 2
        labels[first], labels[last] = (4, 4) if first == last else (1, 3)
    return labels


def teach(lessons: list[Lesson], path: str) -> dict[str, NDArray[Any]]:
    """Train on lessons and return what a model file holds."""
    import pycrfsuite  # noqa: PLC0415

    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(dict(OPTIONS))
    count = 0
    for lesson in lessons:
        for items, labels in _examples(lesson):
            trainer.append(items, labels)
            count += len(labels)
    trainer.train(path)
    tagger = pycrfsuite.Tagger()
    tagger.open(path)
    info = tagger.info()
    tagger.close()
    return _store(info.state_features, info.transitions)


def _examples(lesson: Lesson) -> Iterator[tuple[list[list[str]], list[str]]]:
    brief = sequence.extract(lesson.text, lesson.hits, lesson.spans)
    page = features.describe(brief.text, brief.hits, brief.spans)
    columns = []
    for number, template in enumerate(TEMPLATES):
        values = [sequence.shift(page.columns[name], offset).tolist() for name, offset in template]
        if len(values) == 1:
            columns.append([f"{number}:{v}" if v else "" for v in values[0]])
        else:
            columns.append([f"{number}:{v}:{w}" for v, w in zip(*values, strict=True)])
    rows = list(zip(*columns, strict=True))
    edges = [*brief.starts.tolist(), len(brief.text)]
    for start, end, origin in zip(edges, edges[1:], brief.origins.tolist(), strict=False):
        items = [[each for each in row if each] for row in rows[start:end]]
        yield items, [sequence.LABELS[label] for label in lesson.labels[origin : origin + end - start]]


def _store(states: Mapping[tuple[str, str], float], moves: Mapping[tuple[str, str], float]) -> dict[str, NDArray[Any]]:
    table: defaultdict[tuple[int, tuple[int, ...]], list[float]] = defaultdict(lambda: [0.0] * 5)
    for (name, label), weight in states.items():
        number, *values = (int(part) for part in name.split(":"))
        table[number, tuple(values)][sequence.LABELS.index(label)] += weight
    rows = {}
    for key, row in table.items():
        against = [value - row[0] for value in row[1:]]
        if max(map(abs, against)) >= _PRUNED:
            rows[key] = against
    scale = max((max(map(abs, row)) for row in rows.values()), default=1.0) / _STEPS
    characters: set[int] = set()
    pairs: set[int] = set()
    for number, values in rows:
        for (name, _), value in zip(TEMPLATES[number], values, strict=True):
            if name == "char" and value:
                characters.add(value)
            elif name in sequence.PAIRS and value:
                pairs.add(value)
                characters |= {value >> 16, value & 0xFFFF}
    characters.discard(0)
    char_ids = {value: i for i, value in enumerate(sorted(characters), 1)} | {0: 0}
    pair_ids = {value: i for i, value in enumerate(sorted(pairs), 1)} | {0: 0}
    stored: dict[str, NDArray[Any]] = {
        "characters": np.array(sorted(characters), np.uint16),
        "pairs": np.array(sorted(pairs), np.uint32),
        "scale": np.array(scale, np.float32),
    }
    for number, template in enumerate(TEMPLATES):
        keys, weights = [], []
        for (which, values), row in sorted(rows.items()):
            if which != number:
                continue
            keys.append([
                char_ids[v] if name == "char" else pair_ids[v] if name in sequence.PAIRS else v
                for (name, _), v in zip(template, values, strict=True)
            ])
            weights.append([round(v / scale) for v in row])
        stored[f"keys_{number}"] = np.array(keys, np.uint16).reshape(-1, len(template))
        stored[f"weights_{number}"] = np.array(weights, np.int8).reshape(-1, 4)
    matrix = np.full((5, 5), -1e4, np.float32)
    for (left, right), weight in moves.items():
        if right in sequence.FOLLOWING[left]:
            matrix[sequence.LABELS.index(left), sequence.LABELS.index(right)] = weight
    stored["moves"] = matrix
    return stored


def gold_intervals(labels: NDArray[np.int8]) -> set[tuple[int, int]]:
    """Return where the names of a lesson begin and end."""
    starts = np.flatnonzero((labels == 1) | (labels == 4))
    ends = np.flatnonzero((labels == 3) | (labels == 4)) + 1
    return set(zip(starts.tolist(), ends.tolist(), strict=True))


def right(lesson: Lesson, found: Candidates) -> NDArray[np.bool_]:
    """Return which candidates are names."""
    names = gold_intervals(lesson.labels)
    return np.array([each in names for each in zip(found.starts.tolist(), found.ends.tolist(), strict=True)], bool)


def teach_judge(rows: list[tuple[Candidates, NDArray[np.bool_]]], path: str) -> dict[str, NDArray[Any]]:
    """Fit a logistic regression (sequences of one) to the answers of candidates and return what a model file holds of it."""
    import pycrfsuite  # noqa: PLC0415

    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(dict(JUDGE_OPTIONS))
    for found, truth in rows:
        columns = [column.tolist() for column in columns_of(found.answers)]
        for answers, true in zip(zip(*columns, strict=True), truth.tolist(), strict=True):
            items = ["0:-1", *(f"{number}:{value}" for number, value in enumerate(answers))]
            trainer.append([items], ["Y" if true else "N"])
    trainer.train(path)
    tagger = pycrfsuite.Tagger()
    tagger.open(path)
    weights: defaultdict[tuple[int, int], float] = defaultdict(float)
    for (name, label), weight in tagger.info().state_features.items():
        number, value = name.split(":")
        weights[int(number), int(value)] += weight if label == "Y" else -weight
    tagger.close()
    bias = weights.pop((0, -1), 0.0)
    for value in range(WIDTHS["chance"]):
        # Every candidate has one answer to the first question: the bias goes there.
        weights[0, value] += bias
    scale = max(map(abs, weights.values())) / _FINE
    stored: dict[str, NDArray[Any]] = {"judge_scale": np.array(scale, np.float32)}
    for number in range(len(WIDTHS) + len(CROSSES)):
        kept = sorted((v, round(w / scale)) for (n, v), w in weights.items() if n == number and abs(w) >= _PRUNED)
        stored[f"answers_{number}"] = np.array([v for v, _ in kept], np.uint32)
        stored[f"judges_{number}"] = np.array([w for _, w in kept], np.int16)
    return stored
