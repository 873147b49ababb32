"""Templates escape everything; swatches are harmless; the map's page asks for nothing outside."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from streamlit.testing.v1 import AppTest

from app import markup
from app.address import GROUPS
from app.downloads import read_extent
from app.map.frame import make_page
from app.map.view import routes
from app.markup import render
from app.swatches import base_swatch, basis_swatch, component_swatch
from app.wording import words

EVIL = "<img src=x onerror=alert(1)>\"'`${1}{{7*7}}"


def card(**more):
    component = {
        "path": [EVIL, EVIL], "name": EVIL, "second": EVIL, "image": "data:,", "role": EVIL, "basis": "indicative",
        "basis_name": EVIL, "basis_words": EVIL, "where": EVIL, "printed": False, "facts": [(EVIL, EVIL)],
        "members": [
            {"name": EVIL, "extent": EVIL, "place": "town/x", "note": EVIL, "shared": EVIL},
            {"name": EVIL, "extent": EVIL, "place": "", "note": EVIL, "shared": ""},
        ],
        "how": EVIL, "unlocated": False, "source": EVIL, "fields": [(EVIL, EVIL)],
        "same_as": [{"fid": "a", "name": EVIL}],
        "others": [{"fid": EVIL, "name": EVIL, "about": EVIL, "image": "data:,"}], "located": True,
        "project": {
            "facts": [(EVIL, EVIL)], "note": EVIL,
            "others": [{"fid": EVIL, "plan": EVIL, "name": EVIL, "status": EVIL, "size": EVIL, "differs": EVIL}],
        },
    }  # fmt: skip
    return {"component": component | more, "place": None, "example": "", "on": []}


@pytest.mark.parametrize("unlocated", [False, True])
def test_card_escapes_every_text(unlocated):
    html = render("map/card", words=words("zh"), **card(unlocated=unlocated))
    assert "<img src=x" not in html
    assert "&lt;img src=x" in html
    assert "{{7*7}}" in html
    assert 'data-value="<' not in html


def test_panel_escapes_names_and_typed_text():
    row = {"id": EVIL, "name": EVIL, "on": True, "open": True, "count": 1, "hint": EVIL, "components": [
        {"fid": EVIL, "name": EVIL, "image": "data:,", "unlocated": False, "chosen": True}]}  # fmt: skip
    tier = {"id": EVIL, "name": EVIL, "count": 1, "open": True, "layers": [row]}
    html = render(
        "map/panel", words=words("en"), plans=[{"id": EVIL, "name": EVIL, "chosen": True}], layers=[row], tiers=[tier],
        others=[row], bureau=[row],
        groups=[], text=EVIL, state=SimpleNamespace(boundaries=True),
        results={"places": [{"id": EVIL, "name": EVIL, "about": EVIL}], "components": []},
    )  # fmt: skip
    assert "<img src=x" not in html
    assert "\"'`" not in html


def test_an_event_that_is_counted_as_seen_is_answered_whole():
    def page():
        import streamlit as st  # noqa: PLC0415
        from streamlit.runtime.scriptrunner import get_script_run_ctx  # noqa: PLC0415

        from app.markup import hand_on  # noqa: PLC0415

        steps = []

        def leave():
            steps.append(1)
            if len(steps) > 1:
                raise InterruptedError

        def on_event(event):
            st.session_state.told = f"{st.session_state.get('told', '')}{event['value']}"

        session, state = st.session_state, get_script_run_ctx().session_state
        session.view = {"event": {"events": [{"seq": 1, "value": "a"}, {"seq": 2, "value": "b"}]}}
        hand_on("view", on_event)
        session.view = {"event": {"events": [{"seq": 2, "value": "b"}, {"seq": 3, "value": "c"}]}}
        held = state._yield_callback
        # The next event comes when this one has just been looked at.
        object.__setattr__(state, "_yield_callback", leave)
        try:
            hand_on("view", on_event)
        finally:
            object.__setattr__(state, "_yield_callback", held)

    app = AppTest.from_function(page).run()
    assert not app.exception
    assert app.session_state.told == "abc"


def test_a_forgotten_value_is_an_error():
    with pytest.raises(Exception, match="undefined"):
        render("map/card", words=words("zh"))


def test_map_page_has_no_outside_address():
    html = make_page(routes())
    assert "Atlas.start(map_" in html
    addresses = re.findall(r"(?:src|href)=\"([^\"]+)\"", html)
    assert addresses
    assert all(address.startswith("../app.map.view.") for address in addresses)
    assert "http" not in re.sub(r"http-equiv", "", html)


@pytest.mark.parametrize("form", ["fill", "arrow", "band", "ring", "patch", "disc", "block", "line", "point", ""])
def test_swatches_of_all_forms(form):
    colour = {"colour": "#0164AD", "ink": "#054E84", "line": "#0164AD", "fill": 0.34, "arrow": "#0164AD"}
    component = {
        "colour": colour,
        "form": form,
        "basis": "indicative",
        "role": "axis",
        "line_theme": "rail",
        "status": "",
    }
    image = component_swatch(component)
    assert image.startswith("data:image/svg+xml,%3Csvg")
    assert ("#0164AD" in unquote(image)) == bool(form)


def test_bases_and_base_groups_have_swatches_of_their_own():
    assert len({base_swatch(group) for group in GROUPS}) == len(GROUPS)
    assert len({basis_swatch(basis) for basis in ("official", "derived", "indicative", "schematic", "unlocated")}) == 5


@pytest.mark.parametrize(
    ("text", "extent"),
    [("120,31,121,32", (120.0, 31.0, 121.0, 32.0)), ("", None), ("121,31,120,32", None), ("a,b,c,d", None),
     ("120,31,121", None), ("nan,31,121,32", None), ("120,31,999,32", None)],
)  # fmt: skip
def test_extent(text, extent):
    assert read_extent(text) == extent


def test_every_template_asked_for_is_there():
    app = Path(markup.__file__).parent
    asked = re.compile(r"(?:show_view|show_table|render)\(\s*\"([\w/]+)\"")
    names = {name for path in app.rglob("*.py") for name in asked.findall(path.read_text("utf-8"))}
    assert len(names) > 40
    assert [name for name in sorted(names) if f"{name}.html" not in markup._templates().list_templates()] == []
