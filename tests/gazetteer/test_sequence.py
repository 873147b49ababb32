"""The sequence model: its paths are the best there are, known names stay, its files are what their provenance says."""

from __future__ import annotations

import hashlib
import json
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer import open_register, read
from gazetteer.reading import learning, reader, sequence
from gazetteer.reading.features import BUCKETS, TEMPLATES, describe
from gazetteer.reading.focus import focus
from gazetteer.reading.folding import fold
from gazetteer.reading.lattice import Lattice, build_lattice, open_page
from gazetteer.reading.paths import pair_ends, weigh_paths
from gazetteer.reading.sight import Sight
from gazetteer.reading.vocabulary import open_vocabulary

PLANS = Path(__file__).resolve().parents[3] / "shared" / "plans"
LARGEST = 100_000
"""Bytes of a model's file."""
PROVENANCE = json.loads((sequence.TRAINED / "provenance.json").read_text(encoding="utf-8"))
PIECES = st.sampled_from(
    [
        "推进",
        "甪直镇",
        "太湖",
        "、",
        "，",
        "。\n",
        "青溪智慧谷",
        "苏州",
        "《",
        "》",
        "“",
        "”",
        "产业园",
        "（昆山）",
        "魔滴空间",
        "等",
        "路",
        "和",
    ]
)
TEXTS = st.lists(PIECES, max_size=30).map("".join)
SEEDS = st.integers(0, 2**16)


def wild(seed):
    """Return a model that knows nothing and takes much for a name."""
    rng = np.random.default_rng(seed)
    moves = rng.normal(0, 2, (sequence.RELATIONS, sequence.KINDS, sequence.KINDS))
    return sequence.Model(rng.normal(0, 2, BUCKETS), moves)


def even(text):
    folded = fold(text).text
    return folded, reader.read_even(folded, open_vocabulary(), plan=None)


def spans(answers):
    return [(answer.span.start, answer.span.end) for answer in answers]


def small(seed, text="古城、湖山和水镇路。石桥"):
    """Return the chain of a few stretches drawn by lot, with scores and moves."""
    rng = np.random.default_rng(seed)
    every = [
        (int(start > 4), end, start)
        for start, end in combinations(range(len(text) + 1), 2)
        if end - start > 1 and not start <= 4 < end - 1
    ]
    rows = np.array(sorted(every[each] for each in rng.choice(len(every), 9, replace=False)))
    component, end, start = rows.T
    record = rng.random(len(rows)) < 0.2
    lattice = Lattice(start, end, record, record.astype(np.int64), np.unique(component, return_inverse=True)[1])
    chain = sequence.link(lattice, open_page(Sight(text, [], [], {}, [])))
    moves = rng.normal(0, 2, (sequence.RELATIONS, sequence.KINDS, sequence.KINDS))
    return lattice, chain, rng.normal(0, 2, len(rows)), moves


def all_paths(lattice, chain, scores, moves):
    """Yield every choice of stretches that do not overlap, with its weight."""
    before, after = pair_ends(chain)
    step = {(int(a), int(b)): moves.ravel()[kind] for a, b, kind in zip(before, after, chain.pairs, strict=True)}
    size = len(scores)
    for number in range(size + 1):
        for path in combinations(range(size), number):
            order = sorted(path, key=lambda each: (lattice.component[each], lattice.start[each]))
            follows = list(pairwise(order))
            apart = all(
                lattice.component[a] != lattice.component[b] or lattice.end[a] <= lattice.start[b] for a, b in follows
            )
            if apart:
                yield order, sum(scores[each] for each in order) + sum(step.get(pair, 0.0) for pair in follows)


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_the_path_is_the_best_of_all_and_chances_are_those_of_all(seed):
    lattice, chain, scores, moves = small(seed)
    paths = list(all_paths(lattice, chain, scores, moves))
    best, _ = max(paths, key=lambda path: path[1])
    assert sequence.best_path(chain, scores, moves) == best
    chances, pairs, total = weigh_paths(chain, scores, moves)
    weights = np.exp([weight for _, weight in paths])
    assert total == pytest.approx(np.log(weights.sum()))
    for each in range(len(scores)):
        share = sum(weight for (path, _), weight in zip(paths, weights, strict=True) if each in path)
        assert chances[each] == pytest.approx(share / weights.sum())
    for number, (first, second) in enumerate(zip(*pair_ends(chain), strict=True)):
        share = sum(
            weight for (path, _), weight in zip(paths, weights, strict=True) if first in path and second in path
        )
        assert pairs[number] == pytest.approx(share / weights.sum())


