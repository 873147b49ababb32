"""The map of the page "what applies here": what is asked of, the circle or area, and the chosen component."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import streamlit as st

from app.address import CRS_NAMES, GROUPS, read_view
from app.legend import legend_entries
from app.map_page import MAP_WORDS
from layers.web.encoding import encode_geometry

if TYPE_CHECKING:
    from app.address import State
    from app.here_desk import HereDesk
    from app.library import Library
    from app.wording import Words

_OUTLINE_M = 20.0
"""How far the outline that is shown may stray from the one that is asked of."""


def here_map_state(desk: HereDesk, library: Library, words: Words, *, state: State) -> dict[str, Any]:
    """Return what the map is asked to show."""
    manifest, session = library.manifest, st.session_state
    session.here_runs = session.get("here_runs", 0) + 1
    flight = desk.take_flight()
    if flight is not None:
        number = (session.get("here_flight") or {"n": 0})["n"] + 1
        session.here_flight = dataclasses.asdict(flight) | {"n": number}
    point, area = desk.point(library.index), desk.area(library.index)
    plan = manifest["plans"][next(iter(manifest["plans"]))]
    chosen = desk.state.selected
    layer = library.layer_of(chosen)
    return {
        "n": session.here_runs,
        "bands": manifest["bands"],
        "tones": manifest["tones"],
        "base": manifest["base"],
        "layers": [_layer(layer, library, words)] if layer in manifest["layers"] else [],
        "groups": {group: group in state.groups for group in GROUPS},
        "focus": plan["focus"],
        # The first view is that of the question that the address asks; the map takes no flight before it is there.
        "home": flight.bounds if flight is not None and session.here_runs == 1 else plan["bounds"],
        "view": read_view(st.query_params.get("view", ""), plans=[p["bounds"] for p in manifest["plans"].values()]),
        "fly": session.get("here_flight"),
        "selected": chosen or None,
        "place": None,
        # A pin makes every click a question; without a position it is only the crosshair.
        "pin": {} if point is None else {"lon": point[0], "lat": point[1], "accuracy_m": desk.state.near},
        "area": None if area is None else encode_geometry(area.simplify(_OUTLINE_M)),
        "sketch": desk.sketch,
        "lang": state.lang,
        "boundaries": state.boundaries,
        "crs": state.crs,
        "crs_names": [[crs, words(f"crs_{crs}")] for crs in CRS_NAMES],
        "legend": legend_entries([layer], library, words) if layer in manifest["layers"] else [],
        "note": words("footer"),
        "words": {each: words(each) for each in MAP_WORDS},
    }


def _layer(layer: str, library: Library, words: Words) -> dict[str, Any]:
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
