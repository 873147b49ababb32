"""The plans' structures as data: sound on their own, known to the gazetteer, true to the text where it is at hand."""

import re
import tomllib
import unicodedata
from pathlib import Path

import pytest

from gazetteer import geocode, open_register
from layers.catalogue import PLANS_FOLDER, read_plans, read_structures
from layers.ground import Ground, project_point
from layers.opening import open_layer
from layers.rules import read_rule
from tests.each import each

# Projects have records and tests of their own: see test_projects.py.
STRUCTURES = {layer_id: each for layer_id, each in read_structures().items() if each.kind != "projects"}
LAYER_IDS = list(STRUCTURES)
GAPS = tomllib.loads((Path(__file__).parent / "known_gaps.toml").read_text(encoding="utf-8"))
TEXTS = Path(__file__).resolve().parents[3] / "shared" / "plans"
NAME_PARAMETERS = (
    "of", "part_of", "anchors", "shores", "lines", "within", "at", "names", "roads", "hubs", "between", "order",
    "spine", "around",
)  # fmt: skip
LONGEST_THEME = 20
LONGEST_SHARED_RUN = 11
NEAR_M = 1500

# What the texts print otherwise than it is written: character errors of the sources.
PRINT_ERRORS = {"甬直": "甪直", "角直": "甪直", "環": "环"}


def every_component():
    for layer_id, structure in STRUCTURES.items():
        for component in structure.components:
            yield f"{layer_id}#{component.no}", structure, component


COMPONENTS = {key: (structure, component) for key, structure, component in every_component()}


def find(layer_id, no):
    return COMPONENTS[f"{layer_id}#{no}"][1]


def extents(component):
    return {member.name: member.extent for member in component.members}


def flatten(value):
    if isinstance(value, str):
        yield value
    else:
        for each in value:
            yield from flatten(each)


def names_of(component):
    for member in component.members:
        yield member.place or member.name
    for parameter in NAME_PARAMETERS:
        yield from flatten(component.rule.params.get(parameter, ()))


def place_of(name, plan):
    places = open_register().places
    if name in places:
        return places[name]
    best = geocode(name, plan=plan).best
    return None if best is None else best.place


# On their own


def test_every_file_is_read():
    files = [path for path in PLANS_FOLDER.glob("*/*.toml") if path.name != "plan.toml"]
    assert {(path.parent.name, path.stem) for path in files} == {
        (structure.plan, structure.id) for structure in STRUCTURES.values()
    }


def test_nothing_of_the_headline_structures_is_lost():
    headline = [structure for structure in STRUCTURES.values() if structure.importance == 1]
    counts = {plan: sum(structure.plan == plan for structure in headline) for plan in read_plans()}
    assert counts == {
        "suzhou-15fyp": 24, "wuzhong-14fyp": 9, "snd-14fyp": 8, "kunshan-15fyp": 15, "suzhou-2025-report": 6,
    }  # fmt: skip
    assert sum(len(structure.components) for structure in headline) == 350


def test_structure_ids_are_unique_and_every_plan_opens_on_one():
    ids = [structure.id for structure in STRUCTURES.values()]
    assert len(ids) == len(set(ids))
    for plan in read_plans().values():
        assert f"{plan.id}/{plan.headline}" in STRUCTURES


@pytest.mark.parametrize("plan", read_plans().values(), ids=lambda plan: plan.id)
def test_plan_is_sound(plan):
    assert re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", plan.date)
    assert plan.period[0] <= plan.period[1]
    assert plan.file_name == f"{plan.id}.txt"
    assert "None" not in (plan.title_zh, plan.title_en, plan.short_zh, plan.short_en, plan.issuer_zh)


@each("layer_id", LAYER_IDS)
def test_structure_is_sound(layer_id):
    structure = STRUCTURES[layer_id]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", structure.id)
    assert structure.name_zh
    assert structure.name_en.isascii() or not re.search(r"[一-鿿]", structure.name_en.replace("丰", ""))
    assert structure.chapter
    assert list(structure.lines) == sorted(set(structure.lines))
    assert [component.no for component in structure.components] == list(range(1, len(structure.components) + 1))
    assert bool(structure.note_zh) == bool(structure.note_en)
    assert [c.no for c in structure.components if bool(c.bounds_zh) != bool(c.bounds_en)] == []