@settings(max_examples=60, deadline=None)
@given(TEXTS, SEEDS)
def test_no_model_cuts_or_loses_a_known_name(text, seed):
    folded, found = even(text)
    corrected = spans(sequence.correct(folded, found.answers, found.found, open_vocabulary(), wild(seed)))
    assert corrected == sorted(corrected)
    assert all(end <= start for (_, end), (start, _) in pairwise(corrected))
    for answer in found.answers:
        if answer.resolution != "unresolved":
            assert any(start <= answer.span.start and answer.span.end <= end for start, end in corrected)
    for start, end in set(corrected) - set(spans(found.answers)):
        assert not set("、，。《》\n等") & set(folded[start + 1 : end])


@settings(max_examples=30, deadline=None)
@given(TEXTS, SEEDS)
def test_leaving_out_hopeless_stretches_changes_no_path(text, seed):
    folded, found = even(text)
    model = wild(seed)
    for begin, end in sequence.stretches(folded):
        sight = sequence.look(folded, found.answers, found.found, begin, end)
        page = open_page(sight)
        lattice = build_lattice(sight, page)
        scores = sequence.weigh(describe(sight, page, lattice), model)
        scores += np.where(sequence.proposed(sight, lattice), sequence.PROPOSED, sequence.NEW)
        scores[lattice.record] = 0
        path = sequence.best_path(sequence.link(lattice, page), scores + sequence.KNOWN * lattice.holds, model.moves)
        chosen = sequence.choose(folded, found.answers, found.found, model, begin, end)
        starts, ends = sight.outward(lattice.start[path]), sight.outward(lattice.end[path] - 1) + 1
        assert chosen == list(zip(starts, ends, strict=True))


def test_a_line_without_a_name_is_left_alone():
    folded, found = even("大力发展平台经济和总部经济。\n")
    assert not found.answers
    assert sequence.correct(folded, [], found.found, open_vocabulary(), wild(1)) == []


@pytest.mark.parametrize("text", ["", "\n", "苏", "、、\n\n", "产业园", "\ud83d路"])
def test_texts_of_nearly_nothing(text):
    folded, found = even(text)
    sequence.correct(folded, found.answers, found.found, open_vocabulary(), wild(2))


@pytest.mark.parametrize(("line", "last"), [("建设太湖新城。\n", "\n"), ("建设太湖新城，", "，")])
def test_long_texts_are_read_in_pieces_that_end_at_marks(line, last):
    text = line * 30_000
    pieces = list(sequence.stretches(text))
    assert len(pieces) > 1
    assert "".join(text[start:end] for start, end in pieces) == text
    assert all(text[end - 1] == last for _, end in pieces)


def test_a_plan_that_is_known_is_read_without_the_model(monkeypatch):
    monkeypatch.setattr(sequence, "open_model", lambda _: pytest.fail("the model was asked"))
    assert read("建设太湖科学城。", plan="snd-14fyp").mentions


@pytest.mark.parametrize("plan", [None, "snd-14fyp", "kunshan-15fyp"])
def test_a_plan_left_out_is_read_with_the_weights_that_have_not_seen_it(monkeypatch, plan):
    asked = []
    known = sequence.open_model

    def watched(without_plan):
        asked.append((without_plan, sequence.model_file(without_plan).name))
        return known(without_plan)

    monkeypatch.setattr(sequence, "open_model", watched)
    read("建设太湖科学城。", plan=plan, without_plan=plan)
    assert asked == [(plan, "all.npz" if plan is None else f"without-{plan}.npz")]
    if plan is not None:
        assert (known(plan).weights != known(None).weights).any()


def test_a_plan_that_no_model_has_seen_is_read_with_that_of_all():
    assert sequence.model_file("no-such-plan").name == "all.npz"


@pytest.mark.parametrize("plan", [None, *open_register().contexts])
def test_files_are_what_their_provenance_says(plan):
    path = sequence.model_file(plan)
    entry = PROVENANCE["models"][path.name]
    assert path.stat().st_size < LARGEST
    assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
    assert set(entry["trained_on"]) == set(open_register().contexts) - {plan}
    with np.load(path, allow_pickle=False) as stored:
        assert {array.dtype.kind for array in stored.values()} <= set("iuf"), "a model holds numbers, no text"
        assert len(stored["buckets"]) == entry["weights"]
    model = sequence.open_model(plan)
    assert np.isfinite(model.weights).all()
    assert model.moves.any()


