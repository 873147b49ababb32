"""The map: a page that folium makes once, and a thin Streamlit component that hands it the wished state.

streamlit-folium was measured first and left aside: its component value is debounced by 250 ms, half of what a click may
take until its card is there; it cannot tell two clicks on one feature, or a click on empty ground, from none; and it
takes all dynamic layers off and on again when one changes. folium still makes the page; `app/map` does what
folium cannot. Leaflet comes from its XStatic package over the component route, so nothing is fetched from outside.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import folium
import streamlit as st
import streamlit.components.v1 as components
import xstatic.pkg.leaflet as xstatic_leaflet
from branca.element import Element, MacroElement
from jinja2 import Template

from app.address import MAX_ZOOM, MIN_ZOOM
from app.markup import hand_on, last_seen
from layers.export import write_file
from layers.web.cache import web_folder

if TYPE_CHECKING:
    from collections.abc import Callable

_ASSETS: Final = Path(__file__).parent
_SCRIPTS: Final = ("surface.js", "names.js", "geodesy.js", "points.js", "tools.js", "sketch.js", "link.js", "atlas.js")
_PAGE: Final = "index.html"

_leaflet = components.declare_component("leaflet", path=xstatic_leaflet.BASE_DIR)
_scripts = components.declare_component("scripts", path=str(_ASSETS))


def _route(name: str) -> str:
    """Return the address of a served folder, relative to the map's own page, so that a base path does no harm."""
    return f"../{__name__}.{name}"


class _AtlasMap(folium.Map):
    """A folium map whose only scripts are those served here."""

    default_js = [  # noqa: RUF012 - folium reads these as plain class lists
        ("leaflet", f"{_route('leaflet')}/leaflet.js"),
        *((name.removesuffix(".js"), f"{_route('scripts')}/{name}") for name in _SCRIPTS),
    ]
    default_css = [  # noqa: RUF012
        ("leaflet_css", f"{_route('leaflet')}/leaflet.css"),
        ("atlas_css", f"{_route('scripts')}/atlas.css"),
    ]


class _Handover(MacroElement):
    """The one line after folium's own script: the map is handed to ``app/map/atlas.js``."""

    _template = Template("{% macro script(this, kwargs) %}Atlas.start({{ this._parent.get_name() }});{% endmacro %}")


_RETRY: Final = """<script>
  // Where a script or a style sheet has not come, the map's page is asked for anew, until all are there.
  addEventListener("error", (event) => {
    if (!event.target.matches?.("script, link") || window.again) return;
    window.again = setTimeout(() => location.reload(), 4000);
    addEventListener("load", () => document.body.replaceChildren("地图未能载入，正在重试 · Loading the map again"));
  }, true);
</script>"""


def make_page() -> str:
    """Return the map's page as folium makes it, with what it does if one of its scripts fails to come."""
    page = _AtlasMap(
        location=(31.3, 120.62), zoom_start=9, tiles=None, prefer_canvas=True, max_zoom=MAX_ZOOM, min_zoom=MIN_ZOOM,
        zoom_control=False, attribution_control=False, max_bounds=False,
    )  # fmt: skip
    page.add_child(_Handover())  # type: ignore[no-untyped-call]
    root: Any = page.get_root()
    root.header.add_child(Element(_RETRY), name="retry")
    html: str = root.render()
    return html


@st.cache_resource
def _component() -> Any:
    """Write the map's page beside the layers, which the browser fetches from the same folder."""
    folder = web_folder()
    write_file(folder / _PAGE, make_page().encode())
    return components.declare_component("atlas", path=str(folder))


def served() -> str:
    """Return the address of the folder of written layers, relative to a page of the app."""
    return f"component/{_component().name}"


def show_map(state: dict[str, Any], *, key: str, on_event: Callable[[dict[str, Any]], None]) -> None:
    """Show the map in a state and hand its events on; see ``apply`` in ``app/map/atlas.js``."""
    answer = partial(hand_on, key, on_event)
    _component()(state=state | {"seen": last_seen(key)}, key=key, default=None, on_change=answer)
