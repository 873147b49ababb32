"""The page "places" without a browser: address, filters, search, files, what events do, the batch."""

import csv
import io
import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from app.library import open_library
from app.markup import render
from app.places.batch import Batch, guess_column
from app.places.card import describe_record
from app.places.desk import PlacesDesk
from app.places.files import FIELDS, places_to_csv, places_to_geojson
from app.places.list import districts, entries, list_places
from app.places.map import place_points
from app.places.state import (
    ACCURACIES,
    CATEGORIES,
    NO_PLAN,
    OUTSIDE,
    PAGE_ROWS,
    SORTS,
    PlacesState,
    read_places_state,
    write_places_state,
)
from app.places.table import describe_answers, describe_list, short_accuracy
from app.text.families import families_by_category
from app.wording import FOLDER, LANGUAGES
from app.wording import words as words_of
from gazetteer import open_register
from gazetteer.attested import count_mentions, count_names
from gazetteer.batch import DOUBTFUL, MATCHES, geocode_table, read_table

PLAN = "wuzhong-14fyp"
WORDS = words_of("zh")


def names(state):
    return [entry.place.name_zh for entry in list_places(state, "zh").shown]


def read(query):
    register = open_register()
    return read_places_state(query, places=register.places, districts=districts(), plans=register.contexts)


# ------------ address


@pytest.mark.parametrize(
    "state",
    [
        PlacesState(),
        PlacesState(query="太湖 &=#?", hidden=("rail", "road"), district="county/wuzhong", plan=PLAN, sort="-accuracy"),
        PlacesState(unshown=("coarse", "none"), page=3, place="town/luzhi", tab="batch", plan=NO_PLAN),
        PlacesState(hidden=CATEGORIES, unshown=tuple(ACCURACIES), district=OUTSIDE),
    ],
)
def test_what_is_copied_from_the_address_is_the_same_list(state):
    query = write_places_state(state, lang="zh", default_lang="zh", crs="wgs84", default_crs="wgs84")
    assert read(query) == state
    assert all(query.values())


def test_an_address_that_makes_no_sense_gives_the_default():
    nonsense = {"in": "county/atlantis", "by": "nope", "sort": "x", "page": "0", "place": "no/place", "tab": "x"}
    assert read(nonsense) == PlacesState()
    assert read({"cat": "nope"}).hidden == CATEGORIES
    assert len(read({"q": "长" * 500}).query) == 80
    assert read({"page": "-5"}).page == read({"page": "99999999999"}).page == 0


# ------------ list


@pytest.mark.parametrize(
    "query", ["甪直镇", "甪直", "甪直鎮", "Luzhi", "luzhi", "lu zhi zhen", "Luzhi Town", "lzz", "角直", "　甪直 "]
)
def test_every_way_to_write_a_name_finds_it_first(query):
    assert names(PlacesState(query=query))[0] == "甪直镇"


def test_an_unknown_name_finds_nothing():
    assert names(PlacesState(query="亚特兰蒂斯")) == []


def test_all_places_are_listed_once_and_every_choice_counts_what_it_shows():
    listing = list_places(PlacesState(), "zh")
    assert len(listing.shown) == listing.found == len(open_register().places)
    assert listing.districts.total() == listing.accuracies.total() == listing.categories.total() == listing.found
    for district in districts():
        assert len(names(PlacesState(district=district))) == listing.districts[district] > 0
    for plan in (*open_register().contexts, NO_PLAN):
        assert len(names(PlacesState(plan=plan))) == listing.plans[plan]
    for accuracy in ACCURACIES:
        others = tuple(each for each in ACCURACIES if each != accuracy)
        assert len(names(PlacesState(unshown=others))) == listing.accuracies[accuracy]


def test_counts_of_a_filter_keep_to_the_other_filters():
    state = PlacesState(district="county/wuzhong", hidden=("station",), query="太湖")
    listing = list_places(state, "zh")
    assert listing.categories["station"] == len(
        [1 for entry in list_places(replace(state, hidden=()), "zh").shown if entry.place.category == "station"]
    )
    assert listing.categories.total() - listing.categories["station"] == len(listing.shown)
    assert sum(listing.districts.values()) > len(listing.shown)


