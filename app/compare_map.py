"""The two maps of the page "compare": each shows one side, both the same view."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import streamlit as st

from app.address import CRS_NAMES, GROUPS, read_view
from app.compare_bar import side_name
from app.compare_desk import home_bounds
from app.legend import legend_entries
from app.map_page import MAP_WORDS, mark_place

if TYPE_CHECKING:
    from app.address import State
    from app.compare_desk import CompareDesk
    from app.library import Library
    from app.wording import Words
    from layers.comparing import Side

_CHANNEL = "compare"
_CORNERS = {"left": "bottom-left", "right": "bottom-right"}


def shown_layers(side: Side, chosen: str, library: Library) -> list[str]:
    """Return the layers of a side: the structure, or a whole plan's headline with the layer of what is chosen."""
    layers = [library.headlines[side.plan]] if side.whole else [side.id]
    layer = library.layer_of(chosen)
    return list(dict.fromkeys([*layers, layer])) if layer in library.cards else layers


def compare_map_state(which: str, desk: CompareDesk, state: State, library: Library, words: Words) -> dict[str, Any]:
    """Return what the map of one side (``left`` or ``right``) is asked to show."""
    manifest, comparison, row = library.manifest, desk.comparison, desk.row
    side: Side = getattr(comparison, which)
    item = None if row is None else getattr(row, which)
    chosen = "" if item is None else item.id
    layers = shown_layers(side, chosen, library)
    return {
        "n": desk.runs,
        "bands": manifest["bands"],
        "tones": manifest["tones"],
        "base": manifest["base"],
        "layers": [
            {
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
            for layer in layers
        ],
        "groups": {group: group in state.groups for group in GROUPS},
        "focus": manifest["plans"][side.plan]["focus"],
        "home": home_bounds(comparison, library),
        "view": read_view(st.query_params.get("view", ""), plans=[p["bounds"] for p in manifest["plans"].values()]),
        "fly": None if desk.flight is None else dataclasses.asdict(desk.flight) | {"n": desk.flights},
        "selected": chosen if "#" in chosen else None,
        "place": mark_place(desk.state.place, state, library),
        "link": _CHANNEL,
        "seat": _CORNERS[which],
        "folded": True,
        "label": words(f"compare.map_{which}", name=side_name(side, words)),
        "lang": state.lang,
        "boundaries": state.boundaries,
        "crs": state.crs,
        "crs_names": [[crs, words(f"crs_{crs}")] for crs in CRS_NAMES],
        "legend": legend_entries(layers, library, words),
        "note": words("footer"),
        "words": {key: words(key) for key in MAP_WORDS},
    }
