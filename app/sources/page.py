"""Sources and methods: every source with licence, vintage and review number, and how to read the lines."""

from __future__ import annotations

import streamlit as st

from app.map.legend import BASES
from app.markup import page_language, show_view
from app.swatches import basis_swatch
from app.wording import words as words_of
from geodata.sources import read_sources
from layers.catalogue import read_plans


def show_sources_page() -> None:
    """Show the page."""
    words = words_of(page_language())
    with st.container(key="prose"):
        show_view(
            "sources/sources",
            key="sources_view",
            on_event=lambda _event: None,
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
