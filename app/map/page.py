"""The map page: sidebar, map, card. The address holds the state; every event makes a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

import streamlit as st

from app.actions import Flight, act
from app.address import KEYS, read_state, write_state
from app.browsing import open_place_record, send_flight, write_address
from app.downloads import file_for_browser, make_sheet, to_geojson_file
from app.jobs.job import JobError
from app.library import chosen_place, located_places, open_library
from app.map.card import describe_component
from app.map.legend import legend_entries
from app.map.panel import describe_panel, find
from app.map.passage import describe_passage
from app.map.state import common_state, describe_layer, mark_place
from app.map.view import show_map
from app.markup import keep_file, show_view
from app.places.card import describe_place_in_short
from app.places.table import show_table
from app.swatches import component_swatch
from app.table.desk import TableDesk, describe_twin, twin_to_csv
from app.telling import shorten_lines
from app.wording import words as words_of

if TYPE_CHECKING:
    from app.address import State
    from app.library import Library
    from app.wording import Words

_LONGEST_SEARCH: Final = 80
_SHEET: Final = "sheet_view_button"


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
    """Write a state into the address if it is new there; the view and foreign parameters stay."""
    wanted = write_state(state, headlines=library.headlines)
    write_address(wanted, keys=KEYS)


def _on_event(event: dict[str, Any]) -> None:
    """Answer an event of the sidebar, the map or the card."""
    library, session = open_library(), st.session_state
    state = current_state(library)
    kind, value = str(event.get("type")), str(event.get("value") or "")
    if _twin_of_session().answer(event):
        return
    if kind == "open":
        session.opened = session.opened ^ {value}
    elif kind == "search":
        session.text = value[:_LONGEST_SEARCH]
    elif kind == "address":
        _go_back(value, state, library)
    elif kind == "read":
        session.wish, session.go_to = value, "text"
    elif kind == "place_record":
        open_place_record(chosen_place(value))
    elif kind == "export":
        session.export_layers, session.go_to = state.layers, "export"
    elif kind == "sheet":
        session.sheet_extent = str(event.get("extent") or "")
    elif kind == "compose":
        session.composer_query = compose_query(state, str(event.get("extent") or ""))
        session.go_to = "sheets"
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


def compose_query(state: State, extent: str) -> dict[str, str]:
    """Return the address of the page "sheets" that takes over what is on, in the map's extent."""
    return {
        "layers": ",".join(state.layers) or "-",
        "plan": state.plan,
        "bounds": extent,
        "boundaries": "1" if state.boundaries else "0",
    }


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
    send_flight(outcome.flight)
    session.state = outcome.state


def _go_back(query: str, state: State, library: Library) -> None:
    """Take the state from an address that the reader went back or forward to."""
    session = st.session_state
    session.state = new = _read(dict(parse_qsl(query.removeprefix("?"))), library)
    session.point = None
    if new.plan != state.plan:
        session.opened = {library.headlines[new.plan]}
        send_flight(Flight(bounds=library.manifest["plans"][new.plan]["bounds"]))


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
        show_view("map/panel", key="panel", on_event=_on_event, words=words, **panel)
    with st.container(key="language"):
        show_view("language", key="language_switch", on_event=_on_event, words=words, lang=state.lang)
    with st.container(key="chips"):
        show_view("map/chips", key="chips_view", on_event=_on_event, words=words, plans=panel["plans"],
                  components=_chips(state, library, words))  # fmt: skip
    if not library.stale and (missing := library.undrawn(state.layers)):
        with st.spinner(words("drawing")):
            library.draw(missing)
    with st.container(key="stage"):
        with st.container(key="map"):
            with st.container(key="ways"):
                show_view("table/ways", key="table_ways", on_event=_on_event, words=words, table=state.table,
                          file=_twin_file(state, library, words))  # fmt: skip
            show_map(_map_state(state, library, words), key="atlas_map", on_event=_on_event)
            if state.table:
                # Over the map, which stays: to leave the table costs no new map.
                with st.container(key="twin"):
                    desk = _twin_of_session()
                    show_table("table/twin", key="table_twin", go=desk.go, on_event=_on_event, words=words,
                               **describe_twin(desk, state, library, words))  # fmt: skip
        with st.container(key="side"):
            with st.container(key="card"):
                show_view("map/card", key="card_view", on_event=_on_event, words=words, **_card(state, library, words))
                show_view(
                    "map/passage", key="passage_view", on_event=_on_event, words=words, passage=_passage(state, library)
                )
            with st.container(key="actions"):
                _show_actions(state, library, words)


