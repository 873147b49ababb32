"""The map page as a reader uses it."""

from __future__ import annotations

import itertools
import json
import time
from urllib.parse import quote, unquote

import pytest

from app.library import Library
from geodata.crs import project, wgs84_to_gcj02
from layers.web.cache import MANIFEST, web_folder
from tests.browser.conftest import AXIS, DESK, HEADLINE, LONG_MS, PHONE
from tests.browser.looking import rest

pytestmark = pytest.mark.browser

WUZHONG = "/?plan=wuzhong-14fyp"
LUZHI = (120.83, 31.24)
"""Inside 甪直镇, which the axis takes in whole."""
OPEN_WATER = (120.25, 31.02)
OTHER = "wuzhong-14fyp/wuzhong-twin-bays"
PIXELS = """
const pixels = (c) => c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
const canvases = [...document.querySelectorAll('canvas')];
"""
COLOURS = f"""() => {{ {PIXELS}
  const seen = new Set();
  for (const canvas of canvases) {{
    const d = pixels(canvas);
    for (let i = 0; i < d.length; i += 4000) seen.add([d[i] >> 4, d[i + 1] >> 4, d[i + 2] >> 4].join());
  }}
  return seen.size;
}}"""
DARK = f"""() => {{ {PIXELS}
  let dark = 0;
  pixels(canvases[0]).forEach((value, i) => {{ if (i % 4 === 0 && value < 130) dark += 1; }});
  return dark;
}}"""
"""Pixels of the base map as dark as its boundaries are."""
SMALL = """() => [...document.querySelectorAll('.atlas-view button, .atlas-view select, .st-key-actions button')]
  .filter((node) => node.offsetParent && node.getBoundingClientRect().height < 43)
  .map((node) => node.outerHTML.slice(0, 90))"""


def test_first_screen_shows_city_and_headline_structure(visit):
    visit.open()
    visit.drawn(HEADLINE["suzhou-15fyp"])
    names = visit.map.evaluate("atlas.names")
    assert {"太湖", "昆山市", "吴江区"} <= set(names)
    # The canvas holds more than one colour: land, water and belts.
    colours = visit.map.evaluate(COLOURS)
    assert colours > 12
    assert visit.page.locator(".panel .component").count() == 4
    assert "不得公开" in visit.page.locator(".panel .notice").inner_text()


def test_a_file_that_does_not_come_is_told_and_asked_for_again_now_and_then(visit):
    asked = []

    def refuse(route):
        asked.append(time.monotonic())
        route.fulfill(status=503)

    files = "**/wuzhong-14fyp_wuzhong-twin-bays-1*.json"
    visit.page.route(files, refuse)
    # A script of the map's own page that does not come is asked for again with that page.
    visit.page.route("**/leaflet.js", lambda route: route.abort(), times=1)
    visit.page.goto(f"{visit.address}{WUZHONG}&layers={quote(OTHER)}")
    told = visit.page.frame_locator("iframe").locator(".ends")
    told.get_by_text("正在重试").wait_for()
    visit.until(lambda: len(asked) > 1)
    assert min(later - sooner for sooner, later in itertools.pairwise(asked)) > 1
    visit.page.unroute(files)
    visit.drawn(OTHER)
    told.wait_for(state="hidden")
    expected = ("503", "ERR_FAILED", "L is not defined")
    visit.troubles[:] = [each for each in visit.troubles if not any(word in each for word in expected)]


def test_click_on_a_shape_shows_its_card(visit):
    visit.open(WUZHONG)
    visit.click(*LUZHI)
    visit.title("先进制造轴")
    card = visit.page.locator(".card").inner_text()
    for wanted in ("核轴带", "轴", "示意", "第二章第四节", "225", "甪直镇", "全域", "部分", "不计", "成图方法"):
        assert wanted in card
    assert visit.page.locator(".panel .component.chosen").inner_text().strip() == "先进制造轴"


def test_same_click_again_and_empty_ground(visit):
    visit.open(WUZHONG)
    visit.click(*LUZHI)
    visit.title("先进制造轴")
    visit.page.locator('.card .members [data-value="town/luzhi"]').click()
    visit.title("甪直镇")
    visit.settle()
    visit.click(*LUZHI)
    visit.title("先进制造轴")
    visit.page.keyboard.press("Escape")
    visit.title("点一下图上的形状")


