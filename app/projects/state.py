"""The state of the page "projects", as the address holds it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, get_args

from app.address import read_left_out
from layers.model import ProjectStatus
from layers.projects import ProjectKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

TABS: Final = ("table", "chart")
KINDS: Final[tuple[str, ...]] = get_args(ProjectKind)
STATUSES: Final[tuple[str, ...]] = get_args(ProjectStatus)
STACKS: Final = ("theme", "plan")
"""What the bars of the chart are made of."""
SORTS: Final = ("fit", "name", "kind", "status", "district", "plans", "distance")
"""What the table may be sorted by; ``fit`` is the order of the files, or of distance where a place is asked for."""
DISTANCES: Final = (1, 2, 5, 10, 20)
"""How far from a place projects may lie, kilometres."""
NEAR_KM: Final = 2
WHOLE: Final = "whole"
"""District of what lies in no single one, or nowhere that is known."""
OUTSIDE: Final = "outside"
_LONGEST: Final = 80
_NONE: Final = "-"
KEYS: Final = (
    "q", "kind", "status", "by", "not", "in", "near", "km", "sort", "page", "sel", "tab", "stack", "lang", "crs",
)  # fmt: skip
"""Parameters of the address that belong to a state; others (the map's view) are left alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectsState:
    """What the reader sees of the projects.

    Attributes
    ----------
    query
        What stands in the search box.
    hidden
        Kinds that are not shown.
    unshown
        Statuses that are not shown; where a plan is chosen, its word counts, else any plan's.
    plan
        Id of a plan that must name the project, or "".
    without
        Id of a plan that must not name it, or "".
    district
        Id of a county, `WHOLE`, `OUTSIDE`, or "" for all.
    near
        Id of a place that it must lie near, or "".
    km
        How near, one of `DISTANCES`.
    sort
        One of `SORTS`, with "-" before it for the other direction.
    page
        Page of the table, from 0.
    project
        Id of the chosen project, or "".
    """

    query: str = ""
    hidden: tuple[str, ...] = ()
    unshown: tuple[str, ...] = ()
    plan: str = ""
    without: str = ""
    district: str = ""
    near: str = ""
    km: int = NEAR_KM
    sort: str = SORTS[0]
    page: int = 0
    project: str = ""
    tab: str = TABS[0]
    stack: str = STACKS[0]

    @property
    def filtered(self) -> bool:
        """Whether anything but the search keeps projects out."""
        return bool(self.hidden or self.unshown or self.plan or self.without or self.district or self.near)


def read_projects_state(
    query: Mapping[str, str], *, projects: Collection[str], places: Collection[str], districts: Collection[str],
    plans: Collection[str],
) -> ProjectsState:  # fmt: skip
    """Read a state from the address; what makes no sense there falls back on the default."""
    page, sort, km = query.get("page", ""), query.get("sort", ""), query.get("km", "")
    plan = query["by"] if query.get("by") in plans else ""
    without = query["not"] if query.get("not") in plans else ""
    return ProjectsState(
        query=query.get("q", "")[:_LONGEST],
        hidden=read_left_out(query.get("kind"), KINDS),
        unshown=read_left_out(query.get("status"), STATUSES),
        plan=plan,
        without=without if without != plan else "",
        district=query["in"] if query.get("in") in districts else "",
        near=query["near"] if query.get("near") in places else "",
        km=int(km) if km in map(str, DISTANCES) else NEAR_KM,
        sort=sort if sort.removeprefix("-") in SORTS else SORTS[0],
        page=int(page) - 1 if re.fullmatch(r"[1-9][0-9]{0,3}", page) else 0,
        project=query["sel"] if query.get("sel") in projects else "",
        tab=query["tab"] if query.get("tab") in TABS else TABS[0],
        stack=query["stack"] if query.get("stack") in STACKS else STACKS[0],
    )


def write_projects_state(
    state: ProjectsState, *, lang: str, default_lang: str, crs: str, default_crs: str
) -> dict[str, str]:
    """Return the parameters of the address for a state; what is as by default is left out."""
    query = {
        "q": state.query,
        "by": state.plan,
        "not": state.without,
        "in": state.district,
        "near": state.near,
        "km": str(state.km) if state.near and state.km != NEAR_KM else "",
        "sort": state.sort if state.sort != SORTS[0] else "",
        "page": str(state.page + 1) if state.page else "",
        "sel": state.project,
        "tab": state.tab if state.tab != TABS[0] else "",
        "stack": state.stack if state.stack != STACKS[0] else "",
        "lang": lang if lang != default_lang else "",
        "crs": crs if crs != default_crs else "",
    }
    if state.hidden:
        query["kind"] = ",".join(each for each in KINDS if each not in state.hidden) or _NONE
    if state.unshown:
        query["status"] = ",".join(each for each in STATUSES if each not in state.unshown) or _NONE
    return {key: value for key, value in query.items() if value}
