"""The reviewed tables of indicators, figures and topics, read into records."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from geodata.tables import read_table
from layers.catalogue import read_plans
from layers.indicators.records import Figure, Indicator, Table, Topic

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER: Final = Path(__file__).parent


@cache
def read_tables() -> Mapping[str, Table]:
    """Return the tables of indicators by id, in the order of the plans."""
    return _read_toml(FOLDER / "tables.toml", Table)


@cache
def read_topics() -> Mapping[str, Topic]:
    """Return the topics by id."""
    return _read_toml(FOLDER / "topics.toml", Topic)


@cache
def read_indicators() -> Mapping[str, Indicator]:
    """Return all indicators by id, in the order of the plans and of their tables.

    Raises
    ------
    ValueError
        If a row names a table, topic or variant that is not declared, or an id comes twice.
    """
    rows = [row for plan in read_plans() for row in read_table(FOLDER / f"{plan}.csv", Indicator)]
    for row in rows:
        _check(row)
    found = {row.id: row for row in rows}
    if len(found) < len(rows):
        ids = [row.id for row in rows]
        msg = f"indicators: expected each id once, got again {sorted({each for each in ids if ids.count(each) > 1})}"
        raise ValueError(msg)
    return found


@cache
def read_figures() -> tuple[Figure, ...]:
    """Return the numbers of the running text, in the order of the plans and of their lines."""
    plans = list(read_plans())
    return tuple(sorted(read_table(FOLDER / "figures.csv", Figure), key=lambda row: (plans.index(row.plan), row.line)))


def select_indicators(*, plan: str | None = None, topic: str | None = None) -> list[Indicator]:
    """Return the indicators of a plan, of a topic, or all.

    Raises
    ------
    ValueError
        If there is no such plan or topic.
    """
    for what, asked, known in (("plan", plan, read_plans()), ("topic", topic, read_topics())):
        if asked is not None and asked not in known:
            msg = f"expected a {what} out of {', '.join(known)}, got {asked!r}"
            raise ValueError(msg)
    return [
        row
        for row in read_indicators().values()
        if (plan is None or read_tables()[row.table].plan == plan) and (topic is None or row.topic == topic)
    ]


def _check(row: Indicator) -> None:
    if row.table not in read_tables():
        msg = f"indicator {row.id}: expected a table of tables.toml, got {row.table!r}"
        raise ValueError(msg)
    topic = read_topics().get(row.topic)
    if (topic is None) != (not row.topic):
        msg = f"indicator {row.id}: expected a topic of topics.toml, got {row.topic!r}"
        raise ValueError(msg)
    if row.variant and (topic is None or row.variant not in topic.variants):
        msg = f"indicator {row.id}: expected a variant that its topic declares, got {row.variant!r}"
        raise ValueError(msg)


def _read_toml(path: Path, record: type[Any]) -> dict[str, Any]:
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    records = {}
    for key, table in tables.items():
        if unknown := set(table) - set(record.__dataclass_fields__):
            msg = f"{path.name} [{key}]: expected the fields of {record.__name__}, got also {sorted(unknown)}"
            raise ValueError(msg)
        try:
            records[key] = msgspec.convert(table | {"id": key}, record)
        except msgspec.ValidationError as error:
            msg = f"{path.name} [{key}]: {error}"
            raise ValueError(msg) from error
    return records
