"""Sheets as slides and as offline pages: what PowerPoint and a browser find in the files."""

import contextlib
import io
import re
import zipfile

import numpy as np
import pypdfium2
import pytest
import shapely
from PIL import Image
from pptx import Presentation
from pypdf import PdfReader

from layers import bureau, fonts
from layers.catalogue import find_structure
from layers.decks import Wish, make_file
from layers.decks.atlas import Order, make_atlas
from layers.decks.atlas.front import Entry, pages_of_contents
from layers.decks.atlas.listing import draw_listing
from layers.decks.extent import find_extent
from layers.decks.making import draw
from layers.decks.slide import _straightened
from layers.decks.telling import read_words
from layers.decks.webpage import MOST_BYTES
from layers.labels.request import MM_PER_PT
from layers.opening import open_layer
from layers.sheet.item import Shape, Text

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


def test_letters_along_a_straight_line_are_one_text_with_their_spacing():
    look = {"part": "name 0", "z": 70.0, "size_pt": 10.0, "bold": False, "serif": False, "colour": "#000000",
            "halo_pt": 0.0, "angle": 0.0}  # fmt: skip
    x, glyphs = 0.0, []
    for letter in "Taicang":
        width = fonts.measure(letter, size_pt=10.0, bold=False, serif=False)
        glyphs.append(Text(text=letter, x=x + width / 2.0, y=5.0, align="center", **look))
        x += width + 0.5
    line, spacing = _straightened(glyphs)
    assert line.text == "Taicang"
    assert spacing * MM_PER_PT == pytest.approx(0.5)


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


REPORT = "suzhou-2025-report"


@pytest.fixture(scope="module")
def atlas(tmp_path_factory):
    folder = tmp_path_factory.mktemp("atlas")
    told = []
    order = Order(plan=REPORT, importance=1, date="2026-11-21")
    few = order.structures()[:3]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Order, "structures", lambda _order: few)
        made = make_atlas(order, folder / "a.pdf", form="pdf", progress=lambda *step: told.append(step))
        yield order, made, folder, told


def test_an_atlas_has_cover_contents_numbers_and_bookmarks(atlas):
    order, made, folder, told = atlas
    names = [structure.name_zh for structure in order.structures()]
    reader = PdfReader(folder / "a.pdf")
    assert made.pages == len(reader.pages) == told[-1][1] + 2
    assert (made.drawn, made.reused) == (len(names), 0)
    outline = reader.outline
    assert [each.title for each in outline if not isinstance(each, list)] == ["封面", "目录", "主要结构"]
    below = next(each for each in outline if isinstance(each, list))
    assert [each.title for each in below] == names
    assert [reader.get_destination_page_number(each) for each in below] == list(range(2, made.pages))
    with contextlib.closing(pypdfium2.PdfDocument(folder / "a.pdf")) as document:
        pages = [page.get_textpage() for page in document]
        corners = [page.get_text_bounded(left=900.0, bottom=515.0).strip() for page in pages]
        assert corners == ["", *map(str, range(2, made.pages + 1))]
        contents = pages[1].get_text_range()
    assert all(name[:4] in contents for name in names)
    assert len(reader.pages[1]["/Annots"]) == len(names)


def test_an_atlas_goes_on_where_it_stood(atlas):
    order, made, folder, _ = atlas
    before = (folder / "a.pdf").read_bytes()
    again = make_atlas(order, folder / "a.pdf", form="pdf")
    assert (again.pages, again.drawn, again.reused) == (made.pages, 0, made.drawn)
    assert (folder / "a.pdf").read_bytes() == before


def test_an_atlas_as_slides_and_pictures(tmp_path, monkeypatch):
    crowded = find_structure("suzhou-15fyp/suzhou-tourism-waters")
    monkeypatch.setattr(Order, "structures", lambda _order: [crowded])
    order = Order(plan="suzhou-15fyp", date="2026-11-21", lang="en")
    made = make_atlas(order, tmp_path / "a.pptx", form="pptx")
    slides = Presentation(tmp_path / "a.pptx").slides
    assert len(slides) == made.pages
    links = [shape for shape in slides[1].shapes if shape.name == "entry 3"]
    assert {link.click_action.target_slide.slide_id for link in links} == {slides[2].slide_id}
    pictures = make_atlas(order, tmp_path / "pictures", form="png")
    assert len(list((tmp_path / "pictures").glob("*.png"))) == pictures.pages
    assert {path.name for path in tmp_path.iterdir()} == {"a.pptx", "a.pages", "pictures", "pictures.pages"}


def test_what_a_legend_cannot_hold_is_listed_on_a_page_of_its_own():
    layer = open_layer("suzhou-15fyp/suzhou-key-functional-areas")
    words = read_words("zh")
    plates = draw_listing(layer, page="a4", theme="light", words=words, metres_per_mm=400.0, date="2026-11-21")
    texts = [item.text for plate in plates for item in plate.canvas.items if isinstance(item, Text)]
    for component in layer.structure.components:
        assert any(component.name_zh[:6] in text for text in texts), component.name_zh
    for plate in plates:
        assert min(item.y for item in plate.canvas.items if isinstance(item, Text)) > 0


def test_contents_of_many_entries_take_several_pages():
    entries = [Entry(text="head", number=0), *(Entry(text=f"structure {n}", number=n) for n in range(1, 200))]
    dealt = pages_of_contents(entries, page="a4", theme="light")
    assert [entry for page in dealt for column in page for entry in column] == entries
    assert len(dealt) > 2
    assert all(column[-1].number for page in dealt for column in page)


def test_slides_bear_the_frame_of_the_bureau(tmp_path, monkeypatch):
    Image.new("RGB", (40, 20), "#0164AD").save(tmp_path / "logo.png")
    settings = tmp_path / "plan-atlas.toml"
    settings.write_text('[sheet]\nlogo = "logo.png"\ncolour = "#004488"\nreview_number = "GS 1"\n', "utf-8")
    monkeypatch.setattr(bureau, "PATH", settings)
    raw = make_file(Wish(layers=(BELT,), date="2026-11-21"), ending="pptx")
    deck = Presentation(io.BytesIO(raw))
    slide = deck.slides[0]
    (logo,) = [shape for shape in slide.shapes if shape.shape_type == 13]
    assert logo.width / logo.height == pytest.approx(2.0, rel=0.01)
    assert 0 < logo.left < logo.left + logo.width <= deck.slide_width
    assert any(shape.width == deck.slide_width and shape.top == 0 for shape in slide.shapes)
    page = make_file(Wish(layers=(BELT,), date="2026-11-21"), ending="html").decode()
    assert 'class="logo" src="data:image/png;base64,' in page
    assert "#004488" in page
    listing = draw_listing(
        open_layer(BELT), page="16:9", theme="light", words=read_words("zh"), metres_per_mm=300.0, date="2026-11-21"
    )
    assert any(getattr(item, "text", "") == "审图号 GS 1" for item in listing[0].canvas.items)
