"""The table twin of the map as a reader at the keyboard uses it; no host but the app can be reached."""

from __future__ import annotations

import csv
import io

import pytest

from layers.catalogue import read_structures
from tests.browser.conftest import AXIS, HEADLINE
from tests.browser.looking import judge

pytestmark = pytest.mark.browser

PLAN = "wuzhong-14fyp"


def test_the_table_says_what_the_map_shows_and_the_map_stays(visit):
    page = visit.open(f"/?plan={PLAN}").page
    visit.drawn(HEADLINE[PLAN])
    visit.map.evaluate("() => { window.kept = true; }")
    page.locator("#way-table").focus()
    page.keyboard.press("Enter")
    rows = page.locator(".twin tbody tr")
    rows.nth(len(read_structures()[HEADLINE[PLAN]].components) - 1).wait_for()
    assert "table=1" in page.url
    page.locator("#twin-sort-name").focus()
    page.keyboard.press("Enter")
    page.locator('.twin th.name[aria-sort="ascending"]').wait_for()
    page.locator(".twin .row-name", has_text="先进制造轴").focus()
    page.keyboard.press("Enter")
    visit.title("先进制造轴")
    assert page.locator('.twin [aria-current="true"]').count() == 1
    assert judge(page) == []
    with page.expect_download() as saved:
        page.click("#way-csv")
    table = list(csv.DictReader(io.StringIO(saved.value.path().read_text("utf-8").removeprefix("\ufeff"))))
    assert AXIS in {row["id"] for row in table}
    page.click("#twin-tab-base")
    page.locator(".twin.base tbody tr", has_text="太湖").first.wait_for()
    page.click("#way-map")
    page.locator(".st-key-twin").wait_for(state="detached")
    # The same document as before: the map was hidden, never made anew.
    assert visit.map.evaluate("() => window.kept")


@pytest.mark.parametrize("visit", [{"width": 390, "height": 844}], indirect=True)
def test_on_a_phone_the_table_fits(visit):
    page = visit.page
    page.goto(f"{visit.address}/?plan={PLAN}&table=1&lang=en")
    page.locator(".twin tbody tr").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert judge(page) == []
