"""All layers as built from the real data: every feature sound, every component drawn or listed, nothing lost."""

from collections import Counter

import pandas as pd
import pytest
import shapely

from geodata import store
from geodata.crs import CGCS2000_3_DEGREE, WGS84
from layers.building import FEATURE_COLUMNS, PIECE_COLUMNS
from layers.catalogue import find_structure, read_plans, read_structures
from layers.ground import Ground
from layers.lines import describe_lines
from layers.opening import open_layer
from tests.each import each

LAYER_IDS = list(read_structures())
AREA_FORMS = ("official", "derived")


def test_the_five_plans_and_their_213_structures():
    assert set(read_plans()) == {"suzhou-15fyp", "wuzhong-14fyp", "snd-14fyp", "kunshan-15fyp", "suzhou-2025-report"}
    counted = Counter(structure.importance for structure in read_structures().values() if structure.kind != "projects")
    assert counted == {1: 62, 2: 95, 3: 56}
    for plan in read_plans().values():
        assert f"{plan.id}/{plan.headline}" in read_structures()


@each("layer_id", LAYER_IDS)
def test_layer_is_sound(layer_id):
    layer = open_layer(layer_id)
    features, pieces = layer.features, layer.pieces
    assert features.crs.to_epsg() == WGS84
    assert pieces.crs.to_epsg() == CGCS2000_3_DEGREE
    assert set(FEATURE_COLUMNS) == set(features.columns)
    assert set(PIECE_COLUMNS) == set(pieces.columns)
    assert features.index.is_unique
    assert list(features.index) == list(features["id"])
    assert features.geometry.is_valid.all()
    assert pieces.geometry.is_valid.all()
    assert set(features["component"]) == {component.no for component in layer.structure.components}


@each("layer_id", LAYER_IDS)
def test_feature_says_how_it_was_drawn_and_how_far_to_trust_it(layer_id):
    for row in open_layer(layer_id).features.to_dict("records"):
        assert row["how_zh"], row["id"]
        assert row["how_en"], row["id"]
        assert row["lines"], row["id"]
        if row["basis"] == "unlocated":
            assert row["geometry"].is_empty
            assert pd.isna(row["area_km2"])
        else:
            assert row["accuracy_m"] > 0
            assert not row["geometry"].is_empty
            assert row["geometry"].geom_type != "GeometryCollection"


@each("layer_id", LAYER_IDS)
def test_no_area_is_told_of_an_edge_that_nobody_stated(layer_id):
    layer = open_layer(layer_id)
    for row in layer.features.to_dict("records"):
        if row["basis"] == "indicative":
            assert pd.isna(row["area_km2"]), row["id"]
        elif not pd.isna(row["area_km2"]):
            measured = shapely.area(layer.features.loc[[row["id"]]].to_crs(CGCS2000_3_DEGREE).geometry.iloc[0])
            assert row["area_km2"] == pytest.approx(measured / 1e6, abs=0.02)


def test_stated_discs_are_drawn_at_their_stated_size():
    drawn = 0
    for layer_id in LAYER_IDS:
        layer = open_layer(layer_id)
        for component in layer.structure.components:
            if component.rule.form == "disc":
                row = layer.features.loc[f"{layer_id}#{component.no}"]
                assert row["area_km2"] == pytest.approx(component.rule.params["area_km2"], rel=0.005)
                assert row["stated_area_km2"] == pytest.approx(component.rule.params["area_km2"])
                drawn += 1
    assert drawn >= 7


def test_shared_towns_are_whole_in_both_components_and_never_cut():
    layer = open_layer("wuzhong-14fyp/wuzhong-core-axis-belt")
    towns = store.read_metric("towns").geometry
    shared = {}
    for row in layer.pieces[layer.pieces["form"] == "fill"].to_dict("records"):
        shared.setdefault(row["place"], []).append(row)
    both = {place: rows for place, rows in shared.items() if len(rows) > 1}
    assert {place.removeprefix("town/") for place in both} == {
        "yuexi", "hengjing", "linhu", "mudu", "xukou", "guangfu", "dongshan",
    }  # fmt: skip
    for place, rows in both.items():
        for row in rows:
            assert row["extent"] == "part"
            assert row["geometry"].equals_exact(towns[place.removeprefix("town/")], 0.5)


