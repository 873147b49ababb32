"""The service for other programs: what OGC API - Features asks for, by its own words and by two clients of others."""

import contextlib
import gzip
import json
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from html.parser import HTMLParser
from urllib.parse import quote, urlencode

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from owslib.ogcapi.features import Features
from pygeoapi.config import validate_config
from pygeoapi.openapi import validate_openapi_document
from werkzeug.test import Client

from app.commands import service as command
from app.service import web
from app.service.asking import AskingError, read_box, read_days
from app.service.collection import PACKAGE, collection_id, read_offer
from app.service.configuration import CONFIGURATION, CRS84, MOST_ITEMS, offered_systems
from app.service.folder import folder_of, make_folder
from app.service.renewing import Renewing
from geodata import workspace
from geodata.workspace import Feature, Import, add_import, remove_import, switch_import
from layers.files.choice import choose_layers
from layers.files.systems import transform

STRUCTURE = "wuzhong-14fyp/wuzhong-two-plus-two-clusters"  # areas, points and rows without a place
LAYERS = ("wuzhong-14fyp/wuzhong-core-axis-belt", STRUCTURE, "base/counties", "base/rail", "base/places")
MIXED = collection_id(STRUCTURE)
PLACES = "base.places"
START = """
import signal
from app.command_line import main
signal.signal(signal.SIGINT, signal.default_int_handler)  # tests that run behind another shell would not hear ctrl-C
main()
"""
GRID = "http://www.opengis.net/def/crs/EPSG/0/4549"


