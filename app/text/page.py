"""The page "plan text": the text with its places, the map, the card. Every event goes to the reader's desk."""

from __future__ import annotations

import dataclasses
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

import streamlit as st

from app.actions import act
from app.browsing import open_place_record, write_address
from app.downloads import file_for_browser
from app.library import chosen_place, open_library
from app.map.page import current_state
from app.map.view import show_map
from app.markup import show_view
from app.text.card import describe_text_card
from app.text.desk import Desk
from app.text.document import open_document
from app.text.files import read_plan_file
from app.text.map import text_map_state
from app.text.open import show_opener
from app.text.pane import show_pane
from app.text.panel import describe_text_panel, document_name
from app.text.reasons import tell_trouble
from app.text.state import KEYS, TABS, TextState, read_text_state, write_text_state
from app.text.table import FORMS, describe_table, make_file
from app.text.worklist_view import count_left, describe_worklist
from app.wording import LANGUAGES
from app.wording import words as words_of
from gazetteer.reading import UnreadableTextError, extract
from layers.catalogue import read_plans

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.library import Library
    from app.text.document import Document
    from app.wording import Words

_CHARACTERS_A_SECOND: Final = 900_000
_GLANCE_S: Final = 0.1
_NOTICE_S: Final = 0.25
"""A text that is read faster shows no bar."""
_POOL: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="plan-text")
_SHARED: Final = ("lang", "crs", "group", "boundaries")
"""Events that change what the page has in common with the map page."""


def desk_of_session() -> Desk:
    """Return the reader's desk; a new session takes its state from the address."""
    session = st.session_state
    if "desk" not in session:
        session.desk = Desk(state=read_text_state(st.query_params.to_dict()))
        session.pending = session.desk.state.file or None
    desk: Desk = session.desk
    if wish := session.pop("wish", ""):
        _grant(wish, desk)
    return desk


def _grant(wish: str, desk: Desk) -> None:
    """Open the plan that another page asks for, at a line: ``<plan>:<line>``."""
    plan, _, line = wish.partition(":")
    known = read_plans().get(plan)
    if known is None or not line.isdigit():
        return
    if desk.document is None or not (desk.document.is_plans_own and desk.document.plan == plan):
        desk.state = TextState(file=known.file_name, at=line)
        st.session_state.pending = known.file_name
    else:
        desk.answer({"type": "go_line", "value": line})
    desk.opening = False


def _leave_for_map(fid: str) -> None:
    """Choose a component on the map page, and go there."""
    library, session = open_library(), st.session_state
    if fid not in library.components:
        return
    layer = library.layer_of(fid)
    state = act(current_state(library), {"type": "select", "value": fid}, library).state
    session.state = dataclasses.replace(state, plan=library.cards[layer]["plan"])
    session.opened = session.get("opened", set()) | {layer}
    session.point, session.go_to = None, "map"


def _on_event(event: dict[str, Any]) -> None:
    desk, session, library = desk_of_session(), st.session_state, open_library()
    kind, value = str(event.get("type")), str(event.get("value") or "")
    if kind == "need":
        session.needed = True
    elif kind == "file":
        session.pending = value
    elif kind == "save":
        session.save = value
    elif kind == "export":
        session.export = True
    elif kind == "address":
        _go_back(value, desk)
    elif kind == "select":
        _leave_for_map(value)
    elif kind == "place_record":
        open_place_record(chosen_place(value))
    elif kind in _SHARED:
        session.state = act(current_state(library), event, library).state
    elif kind == "zoom_to":
        desk.fly()
    else:
        desk.answer(event)


def _on_text(name: str, content: bytes | str) -> None:
    st.session_state.pending = (name, content)


def _go_back(query: str, desk: Desk) -> None:
    """Take the state from an address that the reader went back or forward to."""
    asked = read_text_state(dict(parse_qsl(query.removeprefix("?"))))
    own = desk.document.digest if desk.document is not None and not desk.document.shelf else ""
    if asked.file and asked.file != desk.state.file:
        st.session_state.pending = asked.file
    elif not asked.file and asked.own != own:
        asked = dataclasses.replace(asked, own=own)
    desk.state = asked
    desk.go += 1


def _write_address(desk: Desk, lang: str) -> None:
    """Write the state into the address if it is new there; the view and foreign parameters stay."""
    wanted = write_text_state(desk.state, lang=lang, default_lang=LANGUAGES[0])
    write_address(wanted, keys=KEYS)


def show_text_page() -> None:
    """Show the page."""
    library, session = open_library(), st.session_state
    desk = desk_of_session()
    session.setdefault("text_error", "")
    state = current_state(library)
    words = words_of(state.lang)
    with st.container(key="language"):
        show_view("language", key="language_switch", on_event=_on_event, words=words, lang=state.lang)
    _open_pending(desk, words)
    _write_address(desk, state.lang)
    with st.sidebar:
        show_view("text/panel", key="text_panel", on_event=_on_event, words=words, **describe_text_panel(desk, words))
    if desk.document is None or desk.opening:
        with st.container(key="opener"):
            show_opener(
                words, key="text_opener", on_event=_on_event, on_text=_on_text, error=session.text_error,
                missing=_missing(desk, words), can_close=desk.document is not None,
            )  # fmt: skip
        return
    session.text_error = ""
    with st.container(key="desk"):
        with st.container(key="reading"):
            show_view("text/bar", key="text_bar", on_event=_on_event, words=words, tabs=_tabs(desk, words),
                      name=document_name(desk, words))  # fmt: skip
            _show_tab(desk, library, words)
        with st.container(key="beside"):
            with st.container(key="text_map"):
                show_map(text_map_state(desk, state, library, words), key="atlas_text_map", on_event=_on_event)
            with st.container(key="text_card"):
                card = describe_text_card(desk, library, words, state=state)
                show_view("text/card", key="text_card_view", on_event=_on_event, words=words, **card)


