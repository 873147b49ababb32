"""The preview of the page "sheets", which is the sheet itself at a screen's resolution, and the files it is had as."""

from __future__ import annotations

import base64
import json
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final

from app.composer.desk import FORMATS, SLIDE_EACH
from app.jobs.job import JobError
from app.jobs.sheet_worker import sheet_worker
from geodata.workspace import stamp

if TYPE_CHECKING:
    from app.composer.state import ComposerState
    from app.jobs.sheet_worker import Answer
    from app.library import Library
    from app.wording import Words

_WIDE_PX: Final = 1400
"""Width of a preview, about; a screen shows no more."""
_WIDTHS_IN: Final = {
    "16:9": 13.33, "a4": 11.69, "a4-portrait": 8.27, "a3": 16.54, "a3-portrait": 11.69, "a1": 33.11,
    "a1-portrait": 23.39,
}  # fmt: skip
_LEAST_DPI: Final = 72
_KEPT: Final = 16
_MOST_DROPPED: Final = 6
_CACHE: Final[OrderedDict[str, Answer]] = OrderedDict()


def wish_of(state: ComposerState) -> dict[str, Any]:
    """Return a state as the drawing takes it."""
    return {
        "layers": list(state.layers), "page": state.page, "dpi": state.dpi, "title": state.title,
        "subtitle": state.subtitle, "lang": state.speech, "theme": state.theme, "extent": state.asked_extent,
        "boundaries": state.boundaries, "labels": list(state.labels), "together": True,
    }  # fmt: skip


def preview_wish(state: ComposerState) -> dict[str, Any]:
    """Return the wish of a preview: the same at a screen's resolution."""
    dpi = max(_LEAST_DPI, min(150, round(_WIDE_PX / _WIDTHS_IN[state.page])))
    return wish_of(state) | {"dpi": dpi}


def preview(state: ComposerState) -> Answer:
    """Return the preview of a state; those seen last are kept.

    Raises
    ------
    JobError
        If it could not be drawn; the message says why.
    """
    wish = preview_wish(state)
    key = json.dumps([wish, stamp()])
    found = _CACHE.get(key)
    if found is None:
        found = sheet_worker().ask(wish, ending="preview")
    _CACHE[key] = found
    _CACHE.move_to_end(key)
    while len(_CACHE) > _KEPT:
        _CACHE.popitem(last=False)
    return found


def describe_preview(state: ComposerState, library: Library, words: Words) -> dict[str, Any]:
    """Return what the preview's template shows: the picture, or why there is none."""
    shown: dict[str, Any] = {"image": "", "alt": "", "error": "", "told": "", "hints": []}
    if not state.layers:
        return shown
    try:
        answer = preview(state)
    except JobError as error:
        return shown | {"error": words("composer.failed", reason=str(error))}
    names = [words.pick(library.cards[layer], "name") for layer in state.layers]
    scale = f"{answer.told['scale']:,}".replace(",", " ")
    hints = []
    if answer.told["notes"]:
        hints.append(words("composer.cut", what=words("composer.comma").join(answer.told["notes"])))
    if dropped := list(dict.fromkeys(answer.told["dropped"])):
        more = words("composer.and_more", n=len(dropped) - _MOST_DROPPED) if len(dropped) > _MOST_DROPPED else ""
        hints.append(words("composer.dropped", names=words("composer.comma").join(dropped[:_MOST_DROPPED]) + more))
    return shown | {
        "image": "data:image/png;base64," + base64.b64encode(answer.data).decode(),
        "alt": words("composer.alt", names=words("composer.comma").join(names)),
        "told": words("composer.told", scale=scale, page=words(f"composer.pages.{state.page}")),
        "hints": hints,
    }


def make_download(state: ComposerState, kind: str) -> tuple[bytes, str, str]:
    """Return a file of the sheet: its bytes, name and media type.

    Raises
    ------
    JobError
        If it could not be drawn; the message says why.
    """
    wish = wish_of(state)
    if kind == SLIDE_EACH:
        # a title of one's own is that of the sheet that is shown
        kind, wish = "pptx", wish | {"together": False, "title": None, "subtitle": None}
    answer = sheet_worker().ask(wish, ending=kind)
    stem = state.layers[0].partition("/")[2] if len(state.layers) == 1 else "plan-atlas"
    return answer.data, f"{stem}.{kind}", FORMATS[kind]
