"""The map page: sidebar, map, card. The address holds the state; every event makes a new one."""

from __future__ import annotations

import dataclasses
from subprocess import TimeoutExpired
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

import streamlit as st

from app.actions import Flight, act
from app.address import CRS_NAMES, GROUPS, KEYS, read_state, read_view, write_state
from app.card import chosen_place, describe_component, describe_place, shorten_lines
from app.downloads import file_for_browser, make_sheet, to_geojson_file
from app.legend import legend_entries
from app.library import located_places, open_library
from app.map_view import show_map
from app.markup import show_view
from app.panel import describe_panel, find
from app.passage import describe_passage
from app.swatches import component_swatch
from app.wording import words as words_of

if TYPE_CHECKING:
    from app.address import State
    from app.library import Library
    from app.wording import Words

_LONGEST_SEARCH: Final = 80
_ADMINISTRATIVE: Final = ("city", "county", "town")
MAP_WORDS: Final = (
    "map", "tool_zoomIn", "tool_zoomOut", "tool_home", "tool_measure", "measure_start", "measure_length",
    "measure_area", "legend", "legend_open", "legend_close", "legend_none", "crs", "notice", "data_ends",
)  # fmt: skip


def current_state(library: Library) -> State:
    """Return the state of the session; a new session takes it from the address.

    The session leads: two events in quick succession reach the server with one and the same old address.
    """
    session = st.session_state
    if "state" not in session:
        session.state = _read(st.query_params.to_dict(), library)
    state: State = session.state
    return state


def _read(query: dict[str, str], library: Library) -> State:
    return read_state(
        query,
        headlines=library.headlines,
        layers=library.cards,
        components=library.components,
        places=located_places(),
    )


def _write_address(state: State, library: Library) -> None:
    """Write a state into the address if it is new there; the view and foreign parameters stay.

    A run without a new state leaves the address alone: the reader may have gone back, and what the browser tells of
    that (an event of its own, see ``app/assets/view.js``) comes with the next run.
    """
    wanted = write_state(state, headlines=library.headlines)
    if st.session_state.get("written") == wanted:
        return
    st.session_state.written = wanted
    query = st.query_params.to_dict()
    if {key: value for key, value in query.items() if key in KEYS} != wanted:
        st.query_params.from_dict({key: value for key, value in query.items() if key not in KEYS} | wanted)


def _on_event(event: dict[str, Any]) -> None:
    """Answer an event of the sidebar, the map or the card."""
    library, session = open_library(), st.session_state
    state = current_state(library)
    kind, value = str(event.get("type")), str(event.get("value") or "")
    if kind == "open":
        session.opened = session.opened ^ {value}
    elif kind == "search":
        session.text = value[:_LONGEST_SEARCH]
    elif kind == "address":
        _go_back(value, state, library)
    elif kind == "read":
        session.wish, session.go_to = value, "text"
    elif kind == "sheet":
        session.sheet_extent = str(event.get("extent") or "")
    elif kind == "search_first":
        found = find(value, state, library, words_of(state.lang))
        if found["places"]:
            _follow({"type": "place", "value": found["places"][0]["id"]}, state, library)
        elif found["components"]:
            _follow({"type": "select", "value": found["components"][0]["fid"]}, state, library)
        else:
            session.text = value[:_LONGEST_SEARCH]
    else:
        _follow(event, state, library)


def _follow(event: dict[str, Any], state: State, library: Library) -> None:
    session = st.session_state
    outcome = act(state, event, library)
    session.point = outcome.point
    if event.get("type") in ("select", "place"):
        session.text = ""
    if outcome.state.selected:
        session.opened = session.opened | {library.layer_of(outcome.state.selected)}
    if event.get("type") == "plan":
        session.opened = {library.headlines[outcome.state.plan]}
    if outcome.flight is not None:
        _fly(outcome.flight)
    session.state = outcome.state