def test_districts_hold_what_lies_in_them():
    everything = entries()
    assert everything["town/luzhi"].district == "county/wuzhong"
    assert everything["county/wuzhong"].district == "county/wuzhong"
    assert everything["city/suzhou"].district == "whole"
    assert everything["city/beijing"].district == OUTSIDE
    assert {"none"} == {entry.accuracy for entry in everything.values() if not entry.place.located}


@pytest.mark.parametrize("sort", SORTS)
def test_each_sort_orders_and_turns_round(sort):
    up, down = list_places(PlacesState(sort=sort), "zh").shown, list_places(PlacesState(sort=f"-{sort}"), "zh").shown
    assert {entry.place.id for entry in up} == {entry.place.id for entry in down} == set(entries())
    if sort == "accuracy":
        known = [entry.place.accuracy_m for entry in up if entry.place.accuracy_m is not None]
        assert known == sorted(known)
        assert up[-1].place.accuracy_m is None
    if sort == "name":
        assert [entry.place.pinyin for entry in down] == sorted((e.place.pinyin for e in down), reverse=True)
    if sort == "plans":
        assert len(up[0].mentions) == 5
        assert not down[0].mentions


def test_a_short_name_is_counted_for_the_place_that_it_means():
    assert sum(count_mentions("lake/tai-hu").values()) > 50
    assert "太湖" not in str(count_mentions("town/taihu-jiedao").keys())
    assert count_names({"吴中": 12, "吴中区": 9}) == 12
    assert count_names({"太湖": 3, "具区": 2}) == 5


# ------------ map, table, card


def test_points_are_the_located_places_in_form_and_colour_of_their_family():
    places = [entry.place for entry in list_places(PlacesState(), "zh").shown]
    points = place_points(places, WORDS)
    assert len(points) == sum(place.located for place in places)
    assert [point["n"] for point in points] == sorted((point["n"] for point in points), reverse=True)
    pairs = {(point["sh"], point["f"]) for point in points}
    assert len(pairs) == len({shape for shape, _ in pairs}) == len({ink for _, ink in pairs}) == 6
    lake = next(point for point in points if point["id"] == "lake/tai-hu")
    assert lake["sh"] == families_by_category()["lake"].symbol


def test_a_table_has_fifty_rows_a_page_and_the_last_page_the_rest():
    state = PlacesState(place="town/luzhi")
    shown = list_places(state, "zh").shown
    last = (len(shown) - 1) // PAGE_ROWS
    rows = [describe_list(shown, replace(state, page=page), WORDS)["rows"] for page in range(last + 1)]
    assert {len(page) for page in rows[:-1]} == {PAGE_ROWS}
    assert sum(map(len, rows)) == len(shown)
    assert describe_list(shown, replace(state, page=99_999), WORDS)["pages"]["page"] == last
    assert [row["id"] for page in rows for row in page if row["chosen"]] == ["town/luzhi"]


