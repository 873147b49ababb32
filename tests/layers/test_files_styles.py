"""GeoPackages that open styled: what QGIS reads, the styles as XML, the labels; and that `at` agrees with them."""

from __future__ import annotations

import datetime as dt
import json
import re
import sqlite3
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest

from bench.agreement import compare
from layers.files import choose_layers, read_formats, read_systems
from layers.files.look import look_of
from layers.files.making import Wish, open_tables, write_format
from layers.files.qml import to_qml
from layers.files.sld import to_sld
from layers.files.table import open_table
from layers.style import load_style
from layers.web.cache import ROOT

HEADLINE = "wuzhong-14fyp/wuzhong-core-axis-belt"
LAYERS = (HEADLINE, "suzhou-15fyp/suzhou-rail-projects", "suzhou-15fyp/suzhou-eco-restoration-zones", "base/rail")
SLD = "{http://www.opengis.net/sld}"
SYMBOLIZERS = ("PointSymbolizer", "LineSymbolizer", "PolygonSymbolizer", "TextSymbolizer")
SEQUENCES = {
    "StyledLayerDescriptor": (("Name",), ("Title",), ("Abstract",), ("NamedLayer", "UserLayer")),
    "NamedLayer": (("Name",), ("LayerFeatureConstraints",), ("NamedStyle", "UserStyle")),
    "UserStyle": (("Name",), ("Title",), ("Abstract",), ("IsDefault",), ("FeatureTypeStyle",)),
    "FeatureTypeStyle": (
        ("Name",), ("Title",), ("Abstract",), ("FeatureTypeName",), ("SemanticTypeIdentifier",), ("Rule",),
    ),
    "Rule": (
        ("Name",), ("Title",), ("Abstract",), ("LegendGraphic",), ("Filter", "ElseFilter"), ("MinScaleDenominator",),
        ("MaxScaleDenominator",), SYMBOLIZERS,
    ),
    "Filter": (("PropertyIsEqualTo", "PropertyIsNull", "Or"),),
    "Or": (("PropertyIsEqualTo", "PropertyIsNull"),),
    "PropertyIsEqualTo": (("PropertyName",), ("Literal",)),
    "PolygonSymbolizer": (("Geometry",), ("Fill",), ("Stroke",)),
    "LineSymbolizer": (("Geometry",), ("Stroke",)),
    "PointSymbolizer": (("Geometry",), ("Graphic",)),
    "TextSymbolizer": (("Geometry",), ("Label",), ("Font",), ("LabelPlacement",), ("Halo",), ("Fill",)),
    "Graphic": (("ExternalGraphic", "Mark"), ("Opacity",), ("Size",), ("Rotation",)),
    "Mark": (("WellKnownName",), ("Fill",), ("Stroke",)),
    "Fill": (("GraphicFill",), ("CssParameter",)),
    "Stroke": (("GraphicFill", "GraphicStroke"), ("CssParameter",)),
    "Font": (("CssParameter",),),
    "Label": (("PropertyName",),),
    "LabelPlacement": (("PointPlacement", "LinePlacement"),),
    "PointPlacement": (("AnchorPoint",), ("Displacement",), ("Rotation",)),
    "AnchorPoint": (("AnchorPointX",), ("AnchorPointY",)),
    "LinePlacement": (("PerpendicularOffset",),),
    "Halo": (("Radius",), ("Fill",)),
}  # fmt: skip
"""What SLD 1.0.0 lets an element hold, in this order (its schema; of filters what we write)."""
REPEATED = {"NamedLayer", "UserStyle", "FeatureTypeStyle", "Rule", "Mark", "CssParameter", *SYMBOLIZERS}
CSS = {
    "Fill": {"fill": r"#[0-9A-F]{6}", "fill-opacity": r"[01]\.\d+"},
    "Stroke": {
        "stroke": r"#[0-9A-F]{6}", "stroke-opacity": r"[01]\.\d+", "stroke-width": r"\d+\.\d+",
        "stroke-linecap": "butt|round|square", "stroke-dasharray": r"\d+\.\d+( \d+\.\d+)+",
    },
    "Font": {"font-family": ".+", "font-size": r"\d+"},
}  # fmt: skip


def assert_is_sld(element):
    """Refuse what the schema of SLD 1.0.0 would refuse."""
    tag = element.tag.rpartition("}")[2]
    allowed = [each for step in SEQUENCES.get(tag, ()) for each in step]
    steps = {each: i for i, step in enumerate(SEQUENCES.get(tag, ())) for each in step}
    names = [child.tag.rpartition("}")[2] for child in element]
    assert set(names) <= set(allowed), (tag, names)
    order = [steps[name] for name in names]
    assert order == sorted(order), (tag, names)
    for name in {*names} - REPEATED:
        assert names.count(name) == 1 or tag == "Or", (tag, name)
    if tag in ("Filter", "PropertyIsEqualTo", "Or"):
        assert len(names) == {"Filter": 1, "PropertyIsEqualTo": 2}.get(tag, max(2, len(names)))
    if tag == "Rule":
        assert {*names} & {*SYMBOLIZERS}
    for child in element:
        if child.tag == f"{SLD}CssParameter":
            assert re.fullmatch(CSS[tag][child.get("name")], child.text), (tag, child.get("name"), child.text)
        assert_is_sld(child)


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    tables = open_tables(Wish(layers=LAYERS, formats=("gpkg",)))
    day = dt.date(2026, 11, 21)
    written = write_format(tables, read_formats()["gpkg"], read_systems()["4549"], lang="zh", day=day, stem="a")
    path = tmp_path_factory.mktemp("package") / "a.gpkg"
    path.write_bytes(written.files["a.gpkg"])
    base = sqlite3.connect(path)
    yield base
    base.close()


