"""Names are text, whatever stands in them."""

from __future__ import annotations

import pytest

from tests.browser.conftest import ROOT, Visit, serve

pytestmark = pytest.mark.browser


@pytest.mark.usefixtures("app")
def test_hostile_names_are_inert(new_page):
    with serve(ROOT / "tests" / "browser" / "hostile_app.py") as address:
        visit = Visit(new_page(), address)
        visit.open("/?plan=wuzhong-14fyp")
        visit.click(120.83, 31.24)
        visit.title("先进制造轴<img")
        visit.page.mouse.move(*visit.spot(120.83, 31.24))
        visit.page.frame_locator("iframe").locator(".tip", has_text="<img").wait_for()
        visit.page.locator('.card .members [data-value="town/luzhi"]').click()
        visit.title("甪直<img")
        visit.page.fill("#atlas-search", "<img src=x onerror=window.top.evil=1>")
        visit.page.locator(".results", has_text="<img").wait_for()
        visit.settle()
        assert visit.page.evaluate("window.evil") is None
        assert visit.page.locator("img[src=x]").count() == 0
        assert "{{7*7}}" in visit.page.locator(".card h2").inner_text()
        assert visit.troubles == []
