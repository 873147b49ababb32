from itertools import pairwise

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, box

from layers.building import build_layer
from layers.catalogue import find_structure, read_plans
from layers.drawing import draw, pens_of, shapes
from layers.drawing.cells import cells_of
from layers.sheet.swatches import component_swatch
from layers.style import load_style
from layers.web.bands import BANDS
from tests.layers.sample_layers import TOWNS, built, component, core_axis_belt, fill, parks_and_lines, piece

STYLE = load_style()
MPM = 300.0


def marks_of(layer, kind, **more):
    marks = draw(layer, style=STYLE, metres_per_mm=more.pop("metres_per_mm", MPM))
    return [m for m in marks if m.kind == kind and all(getattr(m, k) == v for k, v in more.items())]


@pytest.mark.parametrize("theme", ["light", "grey"])
@pytest.mark.parametrize("layer", [core_axis_belt(), parks_and_lines()], ids=lambda x: x.structure.id)
def test_all_marks_are_paintable(layer, theme):
    marks = draw(layer, style=load_style(theme), metres_per_mm=MPM)
    assert marks == sorted(marks, key=lambda m: m.z)
    for mark in marks:
        assert mark.geometry.is_valid
        assert not mark.geometry.is_empty
        assert mark.fill or mark.stroke
        if mark.shape is None and mark.kind in ("fill", "stripe", "fade", "under", "pattern"):
            assert mark.geometry.area > 0


def test_drawing_twice_gives_the_same_marks():
    assert draw(core_axis_belt(), style=STYLE, metres_per_mm=MPM) == draw(
        core_axis_belt(), style=STYLE, metres_per_mm=MPM
    )


def test_unlocated_component_has_no_mark():
    assert 4 not in {m.component for m in draw(core_axis_belt(), style=STYLE, metres_per_mm=MPM)}


def test_shared_town_is_striped_in_equal_parts_and_never_filled():
    layer = core_axis_belt()
    shared = TOWNS["town/d"][2]
    stripe = {m.component: m.geometry.area for m in marks_of(layer, "stripe", place="town/d")}
    assert set(stripe) == {2, 3}
    assert stripe[2] == pytest.approx(stripe[3], rel=0.1)
    assert sum(stripe.values()) > 0.85 * shared.area
    assert not marks_of(layer, "fill", place="town/d")
    edges = marks_of(layer, "edge", place="town/d")
    assert [e.stroke for e in edges] == [STYLE.stripes.edge]


def test_three_sharers_get_three_colours_in_turn():
    stripe = {m.component: m for m in marks_of(core_axis_belt(), "stripe", place="town/c")}
    assert set(stripe) == {1, 2, 3}
    assert len({m.fill for m in stripe.values()}) == 3
    for one, other in pairwise(stripe.values()):
        assert one.geometry.intersection(other.geometry).area < 1.0


def test_stripe_width_is_measured_on_paper():
    shape = box(0, 0, 30_000, 30_000)
    for mpm in (100.0, 300.0):
        first = shapes.stripes(shape, count=2, width=1.5 * mpm, angle=45.0)[0]
        assert first.area == pytest.approx(shape.area / 2, rel=0.05)
        strip = max(first.geoms, key=lambda p: p.area)
        assert 2 * strip.area / strip.length == pytest.approx(1.5 * mpm, rel=0.05)


def test_smaller_area_inside_a_larger_one_is_not_shared():
    layer = built(
        "nested", "嵌套",
        [component(1, "大区", "zone", "union"), component(2, "小区", "core", "union")],
        [fill(1, "town/a", "whole"), piece(2, "fill", TOWNS["town/a"][2].centroid.buffer(1500), place="zone/x")],
    )  # fmt: skip
    assert [c.components for c in cells_of(layer.pieces)] == [(1,), (2,)]


def test_half_of_a_town_against_the_whole_leaves_an_unshared_half():
    whole = TOWNS["town/a"][2]
    west, south, _, north = whole.bounds
    half = box(west, south, whole.centroid.x, north)
    layer = built(
        "halves", "半",
        [component(1, "核", "core", "union"), component(2, "轴", "axis", "axis")],
        [fill(1, "town/a", "part") | {"geometry": half}, fill(2, "town/a", "whole")],
    )  # fmt: skip
    found = {c.components: c.geometry.area for c in cells_of(layer.pieces)}
    assert found == {(1, 2): pytest.approx(half.area), (2,): pytest.approx(whole.area - half.area)}