def test_a_geopackage_is_one_by_its_own_words(package):
    assert package.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
    assert package.execute("PRAGMA user_version").fetchone() == (10300,)
    assert package.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert package.execute("PRAGMA foreign_key_check").fetchall() == []
    listed = {name for (name,) in package.execute("SELECT table_name FROM gpkg_contents")}
    tables = {name for (name,) in package.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables - listed == {each for each in tables if each.startswith(("gpkg_", "sqlite_"))}
    stamps = {stamp for (stamp,) in package.execute("SELECT DISTINCT last_change FROM gpkg_contents")}
    assert stamps == {"2026-11-21T00:00:00.000Z"}
    (told,) = package.execute("SELECT metadata FROM gpkg_metadata").fetchone()
    assert "OpenStreetMap" in told
    assert "内部研究用图" in told


def test_every_layer_has_a_style_that_names_its_rows(package):
    features = [name for (name,) in package.execute("SELECT table_name FROM gpkg_geometry_columns")]
    styles = dict(package.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault"))
    assert set(styles) == set(features)
    for name, qml in styles.items():
        root = ET.fromstring(qml.partition("\n")[2])
        rules = root.findall("renderer-v2/rules/rule")
        symbols = {symbol.get("name") for symbol in root.findall("renderer-v2/symbols/symbol")}
        assert {rule.get("symbol") for rule in rules} == symbols
        assert rules[-1].get("filter") == "ELSE"
        filters = " OR ".join(rule.get("filter") for rule in rules[:-1])
        # A filter of QGIS is SQL: every row falls under a rule of its own.
        count = package.execute(f'SELECT count(*) FROM "{name}"').fetchone()
        assert package.execute(f'SELECT count(*) FROM "{name}" WHERE {filters}').fetchone() == count
        assert all(layer.find("Option") is not None for layer in root.iter("layer"))
        label = root.find("labeling/settings/text-style").get("fieldName")
        assert ("component_zh" in label) or ("name_zh" in label)


def test_columns_are_named_in_chinese(package):
    named = dict(package.execute(
        "SELECT column_name, title FROM gpkg_data_columns WHERE table_name LIKE '%core-axis-belt_areas'"
    ))  # fmt: skip
    assert named["component_zh"] == "组成部分"
    assert "米" in named["accuracy_m"]


@pytest.mark.parametrize("theme", ["light", "grey"])
def test_symbols_follow_the_style_file(theme):
    style = load_style(theme)
    look = look_of(open_table(HEADLINE), theme=theme)
    (core, axis, belt) = look.rules["areas"]
    assert core.symbol[0].fill == style.roles["core"].colour
    assert axis.symbol[0].fill == style.roles["axis"].colour
    edge = next(paint for paint in belt.symbol if paint.kind == "edge")
    assert edge.dash == style.basis["indicative"].dash
    assert core.name_zh == "中心城市核（示意）"
    rail = {rule.values[0]: rule.symbol for rule in look_of(open_table("base/rail"), theme=theme).rules["lines"]}
    dashes = {status: next(paint.dash for paint in symbol if paint.kind == "line") for status, symbol in rail.items()}
    assert dashes == {status: style.status[status].dash for status in rail}


def test_every_row_of_every_layer_has_a_rule_and_every_style_is_xml():
    faded = shared = 0
    for layer in choose_layers(["wuzhong-14fyp/*", "base/*"]):
        table = open_table(layer)
        look = look_of(table)
        for kind, rows in table.rows.items():
            for number in rows:
                assert look.find(kind, {field: table.cells[field][number] for field in table.fields}) is not None
            for lang in ("zh", "en"):
                qml = to_qml(look, kind, columns=table.fields, lang=lang)
                faded += qml.count("ShapeburstFill")
                shared += qml.count("LinePatternFill")
                ET.fromstring(qml.partition("\n")[2])
                sld = ET.fromstring(to_sld(look, kind, name=table.stem, columns=table.fields, lang=lang).encode())
                assert len(sld.findall(f".//{SLD}Rule")) == len(look.rules[kind]) + 1
                assert sld.get("version") == "1.0.0"
                assert_is_sld(sld)
    assert faded
    assert shared


def test_what_applies_agrees_with_the_exported_geopackage():
    subprocess.run([sys.executable, "-m", "layers.web"], cwd=ROOT, check=True, capture_output=True)
    compared, differences = compare("wuzhong-14fyp", points=100)
    assert differences == []
    assert compared > 150


def test_a_kml_carries_its_styles():
    written = write_format(
        open_tables(Wish(layers=LAYERS, formats=("kml",))), read_formats()["kml"], read_systems()["4326"], lang="en",
        day=None, stem="a",
    )  # fmt: skip
    space = "{http://www.opengis.net/kml/2.2}"
    root = ET.fromstring(written.files["a.kml"])
    ids = {style.get("id") for style in root.iter(f"{space}Style")}
    used = {url.text.removeprefix("#") for url in root.iter(f"{space}styleUrl")}
    assert used <= ids
    assert used
    drawn = [mark for mark in root.iter(f"{space}Placemark") if mark.find(f"{space}styleUrl") is None]
    assert all(mark.find(f".//{space}coordinates") is None for mark in drawn), "only rows without a place have no style"
    assert "http" not in json.dumps([node.text for node in root.iter(f"{space}href")])
