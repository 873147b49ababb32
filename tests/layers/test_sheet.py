import os
import subprocess
import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import shapely
from matplotlib.colors import to_rgb
from matplotlib.image import AxesImage, imread, imsave
from shapely.geometry import LineString

from geodata.crs import unproject
from layers import fonts
from layers.building import build_layer
from layers.catalogue import find_structure
from layers.drawing import component_label
from layers.drawing.parallel import set_apart, sharing
from layers.sheet import draw_sheet
from layers.sheet.canvas import View
from layers.sheet.furniture import calm_corner, project_extent
from layers.sheet.ground import find_focus, read_metric
from layers.sheet.item import Text
from layers.sheet.legend import structure_rows
from layers.sheet.method import method_paragraphs
from layers.sheet.pages import find_page, fitting_scale, read_pages
from layers.sheet.shown import show
from layers.sheet.words import component_name, read_words
from layers.sheet.wrapping import NEVER_FIRST, NEVER_LAST, wrap
from layers.style import load_style
from tests.layers.sample_layers import built, component, core_axis_belt, parks_and_lines, piece

HEADLINES = (
    "wuzhong-14fyp/wuzhong-core-axis-belt",
    "snd-14fyp/snd-three-districts-many-parks",
    "kunshan-15fyp/kunshan-overall-layout",
    "suzhou-15fyp/suzhou-feng-industry-belts",
    "suzhou-15fyp/suzhou-eco-cores",
)
DATE = "2026-11-21"


@cache
def headline(layer_id):
    layer = build_layer(find_structure(layer_id))
    return layer, draw_sheet(layer, date=DATE)


@cache
def sample(**options):
    """Return the sheet of the made-up structure, drawn once for all who only look at it."""
    return draw_sheet(core_axis_belt(), date=DATE, **options)


@cache
def several(page="16:9", lang="zh"):
    return draw_sheet([headline(layer_id)[0] for layer_id in HEADLINES[:3]], page=page, lang=lang, date=DATE)


def texts_of(sheet) -> list[str]:
    return [item.text for item in sheet.items if isinstance(item, Text)]


@pytest.mark.parametrize("layer_id", HEADLINES)
def test_headline_sheet_names_every_located_component_and_member(layer_id):
    layer, sheet = headline(layer_id)
    placed = {name.request.text for name in sheet.placed}
    fills = layer.pieces[layer.pieces["form"] == "fill"]
    labels = {component_label(component) for component in layer.structure.components}
    for name in set(fills["name_zh"]) - {""} - labels:
        assert name in placed
    everything = "".join(texts_of(sheet)) + "".join("".join(r.text for r in n.runs) for n in sheet.placed)
    for label in labels:
        assert label in everything, f"{label} stands neither on the map nor in a list"


@pytest.mark.parametrize("layer_id", HEADLINES)
def test_sheet_says_what_a_sheet_must_say(layer_id):
    _, sheet = headline(layer_id)
    texts = texts_of(sheet)
    joined = "".join(texts)
    for needed in (
        "空间结构",
        "依据与可靠程度",
        "底图",
        "成图方法",
        "资料来源",
        "审图号",
        "EPSG:4549",
        "未经地图审核",
        DATE,
    ):
        assert needed in joined
    assert sum(t.startswith("1∶") for t in texts) == 1
    assert [t for t in texts if t.endswith(" km")]


def overlap(one, other) -> bool:
    return min(one[2], other[2]) - max(one[0], other[0]) > 0.05 and min(one[3], other[3]) - max(one[1], other[1]) > 0.05


AROUND = ("row", "entry", "legend-head", "method", "source", "notice", "title", "subtitle", "plan", "lines")


def assert_furniture_is_apart(sheet, page):
    form = find_page(page)
    x, y, width, height = sheet.view.frame
    frame = (x, y, x + width, y + height)
    stands = [(kind, b) for kind, b in sheet.boxes if kind in AROUND]
    assert {"row", "legend-head", "source", "notice"} <= {kind for kind, _ in stands}
    for kind, b in sheet.boxes:
        assert b[0] >= 0.0, (kind, b)
        assert b[1] >= 0.0, (kind, b)
        assert b[2] <= form.width, (kind, b)
        assert b[3] <= form.height, (kind, b)
    for i, (kind, b) in enumerate(stands):
        assert not overlap(b, frame), (kind, b)
        for other_kind, other in stands[:i]:
            if {kind, other_kind} != {"entry", "method"}:  # members stand in their entry
                assert not overlap(b, other), (kind, b, other_kind, other)


