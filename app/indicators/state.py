"""The state of the page "indicators", as the address holds it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, get_args

from layers.catalogue import read_plans
from layers.indicators import read_indicators, read_topics
from layers.indicators.records import FigureKind
from layers.indicators.themes import read_themes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

TABS: Final = ("table", "compare", "figures", "areas")
ATTRIBUTES: Final = ("binding", "expected", "none")
"""Whether a target is binding or expected; ``none`` where its table does not say."""
FORMS: Final = ("number", "words")
"""Whether a target is a number, or words that stay words."""
KINDS: Final[tuple[str, ...]] = get_args(FigureKind)
_LONGEST: Final = 80
KEYS: Final = ("q", "by", "group", "attr", "as", "topic", "kind", "theme", "page", "tab", "lang")
"""Parameters of the address that belong to a state; others (the map's view) are left alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class IndicatorsState:
    """What the reader sees of the indicators.

    Attributes
    ----------
    query
        What stands in the search box.
    plan
        Id of the only plan shown, or "".
    group
        Name of the only group shown, as the plan prints it, or "".
    attribute
        One of `ATTRIBUTES`, or "".
    form
        One of `FORMS`, or "".
    topic
        Id of the only topic shown, or "".
    kind
        One of `KINDS` for the figures of the running text, or "".
    theme
        Id of the thematic map, or "" for the first.
    page
        Page of the table, from 0.
    """

    query: str = ""
    plan: str = ""
    group: str = ""
    attribute: str = ""
    form: str = ""
    topic: str = ""
    kind: str = ""
    theme: str = ""
    page: int = 0
    tab: str = TABS[0]

    @property
    def filtered(self) -> bool:
        """Whether anything but the search keeps rows of the open tab out."""
        if self.tab == "figures":
            return bool(self.plan or self.kind)
        return bool(self.plan or self.group or self.attribute or self.form or self.topic)


def groups_of(plan: str) -> tuple[str, ...]:
    """Return the names of the groups of a plan's tables, in order; of all plans for ""."""
    rows = [row for row in read_indicators().values() if not plan or row.table.startswith(plan)]
    return tuple(dict.fromkeys(row.group_zh for row in rows if row.group_zh))


def read_indicators_state(query: Mapping[str, str]) -> IndicatorsState:
    """Read a state from the address; what makes no sense there falls back on the default."""
    page, plan = query.get("page", ""), _known(query, "by", read_plans())
    return IndicatorsState(
        query=query.get("q", "")[:_LONGEST],
        plan=plan,
        group=_known(query, "group", groups_of(plan)),
        attribute=_known(query, "attr", ATTRIBUTES),
        form=_known(query, "as", FORMS),
        topic=_known(query, "topic", read_topics()),
        kind=_known(query, "kind", KINDS),
        theme=_known(query, "theme", read_themes()),
        page=int(page) - 1 if re.fullmatch(r"[1-9][0-9]{0,4}", page) else 0,
        tab=_known(query, "tab", TABS) or TABS[0],
    )


def _known(query: Mapping[str, str], key: str, known: Collection[str]) -> str:
    value = query.get(key, "")
    return value if value in known else ""


def write_indicators_state(state: IndicatorsState, *, lang: str, default_lang: str) -> dict[str, str]:
    """Return the parameters of the address for a state; what is as by default is left out."""
    query = {
        "q": state.query,
        "by": state.plan,
        "group": state.group,
        "attr": state.attribute,
        "as": state.form,
        "topic": state.topic,
        "kind": state.kind,
        "theme": state.theme,
        "page": str(state.page + 1) if state.page else "",
        "tab": state.tab if state.tab != TABS[0] else "",
        "lang": lang if lang != default_lang else "",
    }
    return {key: value for key, value in query.items() if value}
