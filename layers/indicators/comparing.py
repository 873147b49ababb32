"""Targets of several plans next to each other: only what is measured alike is ever set against each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from layers.catalogue import read_plans
from layers.indicators.reading import read_indicators, read_tables, read_topics

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from layers.indicators.records import Indicator, Topic
    from layers.indicators.values import Change, Value

Obstacle = Literal["", "words", "range", "topic", "variant", "unit", "change", "rebased", "not-comparable"]
"""Why two values are not set against each other; "" if they are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """The difference of two values, or why there is none.

    Attributes
    ----------
    number
        Second less first, in `unit`; None if `obstacle` says why not.
    unit
        What the difference counts: ``个百分点`` where the values are per cent, else their unit.
    exact
        False if either value is a bound or an approximation (左右, 以上): then the difference is no more than a hint.
    """

    number: Decimal | None
    unit: str = ""
    exact: bool = True
    obstacle: Obstacle = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Indicators of a topic that are measured alike: one variant, one unit, all levels or all changes."""

    variant: str
    unit: str
    change: Change
    rows: tuple[Indicator, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """The indicators of a topic: groups of numbers that may be compared, and those whose target is in words."""

    topic: Topic
    groups: tuple[Group, ...]
    words: tuple[Indicator, ...]


def plan_of(row: Indicator) -> str:
    """Return the id of the plan that sets an indicator."""
    return read_tables()[row.table].plan


def compare_topic(topic: str, *, plans: Iterable[str] | None = None) -> Comparison:
    """Return the targets of a topic next to each other.

    Parameters
    ----------
    topic
        Id of a topic.
    plans
        Ids of the plans that are looked at; all by default.

    Raises
    ------
    KeyError
        If there is no such topic.
    """
    if topic not in read_topics():
        msg = f"expected a topic out of {', '.join(read_topics())}, got {topic!r}"
        raise KeyError(msg)
    wanted = list(read_plans()) if plans is None else list(plans)
    rows = [row for row in read_indicators().values() if row.topic == topic and plan_of(row) in wanted]
    groups: dict[tuple[str, str, Change], list[Indicator]] = {}
    words = []
    for row in rows:
        value = row.parse("target")
        if value.is_number:
            groups.setdefault((row.variant, value.unit, value.change), []).append(row)
        else:
            words.append(row)
    return Comparison(
        topic=read_topics()[topic],
        groups=tuple(
            Group(variant=variant, unit=unit, change=change, rows=tuple(sorted(rows, key=lambda row: row.target_year)))
            for (variant, unit, change), rows in groups.items()
        ),
        words=tuple(words),
    )


def find_difference(first: Indicator, second: Indicator) -> Difference:
    """Return by how much the target of the second exceeds that of the first, or why that cannot be said."""
    if not first.topic or first.topic != second.topic:
        return Difference(number=None, obstacle="topic")
    if not read_topics()[first.topic].comparable:
        return Difference(number=None, obstacle="not-comparable")
    if first.variant != second.variant:
        return Difference(number=None, obstacle="variant")
    return _subtract(first.parse("target"), second.parse("target"))


def measure_progress(row: Indicator) -> Difference:
    """Return how far a target is from its baseline, or, in a table that looks back, a result from its target."""
    if row.actual:
        return _subtract(row.parse("target"), row.parse("actual"))
    if row.rebased:
        return Difference(number=None, obstacle="rebased")
    return _subtract(row.parse("baseline"), row.parse("target"))


def _subtract(first: Value, second: Value) -> Difference:
    obstacle: Obstacle = ""
    if first.number is None or second.number is None:
        obstacle = "words"
    elif first.high is not None or second.high is not None:
        obstacle = "range"
    elif first.unit != second.unit:
        obstacle = "unit"
    elif first.change != second.change:
        obstacle = "change"
    if obstacle or first.number is None or second.number is None:
        return Difference(number=None, obstacle=obstacle)
    unit = "个百分点" if second.unit == "%" else second.unit
    exact = first.bound == second.bound == "exact"
    return Difference(number=second.number - first.number, unit=unit, exact=exact)
