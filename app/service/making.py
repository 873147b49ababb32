"""What is served, made in a process of its own: the GeoPackage, what each layer is, and pygeoapi's configuration."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import yaml

from app.jobs.job import answer_job
from app.service.collection import INDEX, PACKAGE, Collection, Field, Offer, Origin, collection_id, feature_id
from app.service.configuration import CONFIGURATION, configure
from geodata.sources import describe_sources, read_sources
from layers.catalogue import find_plan
from layers.chapters import tell_chapter_en
from layers.export import write_file
from layers.files import find_system, read_formats
from layers.files.fields import read_fields
from layers.files.making import SEVERAL, Wish, open_tables, write_format

if TYPE_CHECKING:
    from layers.files.table import Table

_UNLOCATED = "unlocated"


def make(wish: dict[str, Any]) -> bytes:
    """Write some ``layers`` into a ``folder``; the index, which says that all is there, comes last."""
    folder = Path(wish["folder"])
    form = read_formats()["gpkg"]
    opened = open_tables(Wish(layers=tuple(wish["layers"]), formats=(form.id,)))
    tables = tuple(table for table in opened if len(table.frame))
    if not tables:
        msg = "expected layers with features, got none"
        raise ValueError(msg)
    written = write_format(tables, form, find_system(None, form), lang="zh", day=None, stem=SEVERAL)
    write_file(folder / PACKAGE, written.files[f"{SEVERAL}{form.suffix}"])
    collections = tuple(map(describe, tables))
    offer = Offer(collections=collections, sources=_origins(collections))
    plain = yaml.dump(
        configure(offer, data=folder / PACKAGE), allow_unicode=True, sort_keys=False, Dumper=yaml.CSafeDumper
    )
    write_file(folder / CONFIGURATION, plain.encode())
    write_file(folder / INDEX, msgspec.json.encode(offer))
    return b""


def describe(table: Table) -> Collection:
    """Return a layer as a collection.

    Raises
    ------
    ValueError
        If two of its features would have the same address.
    """
    base = table.layer is None
    kinds: list[tuple[str, bool]] = [(f"{table.stem}_{kind}", True) for kind in table.rows]
    # What lies nowhere belongs to what a plan says; of a base layer it is no more than a name.
    if len(table.nowhere) and not base:
        kinds.append((f"{table.stem}_{_UNLOCATED}", False))
    identity = collection_id(table.id)
    names = [feature_id(each, f"{table.id}#") for each in table.cells["id"]]
    if len(set(names)) < len(names):
        twice = sorted({each for each in names if names.count(each) > 1})
        msg = f"{table.id}: expected features whose ids differ also without slashes, got twice {twice[:3]}"
        raise ValueError(msg)
    fields = read_fields()
    located = len(table.frame) - len(table.nowhere)
    zh, en, valid_on = _tell(table)
    west, south, east, north = map(float, table.frame.total_bounds) if located else [0.0] * 4
    return Collection(
        id=identity, layer=table.id, plan="" if table.layer is None else table.layer.structure.plan,
        title_zh=table.name_zh, title_en=table.name_en, about_zh=zh, about_en=en,
        attribution=describe_sources(";".join(table.sources())), sources=table.sources(), tables=tuple(kinds),
        fields=tuple(
            Field(name=each, zh=fields[each].zh, en=fields[each].en, number=each in table.numbers)
            for each in table.fields
        ),
        name_field=table.name, bounds=(west, south, east, north) if located else None, valid_on=valid_on,
        features=located if base else len(table.frame), located=located,
    )  # fmt: skip


def _tell(table: Table) -> tuple[str, str, str]:
    """Return what a layer is, in both languages, and the date that it holds from."""
    if table.layer is None:
        return table.name_zh, table.name_en, ""
    structure = table.layer.structure
    plan = find_plan(structure.plan)
    chapter_zh, chapter_en = structure.chapter, tell_chapter_en(structure.chapter)
    # The bureau's own layers are of no plan, and so of no date.
    dated_zh, dated_en = (f"（{plan.date}）", f" ({plan.date})") if plan.date else ("", "")
    return (
        f"{plan.title_zh}{dated_zh}" + (f"，{chapter_zh}" if chapter_zh else ""),
        f"{plan.title_en}{dated_en}" + (f", {chapter_en}" if chapter_en else ""),
        plan.date,
    )


def _origins(collections: tuple[Collection, ...]) -> tuple[Origin, ...]:
    known = read_sources()
    used = sorted({each for collection in collections for each in collection.sources})
    return tuple(
        Origin(
            id=each, title=known[each].title, licence=known[each].licence, publisher=known[each].publisher,
            vintage=known[each].vintage, attribution=known[each].attribution, address=known[each].url_or_repo,
            review_number=known[each].review_number,
        )
        for each in used
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(answer_job(make))
