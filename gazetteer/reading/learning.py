"""Train the sequence model (``make train``): the reader that knows a plan teaches one that has never met it.

The reader with every record reads each plan; what it finds are the labels. The pupil sees the same text as a reader
without that plan's records and names does, once with grammar's proposals and once without them, so that it learns the
shape of names besides whom to trust. There is one model of all plans, and one for each plan left out, which has seen
neither its text nor the records and names that only it attests. No label is given by hand; no random number is drawn.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gazetteer.reading import sequence
from gazetteer.reading.features import BUCKETS, TEMPLATES, describe, proposed
from gazetteer.reading.folding import fold
from gazetteer.reading.lattice import build_lattice, open_page
from gazetteer.reading.paths import pair_ends, weigh_paths
from gazetteer.reading.reader import read_even
from gazetteer.reading.sight import look
from gazetteer.reading.tables import HERE
from gazetteer.reading.vocabulary import build_vocabulary
from gazetteer.register import open_register

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from gazetteer.reading.reader import Even
    from gazetteer.reading.sequence import Chain, Table

    Stored = dict[str, NDArray[Any]]

PENALTY: Final = 20.0
"""Of the squares of the weights."""
ROUNDS: Final = 30
PRIOR: Final = 3.0
"""What speaks for grammar's proposals, and against others, before a weight is learned."""
_MODULES: Final = (
    "company", "compound", "features", "focus", "folding", "grammar", "lattice", "lists", "nouns", "openings",
    "parents", "plain", "reader", "resolution", "sequence", "sight", "spans", "tokens", "vocabulary",
)  # fmt: skip
"""What a model depends on."""
_STEP: Final = 0.02
"""Weights are kept as whole numbers of this step."""
_MEMORY: Final = 8
_HALVINGS: Final = 20
_ENOUGH: Final = 1e-4


@dataclass(frozen=True)
class Lesson:
    """A plan as the pupil sees it, and which stretches are names."""

    buckets: NDArray[np.uint32]
    chain: Chain
    base: Table
    record: NDArray[np.bool_]
    right: NDArray[np.bool_]
    together: NDArray[np.bool_]
    """Which pairs have both names right."""


def prepare(text: str, plan: str, without: frozenset[str]) -> list[Lesson]:
    """Return a plan as a reader sees it that knows neither it nor the plans ``without``, with the teacher's names."""
    folded = fold(text).text
    teacher = read_even(folded, build_vocabulary(without - {plan}, plan), plan=plan)
    names = {(answer.span.start, answer.span.end) for answer in teacher.answers}
    pupil = read_even(folded, build_vocabulary(without | {plan}), plan=None)
    silent = replace(
        pupil,
        answers=[answer for answer in pupil.answers if answer.resolution != "unresolved"],
        found=replace(pupil.found, built=[]),
    )
    return [*_lessons(folded, pupil, names, PRIOR), *_lessons(folded, silent, names, 0.0)]


def _lessons(text: str, even: Even, names: set[tuple[int, int]], prior: float) -> Iterable[Lesson]:
    found = replace(even.found, built=sorted(even.found.built, key=lambda b: b.start), closed=sorted(even.found.closed))
    for begin, end in sequence.stretches(text):
        sight = look(text, even.answers, found, begin, end)
        page = open_page(sight)
        lattice = build_lattice(sight, page)
        chain = sequence.link(lattice, page)
        spans = zip(sight.outward(lattice.start).tolist(), (sight.outward(lattice.end - 1) + 1).tolist(), strict=True)
        right = np.array([span in names for span in spans], bool)
        # A record stands where the teacher has no longer name.
        covered = np.zeros(len(sight.text) + 1, np.int64)
        np.add.at(covered, lattice.start[right], 1)
        np.add.at(covered, lattice.end[right], -1)
        right |= lattice.record & (np.cumsum(covered)[lattice.start] == 0)
        before, after = pair_ends(chain)
        base = np.where(proposed(sight, lattice), prior, -prior) * ~lattice.record + sequence.KNOWN * lattice.holds
        yield Lesson(describe(sight, page, lattice), chain, base, lattice.record, right, right[before] & right[after])


