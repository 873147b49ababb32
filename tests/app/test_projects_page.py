"""The page "projects" without a browser: address, districts, filters, distances, chart, card, files, what events do."""

import csv
import io
import json
import re

import pytest
import shapely

from app.library import open_library
from app.markup import render
from app.projects.card import describe_project_record
from app.projects.chart import describe_chart
from app.projects.desk import ProjectsDesk, kinds_of_groups
from app.projects.files import FIELDS, projects_to_csv, projects_to_geojson
from app.projects.list import accuracy_of, distances_from, list_projects, project_districts, project_entries
from app.projects.map import entry_of, middle_of
from app.projects.panel import describe_projects_panel
from app.projects.state import (
    KINDS,
    NEAR_KM,
    STATUSES,
    WHOLE,
    ProjectsState,
    read_projects_state,
    write_projects_state,
)
from app.projects.table import describe_projects
from app.projects.themes import read_looks
from app.wording import words as words_of
from gazetteer import open_register
from layers.catalogue import read_plans
from layers.projects import read_groups, read_projects

WORDS = words_of("zh")
STATION = "station/suzhou-bei"
HAN = re.compile("[\u4e00-\u9fff]")
CITY, SND = "suzhou-15fyp", "snd-14fyp"


def ids(**filters):
    return [entry.project.id for entry in list_projects(ProjectsState(**filters), "zh").shown]


def read(query):
    return read_projects_state(
        query, projects=read_projects(), places=open_register().places, districts=project_districts(),
        plans=read_plans(),
    )  # fmt: skip


@pytest.mark.parametrize(
    "state",
    [
        ProjectsState(),
        ProjectsState(query="高铁 &=#?", hidden=("metro", "trade"), unshown=("done",), plan=CITY, without=SND),
        ProjectsState(district="county/huqiu", near=STATION, km=10, sort="-status", page=2, tab="chart", stack="plan"),
        ProjectsState(hidden=KINDS, unshown=STATUSES, district=WHOLE, project="rail/tong-su-jia-yong"),
    ],
)
def test_what_is_copied_from_the_address_is_the_same_board(state):
    query = write_projects_state(state, lang="zh", default_lang="zh", crs="wgs84", default_crs="wgs84")
    assert read(query) == state


def test_an_address_that_makes_no_sense_gives_the_default():
    nonsense = {"by": "x", "not": "y", "in": "county/atlantis", "near": "no/place", "km": "3", "sort": "z", "page": "0"}
    assert read(nonsense) == ProjectsState()
    assert read({"by": CITY, "not": CITY}).without == ""
    assert read({"near": STATION, "km": "99999"}).km == NEAR_KM


def test_every_project_is_listed_once_and_every_choice_counts_what_it_shows():
    listing = list_projects(ProjectsState(), "zh")
    assert [entry.project.id for entry in listing.shown] == list(read_projects())
    for plan in read_plans():
        assert len(ids(plan=plan)) == listing.plans[plan]
        assert len(ids(without=plan)) == listing.without[plan] == len(read_projects()) - listing.plans[plan]
    for district in project_districts():
        assert len(ids(district=district)) == listing.districts[district] > 0
    for status in STATUSES:
        assert len(ids(unshown=tuple(each for each in STATUSES if each != status))) == listing.statuses[status]
    assert listing.kinds.total() == len(listing.shown)
    assert sorted(kind for _, kinds in kinds_of_groups() for kind in kinds) == sorted(KINDS)


def test_a_status_is_that_of_the_chosen_plan():
    # Under construction in the city's plan, sought in the district's.
    only = tuple(each for each in STATUSES if each != "sought")
    assert "rail/tong-su-jia-yong" in ids(unshown=only)
    assert "rail/tong-su-jia-yong" not in ids(unshown=only, plan=CITY)


def test_which_projects_lie_within_two_kilometres_of_a_station():
    near = ids(near=STATION)
    assert {"hub/suzhou-bei", "rail/tong-su-jia-yong"} <= set(near)
    off = distances_from(STATION)
    assert [off[each] for each in near] == sorted(off[each] for each in near)
    assert all(off[each] <= 2000.0 for each in near)
    others = [entry for key, entry in project_entries().items() if key not in near and entry.located]
    assert all(off[entry.project.id] > 2000.0 for entry in others)
    listing = list_projects(ProjectsState(near=STATION), "zh")
    assert listing.nowhere == sum(not entry.located for entry in project_entries().values()) > 0
    assert listing.reach == sum(off[e.project.id] - 2000.0 <= accuracy_of(e) for e in others) > 0
    assert len(ids(near=STATION, km=20)) > len(near)


