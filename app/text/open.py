"""Where the reader brings a text: a file, a file of the folder of plans, or words pasted."""

from __future__ import annotations

import base64
import binascii
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from app.markup import hand_on, last_seen, read_script, render, undisturbed
from app.text.files import ENDINGS, list_files
from layers.catalogue import read_plans

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.wording import Words

LARGEST: Final = 20 * 1024 * 1024
"""Bytes of a text that the page takes; the command line takes more."""
_EXAMPLE: Final = (
    "狮山、横塘街道在运河西岸，太湖科学城还在它们以西。\n"
    "从苏州北站坐轨道交通2号线向南，可到姑苏古城边；再往东是金鸡湖和苏州工业园区。\n"
    "甪直、锦溪、周庄三镇临吴淞江与淀山湖。"
)
"""Words of our own, for who has no plan at hand: with lists, short names, and a lake that has a town of its name."""
_WORDS: Final = ("text.empty", "text.large", "text.unread", "text.nothing")

_view = st.components.v2.component(
    "plan_atlas_open",
    html='<div class="text-open"></div>',
    js=read_script("text/open.js"),
    isolate_styles=False,
)


def show_opener(
    words: Words, *, key: str, on_event: Callable[[dict[str, Any]], None],
    on_text: Callable[[str, bytes | str], None], error: str, missing: str, can_close: bool,
) -> None:  # fmt: skip
    """Show the ways to open a text.

    Parameters
    ----------
    on_text
        Called with a name ("" for words pasted) and the file's bytes or the words.
    error
        Why the last text could not be opened, or "".
    missing
        What the address asks for that is not at hand, or "".
    """

    def take() -> None:
        text = st.session_state[key].get("text") or {}
        if not isinstance(text, dict) or text.get("id") == st.session_state.get(f"{key}_received"):
            return
        with undisturbed():
            st.session_state[f"{key}_received"] = text.get("id")
            on_text(str(text.get("name") or ""), decode_text(text))

    html = render(
        "text/open", words=words, files=_files(words), accept=",".join(sorted(ENDINGS)), most=LARGEST >> 20,
        error=error, missing=missing, can_close=can_close,
    )  # fmt: skip
    data = {
        "html": html, "seen": last_seen(key), "received": st.session_state.get(f"{key}_received"), "largest": LARGEST,
        "example": _EXAMPLE,
        "words": {each.removeprefix("text."): words(each) for each in _WORDS},
    }  # fmt: skip
    _view(key=key, data=data, on_event_change=partial(hand_on, key, on_event), on_text_change=take)


def decode_text(message: dict[str, Any]) -> bytes | str:
    """Return what the browser sent: the bytes of a file, or words pasted; nothing where it makes no sense."""
    if "base64" not in message:
        return str(message.get("text") or "")[:LARGEST]
    coded = str(message["base64"])
    if len(coded) > LARGEST * 4 // 3 + 8:
        return b""
    try:
        return base64.b64decode(coded, validate=True)
    except binascii.Error:
        return b""


def _files(words: Words) -> list[dict[str, str]]:
    titles = {plan.file_name: plan.short_en if words.lang == "en" else plan.short_zh for plan in read_plans().values()}
    return [{"name": name, "title": titles.get(name, name)} for name in list_files()]
