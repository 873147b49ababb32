"""The map beside the text: the base map with a point for each place that the text names."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import streamlit as st

from app.browsing import send_flight
from app.library import located_places
from app.map.state import common_state, mark_place
from app.text.families import describe_families, families_by_category
from app.text.marks import points

if TYPE_CHECKING:
    from app.address import State
    from app.library import Library
    from app.text.desk import Desk
    from app.wording import Words


def text_map_state(desk: Desk, state: State, library: Library, words: Words) -> dict[str, Any]:
    """Return what the map is asked to show."""
    session = st.session_state
    session.text_runs = session.get("text_runs", 0) + 1
    if desk.flight is not None:
        place = located_places().get(desk.chosen_key())
        outline = library.bounds_of_place(place) if place is not None else None
        flight = desk.flight if outline is None else dataclasses.replace(desk.flight, bounds=outline)
        send_flight(flight, key="text_flight")
        desk.flight = None
    plan = desk.document.plan if desk.document is not None and desk.document.plan in library.manifest["plans"] else None
    shown = points(desk.shown(), located_places())
    key = desk.chosen_key()
    mention = desk.chosen()
    found = {families_by_category()[each.category].id for each in desk.shown() if each.lon is not None}
    common = common_state(plan or next(iter(library.manifest["plans"])), state, library, words)
    return common | {
        "n": session.text_runs,
        "layers": [],
        "fly": session.get("text_flight"),
        "selected": None,
        "place": mark_place(key, state, library) or _mark(mention),
        "points": shown,
        "pin": desk.work.pin(),
        "legend": describe_families(found, words),
        "words": common["words"] | {"mentions": words("text.mentions", n="{n}")},
    }


def _mark(mention: Any) -> dict[str, Any] | None:
    """Return the mark of a place that the reader has set: it has a position, and no record yet."""
    if mention is None or mention.lon is None:
        return None
    return {"id": mention.place_id or mention.name, "lon": mention.lon, "lat": mention.lat, "name_zh": mention.name,
            "name_en": "", "shape": None, "sharp": False}  # fmt: skip
