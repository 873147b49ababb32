"""The sidebar of the page "indicators": search and filters with counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.indicators.list import count_choices, list_figures, list_indicators, list_topics
from app.indicators.state import ATTRIBUTES, FORMS, KINDS, groups_of
from app.indicators.table import topic_name
from app.telling import plan_name
from layers.catalogue import read_plans
from layers.indicators import read_indicators, read_topics

if TYPE_CHECKING:
    from app.indicators.state import IndicatorsState
    from app.wording import Words


def describe_indicators_panel(state: IndicatorsState, words: Words) -> dict[str, Any]:
    """Return what the sidebar's template shows."""
    counts = count_choices(state)
    rows = list_figures(state) if state.tab == "figures" else list_indicators(state)
    number = len(list_topics(state)) if state.tab == "compare" else len(rows)
    names = {row.group_zh: row.group_en for row in read_indicators().values()}
    return {
        "state": state,
        "told": words(f"indicators.told.{state.tab}", n=number),
        "plans": [
            {"id": plan.id, "name": plan_name(plan, words), "count": counts.plans[plan.id],
             "chosen": plan.id == state.plan}
            for plan in read_plans().values()
        ],
        "groups": [
            {"id": each, "name": names[each] if words.lang == "en" else each, "count": counts.groups[each],
             "chosen": each == state.group}
            for each in groups_of(state.plan)
        ],
        "attributes": [
            {"id": each, "name": words(f"indicators.attributes.{each}"), "count": counts.attributes[each],
             "on": each == state.attribute}
            for each in ATTRIBUTES
        ],
        "forms": [
            {"id": each, "name": words(f"indicators.forms.{each}"), "count": counts.forms[each],
             "on": each == state.form}
            for each in FORMS
        ],
        "topics": [
            {"id": topic.id, "name": topic_name(topic, words), "count": counts.topics[topic.id],
             "chosen": topic.id == state.topic}
            for topic in read_topics().values()
        ],
        "kinds": [
            {"id": each, "name": words(f"indicators.kinds.{each}"), "count": counts.kinds[each],
             "on": each == state.kind}
            for each in KINDS
        ],
    }  # fmt: skip