def test_approximate_town_is_inset_and_rounded_official_is_as_surveyed():
    def shape_of(basis):
        layer = built("one", "一", [component(1, "区", "district", "union")], [fill(1, "town/a", "whole", basis=basis)])
        return marks_of(layer, "fill")[0]

    whole = TOWNS["town/a"][2]
    soft, sharp = shape_of("indicative").geometry, shape_of("official").geometry
    assert sharp.equals(whole)
    gap = 0.35 * MPM
    assert whole.buffer(-gap * 0.9).contains(soft.buffer(-1.0)) or soft.within(whole)
    assert soft.area == pytest.approx((9000 - 2 * gap) ** 2, rel=0.02)
    corner = shapely.Point(*whole.bounds[:2])
    assert soft.distance(corner) > 1.2 * gap * np.sqrt(2)


def test_dashes_follow_the_basis():
    for basis in ("derived", "indicative"):
        layer = built("one", "一", [component(1, "区", "district", "union")], [fill(1, "town/a", "whole", basis=basis)])
        assert marks_of(layer, "edge")[0].dash == STYLE.basis[basis].dash


@pytest.mark.parametrize("plan", read_plans())
def test_rounding_takes_no_arm_of_a_headline_at_any_zoom(plan):
    layer = build_layer(find_structure(f"{plan}/{read_plans()[plan].headline}"))
    form = STYLE.basis["indicative"]
    for cell in cells_of(layer.pieces[layer.pieces["form"] == "fill"]):
        for mpm in (*(band.metres_per_mm for band in BANDS), MPM):
            gap = form.inset_mm * mpm
            drawn = shapes.rounded(cell.geometry, radius=form.round_mm * mpm, inset=gap)
            assert shapes.lost_share(cell.geometry, drawn, gap=gap) <= shapes.MOST_LOST, (cell.name_zh, mpm)
            assert drawn.within(cell.geometry.buffer(gap))


@pytest.mark.parametrize("basis", ["derived", "indicative"])
@pytest.mark.parametrize("form", ["fill", "block"])
def test_map_and_legend_draw_the_edge_of_a_basis_alike(form, basis):
    shape = piece(1, form, TOWNS["town/a"][2], basis=basis)
    layer = built("one", "一", [component(1, "区", "district", "block")], [shape])
    pen = pens_of(layer, style=STYLE, metres_per_mm=MPM)[1]
    swatch = component_swatch(pen, [form], 0.0, 0.0, basis=basis, theme="", statuses=("",), number=None)
    drawn = marks_of(layer, "edge") + [mark for mark in swatch if mark.kind == "edge"]
    assert {(edge.dash, edge.width_pt, edge.stroke) for edge in drawn} == {
        (STYLE.basis[basis].dash, STYLE.basis[basis].edge_pt, pen.colour.ink)
    }


@pytest.mark.parametrize("mpm", [MPM, *(band.metres_per_mm for band in BANDS)])
def test_limbs_with_a_trunk_become_one_shape_with_one_outline(mpm):
    arrow = marks_of(core_axis_belt(), "under", component=2, metres_per_mm=mpm)
    assert len(arrow) == 1
    assert arrow[0].geometry.geom_type == "Polygon"
    assert not arrow[0].geometry.interiors


def test_arrow_direction_shows_in_its_head():
    spine = LineString([(0, 0), (10_000, 0), (30_000, 0)])
    form = STYLE.arrow

    def breadth(shape, x):
        return shape.intersection(LineString([(x, -9000), (x, 9000)])).length

    one = shapes.arrow([spine], width=2000.0, form=form, two_headed=False)
    head_back = 30_000 - form.head_length * 2000
    assert breadth(one, head_back + 100) > 1.7 * breadth(one, 15_000)
    assert breadth(one, 50) == pytest.approx(2000 * form.tail, rel=0.01)
    both = shapes.arrow([spine], width=2000.0, form=form, two_headed=True)
    assert breadth(both, 30_000 - head_back - 100) == pytest.approx(breadth(both, head_back + 100), rel=0.02)
    assert one.bounds[2] == pytest.approx(30_000, abs=200)


def test_arrow_without_direction_has_two_heads_with_direction_one():
    line = LineString([(545_000, 3_450_000), (560_000, 3_452_000), (575_000, 3_450_000)])

    def reach(direction):
        part = component(1, "轴", "axis", "axis", direction=direction)
        layer = built("axis", "轴", [part], [piece(1, "arrow", line, width_m=2000.0)])
        return marks_of(layer, "under")[0].geometry.intersection(box(545_000, 0, 550_000, 9e6))

    assert reach(None).bounds[3] - reach(None).bounds[1] > 1.3 * (reach("east").bounds[3] - reach("east").bounds[1])


