"""The table of projects and the row under it: a page of rows as buttons, in step with the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.places.table import pages_of
from app.projects.card import name_districts, name_kind, name_project, tell_distance
from app.projects.list import accuracy_of, distances_from
from app.projects.themes import theme_swatch
from app.telling import plan_name, plan_tag
from layers.catalogue import read_plans

if TYPE_CHECKING:
    from app.projects.list import Entry, Listing
    from app.projects.state import ProjectsState
    from app.wording import Words

_COLUMNS: Final = ("name", "kind", "status", "district", "plans")
_MOST_DISTRICTS: Final = 2
_LEAST_ROUGH_M: Final = 500.0
"""Accuracy from which it is told beside a distance."""


def describe_projects(listing: Listing, state: ProjectsState, words: Words) -> dict[str, Any]:
    """Return what the template of the table shows."""
    pages = pages_of(len(listing.shown), state.page, words)
    by, up = state.sort.removeprefix("-"), not state.sort.startswith("-")
    columns = (*_COLUMNS[:4], "distance", *_COLUMNS[4:]) if state.near else _COLUMNS
    if by == "fit" and state.near:
        by = "distance"
    return {
        "heads": [
            {"id": each, "name": words(f"projects.heads.{each}"),
             "sort": ("ascending" if up else "descending") if each == by else "none"}
            for each in columns
        ],
        "rows": [_describe(entry, state, words) for entry in listing.shown[pages["slice"]]],
        "near": bool(state.near),
        "pages": pages,
    }  # fmt: skip


def _describe(entry: Entry, state: ProjectsState, words: Words) -> dict[str, Any]:
    project = entry.project
    districts = name_districts(entry, words)
    comma = "、" if words.lang == "zh" else ", "
    short = comma.join(districts[:_MOST_DISTRICTS])
    if len(districts) > _MOST_DISTRICTS:
        short = words("projects.more_districts", names=short, n=len(districts))
    statuses = dict.fromkeys(each.status for each in entry.told_by(state.plan))
    off = distances_from(state.near).get(project.id)
    rough = accuracy_of(entry)
    return {
        "id": project.id,
        "chosen": project.id == state.project,
        "name": name_project(project, words),
        "second": project.name_zh if words.lang == "en" else project.name_en,
        "image": theme_swatch(entry.theme),
        "kind": name_kind(project, words),
        "statuses": [{"id": each, "name": words(f"project.statuses.{each}")} for each in statuses],
        "district": short,
        "districts": comma.join(districts),
        "located": entry.located,
        "distance": "" if off is None else tell_distance(off, words),
        "rough": f"±{tell_distance(rough, words)}" if off is not None and rough > _LEAST_ROUGH_M else "",
        "plans": [
            {"tag": plan_tag(read_plans()[plan], words), "name": plan_name(read_plans()[plan], words)}
            for plan in entry.fids
        ],
    }