def _twin_of_session() -> TableDesk:
    """Return what the reader does in the table twin of the map."""
    session = st.session_state
    if "twin" not in session:
        session.twin = TableDesk()
    desk: TableDesk = session.twin
    return desk


def _twin_file(state: State, library: Library, words: Words) -> dict[str, Any] | None:
    """Return the table that the reader has asked for as a file."""
    desk = _twin_of_session()
    wanted, desk.download = desk.download, False
    if not wanted:
        return None
    text = twin_to_csv(desk, state, library, words)
    return file_for_browser(text.encode(), name="plan-atlas-map.csv", mime="text/csv")


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
        place = chosen_place(state.place)
        card["place"] = describe_place_in_short(place, library, words, state=state)
    else:
        card["example"] = _example(state, library, words)
        card["on"] = [
            {
                "name": words.pick(library.cards[layer], "name"),
                "about": _where(library.cards[layer], words),
                "components": [
                    {"fid": c["fid"], "name": words.pick(c, "name"), "about": words(f"bases.{c['basis']}"),
                     "image": component_swatch(c)}
                    for c in library.cards[layer]["components"]
                ],
            }
            for layer in state.layers
        ]  # fmt: skip
    return card


def _where(card: dict[str, Any], words: Words) -> str:
    """Say where a layer stands in its plan; one of no plan has no lines."""
    chapter, lines = words.pick(card, "chapter"), card["lines"]
    return f"{chapter} · {shorten_lines(lines, words)}" if lines else chapter


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


def _map_state(state: State, library: Library, words: Words) -> dict[str, Any]:
    """Return what the map is asked to show."""
    session = st.session_state
    return common_state(state.plan, state, library, words) | {
        "n": session.runs,
        "layers": [describe_layer(layer, library, words) for layer in state.layers],
        "fly": session.flight,
        "selected": state.selected or None,
        "place": mark_place(state.place, state, library),
        "legend": legend_entries(state.layers, library, words),
    }


def _show_actions(state: State, library: Library, words: Words) -> None:
    """Show the buttons under the card: zoom, link, GeoJSON, sheet."""
    located = bool(state.layers) or bool(state.selected or state.place)
    show_view("map/actions", key="actions_view", on_event=_on_event, words=words, located=located)
    with st.popover(words("download"), use_container_width=True, disabled=not state.layers):
        if state.selected:
            layer = library.layer_of(state.selected)
            number = library.components[state.selected]["no"]
            _download(words("download_feature"), "feature", [layer], component=number)
            _download(words("download_layer"), "layer", [layer])
        if state.layers:
            _download(words("download_all", n=len(state.layers)), "all", list(state.layers))
            show_view("export/link", key="export_link", on_event=_on_event, words=words)
    error = _make_sheet(state, words)
    show_view("map/sheet", key=_SHEET, on_event=_on_event, words=words, error=error)


def _make_sheet(state: State, words: Words) -> str:
    """Make the sheet that the reader has asked for, and return why there is none, or ""."""
    session = st.session_state
    if session.sheet_extent is None:
        return ""
    if not state.layers:
        session.sheet_extent = None
        return words("sheet_none")
    error = ""
    with st.spinner(words("sheet_busy")):
        try:
            sheet = make_sheet(state, extent=session.sheet_extent)
        except (OSError, JobError) as failure:
            error = words("sheet_failed", reason=failure)
        else:
            keep_file(_SHEET, file_for_browser(sheet, name="plan-atlas.png", mime="image/png"))
        # The next event may cut this run short as soon as the spinner goes.
        session.sheet_extent = None
    return error


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
