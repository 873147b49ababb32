"""Names that neither register nor grammar holds, found by a sequence model (a linear-chain CRF over characters).

The model is trained beforehand (`gazetteer.reading.learning`); here its weights are looked up by columns and its paths
summed for all sentences at once, so that a plan takes tenths of a second without any compiled part of our own.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gazetteer.reading.features import TEMPLATES, Page, describe
from gazetteer.reading.spans import Span
from gazetteer.reading.tables import HERE, read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from gazetteer.place import Category
    from gazetteer.reading.grammar import Hit
    from gazetteer.reading.vocabulary import Vocabulary

    Column = NDArray[np.int32]
    Table = NDArray[np.float32]

MODELS: Final = HERE / "models"
LABELS: Final = "OBIES"
"""Outside; first, inner and last character of a name; a name of one character."""
_OUT, _FIRST, _INNER, _LAST, _ONLY = range(5)
FOLLOWING: Final = {"O": "OBS", "B": "IE", "I": "IE", "E": "OBS", "S": "OBS"}
_NEVER: Final = -1e4
PAIRS: Final = frozenset({"pair", "head", "others"})
_LONGEST: Final = 240
"""Characters that are read together at most."""
_STRETCH: Final = 60_000
"""Characters that are looked up at once, so that memory does not grow with the text."""
_SENTENCE_ENDS: Final = "。；\n！？"


@dataclass(frozen=True, slots=True)
class Model:
    """Weights, ready for looking up."""

    characters: Column
    """By code point: the character's number in this model, 0 where it holds none."""
    pairs: Column
    """By two numbers of characters: the pair's number."""
    rows: tuple[NDArray[np.int16], ...]
    """By template and value: the row of its weights, 0 where it has none."""
    shapes: tuple[tuple[int, ...], ...]
    """By template: how many values each of its columns has."""
    weights: tuple[Table, ...]
    """By template and row: what speaks for B, I, E and S against O."""
    moves: Table
    """From label, to label."""
    thresholds: tuple[float, float]
    """The least probability of a name in the register, and of any other."""


def load(path: Path) -> Model:
    """Read a model.

    Parameters
    ----------
    path
        File that `gazetteer.reading.learning` wrote.
    """
    with np.load(path, allow_pickle=False) as file:
        stored = {name: file[name] for name in file.files}
    return build_model(stored)


def build_model(stored: dict[str, NDArray[Any]]) -> Model:
    """Turn what a model file holds into tables."""
    known = stored["characters"].astype(np.int64)
    characters = np.zeros(0x10000, np.int32)
    characters[known] = np.arange(1, len(known) + 1)
    width = len(known) + 1
    pairs = np.zeros(width * width, np.int32)
    first, second = characters[stored["pairs"] >> 16], characters[stored["pairs"] & 0xFFFF]
    pairs[first * width + second] = np.arange(1, len(first) + 1)
    rows, shapes, weights = [], [], []
    for number, template in enumerate(TEMPLATES):
        keys = stored[f"keys_{number}"].astype(np.int64).reshape(-1, len(template))
        shape = tuple(int(each) + 2 for each in keys.max(axis=0)) if len(keys) else (1,) * len(template)
        row = np.zeros(int(np.prod(shape)), np.int16)
        place = keys[:, 0] if len(template) == 1 else keys[:, 0] * shape[1] + keys[:, 1]
        row[place] = np.arange(1, len(keys) + 1)
        table = np.zeros((len(keys) + 1, 4), np.float32)
        table[1:] = stored[f"weights_{number}"].astype(np.float32) * float(stored["scale"])
        rows.append(row), shapes.append(shape), weights.append(table)
    thresholds = tuple(float(each) for each in stored["thresholds"])
    return Model(
        characters, pairs, tuple(rows), tuple(shapes), tuple(weights), stored["moves"], (thresholds[0], thresholds[1])
    )


@cache
def open_model(without_plan: str | None = None) -> Model:
    """Return the model of all plans, or the one that has not seen a plan."""
    return load(MODELS / f"{'all' if without_plan is None else 'without-' + without_plan}.npz")


def compact(page: Page, model: Model) -> dict[str, Column]:
    """Return the columns of a page with characters and pairs as numbers of the model."""
    columns = dict(page.columns)
    chars = model.characters[columns["char"]]
    width = int(model.characters.max()) + 1
    columns["char"] = chars
    for name in PAIRS:
        raw = columns[name]
        columns[name] = model.pairs[model.characters[raw >> 16] * width + model.characters[raw & 0xFFFF]]
    return columns