@each("key", COMPONENTS)
def test_component_is_sound(key):
    structure, component = COMPONENTS[key]
    assert component.lines
    assert set(component.lines) <= set(structure.lines)
    assert component.name_zh
    assert not re.search(r"[一-鿿]", component.name_en), component.name_en
    assert component.theme_zh
    assert component.theme_en
    assert len(component.theme_zh) <= LONGEST_THEME
    assert not re.search(r"[一-鿿]", component.theme_en)
    names = [member.name for member in component.members]
    assert len(names) == len(set(names))
    for member in component.members:
        assert bool(member.note_zh) == bool(member.note_en)


@each("key", COMPONENTS)
def test_rule_is_sound_and_honest(key):
    _, component = COMPONENTS[key]
    rule = read_rule(component)
    form, params = component.rule.form, component.rule.params
    if component.evidence == "not-located":
        assert form == "unlocated"
    if form == "unlocated":
        assert rule.reason_zh
        assert rule.reason_en
        assert not re.search(r"[一-鿿]", rule.reason_en.replace("东环", ""))
    if form == "disc":
        assert params["area_km2"] == component.stated_area_km2
    if component.stated_area_km2 is not None:
        assert form == "disc"
    if form == "axis":
        assert component.direction
    if form == "union":
        by_name = {name: member.extent for member in component.members for name in (member.name, member.place)}
        for name in params.get("of", ()):
            assert by_name.get(name, "whole") == "whole", name
        for name in params.get("part_of", ()):
            assert by_name.get(name, "part") in ("part", "unstated"), name


# In the gazetteer


@each("key", COMPONENTS)
def test_every_name_is_known_or_a_known_gap(key):
    structure, component = COMPONENTS[key]
    gaps = GAPS["without_record"].get(structure.plan, {})
    unknown = {name for name in names_of(component) if place_of(name, structure.plan) is None}
    assert unknown <= set(gaps)


@each("layer_id", LAYER_IDS)
def test_what_cannot_be_placed_is_a_known_gap(layer_id):
    missing = {issue.rpartition(": ")[2] for issue in open_layer(layer_id).issues}
    assert missing <= set(GAPS["without_position"])


@each("key", COMPONENTS)
def test_no_name_is_left_between_two_places(key):
    structure, component = COMPONENTS[key]
    places = open_register().places
    for name in names_of(component):
        assert name in places or not geocode(name, plan=structure.plan).ambiguous, name


@pytest.mark.parametrize("plan", ["wuzhong-14fyp", "snd-14fyp", "kunshan-15fyp"])
def test_members_lie_in_the_area_of_the_plan_or_are_meant_to_lie_elsewhere(plan):
    area = Ground(plan=plan).own_area().buffer(NEAR_M)
    for structure, component in COMPONENTS.values():
        if structure.plan != plan:
            continue
        for member in component.members:
            place = place_of(member.place or member.name, plan)
            if place is None or place.position is None or place.category in ("rail", "river", "lake"):
                continue
            if not project_point(*place.position).within(area):
                assert member.name in GAPS["elsewhere"][plan], f"{component.name_zh}: {member.name} is {place.id}"


def test_names_that_mislead_are_pinned():
    lakes = {"太湖", "阳澄湖", "淀山湖", "长江", "金鸡湖"}
    for key, (structure, component) in COMPONENTS.items():
        for name in names_of(component):
            if name in lakes:
                place = place_of(name, structure.plan)
                assert place.category in ("lake", "river"), f"{key}: {name} is {place.id}"


# Against the plans' texts


def fold(text):
    """Fold a line as printed: width, blanks, marks and known misprints set aside."""
    text = re.sub(r"[\s*“”\"'‘’]", "", unicodedata.normalize("NFKC", text)).replace("—", "-")
    for printed, right in PRINT_ERRORS.items():
        text = text.replace(printed, right)
    return text


def bare(text):
    return re.sub(r"[、,。;:!?()\[\]<>《》·-]", "", fold(text).replace("，", ","))


@pytest.fixture(scope="module")
def texts():
    if not TEXTS.is_dir():
        pytest.skip(f"the plans' texts are not at hand in {TEXTS}")
    return {plan: (TEXTS / f"{plan}.txt").read_text(encoding="utf-8").split("\n") for plan in read_plans()}


