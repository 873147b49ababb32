"""Indicators and figures of the plans: reviewed tables, parsed where they are numbers, compared where that is fair.

The printed value always stands beside the parsed one; what a plan says in words stays words.
"""

from __future__ import annotations

from layers.indicators.comparing import Comparison, Difference, compare_topic, find_difference, measure_progress
from layers.indicators.reading import read_figures, read_indicators, read_tables, read_topics, select_indicators
from layers.indicators.records import Attribute, Figure, Indicator, Table, Topic
from layers.indicators.values import Value, parse_value, tidy_value
from layers.indicators.writing import figures_to_csv, figures_to_json, indicators_to_csv, indicators_to_json, to_text

__all__ = [
    "Attribute",
    "Comparison",
    "Difference",
    "Figure",
    "Indicator",
    "Table",
    "Topic",
    "Value",
    "compare_topic",
    "figures_to_csv",
    "figures_to_json",
    "find_difference",
    "indicators_to_csv",
    "indicators_to_json",
    "measure_progress",
    "parse_value",
    "read_figures",
    "read_indicators",
    "read_tables",
    "read_topics",
    "select_indicators",
    "tidy_value",
    "to_text",
]
