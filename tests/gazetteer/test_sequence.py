"""The sequence models: what is shipped, that reading with them is the same every time, and what they find."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from gazetteer import open_register, read
from gazetteer.reading import sequence, weights
from gazetteer.reading.candidates import Chain, chances
from gazetteer.reading.features import TEMPLATES, describe
from gazetteer.reading.lessons import forget, names_of, prepare
from gazetteer.reading.reader import read_with
from gazetteer.reading.spans import find_spans
from gazetteer.reading.vocabulary import open_vocabulary, read_attested
from gazetteer.reading.writing import to_jsonl

PLANS = tuple(open_register().contexts)
GOLD = Path(__file__).resolve().parents[1] / "gold" / "mentions.jsonl"
SHARED = Path(__file__).resolve().parents[3] / "shared"
RECORD = json.loads((weights.TRAINED / "provenance.json").read_text(encoding="utf-8"))
FILES = sorted(RECORD["models"])
TEXT = (
    "苏州市国民经济和社会发展规划\n"
    "高标准建设吴江蓝鲸海洋装备产业园、昆山云杉生物医药产业园、常熟苍鹭新材料产业园，推动沪宜高速扩建。\n"
    "加强作风建设，提高服务水平，完善工作机制。\n"
)

needs_plans = pytest.mark.skipif(not (SHARED / "plans").is_dir(), reason="the plans are not at hand")


def surfaces(text, **options):
    return [mention.surface for mention in read(text, **options).mentions]


def test_every_file_is_the_one_that_was_trained():
    assert sorted(path.name for path in weights.TRAINED.glob("*.npz")) == FILES
    assert "all.npz" in FILES
    for name, entry in RECORD["models"].items():
        assert hashlib.sha256((weights.TRAINED / name).read_bytes()).hexdigest() == entry["sha256"], name


def test_no_model_has_seen_the_plan_that_it_leaves_out():
    assert RECORD["models"]["all.npz"]["trained_on"] == sorted(PLANS)
    for name, entry in RECORD["models"].items():
        left_out = {plan for plan in PLANS if name == weights.file_name(plan)}
        assert entry["trained_on"] == sorted(set(PLANS) - left_out)


@needs_plans
def test_plans_are_those_that_were_trained_on():
    for plan, digest in RECORD["plans"].items():
        assert hashlib.sha256((SHARED / "plans" / f"{plan}.txt").read_text("utf-8").encode()).hexdigest() == digest


def test_files_are_small():
    sizes = [(weights.TRAINED / name).stat().st_size for name in FILES]
    assert max(sizes) <= 300_000
    assert sum(sizes) <= 2_000_000


@pytest.mark.parametrize("name", FILES)
def test_files_hold_no_text(name):
    """Characters by themselves, and pairs; nothing longer can be read out of a model."""
    with np.load(weights.TRAINED / name, allow_pickle=False) as file:
        assert {key for key in file.files if file[key].dtype.kind in "US"} == {"form"}
        assert file["characters"].dtype == np.uint16
        assert file["pairs"].dtype == np.uint32
        assert file["keys"].shape[1] == 2
    held = {name for template in TEMPLATES for name, _ in template}
    assert {"char", *weights.PAIRS} <= held


def test_model_of_another_form_is_refused():
    with np.load(weights.TRAINED / "all.npz") as file:
        stored = {name: file[name] for name in file.files}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "all.npz"
        np.savez_compressed(path, **(stored | {"form": np.array("another")}))
        with pytest.raises(ValueError, match="make train"):
            weights.load(path)


def test_names_in_a_list_that_no_record_knows():
    found = surfaces(TEXT)
    assert {"吴江蓝鲸海洋装备产业园", "昆山云杉生物医药产业园", "常熟苍鹭新材料产业园"} <= set(found)
    mentions = {mention.surface: mention for mention in read(TEXT).mentions}
    one = mentions["昆山云杉生物医药产业园"]
    assert (one.place_id, one.resolution, one.category) == (None, "unresolved", "dev_zone")
    assert 0 < one.score <= 1


def test_nothing_in_a_sentence_without_places():
    assert surfaces("加强作风建设，提高服务水平，完善工作机制，推动高质量发展。\n") == []


def test_reading_is_the_same_every_time_and_whatever_was_read_before():
    first = read(TEXT)
    weights.open_model.cache_clear()
    read("太湖新城建设。" * 50)
    assert read(TEXT) == first


def test_a_sentence_reads_alike_in_a_long_text():
    """Stretches are cut where sentences end, so what stands elsewhere moves no edges by accident of position."""
    filler = "加强作风建设，提高服务水平。\n" * 9000
    assert [mention.surface for mention in read(TEXT + filler).mentions] == surfaces(TEXT)


@pytest.mark.parametrize(
    "text", ["", "\n", "。", "路", "\ud800路、\x00湖", "（" * 500 + "产业园" * 500, "产业园、" * 3000]
)
def test_strange_texts(text):
    lines = text.split("\n")
    for mention in read(text).mentions:
        assert lines[mention.line - 1][mention.start : mention.end] == mention.surface


def test_plan_known_reads_without_a_model(monkeypatch):
    def fail(_):
        raise AssertionError

    monkeypatch.setattr("gazetteer.reading.reader.open_model", fail)
    assert surfaces("建设太湖新城。", plan=PLANS[0])


def test_left_out_plan_is_read_by_its_own_model(monkeypatch):
    asked = []
    original = weights.open_model
    monkeypatch.setattr("gazetteer.reading.reader.open_model", lambda plan: asked.append(plan) or original(plan))
    for plan in PLANS:
        read(TEXT, plan=plan, without_plan=plan)
    assert asked == list(PLANS)


def test_without_a_model_dictionary_and_grammar_read_alone():
    assert weights.open_model("no-such-plan") is None
    assert "昆山云杉生物医药产业园" in [
        m.surface for m in read_with(TEXT, open_vocabulary(), plan=None, model=None).mentions
    ]


def test_sums_over_all_paths_agree_with_counting_them():
    """On a short sentence every labelling can be written out; span probabilities must match to rounding."""
    generator = np.random.default_rng(5)
    scores = generator.normal(size=(5, 4)).astype(np.float32)
    moves = np.full((5, 5), -1e4, np.float32)
    for left, following in sequence.FOLLOWING.items():
        for right in following:
            moves[sequence.LABELS.index(left), sequence.LABELS.index(right)] = generator.normal()
    chain: Chain = sequence.run(scores, np.array([0]), np.array([5]), moves)
    weight_of = {}
    full = np.hstack([np.zeros((5, 1)), scores])
    paths = [""]
    for _ in range(5):
        paths = [path + label for path in paths for label in sequence.LABELS
                 if (label in "OBS" if not path else label in sequence.FOLLOWING[path[-1]])]  # fmt: skip
    for path in paths:
        if path[-1] in "OES":
            numbers = [sequence.LABELS.index(label) for label in path]
            total = sum(full[place, number] for place, number in enumerate(numbers))
            total += sum(moves[left, right] for left, right in pairwise(numbers))
            weight_of[path] = np.exp(total)
    everything = sum(weight_of.values())
    for start in range(5):
        for last in range(start, 5):
            inside = "S" if start == last else "B" + "I" * (last - start - 1) + "E"
            expected = sum(w for path, w in weight_of.items() if path[start : last + 1] == inside) / everything
            assert chances(chain, np.array([start]), np.array([last]))[0] == pytest.approx(expected, rel=1e-3)


def test_chosen_stretches_do_not_overlap_and_gain_most():
    starts, ends = np.array([0, 0, 2, 4]), np.array([4, 2, 4, 6])
    assert sequence.choose(starts, ends, np.array([0.5, 0.3, 0.3, 0.1])) == [1, 2, 3]
    assert sequence.choose(starts, ends, np.array([0.7, 0.3, 0.3, -0.1])) == [0]


def test_columns_are_as_long_as_the_text():
    vocabulary = open_vocabulary(PLANS[0])
    spans, hits = find_spans(TEXT, vocabulary, threshold=0.5)
    page = describe(TEXT, hits, spans)
    assert {len(column) for column in page.columns.values()} == {len(TEXT)}


def test_forgotten_names_are_those_of_the_plans_only():
    plan, other = PLANS[0], PLANS[1]
    places, _ = read_attested()
    kept = forget(open_vocabulary(plan), frozenset({plan, other}))
    left = {place.id for entry in kept.entries for place, _ in entry.candidates if place.category == "dev_zone"}
    assert left
    assert not [place for place in left if places.get(place) and places[place] <= {plan, other}]


@needs_plans
def test_labels_are_the_names_that_the_teacher_reads():
    plan = min(PLANS, key=lambda each: (SHARED / "plans" / f"{each}.txt").stat().st_size)
    text = (SHARED / "plans" / f"{plan}.txt").read_text("utf-8")
    lesson = prepare(text, plan, ())
    read_by_teacher = {mention.surface.replace(" ", "") for mention in read(text, plan=plan).mentions}
    names = {lesson.text[start:end] for start, end in names_of(lesson.labels)}
    assert len(names & read_by_teacher) >= 0.95 * len(names)


# Each a little below what was measured (docs/accuracy.md).
FLOORS = {"own": (0.78, 0.90), "development": (0.87, 0.93)}


@needs_plans
def test_left_out_plans_are_read_well(tmp_path):
    parsed = tmp_path / "parsed.jsonl"
    with parsed.open("w", encoding="utf-8") as stream:
        for plan in PLANS:
            text = (SHARED / "plans" / f"{plan}.txt").read_text(encoding="utf-8")
            stream.write(to_jsonl(read(text, plan=plan, without_plan=plan), plan=plan))
    golds = {"own": GOLD, "development": SHARED / "eval" / "mentions_dev.jsonl"}
    for name, gold in golds.items():
        command = [sys.executable, str(SHARED / "eval" / "score.py"), str(gold), str(parsed), "--json"]
        report = json.loads(subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout)
        strict, lenient = FLOORS[name]
        assert report["strict"][2] >= strict, report
        assert report["lenient"][2] >= lenient, report


@needs_plans
def test_the_model_finds_more_than_dictionary_and_grammar():
    """A model that does nothing would pass the floors."""
    plan = "kunshan-15fyp"
    text = (SHARED / "plans" / f"{plan}.txt").read_text(encoding="utf-8")
    with_model = {(m.line, m.start, m.end) for m in read(text, plan=plan, without_plan=plan).mentions}
    bare = read_with(text, open_vocabulary(plan), plan=None, model=None)
    alone = {(m.line, m.start, m.end) for m in bare.mentions}
    right = {
        (row["line"], mention["start"], mention["end"])
        for row in map(json.loads, GOLD.read_text(encoding="utf-8").splitlines())
        if row["plan"] == plan
        for mention in row["mentions"]
    }
    assert len(right & with_model) > len(right & alone)
