"""The page "what applies here": what is typed, clicked or drawn becomes a question, and the address holds it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from app.address import read_state
from app.here.desk import HereDesk, looks_like_numbers
from app.here.state import DISTANCES, MOST_CORNERS, HereState, read_here_state, write_here_state
from app.library import located_places

DEFAULTS = {"lang": "zh", "default_lang": "zh", "crs": "wgs84", "default_crs": "wgs84"}
KNOWN = {"places": located_places(), "plans": ("a", "b"), "components": ("a/x#1",)}
RING = ((120.5, 31.2), (120.6, 31.2), (120.55, 31.3))


@pytest.fixture
def desk():
    return HereDesk()


@pytest.mark.parametrize(
    "state",
    [
        HereState(),
        HereState(point=(120.52, 31.25), near=500, system="gcj02", hidden=("b",), selected="a/x#1"),
        HereState(ring=RING, near=0, unshown=("near",)),
        HereState(place="county/wuzhong", unshown=("certain", "possible", "near")),
    ],
)
def test_the_address_holds_the_state(state):
    assert read_here_state(write_here_state(state, **DEFAULTS), **KNOWN) == state


@pytest.mark.parametrize(
    "query",
    [
        {"at": "x"}, {"at": "200,31"}, {"at": "120.5,31;120.6,31"}, {"ring": "120,31;121,31"}, {"place": "nowhere"},
        {"near": "-5"}, {"near": "²"}, {"as": "xian80"}, {"sel": "none"}, {"ring": ";".join(["120,31"] * 61)},
    ],
)  # fmt: skip
def test_what_makes_no_sense_in_the_address_falls_back(query):
    assert read_here_state(query, **KNOWN) == HereState()


def test_a_typed_coordinate_is_the_question(desk):
    desk.answer({"type": "search_first", "value": "31°15′N 120°31′12″E"})
    assert desk.state.point == pytest.approx((120.52, 31.25))
    assert desk.read.notation == "dms"
    assert desk.take_flight().zoom == 13
    assert desk.take_flight() is None
    desk.answer({"type": "system", "value": "gcj02"})
    assert desk.state.point[0] == pytest.approx(120.52 - 0.0042, abs=0.001)
    assert desk.read.system == "gcj02"


def test_what_cannot_be_read_is_said_and_changes_nothing(desk):
    desk.answer({"type": "pin", "lon": 120.6, "lat": 31.3})
    before = desk.state
    for text, trouble in (("20.5 30.5", "here.faults.order"), ("没有这个地方", "here.unknown")):
        desk.answer({"type": "search_first", "value": text})
        assert desk.trouble[0] == trouble
        assert desk.state == before
    for event in ({"type": "pin"}, {"type": "pin", "lon": "x", "lat": 1}, {"type": "area", "ring": [1]},
                  {"type": "near", "value": "17"}, {"type": "nonsense"}):  # fmt: skip
        desk.answer(event)
        assert desk.state == before


def test_a_drawn_area_is_the_question_unless_it_crosses_itself(desk):
    desk.answer({"type": "draw", "value": "polygon"})
    assert desk.sketch == "polygon"
    desk.answer({"type": "area", "ring": [[120, 31], [121, 32], [121, 31], [120, 32]]})
    assert desk.trouble[0] == "here.crossed"
    desk.answer({"type": "area", "ring": [list(corner) for corner in RING]})
    assert desk.state.ring == RING
    assert desk.sketch == ""
    desk.answer({"type": "area", "ring": [[120 + i / 1000, 31] for i in range(MOST_CORNERS + 1)]})
    assert desk.trouble[0] == "here.corners"


def test_a_place_is_the_question(desk, monkeypatch):
    monkeypatch.setattr("app.here.desk.open_library", lambda: SimpleNamespace(bounds_of_place=lambda _: [0, 0, 1, 1]))
    desk.answer({"type": "search_first", "value": "姑苏区"})
    assert located_places()[desk.state.place].name_zh == "姑苏区"
    assert desk.state.point is None
    desk.answer({"type": "near", "value": str(DISTANCES[1])})
    assert desk.state.near == DISTANCES[1]
    desk.answer({"type": "reset"})
    assert not desk.state.asked


@pytest.mark.parametrize(
    ("text", "is_number"), [("120.6 31.3", True), ("559027,3464402", True), ("31°18′N 120°37′E", True), ("G152", False),
                            ("轨道交通11号线", False), ("苏州", False)],
)  # fmt: skip
def test_numbers_are_told_from_names(text, is_number):
    assert looks_like_numbers(text) == is_number


def test_the_map_pages_state_is_left_alone():
    assert read_state({"at": "120,31"}, headlines={"a": "a/x"}, layers=("a/x",), components=(), places=()).plan == "a"