def teach(lessons: Sequence[Lesson]) -> sequence.Model:
    """Return the model under which the teacher's paths are likeliest, for the penalty."""
    moves = sequence.RELATIONS * sequence.KINDS**2
    seen = np.zeros(BUCKETS + moves)
    for each in lessons:
        seen[:BUCKETS] += np.bincount(each.buckets[:, each.right & ~each.record].ravel(), minlength=BUCKETS)
        seen[BUCKETS:] += np.bincount(each.chain.pairs[each.together], minlength=moves)

    def loss(point: Table) -> tuple[float, Table]:
        value = PENALTY / 2 * float(point @ point)
        slope = PENALTY * point - seen
        model = sequence.Model(point[:BUCKETS], point[BUCKETS:])
        for each in lessons:
            scores = sequence.weigh(each.buckets, model) * ~each.record + each.base
            chances, pairs, total = weigh_paths(each.chain, scores, model.moves)
            value += total - float(scores[each.right].sum() + model.moves[each.chain.pairs[each.together]].sum())
            likely = np.flatnonzero((chances > _UNLIKELY) & ~each.record)
            for row in each.buckets:
                slope[:BUCKETS] += np.bincount(row[likely], weights=chances[likely], minlength=BUCKETS)
            slope[BUCKETS:] += np.bincount(each.chain.pairs, weights=pairs, minlength=moves)
        return value, slope

    point = descend(loss, np.zeros(BUCKETS + moves), rounds=ROUNDS)
    return sequence.Model(point[:BUCKETS], point[BUCKETS:])


_UNLIKELY: Final = 1e-6


def descend(loss: Callable[[Table], tuple[float, Table]], point: Table, *, rounds: int) -> Table:
    """Return where a convex function is least (L-BFGS with halved steps)."""
    value, slope = loss(point)
    steps: list[tuple[Table, Table, float]] = []
    for _ in range(rounds):
        way = slope.copy()
        shares = []
        for step, change, scale in reversed(steps):
            share = float(step @ way) / scale
            way -= share * change
            shares.append(share)
        if steps:
            step, change, scale = steps[-1]
            way *= scale / float(change @ change)
        else:
            way /= max(1.0, float(np.linalg.norm(way)))
        for (step, change, scale), share in zip(steps, reversed(shares), strict=True):
            way += (share - float(change @ way) / scale) * step
        length, fall = 1.0, float(slope @ way)
        for _ in range(_HALVINGS):
            new_value, new_slope = loss(point - length * way)
            if new_value <= value - _ENOUGH * length * fall:
                break
            length /= 2
        step, change = -length * way, new_slope - slope
        scale = float(step @ change)
        if scale > 0:
            steps = [*steps, (step, change, scale)][-_MEMORY:]
        gained = value - new_value
        point, value, slope = point + step, new_value, new_slope
        if gained < _ENOUGH * abs(value) / 10:
            break
    return point


def store(model: sequence.Model) -> Stored:
    """Return what a file holds of a model: numbers only."""
    weights = np.rint(model.weights / _STEP).clip(-127, 127).astype(np.int8)
    buckets = np.flatnonzero(weights).astype(np.uint32)
    moves = np.rint(model.moves / _STEP).clip(-32767, 32767).astype(np.int16)
    return {"buckets": buckets, "weights": weights[buckets], "moves": moves, "step": np.array(_STEP)}


def judge(text: str, plan: str, model: sequence.Model) -> dict[str, int]:
    """Count what a model that has not seen a plan corrects in it, by the names that the teacher finds."""
    folded = fold(text).text
    teacher = read_even(folded, build_vocabulary(frozenset(), plan), plan=plan)
    vocabulary = build_vocabulary(frozenset({plan}))
    pupil = read_even(folded, vocabulary, plan=None)
    corrected = sequence.correct(folded, pupil.answers, pupil.found, vocabulary, model)
    names, before, after = (
        {(answer.span.start, answer.span.end) for answer in answers}
        for answers in (teacher.answers, pupil.answers, corrected)
    )
    return {
        "names": len(names),
        "found_without": len(before),
        "right_without": len(before & names),
        "found_with": len(after),
        "right_with": len(after & names),
    }


