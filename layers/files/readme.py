"""The README of a bundle, in Chinese and English: what, when, how drawn, how far to trust, licences, fields."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geodata.sources import describe_sources, read_sources
from layers.files.fields import read_fields
from layers.files.notice import NOTICE_EN, NOTICE_ZH

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layers.files.bundle import Bundle

_RULE: Final = "-" * 60
_BASES: Final = ("official", "derived", "indicative", "schematic", "unlocated")


@cache
def _words() -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_name("readme.toml").read_text(encoding="utf-8"))


def _both(key: str, **blanks: object) -> list[str]:
    return [_words()[f"{key}_{lang}"].format(**blanks) for lang in ("zh", "en")]


def _version() -> str:
    try:
        return version("plan-atlas")
    except PackageNotFoundError:
        return "?"


def write_readme(bundle: Bundle, *, files: Iterable[str]) -> str:
    """Return the README; lines end as Windows wants them, which every other system reads too."""
    words = _words()
    tables = tuple(table for table in bundle.tables if len(table.frame))
    nowhere = sum(len(table.without_place()) for table in bundle.tables)
    rows = sum(len(table.frame) for table in tables)
    lines = [words["title"], "=" * 60, "", words["what"], _RULE]
    lines += _both("what", layers=len(tables), rows=rows, nowhere=sum(len(table.nowhere) for table in tables))
    lines += _both("made", day=bundle.day.isoformat(), version=_version())
    if bundle.area is not None:
        elsewhere = sum(table.elsewhere for table in bundle.tables)
        lines += _both("area", name=bundle.area.name, elsewhere=elsewhere)
    if nowhere:
        lines += _both("nowhere" if bundle.area is None else "nowhere_area")
    lines += ["", words["notice"], _RULE, NOTICE_ZH, NOTICE_EN, "", words["files"], _RULE]
    for form, system, written in bundle.parts:
        lines += [
            words["system_zh"].format(form=form.name, system=system.zh),
            words["system_en"].format(form=form.name, system=system.en),
        ]
        lines += [f"  ! {text}" for note in written.notes for text in note]
    lines += [*_both("style"), *_both("sums"), ""]
    lines += [f"  {name}" for name in sorted(files)]
    lines += ["", words["layers"], _RULE, *(f"{table.id}  {table.about}" for table in tables)]
    lines += [
        "",
        words["trust"],
        _RULE,
        *(words[f"basis_{each}"] for each in _BASES),
        *_both("accuracy"),
        *_both("how"),
    ]
    lines += ["", words["licence"], _RULE, *_both("licence"), *_sources(bundle)]
    fields = dict.fromkeys(field for table in tables for field in table.fields)
    known = read_fields()
    lines += ["", words["field_list"], _RULE]
    lines += [words["field"].format(name=each, zh=known[each].zh, en=known[each].en) for each in fields]
    return "\ufeff" + "\r\n".join(lines) + "\r\n"


def _sources(bundle: Bundle) -> list[str]:
    ids = sorted({each for table in bundle.tables for each in table.sources()})
    sources = read_sources()
    words = _words()
    told = [
        words["source"].format(
            title=sources[each].title, licence=sources[each].licence, vintage=sources[each].vintage or "?",
            review=sources[each].review_number or words["review_none"],
        )
        for each in ids
    ]  # fmt: skip
    return [*told, words["attribution"].format(text=describe_sources(";".join(ids)))]
