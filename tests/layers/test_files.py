"""Every format and coordinate system, read back by another program: rows, texts, shapes within 0.1 m."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import warnings
import zipfile

import ezdxf
import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapefile
import shapely
from pyproj import CRS, Transformer

from geodata.crs import gcj02_to_wgs84
from layers.catalogue import read_plans
from layers.files import choose_layers, find_system, read_base_layers, read_formats, read_systems
from layers.files.extent import Area, area_of_place
from layers.files.fields import FIELDS, read_fields
from layers.files.geoparquet import METADATA_KEY
from layers.files.making import Wish, make_bundle, open_tables, write_format
from layers.files.shapefile import LONGEST, cut_text
from layers.files.table import open_table


def find_sample(kinds):
    """Return a layer with these kinds of geometry and rows without a place: what is located may change."""
    known = ("water-works", "provincial-regions", "projects-hub", "china-singapore", "agri-rd-nodes", "projects-energy")
    for layer in (f"suzhou-15fyp/{'' if each.startswith('projects') else 'suzhou-'}{each}" for each in known):
        table = open_table(layer)
        if set(kinds) <= set(table.rows) and len(table.nowhere):
            return layer
    raise AssertionError(kinds)


AREAS_LINES = find_sample(("areas", "lines"))
AREAS_POINTS = find_sample(("areas", "points"))
HEADLINE = "wuzhong-14fyp/wuzhong-core-axis-belt"
DAY = dt.date(2026, 11, 21)
NEAR_M = 0.1
LIMITS = {"4326": 119, "4490": 119, "gcj02": 119, "4549": 450_000, "4528": 40_450_000}
CASES = [(form.id, system) for form in read_formats().values() for system in form.systems]


def read_geojson(path, table):
    rows = json.loads(path.read_text("utf-8"))["features"]
    return [(row["properties"], shapely.geometry.shape(row["geometry"]) if row["geometry"] else None) for row in rows]


def read_gdal(path, table, *, layer=None):
    frame = pyogrio.read_dataframe(path, layer=layer)
    shapes = frame.geometry if "geometry" in frame else [None] * len(frame)
    return list(zip(frame.to_dict("records"), shapes, strict=True))


def read_geopackage(path, table):
    return [row for name, _ in pyogrio.list_layers(path) for row in read_gdal(path, table, layer=name)
            if str(name).startswith(table.stem)]  # fmt: skip


def read_geoparquet(path, table):
    content = pq.read_table(path)
    shapes = shapely.from_wkb(content["geometry"].to_pylist())
    return list(zip(content.drop_columns("geometry").to_pylist(), shapes, strict=True))


def read_shapefile(path, table):
    back = {field.alias: name for name, field in read_fields().items()}
    rows = []
    for part in sorted(path.parent.glob("*.dbf")):
        with shapefile.Reader(str(part), encoding=part.with_suffix(".cpg").read_text()) as reader:
            shapes = reader.shapes() if part.with_suffix(".shp").exists() else [None] * len(reader)
            rows += [
                ({back[key]: value for key, value in record.as_dict().items()},
                 None if shape is None else shapely.geometry.shape(shape.__geo_interface__))
                for record, shape in zip(reader.records(), shapes, strict=True)
            ]  # fmt: skip
    return rows


def read_kml(path, table):
    return read_gdal(path, table, layer=table.name_zh)


def read_csv(path, table):
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))
    return [(row, shapely.from_wkt(row["wkt"]) if row["wkt"] else None) for row in rows]


READERS = {
    "geojson": read_geojson, "gpkg": read_geopackage, "geoparquet": read_geoparquet, "fgb": read_gdal,
    "shp": read_shapefile, "kml": read_kml, "csv": read_csv,
}  # fmt: skip


def to_ground(shape, system):
    """Bring a shape of a file to metres (EPSG:4549) without the code under test."""

    def move(points):
        if system == "gcj02":
            points = np.column_stack(gcj02_to_wgs84(points[:, 0], points[:, 1]))
        source = 4326 if system == "gcj02" else int(system)
        return np.column_stack(Transformer.from_crs(source, 4549, always_xy=True).transform(*points.T))

    return shapely.transform(shape, move)


def write_to(folder, layer, form, system):
    (table,) = open_tables(Wish(layers=(layer,), formats=(form,)))
    written = write_format((table,), read_formats()[form], read_systems()[system], lang="zh", day=DAY)
    for name, data in written.files.items():
        (folder / name).write_bytes(data)
    return table, folder / next(name for name in written.files if name.endswith(read_formats()[form].suffix)), written


@pytest.mark.parametrize(("form", "system"), [case for case in CASES if case[0] != "dxf"])
@pytest.mark.parametrize("layer", [AREAS_LINES, AREAS_POINTS])
def test_what_is_written_is_read_back(form, system, layer, tmp_path):
    table, path, _ = write_to(tmp_path, layer, form, system)
    tag = read_systems()[system].tag
    assert path.name.startswith(table.stem + (f"_{tag}" if tag else ""))
    found = {str(row["id"]): (row, shape) for row, shape in READERS[form](path, table)}
    assert set(found) == set(table.cells["id"])
    assert sum(shape is None for _, shape in found.values()) == len(table.nowhere) > 0
    for number, fid in enumerate(table.cells["id"]):
        row, shape = found[fid]
        for field in table.fields:
            expected, got = table.cells[field][number], row.get(field)
            if field in table.numbers:
                got = None if got in ("", None) or pd.isna(got) else float(got)
                assert got == (None if expected is None else pytest.approx(expected))
            elif form == "shp":
                assert (got or "") == cut_text(expected or "")
            else:
                assert (got if isinstance(got, str) else "") == (expected or "")
        geometry = table.frame.geometry.iloc[number]
        if geometry is None:
            continue
        assert LIMITS[system] < shapely.bounds(shape)[0] < LIMITS[system] * 1.4
        ground = to_ground(geometry, "4326")
        assert shapely.hausdorff_distance(to_ground(shape, system), ground) < NEAR_M
        assert shape.is_valid


@pytest.mark.parametrize("system", read_formats()["dxf"].systems)
def test_a_drawing_is_read_back(system, tmp_path):
    for layer in (AREAS_LINES, AREAS_POINTS):
        table, path, written = write_to(tmp_path, layer, "dxf", system)
        with warnings.catch_warnings():
            # GDAL tells that it takes the text as it is, UTF-8.
            warnings.filterwarnings("ignore", "Recode from CP65001")
            frame = pyogrio.read_dataframe(path)
        frame.loc[frame["Text"] == "SOLID", "Text"] = None
        names = {name for name, shape in zip(table.cells[table.name], table.frame.geometry, strict=True) if shape}
        assert set(frame["Text"].dropna()) - {""} == names
        kinds = {f"{role}_{basis}" for role, basis in zip(table.cells["role"], table.cells["basis"], strict=True)}
        assert set(frame["Layer"]) <= kinds
        ground = [to_ground(shape, "4326") for shape in table.frame.geometry if shape is not None]
        for dimension in (2, 1):
            wanted = shapely.union_all([shape for shape in ground if shapely.get_dimensions(shape) == dimension])
            drawn = [to_ground(shape, system) for shape in frame[frame["Text"].isna()].geometry]
            drawn = [shape for shape in drawn if shapely.get_dimensions(shape) == dimension and not shape.is_closed] \
                if dimension == 1 else [shape for shape in drawn if shapely.get_dimensions(shape) == 2]  # fmt: skip
            if not wanted.is_empty:
                assert shapely.hausdorff_distance(shapely.union_all(drawn), wanted) < NEAR_M
        rows = list(csv.DictReader(io.StringIO(written.files[f"{path.stem}_attributes.csv"].decode("utf-8-sig"))))
        assert [row["id"] for row in rows] == table.cells["id"]
        assert str(len(table.nowhere)) in written.notes[0][0]


def test_layers_of_every_plan_pass_through_kml_and_cad(tmp_path):
    layers = [layer for plan in read_plans() for layer in choose_layers(plan=plan)[::6]]
    assert len(layers) > 40
    tables = open_tables(Wish(layers=tuple(layers), formats=("kml",)))
    formats, systems = read_formats(), read_systems()
    written = write_format(tables, formats["kml"], systems["4326"], lang="zh", day=DAY, stem="all")
    (tmp_path / "all.kml").write_bytes(written.files["all.kml"])
    for number, table in enumerate(tables):
        rows = {str(row["id"]): shape for row, shape in read_gdal(tmp_path / "all.kml", table, layer=number)}
        shapes = dict(zip(table.cells["id"], table.frame.geometry, strict=True))
        assert rows.keys() == shapes.keys()
        for fid, shape in shapes.items():
            assert (shape is None) == (rows[fid] is None)
            if shape is not None:
                assert shapely.bounds(rows[fid]) == pytest.approx(shapely.bounds(shape), abs=1e-6), fid
                assert rows[fid].area == pytest.approx(shape.area, abs=1e-7), fid
        drawing = write_format((table,), formats["dxf"], systems["4549"], lang="zh", day=DAY)
        text = next(data for name, data in drawing.files.items() if name.endswith(".dxf")).decode()
        document = ezdxf.read(io.StringIO(text))
        audit = document.audit()
        assert not audit.errors, (table.id, audit.errors[0].message)
        assert not audit.fixes, (table.id, audit.fixes[0].message)
        told = {entity.get_xdata("PLAN_ATLAS")[0].value for entity in document.modelspace()
                if entity.has_xdata("PLAN_ATLAS")}  # fmt: skip
        assert told == {fid for fid, shape in shapes.items() if shape is not None}


@pytest.mark.parametrize("form", list(read_formats()))
def test_the_same_day_gives_the_same_bytes(form):
    tables = (open_table(AREAS_POINTS),)
    system = read_systems()[read_formats()[form].systems[-1]]
    one, other = (write_format(tables, read_formats()[form], system, lang="en", day=DAY) for _ in range(2))
    assert one.files == other.files


@pytest.mark.parametrize(
    ("form", "system"), [case for case in CASES if case[0] in ("gpkg", "geoparquet", "fgb", "shp")]
)
def test_the_system_stands_in_the_file(form, system, tmp_path):
    _, path, _ = write_to(tmp_path, HEADLINE, form, system)
    if form == "geoparquet":
        metadata = pq.read_schema(path).metadata
        crs = CRS.from_json_dict(json.loads(metadata[b"geo"])["columns"]["geometry"]["crs"])
        assert json.loads(metadata[METADATA_KEY])["crs"] == read_systems()[system].code
    else:
        crs = CRS(pyogrio.read_info(path, layer=pyogrio.list_layers(path)[0][0])["crs"])
    if system == "gcj02":
        assert "GCJ" in crs.name
        assert "gcj02" in path.name
    else:
        assert crs.to_epsg() == int(system)


def test_a_geojson_in_gcj02_says_so(tmp_path):
    _, path, _ = write_to(tmp_path, HEADLINE, "geojson", "gcj02")
    content = json.loads(path.read_text("utf-8"))
    assert content["datum"] == "GCJ-02"
    assert "GCJ-02" in content["name"]
    assert path.name.endswith("_gcj02.geojson")


@pytest.mark.parametrize(("form", "system"), [("geojson", "4549"), ("kml", "gcj02"), ("dxf", "4326")])
def test_a_system_that_a_format_cannot_hold_is_refused(form, system):
    with pytest.raises(ValueError, match=f"expected .* got '{system}'"):
        find_system(system, read_formats()[form])


# ------------ layers
def test_layers_are_chosen_by_id_pattern_and_plan():
    assert choose_layers([HEADLINE, "base/rail", HEADLINE]) == [HEADLINE, "base/rail"]
    assert choose_layers(["base/*"]) == list(read_base_layers())
    assert {each.partition("/")[0] for each in choose_layers(plan="snd-14fyp")} == {"snd-14fyp"}
    assert len(choose_layers(everything=True)) > 260
    for wrong, says in (("base/nope", "base/counties"), ("x/y", "got 'x/y'")):
        with pytest.raises(KeyError, match=says):
            choose_layers([wrong])
    with pytest.raises(KeyError, match="got 'nope'"):
        choose_layers(plan="nope")


@pytest.mark.parametrize("layer", list(read_base_layers()))
def test_every_base_layer_is_a_table_with_known_fields(layer):
    table = open_table(layer)
    assert set(table.fields) <= set(read_fields())
    assert {"id", "name_zh", "name_en", "basis", "accuracy_m", "source"} <= set(table.fields)
    assert len(table.frame) == sum(map(len, table.rows.values())) + len(table.nowhere) > 0
    assert table.sources()


def test_places_without_a_position_are_rows_without_geometry():
    table = open_table("base/places")
    assert len(table.nowhere) > 300
    assert {table.cells["basis"][row] for row in table.nowhere} == {"unlocated"}


def test_an_area_keeps_what_reaches_into_it_whole():
    area = area_of_place("昆山市")
    whole = open_table("base/towns")
    (table,) = open_tables(Wish(layers=("base/towns",), formats=("csv",), area=area))
    assert set(table.cells["county"]) == {"kunshan"}, "neighbours only touch"
    assert table.elsewhere + len(table.frame) == len(whole.frame)
    by_id = whole.frame.set_index("id").geometry
    for fid, shape in zip(table.cells["id"], table.frame.geometry, strict=True):
        assert shape.equals(by_id[fid])
    with pytest.raises(ValueError, match="none does"):
        open_tables(Wish(layers=("base/rail",), formats=("csv",), area=Area(name="x", ground=shapely.box(0, 0, 1, 1))))


def test_a_layer_with_nothing_in_the_area_still_lists_what_has_no_place():
    far = Area(name="x", ground=open_table("base/counties").frame.to_crs(4549).geometry.iloc[0])
    wish = Wish(layers=(AREAS_LINES, AREAS_POINTS, "base/counties"), formats=("csv",), area=far, day=DAY)
    with zipfile.ZipFile(io.BytesIO(make_bundle(wish))) as box:
        listed = list(csv.DictReader(io.StringIO(box.read("unlocated.csv").decode("utf-8-sig"))))
    assert len(listed) == sum(len(open_table(layer).nowhere) for layer in (AREAS_LINES, AREAS_POINTS))


@pytest.mark.parametrize(("name", "says"), [("没有这个地方", "got '没有这个地方'"), ("苏州北站", "which has none")])
def test_an_area_needs_an_outline(name, says):
    with pytest.raises(ValueError, match=says):
        area_of_place(name)


# ------------ what formats ask for
def test_names_of_a_shapefile_are_short_and_distinct():
    aliases = [field.alias for field in read_fields().values()]
    assert len(set(aliases)) == len(aliases)
    assert all(alias.isascii() and len(alias) <= 10 for alias in aliases)
    assert set(FIELDS) <= set(read_fields())


def test_a_long_text_is_cut_between_two_characters_and_said_so():
    text = "苏" * 85
    assert cut_text(text) == "苏" * 84
    assert cut_text("a" * LONGEST) == "a" * LONGEST
    assert cut_text("ab" + "苏" * 85) == "ab" + "苏" * 84
    written = write_format((open_table(HEADLINE),), read_formats()["shp"], read_systems()["4549"], lang="zh", day=DAY)
    assert "how_zh" in written.notes[0][0]
    table = list(
        csv.DictReader(
            io.StringIO(written.files[f"{HEADLINE.replace('/', '_')}_epsg4549_fields.csv"].decode("utf-8-sig"))
        )
    )
    assert {row["field"]: row["name"] for row in table}["comp_zh"] == "component_zh"


def test_no_cell_of_a_table_is_a_formula():
    from layers.files.separated import write_cells  # noqa: PLC0415

    assert write_cells([("=1+1", "-5.5", "@x", "苏州")]).decode("utf-8-sig") == "'=1+1,-5.5,'@x,苏州\r\n"


# ------------ bundles
def test_a_bundle_has_data_readme_fields_styles_and_sums():
    import hashlib  # noqa: PLC0415

    area = area_of_place("吴江区")
    wish = Wish(layers=(AREAS_POINTS, "base/rail"), formats=("gpkg", "csv", "shp"), system="4549", area=area, day=DAY)
    data = make_bundle(wish)
    assert data == make_bundle(wish)
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        names = box.namelist()
        content = {name: box.read(name) for name in names}
    assert names[0] == "README.txt"
    assert {"fields.csv", "SHA256SUMS", "unlocated.csv", "gpkg/plan-atlas_epsg4549.gpkg"} <= set(names)
    assert {name.rpartition(".")[2] for name in names if name.startswith("style/")} == {"qml", "sld"}
    sums = dict(reversed(line.split("  ")) for line in content["SHA256SUMS"].decode().splitlines())
    assert sums == {
        name: hashlib.sha256(body).hexdigest() for name, body in content.items() if name != "SHA256SUMS"
    }  # fmt: skip
    readme = content["README.txt"].decode("utf-8-sig")
    for said in (
        "吴江区",
        "EPSG:4549",
        "2026-11-21",
        "内部研究用图",
        "ODbL",
        "accuracy_m",
        "OpenStreetMap",
        "not reviewed",
    ):
        assert said in readme
    nowhere = list(csv.DictReader(io.StringIO(content["unlocated.csv"].decode("utf-8-sig"))))
    assert len(nowhere) == len(open_table(AREAS_POINTS).nowhere)
    listed = {row["name"] for row in csv.DictReader(io.StringIO(content["fields.csv"].decode("utf-8-sig")))}
    assert {"component_zh", "length_km", "easting", "wkt"} <= listed


def test_estimates_are_of_the_right_size():
    tables = tuple(open_table(layer) for layer in choose_layers(["wuzhong-14fyp/wuzhong-*", "base/*"]))
    vertices = int(sum(shapely.get_num_coordinates(table.frame.geometry.values).sum() for table in tables))
    rows = sum(len(table.frame) for table in tables)
    for form in read_formats().values():
        written = write_format(tables, form, find_system(None, form), lang="zh", day=DAY)
        size = sum(map(len, written.files.values()))
        told = form.estimate(vertices=vertices, rows=rows, layers=len(tables))
        assert 0.6 * size < told < 1.6 * size, form.id


def test_tables_are_as_the_layers_say():
    table = open_table(HEADLINE)
    frame = gpd.GeoDataFrame(table.frame, crs=4326)
    assert list(frame.columns) == [*FIELDS, "geometry"]
    assert table.about.startswith("苏州市吴中区")
