"""The page "plan text" as a reader uses it. Every sentence is our own, built round names of the register."""

from __future__ import annotations

import csv
import io
import json
import os
import random
from urllib.parse import quote

import pytest

from app.text.files import VARIABLE
from gazetteer import open_register
from gazetteer.patching import check_patch, read_patch
from layers.catalogue import read_plans
from tests.browser.conftest import AXIS, DESK, PHONE, ROOT, Visit, serve, visiting
from tests.browser.test_map import SMALL

pytestmark = pytest.mark.browser

UNKNOWN = "苏州青溪智慧产业园"
EVIL = '<img src=x onerror="window.top.evil=1">`${window.top.evil=1}`'
STORY = f"""第一章 走访
早上小组先到甪直镇看桥，再去木渎镇吃面，最后到太湖边歇脚。
{EVIL}也记在本上，写完再到{UNKNOWN}看看。

第二章 归途
傍晚从昆山市回来，路上又说起甪直镇和甪直镇的桥，夜里在{UNKNOWN}外等车。
"""


def prose(length):
    """Return sentences of our own round names of the register, of about so many characters."""
    dice = random.Random(7)
    names = [place.name_zh for place in open_register().places.values() if place.located]
    lines = ["第一章 走访"]
    while sum(map(len, lines)) < length:
        lines.append(
            f"这一天小组先到{dice.choice(names)}，记下沿途的树、桥和水，写好笔记，留待以后比较；同行的人说天气很好，路也好走，"
            f"大家边走边谈，午后转往{dice.choice(names)}，傍晚歇脚，把一天的见闻又理了一遍，分成几条写在本子上，第二天再接着做。"
        )
    return "\n".join(lines)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """Return a folder with one plan file, in our words, whose lines are those that a structure names."""
    folder = tmp_path_factory.mktemp("plans")
    lines = [f"第{number}天的笔记，说到木渎镇的桥。" for number in range(1, 486)]
    lines[224] = "这一行写的是甪直镇和胥口镇之间的路，由我们自己写。"
    (folder / read_plans()["wuzhong-14fyp"].file_name).write_text("\n".join(lines), encoding="utf-8")
    (folder / "走访.txt").write_text(STORY, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def desk_app(app, shelf):
    os.environ[VARIABLE] = str(shelf)
    try:
        with serve(ROOT / "streamlit_app.py") as address:
            yield address
    finally:
        del os.environ[VARIABLE]


class Desk(Visit):
    """The page "plan text" with its troubles."""

    def start(self, path="/text"):
        self.page.goto(self.address + path)
        return self

    def bring(self, text, name="走访.txt"):
        self.page.locator(".text-open input[type=file]").wait_for(state="attached")
        data = text if isinstance(text, bytes) else text.encode()
        self.page.set_input_files(
            ".text-open input[type=file]", {"name": name, "mimeType": "text/plain", "buffer": data}
        )
        return self

    def shown(self):
        self.page.locator(".text-pane[data-shown] .row-line").first.wait_for()
        self.drawn()
        return self

    def mark(self, text, number=0):
        return self.page.locator(".pane-box .mark", has_text=text).nth(number)

    def card(self, text):
        self.page.locator(".text_card h2", has_text=text).first.wait_for()


@pytest.fixture
def desk(desk_app, new_page, request):
    with visiting(Desk(new_page(getattr(request, "param", DESK)), desk_app), request) as desk:
        yield desk


def test_text_and_map_lead_to_each_other(desk):
    desk.start().bring(STORY).shown()
    before = desk.view()
    desk.mark("甪直镇").click()
    desk.card("甪直镇")
    desk.settle()
    assert desk.view() != pytest.approx(before)
    assert desk.page.locator(".pane-count").inner_text() == "1 / 3"
    assert desk.page.locator(".pane-box .mark.same").count() == 3
    # It belongs to structures of the plans.
    assert desk.page.locator(".text_card .others button").count() >= 1
    desk.page.locator(".pane-next").click()
    desk.page.locator(".text-pane[data-at^='6:']").wait_for()
    assert desk.page.locator(".mark.chosen").count() == 1
    place = open_register().places["town/mudu"]
    desk.map.evaluate(f"() => atlas.map.setView([{place.lat}, {place.lon}], 13, {{ animate: false }})")
    desk.settle()
    desk.click(place.lon, place.lat)
    desk.card("木渎镇")
    desk.page.locator(".mark.same", has_text="木渎镇").wait_for()
    assert "of=town%2Fmudu" in desk.page.url


def test_what_a_plan_says_is_text(desk):
    desk.start().bring(STORY, name='<img src=x onerror="window.top.evil=1">.txt').shown()
    desk.mark(UNKNOWN).click()
    desk.card(UNKNOWN)
    desk.page.click("#tab-work")
    desk.page.locator(".groups .line").first.wait_for()
    desk.page.click("#tab-table")
    desk.page.locator(".table td").first.wait_for()
    assert desk.page.evaluate("window.evil") is None
    assert desk.page.locator("img[src=x]").count() == 0


def test_filters_change_text_map_and_counts(desk):
    desk.start().bring(STORY).shown()
    everything = int(desk.page.locator(".text-pane").get_attribute("data-marks"))
    desk.page.locator("#family-administrative").uncheck()
    desk.page.wait_for_function(f"Number(document.querySelector('.text-pane').dataset.marks) < {everything}")
    assert desk.page.locator(".pane-box .mark.administrative").count() == 0
    assert "甪直镇" in desk.page.locator(".pane-box").inner_text()
    desk.page.locator("[data-event=all_on]").click()
    desk.page.wait_for_function(f"Number(document.querySelector('.text-pane').dataset.marks) === {everything}")
    desk.page.select_option("#text-chapter", label="第二章 归途 (4)")
    desk.page.locator(".row-line[data-line='5']").wait_for()
    desk.page.locator(".row-line[data-line='2']").wait_for(state="detached")
    assert "ch=5" in desk.page.url


def test_pasted_words_are_read(desk):
    desk.start()
    desk.page.locator("[data-event=paste]").click()
    desk.page.locator(".text-open .trouble", has_text="还没有粘贴文字").wait_for()
    desk.page.fill("#text-paste", "午后到木渎镇。")
    desk.page.locator("[data-event=paste]").click()
    desk.shown()
    assert desk.mark("木渎镇").count() == 1


def test_an_example_shows_what_the_page_does(desk):
    desk.start()
    desk.page.locator("[data-event=example]").click()
    desk.shown()
    assert desk.mark("周庄").count() == 1
    # A lake that has a town of its name is for the reader to settle.
    assert "doubt" in desk.mark("淀山湖").get_attribute("class")


BAD_FILES = [
    ("空.txt", b"", "空文件"),
    ("白.txt", b" \n \n", "没有文字"),
    ("图.txt", bytes(range(256)) * 40, "文本|编码"),
    ("表.xlsx", b"PK\x03\x04....", "格式"),
    ("锁.pdf", b"%PDF-1.4\nbroken", "损坏"),
    ("文.docx", b"no archive", "docx"),
    ("大.txt", b"x" * (20 * 1024 * 1024 + 1), "20 MB"),
]


def test_bad_input_is_told_clearly_and_the_next_file_is_read(desk):
    desk.start()
    for name, data, says in BAD_FILES:
        desk.bring(data, name)
        told = desk.page.locator(".text-open :is(.trouble, .error):not([hidden])", has_text=name.split(".")[0])
        told.wait_for()
        assert any(word in told.inner_text() for word in says.split("|")), name
    desk.bring(STORY).shown()


def test_a_pasted_address_opens_the_same_place(desk, new_page):
    desk.start()
    desk.page.locator(".files button", has_text="走访.txt").click()
    desk.shown()
    desk.mark("甪直镇", 1).click()
    desk.card("甪直镇")
    desk.page.locator("#resolution-outside").uncheck()
    desk.page.wait_for_function("location.search.includes('res=')")
    desk.page.click("#lang-en")
    desk.card("Luzhi Town")
    desk.settle()
    address = desk.page.url
    twin = Desk(new_page(), desk.address)
    twin.page.goto(address)
    twin.shown()
    twin.card("Luzhi Town")
    assert twin.page.locator(".mark.chosen").inner_text() == "甪直镇"
    assert twin.page.locator(".pane-count").inner_text() == "2 / 3"
    assert not twin.page.locator("#resolution-outside").is_checked()
    assert twin.troubles == []


def test_an_address_into_a_readers_own_text_says_what_is_missing(desk, new_page):
    desk.start().bring(STORY).shown()
    desk.mark("木渎镇").click()
    desk.card("木渎镇")
    desk.settle()
    twin = Desk(new_page(), desk.address)
    twin.page.goto(desk.page.url)
    twin.page.locator(".text-open .missing").wait_for()
    twin.bring(STORY)
    twin.card("木渎镇")
    assert twin.troubles == []


def test_back_goes_to_the_mention_before(desk):
    desk.start().bring(STORY).shown()
    for name in ("甪直镇", "木渎镇"):
        desk.mark(name).click()
        desk.card(name)
        desk.settle()
    desk.page.go_back()
    desk.card("甪直镇")
    assert desk.page.locator(".mark.chosen").inner_text() == "甪直镇"


def test_keyboard_alone_goes_through_the_text(desk):
    desk.start().bring(STORY).shown()
    desk.page.locator(".pane-box").focus()
    desk.page.keyboard.press("ArrowRight")
    desk.card("甪直镇")
    desk.page.keyboard.press("n")
    desk.card("木渎镇")
    desk.page.keyboard.press("ArrowLeft")
    desk.card("甪直镇")
    desk.page.keyboard.press("Escape")
    desk.card("点一下文中的地名")


def test_a_long_text_is_marked_and_searched_though_only_what_is_near_the_window_exists(desk):
    lines = prose(200_000).split("\n")
    lines[-3] = "只此一处写着翡翠风铃四个字。"
    desk.start().bring("\n".join(lines)).shown()
    assert int(desk.page.locator(".text-pane").get_attribute("data-marks")) > 3000
    assert desk.page.locator(".row-line").count() < 200
    desk.page.fill("#atlas-search", "翡翠风铃")
    desk.page.keyboard.press("Enter")
    desk.page.locator(".row-line", has_text="只此一处").wait_for()
    desk.page.wait_for_function("window.getSelection().toString() === '翡翠风铃'")
    desk.page.fill("#atlas-search", "没有这几个字")
    desk.page.keyboard.press("Enter")
    desk.page.locator(".pane-seek.none").wait_for()
    desk.page.evaluate("document.querySelector('.pane-box').scrollTop = 0")
    desk.page.locator(".row-line[data-line='2']").wait_for()
    desk.page.evaluate("document.querySelector('.pane-box').scrollTop = 1e9")
    desk.page.locator(f".row-line[data-line='{len(lines)}']").wait_for()
    assert desk.page.locator(".row-line").count() < 200


def test_decisions_become_a_patch(desk):
    desk.start().bring(STORY).shown()
    desk.page.click("#tab-work")
    group = desk.page.locator(".groups button.line", has_text=UNKNOWN)
    group.click()
    desk.page.locator("[data-event=pin_start]").click()
    desk.page.locator(".work .pin").wait_for()
    place = open_register().places["town/mudu"]
    desk.settle()
    desk.click(place.lon, place.lat)
    desk.page.locator("[data-event=pin_save]:not([disabled])").wait_for()
    desk.page.select_option("#pin-accuracy", "300")
    desk.settle()
    desk.page.locator("[data-event=pin_save]").click()
    desk.page.locator(".groups .done", has_text=UNKNOWN).wait_for()
    desk.page.locator("[data-event=export]").click()
    desk.page.locator(".work .error", has_text="核定人").wait_for()
    desk.page.fill("#work-who", "王工")
    desk.page.keyboard.press("Tab")
    desk.settle()
    with desk.page.expect_download() as download:
        desk.page.locator("[data-event=export]").click()
    rows = read_patch(download.value.path().read_bytes())
    assert check_patch(rows) == []
    (decision,) = [row.decision for row in rows]
    assert (decision.surface, decision.action, decision.accuracy_m) == (UNKNOWN, "place", 300)
    assert decision.lon == pytest.approx(place.lon, abs=0.01)
    # The text reads it so at once.
    desk.page.click("#tab-text")
    desk.mark(UNKNOWN).click()
    desk.page.locator(".text_card .why", has_text="由读者认定").wait_for()


def test_the_table_leaves_as_files(desk):
    desk.start().bring(STORY).shown()
    desk.page.click("#tab-table")
    desk.page.locator(".table td", has_text="甪直镇").wait_for()
    for form, judge in (
        ("csv", lambda text: len(list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))) >= 6),
        ("geojson", lambda text: json.loads(text)["type"] == "FeatureCollection"),
        ("lp-tsv", lambda text: text.startswith("id\ttitle\ttitle_source\tfclasses")),
    ):
        with desk.page.expect_download() as download:
            desk.page.locator(f".saves [data-value={form}]").click()
        assert judge(download.value.path().read_text("utf-8"))
    desk.page.locator(".table .link", has_text="木渎镇").click()
    desk.card("木渎镇")


def test_a_structure_shows_its_passage_and_leads_to_the_text_and_back(desk):
    desk.open(f"/?plan=wuzhong-14fyp&sel={quote(AXIS)}")
    desk.page.locator(".passage p", has_text="由我们自己写").wait_for()
    desk.page.locator(".passage p button", has_text="225").click()
    desk.page.locator(".row-line.chosen-line[data-line='225']").wait_for()
    desk.page.locator(".text_card .others button", has_text="先进制造轴").click()
    desk.title("先进制造轴")
    assert "sel=" in desk.page.url
    desk.page.get_by_role("link", name="计划文本").click()
    desk.page.locator(".row-line.chosen-line[data-line='225']").wait_for()


@pytest.mark.parametrize("desk", [PHONE], indirect=True)
def test_phone_has_text_and_map_without_sideways_scroll(desk):
    desk.start()
    desk.page.locator(".text-open").wait_for()
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    desk.page.locator(".files button", has_text="走访.txt").click()
    desk.shown()
    for tab in ("text", "table", "work"):
        desk.page.click(f"#tab-{tab}")
        desk.settle()
        assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert desk.page.evaluate(SMALL) == []
    box = desk.page.locator("iframe").bounding_box()
    assert box["y"] < 844 - 100
