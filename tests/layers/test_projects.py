"""The projects as data: every record sound, known to the gazetteer, true to the text, and none of the facts lost."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from layers.catalogue import read_plans, read_structures
from layers.opening import open_layer
from layers.projects import compare_attestations, locate_attestations, read_groups, read_kinds, read_projects
from layers.projects.catalogue import PROJECTS_FOLDER, _read_group
from layers.projects.record import ProjectKind
from layers.rules import read_rule
from tests.each import each
from tests.layers.test_plans import GAPS, LONGEST_SHARED_RUN, TEXTS, bare, fold, names_of, place_of, shares_a_name

PROJECTS = read_projects()
LAYERS = {layer_id: each for layer_id, each in read_structures().items() if each.kind == "projects"}
COMPONENTS = {f"{layer_id}#{c.no}": (each, c) for layer_id, each in LAYERS.items() for c in each.components}
LONGEST_NAME = 27
"""Characters of a project's name that may stand here in a row."""
SAID = {f"{project.id}@{each.plan}": (project, each) for project in PROJECTS.values() for each in project.attestations}
FACTS = TEXTS.parent / "facts" / "figures.json"
RENAMED = tomllib.loads((Path(__file__).parent / "project_facts.toml").read_text(encoding="utf-8"))
LONGEST_WORD = 10
MOST_WAITING = 0.15

# The words of the plans for each status; a word stands for one status only, but for those that say what is worked at
# (推进 the start of works), where the note tells.
NEVER = {
    "done": ("争取", "研究", "推动", "续建", "开工"),
    "under-construction": ("研究", "规划", "推动"),
    "starting": ("研究", "续建", "建成"),
    "promoted": ("续建", "建成", "研究", "争取", "开工"),
    "study": ("续建", "建成", "开工"),
    "sought": ("续建", "建成", "开工"),
}


@each("key", PROJECTS)
def test_project_is_sound(key):
    project = PROJECTS[key]
    assert re.fullmatch(r"[a-z]+/[a-z0-9]+(-[a-z0-9]+)*", project.id)
    assert project.kind in read_kinds()
    assert project.name_zh
    assert project.name_en
    assert not re.search(r"[一-鿿]", project.name_en)
    assert project.attestations
    plans = [each.plan for each in project.attestations]
    assert len(plans) == len(set(plans))
    assert set(plans) <= set(read_plans())
    names = [member.name for member in project.members]
    assert len(names) == len(set(names))


@each("key", SAID)
def test_attestation_is_sound(key):
    _, said = SAID[key]
    assert said.lines
    assert list(said.lines) == sorted(set(said.lines))
    assert said.chapter
    assert bool(said.status_zh) == (said.status != "unstated") or said.status_zh == "获批"
    assert len(said.status_zh) <= LONGEST_WORD
    assert not [word for word in NEVER.get(said.status, ()) if word in said.status_zh]
    assert bool(said.note_zh) == bool(said.note_en)
    assert not re.search(r"[一-鿿]", said.note_en)


def test_ids_are_unique_and_kinds_are_closed():
    ids = [project.id for group in read_groups().values() for project in group.projects]
    assert len(ids) == len(set(ids))
    assert set(read_kinds()) == set(ProjectKind.__args__)
    assert {project.kind for project in PROJECTS.values()} == set(read_kinds())


def test_every_file_is_a_group():
    assert {path.stem for path in PROJECTS_FOLDER.glob("*.toml")} == {*read_groups(), "kinds"}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("colour = 1", "colour"),
        ('status = "perhaps"', "status"),
        ('kind = "castle"', "kind"),
        ("status_zh = 5", "status_zh"),
    ],
)
def test_a_bad_file_is_refused_with_its_name(tmp_path, line, says):
    text = (PROJECTS_FOLDER / "rail.toml").read_text(encoding="utf-8")
    field = line.partition(" ")[0]
    found = re.search(rf"^{field} = .*$", text, flags=re.MULTILINE)
    broken = text.replace(found.group(), line, 1) if found else text.replace("[[project]]", f"[[project]]\n{line}", 1)
    (tmp_path / "rail.toml").write_text(broken, encoding="utf-8")
    with pytest.raises(ValueError, match=rf"rail\.toml: .*{says}"):
        _read_group(tmp_path / "rail.toml")


