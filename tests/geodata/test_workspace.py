"""The workspace: whole or not at all whatever happens, the old state back exactly, versions, backup and restore."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import shapely

from gazetteer import open_register
from geodata import sources, store, workspace
from geodata.workspace import Feature, Import, Issue, WorkspaceError, database, folder
from layers.building import build_layer
from layers.catalogue import find_structure, read_structures
from layers.export import to_geojson
from layers.opening import open_layer
from layers.web import cache

ROOT = Path(__file__).parents[2]
STRUCTURE = "wuzhong-14fyp/wuzhong-core-axis-belt"
BY = Import(
    kind="towns", file_name="街镇.gpkg", owner="示例测绘院", date="2026-03", licence="内部使用",
    review_number="苏S(2026)001号", accuracy_m=20.0,
)  # fmt: skip


def feature(target, *, number=1, inset=0.002):
    shape = store.read_base("towns").geometry[target].buffer(-inset)
    shape = shapely.get_parts(shape)[0]
    return Feature(number=number, layer="towns", target=target, geometry=shapely.to_wkb(shape), name_zh=target)


WHOLE = ("luzhi", "guoxiang", "mudu")


def brought(*targets):
    made = [feature(target, number=n) for n, target in enumerate(targets or ("luzhi",), start=1)]
    return workspace.add_import(BY, features=made, issues=[Issue(code="encoding", action="told", message="read")])


def test_without_a_workspace_nothing_is_read_and_nothing_is_there(own_workspace):
    assert workspace.stamp() == ()
    assert workspace.digest() == ""
    assert workspace.list_imports() == ()
    assert store.read("towns") is store.read_base("towns")
    assert not own_workspace.exists()


def test_imported_outlines_replace_cells_and_everything_follows(own_workspace):
    before = build_layer(find_structure(STRUCTURE)).features
    brought("luzhi")
    town = store.read_metric("towns").loc["luzhi"]
    assert (town["basis"], town["accuracy_m"], town["source"]) == ("official", 20.0, "import-1")
    assert town["area_km2"] == pytest.approx(town.geometry.area / 1e6, abs=0.001)
    assert town["name_zh"] == "甪直镇"
    after = open_layer(STRUCTURE).features
    changed = [key for key in before.index if not before.geometry[key].equals(after.geometry[key])]
    assert f"{STRUCTURE}#2" in changed
    row = after.loc[f"{STRUCTURE}#2"]
    assert "import-1" in row["source"].split(";")
    exported = to_geojson(after).decode()
    assert "示例测绘院 2026-03 苏S(2026)001号" in exported
    assert sources.read_sources()["import-1"].licence == "内部使用"


def test_whole_official_towns_give_official_pieces_and_a_derived_union(own_workspace):
    structure = find_structure(STRUCTURE)
    core = structure.components[0]
    units = [each for each in open_layer(STRUCTURE).pieces.to_dict("records") if each["component"] == core.no]
    whole = [each["place"] for each in units if each["extent"] == "whole"]
    part = [each["place"] for each in units if each["extent"] != "whole"]
    places = open_register().places
    brought(*dict.fromkeys(places[each].geometry.partition("/")[2] for each in [*whole, *part]))
    pieces = open_layer(STRUCTURE).pieces
    pieces = pieces[(pieces["component"] == core.no) & (pieces["form"] == "fill")]
    assert set(pieces.loc[pieces["extent"] == "whole", "basis"]) == {"official"}
    assert set(pieces.loc[pieces["extent"] != "whole", "basis"]) <= {"indicative"}
    # A component of whole towns alone is derived, and may be measured.
    whole_only = next(each for each in _unions_of_whole_towns() if len(each) > 1)
    structure_id, number, members = whole_only[0]
    brought(*dict.fromkeys(members))
    row = open_layer(structure_id).features
    row = row[row["component"] == number].iloc[0]
    assert row["basis"] == "derived"
    towns = store.read_metric("towns").loc[members]
    assert set(towns["basis"]) == {"official"}
    assert row["area_km2"] == pytest.approx(towns.geometry.union_all().area / 1e6, rel=1e-3)
    assert towns["area_km2"].sum() == pytest.approx(row["area_km2"], rel=1e-3)
    assert row["accuracy_m"] == 20.0


def _unions_of_whole_towns():
    """Components whose pieces are whole towns with cells of their own, and nothing else."""
    places = open_register().places
    for layer_id, structure in read_structures().items():
        if structure.importance > 2:
            continue
        for component in structure.components:
            if component.rule.form != "union" or set(component.rule.params) != {"of"}:
                continue
            pieces = open_layer(layer_id).pieces
            pieces = pieces[pieces["component"] == component.no]
            refs = [places[each].geometry.split("/") for each in pieces["place"] if each]
            if len(refs) > 1 and all(r[0] == "towns" for r in refs) and set(pieces["extent"]) == {"whole"}:
                yield [(layer_id, component.no, [r[1] for r in refs])] * 2


def test_neighbours_give_way_and_do_not_overlap(own_workspace):
    base = store.read_base_metric("towns")
    grown = base.geometry["luzhi"].buffer(700)
    degrees = base.loc[["luzhi"]].set_geometry([grown]).to_crs(4326).geometry.iloc[0]
    made = Feature(number=1, layer="towns", target="luzhi", geometry=shapely.to_wkb(degrees))
    workspace.add_import(BY, features=[made])
    towns = store.read_metric("towns")
    others = towns.geometry[towns.index != "luzhi"]
    assert others.intersection(towns.geometry["luzhi"]).area.sum() < 10
    touched = base.geometry.intersects(grown) & (base.index != "luzhi")
    assert touched.any()
    assert set(towns.loc[touched, "basis"]) == {"indicative"}
    assert (
        towns.geometry[~touched & (base.index != "luzhi")]
        .geom_equals(base.geometry[~touched & (base.index != "luzhi")])
        .all()
    )


def test_the_city_is_what_its_counties_are(own_workspace):
    base = store.read_base("counties")
    shape = base.geometry["kunshan"].buffer(0.001)
    made = Feature(number=1, layer="counties", target="kunshan", geometry=shapely.to_wkb(shape))
    workspace.add_import(BY, features=[made])
    assert store.read("counties").loc["kunshan", "review_number"] == BY.review_number
    city = store.read_metric("city")
    assert city.geometry.iloc[0].contains(store.read_metric("counties").geometry["kunshan"].buffer(-1))
    assert "import-1" in city["source"].iloc[0]
    assert city.geometry.iloc[0].geom_type in ("Polygon", "MultiPolygon")


@pytest.mark.parametrize("end", ["off", "remove"])
def test_the_old_state_returns_exactly(own_workspace, end):
    layer, digest = build_layer(find_structure(STRUCTURE)), cache.digest()
    towns = store.read("towns").copy()
    brought(*WHOLE)
    assert cache.digest() != digest
    assert not store.read("towns").geometry.geom_equals(towns.geometry).all()
    if end == "off":
        workspace.switch_import(1, active=False)
    else:
        workspace.remove_import(1)
    assert cache.digest() == digest
    assert store.read("towns").equals(towns)
    again = open_layer(STRUCTURE)
    assert again.features.equals(layer.features)
    assert again.pieces.drop(columns="clip").equals(layer.pieces.drop(columns="clip"))
    assert "import-1" not in sources.read_sources()


def test_the_later_import_counts_and_gives_way_again(own_workspace):
    brought("luzhi")
    workspace.add_import(BY, features=[feature("luzhi", inset=0.006)])
    small = store.read_metric("towns").loc["luzhi"]
    assert small["source"] == "import-2"
    workspace.switch_import(2, active=False)
    assert store.read_metric("towns").loc["luzhi", "source"] == "import-1"
    assert store.read_metric("towns").loc["luzhi", "area_km2"] > small["area_km2"]


def test_numbers_are_not_given_twice_and_all_is_remembered(own_workspace):
    brought("luzhi")
    workspace.remove_import(1)
    assert brought("luzhi").id == 2
    assert [(event, number) for _, event, number, _ in workspace.list_history()] == [
        ("import", 1), ("remove", 1), ("import", 2),
    ]  # fmt: skip
    assert [issue.code for issue in workspace.read_issues(2)] == ["encoding"]
    with pytest.raises(WorkspaceError, match="expected the number of an import"):
        workspace.switch_import(1, active=True)
    with pytest.raises(WorkspaceError, match="expected features"):
        workspace.add_import(BY, features=[])


def test_backup_and_restore(own_workspace, tmp_path):
    with pytest.raises(WorkspaceError, match="nothing has been imported"):
        workspace.back_up(tmp_path / "b.sqlite")
    brought("luzhi")
    digest = workspace.digest()
    workspace.back_up(tmp_path / "b.sqlite")
    assert {each.name for each in tmp_path.iterdir()} == {"b.sqlite", "workspace"}
    workspace.remove_import(1)
    brought("guoxiang")
    workspace.restore(tmp_path / "b.sqlite")
    assert workspace.digest() == digest
    assert store.read("towns").loc["luzhi", "basis"] == "official"
    shutil.rmtree(own_workspace.parent)
    workspace.restore(tmp_path / "b.sqlite")
    assert workspace.digest() == digest


@pytest.mark.parametrize("content", [b"", b"not a database at all, and long enough to be looked at" * 40])
def test_what_is_no_backup_is_refused_and_changes_nothing(own_workspace, tmp_path, content):
    brought("luzhi")
    digest = workspace.digest()
    (tmp_path / "bad.sqlite").write_bytes(content)
    for path in (tmp_path / "bad.sqlite", tmp_path / "gone.sqlite"):
        with pytest.raises(WorkspaceError):
            workspace.restore(path)
    assert workspace.digest() == digest


def test_a_newer_version_is_refused_and_an_older_one_brought_up(own_workspace, monkeypatch):
    brought("luzhi")
    assert sqlite3.connect(own_workspace).execute("PRAGMA user_version").fetchone() == (database.SCHEMA_VERSION,)
    newer = (*database._MIGRATIONS, ("ALTER TABLE imports ADD COLUMN colour TEXT NOT NULL DEFAULT ''",))
    with monkeypatch.context() as later:
        later.setattr(database, "_MIGRATIONS", newer)
        later.setattr(database, "SCHEMA_VERSION", database.SCHEMA_VERSION + 1)
        assert len(workspace.list_imports()) == 1
        with database.reading(own_workspace) as connection:
            assert connection.execute("SELECT colour FROM imports").fetchall() == [("",)]
    with pytest.raises(WorkspaceError, match="newer plan atlas"):
        workspace.list_imports()


def test_the_setting_in_the_file_names_the_folder(tmp_path, monkeypatch):
    monkeypatch.delenv(workspace.VARIABLE)
    monkeypatch.setattr(folder, "SETTINGS", tmp_path / "plan-atlas.toml")
    assert workspace.workspace_file().parent.name == "workspace"
    (tmp_path / "plan-atlas.toml").write_text(f"workspace = '{tmp_path}'\n", encoding="utf-8")
    assert workspace.workspace_file() == tmp_path / folder.FILE_NAME
    monkeypatch.setenv(workspace.VARIABLE, str(tmp_path / "other"))
    assert workspace.workspace_file().parent == tmp_path / "other"


KILLED = """
import os, signal, sqlite3, sys
from geodata import workspace
from geodata.workspace import Feature, Import, Issue
import shapely

