"""Projects as a list: where each lies, what it is filtered and sorted by, the counts of each choice."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import TYPE_CHECKING, Any, Final

import shapely

from app.library import located_places, open_library
from app.projects.state import KINDS, OUTSIDE, STATUSES, WHOLE
from gazetteer import open_register
from gazetteer.freshness import kept
from gazetteer.naming import normalise
from geodata.crs import project as to_metres
from geodata.workspace import kept_until_change
from layers.catalogue import read_plans
from layers.items import component_items
from layers.projects import locate_attestations, read_groups, read_kinds, read_projects

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from app.projects.state import ProjectsState
    from layers.projects import Attestation, Project
    from layers.reading.record import Feature

_LEAST_SHARE: Final = 0.02
"""A project lies in a district with at least so much of its length or ground, or with so many metres of a line."""
_LEAST_M: Final = 200.0
_OUTLINE_M: Final = 20.0
"""How far the outline that is shown around a place may stray."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Entry:
    """A project with what the page filters it by.

    Attributes
    ----------
    fids
        Its component in each plan that names it, in the plans' order.
    districts
        Ids of the counties it lies in; `OUTSIDE` if it is drawn in none of them, `WHOLE` if that is not known.
    stated
        Whether the district is told by its position or members; if not, by whose plan names it.
    features
        What is drawn of it, by plan; EPSG:4549.
    """

    project: Project
    theme: str
    fids: Mapping[str, str]
    districts: tuple[str, ...]
    stated: bool
    features: Mapping[str, tuple[Feature, ...]]
    searched: str

    @property
    def located(self) -> bool:
        """Whether any plan's project is drawn."""
        return any(self.features.values())

    @property
    def plans(self) -> tuple[str, ...]:
        """The plans that name it."""
        return tuple(self.fids)

    def told_by(self, plan: str) -> tuple[Attestation, ...]:
        """Return what is said of it: by one plan, or by all if none is given."""
        return tuple(each for each in self.project.attestations if plan in ("", each.plan))

    def drawn_in(self, plan: str) -> str:
        """Return the plan whose drawing stands for it: the given one, else the first that places it, else ""."""
        if plan and self.features.get(plan):
            return plan
        return next((each for each in self.fids if self.features.get(each)), "")


@kept_until_change
@kept
def project_entries() -> Mapping[str, Entry]:
    """Return all entries by project id, in the order of the files."""
    index = open_library().index
    drawn: dict[str, list[Feature]] = {}
    for feature in index.features:
        drawn.setdefault(feature.fid, []).append(feature)
    counties = {
        place.id: index.areas[place.geometry].ground
        for place in open_register().places.values()
        if place.category == "county" and place.geometry in index.areas
    }
    order = list(read_plans())
    entries = {}
    for project in read_projects().values():
        where = locate_attestations(project)
        fids = {plan: where[plan] for plan in order if plan in where}
        features = {plan: tuple(drawn.get(fid, ())) for plan, fid in fids.items()}
        districts, stated = _districts(project, fids, features, counties)
        entries[project.id] = Entry(
            project=project, theme=read_groups()[project.group].theme, fids=fids, districts=districts, stated=stated,
            features=features, searched=_searched(project),
        )  # fmt: skip
    return entries


def _districts(
    project: Project, fids: Mapping[str, str], features: Mapping[str, tuple[Feature, ...]],
    counties: Mapping[str, BaseGeometry],
) -> tuple[tuple[str, ...], bool]:  # fmt: skip
    grounds = [feature.ground for found in features.values() for feature in found]
    if grounds:
        found = tuple(county for county, land in counties.items() if any(_lies_in(each, land) for each in grounds))
        return found or (OUTSIDE,), True
    register = open_register()
    held = dict.fromkeys(
        holder
        for fid in fids.values()
        for part in component_items(fid.partition("#")[0])[fid].parts
        if (place := register.places.get(part.key)) is not None
        for holder in (place.id, *register.ancestors(place))
        if holder in counties
    )
    if held:
        return tuple(held), True
    focus = open_library().manifest["plans"]
    own = [focus[each.plan]["focus"] for each in project.attestations]
    # A district's own plan that names a project without a place means its own district.
    named = dict.fromkeys(f"county/{county}" for areas in own for county in areas if len(areas) == 1)
    return (tuple(named), False) if named else ((WHOLE,), True)


def _lies_in(ground: BaseGeometry, land: BaseGeometry) -> bool:
    if not shapely.intersects(ground, land):
        return False
    if shapely.get_dimensions(ground) == 0:
        return True
    common = shapely.intersection(ground, land)
    size = "area" if shapely.get_dimensions(ground) > 1 else "length"
    share = getattr(common, size) / getattr(ground, size)
    return share >= _LEAST_SHARE or (size == "length" and common.length >= _LEAST_M)


def _searched(project: Project) -> str:
    """Return what a search looks at: all names and members, the sort, and the name in pinyin that the id holds."""
    kind, group = read_kinds()[project.kind], read_groups()[project.group]
    words = [
        project.name_zh, project.name_en, kind.name_zh, kind.name_en, group.name_zh,
        *(each.name_zh for each in project.attestations), *(member.name for member in project.members),
        project.id.partition("/")[2].replace("-", ""),
    ]  # fmt: skip
    return " ".join(normalise(each) for each in words if each)


@kept_until_change
@lru_cache(maxsize=32)
def ground_of(place_id: str) -> BaseGeometry | None:
    """Return what distances from a place are measured to, EPSG:4549: its outline, its point, or nothing."""
    place = located_places().get(place_id)
    if place is None:
        return None
    area = open_library().index.areas.get(place.geometry)
    if area is not None:
        return area.ground
    if place.position is None:
        return None
    x, y = to_metres(*place.position)
    return shapely.Point(float(x), float(y))