def weigh(columns: dict[str, Column], model: Model) -> Table:
    """Return what speaks for each label but O at each character."""
    size = len(columns["char"])
    scores = np.zeros((size, 4), np.float32)
    for template, row, shape, weights in zip(TEMPLATES, model.rows, model.shapes, model.weights, strict=True):
        if len(weights) == 1:
            continue
        values = [np.minimum(_shift(columns[name], offset), shape[i] - 1) for i, (name, offset) in enumerate(template)]
        index = values[0] if len(values) == 1 else values[0] * shape[1] + values[1]
        scores += weights[row[index]]
    return scores


def _shift(column: Column, offset: int) -> Column:
    """Return a column as read some characters to the right."""
    if offset == 0:
        return column
    shifted = np.zeros_like(column)
    if abs(offset) >= len(column):
        return shifted
    if offset > 0:
        shifted[:-offset] = column[offset:]
    else:
        shifted[-offset:] = column[:offset]
    return shifted


@dataclass(frozen=True, slots=True)
class Chain:
    """The sums over all paths of a page."""

    scores: Table
    forward: Table
    backward: Table
    sums: Table
    moves: Table
    best: NDArray[np.int8]
    """The label of each character on the best path."""

    def probability(self, start: int, end: int) -> float:
        """Return how probable it is that a name stands exactly here."""
        if end - start == 1:
            return float(self.forward[start, _ONLY] * self.backward[start, _ONLY])
        value, label = float(self.forward[start, _FIRST]), _FIRST
        for position in range(start + 1, end):
            following = _LAST if position == end - 1 else _INNER
            step = self.moves[label, following] * self.scores[position, following]
            value *= float(step) / float(self.sums[position])
            label = following
        return value * float(self.backward[end - 1, _LAST])

    def names(self) -> list[tuple[int, int]]:
        """Return where names begin and end on the best path."""
        starts = np.flatnonzero((self.best == _FIRST) | (self.best == _ONLY))
        ends = np.flatnonzero((self.best == _LAST) | (self.best == _ONLY)) + 1
        return list(zip(starts.tolist(), ends.tolist(), strict=True))


def cut(text: str) -> tuple[Column, Column]:
    """Return where the sentences of a text begin, and how long they are; overlong ones are cut."""
    chars = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.flatnonzero(np.isin(chars, [ord(each) for each in _SENTENCE_ENDS])) + 1
    edges = np.unique(np.concatenate([[0], ends, [len(text)]])).astype(np.int32)
    starts, lengths = edges[:-1], np.diff(edges)
    if len(lengths) and lengths.max() > _LONGEST:
        pieces = [np.arange(start, start + length, _LONGEST) for start, length in zip(starts, lengths, strict=True)]
        edges = np.append(np.concatenate(pieces), len(text)).astype(np.int32)
        starts, lengths = edges[:-1], np.diff(edges)
    return starts, lengths.astype(np.int32)


def run(scores: Table, starts: Column, lengths: Column, moves: Table) -> Chain:
    """Sum over all paths, and find the best, for all sentences at once."""
    size = len(scores)
    full = np.zeros((size, 5), np.float32)
    full[:, 1:] = scores
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = starts[order], lengths[order]
    alive = np.searchsorted(-lengths, -np.arange(int(lengths.max(initial=0))), side="left")
    gates = np.exp(moves)
    # Scores are taken against the best of each character, so that no exponent runs over.
    likely = np.exp(full - full.max(axis=1, keepdims=True))
    forward = np.zeros((size, 5), np.float32)
    backward = np.ones((size, 5), np.float32)
    sums = np.ones(size, np.float32)
    score = np.zeros((size, 5), np.float32)
    come = np.zeros((size, 5), np.int8)
    opening = np.array([1, 1, 0, 0, 1], np.float32)
    closing = np.array([1, 0, 0, 1, 1], np.float32)
    for step, count in enumerate(alive):
        now = starts[:count] + step
        if step == 0:
            values = likely[now] * opening
            score[now] = full[now] + np.where(opening > 0, 0, _NEVER)
        else:
            values = (forward[now - 1] @ gates) * likely[now]
            options = score[now - 1][:, :, None] + moves
            come[now] = options.argmax(axis=1)
            score[now] = options.max(axis=1) + full[now]
        total = values.sum(axis=1)
        sums[now] = total
        forward[now] = values / total[:, None]
    best = np.zeros(size, np.int8)
    final = starts + lengths - 1
    backward[final] = closing
    # The closing condition changes the sum of the last character.
    rest = (forward[final] * closing).sum(axis=1)
    backward[final] /= np.maximum(rest, np.float32(1e-30))[:, None]
    best[final] = (score[final] + np.where(closing > 0, 0, _NEVER)).argmax(axis=1)
    for step in range(len(alive) - 1, 0, -1):
        now = starts[: alive[step]] + step
        backward[now - 1] = ((likely[now] * backward[now]) @ gates.T) / sums[now][:, None]
        best[now - 1] = come[now, best[now]]
    return Chain(likely, forward, backward, sums, gates, best)


def stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield stretches of a text that end where lines do, or where they must."""
    start = 0
    while start < len(text):
        end = min(len(text), start + _STRETCH)
        if end < len(text):
            at = max(text.rfind("\n", start, end), text.rfind("。", start, end))
            end = at + 1 if at > start else end
        yield start, end
        start = end


def inside(found: Sequence[Any], start: int, end: int) -> list[Any]:
    """Return what lies wholly in a stretch, of hits or spans in order."""
    first = bisect_left(found, start, key=lambda each: each.start)
    last = bisect_left(found, end, key=lambda each: each.start)
    return [each for each in found[first:last] if each.end <= end]


def tag(text: str, hits: Sequence[Hit], spans: Sequence[Span], model: Model) -> Iterator[tuple[int, Chain]]:
    """Yield for each stretch of a text where it begins and the sums of its paths."""
    for start, end in stretches(text):
        piece = text[start:end]
        page = describe(piece, inside(hits, start, end), inside(spans, start, end), origin=start)
        yield start, run(weigh(compact(page, model), model), *cut(piece), model.moves)


def revise(text: str, hits: Sequence[Hit], spans: list[Span], model: Model, vocabulary: Vocabulary) -> list[Span]:
    """Return spans as the model would have them: new ones, other edges, and without those that it denies.

    Of all candidates, those found by dictionary and grammar and those on the model's best path, the set is taken whose
    probabilities above the thresholds sum to most.
    """
    revised: list[Span] = []
    for start, chain in tag(text, hits, spans, model):
        end = start + len(chain.best)
        found = {(span.start, span.end): span for span in inside(spans, start, end)}
        offers = []
        for first, last in {*found, *((first + start, last + start) for first, last in chain.names())}:
            probability = chain.probability(first - start, last - start)
            span = found.get((first, last))
            known = span is not None and span.entry is not None
            gain = probability - model.thresholds[0 if known else 1]
            if gain > 0:
                offers.append((last, first, gain, probability, span))
        revised += [
            span if span is not None else _new_span(text, first, last, probability, vocabulary, found)
            for last, first, _, probability, span in _choose(offers)
        ]
    return revised


def _choose(offers: list[tuple[int, int, float, float, Span | None]]) -> list[tuple[int, int, float, float, Span | None]]:
    """Return the offers without overlaps that gain most, in order (weighted intervals)."""
    offers.sort(key=lambda offer: offer[:2])
    ends = [offer[0] for offer in offers]
    totals, back = [0.0], []
    for number, offer in enumerate(offers):
        before = bisect_right(ends, offer[1], 0, number)
        taken = totals[before] + offer[2]
        back.append(before if taken > totals[-1] else -1)
        totals.append(max(taken, totals[-1]))
    chosen, number = [], len(offers)
    while number:
        if back[number - 1] < 0:
            number -= 1
        else:
            chosen.append(offers[number - 1])
            number = back[number - 1]
    return chosen[::-1]


def _new_span(
    text: str, start: int, end: int, probability: float, vocabulary: Vocabulary, found: Mapping[tuple[int, int], Span]
) -> Span:
    surface = text[start:end]
    entry = vocabulary.by_surface.get(surface)
    reason = f"a name by its shape and company (probability {probability:.2f})"
    if entry is not None and entry.role in {"name", "outside"}:
        return Span(start, end, surface, entry, entry.category, probability, reason)
    return Span(start, end, surface, None, _category(surface, found, start, end), probability, reason)


@cache
def _endings() -> dict[str, Category]:
    return {
        noun: table["category"]
        for table in read_toml("grammar.toml")["class"]
        for noun in table["nouns"]
        if table["kind"] != "mask"
    }


def _category(surface: str, found: Mapping[tuple[int, int], Span], start: int, end: int) -> Category:
    """Return the category that a name's ending tells, or that of a span within it."""
    endings = _endings()
    for cut_at in range(1, len(surface)):
        if surface[cut_at:] in endings:
            return endings[surface[cut_at:]]
    within = [span for span in found.values() if start <= span.start and span.end <= end]
    return within[-1].category if within else "facility"
