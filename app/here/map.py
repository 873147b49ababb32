"""The map of the page "what applies here": what is asked of, the circle or area, and the chosen component."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from app.browsing import send_flight
from app.map.legend import legend_entries
from app.map.state import common_state, describe_layer
from layers.web.encoding import encode_geometry

if TYPE_CHECKING:
    from app.address import State
    from app.here.desk import HereDesk
    from app.library import Library
    from app.wording import Words

_OUTLINE_M = 20.0
"""How far the outline that is shown may stray from the one that is asked of."""


def here_map_state(desk: HereDesk, library: Library, words: Words, *, state: State) -> dict[str, Any]:
    """Return what the map is asked to show."""
    session = st.session_state
    session.here_runs = session.get("here_runs", 0) + 1
    flight = desk.take_flight()
    send_flight(flight, key="here_flight")
    point, area = desk.point(library.index), desk.area(library.index)
    plan = next(iter(library.manifest["plans"]))
    chosen = desk.state.selected
    layer = library.layer_of(chosen)
    layers = [layer] if layer in library.manifest["layers"] else []
    common = common_state(plan, state, library, words)
    # The first view is that of the question that the address asks; the map takes no flight before it is there.
    home = flight.bounds if flight is not None and session.here_runs == 1 else common["home"]
    return common | {
        "n": session.here_runs,
        "layers": [describe_layer(each, library, words) for each in layers],
        "home": home,
        "fly": session.get("here_flight"),
        "selected": chosen or None,
        "place": None,
        # A pin makes every click a question; without a position it is only the crosshair.
        "pin": {} if point is None else {"lon": point[0], "lat": point[1], "accuracy_m": desk.state.near},
        "area": None if area is None else encode_geometry(area.simplify(_OUTLINE_M)),
        "sketch": desk.sketch,
        "legend": legend_entries(layers, library, words) if layers else [],
    }
