"""The page "compare" as a reader uses it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.browser.conftest import LONG_MS, PHONE
from tests.browser.looking import rest

pytestmark = pytest.mark.browser


def opened(visit, query=""):
    visit.page.goto(f"{visit.address}/compare{query}")
    for which in (0, 1):
        visit.page.frame_locator("iframe").nth(which).locator("body[data-drawn]").wait_for()
    visit.page.locator(".compare_table tbody tr").first.wait_for()
    rest(visit.page)
    visit.until(lambda: alike(visit))


def maps(visit):
    return [each.content_frame() for each in visit.page.query_selector_all("iframe.stCustomComponentV1")]


def views(visit):
    code = "() => { const c = atlas.map.getCenter(); return [c.lng, c.lat, atlas.map.getZoom()]; }"
    return [each.evaluate(code) for each in maps(visit)]


def alike(visit):
    left, right = views(visit)
    return left == pytest.approx(right, abs=2e-3)


def forgive(visit):
    """Leaving a page takes its frames away under way: what they say of that is no trouble."""
    visit.troubles = [each for each in visit.troubles if "Failed to fetch" not in each]


def test_one_map_follows_the_other(visit):
    opened(visit)
    maps(visit)[0].evaluate("atlas.map.setView([31.2, 120.6], 12, { animate: false })")
    visit.until(lambda: alike(visit))
    assert views(visit)[1][2] == 12
    before = views(visit)[0]
    maps(visit)[1].evaluate("atlas.map.panBy([150, 60], { animate: false })")
    visit.until(lambda: alike(visit) and views(visit)[0] != before)
    forgive(visit)


def test_swipe_by_keyboard_is_kept_in_the_address(visit):
    opened(visit)
    visit.page.locator("#mode-swipe").click()
    handle = visit.page.get_by_role("slider")
    handle.wait_for()
    handle.focus()
    for _ in range(5):
        visit.page.keyboard.press("ArrowLeft")
    assert handle.get_attribute("aria-valuenow") == "40"
    visit.page.wait_for_url("**swipe=40**")
    assert "mode=swipe" in visit.page.url
    forgive(visit)


def test_filter_row_and_download(visit):
    opened(visit)
    visit.page.locator("#show-both").click()
    visit.page.wait_for_url("**show=both**")
    rest(visit.page)  # the rows are replaced
    visit.page.locator(".compare_table .name").first.click()
    visit.page.locator(".compare_table tr.chosen").wait_for(timeout=LONG_MS)  # its layers are drawn first
    assert "sel=" in visit.page.url
    with visit.page.expect_download() as held:
        visit.page.locator("#save-csv").click()
    data = Path(held.value.path()).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert {row["where"] for row in rows} == {"both"}
    forgive(visit)


def test_swap_turns_both_sides(visit):
    opened(visit, "?left=suzhou-15fyp&right=kunshan-15fyp")
    visit.page.locator("#swap").click()
    visit.page.wait_for_url("**left=kunshan-15fyp**")
    visit.page.locator("#left-plan option:checked", has_text="昆山").wait_for(state="attached")
    forgive(visit)


@pytest.mark.parametrize("visit", [PHONE], indirect=True)
def test_on_a_phone_the_maps_stand_one_above_the_other(visit):
    opened(visit)
    upper, lower = (each.bounding_box() for each in visit.page.query_selector_all("iframe.stCustomComponentV1"))
    assert lower["y"] >= upper["y"] + upper["height"]
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    forgive(visit)
