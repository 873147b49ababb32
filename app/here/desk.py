"""What one reader does on the page "what applies here": the question, the answer, and what an event makes of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from app.actions import Flight
from app.here.state import CERTAINTIES, DISTANCES, MOST_CORNERS, HereState
from app.library import located_places, open_library
from geodata.coordinates import SYSTEMS, CoordinateError, Position, parse_position
from geodata.crs import unproject
from layers.catalogue import read_collections
from layers.reading import Answer, read_ring

if TYPE_CHECKING:
    from collections.abc import Callable

    from shapely.geometry.base import BaseGeometry

    from app.library import Library
    from layers.reading import Index

_LONGEST: Final = 120
_ZOOM: Final = 13
_AROUND_DEG: Final = 0.02
SKETCHES: Final = ("rect", "polygon")
FILES: Final = ("pdf", "docx", "csv")


@dataclass
class HereDesk:
    """The page of one reader, for the length of a session."""

    state: HereState = field(default_factory=HereState)
    text: str = ""
    """What stands in the box."""
    trouble: tuple[str, dict[str, str]] | None = None
    """What is wrong with what was typed or drawn: a key of the catalogue and its blanks."""
    read: Position | None = None
    """How the typed coordinate was read."""
    sketch: str = ""
    """What is being drawn on the map: one of `SKETCHES`, or ""."""
    flight: Flight | None = None
    download: str = ""
    go: int = 0
    _answered: tuple[Any, Answer] | None = None

    # ------------ the answer
    def area(self, index: Index) -> BaseGeometry | None:
        """Return the area that is asked of (EPSG:4549), None if it is a point or nothing."""
        if self.state.ring:
            return read_ring(self.state.ring)
        place = located_places().get(self.state.place)
        known = index.areas.get(place.geometry) if place is not None else None
        return None if known is None else known.ground

    def point(self, index: Index) -> tuple[float, float] | None:
        """Return the point that is asked of (degrees, WGS 84), None if it is an area or nothing."""
        if self.state.point is not None:
            return self.state.point
        place = located_places().get(self.state.place)
        return place.position if place is not None and self.area(index) is None else None

    def answer_question(self, index: Index) -> Answer:
        """Return what applies; an answer is kept until another question is asked."""
        question = (self.state.point, self.state.ring, self.state.place, self.state.near)
        if self._answered is None or self._answered[0] != question:
            area, point = self.area(index), self.point(index)
            if area is not None:
                found = index.in_area(area, near_m=self.state.near)
            elif point is not None:
                found = index.at_point(*point, near_m=self.state.near)
            else:
                found = Answer(hits=())
            self._answered = (question, found)
        return self._answered[1]

    # ------------ events
    def answer(self, event: dict[str, Any]) -> None:
        """Answer an event; one that makes no sense changes nothing."""
        action = self._ACTIONS.get(str(event.get("type")))
        if action is not None:
            action(self, event)

    def take_flight(self) -> Flight | None:
        """Return where the map must go, once."""
        flight, self.flight = self.flight, None
        return flight

    def _ask(self, **changes: Any) -> None:
        """Ask of something else."""
        fresh: dict[str, Any] = {"point": None, "ring": (), "place": "", "selected": ""}
        self.state = replace(self.state, **(fresh | changes))
        self.trouble = self.read = None
        self.sketch = ""
        self.go += 1

    def _type(self, event: dict[str, Any]) -> None:
        self.text = str(event.get("value") or "")[:_LONGEST]
        self.trouble = None

    def _search_first(self, event: dict[str, Any]) -> None:
        """Take what was typed: a coordinate if it has the digits of one, else the first place of that name."""
        from app.here.panel import find_places  # noqa: PLC0415 - the panel shows what the desk holds

        self._type(event)
        text = self.text.strip()
        if not text:
            return
        places = find_places(text)
        if looks_like_numbers(text) and not places:
            self._coordinate(text)
        elif places:
            self._choose(places[0].id)
        else:
            self.trouble = ("here.unknown", {"text": text})

    def _coordinate(self, text: str) -> None:
        try:
            position = parse_position(text, system=self.state.system)
        except CoordinateError as error:
            self.trouble = (f"here.faults.{error.fault}", {"found": error.found})
            return
        point = (round(position.lon, 6), round(position.lat, 6))
        self._ask(point=point)
        self.read = position
        self.flight = _flight_around(point)

    def _choose(self, place_id: str) -> None:
        place = located_places().get(place_id)
        if place is None:
            return
        if place.position is None:
            self.trouble = ("here.nowhere", {"text": place.name_zh})
            return
        self._ask(place=place.id)
        self.text = ""
        bounds = open_library().bounds_of_place(place)
        self.flight = Flight(bounds=bounds, zoom=_ZOOM) if bounds else None

    def _place(self, event: dict[str, Any]) -> None:
        self._choose(str(event.get("value") or ""))

    def _pin(self, event: dict[str, Any]) -> None:
        """Ask of the point that was clicked on the map."""
        try:
            point = (float(event["lon"]), float(event["lat"]))
        except (KeyError, TypeError, ValueError):
            return
        if abs(point[0]) <= 180 and abs(point[1]) <= 90:  # noqa: PLR2004 - the globe
            self._ask(point=point)
            self.text = ""

    def _area(self, event: dict[str, Any]) -> None:
        """Ask of the area that was drawn on the map."""
        try:
            ring = tuple((round(float(lon), 6), round(float(lat), 6)) for lon, lat in event["ring"])
        except (KeyError, TypeError, ValueError):
            return
        self.sketch = ""
        if len(ring) > MOST_CORNERS:
            self.trouble = ("here.corners", {"most": str(MOST_CORNERS)})
            return
        try:
            read_ring(ring)
        except ValueError:
            self.trouble = ("here.crossed", {})
            return
        self._ask(ring=ring)
        self.text = ""

    def _draw(self, event: dict[str, Any]) -> None:
        value = str(event.get("value") or "")
        self.sketch = value if value in SKETCHES and value != self.sketch else ""
        self.trouble = None

    def _near(self, event: dict[str, Any]) -> None:
        value = str(event.get("value") or "")
        if value in map(str, DISTANCES):
            self.state = replace(self.state, near=int(value))

    def _system(self, event: dict[str, Any]) -> None:
        """Choose what typed degrees are in; the coordinate that stands in the box is read anew."""
        system = next((each for each in SYSTEMS if each == event.get("value")), self.state.system)
        self.state = replace(self.state, system=system)
        if self.text.strip() and looks_like_numbers(self.text):
            self._coordinate(self.text.strip())

    def _plan(self, event: dict[str, Any]) -> None:
        off = {*self.state.hidden} ^ ({str(event.get("value"))} & {*read_collections()})
        self.state = replace(self.state, hidden=tuple(each for each in read_collections() if each in off))

    def _certainty(self, event: dict[str, Any]) -> None:
        off = {*self.state.unshown} ^ ({event.get("value")} & {*CERTAINTIES})
        self.state = replace(self.state, unshown=tuple(each for each in CERTAINTIES if each in off))

    def _select(self, event: dict[str, Any]) -> None:
        fid, library = str(event.get("value") or ""), open_library()
        if fid not in library.components:
            return
        chosen = "" if fid == self.state.selected else fid
        self.state = replace(self.state, selected=chosen)
        bounds = library.components[fid]["bounds"]
        if chosen and bounds:
            self.flight = Flight(bounds=bounds, only_if_unseen=True)

    def _clear(self, _event: dict[str, Any]) -> None:
        if self.sketch:
            self.sketch = ""
        elif self.state.selected:
            self.state = replace(self.state, selected="")

    def _reset(self, _event: dict[str, Any]) -> None:
        self._ask()
        self.text = ""

    def _show_all(self, _event: dict[str, Any]) -> None:
        self.state = replace(self.state, hidden=(), unshown=())

    def _zoom_to(self, _event: dict[str, Any]) -> None:
        self.flight = self.flight_to_question(open_library())

    def flight_to_question(self, library: Library) -> Flight | None:
        """Return the way to what is asked of."""
        point, area = self.point(library.index), self.area(library.index)
        if area is not None:
            west, south, east, north = area.bounds
            lon, lat = unproject([west, east], [south, north])
            return Flight(bounds=[float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])], zoom=_ZOOM)
        return None if point is None else _flight_around(point)

    def _download(self, event: dict[str, Any]) -> None:
        value = str(event.get("value") or "")
        self.download = value if value in FILES and self.state.asked else ""

    _ACTIONS: ClassVar[dict[str, Callable[[HereDesk, dict[str, Any]], None]]] = {
        "search": _type,
        "search_first": _search_first,
        "place": _place,
        "pin": _pin,
        "point": _place,
        "area": _area,
        "draw": _draw,
        "near": _near,
        "system": _system,
        "plan": _plan,
        "certainty": _certainty,
        "select": _select,
        "clear": _clear,
        "reset": _reset,
        "show_all": _show_all,
        "zoom_to": _zoom_to,
        "download": _download,
    }


def looks_like_numbers(text: str) -> bool:
    """Tell whether a text is meant as a coordinate: at least five digits, and more of them than a name has."""
    digits = sum(each.isdigit() for each in text)
    return digits >= 5 and 3 * digits >= len(text.replace(" ", ""))  # noqa: PLR2004


def _flight_around(point: tuple[float, float]) -> Flight:
    lon, lat = point
    return Flight(bounds=[lon - _AROUND_DEG, lat - _AROUND_DEG, lon + _AROUND_DEG, lat + _AROUND_DEG], zoom=_ZOOM)
