"""What counts as a mention, where it begins and ends, and which place it means."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer import open_register, read
from gazetteer.reading.folding import fold

CITY = "suzhou-15fyp"
WUZHONG = "wuzhong-14fyp"
SND = "snd-14fyp"
KUNSHAN = "kunshan-15fyp"


def names(text, plan=None, **options):
    return [(mention.surface, mention.name) for mention in read(text, plan=plan, **options).mentions]


def surfaces(text, plan=None, **options):
    return [surface for surface, _ in names(text, plan, **options)]


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("大力发展高新技术产业。", SND),
        ("加强道路交通安全管理。", SND),
        ("推广“枫桥经验”，学习园区经验和张家港精神。", CITY),
        ("建设美丽苏州、健康吴中、平安高新。", CITY),
        ("打响“太湖民宿”品牌，做强“昆山智造”。", KUNSHAN),
        ("举办苏州国际精英创业周和苏州（太湖）国际马拉松赛。", CITY),
        ("落实《支持苏州工业园区深化改革的意见》。", CITY),
        ("发展三大新兴产业。", KUNSHAN),
        ("推进各类开发区、国家级高新区建设。", CITY),
        ("全市、全区、全国一盘棋，服务“一带一路”。", WUZHONG),
        ("传承昆曲、苏州评弹和江南文化。", CITY),
    ],
)
def test_no_mention(text, plan):
    assert surfaces(text, plan) == []


@pytest.mark.parametrize(
    ("text", "plan", "expected"),
    [
        ("整合原狮山、横塘街道。", SND, [("狮山", "狮山街道"), ("横塘街道", "横塘街道")]),
        ("淀山湖、锦溪、周庄三镇", KUNSHAN, [("淀山湖", "淀山湖镇"), ("锦溪", "锦溪镇"), ("周庄", "周庄镇")]),
        ("治理淀山湖水质", KUNSHAN, [("淀山湖", "淀山湖")]),
        (
            "轨道交通6、7、8号线",
            CITY,
            [("轨道交通6", "苏州轨道交通6号线"), ("7", "苏州轨道交通7号线"), ("8号线", "苏州轨道交通8号线")],
        ),
        ("昆山市张浦镇入选", CITY, [("昆山市张浦镇", "张浦镇")]),
        ("修建吴江同里至黎里段", CITY, [("吴江", "吴江区"), ("同里", "同里镇"), ("黎里", "黎里镇")]),
        ("开发区、度假区挂牌", WUZHONG, [("开发区", "吴中经济技术开发区"), ("度假区", "苏州太湖国家旅游度假区")]),
        ("带动高新区产业", SND, [("高新区", "苏州高新区（虎丘区）")]),
        ("吴中与高新区交界", WUZHONG, [("吴中", "吴中区"), ("高新区", "苏州高新区（虎丘区）")]),
        ("串联甬直全域", WUZHONG, [("甬直", "甪直镇")]),
        ("苏 州 市吴中区", WUZHONG, [("苏 州 市吴中区", "吴中区")]),
        ("建设长三角生态绿色一体化发展示范区，加强示范区功能", CITY,
         [("长三角生态绿色一体化发展示范区",) * 2, ("示范区", "长三角生态绿色一体化发展示范区")]),
    ],
)  # fmt: skip
def test_place_meant(text, plan, expected):
    assert names(text, plan) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("建成苏州琥珀纳米产业园。", ["苏州琥珀纳米产业园"]),
        ("新建邓荪路、芦荻路。", ["邓荪路", "芦荻路"]),
        ("依托清蕤固态电池创新中心", ["清蕤固态电池创新中心"]),
        ("支持企业建设产业创新中心、工程研究中心。", []),
        ("建设苏州至婺州高速公路", ["苏州至婺州高速公路"]),
    ],
)
def test_names_that_no_register_holds(text, expected):
    reading = read(text)
    assert [mention.surface for mention in reading.mentions] == expected
    assert all(mention.resolution == "unresolved" and mention.place_id is None for mention in reading.mentions)


def test_short_name_says_why():
    (mention,) = read("推进开发区转型", plan=WUZHONG).mentions
    assert mention.resolution == "suzhou"
    assert "开发区 = 吴中经济技术开发区" in mention.reason


def test_region_lies_outside():
    (mention,) = read("融入长三角地区发展", plan=CITY).mentions
    assert (mention.surface, mention.resolution, mention.category) == ("长三角地区", "outside", "region")


def test_left_out_plan_leaves_no_trace():
    places = {place.id: place for place in open_register().places.values()}
    only = [place for place in places.values() if place.plans == (WUZHONG,) and place.category == "dev_zone"]
    assert only, "the register should hold zones that this plan alone names"
    for place in only[:20]:
        found = read(place.name_zh, without_plan=WUZHONG).mentions
        assert place.id not in {mention.place_id for mention in found}


def test_owner_is_found_in_the_title():
    assert read("苏州市吴中区国民经济和社会发展规划\n推进横泾建设").owner == "county/wuzhong"


def test_unknown_plan():
    with pytest.raises(ValueError, match="expected a plan out of"):
        read("苏州", plan="nowhere")


CHARACTERS = st.sampled_from(
    list("苏州吴中区太湖开发路镇街道号线建设、，。（）“”《》—- \t\n\r\x00123AG*<b>[]等三与至\ud800")
)


@settings(deadline=None, max_examples=150)
@given(st.lists(CHARACTERS | st.sampled_from(["轨道交通6、7号线", "[bookmark: _T1]", "**", "甪直镇"])).map("".join))
def test_offsets_point_into_the_text(text):
    lines = text.split("\n")
    position = (0, 0)
    for mention in read(text).mentions:
        assert lines[mention.line - 1][mention.start : mention.end] == mention.surface
        assert (mention.line, mention.start) >= position
        assert mention.start < mention.end
        position = (mention.line, mention.end)


@given(st.text(max_size=60))
def test_folding_keeps_the_way_back(text):
    even = fold(text)
    for position in range(len(even.text)):
        assert 0 <= even.original(position) < len(text)


@pytest.mark.timeout(30)
@pytest.mark.parametrize("piece", ["推进太湖大道建设，", "推进开发区、", "轨道交通6、7号线，", "《“（、"])
def test_one_long_line(piece):
    assert len(read(piece * 20_000, plan=WUZHONG).mentions) in {0, 20_000, 40_000}
