"""The worklist: what is in doubt, what a decision makes of the text, and the patch that it leaves."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app.markup import render
from app.text.desk import Desk
from app.text.document import NO_PLAN, open_document
from app.text.marks import key_of
from app.text.worklist_view import count_left, describe_worklist
from app.wording import words
from gazetteer import open_register
from gazetteer.patching import check_patch, read_patch

UNKNOWN = "苏州青溪智慧产业园"
TEXT = f"早上去{UNKNOWN}，午后到木渎镇，夜里又回{UNKNOWN}。"


@pytest.fixture
def desk():
    desk = Desk()
    desk.lay(open_document(TEXT, name="notes.txt"))
    assert [each.surface for each in desk.mentions].count(UNKNOWN) == 2
    desk.answer({"type": "who", "value": "王工"})
    desk.answer({"type": "unfold", "value": UNKNOWN})
    return desk


def resolutions(desk):
    return [each.resolution for each in desk.mentions if each.surface == UNKNOWN]


def patch(desk):
    rows = read_patch(desk.work.patch().encode())
    assert check_patch(rows) == []
    return [row.decision for row in rows]


def test_unresolved_names_are_grouped(desk):
    view = describe_worklist(desk, words("zh"))
    (group,) = [each for each in view["groups"] if each["surface"] == UNKNOWN]
    assert (group["count"], group["open"]) == (2, True)
    assert [each["surface"] for each in group["contexts"]] == [UNKNOWN] * 2
    assert group["candidates"]
    assert view["left"] == count_left(desk) == len(view["groups"])


def test_a_name_taken_for_a_place(desk):
    before = desk.marks_id
    desk.answer({"type": "pick", "value": "town/luzhi"})
    assert {key_of(each) for each in desk.mentions if each.surface == UNKNOWN} == {"town/luzhi"}
    assert desk.marks_id != before
    (decision,) = patch(desk)
    assert (decision.action, decision.place_id, decision.plan, decision.who) == ("alias", "town/luzhi", "", "王工")
    assert count_left(desk) == 0
    desk.answer({"type": "undo", "value": UNKNOWN})
    assert resolutions(desk) == ["unresolved"] * 2


def test_a_name_that_is_no_place(desk):
    desk.answer({"type": "not_place"})
    assert resolutions(desk) == []
    assert [decision.action for decision in patch(desk)] == ["exception"]


def test_a_point_set_on_the_map(desk):
    assert desk.work.pin() is None
    desk.answer({"type": "pin_start", "value": "park"})
    assert desk.work.pin()["lon"] is None
    desk.answer({"type": "pin_save"})
    assert not desk.work.decisions
    desk.answer({"type": "pin", "lon": 120.62, "lat": 31.3})
    desk.answer({"type": "pin_accuracy", "value": "300"})
    desk.answer({"type": "pin_category", "value": "dev_zone"})
    desk.answer({"type": "pin_save"})
    assert resolutions(desk) == ["suzhou"] * 2
    (decision,) = patch(desk)
    assert (decision.lon, decision.lat, decision.accuracy_m, decision.category) == (120.62, 31.3, 300, "dev_zone")
    mention = next(each for each in desk.mentions if each.surface == UNKNOWN)
    desk.answer({"type": "mention", "value": f"{mention.line}:{mention.start}"})
    assert desk.flight.bounds[:2] == [120.62, 31.3]


def test_decisions_that_no_register_would_take_are_refused(desk):
    desk.answer({"type": "doubt", "value": "木渎镇"})
    assert desk.state.tab == "work"
    desk.answer({"type": "not_place"})
    assert desk.work.trouble == "hides"
    desk.answer({"type": "pin_start", "value": "town"})
    desk.answer({"type": "pin", "lon": 120.5, "lat": 31.25})
    desk.answer({"type": "pin_save"})
    assert desk.work.trouble == "taken"
    desk.answer({"type": "pin_cancel"})
    desk.answer({"type": "pick", "value": "town/luzhi"})
    assert desk.work.trouble == "plan"
    assert not desk.work.decisions


def test_another_meaning_in_one_plan_only():
    desk = Desk()
    desk.lay(open_document(TEXT, name="notes.txt", plan="wuzhong-14fyp"))
    desk.answer({"type": "doubt", "value": "木渎镇"})
    desk.answer({"type": "pick", "value": "town/luzhi"})
    desk.answer({"type": "who", "value": "王工"})
    (decision,) = patch(desk)
    assert decision.plan == "wuzhong-14fyp"


def test_decisions_outlive_the_text(desk):
    desk.answer({"type": "pick", "value": "town/luzhi"})
    desk.lay(open_document(f"别的日子也到过{UNKNOWN}。", name="b.txt"))
    assert {key_of(each) for each in desk.mentions} == {"town/luzhi"}
    assert desk.work.open == ""
    assert len(patch(desk)) == 1


def test_the_command_line_judges_a_patch(desk, tmp_path):
    desk.answer({"type": "pick", "value": "town/luzhi"})
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(desk.work.patch(), encoding="utf-8")
    bad.write_text(desk.work.patch().replace("town/luzhi", "town/nowhere"), encoding="utf-8")
    answers = [
        subprocess.run(
            [sys.executable, "-m", "app.command_line", "apply", str(path), "--check"],
            capture_output=True, text=True, encoding="utf-8", check=False, timeout=120,
        )
        for path in (good, bad, tmp_path / "none.csv")
    ]  # fmt: skip
    assert [answer.returncode for answer in answers] == [0, 1, 1]
    assert "1 rows" in answers[0].stdout
    assert "row 2: place_id" in answers[1].stderr
    assert "none.csv" in answers[2].stderr
    assert not any("Traceback" in answer.stderr for answer in answers)


@pytest.mark.parametrize(
    "event",
    [
        {"type": "pick", "value": "town/nowhere"},
        {"type": "pin", "lon": 120.0, "lat": 31.0},
        {"type": "pin_save"},
        {"type": "undo", "value": "x"},
        {"type": "unfold", "value": "<img src=x>"},
    ],
)
def test_events_that_make_no_sense_decide_nothing(desk, event):
    desk.answer(event)
    assert not desk.work.decisions
    html = render("text/work", words=words("zh"), trouble="", **describe_worklist(desk, words("zh")))
    assert "<img src=x>" not in html


def candidates(text, surface):
    desk = Desk()
    desk.lay(open_document(text, name="notes.txt", plan=NO_PLAN))
    desk.answer({"type": "doubt", "value": surface})
    (group,) = [each for each in describe_worklist(desk, words("zh"))["groups"] if each["surface"] == surface]
    return [each["id"] for each in group["candidates"]]


def test_candidates_go_by_category_and_by_the_district_of_the_section():
    section = "第一章 区域\n{}推进木渎镇、甪直镇、胥口镇建设。\n第二章 园区\n{}建设青竹科技创业园。\n"
    wuzhong = candidates(section.format("", "吴中区木渎镇、甪直镇、胥口镇、临湖镇"), "青竹科技创业园")
    kunshan = candidates(section.format("", "昆山市张浦镇、锦溪镇、巴城镇、周市镇"), "青竹科技创业园")
    places = open_register().places
    assert places[wuzhong[0]].category == "dev_zone"
    assert "county/wuzhong" in open_register().ancestors(places[wuzhong[0]])
    assert "county/kunshan" in open_register().ancestors(places[kunshan[0]])
