"""The page "plan text": reading a text, its chapters, filters, state, table; every sentence here is our own."""

from __future__ import annotations

import csv
import io
import json

import pytest

from app.library import Library, expand_lines
from app.map import passage
from app.markup import render
from app.text import files as text_files
from app.text.card import context
from app.text.desk import Desk
from app.text.document import NO_PLAN, open_document, recognise_plan
from app.text.families import families_by_category, family_style, read_families
from app.text.marks import count, line_range, marks_payload, points, shown, text_payload, wide_characters
from app.text.open import LARGEST, decode_text
from app.text.outline import find_chapters
from app.text.panel import describe_text_panel
from app.text.reasons import tell_reason, tell_trouble
from app.text.state import CATEGORIES, TextState, read_text_state, write_text_state
from app.text.table import describe_table, make_file
from app.wording import words
from gazetteer import open_register
from layers.catalogue import read_plans

EVIL = "<img src=x onerror=alert(1)>"
TEXT = f"""目录
第一章 走访……… 1

第一章 走访
早上小组到甪直镇看桥，再去太湖边。
**第一节 午后**
午后经过木渎镇，回看甪直镇的照片，{EVIL}也记在本上。

第二章 归途
傍晚从昆山市坐车，走的是沪宁高速公路。
=1+1 晚上在吴中区写完笔记。"""


@pytest.fixture(scope="module")
def document():
    return open_document(TEXT, name="notes.txt")


@pytest.fixture
def desk(document):
    desk = Desk()
    desk.lay(document)
    return desk


def at(desk, surface, number=0):
    mention = [each for each in desk.mentions if each.surface == surface][number]
    return f"{mention.line}:{mention.start}"


def test_chapters_without_the_contents(document):
    told = [(chapter.line, chapter.end, chapter.level, chapter.title) for chapter in document.chapters]
    assert told == [(4, 8, 1, "第一章 走访"), (6, 8, 2, "第一节 午后"), (9, 11, 1, "第二章 归途")]
    assert document.chapter_at(7).title == "第一节 午后"
    assert document.chapter_at(1) is None


@pytest.mark.parametrize(
    ("lines", "titles"),
    [
        (["一、去年的事", "写了很多。", "二、今年的事"], ["一、去年的事", "二、今年的事"]),
        (["第一章 甲", "第二章 乙", "正文", "第一章 甲", "正文", "第二章 乙"], ["第一章 甲", "第二章 乙"]),
        (["[bookmark: _Toc1][bookmark: _Toc22]第二篇 写生"], ["第二篇 写生"]),
        (["第一次去，第二次也去。", "第三人称。"], []),
        ([], []),
        (["第" * 100_000], []),
    ],
)
def test_headings_as_plans_write_them(lines, titles):
    assert [chapter.title for chapter in find_chapters(lines)] == titles


def test_a_plan_is_recognised_by_file_name_or_title():
    plan = read_plans()["wuzhong-14fyp"]
    assert recognise_plan("随便写写", plan.file_name) == plan.id
    broken = f"\n**{plan.title_zh[:9]}\n{plan.title_zh[9:]}**\n后文"
    assert recognise_plan(broken, "x.txt") == plan.id
    assert recognise_plan("随便写写", "x.txt") is None
    assert open_document(broken, name="x.txt", plan=NO_PLAN).plan is None


def test_filters_count_what_each_choice_would_show(document):
    state = TextState(hidden=("town",), chapter=4)
    counts = count(document.mentions, state, document)
    kept = shown(document.mentions, state, line_range(state, document))
    assert {mention.category for mention in kept} == {"lake"}
    # A category that is hidden still says how many it holds in this chapter.
    assert counts.categories["town"] == 3
    assert counts.chapters[9] == sum(mention.line >= 9 for mention in document.mentions)
    assert sum(counts.resolutions.values()) == len(kept)