left = int(sys.argv[1])
connect = sqlite3.connect

def watched(*arguments, **options):
    connection = connect(*arguments, **options)
    def count(statement):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    connection.set_trace_callback(count)
    return connection

sqlite3.connect = watched
shape = shapely.to_wkb(shapely.box(120.8, 31.2, 120.9, 31.3))
features = [Feature(number=n, layer="towns", target=f"t{n}", geometry=shape * 1) for n in range(1, 41)]
workspace.add_import(Import(kind="towns", file_name="new.gpkg"), features=features,
                     issues=[Issue(code="x", action="told")] * 5)
print("done")
"""


def test_a_process_killed_anywhere_leaves_the_old_state_or_the_new_one(own_workspace):
    brought("luzhi")
    old = workspace.digest()
    counts = {}
    # Statements of an import: settings, begin, one row each, commit; somewhere past the last it is done.
    for point in (1, 5, 6, 8, 20, 47, 52, 53, 54, 500):
        done = subprocess.run([sys.executable, "-c", KILLED, str(point)], cwd=ROOT, capture_output=True, text=True,
                              env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False)  # fmt: skip
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
        imports = workspace.list_imports()
        counts[point] = len(imports)
        assert database_is_sound(own_workspace)
        if len(imports) == 1:
            assert workspace.digest() == old
            continue
        with database.reading(own_workspace) as connection:
            rows = connection.execute("SELECT count(*) FROM features WHERE import = ?", (imports[1].id,)).fetchone()
            told = connection.execute("SELECT count(*) FROM issues WHERE import = ?", (imports[1].id,)).fetchone()
        assert (rows, told) == ((40,), (5,))
        workspace.remove_import(imports[1].id)
    assert counts[1] == counts[20] == 1
    assert counts[500] == 2


def test_a_full_disk_leaves_the_old_state_and_says_so(own_workspace, monkeypatch):
    brought("luzhi")
    old, connect = workspace.digest(), database._connect

    def full(address):
        connection = connect(address)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 1}")
        return connection

    monkeypatch.setattr(database, "_connect", full)
    with pytest.raises(WorkspaceError, match="full"):
        brought(*store.read_base("towns").index)
    monkeypatch.undo()
    monkeypatch.setenv(workspace.VARIABLE, str(own_workspace.parent))
    assert (workspace.digest(), len(workspace.list_imports())) == (old, 1)


def test_two_imports_at_once_wait_for_each_other(own_workspace):
    command = [sys.executable, "-c", KILLED, "0"]
    both = [subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}) for _ in range(2)]
    assert [each.wait() for each in both] == [0, 0]
    assert [(each.id, each.features) for each in workspace.list_imports()] == [(1, 40), (2, 40)]


def test_a_workspace_of_the_first_version_is_brought_up(own_workspace):
    """New features without a place were zones then; they make a layer of their own now."""
    own_workspace.parent.mkdir(parents=True)
    old = sqlite3.connect(own_workspace)
    for statement in database._MIGRATIONS[0]:
        old.execute(statement)
    old.execute(f"PRAGMA application_id = {database.APPLICATION_ID}")
    old.execute("PRAGMA user_version = 1")
    cells = ("zones", "x.gpkg", "", "", "", "", 100.0, "4326", "UTF-8", "name", "x", 1, "2026-01-01", "abc", 1)
    old.execute(f"INSERT INTO imports VALUES (1, {', '.join('?' * len(cells))})", cells)
    shape = shapely.to_wkb(shapely.box(120.6, 31.2, 120.7, 31.3))
    old.execute("INSERT INTO features VALUES (1, 1, 'zones', 'import-1-1', ?, '', '某园', 1)", (shape,))
    old.commit()
    old.close()
    workspace.tell_change()
    assert [each.name_zh for each in read_structures().values() if each.plan == "own"] == ["x"]
    assert store.read(store.OWN).loc["import-1-1", "name_zh"] == "某园"


def database_is_sound(path):
    database.check(path)
    return True


def test_a_folder_that_cannot_be_written_is_told_in_one_line(own_workspace, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv(workspace.VARIABLE, str(tmp_path / "file" / "below"))
    with pytest.raises(WorkspaceError, match="cannot be used"):
        brought("luzhi")
