"""The page "export" in the browser: choose, make, download; keyboard, phone, English, no barrier."""

from __future__ import annotations

import zipfile

import pytest

from tests.browser.conftest import LONG_MS
from tests.browser.looking import find_serious

pytestmark = pytest.mark.browser
HEADLINE = "wuzhong-14fyp/wuzhong-core-axis-belt"


def open_export(visit, query=""):
    visit.page.goto(f"{visit.address}/export{query}")
    visit.page.locator(".export_form #make").wait_for()


def test_files_are_chosen_made_and_downloaded(visit):
    open_export(visit)
    page = visit.page
    assert page.locator("#make").is_disabled()
    page.locator("#atlas-search").focus()
    page.keyboard.type("核轴带")
    page.locator(f'[id="take-{HEADLINE}"]').check()
    page.locator(".export_form .chosen li", has_text="核轴带").wait_for()
    page.locator("#area-search").focus()
    page.keyboard.type("吴中区")
    page.keyboard.press("Enter")
    page.locator(".export_form .area", has_text="吴中区").wait_for()
    page.locator("#format-csv").check()
    page.locator(".export_form .formats label.on", has_text="CSV").wait_for()
    page.select_option("#export-system", "4549")
    page.wait_for_function("() => location.search.includes('crs=4549')")
    assert "3 个要素" in page.locator(".export_form .sum").inner_text()
    page.locator("#make").click()
    page.locator('.st-key-export [data-testid="stProgress"]').wait_for()
    # What is pressed meanwhile cuts the run short: the files are made all the same, as they are wished now.
    page.locator("#format-fgb").check()
    page.locator(".export_made h3").wait_for(timeout=LONG_MS)
    with page.expect_download() as download:
        page.locator(".st-key-export_save button").click()
    assert download.value.suggested_filename.endswith(".zip")
    with zipfile.ZipFile(download.value.path()) as box:
        assert box.testzip() is None
        assert any(name.endswith(".fgb") for name in box.namelist())
        assert {"README.txt", "gpkg/wuzhong-14fyp_wuzhong-core-axis-belt_epsg4549.gpkg"} <= set(box.namelist())
    query = page.url.partition("?")[2]
    open_export(visit, f"?{query}")
    page.locator(".export_form .area", has_text="吴中区").wait_for()


def test_the_map_page_leads_here_with_its_layers(visit):
    visit.open("/?plan=wuzhong-14fyp")
    visit.page.locator('[data-testid="stPopover"] button').click()
    visit.page.locator("#more-formats").click()
    visit.page.locator(".export_form .chosen li").wait_for()
    assert visit.page.url.replace("%2F", "/").endswith(f"/export?layers={HEADLINE}")


@pytest.mark.parametrize("visit", [{"width": 1440, "height": 900}, {"width": 390, "height": 844}], indirect=True)
def test_nobody_is_shut_out(visit):
    open_export(visit, f"?lang=en&layers={HEADLINE},base/*&format=shp,gpkg&crs=gcj02&area=county/wuzhong")
    visit.page.locator(".export_form .warn").wait_for()
    assert find_serious(visit.page) == []
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= visit.page.viewport_size["width"]
    if visit.page.viewport_size["width"] < 500:
        small = visit.page.locator(".export_form button:visible").evaluate_all(
            "nodes => nodes.filter((n) => n.getBoundingClientRect().height < 39.5).map((n) => n.textContent)"
        )
        assert small == []
