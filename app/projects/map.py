"""The map beside the list of projects: what is drawn of each, and a point for what has not been drawn yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely
import streamlit as st

from app.browsing import send_flight
from app.map.legend import legend_entries
from app.map.state import common_state, describe_layer, mark_place
from app.projects.card import name_kind
from app.projects.list import project_entries, reach_of
from app.projects.themes import describe_themes, read_looks
from app.telling import plan_name
from geodata.crs import unproject
from layers.catalogue import read_plans
from layers.web.encoding import encode_geometry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.actions import Flight
    from app.address import State
    from app.library import Library
    from app.projects.list import Entry
    from app.projects.state import ProjectsState
    from app.wording import Words
    from layers.reading.record import Feature

_DECIMALS = 6
_SIZE = 2


def projects_map_state(
    shown: Sequence[Entry], asked: ProjectsState, flight: Flight | None, state: State, library: Library, words: Words
) -> dict[str, Any]:
    """Return what the map is asked to show.

    Parameters
    ----------
    shown
        The projects of the list, drawn or not.
    asked
        The state of the page: what is chosen, and the place that is asked for.
    flight
        Where the map must go now, if anywhere.

    Notes
    -----
    A project is drawn as the chosen plan has it, else as the first plan does that places it. A layer that has not been
    drawn yet is not waited for, but for that of the chosen project: its projects are points meanwhile.
    """
    session = st.session_state
    session.projects_runs = session.get("projects_runs", 0) + 1
    send_flight(flight, key="projects_flight")
    chosen = project_entries().get(asked.project)
    entries = [*shown, *((chosen,) if chosen is not None and chosen not in shown else ())]
    drawn = {entry.fids[plan]: entry for entry in entries if (plan := entry.drawn_in(asked.plan))}
    own = chosen.fids[plan] if chosen is not None and (plan := chosen.drawn_in(asked.plan)) else ""
    layers: dict[str, list[int]] = {}
    for fid in drawn:
        layers.setdefault(library.layer_of(fid), []).append(library.components[fid]["no"])
    waiting = {*library.undrawn(layers)} - {library.layer_of(own)}
    points = [entry for fid, entry in drawn.items() if library.layer_of(fid) in waiting]
    ready = [layer for layer in library.cards if layer in layers and layer not in waiting]
    themes = describe_themes({entry.theme for entry in points}, words)
    legend = legend_entries(ready, library, words) if ready else []
    common = common_state(next(iter(library.manifest["plans"])), state, library, words)
    reach = reach_of(asked.near, asked.km) if asked.near else None
    return common | {
        "n": session.projects_runs,
        # The first view is that of the place that the address asks for; the map takes no flight before it is there.
        "home": flight.bounds if flight is not None and session.projects_runs == 1 else common["home"],
        "layers": [describe_layer(layer, library, words) | {"only": layers[layer]} for layer in ready],
        "fly": session.get("projects_flight"),
        "selected": own or None,
        "place": mark_place(asked.near, state, library),
        "points": [_point(entry, asked, words) for entry in points],
        "pin": None,
        "area": None if reach is None else encode_geometry(reach),
        "folded": True,
        "legend": [*([themes] if themes else []), *legend],
        "words": common["words"] | {"mentions": "{n}"},
    }


def _point(entry: Entry, asked: ProjectsState, words: Words) -> dict[str, Any]:
    """Return a point on a project's drawing; degrees, WGS 84."""
    plan = entry.drawn_in(asked.plan)
    lon, lat = middle_of(entry.features[plan][0])
    look = read_looks()[entry.theme]
    return {
        "id": entry.project.id,
        "lon": round(lon, _DECIMALS),
        "lat": round(lat, _DECIMALS),
        "sh": look.symbol,
        "f": look.ink,
        "n": _SIZE,
        "zh": entry.project.name_zh,
        "en": entry.project.name_en,
        "about": f"{name_kind(entry.project, words)} · {plan_name(read_plans()[plan], words)}",
    }


def middle_of(feature: Feature) -> tuple[float, float]:
    """Return longitude and latitude of a spot on a feature: on a line half way along it, on ground within it."""
    ground = feature.ground
    if shapely.get_dimensions(ground) == 1:
        longest = max(shapely.get_parts(ground).tolist(), key=lambda part: float(part.length))
        spot = shapely.line_interpolate_point(longest, 0.5, normalized=True)
    else:
        spot = shapely.point_on_surface(ground)
    lon, lat = unproject(spot.x, spot.y)
    return float(lon), float(lat)


def entry_of(fid: str) -> str:
    """Return the id of the project that a component of the map stands for, or ""."""
    return next((key for key, entry in project_entries().items() if fid in entry.fids.values()), "")
