"""The trained models, ready for looking up."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gazetteer.reading.features import CATEGORIES, LARGEST, TEMPLATES
from gazetteer.reading.questions import CROSSES, WIDTHS
from gazetteer.reading.tables import HERE

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Column = NDArray[Any]
    Table = NDArray[Any]

TRAINED: Final = HERE / "trained"
PAIRS: Final = frozenset({"pair", "head", "others"})
"""Columns that hold two characters."""


@dataclass(frozen=True, slots=True)
class Links:
    """Weights of the chain, ready for looking up."""

    characters: Column
    """By code point: the character's number in this model, 0 where it holds none."""
    pairs: Column
    """By two numbers of characters: the pair's number."""
    rows: tuple[NDArray[np.int16], ...]
    """By template and value: the row of its weights, 0 where it has none."""
    shapes: tuple[tuple[int, int], ...]
    """By template: how many values each of its columns has."""
    weights: tuple[Table, ...]
    """By template and row: what speaks for B, I, E and S against O."""
    moves: Table
    """From label, to label."""


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model."""

    chain: Links
    judges: tuple[Table, ...]
    """By question and answer: what speaks for a candidate."""
    thresholds: tuple[float, float]
    """The least probability of what dictionary or grammar found, where nothing better is there, and of any name."""


def form() -> str:
    """Return a mark of what the model is asked, so that a file of another form is not taken for one."""
    return hashlib.sha256(repr((TEMPLATES, WIDTHS, CROSSES, CATEGORIES)).encode()).hexdigest()[:16]


def file_name(without_plan: str | None) -> str:
    """Return the name of the file of the model of all plans, or of the one that has not seen a plan."""
    return "all.npz" if without_plan is None else f"without-{without_plan}.npz"


@cache
def open_model(without_plan: str | None = None) -> Model | None:
    """Return the model of all plans, or the one that has not seen a plan; None where none has been trained."""
    path = TRAINED / file_name(without_plan)
    return load(path) if path.is_file() else None


def load(path: Path) -> Model:
    """Read a model.

    Parameters
    ----------
    path
        File that `gazetteer.reading.learning` wrote.

    Raises
    ------
    ValueError
        If the file was written for other features.
    """
    with np.load(path, allow_pickle=False) as file:
        stored = {name: file[name] for name in file.files}
    if str(stored.get("form")) != form():
        raise ValueError(f"{path.name}: expected a model of form {form()}, got {stored.get('form')}; run `make train`")
    return build_model(stored)


def build_model(stored: dict[str, NDArray[Any]]) -> Model:
    """Turn what a model file holds into tables."""
    lower, higher = (float(each) for each in stored["thresholds"])
    return Model(build_chain(stored), build_judges(stored), (lower, higher))


def build_chain(stored: dict[str, NDArray[Any]]) -> Links:
    """Turn what a model file holds of the chain into tables."""
    known = stored["characters"].astype(np.int64)
    characters = np.zeros(LARGEST + 1, np.int32)
    characters[known] = np.arange(1, len(known) + 1)
    width = len(known) + 1
    pairs = np.zeros(width * width, np.int32)
    first, second = characters[stored["pairs"] >> 16], characters[stored["pairs"] & LARGEST]
    pairs[first * width + second] = np.arange(1, len(first) + 1)
    rows, shapes, weights = [], [], []
    edges = np.cumsum(stored["sizes"].astype(np.int64))[:-1]
    columns = zip(np.split(stored["keys"].astype(np.int64), edges), np.split(stored["weights"], edges), strict=True)
    for keys, values in columns:
        # One value more than the largest: what the training texts never had.
        most = keys.max(axis=0, initial=0) + 2
        row = np.zeros(int(most[0] * most[1]), np.int16)
        row[keys[:, 0] * most[1] + keys[:, 1]] = np.arange(1, len(keys) + 1)
        table = np.zeros((len(keys) + 1, 4), np.float32)
        table[1:] = values.astype(np.float32) * float(stored["scale"])
        rows.append(row)
        shapes.append((int(most[0]), int(most[1])))
        weights.append(table)
    return Links(characters, pairs, tuple(rows), tuple(shapes), tuple(weights), stored["moves"])


def build_judges(stored: dict[str, NDArray[Any]]) -> tuple[Table, ...]:
    """Turn what a model file holds of the judge into tables."""
    edges = np.cumsum(stored["judge_sizes"].astype(np.int64))[:-1]
    scale = float(stored["judge_scale"])
    tables = []
    for keys, weights in zip(
        np.split(stored["judge_keys"], edges), np.split(stored["judge_weights"], edges), strict=True
    ):
        table = np.zeros(int(keys.max(initial=0)) + 2, np.float32)
        table[keys] = weights * scale
        tables.append(table)
    return tuple(tables)
