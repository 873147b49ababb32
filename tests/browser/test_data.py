"""The page "data" as a reader uses it, with a workspace of its own; no host but the app can be reached."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
import shapely

from geodata import crs, workspace
from geodata.workspace import Feature, Import
from tests.browser.conftest import PHONE, ROOT, Visit, serve
from tests.browser.looking import find_serious, judge
from tests.geodata import own_data

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore:'crs' was not provided")]

PATIENCE_MS = 240_000
# The box for a file is Streamlit's own: its roles are not ours to set.
WHERE = {"include": [".st-key-data"], "exclude": ["[data-testid=stFileUploaderDropzone]"]}
SMALL = """() => [...document.querySelectorAll('.st-key-data .atlas-view :is(button, select)')]
  .filter((node) => node.offsetParent && node.getBoundingClientRect().height < 43)
  .map((node) => node.outerHTML.slice(0, 90))"""


@pytest.fixture(scope="module")
def own_app(app, tmp_path_factory):
    """The app with an empty workspace; the layers of the state without one have been written for ``app``."""
    del app
    before = os.environ[workspace.VARIABLE]
    os.environ[workspace.VARIABLE] = str(tmp_path_factory.mktemp("workspace"))
    try:
        with serve(ROOT / "streamlit_app.py") as address:
            yield address
    finally:
        os.environ[workspace.VARIABLE] = before


@pytest.fixture(scope="module")
def towns(tmp_path_factory):
    folder = tmp_path_factory.mktemp("towns")
    frame = own_data.towns(county="wuzhong")
    frame["街镇名称"] = frame["街镇名称"].replace({"木渎镇": "木读镇"})
    own_data.moved(frame.drop(columns="行政代码"), crs.wgs84_to_gcj02).to_file(
        folder / "吴中街镇.geojson", driver="GeoJSON"
    )
    return folder / "吴中街镇.geojson"


@pytest.fixture
def page(own_app, new_page):
    visit = Visit(new_page(), own_app)
    visit.page.set_default_timeout(PATIENCE_MS)
    visit.page.goto(f"{own_app}/data")
    visit.page.locator(".data_imports").wait_for()
    yield visit
    assert [each for each in visit.troubles if "status of 404" not in each] == []


def bring(visit, path):
    visit.page.set_input_files(".st-key-data_open input[type=file]", path)


def test_a_file_is_brought_and_settled_until_it_may_be_imported(page, towns):
    assert page.page.locator(".data_imports .empty").count() == 1
    assert find_serious(page.page, WHERE) == []
    bring(page, towns)
    page.page.locator(".data_found h1", has_text="吴中街镇.geojson").wait_for()
    assert page.page.locator(".fit[aria-pressed=true] b").inner_text().startswith("GCJ-02")
    assert find_serious(page.page, WHERE) == []
    page.page.set_viewport_size(PHONE)
    assert page.page.evaluate(SMALL) == []
    assert page.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.page.set_viewport_size({"width": 1440, "height": 900})
    page.page.locator(".rows select").select_option(label="木渎镇 · 吴中区")
    page.page.locator(".status.settled").first.wait_for()
    page.page.locator("#data-accept").click()
    page.page.locator("#data-take:not([disabled])").wait_for()
    page.page.locator("#meta-owner").fill("示例测绘院")
    # Taking it over is tried in tests/app: all layers would be drawn anew for it here, and once more to go back.


def test_a_layer_of_its_own_stands_on_the_map_and_in_the_table(own_app, new_page):
    shapes = {"一号单元": shapely.box(120.55, 31.2, 120.62, 31.26), "": shapely.Point(120.6, 31.23)}
    features = [
        Feature(number=number, layer="own", target=str(number), geometry=shapely.to_wkb(shape), name_zh=name,
                is_new=True, attributes=json.dumps({"用地性质": "居住"}))
        for number, (name, shape) in enumerate(shapes.items(), start=1)
    ]  # fmt: skip
    made = workspace.add_import(Import(kind="custom", file_name="单元.gpkg", owner="示例测绘院"), features=features)
    try:
        # Nothing else has changed: the layer is written in a moment, here so that the page need not wait for it.
        subprocess.run([sys.executable, "-m", "layers.web"], cwd=ROOT, check=True, capture_output=True)
        visit = Visit(new_page(), own_app).open("/?layers=own/import-1&sel=own/import-1%231")
        visit.drawn("own/import-1")
        visit.title("一号单元")
        assert "用地性质" in visit.page.locator(".card").inner_text()
        assert judge(visit.page) == []
        assert find_serious(visit.map) == []
        visit = Visit(new_page(PHONE), own_app)
        visit.page.goto(f"{own_app}/?layers=own/import-1&table=1&lang=en")
        visit.page.locator("#twin-own\\/import-1\\#2", has_text="(without a name)").wait_for()
        assert judge(visit.page) == []
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    finally:
        workspace.remove_import(made.id)


def test_a_bad_file_is_told_and_the_page_goes_on(page, tmp_path):
    (tmp_path / "x.gpkg").write_bytes(b"nonsense")
    bring(page, tmp_path / "x.gpkg")
    page.page.locator(".data_open .trouble", has_text="x.gpkg").wait_for()
    assert page.page.locator("[data-testid=stException]").count() == 0
