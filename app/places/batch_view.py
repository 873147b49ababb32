"""Batch geocoding as the reader sees it: bring a table, choose its column, wait, look at the counts, take the file."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from app.markup import hand_on, last_seen, read_script, render, show_view, undisturbed
from app.telling import plan_name
from app.text.open import LARGEST, decode_text
from gazetteer.batch import DOUBTFUL, MATCHES, geocode_table, write_answers
from layers.catalogue import read_plans

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.delta_generator import DeltaGenerator

    from app.places.batch import Batch
    from app.wording import Words
    from gazetteer.batch import GeocodedTable, Match

_ENDINGS: Final = ".csv,.tsv,.txt"
_PREVIEW_ROWS: Final = 6
_BAR_FROM: Final = 5_000
"""Rows from which on a bar shows how far the work is."""

_view = st.components.v2.component(
    "plan_atlas_places_open",
    html='<div class="text-open"></div>',
    js=read_script("text/open.js"),
    isolate_styles=False,
)


def show_opening(batch: Batch, words: Words, *, on_event: Callable[[dict[str, Any]], None]) -> bool:
    """Show what comes before the answers; tell whether they are there."""
    if batch.table is None:
        _show_opener(batch, words, on_event=on_event)
        return False
    # Always there, so that what follows keeps its place on the page while the bar comes and goes.
    bar = st.empty()
    if batch.asked:
        _answer(batch, words, bar)
    if batch.answered is not None:
        return True
    table = batch.table
    show_view(
        "places/batch", key="places_batch", on_event=on_event, words=words, table=table,
        columns=[name or words("places.column_n", n=i + 1) for i, name in enumerate(_names(batch, words))],
        chosen=batch.column, preview=table.rows[:_PREVIEW_ROWS], plans=_plans(batch, words),
        facts=words("places.facts", rows=f"{len(table.rows):,}", columns=len(table.columns), encoding=table.encoding),
        uneven=words("places.uneven", n=f"{table.uneven:,}") if table.uneven else "",
    )  # fmt: skip
    return False


def _names(batch: Batch, words: Words) -> list[str]:
    assert batch.table is not None
    if batch.table.has_header:
        return list(batch.table.columns)
    return [words("places.column_n", n=name) for name in batch.table.columns]


def _plans(batch: Batch, words: Words) -> list[dict[str, Any]]:
    return [
        {"id": plan.id, "name": plan_name(plan, words), "chosen": plan.id == batch.plan}
        for plan in read_plans().values()
    ]


def _show_opener(batch: Batch, words: Words, *, on_event: Callable[[dict[str, Any]], None]) -> None:
    key, session = "places_opener", st.session_state

    def take() -> None:
        text = session[key].get("text") or {}
        if not isinstance(text, dict) or text.get("id") == session.get(f"{key}_received"):
            return
        with undisturbed():
            session[f"{key}_received"] = text.get("id")
            batch.bring(str(text.get("name") or words("places.pasted")), decode_text(text))

    error = batch.error
    told = "" if error is None else words(f"places.bad.{error.kind}", line=error.line, most=LARGEST >> 20)
    html = render("places/open", words=words, accept=_ENDINGS, most=LARGEST >> 20, error=told)
    data = {
        "html": html, "seen": last_seen(key), "received": session.get(f"{key}_received"), "largest": LARGEST,
        "words": {
            "empty": words("text.empty"), "large": words("places.large"), "unread": words("text.unread"),
            "nothing": words("places.nothing"),
        },
    }  # fmt: skip
    with st.container(key="places_open"):
        _view(key=key, data=data, on_event_change=partial(hand_on, key, on_event), on_text_change=take)


def _answer(batch: Batch, words: Words, bar: DeltaGenerator) -> None:
    assert batch.table is not None
    total = len(batch.table.rows)

    def tell(done: int) -> None:
        if total > _BAR_FROM:
            bar.progress(done / total, text=words("places.working", done=f"{done:,}", n=f"{total:,}"))

    batch.finish(geocode_table(batch.table, column=batch.column, plan=batch.plan or None, progress=tell))
    bar.empty()


def _file(answered: GeocodedTable, only: tuple[Match, ...]) -> bytes:
    return ("\ufeff" + write_answers(answered, only=only)).encode("utf-8", "replace")


def show_batch_bar(batch: Batch, words: Words, *, on_event: Callable[[dict[str, Any]], None]) -> None:
    """Show the counts of each match, which filter the rows, and the files."""
    answered = batch.answered
    assert answered is not None
    doubtful = tuple(match for match in MATCHES if match in DOUBTFUL)
    with st.container(key="places_counts"):
        show_view(
            "places/counts", key="places_counts_view", on_event=on_event, words=words, name=answered.table.name,
            total=f"{len(answered.table.rows):,}",
            counts=[
                {"id": match, "name": words(f"places.matches.{match}"), "hint": words(f"places.match_words.{match}"),
                 "count": f"{count:,}", "on": match in batch.shown}
                for match, count in answered.counts.items()
            ],
            doubtful=f"{sum(answered.counts[match] for match in doubtful):,}", only=batch.shown == doubtful,
        )  # fmt: skip
        stem = answered.table.name.rpartition(".")[0] or "names"
        for key, only, label in (("all", MATCHES, "save_all"), ("doubtful", doubtful, "save_doubtful")):
            st.download_button(
                words(f"places.{label}"),
                data=partial(_file, answered, only),
                file_name=f"{stem}-{key}.csv", mime="text/csv", key=f"places_save_{key}", on_click="ignore",
            )  # fmt: skip
