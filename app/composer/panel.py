"""The sidebar of the page "sheets": what is drawn, on which page, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.composer.state import EXTENTS, LABELS, LANGS, MOST_LAYERS, PAGES, RESOLUTIONS, THEMES
from app.telling import plan_name
from layers.catalogue import find_plan, read_plans

if TYPE_CHECKING:
    from app.composer.desk import ComposerDesk
    from app.library import Library
    from app.wording import Words


_MOST_FOUND: Final = 8


def describe_composer_panel(desk: ComposerDesk, library: Library, words: Words) -> dict[str, Any]:
    """Return what the sidebar's template shows."""
    state = desk.state
    own = library.layers_of(state.plan)
    tiers: dict[str, list[dict[str, str]]] = {}
    for card in own:
        tier = "projects" if card["kind"] == "projects" else str(card["importance"])
        if card["id"] not in state.layers:
            tiers.setdefault(tier, []).append({"id": card["id"], "name": words.pick(card, "name")})
    plans = read_plans()

    def choices(table: str, ids: tuple[str, ...], chosen: str) -> list[dict[str, Any]]:
        return [{"id": each, "name": words(f"composer.{table}.{each}"), "on": each == chosen} for each in ids]

    found = desk.found(library)
    return {
        "state": state,
        "text": desk.text,
        "found": [
            {
                "id": layer,
                "name": words.pick(library.cards[layer], "name"),
                "plan": plan_name(plans[library.cards[layer]["plan"]], words),
            }
            for layer in found[:_MOST_FOUND]
        ],
        "plans": [
            {"id": plan.id, "name": plan_name(plan, words), "on": plan.id == state.plan} for plan in plans.values()
        ],
        "tiers": [{"name": words(f"composer.tiers.{tier}"), "layers": found} for tier, found in tiers.items()],
        "full": len(state.layers) >= MOST_LAYERS,
        "chosen": [
            {
                "id": layer,
                "name": words.pick(library.cards[layer], "name"),
                "plan": "" if layer.startswith(f"{state.plan}/") else plan_name(find_plan(layer.split("/")[0]), words),
            }
            for layer in state.layers
        ],
        "extents": [each for each in choices("extents", EXTENTS, state.extent) if each["id"] != "view" or state.bounds],
        "pages": choices("pages", PAGES, state.page),
        "speeches": choices("speeches", LANGS, state.speech),
        "themes": choices("themes", THEMES, state.theme),
        "labels": [
            {"id": each, "name": words(f"composer.labels.{each}"), "on": each in state.labels} for each in LABELS
        ],
        "resolutions": [{"id": each, "on": each == state.dpi} for each in RESOLUTIONS],
    }
