"""The map beside the text: the base map with a point for each place that the text names."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from app.address import CRS_NAMES, GROUPS, read_view
from app.library import located_places
from app.map_page import MAP_WORDS, mark_place
from app.text_families import families_by_category, family_swatch, read_families
from app.text_marks import points

if TYPE_CHECKING:
    from app.address import State
    from app.library import Library
    from app.text_desk import Desk
    from app.wording import Words

_GROUPS: Final = ("water", "counties", "towns")


def text_map_state(desk: Desk, state: State, library: Library, words: Words) -> dict[str, Any]:
    """Return what the map is asked to show."""
    manifest, session = library.manifest, st.session_state
    session.text_runs = session.get("text_runs", 0) + 1
    if desk.flight is not None:
        place = located_places().get(desk.chosen_key())
        outline = library.bounds_of_place(place) if place is not None else None
        flight = desk.flight if outline is None else dataclasses.replace(desk.flight, bounds=outline)
        session.text_flight = dataclasses.asdict(flight) | {"n": (session.get("text_flight") or {"n": 0})["n"] + 1}
        desk.flight = None
    plan = desk.document.plan if desk.document is not None and desk.document.plan in manifest["plans"] else None
    area = manifest["plans"][plan or next(iter(manifest["plans"]))]
    shown = points(desk.shown(), located_places())
    key = desk.chosen_key()
    mention = desk.chosen()
    found = {families_by_category()[each.category].id for each in desk.shown() if each.lon is not None}
    legend = [
        {"image": family_swatch(each), "text": words(f"text.families.{each}"), "none": False}
        for each in read_families()
        if each in found
    ]
    return {
        "n": session.text_runs,
        "bands": manifest["bands"],
        "tones": manifest["tones"],
        "base": manifest["base"],
        "layers": [],
        "groups": {group: group in state.groups for group in GROUPS},
        "focus": area["focus"],
        "home": area["bounds"],
        "view": read_view(st.query_params.get("view", ""), plans=[p["bounds"] for p in manifest["plans"].values()]),
        "fly": session.get("text_flight"),
        "selected": None,
        "place": mark_place(key, state, library) or _mark(mention),
        "points": shown,
        "pin": desk.work.pin(),
        "lang": state.lang,
        "boundaries": state.boundaries,
        "crs": state.crs,
        "crs_names": [[crs, words(f"crs_{crs}")] for crs in CRS_NAMES],
        "legend": [legend] if legend else [],
        "note": words("footer"),
        "words": {each: words(each) for each in MAP_WORDS} | {"mentions": words("text.mentions", n="{n}")},
    }


def _mark(mention: Any) -> dict[str, Any] | None:
    """Return the mark of a place that the reader has set: it has a position, and no record yet."""
    if mention is None or mention.lon is None:
        return None
    return {"id": mention.place_id or mention.name, "lon": mention.lon, "lat": mention.lat, "name_zh": mention.name,
            "name_en": "", "shape": None, "sharp": False}  # fmt: skip
