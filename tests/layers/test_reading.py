"""What applies at a point or in an area agrees with an independent computation, and says only what is known."""

from __future__ import annotations

import json
import subprocess
import sys

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata import store
from layers.catalogue import read_structures
from layers.export import to_geojson
from layers.opening import open_layer
from layers.reading import Index, asking, group_hits, read_ring, tell_certainty, tell_hit, tell_measure
from layers.reading.record import DOUBTS
from layers.web import cache
from layers.web.cache import MANIFEST, ROOT, web_folder

pytestmark = pytest.mark.timeout(900)
NEAR_M = 2000.0
POINTS = 1000


@pytest.fixture(scope="module")
def index():
    """The index that the app and the command line read."""
    subprocess.run([sys.executable, "-m", "layers.web"], cwd=ROOT, check=True, capture_output=True)
    manifest = json.loads((web_folder() / MANIFEST).read_text("utf-8"))
    return Index(json.loads((web_folder() / manifest["extents"]).read_text("utf-8")))


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Every feature as the exported files have it, read back by another program's reader."""
    folder = tmp_path_factory.mktemp("layers")
    frames = []
    for number, layer_id in enumerate(read_structures()):
        path = folder / f"{number}.geojson"
        path.write_bytes(to_geojson(open_layer(layer_id).features))
        frames.append(gpd.read_file(path, engine="pyogrio")[["id", "accuracy_m", "geometry"]])
    frame = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=4326)
    return frame[~(frame.geometry.isna() | frame.geometry.is_empty)].to_crs(4549)


@pytest.fixture(scope="module")
def points():
    west, south, east, north = store.read("city").total_bounds
    chance = np.random.default_rng(20_260)
    return np.column_stack([chance.uniform(west, east, POINTS), chance.uniform(south, north, POINTS)])


def test_points_agree_with_a_spatial_join_of_the_exported_files(index, exported, points):
    ground = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*points.T), crs=4326).to_crs(4549)
    joined = gpd.sjoin(ground, exported[["id", "geometry"]], predicate="intersects")
    covering = joined.groupby(level=0)["id"].agg(set).to_dict()
    joined = gpd.sjoin(ground, exported[["id", "geometry"]], predicate="dwithin", distance=NEAR_M)
    near = joined.groupby(level=0)["id"].agg(set).to_dict()
    told = 0
    for number, (lon, lat) in enumerate(points):
        hits = index.at_point(lon, lat, near_m=NEAR_M).hits
        assert {hit.feature for hit in hits if hit.distance_m == 0} == covering.get(number, set())
        assert {hit.feature for hit in hits} == near.get(number, set())
        told += len(hits)
    assert told > 5 * POINTS


def test_certain_means_farther_inside_than_the_accuracy(index, exported, points):
    edges = exported.set_index("id").geometry.boundary
    sure = 0
    for lon, lat in points[:200]:
        for hit in index.at_point(lon, lat, near_m=0).hits:
            if hit.certainty == "certain":
                sure += 1
                assert hit.edge_m >= hit.accuracy_m * 0.99
                x, y = gpd.GeoSeries.from_xy([lon], [lat], crs=4326).to_crs(4549).iloc[0].coords[0]
                assert edges[hit.feature].distance(shapely.Point(x, y)) == pytest.approx(hit.edge_m, abs=0.2)
            else:
                assert hit.doubt in DOUBTS
    assert sure > 50


def test_what_reaches_here_only_by_its_rough_position_is_told_apart(index):
    answer = index.at_point(120.62, 31.3, near_m=500)
    assert answer.further
    assert all(500 < hit.distance_m <= hit.accuracy_m for hit in answer.further)
    assert all(hit.certainty == "possible" for hit in answer.further)
    assert {hit.feature for hit in answer.further}.isdisjoint(hit.feature for hit in answer.hits)