def test_click_on_open_water_clears(visit):
    visit.open(f"{WUZHONG}&sel={quote(AXIS)}")
    visit.title("先进制造轴")
    visit.click(*OPEN_WATER)
    visit.title("点一下图上的形状")


def test_toggle_keeps_view_and_document(visit):
    visit.open(WUZHONG)
    visit.map.evaluate("() => { window.marker = 1; atlas.map.setView([31.2, 120.5], 11, { animate: false }); }")
    before = visit.view()
    visit.page.locator(f'.panel input[data-value="{OTHER}"]').check()
    visit.drawn(OTHER)
    visit.page.locator(f'.panel input[data-value="{OTHER}"]').uncheck()
    visit.without(OTHER)
    assert visit.map.evaluate("window.marker") == 1
    assert visit.view() == pytest.approx(before)


def test_layer_files_are_fetched_once(visit):
    visit.open(WUZHONG)
    fetched = []
    visit.page.on("request", lambda request: fetched.append(request.url) if "twin-bays" in request.url else None)
    box = visit.page.locator(f'.panel input[data-value="{OTHER}"]')
    for _ in range(2):
        box.check()
        visit.drawn(OTHER)
        box.uncheck()
        visit.without(OTHER)
    assert len(fetched) == 1


def test_search_flies_to_the_place(visit):
    visit.open()
    before = visit.view()
    for typed, title, place in (
        ("甪直", "甪直镇", "town/luzhi"), ("Kunshan", "昆山市", "county/kunshan"), ("luzhi", "甪直镇", "town/luzhi"),
    ):  # fmt: skip
        visit.page.fill("#atlas-search", "")
        visit.page.locator("#atlas-search").press_sequentially(typed, delay=20)
        visit.page.locator(".results button", has_text=title).first.click()
        visit.title(title)
        visit.until(lambda: visit.view()[2] > before[2])
        visit.page.wait_for_url(lambda address: place in unquote(address))  # noqa: B023


def test_unknown_name_is_not_guessed(visit):
    visit.open()
    visit.page.fill("#atlas-search", "不存在的地方")
    assert "不存在的地方" in visit.page.locator(".results .none").inner_text()


def test_language_switch_keeps_the_state(visit):
    visit.open(f"{WUZHONG}&sel={quote(AXIS)}")
    visit.title("先进制造轴")
    before = visit.view()
    visit.page.click("#lang-en")
    visit.title("Advanced manufacturing axis")
    assert visit.page.locator("#atlas-plan option:checked").inner_text() == "Wuzhong 14th Five-Year Plan"
    visit.settle()
    assert visit.view() == pytest.approx(before)
    assert (
        "Luzhi Town" in visit.map.evaluate("atlas.names.join()")
        or visit.map.evaluate("document.documentElement.lang") == "en"
    )
    assert "lang=en" in visit.page.url


def test_pasted_address_restores_everything(visit, new_page):
    visit.open(WUZHONG)
    visit.page.locator(f'.panel input[data-value="{OTHER}"]').check()
    visit.drawn(OTHER)
    visit.click(*LUZHI)
    visit.title("先进制造轴")
    visit.page.locator("#boundaries").uncheck()
    visit.page.locator("#base-rail").check()
    visit.page.frame_locator("iframe").locator(".footer select").select_option("4549")
    visit.page.click("#lang-en")
    visit.title("Advanced manufacturing axis")
    visit.map.evaluate("() => atlas.map.setView([31.15, 120.55], 11.5, { animate: false })")
    visit.settle()
    address, view = visit.page.url, visit.view()
    page = new_page()
    page.goto(address)
    twin = type(visit)(page, visit.address)
    twin.drawn(HEADLINE["wuzhong-14fyp"], OTHER)
    twin.title("Advanced manufacturing axis")
    assert not page.locator("#boundaries").is_checked()
    assert page.locator("#base-rail").is_checked()
    assert page.frame_locator("iframe").locator(".footer select").input_value() == "4549"
    assert twin.view() == pytest.approx(view, abs=0.01)


