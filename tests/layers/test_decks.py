"""Sheets as slides and as offline pages: what PowerPoint and a browser find in the files."""

import io
import re
import zipfile

import numpy as np
import pytest
import shapely
from pptx import Presentation

from layers.decks import Wish, make_file
from layers.decks.extent import find_extent
from layers.decks.making import draw
from layers.decks.webpage import MOST_BYTES
from layers.opening import open_layer
from layers.sheet.item import Shape

BELT = "wuzhong-14fyp/wuzhong-core-axis-belt"
FENG = "suzhou-15fyp/suzhou-feng-industry-belts"
WISH = Wish(layers=(BELT, FENG), date="2026-11-21")
EMU_PER_MM = 36000


@pytest.fixture(scope="module")
def raw():
    return make_file(WISH, ending="pptx")


@pytest.fixture(scope="module")
def deck(raw):
    return Presentation(io.BytesIO(raw))


@pytest.fixture(scope="module")
def sheet():
    return draw(WISH, [open_layer(BELT)])


def leaves_of(shapes):
    for shape in shapes:
        if shape.shape_type == 6:
            yield from leaves_of(shape.shapes)
        else:
            yield shape


def corners_of(shape):
    """Corners of a freeform on the slide, mm from its upper left corner."""
    path = shape._element.find(".//{*}path")
    scale = np.array([shape.width / max(1, int(path.get("w"))), shape.height / max(1, int(path.get("h")))])
    points = np.array([[int(p.get("x")), int(p.get("y"))] for p in path.iter("{*}pt")])
    return (points * scale + [shape.left, shape.top]) / EMU_PER_MM


def test_a_slide_a_layer_with_titles_and_notes(deck):
    assert len(deck.slides) == 2
    assert deck.slides[0].shapes.title.text_frame.text == "吴中区“核轴带”"
    notes = [slide.notes_slide.notes_text_frame.text for slide in deck.slides]
    assert "先进制造轴" in notes[0]
    assert "216, 225" in notes[0]
    assert "资料来源" in notes[0]
    assert "沿江" in notes[1]


def test_components_are_groups_with_their_name_and_alternative_text(deck):
    groups = {shape.name: shape for shape in deck.slides[0].shapes if shape.shape_type == 6}
    assert {"中心城市核", "先进制造轴", "生态文旅带", "底图", "图例"} <= groups.keys()
    axis = groups["先进制造轴"]
    assert "甪直镇（全域）" in axis._element.nvGrpSpPr.cNvPr.get("descr")
    assert all(child.name.startswith("先进制造轴") for child in axis.shapes)


def test_everything_lies_on_the_slide(deck):
    for slide in deck.slides:
        for shape in leaves_of(slide.shapes):
            if not shape.rotation:
                assert min(shape.left, shape.top) >= -2, shape.name
                assert shape.left + shape.width <= deck.slide_width + 2, shape.name
                assert shape.top + shape.height <= deck.slide_height + 2, shape.name


def test_shapes_are_where_the_sheet_has_them(deck, sheet):
    drawn = {name: [] for name in ("中心城市核", "先进制造轴", "生态文旅带")}
    for shape in leaves_of(deck.slides[0].shapes):
        name = shape.name.rpartition(" ")[0]
        if name in drawn and shape.shape_type == 5:
            drawn[name].append(corners_of(shape))
    for number, corners in enumerate(drawn.values(), 1):
        own = [i for i in sheet.items if isinstance(i, Shape) and i.part == f"{BELT}#{number}"]
        lines = shapely.union_all([shapely.boundary(i.geometry) for i in own])
        on_slide = shapely.transform(lines, lambda xy: np.column_stack([xy[:, 0], 190.5 - xy[:, 1]]))
        inside = [c for c in np.concatenate(corners) if 11.5 < c[0] < 256.5 and 28.0 < c[1] < 174.5]
        assert len(inside) > 100
        assert shapely.distance(shapely.points(inside), on_slide).max() < 0.1


def test_texts_take_their_font_from_a_theme_that_can_set_chinese(raw, deck):
    with zipfile.ZipFile(io.BytesIO(raw)) as files:
        theme = files.read("ppt/theme/theme1.xml").decode()
    assert theme.count('<a:ea typeface="Microsoft YaHei"/>') == 2
    faces = {face.get("typeface") for slide in deck.slides for face in slide._element.iter("{*}ea")}
    assert faces == {"+mn-ea", "+mj-ea"}


def test_points_are_ovals_and_boxes_are_rectangles(deck):
    presets = {e.get("prst") for slide in deck.slides for e in slide._element.iter("{*}prstGeom")}
    assert {"ellipse", "rect", "line"} <= presets


def test_same_wish_gives_the_same_bytes(raw):
    assert make_file(WISH, ending="pptx") == raw


@pytest.fixture(scope="module")
def page():
    return make_file(Wish(layers=(BELT,), date="2026-11-21", lang="en"), ending="html").decode()


def test_the_page_is_one_small_file_that_asks_for_nothing(page):
    assert len(page.encode()) < MOST_BYTES
    assert not re.search(r"""(?:src|href)=|url\(|@import|https?://""", page)
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page


def test_the_page_tells_of_each_component(page):
    text = re.sub(r"\s+", " ", page)
    for name in ("Central city core", "Advanced manufacturing axis", "Eco-culture tourism belt"):
        assert name in text
    assert "lines 216, 225" in text
    assert page.count("data-toggle=") == 3


def test_a_page_with_hostile_words_stays_one(page):
    hostile = Wish(layers=(BELT,), title='<script>alert("x")</script>', subtitle="", date="2026-11-21")
    made = make_file(hostile, ending="html").decode()
    assert made.count("<script>") == page.count("<script>") == 1
    slides = Presentation(io.BytesIO(make_file(hostile, ending="pptx"))).slides
    assert slides[0].shapes.title.text_frame.text == '<script>alert("x")</script>'


def test_extents_by_name_place_and_numbers():
    layers = [open_layer(BELT)]
    assert find_extent("auto", layers) is None
    west, south, east, north = find_extent("district", layers)
    assert shapely.box(west, south, east, north).contains(shapely.box(120.3, 31.0, 120.8, 31.2))
    assert find_extent("120.1,31.0,120.5,31.3", layers) == (120.1, 31.0, 120.5, 31.3)
    small = find_extent("甪直镇", layers)
    assert small[2] - small[0] < 0.3
    inner = find_extent("structure", layers)
    assert west - 0.1 < inner[0] < inner[2] < east + 0.1


@pytest.mark.parametrize("text", ["nowhere at all", "120.5,31,120.1,31.3", "1,2,3"])
def test_an_extent_that_means_nothing_is_refused(text):
    with pytest.raises(ValueError, match="expected"):
        find_extent(text, [open_layer(BELT)])


def test_wishes_out_of_range_are_refused():
    with pytest.raises(ValueError, match="dpi"):
        make_file(Wish(layers=(BELT,), dpi=20), ending="png")
    with pytest.raises(ValueError, match=r"\.png, \.svg"):
        make_file(WISH, ending="doc")
    with pytest.raises(KeyError, match="expected the id of a layer"):
        make_file(Wish(layers=("no/such",)), ending="png")
