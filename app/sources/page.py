"""Sources and methods: every source with licence, vintage and review number, and how to read the lines."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import streamlit as st

from app.actions import act
from app.browsing import write_address
from app.library import open_library
from app.map.legend import BASES
from app.map.page import current_state
from app.markup import page_language, show_view
from app.swatches import basis_swatch
from app.wording import LANGUAGES
from app.wording import words as words_of
from geodata.sources import read_sources
from layers.catalogue import read_plans


def _on_event(event: dict[str, Any]) -> None:
    library, session = open_library(), st.session_state
    if event.get("type") == "address":
        asked = dict(parse_qsl(str(event.get("value") or "").removeprefix("?"))).get("lang", LANGUAGES[0])
        event = {"type": "lang", "value": asked}
    if event.get("type") == "lang":
        session.state = act(current_state(library), event, library).state


def show_sources_page() -> None:
    """Show the page."""
    lang = page_language()
    words = words_of(lang)
    write_address({"lang": lang} if lang != LANGUAGES[0] else {}, keys=("lang",))
    with st.container(key="language"):
        show_view("language", key="language_switch", on_event=_on_event, words=words, lang=lang)
    with st.container(key="prose"):
        show_view(
            "sources/sources",
            key="sources_view",
            on_event=_on_event,
            words=words,
            bases=[
                {"image": basis_swatch(basis), "name": words(f"bases.{basis}"), "text": words(f"basis_words.{basis}")}
                for basis in BASES
            ],
            sources=[source for source in read_sources().values() if source.kind == "data"],
            imported=[source for source in read_sources().values() if source.kind == "import"],
            own=[source for source in read_sources().values() if source.kind == "own"],
            plans=[
                {"title": plan.title_en if words.lang == "en" else plan.title_zh, "date": plan.date,
                 "issuer": plan.issuer_zh}
                for plan in read_plans().values()
            ],
        )  # fmt: skip
