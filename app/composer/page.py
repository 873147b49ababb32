"""The page "sheets": layers, extent, page and words on the left, the sheet itself, and the files it can be had as."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

import streamlit as st

from app.actions import act
from app.browsing import write_address
from app.composer.atlas import FOLDER, file_size, start_atlas
from app.composer.desk import FORMATS, ComposerDesk
from app.composer.panel import describe_composer_panel
from app.composer.preview import describe_preview, make_download
from app.composer.state import KEYS, read_composer_state, write_composer_state
from app.downloads import file_for_browser
from app.jobs.job import JobError
from app.jobs.sheet_worker import sheet_worker
from app.library import open_library
from app.map.page import current_state
from app.map.view import served
from app.markup import keep_file, show_view
from app.telling import plan_name
from app.wording import LANGUAGES
from app.wording import words as words_of
from layers.catalogue import read_plans

if TYPE_CHECKING:
    from app.composer.state import ComposerState
    from app.library import Library
    from app.wording import Words

_BAR: Final = "composer_bar"
_WATCH_S: Final = 1.0
"""How often the page looks how far an atlas is."""


def _read(query: dict[str, str], library: Library, lang: str) -> ComposerState:
    return read_composer_state(query, headlines=library.headlines, layers=library.cards, lang=lang)


def _desk_of_session(library: Library) -> ComposerDesk:
    """Return what the presenter does here; a new session takes its state from the address."""
    session = st.session_state
    if "composer" not in session:
        lang = current_state(library).lang
        session.composer = ComposerDesk(state=_read(st.query_params.to_dict(), library, lang))
    if asked := session.pop("composer_query", None):
        # The map page sends its layers and view along.
        session.composer.state = _read(asked, library, current_state(library).lang)
    desk: ComposerDesk = session.composer
    return desk


def _on_event(event: dict[str, Any]) -> None:
    library, session = open_library(), st.session_state
    desk = _desk_of_session(library)
    kind, value = str(event.get("type")), str(event.get("value") or "")
    if kind == "address":
        desk.state = _read(dict(parse_qsl(value.removeprefix("?"))), library, current_state(library).lang)
    elif kind == "lang":
        session.state = act(current_state(library), event, library).state
    elif kind == "on_map":
        layers = desk.state.layers
        session.state = dataclasses.replace(
            current_state(library), plan=desk.state.plan, layers=layers, selected="", place=""
        )
        session.go_to = "map"
    elif kind == "make_atlas":
        if desk.job is None or not desk.job.running:
            desk.job = start_atlas(desk.state, importance=desk.importance, form=desk.atlas_format)
    elif kind == "cancel_atlas":
        if desk.job is not None:
            desk.job.cancel()
    else:
        desk.answer(event, library)


def show_composer_page() -> None:
    """Show the page."""
    sheet_worker().start()  # it opens what it draws with while the page is put together
    library = open_library()
    desk, lang = _desk_of_session(library), current_state(library).lang
    words = words_of(lang)
    wanted = write_composer_state(desk.state, headlines=library.headlines, lang=lang, default_lang=LANGUAGES[0])
    write_address(wanted, keys=KEYS)
    with st.container(key="language"):
        show_view("language", key="language_switch", on_event=_on_event, words=words, lang=lang)
    with st.sidebar:
        show_view("composer/panel", key="composer_panel", on_event=_on_event, words=words,
                  **describe_composer_panel(desk, library, words))  # fmt: skip
    with st.container(key="composer"):
        failed = _make_file(desk, words)
        show_view("composer/bar", key=_BAR, on_event=_on_event, words=words, failed=failed,
                  state=desk.state, formats=[each for each in FORMATS if each != "pptx"])  # fmt: skip
        with st.container(key="composer_preview"), st.spinner(words("composer.busy")):
            show_view("composer/preview", key="composer_picture", on_event=_on_event, words=words,
                      state=desk.state, **describe_preview(desk.state, library, words))  # fmt: skip
        with st.container(key="composer_atlas"):
            _show_atlas(words)


def _make_file(desk: ComposerDesk, words: Words) -> str:
    """Make the file that the presenter has asked for, and return why there is none, or ""."""
    kind = desk.download
    if not kind or not desk.state.layers:
        desk.download = ""
        return ""
    failed = ""
    with st.spinner(words("composer.file_busy", kind=kind.upper())):
        try:
            data, name, mime = make_download(desk.state, kind)
        except JobError as error:
            failed = words("composer.failed", reason=str(error))
        else:
            keep_file(_BAR, file_for_browser(data, name=name, mime=mime))
        # The next event may cut this run short as soon as the spinner goes.
        desk.download = ""
    return failed


def _show_atlas(words: Words) -> None:
    """Show the part of the page that makes an atlas; while one is made it looks again and again how far that is."""
    desk = _desk_of_session(open_library())
    running = desk.job is not None and desk.job.running

    def show() -> None:
        job = desk.job
        if running and (job is None or not job.running):
            # It has ended: the page as a whole need not ask any more.
            st.rerun()
        show_view("composer/atlas", key="composer_atlas_view", on_event=_on_event, words=words,
                  **describe_atlas(desk, words))  # fmt: skip

    if running:
        st.fragment(show, run_every=_WATCH_S)()
    else:
        show()


def describe_atlas(desk: ComposerDesk, words: Words) -> dict[str, Any]:
    """Return what the atlas part of the page shows: choices, how far it is, or where the file can be had."""
    job = desk.job
    plans = read_plans()
    shown: dict[str, Any] = {
        "plan": plan_name(plans[desk.state.plan], words),
        "importances": [
            {"id": each, "name": words(f"composer.importances.{each}"), "on": each == desk.importance}
            for each in (1, 2, 3)
        ],
        "formats": [{"id": each, "on": each == desk.atlas_format} for each in ("pdf", "pptx")],
        "running": job is not None and job.running,
        "told": "",
        "share": 0,
        "link": None,
    }
    if job is None:
        return shown
    about = plan_name(plans[job.plan], words)
    if job.running:
        shown["share"] = round(100 * job.done / job.total) if job.total else 0
        shown["told"] = words("composer.progress", plan=about, done=job.done, total=job.total or "…", name=job.name)
    elif job.error:
        shown["told"] = words("composer.failed", reason=job.error)
    elif job.cancelled:
        shown["told"] = words("composer.cancelled", done=job.done)
    elif job.finished:
        shown["told"] = words("composer.ready", plan=about)
        shown["link"] = {
            "href": f"{served()}/{FOLDER}/{job.output.name}",
            "name": f"{job.plan}-atlas.{job.form}",
            "text": words("composer.fetch", form=job.form.upper(), size=file_size(job.output)),
        }
    return shown
