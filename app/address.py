"""The state of the map page, as the address holds it: what is copied from the address bar opens the same map.

The view (``view=lat,lon,zoom``) is written by the browser itself, so that a pan costs no run of the script.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from app.wording import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

Crs = Literal["wgs84", "4490", "4549", "gcj02"]
CRS_NAMES: Final[tuple[Crs, ...]] = ("wgs84", "4490", "4549", "gcj02")
GROUPS: Final = ("water", "counties", "towns", "rail", "metro", "roads")
_DEFAULT_GROUPS: Final = ("water", "counties", "towns")
_NONE: Final = "-"
_AROUND: Final = 1.0
"""How far around the plans a view may lie, degrees."""
MAX_ZOOM: Final = 16
MIN_ZOOM: Final = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """What the reader sees.

    Attributes
    ----------
    plan
        Plan whose layers the tree lists.
    layers
        Layers that are on, first one on top of the list.
    selected
        Id of the chosen component (``<layer>#<number>``), or "".
    place
        Id of the chosen place, or "". At most one of `selected` and `place` is set.
    groups
        Groups of the base map that are on.
    boundaries
        False hides every administrative boundary.
    table
        Whether what is on the map is shown as a table.
    """

    plan: str
    layers: tuple[str, ...]
    selected: str = ""
    place: str = ""
    lang: str = "zh"
    groups: tuple[str, ...] = _DEFAULT_GROUPS
    boundaries: bool = True
    crs: Crs = "wgs84"
    table: bool = False


def read_state(
    query: Mapping[str, str],
    *,
    headlines: Mapping[str, str],
    layers: Collection[str],
    components: Collection[str],
    places: Collection[str],
) -> State:
    """Read a state from the address; what is unknown there falls back on the default.

    Parameters
    ----------
    query
        Parameters of the address.
    headlines
        Headline layer by plan, in order; the first plan is the default.
    layers, components, places
        Ids that exist.
    """
    plan = query.get("plan", "")
    if plan not in headlines:
        plan = next(iter(headlines))
    asked = query.get("layers")
    on = [headlines[plan]] if asked is None else [each for each in asked.split(",") if each in layers]
    selected = query.get("sel", "")
    place = query.get("place", "")
    groups = query.get("base")
    return State(
        plan=plan,
        layers=tuple(dict.fromkeys(on)),
        selected=selected if selected in components else "",
        place=place if place in places and selected not in components else "",
        lang=query.get("lang") if query.get("lang") in LANGUAGES else LANGUAGES[0],  # type: ignore[arg-type]
        groups=_DEFAULT_GROUPS if groups is None else tuple(each for each in GROUPS if each in groups.split(",")),
        boundaries=query.get("boundaries") != "0",
        crs=next((crs for crs in CRS_NAMES if crs == query.get("crs")), CRS_NAMES[0]),
        table=query.get("table") == "1",
    )


def read_view(text: str, *, plans: Collection[Sequence[float]]) -> str:
    """Return a view of the address as it is, or "" (the home view) if it shows none of the land of the plans.

    Parameters
    ----------
    text
        ``lat,lon,zoom``; degrees, WGS 84.
    plans
        Bounds of the plans: west, south, east, north in degrees.
    """
    try:
        lat, lon, zoom = map(float, text.split(","))
    except ValueError:
        return ""
    west, south = (min(bounds[i] for bounds in plans) - _AROUND for i in (0, 1))
    east, north = (max(bounds[i] for bounds in plans) + _AROUND for i in (2, 3))
    inside = west <= lon <= east and south <= lat <= north and MIN_ZOOM <= zoom <= MAX_ZOOM
    return text if inside else ""


def write_state(state: State, *, headlines: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters of the address for a state; what is as by default is left out."""
    first = next(iter(headlines))
    query: dict[str, str] = {}
    if state.plan != first:
        query["plan"] = state.plan
    if state.layers != (headlines[state.plan],):
        query["layers"] = ",".join(state.layers) or _NONE
    if state.selected:
        query["sel"] = state.selected
    if state.place:
        query["place"] = state.place
    if state.lang != LANGUAGES[0]:
        query["lang"] = state.lang
    if state.groups != _DEFAULT_GROUPS:
        query["base"] = ",".join(state.groups) or _NONE
    if not state.boundaries:
        query["boundaries"] = "0"
    if state.crs != CRS_NAMES[0]:
        query["crs"] = state.crs
    if state.table:
        query["table"] = "1"
    return query


KEYS: Final = ("plan", "layers", "sel", "place", "lang", "base", "boundaries", "crs", "table")
"""Parameters that belong to a state; others (the view) are left alone."""


def read_left_out(shown: str | None, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return what of a list an address leaves out: it names what is shown, with commas; None leaves out nothing."""
    return () if shown is None else tuple(each for each in known if each not in shown.split(","))
