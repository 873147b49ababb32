"""Every card of every layer can be shown, in both languages, from the files that the app really reads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import shapely

from app.address import read_state
from app.library import Library
from app.map import legend, panel
from app.map.card import describe_component, describe_place
from app.map.page import _chips
from app.markup import render
from app.telling import shorten_lines, single_credits, tell_lines
from app.wording import LANGUAGES, words
from gazetteer import open_register
from layers.catalogue import read_structures
from layers.web.bands import BANDS
from layers.web.cache import MANIFEST, ROOT, web_folder


@pytest.fixture(scope="module")
def library():
    subprocess.run([sys.executable, "-m", "layers.web"], cwd=ROOT, check=True, capture_output=True)
    return Library(manifest=json.loads((web_folder() / MANIFEST).read_text("utf-8")), folder=web_folder())


@pytest.fixture(scope="module")
def state(library):
    return read_state({}, headlines=library.headlines, layers=library.cards, components=(), places=())


def test_every_structure_has_its_card_and_headlines_are_drawn(library):
    assert list(library.cards) == list(read_structures())
    assert library.undrawn(library.headlines.values()) == []
    for layer in library.headlines.values():
        files = library.files(layer)
        assert set(files) == {band.name for band in BANDS}
        for name in files.values():
            content = json.loads((Path(library.folder) / name).read_text("utf-8"))
            assert content["type"] == "FeatureCollection"
            assert all(shapely.from_geojson(json.dumps(each["geometry"])) for each in content["features"])


def test_a_layer_is_drawn_when_it_is_first_asked_for(library):
    layer = "wuzhong-14fyp/wuzhong-canal-ten-sights"  # that nobody else asks for meanwhile
    (library.folder / library.manifest["layers"][layer]["record"]).unlink(missing_ok=True)
    assert library.undrawn([layer]) == [layer]
    assert set(library.files(layer)) == {band.name for band in BANDS}
    assert library.undrawn([layer]) == []


def test_headlines_exist(library):
    assert set(library.headlines.values()) <= set(library.cards)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_card_can_be_shown(library, lang):
    for fid, component in library.components.items():
        told = describe_component(fid, library, words(lang), point=None)
        html = render("map/card", words=words(lang), component=told, place=None, example="", on=[])
        assert component["name_zh"][:2] in html
        assert told["where"]
        assert told["unlocated"] == (component["basis"] == "unlocated")
        if told["unlocated"]:
            assert component["bounds"] is None
            assert told["how"]


def test_every_place_can_be_shown(library, state):
    for place in open_register().places.values():
        told = describe_place(place, library, words("zh"), state=state)
        assert place.name_zh
        assert told["located"] == (place.position is not None)
        assert bool(told["coordinates"]) == told["located"]
        assert {place.name_zh, place.name_en}.isdisjoint(told["aliases"].split("、"))


def test_members_lead_to_places(library):
    places = open_register().places
    members = [member for component in library.components.values() for member in component["members"]]
    assert all(member["place"] in places for member in members if member["place"])
    assert sum(bool(member["place"]) for member in members) > 0.6 * len(members)


def test_indicative_edges_have_no_drawn_area(library):
    for component in library.components.values():
        if component["basis"] in ("indicative", "unlocated"):
            assert component["drawn_km2"] is None


def test_what_lies_at_a_point(library):
    found = library.at(120.83, 31.24)
    assert "wuzhong-14fyp/wuzhong-core-axis-belt#2" in found
    assert len(found) == len(set(found))
    assert library.at(100.0, 10.0) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_legend_names_what_is_on_and_all_bases(library, lang):
    for layer in library.cards:
        *entries, bases = legend.legend_entries([layer], library, words(lang))
        rows = len(entries[0]) if entries else 0
        found = {each["basis"] for each in library.cards[layer]["components"]}
        assert len(bases) == (5 if rows <= legend._LONG else len(found))
        assert sum(not each["none"] for each in bases) == len(found)
        drawn = [each for each in library.cards[layer]["components"] if each["basis"] != "unlocated"]
        assert bool(entries) == bool(drawn)
        assert all(len(column) <= legend._MOST_ROWS + 1 for column in entries)


@pytest.mark.parametrize(
    ("text", "name"),
    [("甪直", "甪直镇"), ("luzhi", "甪直镇"), ("LuZhi", "甪直镇"), ("Kunshan", "昆山市"), ("太湖", "太湖")],
)
def test_search_finds_short_forms_pinyin_and_english(library, state, text, name):
    assert panel.find(text, state, library, words("zh"))["places"][0]["name"] == name


def test_search_finds_components_of_the_plan_first(library, state):
    found = panel.find("先进制造", state, library, words("zh"))["components"]
    assert any(each["name"] == "先进制造轴" for each in found)
    assert panel.find("没有这个名字", state, library, words("zh")) == {"places": [], "components": []}


def test_chips_follow_the_layers(library, state):
    headline = library.headlines[state.plan]
    assert len(_chips(state, library, words("zh"))) == len(library.cards[headline]["components"])


def test_line_numbers_in_words():
    assert tell_lines("366", words("en")) == "line 366"
    assert tell_lines("366–368", words("en")) == "lines 366–368"
    assert shorten_lines("12, 14–15", words("en")) == "lines 12, 14–15"
    assert shorten_lines("541, 543, 545–550, 560, 595", words("zh")) == "541–595 等 10 行"


def test_credits_are_said_once():
    assert single_credits("a; b;a ; © c; b") == "a; b; © c"
    assert single_credits("") == ""