@pytest.fixture(scope="module")
def prose(texts):
    return [bare("".join(text)) for text in texts.values()]


def shares_a_name(component, line):
    """Return whether a line has the component's name, a member's, or a telling piece of one."""
    for name in (component.name_zh, *(member.name for member in component.members)):
        for part in re.split(r"[()（）、:：·\-—－]", fold(name)):
            stem = re.sub(r"(街道|[镇市区站县])$", "", part) if len(part) > 2 else part
            if len(stem) >= 2 and stem in line:
                return True
            if any(part[i : i + 3] in line for i in range(len(part) - 2)):
                return True
    return False


@each("key", COMPONENTS)
def test_lines_state_the_component(key, texts):
    structure, component = COMPONENTS[key]
    text = texts[structure.plan]
    assert max(structure.lines) <= len(text)
    said = "".join(fold(text[line - 1]) for line in component.lines)
    if component.printed:
        assert fold(component.name_zh) in said
    for line in component.lines:
        # A paragraph that a page break cuts goes on one or two lines below, where the name need not stand again.
        continued = line - 1 in component.lines or line - 2 in component.lines
        assert continued or shares_a_name(component, fold(text[line - 1])), line


def chapters_of(lines):
    """Return the chapter of every line of a plan, counted from 1, by its last heading above."""
    chapter, found = "", [""]
    for line in lines:
        heading = re.match(r"(?:\[bookmark[^\]]*\]|[#*\s])*(第[一二三四五六七八九十]+章)", line)
        chapter = heading[1] if heading else chapter
        found.append(chapter)
    return found


@pytest.mark.parametrize("plan", ["suzhou-15fyp", "snd-14fyp", "wuzhong-14fyp"])
def test_chapter_of_a_component_is_that_of_its_lines(plan, texts):
    chapters = chapters_of(texts[plan])
    for key, (structure, component) in COMPONENTS.items():
        said = component.chapter or structure.chapter
        if structure.plan != plan or any(word in said for word in ("篇", "各章", "至")):
            continue
        told = {
            f"第{no}章"
            for several in re.findall(r"第([一二三四五六七八九十、]+)章", said)
            for no in several.split("、")
        }
        stand = {chapters[line] for line in component.lines} - {""}
        assert stand <= told, (key, said, stand)


def test_nine_of_ten_components_that_have_a_place_are_drawn():
    placed = drawn = 0
    for layer_id, structure in STRUCTURES.items():
        bases = dict(open_layer(layer_id).features.groupby("component")["basis"].agg(set))
        for component in structure.components:
            if component.evidence != "not-located":
                placed += 1
                drawn += bases[component.no] != {"unlocated"}
    assert drawn >= 0.9 * placed


@each("key", COMPONENTS)
def test_our_words_are_not_the_plans(key, prose):
    structure, component = COMPONENTS[key]
    ours = [component.theme_zh, component.bounds_zh, structure.note_zh, str(component.rule.params.get("reason_zh", ""))]
    ours += [member.note_zh for member in component.members]
    for words in map(bare, ours):
        runs = {words[i : i + LONGEST_SHARED_RUN + 1] for i in range(len(words) - LONGEST_SHARED_RUN)}
        assert not [run for run in runs for text in prose if run in text]


# What the four headline layouts must say

CORE_AXIS_BELT = "wuzhong-14fyp/wuzhong-core-axis-belt"
SHARED_BY_AXIS_AND_BELT = {"横泾街道", "临湖镇", "木渎镇", "胥口镇", "光福镇", "东山镇"}


def test_core_axis_belt_town_by_town():
    core, axis, belt = (find(CORE_AXIS_BELT, no) for no in (1, 2, 3))
    assert extents(core) == {"吴中高新区": "whole", "城南街道": "whole", "太湖街道": "whole", "越溪街道": "part"}
    assert extents(axis) == {"甪直镇": "whole", "郭巷街道": "whole", "越溪街道": "part"} | dict.fromkeys(
        SHARED_BY_AXIS_AND_BELT, "part"
    )
    assert extents(belt) == {"香山街道": "whole", "金庭镇": "whole"} | dict.fromkeys(SHARED_BY_AXIS_AND_BELT, "part")
    assert "东部" in next(member.note_zh for member in core.members if member.name == "越溪街道")
    assert "东部" in core.rule.params["side_zh"]
    # The plan lists the axis by extent: it gives no direction, and the belt's shore is that of its own towns.
    assert axis.direction is None
    assert set(belt.rule.params["within"]) == set(extents(belt))
    for line, component in ((221, core), (225, axis), (229, belt)):
        assert line in component.lines


