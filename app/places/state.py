"""The state of the page "places", as the address holds it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Final, get_args

from app.address import read_left_out
from gazetteer.place import Category

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

TABS: Final = ("list", "batch")
CATEGORIES: Final[tuple[str, ...]] = get_args(Category)
ACCURACIES: Final = {"fine": 150.0, "good": 1_000.0, "fair": 5_000.0, "coarse": inf, "none": None}
"""Classes of accuracy, each with the largest radius in metres that belongs to it; ``none`` has no position."""
SORTS: Final = ("fit", "name", "category", "parent", "accuracy", "plans")
"""What the table may be sorted by; ``fit`` is how well a place fits the search, or how often plans name it."""
WHOLE: Final = "whole"
"""District of what belongs to no single one."""
OUTSIDE: Final = "outside"
NO_PLAN: Final = "none"
PAGE_ROWS: Final = 50
_LONGEST: Final = 80
_NONE: Final = "-"
KEYS: Final = ("q", "cat", "in", "by", "acc", "sort", "page", "place", "tab", "lang", "crs")
"""Parameters of the address that belong to a state; others (the map's view) are left alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacesState:
    """What the reader sees of the register.

    Attributes
    ----------
    query
        What stands in the search box.
    hidden
        Categories that are not shown.
    district
        Id of a county, `WHOLE`, `OUTSIDE`, or "" for all.
    plan
        Id of a plan that must name the place, `NO_PLAN`, or "" for all.
    unshown
        Classes of accuracy that are not shown.
    sort
        One of `SORTS`, with "-" before it for the other direction.
    page
        Page of the table, from 0.
    place
        Id of the chosen place, or "".
    """

    query: str = ""
    hidden: tuple[str, ...] = ()
    district: str = ""
    plan: str = ""
    unshown: tuple[str, ...] = ()
    sort: str = SORTS[0]
    page: int = 0
    place: str = ""
    tab: str = TABS[0]

    @property
    def filtered(self) -> bool:
        """Whether anything but the search keeps places out."""
        return bool(self.hidden or self.district or self.plan or self.unshown)


def read_places_state(
    query: Mapping[str, str], *, places: Collection[str], districts: Collection[str], plans: Collection[str]
) -> PlacesState:
    """Read a state from the address; what makes no sense there falls back on the default."""
    page, sort = query.get("page", ""), query.get("sort", "")
    return PlacesState(
        query=query.get("q", "")[:_LONGEST],
        hidden=read_left_out(query.get("cat"), CATEGORIES),
        district=query["in"] if query.get("in") in districts else "",
        plan=query["by"] if query.get("by") in (*plans, NO_PLAN) else "",
        unshown=read_left_out(query.get("acc"), tuple(ACCURACIES)),
        sort=sort if sort.removeprefix("-") in SORTS else SORTS[0],
        page=int(page) - 1 if re.fullmatch(r"[1-9][0-9]{0,4}", page) else 0,
        place=query["place"] if query.get("place") in places else "",
        tab=query["tab"] if query.get("tab") in TABS else TABS[0],
    )


def write_places_state(
    state: PlacesState, *, lang: str, default_lang: str, crs: str, default_crs: str
) -> dict[str, str]:
    """Return the parameters of the address for a state; what is as by default is left out."""
    query = {
        "q": state.query,
        "in": state.district,
        "by": state.plan,
        "sort": state.sort if state.sort != SORTS[0] else "",
        "page": str(state.page + 1) if state.page else "",
        "place": state.place,
        "tab": state.tab if state.tab != TABS[0] else "",
        "lang": lang if lang != default_lang else "",
        "crs": crs if crs != default_crs else "",
    }
    if state.hidden:
        query["cat"] = ",".join(each for each in CATEGORIES if each not in state.hidden) or _NONE
    if state.unshown:
        query["acc"] = ",".join(each for each in ACCURACIES if each not in state.unshown) or _NONE
    return {key: value for key, value in query.items() if value}
