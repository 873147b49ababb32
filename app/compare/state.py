"""The state of the page "compare", as the address holds it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

MODES: Final = ("side", "swipe")
"""Two maps beside each other, or one over the other with a handle between."""
TABS: Final = ("items", "places", "targets")
SHOWS: Final = ("all", "both", "differs", "left", "right")
KINDS: Final = ("all", "structures", "projects")
MIDDLE: Final = 50
_LONGEST: Final = 80
KEYS: Final = (
    "left", "right", "mode", "swipe", "tab", "show", "kind", "year", "q", "page", "sel", "place", "lang", "crs",
)  # fmt: skip
"""Parameters of the address that belong to a state; others (the map's view) are left alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CompareState:
    """What the reader compares, and how.

    Attributes
    ----------
    left, right
        A plan id (the whole plan) or a layer id.
    swipe
        Where the handle is, per cent of the width from the left.
    show
        Rows of the table: one of `SHOWS`.
    kind
        Components of structures, of projects, or all: one of `KINDS`.
    year
        Year of the targets, or 0 for all.
    query
        What stands in the search box of the table.
    page
        Page of the table, from 0.
    chosen
        Key of the chosen row of components (``<left id>~<right id>``, either may be empty), or "".
    place
        Key of the chosen place, or "". At most one of `chosen` and `place` is set.
    """

    left: str
    right: str
    mode: str = MODES[0]
    swipe: int = MIDDLE
    tab: str = TABS[0]
    show: str = SHOWS[0]
    kind: str = KINDS[0]
    year: int = 0
    query: str = ""
    page: int = 0
    chosen: str = ""
    place: str = ""


def read_compare_state(
    query: Mapping[str, str], *, sides: Collection[str], default: tuple[str, str], places: Collection[str]
) -> CompareState:
    """Read a state from the address; what makes no sense there falls back on the default.

    Parameters
    ----------
    sides
        Ids of what may be compared.
    default
        Left and right of a new page.
    places
        Ids of places that exist.
    """
    left, right, page, swipe = (query.get(each, "") for each in ("left", "right", "page", "swipe"))
    tab = _one_of(TABS, query.get("tab"))
    place = query.get("place", "")
    return CompareState(
        left=left if left in sides else default[0],
        right=right if right in sides else default[1],
        mode=_one_of(MODES, query.get("mode")),
        swipe=int(swipe) if re.fullmatch(r"100|[1-9]?[0-9]", swipe) else MIDDLE,
        tab=tab,
        show=_one_of(SHOWS, query.get("show")),
        kind=_one_of(KINDS, query.get("kind")),
        year=int(query["year"]) if re.fullmatch(r"20[0-9]{2}", query.get("year", "")) else 0,
        query=query.get("q", "")[:_LONGEST],
        page=int(page) - 1 if re.fullmatch(r"[1-9][0-9]{0,3}", page) else 0,
        chosen=query.get("sel", "") if "~" in query.get("sel", "") else "",
        place=place if place in places and "~" not in query.get("sel", "") else "",
    )


def _one_of(known: tuple[str, ...], asked: str | None) -> str:
    return asked if asked in known else known[0]


def write_compare_state(
    state: CompareState, *, lang: str, default_lang: str, crs: str, default_crs: str
) -> dict[str, str]:
    """Return the parameters of the address for a state; what is as by default is left out, but never the two sides."""
    query = {
        "left": state.left,
        "right": state.right,
        "mode": state.mode if state.mode != MODES[0] else "",
        "swipe": str(state.swipe) if state.swipe != MIDDLE and state.mode == MODES[1] else "",
        "tab": state.tab if state.tab != TABS[0] else "",
        "show": state.show if state.show != SHOWS[0] else "",
        "kind": state.kind if state.kind != KINDS[0] else "",
        "year": str(state.year) if state.year else "",
        "q": state.query,
        "page": str(state.page + 1) if state.page else "",
        "sel": state.chosen,
        "place": state.place,
        "lang": lang if lang != default_lang else "",
        "crs": crs if crs != default_crs else "",
    }
    return {key: value for key, value in query.items() if value}