def _missing(desk: Desk, words: Words) -> str:
    """Say that the address asks for a text that only its reader has."""
    asked = desk.state.own if desk.document is None and not desk.state.file else ""
    return words("text.own_missing") if asked else ""


def _tabs(desk: Desk, words: Words) -> list[dict[str, Any]]:
    counts = {"text": len(desk.shown()), "table": None, "work": count_left(desk)}
    return [
        {"id": tab, "name": words(f"text.tab_{tab}"), "on": tab == desk.state.tab, "count": counts[tab]} for tab in TABS
    ]


def _show_tab(desk: Desk, library: Library, words: Words) -> None:
    session = st.session_state
    document = desk.document
    assert document is not None
    needed, session.needed = session.get("needed", False), False
    structures: Mapping[int, tuple[str, ...]] = {}
    if document.is_plans_own and document.plan is not None:
        structures = library.by_line.get(document.plan, {})
    if desk.state.tab == "work":
        _show_worklist(desk, words)
    elif desk.state.tab == "table":
        _show_table(desk, words)
    else:
        show_pane(desk, words, structures=structures, needed=needed, key="text_pane", on_event=_on_event)


def _show_table(desk: Desk, words: Words) -> None:
    form = st.session_state.pop("save", "")
    file = None
    if form in FORMS:
        data, name = make_file(desk, form)
        file = file_for_browser(data, name=name, mime=FORMS[form])
    show_view("text/table", key="text_table", on_event=_on_event, words=words, file=file, **describe_table(desk, words))


def _show_worklist(desk: Desk, words: Words) -> None:
    session = st.session_state
    file, trouble = None, ""
    if session.pop("export", False):
        if desk.work.who:
            file = file_for_browser(desk.work.patch().encode(), name="plan-atlas-patch.csv", mime="text/csv")
        else:
            trouble = words("work.need_who")
    elif desk.work.trouble:
        trouble = words(
            f"work.trouble_{desk.work.trouble}", name=desk.work.pinned.name if desk.work.pinned else desk.work.open
        )
    show_view("text/work", key="text_work", on_event=_on_event, words=words, file=file, trouble=trouble,
              **describe_worklist(desk, words))  # fmt: skip


# ------------ opening


def _open_pending(desk: Desk, words: Words) -> None:
    """Open the text that an event or the address asked for, with a bar while that takes its time.

    A run may be cut short by the next event: the work goes on, and the next run waits for it.
    """
    session = st.session_state
    # The bar has a place of its own at all times: what follows it must not move, or the browser would build it anew.
    slot = st.empty()
    if not session.get("pending"):
        return
    pending: str | tuple[str, bytes | str] = session.pending
    of, job = session.get("job") or (None, None)
    if job is None or of is not pending:
        job = _POOL.submit(_open, pending, desk.state.plan)
        session.job = (pending, job)
    size = len(pending if isinstance(pending, str) else pending[1])
    try:
        document = _wait(job, size, slot, words)
    except UnreadableTextError as error:
        session.text_error = words("text.unreadable", reason=tell_trouble(str(error), words))
        desk.opening = True
    except OSError:
        session.text_error = words("text.not_there", name=pending if isinstance(pending, str) else pending[0])
        desk.opening = True
    else:
        desk.lay(document)
    session.pending = session.job = None


def _open(pending: str | tuple[str, bytes | str], plan: str) -> Document:
    if isinstance(pending, str):
        return _from_shelf(pending, plan)
    return _from_reader(*pending, plan)


def _from_shelf(name: str, plan: str) -> Document:
    return open_document(read_plan_file(name), name=name, shelf=True, plan=plan)


def _from_reader(name: str, content: bytes | str, plan: str) -> Document:
    text = content if isinstance(content, str) else extract(content, name=name)
    if not text.strip():
        raise UnreadableTextError(f"{name}: the file is empty")
    return open_document(text.replace("\r\n", "\n"), name=name, plan=plan)


def _wait(future: Future[Document], size: int, slot: Any, words: Words) -> Document:
    """Wait for a text, and show how far it has probably come if it is a long one."""
    expected = 0.5 + size / _CHARACTERS_A_SECOND
    began = time.monotonic()
    while not future.done():
        gone = time.monotonic() - began
        if gone > _NOTICE_S:
            slot.progress(min(0.97, gone / expected), text=words("text.reading", n=f"{size:,}"))
        time.sleep(_GLANCE_S if gone > _NOTICE_S else _GLANCE_S / 5)
    slot.empty()
    return future.result()
