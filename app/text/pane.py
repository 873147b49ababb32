"""The text with its places, as the browser shows it: see ``app/text/text.js``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from app.markup import hand_on, last_seen, read_script
from app.telling import place_name
from app.text.marks import line_range, marks_payload, text_payload
from gazetteer import open_register

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.text.desk import Desk
    from app.wording import Words

_WORDS: Final = (
    "text.previous", "text.next", "text.clear", "text.pane", "text.structures", "text.of_place",
    "text.of_all",
    "text.seek",
)  # fmt: skip

_view = st.components.v2.component(
    "plan_atlas_text",
    html='<div class="text-pane"></div>',
    js=read_script("text/text.js"),
    isolate_styles=False,
)


def show_pane(
    desk: Desk, words: Words, *, structures: Mapping[int, tuple[str, ...]], needed: bool, key: str,
    on_event: Callable[[dict[str, Any]], None],
) -> None:  # fmt: skip
    """Show the text.

    The text and its mentions are sent once, and again when the browser says that it has lost them.

    Parameters
    ----------
    structures
        Components by the line that names them.
    needed
        Whether the browser has asked for the text.
    """
    document, session = desk.document, st.session_state
    assert document is not None

    data: dict[str, Any] = {
        "seen": last_seen(key),
        "text_id": document.digest,
        "marks_id": desk.marks_id,
        "range": line_range(desk.state, document),
        "hidden": desk.state.hidden,
        "unshown": desk.state.unshown,
        "at": desk.state.at,
        "place": desk.state.place,
        "wander": desk.wander,
        "go": desk.go,
        "chosen_name": _chosen_name(desk, words),
        "structures": [[line, str(len(fids))] for line, fids in structures.items()],
        "words": {each.removeprefix("text."): words(each) for each in _WORDS},
    }
    sent = session.setdefault("sent", {})
    if needed or sent.get("text") != document.digest:
        data["text"] = text_payload(document)
    if needed or sent.get("marks") != desk.marks_id:
        data["marks"] = marks_payload(desk.mentions, document)
    session.sent = {"text": document.digest, "marks": desk.marks_id}
    _view(key=key, data=data, on_event_change=partial(hand_on, key, on_event))


def _chosen_name(desk: Desk, words: Words) -> str:
    key = desk.chosen_key()
    place = open_register().places.get(key)
    return key.removeprefix("?") if place is None else place_name(place, words)
