"""The page "compare" without a browser: state in the address, events, the table, where the maps go."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.compare.desk import CompareDesk, home_bounds, join_bounds, row_key
from app.compare.state import CompareState, read_compare_state, write_compare_state
from app.compare.table import describe_table, filter_rows, page_of
from app.wording import words
from layers.comparing import compare

CITY, DISTRICT = "suzhou-15fyp", "kunshan-15fyp"
SIDES = {CITY, DISTRICT, f"{CITY}/suzhou-demo-zone"}


class Bare:
    """What the desk asks of a library: bounds only."""

    components: dict = {}  # noqa: RUF012
    cards: dict = {}  # noqa: RUF012
    manifest = {  # noqa: RUF012
        "plans": {CITY: {"bounds": [119.9, 30.7, 121.4, 32.1]}, DISTRICT: {"bounds": [120.8, 31.1, 121.2, 31.6]}}
    }


def read(**query):
    return read_compare_state(query, sides=SIDES, default=(CITY, DISTRICT), places={"town/luzhi"})


def write(state):
    return write_compare_state(state, lang="zh", default_lang="zh", crs="wgs84", default_crs="wgs84")


def desk(**more):
    return CompareDesk(state=replace(CompareState(left=CITY, right=DISTRICT), **more))


@pytest.mark.parametrize(
    "state",
    [
        CompareState(left=CITY, right=DISTRICT),
        CompareState(left=f"{CITY}/suzhou-demo-zone", right=CITY, mode="swipe", swipe=17, show="differs", page=3),
        CompareState(left=CITY, right=CITY, tab="places", query="湖", place="town/luzhi"),
        CompareState(left=CITY, right=DISTRICT, kind="projects", chosen="a/b#1~"),
    ],
)
def test_the_address_brings_the_state_back(state):
    assert read(**write(state)) == state


def test_nonsense_in_the_address_falls_back():
    state = read(
        left="x", right="../..", mode="3d", swipe="999", tab="?", show="most", page="-1", sel="none", place="x"
    )
    assert state == CompareState(left=CITY, right=DISTRICT)


def test_another_side_clears_what_was_chosen_and_flies_there():
    page = desk(page=2, chosen="a~b", query="x", show="left")
    page.answer({"type": "swap"}, Bare())
    assert (page.state.left, page.state.right) == (DISTRICT, CITY)
    assert (page.state.page, page.state.chosen, page.state.query, page.state.show) == (0, "", "", "all")
    assert page.flight is not None
    assert page.flight.bounds == Bare.manifest["plans"][DISTRICT]["bounds"]


def test_an_unknown_side_and_an_empty_structure():
    page = desk()
    page.answer({"type": "left", "value": "nowhere/at-all"}, Bare())
    assert page.state.left == CITY
    page.state = replace(page.state, left=f"{CITY}/suzhou-demo-zone")
    page.answer({"type": "left", "value": ""}, Bare())
    assert page.state.left == CITY


def test_a_click_on_one_map_chooses_the_row_of_both():
    page = desk()
    row = next(row for row in page.comparison.items if row.where == "both" and "#" in row.right.id)
    page.answer({"type": "right_select", "fid": row.right.id}, Bare())
    assert page.row is not None
    assert page.row.right.id == row.right.id
    assert page.row.left is not None
    page.answer({"type": "right_select", "fid": "no/such#1"}, Bare())
    assert page.row.right.id == row.right.id


def test_the_same_row_again_lets_go():
    page = desk()
    key = row_key(page.comparison.items[0])
    page.answer({"type": "row", "value": key}, Bare())
    assert page.state.chosen == key
    page.answer({"type": "row", "value": key}, Bare())
    assert page.state.chosen == ""


def test_filters_and_counts_agree():
    found = compare(CITY, DISTRICT).counts["items"]
    for show, wanted in (("both", found["both"]), ("differs", found["differs"]), ("left", found["left"])):
        rows, counts = filter_rows(desk(show=show))
        assert len(rows) == wanted == counts["items"][show]
    projects, _ = filter_rows(desk(kind="projects"))
    structures, _ = filter_rows(desk(kind="structures"))
    everything, _ = filter_rows(desk())
    assert len(projects) + len(structures) == len(everything)


def test_search_looks_at_names_and_members():
    rows, _ = filter_rows(desk(query="阳澄湖"))
    assert rows
    for row in rows:
        told = [item.name_zh for item in row.items] + [part.name for item in row.items for part in item.parts]
        assert any("阳澄湖" in each for each in told)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_table_of_places_says_who_names_what(lang):
    table = describe_table(desk(tab="places", show="both"), Bare(), words(lang))
    assert table["rows"]
    assert all(None not in row["cells"] for row in table["rows"])
    assert {row["where"] for row in table["rows"]} == {"both"}


def test_the_table_turns_to_the_chosen_row():
    page = desk()
    last = page.comparison.items[-1]
    page.state = replace(page.state, chosen=row_key(last))
    assert page_of(page) == (len(page.comparison.items) - 1) // 50
    page.state = replace(page.state, show="both")
    assert page_of(page) is None


def test_bounds():
    assert home_bounds(compare(CITY, DISTRICT), Bare()) == Bare.manifest["plans"][DISTRICT]["bounds"]
    assert join_bounds([[1, 2, 3, 4], None, [0, 3, 2, 9]]) == [0, 2, 3, 9]
    assert join_bounds([None]) is None
