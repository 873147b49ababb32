"""Every page of the app for readers of screen readers: axe-core, WCAG 2.2 AA, in what the app itself shows.

The tabs of the indicators are judged in test_indicators.py, where each is opened anyway.
"""

from __future__ import annotations

import pytest

from tests.browser.looking import find_serious, judge

pytestmark = pytest.mark.browser

PAGES = {
    "/?sel=wuzhong-14fyp/wuzhong-core-axis-belt%232": ".card h2",
    "/?place=county%2Fkunshan": ".said-short li",
    "/here?at=120.64,31.42": ".here_list h2, .here_list h3",
    "/places?place=county%2Fkunshan": ".places_card .said-by",
    "/text": ".text-open h1",
    "/?lang=en": ".panel .component",
    "/compare": ".compare_table tbody tr",
    "/compare?tab=places&lang=en": ".compare_table tbody tr",
    "/compare?left=kunshan-15fyp&right=suzhou-15fyp&tab=targets&year=2030": ".compare_table table.targets tbody tr",
    "/sources": ".sources table",
}


@pytest.mark.parametrize("address", PAGES)
def test_no_page_breaks_wcag(visit, address):
    visit.page.goto(visit.address + address)
    visit.page.locator(PAGES[address]).first.wait_for(state="attached")
    for number in range(visit.page.locator("iframe").count()):
        visit.page.frame_locator("iframe").nth(number).locator("body[data-drawn]").wait_for()
    assert judge(visit.page) == []
    assert [fault for frame in visit.page.frames for fault in find_serious(frame)] == []
    # Streamlit asks for its health below the page's own path first, and then at the root.
    visit.troubles[:] = [each for each in visit.troubles if "status of 404" not in each and "to fetch" not in each]
