"""The app as a whole: page settings, the layers written on first start, navigation."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Final

import streamlit as st

from app.compare.page import show_compare_page
from app.composer.page import show_composer_page
from app.data.page import show_data_page
from app.export.page import show_export_page
from app.here.page import show_here_page
from app.indicators.page import show_indicators_page
from app.library import draw_ahead, write_layers
from app.map.page import show_map_page
from app.markup import add_style, page_language
from app.places.page import show_places_page
from app.projects.page import show_projects_page
from app.sources.page import show_sources_page
from app.text.page import show_text_page
from app.wording import words as words_of
from geodata import workspace
from layers.catalogue import read_structures
from layers.web.cache import read_manifest

if TYPE_CHECKING:
    from app.wording import Words


def run() -> None:
    """Run the app."""
    words = words_of(page_language())
    st.set_page_config(page_title=words("title"), layout="wide", initial_sidebar_state="auto")
    add_style()
    pages = {
        "map": st.Page(show_map_page, title=words("page_map"), url_path="map", default=True),
        "here": st.Page(show_here_page, title=words("page_here"), url_path="here"),
        "places": st.Page(show_places_page, title=words("page_places"), url_path="places"),
        "text": st.Page(show_text_page, title=words("page_text"), url_path="text"),
        "projects": st.Page(show_projects_page, title=words("page_projects"), url_path="projects"),
        "indicators": st.Page(show_indicators_page, title=words("page_indicators"), url_path="indicators"),
        "compare": st.Page(show_compare_page, title=words("page_compare"), url_path="compare"),
        "data": st.Page(show_data_page, title=words("page_data"), url_path="data"),
        "sheets": st.Page(show_composer_page, title=words("page_sheets"), url_path="sheets"),
        "export": st.Page(show_export_page, title=words("page_export"), url_path="export"),
        "sources": st.Page(show_sources_page, title=words("page_sources"), url_path="sources"),
    }
    page = st.navigation(list(pages.values()), position="top")
    _write_if_needed(words)
    _draw_ahead()
    session = st.session_state
    if asked := session.pop("go_to", ""):
        # An event on one page may lead to another: a callback cannot switch by itself.
        st.switch_page(pages[asked])
    if session.get("page") != page.url_path:
        # Going to another page empties the address; the page must write it anew.
        session.page = page.url_path
        session.pop("written", None)
    page.run()


def _write_if_needed(words: Words) -> None:
    """Write the layers before the first page, with a bar that shows how far it is; readers who come meanwhile wait."""
    with _WRITING:
        if _SEEN.get("stamp") != (stamp := workspace.stamp()):
            # Imports may have come or gone, in this process or by the command line.
            workspace.tell_change()
            _SEEN["stamp"] = stamp
        if _checked(stamp):
            return
        text = words("data.redrawing" if stamp else "building")
        with st.container(key="writing"):
            bar = st.progress(0.0, text=text)

        def tell(share: float, name: str) -> None:
            structure = read_structures().get(name)
            what = "" if structure is None else structure.name_en if words.lang == "en" else structure.name_zh
            bar.progress(share, text=f"{text} {what}")

        write_layers(tell)
        bar.empty()
        _checked.clear()
        _draw_ahead.clear()


@st.cache_resource
def _draw_ahead() -> None:
    """Draw the other layers behind the readers' backs, once, unless the setting ``PLAN_ATLAS_DRAW_AHEAD`` is 0."""
    if os.environ.get("PLAN_ATLAS_DRAW_AHEAD", "1") != "0":
        draw_ahead()


_WRITING: Final = threading.Lock()
_SEEN: Final[dict[str, tuple[int, ...]]] = {"stamp": ()}
"""The state of the workspace that this process has read."""


@st.cache_resource(max_entries=4)
def _checked(stamp: tuple[int, ...]) -> bool:
    del stamp  # only tells one state from another
    return read_manifest() is not None
