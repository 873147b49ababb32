"""Train the sequence models: the reader that knows a plan teaches the one that does not.

For each plan the dictionary that describes its text lacks what only that plan attests, as if the plan were new,
while the labels come from the reader with every record. The model ``without-X`` has neither seen the text of X nor what
only X attests.

A model has two parts. A linear-chain CRF labels characters; a logistic regression then judges the stretches that may be
names. So that the second meets chances as they are on a new text, those of plan Y come from a CRF trained without Y;
for the model without X, from one without X and Y. Training needs python-crfsuite (extra ``data``); reading does not.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations, product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gazetteer.reading import features, sequence, weights
from gazetteer.reading.features import TEMPLATES
from gazetteer.reading.lessons import Lesson, names_of, prepare, right
from gazetteer.reading.questions import CROSSES, WIDTHS, columns_of
from gazetteer.register import open_register

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from gazetteer.reading.candidates import Candidates

    Stored = dict[str, NDArray[Any]]

CHAIN: Final[Mapping[str, float | bool]] = {
    "c1": 0.05, "c2": 0.1, "max_iterations": 60, "feature.minfreq": 2, "feature.possible_transitions": False,
}  # fmt: skip
JUDGE: Final[Mapping[str, float | bool]] = {"c1": 1.0, "c2": 10.0, "max_iterations": 80, "feature.minfreq": 3}
"""Settings of CRFsuite: weights of the L1 and L2 norms, iterations, how often a feature must occur."""
_SHARE: Final = 0.5
"""Of the records that other plans attest as well, left out of a second pass, so that there is more to judge."""
_LOWER: Final = (0.05, 0.1, 0.15)
_HIGHER: Final = (0.2, 0.25, 0.3, 0.35, 0.4)
_PRUNED: Final = 0.02
"""Weights smaller than this are left out."""
_STEPS: Final = 127
_FINE: Final = 2047
"""Weights are kept as whole numbers of so many steps: of the chain, of the judge."""
_WORKERS: Final = 2


def teach_chain(lessons: list[Lesson]) -> Stored:
    """Train a CRF on lessons and return what a model file holds of it."""
    examples = ((items, labels) for lesson in lessons for items, labels in _examples(lesson))
    states, moves = _train(examples, CHAIN)
    return _store_chain(states, moves)


def _train(
    examples: Iterator[tuple[list[list[str]], list[str]]], options: Mapping[str, float | bool]
) -> tuple[Mapping[tuple[str, str], float], Mapping[tuple[str, str], float]]:
    """Return weights by feature and label, and by label and next label."""
    import pycrfsuite  # noqa: PLC0415

    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(dict(options))
    for items, labels in examples:
        trainer.append(items, labels)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "weights")
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        info = tagger.info()
        tagger.close()
    return info.state_features, info.transitions


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


def _store_chain(states: Mapping[tuple[str, str], float], moves: Mapping[tuple[str, str], float]) -> Stored:
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
    for number, held in rows:
        for (name, _), value in zip(TEMPLATES[number], held, strict=True):
            if name == "char" and value:
                characters.add(value)
            elif name in weights.PAIRS and value:
                pairs.add(value)
                characters |= {value >> 16, value & 0xFFFF}
    characters.discard(0)
    char_ids = {value: i for i, value in enumerate(sorted(characters), 1)} | {0: 0}
    pair_ids = {value: i for i, value in enumerate(sorted(pairs), 1)} | {0: 0}
    ordered = sorted(rows.items())
    keys = [
        [
            char_ids[value] if name == "char" else pair_ids[value] if name in weights.PAIRS else value
            for (name, _), value in zip(TEMPLATES[number], values, strict=True)
        ]
        for (number, values), _ in ordered
    ]
    stored: Stored = {
        "characters": np.array(sorted(characters), np.uint16),
        "pairs": np.array(sorted(pairs), np.uint32),
        "scale": np.array(scale, np.float32),
        "sizes": np.bincount([number for (number, _), _ in ordered], minlength=len(TEMPLATES)).astype(np.uint16),
        "keys": np.array([(*key, 0)[:2] for key in keys], np.uint16).reshape(-1, 2),
        "weights": np.array([[round(value / scale) for value in row] for _, row in ordered], np.int8).reshape(-1, 4),
    }
    matrix = np.full((5, 5), -1e4, np.float32)
    for (label, following), weight in moves.items():
        if following in sequence.FOLLOWING[label]:
            matrix[sequence.LABELS.index(label), sequence.LABELS.index(following)] = weight
    stored["moves"] = matrix
    return stored


def teach_judge(rows: list[tuple[Candidates, NDArray[np.bool_]]]) -> Stored:
    """Fit a logistic regression (sequences of one) to candidates and return what a model file holds of it."""
    states, _ = _train(_cases(rows), JUDGE)
    sums: defaultdict[tuple[int, int], float] = defaultdict(float)
    for (name, label), weight in states.items():
        number, value = (int(part) for part in name.split(":"))
        sums[number, value] += weight if label == "Y" else -weight
    bias = sums.pop((0, -1), 0.0)
    for value in range(WIDTHS["chance"]):
        # Every candidate has one answer to the first question: the bias goes there.
        sums[0, value] += bias
    scale = max(map(abs, sums.values())) / _FINE
    kept = sorted((key, round(weight / scale)) for key, weight in sums.items() if abs(weight) >= _PRUNED)
    return {
        "judge_scale": np.array(scale, np.float32),
        "judge_sizes": np.bincount([n for (n, _), _ in kept], minlength=len(WIDTHS) + len(CROSSES)).astype(np.uint16),
        "judge_keys": np.array([value for (_, value), _ in kept], np.uint32),
        "judge_weights": np.array([weight for _, weight in kept], np.int16),
    }


def _cases(rows: list[tuple[Candidates, NDArray[np.bool_]]]) -> Iterator[tuple[list[list[str]], list[str]]]:
    for found, truth in rows:
        columns = [column.tolist() for column in columns_of(found.answers)]
        for answers, true in zip(zip(*columns, strict=True), truth.tolist(), strict=True):
            yield [["0:-1", *(f"{number}:{value}" for number, value in enumerate(answers))]], ["Y" if true else "N"]


@dataclass(frozen=True)
class Trial:
    """A plan's candidates with a model's chances, and its names."""

    found: Candidates
    chances: NDArray[np.float32]
    truth: NDArray[np.bool_]
    names: set[tuple[int, int]]


def score(trials: list[Trial], thresholds: tuple[float, float]) -> tuple[float, float]:
    """Return strict and lenient F1 over all trials, against the labels of the teacher."""
    strict = overlapping = found = names = reached = 0
    for trial in trials:
        chosen = np.array(sequence.decide(trial.found, trial.chances, thresholds), np.int64)
        # Short names that stay for the resolution to judge count neither way.
        judged = trial.truth[chosen] | ~np.isin(trial.found.answers["kind"][chosen], sequence.LEFT_ALONE)
        chosen = chosen[judged]
        marks = np.zeros(int(trial.found.ends.max()) + 1, np.int32)
        for start, end in trial.names:
            marks[start:end] = 1
        covered = np.zeros_like(marks)
        total = np.concatenate([[0], np.cumsum(marks)])
        starts, ends = trial.found.starts[chosen], trial.found.ends[chosen]
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            covered[start:end] = 1
        strict += int(trial.truth[chosen].sum())
        overlapping += int((total[ends] > total[starts]).sum())
        reached += sum(bool(covered[start:end].any()) for start, end in trial.names)
        found, names = found + len(chosen), names + len(trial.names)
    precision, recall = overlapping / max(1, found), reached / max(1, names)
    return 2 * strict / max(1, found + names), 2 * precision * recall / max(1e-9, precision + recall)


def _chain_job(texts: Mapping[str, str], without: tuple[str, ...]) -> Stored:
    return teach_chain([prepare(text, plan, without) for plan, text in texts.items() if plan not in without])


def _judge_job(
    texts: Mapping[str, str], chains: Mapping[frozenset[str], Stored], without: str | None
) -> tuple[Stored, tuple[float, float] | None]:
    """Return the finished model without a plan, or of all (chain, judge and thresholds), and what it does there."""
    left_out = () if without is None else (without,)
    rows, tests = [], []
    for plan, text in texts.items():
        if plan in left_out:
            continue
        chain = weights.build_chain(chains[frozenset({plan, *left_out})])
        for share in (0.0, _SHARE):
            lesson = prepare(text, plan, left_out, share=share)
            found = sequence.collect(lesson.text, lesson.hits, lesson.spans, chain)
            if found is None:
                continue
            rows.append((found, right(lesson, found)))
            if not share:
                tests.append((found, rows[-1][1], names_of(lesson.labels)))
    stored = chains[frozenset(left_out)] | teach_judge(rows)
    tables = weights.build_judges(stored)
    trials = [Trial(found, sequence.judge(found, tables), truth, names) for found, truth, names in tests]
    best = max(product(_LOWER, _HIGHER), key=lambda pair: (sum(score(trials, pair)), pair))
    stored |= {"thresholds": np.array(best, np.float32), "form": np.array(weights.form())}
    return stored, None if without is None else _test(texts[without], without, stored)


def train(texts: Mapping[str, str], folder: Path, *, command: str) -> dict[str, Any]:
    """Train the model of all plans and the one without each, and write them with their provenance.

    Parameters
    ----------
    texts
        Texts of the plans, by id.
    folder
        Where the models go.
    command
        What was called, for the provenance.
    """
    plans = tuple(sorted(texts))
    sets = [(), *((plan,) for plan in plans), *combinations(plans, 2)]
    folder.mkdir(parents=True, exist_ok=True)
    record: dict[str, Any] = {
        "command": command,
        "date": datetime.now(UTC).date().isoformat(),
        "method": "linear-chain CRF over characters, then logistic regression over stretches (CRFsuite, L-BFGS)",
        "teacher": "the reader with every record, on the plans named; no label was given by hand",
        "features": ["+".join(f"{name}[{offset}]" for name, offset in template) for template in TEMPLATES],
        "questions": [*WIDTHS, *("+".join(pair) for pair in CROSSES)],
        "settings": {"chain": dict(CHAIN), "judge": dict(JUDGE)},
        "plans": {plan: hashlib.sha256(texts[plan].encode()).hexdigest() for plan in plans},
        "models": {},
    }
    with ProcessPoolExecutor(_WORKERS) as pool:
        done = pool.map(_chain_job, [texts] * len(sets), sets)
        chains = {frozenset(without): chain for without, chain in zip(sets, done, strict=True)}
        left_out = [None, *plans]
        finished = pool.map(_judge_job, [texts] * len(left_out), [chains] * len(left_out), left_out)
        for plan, (stored, agreement) in zip(left_out, finished, strict=True):
            name = weights.file_name(plan)
            _write(folder / name, stored)
            record["models"][name] = {
                "sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest(),
                "trained_on": [each for each in plans if each != plan],
                "thresholds": [round(float(each), 2) for each in stored["thresholds"]],
                "agreement_with_teacher_on_left_out_plan": agreement,
            }
    (folder / "provenance.json").write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return record


def _write(path: Path, stored: Stored) -> None:
    """Write a model beside its place, then put it there."""
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
        np.savez_compressed(file, allow_pickle=False, **stored)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)


def _test(text: str, plan: str, stored: Stored) -> tuple[float, float]:
    lesson = prepare(text, plan, ())
    model = weights.build_model(stored)
    found = sequence.collect(lesson.text, lesson.hits, lesson.spans, model.chain)
    if found is None:
        return 0.0, 0.0
    trial = Trial(found, sequence.judge(found, model.judges), right(lesson, found), names_of(lesson.labels))
    strict, lenient = score([trial], model.thresholds)
    return round(strict, 3), round(lenient, 3)


def main() -> int:
    """Train on the plans of a folder."""
    default = Path(__file__).resolve().parents[3] / "shared" / "plans"
    parser = argparse.ArgumentParser(description="Train the models of names that no record knows.")
    parser.add_argument("plans", nargs="?", type=Path, default=default, help="folder with <plan id>.txt")
    folder = parser.parse_args().plans
    missing = [plan for plan in open_register().contexts if not (folder / f"{plan}.txt").is_file()]
    if missing:
        sys.stderr.write(f"expected the plans' texts in {folder}, missing: {', '.join(missing)}\n")
        return 1
    texts = {plan: (folder / f"{plan}.txt").read_text(encoding="utf-8") for plan in open_register().contexts}
    record = train(texts, weights.TRAINED, command="make train")
    for name, entry in record["models"].items():
        sys.stdout.write(f"{name}: {entry['agreement_with_teacher_on_left_out_plan']} {entry['thresholds']}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