def test_accuracy_in_few_characters():
    places = open_register().places
    assert short_accuracy(places["town/luzhi"], WORDS) == "±2 km"
    assert short_accuracy(places["lake/tai-hu"], WORDS) == "±500 m"
    assert (
        short_accuracy(next(p for p in places.values() if p.resolution == "abstract" and not p.located), WORDS)
        == "无定点"
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_record_has_a_card_that_tells_where_it_comes_from(lang):
    from app.address import State  # noqa: PLC0415

    words, state = words_of(lang), State(plan=PLAN, layers=())
    # A place in ten, of every category: a card looks up all that the plans say.
    for place in list(open_register().places.values())[::10]:
        record = describe_record(place, open_library(), words, state=state)
        assert bool(record["coordinates"]) == place.located
        assert record["sources"] or not place.source, place.id
        assert all(source["title"] and source["licence"] for source in record["sources"])
    card = render("places/card", words=words, record=record)
    assert place.id in card
    assert words("places.provenance") in card


def test_the_cards_coordinates_are_in_the_chosen_system():
    from app.address import State  # noqa: PLC0415

    place = open_register().places["town/luzhi"]
    told = {
        crs: describe_record(place, open_library(), WORDS, state=State(plan=PLAN, layers=(), crs=crs))["coordinates"]
        for crs in ("wgs84", "4490", "4549", "gcj02")
    }
    assert told["wgs84"].startswith("120.8676")
    assert "EPSG:4549" in told["4549"]
    assert "GCJ-02" in told["gcj02"]
    assert told["gcj02"][:9] != told["wgs84"][:9]


def test_templates_escape_everything():
    evil = '<img src=x onerror="alert(1)">'
    batch = Batch()
    batch.bring(f"{evil}.csv", f"{evil},地名\n{evil},太湖\n{evil},{evil}\n")
    batch.finish(geocode_table(batch.table, column=1))
    pages = [
        render("places/answers", words=WORDS, **describe_answers(batch, "", WORDS)),
        render("places/list", words=WORDS, state=PlacesState(query=evil), found=0,
               **describe_list([], PlacesState(), WORDS)),
        render("places/batch", words=WORDS, table=batch.table, columns=[evil], chosen=0, preview=batch.table.rows,
               plans=[], facts="", uneven=""),
    ]  # fmt: skip
    for page in pages:
        assert "<img src=x" not in page
        assert "&lt;img" in page


# ------------ files


def test_the_list_as_csv_has_a_mark_every_field_and_no_formula():
    shown = list_places(PlacesState(district="county/wuzhong"), "zh").shown
    text = places_to_csv(shown)
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text[1:])))
    assert tuple(rows[0]) == FIELDS
    assert [row["place_id"] for row in rows] == [entry.place.id for entry in shown]
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "@", "＝"))]
    luzhi = next(row for row in rows if row["place_id"] == "town/luzhi")
    assert (luzhi["parent_name"], luzhi["accuracy_m"], luzhi["source"]) == ("吴中区", "2000.0", "geonames")
    assert luzhi["source_title"]
    assert luzhi["licence"]


def test_the_list_as_geojson_is_rfc_7946():
    shown = list_places(PlacesState(query="太湖"), "zh").shown
    collection = json.loads(places_to_geojson(shown))
    assert set(collection) == {"type", "features"}
    assert len(collection["features"]) == len(shown)
    for feature, entry in zip(collection["features"], shown, strict=True):
        assert feature["id"] == feature["properties"]["place_id"] == entry.place.id
        if entry.place.located:
            lon, lat = feature["geometry"]["coordinates"]
            assert feature["geometry"]["type"] == "Point"
            assert (lon, lat) == (round(entry.place.lon, 6), round(entry.place.lat, 6))
        else:
            assert feature["geometry"] is None


# ------------ events


def test_events_filter_and_go_back_to_the_first_page():
    desk = PlacesDesk(state=PlacesState(page=4))
    events = {"in": "county/wuzhong", "by": PLAN, "search": "太湖", "category": "lake", "accuracy": "none"}
    for kind, value in events.items():
        desk.answer({"type": kind, "value": value})
    assert desk.state == PlacesState(
        query="太湖", district="county/wuzhong", plan=PLAN, hidden=("lake",), unshown=("none",)
    )
    assert desk.flight == "county/wuzhong"
    desk.answer({"type": "category", "value": "lake"})
    desk.answer({"type": "only", "value": "nature"})
    assert {"lake", "river"}.isdisjoint(desk.state.hidden)
    assert "town" in desk.state.hidden
    desk.answer({"type": "reset"})
    assert desk.state == PlacesState(query="太湖")


def test_a_sort_turns_and_ends():
    desk, seen = PlacesDesk(), []
    for _ in range(3):
        desk.answer({"type": "sort", "value": "accuracy"})
        seen.append(desk.state.sort)
    assert seen == ["accuracy", "-accuracy", "fit"]


def test_a_point_on_the_map_turns_the_table_to_its_row():
    desk = PlacesDesk()
    shown = [entry.place.id for entry in list_places(PlacesState(), "zh").shown]
    desk.answer({"type": "point", "value": shown[PAGE_ROWS * 7 + 3]})
    assert (desk.state.page, desk.state.place, desk.go) == (7, shown[PAGE_ROWS * 7 + 3], 1)
    assert desk.flight == ""
    desk.answer({"type": "place", "value": shown[0]})
    assert (desk.state.place, desk.flight) == (shown[0], shown[0])


