"""A file of the bureau's own: read in any form, placed by fit, matched by name, checked; nothing decided in silence."""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import io
import json
import tempfile
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer import geocode, open_register
from gazetteer.importing import NEW, OUT, Wishes, examine, read_matches, take_over, write_matches
from gazetteer.matching import Matcher
from geodata import crs, store, workspace
from geodata.importing import systems
from geodata.importing.kinds import read_kinds
from geodata.importing.reading import read_table
from geodata.importing.repairs import MESSAGES
from geodata.importing.unpacking import UnreadableFileError
from geodata.workspace import Import
from layers.catalogue import read_structures
from layers.ground import Ground
from layers.opening import open_layer
from layers.style import load_style
from layers.web.cards import tell_layer
from tests.geodata import own_data

pytestmark = pytest.mark.filterwarnings("ignore:'crs' was not provided")
BY = Import(
    kind="", file_name="", owner="示例测绘院", date="2026-03", licence="内部使用", review_number="苏S(2026)001号"
)


@pytest.fixture(scope="module")
def towns():
    return own_data.towns()


@pytest.fixture(scope="module")
def wuzhong():
    return own_data.towns(county="wuzhong")


def zipped(folder, name, members):
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in members:
            archive.write(each, each.name)
    return path


def gbk_shapefile_without_cpg(frame, folder):
    frame.to_crs(4549).to_file(folder / "街镇.shp", encoding="GBK")
    (folder / "街镇.cpg").unlink()
    return zipped(folder, "towns.zip", folder.glob("街镇.*"))


def utf8_shapefile(frame, folder):
    short = frame.rename(columns={"街镇名称": "name", "行政代码": "code", "备注": "note"}).to_crs(4490)
    short.to_file(folder / "towns.shp", encoding="UTF-8")
    return folder / "towns.shp"


def gcj_geojson(frame, folder):
    own_data.moved(frame, crs.wgs84_to_gcj02).to_file(folder / "towns.geojson", driver="GeoJSON")
    return folder / "towns.geojson"


def baidu_csv_in_gb18030(frame, folder):
    text = own_data.as_csv(own_data.moved(frame, crs.wgs84_to_bd09))
    (folder / "towns.csv").write_bytes(text.encode("gb18030"))
    return folder / "towns.csv"


def swapped_geopackage(frame, folder):
    own_data.moved(frame, own_data.metres_with_zone_swapped).to_file(folder / "towns.gpkg", layer="街镇")
    return folder / "towns.gpkg"


