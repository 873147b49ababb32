"""The state of the page "plan text", as the address holds it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, get_args

from app.address import read_left_out
from gazetteer.place import Category
from gazetteer.reading.mention import Resolved

if TYPE_CHECKING:
    from collections.abc import Mapping

TABS: Final = ("text", "table", "work")
CATEGORIES: Final[tuple[str, ...]] = get_args(Category)
RESOLUTIONS: Final[tuple[str, ...]] = get_args(Resolved)
_AT: Final = re.compile(r"[0-9]{1,7}(:[0-9]{1,7})?")
_OWN: Final = re.compile(r"[0-9a-f]{10}")
_NONE: Final = "-"
_LONGEST_NAME: Final = 200
KEYS: Final = ("file", "own", "as", "tab", "at", "of", "cat", "res", "ch", "lang")
"""Parameters of the address that belong to a state; others (the map's view) are left alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TextState:
    """What the reader sees of a text.

    Attributes
    ----------
    file
        Name of a file of the folder of plans, or "".
    own
        Digest of a text that the reader brought, or "": such a text is not in the address and must be opened again.
    plan
        Plan as which the text is read: an id, "-" for none, "" as recognised.
    at
        Chosen mention as ``<line>:<start>``, or a line as ``<line>``, or "".
    place
        Id of the chosen place, or "": all its mentions are marked.
    hidden
        Categories that are not shown.
    unshown
        Resolutions that are not shown.
    chapter
        Line of the heading that the reader keeps to, 0 for the whole text.
    """

    file: str = ""
    own: str = ""
    plan: str = ""
    tab: str = TABS[0]
    at: str = ""
    place: str = ""
    hidden: tuple[str, ...] = ()
    unshown: tuple[str, ...] = ()
    chapter: int = 0


def read_text_state(query: Mapping[str, str]) -> TextState:
    """Read a state from the address; what makes no sense there falls back on the default."""
    chapter = query.get("ch", "")
    at = query.get("at", "")
    own = query.get("own", "")
    return TextState(
        file=query.get("file", "")[:_LONGEST_NAME],
        own=own if _OWN.fullmatch(own) else "",
        plan=query.get("as", "")[:_LONGEST_NAME],
        tab=query["tab"] if query.get("tab") in TABS else TABS[0],
        at=at if _AT.fullmatch(at) else "",
        place=query.get("of", "")[:_LONGEST_NAME],
        hidden=read_left_out(query.get("cat"), CATEGORIES),
        unshown=read_left_out(query.get("res"), RESOLUTIONS),
        chapter=int(chapter) if re.fullmatch(r"[0-9]{1,7}", chapter) else 0,
    )


def write_text_state(state: TextState, *, lang: str, default_lang: str) -> dict[str, str]:
    """Return the parameters of the address for a state; what is as by default is left out."""
    query = {"file": state.file, "own": "" if state.file else state.own, "as": state.plan, "at": state.at,
             "of": state.place, "ch": str(state.chapter or "")}  # fmt: skip
    query["tab"] = state.tab if state.tab != TABS[0] else ""
    if state.hidden:
        query["cat"] = ",".join(each for each in CATEGORIES if each not in state.hidden) or _NONE
    if state.unshown:
        query["res"] = ",".join(each for each in RESOLUTIONS if each not in state.unshown) or _NONE
    query["lang"] = lang if lang != default_lang else ""
    return {key: value for key, value in query.items() if value}