@pytest.mark.parametrize("page", ["16:9", "a4", "a4-portrait", "a3"])
@pytest.mark.parametrize("layer_id", HEADLINES)
def test_furniture_neither_overlaps_nor_leaves_the_page(layer_id, page):
    layer, sheet = headline(layer_id)
    assert_furniture_is_apart(sheet if page == "16:9" else draw_sheet(layer, page=page, date=DATE), page)


@pytest.mark.parametrize(("page", "lang"), [("16:9", "zh"), ("a4", "zh"), ("a4-portrait", "en"), ("a3", "en")])
def test_several_layers_fit_their_page(page, lang):
    sheet = several(page, lang)
    layers = [headline(layer_id)[0] for layer_id in HEADLINES[:3]]
    assert_furniture_is_apart(sheet, page)
    for layer in layers:
        shown = shapely.box(*layer.pieces[layer.pieces["form"] == "fill"].total_bounds)
        assert sheet.view.ground.contains(shown), f"{layer.id} is cut"
    texts = texts_of(sheet)
    assert any(text.endswith(("等 3 个图层", "and 1 more")) for text in texts)
    legend = [item.text for item in sheet.items if isinstance(item, Text) and item.part == "legend" and item.bold]
    for layer in layers:
        name = component_name(getattr(layer.structure, f"name_{lang}"))
        assert name in "".join(legend) + " ".join(legend), f"{name} stands over no rows"
    for name in sheet.placed:
        for b in name.boxes:
            assert sheet.view.ground.buffer(1.0).contains(shapely.box(*b)), f"{name.request.text} leaves the frame"


def test_extent_that_cuts_a_layer_keeps_symbols_and_names_in_the_frame():
    layer, _ = headline("kunshan-15fyp/kunshan-overall-layout")
    sheet = draw_sheet(layer, extent=(120.90, 31.30, 121.02, 31.40), date=DATE)
    for name in sheet.placed:
        for b in name.boxes:
            assert sheet.view.ground.buffer(1.0).contains(shapely.box(*b)), f"{name.request.text} leaves the frame"
    x, y, width, height = sheet.view.frame
    frame = shapely.box(x, y, x + width, y + height)
    inked = 0
    for patch in sheet.figure.axes[0].patches:
        extent = shapely.box(*patch.get_path().get_extents().extents)
        if 7.0 < patch.get_zorder() < 60.0 and extent.intersects(frame) and not frame.contains(extent):
            inked += 1
            clip = np.array(patch.get_clip_box().extents) / sheet.figure.dpi * 25.4
            assert clip == pytest.approx([x, y, x + width, y + height]), "paint runs over the frame"
    assert inked > 3


def test_far_end_of_an_axis_is_named_with_an_arrow_that_points_there():
    _, sheet = headline("kunshan-15fyp/kunshan-overall-layout")
    assert "至虹桥中央商务区 →" in {name.request.text for name in sheet.placed}


def test_names_keep_off_furniture_and_each_other():
    _, sheet = headline(HEADLINES[0])
    optional = [b for n in sheet.placed if not n.request.required for b in n.boxes]
    frame = sheet.view.ground
    for b in optional:
        assert frame.contains(shapely.box(*b))
    for i, one in enumerate(optional):
        for other in optional[:i]:
            assert shapely.box(*one).intersection(shapely.box(*other)).area < 1.0


def test_files_are_complete_or_absent(tmp_path):
    sheet = replace(sample(), dpi=60)
    assert imread(sheet.save(tmp_path / "a.png")).shape[:2] == (450, 800)
    printed = sheet.save(tmp_path / "a.pdf").read_bytes()
    assert printed.startswith(b"%PDF")
    assert b"/FontFile" in printed
    with pytest.raises(ValueError, match=r"ends in \.png, \.svg, \.pdf, got 'a\.bmp'"):
        sheet.save(tmp_path / "a.bmp")
    with pytest.raises(FileNotFoundError):
        sheet.save(tmp_path / "nowhere" / "a.png")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.pdf", "a.png"]