def test_three_districts_many_parks():
    layer = "snd-14fyp/snd-three-districts-many-parks"
    components = STRUCTURES[layer].components
    districts = [component for component in components if component.role == "district"]
    parks = [component for component in components if component.role == "park"]
    assert len(districts) == 3
    assert len(parks) == 9
    named = {name for component in districts for name in names_of(component)}
    assert not named & {"枫桥街道", "通安镇", "town/fengqiao", "town/tongan"}
    assert extents(districts[0]) == {"狮山街道": "whole", "横塘街道": "whole"}
    assert set(extents(districts[1]).values()) == set(extents(districts[2]).values()) == {"unstated"}
    assert {c.name_zh: c.stated_area_km2 for c in parks if c.stated_area_km2} == {
        "太湖科学城": 10, "苏州金融小镇": 4, "苏州生命健康小镇": 3.61, "浒墅关运河文化小镇": 3.5, "苏绣小镇": 3,
    }  # fmt: skip
    block = find(layer, 5)
    assert set(extents(block)) == {"运河路", "长江路", "竹园路", "金山东路"}
    assert len(block.rule.params["roads"]) == 4
    assert [c.name_zh for c in parks if 589 in c.lines] == [
        "和枫科创园", "大阳山数字经济产业园", "苏州科技城新一代信息技术产业园",
    ]  # fmt: skip


def test_layout_of_kunshan():
    layer = "kunshan-15fyp/kunshan-overall-layout"
    groups = [component for component in STRUCTURES[layer].components if component.role == "cluster"]
    assert [extents(group) for group in groups] == [
        {"昆山开发区": "whole", "花桥经济开发区": "whole", "陆家镇": "whole"},
        {"昆山高新区": "whole", "巴城镇": "whole"},
        {"千灯镇": "unstated", "张浦镇": "unstated"},
        {"淀山湖镇": "unstated", "周庄镇": "unstated", "锦溪镇": "unstated"},
    ]
    assert not {"周市镇", "town/zhoushi"} & {name for group in groups for name in names_of(group)}
    east_west, south_north = find(layer, 5), find(layer, 6)
    assert (east_west.direction, south_north.direction) == ("east-west", "north-south")
    assert [place_of(name, "kunshan-15fyp").id for name in east_west.rule.params["order"]] == [
        "functional_area/hongqiao-cbd", "dev_zone/huaqiao-jingji-kaifaqu", "dev_zone/kunshan-jingji-jishu-kaifaqu",
        "dev_zone/kunshan-gaoxinqu",
    ]  # fmt: skip
    assert south_north.rule.params["order"] == [
        ["淀山湖镇", "周庄镇", "锦溪镇"], "张浦镇", "千灯镇", "昆山中心城区", "周市镇",
    ]  # fmt: skip
    core = find(layer, 1)
    assert core.rule.form == "block"
    assert core.rule.params["roads"] == ["road/kunshan-zhonghuan"]
    assert "中环" in core.bounds_zh
    for no, anchor in ((2, "玉山广场"), (3, "正仪"), (4, "大渔湖")):
        assert anchor in extents(find(layer, no))


def test_strokes_of_the_feng_are_lines_and_none_is_called_a_stroke():
    belts = STRUCTURES["suzhou-15fyp/suzhou-feng-industry-belts"].components
    assert [component.rule.form for component in belts] == ["along"] * 4
    assert all(component.direction is None for component in belts)
    assert belts[0].evidence == "inferred"
    assert belts[0].rule.params["said_zh"]


def test_three_cores_are_drawn_and_what_is_only_counted_is_not():
    cores = STRUCTURES["suzhou-15fyp/suzhou-eco-cores"].components
    assert [(component.name_zh, component.rule.form) for component in cores] == [
        ("太湖", "area"), ("阳澄湖", "area"), ("长江", "area"),
        ("四轴", "unlocated"), ("四片", "unlocated"), ("多廊多源地", "unlocated"),
    ]  # fmt: skip
    assert all(component.evidence == "not-located" and not component.members for component in cores[3:])