# As layers


def test_every_attestation_is_a_component_of_one_layer():
    assert len(COMPONENTS) == len(SAID)
    for project, said in SAID.values():
        structure, component = COMPONENTS[locate_attestations(project)[said.plan]]
        assert structure.plan == said.plan
        assert component.project == project.id
        assert component.status == said.status


def test_the_structures_of_the_plans_stay_apart():
    others = [each for each in read_structures().values() if each.kind != "projects"]
    assert len(others) == 213
    assert all(component.status is None for each in others for component in each.components)


@each("key", COMPONENTS)
def test_component_is_sound(key):
    structure, component = COMPONENTS[key]
    assert set(component.lines) <= set(structure.lines)
    assert component.theme_zh
    assert len(component.theme_zh) <= 20
    rule = read_rule(component)
    if component.rule.form == "unlocated":
        assert rule.reason_zh
        assert not re.search(r"[一-鿿]", rule.reason_en)
    for other in component.same_as:
        assert COMPONENTS[other][1].project == component.project


@each("key", COMPONENTS)
def test_every_name_is_known_and_means_one_place(key):
    structure, component = COMPONENTS[key]
    from gazetteer import geocode, open_register  # noqa: PLC0415

    for name in names_of(component):
        assert place_of(name, structure.plan) is not None, name
        assert name in open_register().places or not geocode(name, plan=structure.plan).ambiguous, name


@each("layer_id", LAYERS)
def test_what_cannot_be_placed_is_a_known_gap(layer_id):
    missing = {issue.rpartition(": ")[2] for issue in open_layer(layer_id).issues}
    assert missing <= set(GAPS["without_position"])


def test_every_project_with_a_place_is_drawn_and_few_wait_for_one():
    waiting = placed = 0
    for layer_id, structure in LAYERS.items():
        layer = open_layer(layer_id)
        bases = layer.features.groupby("component")["basis"].first()
        without = {int(issue.partition(" ")[0]) for issue in layer.issues}
        for component in structure.components:
            if component.rule.form == "unlocated":
                continue
            placed += 1
            if bases[component.no] == "unlocated":
                assert component.no in without, f"{layer_id}#{component.no} {component.name_zh} is drawn nowhere"
                waiting += 1
    # These have a record of their own and no site that any source gives: drawn when one is found.
    assert waiting / placed <= MOST_WAITING, f"{waiting} of {placed}"


def test_a_line_shows_the_status_that_its_plan_gives_it():
    plans = {"suzhou-15fyp": "construction", "wuzhong-14fyp": "study"}
    for plan, status in plans.items():
        layer = open_layer(f"{plan}/projects-rail")
        number = next(c.no for c in layer.structure.components if c.project == "rail/tong-su-jia-yong")
        pieces = layer.pieces[(layer.pieces["component"] == number) & (layer.pieces["form"] == "line")]
        assert set(pieces["status"]) == {status}


def test_features_carry_status_size_and_project():
    layer = open_layer("kunshan-15fyp/projects-industry")
    row = layer.features[layer.features["project"] == "industry/hushi"].iloc[0]
    assert (row["status"], row["status_zh"]) == ("unstated", "")
    assert row["size_zh"].startswith("总投资100亿元")
    assert row["chapter"] == next(c.chapter for c in layer.structure.components if c.project == "industry/hushi")


# Between plans


