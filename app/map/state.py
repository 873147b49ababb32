"""What a map is asked to show, as far as it is the same on every page; see ``apply`` in ``app/map/atlas.js``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from app.address import CRS_NAMES, GROUPS, read_view
from app.library import located_places

if TYPE_CHECKING:
    from app.address import State
    from app.library import Library
    from app.wording import Words

_ADMINISTRATIVE: Final = ("city", "county", "town")
MAP_WORDS: Final = (
    "map", "tool_zoomIn", "tool_zoomOut", "tool_home", "tool_measure", "measure_start", "measure_length",
    "measure_area", "legend", "legend_open", "legend_close", "legend_none", "crs", "notice", "data_ends", "missing",
)  # fmt: skip


def common_state(plan: str, state: State, library: Library, words: Words) -> dict[str, Any]:
    """Return the part of a map's state that every page has: base map, focus and home of a plan, view, language, words.

    What a page shows on it (``n``, ``layers``, ``fly``, ``selected``, ``place``, ``legend`` ...) the page adds.
    """
    manifest = library.manifest
    area = manifest["plans"][plan]
    return {
        "bands": manifest["bands"],
        "tones": manifest["tones"],
        "base": manifest["base"],
        "groups": {group: group in state.groups for group in GROUPS},
        "focus": area["focus"],
        "home": area["bounds"],
        "view": read_view(st.query_params.get("view", ""), plans=[p["bounds"] for p in manifest["plans"].values()]),
        "lang": state.lang,
        "boundaries": state.boundaries,
        "crs": state.crs,
        "crs_names": [[crs, words(f"crs_{crs}")] for crs in CRS_NAMES],
        "note": words("data.footer" if manifest.get("surveyed_towns") else "footer"),
        "words": {key: words(key) for key in MAP_WORDS}
        | ({"data_ends": words("data.ends")} if manifest.get("surveyed_towns") else {}),
    }


def describe_layer(layer: str, library: Library, words: Words) -> dict[str, Any]:
    """Return a layer as the map wants it: its files by band, and what is said of its components under the pointer."""
    return {
        "id": layer,
        "urls": library.files(layer),
        "components": {
            component["no"]: {
                "name": words.pick(component, "name"),
                "line": f"{words('roles.' + component['role'])} · {words('bases.' + component['basis'])}",
            }
            for component in library.cards[layer]["components"]
        },
    }


def mark_place(place_id: str, state: State, library: Library) -> dict[str, Any] | None:
    """Return how a place is marked: a ring, and its outline unless that is a boundary that is switched off."""
    place = located_places().get(place_id)
    if place is None or place.position is None:
        return None
    hidden = place.category in _ADMINISTRATIVE and not state.boundaries
    outline = library.place_shapes.get(place.id, {})
    return {
        "id": place.id,
        "lon": place.lon,
        "lat": place.lat,
        "name_zh": place.name_zh,
        "name_en": place.name_en,
        "shape": None if hidden else outline.get("shape"),
        "sharp": place.basis in ("official", "derived") or bool(outline.get("official")),
    }
