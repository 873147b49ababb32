"""The page "places" as a reader uses it; no host but the app can be reached."""

from __future__ import annotations

import csv
import io
import json
from math import hypot

import pytest

from app.places.list import list_places
from app.places.state import PAGE_ROWS, PlacesState
from gazetteer import open_register
from tests.browser.conftest import DESK, LONG_MS, PHONE
from tests.browser.looking import rest

pytestmark = pytest.mark.browser

BOTH = pytest.mark.parametrize("visit", [DESK, PHONE], indirect=True, ids=["desk", "phone"])
SMALL = """() => [...document.querySelectorAll('.atlas-view button, .atlas-view select')]
  .filter((node) => node.offsetParent && node.getBoundingClientRect().height < 43 && !node.closest('.chips'))
  .map((node) => node.outerHTML.slice(0, 90))"""


def rows(visit):
    return visit.page.locator(".places-table tbody tr")


def first(visit, text):
    visit.page.locator(".row-name b").first.get_by_text(text, exact=True).wait_for()


def told(visit, text):
    visit.page.locator(".places_card h2", has_text=text).wait_for()


def counted(visit, count):
    visit.page.locator(".places_bar small", has_text=str(count)).first.wait_for()


def opened(visit, query=""):
    visit.open(f"/places{query}")
    visit.page.locator(".places_bar").wait_for()
    forgive(visit)
    return visit


def forgive(visit):
    """Streamlit asks for its health below the page's own path first, and then at the root."""
    visit.troubles[:] = [each for each in visit.troubles if "status of 404" not in each]


def loneliest(places, among):
    """Return the located place in Suzhou that lies farthest from any other."""
    spots = [place for place in places if place.located]
    choice = [place for place in among if place.located and place.resolution == "suzhou"]
    return max(choice, key=lambda a: min(hypot(a.lon - b.lon, a.lat - b.lat) for b in spots if b is not a))


def bring(visit, name, data):
    visit.page.locator("#tab-batch").click()
    visit.page.locator(".text-open h1").wait_for()
    visit.page.set_input_files(".text-open input[type=file]", {"name": name, "mimeType": "text/csv", "buffer": data})


def saved(visit, button):
    with visit.page.expect_download() as caught:
        visit.page.locator(button).click()
    return caught.value.path().read_bytes()


@BOTH
def test_the_whole_register_is_listed_mapped_and_counted(visit):
    opened(visit)
    whole = list_places(PlacesState(), "zh").shown
    counted(visit, len(whole))
    assert rows(visit).count() == PAGE_ROWS
    assert visit.page.locator("html").get_attribute("lang") == "zh-CN"
    visit.page.locator("#page-last").click()
    visit.page.wait_for_function("n => document.querySelectorAll('.places-table tbody tr').length === n",
                                 arg=(len(whole) - 1) % PAGE_ROWS + 1)  # fmt: skip
    assert "page=" in visit.page.url
    if visit.page.viewport_size == PHONE:
        assert visit.page.evaluate(SMALL) == []
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_search_finds_every_form_and_a_row_shows_its_record(visit):
    opened(visit)
    for typed in ("luzhi", "kunshan", "甪直鎮"):
        visit.page.locator("#atlas-search").fill(typed)
        first(visit, list_places(PlacesState(query=typed), "zh").shown[0].place.name_zh)
    visit.page.locator(".row-name").first.click()
    told(visit, "甪直镇")
    card = visit.page.locator(".places_card").inner_text()
    for wanted in (
        "苏州市",
        "吴中区",
        "镇、街道",
        "120.867",
        "WGS 84",
        "±2 公里",
        "GeoNames",
        "许可",
        "town/luzhi",
        "甬直",
    ):
        assert wanted in card
    visit.page.locator("tr.chosen", has_text="甪直镇").wait_for()
    lon, lat, _ = visit.view()
    assert (lon, lat) == (pytest.approx(120.87, abs=0.1), pytest.approx(31.27, abs=0.1))