def test_enter_takes_the_first_place_found_and_nonsense_changes_nothing():
    desk = PlacesDesk()
    desk.answer({"type": "search_first", "value": "甪直"})
    assert desk.state.place == "town/luzhi"
    before = desk.state
    for kind in ("place", "point", "page", "in", "by", "sort", "tab", "column", "run", "match", "accuracy", "nope"):
        desk.answer({"type": kind, "value": "-1"})
    desk.answer({})
    assert desk.state == before
    assert desk.batch.table is None


def test_an_empty_result_has_a_way_out():
    desk = PlacesDesk(state=PlacesState(query="甪直", district="county/changshu"))
    assert not list_places(desk.state, "zh").shown
    desk.answer({"type": "everywhere"})
    assert desk.state == PlacesState(query="甪直")
    desk.answer({"type": "search", "value": "亚特兰蒂斯"})
    desk.answer({"type": "everywhere"})
    assert desk.state == PlacesState()


# ------------ batch


def test_a_batch_from_file_to_doubtful_rows():
    desk = PlacesDesk(state=PlacesState(tab="batch"))
    batch = desk.batch
    batch.bring("names.csv", "编号;名称\n1;甪直镇\n2;无此地方\n3;lzz\n4;太湖\n".encode("gb18030"))
    assert (batch.table.encoding, batch.column) == ("GB18030", 1)
    desk.answer({"type": "batch_plan", "value": PLAN})
    desk.answer({"type": "run"})
    assert batch.asked
    batch.finish(geocode_table(batch.table, column=batch.column, plan=batch.plan))
    assert [row + 1 for row in batch.rows()] == [1, 2, 3, 4]
    assert [place.id for place in batch.places()] == ["town/luzhi", "lake/tai-hu"]
    desk.answer({"type": "doubtful"})
    assert batch.shown == tuple(match for match in MATCHES if match in DOUBTFUL)
    assert [row + 1 for row in batch.rows()] == [2, 3]
    desk.answer({"type": "match", "value": "unknown"})
    assert [row + 1 for row in batch.rows()] == [3]
    desk.answer({"type": "doubtful"})
    desk.answer({"type": "doubtful"})
    assert batch.shown == MATCHES
    desk.answer({"type": "back"})
    assert batch.answered is None
    assert batch.table is not None
    desk.answer({"type": "again"})
    assert batch.table is None


def test_a_header_can_be_told_apart_from_a_first_name():
    batch = Batch()
    batch.bring("list", "甪直\n太湖\n")
    assert (batch.table.has_header, len(batch.table.rows)) == (False, 2)
    batch.answer("header", "")
    assert (batch.table.columns, len(batch.table.rows)) == (("甪直",), 1)


def test_bad_tables_have_a_message_in_every_language():
    for content in (
        b"",
        b"\x89PNG\r\n\x1a\n\0\0\0\r" + bytes(range(256)) * 9,
        b",,\n1,2\n",
        b'a\n"b' + b"\n1" * 99_999,
    ):
        batch = Batch()
        batch.bring("bad.csv", content)
        assert batch.table is None
        for lang in LANGUAGES:
            assert words_of(lang)(f"places.bad.{batch.error.kind}", line=1, most=20)


def test_the_column_with_known_names_is_guessed():
    assert guess_column(read_table("a,b,c\nx,1,太湖\ny,2,甪直\n")) == 2
    assert guess_column(read_table("a,b\nx,1\n")) == 0


def test_every_text_of_the_page_is_used_and_in_both_languages():
    tables = [
        tomllib.loads((FOLDER / lang / "places.toml").read_text(encoding="utf-8"))["places"] for lang in LANGUAGES
    ]
    assert tables[0].keys() == tables[1].keys()
    root = Path(__file__).parents[2] / "app"
    files = [*root.glob("places/*.*"), root / "templates" / "pager.html", root / "map" / "card.html"]
    sources = "".join(path.read_text(encoding="utf-8") for path in files)
    keys = [key for key, value in tables[0].items() if not isinstance(value, dict) and not key.startswith("tab_")]
    assert [key for key in keys if f"places.{key}" not in sources and f'"{key}"' not in sources] == []