def test_towns_in_no_component_stay_blank():
    def members(layer_id, role):
        layer = open_layer(layer_id)
        numbers = {component.no for component in layer.structure.components if component.role in role}
        fills = layer.pieces[layer.pieces["component"].isin(numbers) & (layer.pieces["form"] == "fill")]
        return shapely.union_all(fills.geometry.values)

    towns = store.read_metric("towns").geometry
    districts = members("snd-14fyp/snd-three-districts-many-parks", {"district"})
    for town in ("fengqiao", "tongan"):
        assert districts.intersection(towns[town]).area < 1e4, town
    groups = members("kunshan-15fyp/kunshan-overall-layout", {"cluster"})
    assert groups.intersection(towns["zhoushi"]).area < 1e4
    assert groups.intersection(towns["lujia"]).area == pytest.approx(towns["lujia"].area, rel=1e-6)


def test_groups_of_kunshan_do_not_overlap():
    layer = open_layer("kunshan-15fyp/kunshan-overall-layout")
    fills = layer.pieces[layer.pieces["form"] == "fill"].dissolve("component").geometry
    for i, one in enumerate(fills):
        for other in fills.iloc[i + 1 :]:
            assert one.intersection(other).area < 1e4


def test_ten_units_of_the_city_plan_tile_the_city():
    layer = open_layer("suzhou-15fyp/suzhou-ai-industry-by-district")
    units = layer.features.to_crs(CGCS2000_3_DEGREE).geometry
    assert len(units) == 10
    assert (layer.features["basis"].isin(AREA_FORMS)).all()
    city = store.read_metric("city").geometry.iloc[0]
    assert units.area.sum() == pytest.approx(city.area, rel=1e-4)


def test_block_of_four_roads_is_a_block():
    layer = open_layer("snd-14fyp/snd-three-districts-many-parks")
    block = layer.pieces[layer.pieces["form"] == "block"]
    assert len(block) == 1
    assert 0.3e6 < block.geometry.iloc[0].area < 12e6
    shishan = store.read_metric("towns").geometry["shishan"].buffer(1500)
    assert shishan.intersects(block.geometry.iloc[0])


def test_axes_of_kunshan_run_as_the_plan_orders_them():
    pieces = open_layer("kunshan-15fyp/kunshan-overall-layout").pieces
    arrows = pieces[pieces["form"] == "arrow"].set_index("component").geometry
    east_west, south_north = arrows[5], arrows[6]
    assert east_west.coords[0][0] > east_west.coords[-1][0]
    assert south_north.coords[0][1] < south_north.coords[-1][1]


@pytest.mark.parametrize(
    ("lines", "text"), [((225,), "225"), ((213, 214, 215, 229), "213-215, 229"), ((9, 7, 8), "7-9"), ((), "")]
)
def test_lines_are_told_with_runs_joined(lines, text):
    assert describe_lines(lines) == text


def test_unknown_layer_names_near_ones():
    with pytest.raises(KeyError, match="wuzhong-14fyp/wuzhong-core-axis-belt"):
        find_structure("wuzhong/wuzhong-core-axis-belt")


def test_a_place_that_is_one_section_of_a_line_is_drawn_as_that_section():
    ring, side = (Ground(plan="suzhou-15fyp").sections(name) for name in ("road/zhonghuan", "road/zhonghuan-xi"))
    assert [section.id for section in side] == ["zhonghuan.west"]
    assert "zhonghuan.west" in {section.id for section in ring}
    assert len(ring) > 1


def test_the_middle_of_a_district_with_half_a_lake_is_on_land():
    ground = Ground(plan="wuzhong-14fyp")
    shape = ground.shape("county/wuzhong")
    lake = store.read_metric("lakes").geometry["tai-hu"]
    assert shape.geometry.intersects(lake)
    assert shape.geometry.contains(ground.middle(shape))
    assert not lake.contains(ground.middle(shape))
    assert max(shapely.get_parts(shape.geometry - lake), key=lambda part: part.area).contains(ground.middle(shape))