def test_filters_narrow_list_and_map_and_can_be_cleared(visit):
    opened(visit)
    visit.page.locator("#places-in").select_option("county/wuzhong")
    counted(visit, len(list_places(PlacesState(district="county/wuzhong"), "zh").shown))
    visit.page.locator("#only-nature").click()
    first(visit, "太湖")
    visit.page.locator("#accuracy-none").uncheck()
    visit.page.locator("#places-by").select_option("wuzhong-14fyp")
    visit.page.locator(".places_panel .told", has_text="清除筛选").wait_for()
    visit.page.wait_for_url("**by=wuzhong-14fyp**")
    rest(visit.page)
    kinds = set(visit.page.locator("td.category").all_inner_texts())
    assert {each.strip() for each in kinds} <= {"湖泊", "河流", "山", "岛"}
    visit.page.locator('.told [data-event="reset"]').click()
    counted(visit, len(open_register().places))


def test_a_point_on_the_map_turns_the_table_and_opens_the_record(visit):
    shown = list_places(PlacesState(), "zh").shown
    place = loneliest([entry.place for entry in shown], [entry.place for entry in shown[PAGE_ROWS:]])
    opened(visit, f"?view={place.lat},{place.lon},15")
    visit.click(place.lon, place.lat)
    told(visit, place.name_zh)
    row = visit.page.locator("tr.chosen", has_text=place.name_zh)
    row.wait_for()

    def in_sight():
        box, frame = row.bounding_box(), visit.page.locator(".places-table .rows").bounding_box()
        return frame["y"] <= box["y"] <= frame["y"] + frame["height"]

    visit.until(in_sight)


def test_a_pasted_address_shows_the_same_list_in_english(visit):
    opened(visit, "?q=taihu&in=county%2Fwuzhong&sort=-name&place=town%2Fluzhi&lang=en&crs=4549")
    told(visit, "Luzhi Town")
    assert "EPSG:4549" in visit.page.locator(".places_card").inner_text()
    assert visit.page.locator("#atlas-search").input_value() == "taihu"
    assert visit.page.locator("#places-in").input_value() == "county/wuzhong"
    assert visit.page.locator('th[aria-sort="descending"]').inner_text().startswith("Name")
    wanted = list_places(PlacesState(query="taihu", district="county/wuzhong", sort="-name"), "en").shown
    assert visit.page.locator(".row-name b").all_inner_texts() == [e.place.name_en for e in wanted][:PAGE_ROWS]


def test_the_keyboard_goes_through_rows_and_pages(visit):
    opened(visit)
    visit.page.locator(".row-name").first.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp"):
        visit.page.keyboard.press(key)
    second = visit.page.locator(".row-name b").nth(1).inner_text()
    visit.page.keyboard.press("Enter")
    told(visit, second)
    visit.page.keyboard.press("Escape")
    told(visit, "选一个地名")
    visit.page.locator(".row-name").first.focus()
    visit.page.keyboard.press("PageDown")
    visit.page.locator(".pager b", has_text="2 /").wait_for()


def test_back_takes_the_last_choice_back(visit):
    opened(visit)
    before = visit.page.locator(".row-name b").nth(1).inner_text()
    visit.page.locator(".row-name").nth(1).click()
    told(visit, before)
    visit.page.locator(".row-name").nth(4).click()
    visit.page.wait_for_function("t => document.querySelector('.places_card h2').innerText !== t", arg=before)
    visit.page.go_back()
    told(visit, before)


def test_a_structure_on_the_card_leads_to_the_map_page(visit):
    opened(visit, "?place=town%2Fluzhi")
    told(visit, "甪直镇")
    visit.page.locator('.places_card [data-event="select"]', has_text="先进制造轴").first.click()
    visit.title("先进制造轴")
    assert "/places" not in visit.page.url
    forgive(visit)


def test_an_unknown_name_says_what_to_do_and_is_text_only(visit):
    opened(visit)
    evil = "<img src=x onerror=alert(1)>"
    visit.page.locator("#atlas-search").fill(evil)
    visit.page.locator(".nothing h2", has_text=evil).wait_for()
    assert visit.page.locator(".places-table img[src=x]").count() == 0
    visit.page.locator("#everywhere").click()
    counted(visit, len(open_register().places))


