"""The app as a whole: page settings, the layers written on first start, navigation."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

import streamlit as st

from app.library import write_layers
from app.map_page import show_map_page
from app.markup import add_style, page_language
from app.sources_page import show_sources_page
from app.wording import words as words_of
from layers.catalogue import read_structures
from layers.web.cache import read_manifest

if TYPE_CHECKING:
    from app.wording import Words


def run() -> None:
    """Run the app."""
    words = words_of(page_language())
    st.set_page_config(page_title=words("title"), layout="wide", initial_sidebar_state="auto")
    add_style()
    pages = [
        st.Page(show_map_page, title=words("page_map"), url_path="map", default=True),
        st.Page(show_sources_page, title=words("page_sources"), url_path="sources"),
    ]
    page = st.navigation(pages, position="top")
    _write_if_needed(words)
    page.run()


def _write_if_needed(words: Words) -> None:
    """Write the layers before the first page, with a bar that shows how far it is; readers who come meanwhile wait."""
    with _WRITING:
        if _checked():
            return
        text = words("building")
        bar = st.progress(0.0, text=text)

        def tell(share: float, name: str) -> None:
            structure = read_structures().get(name)
            what = "" if structure is None else structure.name_en if words.lang == "en" else structure.name_zh
            bar.progress(share, text=f"{text} {what}")

        write_layers(tell)
        bar.empty()
        _checked.clear()


_WRITING: Final = threading.Lock()


@st.cache_resource
def _checked() -> bool:
    return read_manifest() is not None