def test_geojson_of_what_is_on(visit):
    visit.open(f"{WUZHONG}&sel={quote(AXIS)}")
    visit.title("先进制造轴")
    visit.page.locator('[data-testid="stPopover"] button').click()
    for key, count in (("feature", 1), ("layer", 3), ("all", 3)):
        with visit.page.expect_download() as download:
            visit.page.locator(f".st-key-download_{key} button").click()
        content = json.loads(download.value.path().read_text("utf-8"))
        assert content["type"] == "FeatureCollection"
        assert "crs" not in content
        assert len({feature["properties"]["component_zh"] for feature in content["features"]}) == count
        assert download.value.suggested_filename.endswith(".geojson")


def test_sheet_of_the_view_is_a_picture(visit):
    visit.open(WUZHONG)
    with visit.page.expect_download(timeout=LONG_MS) as download:
        visit.page.click("[data-event=sheet]")
        # What comes next cuts the run short that makes the file.
        visit.page.click("#lang-en")
    data = download.value.path().read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(data) > 100_000


def test_one_switch_hides_all_boundaries(visit):
    visit.open()
    assert visit.map.evaluate(DARK) > 500
    visit.page.locator("#boundaries").uncheck()
    visit.until(lambda: visit.map.evaluate(DARK) == 0)
    visit.page.wait_for_url("**boundaries=0**")


def test_coordinates_agree_with_the_library(visit):
    visit.open()
    for lon, lat in ((120.62, 31.3), (119.98, 31.15), (121.3, 31.9)):
        assert visit.map.evaluate(f"Atlas.toMetric({lon}, {lat})") == pytest.approx(
            [float(v) for v in project(lon, lat)], abs=0.01
        )
        assert visit.map.evaluate(f"Atlas.toGcj02({lon}, {lat})") == pytest.approx(
            [float(v) for v in wgs84_to_gcj02(lon, lat)], abs=1e-9
        )


def test_measuring_in_metres(visit):
    visit.open(f"{WUZHONG}&layers=-")
    inside = visit.page.frame_locator("iframe")
    inside.locator("[data-tool=measure]").click()
    ends = [(120.6, 31.3), (120.8, 31.3)]
    for lon, lat in ends:
        visit.click(lon, lat)
    told = inside.locator("output.measure").inner_text()
    (x0, y0), (x1, y1) = (tuple(map(float, project(*end))) for end in ends)
    kilometres = float(told.split()[1])
    assert kilometres == pytest.approx(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 / 1000, rel=0.01)
    visit.page.keyboard.press("Escape")
    inside.locator("output.measure").wait_for(state="hidden")


def test_hover_names_the_shape(visit):
    visit.open(WUZHONG)
    visit.page.mouse.move(*visit.spot(*LUZHI))
    tip = visit.page.frame_locator("iframe").locator(".tip")
    tip.wait_for()
    assert "先进制造轴" in tip.inner_text()
    assert "示意" in tip.inner_text()


def test_keyboard_alone_is_enough(visit):
    visit.open(WUZHONG)
    visit.page.locator("#atlas-search").focus()
    visit.page.keyboard.type("光福")
    visit.page.locator(".results button").first.wait_for()
    visit.page.keyboard.press("Enter")
    visit.title("光福")
    visit.page.keyboard.press("Escape")
    visit.title("点一下图上的形状")
    visit.page.locator(f'[id="row-{AXIS}"]').focus()
    visit.page.keyboard.press("Enter")
    visit.title("先进制造轴")
    visit.map.evaluate(f"() => atlas.map.setView([{LUZHI[1]}, {LUZHI[0]}], 12, {{ animate: false }})")
    visit.map.evaluate("() => atlas.map.getContainer().focus()")
    visit.page.keyboard.press("Escape")
    visit.title("点一下图上的形状")
    visit.page.keyboard.press("Enter")
    visit.title("先进制造轴")


def test_unlocated_components_are_listed_with_a_reason(visit):
    library = Library(manifest=json.loads((web_folder() / MANIFEST).read_text("utf-8")), folder=web_folder())
    unlocated = next(c for c in library.components.values() if c["basis"] == "unlocated")
    layer = unlocated["fid"].partition("#")[0]
    visit.open(f"/?plan={layer.partition('/')[0]}&layers={quote(layer)}")
    fold = visit.page.locator(f'[id="fold-{layer}"]')
    if fold.get_attribute("aria-expanded") == "false":
        fold.click()
    row = visit.page.locator(".panel .component.unlocated").first
    row.click()
    reason = visit.page.locator(".card .reason")
    reason.wait_for()
    assert len(reason.inner_text()) > 4


