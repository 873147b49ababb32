"""Names that neither register nor grammar holds, found by a sequence model (a linear-chain CRF over characters).

The model is trained beforehand (`gazetteer.reading.learning`); here its weights are looked up by columns and its paths
summed for all sentences at once, so that a plan takes tenths of a second without any compiled part of our own.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gazetteer.reading.candidates import Candidates, Chain, propose
from gazetteer.reading.features import TEMPLATES, Page, among, class_nouns, code_points, describe
from gazetteer.reading.questions import columns_of, compare, question
from gazetteer.reading.spans import Span
from gazetteer.reading.tables import read_toml
from gazetteer.reading.weights import PAIRS, Links, Model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from gazetteer.place import Category
    from gazetteer.reading.grammar import Hit
    from gazetteer.reading.vocabulary import Vocabulary

    Column = NDArray[Any]
    Table = NDArray[Any]

LABELS: Final = "OBIES"
"""Outside; first, inner and last character of a name; a name of one character."""
_OUT, _FIRST, _INNER, _LAST, _ONLY = range(5)
FOLLOWING: Final = {"O": "OBS", "B": "IE", "I": "IE", "E": "OBS", "S": "OBS"}
_LONGEST: Final = 240
"""Characters that are read together at most."""
_STRETCH: Final = 60_000
"""Characters that are looked up at once, so that memory does not grow with the text."""
LEFT_ALONE: Final = (7, 8)
"""Answers to the question after the kind: short names that are class nouns, names that are general words."""
_SENTENCE_ENDS: Final = "。；\n！？"


def compact(page: Page, model: Links) -> dict[str, Column]:
    """Return the columns of a page with characters and pairs as numbers of the model."""
    columns = dict(page.columns)
    chars = model.characters[columns["char"]]
    width = int(model.characters.max()) + 1
    columns["char"] = chars
    for name in PAIRS:
        raw = columns[name]
        columns[name] = model.pairs[model.characters[raw >> 16] * width + model.characters[raw & 0xFFFF]]
    return columns


def weigh(columns: dict[str, Column], model: Links) -> Table:
    """Return what speaks for each label but O at each character."""
    size = len(columns["char"])
    scores = np.zeros((size, 4), np.float32)
    found = np.empty_like(scores)
    for template, row, shape, weights in zip(TEMPLATES, model.rows, model.shapes, model.weights, strict=True):
        if len(weights) == 1:
            continue
        values = [np.minimum(shift(columns[name], offset), shape[i] - 1) for i, (name, offset) in enumerate(template)]
        index = values[0] * shape[1] if len(values) == 1 else values[0] * shape[1] + values[1]
        np.take(weights, np.take(row, index, mode="clip"), axis=0, out=found, mode="clip")
        scores += found
    return scores


def shift(column: Column, offset: int) -> Column:
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


def cut(text: str) -> tuple[Column, Column]:
    """Return where the sentences of a text begin, and how long they are; overlong ones are cut."""
    ends = np.flatnonzero(among(code_points(text), _SENTENCE_ENDS)) + 1
    edges = np.unique(np.concatenate([[0], ends, [len(text)]])).astype(np.int32)
    starts, lengths = edges[:-1], np.diff(edges)
    if len(lengths) and lengths.max() > _LONGEST:
        pieces = [np.arange(start, start + length, _LONGEST) for start, length in zip(starts, lengths, strict=True)]
        edges = np.append(np.concatenate(pieces), len(text)).astype(np.int32)
        starts, lengths = edges[:-1], np.diff(edges)
    return starts, lengths.astype(np.int32)


def run(scores: Table, starts: Column, lengths: Column, moves: Table) -> Chain:
    """Sum over all paths, for all sentences at once."""
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
    opening = np.array([1, 1, 0, 0, 1], np.float32)
    closing = np.array([1, 0, 0, 1, 1], np.float32)
    for step, count in enumerate(alive):
        now = starts[:count] + step
        come = forward[now - 1] @ gates if step else opening
        values = come * likely[now]
        total = values.sum(axis=1)
        sums[now] = total
        forward[now] = values / total[:, None]
    final = starts + lengths - 1
    backward[final] = closing
    # The closing condition changes the sum of the last character.
    rest = (forward[final] * closing).sum(axis=1)
    backward[final] /= np.maximum(rest, np.float32(1e-30))[:, None]
    for step in range(len(alive) - 1, 0, -1):
        now = starts[: alive[step]] + step
        backward[now - 1] = ((likely[now] * backward[now]) @ gates.T) / sums[now][:, None]
    return Chain(likely, forward, backward, sums, gates)


@dataclass(frozen=True, slots=True)
class Extract:
    """The sentences of an even text that may hold names, one after the other."""

    text: str
    hits: list[Hit]
    spans: list[Span]
    starts: Column
    """Where each sentence begins here."""
    origins: Column
    """Where each begins in the text."""

    def origin(self, positions: Column) -> Column:
        """Return where characters stand in the text."""
        number = np.searchsorted(self.starts, positions, side="right") - 1
        return np.asarray(positions - self.starts[number] + self.origins[number], np.int32)


def extract(text: str, hits: Sequence[Hit], spans: Sequence[Span]) -> Extract:
    """Return the sentences in which dictionary, grammar or a class noun give reason to look."""
    starts, lengths = cut(text)
    busy = np.zeros(len(starts) + 1, bool)
    signs = np.array([*(hit.start for hit in hits), *(span.start for span in spans), *class_nouns(text)], np.int32)
    busy[np.searchsorted(starts, signs, side="right") - 1] = True
    busy = busy[:-1]
    origins, lengths = starts[busy], lengths[busy]
    here = (np.cumsum(lengths) - lengths).astype(np.int32)
    joined = "".join(
        [text[start : start + length] for start, length in zip(origins.tolist(), lengths.tolist(), strict=True)]
    )
    return Extract(joined, _moved(hits, origins, here), _moved(spans, origins, here), here, origins)


def _moved(found: Sequence[Any], origins: Column, here: Column) -> list[Any]:
    starts = np.array([each.start for each in found], np.int32)
    number = np.searchsorted(origins, starts, side="right") - 1
    steps = (here[number] - origins[number]).tolist() if len(found) else []
    return [
        replace(each, start=each.start + step, end=each.end + step) for each, step in zip(found, steps, strict=True)
    ]


def collect(text: str, hits: Sequence[Hit], spans: Sequence[Span], model: Links) -> Candidates | None:
    """Return all stretches of a text that may be names, with what speaks for each; None where nothing speaks."""
    parts = []
    brief = extract(text, hits, spans)
    edge = 0
    while edge < len(brief.starts):
        # So many sentences at a time that memory does not grow with the text.
        following = max(edge + 1, int(np.searchsorted(brief.starts, brief.starts[edge] + _STRETCH)))
        start = int(brief.starts[edge])
        end = int(brief.starts[following]) if following < len(brief.starts) else len(brief.text)
        piece = brief.text[start:end]
        page = describe(piece, inside(brief.hits, start, end), inside(brief.spans, start, end), origin=start)
        cuts = brief.starts[edge:following] - start
        chain = run(weigh(compact(page, model), model), cuts, np.diff(np.append(cuts, len(piece))), model.moves)
        firsts, lasts, chances = propose(page, chain, cuts)
        answers = question(page, firsts, lasts, chances)
        parts.append(Candidates(brief.origin(firsts + start), brief.origin(lasts + start - 1) + 1, chances, answers))
        edge = following
    if not parts:
        return None
    found = Candidates(
        np.concatenate([part.starts for part in parts]),
        np.concatenate([part.ends for part in parts]),
        np.concatenate([part.chances for part in parts]),
        {name: np.concatenate([part.answers[name] for part in parts]) for name in parts[0].answers},
    )
    compare(text, found)
    return found


def inside(found: Sequence[Any], start: int, end: int) -> list[Any]:
    """Return what lies wholly in a stretch, of hits or spans in order."""
    first = bisect_left(found, start, key=lambda each: each.start)
    last = bisect_left(found, end, key=lambda each: each.start)
    return [each for each in found[first:last] if each.end <= end]


def judge(found: Candidates, tables: tuple[Table, ...]) -> Table:
    """Return how probable it is that each candidate is a name."""
    sums = np.zeros(len(found.starts), np.float32)
    for table, column in zip(tables, columns_of(found.answers), strict=True):
        sums += np.take(table, column, mode="clip")
    return np.asarray(1 / (1 + np.exp(-sums)), np.float32)


def revise(text: str, hits: Sequence[Hit], spans: list[Span], model: Model, vocabulary: Vocabulary) -> list[Span]:
    """Return spans as the model would have them: new ones, other edges, and without those that it denies.

    See `decide` for which candidates are taken.
    """
    found = collect(text, hits, spans, model.chain)
    if found is None:
        return spans
    chances = judge(found, model.judges)
    known = {(span.start, span.end): span for span in spans}
    revised = []
    for number in decide(found, chances, model.thresholds):
        start, end = int(found.starts[number]), int(found.ends[number])
        span = known.get((start, end))
        revised.append(span or _new_span(text, start, end, float(chances[number]), vocabulary, known))
    return revised


def decide(found: Candidates, chances: Table, thresholds: tuple[float, float]) -> list[int]:
    """Return the numbers of those candidates that are names, in order.

    Those are taken whose probabilities above the higher threshold sum to most. Where they leave a stretch free that
    dictionary or grammar proposed, it stays if its probability is above the lower one.
    """
    kind = found.answers["kind"]
    # Short names and general words (高新区) are for the resolution to judge, which knows whose plan it is.
    least = np.where(np.isin(kind, LEFT_ALONE), np.float32(-1), np.float32(thresholds[0]))
    first = choose(found.starts, found.ends, chances - np.float32(thresholds[1]))
    starts, ends = found.starts[first], found.ends[first]
    free = np.searchsorted(ends, found.starts, side="right") == np.searchsorted(starts, found.ends, side="left")
    rest = np.flatnonzero(free & (kind > 0) & (chances > least))
    more = rest[choose(found.starts[rest], found.ends[rest], chances[rest] + 1)]
    return sorted([*first, *more.tolist()], key=lambda number: int(found.starts[number]))


def choose(starts: Column, ends: Column, gains: Table) -> list[int]:
    """Return the numbers of those intervals without overlaps that gain most together, in order."""
    good = np.flatnonzero(gains > 0)
    order = good[np.argsort(ends[good], kind="stable")]
    before = np.searchsorted(ends[order], starts[order], side="right").tolist()
    totals, taken = [0.0], []
    for number, gain in enumerate(gains[order].tolist()):
        total = totals[before[number]] + gain
        taken.append(total > totals[-1])
        totals.append(max(total, totals[-1]))
    chosen, number = [], len(order)
    while number:
        if taken[number - 1]:
            chosen.append(int(order[number - 1]))
            number = before[number - 1]
        else:
            number -= 1
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