def _go_back(query: str, state: State, library: Library) -> None:
    """Take the state from an address that the reader went back or forward to."""
    session = st.session_state
    session.state = new = _read(dict(parse_qsl(query.removeprefix("?"))), library)
    session.written = write_state(new, headlines=library.headlines)
    session.point = None
    if new.plan != state.plan:
        session.opened = {library.headlines[new.plan]}
        _fly(Flight(bounds=library.manifest["plans"][new.plan]["bounds"]))


def _fly(flight: Flight) -> None:
    session = st.session_state
    session.flight = _as_args(flight, (session.flight or {"n": 0})["n"] + 1)


def _as_args(flight: Flight, number: int) -> dict[str, Any]:
    return dataclasses.asdict(flight) | {"n": number}


def show_map_page() -> None:
    """Show the page."""
    library, session = open_library(), st.session_state
    state = current_state(library)
    _write_address(state, library)
    session.setdefault("opened", {library.layer_of(state.selected) or library.headlines[state.plan]})
    for name, value in (("text", ""), ("flight", None), ("point", None), ("sheet_extent", None), ("runs", 0)):
        session.setdefault(name, value)
    session.runs += 1
    words = words_of(state.lang)
    with st.sidebar:
        panel = describe_panel(state, library, words, opened=session.opened, text=session.text)
        show_view("panel", key="panel", on_event=_on_event, words=words, **panel)
    with st.container(key="language"):
        show_view("language", key="language_switch", on_event=_on_event, words=words, lang=state.lang)
    with st.container(key="chips"):
        show_view("chips", key="chips_view", on_event=_on_event, words=words, plans=panel["plans"],
                  components=_chips(state, library, words))  # fmt: skip
    if missing := library.undrawn(state.layers):
        with st.spinner(words("drawing")):
            library.draw(missing)
    with st.container(key="stage"):
        with st.container(key="map"):
            show_map(_map_state(state, library, words), key="atlas_map", on_event=_on_event)
        with st.container(key="side"):
            with st.container(key="card"):
                show_view("card", key="card_view", on_event=_on_event, words=words, **_card(state, library, words))
                show_view(
                    "passage", key="passage_view", on_event=_on_event, words=words, passage=_passage(state, library)
                )
            with st.container(key="actions"):
                _show_actions(state, library, words)


def _chips(state: State, library: Library, words: Words) -> list[dict[str, Any]]:
    """Return the components of the layers that are on, for the row of chips on a phone."""
    return [
        {"fid": component["fid"], "name": words.pick(component, "label"), "image": component_swatch(component),
         "chosen": component["fid"] == state.selected}
        for layer in state.layers
        for component in library.cards[layer]["components"]
    ]  # fmt: skip


def _card(state: State, library: Library, words: Words) -> dict[str, Any]:
    card: dict[str, Any] = {"component": None, "place": None, "example": "", "on": []}
    if state.selected:
        card["component"] = describe_component(state.selected, library, words, point=st.session_state.point)
    elif state.place:
        card["place"] = describe_place(chosen_place(state.place), library, words, state=state)
    else:
        card["example"] = _example(state, library, words)
        card["on"] = [
            {
                "name": words.pick(library.cards[layer], "name"),
                "about": f"{words.pick(library.cards[layer], 'chapter')} · "
                f"{shorten_lines(library.cards[layer]['lines'], words)}",
                "components": [
                    {"fid": c["fid"], "name": words.pick(c, "name"), "about": words(f"bases.{c['basis']}"),
                     "image": component_swatch(c)}
                    for c in library.cards[layer]["components"]
                ],
            }
            for layer in state.layers
        ]  # fmt: skip
    return card


def _passage(state: State, library: Library) -> dict[str, Any] | None:
    """Return the passage that the chosen component rests on, where the reader has the plan's file."""
    if not state.selected:
        return None
    plan = library.cards[library.layer_of(state.selected)]["plan"]
    desk = st.session_state.get("desk")
    document = desk.document if desk is not None else None
    return describe_passage(library.components[state.selected], plan, document=document)


