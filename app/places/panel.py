"""The sidebar of the page "places": search and filters with counts, or what the batch is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.places.list import districts, list_places
from app.places.state import ACCURACIES, NO_PLAN
from app.telling import place_name, plan_name
from app.text.families import family_swatch, read_families
from gazetteer import open_register
from layers.catalogue import read_plans

if TYPE_CHECKING:
    from app.places.desk import PlacesDesk
    from app.wording import Words


def describe_places_panel(desk: PlacesDesk, words: Words) -> dict[str, Any]:
    """Return what the sidebar's template shows."""
    state, register = desk.state, open_register()
    if state.tab != "list":
        return {"batch": True, "state": state}
    listing = list_places(state, words.lang)
    return {
        "batch": False,
        "state": state,
        "count": len(listing.shown),
        "found": listing.found,
        "districts": [
            {
                "id": each,
                "name": place_name(register.places[each], words) if "/" in each else words(f"places.districts.{each}"),
                "count": listing.districts[each],
                "chosen": each == state.district,
            }
            for each in districts()
        ],
        "plans": [
            *(
                {"id": plan.id, "name": plan_name(plan, words), "count": listing.plans[plan.id],
                 "chosen": plan.id == state.plan}
                for plan in read_plans().values()
            ),
            {"id": NO_PLAN, "name": words("places.no_plan"), "count": listing.plans[NO_PLAN],
             "chosen": state.plan == NO_PLAN},
        ],
        "families": [
            {
                "id": family.id,
                "name": words(f"text.families.{family.id}"),
                "image": family_swatch(family.id),
                "on": any(each not in state.hidden for each in family.categories),
                "count": sum(listing.categories[each] for each in family.categories),
                "categories": [
                    {"id": each, "name": words(f"categories.{each}"), "on": each not in state.hidden,
                     "count": listing.categories[each]}
                    for each in family.categories
                    if listing.categories[each] or each in state.hidden
                ],
            }
            for family in read_families().values()
        ],
        "accuracies": [
            {"id": each, "name": words(f"places.accuracies.{each}"), "on": each not in state.unshown,
             "count": listing.accuracies[each]}
            for each in ACCURACIES
        ],
    }  # fmt: skip