def test_distances_to_a_place_with_an_outline_are_to_its_edge():
    off = distances_from("county/huqiu")
    assert {key for key, metres in off.items() if metres == 0} >= set(ids(district="county/huqiu")) & {
        key for key, entry in project_entries().items() if entry.located
    }


def test_what_the_city_builds_in_a_district_that_the_districts_own_plan_does_not_list():
    found = ids(plan=CITY, without=SND, district="county/huqiu")
    assert found
    for each in found:
        entry = project_entries()[each]
        assert CITY in entry.fids
        assert SND not in entry.fids
        assert "county/huqiu" in entry.districts
    assert not set(found) & set(ids(plan=SND))


def test_districts_come_from_the_ground_the_members_or_the_plans_own_area():
    entries = project_entries()
    counties = {place.id for place in open_register().places.values() if place.category == "county"}
    assert {each for entry in entries.values() for each in entry.districts} <= {*counties, WHOLE, "outside"}
    supposed = [entry for entry in entries.values() if not entry.stated]
    assert supposed
    assert not any(entry.located for entry in supposed)
    assert "county/xiangcheng" in entries["hub/suzhou-bei"].districts


@pytest.mark.parametrize("typed", ["通苏嘉甬", "tongsujiayong", "Nantong–Suzhou", "北沿江"])
def test_a_search_looks_at_names_pinyin_english_and_what_other_plans_write(typed):
    wanted = "rail/hu-yu-rong" if typed == "北沿江" else "rail/tong-su-jia-yong"
    assert wanted in ids(query=typed)
    assert ids(query="亚特兰蒂斯") == []


@pytest.mark.parametrize("sort", ["name", "kind", "status", "district", "plans", "distance"])
def test_each_sort_turns_round(sort):
    up, down = ids(sort=sort, near=STATION, km=20), ids(sort=f"-{sort}", near=STATION, km=20)
    assert set(up) == set(down)
    assert up != down


def test_the_table_holds_a_page_and_says_distances_only_where_a_place_is_asked_for():
    state = ProjectsState(near=STATION)
    table = describe_projects(list_projects(state, "zh"), state, WORDS)
    assert [head["id"] for head in table["heads"]][4] == "distance"
    assert table["rows"][0]["distance"] == WORDS("projects.here")
    html = render("projects/list", words=WORDS, state=state, found=1, **table)
    assert html.count("<tr data-event") == len(table["rows"])
    plain = describe_projects(list_projects(ProjectsState(), "zh"), ProjectsState(), WORDS)
    assert "distance" not in [head["id"] for head in plain["heads"]]
    assert len(plain["rows"]) == 50
    empty = ProjectsState(query="亚特兰蒂斯")
    nothing = describe_projects(list_projects(empty, "zh"), empty, WORDS)
    assert "nothing" in render("projects/list", words=WORDS, state=empty, found=0, **nothing)


@pytest.mark.parametrize("stack", ["theme", "plan"])
def test_the_chart_counts_what_each_plan_says(stack):
    state = ProjectsState(stack=stack)
    chart = describe_chart(list_projects(state, "zh").shown, state, WORDS)
    assert chart["total"] == sum(len(project.attestations) for project in read_projects().values())
    assert chart["total"] == sum(row["total"] for row in chart["rows"])
    for row in chart["rows"]:
        assert sum(row["numbers"]) == sum(bar["count"] for bar in row["bars"]) == row["total"]
        assert all(bar["x"] + bar["width"] <= 100.02 for bar in row["bars"])
    patterns = [piece["pattern"] for piece in chart["pieces"]]
    assert len(set(patterns)) == len(patterns)
    assert "url(#piece-" in render("projects/chart", words=WORDS, **chart)


def test_every_group_has_a_look():
    assert {group.theme for group in read_groups().values()} == set(read_looks())


def test_the_card_tells_every_attestation_and_the_differences():
    library = open_library()
    record = describe_project_record(project_entries()["rail/tong-su-jia-yong"], library, WORDS, near=STATION)
    assert len(record["told"]) == 3
    assert {tuple(row["values"]) for pair in record["differences"] for row in pair["rows"]} >= {("在建", "争取中")}
    html = render("projects/card", words=WORDS, record=record)
    assert all(word in html for word in ("续建", "争取", "行", "距苏州北站"))
    for entry in project_entries().values():
        render("projects/card", words=WORDS, record=describe_project_record(entry, library, WORDS, near=""))