@pytest.mark.parametrize("visit", [PHONE], indirect=True)
def test_phone_has_no_sideways_scroll_and_large_targets(visit):
    visit.open(f"{WUZHONG}&sel={quote(AXIS)}")
    visit.title("先进制造轴")
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert visit.page.locator("iframe").bounding_box()["height"] == pytest.approx(370, abs=2)
    small = visit.page.evaluate(SMALL)
    assert small == []
    visit.page.locator(".notice-phone").wait_for()
    assert visit.page.frame_locator("iframe").locator(".legend.closed").count() == 1


def test_sources_page_and_back(visit):
    visit.open(f"{WUZHONG}&sel={quote(AXIS)}")
    visit.title("先进制造轴")
    visit.page.get_by_role("link", name="来源与方法").click()
    visit.page.locator(".sources table").first.wait_for()
    assert "许可" in visit.page.locator(".sources").inner_text()
    visit.page.get_by_role("link", name="地图").click()
    visit.title("先进制造轴")


def test_quick_clicks_are_all_answered(visit):
    visit.open(WUZHONG)
    for name in ("rail", "metro", "roads"):
        visit.page.locator(f"#base-{name}").click(delay=0)
    visit.page.click("#lang-en")
    visit.page.locator(".panel h1", has_text="Suzhou Plan Atlas").wait_for()
    visit.until(lambda: visit.map.evaluate("Boolean(atlas.groups.rail && atlas.groups.metro && atlas.groups.roads)"))
    rest(visit.page)
    assert all(visit.page.locator(f"#base-{name}").is_checked() for name in ("rail", "metro", "roads"))


def exceptions(visit):
    return visit.page.locator("[data-testid=stException]").count()


def test_all_off_leaves_an_empty_map_that_says_so(visit):
    visit.open(WUZHONG)
    visit.page.locator("[data-event=all_off]").click()
    visit.title("先选一个图层")
    visit.without(HEADLINE["wuzhong-14fyp"])
    visit.settle()
    assert exceptions(visit) == 0
    visit.page.locator(f'.panel input[data-value="{OTHER}"]').check()
    visit.drawn(OTHER)
    visit.title("点一下图上的形状")


@pytest.mark.parametrize("layers", ["foo", "-"])
def test_address_without_a_known_layer_shows_the_empty_map(visit, layers):
    visit.open(f"{WUZHONG}&layers={layers}")
    visit.title("先选一个图层")
    visit.settle()
    assert exceptions(visit) == 0
    assert visit.page.locator(".st-key-download_all").count() == 0


def test_back_and_forward_change_the_map(visit):
    visit.open(WUZHONG)
    visit.click(*LUZHI)
    visit.title("先进制造轴")
    visit.page.locator(f'.panel input[data-value="{OTHER}"]').check()
    visit.drawn(OTHER)
    visit.settle()
    visit.page.go_back()
    visit.without(OTHER)
    visit.title("先进制造轴")
    visit.settle()
    visit.page.go_back()
    visit.title("点一下图上的形状")
    visit.settle()
    visit.page.go_forward()
    visit.title("先进制造轴")
    visit.settle()
    visit.page.go_forward()
    visit.drawn(OTHER)
    assert "layers=" in visit.page.url
    visit.settle()
    visit.page.locator('[data-testid=stTopNavLink][href$="/sources"]').click()
    visit.page.locator(".sources table").first.wait_for()
    rest(visit.page)
    visit.page.locator("[data-testid=stTopNavLink]").first.click()
    visit.drawn(OTHER)
    visit.settle()
    # One entry a page, each with its page's path: two pages back is the one before.
    paths = visit.page.evaluate("navigation.entries().slice(-3).map((each) => new URL(each.url).pathname)")
    assert paths == ["/", "/sources", "/"]
    visit.page.locator(f'.panel input[data-value="{OTHER}"]').uncheck()
    visit.without(OTHER)
    visit.settle()
    visit.page.evaluate("history.go(-2)")
    visit.page.locator(".sources table").first.wait_for()
    rest(visit.page)
    visit.page.go_back()
    visit.drawn(OTHER)
    visit.settle()
    assert "layers=" in visit.page.url


