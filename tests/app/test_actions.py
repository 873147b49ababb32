"""What the reader does, from state to state."""

from __future__ import annotations

from typing import ClassVar

import pytest

from app.actions import act
from app.address import State
from app.library import Library

BOX = [120.1, 31.0, 120.9, 31.4]


def component(fid, bounds):
    return {"fid": fid, "no": int(fid[-1]), "bounds": bounds}


def card(layer, *bounds):
    components = [component(f"{layer}#{i}", box) for i, box in enumerate(bounds, start=1)]
    return {"id": layer, "plan": layer[0], "bounds": BOX, "components": components}


class Shelf(Library):
    cards: ClassVar = {"a/x": card("a/x", BOX, None), "a/y": card("a/y", BOX), "b/z": card("b/z", BOX)}
    headlines: ClassVar = {"a": "a/x", "b": "b/z"}
    place_shapes: ClassVar = {}


@pytest.fixture
def library(tmp_path):
    return Shelf(manifest={"plans": {"a": {"bounds": BOX}, "b": {"bounds": BOX}}}, folder=tmp_path)


START = State(plan="a", layers=("a/x",))


def test_click_selects_without_moving_the_map(library):
    outcome = act(START, {"type": "select", "fid": "a/x#1", "lon": 120.5, "lat": 31.2}, library)
    assert outcome.state.selected == "a/x#1"
    assert outcome.flight is None
    assert outcome.point == (120.5, 31.2)


def test_selection_from_the_tree_switches_its_layer_on_and_flies_only_if_unseen(library):
    outcome = act(START, {"type": "select", "value": "b/z#1"}, library)
    assert outcome.state.layers == ("a/x", "b/z")
    assert outcome.flight.only_if_unseen


def test_unlocated_component_is_told_without_a_flight(library):
    outcome = act(START, {"type": "select", "value": "a/x#2"}, library)
    assert outcome.state.selected == "a/x#2"
    assert outcome.flight is None


def test_toggle_off_drops_a_selection_in_the_layer(library):
    chosen = act(START, {"type": "select", "value": "a/x#1"}, library).state
    outcome = act(chosen, {"type": "toggle", "value": "a/x"}, library)
    assert outcome.state == State(plan="a", layers=())


def test_toggle_keeps_a_selection_elsewhere(library):
    chosen = act(START, {"type": "select", "value": "a/y#1"}, library).state
    assert act(chosen, {"type": "toggle", "value": "a/x"}, library).state.selected == "a/y#1"


def test_another_plan_starts_with_its_headline(library):
    outcome = act(START, {"type": "plan", "value": "b"}, library)
    assert outcome.state == State(plan="b", layers=("b/z",))
    assert outcome.flight.bounds == BOX


def test_switches(library):
    state = act(START, {"type": "group", "value": "rail"}, library).state
    assert state.groups == ("water", "counties", "towns", "rail")
    assert act(state, {"type": "group", "value": "rail"}, library).state == START
    assert act(START, {"type": "boundaries"}, library).state.boundaries is False
    assert act(START, {"type": "lang", "value": "en"}, library).state.lang == "en"
    assert act(START, {"type": "crs", "value": "4549"}, library).state.crs == "4549"
    assert act(START, {"type": "all_off"}, library).state.layers == ()


@pytest.mark.parametrize(
    "event",
    [{}, {"type": "no"}, {"type": "select", "value": "nothing"}, {"type": "toggle", "value": "../x"},
     {"type": "plan", "value": "?"}, {"type": "group", "value": "all"}, {"type": "lang", "value": "fr"},
     {"type": "crs", "value": "2437"}, {"type": "place", "value": "nowhere"}],
)  # fmt: skip
def test_senseless_events_change_nothing(library, event):
    outcome = act(START, event, library)
    assert outcome.state == START
    assert outcome.flight is None


def test_zoom_to(library):
    chosen = act(START, {"type": "select", "value": "a/x#1"}, library).state
    assert act(chosen, {"type": "zoom_to"}, library).flight.bounds == BOX
    assert act(START, {"type": "zoom_to"}, library).flight.bounds == BOX