@pytest.mark.parametrize("page", read_pages())
def test_every_page_draws_in_its_size(page):
    sheet = sample() if page == "16:9" else sample(page=page)
    form = find_page(page)
    assert sheet.figure.get_size_inches() == pytest.approx([side / 25.4 for side in form.paper])
    assert_furniture_is_apart(sheet, page)
    note = next(text for text in texts_of(sheet) if text.startswith("1∶"))
    assert f"{sheet.scale:,}".replace(",", " ") in note
    assert sheet.scale == pytest.approx(sheet.view.metres_per_mm * 1000 / form.zoom)


def test_grey_sheet_has_no_colour(tmp_path):
    path = draw_sheet(core_axis_belt(), theme="grey", date=DATE, dpi=60).save(tmp_path / "grey.png")
    pixels = imread(path)[..., :3]
    assert np.abs(pixels - pixels.mean(axis=2, keepdims=True)).max() < 0.02


def test_switch_hides_boundaries():
    shown = sample()
    hidden = draw_sheet(core_axis_belt(), date=DATE, show_boundaries=False)
    assert "县级界线" in texts_of(shown)
    assert "县级界线" not in texts_of(hidden)
    assert any("；界线 " in t for t in texts_of(shown))
    assert not any("；界线 " in t for t in texts_of(hidden))


def test_no_change_of_tone_betrays_a_hidden_boundary(tmp_path):
    layer = build_layer(find_structure("kunshan-15fyp/kunshan-commercial-system"))  # leaves its outline free
    sheet = draw_sheet(layer, date=DATE, dpi=60, show_boundaries=False)
    pixels = imread(sheet.save(tmp_path / "hidden.png"))[..., :3]
    focus, view = find_focus(layer.structure.plan), sheet.view
    mm = 60 / 25.4
    height = find_page("16:9").height
    drawn = shapely.union_all([g.buffer(2_000.0) for g in layer.pieces.geometry])
    x, y, width, depth = next(p for p in sheet.figure.axes[0].patches if p.get_zorder() == 68.0).get_bbox().bounds
    furniture = [shapely.box(*view.to_ground(x, y, width, depth)), shapely.box(*view.to_ground(200, 15.5, 60, 18))]
    wet = read_metric("lakes").geometry.union_all().union(read_metric("rivers").geometry.union_all().buffer(400.0))
    names = shapely.union_all([shapely.box(*b).buffer(500.0) for name in sheet.placed for b in name.boxes])
    land = view.ground.buffer(-500.0).intersection(read_metric("city").geometry.iloc[0])
    free = land.difference(shapely.union_all([drawn, wet.buffer(500.0), names, *furniture]))
    checked = 0
    for side in (focus.geometry.buffer(-400.0), focus.geometry.buffer(400.0)):
        for at in shapely.get_coordinates(side.boundary.segmentize(300.0)):
            if not free.contains(shapely.Point(at)):
                continue
            x, y = view.to_page(at[None, :])[0]
            tone = pixels[int((height - y) * mm), int(x * mm)]
            checked += 1
            assert tone == pytest.approx(np.array(to_rgb(load_style("light").base.land)), abs=0.02), (at, tone)
    assert checked > 20


def test_locator_tints_a_district_but_not_the_whole_city():
    def tints(layer_id):
        patches = headline(layer_id)[1].figure.axes[0].patches
        return sum(patch.get_zorder() == 68.3 for patch in patches)

    assert tints("wuzhong-14fyp/wuzhong-core-axis-belt") == 1
    assert tints("suzhou-15fyp/suzhou-eco-cores") == 0


def test_titles_and_language():
    sheet = draw_sheet(core_axis_belt(), title="自拟标题", subtitle="", date=DATE)
    assert "自拟标题" in texts_of(sheet)
    english = draw_sheet(core_axis_belt(), lang="en", date=DATE)
    assert "Basis and reliability" in texts_of(english)
    assert not any("空间结构" in t for t in texts_of(english))


