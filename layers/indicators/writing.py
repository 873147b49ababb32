"""Indicators and figures as files: CSV for spreadsheets, JSON for programs; the printed value beside the parsed one."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from gazetteer.batch import guard_cell
from layers.indicators.comparing import plan_of
from layers.indicators.reading import read_tables
from layers.indicators.values import parse_value, tidy_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from layers.indicators.records import Figure, Indicator
    from layers.indicators.values import Value


def describe_indicator(row: Indicator) -> dict[str, Any]:
    """Return an indicator with its plan, chapter and parsed target as plain values."""
    plain = asdict(row)
    return {
        "id": plain.pop("id"),
        "plan": plan_of(row),
        "chapter": read_tables()[row.table].chapter,
        **plain,
        **_describe_value("baseline", row.parse("baseline")),
        **_describe_value("target", row.parse("target")),
        **_describe_value("actual", row.parse("actual")),
    }


def _describe_value(stem: str, value: Value) -> dict[str, Any]:
    """Return what a value means: number, unit without 万 and 亿, how it is bound, whether it is a change."""
    return {
        f"{stem}_number": None if value.number is None else _plain(value.number),
        f"{stem}_high": None if value.high is None else _plain(value.high),
        f"{stem}_unit": value.unit,
        f"{stem}_bound": value.bound,
        f"{stem}_change": value.change,
    }


def _plain(number: Any) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def describe_figure(row: Figure) -> dict[str, Any]:
    """Return a figure with its parsed value as plain values."""
    return asdict(row) | _describe_value("value", parse_value(row.value, unit=row.unit))


def indicators_to_json(rows: Iterable[Indicator]) -> str:
    """Return indicators as a JSON list."""
    return json.dumps([describe_indicator(row) for row in rows], ensure_ascii=False, indent=1) + "\n"


def figures_to_json(rows: Iterable[Figure]) -> str:
    """Return figures as a JSON list."""
    return json.dumps([describe_figure(row) for row in rows], ensure_ascii=False, indent=1) + "\n"


def indicators_to_csv(rows: Iterable[Indicator], *, bom: bool = True) -> str:
    """Return indicators as CSV.

    Parameters
    ----------
    bom
        Begin with a byte order mark, so that spreadsheets read UTF-8.
    """
    return _to_csv([describe_indicator(row) for row in rows], bom=bom)


def figures_to_csv(rows: Iterable[Figure], *, bom: bool = True) -> str:
    """Return figures as CSV; see `indicators_to_csv`."""
    return _to_csv([describe_figure(row) for row in rows], bom=bom)


def to_text(rows: Sequence[Indicator], *, form: str) -> str:
    """Return indicators in the form ``csv``, ``json`` or ``table``, one line each."""
    if form == "json":
        return indicators_to_json(rows)
    if form == "csv":
        return indicators_to_csv(rows, bom=False)
    return "".join(
        f"{row.id:26} {row.target_year} {_printed(row.baseline):>14} -> {_printed(row.target):<14} "
        f"{_printed(row.actual):<8} {row.unit:<6} {row.name_zh} (line {row.line})\n"
        for row in rows
    )


def _printed(text: str) -> str:
    return tidy_value(text) or "-"


def _to_csv(rows: Sequence[dict[str, Any]], *, bom: bool) -> str:
    """Return a table whose cells no spreadsheet takes for formulas; an empty one has no header."""
    stream = io.StringIO()
    if rows:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: guard_cell(value) for key, value in row.items()} for row in rows)
    return ("\ufeff" if bom else "") + stream.getvalue()
