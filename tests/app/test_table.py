"""The table twin of the map: as many rows as the map shows, in every language and order, and as a file."""

import csv
import io
import re

import pytest

from app.actions import act
from app.address import GROUPS, State, read_state, write_state
from app.library import open_library
from app.markup import render
from app.table.desk import FIELDS, TableDesk, describe_twin, twin_to_csv
from app.table.rows import SORTS, list_base, list_components, sort_rows
from app.wording import words as words_of
from gazetteer import open_register
from layers.catalogue import read_structures

WORDS = words_of("zh")
AXIS = "wuzhong-14fyp/wuzhong-core-axis-belt"
RAIL = "suzhou-15fyp/projects-rail"
STATE = State(plan="wuzhong-14fyp", layers=(AXIS, RAIL), table=True)


def test_every_component_of_the_layers_that_are_on_is_a_row():
    rows = list_components(STATE, open_library(), WORDS)
    wanted = [f"{layer}#{each.no}" for layer in (AXIS, RAIL) for each in read_structures()[layer].components]
    assert [row.id for row in rows] == wanted
    first = rows[0]
    assert (first.layer, first.role, first.basis_name) == ("核轴带", "核", "示意")
    assert any("全域" in member for member in first.members)
    assert "行" in first.where


def test_the_base_map_is_listed_by_its_groups_and_without_hidden_boundaries():
    everything = list_base(State(plan="wuzhong-14fyp", layers=(), groups=GROUPS), WORDS)
    stations = [each for each in open_register().places.values() if each.geometry.startswith("metro_stations/")]
    assert {each.id for each in stations} <= {row.id for row in everything}
    assert len({row.layer for row in everything}) == len(GROUPS)
    hidden = list_base(State(plan="wuzhong-14fyp", layers=(), groups=GROUPS, boundaries=False), WORDS)
    assert {row.layer for row in everything} - {row.layer for row in hidden} == {
        WORDS("base_counties"), WORDS("base_towns"),
    }  # fmt: skip
    assert list_base(State(plan="wuzhong-14fyp", layers=(), groups=()), WORDS) == []


@pytest.mark.parametrize("sort", SORTS)
def test_each_order_holds_all_rows_and_turns_round(sort):
    rows = list_components(STATE, open_library(), WORDS)
    up, down = sort_rows(rows, sort), sort_rows(rows, f"-{sort}")
    assert {row.id for row in up} == {row.id for row in down} == {row.id for row in rows}
    # Where all areas are unknown both ways are one.
    assert [row.id for row in up] != [row.id for row in down] or sort == "area"


def test_the_template_names_what_is_chosen_and_says_when_nothing_is_on():
    library, desk = open_library(), TableDesk()
    state = act(STATE, {"type": "select", "value": f"{AXIS}#2"}, library).state
    html = render("table/twin", words=WORDS, **describe_twin(desk, state, library, WORDS))
    assert html.count('aria-current="true"') == 1
    assert html.count("aria-sort=") == len(SORTS) - 1
    off = render("table/twin", words=WORDS, **describe_twin(desk, State(plan="x", layers=()), library, WORDS))
    assert WORDS("table.none.plans") in off


def test_events_sort_turn_pages_and_switch_lists():
    desk = TableDesk()
    for kind, value in (("table_sort", "role"), ("table_sort", "role"), ("table_page", "1"), ("table_tab", "base")):
        assert desk.answer({"type": kind, "value": value})
    assert (desk.sort, desk.page, desk.tab) == ("-role", 0, "base")
    desk.answer({"type": "table_sort", "value": "role"})
    assert desk.sort == "listed"
    for kind in ("table_sort", "table_page", "table_tab"):
        desk.answer({"type": kind, "value": "nonsense"})
    assert (desk.sort, desk.page, desk.tab) == ("listed", 0, "base")
    assert not desk.answer({"type": "select", "value": "x"})


def test_the_file_holds_components_and_base_map():
    library = open_library()
    text = twin_to_csv(TableDesk(), STATE, library, WORDS)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert tuple(rows[0]) == FIELDS
    assert len(rows) == len(list_components(STATE, library, WORDS)) + len(list_base(STATE, WORDS))
    assert {row["kind"] for row in rows} == {"component", "base"}


def test_the_table_is_in_the_address_and_leaves_the_map_as_it_is():
    library = open_library()
    assert write_state(STATE, headlines=library.headlines)["table"] == "1"
    read = read_state({"table": "1"}, headlines=library.headlines, layers=(), components=(), places=())
    assert read.table
    back = act(STATE, {"type": "table", "value": ""}, library)
    assert (back.state.table, back.flight) == (False, None)
    assert not act(STATE, {"type": "table", "value": ""}, library).state.table
    assert act(back.state, {"type": "table", "value": "1"}, library).state == STATE


def test_nothing_in_the_english_table_is_chinese_but_second_names():
    library, english = open_library(), words_of("en")
    state = State(plan="wuzhong-14fyp", layers=tuple(library.headlines.values()), lang="en", groups=GROUPS)
    rows = [*list_components(state, library, english), *list_base(state, english)]
    told = [(row.id, text) for row in rows for text in (row.name, row.layer, row.plan, row.role, row.where)]
    # The shape of a character is shown by the character.
    assert [each for each in told if re.search("[\u4e00-\u9fff]", each[1].replace("丰", ""))] == []
