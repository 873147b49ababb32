"""The sidebar: search, plan, tree of layers, base map. Plain functions from state to what the template shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.address import GROUPS
from app.swatches import base_swatch, component_swatch
from app.telling import about_place, place_name, plan_name
from gazetteer.geocoding import geocode, suggest
from gazetteer.naming import normalise
from layers.catalogue import read_plans
from layers.own import OWN_PLAN

if TYPE_CHECKING:
    from app.address import State
    from app.library import Card, Library
    from app.wording import Words
    from gazetteer import Place

_MOST_PLACES: Final = 7
_MOST_COMPONENTS: Final = 5
_TIERS: Final = ("2", "3", "projects")
"""Degrees of importance, and the projects, whose layers are folded away until they are asked for."""


def describe_panel(state: State, library: Library, words: Words, *, opened: set[str], text: str) -> dict[str, Any]:
    """Return what the sidebar's template shows.

    Parameters
    ----------
    opened
        Layers whose components are unfolded, and tiers (``tier-2``) whose layers are.
    text
        What stands in the search box.
    """
    others = [layer for layer in state.layers if library.cards[layer]["plan"] not in (state.plan, OWN_PLAN.id)]
    own = library.layers_of(state.plan)
    hint = "" if library.manifest.get("surveyed_towns") else words("base_towns_hint")
    return {
        "plans": [
            {"id": plan.id, "name": plan_name(plan, words), "chosen": plan.id == state.plan}
            for plan in read_plans().values()
        ],
        "layers": [_describe_layer(card, state, words, opened) for card in own if card["importance"] == 1],
        "tiers": [_describe_tier(tier, own, state, words, opened) for tier in _TIERS],
        "others": [_describe_layer(library.cards[layer], state, words, opened) for layer in others],
        "bureau": [_describe_layer(card, state, words, opened) for card in library.layers_of(OWN_PLAN.id)],
        "groups": [
            {"id": group, "name": words(f"base_{group}"), "on": group in state.groups, "image": base_swatch(group),
             "hint": hint if group == "towns" else ""}
            for group in GROUPS
        ],
        "results": find(text, state, library, words) if text.strip() else None,
        "text": text,
        "state": state,
    }  # fmt: skip


def _tier_of(card: Card) -> str:
    return "projects" if card["kind"] == "projects" else str(card["importance"])


def _describe_tier(tier: str, own: list[Card], state: State, words: Words, opened: set[str]) -> dict[str, Any]:
    """Return the layers of one tier; those that are on show even while the others are folded away."""
    cards = [card for card in own if _tier_of(card) == tier]
    is_open = f"tier-{tier}" in opened
    return {
        "id": f"tier-{tier}",
        "name": words(f"tier_{tier}"),
        "count": len(cards),
        "open": is_open,
        "layers": [
            _describe_layer(card, state, words, opened) for card in cards if is_open or card["id"] in state.layers
        ],
    }


def _describe_layer(card: Card, state: State, words: Words, opened: set[str]) -> dict[str, Any]:
    components = card["components"]
    unlocated = sum(component["basis"] == "unlocated" for component in components)
    is_open = card["id"] in opened
    return {
        "id": card["id"],
        "name": words.pick(card, "name"),
        "on": card["id"] in state.layers,
        "open": is_open,
        "count": len(components),
        "hint": words("unlocated_count", n=unlocated) if unlocated else "",
        "components": [
            {
                "fid": component["fid"],
                "name": words.pick(component, "name"),
                "image": component_swatch(component),
                "unlocated": component["basis"] == "unlocated",
                "chosen": component["fid"] == state.selected,
            }
            for component in components
        ]
        if is_open
        else [],
    }


def find(text: str, state: State, library: Library, words: Words) -> dict[str, list[dict[str, str]]]:
    """Return places and components whose name holds what was typed, best first."""
    key = normalise(text)
    found: list[Place] = [answer.place for answer in _exact(text, state.plan)]
    found += [place for place in suggest(text, limit=_MOST_PLACES) if place not in found]
    components = [
        component
        for component in library.components.values()
        if key and (key in normalise(component["name_zh"]) or key in normalise(component["name_en"]))
    ]
    components.sort(key=lambda component: (not component["fid"].startswith(state.plan), len(component["name_zh"])))
    return {
        "places": [
            {"id": place.id, "name": place_name(place, words), "about": about_place(place, words)}
            for place in found[:_MOST_PLACES]
        ],
        "components": [
            {
                "fid": component["fid"],
                "name": words.pick(component, "name"),
                "about": words.pick(library.cards[library.layer_of(component["fid"])], "name"),
            }
            for component in components[:_MOST_COMPONENTS]
        ],
    }


def _exact(text: str, plan: str) -> list[Any]:
    answer = geocode(text, plan=plan)
    return [] if answer.best is None else [answer.best, *answer.alternatives]