def test_offsets_count_as_the_browser_does():
    text = "𠀀𠀁甪直镇，再回甪直镇"
    document = open_document(text, name="")
    rows = marks_payload(document.mentions, document)["rows"]
    units = text.encode("utf-16-le")
    for _line, start, end, *_ in rows:
        assert units[2 * start : 2 * end].decode("utf-16-le") == "甪直镇"
    assert len(rows) == 2
    assert wide_characters(text) == [0, 1]


def test_what_no_message_can_carry_becomes_a_sign_of_the_same_length():
    document = open_document("甪直镇\ud800\x00木渎镇", name="")
    text = text_payload(document)["text"]
    assert len(text) == 8
    text.encode()


def test_points_are_places_with_their_count(desk):
    found = {point["id"]: point for point in points(desk.shown(), dict(open_register().places))}
    assert found["town/luzhi"]["n"] == 2
    assert found["town/luzhi"]["sh"] == "disc"
    assert found["lake/tai-hu"]["sh"] != found["town/luzhi"]["sh"]


def test_families_hold_each_category_once_and_differ_in_form():
    families = read_families().values()
    assert sorted(category for family in families for category in family.categories) == sorted(CATEGORIES)
    assert len({family.line for family in families}) == len({family.symbol for family in families}) == len(families)
    assert all(f".mark.{family.id} " in family_style() for family in families)
    assert set(families_by_category()) == set(CATEGORIES)


@pytest.mark.parametrize("family", [family.id for family in read_families().values()])
def test_inks_can_be_read(family):
    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    ink, tint = read_families()[family].ink, read_families()[family].tint
    assert (light(tint) + 0.05) / (light(ink) + 0.05) >= 4.5


def test_state_survives_the_address():
    state = TextState(
        file="吴中.txt", plan="-", tab="table", at="12:3", place="town/luzhi", hidden=("lake", "river"),
        unshown=("outside",), chapter=44,
    )  # fmt: skip
    query = write_text_state(state, lang="en", default_lang="zh")
    assert query["lang"] == "en"
    assert read_text_state(query) == state
    assert write_text_state(TextState(), lang="zh", default_lang="zh") == {}
    nothing = TextState(hidden=CATEGORIES)
    assert read_text_state(write_text_state(nothing, lang="zh", default_lang="zh")) == nothing


@pytest.mark.parametrize(
    "query",
    [{"at": "a:b"}, {"at": "1" * 99}, {"ch": "-4"}, {"tab": "evil"}, {"own": "../../x"}, {"cat": EVIL, "res": EVIL}],
)
def test_an_absurd_address_does_no_harm(query, document):
    state = read_text_state(query)
    desk = Desk(state=state)
    desk.lay(document)
    assert desk.chosen() is None
    assert state.tab == "text"
    write_text_state(desk.state, lang="zh", default_lang="zh")


def test_clicking_a_mention_flies_there_and_marks_its_place(desk):
    desk.answer({"type": "mention", "value": at(desk, "甪直镇")})
    assert desk.chosen_key() == "town/luzhi"
    assert desk.flight.bounds[0] == pytest.approx(120.87, abs=0.1)
    assert not desk.wander
    desk.answer({"type": "visit", "value": at(desk, "木渎镇")})
    assert desk.wander
    desk.answer({"type": "clear"})
    assert desk.chosen_key() == ""


def test_clicking_a_place_on_the_map_scrolls_the_text_and_leaves_the_map(desk):
    go = desk.go
    desk.answer({"type": "point", "value": "town/luzhi"})
    assert desk.state.place == "town/luzhi"
    assert desk.go == go + 1
    assert desk.flight is None


@pytest.mark.parametrize("kind", ["mention", "place", "point", "line", "chapter", "category", "as", "tab", "pick", "x"])
def test_events_that_make_no_sense_change_nothing(desk, kind):
    before = desk.state
    desk.answer({"type": kind, "value": EVIL})
    desk.answer({"type": kind})
    assert (desk.state.hidden, desk.state.chapter, desk.state.tab) == (before.hidden, before.chapter, before.tab)
    assert desk.chosen_key() == ""


