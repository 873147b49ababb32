"""The tables of the page "indicators": rows, comparisons of topics with their charts, figures of the running text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.indicators.chart import describe_chart, make_axis, values_of, write_number
from app.indicators.list import list_figures, list_indicators, list_topics
from app.places.table import pages_of
from app.telling import place_name, plan_name
from gazetteer import open_register
from layers.catalogue import read_plans
from layers.chapters import tell_chapter
from layers.indicators import (
    compare_topic,
    find_difference,
    measure_progress,
    parse_value,
    read_tables,
    read_topics,
    tidy_value,
)
from layers.indicators.comparing import plan_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.indicators.state import IndicatorsState
    from app.wording import Words
    from layers.indicators import Difference, Figure, Indicator, Topic
    from layers.indicators.comparing import Group

_MOST_PAIRS: Final = 7
"""So many rows still make a readable table of differences."""

_SCALES: Final = ("万亿", "亿", "万")
"""Powers of ten that a unit may begin with, the longest first."""


def describe_table(state: IndicatorsState, words: Words) -> dict[str, Any]:
    """Return what the template of the table of indicators shows."""
    shown = list_indicators(state)
    pages = pages_of(len(shown), state.page, words)
    return {"rows": [describe_row(row, words) for row in shown[pages["slice"]]], "pages": pages, "count": len(shown)}


def describe_row(row: Indicator, words: Words) -> dict[str, Any]:
    """Return a row: printed values first, what they mean beside them."""
    table = read_tables()[row.table]
    topic = read_topics().get(row.topic)
    axis = make_axis([row], from_zero=True) if len(values_of(row)) > 1 else None
    second = row.name_zh if words.lang == "en" else row.name_en
    return {
        "id": row.id,
        "no": row.no,
        "name": row.name_en if words.lang == "en" else row.name_zh,
        "second": second,
        "group": row.group_en if words.lang == "en" else row.group_zh,
        "note": row.note_en if words.lang == "en" else row.note_zh,
        "plan": table.plan,
        "plan_name": plan_name(read_plans()[table.plan], words),
        "chapter": tell_chapter(table.chapter, lang=words.lang),
        "line": row.line,
        "area": place_name(open_register().places[row.area], words).partition("（")[0].partition(" (")[0],
        "attribute": row.attribute,
        "attribute_name": words(f"indicators.attributes.{row.attribute or 'none'}"),
        "unit": _unit(row.unit, words),
        "baseline": _value(row, "baseline", words),
        "baseline_year": row.baseline_year,
        "baseline_line": row.baseline_line,
        "target": _value(row, "target", words),
        "target_year": row.target_year,
        "actual": _value(row, "actual", words),
        "progress": describe_difference(measure_progress(row), words) if row.baseline or row.actual else None,
        "chart": None if axis is None else describe_chart(row, axis),
        "topic": row.topic,
        "topic_name": "" if topic is None else topic_name(topic, words),
    }


def _value(row: Indicator, which: Any, words: Words) -> dict[str, Any]:
    """Return a value as printed and, for readers of English, what its Chinese words mean."""
    value = row.parse(which)
    printed = tidy_value(value.text)
    meant = ""
    if words.lang == "zh" or value.bound in ("exact", "none"):
        pass
    elif value.number is not None:
        number = write_number(value.number, words.lang)
        high = "" if value.high is None else write_number(value.high, words.lang)
        meant = words(f"indicators.bounds.{value.bound}", number=number, high=high, unit=_unit(value.unit, words))
    else:
        meant = words("indicators.bounds.words")
    return {"printed": printed, "meant": meant, "words": value.bound == "words", "none": value.bound == "none"}


def _unit(unit: str, words: Words) -> str:
    """Return a unit in the language of the page, with its power of ten; one that is not known stays as printed."""
    if words.lang == "zh" or not unit:
        return unit
    if (key := f"indicators.units.{unit}") in words.texts:
        return words(key)
    for scale in _SCALES:
        rest = unit.removeprefix(scale)
        if rest != unit and (not rest or f"indicators.units.{rest}" in words.texts):
            return words(f"indicators.scales.{scale}", unit=_unit(rest, words)).strip()
    return unit


def _year(year: str, words: Words) -> str:
    """Return a year as the plan words it, in the language of the page."""
    key = f"indicators.years.{year}"
    return words(key) if key in words.texts else year


def _unit_caption(unit: str, words: Words) -> str:
    return words("indicators.unit", unit=_unit(unit, words)) if unit else words("indicators.plain")


def describe_difference(difference: Difference, words: Words, *, with_unit: bool = True) -> dict[str, Any]:
    """Return a difference as text, or why there is none."""
    if difference.number is None:
        return {"text": "", "why": words(f"indicators.obstacles.{difference.obstacle}"), "exact": True, "sign": 0}
    number = difference.number
    sign = (number > 0) - (number < 0)
    amount = "±0" if not sign else f"{'+' if sign > 0 else '−'}{write_number(abs(number), words.lang)}"
    text = f"{amount} {_unit(difference.unit, words)}".strip() if with_unit and difference.unit != ":1" else amount
    return {"text": text, "why": "", "exact": difference.exact, "sign": sign}


def tell_target(row: Indicator, words: Words) -> dict[str, str]:
    """Return an indicator in one line: its name, and the target with unit and year."""
    value = _value(row, "target", words)
    unit = "" if value["words"] else _unit(row.unit, words)
    meant = f" ({value['meant']})" if value["meant"] else ""
    return {
        "name": row.name_en if words.lang == "en" else row.name_zh,
        "about": f"{row.target_year} · {value['printed']}{unit and ' '}{unit}{meant} · {words('line', lines=row.line)}",
    }


def tell_figure(row: Figure, words: Words) -> dict[str, str]:
    """Return a figure of the running text in one line: its name, and the value with unit and year."""
    unit = "" if parse_value(row.value).unit else _unit(row.unit, words)
    parts = (_year(row.year, words), f"{tidy_value(row.value)} {unit}".strip(), words("line", lines=row.line))
    return {"name": row.name_en if words.lang == "en" else row.name_zh, "about": " · ".join(filter(None, parts))}


def topic_name(topic: Topic, words: Words) -> str:
    """Return a topic's name in the language of the page."""
    return topic.en if words.lang == "en" else topic.zh