def test_differences_between_plans_are_computed():
    project = PROJECTS["road/heshan-lu"]
    city, report, district = (project.of_plan(plan) for plan in ("suzhou-15fyp", "suzhou-2025-report", "snd-14fyp"))
    assert compare_attestations(project, city, report) == ("status",)
    assert compare_attestations(project, city, district) == ("status", "name")
    assert compare_attestations(project, city, city) == ()
    marks = PROJECTS["road/huwu-gaosu"]
    assert compare_attestations(marks, *marks.attestations) == ()
    line = PROJECTS["metro/line-6"]
    assert "route" in compare_attestations(line, *line.attestations)


def test_a_project_of_several_plans_is_one_record():
    several = [project for project in PROJECTS.values() if len(project.attestations) > 1]
    assert len(several) >= 30
    for project in several:
        where = locate_attestations(project)
        for plan, feature in where.items():
            assert set(COMPONENTS[feature][1].same_as) == {other for at, other in where.items() if at != plan}


# Against the plans' texts and the facts


@pytest.fixture(scope="module")
def texts():
    if not TEXTS.is_dir():
        pytest.skip(f"the plans' texts are not at hand in {TEXTS}")
    return {plan: (TEXTS / f"{plan}.txt").read_text(encoding="utf-8").split("\n") for plan in read_plans()}


@pytest.fixture(scope="module")
def prose(texts):
    return [bare("".join(text)) for text in texts.values()]


@each("key", SAID)
def test_the_lines_say_so(key, texts):
    project, said = SAID[key]
    text = texts[said.plan]
    lines = [fold(text[line - 1]) for line in said.lines]
    component = COMPONENTS[locate_attestations(project)[said.plan]][1]
    assert any(fold(component.name_zh) in line for line in lines) == said.printed
    for line in lines:
        assert shares_a_name(component, line)
    if said.status_zh:
        assert any(fold(said.status_zh) in line for line in lines), said.status_zh
    for part in filter(None, said.size_zh.split("；")):
        assert any(fold(part) in line for line in lines), part


@each("key", SAID)
def test_our_words_are_not_the_plans(key, prose):
    project, said = SAID[key]
    rule = said.rule or project.rule
    for words in map(bare, (said.note_zh, str(rule.params.get("reason_zh", "")))):
        runs = {words[i : i + LONGEST_SHARED_RUN + 1] for i in range(len(words) - LONGEST_SHARED_RUN)}
        assert not [run for run in runs for text in prose if run in text]


def same_name(name, own):
    """A very long name may stand here without the units that it begins with."""
    return name == own or (len(name) > LONGEST_NAME and len(own) >= LONGEST_NAME // 2 and name.endswith(own))


def test_no_project_of_the_facts_is_lost():
    if not FACTS.is_file():
        pytest.skip(f"the facts are not at hand in {FACTS}")
    facts = json.loads(FACTS.read_text(encoding="utf-8"))["projects"]
    assert len(facts) == 222
    used = set()
    for fact in facts:
        plan, name = fact["plan"], fact["name_zh"]
        said = {
            project.id: {bare(project.name_zh), bare(project.of_plan(plan).name_zh)}
            for project in PROJECTS.values()
            if project.of_plan(plan) and fact["line"] in project.of_plan(plan).lines
        }
        wanted = RENAMED.get(plan, {}).get(name)
        if wanted is None:
            assert any(same_name(bare(name), own) for names in said.values() for own in names), f"{plan}: {name}"
        else:
            used.add((plan, name))
            assert set(wanted) <= set(said), f"{plan}: {name}"
    assert used == {(plan, name) for plan, names in RENAMED.items() for name in names}


def test_every_area_of_the_facts_is_stated_at_a_component():
    if not FACTS.is_file():
        pytest.skip(f"the facts are not at hand in {FACTS}")
    for fact in json.loads(FACTS.read_text(encoding="utf-8"))["areas"]:
        if fact["measure"] == "area":
            stated = [
                component.stated_area_km2
                for structure in read_structures().values()
                if structure.plan == fact["plan"]
                for component in structure.components
                if fact["line"] in component.lines
            ]
            assert fact["km2"] in stated, fact["name_zh"]
