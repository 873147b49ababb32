"""Comparisons of plans and structures, against what the records say."""

from __future__ import annotations

import csv
import io
import itertools
import json

import pytest
from click.testing import CliRunner

from app.command_line import cli
from gazetteer.attested import count_mentions
from layers.catalogue import read_plans, read_structures
from layers.compared import FIELDS, describe_comparison, tell_comparison, to_csv
from layers.comparing import Difference, compare, compare_items
from layers.items import Item, Part, component_items, plan_of, read_ties
from layers.pairing import list_pairs
from layers.projects import read_projects

CITY, DISTRICT = "suzhou-15fyp", "kunshan-15fyp"
DEMO = ("suzhou-15fyp/suzhou-demo-zone", "kunshan-15fyp/kunshan-yrd-demo-coordination")
PLANS = list(itertools.permutations(read_plans(), 2))


def item(number=1, **more):
    given = {"layer": "a/b", "name_zh": "甲", "name_en": "A", "role": "zone"} | more
    return Item(id=f"a/b#{number}", **given)


def fields(found):
    return [(each.field, each.left, each.right, each.one_sided) for each in found]


@pytest.mark.parametrize(("left", "right"), PLANS)
def test_whole_plans_lose_no_component_and_invent_none(left, right):
    found = compare(left, right)
    for side, plan in (("left", left), ("right", right)):
        shown = [getattr(row, side) for row in found.items]
        named = [each.id for each in shown if each is not None and each.role]
        wanted = {
            f"{structure.layer_id}#{component.no}"
            for structure in read_structures().values()
            if structure.plan == plan
            for component in structure.components
        }
        assert set(named) == wanted
        only = [row for row in found.items if row.where == side]
        assert len({getattr(row, side).id for row in only}) == len(only)


@pytest.mark.parametrize(("left", "right"), PLANS[:6])
def test_either_order_finds_the_same(left, right):
    one, other = compare(left, right), compare(right, left)
    pairs = {(row.left.id, row.right.id) for row in one.items if row.where == "both"}
    assert pairs == {(row.right.id, row.left.id) for row in other.items if row.where == "both"}
    assert one.counts["places"]["left"] == other.counts["places"]["right"]


def test_every_direct_tie_between_two_plans_is_a_row():
    found = compare(CITY, DISTRICT)
    rows = {(row.left.id, row.right.id) for row in found.items if row.where == "both"}
    wanted = {
        (one, other)
        for one, others in read_ties().items()
        for other in others
        if plan_of(one) == CITY and plan_of(other) == DISTRICT
    }
    assert wanted
    assert wanted <= rows
    assert all(row.through for row in found.items if row.where == "both" and (row.left.id, row.right.id) not in wanted)


def test_a_tied_structure_stands_as_a_whole_beside_its_parts():
    found = compare(*DEMO)
    whole = next(row for row in found.items if row.left and row.left.role is None)
    assert (whole.left.id, whole.right.id) == DEMO
    members = next(each for each in whole.differences if each.field == "members")
    assert "county/qingpu" in members.left
    assert {"town/dianshanhu", "town/jinxi", "town/zhouzhuang"} <= set(members.right)


def test_places_are_matched_by_id_and_counted_in_the_text():
    found = compare(CITY, DISTRICT)
    lake = next(row for row in found.places if row.key == "lake/dianshan-hu")
    assert lake.where == "both"
    assert lake.left.mentions == count_mentions(lake.key)[CITY]
    keys = [row.key for row in found.places]
    assert len(keys) == len(set(keys))
    structures = compare(*DEMO)
    assert all(naming.mentions is None for row in structures.places for naming in (row.left, row.right) if naming)


def test_a_plan_beside_itself_differs_in_nothing():
    found = compare(DISTRICT, DISTRICT)
    same = [row for row in found.items if row.where == "both" and row.left.id == row.right.id]
    assert {row.left.id for row in same if row.left.role} == {
        each for layer, s in read_structures().items() if s.plan == DISTRICT for each in component_items(layer)
    }
    assert all(not row.differences for row in same)
    assert found.counts["items"]["left"] == found.counts["items"]["right"] == 0
    assert found.counts["places"]["differs"] == 0