def describe_topics(state: IndicatorsState, words: Words) -> dict[str, Any]:
    """Return the topics shown, each with its groups and words; of the only one the differences too."""
    shown = {row.id for row in list_indicators(state)}
    topics = [_describe_topic(topic, shown, words, alone=bool(state.topic)) for topic in list_topics(state)]
    return {"topics": topics, "count": len(topics), "alone": bool(state.topic)}


def _describe_topic(topic_id: str, shown: set[str], words: Words, *, alone: bool) -> dict[str, Any]:
    done = compare_topic(topic_id)
    topic = done.topic
    groups = [_describe_group(group, topic, shown, words, alone=alone) for group in done.groups]
    said = [row for row in done.words if row.id in shown]
    rows = [row for group in done.groups for row in group.rows if row.id in shown] + said
    plans = {plan_of(row) for row in rows}
    return {
        "id": topic.id,
        "name": topic_name(topic, words),
        "better": words(f"indicators.better.{topic.better}") if topic.better else "",
        "comparable": topic.comparable,
        "why": topic.why_en if words.lang == "en" else topic.why_zh,
        "plans": len(plans),
        "groups": [group for group in groups if group["rows"]],
        "words": [_describe_target(row, words) for row in said],
    }


def _describe_target(row: Indicator, words: Words) -> dict[str, Any]:
    described = describe_row(row, words)
    described["label"] = words("indicators.label", area=described["area"], year=row.target_year)
    return described


def _describe_group(group: Group, topic: Topic, shown: set[str], words: Words, *, alone: bool) -> dict[str, Any]:
    rows = [row for row in group.rows if row.id in shown]
    axis = make_axis(rows)
    variant = topic.variants.get(group.variant, {}).get(words.lang, "")
    change = words(f"indicators.changes.{group.change}") if group.change else ""
    return {
        "caption": " · ".join(filter(None, (variant, change, _unit_caption(group.unit, words)))),
        "unit": _unit(group.unit, words),
        "rows": [
            _describe_target(row, words) | {"chart": None if axis is None else describe_chart(row, axis)}
            for row in rows
        ],
        "ticks": []
        if axis is None
        else [{"at": axis.place(tick), "text": write_number(tick, words.lang)} for tick in axis.ticks],
        "pairs": _pairs(rows, words) if alone and topic.comparable else None,
    }


def _pairs(rows: Sequence[Indicator], words: Words) -> dict[str, Any] | None:
    """Return the differences of all targets of a group, row less column."""
    if not 1 < len(rows) <= _MOST_PAIRS:
        return None
    labels = [_describe_target(row, words)["label"] for row in rows]
    unit = _unit(find_difference(rows[0], rows[1]).unit, words)
    return {
        "caption": words("indicators.pairs", unit=unit or words("indicators.plain")),
        "heads": labels,
        "rows": [
            {
                "head": labels[index],
                "cells": [
                    None if row is other else describe_difference(find_difference(other, row), words, with_unit=False)
                    for other in rows
                ],
            }
            for index, row in enumerate(rows)
        ],
    }


def describe_figures(state: IndicatorsState, words: Words) -> dict[str, Any]:
    """Return what the template of the figures of the running text shows."""
    shown = list_figures(state)
    pages = pages_of(len(shown), state.page, words)
    register = open_register()
    return {
        "rows": [
            {
                "id": row.id,
                "name": row.name_en if words.lang == "en" else row.name_zh,
                "second": row.name_zh if words.lang == "en" else row.name_en,
                "where": (row.where_en if words.lang == "en" else row.where_zh)
                or place_name(register.places[row.area], words),
                "area": row.area,
                "value": tidy_value(row.value),
                "unit": "" if parse_value(row.value).unit else _unit(row.unit, words),
                "words": not parse_value(row.value, unit=row.unit).is_number,
                "year": _year(row.year, words),
                "kind": words(f"indicators.kinds.{row.kind}"),
                "plan": row.plan,
                "plan_name": plan_name(read_plans()[row.plan], words),
                "chapter": tell_chapter(row.chapter, lang=words.lang),
                "line": row.line,
                "note": row.note_en if words.lang == "en" else row.note_zh,
            }
            for row in shown[pages["slice"]]
        ],
        "pages": pages,
        "count": len(shown),
    }
