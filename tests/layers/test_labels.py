from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon, box

from layers.labels import Request, Scene, estimate_width, place
from layers.labels.field import Field

MPM = 300.0
FRAME = (0.0, 0.0, 60_000.0, 40_000.0)  # 200 by 133 mm


MIDDLE = Point(30_000, 20_000)


def request(text="甪直镇", mode="point", geometry=MIDDLE, **more) -> Request:
    return Request(text=text, mode=mode, geometry=geometry, **{"size_pt": 9.0, **more})


def put(*requests, **scene):
    return place(requests, scene=Scene(frame=FRAME, metres_per_mm=MPM, **scene), measure=estimate_width)


def boxes_overlap(one, other) -> bool:
    return min(one[2], other[2]) - max(one[0], other[0]) > 1e-6 and min(one[3], other[3]) - max(one[1], other[1]) > 1e-6


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 60_000), st.floats(0, 40_000)), min_size=1, max_size=40))
def test_optional_names_never_overlap_nor_leave_the_frame(positions):
    placed = put(*[request(f"地名{i}", geometry=Point(p), english="a place") for i, p in enumerate(positions)])
    boxes = [b for name in placed for b in name.boxes]
    for one, other in combinations(boxes, 2):
        assert not boxes_overlap(one, other)
    for b in boxes:
        assert b[0] >= FRAME[0]
        assert b[1] >= FRAME[1]
        assert b[2] <= FRAME[2]
        assert b[3] <= FRAME[3]


def test_point_name_stands_right_then_left():
    free = put(request())[0]
    assert free.runs[0].x > 30_000
    taken = put(request(), blocked=((30_500, 19_000, 45_000, 21_000),))[0]
    assert taken.runs[0].x < 30_000


def test_english_goes_before_the_name():
    narrow = ((0, 20_800, 60_000, 40_000), (0, 0, 60_000, 19_200))
    placed = put(request(english="a rather long English name", geometry=Point(30_000, 20_000)), blocked=narrow)
    assert [run.text for run in placed[0].runs] == ["甪直镇"]
    assert [run.text for run in put(request(english="Luzhi"))[0].runs] == ["甪直镇", "Luzhi"]


def test_required_name_is_placed_even_without_room_and_an_optional_one_is_not():
    everything = (FRAME,)
    assert put(request(), blocked=everything) == []
    assert len(put(request(required=True), blocked=everything)) == 1


def test_priority_decides_who_gets_the_place():
    spot = box(20_000, 15_000, 24_500, 17_000)
    late = request("后来", "area", spot, priority=5)
    first = request("先来", "area", spot, priority=1)
    placed = put(late, first)
    assert placed[0].request.text == "先来"


def test_area_name_stands_in_the_widest_free_part():
    land = box(10_000, 10_000, 30_000, 14_000).union(box(25_000, 10_000, 40_000, 30_000))
    run = put(request(mode="area", geometry=land))[0].runs[0]
    assert land.contains(Point(run.x, run.y))
    assert run.x > 25_000
    assert run.y > 14_000


def test_component_name_leaves_the_middle_to_its_members():
    core = box(25_000, 18_000, 31_000, 22_000)
    member = request("城南街道", "area", core, required=True, priority=2)
    name = request("中心城市核", "around", core, required=True, priority=1, size_pt=13.0)
    placed = {p.request.text: p for p in put(name, member)}
    town = placed["城南街道"].boxes[0]
    assert core.buffer(1_000).contains(box(*town))
    assert not any(boxes_overlap(town, b) for b in placed["中心城市核"].boxes)


def test_name_beside_its_area_keeps_off_named_ground():
    own = box(30_000, 18_000, 31_000, 19_000)
    foreign = box(20_000, 19_200, 41_000, 30_000)
    placed = put(request("功能区", "around", own, size_pt=13.0), named=own.union(foreign))
    assert not foreign.intersects(box(*placed[0].boxes[0]).buffer(-1.0))


def test_curved_name_follows_its_line_and_reads_left_to_right():
    x = np.linspace(50_000, 10_000, 60)  # digitised from right to left
    line = LineString(np.stack([x, 20_000 + 2_000 * np.sin(x / 9_000)], axis=1))
    runs = put(request("先进制造轴", "curve", line, spacing_em=0.5, gap_mm=0.0))[0].runs
    assert "".join(run.text for run in runs) == "先进制造轴"
    xs = [run.x for run in runs]
    assert xs == sorted(xs)
    assert all(line.distance(Point(run.x, run.y)) < 400 for run in runs)
    assert all(abs(b.angle - a.angle) <= 30 for a, b in pairwise(runs))


