"""The command line as a shell sees it: output, exit status, one clear line instead of a traceback."""

import csv
import io
import json
import subprocess
import sys

import pytest

from app.command_line import main


def run_in_process_of_its_own(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "app.command_line", *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip


@pytest.fixture
def run(monkeypatch, capsys):
    """The same here: every start costs a second, and one of each kind of end is started as a shell does it."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["plan-atlas", *map(str, arguments)])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = end.code or 0
        told = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, status, told.out, told.err)

    return call


def test_geocode_gives_one_object_a_name():
    done = run_in_process_of_its_own("geocode", "甪直", "Atlantis")
    assert done.returncode == 0
    known, unknown = json.loads(done.stdout)
    assert known["place_id"] == "town/luzhi"
    assert known["lon"] == pytest.approx(120.87, abs=0.1)
    assert known["accuracy_m"] > 0
    assert unknown == dict.fromkeys(unknown) | {"query": "Atlantis", "alternatives": []}


def test_geocode_takes_a_plan_as_context(run):
    (row,) = json.loads(run("geocode", "高新区", "--plan", "wuzhong-14fyp").stdout)
    assert row["name"] == "吴中高新技术产业开发区"


def test_geocode_table_keeps_columns_and_row_order(tmp_path, run):
    source = tmp_path / "in.csv"
    source.write_text("no,地名,source\n3,甪直,mine\n1,无此地,mine\n2,吴中区,mine\n", encoding="utf-8-sig")
    target = tmp_path / "out.csv"
    done = run("geocode", "--csv", source, "--column", "地名", "-o", target)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"))))
    assert [row["no"] for row in rows] == ["3", "1", "2"]
    assert [row["source"] for row in rows] == ["mine"] * 3
    assert [row["place_id"] for row in rows] == ["town/luzhi", "", "county/wuzhong"]
    assert rows[1]["lon"] == ""
    assert rows[0]["atlas_source"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["geocode", "甪直", "--plan", "nope"], "got 'nope'"),
        (["geocode", "--csv", "none.csv", "--column", "x"], "none.csv"),
        (["export", "wuzhong/核轴带", "-o", "x.geojson"], "got 'wuzhong/核轴带'"),
        (["export", "--all", "-o", "x.geojson", "--format", "geojson"], "is a file"),
        (["export", "wuzhong-14fyp/wuzhong-core-axis-belt", "-o", "x.shp"], "got 'x.shp'"),
        (["at", "400", "31"], "got 400 and 31"),
        (["at", "20", "30", "--crs", "gcj02"], "order"),
        (["at", "--place", "没有这个地方"], "got '没有这个地方'"),
        (["at", "--within", "x.geojson"], "expected GeoJSON"),
        (["layers", "--plan", "nope"], "got 'nope'"),
    ],
)
def test_work_that_cannot_be_done_is_one_line_and_status_1(arguments, says, tmp_path, run, monkeypatch):
    (tmp_path / "x.geojson").write_text("kept", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = run(*arguments)
    assert done.returncode == 1
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert (tmp_path / "x.geojson").read_text(encoding="utf-8") == "kept"


@pytest.mark.parametrize(
    "arguments",
    [["geocode"], ["export", "-o", "x"], ["nope"], ["at", "x", "y"], ["at"], ["at", "1", "2", "--place", "太湖"]],
)
def test_a_wrong_call_has_status_2(arguments, run):
    done = run(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("arguments", "status"), [(["geocode", "甪直", "--plan", "nope"], 1), (["at", "x", "y"], 2)])
def test_a_shell_sees_the_status_and_no_traceback(arguments, status):
    done = run_in_process_of_its_own(*arguments)
    assert done.returncode == status
    assert done.stdout == ""
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_layers_lists_every_structure_as_the_contract_says(run):
    rows = json.loads(run("layers", "--format", "json").stdout)
    assert sum(row["importance"] == 1 for row in rows) == 62
    keys = {"id", "plan", "kind", "name_zh", "name_en", "importance", "features", "located", "unlocated"}
    assert all(set(row) == keys for row in rows)
    only = json.loads(run("layers", "--plan", "snd-14fyp", "--format", "json").stdout)
    assert {row["plan"] for row in only} == {"snd-14fyp"}


def test_export_all_writes_a_file_a_layer(tmp_path, run):
    done = run("export", "--all", "--format", "geojson", "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    files = list((tmp_path / "out").iterdir())
    assert len(files) >= 213
    for path in files:
        assert json.loads(path.read_bytes())["type"] == "FeatureCollection"


def test_export_of_one_layer_is_one_file(tmp_path, run):
    target = tmp_path / "核轴带.geojson"
    done = run("export", "wuzhong-14fyp/wuzhong-core-axis-belt", "-o", target)
    assert done.returncode == 0, done.stderr
    features = json.loads(target.read_bytes())["features"]
    assert [feature["properties"]["component_zh"] for feature in features] == [
        "中心城市核", "先进制造轴", "生态文旅带",
    ]  # fmt: skip


def test_at_tells_what_the_plans_say_of_a_point(run):
    (town,) = json.loads(run("geocode", "临湖镇").stdout)
    answer = json.loads(run("at", town["lon"], town["lat"], "--format", "json").stdout)
    assert answer["town"] == "临湖镇"
    assert answer["county"] == "吴中区"
    inside = {hit["component_zh"] for hit in answer["hits"] if hit["distance_m"] == 0}
    assert {"先进制造轴", "生态文旅带"} <= inside


def test_at_takes_a_place_an_area_and_other_coordinates(tmp_path, run):
    within = tmp_path / "box.geojson"
    ring = [[120.5, 31.2], [120.6, 31.2], [120.6, 31.3], [120.5, 31.3], [120.5, 31.2]]
    within.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}), encoding="utf-8")
    area = json.loads(run("at", "--within", within, "--near", "0", "--format", "json").stdout)
    assert area["area_km2"] == pytest.approx(105.7, abs=1)
    assert {hit["certainty"] for hit in area["hits"]} <= {"certain", "possible"}
    plain = json.loads(run("at", "31°15′N", "120°31′12″E", "--format", "json").stdout)
    metres = json.loads(run("at", "549533 3458809", "--format", "json").stdout)
    assert (plain["lon"], plain["lat"]) == pytest.approx((120.52, 31.25), abs=1e-5)
    assert (metres["lon"], metres["lat"]) == pytest.approx((120.52, 31.25), abs=1e-5)
    shifted = json.loads(run("at", "120.52", "31.25", "--crs", "gcj02", "--format", "json").stdout)
    assert 0.003 < abs(shifted["lon"] - 120.52) < 0.006
    place = run("at", "--place", "姑苏区", "--format", "csv").stdout
    assert place.splitlines()[0].startswith("plan,structure_zh,component_zh")
    assert "确定涉及" in place


@pytest.mark.parametrize(("name", "begins"), [("brief.pdf", b"%PDF"), ("brief.docx", b"PK")])
def test_at_writes_a_brief(name, begins, tmp_path, run):
    target = tmp_path / name
    done = run("at", "120.52", "31.25", "-o", target)
    assert done.returncode == 0, done.stderr
    assert target.read_bytes().startswith(begins)


def test_sheet_is_a_png_of_the_page_asked_for(tmp_path):
    target = tmp_path / "sheet.png"
    done = run_in_process_of_its_own("sheet", "wuzhong-14fyp/wuzhong-core-axis-belt", "-o", target, "--dpi", "72")
    assert done.returncode == 0, done.stderr
    data = target.read_bytes()
    assert data.startswith(b"\x89PNG")
    width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    assert width / height == pytest.approx(16 / 9, abs=0.01)