FORMS = {
    gbk_shapefile_without_cpg: ("4549", "GB18030"), utf8_shapefile: ("4326", "UTF-8"), gcj_geojson: ("gcj02", "UTF-8"),
    baidu_csv_in_gb18030: ("bd09", "GB18030"), swapped_geopackage: ("4528-swapped", "UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_towns_are_read_placed_and_matched_whatever_they_come_in(form, towns, tmp_path):
    found = examine(form(towns, tmp_path), Wishes(kind="towns"))
    assert (found.system, found.table.encoding) == FORMS[form]
    assert found.need == ""
    assert {row.status for row in found.rows} == {"matched"}
    assert {each.target for each in found.features} == set(store.read_base("towns").index)
    wanted = dict(zip(towns["街镇名称"], towns.to_crs(4549).geometry, strict=True))
    got = gpd.GeoSeries.from_wkb([each.geometry for each in found.features], crs=4326).to_crs(4549)
    for each, shape in zip(found.features, got, strict=True):
        own = wanted[found.table.fields[found.name_field][each.number - 1]]
        # Where the bend made edges cross, the common ground went to one of two neighbours.
        assert (shape ^ own).area < 0.01 * own.area


@pytest.mark.parametrize(("ending", "driver"), [("kml", "KML"), ("fgb", "FlatGeobuf"), ("dxf", "DXF"), ("parquet", "")])
def test_other_forms_are_read(ending, driver, wuzhong, tmp_path):
    path = tmp_path / f"towns.{ending}"
    if ending == "parquet":
        wuzhong.to_parquet(path)
    elif ending == "dxf":
        # A drawing has lines and texts: a town is a closed line with its name standing in it.
        largest = [max(shapely.get_parts(shape), key=shapely.area) for shape in wuzhong.geometry]
        lines = gpd.GeoDataFrame(
            {"Layer": "edge", "Text": ""},
            index=wuzhong.index,
            geometry=shapely.get_exterior_ring(largest),
        )
        texts = gpd.GeoDataFrame({"Layer": "name", "Text": wuzhong["街镇名称"].to_numpy()},
                                 geometry=shapely.point_on_surface(largest))  # fmt: skip
        write_drawing(path, lines, texts)
    else:
        wuzhong.to_file(path, driver=driver)
    found = examine(path, Wishes(kind="towns", system="4326"))
    assert len([row for row in found.rows if row.status == "matched"]) == len(wuzhong)
    assert len(found.features) == len(wuzhong)


def write_drawing(path, lines, texts):
    """DXF by hand: GDAL writes no texts from a plain table."""
    out = ["0", "SECTION", "2", "ENTITIES"]
    for line in lines.geometry:
        points = shapely.get_coordinates(line)[:-1]
        out += ["0", "LWPOLYLINE", "8", "edge", "90", str(len(points)), "70", "1"]
        for x, y in points:
            out += ["10", f"{x:.7f}", "20", f"{y:.7f}"]
    for point, text in zip(texts.geometry, texts["Text"], strict=True):
        out += ["0", "TEXT", "8", "name", "10", f"{point.x:.7f}", "20", f"{point.y:.7f}", "40", "0.01", "1", text]
    path.write_text("\n".join([*out, "0", "ENDSEC", "0", "EOF", ""]), encoding="utf-8")


# ------------ coordinate systems


def test_part_of_the_city_is_enough_to_tell_datums_apart(wuzhong, tmp_path):
    found = examine(gcj_geojson(wuzhong.head(6), tmp_path), Wishes(kind="towns"))
    assert found.system == "gcj02"
    first, second = found.recognised.fits[:2]
    assert second.edges_m > 1.5 * first.edges_m


def test_where_two_systems_fit_alike_the_reader_is_asked(wuzhong, tmp_path):
    spots = gpd.GeoDataFrame({"name": ["某园", "某馆"]}, geometry=shapely.buffer(
        shapely.points([[120.60, 31.30], [120.62, 31.31]]), 0.002), crs=4326)  # fmt: skip
    spots.to_file(tmp_path / "zones.geojson", driver="GeoJSON")
    found = examine(tmp_path / "zones.geojson", Wishes(kind="zones", settled={1: NEW, 2: NEW}))
    assert (found.system, found.need, found.recognised.doubt) == ("", "system", "alike")
    assert {fit.system for fit in found.recognised.fits} >= {"4326", "gcj02", "bd09"}
    with pytest.raises(ValueError, match="coordinate system"):
        take_over(found, BY)
    settled = examine(tmp_path / "zones.geojson", Wishes(kind="zones", system="EPSG:4490", settled={1: NEW, 2: OUT}))
    assert [each.name_zh for each in settled.features] == ["某园"]


def test_a_file_that_names_a_system_its_edges_contradict_is_asked_about(wuzhong, tmp_path):
    shifted = own_data.moved(wuzhong, crs.wgs84_to_gcj02).set_crs(4490)
    shifted.to_file(tmp_path / "towns.gpkg")
    found = examine(tmp_path / "towns.gpkg", Wishes(kind="towns"))
    assert (found.system, found.recognised.doubt) == ("", "contradiction")
    assert found.recognised.fits[0].system == "gcj02"


def test_another_city_is_nowhere(tmp_path):
    far = gpd.GeoDataFrame({"name": ["甪直镇"]}, geometry=[shapely.box(100.0, 25.0, 100.2, 25.2)], crs=4326)
    far.to_file(tmp_path / "far.geojson", driver="GeoJSON")
    assert examine(tmp_path / "far.geojson", Wishes(kind="towns")).recognised.doubt == "nowhere"
    forced = examine(tmp_path / "far.geojson", Wishes(kind="towns", system="4326"))
    assert forced.need == "nothing"
    assert [issue.code for issue in forced.issues] == ["outside"]


@pytest.mark.parametrize("epsg", [4610, 4214])
def test_old_datums_are_refused_with_the_reason(epsg, wuzhong, tmp_path):
    wuzhong.set_crs(epsg, allow_override=True).to_file(tmp_path / "old.gpkg")
    with pytest.raises(ValueError, match=r"refused.*surveying office"):
        examine(tmp_path / "old.gpkg", Wishes(kind="towns"))
    with pytest.raises(ValueError, match="refused"):
        systems.check_system(f"EPSG:{epsg}")


@settings(deadline=None)
@given(
    lon=st.floats(119.95, 121.3), lat=st.floats(30.8, 32.0),
    system=st.sampled_from([each + tail for each in (*systems.DEGREES, *map(str, systems.METRES))
                            for tail in ("", systems.SWAPPED)]),
)  # fmt: skip
def test_every_system_leads_back_to_where_it_came_from(lon, lat, system):
    base = system.removesuffix(systems.SWAPPED)
    there = {"4326": lambda x, y: (x, y), "gcj02": crs.wgs84_to_gcj02, "bd09": crs.wgs84_to_bd09}.get(base)
    if there is None:
        back = systems._mover(int(base))
        x, y = back.transform(lon, lat, direction="INVERSE")
    else:
        x, y = (float(each) for each in there(lon, lat))
    x, y = (y, x) if system.endswith(systems.SWAPPED) else (x, y)
    got = systems.mover_of(system)(np.array([x]), np.array([y]))
    assert np.allclose(np.ravel(got), [lon, lat], atol=2e-7)


# ------------ names


@pytest.mark.parametrize(
    ("name", "status", "place"),
    [
        ("甪直镇", "matched", "town/luzhi"), ("江苏省苏州市吴中区甪直镇", "matched", "town/luzhi"),
        ("甪直鎮", "matched", "town/luzhi"), ("甪直镇人民政府", "matched", "town/luzhi"),
        ("木读镇", "fuzzy", "town/mudu"), ("没有这个镇名", "unmatched", None), ("", "unmatched", None),
    ],
)  # fmt: skip
def test_names_are_matched_with_and_without_doubt(name, status, place):
    found = Matcher(categories=["town"], layers=["towns"]).match(name)
    assert (found.status, found.place and found.place.id) == (status, place)


def test_a_code_decides_unless_the_name_says_otherwise():
    matcher = Matcher(categories=["town"], layers=["towns"], codes={"320506103": "town/luzhi"})
    assert matcher.match("", code="320506103").place.id == "town/luzhi"
    assert matcher.match("木渎镇", code="320506103").status == "fuzzy"


@settings(deadline=None)
@given(st.text(max_size=30))
def test_no_name_breaks_the_matcher(name):
    found = MATCHER.match(name)
    assert found.status != "matched" or found.place is not None


MATCHER = Matcher(categories=["town"], layers=["towns"])


def test_doubtful_names_stay_out_until_they_are_settled(wuzhong, tmp_path):
    wrong = wuzhong.assign(街镇名称=wuzhong["街镇名称"].replace({"木渎镇": "木读镇", "甪直镇": "无名"}), 行政代码="")
    wrong.to_file(tmp_path / "towns.gpkg")
    found = examine(tmp_path / "towns.gpkg", Wishes(kind="towns"))
    told = {row.name: (row.status, row.decision) for row in found.rows}
    assert told["木读镇"] == ("fuzzy", OUT)
    assert told["无名"] == ("unmatched", OUT)
    assert {"mudu", "luzhi"}.isdisjoint(each.target for each in found.features)
    assert {issue.code for issue in found.changes} >= {"unsettled", "unmatched"}
    table = list(csv.DictReader(io.StringIO(write_matches(found))))
    for row in table:
        row["decision"] = {"木读镇": "town/mudu", "无名": NEW}.get(row["name"], row["decision"])
    out = io.StringIO()
    writer = csv.DictWriter(out, table[0])
    writer.writeheader()
    writer.writerows(table)
    settled = examine(tmp_path / "towns.gpkg", Wishes(kind="towns", settled=read_matches(out.getvalue())))
    assert "mudu" in {each.target for each in settled.features}
    assert [each.name_zh for each in settled.features if each.is_new] == ["无名"]


@pytest.mark.parametrize("text", ["name,decision\n", "feature,decision\nx,new\n", "feature,decision\n1,town/no-such\n"])
def test_a_table_of_decisions_that_makes_no_sense_is_refused(text):
    with pytest.raises(ValueError, match="expected"):
        read_matches(text)


# ------------ repairs


def test_every_repair_is_proposed_with_its_feature_and_nothing_is_silent(wuzhong, tmp_path):
    rows = wuzhong.to_crs(4549).reset_index(drop=True)
    bow = shapely.Polygon([(0, 0), (4000, 4000), (4000, 0), (0, 4000)])
    x, y = rows.geometry[0].centroid.coords[0]
    shapes = list(rows.geometry)
    shapes[0] = shapely.transform(bow, lambda p: p + np.array([x - 2000, y - 2000]))
    shapes[1] = shapes[1].buffer(400)
    shapes += [
        None,
        shapely.Polygon(),
        shapes[2],
        shapely.box(1e5, 4e6, 1.1e5, 4.1e6),
        shapely.Point(x, y),
        shapely.box(x, y, x + 2, y + 2),
        shapes[3].buffer(-300),
    ]
    names = [*rows["街镇名称"], "空", "空", rows["街镇名称"][2], "远", "点", "小", rows["街镇名称"][3]]
    frame = gpd.GeoDataFrame({"街镇名称": names}, geometry=shapes, crs=4549)
    frame.to_file(tmp_path / "towns.gpkg")
    found = examine(tmp_path / "towns.gpkg", Wishes(kind="towns"))
    number = len(rows)
    told = {(issue.code, issue.feature) for issue in found.issues}
    assert told >= {
        ("invalid", 1), ("empty", number + 1), ("empty", number + 2), ("duplicate", number + 3),
        ("outside", number + 4), ("form", number + 5), ("tiny", number + 6), ("joined", number + 7),
    }  # fmt: skip
    assert any(code == "overlap" for code, _ in told)
    assert all(issue.message for issue in found.issues)
    assert {issue.code for issue in found.issues} <= set(MESSAGES)
    metric = gpd.GeoSeries.from_wkb([each.geometry for each in found.features], crs=4326).to_crs(4549)
    assert metric.is_valid.all()
    assert metric.area.sum() == pytest.approx(metric.union_all().area, rel=1e-6)
    table = list(csv.DictReader(io.StringIO(workspace.write_issues(found.issues))))
    assert len(table) == len(found.issues)
    assert list(table[0]) == ["feature", "field", "value", "code", "action", "message"]


def test_gaps_between_towns_are_closed_or_told_with_place_and_area(tmp_path):
    counties = store.read_base_metric("counties")
    x, y = crs.project(*open_register().places["town/hengjing"].position)
    left, right = shapely.box(x - 3000, y, x, y + 3000), shapely.box(x + 8, y, x + 3000, y + 3000)
    hole = shapely.box(x + 1000, y + 1000, x + 1500, y + 1500)
    far = shapely.box(x - 3000, y - 18_000, x, y) - counties.geometry["wuzhong"]
    frame = gpd.GeoDataFrame({"名称": ["横泾街道", "越溪街道"]}, geometry=[left | far, right - hole], crs=4549)
    frame.to_file(tmp_path / "t.gpkg")
    found = examine(tmp_path / "t.gpkg", Wishes(kind="towns", system="4549"))
    told = {issue.code: issue for issue in found.issues}
    assert (told["gap"].action, told["hole"].action, told["beyond"].action) == ("repaired", "told", "told")
    assert "0.024 km²" in told["gap"].value
    assert "0.250 km²" in told["hole"].value
    assert "吴中区" in told["beyond"].value
    lon, lat = map(float, told["gap"].value.rpartition(", ")[2].split())
    assert shapely.Point(*crs.project(lon, lat)).distance(shapely.box(x, y, x + 8, y + 3000)) < 1
    shapes = gpd.GeoSeries.from_wkb([each.geometry for each in found.features], crs=4326).to_crs(4549)
    assert shapes.union_all().area == pytest.approx((left | far | right).area + 24_000 - hole.area, rel=1e-6)


def test_a_name_far_from_its_place_is_doubted(wuzhong, tmp_path):
    names = wuzhong["街镇名称"].to_numpy().copy()
    luzhi, dongshan = (int(np.flatnonzero(names == each)[0]) for each in ("甪直镇", "东山镇"))
    names[[luzhi, dongshan]] = names[[dongshan, luzhi]]
    wuzhong.assign(街镇名称=names, 行政代码="").to_file(tmp_path / "towns.gpkg")
    found = examine(tmp_path / "towns.gpkg", Wishes(kind="towns"))
    assert {issue.value for issue in found.issues if issue.code == "far"} == {"甪直镇", "东山镇"}


# ------------ bad files


def bomb(folder):
    path = folder / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.geojson", b"{" + b" " * 60_000_000)
    return path


def bad(folder, name, data):
    path = folder / name
    path.write_bytes(data)
    return path


VRT = b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>y.gpkg</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
BAD = {
    "bomb": bomb,
    "empty": lambda folder: bad(folder, "x.geojson", b""),
    "form": lambda folder: bad(folder, "x.exe", b"MZ"),
    "signature": lambda folder: bad(folder, "x.kml", VRT),
    "signature2": lambda folder: bad(folder, "x.csv", b"\x00\x01\x02"),
    "zip": lambda folder: bad(folder, "x.zip", b"PK\x03\x04 nonsense"),
    "nothing": lambda folder: zipped(folder, "x.zip", [bad(folder, "readme.md", b"x")]),
    "parts": lambda folder: bad(folder, "x.shp", b"\x00\x00\x27\x0a" + b"\0" * 96),
    "broken": lambda folder: bad(folder, "x.geojson", b'{"type": "FeatureCollection", "features": [{'),
    "broken2": lambda folder: bad(folder, "x.gpkg", b"SQLite format 3\x00" + b"x" * 2000),
    "broken3": lambda folder: bad(folder, "x.parquet", b"PAR1 nonsense"),
    "columns": lambda folder: bad(folder, "x.csv", "名称,人口\n甪直镇,1\n".encode()),
    "missing": lambda folder: folder / "gone.gpkg",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gives_one_clear_line(name, tmp_path):
    with pytest.raises(UnreadableFileError) as caught:
        examine(BAD[name](tmp_path), Wishes(kind="towns"))
    assert caught.value.kind == name.rstrip("23")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_members_of_a_zip_cannot_leave_their_folder(wuzhong, tmp_path):
    wuzhong.to_file(tmp_path / "t.geojson", driver="GeoJSON")
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.write(tmp_path / "t.geojson", "../../../outside.geojson")
    table = read_table(tmp_path / "x.zip", count=len)
    assert len(table.geometry) == len(wuzhong)
    assert not (tmp_path.parent / "outside.geojson").exists()


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_bytes(b"name,lon,lat\n" + data)
        with contextlib.suppress(UnreadableFileError):
            assert read_table(path, count=len).geometry


def test_csv_with_positions_and_holes_in_it(tmp_path):
    (tmp_path / "x.csv").write_text("名称;经度;纬度\n甪直镇;120.86;31.27\n木渎镇;;x\n", encoding="utf-8-sig")
    table = read_table(tmp_path / "x.csv", count=len)
    assert table.encoding == "UTF-8"
    assert table.geometry[0].x == pytest.approx(120.86)
    assert table.geometry[1] is None
    assert list(table.fields) == ["名称", "经度", "纬度"]


def test_layers_are_listed_and_chosen(wuzhong, tmp_path):
    wuzhong.to_file(tmp_path / "x.gpkg", layer="镇街")
    wuzhong.head(2).to_file(tmp_path / "x.gpkg", layer="少")
    assert examine(tmp_path / "x.gpkg", Wishes(kind="towns")).table.layer == "镇街"
    assert len(examine(tmp_path / "x.gpkg", Wishes(kind="towns", layer="少")).features) == 2
    with pytest.raises(UnreadableFileError, match="镇街, 少"):
        examine(tmp_path / "x.gpkg", Wishes(kind="towns", layer="无"))


# ------------ lines, new places


def test_a_line_takes_its_new_course_section_by_section(own_workspace, tmp_path):
    before = store.read_base_metric("metro")
    line = before[before["line"] == before["line"].value_counts().index[0]]
    course = shapely.line_merge(shapely.union_all(line.geometry.values))
    bent = shapely.segmentize(course, 200.0)
    bent = shapely.transform(bent, lambda p: p + np.column_stack([np.sin(p[:, 0] / 400), np.cos(p[:, 1] / 400)]) * 60)
    name = line["aliases"].iloc[0].split(";")[-1]
    gpd.GeoDataFrame({"线路": [name]}, geometry=[bent], crs=4549).to_file(tmp_path / "metro.gpkg")
    found = examine(tmp_path / "metro.gpkg", Wishes(kind="metro"))
    assert [row.status for row in found.rows] == ["matched"]
    take_over(found, BY)
    after = store.read_metric("metro")
    assert list(after.index) == list(before.index)
    assert (after["status"] == before["status"]).all()
    official = after[after["basis"] == "official"]
    assert set(official["line"]) == set(line["line"])
    for key, row in official.iterrows():
        assert row.geometry.hausdorff_distance(before.geometry[key]) < 1500
    other = ~after.index.isin(official.index)
    assert after.geometry[other].geom_equals(before.geometry[other]).all()


def test_an_outline_is_given_to_a_place_that_had_none(own_workspace, tmp_path):
    place = next(each for each in open_register().places.values()
                 if each.category == "park" and each.located and not each.geometry)  # fmt: skip
    shape = shapely.Point(place.position).buffer(0.004)
    gpd.GeoDataFrame({"name": [place.name_zh]}, geometry=[shape], crs=4326).to_file(tmp_path / "zones.gpkg")
    take_over(examine(tmp_path / "zones.gpkg", Wishes(kind="zones", system="4326")), BY)
    drawn = Ground(plan="suzhou-15fyp").shape(place.id)
    assert drawn.is_area
    assert drawn.basis == "official"
    workspace.switch_import(1, active=False)
    assert not Ground(plan="suzhou-15fyp").shape(place.id).is_area


def test_what_no_place_is_meant_by_is_a_layer_of_its_own(own_workspace, tmp_path):
    for number, kind in enumerate(("zones", "custom")):
        x = 120.6 + number / 10
        line = shapely.LineString([(x, 31.3), (x, 31.4)])
        shapes = [shapely.box(x, 31.2, x + 0.05, 31.25), shapely.Point(x, 31.3), line, shapely.Point(x, 31.31)]
        gpd.GeoDataFrame({"name": ["某园", "某桩", "某管线", ""], "用途": ["工业", "", None, "a"]}, geometry=shapes,
                         crs=4326).to_file(tmp_path / f"{kind}.gpkg")  # fmt: skip
        found = examine(tmp_path / f"{kind}.gpkg", Wishes(kind=kind, system="4326"))
        assert {row.status for row in found.rows} == {"own"}
        assert found.changes == ()
        take_over(found, dataclasses.replace(BY, title=f"地块{number}"))
    assert store.read("zones") is not None
    assert len(store.read("zones")) == len(store.read_base("zones"))
    assert list(store.read(store.OWN).index) == [f"import-{n}-{k}" for n in (1, 2) for k in (1, 2, 3, 4)]
    own = [each for each in read_structures().values() if each.plan == "own"]
    assert [each.name_zh for each in own] == ["地块0", "地块1"]
    layer = open_layer(own[0].layer_id)
    assert list(layer.features["component_zh"]) == ["某园", "某桩", "某管线", "（未命名）"]
    assert set(layer.features["basis"]) == {"official"}
    assert layer.features["area_km2"].iloc[0] == pytest.approx(store.read(store.OWN)["area_km2"].iloc[0], abs=0.01)
    assert json.loads(layer.features["rule_params"].iloc[0])["fields"] == {"name": "某园", "用途": "工业"}
    told = tell_layer(layer, style=load_style())["components"][0]
    assert told["fields"] == [["name", "某园"], ["用途", "工业"]]
    assert "示例测绘院" in told["source"]
    workspace.switch_import(1, active=False)
    assert [each.name_zh for each in read_structures().values() if each.plan == "own"] == ["地块1"]
    workspace.remove_import(2)
    assert "own" not in {each.plan for each in read_structures().values()}


def test_a_layer_of_its_own_has_no_more_names_than_can_be_drawn(tmp_path):
    spots = shapely.points(np.column_stack([np.linspace(120.5, 120.9, 600), np.full(600, 31.3)]))
    names = [f"QX{n:04}" for n in range(600)]
    gpd.GeoDataFrame({"name": names}, geometry=spots, crs=4326).to_file(tmp_path / "x.gpkg")
    with pytest.raises(ValueError, match="at most 500 names"):
        examine(tmp_path / "x.gpkg", Wishes(kind="custom", system="4326", name_field="name"))


def test_points_give_stations_and_other_places_their_position(own_workspace, tmp_path):
    places = open_register().places
    known = [each for each in places.values() if each.geometry.startswith("metro_stations/")][:12]
    lost = next(each for each in places.values() if each.id.startswith("metro-station/") and not each.located)
    names = [each.name_zh for each in (*known, lost)] + ["没有的站"]
    spots = [(each.lon + 0.0004, each.lat) for each in known] + [(120.7, 31.3), (120.71, 31.31)]
    frame = gpd.GeoDataFrame({"站名": names}, geometry=shapely.points(spots), crs=4326)
    frame.to_file(tmp_path / "stations.gpkg")
    found = examine(tmp_path / "stations.gpkg", Wishes(kind="metro", system="4326"))
    assert {row.name for row in found.rows if row.status == "unmatched"} == {"没有的站"}
    take_over(found, dataclasses.replace(BY, accuracy_m=5.0))
    now = open_register().places[known[0].id]
    assert (now.lon, now.basis, now.accuracy_m, now.source) == (
        pytest.approx(known[0].lon + 0.0004, abs=1e-6), "official", 5.0, "import-1",
    )  # fmt: skip
    assert geocode(lost.name_zh).best.place.located
    base = store.read("metro_stations").loc[known[0].geometry.partition("/")[2]]
    assert (base.geometry.x, base["basis"]) == (pytest.approx(known[0].lon + 0.0004, abs=1e-6), "official")
    assert Ground(plan="suzhou-15fyp").point(lost.id).basis == "official"
    workspace.switch_import(1, active=False)
    assert open_register().places[known[0].id] == known[0]
    assert not geocode(lost.name_zh).best.place.located


def test_every_kind_names_layers_that_are_there():
    for kind in read_kinds().values():
        assert kind.layers
        assert set(kind.layers) <= set(store.LAYERS)
        assert {layer for layer, _ in kind.judged_by} <= set(store.LAYERS)


def test_the_standard_of_geojson_is_not_taken_for_what_the_file_says(wuzhong, tmp_path):
    path = tmp_path / "x.geojson"
    wuzhong.to_file(path, driver="GeoJSON")
    assert read_table(path, count=len).declared is None
    named = json.loads(path.read_text("utf-8"))
    named["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}
    path.write_text(json.dumps(named), encoding="utf-8")
    assert read_table(path, count=len).declared.to_epsg() == 4549
