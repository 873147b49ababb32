"""The sidebar of the page "projects": search, the place to be near, and filters with counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.projects.desk import kinds_of_groups
from app.projects.list import list_projects, project_districts
from app.projects.state import DISTANCES, STATUSES
from app.projects.themes import theme_swatch
from app.telling import about_place, place_name, plan_name
from gazetteer import open_register
from layers.catalogue import read_plans
from layers.projects import read_groups, read_kinds

if TYPE_CHECKING:
    from app.projects.desk import ProjectsDesk
    from app.wording import Words


def describe_projects_panel(desk: ProjectsDesk, words: Words) -> dict[str, Any]:
    """Return what the sidebar's template shows."""
    state, places = desk.state, open_register().places
    listing = list_projects(state, words.lang)
    near = places.get(state.near)
    hints = []
    if near is not None:
        if listing.reach:
            hints.append(words("projects.reach", n=listing.reach))
        if listing.nowhere:
            hints.append(words("projects.nowhere", n=listing.nowhere))
    return {
        "state": state,
        "count": len(listing.shown),
        "near": "" if near is None else place_name(near, words),
        "near_about": "" if near is None else about_place(near, words),
        "unknown": desk.unknown,
        "others": [{"id": each, "name": place_name(places[each], words)} for each in desk.others],
        "distances": [{"id": each, "chosen": each == state.km} for each in DISTANCES],
        "hints": hints,
        "districts": [
            {"id": each, "count": listing.districts[each], "chosen": each == state.district,
             "name": place_name(places[each], words) if each in places else words(f"projects.districts.{each}")}
            for each in project_districts()
        ],
        "plans": _plans(state.plan, listing.plans, words),
        "without": [each for each in _plans(state.without, listing.without, words) if each["id"] != state.plan],
        "groups": [
            {
                "id": group,
                "name": _name(read_groups()[group], words),
                "image": theme_swatch(read_groups()[group].theme),
                "on": any(each not in state.hidden for each in kinds),
                "count": sum(listing.kinds[each] for each in kinds),
                "kinds": [
                    {"id": each, "name": _name(read_kinds()[each], words), "on": each not in state.hidden,
                     "count": listing.kinds[each]}
                    for each in kinds
                    if len(kinds) > 1
                ],
            }
            for group, kinds in kinds_of_groups()
        ],
        "statuses": [
            {"id": each, "name": words(f"project.statuses.{each}"), "on": each not in state.unshown,
             "count": listing.statuses[each]}
            for each in STATUSES
        ],
    }  # fmt: skip


def _plans(chosen: str, counts: Any, words: Words) -> list[dict[str, Any]]:
    return [
        {"id": plan.id, "name": plan_name(plan, words), "count": counts[plan.id], "chosen": plan.id == chosen}
        for plan in read_plans().values()
    ]


def _name(record: Any, words: Words) -> str:
    return str(record.name_en if words.lang == "en" else record.name_zh)