def test_an_area_agrees_with_an_overlay(index, exported):
    area = index.areas["counties/gusu"].ground
    hits = {hit.feature: hit for hit in index.in_area(area, near_m=0).hits}
    meant = exported[exported.intersects(area)]
    assert set(hits) == set(meant["id"])
    for row in meant.itertuples():
        if shapely.get_dimensions(row.geometry) == 2:
            common = row.geometry.intersection(area).area
            assert hits[row.id].share == pytest.approx(common / area.area, abs=2e-4)
            assert hits[row.id].within == pytest.approx(common / row.geometry.area, abs=2e-4)


def test_an_area_is_certain_of_its_own_outline(index):
    ref = "counties/wuzhong"
    hits = index.in_area(index.areas[ref].ground).hits
    whole = [hit for hit in hits if hit.share and hit.share > 0.999 and hit.within and hit.within > 0.999]
    assert whole
    assert all(hit.certainty == "certain" for hit in whole)


def test_every_hit_can_be_told_in_both_languages(index, points):
    answers = [index.at_point(lon, lat, near_m=5000) for lon, lat in points[:40]]
    answers += [index.in_area(index.areas[ref].ground) for ref in ("counties/gusu", "towns/mudu") if ref in index.areas]
    for hit in (hit for answer in answers for hit in (*answer.hits, *answer.further)):
        for lang in ("zh", "en"):
            text = tell_certainty(hit.certainty, lang=lang) + tell_hit(hit, lang=lang) + tell_measure(hit, lang=lang)
            assert "{" not in text
            assert ("a" in text) or lang == "zh"


def test_findings_are_one_a_component_and_the_surest_first(index):
    findings = group_hits(index.in_area(index.areas["counties/kunshan"].ground).hits)
    assert next(iter(findings)) == "suzhou-15fyp"
    for found in findings.values():
        assert len({each.best.fid for each in found}) == len(found)
        order = [("certain", "possible", "near").index(each.best.certainty) for each in found]
        assert order == sorted(order)


@pytest.mark.parametrize(
    ("corners", "word"),
    [([(120, 31), (121, 31)], "corners"), ([(120, 31), (121, 31), (120, 31)], "outline"),
     ([(120, 31), (121, 32), (121, 31), (120, 32)], "outline")],
)  # fmt: skip
def test_outlines_that_enclose_nothing_are_refused(corners, word):
    with pytest.raises(ValueError, match=word):
        read_ring(corners)


def test_bad_questions_are_refused(index):
    with pytest.raises(ValueError, match="longitude"):
        index.at_point(200, 31)
    with pytest.raises(ValueError, match="distance"):
        index.at_point(120, 31, near_m=-1)
    with pytest.raises(ValueError, match="polygon"):
        index.in_area(shapely.Point(1, 2))
    assert index.at_point(0, 0).hits == ()


def test_an_index_that_had_to_be_built_is_read_the_next_time(tmp_path, monkeypatch):
    state = ["a"]
    built = []

    def build():
        built.append(state[0])
        return {"features": [], "areas": []}

    monkeypatch.setattr(cache, "web_folder", lambda: tmp_path)
    monkeypatch.setattr(cache, "digest", lambda: state[0])
    monkeypatch.setattr(asking, "build_content", build)
    for each in ("a", "a", "b", "a"):
        state[0] = each
        asking.open_index.cache_clear()
        assert (asking.find_written_index() is None) is (each not in built)
        assert asking.open_index().features == ()
    assert built == ["a", "b"]
    for each in range(cache.KEPT_STATES):
        asking._keep({}, str(each))
    assert len(list(tmp_path.iterdir())) == cache.KEPT_STATES

    def change():
        state[0] += "!"
        return {"features": [], "areas": []}

    monkeypatch.setattr(asking, "build_content", change)
    asking.open_index.cache_clear()
    asking.open_index()
    assert asking.find_written_index() is None
    asking.open_index.cache_clear()