@pytest.fixture(scope="module")
def address():
    """The address of a service that runs as a user starts it, and ends as a user ends it: quietly, with status 0."""
    server = subprocess.Popen(
        [sys.executable, "-c", START, "serve", *LAYERS, "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    told = ""
    try:
        while "ctrl-C" not in told:
            told = server.stderr.readline()
            assert told, "the service ended before it began"
        yield re.search(r"http://[\d.]+:\d+", told)[0]
    finally:
        server.send_signal(signal.SIGINT)
        out, errors = server.communicate(timeout=60)
    assert (server.returncode, out, errors) == (0, "", "")


@pytest.fixture(scope="module")
def folder(address):
    return folder_of(LAYERS)


@pytest.fixture(scope="module")
def frames(folder):
    """What each collection holds, read from the package by GDAL."""
    found = {}
    for each in read_offer(folder).collections:
        parts = [pyogrio.read_dataframe(folder / PACKAGE, layer=name) for name, _ in each.tables]
        found[each.id] = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=4326)
    return found


def fetch(url, method="GET", **headers):
    request = urllib.request.Request(url, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def ask(address, path, **parameters):
    status, headers, body = fetch(f"{address}{path}" + (f"?{urlencode(parameters)}" if parameters else ""))
    assert status == 200, body
    return json.loads(body), headers


def items(address, collection, **parameters):
    return ask(address, f"/collections/{collection}/items", **parameters)[0]


def own_ids(document):
    return {each["properties"]["id"] for each in document["features"]}


def test_landing_page_leads_to_all_there_is(address):
    landing, headers = ask(address, "/")
    assert headers["Content-Type"] == "application/json"
    by_rel = {each["rel"]: each["href"] for each in landing["links"]}
    assert {"self", "service-desc", "service-doc", "conformance", "data", "license"} <= set(by_rel)
    collection = ask(address, f"/collections/{MIXED}")[0]
    page = items(address, MIXED, limit=2, offset=2)
    item = ask(address, f"/collections/{MIXED}/items/{page['features'][0]['id']}")[0]
    links = [each for document in (landing, collection, page, item) for each in document["links"]]
    assert {each["rel"] for each in page["links"]} >= {"self", "alternate", "next", "prev", "collection"}
    for href, media in sorted({(each["href"], each["type"]) for each in links}):
        status, headers, _ = fetch(href, Accept=media)
        assert (status, headers["Content-Type"].partition(";")[0]) in {
            (200, media.partition(";")[0]),
            (200, "application/geo+json"),
        }, href


def test_conformance_classes_are_those_that_are_kept(address):
    classes = ask(address, "/conformance")[0]["conformsTo"]
    assert [each.rpartition("ogcapi-features-")[2] for each in classes] == [
        "1/1.0/conf/core", "1/1.0/conf/oas30", "1/1.0/conf/html", "1/1.0/conf/geojson", "2/1.0/conf/crs",
        "3/1.0/conf/queryables", "3/1.0/conf/queryables-query-parameters",
    ]  # fmt: skip


def test_collections_say_what_they_are(address, frames):
    found = {each["id"]: each for each in ask(address, "/collections", lang="en")[0]["collections"]}
    assert set(found) == set(frames) == set(map(collection_id, LAYERS))
    for name, each in found.items():
        assert each["itemType"] == "feature"
        assert each["crs"] == list(offered_systems())
        assert each["storageCrs"] == CRS84 == each["crs"][0]
        assert each["extent"]["spatial"]["bbox"][0] == pytest.approx(list(frames[name].total_bounds))
        assert each["attribution"]
    assert found[MIXED]["title"] == "Carriers of the 2+2 industries"
    assert found[MIXED]["extent"]["temporal"]["interval"] == [["2021-04-01T00:00:00Z", "2021-04-30T23:59:59Z"]]
    assert ask(address, f"/collections/{MIXED}")[0]["title"] == "“2+2”产业集群载体"


def test_paging_gives_every_feature_once(address, frames):
    url, ids = f"{address}/collections/{PLACES}/items?limit=400&sortby=-name_zh", []
    while url:
        page = json.loads(fetch(url)[2])
        assert page["numberMatched"] == len(frames[PLACES])
        assert page["numberReturned"] == len(page["features"]) <= 400
        ids += [each["id"] for each in page["features"]]
        url = next((each["href"] for each in page["links"] if each["rel"] == "next"), None)
    assert len(ids) == len(set(ids)) == len(frames[PLACES])
    capped = items(address, PLACES, limit=999_999, skipGeometry="true", properties="id")
    assert len(capped["features"]) == MOST_ITEMS
    assert {tuple(each["properties"]) for each in capped["features"]} == {("id",)}


def _gap(values, share):
    """A value with none near it, so that no rounding decides on which side another lies."""
    some = np.sort(values)[int(len(values) * share) :][:60]
    widest = np.diff(some).argmax()
    return some[widest : widest + 2].mean()


def test_box_gives_what_meets_it_and_what_has_no_place(address, frames):
    frame = frames[MIXED]
    west, south, east, north = 120.60, 31.15, 120.72, 31.25
    box = shapely.box(west, south, east, north)
    wanted = set(frame.id[frame.intersects(box) | frame.geometry.isna()])
    assert 0 < frame.geometry.isna().sum() < len(wanted) < len(frame)
    assert own_ids(items(address, MIXED, bbox=f"{west},{south},{east},{north}")) == wanted
    assert own_ids(items(address, MIXED, bbox=f"{west},{south},0,{east},{north},9")) == wanted
    for system in (GRID, "http://www.opengis.net/def/crs/EPSG/0/4490"):
        grid = frames[PLACES].to_crs(offered_systems()[system].epsg)
        (left, right), (low, high) = ([_gap(each, 0.3), _gap(each, 0.7)] for each in (grid.geometry.x, grid.geometry.y))
        inside = set(grid.id[grid.intersects(shapely.box(left, low, right, high))])
        # By the standard, northing and latitude come first.
        found = items(address, PLACES, bbox=f"{low},{left},{high},{right}", limit=1000, **{"bbox-crs": system})
        assert own_ids(found) == inside
        assert 50 < len(inside) < 500


@pytest.mark.parametrize("system", list(offered_systems())[1:], ids=lambda uri: uri.rpartition("/")[2])
def test_other_systems_are_those_of_our_exports(address, frames, system):
    record = offered_systems()[system]
    page, headers = ask(address, "/collections/base.rail/items", crs=system, limit=500)
    assert headers["Content-Crs"] == f"<{system}>"
    mine = transform(frames["base.rail"][["id", "geometry"]], record).set_index("id").geometry
    scale = 1.0 if record.metric else 111_320.0
    for each in page["features"]:
        there = shapely.get_coordinates(shapely.geometry.shape(each["geometry"]))
        here = shapely.get_coordinates(mine[each["properties"]["id"]])
        assert np.abs(there[:, ::-1] - here).max() * scale < 0.1
    item, headers = ask(address, f"/collections/base.rail/items/{page['features'][0]['id']}", crs=system)
    assert item["geometry"] == page["features"][0]["geometry"]
    assert headers["Content-Crs"] == f"<{system}>"


def test_properties_are_filters(address, frames):
    frame = frames[PLACES]
    page = items(address, PLACES, category="lake", sortby=" accuracy_m,-id", limit=1000)
    lakes = frame[frame.category == "lake"].sort_values(["accuracy_m", "id"], ascending=[True, False])
    assert [each["properties"]["id"] for each in page["features"]] == list(lakes.id)
    both = items(address, PLACES, category="lake", accuracy_m="300.0", limit=1000)
    assert own_ids(both) == set(lakes.id[lakes.accuracy_m == 300])
    assert items(address, PLACES, category="nothing")["features"] == []
    queryables = ask(address, f"/collections/{PLACES}/queryables")[0]
    assert set(queryables["properties"]) - {"geometry"} == set(frame.columns) - {"geometry"}
    assert queryables["additionalProperties"] is False


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("2021-04-15T00:00:00Z", True), ("2021-01-01/..", True), ("../2021-03-31", False), ("/2021-04-01", True),
        ("2021-05-01/2022-01-01", False), ("1999-01-01", False),
    ],
)  # fmt: skip
def test_time_asks_for_plans_of_that_time(address, text, matches):
    assert bool(items(address, MIXED, datetime=text)["features"]) is matches
    assert items(address, "base.counties", datetime=text)["numberMatched"] == 10


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404), ("/collections/nothing", 404), ("/collections/nothing/items", 404),
        (f"/collections/{MIXED}/items/nothing", 404), ("/processes", 404), ("/collections?unknown=1", 400),
        (f"/collections/{MIXED}/items?unknown=1", 400), (f"/collections/{MIXED}/items?limit=0", 400),
        (f"/collections/{MIXED}/items?limit=ten", 400), (f"/collections/{MIXED}/items?limit=1&limit=2", 400),
        (f"/collections/{MIXED}/items?offset=-1", 400), (f"/collections/{MIXED}/items?bbox=1,2,3", 400),
        (f"/collections/{MIXED}/items?bbox=1,2,3,nan", 400), (f"/collections/{MIXED}/items?bbox=120,32,121,31", 400),
        (f"/collections/{MIXED}/items?bbox=120,31,121,32&bbox-crs=EPSG:3857", 400),
        (f"/collections/{MIXED}/items?crs=http://www.opengis.net/def/crs/EPSG/0/3857", 400),
        (f"/collections/{MIXED}/items/2?crs=nonsense", 400), (f"/collections/{MIXED}/items?datetime=yesterday", 400),
        (f"/collections/{MIXED}/items?datetime=2022-01-01/2021-01-01", 400), (f"/collections/{MIXED}/items?f=xml", 400),
        (f"/collections/{MIXED}/items?sortby=", 400), (f"/collections/{MIXED}/items?sortby=nothing", 400),
        (f"/collections/{MIXED}/items?properties=nothing", 400), (f"/collections/{MIXED}/items?accuracy_m=far", 400),
        (f"/collections/{MIXED}/items?filter=1%3D1", 400), ("/?lang=fr", 400),
        (f"/collections/{MIXED}/items?component_zh=%27%20OR%201%3D1", 200), ("/collections/..%2f..%2fetc", 404),
    ],
)  # fmt: skip
def test_errors_are_ogc_exceptions(address, path, status):
    code, headers, body = fetch(f"{address}{path}")
    document = json.loads(body)
    assert code == status
    assert headers["Content-Type"] in ("application/json", "application/geo+json")
    if status == 200:
        assert document["features"] == []
    else:
        assert document["code"] in ("NotFound", "InvalidParameterValue")
        assert document["description"]
        assert "Traceback" not in document["description"]


