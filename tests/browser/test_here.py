"""The page "what applies here" in the browser: click, type, draw, choose, download; the address holds it all."""

from __future__ import annotations

import pytest

from tests.browser.conftest import LONG_MS

pytestmark = pytest.mark.browser


def open_here(visit, query=""):
    visit.page.goto(f"{visit.address}/here{query}")
    visit.page.frame_locator("iframe").locator("body[data-drawn]").wait_for()


def found(visit):
    return visit.page.locator(".here_list .question .count b")


def test_a_click_asks_and_a_row_shows_how_sure(visit):
    open_here(visit)
    assert visit.page.locator(".here_list h2").inner_text()
    visit.click(120.52, 31.25)
    found(visit).wait_for()
    assert "at=120.5" in visit.page.url
    row = visit.page.locator(".here_list .finding", has_text="先进制造轴").first
    row.click()
    visit.page.locator(".here_list .more .why").wait_for()
    assert "sel=" in visit.page.url
    names = visit.page.locator(".here_list .how-sure").all_inner_texts()
    assert {name.split()[0] for name in names} <= {"确定涉及", "可能涉及", "附近"}


def test_a_typed_coordinate_needs_no_mouse(visit):
    open_here(visit)
    visit.page.locator("#atlas-search").focus()
    visit.page.keyboard.type("31°15′N 120°31′12″E")
    visit.page.keyboard.press("Enter")
    found(visit).wait_for()
    assert "at=120.520000,31.250000" in visit.page.url.replace("%2C", ",")
    visit.page.select_option("#here-system", "gcj02")
    visit.page.wait_for_function("() => !location.search.includes('120.520000')")


def test_a_rectangle_is_drawn_by_two_clicks(visit):
    open_here(visit)
    visit.page.locator("#draw-rect").click()
    visit.page.locator("#draw-rect[aria-pressed=true]").wait_for()
    visit.page.frame_locator("iframe").locator(".measuring").wait_for()
    visit.click(120.50, 31.20)
    visit.click(120.60, 31.30)
    found(visit).wait_for()
    assert "ring=" in visit.page.url
    assert "km²" in visit.page.locator(".here_list .question").inner_text()


@pytest.mark.parametrize("visit", [{"width": 390, "height": 844}], indirect=True)
def test_phone_has_no_sideways_scroll(visit):
    open_here(visit, "?place=county/gusu&lang=en")
    found(visit).wait_for()
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
    small = visit.page.locator(".here_list button:visible").evaluate_all(
        "nodes => nodes.filter((n) => n.getBoundingClientRect().height < 43.5).map((n) => n.textContent)"
    )
    assert small == []


def test_brief_and_table_are_saved(visit):
    open_here(visit, "?at=120.52,31.25&near=500")
    for kind, begins in (("csv", b"\xef\xbb\xbfplan"), ("pdf", b"%PDF")):
        with visit.page.expect_download(timeout=LONG_MS) as download:
            visit.page.locator(f"#save-{kind}").click()
        with open(download.value.path(), "rb") as file:  # noqa: PTH123
            assert file.read(8).startswith(begins)
