"""The two maps of the page "compare": each shows one side, both the same view."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from app.compare.bar import side_name
from app.compare.desk import home_bounds
from app.map.legend import legend_entries
from app.map.state import common_state, describe_layer, mark_place

if TYPE_CHECKING:
    from app.address import State
    from app.compare.desk import CompareDesk
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
    comparison, row = desk.comparison, desk.row
    side: Side = getattr(comparison, which)
    item = None if row is None else getattr(row, which)
    chosen = "" if item is None else item.id
    layers = shown_layers(side, chosen, library)
    return common_state(side.plan, state, library, words) | {
        "n": desk.runs,
        "layers": [describe_layer(layer, library, words) for layer in layers],
        "home": home_bounds(comparison, library),
        "fly": None if desk.flight is None else dataclasses.asdict(desk.flight) | {"n": desk.flights},
        "selected": chosen if "#" in chosen else None,
        "place": mark_place(desk.state.place, state, library),
        "link": _CHANNEL,
        "seat": _CORNERS[which],
        "folded": True,
        "label": words(f"compare.map_{which}", name=side_name(side, words)),
        "legend": legend_entries(layers, library, words),
    }