def test_steep_line_carries_upright_characters_downwards():
    line = LineString([(30_000, 5_000), (31_000, 35_000)])
    runs = put(request("长江路", "curve", line, spacing_em=0.3, gap_mm=0.0))[0].runs
    assert [run.angle for run in runs] == [0.0, 0.0, 0.0]
    ys = [run.y for run in runs]
    assert ys == sorted(ys, reverse=True)


def test_name_too_long_for_its_line_is_set_smaller_or_beside():
    line = LineString([(25_000, 20_000), (35_000, 20_000)])
    placed = put(request("沿沪宁高端服务业和高技术产业集聚带", "curve", line, required=True, size_pt=13.0))
    assert "".join(run.text for run in placed[0].runs) == "沿沪宁高端服务业和高技术产业集聚带"


def test_name_beside_a_short_line_is_no_wider_than_its_box():
    line = LineString([(30_000, 19_000), (30_300, 21_400)])
    placed = put(request("人民路—亭林路商圈", "curve", line, required=True, size_pt=13.0, spacing_em=0.8))[0]
    box_of_name = placed.boxes[0]
    for run in placed.runs:
        half = run.width_mm * MPM / 2.0
        assert box_of_name[0] - 1.0 <= run.x - half
        assert run.x + half <= box_of_name[2] + 1.0
    assert box(*box_of_name).distance(line) < 13.0 * 0.3528 * MPM


def test_curved_name_stays_at_its_line():
    line = LineString([(10_000, 10_000), (30_000, 20_000), (50_000, 10_000)])
    placed = put(request("先进制造轴", "curve", line, required=True, spacing_em=0.4, gap_mm=3.0))[0]
    middle = Point(np.mean([r.x for r in placed.runs]), np.mean([r.y for r in placed.runs]))
    assert line.distance(middle) <= (3.0 + 1.5 * 9.0 * 0.3528) * MPM


@pytest.mark.parametrize("name", ["Zhangjiagang", "Qingyanggang", "Qingyanggang商圈"])
def test_latin_word_is_never_broken(name):
    pond = Point(30_000, 20_000).buffer(2_000)
    runs = put(request(name, "around", pond, required=True))[0].runs
    assert name in {run.text for run in runs} | {"".join(run.text for run in runs)}
    assert any(name.removesuffix("商圈") in run.text for run in runs)


def test_lake_name_that_does_not_fit_goes():
    pond = Point(30_000, 20_000).buffer(900)
    assert put(request("阳澄湖", "area", pond, tight=True, size_pt=12.0)) == []
    assert len(put(request("阳澄湖", "area", pond.buffer(4_000), tight=True, size_pt=12.0))) == 1


def test_placement_is_deterministic():
    requests = [request(f"地{i}", geometry=Point(20_000 + 700 * i, 20_000)) for i in range(12)]
    assert put(*requests) == put(*requests)


@pytest.mark.parametrize(("text", "ems"), [("甪直", 2.0), ("ab", 1.08)])
def test_estimate_counts_chinese_as_full_width(text, ems):
    assert estimate_width(text, size_pt=72.0) == pytest.approx(ems * 25.4)


def test_field_sums_lines_by_length_and_polygons_by_area():
    field = Field(np.array([100.0, 60.0]))
    field.add_lines(LineString([(10.0, 30.0), (90.0, 30.0)]), 2.0)
    field.add_area(box(20.0, 10.0, 40.0, 20.0), 1.0)
    field.add_area(Polygon(), 1.0)
    sums = field.sums(np.array([[0.0, 25.0, 50.0, 35.0], [0.0, 0.0, 30.0, 60.0], [60.0, 0.0, 100.0, 20.0]]))
    assert sums == pytest.approx([80.0, 140.0, 0.0], abs=2.0)


@pytest.mark.parametrize("side", [600.0, 1_200.0, 2_000.0])
def test_name_stands_beside_a_shape_that_it_would_hide(side):
    park = box(30_000, 20_000, 30_000 + side, 20_000 + side)
    placed = put(request("独墅湖科教创新区", "around", park, required=True, size_pt=12.0))[0]
    assert park.intersection(box(*placed.boxes[0])).area < 0.1 * park.area
