"""What the reader does, as plain functions from state to state; the page only passes events on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from app.address import CRS_NAMES, GROUPS, State
from app.wording import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.library import Library


@dataclass(frozen=True, kw_only=True, slots=True)
class Flight:
    """Where the map should go: west, south, east, north in degrees, and only if that is out of sight."""

    bounds: list[float]
    only_if_unseen: bool = False
    zoom: int = 14


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """The state after an event, where to fly, and the point that was clicked (degrees, WGS 84)."""

    state: State
    flight: Flight | None = None
    point: tuple[float, float] | None = None


def act(state: State, event: dict[str, Any], library: Library) -> Outcome:
    """Return what comes of an event; an event that makes no sense changes nothing."""
    action = _ACTIONS.get(str(event.get("type")))
    return Outcome(state=state) if action is None else action(state, event, library)


def _select(state: State, event: dict[str, Any], library: Library) -> Outcome:
    fid = str(event.get("fid") or event.get("value") or "")
    if fid not in library.components:
        return Outcome(state=state)
    layer = library.layer_of(fid)
    on = state.layers if layer in state.layers else (*state.layers, layer)
    point = (float(event["lon"]), float(event["lat"])) if "lon" in event and "lat" in event else None
    bounds = library.components[fid]["bounds"]
    flight = Flight(bounds=bounds, only_if_unseen=True) if bounds and point is None else None
    return Outcome(state=replace(state, selected=fid, place="", layers=on), flight=flight, point=point)


def _place(state: State, event: dict[str, Any], library: Library) -> Outcome:
    from app.library import located_places  # noqa: PLC0415 - keeps this module free of the gazetteer for tests

    place = located_places().get(str(event.get("value")))
    if place is None:
        return Outcome(state=state)
    bounds = library.bounds_of_place(place)
    flight = None if bounds is None else Flight(bounds=bounds, zoom=13)
    return Outcome(state=replace(state, selected="", place=place.id), flight=flight, point=place.position)


def _clear(state: State, _event: dict[str, Any], _library: Library) -> Outcome:
    return Outcome(state=replace(state, selected="", place=""))


def _toggle(state: State, event: dict[str, Any], library: Library) -> Outcome:
    layer = str(event.get("value"))
    if layer not in library.cards:
        return Outcome(state=state)
    if layer in state.layers:
        selected = "" if library.layer_of(state.selected) == layer else state.selected
        return Outcome(state=replace(state, layers=tuple(x for x in state.layers if x != layer), selected=selected))
    bounds = library.cards[layer]["bounds"]
    flight = Flight(bounds=bounds, only_if_unseen=True) if bounds else None
    return Outcome(state=replace(state, layers=(*state.layers, layer)), flight=flight)


def _all_off(state: State, _event: dict[str, Any], _library: Library) -> Outcome:
    return Outcome(state=replace(state, layers=(), selected=""))


def _plan(state: State, event: dict[str, Any], library: Library) -> Outcome:
    plan = str(event.get("value"))
    if plan not in library.headlines:
        return Outcome(state=state)
    new = replace(state, plan=plan, layers=(library.headlines[plan],), selected="", place="")
    return Outcome(state=new, flight=Flight(bounds=library.manifest["plans"][plan]["bounds"]))


def _group(state: State, event: dict[str, Any], _library: Library) -> Outcome:
    group = str(event.get("value"))
    on = {*state.groups} ^ ({group} & {*GROUPS})
    return Outcome(state=replace(state, groups=tuple(each for each in GROUPS if each in on)))


def _boundaries(state: State, _event: dict[str, Any], _library: Library) -> Outcome:
    return Outcome(state=replace(state, boundaries=not state.boundaries))


def _lang(state: State, event: dict[str, Any], _library: Library) -> Outcome:
    lang = event.get("value")
    return Outcome(state=replace(state, lang=lang) if lang in LANGUAGES else state)


def _crs(state: State, event: dict[str, Any], _library: Library) -> Outcome:
    crs = next((each for each in CRS_NAMES if each == event.get("value")), state.crs)
    return Outcome(state=replace(state, crs=crs))


def _table(state: State, event: dict[str, Any], _library: Library) -> Outcome:
    return Outcome(state=replace(state, table=bool(event.get("value"))))


def _zoom_to(state: State, _event: dict[str, Any], library: Library) -> Outcome:
    if state.selected:
        bounds = library.components[state.selected]["bounds"]
        return Outcome(state=state, flight=Flight(bounds=bounds) if bounds else None)
    if state.place:
        return replace(_place(state, {"value": state.place}, library), state=state)
    return Outcome(state=state, flight=Flight(bounds=library.manifest["plans"][state.plan]["bounds"]))


_ACTIONS: dict[str, Callable[[State, dict[str, Any], Library], Outcome]] = {
    "select": _select,
    "place": _place,
    "clear": _clear,
    "toggle": _toggle,
    "all_off": _all_off,
    "plan": _plan,
    "group": _group,
    "boundaries": _boundaries,
    "lang": _lang,
    "crs": _crs,
    "table": _table,
    "zoom_to": _zoom_to,
}
