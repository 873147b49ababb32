"""The map beside the list of places: the base map with a point for each place that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from app.browsing import send_flight
from app.map.state import common_state, mark_place
from app.places.list import entries
from app.telling import about_place
from app.text.families import describe_families, families_by_category

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.actions import Flight
    from app.address import State
    from app.library import Library
    from app.wording import Words
    from gazetteer import Place


def places_map_state(
    shown: Sequence[Place], chosen: str, flight: Flight | None, state: State, library: Library, words: Words
) -> dict[str, Any]:
    """Return what the map is asked to show.

    Parameters
    ----------
    shown
        The places of the list, located or not.
    chosen
        Id of the chosen place, or "".
    flight
        Where the map must go now, if anywhere.
    """
    session = st.session_state
    session.places_runs = session.get("places_runs", 0) + 1
    send_flight(flight, key="places_flight")
    points = place_points(shown, words)
    found = {families_by_category()[place.category].id for place in shown if place.located}
    common = common_state(next(iter(library.manifest["plans"])), state, library, words)
    return common | {
        "n": session.places_runs,
        "layers": [],
        "fly": session.get("places_flight"),
        "selected": None,
        "place": mark_place(chosen, state, library),
        "points": points,
        "pin": None,
        "legend": describe_families(found, words),
        "words": common["words"] | {"mentions": "{n}"},
    }


def place_points(shown: Sequence[Place], words: Words) -> list[dict[str, Any]]:
    """Return a point for each located place, those that plans name most first; degrees, WGS 84."""
    everything = entries()
    located = [place for place in dict.fromkeys(shown) if place.located]
    located.sort(key=lambda place: -everything[place.id].total)
    return [
        {
            "id": place.id,
            "lon": place.lon,
            "lat": place.lat,
            "sh": families_by_category()[place.category].symbol,
            "f": families_by_category()[place.category].ink,
            # Size tells how often plans name a place, in a few steps: the list is long, the map small.
            "n": min(9, everything[place.id].total // 4),
            "zh": place.name_zh,
            "en": place.name_en,
            "about": about_place(place, words),
        }
        for place in located
    ]