def test_provenance_says_how_and_from_what():
    assert set(PROVENANCE) == {"what", "date", "made_by", "versions", "parameters", "tables", "texts", "models"}
    expected = {
        "templates": len(TEMPLATES), "buckets": BUCKETS, "penalty": learning.PENALTY, "rounds": learning.ROUNDS,
        "prior": learning.PRIOR, "proposed": sequence.PROPOSED, "new": sequence.NEW,
    }  # fmt: skip
    assert PROVENANCE["parameters"] == expected, "the models were trained otherwise: run `make train`"
    assert set(PROVENANCE["texts"]) == set(open_register().contexts)


def test_models_are_of_the_tables_of_today():
    """No failure: a stale model still reads, only not as well as it could. `make train` brings it up to date."""
    if stale := learning.find_stale(sequence.TRAINED):
        pytest.skip(f"the models are older than {', '.join(stale)}: run `make train PLANS=folder`")
    assert set(PROVENANCE["tables"]) == set(learning.digest_tables())


def test_a_changed_table_is_named(tmp_path, monkeypatch, capsys):
    tables = learning.digest_tables()
    (tmp_path / "provenance.json").write_text(json.dumps({"tables": tables | {"words.csv": "0" * 64}}), "utf-8")
    monkeypatch.setattr("sys.argv", ["learning", "--check", "-o", str(tmp_path)])
    assert learning.main() == 0
    assert capsys.readouterr().out == "changed since the models were trained: words.csv\n"


@pytest.mark.skipif(not PLANS.exists(), reason="the plans are not at hand")
def test_models_were_trained_on_these_plans():
    for plan, digest in PROVENANCE["texts"].items():
        text = (PLANS / f"{plan}.txt").read_text(encoding="utf-8")
        assert hashlib.sha256(text.encode()).hexdigest() == digest


def lesson():
    """Return a text of our own, and the names in it that no record and no grammar knows."""
    coined = ("金鹭坊", "银杉汇", "青橙里")
    text = "\n".join(f"做强{name}、{other}。" for name in coined for other in ("木渎镇", "甪直镇")) * 6
    folded, found = even(text)
    names = {(start, start + 3) for start in range(len(folded)) if folded[start : start + 3] in coined}
    return folded, found, names


def test_a_model_learns_from_a_teacher_and_comes_back_from_its_file(tmp_path, monkeypatch):
    monkeypatch.setattr(learning, "ROUNDS", 8)
    monkeypatch.setattr(learning, "PENALTY", 1.0)
    folded, found, names = lesson()
    assert not names & set(spans(found.answers))
    lessons = list(learning._lessons(folded, found, names | set(spans(found.answers)), learning.PRIOR))
    stored = learning.store(learning.teach(lessons))
    learning._write(tmp_path / "first.npz", stored)
    learning._write(tmp_path / "second.npz", learning.store(learning.teach(lessons)))
    assert (tmp_path / "first.npz").read_bytes() == (tmp_path / "second.npz").read_bytes()
    with np.load(tmp_path / "first.npz") as read_back:
        model = sequence.build_model(dict(read_back))
    corrected = sequence.correct(folded, found.answers, found.found, open_vocabulary(), model)
    assert set(spans(corrected)) == names | set(spans(found.answers))


def test_training_says_which_texts_it_needs(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["learning", str(tmp_path), "-o", str(tmp_path / "out")])
    assert learning.main() == 1
    assert "make train PLANS=" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["", "甪直镇", "做强产业", "太湖，古城", "。"]), max_size=12), st.data())
def test_a_view_keeps_lines_with_names_and_those_beside_them(lines, data):
    text = "\n".join(lines) + "\n"
    begin = data.draw(st.sampled_from([0, *(place + 1 for place, each in enumerate(text[:-1]) if each == "\n")]))
    named = sorted(data.draw(st.sets(st.integers(begin, len(text) - 1), max_size=4)))
    view = focus(text, begin, len(text), named)
    places = np.array([view.inward(position) for position in named], np.int64)
    assert view.outward(places).tolist() == named
    assert [view.text[place] for place in places] == [text[position] for position in named]
    for position in named:
        line = text.count("\n", 0, position)
        here = view.text.count("\n", 0, view.inward(position))
        assert view.text.split("\n")[here : here + 2] == text.split("\n")[line : line + 2]
