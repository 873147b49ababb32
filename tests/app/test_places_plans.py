"""What every plan says of one place, on the record card and in short on the map's card; and targets side by side."""

import re

import pytest

from app.address import State
from app.compare.targets import compare_targets, describe_targets, target_years, targets_of
from app.indicators.table import describe_row, tell_figure
from app.library import chosen_place, open_library
from app.markup import render
from app.places.card import describe_record
from app.places.plans import count_said, describe_said, find_said
from app.wording import words as words_of
from layers.catalogue import read_plans, read_structures
from layers.chapters import tell_chapter, tell_chapter_en
from layers.indicators import read_figures, read_indicators, read_tables, tidy_value
from layers.indicators.comparing import plan_of
from layers.projects import read_projects

HAN = re.compile("[\u4e00-\u9fff]")
WORDS, ENGLISH = words_of("zh"), words_of("en")
KUNSHAN, CITY = "kunshan-15fyp", "suzhou-15fyp"


def test_all_that_the_plans_say_of_a_city_is_found_once():
    library = open_library()
    said = find_said(chosen_place("county/kunshan"), library)
    own = said[KUNSHAN]
    assert len(own.indicators) == sum(
        row.area == "county/kunshan" and plan_of(row) == KUNSHAN for row in read_indicators().values()
    )
    assert all(library.components[fid]["project"] for fid in own.projects)
    assert not any(library.components[fid]["project"] for fid in own.structures)
    assert {each.plan for each in own.figures} <= {KUNSHAN}
    assert said[CITY].mentions > 0
    assert list(said) == [plan for plan in read_plans() if plan in said]


def test_a_member_is_told_with_its_extent_and_what_covers_it_as_such():
    said = find_said(chosen_place("town/luzhi"), open_library())["wuzhong-14fyp"]
    assert said.structures["wuzhong-14fyp/wuzhong-core-axis-belt#2"] == "whole"
    assert "covers" in {relation for plan in said.structures for relation in said.structures.values()} | {"covers"}
    told = describe_said(chosen_place("town/luzhi"), open_library(), WORDS)
    short = count_said(chosen_place("town/luzhi"), open_library(), WORDS)
    assert [each["name"] for each in told] == [each["name"] for each in short]
    assert all(each["counts"] for each in short)


@pytest.mark.parametrize("place", ["county/kunshan", "town/luzhi", "facility/aixin-xuexiao"])
def test_the_card_shows_every_kind_of_row(place):
    library, state = open_library(), State(plan=KUNSHAN, layers=())
    for words in (WORDS, ENGLISH):
        record = describe_record(chosen_place(place), library, words, state=state)
        html = render("places/card", words=words, record=record)
        assert html.count('class="said-by') == len(find_said(chosen_place(place), library))
        rows = [row for plan in record["said"] for each in plan["lists"] for row in (*each["first"], *each["more"])]
        assert html.count('class="row-told"') == sum("fid" not in row for row in rows)


def test_a_place_without_a_position_still_has_its_members():
    place = next(p for p in map(chosen_place, ("facility/aixin-xuexiao",)) if not p.located)
    assert find_said(place, open_library())[KUNSHAN].counts["structures"] > 0


# ------------ targets


def test_which_indicators_two_plans_both_set_for_a_year():
    rows = compare_targets(KUNSHAN, CITY, 2030)
    both = [row for row in rows if row.where == "both"]
    assert {"rd-share", "gdp-growth"} <= {row.key for row in both}
    assert all(row.years == (2030,) for row in both)
    assert {row.target_year for row in targets_of(rows)} == {2030}
    assert rows[: len(both)] == tuple(both)
    share = describe_targets(next(row for row in both if row.key == "rd-share"), WORDS)
    assert share["differences"][0]["text"] == "+0.8 个百分点"
    assert [[cell["target"]["printed"] for cell in side] for side in share["cells"]] == [["4.0"], ["4.8 左右"]]


def test_every_indicator_of_both_plans_is_in_one_row():
    for left, right in ((KUNSHAN, CITY), ("snd-14fyp", "wuzhong-14fyp")):
        found = targets_of(compare_targets(left, right))
        wanted = [row.id for row in read_indicators().values() if plan_of(row) in (left, right)]
        assert sorted(row.id for row in found) == sorted(wanted)
        assert {row.target_year for row in found} == set(target_years(left, right))


def test_targets_in_words_or_of_another_year_are_not_subtracted_silently():
    for row in compare_targets("snd-14fyp", CITY):
        for each in describe_targets(row, WORDS)["differences"]:
            assert bool(each["text"]) != bool(each["why"])


# ------------ English


@pytest.mark.parametrize(
    ("chapter", "told"),
    [
        ("第二章第四节", "chapter 2, section 4"),
        ("第三十四章第三、四节", "chapter 34, sections 3, 4"),
        ("第二、三章；第三十四至三十六章", "chapters 2, 3; chapters 34–36"),
        ("第五章三（二）；第八章二（三）", "chapter 5, 3(2); chapter 8, 2(3)"),
        ("一（二）1、2；三（二）、（三）", "1(2)1, 2; 3(2), (3)"),
        ("第一章；第二、四、五篇", "chapter 1; parts 2, 4, 5"),
        ("第四章第一节（标题缺失） 专栏3", "chapter 4, section 1 (heading missing), box 3"),
        ("", ""),
    ],
)
def test_references_to_chapters_are_told_in_english(chapter, told):
    assert tell_chapter_en(chapter) == told
    assert tell_chapter(chapter, lang="zh") == chapter


def test_no_chapter_name_unit_or_size_is_left_in_chinese():
    structures = read_structures().values()
    chapters = {each.chapter for each in structures} | {c.chapter for each in structures for c in each.components}
    chapters |= {each.chapter for each in read_tables().values()} | {each.chapter for each in read_figures()}
    assert [each for each in chapters if HAN.search(tell_chapter_en(each))] == []
    said = [each for project in read_projects().values() for each in project.attestations]
    assert [each.name_zh or each.size_zh for each in said if bool(each.name_zh) != bool(each.name_en)] == []
    assert [each.size_zh for each in said if bool(each.size_zh) != bool(each.size_en)] == []
    assert [text for each in said for text in (each.name_en, each.size_en) if HAN.search(text)] == []
    units = {describe_row(row, ENGLISH)["unit"] for row in read_indicators().values()}
    assert [each for each in units if HAN.search(each)] == []


def test_years_and_units_of_figures_are_told_in_english():
    left = []
    for row in read_figures():
        about = tell_figure(row, ENGLISH)["about"]
        # The value stays as printed; what is beside it does not.
        if HAN.search(about.replace(tidy_value(row.value), "")):
            left.append(about)
    assert left == []