def train(texts: Mapping[str, str], folder: Path) -> dict[str, Any]:
    """Train and write one model of all plans and one for each plan left out, and return their provenance."""
    plans = sorted(texts)
    record: dict[str, Any] = {
        "what": "semi-Markov chain over stretches that may be names; weights by bucket of hashed features, no strings",
        "date": datetime.now(UTC).date().isoformat(),
        "made_by": "make train (gazetteer/reading/learning.py)",
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "parameters": {
            "templates": len(TEMPLATES),
            "buckets": BUCKETS,
            "penalty": PENALTY,
            "rounds": ROUNDS,
            "prior": PRIOR,
            "proposed": sequence.PROPOSED,
            "new": sequence.NEW,
        },
        "tables": digest_tables(),
        "texts": {plan: hashlib.sha256(texts[plan].encode()).hexdigest() for plan in plans},
        "models": {},
    }
    folder.mkdir(parents=True, exist_ok=True)
    for left_out in (None, *plans):
        without = frozenset() if left_out is None else frozenset({left_out})
        taught = [plan for plan in plans if plan != left_out]
        lessons = [lesson for plan in taught for lesson in prepare(texts[plan], plan, without)]
        stored = store(teach(lessons))
        path = folder / ("all.npz" if left_out is None else f"without-{left_out}.npz")
        _write(path, stored)
        counts: Counter[str] = Counter()
        for lesson in lessons:
            counts["stretches"] += len(lesson.right)
            counts["names"] += int((lesson.right & ~lesson.record).sum())
        entry: dict[str, Any] = {
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "trained_on": taught,
            "weights": len(stored["buckets"]),
            **counts,
        }
        if left_out is not None:
            entry["judged_on_the_plan_left_out"] = judge(texts[left_out], left_out, sequence.build_model(stored))
        record["models"][path.name] = entry
        sys.stdout.write(f"{path.name}: {json.dumps(entry, ensure_ascii=False)}\n")
    text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    (folder / "provenance.json").write_text(text, encoding="utf-8")
    return record


def digest_tables() -> dict[str, str]:
    """Return the digest of each table, and of the reader's own modules together, that the models depend on."""
    folder = HERE.parent
    tables = [folder / "register.json", folder / "attestations.csv", folder / "contexts.toml"]
    tables += [*sorted(HERE.glob("*.toml")), HERE / "words.csv"]
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in tables}
    code = b"".join((HERE / f"{name}.py").read_bytes() for name in _MODULES)
    return digests | {"modules": hashlib.sha256(code).hexdigest()}


def find_stale(folder: Path) -> list[str]:
    """Return the names of the tables that have changed since the models in a folder were trained."""
    trained = json.loads((folder / "provenance.json").read_text(encoding="utf-8")).get("tables", {})
    return [name for name, digest in digest_tables().items() if trained.get(name) != digest]


def _write(path: Path, stored: Stored) -> None:
    """Write a model beside its place, then put it there."""
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
        np.savez_compressed(file, allow_pickle=False, **stored)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)


def main() -> int:
    """Train on the plans of a folder."""
    default = Path(__file__).resolve().parents[3] / "shared" / "plans"
    parser = argparse.ArgumentParser(description="Train the reader's sequence model on the texts of the plans.")
    parser.add_argument("plans", nargs="?", type=Path, default=default, help="folder with <plan id>.txt, UTF-8")
    parser.add_argument("-o", "--output", type=Path, default=sequence.TRAINED, help="folder for the models")
    parser.add_argument("--check", action="store_true", help="only say whether the models are stale")
    options = parser.parse_args()
    if options.check:
        stale = find_stale(options.output)
        sys.stdout.write(f"changed since the models were trained: {', '.join(stale) or 'nothing'}\n")
        return 0
    plans = list(open_register().contexts)
    missing = [plan for plan in plans if not (options.plans / f"{plan}.txt").is_file()]
    if missing:
        sys.stderr.write(
            f"expected the plans' texts, one <plan id>.txt each, in {options.plans}, missing: {', '.join(missing)}; "
            "name their folder: make train PLANS=folder\n"
        )
        return 1
    train({plan: (options.plans / f"{plan}.txt").read_text(encoding="utf-8") for plan in plans}, options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
