"""Patches: read, judged row by row, applied whole or not at all, and again without harm."""

from __future__ import annotations

import csv
import io
import shutil
import tomllib

import pytest

from gazetteer import building
from gazetteer.applying import Files, apply_patch
from gazetteer.patching import Decision, PatchError, Row, check_patch, make_id, read_patch, write_patch
from gazetteer.register import CONTEXTS_FILE, REGISTER_FILE

WHO = {"who": "李工", "when": "2026-11-21"}
ALIAS = Decision(action="alias", surface="甪直老镇区", place_id="town/luzhi", **WHO)
LOCAL_ALIAS = Decision(action="alias", surface="镇中心片", place_id="town/luzhi", plan="wuzhong-14fyp", **WHO)
EXCEPTION = Decision(action="exception", surface="创新之家大道", **WHO)
PLACE = Decision(
    action="place", surface="澄湖芦苇研究院", category="facility", lon=120.83, lat=31.22, accuracy_m=400,
    parent="county/wuzhong", **WHO,
)  # fmt: skip
ALL = (ALIAS, LOCAL_ALIAS, EXCEPTION, PLACE)


def rows(*decisions):
    return [Row(number, decision) for number, decision in enumerate(decisions, start=2)]


def changed(decision, **more):
    return Decision(**{key: getattr(decision, key) for key in Decision.__dataclass_fields__} | more)


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Return copies of the reviewed files; the register is made from them."""
    places = tmp_path / "places"
    shutil.copytree(building.PLACES, places)
    (places / "local.csv").unlink(missing_ok=True)
    monkeypatch.setattr(building, "PLACES", places)
    monkeypatch.setattr(building, "ALIASES_FILE", tmp_path / "aliases.csv")
    source = Files()
    for path in (CONTEXTS_FILE, source.exceptions, REGISTER_FILE):
        shutil.copy(path, tmp_path / path.name)
    return Files(
        places=places / "local.csv", aliases=tmp_path / "aliases.csv", contexts=tmp_path / CONTEXTS_FILE.name,
        exceptions=tmp_path / source.exceptions.name, register=tmp_path / REGISTER_FILE.name,
    )  # fmt: skip


def contents(files):
    paths = (files.places, files.aliases, files.contexts, files.exceptions, files.register)
    return {path: path.read_bytes() for path in paths if path.exists()}


def test_what_is_written_is_read_again():
    guarded = changed(ALIAS, note="=HYPERLINK(1)")
    text = write_patch([*ALL, guarded])
    assert text.startswith("\ufeffaction,surface")
    assert "'=HYPERLINK" in text
    assert [row.decision for row in read_patch(text.encode())] == [*ALL, guarded]
    # A spreadsheet may save it in its own encoding.
    assert [row.decision for row in read_patch(text.removeprefix("\ufeff").encode("gb18030"))] == [*ALL, guarded]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        ("名称,坐标\n甪直,1\n".encode(), "expected the columns action, surface"),
        (b"action,surface,colour\nalias,x,red\n", "colour"),
        (b"action,surface,lon\nplace,ab,east\n", "row 2: lon: expected a number, got 'east'"),
        (b"action,surface\nalias\n", "row 2: expected 2 cells"),
        (b"action,surface\n", "got none"),
        (b'action,surface\nalias,"open\n', "broken"),
        (b"\x00\x01\x02\x03" * 200, "expected"),
    ],
)
def test_what_is_no_patch_is_told(data, says):
    with pytest.raises(ValueError, match=says):
        read_patch(data)


def test_sound_rows_have_no_problems():
    assert check_patch(rows(*ALL)) == []


@pytest.mark.parametrize(
    ("decision", "says"),
    [
        (changed(ALIAS, action="delete"), "action"),
        (changed(ALIAS, place_id="town/nowhere"), "town/nowhere"),
        (changed(ALIAS, surface="木渎"), "already a name of"),
        (changed(ALIAS, surface="开发区"), "give the plan"),
        (changed(ALIAS, surface="a;b"), "';'"),
        (changed(ALIAS, plan="atlantis-1fyp"), "atlantis-1fyp"),
        (changed(LOCAL_ALIAS, surface="高新区"), "already means dev_zone/wuzhong-gaoxinqu"),
        (changed(ALIAS, who=""), "who"),
        (changed(ALIAS, when="yesterday"), "yesterday"),
        (changed(ALIAS, source="osm"), "'user'"),
        (changed(EXCEPTION, surface="太湖"), "hide that place"),
        (changed(PLACE, category="castle"), "castle"),
        (changed(PLACE, surface="木渎镇"), "make it an alias"),
        (changed(PLACE, lon=116.4, lat=39.9), "in Suzhou"),
        (changed(PLACE, lon=31.22, lat=120.83), "longitude first"),
        (changed(PLACE, lat=None), "both or none"),
        (changed(PLACE, accuracy_m=None), "accuracy_m"),
        (changed(PLACE, accuracy_m=float("nan")), "accuracy_m"),
        (changed(PLACE, lon=float("nan")), "longitude first"),
        (changed(PLACE, parent="county/kunshan"), "outside 昆山市"),
        (changed(PLACE, parent="county/atlantis"), "county/atlantis"),
    ],
)
def test_a_row_that_breaks_a_rule_is_named(decision, says):
    problems = check_patch(rows(ALIAS, decision) if decision.surface != ALIAS.surface else rows(EXCEPTION, decision))
    assert [problem.row for problem in problems] == [3] * len(problems)
    assert says in "; ".join(map(str, problems))


def test_one_surface_decided_twice_differently():
    (problem,) = check_patch(rows(ALIAS, changed(ALIAS, place_id="town/mudu")))
    assert "differently in row 2" in problem.text


def test_apply_writes_what_the_rows_say_and_again_nothing(files):
    before = contents(files)
    done = apply_patch(rows(*ALL), files=files)
    assert (done.changed, done.there) == (4, 0)
    after = contents(files)
    places = {place.id: place for place in building.build()}
    assert files.register.read_bytes() == building.encode(list(places.values()))
    assert "甪直老镇区" in places["town/luzhi"].aliases
    new = places[make_id(PLACE)]
    assert (new.name_zh, new.lon, new.lat, new.accuracy_m, new.source) == (PLACE.surface, 120.83, 31.22, 400, "user")
    assert "李工" in new.note
    contexts = tomllib.loads(files.contexts.read_text("utf-8"))
    assert contexts["wuzhong-14fyp"]["bare_names"]["镇中心片"] == "town/luzhi"
    assert tomllib.loads(files.exceptions.read_text("utf-8"))["strings"]["local"] == ["创新之家大道"]
    # Everything else stays to the letter.
    old = before[files.contexts].decode().splitlines()
    assert [line for line in after[files.contexts].decode().splitlines() if line not in old] == [
        '"镇中心片" = "town/luzhi"'
    ]
    done = apply_patch(rows(*ALL), files=files)
    assert (done.changed, done.there) == (0, 4)
    assert contents(files) == after


def test_a_second_exception_joins_the_first(files):
    apply_patch(rows(EXCEPTION), files=files)
    apply_patch(rows(changed(EXCEPTION, surface="幸福来敲门路")), files=files)
    strings = tomllib.loads(files.exceptions.read_text("utf-8"))["strings"]
    assert strings["local"] == ["创新之家大道", "幸福来敲门路"]
    assert strings["general"] == tomllib.loads(Files().exceptions.read_text("utf-8"))["strings"]["general"]


def test_a_wrong_row_changes_no_file(files):
    before = contents(files)
    with pytest.raises(PatchError, match="row 3"):
        apply_patch(rows(ALIAS, changed(PLACE, category="castle")), files=files)
    assert contents(files) == before


def test_a_register_that_cannot_be_made_brings_everything_back(files):
    def fail():
        raise ValueError("two places have one id")

    before = contents(files)
    broken = Files(**{key: getattr(files, key) for key in Files.__dataclass_fields__} | {"rebuild": fail})
    with pytest.raises(PatchError, match="nothing was changed"):
        apply_patch(rows(*ALL), files=broken)
    assert contents(files) == before
    assert [path for path in files.register.parent.iterdir() if path.name.startswith(".")] == []


def test_the_same_place_elsewhere_is_not_taken_silently(files):
    apply_patch(rows(PLACE), files=files)
    with pytest.raises(PatchError, match="another lon"):
        apply_patch(rows(changed(PLACE, lon=120.84)), files=files)


def test_rows_of_the_local_table_have_the_columns_of_the_others(files):
    apply_patch(rows(PLACE), files=files)
    header = next(csv.reader(io.StringIO(files.places.read_text("utf-8"))))
    assert set(header) == set(building.PlaceRow.__dataclass_fields__)
