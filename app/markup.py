"""Parts of the page written as templates: HTML that escapes everything, and the events that come back from it.

Streamlit's own widgets cannot show a tree with swatches or a card with tables; a template can, in one message instead
of eighty, and its buttons are real buttons. A page's templates
lie with its code, those that pages share in ``app/templates``; autoescape is on for all of them.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.wording import LANGUAGES
from layers.templates import open_templates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from jinja2 import Environment

_HERE: Final = Path(__file__).parent


def read_script(name: str) -> str:
    """Return a view's script (``places/table.js``), with what all views need before it."""
    return "".join((_HERE / each).read_text(encoding="utf-8") for each in ("assets/box.js", "assets/laying.js", name))


_view = st.components.v2.component(
    "plan_atlas_view",
    html='<div class="atlas-view"></div>',
    js=read_script("assets/view.js"),
    isolate_styles=False,
)


@cache
def _templates() -> Environment:
    return open_templates(_HERE, _HERE / "templates")


def render(template: str, **context: Any) -> str:
    """Fill a template; every value is escaped."""
    return _templates().get_template(f"{template}.html").render(**context)


def show_view(
    template: str, *, key: str, on_event: Callable[[dict[str, Any]], None], file: dict[str, Any] | None = None,
    **context: Any,
) -> None:  # fmt: skip
    """Show a template and hand its events on.

    Parameters
    ----------
    template
        A file beside a page's code (``places/card``) or in ``app/templates`` (``language``), without suffix.
    key
        Key of the element; also its CSS class.
    on_event
        Called with ``{"type", "value", "extent"}`` before the script runs again.
    file
        A file to save at once, as `keep_file` takes it.
    """

    def answer(event: dict[str, Any]) -> None:
        if event["type"] == "saved":
            _files().pop(key, None)
        else:
            on_event(event)

    if file:
        keep_file(key, file)
    data = {
        "html": render(template, **context), "name": _class_of(template), "seen": last_seen(key),
        "page": st.session_state.get("page", ""),
    }  # fmt: skip
    kept = _files().get(key)
    _view(key=key, data=data | ({"file": kept} if kept else {}), on_event_change=partial(hand_on, key, answer))


def keep_file(key: str, file: dict[str, Any]) -> None:
    """Keep a file until a view has saved it: the run that made it may be cut short by the reader's next event.

    Parameters
    ----------
    key
        Key of the view.
    file
        ``id, name, mime, base64``.
    """
    with undisturbed():
        _files()[key] = file


def forget_files() -> None:
    """Drop the files that no view has saved: the reader has gone to another page."""
    _files().clear()


def _files() -> dict[str, dict[str, Any]]:
    kept: dict[str, dict[str, Any]] = st.session_state.setdefault("files", {})
    return kept


def _class_of(template: str) -> str:
    """Return the CSS class of a view: ``places_card``; the map page's views, whose looks others share, bear no page."""
    return "_".join(dict.fromkeys(template.removeprefix("map/").split("/")))


def hand_on(key: str, on_event: Callable[[dict[str, Any]], None]) -> None:
    """Hand on the events of an element that have not been answered yet, each once and whole."""
    value: Mapping[str, Any] = st.session_state.get(key) or {}
    with undisturbed():
        for event in unseen(key, (value.get("event") or value).get("events", ())):
            on_event(event)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Do something whole.

    Streamlit leaves a run at its next step once the reader's next event has come, and every use of the session's state
    is such a step: an event that is counted as seen and then left half way would be lost.
    """
    context = get_script_run_ctx(suppress_warning=True)
    state: Any = None if context is None else context.session_state
    leave = getattr(state, "_yield_callback", None)
    if leave is None:
        yield
        return
    object.__setattr__(state, "_yield_callback", lambda: None)
    try:
        yield
    finally:
        object.__setattr__(state, "_yield_callback", leave)


def unseen(key: str, events: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the events of an element that have not been answered yet, in order, and remember them as seen.

    The browser sends an event again until it is told that it was seen: see ``app/assets/view.js``.
    """
    seen = st.session_state.setdefault("seen", {})
    fresh = [dict(event) for event in events if event["seq"] > seen.get(key, 0)]
    if fresh:
        seen[key] = fresh[-1]["seq"]
    return fresh


def last_seen(key: str) -> int:
    """Return the number of the last event of an element that was answered."""
    number: int = st.session_state.get("seen", {}).get(key, 0)
    return number


def page_language() -> str:
    """Return the language of the session, which on its first page stands in the address."""
    state = st.session_state.get("state")
    asked = state.lang if state is not None else st.query_params.get("lang")
    return asked if asked in LANGUAGES else LANGUAGES[0]


def add_style() -> None:
    """Add the style sheets of the app and of its pages to the page."""
    files = (_HERE / "assets" / "app.css", *sorted(_HERE.glob("*/page.css")))
    from app.text.families import family_style  # noqa: PLC0415

    st.html(f"<style>{family_style()}{''.join(file.read_text(encoding='utf-8') for file in files)}</style>")