def test_families_and_categories_toggle(desk):
    desk.answer({"type": "family", "value": "administrative"})
    assert not any(mention.category == "town" for mention in desk.shown())
    desk.answer({"type": "category", "value": "town"})
    assert {mention.category for mention in desk.shown() if mention.category in ("town", "county")} == {"town"}
    desk.answer({"type": "family", "value": "administrative"})
    desk.answer({"type": "all_on"})
    assert len(desk.shown()) == len(desk.mentions)


def test_a_text_of_the_same_digest_keeps_the_place_that_the_address_names(document):
    desk = Desk(state=TextState(own=document.digest, at="5:5"))
    desk.lay(document)
    assert desk.state.at == "5:5"
    desk.lay(open_document("别的文字，说到木渎镇。", name="b.txt"))
    assert desk.state.at == ""


def test_templates_escape_what_a_plan_says(desk):
    desk.answer({"type": "mention", "value": at(desk, "木渎镇")})
    for template, view in (("text/panel", describe_text_panel(desk, words("zh"))),
                           ("text/table", describe_table(desk, words("zh")))):  # fmt: skip
        assert EVIL not in render(template, words=words("zh"), **view)
    mention = desk.chosen()
    around = context(EVIL + "木渎镇" + EVIL, mention)
    html = render(
        "text/card", words=words("zh"), component=None, place=None, example="", on=[], line=None, unknown=EVIL,
        mates=[{"at": EVIL, "line": 1, "chosen": False} | around], mates_count=1, tally=EVIL,
        mention={"where": EVIL, "family": "nature", "surface": EVIL, "category": EVIL, "resolution": EVIL,
                 "score": EVIL, "reason": EVIL, "candidates": [{"id": EVIL, "name": EVIL}], "doubtful": True},
    )  # fmt: skip
    assert "<img" not in html
    html = render("map/passage", words=words("zh"), passage={
        "lines": [{"line": 1, "text": EVIL, "cut": True}], "more": 2, "first": 1, "plan": "x"})  # fmt: skip
    assert "<img" not in html
    html = render("text/open", words=words("zh"), files=[{"name": EVIL, "title": EVIL}], accept=EVIL, most=1,
                  error=EVIL, missing=EVIL, can_close=True)  # fmt: skip
    assert "<img" not in html


def test_files_of_what_is_shown(desk):
    desk.answer({"type": "chapter", "value": "9"})
    data, name = make_file(desk, "csv")
    assert name == "notes-places.csv"
    assert data.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row["surface"] for row in rows] == [mention.surface for mention in desk.shown()]
    assert {row["line"] for row in rows} <= {"10", "11"}
    geojson = json.loads(make_file(desk, "geojson")[0])
    assert len(geojson["features"]) == len(rows)
    lines = make_file(desk, "lp-tsv")[0].decode().splitlines()
    cells = [dict(zip(lines[0].split("\t"), line.split("\t"), strict=True)) for line in lines[1:]]
    kunshan = next(row for row in cells if row["id"] == "county/kunshan")
    assert kunshan["title"] == "昆山市"
    assert kunshan["fclasses"] == "A"
    assert float(kunshan["lon"]) == pytest.approx(120.98, abs=0.1)
    assert len({row["id"] for row in cells}) == len(cells)
    assert '"' not in "".join(lines)


def test_no_cell_is_taken_for_a_formula():
    document = open_document("他说：@木渎镇。", name="")
    mention = document.mentions[0]
    desk = Desk()
    desk.lay(open_document(document.text, name="=cmd.txt"))
    assert mention.surface == "木渎镇"
    for line in make_file(desk, "csv")[0].decode("utf-8-sig").splitlines()[1:]:
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in next(csv.reader([line])))


