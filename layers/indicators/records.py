"""What the tables of indicators hold, row by row."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the reader of the tables looks at it
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from layers.indicators.values import parse_value

if TYPE_CHECKING:
    from layers.indicators.values import Value

Attribute = Literal["binding", "expected", ""]
Better = Literal["up", "down", ""]
FigureKind = Literal["status", "target", "count", "radius", "deadline", "area", "length", "width"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table of indicators in a plan.

    Attributes
    ----------
    lines
        First and last line in the plan's text.
    """

    id: str
    plan: str
    title_zh: str
    title_en: str
    chapter: str
    lines: tuple[int, int]
    note_zh: str = ""
    note_en: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """What several plans or periods measure alike.

    Attributes
    ----------
    better
        The direction that the plans wish for.
    comparable
        False if no two of its values may be set against each other.
    why_zh, why_en
        What to heed when comparing.
    variants
        Definitions that differ from the plain one: variant to language (``zh``, ``en``) to words.
    """

    id: str
    zh: str
    en: str
    better: Better
    comparable: bool
    why_zh: str = ""
    why_en: str = ""
    variants: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Indicator:
    """A row of a table of indicators; every value as the plan prints it.

    Attributes
    ----------
    id
        ``<table>/<number>``, with a letter where a number has several rows.
    baseline_year
        Year, or first and last year of a period (2021–2025); "" without a baseline.
    baseline_line
        Line that prints the baseline, None without one.
    rebased
        True if the target is counted on another basis than the baseline, so that the two may not be set against each
        other.
    actual
        Result, in tables that look back.
    area
        Id of the place it holds for.
    topic, variant
        See `Topic`; "" if no other plan or period sets it.
    """

    id: str
    table: str
    no: str
    group_zh: str = ""
    group_en: str = ""
    name_zh: str
    name_en: str
    unit: str = ""
    attribute: Attribute = ""
    baseline_year: str = ""
    baseline: str = ""
    baseline_line: int | None = None
    rebased: bool = False
    target_year: int
    target: str
    actual: str = ""
    area: str
    line: int
    topic: str = ""
    variant: str = ""
    note_zh: str = ""
    note_en: str = ""

    def parse(self, which: Literal["baseline", "target", "actual"]) -> Value:
        """Parse one of the values with the row's unit."""
        return parse_value(getattr(self, which), unit=self.unit)


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A number of the running text.

    Attributes
    ----------
    where_zh, where_en
        What it is about, where the area's record is wider (长江干流苏州段); "" otherwise.
    year
        As the plan words it (2030, 十四五), or "".
    """

    id: str
    plan: str
    area: str
    where_zh: str = ""
    where_en: str = ""
    name_zh: str
    name_en: str
    value: str
    unit: str = ""
    year: str = ""
    kind: FigureKind
    chapter: str
    line: int
    note_zh: str = ""
    note_en: str = ""
