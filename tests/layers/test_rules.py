"""Rules on a made-up ground: what each form draws, on which basis, and that nothing unstated is stated."""

import math
from dataclasses import replace
from typing import get_args

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import Place
from geodata.workspace import Feature, Import, add_import
from layers.building import build_layer
from layers.catalogue import find_structure
from layers.ground import Shape, enclosed_by
from layers.model import Component, Member, Rule, RuleForm
from layers.rules import FORMS, apply_rule, own, read_rule

ROADS = {
    "北路": [(0, 1000), (1000, 1000)],
    "南路": [(0, 0), (1000, 0)],
    "西路": [(0, 0), (0, 1000)],
    "东路": [(1000, 50), (1000, 950)],
}


class MadeUpGround:
    """Stands in for `layers.ground.Ground`: shapes by name, metres."""

    def __init__(self, **shapes):
        self.shapes = shapes
        self.missing = []

    def miss(self, name):
        self.missing.append(name)

    def shape(self, name):
        if name not in self.shapes:
            self.missing.append(name)
            return None
        return self.shapes[name]

    def place(self, name):
        shape = self.shape(name)
        return None if shape is None else shape.place

    def middle(self, shape):
        return shape.geometry.representative_point() if shape.is_area else shape.geometry.centroid

    def point(self, name):
        shape = self.shape(name)
        if shape is None:
            return None
        return replace(shape, geometry=shape.geometry.centroid)

    def sections(self, name):
        shape = self.shape(name)
        return [] if shape is None else [shape]

    def region(self, names):
        areas = [self.shapes[name].geometry for name in names if name in self.shapes and self.shapes[name].is_area]
        return shapely.union_all(areas) if areas else None

    def own_area(self):
        return self.region(["西镇", "东镇"])


def make(name, geometry, *, basis="derived", accuracy_m=100.0, resolution="suzhou", status="open"):
    place = Place(id=f"town/{name}", name_zh=name, name_en=f"EN {name}", category="town", resolution=resolution)
    return Shape(
        place=place, geometry=geometry, basis=basis, accuracy_m=accuracy_m, status=status, source="s", layer="rail"
    )


def component(form, *, members=(), role="core", **params):
    return Component(
        no=1, name_zh="甲", name_en="A", role=role, lines=(1,), rule=Rule(form=form, params=params), members=members
    )


WEST, EAST = shapely.box(0, 0, 10_000, 10_000), shapely.box(10_000, 0, 20_000, 10_000)
LAKE = shapely.box(4000, -6000, 16_000, 3000)


@pytest.fixture
def ground():
    return MadeUpGround(
        西镇=make("西镇", WEST, basis="indicative", accuracy_m=900),
        东镇=make("东镇", EAST, basis="official", accuracy_m=30),
        湖=make("湖", LAKE),
        河=make("河", shapely.LineString([(-5000, 5000), (25_000, 5000)])),
        山=make("山", shapely.Point(5000, 5000), accuracy_m=400),
        寺=make("寺", shapely.Point(9000, 5000), accuracy_m=200),
        远=make("远", shapely.Point(90_000, 5000), resolution="outside"),
        **{name: make(name, shapely.LineString(line), accuracy_m=60) for name, line in ROADS.items()},
    )


def test_whole_unit_keeps_the_basis_of_its_outline_only_where_that_is_surveyed(ground):
    outcome = apply_rule(component("union", of=["西镇", "东镇"]), ground)
    assert [piece.basis for piece in outcome.pieces] == ["indicative", "official"]
    assert [piece.extent for piece in outcome.pieces] == ["whole", "whole"]
    assert "西镇、东镇" in outcome.how_zh
    assert "EN 西镇, EN 东镇" in outcome.how_en


def test_part_of_a_unit_is_kept_whole_and_indicative(ground):
    outcome = apply_rule(component("union", part_of=["东镇"]), ground)
    (piece,) = outcome.pieces
    assert piece.basis == "indicative"
    assert piece.extent == "part"
    assert piece.geometry.equals(EAST)


def test_extent_of_the_member_decides_not_the_list_it_stands_in(ground):
    members = (Member(name="东镇", extent="unstated"),)
    (piece,) = apply_rule(component("union", of=["东镇"], members=members), ground).pieces
    assert piece.extent == "unstated"
    assert piece.basis == "indicative"


def test_union_with_spine_and_shore_adds_arrow_and_band(ground):
    rule = component("union", of=["西镇"], spine=[["西镇", "东镇"]], shores=["湖"], within=["西镇"], width_m=500)
    forms = {piece.form: piece for piece in apply_rule(rule, ground).pieces}
    assert set(forms) == {"fill", "band", "arrow"}
    assert forms["arrow"].geometry.length == pytest.approx(10_000)
    shore = forms["band"].geometry
    assert shore.within(WEST.buffer(301))
    assert shore.distance(LAKE.boundary) == 0