def test_nothing_can_be_changed_and_everything_read_from_other_origins(address):
    where = f"{address}/collections/{MIXED}/items"
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        status, headers, body = fetch(where, method)
        assert (status, json.loads(body)["code"]) == (405, "MethodNotAllowed")
    status, headers, body = fetch(where, "OPTIONS", Origin="http://gis.example")
    assert (status, body, headers["Access-Control-Allow-Origin"]) == (204, b"", "*")
    status, headers, body = fetch(where, "HEAD")
    assert (status, body) == (200, b"")
    _, headers, packed = fetch(where, **{"Accept-Encoding": "gzip"})
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed))["numberReturned"] > 5


def test_gdal_reads_what_the_package_holds(address, frames):
    listed = pyogrio.list_layers(f"OAPIF:{address}")
    assert set(listed[:, 0]) == set(frames)
    for name, frame in frames.items():
        read = pyogrio.read_dataframe(f"OAPIF:{address}", layer=name).set_index("id")
        mine = frame.set_index("id")
        assert list(read.index) == list(mine.index)
        assert list(read.columns) == list(mine.columns)
        assert read["accuracy_m"].dtype == np.float64
        for column in [each for each in mine.columns if each != "geometry"]:
            assert list(read[column].astype(object).fillna("")) == list(mine[column].astype(object).fillna("")), column
        assert list(read.geometry.isna()) == list(mine.geometry.isna())
        there, here = (shapely.get_coordinates(each.geometry.dropna().values) for each in (read, mine))
        assert np.abs(there - here).max() < 1e-7
        assert list(read.geometry.dropna().geom_type) == list(mine.geometry.dropna().geom_type)
    grid = pyogrio.read_dataframe(f"OAPIF:{address}", layer="base.counties", CRS=GRID)
    assert grid.crs.to_epsg() == 4549
    assert grid.total_bounds == pytest.approx(frames["base.counties"].to_crs(4549).total_bounds, abs=0.1)


