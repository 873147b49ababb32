"""The app in a process of its own and a page in headless Chromium that may reach nothing but that app."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

from tests.browser.looking import RESTS, rest

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / "var" / "screenshots"
HOSTS = {"127.0.0.1", "localhost"}
START_S = 180.0
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
STILL = 4
"""Looks at the map, a twentieth of a second apart, that must tell the same."""
PATIENCE_MS = 60_000
"""The app, its processes and other tests share the cores: what is waited for comes, later on a busy machine."""
LONG_MS = 180_000
"""For what a process of its own draws or writes."""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
)
HEADLINE = {
    "suzhou-15fyp": "suzhou-15fyp/suzhou-feng-industry-belts",
    "wuzhong-14fyp": "wuzhong-14fyp/wuzhong-core-axis-belt",
}
AXIS = "wuzhong-14fyp/wuzhong-core-axis-belt#2"


@contextmanager
def serve(script):
    """Run a Streamlit script on a free port until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    SHOTS.mkdir(parents=True, exist_ok=True)
    log = SHOTS.parent / f"app-{port}.log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
        environment = os.environ | {"PLAN_ATLAS_DRAW_AHEAD": "0"}
        server = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env=environment)
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            try:
                server.wait(timeout=15)
            except subprocess.TimeoutExpired:
                server.kill()


def wait_for(address, server, log):
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the app did not start; its last words:\n{log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def app():
    # The cards are written beforehand, as `make setup` does; a layer is drawn when it is first asked for.
    subprocess.run([sys.executable, "-m", "layers.web"], cwd=ROOT, check=True, capture_output=True)
    with serve(ROOT / "streamlit_app.py") as address:
        yield address


@pytest.fixture(scope="session")
def play():
    with sync_playwright() as play:
        yield play


def chromium():
    """Return where Chromium is."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.fail("Chromium is missing: sh .ci/browser.sh installs it or says how")
    return path


@pytest.fixture(scope="session")
def browser(play):
    """A browser for contexts of a test's own; `new_page` is quicker by half."""
    running = play.chromium.launch(executable_path=chromium(), args=list(FLAGS))
    yield running
    running.close()


@pytest.fixture(scope="session")
def contexts(play, tmp_path_factory):
    """Return the context of desks and that of phones, each with a profile on disk, started when first asked for.

    Only a profile on disk keeps the compiled form of the app's scripts, and they are half of what a page costs.
    """
    with ExitStack() as stack:

        @cache
        def start(*, phone):
            running = play.chromium.launch_persistent_context(
                tmp_path_factory.mktemp("profile"), executable_path=chromium(), args=list(FLAGS), accept_downloads=True,
                is_mobile=phone, has_touch=phone,
            )  # fmt: skip
            stack.callback(running.close)
            return running

        yield start


@pytest.fixture
def new_page(contexts):
    """Return a function that opens a page of a size; it is closed and what it stored is forgotten after the test."""
    opened = []

    def open_page(size=DESK):
        page = contexts(phone=size["width"] < 500).new_page()
        opened.append(page)
        page.set_viewport_size(size)
        page.set_default_timeout(PATIENCE_MS)
        return page

    yield open_page
    for page in opened:
        # Told to the browser, not to the page: one that answers no more must end too.
        address = urlsplit(page.url)
        stored = {"origin": f"{address.scheme}://{address.netloc}", "storageTypes": "local_storage"}
        page.context.new_cdp_session(page).send("Storage.clearDataForOrigin", stored)
        page.context.clear_cookies()
        page.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.failed = report.failed
    return report


class Visit:
    """A page of the app with its troubles, and the map in it."""

    def __init__(self, page, address):
        self.page, self.address, self.troubles = page, address, []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.troubles.append(f"page error: {error}"))
        page.on("request", self._judge)

    def _hear(self, message):
        # Streamlit looks for its server beside a page's own address first, then one folder up: that is no trouble.
        if message.type == "error" and "/_stcore/" not in message.location["url"]:
            self.troubles.append(f"console: {message.text}")

    def _judge(self, request):
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in HOSTS:
            self.troubles.append(f"outside request: {request.url}")

    def open(self, path="/"):
        self.page.goto(self.address + path)
        self.drawn()
        # A button that is replaced between press and release is never clicked.
        rest(self.page)
        return self

    @property
    def map(self):
        return next(frame for frame in self.page.frames if "/index.html" in frame.url)

    def drawn(self, *layers):
        """Wait until the map shows these layers."""
        inside = self.page.frame_locator("iframe")
        inside.locator(
            "body" + "".join(f'[data-drawn~="{layer}"]' for layer in layers or [""] if layer) + "[data-drawn]"
        ).wait_for()

    def without(self, layer):
        self.page.frame_locator("iframe").locator(f'body:not([data-drawn~="{layer}"])').wait_for()

    def until(self, holds):
        """Wait until something holds that no locator tells, such as where a map stands."""
        end = time.monotonic() + PATIENCE_MS / 1000
        while not holds():
            assert time.monotonic() < end, "what was waited for has not come"
            self.page.wait_for_timeout(50)

    def settle(self):
        """Wait until the app has answered and the map stands still."""
        seen = []

        def still():
            seen.append(tuple(self.view()) if self.page.evaluate(RESTS) else object())
            return len(seen) > STILL and len(set(seen[-STILL:])) == 1

        self.until(still)

    def spot(self, lon, lat):
        """Where a position is on the page, px."""
        x, y = self.map.evaluate(
            "([lon, lat]) => { const p = atlas.map.latLngToContainerPoint([lat, lon]), r = atlas.map.getContainer()"
            ".getBoundingClientRect(); return [p.x + r.left, p.y + r.top]; }",
            [lon, lat],
        )
        frame = self.page.locator("iframe").bounding_box()
        return frame["x"] + x, frame["y"] + y

    def click(self, lon, lat):
        self.page.mouse.click(*self.spot(lon, lat))

    def view(self):
        return self.map.evaluate(
            "() => { const c = atlas.map.getCenter(); return [c.lng, c.lat, atlas.map.getZoom()]; }"
        )

    def title(self, text):
        """Wait for the card with this title."""
        self.page.locator(".card h2", has_text=text).wait_for()


@contextmanager
def visiting(visit, request):
    """Keep a picture of the page if the test fails, and let it have no trouble."""
    yield visit
    if getattr(request.node, "failed", False):
        SHOTS.mkdir(parents=True, exist_ok=True)
        with suppress(PlaywrightError):
            visit.page.screenshot(path=SHOTS / f"{request.node.name}.png")
    assert visit.troubles == []


@pytest.fixture
def visit(app, new_page, request):
    with visiting(Visit(new_page(getattr(request, "param", DESK)), app), request) as visit:
        yield visit
