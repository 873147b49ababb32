"""The page "indicators": what the plans set in numbers and words, as tables, comparisons and thematic maps."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

import streamlit as st

from app.actions import Flight, act
from app.browsing import send_flight, write_address
from app.downloads import file_for_browser
from app.indicators.desk import IndicatorsDesk
from app.indicators.panel import describe_indicators_panel
from app.indicators.state import KEYS, TABS, read_indicators_state, write_indicators_state
from app.indicators.table import describe_figures, describe_table, describe_topics
from app.indicators.theme import describe_theme
from app.library import open_library
from app.map.page import current_state
from app.markup import show_view
from app.wording import LANGUAGES
from app.wording import words as words_of
from layers.indicators.themes import read_themes

if TYPE_CHECKING:
    from app.address import State
    from app.library import Library
    from app.wording import Words

_SHARED: Final = ("lang", "boundaries")
"""Events that change what the page has in common with the map page."""


def _desk_of_session() -> IndicatorsDesk:
    """Return what the reader does here; a new session takes its state from the address."""
    session = st.session_state
    if "indicators" not in session:
        session.indicators = IndicatorsDesk(state=read_indicators_state(st.query_params.to_dict()))
    desk: IndicatorsDesk = session.indicators
    return desk


def _on_event(event: dict[str, Any]) -> None:
    desk, session, library = _desk_of_session(), st.session_state, open_library()
    kind, value = str(event.get("type")), str(event.get("value") or "")
    if kind == "address":
        desk.state = read_indicators_state(dict(parse_qsl(value.removeprefix("?"))))
    elif kind in _SHARED:
        session.state = act(current_state(library), event, library).state
    elif kind == "read":
        session.wish, session.go_to = value, "text"
    elif kind == "on_map":
        _leave_for_map(value, library)
    else:
        desk.answer(event)


def _leave_for_map(layer: str, library: Library) -> None:
    """Go to the map page with the layer of a theme switched on, and no other."""
    if layer not in library.cards:
        return
    session = st.session_state
    plan = library.cards[layer]["plan"]
    session.state = dataclasses.replace(current_state(library), plan=plan, layers=(layer,), selected="", place="")
    session.opened = {*session.get("opened", ()), layer}
    send_flight(Flight(bounds=library.cards[layer]["bounds"]))
    session.go_to = "map"


def _write_address(desk: IndicatorsDesk, state: State) -> None:
    """Write the state into the address if it is new there; the view and foreign parameters stay."""
    wanted = write_indicators_state(desk.state, lang=state.lang, default_lang=LANGUAGES[0])
    write_address(wanted, keys=KEYS)


def show_indicators_page() -> None:
    """Show the page."""
    library = open_library()
    desk, state = _desk_of_session(), current_state(library)
    words = words_of(state.lang)
    _write_address(desk, state)
    with st.container(key="language"):
        show_view("language", key="language_switch", on_event=_on_event, words=words, lang=state.lang)
    with st.sidebar:
        show_view("indicators/panel", key="indicators_panel", on_event=_on_event, words=words,
                  **describe_indicators_panel(desk.state, words))  # fmt: skip
    with st.container(key="indicators"):
        tabs = [{"id": tab, "name": words(f"indicators.tabs.{tab}"), "on": tab == desk.state.tab} for tab in TABS]
        show_view("indicators/bar", key="indicators_bar", on_event=_on_event, file=_file(desk), words=words, tabs=tabs,
                  state=desk.state)  # fmt: skip
        _show_tab(desk, state, library, words)


def _file(desk: IndicatorsDesk) -> dict[str, Any] | None:
    file = desk.take_file()
    return None if file is None else file_for_browser(file[0], name=file[1], mime=file[2])


def _show_tab(desk: IndicatorsDesk, state: State, library: Library, words: Words) -> None:
    asked = desk.state
    common: dict[str, Any] = {"on_event": _on_event, "words": words, "state": asked}
    if asked.tab == "table":
        show_view("indicators/table", key="indicators_table", **common, **describe_table(asked, words))
    elif asked.tab == "compare":
        show_view("indicators/compare", key="indicators_compare", **common, **describe_topics(asked, words))
    elif asked.tab == "figures":
        show_view("indicators/figures", key="indicators_figures", **common, **describe_figures(asked, words))
    else:
        themes = list(read_themes().values())
        chosen = read_themes().get(asked.theme, themes[0])
        names = [
            {"id": each.id, "name": each.name_en if words.lang == "en" else each.name_zh, "on": each is chosen}
            for each in themes
        ]
        theme = describe_theme(chosen, library, words, boundaries=state.boundaries)
        show_view("indicators/areas", key="indicators_areas", **common, themes=names, theme=theme)
