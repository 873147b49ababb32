"""The page "indicators" as a reader uses it; no host but the app can be reached."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.browser.conftest import DESK, PHONE
from tests.browser.looking import judge, rest

pytestmark = pytest.mark.browser

BOTH = pytest.mark.parametrize("visit", [DESK, PHONE], indirect=True, ids=["desk", "phone"])
SMALL = """() => [...document.querySelectorAll('.atlas-view button:not(.link), .atlas-view select')]
  .filter((node) => node.offsetParent && node.getBoundingClientRect().height < 43)
  .map((node) => node.outerHTML.slice(0, 90))"""
NAMELESS = """() => [...document.querySelectorAll('[class*="indicators"] :is(button, select, input, svg[role=img])')]
  .filter((node) => !(node.getAttribute('aria-label') || node.textContent.trim() || node.labels?.length))
  .map((node) => node.outerHTML.slice(0, 90))"""


def opened(visit, query=""):
    visit.page.goto(f"{visit.address}/indicators{query}")
    visit.page.locator(".indicators_bar .tabs").wait_for()
    return visit.page


def told(page, text):
    page.locator(".indicators_panel .told", has_text=text).wait_for(state="attached")


def test_filters_search_and_address(visit):
    page = opened(visit)
    told(page, "248")
    page.select_option("#indicators-by", "kunshan-15fyp")
    told(page, "25")
    page.click("#form-words")
    page.locator(".indicators_table tbody tr").nth(3).wait_for()
    told(page, "4 ")
    assert page.locator(".indicators_table .printed", has_text="完成上级下达任务").count() == 3
    page.wait_for_function("() => location.search.includes('as=words')")
    assert "by=kunshan-15fyp" in page.url
    page.click("#reset")
    told(page, "248")
    rest(page)  # what is typed before the panel is replaced is lost
    page.fill("#atlas-search", "没有这个")
    page.locator(".nothing").wait_for()
    page.click("#everything")
    told(page, "248")


def test_one_topic_sets_the_plans_side_by_side(visit):
    page = opened(visit, "?tab=compare")
    page.click("#open-rd-share")
    page.locator(".topics.alone .group tbody tr").nth(6).wait_for()
    assert page.locator(".topics.alone .chart").count() == 7
    assert page.locator(".pairs caption").count() == 1
    page.click("#lang-en")
    page.locator("h2", has_text="R&D spending, share of GDP").wait_for()
    assert "topic=rd-share" in page.url


def test_files_are_saved(visit):
    page = opened(visit, "?by=kunshan-15fyp")
    told(page, "25")
    with page.expect_download() as saved:
        page.click("#save-csv")
    text = saved.value.path().read_text("utf-8")
    assert len(list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))) == 25
    with page.expect_download() as saved:
        page.click("#save-json")
    assert len(json.loads(saved.value.path().read_text("utf-8"))) == 25


def test_thematic_map_and_its_table_say_the_same(visit):
    page = opened(visit, "?tab=areas")
    page.locator(".indicators_areas figure").nth(7).wait_for()
    filled = page.locator(".indicators_areas figure path.area.solid").count()
    assert filled == page.locator(".indicators_areas tbody .yes").count() == 26
    page.click("#theme-town-types")
    page.locator(".indicators_areas .maps.one figure").wait_for()
    assert page.locator(".indicators_areas figure text").count() == 9


@BOTH
def test_every_tab_fits_the_screen_has_names_and_shuts_nobody_out(visit):
    page = opened(visit, "?topic=rd-share")
    for tab in ("table", "figures", "areas", "compare"):
        page.click(f"#tab-{tab}")
        page.locator(f".indicators_{tab} table").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab
        assert page.evaluate(NAMELESS) == [], tab
        assert page.locator(f".indicators_{tab} table:not(:has(caption))").count() == 0, tab
        if page.viewport_size["width"] < 500:
            assert page.evaluate(SMALL) == [], tab
        else:
            assert judge(page) == [], tab
