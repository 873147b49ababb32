"""Targets of two plans side by side: what both set for a topic, what only one sets, and by how much they differ."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from app.indicators.table import describe_difference, describe_row, topic_name
from layers.indicators import find_difference, read_indicators, read_topics
from layers.indicators.comparing import plan_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.wording import Words
    from layers.comparing import Where
    from layers.indicators import Indicator


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetRow:
    """A topic with the indicators that either plan sets for it; an indicator without a topic is a row of its own.

    Attributes
    ----------
    key
        Id of the topic, or of the only indicator.
    """

    where: Where
    key: str
    left: tuple[Indicator, ...] = ()
    right: tuple[Indicator, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether any two targets of one year that may be set against each other are not the same."""
        return any(find_difference(one, other).number for one, other in self.pairs)

    @property
    def pairs(self) -> tuple[tuple[Indicator, Indicator], ...]:
        """The pairs of both sides for one year; all pairs where no year is common."""
        every = tuple((one, other) for one in self.left for other in self.right)
        return tuple(pair for pair in every if pair[0].target_year == pair[1].target_year) or every

    @property
    def years(self) -> tuple[int, ...]:
        """Years that both sides set a target for."""
        return tuple(sorted({row.target_year for row in self.left} & {row.target_year for row in self.right}))


def target_years(left: str, right: str) -> list[int]:
    """Return the years that two plans set targets for."""
    return sorted({row.target_year for row in read_indicators().values() if plan_of(row) in (left, right)})


@lru_cache(maxsize=32)
def compare_targets(left: str, right: str, year: int | None = None) -> tuple[TargetRow, ...]:
    """Return the targets of two plans: topics that both set first, those with a common year before the others.

    Parameters
    ----------
    left, right
        Ids of the plans.
    year
        Only targets for this year.
    """
    sides: list[dict[str, list[Indicator]]] = [{}, {}]
    for row in read_indicators().values():
        if year is not None and row.target_year != year:
            continue
        for side, plan in zip(sides, (left, right), strict=True):
            if plan_of(row) == plan:
                side.setdefault(row.topic or row.id, []).append(row)
    ours, theirs = sides
    rows = [
        TargetRow(
            where="both" if key in ours and key in theirs else "left" if key in ours else "right",
            key=key, left=tuple(ours.get(key, ())), right=tuple(theirs.get(key, ())),
        )
        for key in dict.fromkeys((*ours, *theirs))
    ]  # fmt: skip
    order = {"both": 0, "left": 1, "right": 2}
    return tuple(sorted(rows, key=lambda row: (order[row.where], not row.years)))


def searched_targets(row: TargetRow) -> str:
    """Return what a search looks at: the topic and the names of the indicators, in both languages, and the years."""
    topic = read_topics().get(row.key)
    told = [topic.zh, topic.en] if topic else []
    return " ".join([*told, *(f"{e.name_zh} {e.name_en} {e.target_year}" for e in (*row.left, *row.right))])


def targets_of(rows: Iterable[TargetRow]) -> list[Indicator]:
    """Return the indicators of some rows, left before right in each."""
    return [each for row in rows for each in (*row.left, *row.right)]


def describe_targets(row: TargetRow, words: Words) -> dict[str, Any]:
    """Return what the template of the comparison shows of a row."""
    topic = read_topics().get(row.key)
    first = (*row.left, *row.right)[0]
    return {
        "id": row.key,
        "where": row.where,
        "where_name": words(f"compare.where.{row.where}"),
        "chosen": False,
        "name": topic_name(topic, words) if topic else first.name_en if words.lang == "en" else first.name_zh,
        "why": "" if topic is None else words.pick({"why_zh": topic.why_zh, "why_en": topic.why_en}, "why"),
        "topic": row.key if topic else "",
        "cells": [[describe_row(each, words) for each in side] for side in (row.left, row.right)],
        "through": "",
        "differences": [
            {
                "name": str(one.target_year)
                if one.target_year == other.target_year
                else f"{one.target_year} ↔ {other.target_year}",
                **describe_difference(find_difference(one, other), words),
            }
            for one, other in row.pairs
        ],
    }
