"""What the browser gets: valid GeoJSON, small, by band, and found again only while nothing has changed."""

from __future__ import annotations

import fcntl
import json
import os

import msgspec
import pytest
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from geodata import store, workspace
from geodata.workspace import Feature, Import
from layers.building import build_layer
from layers.catalogue import find_structure
from layers.style import load_style
from layers.web import cache, writing
from layers.web.bands import BANDS, web_style
from layers.web.cards import tell_layer
from layers.web.encoding import encode_file, encode_geometry, simplify
from layers.web.marks import FADE_RINGS, paint_layer
from layers.web.names import name_layer
from layers.web.unlisted import NOBODY, find_unlisted, name_unlisted, paint_unlisted, tell_unlisted
from tests.layers.sample_layers import core_axis_belt

HERE = (540_000.0, 3_460_000.0)


def near(*offsets):
    return [(HERE[0] + x, HERE[1] + y) for x, y in offsets]


def test_rings_are_right_handed_and_rounded():
    hole = near((200, 200), (200, 400), (400, 400), (400, 200))
    shape = Polygon(near((0, 0), (0, 1000), (1000, 1000), (1000, 0)), [hole])
    geometry = encode_geometry(shape)
    outer, inner = (shapely.LinearRing(ring) for ring in geometry["coordinates"])
    assert outer.is_ccw
    assert not inner.is_ccw
    assert all(
        len(str(value).partition(".")[2]) <= 5 for ring in geometry["coordinates"] for xy in ring for value in xy
    )
    assert outer.coords[0] == outer.coords[-1]


@pytest.mark.parametrize("shape", [Polygon(), LineString(), Polygon(near((0, 0), (0.1, 0), (0.1, 0.1)))])
def test_nothing_is_written_for_nothing(shape):
    assert encode_geometry(shape) is None


def test_points_and_lines():
    assert encode_geometry(Point(*HERE))["type"] == "Point"
    assert len(encode_geometry(LineString(near((0, 0), (0.1, 0.1), (500, 0))))["coordinates"]) == 2


def test_crumbs_go_and_islands_stay():
    island, crumb = (
        box(*HERE, HERE[0] + 5000, HERE[1] + 5000),
        box(HERE[0] + 9000, HERE[1], HERE[0] + 9010, HERE[1] + 10),
    )
    assert simplify(MultiPolygon([island, crumb]), tolerance=100.0).equals(island)
    assert not simplify(crumb, tolerance=100.0).is_empty


def test_bands_cover_the_zooms_without_a_gap():
    zooms = [zoom for band in BANDS for zoom in range(band.first, band.last + 1)]
    assert zooms == list(range(8, 17))
    assert [band.edge for band in BANDS] == [1.2, 1.6, 2.0, 2.4]


def test_arrows_keep_to_their_pixels():
    style = web_style(load_style())
    assert style.arrow.narrowest_mm * 4.67 == pytest.approx(10)
    assert style.arrow.widest_mm * 4.67 == pytest.approx(28)


@pytest.fixture(scope="module")
def layer():
    return core_axis_belt()


@pytest.mark.parametrize("band", BANDS, ids=lambda band: band.name)
def test_painted_layer(layer, band):
    features, paints = paint_layer(layer, style=load_style(), band=band)
    assert {feature["properties"]["s"] for feature in features} == set(paints)
    assert {feature["properties"]["c"] for feature in features} <= {c.no for c in layer.structure.components}
    heights = [paints[feature["properties"]["s"]]["z"] for feature in features]
    assert heights == sorted(heights)
    rings = [f for f in features if f["properties"]["c"] == 3 and paints[f["properties"]["s"]]["k"] == "fade"]
    assert len(rings) == FADE_RINGS >= 10
    assert max(paints[ring["properties"]["s"]]["fo"] for ring in rings) < 0.08
    data, digest = encode_file({"type": "FeatureCollection", "features": features})
    assert len(data) < 600_000
    assert encode_file(json.loads(data))[1] == digest


def test_names_come_with_the_zooms(layer):
    far = name_layer(layer, style=load_style(), band=BANDS[0])
    close = name_layer(layer, style=load_style(), band=BANDS[1])
    kinds = {feature["properties"]["k"] for feature in far}
    assert kinds == {"component"}
    assert {feature["properties"]["k"] for feature in close} >= {"component", "member"}
    named = {feature["properties"]["zh"] for feature in far}
    assert named == {c.name_zh for c in layer.structure.components if c.rule.form != "unlocated"}


