"""What one reader does on the page "export": the choice, and what an event makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from app.export.state import FORMATS, KINDS, SYSTEMS, ExportState
from app.library import located_places
from layers.catalogue import read_collections
from layers.files import read_base_layers, read_formats
from layers.files.choice import BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from shapely.geometry.base import BaseGeometry

    from app.export.files import Made
    from app.library import Library
    from gazetteer import Place

_LONGEST = 80


def all_layers(library: Library) -> list[str]:
    """Return the ids of every layer that can be taken along, in the order of plans, then the base layers."""
    return [*library.cards, *read_base_layers()]


def kind_of(layer: str, library: Library) -> str:
    """Return which kind of the list a layer belongs to: one of `KINDS`."""
    if layer.startswith(f"{BASE}/"):
        return "base"
    return "projects" if library.cards[layer]["kind"] == "projects" else "structures"


def area_ids(library: Library) -> set[str]:
    """Return the ids of the places that have an outline."""
    known = library.index.areas
    return {place.id for place in located_places().values() if place.geometry in known}


@dataclass
class ExportDesk:
    """The page of one reader, for the length of a session."""

    state: ExportState = field(default_factory=ExportState)
    text: str = ""
    """What stands in the box of the layers."""
    area_text: str = ""
    """What stands in the box of the area."""
    unknown: str = ""
    """What was typed as an area and is none."""
    making: bool = False
    made: Made | None = None
    """The files that were made, until the choice changes."""
    trouble: str = ""

    def answer(self, event: dict[str, Any], library: Library) -> None:
        """Answer an event; one that makes no sense changes nothing."""
        action = self._ACTIONS.get(str(event.get("type")))
        if action is not None:
            before = self.state
            action(self, str(event.get("value") or ""), library)
            if replace(self.state, plan="", kind="") != replace(before, plan="", kind=""):
                self.made, self.trouble = None, ""

    def listed(self, library: Library) -> list[str]:
        """Return the layers that the list shows: those of the plan and kind, with the typed text in a name."""
        wanted = self.text.strip().lower()
        found = []
        for layer in all_layers(library):
            group = layer.partition("/")[0]
            if self.state.plan and group != self.state.plan:
                continue
            if self.state.kind and kind_of(layer, library) != self.state.kind:
                continue
            if not wanted or any(wanted in name.lower() for name in names_of(layer, library)):
                found.append(layer)
        return found

    def area(self, library: Library) -> BaseGeometry | None:
        """Return the chosen area (EPSG:4549), None for all of the city."""
        place = located_places().get(self.state.area)
        known = None if place is None else library.index.areas.get(place.geometry)
        return None if known is None else known.ground

    @property
    def systems(self) -> tuple[str, ...]:
        """The coordinate systems that one of the chosen formats takes."""
        forms = [read_formats()[each] for each in self.state.formats]
        return tuple(each for each in SYSTEMS if any(each in form.systems for form in forms))

    def _choose(self, layers: Iterable[str], library: Library) -> None:
        wanted = set(layers)
        self.state = replace(self.state, layers=tuple(each for each in all_layers(library) if each in wanted))

    def _toggle(self, value: str, library: Library) -> None:
        self._choose({*self.state.layers} ^ {value}, library)

    def _take_listed(self, _value: str, library: Library) -> None:
        self._choose({*self.state.layers, *self.listed(library)}, library)

    def _take_none(self, _value: str, library: Library) -> None:
        self._choose((), library)

    def _search(self, value: str, _library: Library) -> None:
        self.text = value[:_LONGEST]

    def _plan(self, value: str, _library: Library) -> None:
        self.state = replace(self.state, plan=value if value in (*read_collections(), BASE) else "")

    def _kind(self, value: str, _library: Library) -> None:
        self.state = replace(self.state, kind=value if value in KINDS else "")

    def _format(self, value: str, _library: Library) -> None:
        chosen = {*self.state.formats} ^ ({value} & {*FORMATS})
        formats = tuple(each for each in FORMATS if each in chosen)
        if not formats:
            return
        self.state = replace(self.state, formats=formats, zipped=self.state.zipped or len(formats) > 1)
        if self.state.system not in self.systems:
            self.state = replace(self.state, system=self.systems[0])

    def _system(self, value: str, _library: Library) -> None:
        if value in self.systems:
            self.state = replace(self.state, system=value)

    def _zip(self, value: str, _library: Library) -> None:
        self.state = replace(self.state, zipped=value != "0" or len(self.state.formats) > 1)

    def _search_area(self, value: str, _library: Library) -> None:
        self.area_text, self.unknown = value[:_LONGEST], ""

    def _first_area(self, value: str, library: Library) -> None:
        self.area_text = value[:_LONGEST]
        found = find_areas(self.area_text, library)
        if found:
            self._area(found[0].id, library)
        else:
            self.unknown = self.area_text.strip()

    def _area(self, value: str, library: Library) -> None:
        self.area_text = self.unknown = ""
        self.state = replace(self.state, area=value if value in area_ids(library) else "")

    def _make(self, _value: str, _library: Library) -> None:
        self.making = bool(self.state.layers)

    _ACTIONS: ClassVar[dict[str, Callable[[ExportDesk, str, Library], None]]] = {
        "toggle": _toggle,
        "take_listed": _take_listed,
        "take_none": _take_none,
        "search": _search,
        "search_first": _search,
        "plan": _plan,
        "kind": _kind,
        "format": _format,
        "system": _system,
        "zip": _zip,
        "area_search": _search_area,
        "area_first": _first_area,
        "place": _area,
        "whole": _area,
        "make": _make,
    }


def names_of(layer: str, library: Library) -> tuple[str, ...]:
    """Return what a layer may be found by."""
    base = read_base_layers().get(layer)
    if base is not None:
        return (base.name_zh, base.name_en, layer)
    card = library.cards[layer]
    return (card["name_zh"], card["name_en"] or "", layer)


def find_areas(text: str, library: Library) -> list[Place]:
    """Return the places with an outline that a text may mean, best first."""
    from app.here.panel import find_places  # noqa: PLC0415 - only a search needs it

    if not text.strip():
        return []
    known = library.index.areas
    return [place for place in find_places(text.strip()) if place.geometry in known]
