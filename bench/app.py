"""Times of the app in headless Chromium, as a reader meets it: open, click, switch; and what the server holds."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import psutil
from playwright.sync_api import sync_playwright

from layers.catalogue import read_plans
from tests.browser.conftest import FLAGS, ROOT, Visit, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PLAN = "/?plan=wuzhong-14fyp"
SPOTS = {"先进制造轴": (120.83, 31.24), "生态文旅带": (120.27, 31.12), "中心城市核": (120.645, 31.265)}
OTHER = "wuzhong-14fyp/wuzhong-three-areas"
ROUNDS = 5
PAN = """async () => {
  const took = [], map = atlas.map;
  const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (const zoom of [9.5, 11, 13]) {
    map.setView([31.3, 120.62], zoom, { animate: false });
    await new Promise((done) => setTimeout(done, 1500));
    for (const x of [140, -140, 90]) {
      const start = performance.now();
      map.panBy([x, 40], { animate: false });
      await painted();
      took.push(performance.now() - start);
    }
  }
  return took;
}"""
"""Times from a step of the map until it is painted, milliseconds, at three zooms."""


def took(work: Callable[[], Any]) -> float:
    """Return the wall time of one run, seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def results() -> Iterator[dict[str, Any]]:
    """Yield one measurement after the other."""
    subprocess.run([sys.executable, "-m", "layers.web"], cwd=ROOT, check=True, capture_output=True)
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with serve(ROOT / "streamlit_app.py") as address, sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=path, args=list(FLAGS))
        visits = []

        def visit() -> Visit:
            page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
            page.set_default_timeout(20_000)
            visits.append(Visit(page, address))
            return visits[-1]

        first = took(lambda: visit().open())
        yield {"what": "page open to map drawn, first reader after the start", "value": first, "unit": "s", "bar": 3.0}
        opened = [took(lambda: visit().open(PLAN)) for _ in range(ROUNDS)]
        yield {"what": "page open to map drawn, median", "value": statistics.median(opened), "unit": "s", "bar": 3.0}
        yield from _answers(visits[-1])
        heads = ",".join(f"{plan.id}/{plan.headline}" for plan in read_plans().values())
        everything = visit().open(f"/?layers={heads}&base=water,counties,towns,rail,metro,roads")
        everything.drawn(*heads.split(","))
        pans = everything.map.evaluate(PAN)
        what = "pan with the headlines of all plans and all of the base map on, worst of nine"
        yield {"what": what, "value": max(pans), "unit": "ms", "bar": 200}
        troubles = [trouble for each in visits for trouble in each.troubles]
        outside = sum(trouble.startswith("outside") for trouble in troubles)
        yield {"what": "outside requests", "value": outside, "unit": "", "bar": 0}
        yield {"what": "console and page errors", "value": len(troubles) - outside, "unit": "", "bar": 0}
        server = next(p for p in psutil.Process().children() if "streamlit" in " ".join(p.cmdline()))
        what = f"server memory, {len(visits)} readers, after a download and a sheet"
        yield {"what": what, "value": server.memory_info().rss / 1e6, "unit": "MB", "bar": 300}
        # It goes when no sheet has been asked for in a minute and a half.
        drawing = sum(p.memory_info().rss for p in server.children(recursive=True)) / 1e6
        yield {"what": "drawing process beside it, while it is warm", "value": drawing, "unit": "MB"}
        chromium.close()


def _answers(visit: Visit) -> Iterator[dict[str, Any]]:
    """Click, switch, search, download and print."""
    page = visit.page

    def click(name: str, spot: tuple[float, float]) -> None:
        visit.click(*spot)
        visit.title(name)

    clicks = []
    for _ in range(2):
        for name, spot in SPOTS.items():
            clicks.append(took(lambda name=name, spot=spot: click(name, spot)))  # type: ignore[misc]
            page.wait_for_timeout(400)
    yield {"what": "click to card, median", "value": statistics.median(clicks), "unit": "s", "bar": 0.5}

    box = page.locator(f'.panel input[data-value="{OTHER}"]')
    switches = []
    for _ in range(ROUNDS):
        switches.append(took(lambda: (box.click(), visit.drawn(OTHER))))
        page.wait_for_timeout(400)
        switches.append(took(lambda: (box.click(), visit.without(OTHER))))
        page.wait_for_timeout(400)
    yield {"what": "layer on, first time (with its file)", "value": switches[0], "unit": "s"}
    yield {"what": "layer on or off, median", "value": statistics.median(switches), "unit": "s", "bar": 0.3}

    page.locator("#atlas-search").focus()
    searched = took(lambda: (page.keyboard.type("太湖"), page.locator(".results button").first.wait_for()))
    yield {"what": "last letter typed to suggestions (0.16 s of it a pause on purpose)", "value": searched, "unit": "s"}
    page.keyboard.press("Escape")
    page.wait_for_timeout(400)

    def download() -> None:
        page.locator('[data-testid="stPopover"] button').click()
        with page.expect_download():
            page.locator(".st-key-download_all button").click()

    yield {"what": "GeoJSON of what is on, first time", "value": took(download), "unit": "s"}
    page.keyboard.press("Escape")

    def sheet() -> None:
        with page.expect_download(timeout=60_000):
            page.click("[data-event=sheet]")

    yield {"what": "PNG sheet of the view, the first", "value": took(sheet), "unit": "s"}
    page.wait_for_timeout(400)
    yield {"what": "PNG sheet of the view, once the drawing process is warm", "value": took(sheet), "unit": "s"}


if __name__ == "__main__":
    for row in results():
        bar = row.get("bar")
        kept = "" if bar is None else f"bar {bar:g} {'kept' if row['value'] <= bar else 'MISSED'}"
        print(f"{row['what']:70} {row['value']:10.3g} {row['unit']:5} {kept}")