def test_a_project_differs_where_its_plans_say_so():
    found = compare(CITY, DISTRICT)
    rows = [row for row in found.items if row.where == "both" and row.left.project]
    assert rows
    for row in rows:
        project = read_projects()[row.left.project]
        ours, theirs = project.of_plan(CITY), project.of_plan(DISTRICT)
        told = {each.field for each in row.differences if not each.one_sided}
        open_status = "unstated" in (ours.status, theirs.status)
        assert ("status" in told) == (ours.status != theirs.status and not open_status)


def test_what_differs_and_what_only_one_says():
    left = item(area_km2=12.5, parts=(Part(key="town/a", name="甲镇", extent="whole"),), lines=(1,))
    right = item(2, area_km2=13.0, parts=(Part(key="town/a", name="甲", extent="part"),), lines=(9,))
    assert fields(compare_items(left, right)) == [
        ("area", ("12.5",), ("13",), False),
        ("extent", ("whole",), ("part",), False),
    ]
    assert fields(compare_items(left, right, same_plan=True))[1] == ("lines", ("1",), ("9",), False)
    silent = item(3)
    assert fields(compare_items(left, silent)) == [
        ("area", ("12.5",), (), True),
        ("members", ("town/a",), (), True),
    ]


def test_names_are_told_but_do_not_make_a_difference():
    found = compare_items(item(), item(2, name_zh="“甲”"))
    assert found == ()
    assert compare_items(item(), item(2, name_zh="乙"))[0] == Difference(field="name", left=("甲",), right=("乙",))


def test_an_open_status_and_an_open_extent_contradict_nothing():
    one = item(status="unstated", parts=(Part(key="a", name="a", extent="unstated"),))
    other = item(2, status="done", parts=(Part(key="a", name="a", extent="whole"),))
    assert all(each.one_sided for each in compare_items(one, other))


@pytest.mark.parametrize("wrong", ["nowhere", "suzhou-15fyp/nothing"])
def test_an_unknown_side_says_what_there_is(wrong):
    with pytest.raises(KeyError, match="expected"):
        compare(wrong, CITY)


def test_pairs_to_offer():
    pairs = list_pairs()
    assert {each.group for each in pairs} == {"city", "period", "tied"}
    city = [each for each in pairs if each.group == "city"]
    assert {each.left for each in city} == {CITY}
    assert {each.right for each in city} == {"wuzhong-14fyp", "snd-14fyp", "kunshan-15fyp"}
    for each in pairs:
        if each.group == "period":
            assert read_plans()[each.left].period[1] < read_plans()[each.right].period[1]
        if each.group == "tied":
            assert compare(each.left, each.right).counts["items"]["both"] > 0


def test_files_hold_every_row():
    found = compare(CITY, DISTRICT)
    table = to_csv((*found.items, *found.places))
    assert table.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
    assert list(rows[0]) == list(FIELDS)
    assert len(rows) == len(found.items) + len(found.places)
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "@"))]
    plain = describe_comparison(found)
    assert len(plain["components"]) == len(found.items)
    assert plain["counts"]["places"]["both"] == sum(row["where"] == "both" for row in plain["places"])
    assert sum(line.startswith(("component ", "place ")) for line in tell_comparison(found)) == len(rows)


def test_command_line():
    run = CliRunner().invoke
    told = run(cli, ["compare", *DEMO])
    assert told.exit_code == 0
    assert "only right" in told.output
    plain = json.loads(run(cli, ["compare", *DEMO, "--format", "json"]).output)
    assert plain["left"]["id"] == DEMO[0]
    rows = list(csv.reader(io.StringIO(run(cli, ["compare", *DEMO, "--format", "csv"]).output)))
    assert len(rows) - 1 == len(plain["components"]) + len(plain["places"])
