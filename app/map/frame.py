"""The map's own page as folium makes it, in a process of its own.

Folium brings pandas: a second of the first reader's time and 60 MB that a server has no need of.
"""

from __future__ import annotations

import sys
from typing import Any, Final

import folium
from branca.element import Element, MacroElement
from jinja2 import Template

from app.address import MAX_ZOOM, MIN_ZOOM
from app.jobs.job import answer_job

_RETRY: Final = """<script>
  // Where a script or a style sheet has not come, the map's page is asked for anew, until all are there.
  addEventListener("error", (event) => {
    if (!event.target.matches?.("script, link") || window.again) return;
    window.again = setTimeout(() => location.reload(), 4000);
    addEventListener("load", () => document.body.replaceChildren("地图未能载入，正在重试 · Loading the map again"));
  }, true);
</script>"""


def make_page(routes: dict[str, list[str]]) -> str:
    """Return the page, with what it does if one of its scripts fails to come.

    Parameters
    ----------
    routes
        Addresses of its ``scripts`` and ``styles``, in the order in which they are loaded.
    """
    page = folium.Map(
        location=(31.3, 120.62), zoom_start=9, tiles=None, prefer_canvas=True, max_zoom=MAX_ZOOM, min_zoom=MIN_ZOOM,
        zoom_control=False, attribution_control=False, max_bounds=False,
    )  # fmt: skip
    # Only what is served here: folium's own come from outside.
    page.default_js = [(each, each) for each in routes["scripts"]]
    page.default_css = [(each, each) for each in routes["styles"]]
    page.add_child(_Handover())  # type: ignore[no-untyped-call]
    root: Any = page.get_root()
    root.header.add_child(Element(_RETRY), name="retry")
    html: str = root.render()
    return html


class _Handover(MacroElement):
    """The one line after folium's own script: the map is handed to ``app/map/atlas.js``."""

    _template = Template("{% macro script(this, kwargs) %}Atlas.start({{ this._parent.get_name() }});{% endmacro %}")


def _answer(wish: dict[str, Any]) -> bytes:
    return make_page(wish).encode()


if __name__ == "__main__":
    sys.exit(answer_job(_answer))