def test_nothing_of_a_project_stays_chinese_in_english_but_the_plans_own_words():
    library, english = open_library(), words_of("en")
    left = []
    for entry in project_entries().values():
        record = describe_project_record(entry, library, english, near="")
        told = [record["name"], record["kind"], record["group"], *(value for _, value in record["facts"])]
        told += [each["plan"] + each["printed"] + each["note"] + each["how"] for each in record["told"]]
        # The plan's own word of the status is quoted beside ours.
        told += [value for each in record["told"] for _, value in each["facts"] if "the plan's word" not in value]
        told += [value for pair in record["differences"] for row in pair["rows"] for value in row["values"]]
        left += [(entry.project.id, text) for text in told if HAN.search(text)]
    assert left == []


def test_the_files_hold_a_row_for_each_plan_that_names_a_project():
    library, state = open_library(), ProjectsState(near=STATION)
    shown = list_projects(state, "zh").shown
    rows = list(csv.DictReader(io.StringIO(projects_to_csv(shown, state, library).removeprefix("\ufeff"))))
    assert len(rows) == sum(len(entry.fids) for entry in shown)
    assert tuple(rows[0]) == FIELDS
    assert {row["near"] for row in rows} == {STATION}
    found = json.loads(projects_to_geojson(shown, state, library))
    assert [feature["id"] for feature in found["features"]] == [row["id"] for row in rows]
    for feature in found["features"]:
        if feature["geometry"] is not None:
            west, south, east, north = shapely.geometry.shape(feature["geometry"]).bounds
            assert 119 < west <= east < 122.5
            assert 30 < south <= north < 33
    unlocated = [entry for entry in project_entries().values() if not entry.located][:1]
    nowhere = json.loads(projects_to_geojson(unlocated, state, library))
    assert nowhere["features"][0]["geometry"] is None


def test_a_spot_on_a_drawing_lies_on_it():
    library = open_library()
    entry = project_entries()["hub/suzhou-bei"]
    lon, lat = middle_of(entry.features[entry.drawn_in("")][0])
    west, south, east, north = library.components[entry.fids[entry.drawn_in("")]]["bounds"]
    assert west - 0.001 <= lon <= east + 0.001
    assert south - 0.001 <= lat <= north + 0.001
    assert entry_of(entry.fids[CITY]) == "hub/suzhou-bei"
    assert entry_of("no#1") == ""


def test_events_narrow_the_board_and_nonsense_changes_nothing():
    desk = ProjectsDesk()
    for kind, value in (("near_text", "苏州北站"), ("km", "5"), ("by", CITY), ("not", SND), ("only", "hub")):
        desk.answer({"type": kind, "value": value})
    assert desk.state.near == STATION
    assert (desk.state.km, desk.state.plan, desk.state.without) == (5, CITY, SND)
    assert {entry.project.group for entry in list_projects(desk.state, "zh").shown} == {"hub"}
    assert desk.take_flight(open_library()) is not None
    before = desk.state
    for kind in ("by", "not", "in", "km", "kind", "status", "sort", "project", "near", "tab", "stack", "bar", "x"):
        desk.answer({"type": kind, "value": "nonsense"})
    assert desk.state == before
    desk.answer({"type": "not", "value": CITY})
    assert desk.state.without == SND
    desk.answer({"type": "near_text", "value": "亚特兰蒂斯"})
    assert (desk.state.near, desk.unknown) == ("", "亚特兰蒂斯")
    assert describe_projects_panel(desk, WORDS)["unknown"] == "亚特兰蒂斯"
    desk.answer({"type": "everything", "value": ""})
    assert desk.state == ProjectsState()
    desk.answer({"type": "bar", "value": "sought"})
    assert {each.status for e in list_projects(desk.state, "zh").shown for each in e.project.attestations} >= {"sought"}


def test_a_point_on_the_map_turns_the_table_to_its_page():
    desk = ProjectsDesk()
    last = list_projects(desk.state, "zh").shown[-1].project.id
    desk.answer({"type": "point", "value": last})
    assert desk.state.page == (len(read_projects()) - 1) // 50
    assert desk.take_flight(open_library()) is None
