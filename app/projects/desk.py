"""What one reader does on the page "projects": the state, and what an event makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from app.actions import Flight
from app.compare.desk import join_bounds
from app.library import located_places
from app.places.state import PAGE_ROWS
from app.projects.list import list_projects, project_districts, project_entries, reach_of
from app.projects.state import DISTANCES, KINDS, NEAR_KM, SORTS, STACKS, STATUSES, TABS, ProjectsState
from gazetteer import geocode
from geodata.crs import unproject
from layers.catalogue import read_plans
from layers.projects import read_groups, read_kinds, read_projects

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from app.library import Library
    from layers.projects import ProjectKind

_LONGEST_SEARCH: Final = 80
_ZOOM: Final = 14
_MOST_OTHERS: Final = 4


@dataclass
class ProjectsDesk:
    """The page of one reader, for the length of a session."""

    state: ProjectsState = field(default_factory=ProjectsState)
    lang: str = "zh"
    go: int = 0
    """Counts the times that the table must scroll to what is chosen, or to its top."""
    flight: str = ""
    """Id of the project or place that the map must go to; taken away by the page."""
    download: str = ""
    """Kind of file that the reader wants of the list; taken away by the page."""
    unknown: str = ""
    """What was typed as a place and is none with a position."""
    others: tuple[str, ...] = ()
    """Ids of other places that what was typed may mean."""

    def answer(self, event: dict[str, Any]) -> None:
        """Answer an event; one that makes no sense changes nothing."""
        action = self._ACTIONS.get(str(event.get("type")))
        if action is not None:
            action(self, str(event.get("value") or ""))

    def take_flight(self, library: Library) -> Flight | None:
        """Return where the map must go, once."""
        target, self.flight = self.flight, ""
        if target and target == self.state.near and (reach := reach_of(target, self.state.km)) is not None:
            west, south, east, north = reach.bounds
            lon, lat = unproject([west, east], [south, north])
            return Flight(bounds=[float(each) for each in (lon[0], lat[0], lon[1], lat[1])])
        entry, place = project_entries().get(target), located_places().get(target)
        if entry is not None:
            bounds = join_bounds(library.components[fid]["bounds"] for fid in entry.fids.values())
        else:
            bounds = None if place is None else library.bounds_of_place(place)
        return None if bounds is None else Flight(bounds=bounds, zoom=_ZOOM)

    def _filter(self, **changes: Any) -> None:
        self.state = replace(self.state, page=0, **changes)
        self.go += 1

    def _search(self, value: str) -> None:
        self._filter(query=value[:_LONGEST_SEARCH])

    def _search_first(self, value: str) -> None:
        self._search(value)
        shown = list_projects(self.state, self.lang).shown
        if value.strip() and shown:
            self._project(shown[0].project.id)

    def _kind(self, value: str) -> None:
        if value in KINDS:
            self._hide({value}, show=value in self.state.hidden)

    def _group(self, value: str) -> None:
        if kinds := _kinds_of(value):
            self._hide(kinds, show=kinds <= {*self.state.hidden})

    def _only(self, value: str) -> None:
        """Show the kinds of one group and no other; all again if it is the only one."""
        if kinds := _kinds_of(value):
            rest = tuple(each for each in KINDS if each not in kinds)
            self._filter(hidden=() if self.state.hidden == rest else rest)

    def _hide(self, kinds: Collection[str], *, show: bool) -> None:
        hidden = {*self.state.hidden}.difference(kinds) if show else {*self.state.hidden, *kinds}
        self._filter(hidden=tuple(each for each in KINDS if each in hidden))

    def _status(self, value: str) -> None:
        if value in STATUSES:
            off = {*self.state.unshown} ^ {value}
            self._filter(unshown=tuple(each for each in STATUSES if each in off))

    def _plan(self, value: str) -> None:
        if value in ("", *read_plans()):
            without = self.state.without if self.state.without != value else ""
            self._filter(plan=value, without=without)

    def _without(self, value: str) -> None:
        if value in ("", *read_plans()) and (not value or value != self.state.plan):
            self._filter(without=value)

    def _district(self, value: str) -> None:
        if value in ("", *project_districts()):
            self._filter(district=value)
            self.flight = value

    def _near_text(self, value: str) -> None:
        """Ask for what lies near a place by its name; nothing typed asks for no place."""
        text = value.strip()[:_LONGEST_SEARCH]
        self.unknown, self.others = "", ()
        if not text:
            self._filter(near="")
            return
        answer = geocode(text, plan=self.state.plan or None)
        found = [each.place for each in (answer.best, *answer.alternatives) if each is not None and each.place.located]
        if not found:
            self.unknown = text
            self._filter(near="")
            return
        self._near(found[0].id)
        self.others = tuple(place.id for place in found[1 : _MOST_OTHERS + 1])

    def _near(self, value: str) -> None:
        place = located_places().get(value)
        if place is not None and place.located:
            self.unknown, self.others = "", ()
            self._filter(near=value)
            self.flight = value

    def _km(self, value: str) -> None:
        if value in map(str, DISTANCES):
            self._filter(km=int(value))
            self.flight = self.state.near

    def _reset(self, _value: str) -> None:
        self.unknown, self.others = "", ()
        self._filter(hidden=(), unshown=(), plan="", without="", district="", near="", km=NEAR_KM)

    def _everything(self, _value: str) -> None:
        self._reset("")
        self._filter(query="")

    def _sort(self, value: str) -> None:
        if value in SORTS:
            turned = self.state.sort == value
            self._filter(sort=f"-{value}" if turned else SORTS[0] if self.state.sort == f"-{value}" else value)

    def _page(self, value: str) -> None:
        if value.isdigit():
            self.state = replace(self.state, page=int(value))
            self.go += 1

    def _project(self, value: str) -> None:
        if value in read_projects():
            self.state = replace(self.state, project=value)
            self.flight = value

    def _point(self, value: str) -> None:
        """Choose a project on the map: the table turns to the page that holds it, the map stays."""
        if value not in read_projects():
            return
        self.state = replace(self.state, project=value)
        shown = [entry.project.id for entry in list_projects(replace(self.state, page=0, project=""), self.lang).shown]
        if value in shown:
            self.state = replace(self.state, page=shown.index(value) // PAGE_ROWS)
        self.go += 1

    def _clear(self, _value: str) -> None:
        self.state = replace(self.state, project="")

    def _tab(self, value: str) -> None:
        if value in TABS:
            self.state = replace(self.state, tab=value)
            self.go += 1

    def _stack(self, value: str) -> None:
        if value in STACKS:
            self.state = replace(self.state, stack=value)

    def _bar(self, value: str) -> None:
        """Show in the table what one status of the chart counts."""
        if value in STATUSES:
            self._filter(unshown=tuple(each for each in STATUSES if each != value), tab=TABS[0])

    def _download(self, value: str) -> None:
        self.download = value

    _ACTIONS: ClassVar[dict[str, Callable[[ProjectsDesk, str], None]]] = {
        "search": _search,
        "search_first": _search_first,
        "kind": _kind,
        "group_of": _group,
        "only": _only,
        "status": _status,
        "by": _plan,
        "not": _without,
        "in": _district,
        "near_text": _near_text,
        "near": _near,
        "km": _km,
        "reset": _reset,
        "everything": _everything,
        "sort": _sort,
        "page": _page,
        "project": _project,
        "point": _point,
        "clear": _clear,
        "tab": _tab,
        "stack": _stack,
        "bar": _bar,
        "download": _download,
    }


def _kinds_of(group: str) -> set[ProjectKind]:
    found = read_groups().get(group)
    return set() if found is None else {project.kind for project in found.projects}


def kinds_of_groups() -> Iterable[tuple[str, list[ProjectKind]]]:
    """Yield the groups with the kinds of their projects, in the order of the kinds."""
    for group in read_groups():
        kinds = _kinds_of(group)
        yield group, [each for each in read_kinds() if each in kinds]
