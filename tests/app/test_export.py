"""The page "export": the address holds the choice, sizes are told beforehand, files come from another process."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile

import pytest

from app.export.desk import ExportDesk, all_layers, area_ids, find_areas
from app.export.files import make_files
from app.export.list import describe_export_form, describe_export_panel, tell_size
from app.export.size import measure
from app.export.state import ExportState, read_export_state, shorten, write_export_state
from app.library import Library
from app.wording import words
from layers.files.making import Wish, make_bundle, open_tables
from layers.files.table import open_table
from layers.web.cache import MANIFEST, ROOT, web_folder

HEADLINE = "wuzhong-14fyp/wuzhong-core-axis-belt"
NODES = "suzhou-15fyp/projects-energy"
LAYERS = ("a/x", "a/y", "b/z", "base/rail")
KNOWN = {"layers": LAYERS, "plans": ("a", "b", "base"), "areas": ("county/kunshan",)}


@pytest.fixture(scope="module")
def library():
    subprocess.run([sys.executable, "-m", "layers.web"], cwd=ROOT, check=True, capture_output=True)
    manifest = json.loads((web_folder() / MANIFEST).read_text("utf-8"))
    return Library(manifest=manifest, folder=web_folder())


@pytest.mark.parametrize(
    "state",
    [
        ExportState(),
        ExportState(layers=("a/x", "b/z"), plan="a", kind="base", area="county/kunshan", formats=("geojson", "shp")),
        ExportState(layers=("a/x", "a/y", "base/rail"), formats=("dxf",), system="4549", zipped=False),
    ],
)
def test_the_address_holds_the_state(state):
    query = write_export_state(state, layers=LAYERS, lang="zh", default_lang="zh")
    assert read_export_state(query, **KNOWN) == state


@pytest.mark.parametrize(
    "query",
    [{"layers": "a,*x*y"}, {"format": "exe"}, {"crs": "3857"}, {"plan": "c"}, {"area": "x"}, {"kind": "?"}],
)
def test_what_makes_no_sense_in_the_address_falls_back(query):
    assert read_export_state(query, **KNOWN) == ExportState()


def test_a_group_that_is_chosen_whole_is_short_in_the_address():
    assert shorten(("a/x", "a/y", "b/z"), layers=(*LAYERS, "b/zz")) == ["a/*", "b/z"]


def test_layers_are_found_filtered_and_chosen(library):
    desk = ExportDesk()
    assert len(desk.listed(library)) == len(all_layers(library)) > 280
    desk.answer({"type": "plan", "value": "wuzhong-14fyp"}, library)
    desk.answer({"type": "kind", "value": "projects"}, library)
    assert all(each.startswith("wuzhong-14fyp/projects") for each in desk.listed(library))
    desk.answer({"type": "take_listed"}, library)
    assert desk.state.layers == tuple(desk.listed(library))
    desk.answer({"type": "kind", "value": ""}, library)
    desk.answer({"type": "search", "value": "核轴带"}, library)
    assert HEADLINE in desk.listed(library)
    desk.answer({"type": "toggle", "value": HEADLINE}, library)
    assert HEADLINE in desk.state.layers
    panel = describe_export_panel(desk, library, words("zh"))
    assert next(row for row in panel["groups"][0]["layers"] if row["id"] == HEADLINE)["on"]
    desk.answer({"type": "take_none"}, library)
    assert desk.state.layers == ()
    before = desk.state
    for event in ({"type": "toggle", "value": "nope"}, {"type": "format", "value": "exe"}, {"type": "crs"}, {}):
        desk.answer(event, library)
        assert desk.state == before


def test_formats_settle_the_systems_and_the_packing(library):
    desk = ExportDesk(state=ExportState(formats=("geojson",), zipped=False))
    assert desk.systems == ("4326", "gcj02")
    desk.answer({"type": "system", "value": "4549"}, library)
    assert desk.state.system == "4326"
    desk.answer({"type": "format", "value": "dxf"}, library)
    assert desk.state.zipped, "several formats go into a zip"
    desk.answer({"type": "zip", "value": "0"}, library)
    assert desk.state.zipped
    desk.answer({"type": "system", "value": "4549"}, library)
    desk.answer({"type": "toggle", "value": HEADLINE}, library)
    form = describe_export_form(desk, library, words("zh"))
    assert form["instead"] == "GeoJSON 不能用这个坐标系，改用 EPSG:4326。"
    desk.answer({"type": "format", "value": "dxf"}, library)
    assert desk.state.system == "4326"
    desk.answer({"type": "format", "value": "geojson"}, library)
    assert desk.state.formats == ("geojson",), "the last format stays"


def test_an_area_is_a_place_with_an_outline(library):
    desk = ExportDesk()
    assert find_areas("昆山市", library)[0].id == "county/kunshan"
    desk.answer({"type": "area_first", "value": "没有这个地方"}, library)
    assert desk.unknown
    assert describe_export_form(desk, library, words("en"))["none"] == "没有这个地方"
    desk.answer({"type": "area_first", "value": "昆山市"}, library)
    assert desk.state.area == "county/kunshan"
    assert desk.state.area in area_ids(library)
    desk.answer({"type": "whole"}, library)
    assert desk.state.area == ""


@pytest.mark.parametrize("area", ["", "county/wujiang"])
def test_what_is_told_beforehand_is_what_comes(library, area):
    desk = ExportDesk(state=ExportState(layers=(HEADLINE, NODES, "base/rail", "base/places", "base/towns"), area=area))
    size = measure(desk.state.layers, library, area=desk.area(library))
    from layers.files.extent import area_of_place  # noqa: PLC0415

    wish = Wish(
        layers=desk.state.layers, formats=desk.state.formats, system="4326", area=area_of_place(area) if area else None
    )
    tables = open_tables(wish)
    assert size.rows == sum(len(table.frame) - len(table.nowhere) for table in tables)
    assert size.nowhere == sum(len(table.without_place()) for table in tables)
    for zipped in (True, False):
        told = size.estimate(desk.state.formats, zipped=zipped)
        if zipped:
            assert told == pytest.approx(len(make_bundle(wish)), rel=0.6)
        assert tell_size(told, words("zh"))[-2:] in ("KB", "MB")


def test_files_are_made_in_a_process_of_their_own():
    told = []
    state = ExportState(layers=(NODES,), formats=("shp",), system="4549", zipped=False)
    made = make_files(state, lang="zh", progress=lambda share, what: told.append((share, what)))
    data = made.path.read_bytes()
    assert made.packed, "a Shapefile is several files"
    assert made.name == "suzhou-15fyp_projects-energy_shp_epsg4549.zip"
    assert (made.size, made.digest) == (len(data), hashlib.sha256(data).hexdigest())
    assert made.nowhere == len(open_table(NODES).nowhere)
    assert [share for share, _ in told] == sorted(share for share, _ in told)
    assert any(what == NODES for _, what in told)
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        assert {"README.txt", "SHA256SUMS"} <= set(box.namelist())
    single = make_files(
        ExportState(layers=(NODES,), formats=("geojson",), zipped=False), lang="en", progress=lambda *_: None
    )
    assert single.name == "suzhou-15fyp_projects-energy.geojson"
    assert len(json.loads(single.path.read_bytes())["features"]) == single.rows + single.nowhere


def test_what_cannot_be_made_is_said_in_one_line():
    state = ExportState(layers=("base/rail_stations",), area="town/zhouzhuang")
    with pytest.raises(RuntimeError, match="none does"):
        make_files(state, lang="zh", progress=lambda *_: None)


def test_the_server_needs_no_geometry_tables():
    code = (
        "import sys, app.export.page; print([m for m in ('geopandas', 'pyarrow.parquet', 'ezdxf') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"
