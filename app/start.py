"""The app as a whole: page settings, the layers written on first start, navigation."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import streamlit as st

from app.browsing import settle_address
from app.compare.page import show_compare_page
from app.composer.page import show_composer_page
from app.data.page import show_data_page
from app.export.page import show_export_page
from app.here.page import show_here_page
from app.indicators.page import show_indicators_page
from app.library import draw_ahead
from app.map.page import show_map_page
from app.markup import add_style, forget_files, page_language
from app.places.page import show_places_page
from app.projects.page import show_projects_page
from app.redrawing import Redrawing
from app.sources.page import show_sources_page
from app.text.page import show_text_page
from app.wording import words as words_of
from geodata import workspace
from layers.catalogue import read_structures
from layers.web.cache import read_last_manifest, read_manifest

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
    name = next(name for name, each in pages.items() if each.url_path == page.url_path)
    if session.get("page") != name:
        # Going to another page empties the address; the page must write it anew.
        session.page = name
        session.pop("written", None)
        forget_files()
    page.run()
    settle_address()


def _write_if_needed(words: Words) -> None:
    """See to it that there are layers to show: at the first start with a bar, after an import behind what is there."""
    with _WRITING:
        if _SEEN.stamp != (stamp := workspace.stamp()):
            # Imports may have come or gone, in this process or by the command line.
            workspace.tell_change()
            _SEEN.stamp = stamp
        if _checked(stamp):
            return
        first = read_last_manifest() is None
        running = _SEEN.redrawing
        if running is None or running.stamp != stamp or (first and running.error):
            shown = st.session_state.get("state")
            running = Redrawing(stamp=stamp, then=_forget_layers, drawn=shown.layers if shown is not None else ())
            _SEEN.redrawing = running
            running.begin()
    if first:
        _await_first(running, words)
    else:
        _show_redrawing(running, words)


def _await_first(running: Redrawing, words: Words) -> None:
    """Show every reader who comes meanwhile how far the first layers are; the page goes on once they are there."""
    with st.container(key="writing"):
        bar = st.progress(0.0, text=words("building"))
    while not running.ended.wait(_LOOK_S):
        bar.progress(running.share, text=f"{words('building')} {_tell_layer(running.name, words)}")
    bar.empty()
    if running.error:
        st.error(words("building_failed", reason=running.error))
        st.stop()


def _show_redrawing(running: Redrawing, words: Words) -> None:
    """Show how far the new layers are, and the page anew once they are there."""

    def show() -> None:
        if running.error:
            st.error(words("data.redrawing_failed", reason=running.error))
        elif running.ended.is_set():
            st.rerun()
        else:
            text = f"{words('data.redrawing')} {_tell_layer(running.name, words)}"
            with st.container(key="redrawing"):
                st.progress(running.share, text=text)

    if running.error:
        show()
    else:
        st.fragment(show, run_every=_WATCH_S)()


def _tell_layer(name: str, words: Words) -> str:
    """Return the name of a layer that is being written; a step that is no layer has none."""
    structure = read_structures().get(name)
    return "" if structure is None else structure.name_en if words.lang == "en" else structure.name_zh


def _forget_layers() -> None:
    _checked.clear()
    _draw_ahead.clear()


@st.cache_resource
def _draw_ahead() -> None:
    """Draw the other layers behind the readers' backs, once, unless the setting ``PLAN_ATLAS_DRAW_AHEAD`` is 0."""
    if os.environ.get("PLAN_ATLAS_DRAW_AHEAD", "1") != "0":
        draw_ahead()


_WATCH_S: Final = 1.0
_LOOK_S: Final = 0.3
_WRITING: Final = threading.Lock()


@dataclass
class _Seen:
    """What this process knows: the state of the workspace that it has read, the writing of layers begun last."""

    stamp: tuple[int, ...] = ()
    redrawing: Redrawing | None = None


_SEEN: Final = _Seen()


@st.cache_resource(max_entries=4)
def _checked(stamp: tuple[int, ...]) -> bool:
    del stamp  # only tells one state from another
    return read_manifest() is not None
