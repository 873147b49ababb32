"""Sheets in the browser: the composer's preview, address and files; and the offline page on its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers.decks import Wish, make_file
from tests.browser.conftest import LONG_MS, PHONE
from tests.browser.looking import find_serious

pytestmark = pytest.mark.browser

BELT = "wuzhong-14fyp/wuzhong-core-axis-belt"
PICTURE = ".composer_preview img"


def open_composer(visit, query=""):
    visit.page.goto(f"{visit.address}/sheets{query}")
    visit.page.locator(PICTURE).wait_for(timeout=LONG_MS)
    return visit.page


def redrawn(page, change):
    """Make a change and wait until another picture is there."""
    before = page.locator(PICTURE).get_attribute("src")
    change()
    page.wait_for_function(
        f"before => document.querySelector('{PICTURE}') && document.querySelector('{PICTURE}').src !== before",
        arg=before,
        timeout=LONG_MS,
    )


def test_a_sheet_is_composed_and_downloaded(visit):
    page = open_composer(visit, f"?layers={BELT}")
    redrawn(page, lambda: page.select_option("#composer-theme", "dark"))
    assert "theme=dark" in page.url
    page.locator("#composer-title").fill("三区一带")
    redrawn(page, lambda: page.keyboard.press("Enter"))
    with page.expect_download(timeout=LONG_MS) as waiting:
        page.locator("[data-value=pptx]").click()
    assert waiting.value.suggested_filename == "wuzhong-core-axis-belt.pptx"
    assert Path(waiting.value.path()).read_bytes().startswith(b"PK")
    assert find_serious(page) == []
    page.locator(f"[id='remove-{BELT}']").click()
    page.locator(".composer_preview .nothing").wait_for()
    assert page.locator("[data-value=pptx]").is_disabled()
    page.go_back()
    page.locator(PICTURE).wait_for()


@pytest.mark.parametrize("visit", [PHONE], indirect=True)
def test_phone_has_no_sideways_scroll_and_the_map_page_leads_here(visit):
    visit.open(f"/?layers={BELT}&lang=en")
    visit.page.locator("[data-event=compose]").click()
    visit.page.locator(PICTURE).wait_for(timeout=LONG_MS)
    visit.page.wait_for_url("**bounds=**")
    assert "extent=view" in visit.page.url
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.fixture
def offline(new_page, tmp_path):
    """The page as a file, in a browser that reaches nothing."""
    path = tmp_path / "belt.html"
    path.write_bytes(make_file(Wish(layers=(BELT,), date="2026-11-21"), ending="html"))
    page = new_page({"width": 1280, "height": 800})
    troubles = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: troubles.append(request.url) if not request.url.startswith("file:") else None)
    page.goto(path.as_uri())
    yield page
    assert troubles == []


def test_the_offline_page_answers_pointer_and_keys(offline):
    arrow = "#world path.c0-2[stroke-dasharray], #world path.c0-2[style*=dasharray]"
    offline.locator("[data-open=c0-2]").click()
    assert "甪直镇（全域）" in offline.locator("#c0-2 dl").inner_text()
    assert offline.locator("#world.picked").count() == 1
    assert offline.locator(arrow).first.is_visible()
    offline.locator("[data-toggle=c0-2]").uncheck()
    assert not offline.locator(arrow).first.is_visible()
    offline.locator("#map").focus()
    offline.keyboard.press("+")
    offline.keyboard.press("ArrowLeft")
    assert float(offline.locator("#map").get_attribute("data-zoom")) == pytest.approx(1.4)
    offline.keyboard.press("0")
    assert float(offline.locator("#map").get_attribute("data-zoom")) == 1.0
    box = offline.locator("#map").bounding_box()
    offline.mouse.move(box["x"] + box["width"] * 0.88, box["y"] + box["height"] * 0.35)
    assert find_serious(offline) == []