@kept_until_change
@lru_cache(maxsize=32)
def distances_from(place_id: str) -> Mapping[str, float]:
    """Return how far each located project lies from a place, metres in EPSG:4549; 0 where it crosses or covers it."""
    ground = ground_of(place_id)
    if ground is None:
        return {}
    return {
        entry.project.id: min(
            float(shapely.distance(feature.ground, ground)) for found in entry.features.values() for feature in found
        )
        for entry in project_entries().values()
        if entry.located
    }


@kept_until_change
@lru_cache(maxsize=32)
def reach_of(place_id: str, km: int) -> BaseGeometry | None:
    """Return the ground within a distance of a place, EPSG:4549, or None of a place without a position."""
    ground = ground_of(place_id)
    return None if ground is None else ground.simplify(_OUTLINE_M).buffer(km * 1000.0)


def accuracy_of(entry: Entry) -> float:
    """Return the accuracy of the roughest drawing of a project, metres; infinite where there is none."""
    return max((feature.accuracy_m for found in entry.features.values() for feature in found), default=inf)


def _is_near(entry: Entry, state: ProjectsState) -> bool:
    return not state.near or distances_from(state.near).get(entry.project.id, inf) <= state.km * 1000.0


def _has_status(entry: Entry, state: ProjectsState) -> bool:
    return any(each.status not in state.unshown for each in entry.told_by(state.plan))


_TESTS: Final[dict[str, Callable[[Entry, ProjectsState], bool]]] = {
    "kind": lambda entry, state: entry.project.kind not in state.hidden,
    "status": _has_status,
    "plan": lambda entry, state: not state.plan or state.plan in entry.fids,
    "without": lambda entry, state: not state.without or state.without not in entry.fids,
    "district": lambda entry, state: not state.district or state.district in entry.districts,
    "near": _is_near,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """What a state shows, and what each choice of a filter would show with the other filters as they are.

    Attributes
    ----------
    shown
        In the order of the table.
    found
        How many the search finds before any filter.
    nowhere
        How many pass every filter but the distance, which cannot be told of them: they have no position.
    reach
        How many lie farther than asked, but no farther than their position may be off.
    """

    shown: Sequence[Entry]
    found: int
    nowhere: int
    reach: int
    kinds: Counter[str]
    statuses: Counter[str]
    plans: Counter[str]
    without: Counter[str]
    districts: Counter[str]


@kept_until_change
@lru_cache(maxsize=64)
def list_projects(state: ProjectsState, lang: str) -> Listing:
    """Search, filter, count and sort.

    Parameters
    ----------
    lang
        Names are sorted by pinyin, or by the English name.
    """
    key = normalise(state.query)
    found = [entry for entry in project_entries().values() if not key or key in entry.searched]
    shown: list[Entry] = []
    far: list[Entry] = []
    counts: dict[str, Counter[str]] = {each: Counter() for each in _TESTS}
    for entry in found:
        failed = [name for name, test in _TESTS.items() if not test(entry, state)]
        if not failed:
            shown.append(entry)
        if failed == ["near"]:
            far.append(entry)
        if len(failed) > 1:
            continue
        for name in failed or _TESTS:
            counts[name].update(_choices(name, entry, state))
    off = distances_from(state.near)
    return Listing(
        shown=_sort(shown, state, lang),
        found=len(found),
        nowhere=sum(not entry.located for entry in far),
        reach=sum(off.get(e.project.id, inf) - state.km * 1000.0 <= accuracy_of(e) for e in far if e.located),
        kinds=counts["kind"],
        statuses=counts["status"],
        plans=counts["plan"],
        without=counts["without"],
        districts=counts["district"],
    )


def _choices(name: str, entry: Entry, state: ProjectsState) -> tuple[str, ...]:
    if name == "status":
        return tuple(dict.fromkeys(each.status for each in entry.told_by(state.plan)))
    if name == "without":
        return tuple(plan for plan in read_plans() if plan not in entry.fids)
    return {"kind": (entry.project.kind,), "plan": entry.plans, "district": entry.districts, "near": ()}[name]


def _sort(shown: list[Entry], state: ProjectsState, lang: str) -> Sequence[Entry]:
    by = state.sort.removeprefix("-")
    off, places = distances_from(state.near), open_register().places

    def name(entry: Entry) -> str:
        return entry.project.name_en.casefold() if lang == "en" else entry.project.id.partition("/")[2]

    def district(entry: Entry) -> str:
        place = places.get(entry.districts[0])
        return "￿" if place is None else place.name_en.casefold() if lang == "en" else place.pinyin

    keys: dict[str, Callable[[Entry], Any]] = {
        "name": name,
        "kind": lambda entry: KINDS.index(entry.project.kind),
        "status": lambda entry: min(STATUSES.index(each.status) for each in entry.told_by(state.plan)),
        "district": district,
        "plans": lambda entry: -len(entry.fids),
        "distance": lambda entry: off.get(entry.project.id, inf),
    }
    if by == "fit" and state.near:
        by = "distance"
    if by in keys:
        return sorted(shown, key=keys[by], reverse=state.sort.startswith("-"))
    return shown[::-1] if state.sort.startswith("-") else shown


@kept_until_change
@kept
def project_districts() -> tuple[str, ...]:
    """Return the ids of the districts that may be chosen, the one with most projects first."""
    counts = Counter(district for entry in project_entries().values() for district in entry.districts)
    return (*sorted(counts.keys() - {WHOLE, OUTSIDE}, key=lambda each: -counts[each]),
            *(each for each in (WHOLE, OUTSIDE) if counts[each]))  # fmt: skip