def test_card_tells_members_basis_and_lines(layer, monkeypatch):
    monkeypatch.setattr("layers.web.cards.describe_sources", lambda ids, **_: ids)
    card = tell_layer(layer, style=load_style())
    assert [component["no"] for component in card["components"]] == [c.no for c in layer.structure.components]
    for told, component in zip(card["components"], layer.structure.components, strict=True):
        assert told["name_zh"] == component.name_zh
        assert len(told["members"]) == len(component.members)
        assert told["basis"] in ("official", "derived", "indicative", "schematic", "unlocated")
    json.dumps(card, allow_nan=False)


@pytest.mark.parametrize("band", BANDS[:3], ids=lambda band: band.name)
@pytest.mark.parametrize("layer_id", ["snd-14fyp/snd-taihu-science-city", "wuzhong-14fyp/wuzhong-core-axis-belt"])
def test_the_middle_of_a_curved_name_lies_on_its_shape(layer_id, band):
    layer = build_layer(find_structure(layer_id))
    features, _ = paint_layer(layer, style=load_style(), band=band)
    slack = 3.0 * band.metres_per_px / 1e5
    for name in name_layer(layer, style=load_style(), band=band):
        if name["geometry"]["type"] == "LineString":
            middle = shapely.geometry.shape(name["geometry"]).interpolate(0.5, normalized=True).buffer(slack)
            own = [f for f in features if f["properties"]["c"] == name["properties"]["c"]]
            assert any(middle.intersects(shapely.geometry.shape(f["geometry"]).buffer(0)) for f in own)


def test_points_with_one_centre_are_numbered_and_set_out():
    layer = build_layer(find_structure("snd-14fyp/snd-taihu-science-city"))
    features, paints = paint_layer(layer, style=load_style(), band=BANDS[2])
    anchors = [f for f in features if paints[f["properties"]["s"]].get("t")]
    assert len(anchors) > 2
    assert len({str(anchor["geometry"]["coordinates"]) for anchor in anchors}) == len(anchors)
    named = {name["properties"]["c"] for name in name_layer(layer, style=load_style(), band=BANDS[2])}
    assert not named & {anchor["properties"]["c"] for anchor in anchors}


@pytest.mark.parametrize("band", BANDS, ids=lambda band: band.name)
def test_towns_that_a_headline_leaves_out_are_marked_and_named(band):
    layer = build_layer(find_structure("snd-14fyp/snd-three-districts-many-parks"))
    towns = find_unlisted(layer)
    listed = {member.name for component in layer.structure.components for member in component.members}
    assert len(towns)
    assert not listed & set(towns["name_zh"])
    features, paints = paint_unlisted(towns, style=load_style(), band=band)
    assert len(features) == 2 * len(towns)
    edge = next(paint for paint in paints.values() if paint["k"] == "edge")
    assert edge["st"] == load_style().unlisted.edge
    assert edge["d"]
    assert {feature["properties"]["c"] for feature in features} == {NOBODY}
    for name, town in zip(name_unlisted(towns, style=load_style()), towns["name_zh"], strict=True):
        assert name["properties"]["zh"].startswith(town)
        assert name["properties"]["zh"] != town
    assert tell_unlisted(towns)["towns_zh"] == list(towns["name_zh"])
    assert tell_unlisted(towns.iloc[:0]) is None


def test_layer_is_drawn_again_only_when_what_it_comes_from_has_changed(tmp_path, monkeypatch):
    layer_id, style = "kunshan-15fyp/kunshan-eco-two-cores", load_style()
    first = writing.write_card(layer_id, tmp_path, style=style)
    record = tmp_path / first.entry["record"]
    assert cache.read_drawing(record) == {}
    drawn = []
    paint = writing.paint_layer
    monkeypatch.setattr(writing, "paint_layer", lambda *args, **more: drawn.append(1) or paint(*args, **more))
    writing.draw_layer(layer_id, tmp_path, style=style)
    files = cache.read_drawing(record)
    assert set(files) == {band.name for band in BANDS}
    assert len(drawn) == len(BANDS)
    writing.draw_layer(layer_id, tmp_path, style=style)
    assert len(drawn) == len(BANDS)
    (tmp_path / files["12"]).unlink()
    assert cache.read_drawing(record) == {}
    writing.draw_layer(layer_id, tmp_path, style=style)
    assert cache.read_drawing(record) == files
    monkeypatch.setattr(writing, "_code_digest", lambda: "other")
    assert writing.write_card(layer_id, tmp_path, style=style).entry["record"] != record.name


