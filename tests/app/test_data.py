"""The page "data" as plain functions: a file brought, examined in its own process, settled, taken over, kept."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile

import pytest
import shapely
from click.testing import CliRunner

from app.command_line import cli
from app.data import list as data_list
from app.data.desk import DataDesk
from app.markup import render
from app.wording import words
from geodata import crs, store, workspace
from tests.geodata import own_data

pytestmark = pytest.mark.filterwarnings("ignore:'crs' was not provided")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A sound file and one in doubt, as bytes by name."""
    folder = tmp_path_factory.mktemp("files")
    frame = own_data.towns(county="wuzhong")
    # One outline a metre too wide: edges that do not meet, as in most files.
    wide = frame.geometry.where(frame["街镇名称"] != "木渎镇", shapely.buffer(frame.geometry.values, 1e-5))
    frame.set_geometry(wide).to_file(folder / "good.gpkg", layer="街镇")
    wrong = frame.assign(街镇名称=frame["街镇名称"].replace({"木渎镇": "木读镇", "甪直镇": "某新镇<b>"}), 行政代码="")
    own_data.moved(wrong, crs.wgs84_to_gcj02).to_file(folder / "doubt.geojson", driver="GeoJSON")
    with zipfile.ZipFile(folder / "bad.zip", "w") as archive:
        archive.writestr("readme.txt.exe", "x")
    return {each.name: each.read_bytes() for each in folder.iterdir()}


@pytest.fixture
def desk(files):
    desk = DataDesk()
    desk.opened_with = lambda name: bring(desk, name, files[name])
    yield desk
    desk.drop()


def bring(desk, name, data):
    desk.bring(name, lambda path: path.write_bytes(data))
    desk.work()
    return desk


def send(desk, kind, value=""):
    desk.answer({"type": kind, "value": value})
    if desk.stale:
        desk.work()


def shown(desk, lang="zh"):
    found = data_list.describe_found(desk, words(lang))
    html = render("data/found", words=words(lang), kinds=data_list.describe_kinds(desk, words(lang)),
                  error=data_list.describe_error(desk, words(lang)), **found)  # fmt: skip
    return found, html


def test_a_sound_file_needs_nothing_settled(own_workspace, desk):
    desk.opened_with("good.gpkg")
    send(desk, "owner", "示例  测绘院")
    send(desk, "accuracy", "20")
    # Edges that do not meet to the metre are mended, which is told.
    assert "overlap" in {issue["code"] for issue in desk.found["issues"] if issue["action"] == "repaired"}
    assert not desk.ready
    send(desk, "accept")
    assert desk.ready
    send(desk, "take_over")
    assert desk.asked
    assert desk.work()
    (made,) = workspace.list_imports()
    assert (made.owner, made.accuracy_m, made.file_name) == ("示例 测绘院", 20.0, "good.gpkg")
    assert desk.path is None
    assert store.read("towns").loc["luzhi", "basis"] == "official"
    told = data_list.describe_imports(desk, words("zh"))
    assert "good.gpkg" in told["done"]
    html = render("data/imports", words=words("zh"), **told)
    assert "示例 测绘院" in html
    assert 'data-event="off"' in html


def test_doubt_is_told_and_settled_by_hand(own_workspace, desk):
    desk.opened_with("doubt.geojson")
    found, html = shown(desk)
    assert desk.found["system"] == "gcj02"
    assert [row["name"] for row in found["rows"]] == ["某新镇<b>", "木读镇"]
    assert "某新镇&lt;b&gt;" in html
    assert "<b>某新镇<b>" not in html
    rows = {row["name"]: row["number"] for row in found["rows"]}
    send(desk, "take_over")
    assert not desk.asked
    send(desk, "accept")
    send(desk, "settle", f"{rows['木读镇']}=town/mudu")
    send(desk, "settle", f"{rows['某新镇<b>']}=new")
    found, _ = shown(desk)
    assert found["counts"][1]["id"] == "settled"
    assert {row["decision"] for row in found["rows"]} == {"town/mudu", "new"}
    send(desk, "take_over")
    assert desk.work()
    assert "import" in {each.partition("-")[0] for each in store.read("towns").index}
    assert store.read("towns").loc["mudu", "basis"] == "official"


def test_work_on_a_file_is_told_and_may_be_ended(own_workspace, desk, files):
    desk.bring("doubt.geojson", lambda path: path.write_bytes(files["doubt.geojson"]))
    assert not desk.work(wait_s=0.0)
    first, folder = desk.job, desk.path.parent
    told = data_list.describe_work(desk, words("zh"))
    assert (told["name"], told["share"]) == ("doubt.geojson", 0)
    # What is wished for meanwhile ends what is under way.
    desk.answer({"type": "kind", "value": "custom"})
    assert not desk.work(wait_s=0.0)
    assert first.ended.is_set()
    assert first.answer is None
    assert desk.job is not first
    render("data/work", words=words("en"), **data_list.describe_work(desk, words("en")))
    desk.answer({"type": "cancel"})
    assert (desk.job, desk.path, desk.error) == (None, None, None)
    assert not folder.exists()
    # A process that is ended by others is a trouble that is told.
    desk.bring("doubt.geojson", lambda path: path.write_bytes(files["doubt.geojson"]))
    desk.work(wait_s=0.0)
    desk.job.process.kill()
    desk.work()
    assert "-9" in data_list.describe_error(desk, words("zh"))


