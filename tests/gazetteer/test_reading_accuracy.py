"""Accuracy on all gold sets must not fall; runs where the plans and the scorer are at hand (``../shared``)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gazetteer import open_register, read
from gazetteer.building import PLACES
from gazetteer.reading.writing import to_jsonl

SHARED = Path(__file__).resolve().parents[3] / "shared"
OWN = Path(__file__).parents[1] / "gold"
GOLD = {
    "development": SHARED / "eval" / "mentions_dev.jsonl",
    "own": OWN / "mentions.jsonl",
    "blind": OWN / "blind.jsonl",
    "fresh": OWN / "fresh.jsonl",
    "fresh2": OWN / "fresh2.jsonl",
}

pytestmark = pytest.mark.skipif(not GOLD["development"].exists(), reason="the plans and the gold are not at hand")

# Each a little below what was measured (docs/accuracy.md).
FLOORS = {
    ("seen", "development"): {"strict": 0.99, "lenient": 0.99, "canonical": 0.985, "category": 0.90},
    ("seen", "own"): {"strict": 0.985, "lenient": 0.985, "canonical": 0.985, "category": 0.90},
    ("seen", "blind"): {"strict": 0.98, "lenient": 0.985, "canonical": 0.97, "category": 0.90},
    ("seen", "fresh"): {"strict": 0.98, "lenient": 0.985, "canonical": 0.97, "category": 0.90},
    ("seen", "fresh2"): {"strict": 0.985, "lenient": 0.985, "canonical": 0.97, "category": 0.90},
    ("left-out", "development"): {"strict": 0.935, "lenient": 0.96, "canonical": 0.85, "category": 0.0},
    ("left-out", "own"): {"strict": 0.895, "lenient": 0.95, "canonical": 0.805, "category": 0.0},
    ("left-out", "blind"): {"strict": 0.93, "lenient": 0.97, "canonical": 0.885, "category": 0.0},
    ("left-out", "fresh"): {"strict": 0.935, "lenient": 0.96, "canonical": 0.86, "category": 0.0},
    ("left-out", "fresh2"): {"strict": 0.94, "lenient": 0.95, "canonical": 0.80, "category": 0.0},
}
"""canonical: of all mentions, found to the character and given the right record or name."""
OTHER = {
    "other": {"strict": 0.915, "lenient": 0.955, "canonical": 0.835},
    "other2": {"strict": 0.925, "lenient": 0.965, "canonical": 0.87},
    "other3": {"strict": 0.88, "lenient": 0.92, "canonical": 0.79},
}
FREQUENT = 10
"""Mentions from which on the recall of a category says something."""


@pytest.fixture(scope="module", params=["seen", "left-out"])
def parsed(request, tmp_path_factory):
    known = open_register().places
    tabled = {line.split(",")[0] for path in PLACES.glob("*.csv") for line in path.read_text("utf-8").splitlines()[1:]}
    if missing := {identifier for identifier in tabled if "/" in identifier} - known.keys():
        pytest.skip(f"the register lacks {len(missing)} records of the tables: run `make data`")
    path = tmp_path_factory.mktemp("parsed") / "parsed.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        for plan in open_register().contexts:
            text = (SHARED / "plans" / f"{plan}.txt").read_text(encoding="utf-8")
            reading = read(text, plan=plan, without_plan=plan if request.param == "left-out" else None)
            stream.write(to_jsonl(reading, plan=plan))
    return request.param, path


def score(gold, path):
    command = [sys.executable, str(SHARED / "eval" / "score.py"), str(gold), str(path), "--json"]
    return json.loads(subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout)


def right(report):
    """Return the share of all mentions that are found to the character and have the right name."""
    return report["canonical"] * report["strict"][1]


@pytest.mark.parametrize("gold", OTHER)
def test_texts_of_other_plans(tmp_path, gold):
    path = tmp_path / "parsed.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        for text in sorted((OWN / gold).glob("*.txt")):
            stream.write(to_jsonl(read(text.read_text(encoding="utf-8")), plan=text.stem))
    report = score(OWN / f"{gold}.jsonl", path)
    floors = OTHER[gold]
    assert report["strict"][2] >= floors["strict"], report
    assert report["lenient"][2] >= floors["lenient"], report
    assert right(report) >= floors["canonical"], report


@pytest.mark.parametrize("gold", GOLD)
def test_accuracy(parsed, gold):
    mode, path = parsed
    report = score(GOLD[gold], path)
    floors = FLOORS[mode, gold]
    assert report["strict"][2] >= floors["strict"], report
    assert report["lenient"][2] >= floors["lenient"], report
    assert right(report) >= floors["canonical"], report
    for category, text in report["recall_by_category"].items():
        found, there = map(int, text.split("/"))
        assert there < FREQUENT or found / there >= floors["category"], category
    false, _, paragraphs = report["false_in_paragraphs_without_places"].split()
    assert int(false) <= max(1, int(paragraphs) // 10)