def _example(state: State, library: Library, words: Words) -> str:
    """Return a place that the layers on the map name, to show what may be typed."""
    members = [m for layer in state.layers for c in library.cards[layer]["components"] for m in c["members"]]
    names = [m["name_en"] if words.lang == "en" else m["name"] for m in members if m["place"]]
    return min((name for name in names if name), key=len, default=words("example"))


def mark_place(place_id: str, state: State, library: Library) -> dict[str, Any] | None:
    """Return how a place is marked: a ring, and its outline unless that is a boundary that is switched off."""
    place = located_places().get(place_id)
    if place is None or place.position is None:
        return None
    hidden = place.category in _ADMINISTRATIVE and not state.boundaries
    return {
        "id": place.id,
        "lon": place.lon,
        "lat": place.lat,
        "name_zh": place.name_zh,
        "name_en": place.name_en,
        "shape": None if hidden else library.place_shapes.get(place.id, {}).get("shape"),
        "sharp": place.basis in ("official", "derived"),
    }


def _map_state(state: State, library: Library, words: Words) -> dict[str, Any]:
    """Return what the map is asked to show."""
    manifest, session = library.manifest, st.session_state
    place = mark_place(state.place, state, library)
    plan = manifest["plans"][state.plan]
    return {
        "n": session.runs,
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
            for layer in state.layers
        ],
        "groups": {group: group in state.groups for group in GROUPS},
        "focus": plan["focus"],
        "home": plan["bounds"],
        "view": read_view(st.query_params.get("view", ""), plans=[p["bounds"] for p in manifest["plans"].values()]),
        "fly": session.flight,
        "selected": state.selected or None,
        "place": place,
        "lang": state.lang,
        "boundaries": state.boundaries,
        "crs": state.crs,
        "crs_names": [[crs, words(f"crs_{crs}")] for crs in CRS_NAMES],
        "legend": legend_entries(state.layers, library, words),
        "note": words("footer"),
        "words": {key: words(key) for key in MAP_WORDS},
    }


def _show_actions(state: State, library: Library, words: Words) -> None:
    """Show the buttons under the card: zoom, link, GeoJSON, sheet."""
    session = st.session_state
    located = bool(state.layers) or bool(state.selected or state.place)
    show_view("actions", key="actions_view", on_event=_on_event, words=words, located=located)
    with st.popover(words("download"), use_container_width=True, disabled=not state.layers):
        if state.selected:
            layer = library.layer_of(state.selected)
            number = library.components[state.selected]["no"]
            _download(words("download_feature"), "feature", [layer], component=number)
            _download(words("download_layer"), "layer", [layer])
        if state.layers:
            _download(words("download_all", n=len(state.layers)), "all", list(state.layers))
    file = error = None
    if session.sheet_extent is not None:
        extent, session.sheet_extent = session.sheet_extent, None
        if not state.layers:
            error = words("sheet_none")
        else:
            with st.spinner(words("sheet_busy")):
                try:
                    file = file_for_browser(make_sheet(state, extent=extent), name="plan-atlas.png", mime="image/png")
                except (OSError, RuntimeError, TimeoutExpired) as failure:
                    error = words("sheet_failed", reason=failure)
    show_view("sheet", key="sheet_view_button", on_event=_on_event, file=file, words=words, error=error)


def _download(label: str, key: str, layers: list[str], *, component: int | None = None) -> None:
    name = layers[0].replace("/", "_") + (f"_{component}" if component is not None else "")
    st.download_button(
        label,
        data=lambda: to_geojson_file(layers, component=component),
        file_name=f"{name if len(layers) == 1 else 'plan-atlas'}.geojson",
        mime="application/geo+json",
        key=f"download_{key}",
        on_click="ignore",
        use_container_width=True,
    )