def test_names_are_switched_off_by_group():
    layer = core_axis_belt()
    names = {name.request.text for name in sample().placed}
    assert {"先进制造轴", "甪直镇", "太湖", "吴江区"} <= names
    some = draw_sheet(layer, labels=("components", "water"), date=DATE).placed
    assert {"先进制造轴", "太湖"} <= {name.request.text for name in some}
    assert not {name.request.text for name in some} & {"甪直镇", "吴江区"}
    assert not draw_sheet(layer, labels=(), date=DATE).placed


def test_bilingual_sheet_says_in_english_what_it_says_in_chinese():
    sheet = draw_sheet(core_axis_belt(), lang="both", page="a3", date=DATE)
    texts = texts_of(sheet)
    for needed in (
        "官方界线，注明来源",
        "administrative or surveyed",
        "县级界线",
        "county line",
        "内部研究用图",
        "Internal research",
    ):
        assert any(needed in text for text in texts), needed
    names = {name.request.text for name in sheet.placed}
    assert {"先进制造轴", "part 2"} <= names


def test_dark_sheet_is_dark_and_its_text_light(tmp_path):
    pixels = imread(draw_sheet(core_axis_belt(), theme="dark", date=DATE, dpi=60).save(tmp_path / "dark.png"))[..., :3]
    assert np.median(pixels) < 0.25
    assert pixels.max() > 0.9
    assert (pixels.mean(axis=2) > 0.97).mean() < 0.01


def test_wrong_calls_say_what_was_expected():
    with pytest.raises(ValueError, match=r"at least one layer.*got none"):
        draw_sheet([])
    with pytest.raises(ValueError, match="16:9, a4, a4-portrait, a3, a3-portrait, a1, a1-portrait, got 'a5'"):
        draw_sheet(core_axis_belt(), page="a5")
    with pytest.raises(ValueError, match="zh, en, both, got 'fr'"):
        draw_sheet(core_axis_belt(), lang="fr")
    with pytest.raises(ValueError, match="components, members, water, neighbours, got 'rivers'"):
        draw_sheet(core_axis_belt(), labels=["rivers"])
    with pytest.raises(ValueError, match="west, south, east, north"):
        draw_sheet(core_axis_belt(), extent=(121.0, 31.0, 120.0, 32.0))


def test_extent_is_shown_whole():
    extent = (120.6, 31.2, 120.9, 31.4)
    sheet = draw_sheet(core_axis_belt(), extent=extent, date=DATE)
    assert sheet.scale < 300_000
    two = draw_sheet([core_axis_belt(), parks_and_lines()], extent=extent, date=DATE)
    box = project_extent(extent)
    assert all(drawn.view.ground.buffer(1.0).contains(box) for drawn in (sheet, two))


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((66_000, 30_000), 300_000),
        ((22_000, 10_000), 100_000),
        ((130_000, 138_000), 1_000_000),
        ((60_000, 30_000), 255_000),
    ],
)
def test_scale_is_round_and_fits(size, expected):
    frame = read_pages()["16:9"].frame
    scale = fitting_scale(*size, frame=frame)
    assert scale == expected
    assert size[0] / scale * 1000 <= frame[2]
    assert size[1] / scale * 1000 <= frame[3]


def test_scale_bar_is_true():
    """The bar's longest segment, read back from the figure, has the length that its label says."""
    sheet = sample()
    label = next(t for t in texts_of(sheet) if t.endswith(" km"))
    kilometres = float(label.removesuffix(" km"))
    bars = [p for p in sheet.figure.axes[0].patches if p.get_zorder() == 67.0 and hasattr(p, "get_width")]
    length_mm = sum(p.get_width() for p in bars)
    assert length_mm * sheet.scale / 1e6 == pytest.approx(kilometres)


def test_furniture_takes_the_calm_corner():
    view = View((0.0, 0.0, 100.0, 60.0), west=0.0, south=0.0, metres_per_mm=100.0)
    busy = shapely.box(50, 0, 100, 60)
    x, _, cost = calm_corner(view, (20.0, 10.0), busy=busy, taken=[], order=("se", "sw", "ne", "nw"))
    assert x < 50
    assert cost < 20.0