def test_what_the_reader_has_in_hand_stays(visit):
    visit.open(WUZHONG)
    page, box = visit.page, visit.page.locator(f'.panel input[data-value="{OTHER}"]')
    box.hover()
    page.mouse.down()
    page.evaluate("document.querySelector('#lang-en').click()")
    page.locator(".actions", has_text="Zoom to").wait_for()
    rest(page)
    assert "图层" in page.locator(".panel").inner_text()
    page.mouse.up()
    visit.drawn(OTHER)
    page.locator(".panel", has_text="Layers").wait_for()
    assert box.is_checked()
    visit.settle()
    page.locator("#atlas-search").press("t")
    page.evaluate("document.querySelector('#lang-zh').click()")
    page.keyboard.type("aihu")
    page.locator(".results button").first.wait_for()
    page.locator(".panel", has_text="图层").wait_for()
    rest(page)
    assert page.locator("#atlas-search:focus").input_value() == "taihu"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator(".said-short, .card h2", has_text="太湖").first.wait_for()
    rest(page)
    # The list has gone with the row that was chosen: the focus is not lost with it.
    assert page.locator("#atlas-search:focus").input_value() == ""


def test_absurd_view_and_endless_search_do_no_harm(visit):
    visit.open(f"{WUZHONG}&view=999,999,99")
    lon, lat, zoom = visit.view()
    assert (lon, lat) == pytest.approx((120.5, 31.15), abs=0.5)
    assert zoom < 13
    visit.page.fill("#atlas-search", "x" * 3000)
    visit.page.locator(".results .none").wait_for()
    said = visit.page.locator(".results .none")
    assert len(said.inner_text()) < 150
    assert said.evaluate("node => node.scrollWidth <= node.clientWidth")


@pytest.mark.parametrize("visit", [{"width": 320, "height": 640}, {"width": 720, "height": 450}], indirect=True)
def test_narrow_header_shows_title_search_and_links(visit):
    visit.open(f"{WUZHONG}&lang=zh")
    for title in ("苏州规划图集", "Suzhou Plan Atlas"):
        visit.page.locator(".language b", has_text=title).wait_for()
        rest(visit.page)
        boxes = [visit.page.locator(name).bounding_box() for name in (".language b", "#find", "#lang-zh", "#lang-en")]
        for left, right in itertools.pairwise(boxes):
            assert left["x"] + left["width"] <= right["x"] + 1
        assert boxes[-1]["x"] + boxes[-1]["width"] <= visit.page.viewport_size["width"]
        visit.page.click("#lang-en")
    visit.page.click("#find")
    visit.page.locator("#atlas-search:focus").wait_for()
    rest(visit.page)
    # The open panel lies over the header: its own title is the only one there.
    box = visit.page.locator(".language b").bounding_box()
    on_top = "([x, y]) => Boolean(document.elementFromPoint(x, y).closest('[data-testid=stSidebar]'))"
    assert visit.page.evaluate(on_top, [box["x"] + 10, box["y"] + 10])
    assert visit.page.locator("[data-testid=stSidebar] a[href*=sources]").is_visible()


@pytest.mark.parametrize("visit", [{"width": 1024, "height": 768}], indirect=True)
def test_map_has_room_and_rows_stand_apart(visit):
    visit.open(WUZHONG)
    assert visit.page.locator("iframe").bounding_box()["width"] >= 0.55 * 1024
    visit.page.set_viewport_size(DESK)
    visit.until(lambda: visit.page.locator("iframe").bounding_box()["width"] >= 0.5 * DESK["width"])
    gaps = visit.page.evaluate(
        "() => { const rows = [...document.querySelectorAll('.panel .tree .row, .panel .component')]"
        ".map((node) => node.getBoundingClientRect());"
        " return rows.slice(1).map((row, i) => row.top - rows[i].bottom); }"
    )
    assert len(gaps) > 10
    assert min(gaps) >= 6