def test_catmull_rom_goes_through_its_points():
    points = np.array([[0.0, 0.0], [10.0, 4.0], [11.0, 12.0], [30.0, 9.0]])
    curve = shapes.catmull_rom(points)
    for point in points:
        assert np.min(np.hypot(*(curve - point).T)) < 1e-9


def test_belt_fades_out_within_its_declared_width_and_its_clip():
    layer = core_axis_belt()
    rings = marks_of(layer, "fade", component=3)
    assert len(rings) == STYLE.band.rings
    clip = shapely.from_wkb(next(c for c in layer.pieces["clip"] if c is not None))
    spine = layer.pieces[layer.pieces["form"] == "band"].geometry.iloc[0]
    for wide, narrow in pairwise(rings):
        assert narrow.geometry.within(wide.geometry.buffer(1.0))
    assert rings[0].geometry.within(clip.buffer(1.0))
    assert rings[0].geometry.within(spine.buffer(1500.0 + 0.4 * MPM))
    strength = 1.0 - np.prod([1.0 - m.fill_opacity for m in rings])
    assert strength == pytest.approx(STYLE.band.opacity)


def test_disc_keeps_the_stated_area_and_becomes_a_symbol_when_tiny():
    marks = draw(parks_and_lines(), style=STYLE, metres_per_mm=MPM)
    disc = next(m for m in marks if m.component == 1 and m.kind == "fill")
    assert disc.geometry.area == pytest.approx(10e6, rel=0.01)
    assert [m.shape for m in marks if m.component == 10] == ["square"]


def test_statuses_are_told_apart():
    layer = parks_and_lines()
    lines = marks_of(layer, "line", component=8)
    assert {m.dash for m in lines} == {STYLE.status["construction"].dash, STYLE.status["study"].dash}
    assert marks_of(layer, "ticks", component=7)
    assert not marks_of(layer, "ticks", component=8)
    casing = marks_of(layer, "casing", component=7)[0]
    assert casing.width_pt > marks_of(layer, "line", component=7)[0].width_pt


def test_thing_without_bounds_gets_a_number():
    anchor = marks_of(parks_and_lines(), "symbol", component=4)[0]
    assert (anchor.shape, anchor.text) == ("numbered", "1")


def test_grey_belt_is_dotted_and_dots_stay_inside():
    layer = built("one", "一", [component(1, "带", "belt", "union")], [fill(1, "town/a", "whole")])
    marks = draw(layer, style=load_style("grey"), metres_per_mm=MPM)
    dots = next(m for m in marks if m.kind == "pattern")
    assert len(dots.geometry.geoms) > 100
    assert dots.geometry.within(TOWNS["town/a"][2])


def test_belts_on_one_shore_take_it_in_stripes_and_crossings_stay():
    shore = LineString([(540_000, 3_450_000), (560_000, 3_452_000), (580_000, 3_450_000)])
    across = LineString([(560_000, 3_430_000), (560_000, 3_470_000)])
    components = [
        component(1, "生态带", "belt", "along"),
        component(2, "科创走廊", "corridor", "along"),
        component(3, "运河带", "ring", "along"),
    ]
    pieces = [piece(no, "band", line, width_m=3000.0) for no, line in ((1, shore), (2, shore), (3, across))]
    layer = built("two-belts", "两带", components, pieces)
    alone, striped = (
        {no: [m.geometry for m in marks if m.kind == "fade" and m.component == no] for no in (1, 2, 3)}
        for marks in (draw(layer, style=STYLE, metres_per_mm=MPM, shared_out=out) for out in (False, True))
    )
    assert alone[3] == striped[3]
    strongest = [striped[no][-1] for no in (1, 2)]
    assert strongest[0].intersection(strongest[1]).area < 1.0, "no tone mixes where the belts are strong"
    assert strongest[0].area == pytest.approx(strongest[1].area, rel=0.1)
    assert shapely.union_all(strongest).symmetric_difference(alone[1][-1].union(alone[2][-1])).area < 1.0
    assert len({pen.colour.colour for pen in pens_of(layer, style=STYLE, metres_per_mm=MPM).values()}) == 3
    close_up = [m.geometry for m in marks_of(layer, "fade", metres_per_mm=10.0, component=1)]
    assert max(len(shapely.get_parts(shape)) for shape in close_up) <= 240, "a long shore has few stripes close up"
