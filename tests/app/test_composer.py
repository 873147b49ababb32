"""The page "sheets": its address, what a presenter does, the warm process that draws, an atlas that is cancelled."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from app.composer import atlas as composer_atlas
from app.composer.desk import ComposerDesk
from app.composer.page import describe_atlas
from app.composer.panel import describe_composer_panel
from app.composer.preview import describe_preview, preview_wish, wish_of
from app.composer.state import (
    LABELS,
    LANGS,
    MOST_LAYERS,
    PAGES,
    THEMES,
    ComposerState,
    clean_title,
    read_bounds,
    read_composer_state,
    write_composer_state,
)
from app.jobs import sheet as sheet_job
from app.jobs.job import JobError
from app.jobs.sheet_worker import SheetWorker
from app.wording import words
from layers.catalogue import read_plans, read_structures
from layers.decks.making import Wish
from layers.sheet import LABEL_GROUPS, draw_sheet, read_pages
from layers.sheet.words import read_words
from layers.style import load_style

HEADLINES = {plan.id: f"{plan.id}/{plan.headline}" for plan in read_plans().values()}
FIRST = next(iter(HEADLINES))
BELT = "wuzhong-14fyp/wuzhong-core-axis-belt"
FENG = "suzhou-15fyp/suzhou-feng-industry-belts"
LAYERS = tuple(read_structures())
KNOWN = {"headlines": HEADLINES, "layers": LAYERS, "lang": "zh"}
WRITTEN = {"headlines": HEADLINES, "lang": "zh", "default_lang": "zh"}


@pytest.fixture
def library():
    cards = {
        key: {
            "id": key, "plan": each.plan, "kind": each.kind, "importance": each.importance, "name_zh": each.name_zh,
            "name_en": each.name_en,
        }
        for key, each in read_structures().items()
    }  # fmt: skip
    return SimpleNamespace(
        headlines=HEADLINES,
        cards=cards,
        layers_of=lambda plan: [card for card in cards.values() if card["plan"] == plan],
    )


@pytest.fixture
def desk():
    return ComposerDesk(state=read_composer_state({}, **KNOWN))


@pytest.mark.parametrize(
    "state",
    [
        ComposerState(layers=(HEADLINES[FIRST],), plan=FIRST),
        ComposerState(layers=(), plan="wuzhong-14fyp", page="a1-portrait", dpi=300, title="", subtitle="二〇三五"),
        ComposerState(layers=(BELT, FENG), plan=FIRST, title="两带、一轴 & 三核", speech="both", theme="dark"),
        ComposerState(layers=(BELT,), plan=FIRST, extent="view", bounds="120.1000,31.0000,120.9000,31.5000"),
        ComposerState(layers=(BELT,), plan=FIRST, extent="district", labels=("water",), boundaries=False),
        ComposerState(layers=(BELT,), plan=FIRST, labels=()),
    ],
)
def test_the_address_holds_the_state(state):
    assert read_composer_state(write_composer_state(state, **WRITTEN), **KNOWN) == state


@pytest.mark.parametrize(
    "query",
    [
        {"plan": "none"}, {"page": "a0"}, {"dpi": "1000000"}, {"theme": "x"}, {"extent": "view"}, {"in": "fr"},
        {"bounds": "1,2,3"}, {"bounds": "121,31,120,32"}, {"title": "\n\t"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_in_the_address_falls_back(query):
    assert read_composer_state(query, **KNOWN) == read_composer_state({}, **KNOWN)


def test_layers_of_the_map_page_are_taken_over_with_its_view():
    state = read_composer_state({"layers": f"{BELT},nowhere/x", "bounds": "120.1,31,120.9,31.5"}, **KNOWN)
    assert state.layers == (BELT,)
    assert state.plan == "wuzhong-14fyp"
    assert state.asked_extent == "120.1000,31.0000,120.9000,31.5000"
    assert read_bounds("nan,31,120,32") == ""
    assert len(read_composer_state({"layers": ",".join(LAYERS)}, **KNOWN).layers) == MOST_LAYERS


def test_choices_are_those_of_the_library():
    assert set(PAGES) == set(read_pages())
    assert set(LABELS) == set(LABEL_GROUPS)
    assert [load_style(theme) for theme in THEMES]
    assert [read_words(lang) for lang in LANGS]
    assert {*draw_sheet.__kwdefaults__} - {"show_boundaries"} <= {*Wish.__dataclass_fields__}
    assert wish_of(ComposerState(layers=(), plan=FIRST)).keys() <= {*Wish.__dataclass_fields__}


def test_layers_are_added_and_removed(desk, library):
    desk.answer({"type": "title", "value": "  my \n title "}, library)
    assert desk.state.title == "my title"
    desk.answer({"type": "add", "value": BELT}, library)
    assert desk.state.layers == (HEADLINES[FIRST], BELT)
    assert desk.state.title is None
    desk.answer({"type": "add", "value": BELT}, library)
    desk.answer({"type": "remove", "value": HEADLINES[FIRST]}, library)
    assert desk.state.layers == (BELT,)
    for layer in LAYERS[:20]:
        desk.answer({"type": "add", "value": layer}, library)
    assert len(desk.state.layers) == MOST_LAYERS


def test_choices_change_the_state_and_nonsense_does_not(desk, library):
    for kind, value in (("page", "a3"), ("theme", "dark"), ("speech", "both"), ("dpi", "300"), ("extent", "structure")):
        desk.answer({"type": kind, "value": value}, library)
    desk.answer({"type": "label", "value": "water"}, library)
    desk.answer({"type": "borders"}, library)
    changed = desk.state
    assert (changed.page, changed.theme, changed.speech, changed.dpi) == ("a3", "dark", "both", 300)
    assert changed.labels == ("components", "members", "neighbours")
    assert not changed.boundaries
    for kind, value in (("page", "a0"), ("dpi", "9"), ("extent", "view"), ("label", "x"), ("add", "x"), ("fly", "x")):
        desk.answer({"type": kind, "value": value}, library)
    assert desk.state == changed
    desk.answer({"type": "download", "value": "exe"}, library)
    assert desk.download == ""


def test_a_title_is_one_line_of_what_can_be_printed():
    assert clean_title("a\u202eb\x00 c") == "a b c"
    assert len(clean_title("长" * 500)) == 80


def test_the_sidebar_offers_what_is_not_chosen_yet(desk, library):
    shown = describe_composer_panel(desk, library, words("zh"))
    offered = [each["id"] for tier in shown["tiers"] for each in tier["layers"]]
    assert HEADLINES[FIRST] not in offered
    assert {each.partition("/")[0] for each in offered} == {FIRST}
    assert [each["id"] for each in shown["extents"]] == ["auto", "district", "structure"]


def test_a_layer_is_found_by_words_of_its_name_and_plan(library):
    desk = ComposerDesk(state=read_composer_state({}, **KNOWN))
    desk.answer({"type": "search", "value": "核轴带"}, library)
    assert desk.found(library) == [BELT]
    assert describe_composer_panel(desk, library, words("en"))["found"][0]["id"] == BELT
    desk.answer({"type": "search_first", "value": "Wuzhong core axis"}, library)
    assert BELT in desk.state.layers
    assert not desk.text
    desk.answer({"type": "search", "value": "nowhere"}, library)
    assert not desk.found(library)


def test_without_layers_nothing_is_drawn(library):
    assert describe_preview(ComposerState(layers=(), plan=FIRST), library, words("zh"))["image"] == ""


def test_the_worker_draws_previews_and_files_and_says_what_is_wrong():
    worker = SheetWorker()
    state = ComposerState(layers=(BELT,), plan=FIRST)
    try:
        worker.start()
        started = worker.process.pid
        answer = worker.ask(preview_wish(state), ending="preview")
        assert worker.process.pid == started
        assert answer.data.startswith(b"\x89PNG")
        assert answer.told["scale"] == 300_000
        first = worker.process.pid
        with pytest.raises(JobError, match="expected the id of a layer"):
            worker.ask(wish_of(state) | {"layers": ["no/such"]}, ending="png")
        with pytest.raises(JobError, match="no glyph"):
            worker.ask(wish_of(state) | {"title": "\U0001f984"}, ending="png")
        assert worker.process.pid == first
        worker.process.kill()
        worker.process.wait()
        assert worker.ask(wish_of(state), ending="html").data.startswith(b"<!DOCTYPE html>")
    finally:
        worker.stop()
    assert worker.process is None


def test_a_worker_that_takes_too_long_is_ended():
    worker = SheetWorker()
    with pytest.raises(JobError, match="expected a sheet within"):
        worker.ask(wish_of(ComposerState(layers=(BELT,), plan=FIRST)), ending="png", patience_s=0.01)
    assert worker.process is None


def test_a_wish_may_hold_the_numbers_of_a_view():
    assert sheet_job.read_wish({"layers": [BELT], "extent": [120.1, 31, 120.9, 31.5]}).extent == "120.1,31,120.9,31.5"
    assert sheet_job.read_wish({"layers": [BELT], "extent": None}).extent == "auto"
    assert "error" in sheet_job.answer({"wish": {"layers": []}, "ending": "png"})[0]


def test_an_atlas_is_cancelled_with_its_workers(tmp_path, monkeypatch, desk):
    monkeypatch.setattr(composer_atlas, "web_folder", lambda: tmp_path)
    desk.job = job = composer_atlas.start_atlas(desk.state, importance=1, form="pdf")
    shown = describe_atlas(desk, words("zh"))
    assert shown["running"]
    job.cancel()
    job.watcher.join(timeout=60)
    assert not job.running
    assert not job.finished
    assert job.error == ""
    assert "已取消" in describe_atlas(desk, words("zh"))["told"]


def test_an_atlas_that_fails_says_why(tmp_path, monkeypatch, desk):
    monkeypatch.setattr(composer_atlas, "web_folder", lambda: tmp_path)
    monkeypatch.setattr(composer_atlas, "order_of", lambda _state, **_more: {"plan": "no-such-plan"})
    desk.job = job = composer_atlas.start_atlas(desk.state, importance=1, form="pdf")
    job.watcher.join(timeout=120)
    assert "expected a plan out of" in describe_atlas(desk, words("zh"))["told"]
