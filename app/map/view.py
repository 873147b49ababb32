"""The map: a page that folium makes once, and a thin Streamlit component that hands it the wished state.

streamlit-folium was measured first and left aside: its component value is debounced by 250 ms, half of what a click may
take until its card is there; it cannot tell two clicks on one feature, or a click on empty ground, from none; and it
takes all dynamic layers off and on again when one changes. folium still makes the page; `app/map` does what
folium cannot. Leaflet comes from its XStatic package over the component route, so nothing is fetched from outside.
"""

from __future__ import annotations

import hashlib
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import streamlit as st
import streamlit.components.v1 as components
import xstatic.pkg.leaflet as xstatic_leaflet

from app.jobs.job import run_job
from app.markup import hand_on, last_seen
from layers.digests import digest_files
from layers.export import write_file
from layers.web.cache import web_folder

if TYPE_CHECKING:
    from collections.abc import Callable

_ASSETS: Final = Path(__file__).parent
_SCRIPTS: Final = ("surface.js", "names.js", "geodesy.js", "points.js", "tools.js", "sketch.js", "link.js", "atlas.js")
_PAGE: Final = "index.html"
_FRAME: Final = "app.map.frame"

_leaflet = components.declare_component("leaflet", path=xstatic_leaflet.BASE_DIR)
_scripts = components.declare_component("scripts", path=str(_ASSETS))


def _route(name: str) -> str:
    """Return the address of a served folder, relative to the map's own page, so that a base path does no harm."""
    return f"../{__name__}.{name}"


def routes() -> dict[str, list[str]]:
    """Return what the map's page is made from: the addresses of its ``scripts`` and ``styles``, in their order."""
    return {
        "scripts": [f"{_route('leaflet')}/leaflet.js", *(f"{_route('scripts')}/{name}" for name in _SCRIPTS)],
        "styles": [f"{_route('leaflet')}/leaflet.css", f"{_route('scripts')}/atlas.css"],
    }


@st.cache_resource
def _component() -> Any:
    """See to it that the map's page lies beside the layers, which the browser fetches from the same folder."""
    folder = web_folder()
    # A page that was made from the same stays: to make it takes a second of the first reader's time.
    made_from = f"{version('folium')} {digest_files(_ASSETS, ('frame.py',))} {routes()}"
    mark = f"<!-- {hashlib.sha256(made_from.encode()).hexdigest()[:16]} -->\n".encode()
    page = folder / _PAGE
    if not page.exists() or not page.read_bytes().endswith(mark):
        write_file(page, run_job(_FRAME, routes()) + b"\n" + mark)
    return components.declare_component("atlas", path=str(folder))


def served() -> str:
    """Return the address of the folder of written layers, relative to a page of the app."""
    return f"component/{_component().name}"


def show_map(state: dict[str, Any], *, key: str, on_event: Callable[[dict[str, Any]], None]) -> None:
    """Show the map in a state and hand its events on; see ``apply`` in ``app/map/atlas.js``."""
    answer = partial(hand_on, key, on_event)
    _component()(state=state | {"seen": last_seen(key)}, key=key, default=None, on_change=answer)