def test_legend_rows_are_what_is_on():
    style, words = load_style(), read_words("zh")
    layer = core_axis_belt()
    view = View(find_page("16:9").frame, west=530_000.0, south=3_440_000.0, metres_per_mm=300.0)
    (shown,) = show([layer], style=style, view=view)
    rows = structure_rows(shown, words=words, merge=False)
    texts = [row.text for row in rows]
    assert texts[:3] == ["核　中心城市核", "轴　先进制造轴", "带　生态文旅带"]
    assert any("共有" in t for t in texts)
    assert texts[-1] == "多廊"


def test_method_says_each_rule_once():
    words = read_words("zh")
    paragraphs = method_paragraphs([core_axis_belt()], words=words)
    assert len(paragraphs) == 1
    assert paragraphs[0].startswith("核、轴、带、廊：")


def test_lines_break_as_chinese_is_set():
    text = "轴：依规划所列镇街次序连线，越溪以西分两支，宽 2 km（约 1∶300 000）无规划依据；箭头只表串联，不表起讫。"
    lines = wrap(text, width=22.0, measure=lambda t: 2.0 * len(t))
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        assert line[0] not in NEVER_FIRST
        assert line[-1] not in NEVER_LAST
    assert wrap("EPSG:4549", width=4.0, measure=len) == ["EPSG:4549"]


def test_missing_glyph_is_named():
    assert fonts.missing_glyphs(["甪浒溇澱"]) == ""
    with pytest.raises(fonts.MissingGlyphError, match=r"U\+1F600"):
        draw_sheet(core_axis_belt(), title="核轴带\U0001f600", date=DATE)


def test_font_of_last_resort_is_the_packaged_one(monkeypatch):
    fonts.face.cache_clear()
    real = fonts._find
    monkeypatch.setattr(fonts, "SERIF", ())
    monkeypatch.setattr(fonts, "SANS", ("Nobody's Font", "Noto Sans CJK SC"))
    calls = []

    def find(family, *, bold):
        calls.append(family)
        return None if len(calls) <= 2 else real("Noto Sans CJK SC", bold=bold)

    monkeypatch.setattr(fonts, "_find", find)
    try:
        assert fonts.face().family == "Noto Sans CJK SC"
    finally:
        fonts.face.cache_clear()


def test_view_goes_back_and_forth():
    view = View((11.0, 15.5, 246.0, 147.5), west=540_000.0, south=3_450_000.0, metres_per_mm=300.0)
    line = LineString([(540_000, 3_450_000), (543_000, 3_450_000)])
    on_page = view.on_page(line)
    assert on_page.length == pytest.approx(10.0)
    x, y = on_page.coords[0]
    assert view.to_ground(x, y, 10.0, 1.0) == pytest.approx((540_000, 3_450_000, 543_000, 3_450_300))


def test_svg_keeps_text_as_text(tmp_path):
    sheet = sample()
    drawn = sheet.save(tmp_path / "a.svg").read_text(encoding="utf-8")
    assert ">空间结构<" in drawn
    assert "Microsoft YaHei" in drawn
    assert ">空间结构<" not in sheet.save(tmp_path / "b.svg", outlines=True).read_text(encoding="utf-8")


SAME = """
import hashlib, sys
from layers.sheet import draw_sheet
from tests.layers.sample_layers import core_axis_belt
for _ in range(int(sys.argv[2])):
    sheet = draw_sheet(core_axis_belt(), date="2026-11-21", dpi=60)
    for ending in ("png", "svg"):
        print(ending, hashlib.sha256(sheet.save(f"{sys.argv[1]}/sheet.{ending}").read_bytes()).hexdigest())
"""


def test_the_same_input_gives_the_same_bytes_again_and_in_another_process(tmp_path):
    found = set()
    for seed, times in (("1", "2"), ("2", "1")):
        folder = tmp_path / seed
        folder.mkdir()
        done = subprocess.run(
            [sys.executable, "-c", SAME, str(folder), times],
            check=True, capture_output=True, text=True, env=os.environ | {"PYTHONHASHSEED": seed},
        )  # fmt: skip
        found |= set(done.stdout.splitlines())
    assert len(found) == 2, "a picture and a drawing"


def test_lines_of_a_structure_are_told_apart_and_listed():
    sheet = draw_sheet(parks_and_lines(), date=DATE)
    tracks = {m.component: m.stroke for m in sheet.marks if m.kind == "line" and m.component in (7, 8)}
    assert len(set(tracks.values())) == 2
    texts = texts_of(sheet)
    assert any("高速铁路" in t and t.startswith("线") for t in texts)
    assert any("城际铁路" in t and t.startswith("线") for t in texts)


