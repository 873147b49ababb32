"""What one reader does on the page "places": the state, the table that was brought, and what an event makes of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from app.actions import Flight
from app.places.batch import Batch
from app.places.list import districts, list_places, search
from app.places.state import ACCURACIES, CATEGORIES, NO_PLAN, PAGE_ROWS, SORTS, TABS, PlacesState
from app.text.families import read_families
from gazetteer import open_register

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.library import Library

_LONGEST_SEARCH: Final = 80
_ZOOM: Final = 13


@dataclass
class PlacesDesk:
    """The page of one reader, for the length of a session."""

    state: PlacesState = field(default_factory=PlacesState)
    batch: Batch = field(default_factory=Batch)
    lang: str = "zh"
    go: int = 0
    """Counts the times that the table must scroll to what is chosen, or to its top."""
    flight: str = ""
    """Id of the place that the map must go to; taken away by the page."""
    download: str = ""
    """Kind of file that the reader wants of the list; taken away by the page."""

    def answer(self, event: dict[str, Any]) -> None:
        """Answer an event; one that makes no sense changes nothing."""
        action, value = self._ACTIONS.get(str(event.get("type"))), str(event.get("value") or "")
        if action is not None:
            action(self, value)
        else:
            self.batch.answer(str(event.get("type")), value)

    def take_flight(self, library: Library) -> Flight | None:
        """Return where the map must go, once."""
        place_id, self.flight = self.flight, ""
        place = open_register().places.get(place_id)
        bounds = library.bounds_of_place(place) if place is not None else None
        return None if bounds is None else Flight(bounds=bounds, zoom=_ZOOM)

    def _filter(self, **changes: Any) -> None:
        self.state = replace(self.state, page=0, **changes)
        self.go += 1

    def _search(self, value: str) -> None:
        self._filter(query=value[:_LONGEST_SEARCH])

    def _search_first(self, value: str) -> None:
        self._search(value)
        shown = list_places(self.state, self.lang).shown
        if value.strip() and shown:
            self._place(shown[0].place.id)

    def _category(self, value: str) -> None:
        if value in CATEGORIES:
            self._hide({value}, show=value in self.state.hidden)

    def _family(self, value: str) -> None:
        family = read_families().get(value)
        if family is not None:
            self._hide({*family.categories}, show=all(each in self.state.hidden for each in family.categories))

    def _only(self, value: str) -> None:
        """Show one family of categories and no other; all again if it is the only one."""
        family = read_families().get(value)
        if family is not None:
            rest = tuple(each for each in CATEGORIES if each not in family.categories)
            self._filter(hidden=() if self.state.hidden == rest else rest)

    def _hide(self, categories: set[str], *, show: bool) -> None:
        hidden = {*self.state.hidden} - categories if show else {*self.state.hidden} | categories
        self._filter(hidden=tuple(each for each in CATEGORIES if each in hidden))

    def _district(self, value: str) -> None:
        if value in ("", *districts()):
            self._filter(district=value)
            self.flight = value if "/" in value else ""

    def _plan(self, value: str) -> None:
        if value in ("", NO_PLAN, *open_register().contexts):
            self._filter(plan=value)

    def _accuracy(self, value: str) -> None:
        if value in ACCURACIES:
            off = {*self.state.unshown} ^ {value}
            self._filter(unshown=tuple(each for each in ACCURACIES if each in off))

    def _reset(self, _value: str) -> None:
        self._filter(hidden=(), district="", plan="", unshown=())

    def _sort(self, value: str) -> None:
        if value in SORTS:
            turned = self.state.sort == value
            self._filter(sort=f"-{value}" if turned else SORTS[0] if self.state.sort == f"-{value}" else value)

    def _page(self, value: str) -> None:
        if value.isdigit():
            self.state = replace(self.state, page=int(value))
            self.go += 1

    def _place(self, value: str) -> None:
        if value in open_register().places:
            self.state = replace(self.state, place=value)
            self.flight = value

    def _point(self, value: str) -> None:
        """Choose a place on the map: the table turns to the page that holds it, the map stays."""
        if value not in open_register().places:
            return
        self.state = replace(self.state, place=value)
        shown = [entry.place.id for entry in list_places(replace(self.state, page=0, place=""), self.lang).shown]
        if value in shown:
            self.state = replace(self.state, page=shown.index(value) // PAGE_ROWS)
        self.batch.turn_to(value)
        self.go += 1

    def _clear(self, _value: str) -> None:
        self.state = replace(self.state, place="")

    def _tab(self, value: str) -> None:
        if value in TABS:
            self.state = replace(self.state, tab=value)
            self.go += 1

    def _download(self, value: str) -> None:
        self.download = value

    def _everywhere(self, _value: str) -> None:
        """Search in all of the register, or show all of it if the search finds nothing anywhere."""
        self._reset("")
        if not search(self.state.query, ""):
            self._filter(query="")

    _ACTIONS: ClassVar[dict[str, Callable[[PlacesDesk, str], None]]] = {
        "search": _search,
        "search_first": _search_first,
        "category": _category,
        "family": _family,
        "only": _only,
        "in": _district,
        "by": _plan,
        "accuracy": _accuracy,
        "reset": _reset,
        "everywhere": _everywhere,
        "sort": _sort,
        "page": _page,
        "place": _place,
        "point": _point,
        "clear": _clear,
        "tab": _tab,
        "download": _download,
    }