@given(st.floats(0.05, 500))
def test_disc_has_exactly_the_stated_area(area_km2):
    ground = MadeUpGround(山=make("山", shapely.Point(5000, 5000)))
    (piece,) = apply_rule(component("disc", area_km2=area_km2, at=["山"]), ground).pieces
    assert piece.geometry.area == pytest.approx(area_km2 * 1e6, rel=1e-6)
    assert piece.basis == "schematic"
    assert piece.accuracy_m >= math.sqrt(area_km2 * 1e6 / math.pi) / 2


def test_disc_without_a_place_is_not_drawn(ground):
    assert apply_rule(component("disc", area_km2=1, at=["无"]), ground).pieces == ()
    assert ground.missing == ["无"]


def test_block_is_the_cell_between_the_roads_even_where_ends_fall_short(ground):
    (piece,) = apply_rule(component("block", roads=list(ROADS)), ground).pieces
    assert piece.basis == "derived"
    assert piece.geometry.area == pytest.approx(1e6)
    assert piece.accuracy_m == 60


def test_block_with_a_missing_road_is_not_drawn(ground):
    assert apply_rule(component("block", roads=["北路", "南路", "西路", "无"]), ground).pieces == ()


def test_band_along_a_river_is_cut_to_its_region(ground):
    (piece,) = apply_rule(component("along", lines=["河"], within=["西镇"], width_m=1500), ground).pieces
    assert piece.form == "band"
    assert piece.width_m == 1500
    assert piece.geometry.length == pytest.approx(10_000)
    assert piece.clip.equals(WEST)
    assert piece.basis == "indicative"


def test_band_of_one_bank_lies_on_that_side(ground):
    outcome = apply_rule(component("along", lines=["河"], side="south", width_m=600), ground)
    (band,) = outcome.pieces
    assert band.geometry.buffer(band.width_m / 2).bounds[3] == pytest.approx(5000)
    assert "南岸" in outcome.how_zh


def test_a_stated_reach_is_land_with_an_edge_and_said_to_be_the_plans(ground):
    outcome = apply_rule(component("along", shores=["湖"], within=["西镇", "东镇"], reach_m=1000), ground)
    (strip,) = outcome.pieces
    assert (strip.form, strip.basis) == ("fill", "derived")
    assert strip.geometry.intersection(LAKE).area == 0
    assert strip.geometry.hausdorff_distance(LAKE & (WEST | EAST)) <= 3000
    assert max(LAKE.distance(shapely.Point(each)) for each in strip.geometry.exterior.coords) == pytest.approx(1000)
    assert "规划所述" in outcome.how_zh
    assert "无规划依据" not in outcome.how_zh


def test_axis_follows_the_order_and_stops_at_the_region(ground):
    outcome = apply_rule(component("axis", order=["远", ["东镇"], "西镇"], within=["西镇", "东镇"]), ground)
    (piece,) = outcome.pieces
    first, last = piece.geometry.coords[0], piece.geometry.coords[-1]
    assert first[0] == pytest.approx(20_000)
    assert last == pytest.approx((5000, 5000))
    assert "远" in outcome.how_zh


def test_axis_is_led_through_its_hubs_and_draws_them(ground):
    ground.shapes["驿"] = make("驿", shapely.Point(9000, 1000))
    axis, hub = apply_rule(component("axis", order=["东镇", "西镇"], hubs=["驿"]), ground).pieces
    assert axis.geometry.distance(hub.geometry) == 0
    assert axis.source
    (silent,) = apply_rule(component("axis", order=["东镇", "西镇"], through=["驿"]), ground).pieces
    assert silent.geometry.equals(axis.geometry)


def test_creeks_and_islands_are_no_bank_of_a_great_river(ground):
    river = shapely.box(-5000, 8000, 25_000, 14_000) | shapely.box(4000, 4000, 4600, 8000)
    ground.shapes["江"] = make("江", river - shapely.box(9000, 9000, 11_000, 11_000))
    rule = component("along", shores=["江"], within=["西镇"], arms_under_m=2500)
    (piece,) = apply_rule(rule, ground).pieces
    assert piece.geometry.bounds[1] == pytest.approx(8000, abs=60)
    assert piece.geometry.length == pytest.approx(10_000, rel=0.1)


def test_ring_runs_round_an_outline_or_at_a_radius_round_a_point(ground):
    (town,) = apply_rule(component("ring", around="西镇"), ground).pieces
    assert town.geometry.length == pytest.approx(40_000)
    (hill,) = apply_rule(component("ring", around="山", radius_m=1000), ground).pieces
    assert hill.geometry.length == pytest.approx(2 * math.pi * 1000, rel=0.01)


def test_line_is_cut_between_its_ends(ground):
    (piece,) = apply_rule(component("line", lines=["河"], between=["山", "寺"]), ground).pieces
    assert piece.geometry.length == pytest.approx(4000)
    assert piece.status == "open"