def test_only_files_of_the_folder_are_opened(tmp_path, monkeypatch):
    folder = tmp_path / "plans"
    folder.mkdir()
    (folder / "甲.txt").write_text("说到木渎镇", encoding="utf-8")
    (folder / ".hidden.txt").write_text("x", encoding="utf-8")
    (folder / "b.exe").write_bytes(b"x")
    (tmp_path / "secret.txt").write_text("x", encoding="utf-8")
    monkeypatch.setenv(text_files.VARIABLE, str(folder))
    assert text_files.list_files() == ["甲.txt"]
    assert text_files.read_plan_file("甲.txt") == "说到木渎镇"
    for name in ("../secret.txt", "/etc/passwd", ".hidden.txt", "", "乙.txt"):
        with pytest.raises(FileNotFoundError):
            text_files.read_plan_file(name)
    monkeypatch.setenv(text_files.VARIABLE, str(tmp_path / "nowhere"))
    assert text_files.list_files() == []


def test_the_passage_of_a_component(tmp_path, monkeypatch):
    name = read_plans()["wuzhong-14fyp"].file_name
    (tmp_path / name).write_text("\n".join(f"自写的第{n}行" for n in range(1, 8)) + "\n" + "长" * 999, encoding="utf-8")
    component = {"lines": "2, 4–5, 8, 900"}
    monkeypatch.delenv(text_files.VARIABLE, raising=False)
    monkeypatch.setattr(text_files, "SETTINGS", tmp_path / "none.toml")
    assert passage.describe_passage(component, "wuzhong-14fyp", document=None) is None
    monkeypatch.setattr(text_files, "SETTINGS", tmp_path / "plan-atlas.toml")
    (tmp_path / "plan-atlas.toml").write_text(f"plans = {json.dumps(str(tmp_path))}\n", encoding="utf-8")
    told = passage.describe_passage(component, "wuzhong-14fyp", document=None)
    assert [(each["line"], each["text"][:6]) for each in told["lines"]] == [
        (2, "自写的第2行"), (4, "自写的第4行"), (5, "自写的第5行"), (8, "长长长长长长")]  # fmt: skip
    assert told["lines"][3]["cut"]
    assert passage.describe_passage(component, "snd-14fyp", document=None) is None


def test_components_by_line(tmp_path):
    class Shelf(Library):
        cards = {"p/x": {"plan": "p"}}  # noqa: RUF012
        components = {"p/x#1": {"fid": "p/x#1", "lines": "2, 4–5"}, "p/x#2": {"fid": "p/x#2", "lines": "5"}}  # noqa: RUF012

    assert Shelf(manifest={}, folder=tmp_path).by_line == {"p": {2: ("p/x#1",), 4: ("p/x#1",), 5: ("p/x#1", "p/x#2")}}
    assert expand_lines("") == []


def test_what_the_browser_sends_is_judged():
    assert decode_text({"base64": "5LiA"}) == "一".encode()
    assert decode_text({"base64": "!!"}) == b""
    assert decode_text({"base64": "A" * (LARGEST * 2)}) == b""
    assert decode_text({"text": "甪直"}) == "甪直"
    assert decode_text({}) == ""


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ("a.txt: the file is empty", "里面没有文字"),
        ("a.pdf: the PDF is encrypted; remove the password", "加密"),
        ("a.pdf: 12 pages without a text layer, a scan; run text recognition on it first", "12 页"),
        ("a.txt: expected a text, got other data; check that this is the right file", "选错"),
        ("a.xyz: expected a .txt, .md, .html, .docx or .pdf file, got .xyz", ".xyz"),
        ("a.docx: unpacks to 900 MB out of 12 kB, which no plan does", "900"),
        ("a.txt: something new", "something new"),
    ],
)
def test_troubles_are_told_in_the_language_of_the_page(error, says):
    assert says in tell_trouble(error, words("zh"))
    assert tell_trouble(error, words("en")) == error


def test_reasons_are_told_in_the_language_of_the_page(document):
    for mention in document.mentions:
        assert tell_reason(mention.reason, words("en")) == mention.reason
    told = tell_reason("alias 张家港; in the area of the plan's owner; a lake by the words around it", words("zh"))
    assert told == "别名“张家港”；在本规划的辖区内；上下文表明是湖泊"
    assert tell_reason("a new kind of reason", words("zh")) == "a new kind of reason"