def test_another_system_may_be_chosen_and_its_misfit_is_told(own_workspace, desk):
    desk.opened_with("doubt.geojson")
    send(desk, "system", "4326")
    found, html = shown(desk, "en")
    assert found["system"]["fits"][1]["chosen"]
    assert "even the best" in html or "leaves edges" in html
    send(desk, "system", "bogus")
    assert desk.error["kind"] == "refused"
    assert "bogus" in data_list.describe_error(desk, words("en"))


def test_both_languages_show_every_part(own_workspace, desk):
    desk.opened_with("doubt.geojson")
    for lang in ("zh", "en"):
        _, html = shown(desk, lang)
        assert html.count("<section") == 4
        text = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", html, flags=re.DOTALL)
        assert "{" not in text


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("bad.zip", None, "nothing"), ("x.gpkg", b"x", "signature"), ("x.exe", b"x", "form"),
        ("x.csv", b"a,b\n1,2\n", "columns"),
    ],
)  # fmt: skip
def test_a_bad_file_is_told_in_the_readers_language(own_workspace, desk, files, name, data, kind):
    bring(desk, name, files[name] if data is None else data)
    assert desk.found is None
    assert desk.error["kind"] == kind
    for lang in ("zh", "en"):
        told = data_list.describe_error(desk, words(lang))
        assert told
        assert "Traceback" not in told


def test_events_that_make_no_sense_change_nothing(own_workspace, desk):
    for event in ({"type": "settle", "value": "x=y"}, {"type": "off", "value": "9"}, {"type": "system", "value": "1"},
                  {"type": "remove_sure", "value": "-1"}, {"type": "kind", "value": "moon"}, {"type": "??"},
                  {"type": "accuracy", "value": "nan"}, {"type": "take_over"}):  # fmt: skip
        desk.answer(event)
        assert desk.found is None
        assert not desk.asked
    assert desk.kind == "towns"
    assert desk.accuracy_m == 100.0


def test_imports_are_switched_removed_and_restored(own_workspace, desk, tmp_path):
    bring_whole(desk)
    send(desk, "off", "1")
    assert not workspace.list_imports()[0].active
    send(desk, "on", "1")
    workspace.back_up(tmp_path / "b.sqlite")
    send(desk, "remove", "1")
    assert data_list.describe_imports(desk, words("zh"))["imports"][0]["removing"]
    send(desk, "remove_sure", "1")
    assert workspace.list_imports() == ()
    desk.restore(lambda path: path.write_bytes((tmp_path / "b.sqlite").read_bytes()))
    assert len(workspace.list_imports()) == 1
    desk.restore(lambda path: path.write_bytes(b"nonsense"))
    assert desk.trouble
    assert len(workspace.list_imports()) == 1


def bring_whole(desk):
    desk.opened_with("good.gpkg")
    send(desk, "accept")
    send(desk, "take_over")
    assert desk.work()


def test_a_broken_workspace_is_told_on_the_page(own_workspace):
    own_workspace.parent.mkdir(parents=True)
    own_workspace.write_bytes(b"this is not a database, though it is long enough to be taken for one" * 20)
    told = data_list.describe_imports(DataDesk(), words("zh"))
    assert told["imports"] == []
    assert "restore" in told["trouble"]


def test_the_page_needs_no_geometry_library():
    code = "import app.data.page, json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"geopandas", "pyogrio"}.isdisjoint(json.loads(done.stdout))


# ------------ the command line


def test_the_command_imports_lists_and_removes(own_workspace, files, tmp_path):
    (tmp_path / "good.gpkg").write_bytes(files["good.gpkg"])
    (tmp_path / "doubt.geojson").write_bytes(files["doubt.geojson"])
    run = CliRunner().invoke
    first = run(cli, ["import", str(tmp_path / "doubt.geojson"), "--as", "towns", "--report", str(tmp_path / "r.csv"),
                      "--matches-out", str(tmp_path / "m.csv")])  # fmt: skip
    assert first.exit_code == 1
    assert "--accept-repairs" in first.stderr
    assert "gcj02" in (tmp_path / "r.csv").read_text("utf-8-sig")
    assert "木读镇" in (tmp_path / "m.csv").read_text("utf-8-sig")
    assert workspace.list_imports() == ()
    done = run(cli, ["import", str(tmp_path / "good.gpkg"), "--as", "towns", "--accept-repairs", "--owner", "示例院"])
    assert done.exit_code == 0, done.output
    listed = run(cli, ["workspace", "list", "--format", "json"])
    assert json.loads(listed.stdout)[0]["owner"] == "示例院"
    assert run(cli, ["workspace", "off", "1"]).exit_code == 0
    assert " off " in run(cli, ["workspace", "list"]).stdout
    assert run(cli, ["workspace", "backup", str(tmp_path / "b.sqlite")]).exit_code == 0
    assert run(cli, ["workspace", "remove", "1"]).exit_code == 0
    assert "nothing" in run(cli, ["workspace", "list"]).stdout
    assert run(cli, ["workspace", "restore", str(tmp_path / "b.sqlite")]).exit_code == 0
    assert [each[1] for each in workspace.list_history()][-1] == "restore"


@pytest.mark.parametrize("arguments", [["gone.gpkg", "--as", "towns"], ["x.gpkg", "--as", "towns"]])
def test_a_bad_file_ends_the_command_with_one_line(own_workspace, tmp_path, arguments):
    (tmp_path / "x.gpkg").write_bytes(b"SQLite format 3\x00nonsense")
    command = [sys.executable, "-m", "app.command_line", "import", str(tmp_path / arguments[0]), *arguments[1:]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
