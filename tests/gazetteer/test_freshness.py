"""An applied patch is known without a restart: the register and what is made of it follow their files."""

from __future__ import annotations

import shutil

import pytest

from gazetteer import freshness, geocode, open_register, read, register
from gazetteer.reading import tables

TEXT = "建设澄湖芦苇苑。"


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Let the register and the reader's exceptions come from copies, and the project's own again afterwards."""
    monkeypatch.setattr(register, "REGISTER_FILE", tmp_path / "register.json")
    reading = tmp_path / "reading"
    shutil.copytree(tables.HERE, reading, ignore=shutil.ignore_patterns("*.py*", "__pycache__"))
    shutil.copy(freshness.HERE / "register.json", tmp_path / "register.json")
    monkeypatch.setattr(tables, "HERE", reading)
    monkeypatch.setattr(freshness, "FILES", (tmp_path / "register.json", reading / "exceptions.toml"))
    freshness.renew(now=True)
    yield tmp_path
    monkeypatch.undo()
    freshness.renew(now=True)


def rewrite(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    beside = path.with_suffix(".new")
    beside.write_text(text.replace(old, new, 1), encoding="utf-8")
    beside.replace(path)


def test_a_changed_register_is_read_anew(files):
    assert geocode("澄湖芦苇苑").best is None
    before = open_register()
    rewrite(files / "register.json", '"甪直镇"', '"澄湖芦苇苑"')
    freshness.renew(now=True)
    found = geocode("澄湖芦苇苑").best
    assert found is not None
    assert open_register() is not before
    assert [mention.place_id for mention in read(TEXT).mentions] == [found.place.id]
    rewrite(files / "reading/exceptions.toml", "[strings]\n", '[strings]\nlocal = ["澄湖芦苇苑"]\n')
    freshness.renew(now=True)
    assert not read(TEXT).mentions


def test_the_register_stays_while_its_files_do(files):
    before = open_register()
    freshness.renew(now=True)
    assert open_register() is before


def test_files_are_looked_at_once_in_a_while(files, monkeypatch):
    before = open_register()
    now = freshness.time.monotonic()
    monkeypatch.setattr(freshness.time, "monotonic", lambda: now + 3600)
    freshness.renew()
    rewrite(files / "register.json", '"甪直镇"', '"澄湖芦苇苑"')
    monkeypatch.setattr(freshness.time, "monotonic", lambda: now + 3600.5)
    assert open_register() is before
    monkeypatch.setattr(freshness.time, "monotonic", lambda: now + 3602)
    assert open_register() is not before
    freshness._seen["looked"] = float("-inf")
    monkeypatch.undo()