def test_owslib_reads_collections_and_items(address, frames):
    client = Features(address)
    assert set(client.feature_collections()) == set(frames)
    assert client.collection(MIXED)["id"] == MIXED
    page = client.collection_items(MIXED, limit=3, bbox=[119, 30, 122, 33])
    assert len(page["features"]) == 3
    item = client.collection_item(MIXED, page["features"][0]["id"])
    assert item["properties"] == page["features"][0]["properties"]
    assert "component_zh" in client.collection_queryables(MIXED)["properties"]
    assert client.api()["openapi"].startswith("3.0")


def test_definition_is_valid_and_lists_every_path(address, frames):
    definition = ask(address, "/openapi")[0]
    assert validate_openapi_document(definition)
    paths = {"/", "/conformance", "/openapi", "/sources", "/collections"}
    for name in frames:
        here = f"/collections/{name}"
        paths |= {here, f"{here}/queryables", f"{here}/schema", f"{here}/items", f"{here}/items/{{featureId}}"}
    assert set(definition["paths"]) == paths
    assert all(fetch(f"{address}{path}")[0] == 200 for path in paths if "{" not in path)
    parts = definition["components"]
    taken = {
        parts["parameters"][each["$ref"].rpartition("/")[2]]["name"]
        for each in definition["paths"][f"/collections/{PLACES}/items"]["get"]["parameters"]
    }
    assert {"limit", "offset", "bbox", "crs", "datetime", *frames[PLACES].columns} - {"geometry"} <= taken
    refs = re.findall(r'"\$ref": "([^"]*)"', json.dumps(definition))
    assert all(parts[ref.split("/")[2]].get(ref.split("/")[3]) for ref in refs)


class _Addresses(HTMLParser):
    """What a page loads, and what it leads to."""

    def __init__(self, text):
        super().__init__()
        self.loads, self.leads, self.tags = set(), set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.add(tag)
        for name in ("src", "href", "action", "data", "poster", "srcset", "style"):
            if given.get(name):
                (self.leads if tag == "a" else self.loads).add(given[name])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_load_nothing_from_outside(address, lang):
    page = items(address, MIXED)
    paths = ["/", "/conformance", "/openapi", "/sources", "/collections", "/nothing"]
    paths += [f"/collections/{MIXED}{tail}" for tail in ("", "/queryables", "/schema", "/items", "/items/nothing")]
    paths += [f"/collections/{MIXED}/items/{quote(each['id'])}" for each in page["features"][:3]]
    paths += [
        f"/collections/{MIXED}/items?properties=id&skipGeometry=true",
        f"/collections/{PLACES}/items?bbox=0,0,1,1",
    ]
    leads = set()
    for path in paths:
        _, headers, body = fetch(
            f"{address}{path}{'&' if '?' in path else '?'}lang={lang}", Accept="text/html,application/xhtml+xml"
        )
        assert headers["Content-Type"] == "text/html; charset=utf-8"
        assert headers["Content-Language"] == lang
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        found = _Addresses(body.decode())
        assert "script" not in found.tags
        assert all(each.startswith((f"{address}/", "data:,")) for each in found.loads)
        leads |= found.leads
    assert all(each.startswith((f"{address}/", "#")) for each in leads)
    # An edge that nobody stated is dashed here too.
    assert 'class="area indicative"' in fetch(f"{address}/collections/{MIXED}/items?f=html")[2].decode()
    style = fetch(f"{address}/style.css")[2].decode()
    assert "url(" not in style
    assert "@import" not in style
    assert [each for each in sorted(leads) if "#" not in each and fetch(each)[0] not in (200, 404)] == []


def test_configuration_is_one_that_pygeoapi_takes(folder):
    told = (folder / CONFIGURATION).read_text("utf-8")
    assert validate_config(yaml.safe_load(told))
    assert set(re.findall(r"https?://([\w.-]+)", told)) == {"plan-atlas.invalid", "www.opengis.net"}


