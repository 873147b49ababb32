"""Which indicators, topics and figures a state shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gazetteer import open_register
from gazetteer.naming import normalise
from layers.indicators import read_figures, read_indicators, read_topics
from layers.indicators.comparing import plan_of

if TYPE_CHECKING:
    from app.indicators.state import IndicatorsState
    from layers.indicators import Figure, Indicator


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """How many rows each choice of a filter would show, the other filters kept."""

    plans: Counter[str]
    groups: Counter[str]
    attributes: Counter[str]
    forms: Counter[str]
    topics: Counter[str]
    kinds: Counter[str]


def form_of(row: Indicator) -> str:
    """Return whether a target is a number or words."""
    return "number" if row.parse("target").is_number else "words"


def list_indicators(state: IndicatorsState) -> list[Indicator]:
    """Return the indicators that pass the search and every filter, in the order of the plans."""
    return [row for row in read_indicators().values() if _passes(row, state)]


def list_topics(state: IndicatorsState) -> list[str]:
    """Return the topics of the indicators shown, those that most plans share first."""
    rows = list_indicators(state)
    plans: dict[str, set[str]] = {}
    for row in read_indicators().values():
        plans.setdefault(row.topic, set()).add(plan_of(row))
    shown = {row.topic for row in rows} - {""}
    return sorted(shown, key=lambda topic: (-len(plans[topic]), list(read_topics()).index(topic)))


def list_figures(state: IndicatorsState) -> list[Figure]:
    """Return the figures of the running text that pass the search and the filters that concern them."""
    key = normalise(state.query)
    return [
        row
        for row in read_figures()
        if (not state.plan or row.plan == state.plan)
        and (not state.kind or row.kind == state.kind)
        and (not key or any(key in normalise(text) for text in _words_of_figure(row)))
    ]


def count_choices(state: IndicatorsState) -> Counts:
    """Count the rows behind each choice of each filter."""
    if state.tab == "figures":
        plans = Counter(row.plan for row in list_figures(replace(state, plan="")))
        kinds = Counter(row.kind for row in list_figures(replace(state, kind="")))
        return Counts(
            plans=plans, groups=Counter(), attributes=Counter(), forms=Counter(), topics=Counter(),
            kinds=Counter({str(kind): number for kind, number in kinds.items()}),
        )  # fmt: skip
    return Counts(
        plans=Counter(plan_of(row) for row in list_indicators(replace(state, plan="", group=""))),
        groups=Counter(row.group_zh for row in list_indicators(replace(state, group=""))),
        attributes=Counter(row.attribute or "none" for row in list_indicators(replace(state, attribute=""))),
        forms=Counter(form_of(row) for row in list_indicators(replace(state, form=""))),
        topics=Counter(row.topic for row in list_indicators(replace(state, topic=""))),
        kinds=Counter(),
    )


def _passes(row: Indicator, state: IndicatorsState) -> bool:
    key = normalise(state.query)
    return (
        (not state.plan or plan_of(row) == state.plan)
        and (not state.group or row.group_zh == state.group)
        and (not state.attribute or (row.attribute or "none") == state.attribute)
        and (not state.topic or row.topic == state.topic)
        and (not state.form or form_of(row) == state.form)
        and (not key or any(key in normalise(text) for text in _words_of(row)))
    )


def _words_of(row: Indicator) -> tuple[str, ...]:
    """Return what a search looks at: names, group, topic, area, and the printed target."""
    topic = read_topics().get(row.topic)
    area = open_register().places[row.area]
    return (
        row.name_zh, row.name_en, row.group_zh, row.group_en, row.target, area.name_zh, area.name_en,
        *((topic.zh, topic.en) if topic else ()),
    )  # fmt: skip


def _words_of_figure(row: Figure) -> tuple[str, ...]:
    area = open_register().places[row.area]
    return (row.name_zh, row.name_en, row.where_zh, row.where_en, row.value, area.name_zh, area.name_en)
