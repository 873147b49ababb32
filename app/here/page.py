"""The page "what applies here": a point, a place or an area, and what every plan says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

import streamlit as st

from app.actions import act
from app.browsing import leave_for_map, tongue_and_system, write_address
from app.downloads import file_for_browser
from app.here.desk import HereDesk
from app.here.files import make_brief, to_csv
from app.here.list import describe_answer
from app.here.map import here_map_state
from app.here.panel import describe_here_panel
from app.here.state import KEYS, read_here_state, write_here_state
from app.jobs.job import JobError
from app.library import located_places, open_library
from app.map.page import current_state
from app.map.view import show_map
from app.markup import keep_file, show_view
from app.wording import words as words_of
from layers.catalogue import read_collections

if TYPE_CHECKING:
    from app.here.state import HereState
    from app.library import Library
    from app.wording import Words

_SHARED: Final = ("lang", "crs", "group", "boundaries")
"""Events that change what the page has in common with the map page."""
_LIST: Final = "here_list"
_EXAMPLES: Final = {
    "zh": ("横泾街道", "苏州北站", "31°18′N 120°37′E", "559027, 3464402"),
    "en": ("Hengjing", "Kunshan South", "31°18′N 120°37′E", "559027, 3464402"),
}


def _read(query: dict[str, str], library: Library) -> HereState:
    return read_here_state(query, places=located_places(), plans=read_collections(), components=library.components)


def _desk_of_session(library: Library) -> HereDesk:
    """Return what the reader does here; a new session takes its state from the address."""
    session = st.session_state
    if "here" not in session:
        session.here = HereDesk(state=_read(st.query_params.to_dict(), library))
        if session.here.state.asked and "view" not in st.query_params:
            session.here.flight = session.here.flight_to_question(library)
    desk: HereDesk = session.here
    return desk


def _on_event(event: dict[str, Any]) -> None:
    library, session = open_library(), st.session_state
    desk = _desk_of_session(library)
    kind, value = str(event.get("type")), str(event.get("value") or "")
    if kind == "address":
        desk.state = _read(dict(parse_qsl(value.removeprefix("?"))), library)
        desk.text, desk.trouble, desk.read, desk.sketch = "", None, None, ""
    elif kind in _SHARED:
        session.state = act(current_state(library), event, library).state
    elif kind == "on_map":
        leave_for_map(act(current_state(library), {"type": "select", "value": value}, library), library)
    elif kind == "read":
        session.wish, session.go_to = value, "text"
    else:
        desk.answer(event)


def show_here_page() -> None:
    """Show the page."""
    library = open_library()
    desk, state = _desk_of_session(library), current_state(library)
    words = words_of(state.lang)
    write_address(write_here_state(desk.state, **tongue_and_system(state)), keys=KEYS)
    with st.container(key="language"):
        show_view("language", key="language_switch", on_event=_on_event, words=words, lang=state.lang)
    with st.sidebar:
        show_view("here/panel", key="here_panel", on_event=_on_event, words=words,
                  **describe_here_panel(desk, library, words))  # fmt: skip
    with st.container(key="here"):
        with st.container(key="here_map"):
            show_map(here_map_state(desk, library, words, state=state), key="atlas_here_map", on_event=_on_event)
        with st.container(key="here_answer"):
            failed = _make_file(desk, library, words)
            show_view("here/list", key=_LIST, on_event=_on_event, words=words, failed=failed,
                      examples=_EXAMPLES[words.lang], **describe_answer(desk, library, words, state=state))  # fmt: skip


def _make_file(desk: HereDesk, library: Library, words: Words) -> str:
    """Make the file that the reader has asked for, and return why there is none, or ""."""
    kind = desk.download
    if not kind:
        return ""
    name = f"{words('here.file_name')}.{kind}"
    if kind == "csv":
        keep_file(_LIST, file_for_browser(to_csv(desk.answer_question(library.index)), name=name, mime="text/csv"))
        desk.download = ""
        return ""
    failed = ""
    with st.spinner(words("here.brief_busy")):
        try:
            data = make_brief(desk, library, kind=kind, lang=words.lang)
        except JobError as error:
            failed = words("here.brief_failed", reason=str(error))
        else:
            mime = "application/pdf" if kind == "pdf" else "application/octet-stream"
            keep_file(_LIST, file_for_browser(data, name=name, mime=mime))
        # The next event may cut this run short as soon as the spinner goes.
        desk.download = ""
    return failed
