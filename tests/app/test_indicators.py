"""The page "indicators" without a browser: address, filters, events, charts, maps, templates, files, command."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from types import SimpleNamespace

import pytest
import shapely
from click.testing import CliRunner

from app.command_line import cli
from app.indicators.chart import describe_chart, make_axis, values_of, write_number
from app.indicators.desk import IndicatorsDesk
from app.indicators.list import count_choices, list_figures, list_indicators, list_topics
from app.indicators.panel import describe_indicators_panel
from app.indicators.state import TABS, IndicatorsState, read_indicators_state, write_indicators_state
from app.indicators.table import describe_figures, describe_table, describe_topics
from app.indicators.theme import describe_theme
from app.markup import render
from app.wording import LANGUAGES
from app.wording import words as words_of
from gazetteer import open_register
from geodata import store
from layers.catalogue import find_structure
from layers.indicators import Indicator, read_indicators, read_topics
from layers.indicators.themes import read_themes

EVIL = "<img src=x onerror=alert(1)>"
ROWS = read_indicators()


@pytest.fixture(scope="module")
def library():
    """Outlines as the written layers hold them, without writing all layers."""
    shapes = {}
    wanted = {value.place for theme in read_themes().values() for value in theme.values}
    wanted |= {"county/kunshan", "lake/tai-hu"}
    for key in wanted:
        layer, _, feature = open_register().places[key].geometry.partition("/")
        shape = store.read(layer).geometry[feature].simplify(0.001)
        shapes[key] = {"shape": shapely.geometry.mapping(shape), "bounds": list(shape.bounds)}
    return SimpleNamespace(place_shapes=shapes)


@pytest.mark.parametrize(
    "state",
    [
        IndicatorsState(),
        IndicatorsState(query="GDP &=#?", plan="kunshan-15fyp", attribute="binding", form="words", page=2),
        IndicatorsState(plan="wuzhong-14fyp", group="幸福吴中", tab="compare", topic="rd-share"),
        IndicatorsState(tab="figures", kind="target", theme="town-types"),
    ],
)
def test_address_holds_the_state(state):
    query = write_indicators_state(state, lang="en", default_lang="zh")
    assert query["lang"] == "en"
    assert read_indicators_state(query) == state


def test_nonsense_in_the_address_falls_back():
    query = dict.fromkeys(("attr", "as", "topic", "kind", "tab", "theme"), "x")
    assert read_indicators_state(query | {"by": EVIL, "group": "幸福吴中", "page": "-3"}) == IndicatorsState(
        group="幸福吴中"
    )
    assert read_indicators_state({"by": "kunshan-15fyp", "group": "幸福吴中"}).group == ""


def test_filters_narrow_and_their_counts_come_true():
    state = IndicatorsState(plan="wuzhong-14fyp", attribute="binding")
    shown = list_indicators(state)
    assert [row.id for row in shown] == [f"wuzhong-14fyp-2/{no}" for no in (14, 15, 16, 23, 32)]
    counts = count_choices(state)
    for form, number in counts.forms.items():
        assert len(list_indicators(IndicatorsState(plan="wuzhong-14fyp", attribute="binding", form=form))) == number
    assert len(list_indicators(IndicatorsState(query="PM2.5"))) == 4
    assert {row.topic for row in list_indicators(IndicatorsState(query="pm2.5"))} == {"pm25"}
    assert list_indicators(IndicatorsState(query="没有这个")) == []
    assert {row.plan for row in list_figures(IndicatorsState(plan="kunshan-15fyp"))} == {"kunshan-15fyp"}


def test_topics_that_most_plans_share_come_first():
    topics = list_topics(IndicatorsState())
    assert set(topics) == set(read_topics())
    assert set(topics[:2]) == {"gdp-growth", "rd-share"}


def test_events_change_the_state_and_nonsense_does_not():
    desk = IndicatorsDesk()
    for kind, value in (("by", "kunshan-15fyp"), ("attribute", "expected"), ("form", "number"), ("search", "研发")):
        desk.answer({"type": kind, "value": value})
    assert [row.id for row in list_indicators(desk.state)] == ["kunshan-15fyp-1/8"]
    before = desk.state
    for kind in ("by", "attribute", "form", "topic", "kind", "tab", "theme", "page", "compare", "group_of", "nothing"):
        desk.answer({"type": kind, "value": EVIL})
    assert desk.state == before
    desk.answer({"type": "attribute", "value": "expected"})
    assert desk.state.attribute == ""
    desk.answer({"type": "compare", "value": "rd-share"})
    assert (desk.state.tab, desk.state.topic, desk.state.plan) == ("compare", "rd-share", "")


def test_files_hold_what_is_shown():
    desk = IndicatorsDesk(state=IndicatorsState(plan="kunshan-15fyp"))
    desk.answer({"type": "download", "value": "csv"})
    content, name, _ = desk.take_file()
    table = list(csv.DictReader(io.StringIO(content.decode().removeprefix("\ufeff"))))
    assert (name, len(table), content[:3]) == ("indicators.csv", 25, b"\xef\xbb\xbf")
    assert desk.take_file() is None
    desk.answer({"type": "tab", "value": "figures"})
    desk.answer({"type": "download", "value": "json"})
    assert len(json.loads(desk.take_file()[0])) == len(list_figures(desk.state)) > 50


def test_marks_stand_in_order_on_one_axis():
    rows = [row for row in ROWS.values() if row.topic == "rd-share"]
    axis = make_axis(rows)
    for row in rows:
        places = describe_chart(row, axis)
        for which, value in values_of(row).items():
            assert places[which] == pytest.approx(
                float((value.number - axis.low) / (axis.high - axis.low) * 100), abs=0.01
            )
            assert 0 < places[which] < 100
    by_target = sorted(rows, key=lambda row: row.parse("target").number)
    marks = [describe_chart(row, axis)["target"] for row in by_target]
    assert marks == sorted(marks)
    assert make_axis([ROWS["kunshan-15fyp-1/18"]]) is None
    assert make_axis([ROWS["wuzhong-14fyp-2/31"]], from_zero=True).low == 0
    rebased = ROWS["suzhou-2025-report-2/25"]
    assert describe_chart(rebased, make_axis([rebased]))["baseline"] is None


@pytest.mark.parametrize(
    ("number", "zh", "en"), [("4.0", "4", "4"), ("1750000", "175万", "1.75 m"), ("0.0018", "0.0018", "0.0018")]
)
def test_numbers_are_written_short(number, zh, en):
    assert write_number(Decimal(number), "zh") == zh
    assert write_number(Decimal(number), "en") == en


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("tab", TABS)
def test_every_tab_shows_printed_values_and_has_a_real_table(tab, lang, library):
    words, state = words_of(lang), IndicatorsState(tab=tab, plan="" if tab == "areas" else "kunshan-15fyp")
    if tab == "areas":
        parts = {"themes": [], "theme": describe_theme(read_themes()["ai-focus"], library, words, boundaries=True)}
    else:
        describe = {"table": describe_table, "compare": describe_topics, "figures": describe_figures}[tab]
        parts = describe(state, words)
    html = render(f"indicators/{tab}", words=words, state=state, **parts)
    assert html.count("<table") == html.count("<caption") > 0
    assert 'scope="col"' in html
    assert 'scope="row"' in html
    if tab in ("table", "compare"):
        assert "完成上级下达任务" in html
        assert "4000左右" in html
    panel = describe_indicators_panel(state, words)
    assert words("notice") in render("indicators/panel", words=words, **panel)


def test_what_is_typed_is_escaped_and_an_empty_list_says_so():
    words, state = words_of("zh"), IndicatorsState(query=EVIL)
    html = render("indicators/table", words=words, state=state, **describe_table(state, words))
    assert EVIL not in html
    assert "everything" in html


def test_differences_are_shown_only_where_they_are_fair():
    words = words_of("zh")
    shown = describe_topics(IndicatorsState(topic="legal-satisfaction", tab="compare"), words)["topics"][0]
    assert [len(group["rows"]) for group in shown["groups"]] == [1, 2, 1]
    assert [group["pairs"] is not None for group in shown["groups"]] == [False, True, False]
    unsafe = describe_topics(IndicatorsState(topic="work-safety", tab="compare"), words)["topics"][0]
    assert unsafe["groups"][0]["pairs"] is None


def test_themes_agree_with_their_structures(library):
    for theme in read_themes().values():
        structure = find_structure(theme.structure)
        members = {member.name for component in structure.components for member in component.members}
        named = {open_register().places[value.place].name_zh for value in theme.values}
        assert named == members
        assert {value.line for value in theme.values} <= set(structure.lines)
        for boundaries in (True, False):
            drawn = describe_theme(theme, library, words_of("zh"), boundaries=boundaries)
            paths = [area["path"] for area in drawn["maps"][0]["areas"]]
            assert len(paths) == len(theme.values)
            assert all(paths) == boundaries
            filled = sum(bool(area["pattern"]) for each in drawn["maps"] for area in each["areas"])
            assert filled == sum(len(value.classes) for value in theme.values)
    types = describe_theme(read_themes()["town-types"], library, words_of("zh"), boundaries=True)
    assert len({each["pattern"] for each in types["classes"]}) == 4


def test_command_lists_indicators():
    done = CliRunner().invoke(cli, ["indicators", "--plan", "kunshan-15fyp", "--topic", "rd-share", "--format", "json"])
    assert [row["target"] for row in json.loads(done.output)] == ["4.0"]
    table = CliRunner().invoke(cli, ["indicators", "--topic", "rd-share"]).output
    assert table.count("\n") == 7
    assert isinstance(CliRunner().invoke(cli, ["indicators", "--topic", "x"]).exception, ValueError)


def test_a_row_without_topic_can_be_shown():
    lonely = next(row for row in ROWS.values() if not row.topic)
    assert isinstance(lonely, Indicator)
    state = IndicatorsState(query=lonely.name_zh)
    assert lonely.name_zh in render(
        "indicators/table", words=words_of("zh"), state=state, **describe_table(state, words_of("zh"))
    )