def test_manifest_is_found_again_only_while_nothing_has_changed(tmp_path, monkeypatch):
    (tmp_path / cache.MANIFEST).write_text(json.dumps({"digest": "then"}))
    monkeypatch.setattr(cache, "digest", lambda: "then")
    assert cache.read_manifest(folder=tmp_path) == {"digest": "then"}
    monkeypatch.setattr(cache, "digest", lambda: "now")
    assert cache.read_manifest(folder=tmp_path) is None
    assert cache.read_manifest(folder=tmp_path / "none") is None
    (tmp_path / cache.state_file("now")).write_text(json.dumps({"digest": "now"}))
    assert cache.read_manifest(folder=tmp_path) == {"digest": "now"}
    monkeypatch.setattr(cache, "web_folder", lambda: tmp_path)
    cache.point_to({"digest": "now"})
    assert json.loads((tmp_path / cache.MANIFEST).read_text()) == {"digest": "now"}


def test_only_one_process_writes_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "web_folder", lambda: tmp_path)
    with cache.alone(), (tmp_path / ".lock").open("w") as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with cache.alone():
        pass


def test_folder_is_the_readers_own_where_the_checkout_is_closed(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setattr(cache, "ROOT", blocked)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    cache.cache_folder.cache_clear()
    try:
        assert cache.web_folder() == tmp_path / "cache" / "plan-atlas" / "web"
    finally:
        cache.cache_folder.cache_clear()


def test_only_what_an_import_touches_is_made_anew(own_workspace, tmp_path):
    others = ("kunshan-15fyp/kunshan-eco-two-cores", "snd-14fyp/snd-rail-network")
    layers = ("wuzhong-14fyp/wuzhong-core-axis-belt", *others)
    style = load_style()
    before = {each: writing.write_card(each, tmp_path, style=style) for each in layers}
    assert all(each.looked and each.stands for each in before.values())
    assert "towns/luzhi" in before[layers[0]].looked
    shape = store.read_base("towns").geometry["luzhi"].buffer(-0.002)
    made = Feature(number=1, layer="towns", target="luzhi", geometry=shapely.to_wkb(shapely.get_parts(shape)[0]))
    workspace.add_import(Import(kind="towns", file_name="x.gpkg"), features=[made])
    assert [each.stands for each in before.values()] == [False, *[True] * (len(layers) - 1)]
    after = {each: writing.write_card(each, tmp_path, style=style) for each in layers}
    assert after[layers[0]].entry["card"] != before[layers[0]].entry["card"]
    assert [after[each] == before[each] for each in layers[1:]] == [True] * (len(layers) - 1)
    # What was made of the state before is found again, by its traces.
    manifest = {"traces": writing._write(tmp_path, "traces", {layers[0]: msgspec.to_builtins(before[layers[0]])})}
    workspace.switch_import(1, active=False)
    assert writing.read_traces(tmp_path, manifest)[layers[0]].stands


def test_states_are_kept_with_their_drawings_until_others_are_used(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "KEPT_STATES", 2)
    for number in range(3):
        for name in (f"a_b-card-{number}.json", f"a_b-8-{number}.json"):
            (tmp_path / name).write_text("{}")
        (tmp_path / f"a_b-drawn-{number}.json").write_text(json.dumps({"8": f"a_b-8-{number}.json"}))
        entry = {"names": [f"a_b-card-{number}.json"], "layers": {"a/b": {"record": f"a_b-drawn-{number}.json"}}}
        path = tmp_path / cache.state_file(str(number))
        path.write_text(json.dumps(entry))
        os.utime(path, (number, number))
    os.utime(tmp_path / cache.state_file("0"), (9, 9))  # used last
    writing._clear_away(tmp_path)
    assert {path.name.rpartition("-")[2] for path in tmp_path.iterdir()} == {"0.json", "2.json"}
    assert len(list(tmp_path.iterdir())) == 8
