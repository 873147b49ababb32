"""The page "export": choose layers, an area, formats and a coordinate system, see how much it is, take it along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import streamlit as st

from app.actions import act
from app.browsing import write_address
from app.export.desk import ExportDesk, all_layers, area_ids
from app.export.files import make_files
from app.export.list import describe_export_form, describe_export_panel, describe_made, layer_name
from app.export.state import KEYS, read_export_state, write_export_state
from app.library import open_library
from app.map.page import current_state
from app.markup import show_view
from app.wording import LANGUAGES
from app.wording import words as words_of
from layers.catalogue import read_collections
from layers.files.choice import BASE

if TYPE_CHECKING:
    from app.export.state import ExportState
    from app.library import Library
    from app.wording import Words


def _read(query: dict[str, str], library: Library) -> ExportState:
    return read_export_state(
        query, layers=all_layers(library), plans=(*read_collections(), BASE), areas=area_ids(library)
    )  # fmt: skip


def _desk_of_session(library: Library) -> ExportDesk:
    """Return what the reader does here; a new session takes it from the address, another page may leave a wish."""
    session = st.session_state
    if "export" not in session:
        session.export = ExportDesk(state=_read(st.query_params.to_dict(), library))
    desk: ExportDesk = session.export
    if wanted := session.pop("export_layers", None):
        desk.state = _read({"layers": ",".join(wanted)}, library)
        desk.made = None
    return desk


def _on_event(event: dict[str, Any]) -> None:
    library, session = open_library(), st.session_state
    desk = _desk_of_session(library)
    if event.get("type") == "lang":
        session.state = act(current_state(library), event, library).state
    elif event.get("type") == "address":
        desk.state = _read(dict(parse_qsl(str(event.get("value") or "").removeprefix("?"))), library)
        desk.made = None
    else:
        desk.answer(event, library)


def _on_form_event(event: dict[str, Any]) -> None:
    """Answer an event of the form, whose search box is that of the area."""
    kind = {"search": "area_search", "search_first": "area_first"}.get(str(event.get("type")), event.get("type"))
    _on_event(event | {"type": kind})


def show_export_page() -> None:
    """Show the page."""
    library = open_library()
    desk, state = _desk_of_session(library), current_state(library)
    words = words_of(state.lang)
    wanted = write_export_state(
        desk.state, layers=all_layers(library), lang=state.lang, default_lang=LANGUAGES[0]
    )  # fmt: skip
    write_address(wanted, keys=KEYS)
    with st.container(key="language"):
        show_view("language", key="language_switch", on_event=_on_event, words=words, lang=state.lang)
    with st.sidebar:
        show_view("export/panel", key="export_panel", on_event=_on_event, words=words,
                  **describe_export_panel(desk, library, words))  # fmt: skip
    with st.container(key="export"):
        _make(desk, library, words)
        show_view("export/form", key="export_form", on_event=_on_form_event, words=words,
                  **describe_export_form(desk, library, words))  # fmt: skip
        made = desk.made
        if made is not None and made.path.exists():
            with st.container(key="export_made"):
                show_view("export/made", key="export_made_view", on_event=_on_event, words=words,
                          **describe_made(desk, words))  # fmt: skip
                st.download_button(
                    words("export.save"), data=made.path.read_bytes, file_name=made.name, mime=made.mime,
                    key="export_save", on_click="ignore", type="primary",
                )  # fmt: skip


def _make(desk: ExportDesk, library: Library, words: Words) -> None:
    """Make the files if the reader has just asked for them, under a bar that shows how far it is."""
    desk.making = desk.making and bool(desk.state.layers)
    if not desk.making:
        return
    desk.made, desk.trouble = None, ""
    known = set(all_layers(library))
    bar = st.progress(0.0, text=words("export.busy"))

    def tell(share: float, what: str) -> None:
        name = layer_name(what, library, words) if what in known else what
        bar.progress(min(share, 1.0), text=f"{words('export.busy')} {name}")

    try:
        desk.made = make_files(desk.state, lang=words.lang, progress=tell)
    except (OSError, RuntimeError) as error:
        desk.trouble = words("export.failed", reason=str(error))
    # Not sooner: another press cuts a run short, and the next one begins anew.
    desk.making = False
    bar.empty()
