"""Indicators and figures: complete, true to the plans, numbers only where they are numbers, compared where fair."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import open_register
from layers.catalogue import read_plans
from layers.indicators import (
    compare_topic,
    figures_to_csv,
    find_difference,
    indicators_to_csv,
    indicators_to_json,
    measure_progress,
    parse_value,
    read_figures,
    read_indicators,
    read_tables,
    read_topics,
)
from layers.indicators.values import UNITS, split_unit

PLANS = Path(__file__).resolve().parents[3] / "shared" / "plans"
at_hand = pytest.mark.skipif(not PLANS.exists(), reason="the plans are not at hand")
ROWS = read_indicators()
COUNTS = {
    "suzhou-15fyp-1": 30, "snd-14fyp-1": 34, "suzhou-2025-report-1": 45, "suzhou-2025-report-2": 44,
    "wuzhong-14fyp-1": 36, "wuzhong-14fyp-2": 34, "kunshan-15fyp-1": 25,
}  # fmt: skip
SHORTENED = {"suzhou-2025-report-1/14"}
"""Its printed cell is longer than what may be taken over word for word."""
MERGED = {f"wuzhong-14fyp-1/18{letter}" for letter in "bcd"}
"""Rows that share the merged cell of the row above."""


def flat(text):
    return re.sub(r"\s+", "", text).replace("_{2.5}", "2.5")


def read_plan(plan):
    return ["", *(PLANS / f"{plan}.txt").read_text("utf-8").split("\n")]


def test_every_row_of_the_seven_tables_is_there():
    counts = {table: sum(row.table == table for row in ROWS.values()) for table in read_tables()}
    assert counts == COUNTS
    assert len(read_figures()) == 412
    assert {table.plan for table in read_tables().values()} == set(read_plans())


def test_every_record_has_a_place_a_line_and_both_languages():
    places = open_register().places
    for row in (*ROWS.values(), *read_figures()):
        assert row.area in places, row.id
        assert row.name_zh, row.id
        assert row.name_en, row.id
        assert bool(row.note_zh) == bool(row.note_en), row.id
    for row in ROWS.values():
        first, last = read_tables()[row.table].lines
        assert first <= row.line <= last, row.id
        assert bool(row.baseline) == bool(row.baseline_year) == bool(row.baseline_line), row.id
        assert bool(row.group_zh) == bool(row.group_en), row.id
    assert set(read_topics()) == {row.topic for row in ROWS.values()} - {""}
    assert all(sum(row.topic == topic for row in ROWS.values()) > 1 for topic in read_topics())


@at_hand
def test_indicators_are_as_the_plans_print_them():
    for plan in read_plans():
        lines = read_plan(plan)
        for row in (each for each in ROWS.values() if read_tables()[each.table].plan == plan):
            # One cell a line in two plans: a row then runs until the next empty line but one.
            near = flat("".join(lines[row.line : row.line + 8]))
            name = flat(row.name_zh).removesuffix("排放总量削减率") if "/18" in row.id else flat(row.name_zh)
            assert near.startswith(("|" + row.no + "|" + name, name)) or name in flat(lines[row.line]), row.id
            if row.id not in SHORTENED | MERGED:
                assert flat(row.target) in near, row.id
                assert flat(row.actual) in near, row.id
            if row.baseline and not row.note_zh.endswith("（分别突破）"):
                held = flat("".join(lines[row.baseline_line : row.baseline_line + 8]))
                assert flat(row.baseline) in held, row.id


@at_hand
def test_attributes_are_as_the_plans_print_them():
    words = {"binding": "约束性", "expected": "预期性"}
    for row in ROWS.values():
        plan = read_tables()[row.table].plan
        if row.attribute and plan != "suzhou-2025-report":
            assert words[row.attribute] in "".join(read_plan(plan)[row.line : row.line + 3]), row.id


@at_hand
def test_figures_are_as_the_plans_print_them():
    for row in read_figures():
        line = flat(read_plan(row.plan)[row.line])
        numbers = re.findall(r"\d+(?:\.\d+)?", row.value) or [flat(row.value).removeprefix("超")]
        assert all(number in line for number in numbers), (row.id, row.value)


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("5 左右", "%", ("about", "5", None, "%", "")),
        (">40", "%", ("at_least", "40", None, "%", "")),
        ("≤0.0018", "人/亿元", ("at_most", "0.0018", None, "人/亿元", "")),
        ("3 以内", "%", ("at_most", "3", None, "%", "")),
        ("增长5.5%左右", "", ("about", "5.5", None, "%", "up")),
        ("同口径增长5.9%", "", ("exact", "5.9", None, "%", "up")),
        ("提高 1 个百分点以上", "%", ("at_least", "1", None, "个百分点", "up")),
        ("年均 7 左右", "%", ("about", "7", None, "%", "")),
        ("力争1.7:1", "", ("exact", "1.7", None, ":1", "")),
        ("1.85万家以上", "", ("at_least", "18500", None, "家", "")),
        ("超 1 万", "个", ("at_least", "10000", None, "个", "")),
        ("175", "万人", ("exact", "1750000", None, "人", "")),
        ("1~2", "个", ("range", "1", "2", "个", "")),
        ("1700 多家", "", ("at_least", "1700", None, "家", "")),
        ("4300多个", "", ("at_least", "4300", None, "个", "")),
        ("约 3.5 平方公里", "", ("about", "3.5", None, "平方公里", "")),
        ("低于 20 立方米/万元", "", ("at_most", "20", None, "立方米/万元", "")),
        ("90%以上（新口径）", "", ("at_least", "90", None, "%", "")),
        ("2.77万亿元", "", ("exact", "2770000000000", None, "元", "")),
    ],
)
def test_numbers_are_parsed(text, unit, expected):
    value = parse_value(text, unit=unit)
    bound, number, high, base, change = expected
    assert (value.bound, value.unit, value.change) == (bound, base, change)
    assert value.number == Decimal(number)
    assert value.high == (None if high is None else Decimal(high))
    assert value.text == text


@pytest.mark.parametrize(
    "text",
    [
        "完成省下达任务", "与GDP增长同步", "高于苏州市平均水平", "净增1500家以上，总量增长10%",
        "苏州市平均水平的 2 倍", "II 类",
        "100%、98%", "10分钟文化圈", "2.3:48.7:49", "2030 年前", "千分之二", "90% 以上面积",
        "重特大生产安全责任事故起数为0",
        "首批87个试点项目已完工47个", "约5以上",
    ],
)  # fmt: skip
def test_words_stay_words(text):
    value = parse_value(text, unit="%")
    assert (value.bound, value.number, value.text) == ("words", None, text)


@given(st.text(max_size=40), st.sampled_from([*sorted(UNITS), "", "nonsense"]))
def test_no_text_breaks_the_parser_or_loses_what_was_printed(text, unit):
    value = parse_value(text, unit=unit)
    assert value.text == text
    assert value.is_number == (value.bound not in ("words", "none"))


@given(
    st.decimals(min_value=0, max_value=10**6, places=2),
    st.sampled_from(sorted(UNITS)),
    st.sampled_from(["", "万", "亿", "万亿"]),
    st.sampled_from([("", "", "exact"), ("≥", "", "at_least"), ("", "以上", "at_least"), ("", "左右", "about"),
                     ("不低于", "", "at_least"), ("", "以内", "at_most"), ("<", "", "at_most")]),
    st.sampled_from(["", " ", "\n"]),
)  # fmt: skip
def test_a_number_is_read_as_it_was_written(number, unit, scale, bound, blank):
    before, after, meant = bound
    value = parse_value(f"{before}{blank}{number}{blank}{scale}{unit}{after}")
    factor, base = split_unit(f"{scale}{unit}")
    assert (value.number, value.unit, value.bound) == (number * factor, base, meant)
    assert factor == {"": 1, "万": 10**4, "亿": 10**8, "万亿": 10**12}[scale]


@given(st.integers(0, 9999), st.sampled_from(["面积", "试点项目", "类", "年前", "大片区", "，总量增长10%", "、98%"]))
def test_a_number_in_a_longer_phrase_is_no_target(number, tail):
    assert parse_value(f"{number}{tail}", unit="%").bound == "words"


def test_differences_never_cross_units_definitions_or_words():
    pairs = 0
    for topic in read_topics():
        rows = [row for row in ROWS.values() if row.topic == topic]
        for first, second in itertools.permutations(rows, 2):
            done = find_difference(first, second)
            a, b = first.parse("target"), second.parse("target")
            assert (done.number is None) == bool(done.obstacle)
            if done.number is not None:
                pairs += 1
                assert (a.unit, a.change, first.variant) == (b.unit, b.change, second.variant)
                assert read_topics()[topic].comparable
                assert done.number == b.number - a.number == -find_difference(second, first).number
                assert done.unit == ("个百分点" if a.unit == "%" else a.unit)
                assert done.exact == (a.bound == b.bound == "exact")
    assert pairs > 100


def test_obstacles_say_why_two_targets_are_not_subtracted():
    def told(first, second):
        return find_difference(ROWS[first], ROWS[second]).obstacle

    assert told("suzhou-15fyp-1/1", "kunshan-15fyp-1/3") == "topic"
    assert told("suzhou-15fyp-1/1", "suzhou-2025-report-2/1") == "variant"
    assert told("suzhou-15fyp-1/29", "wuzhong-14fyp-2/31") == "unit"
    assert told("suzhou-15fyp-1/23", "kunshan-15fyp-1/18") == "words"
    assert told("suzhou-15fyp-1/30", "kunshan-15fyp-1/25") == "not-comparable"
    assert measure_progress(ROWS["suzhou-2025-report-2/25"]).obstacle == "rebased"
    assert measure_progress(ROWS["kunshan-15fyp-1/9"]).number == Decimal("14.9")
    assert measure_progress(ROWS["wuzhong-14fyp-1/24"]).number == Decimal("-5.37")


def test_a_topic_shows_each_of_its_indicators_once():
    for topic in read_topics():
        done = compare_topic(topic)
        shown = [row.id for group in done.groups for row in group.rows] + [row.id for row in done.words]
        assert sorted(shown) == sorted(row.id for row in ROWS.values() if row.topic == topic)
    only = compare_topic("rd-share", plans=["kunshan-15fyp", "suzhou-15fyp"])
    assert [row.id for group in only.groups for row in group.rows] == ["suzhou-15fyp-1/3", "kunshan-15fyp-1/8"]
    with pytest.raises(KeyError, match="rd-share"):
        compare_topic("no-such-topic")


def test_files_keep_the_printed_value_and_hold_no_formula():
    rows = list(ROWS.values())
    text = indicators_to_csv(rows)
    assert text.startswith("\ufeff")
    table = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["id"] for row in table] == list(ROWS)
    assert [row["target"].removeprefix("'") for row in table] == [row.target for row in rows]
    assert not any(cell.startswith(("=", "+", "@")) for row in table for cell in row.values())
    plain = {row["id"]: row for row in json.loads(indicators_to_json(rows))}
    assert plain["kunshan-15fyp-1/20"]["target_number"] == 450_000
    assert plain["kunshan-15fyp-1/18"]["target_number"] is None
    assert plain["kunshan-15fyp-1/18"]["target"] == "完成上级下达任务"
    assert figures_to_csv(read_figures()).count("\n") == 413
    assert indicators_to_csv([], bom=False) == ""
