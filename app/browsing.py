"""What the pages share of a visit: the address, the flights of their maps, the way to the map page."""

from __future__ import annotations

import dataclasses
import time
from typing import TYPE_CHECKING, Any

import streamlit as st

from app.address import CRS_NAMES
from app.markup import read_script
from app.places.desk import PlacesDesk
from app.places.state import PlacesState
from app.wording import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from app.actions import Flight, Outcome
    from app.address import State
    from app.library import Library
    from gazetteer import Place


_keeper = st.components.v2.component(
    "plan_atlas_address", html="<i hidden></i>", js=read_script("assets/address.js"), isolate_styles=False
)


def write_address(wanted: Mapping[str, str], *, keys: Collection[str]) -> None:
    """Write a page's state into the address if it is new there; the view and foreign parameters stay.

    A run without a new state leaves the address alone: the reader may have gone back, and what the browser tells of
    that (an event of its own, see ``app/assets/view.js``) comes with the next run. The first run of a page writes at
    its end: the browser takes up the page's path a moment after it is told of the page, and parameters that come
    sooner would be an entry of their own among those that Back goes through, with the last page's path.

    Parameters
    ----------
    wanted
        The parameters that the state asks for.
    keys
        All parameters that belong to the page's state.
    """
    session = st.session_state
    session.address = (dict(wanted), frozenset(keys))
    if session.get("written") is not None:
        _write_address(dict(wanted), frozenset(keys))


def settle_address() -> None:
    """See to it, at the end of a run, that the address is what the page has asked for."""
    session = st.session_state
    wanted, keys = session.pop("address", None) or (None, frozenset())
    if wanted is None:
        return
    _write_address(wanted, keys)
    session.runs_told = session.get("runs_told", 0) + 1
    data = {"page": session.get("page"), "wanted": wanted, "keys": sorted(keys), "n": session.runs_told}
    _keeper(key="address", data=data)


def _write_address(wanted: dict[str, str], keys: frozenset[str]) -> None:
    session = st.session_state
    before, session.written = session.get("written"), wanted
    query = st.query_params.to_dict()
    told = {key: value for key, value in query.items() if key in keys}
    # A page that is entered with an address of its own has it from a link or from Back: it stays an entry as it is.
    if before != wanted != told and not (before is None and told):
        st.query_params.from_dict({key: value for key, value in query.items() if key not in keys} | wanted)


def tongue_and_system(state: State) -> dict[str, str]:
    """Return what all pages keep in their addresses: language and coordinate system, and which of them go without."""
    return {"lang": state.lang, "default_lang": LANGUAGES[0], "crs": state.crs, "default_crs": CRS_NAMES[0]}


def send_flight(flight: Flight | None, *, key: str = "flight") -> None:
    """Ask the map whose flights the session keeps under ``key`` to go somewhere; a number tells it from the last.

    Numbers come from the clock: a map outlives the server's restart, after which they would count from 1 again.
    """
    if flight is not None:
        number = max(int(time.time() * 1_000), (st.session_state.get(key) or {"n": 0})["n"] + 1)
        st.session_state[key] = dataclasses.asdict(flight) | {"n": number}


def leave_for_map(outcome: Outcome, library: Library) -> None:
    """Go to the map page with what an event has made of its state."""
    session: Any = st.session_state
    session.state = outcome.state
    if outcome.state.selected:
        session.opened = {*session.get("opened", ()), library.layer_of(outcome.state.selected)}
    send_flight(outcome.flight)
    session.go_to = "map"


def open_place_record(place: Place) -> None:
    """Go to a place's record on the places page."""
    session: Any = st.session_state
    session.places = PlacesDesk(state=PlacesState(place=place.id, query=place.name_zh))
    session.go_to = "places"