def test_lines_on_one_course_are_drawn_side_by_side():
    layer = parks_and_lines()
    pieces = layer.pieces[layer.pieces["component"].isin([7, 8])].iloc[:2].copy()
    pieces["geometry"] = [pieces.geometry.iloc[0]] * 2
    apart = set_apart(pieces, metres_per_mm=300.0)
    assert apart.geometry.iloc[0].equals(pieces.geometry.iloc[0])
    gap = apart.geometry.iloc[0].hausdorff_distance(apart.geometry.iloc[1])
    assert 250.0 < gap < 700.0
    assert sharing(pieces, metres_per_mm=300.0) == {7, 8}


def test_what_finds_no_name_gets_a_numeral_that_the_legend_tells():
    layer = parks_and_lines()
    spot = layer.pieces.geometry[layer.pieces["component"] == 9].iloc[0]
    crowd = [
        component(20 + i, f"名称很长很长的交通枢纽第{i}处", "hub", "point") for i in range(3)
    ] + [component(30 + i, f"另一个名称很长的物流枢纽第{i}处", "hub", "point") for i in range(9)]  # fmt: skip
    points = [
        piece(c.no, "point", shapely.affinity.translate(spot, 700.0 * (i % 4), 700.0 * (i // 4)), basis="derived")
        for i, c in enumerate(crowd)
    ]
    sheet = draw_sheet(built("hubs", "枢纽", crowd, points), extent=(120.3, 31.0, 120.9, 31.4), date=DATE)
    numerals = {m.text for m in sheet.marks if m.text}
    assert numerals
    named = {name.request.component for name in sheet.placed}
    badged = set(sheet.shown[0].badges)
    assert badged | named >= {c.no for c in crowd}
    told = "".join(texts_of(sheet))
    for no, numeral in sheet.shown[0].badges.items():
        label = next(c.name_zh for c in crowd if c.no == no)
        assert f"{numeral} {label[:4]}" in told or f"{numeral}  {label[:4]}" in told


def test_what_lies_outside_the_window_is_counted_not_listed():
    layer = parks_and_lines()
    x, y = 545_000.0, 3_450_000.0
    lon, lat = unproject([x + 3_000, x + 7_000], [y + 3_000, y + 7_000])
    sheet = draw_sheet(layer, extent=(lon[0], lat[0], lon[1], lat[1]), date=DATE)
    texts = texts_of(sheet)
    assert sheet.shown[0].outside
    assert any(t == f"另有 {len(sheet.shown[0].outside)} 项在图幅之外" for t in texts)
    assert not any("历史片区" in t for t in texts)


def test_long_legend_shrinks_before_it_drops_rows():
    sheet = several()
    assert read_words("zh")("structure") not in sheet.notes
    assert not any("见图层说明" in text for text in texts_of(sheet))


def test_bureau_has_its_own_frame(monkeypatch, tmp_path):
    settings = tmp_path / "plan-atlas.toml"
    monkeypatch.setattr("layers.bureau.PATH", settings)
    imsave(tmp_path / "logo.png", np.zeros((20, 40, 3)))
    settings.write_text(
        '[sheet]\nname = "某市规划局"\nlogo = "logo.png"\ncolour = "#9B2D1F"\nreview_number = "测S(2026)1号"\n',
        encoding="utf-8",
    )
    sheet = draw_sheet(core_axis_belt(), date=DATE)
    texts = texts_of(sheet)
    assert any("某市规划局" in t for t in texts)
    assert "审图号 测S(2026)1号" in texts
    assert not any("未经地图审核" in t for t in texts)
    assert len(sheet.figure.axes[0].images) + sum(isinstance(a, AxesImage) for a in sheet.figure.axes[0].artists) >= 1
    settings.write_text('[sheet]\ncolour = "red"\n', encoding="utf-8")
    os.utime(settings, (1, 1))
    with pytest.raises(ValueError, match=r"plan-atlas.toml, \[sheet\]"):
        draw_sheet(core_axis_belt(), date=DATE)
