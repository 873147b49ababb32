"""The page "compare": two plans or structures side by side or one over the other, and a table of what they share."""

from __future__ import annotations

import dataclasses
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

import streamlit as st

from app.actions import Flight, act
from app.browsing import send_flight, tongue_and_system, write_address
from app.compare.bar import describe_bar, describe_compare_panel
from app.compare.desk import CompareDesk, home_bounds
from app.compare.map import compare_map_state
from app.compare.state import KEYS, read_compare_state, write_compare_state
from app.compare.table import describe_table, filter_rows, page_of
from app.compare.targets import TargetRow, targets_of
from app.downloads import file_for_browser
from app.indicators.desk import IndicatorsDesk
from app.indicators.state import IndicatorsState
from app.library import located_places, open_library
from app.map.page import current_state
from app.map.view import show_map
from app.markup import hand_on, last_seen, read_script, show_view
from app.wording import words as words_of
from layers.catalogue import read_plans, read_structures
from layers.compared import to_csv
from layers.indicators import indicators_to_csv, read_topics
from layers.pairing import list_pairs

if TYPE_CHECKING:
    from app.compare.state import CompareState
    from app.library import Library
    from app.wording import Words

_SHARED: Final = ("lang", "crs", "boundaries", "group")
"""Events that change what the page has in common with the map page."""
_FILE: Final = "compare.csv"

_handle = st.components.v2.component(
    "plan_atlas_swipe",
    html='<div class="atlas-view swipe"><div role="slider" tabindex="0" aria-orientation="horizontal" '
    'aria-valuemin="0" aria-valuemax="100"><i aria-hidden="true"></i></div></div>',
    js=read_script("compare/swipe.js"),
    isolate_styles=False,
)


@cache
def _sides() -> frozenset[str]:
    return frozenset((*read_plans(), *read_structures()))


def _read(query: dict[str, str]) -> CompareState:
    first = list_pairs()[0]
    return read_compare_state(query, sides=_sides(), default=(first.left, first.right), places=located_places())


def _desk_of_session() -> CompareDesk:
    """Return what the reader does here; a new session takes its state from the address."""
    session = st.session_state
    if "compare" not in session:
        session.compare = CompareDesk(state=_read(st.query_params.to_dict()))
        _turn_to_chosen(session.compare)
    desk: CompareDesk = session.compare
    return desk


def _turn_to_chosen(desk: CompareDesk) -> None:
    """Turn the table to the page that the chosen row stands on."""
    page = page_of(desk)
    if page is not None and page != desk.state.page:
        desk.state = dataclasses.replace(desk.state, page=page)


def _on_event(event: dict[str, Any], *, side: str = "") -> None:
    """Answer an event of the page, or of the map of one side."""
    desk, session, library = _desk_of_session(), st.session_state, open_library()
    kind, value = str(event.get("type")), str(event.get("value") or "")
    if kind == "address":
        before = desk.state
        desk.state = _read(dict(parse_qsl(value.removeprefix("?"))))
        if (before.left, before.right) != (desk.state.left, desk.state.right):
            desk.fly(Flight(bounds=home_bounds(desk.comparison, library)))
    elif kind in _SHARED:
        session.state = act(current_state(library), event, library).state
    elif kind == "topic" and value in read_topics():
        session.indicators = IndicatorsDesk(state=IndicatorsState(topic=value, tab="compare"))
        session.go_to = "indicators"
    elif kind == "on_map":
        _leave(value, library)
    elif side and kind == "select":
        desk.answer(event | {"type": f"{side}_select"}, library)
        _turn_to_chosen(desk)
    else:
        desk.answer(event, library)


def _leave(target: str, library: Library) -> None:
    """Go to the map page with a component, a structure or a place chosen there."""
    session, state = st.session_state, current_state(library)
    if target in library.cards:
        state = dataclasses.replace(state, plan=library.cards[target]["plan"], layers=(target,), selected="", place="")
        bounds = library.cards[target]["bounds"]
        flight = Flight(bounds=bounds) if bounds else None
        session.opened = {target}
    else:
        if target in library.components:
            plan = library.cards[library.layer_of(target)]["plan"]
            state = dataclasses.replace(state, plan=plan, layers=(library.layer_of(target),))
        kind = "select" if target in library.components else "place"
        outcome = act(state, {"type": kind, "value": target}, library)
        state, flight = outcome.state, outcome.flight
        session.opened = {library.layer_of(state.selected)} if state.selected else session.get("opened", set())
    send_flight(flight)
    session.state, session.go_to = state, "map"


def show_compare_page() -> None:
    """Show the page."""
    library = open_library()
    desk, state = _desk_of_session(), current_state(library)
    desk.runs += 1
    words = words_of(state.lang)
    write_address(write_compare_state(desk.state, **tongue_and_system(state)), keys=KEYS)
    with st.container(key="language"):
        show_view("language", key="language_switch", on_event=_on_event, words=words, lang=state.lang)
    with st.sidebar:
        show_view("compare/panel", key="compare_panel", on_event=_on_event, words=words,
                  **describe_compare_panel(desk, state, words))  # fmt: skip
    with st.container(key="compare"):
        show_view("compare/bar", key="compare_bar", on_event=_on_event, words=words, **describe_bar(desk, words))
        with st.container(key="compare_maps"):
            for side in ("left", "right"):
                with st.container(key=f"compare_{side}"):
                    show_map(
                        compare_map_state(side, desk, state, library, words),
                        key=f"atlas_compare_{side}", on_event=partial(_on_event, side=side),
                    )  # fmt: skip
            with st.container(key="compare_swipe"):
                _show_handle(desk, words)
        show_view("compare/table", key="compare_table", on_event=_on_event, words=words, file=_file(desk),
                  **describe_table(desk, library, words))  # fmt: skip


def _show_handle(desk: CompareDesk, words: Words) -> None:
    """Show the handle between two maps that lie one over the other."""
    key = "compare_handle"
    data = {
        "on": desk.state.mode == "swipe", "value": desk.state.swipe, "label": words("compare.handle"),
        "told": words("compare.handle_told"), "seen": last_seen(key),
    }  # fmt: skip
    _handle(key=key, data=data, on_event_change=partial(hand_on, key, _on_event))


def _file(desk: CompareDesk) -> dict[str, Any] | None:
    """Return the table that the reader has asked for: the rows that are shown, all pages."""
    wanted, desk.download = desk.download, False
    if not wanted:
        return None
    rows, _ = filter_rows(desk)
    if desk.state.tab == "targets":
        text = indicators_to_csv(targets_of(row for row in rows if isinstance(row, TargetRow)))
    else:
        text = to_csv(row for row in rows if not isinstance(row, TargetRow))
    return file_for_browser(text.encode(), name=_FILE, mime="text/csv")
