"""The app with hostile names in its register and its cards, as a careless or ill-meaning import might bring them."""

from __future__ import annotations

import dataclasses

import app.library
from app.start import run
from gazetteer import open_register

EVIL = '<img src=x onerror="window.top.evil=1">`${window.top.evil=1}`{{7*7}}'

register = open_register()
place = register.places["town/luzhi"]
if not place.name_zh.endswith("}"):
    register.places["town/luzhi"] = dataclasses.replace(place, name_zh=f"甪直{EVIL}", aliases=(EVIL,))
    register.__dict__.pop("index", None)
    for component in app.library.open_library().components.values():
        component["name_zh"] += EVIL
        component["theme_zh"] = component["how_zh"] = component["source"] = EVIL
        for member in component["members"]:
            member["name"] += EVIL
run()
