"""Names that no register holds and no place opens: two lands, a zone's short name, a side, a bracket, a definition."""

from __future__ import annotations

import pytest

from gazetteer import read


def surfaces(text):
    return [mention.surface for mention in read(text).mentions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("引进中德智能装备产业园和海峡两岸文化中心。", ["中德智能装备产业园", "海峡两岸文化中心"]),
        ("建设中以（常熟）生命健康合作示范区。", ["中以（常熟）生命健康合作示范区"]),
        ("推进国家数据安全创新试验区（江苏）建设。", ["国家数据安全创新试验区（江苏）"]),
        ("新建高新区人民医院。", ["高新区人民医院"]),
        ("培育国家级高新区科技企业孵化器。", []),
        ("提升东部片区、西部副中心能级。", ["东部片区", "西部副中心"]),
        ("促进东中西部片区协调。", ["中西部"]),
        ("建成金鸡湖第三通道、独墅湖3号隧道。", ["金鸡湖第三通道", "独墅湖3号隧道"]),
        ("修缮柳亚夫故居和范成石刻。", ["柳亚夫故居", "范成石刻"]),
        ("扩建苏州市第十二人民医院。", ["苏州市第十二人民医院"]),
        ("联动上海市青浦区、浙江省嘉善县。", ["上海市青浦区", "浙江省嘉善县"]),
        ("打造南部盛泽—桃源片区。", ["南部盛泽—桃源片区"]),
        ("走访众乐桥村、甪直湖滨村。", ["众乐桥村", "甪直湖滨村"]),
        ("保护元荡、三青荡、十贤街。", ["元荡", "三青荡", "十贤街"]),
        ("整治望虞河、学士河、干将河。", ["望虞河", "学士河", "干将河"]),
        ("学士河道长负责。", []),
        ("建设太湖智能装备与生物医药产业园。", ["太湖智能装备与生物医药产业园"]),
        ("对接上海港，整治太湖湾。", ["上海港", "太湖湾"]),
        ("复制上海自贸试验区经验。", ["上海自贸试验区"]),
        ("打造上海创新试验区。", ["上海"]),
        ("建设中新阳澄湖园区。", ["中新阳澄湖园区"]),
        ("扩建滨河水厂、第三水厂。", ["滨河水厂", "第三水厂"]),
        ("改造三青咀湿地公园。", ["三青咀湿地公园"]),
        ("帮扶贵州省思源县。", ["贵州省思源县"]),
        ("改造瑶溪桥，拆除危桥。", ["瑶溪桥"]),
        ("沿青衫港布局泊位。", ["青衫港"]),
    ],
)
def test_how_names_open(text, expected):
    assert surfaces(text) == expected


def test_a_name_of_general_words_counts_where_the_text_defines_it():
    defined = "——绿色创新轴，以太湖为起点。\n推动绿色创新轴建设。"
    assert surfaces(defined).count("绿色创新轴") == 2
    assert "绿色创新轴" not in surfaces("推动绿色创新轴建设。")


def test_a_unit_with_a_short_class_noun_is_its_one_zone_of_that_class():
    (mention,) = read("支持吴中综保区。").mentions
    assert mention.name == "吴中综合保税区"


def test_a_part_named_after_its_side_is_told_with_the_owner():
    mentions = read("昆山市国民经济和社会发展规划\n提升南部片区。").mentions
    assert [mention.name for mention in mentions] == ["昆山市", "昆山南部片区"]


def test_a_bracket_with_a_branch_belongs_to_the_hospital():
    assert surfaces("扩建苏州大学附属第一医院（平江院区）。") == ["苏州大学附属第一医院（平江院区）"]