def test_the_filtered_list_can_be_saved(visit):
    opened(visit, "?q=%E5%A4%AA%E6%B9%96")
    wanted = [entry.place.id for entry in list_places(PlacesState(query="太湖"), "zh").shown]
    counted(visit, len(wanted))
    table = saved(visit, "#save-csv").decode("utf-8-sig")
    assert [row["place_id"] for row in csv.DictReader(io.StringIO(table))] == wanted
    collection = json.loads(saved(visit, "#save-geojson"))
    assert [feature["id"] for feature in collection["features"]] == wanted


@BOTH
def test_a_gbk_table_gets_coordinates_and_says_how_sure(visit):
    opened(visit)
    bring(visit, "名单.csv", "编号;名称\n1;甪直镇\n2;无此地方\n3;lzz\n4;<b>太湖\n5;吴中\n".encode("gbk"))
    visit.page.locator("#batch-run").wait_for()
    assert visit.page.locator("#batch-column option:checked").inner_text() == "名称"
    visit.page.locator("#batch-run").click()
    visit.page.locator("#match-exact b", has_text="1").wait_for()
    counts = visit.page.locator(".places_counts .counts b").all_inner_texts()
    assert counts == ["1", "1", "1", "0", "2"]
    if visit.page.viewport_size == PHONE:
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert visit.page.evaluate(SMALL) == []
    visit.page.locator("#match-doubtful").click()
    visit.page.wait_for_function("document.querySelectorAll('.answers tbody tr').length === 3")
    visit.page.locator(".row-name", has_text="lzz").click()
    told(visit, "甪直镇")
    written = saved(visit, ".st-key-places_save_all button")
    assert written.startswith(b"\xef\xbb\xbf")
    answers = list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"))))
    assert [row["编号"] for row in answers] == ["1", "2", "3", "4", "5"]
    assert [row["match"] for row in answers] == ["exact", "unknown", "fuzzy", "unknown", "alias"]
    assert [bool(row["lon"]) for row in answers] == [True, False, True, False, True]
    forgive(visit)


BAD_TABLES = [
    ("e.csv", b"", "空文件"),
    ("n.csv", b"\n \n", "是空的"),
    ("x.csv", b"PK\x03\x04" + b"\0\x01\x02\x03" * 4000, "另存为 CSV"),
    ("q.csv", 'a\n"甪直\n'.encode() + b"1\n" * 99_999, "引号"),
]


def test_bad_tables_are_told_in_words_and_one_of_200_mb_is_never_sent(visit, tmp_path):
    opened(visit)
    for name, data, says in BAD_TABLES:
        bring(visit, name, data)
        visit.page.locator(".text-open [role=alert]", has_text=says).wait_for()
    with (tmp_path / "huge.csv").open("wb") as stream:
        stream.truncate(200 << 20)
    visit.page.set_input_files(".text-open input[type=file]", tmp_path / "huge.csv")
    visit.page.locator(".text-open .trouble", has_text="最多收 20 MB").wait_for()
    forgive(visit)


def test_a_table_of_a_hundred_thousand_rows_shows_its_progress(visit):
    opened(visit)
    lines = "".join(f"{i},{'甪直镇' if i % 2 else f'某地{i}'}\n" for i in range(100_000))
    bring(visit, "big.csv", f"no,name\n{lines}".encode())
    visit.page.locator("#batch-run").click(timeout=LONG_MS)
    visit.page.locator('[data-testid="stProgress"]', has_text="100,000").wait_for(timeout=LONG_MS)
    visit.page.locator("#match-exact b", has_text="50,000").wait_for(timeout=LONG_MS)
    visit.page.locator(".pager", has_text="100,000").wait_for()
    forgive(visit)


def test_a_pasted_list_needs_no_header(visit):
    opened(visit)
    visit.page.locator("#tab-batch").click()
    visit.page.locator("#places-paste").fill("甪直\n太湖\n")
    visit.page.locator('.text-open [data-event="paste"]').click()
    visit.page.locator("#batch-run").click()
    visit.page.locator(".pager", has_text="1–2").wait_for()
    forgive(visit)
