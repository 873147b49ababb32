"""The address holds the state, and nothing that is not there can be asked for."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.address import CRS_NAMES, GROUPS, KEYS, State, read_state, read_view, write_state

HEADLINES = {"one": "one/head", "two": "two/head"}
LAYERS = ("one/head", "one/more", "two/head")
COMPONENTS = ("one/head#1", "two/head#2")
PLACES = ("town/luzhi", "lake/tai-hu")


def read(query):
    return read_state(query, headlines=HEADLINES, layers=LAYERS, components=COMPONENTS, places=PLACES)


STATES = st.builds(
    State,
    plan=st.sampled_from(sorted(HEADLINES)),
    layers=st.lists(st.sampled_from(LAYERS), unique=True).map(tuple),
    lang=st.sampled_from(["zh", "en"]),
    groups=st.sets(st.sampled_from(GROUPS)).map(lambda on: tuple(each for each in GROUPS if each in on)),
    boundaries=st.booleans(),
    crs=st.sampled_from(CRS_NAMES),
)


@given(STATES, st.sampled_from([("", ""), (COMPONENTS[1], ""), ("", PLACES[0])]))
def test_state_survives_the_address(state, chosen):
    state = dataclasses.replace(state, selected=chosen[0], place=chosen[1])
    query = write_state(state, headlines=HEADLINES)
    assert read(query) == state
    assert set(query) <= set(KEYS)


def test_default_address_is_bare():
    state = read({})
    assert state.layers == ("one/head",)
    assert write_state(state, headlines=HEADLINES) == {}


@pytest.mark.parametrize("evil", ["../../etc/passwd", "<script>", "one/head#9", "'; drop table", "", "\x00"])
def test_unknown_values_fall_back(evil):
    state = read({"plan": evil, "sel": evil, "place": evil, "lang": evil, "crs": evil, "base": evil, "layers": evil})
    assert dataclasses.replace(state, layers=(), groups=()) == State(plan="one", layers=(), groups=())
    assert state.layers == ()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("31.3,120.6,11.25", True), ("32.5,120.6,8", True), ("999,999,99", False), ("31.3,120.6,99", False),
        ("0,0,10", False), ("31.3,120.6", False), ("nan,120.6,10", False), ("a,b,c", False), ("", False),
    ],
)  # fmt: skip
def test_view_outside_the_plans_is_the_home_view(text, kept):
    assert read_view(text, plans=[(119.9, 30.8, 121.0, 31.5), (120.5, 31.0, 121.4, 32.1)]) == (text if kept else "")
