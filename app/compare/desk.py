"""What a reader does on the page "compare": events in, a new state out. No Streamlit here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from app.actions import Flight
from app.compare.state import KINDS, MODES, SHOWS, TABS, CompareState
from layers.catalogue import read_plans, read_structures
from layers.comparing import Comparison, ItemRow, compare
from layers.items import plan_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.library import Library

_LONGEST = 80


def row_key(row: ItemRow) -> str:
    """Return the key of a row of components: ``<left id>~<right id>``."""
    return "~".join(item.id if item is not None else "" for item in (row.left, row.right))


@dataclass
class CompareDesk:
    """The state of the page, and what it must do once: fly somewhere, save a file."""

    state: CompareState
    flight: Flight | None = None
    flights: int = 0
    runs: int = 0
    download: bool = False

    @property
    def comparison(self) -> Comparison:
        """What the two sides have in common and not."""
        return compare(self.state.left, self.state.right)

    @property
    def row(self) -> ItemRow | None:
        """The chosen row of components."""
        if not self.state.chosen:
            return None
        return next((row for row in self.comparison.items if row_key(row) == self.state.chosen), None)

    def answer(self, event: dict[str, Any], library: Library) -> None:
        """Change the state by an event; one that makes no sense changes nothing."""
        kind, value = str(event.get("type")), str(event.get("value") or "")
        if (action := _ACTIONS.get(kind)) is not None:
            new = action(self.state, value)
            if (new.left, new.right) != (self.state.left, self.state.right):
                new = replace(new, page=0, chosen="", place="", query="", show=SHOWS[0])
                self.state = new
                self.fly(Flight(bounds=home_bounds(self.comparison, library)))
            self.state = new
        elif kind == "download":
            self.download = True
        elif kind == "row":
            self._choose_row(value, library)
        elif kind in ("left_select", "right_select"):
            self._choose_on_map(kind.removesuffix("_select"), str(event.get("fid") or ""))
        elif kind == "place":
            self._choose_place(value, library)
        elif kind == "zoom_to" and (row := self.row) is not None and (bounds := row_bounds(row, library)):
            self.fly(Flight(bounds=bounds))

    def fly(self, flight: Flight) -> None:
        """Have both maps go somewhere."""
        self.flight, self.flights = flight, self.flights + 1

    def _choose_row(self, key: str, library: Library) -> None:
        row = next((row for row in self.comparison.items if row_key(row) == key), None)
        if row is None or key == self.state.chosen:
            self.state = replace(self.state, chosen="")
            return
        self.state = replace(self.state, chosen=key, place="")
        if bounds := row_bounds(row, library):
            self.fly(Flight(bounds=bounds, only_if_unseen=True))

    def _choose_on_map(self, side: str, fid: str) -> None:
        """Choose the first row that has a component on a side, and have the table show it."""
        for row in self.comparison.items:
            item = getattr(row, side)
            if item is not None and item.id == fid:
                self.state = replace(self.state, chosen=row_key(row), place="", tab=TABS[0])
                return

    def _choose_place(self, key: str, library: Library) -> None:
        from app.library import located_places  # noqa: PLC0415 - only a chosen place needs the register

        again = key == self.state.place
        place = located_places().get(key)
        self.state = replace(self.state, place="" if again or place is None else key, chosen="")
        bounds = None if again or place is None else library.bounds_of_place(place)
        if bounds:
            self.fly(Flight(bounds=bounds, only_if_unseen=True, zoom=13))


def row_bounds(row: ItemRow, library: Library) -> list[float] | None:
    """Return the bounds of what a row's items have on the map: west, south, east, north in degrees; None if nothing."""
    records = [library.components.get(item.id) or library.cards.get(item.id) for item in row.items]
    return join_bounds(record["bounds"] for record in records if record is not None)


def join_bounds(several: Iterable[list[float] | None]) -> list[float] | None:
    """Return the bounds that hold several ones; None if there are none."""
    known = [each for each in several if each]
    if not known:
        return None
    return [min(each[i] for each in known) for i in (0, 1)] + [max(each[i] for each in known) for i in (2, 3)]


def home_bounds(comparison: Comparison, library: Library) -> list[float]:
    """Return what both maps show at first: all of both structures; of a city and its district, the district."""
    bounds = [
        library.manifest["plans"][side.plan]["bounds"] if side.whole else library.cards[side.id]["bounds"]
        for side in (comparison.left, comparison.right)
    ]
    if comparison.left.whole and comparison.right.whole:
        for one, other in (bounds, bounds[::-1]):
            if _holds(one, other):
                return list(other)
    home = join_bounds(bounds)
    return home or list(library.manifest["plans"][comparison.left.plan]["bounds"])


def _holds(one: list[float], other: list[float]) -> bool:
    return one[0] <= other[0] and one[1] <= other[1] and one[2] >= other[2] and one[3] >= other[3]


def _set_side(side: str, value: str, state: CompareState) -> CompareState:
    """Set a side to a plan or a structure; an empty structure means the whole plan that is chosen."""
    if value in read_plans() or value in read_structures():
        return _with(state, side, value)
    return _with(state, side, plan_of(getattr(state, side))) if not value else state


def _with(state: CompareState, side: str, value: str) -> CompareState:
    return replace(state, left=value) if side == "left" else replace(state, right=value)


def _pair(state: CompareState, value: str) -> CompareState:
    left, _, right = value.partition("~")
    known = {*read_plans(), *read_structures()}
    return replace(state, left=left, right=right) if left in known and right in known else state


def _swap(state: CompareState, _value: str) -> CompareState:
    return replace(state, left=state.right, right=state.left)


def _swipe(state: CompareState, value: str) -> CompareState:
    return replace(state, swipe=min(100, int(value))) if value.isdigit() else state


def _show(state: CompareState, value: str) -> CompareState:
    return replace(state, show=value, page=0) if value in SHOWS else state


def _kind(state: CompareState, value: str) -> CompareState:
    return replace(state, kind=value, page=0) if value in KINDS else state


def _year(state: CompareState, value: str) -> CompareState:
    return replace(state, year=int(value or 0), page=0) if not value or value.isdigit() else state


def _tab(state: CompareState, value: str) -> CompareState:
    return replace(state, tab=value, page=0) if value in TABS else state


_ACTIONS: dict[str, Callable[[CompareState, str], CompareState]] = {
    "left": lambda state, value: _set_side("left", value, state),
    "right": lambda state, value: _set_side("right", value, state),
    "pair": _pair,
    "swap": _swap,
    "mode": lambda state, value: replace(state, mode=value) if value in MODES else state,
    "swipe": _swipe,
    "year": _year,
    "tab": _tab,
    "show": _show,
    "kind": _kind,
    "search": lambda state, value: replace(state, query=value[:_LONGEST], page=0),
    "search_first": lambda state, value: replace(state, query=value[:_LONGEST], page=0),
    "page": lambda state, value: replace(state, page=int(value)) if value.isdigit() else state,
    "clear": lambda state, _value: replace(state, chosen="", place=""),
}
