"""The page "projects": what the plans mean to build, as a table, a chart, a map and a record card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

import streamlit as st

from app.actions import act
from app.browsing import leave_for_map, tongue_and_system, write_address
from app.downloads import file_for_browser
from app.library import located_places, open_library
from app.map.page import current_state
from app.map.view import show_map
from app.markup import show_view
from app.places.table import show_table
from app.projects.card import describe_project_record
from app.projects.chart import describe_chart
from app.projects.desk import ProjectsDesk
from app.projects.files import projects_to_csv, projects_to_geojson
from app.projects.list import list_projects, project_districts, project_entries
from app.projects.map import entry_of, projects_map_state
from app.projects.panel import describe_projects_panel
from app.projects.state import KEYS, TABS, read_projects_state, write_projects_state
from app.projects.table import describe_projects
from app.wording import words as words_of
from layers.catalogue import read_plans
from layers.projects import read_projects

if TYPE_CHECKING:
    from app.library import Library
    from app.projects.state import ProjectsState
    from app.wording import Words

_SHARED: Final = ("lang", "crs", "group", "boundaries")
"""Events that change what the page has in common with the map page."""
_FILES: Final = {
    "csv": ("projects.csv", "text/csv", projects_to_csv),
    "geojson": ("projects.geojson", "application/geo+json", projects_to_geojson),
}


def _read(query: dict[str, str]) -> ProjectsState:
    return read_projects_state(
        query, projects=read_projects(), places=located_places(), districts=project_districts(), plans=read_plans()
    )


def _desk_of_session() -> ProjectsDesk:
    """Return what the reader does here; a new session takes its state from the address."""
    session = st.session_state
    if "projects" not in session:
        session.projects = ProjectsDesk(state=_read(st.query_params.to_dict()))
        asked = session.projects.state
        session.projects.go = 1 if asked.project else 0
        session.projects.flight = asked.near or asked.district
    desk: ProjectsDesk = session.projects
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
    elif kind == "select":
        desk.answer({"type": "point", "value": entry_of(str(event.get("fid") or ""))})
    elif kind == "on_map":
        leave_for_map(act(current_state(library), {"type": "select", "value": value}, library), library)
    elif kind == "read":
        session.wish, session.go_to = value, "text"
    else:
        desk.answer(event)


def show_projects_page() -> None:
    """Show the page."""
    library = open_library()
    desk, state = _desk_of_session(), current_state(library)
    desk.lang = state.lang
    words = words_of(state.lang)
    write_address(write_projects_state(desk.state, **tongue_and_system(state)), keys=KEYS)
    with st.container(key="language"):
        show_view("language", key="language_switch", on_event=_on_event, words=words, lang=state.lang)
    with st.sidebar:
        show_view("projects/panel", key="projects_panel", on_event=_on_event, words=words,
                  **describe_projects_panel(desk, words))  # fmt: skip
    listing = list_projects(desk.state, state.lang)
    with st.container(key="projects"):
        with st.container(key="projects_main"):
            show_view(
                "projects/bar", key="projects_bar", on_event=_on_event, file=_file(desk, library, state.lang),
                words=words, filtered=desk.state.filtered or bool(desk.state.query), count=len(listing.shown),
                tabs=[{"id": tab, "name": words(f"projects.tabs.{tab}"), "on": tab == desk.state.tab} for tab in TABS],
            )  # fmt: skip
            with st.container(key="projects_table"):
                _show_list(desk, words)
        with st.container(key="projects_beside"):
            with st.container(key="projects_map"):
                asked = projects_map_state(listing.shown, desk.state, desk.take_flight(library), state, library, words)
                show_map(asked, key="atlas_projects_map", on_event=_on_event)
            with st.container(key="projects_card"):
                entry = project_entries().get(desk.state.project)
                record = None
                if entry is not None:
                    record = describe_project_record(entry, library, words, near=desk.state.near)
                show_view("projects/card", key="projects_card_view", on_event=_on_event, words=words, record=record)


def _show_list(desk: ProjectsDesk, words: Words) -> None:
    listing = list_projects(desk.state, words.lang)
    if desk.state.tab == "chart" and listing.shown:
        chart = describe_chart(listing.shown, desk.state, words)
        show_view("projects/chart", key="projects_chart", on_event=_on_event, words=words, **chart)
        return
    table = describe_projects(listing, desk.state, words)
    show_table("projects/list", key="projects_list", go=desk.go, on_event=_on_event, words=words, state=desk.state,
               found=listing.found, **table)  # fmt: skip


def _file(desk: ProjectsDesk, library: Library, lang: str) -> dict[str, Any] | None:
    """Return the file of the list that the reader has asked for."""
    kind, desk.download = desk.download, ""
    if kind not in _FILES:
        return None
    name, mime, write = _FILES[kind]
    text = write(list_projects(desk.state, lang).shown, desk.state, library)
    return file_for_browser(text.encode(), name=name, mime=mime)
