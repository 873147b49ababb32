"""The state of the page "what applies here", as the address holds it: the question, how far around, what is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, get_args

from geodata.coordinates import SYSTEMS, System
from layers.reading import NEAR_M, Certainty

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

CERTAINTIES: Final[tuple[Certainty, ...]] = get_args(Certainty)
DISTANCES: Final = (0, 500, 1000, 2000, 5000, 10_000)
"""Metres that may be chosen."""
MOST_CORNERS: Final = 60
"""More would not fit into an address."""
_NUMBER: Final = r"-?\d{1,3}(?:\.\d{1,7})?"
_CORNER: Final = re.compile(rf"({_NUMBER}),({_NUMBER})")
_LEAST_CORNERS: Final = 3
KEYS: Final = ("at", "ring", "place", "near", "as", "hide", "sure", "sel", "lang", "crs")
"""Parameters of the address that belong to a state; others (the map's view) are left alone."""

Corner = tuple[float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class HereState:
    """What the reader asks.

    Attributes
    ----------
    point
        Longitude and latitude (degrees, WGS 84), or None.
    ring
        Corners of a drawn area, or ().
    place
        Id of a place, or "". At most one of the three is set.
    near
        Distance in metres.
    system
        What typed degrees are in.
    hidden
        Ids of plans that are not shown.
    unshown
        Degrees of certainty that are not shown.
    selected
        Id of the chosen component, or "".
    """

    point: Corner | None = None
    ring: tuple[Corner, ...] = ()
    place: str = ""
    near: int = int(NEAR_M)
    system: System = "wgs84"
    hidden: tuple[str, ...] = ()
    unshown: tuple[Certainty, ...] = ()
    selected: str = ""

    @property
    def asked(self) -> bool:
        """Whether anything is asked of."""
        return bool(self.point or self.ring or self.place)


def read_here_state(
    query: Mapping[str, str], *, places: Collection[str], plans: Collection[str], components: Collection[str]
) -> HereState:
    """Read a state from the address; what makes no sense there falls back on the default."""
    point = _read_corners(query.get("at", ""))
    ring = _read_corners(query.get("ring", ""))
    near = query.get("near", "")
    is_point = len(point) == 1
    is_ring = not is_point and _LEAST_CORNERS <= len(ring) <= MOST_CORNERS
    place = query.get("place", "")
    return HereState(
        point=point[0] if is_point else None,
        ring=ring if is_ring else (),
        place=place if place in places and not (is_point or is_ring) else "",
        near=int(near) if near in map(str, DISTANCES) else int(NEAR_M),
        system=next((each for each in SYSTEMS if each == query.get("as")), SYSTEMS[0]),
        hidden=tuple(each for each in plans if each in query.get("hide", "").split(",")),
        unshown=tuple(each for each in CERTAINTIES if "sure" in query and each not in query["sure"].split(",")),
        selected=query["sel"] if query.get("sel") in components else "",
    )


def _read_corners(text: str) -> tuple[Corner, ...]:
    found = [_CORNER.fullmatch(part) for part in text.split(";")]
    corners = tuple((float(each[1]), float(each[2])) for each in found if each is not None)
    sound = all(abs(lon) <= 180 and abs(lat) <= 90 for lon, lat in corners)  # noqa: PLR2004
    return corners if sound and len(corners) == len(found) else ()


def write_here_state(state: HereState, *, lang: str, default_lang: str, crs: str, default_crs: str) -> dict[str, str]:
    """Return the parameters of the address for a state; what is as by default is left out."""
    shown = ",".join(each for each in CERTAINTIES if each not in state.unshown) or "-"
    query = {
        "at": "" if state.point is None else _write_corner(state.point),
        "ring": ";".join(_write_corner(corner) for corner in state.ring),
        "place": state.place,
        "near": str(state.near) if state.near != NEAR_M else "",
        "as": state.system if state.system != SYSTEMS[0] else "",
        "hide": ",".join(state.hidden),
        "sure": shown if state.unshown else "",
        "sel": state.selected,
        "lang": lang if lang != default_lang else "",
        "crs": crs if crs != default_crs else "",
    }
    return {key: value for key, value in query.items() if value}


def _write_corner(corner: Corner) -> str:
    return f"{corner[0]:.6f},{corner[1]:.6f}"