def test_address_and_title_are_said_and_a_failure_is_told_in_one_line(folder, monkeypatch, caplog):
    client = Client(web.Service(folder, title="局里的图", address="https://gis.example/atlas/"))
    landing = client.get("/").get_json()
    assert landing["title"] == "局里的图"
    assert all(each["href"].startswith("https://gis.example/atlas/") for each in landing["links"])
    client = Client(web.Service(folder))
    assert "http://atlas.example:8000/" in client.get("/", base_url="http://atlas.example:8000").text
    bad = client.get("/", headers={"Host": '"><script>', "Accept": "text/html"})
    assert "<script>" not in bad.text

    def fail(*_):
        raise RuntimeError("secret")

    monkeypatch.setattr(web.answers, "items", fail)
    answer = client.get(f"/collections/{MIXED}/items")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "secret" in caplog.text


def add_zone():
    """Import a zone that no place of the register is meant by: it makes a layer of its own."""
    shape = shapely.box(120.6, 31.1, 120.7, 31.2)
    feature = Feature(layer="own", target="zone", place="", name_zh="试验区", is_new=True,
                      geometry=shapely.to_wkb(shape), number=1)  # fmt: skip
    return add_import(Import(kind="zones", file_name="zones.gpkg", owner="局", accuracy_m=1.0), features=[feature])


def test_folder_follows_layers_and_own_data(own_workspace):
    plain = folder_of(LAYERS)
    assert folder_of(LAYERS[:2]) != plain
    made = add_zone()
    assert folder_of(LAYERS) != plain
    switch_import(made.id, active=False)
    assert folder_of(LAYERS) == plain


def test_a_running_service_follows_imports(own_workspace):
    told = []

    def make():
        return make_folder(choose_layers(["base/counties", "own/*"] if workspace.list_imports() else ["base/counties"]))

    service = Renewing(make, web.Service, tell=told.append)
    client = Client(service)
    assert not service.look()
    assert client.get("/collections/own.import-1/items").status_code == 404
    made = add_zone()
    assert service.look(), told
    page = client.get("/collections/own.import-1/items").get_json()
    assert [each["properties"]["component_zh"] for each in page["features"]] == ["试验区"]
    assert "本单位图层" in client.get("/collections?f=html&lang=zh").text
    assert "2 layers" in told.pop()
    # What cannot be made is told, and what is there is served on.
    switch_import(made.id, active=False)
    assert not service.look()
    assert "own" in told.pop()
    assert not service.look()
    assert client.get("/collections/own.import-1/items").status_code == 200
    remove_import(made.id)
    assert service.look()
    assert client.get("/collections/own.import-1/items").status_code == 404
    assert client.get("/collections/base.counties/items").get_json()["numberMatched"] == 10
    assert "1 layers" in told.pop()


def test_second_start_makes_nothing(folder, monkeypatch):
    monkeypatch.setattr("app.service.folder.run_job", None)
    assert make_folder(LAYERS) == folder


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["nothing/at-all"], 1, "got 'nothing/at-all'"),
        (["--plan", "nope"], 1, "got 'nope'"),
        (["--all", "base/counties"], 2, "either"),
        (["base/counties", "--url", "gis.example"], 2, "gis.example"),
        (["base/counties", "--host", "203.0.113.7", "--port", "0"], 1, "203.0.113.7 cannot be used"),
    ],
)
def test_wrong_calls_are_told_in_one_line(arguments, status, says):
    done = subprocess.run(
        [sys.executable, "-m", "app.command_line", "serve", *arguments],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == status
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert status == 2 or len(done.stderr.strip().splitlines()) == 1


def test_port_that_is_taken_and_extra_that_is_missing_are_told(address, monkeypatch):
    taken = CliRunner().invoke(command.serve, ["base/counties", "--port", address.rpartition(":")[2]])
    assert taken.exit_code == 1
    assert "try another --port" in taken.output
    monkeypatch.setattr(command, "find_spec", lambda _: None)
    missing = CliRunner().invoke(command.serve, ["base/counties"])
    assert missing.exit_code == 1
    assert "plan-atlas[service]" in missing.output


@settings(deadline=None)
@given(st.one_of(st.text(max_size=30), st.lists(st.floats(), max_size=7).map(lambda some: ",".join(map(str, some)))))
def test_boxes_and_times_are_read_or_refused(text):
    for read in (read_box, lambda given: read_box(given, GRID), read_days):
        with contextlib.suppress(AskingError):
            assert read(text)
