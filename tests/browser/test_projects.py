"""The page "projects" as a reader uses it; no host but the app can be reached."""

from __future__ import annotations

import csv
import io
import json

import pytest

from app.projects.list import list_projects
from app.projects.state import ProjectsState
from tests.browser.conftest import PHONE
from tests.browser.looking import judge

pytestmark = pytest.mark.browser

SMALL = """() => [...document.querySelectorAll('.atlas-view button:not(.link), .atlas-view select')]
  .filter((node) => node.offsetParent && node.getBoundingClientRect().height < 43 && !node.closest('.chips'))
  .map((node) => node.outerHTML.slice(0, 90))"""


def opened(visit, query=""):
    visit.open(f"/projects{query}")
    visit.page.locator(".projects_bar").wait_for()
    visit.troubles[:] = [each for each in visit.troubles if "status of 404" not in each]
    return visit.page


def counted(page, count):
    page.locator("#tab-table small", has_text=str(count)).wait_for()


def test_what_is_near_a_station_and_what_the_plans_say_of_it(visit):
    page = opened(visit)
    page.fill("#projects-near", "苏州北站")
    page.keyboard.press("Enter")
    shown = list_projects(ProjectsState(near="station/suzhou-bei"), "zh").shown
    counted(page, len(shown))
    assert "near=station" in page.url
    page.locator(".row-name", has_text="通苏嘉甬高铁").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.locator(".projects_card h2", has_text="通苏嘉甬高铁").wait_for()
    card = page.locator(".projects_card").inner_text()
    assert all(word in card for word in ("各规划的不同", "在建", "争取中", "续建", "距苏州北站", "行"))
    with page.expect_download() as saved:
        page.click("#save-csv")
    rows = list(csv.DictReader(io.StringIO(saved.value.path().read_text("utf-8").removeprefix("\ufeff"))))
    assert {row["project"] for row in rows} == {entry.project.id for entry in shown}
    with page.expect_download() as saved:
        page.click("#save-geojson")
    assert len(json.loads(saved.value.path().read_text("utf-8"))["features"]) == len(rows)
    assert judge(page) == []


def test_what_the_city_builds_that_the_district_does_not_list(visit):
    page = opened(visit, "?lang=en&tab=chart&stack=plan")
    page.locator(".projects_chart table").wait_for()
    assert judge(page) == []
    page.select_option("#projects-by", "suzhou-15fyp")
    page.select_option("#projects-not", "snd-14fyp")
    page.select_option("#projects-in", "county/huqiu")
    wanted = ProjectsState(plan="suzhou-15fyp", without="snd-14fyp", district="county/huqiu")
    shown = list_projects(wanted, "en").shown
    counted(page, len(shown))
    page.click("#tab-table")
    page.locator(".places-table tbody tr").nth(len(shown) - 1).wait_for()
    assert page.locator(".places-table tbody tr").count() == len(shown)
    page.fill("#atlas-search", "no such thing")
    page.locator(".nothing").wait_for()
    page.click("#everything")
    counted(page, len(list_projects(ProjectsState(), "en").shown))


@pytest.mark.parametrize("visit", [PHONE], indirect=True)
def test_a_phone_holds_the_board_and_its_card(visit):
    page = opened(visit, "?near=station%2Fsuzhou-bei&sel=hub%2Fsuzhou-bei")
    page.locator(".projects_card h2", has_text="苏州北站").wait_for()
    assert page.evaluate(SMALL) == []
    page.click("#close-record")
    page.locator(".projects_card h2", has_text="选一个项目").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert judge(page) == []
