"""The page "places": the register as a list, a map and a card; and the same for a table of the reader's own names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

import streamlit as st

from app.actions import act
from app.browsing import leave_for_map, tongue_and_system, write_address
from app.downloads import file_for_browser
from app.library import open_library
from app.map.page import current_state
from app.map.view import show_map
from app.markup import show_view
from app.places.batch_view import show_batch_bar, show_opening
from app.places.card import describe_record
from app.places.desk import PlacesDesk
from app.places.files import places_to_csv, places_to_geojson
from app.places.list import districts, list_places
from app.places.map import places_map_state
from app.places.panel import describe_places_panel
from app.places.state import KEYS, TABS, read_places_state, write_places_state
from app.places.table import describe_answers, describe_list, show_table
from app.projects.desk import ProjectsDesk
from app.projects.state import ProjectsState
from app.wording import words as words_of
from gazetteer import open_register

if TYPE_CHECKING:
    from app.places.state import PlacesState
    from app.wording import Words
    from gazetteer import Place

_SHARED: Final = ("lang", "crs", "group", "boundaries")
"""Events that change what the page has in common with the map page."""
_LEAVING: Final = ("select", "on_map")
"""Events that lead to the map page."""
_FILES: Final = {
    "csv": ("places.csv", "text/csv", places_to_csv),
    "geojson": ("places.geojson", "application/geo+json", places_to_geojson),
}


def _read(query: dict[str, str]) -> PlacesState:
    register = open_register()
    return read_places_state(query, places=register.places, districts=districts(), plans=register.contexts)


def _desk_of_session() -> PlacesDesk:
    """Return what the reader does here; a new session takes its state from the address."""
    session = st.session_state
    if "places" not in session:
        session.places = PlacesDesk(state=_read(st.query_params.to_dict()))
        session.places.go = 1 if session.places.state.place else 0
    desk: PlacesDesk = session.places
    return desk


def _on_event(event: dict[str, Any]) -> None:
    desk, session, library = _desk_of_session(), st.session_state, open_library()
    kind, value = str(event.get("type")), str(event.get("value") or "")
    if kind == "address":
        desk.state = _read(dict(parse_qsl(value.removeprefix("?"))))
        desk.go += 1
    elif kind in _SHARED:
        session.state = act(current_state(library), event, library).state
        desk.lang = session.state.lang
    elif kind in _LEAVING:
        leave_for_map(
            act(current_state(library), event | {"type": "place" if kind == "on_map" else kind}, library), library
        )
    elif kind == "projects_near" and value in open_register().places:
        session.projects = ProjectsDesk(state=ProjectsState(near=value), flight=value)
        session.go_to = "projects"
    elif kind == "select_place":
        desk.answer({"type": "place", "value": value})
    else:
        desk.answer(event)


def show_places_page() -> None:
    """Show the page."""
    library = open_library()
    desk, state = _desk_of_session(), current_state(library)
    desk.lang = state.lang
    words = words_of(state.lang)
    write_address(write_places_state(desk.state, **tongue_and_system(state)), keys=KEYS)
    with st.container(key="language"):
        show_view("language", key="language_switch", on_event=_on_event, words=words, lang=state.lang)
    with st.sidebar:
        show_view("places/panel", key="places_panel", on_event=_on_event, words=words,
                  **describe_places_panel(desk, words))  # fmt: skip
    with st.container(key="places"):
        with st.container(key="places_main"):
            _show_bar(desk, words)
            if desk.state.tab == "batch" and not show_opening(desk.batch, words, on_event=_on_event):
                return
            if desk.state.tab == "batch":
                show_batch_bar(desk.batch, words, on_event=_on_event)
            with st.container(key="places_table"):
                _show_table(desk, words)
        with st.container(key="places_beside"):
            with st.container(key="places_map"):
                asked = places_map_state(
                    _shown(desk), desk.state.place, desk.take_flight(library), state, library, words
                )
                show_map(asked, key="atlas_places_map", on_event=_on_event)
            with st.container(key="places_card"):
                place = open_register().places.get(desk.state.place)
                record = None if place is None else describe_record(place, library, words, state=state)
                show_view("places/card", key="places_card_view", on_event=_on_event, words=words, record=record)


def _show_bar(desk: PlacesDesk, words: Words) -> None:
    show_view(
        "places/bar", key="places_bar", on_event=_on_event, file=_file(desk, words), words=words,
        tabs=_tabs(desk, words), filtered=desk.state.filtered or bool(desk.state.query),
        answered=desk.batch.answered is not None,
    )  # fmt: skip


def _tabs(desk: PlacesDesk, words: Words) -> list[dict[str, Any]]:
    counts = {"list": len(list_places(desk.state, words.lang).shown), "batch": None}
    return [
        {"id": tab, "name": words(f"places.tab_{tab}"), "on": tab == desk.state.tab, "count": counts[tab]}
        for tab in TABS
    ]


def _file(desk: PlacesDesk, words: Words) -> dict[str, Any] | None:
    """Return the file of the list that the reader has asked for."""
    kind, desk.download = desk.download, ""
    if kind not in _FILES:
        return None
    name, mime, write = _FILES[kind]
    return file_for_browser(write(list_places(desk.state, words.lang).shown).encode(), name=name, mime=mime)


def _shown(desk: PlacesDesk) -> list[Place]:
    """Return the places of the table, all its pages."""
    if desk.state.tab == "batch":
        return desk.batch.places()
    return [entry.place for entry in list_places(desk.state, desk.lang).shown]


def _show_table(desk: PlacesDesk, words: Words) -> None:
    if desk.state.tab == "batch":
        answers = describe_answers(desk.batch, desk.state.place, words)
        show_table("places/answers", key="places_answers", go=desk.go, on_event=_on_event, words=words, **answers)
        return
    listing = list_places(desk.state, words.lang)
    table = describe_list(listing.shown, desk.state, words)
    show_table("places/list", key="places_list", go=desk.go, on_event=_on_event, words=words, state=desk.state,
               found=listing.found, **table)  # fmt: skip