def test_two_ends_without_a_line_make_a_schematic_link(ground):
    (piece,) = apply_rule(component("line", between=["山", "寺"]), ground).pieces
    assert piece.basis == "schematic"
    assert piece.accuracy_m >= 5000


def test_link_to_a_place_outside_ends_at_the_region_and_says_so():
    far = make("远", shapely.Point(30_000, 5000), resolution="outside")
    ground = MadeUpGround(西镇=make("西镇", WEST), 山=make("山", shapely.Point(5000, 5000)), 远=far)
    outcome = apply_rule(component("line", between=["山", "远"], within=["西镇"]), ground)
    (piece,) = outcome.pieces
    assert piece.geometry.bounds == pytest.approx((5000, 5000, 10_000, 5000))
    assert "远" in outcome.how_zh.partition("；")[2]


def test_part_with_anchors_is_a_patch_about_them_inside_the_unit(ground):
    outcome = apply_rule(component("part", of=["西镇"], anchors=["山", "寺"]), ground)
    patch = next(piece for piece in outcome.pieces if piece.form == "patch")
    assert patch.geometry.within(WEST.buffer(1e-6))
    assert patch.geometry.contains(shapely.Point(7000, 5000))
    assert patch.basis == "indicative"
    assert sum(piece.form == "point" for piece in outcome.pieces) == 2


def test_part_without_a_site_is_a_symbol_as_doubtful_as_the_unit_is_large(ground):
    (piece,) = apply_rule(component("part", of=["西镇"], manner="point"), ground).pieces
    assert piece.form == "point"
    assert piece.basis == "schematic"
    assert piece.accuracy_m == pytest.approx(math.sqrt(WEST.area / math.pi))


@pytest.mark.parametrize(
    ("side", "inside"), [("east", (9000, 5000)), ("north", (5000, 9000)), ("centre", (5000, 5000))]
)
def test_side_of_a_unit_leans_that_way_and_leaves_the_edge(ground, side, inside):
    (piece,) = apply_rule(component("part", of=["西镇"], side=side), ground).pieces
    assert piece.geometry.contains(shapely.Point(inside))
    assert piece.geometry.area < WEST.area / 2
    assert piece.geometry.within(WEST)


def test_area_takes_an_outline_as_it_is_and_a_point_as_a_patch(ground):
    pieces = apply_rule(component("area", names=["湖", "山"], within=["西镇"]), ground).pieces
    assert [piece.form for piece in pieces] == ["fill", "patch"]
    assert pieces[0].geometry.equals(LAKE & WEST)


def test_unlocated_draws_nothing_and_says_why(ground):
    outcome = apply_rule(component("unlocated", reason_zh="只有数目", reason_en="only counted"), ground)
    assert outcome.pieces == ()
    assert "只有数目" in outcome.how_zh
    assert "only counted" in outcome.how_en


def test_unknown_parameter_and_wrong_type_name_the_component():
    with pytest.raises(ValueError, match=r"甲.*no parameter.*widht_m"):
        read_rule(component("along", widht_m=3))
    with pytest.raises(ValueError, match=r"甲.*disc.*area_km2"):
        read_rule(component("disc", area_km2="large", at=["山"]))
    with pytest.raises(ValueError, match=r"甲.*roads"):
        read_rule(component("block"))


def test_every_form_of_the_model_has_a_rule():
    assert set(FORMS) == set(get_args(RuleForm))


def test_closed_line_encloses_a_region_an_open_one_none():
    ring = shapely.MultiLineString([[(0, 0), (1, 0), (1, 1)], [(1, 1), (0, 1), (0, 0)]])
    assert enclosed_by(ring).area == pytest.approx(1)
    assert enclosed_by(shapely.LineString([(0, 0), (1, 0)])).is_empty


@pytest.mark.parametrize(("most", "pieces"), [(9, [3, 3, 3]), (2, [1, 1, 3])])
def test_many_imported_surfaces_or_lines_of_one_name_are_one_piece(own_workspace, monkeypatch, most, pieces):
    shapes = [make(120.6 + step / 200) for make in (
        lambda x: shapely.box(x, 31.1, x + 0.006, 31.2), lambda x: shapely.LineString([(x, 31.1), (x + 0.005, 31.1)]),
        lambda x: shapely.Point(x, 31.3),
    ) for step in range(3)]  # fmt: skip
    features = [
        Feature(
            number=number, layer="own", target=str(number), geometry=shapely.to_wkb(shape), name_zh="地块", is_new=True
        )
        for number, shape in enumerate(shapes, start=1)
    ]
    add_import(Import(kind="custom", file_name="x.gpkg", accuracy_m=5.0), features=features)
    monkeypatch.setattr(own, "_MANY", most)
    layer = build_layer(find_structure("own/import-1"))
    assert layer.pieces.groupby("component").size().tolist() == pieces
    assert layer.features["area_km2"].iloc[0] == pytest.approx(16.97, abs=0.05)
    assert set(layer.pieces["accuracy_m"]) == {5.0}
