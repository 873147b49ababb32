"""What one reader does on the page "indicators": the state, and what an event makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from app.indicators.list import list_figures, list_indicators, list_topics
from app.indicators.state import ATTRIBUTES, FORMS, KINDS, TABS, IndicatorsState, groups_of
from layers.catalogue import read_plans
from layers.indicators import (
    figures_to_csv,
    figures_to_json,
    indicators_to_csv,
    indicators_to_json,
    read_indicators,
    read_topics,
)
from layers.indicators.themes import read_themes

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST_SEARCH: Final = 80
FILES: Final = {"csv": "text/csv", "json": "application/json"}


@dataclass
class IndicatorsDesk:
    """The page of one reader, for the length of a session."""

    state: IndicatorsState = field(default_factory=IndicatorsState)
    download: str = ""
    """Kind of file that the reader wants of the list; taken away by the page."""

    def answer(self, event: dict[str, Any]) -> None:
        """Answer an event; one that makes no sense changes nothing."""
        action = self._ACTIONS.get(str(event.get("type")))
        if action is not None:
            action(self, str(event.get("value") or ""))

    def take_file(self) -> tuple[bytes, str, str] | None:
        """Return the file that was asked for, once: content, name, media type."""
        kind, self.download = self.download, ""
        if kind not in FILES:
            return None
        if self.state.tab == "figures":
            text = (figures_to_csv if kind == "csv" else figures_to_json)(list_figures(self.state))
            return text.encode(), f"figures.{kind}", FILES[kind]
        rows = list_indicators(self.state)
        if self.state.tab == "compare":
            topics = list_topics(self.state)
            rows = sorted((row for row in rows if row.topic), key=lambda row: topics.index(row.topic))
        text = (indicators_to_csv if kind == "csv" else indicators_to_json)(rows)
        return text.encode(), f"indicators.{kind}", FILES[kind]

    def _filter(self, **changes: Any) -> None:
        self.state = replace(self.state, page=0, **changes)

    def _search(self, value: str) -> None:
        self._filter(query=value[:_LONGEST_SEARCH])

    def _plan(self, value: str) -> None:
        if value in ("", *read_plans()):
            group = self.state.group if self.state.group in groups_of(value) else ""
            self._filter(plan=value, group=group)

    def _group(self, value: str) -> None:
        if value in ("", *groups_of(self.state.plan)):
            self._filter(group=value)

    def _attribute(self, value: str) -> None:
        if value in ATTRIBUTES:
            self._filter(attribute="" if value == self.state.attribute else value)

    def _form(self, value: str) -> None:
        if value in FORMS:
            self._filter(form="" if value == self.state.form else value)

    def _kind(self, value: str) -> None:
        if value in KINDS:
            self._filter(kind="" if value == self.state.kind else value)

    def _topic(self, value: str) -> None:
        if value in ("", *read_topics()):
            self._filter(topic=value)

    def _compare(self, value: str) -> None:
        """Show a topic with all its plans, whatever the table was filtered to."""
        if value in read_topics():
            self.state = IndicatorsState(topic=value, tab="compare")

    def _theme(self, value: str) -> None:
        if value in read_themes():
            self.state = replace(self.state, theme=value)

    def _row(self, value: str) -> None:
        """Show the table of the plan that a row stands in, narrowed to its topic."""
        row = read_indicators().get(value)
        if row is not None:
            self.state = IndicatorsState(topic=row.topic, tab="table")

    def _page(self, value: str) -> None:
        if value.isdigit():
            self.state = replace(self.state, page=int(value))

    def _tab(self, value: str) -> None:
        if value in TABS:
            self.state = replace(self.state, tab=value, page=0)

    def _reset(self, _value: str) -> None:
        self.state = IndicatorsState(tab=self.state.tab, theme=self.state.theme, query=self.state.query)

    def _everything(self, _value: str) -> None:
        self.state = IndicatorsState(tab=self.state.tab, theme=self.state.theme)

    def _download(self, value: str) -> None:
        self.download = value

    _ACTIONS: ClassVar[dict[str, Callable[[IndicatorsDesk, str], None]]] = {
        "search": _search,
        "search_first": _search,
        "by": _plan,
        "group_of": _group,
        "attribute": _attribute,
        "form": _form,
        "kind": _kind,
        "topic": _topic,
        "compare": _compare,
        "theme": _theme,
        "row": _row,
        "page": _page,
        "tab": _tab,
        "reset": _reset,
        "everything": _everything,
        "download": _download,
    }
