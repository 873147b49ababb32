"""GeoJSON to the letter of RFC 7946, and files that are whole or not there."""

import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from layers.catalogue import read_structures
from layers.export import FIELDS, file_names, to_geojson, write_file
from layers.opening import open_layer
from tests.each import each

GEOMETRIES = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}


def positions(coordinates):
    if coordinates and isinstance(coordinates[0], (int, float)):
        yield coordinates
    else:
        for part in coordinates:
            yield from positions(part)


def rings(geometry):
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for polygon in polygons:
        yield from ((ring, number == 0) for number, ring in enumerate(polygon))


@each("layer_id", read_structures())
def test_geojson_of_every_layer_follows_rfc_7946(layer_id):
    layer = open_layer(layer_id)
    text = to_geojson(layer.features, name=layer.structure.name_zh).decode("utf-8")
    collection = json.loads(text)
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    assert len(collection["features"]) == len(layer.features)
    for feature in collection["features"]:
        assert feature["type"] == "Feature"
        assert set(feature["properties"]) == set(FIELDS)
        assert feature["id"] == feature["properties"]["id"]
        geometry = feature["geometry"]
        if geometry is None:
            assert feature["properties"]["basis"] == "unlocated"
            continue
        assert geometry["type"] in GEOMETRIES
        shape = shapely.geometry.shape(geometry)
        assert shape.is_valid
        for lon, lat in positions(geometry["coordinates"]):
            assert 118 < lon < 123
            assert 29 < lat < 33.5
            assert round(lon, 6) == lon
        if geometry["type"].endswith("Polygon"):
            for ring, outer in rings(geometry):
                assert ring[0] == ring[-1]
                assert shapely.LinearRing(ring).is_ccw == outer


def test_geojson_reads_back_with_another_program(tmp_path):
    layer = open_layer("wuzhong-14fyp/wuzhong-core-axis-belt")
    path = tmp_path / "核轴带.geojson"
    write_file(path, to_geojson(layer.features))
    back = gpd.read_file(path, engine="pyogrio")
    assert list(back["component_zh"]) == list(layer.features["component_zh"])
    assert back.crs.to_epsg() == 4326
    for one, other in zip(back.geometry, layer.features.geometry, strict=True):
        assert one.symmetric_difference(other).area < 1e-9


def test_other_coordinate_systems_are_refused_with_a_way_out():
    features = open_layer("wuzhong-14fyp/wuzhong-core-axis-belt").features.to_crs(4549)
    with pytest.raises(ValueError, match=r"EPSG:4326.*GeoPackage"):
        to_geojson(features)


def test_a_file_is_whole_or_not_there(tmp_path):
    path = tmp_path / "a.geojson"
    write_file(path, b"one")
    write_file(path, b"two")
    assert path.read_bytes() == b"two"
    with pytest.raises(TypeError):
        write_file(path, "not bytes")
    assert path.read_bytes() == b"two"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.geojson"]
    with pytest.raises(FileNotFoundError):
        write_file(tmp_path / "none" / "a.geojson", b"x")


def test_file_names_are_flat_and_distinct():
    names = file_names(read_structures(), suffix=".geojson")
    assert len(set(names.values())) == len(names)
    assert all(Path(name).name == name for name in names.values())
