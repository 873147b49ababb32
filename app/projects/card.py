"""The record card of a project: what every plan says of it, in what they differ, and how each is drawn."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from app.projects.list import accuracy_of, distances_from
from app.projects.telling import tell_status
from app.projects.themes import theme_swatch
from app.swatches import component_swatch
from app.telling import accuracy_text, place_name, plan_name, tell_lines
from gazetteer import open_register
from layers.catalogue import read_plans
from layers.projects import compare_attestations, read_groups, read_kinds
from layers.projects.record import name_of

if TYPE_CHECKING:
    from app.library import Library
    from app.projects.list import Entry
    from app.wording import Words
    from layers.projects import Attestation, Difference, Project

_KM: Final = 1000.0


def name_project(project: Project, words: Words) -> str:
    """Return a project's name in the language of the page."""
    return project.name_en if words.lang == "en" else project.name_zh


def name_kind(project: Project, words: Words) -> str:
    """Return a project's kind in the language of the page."""
    kind = read_kinds()[project.kind]
    return kind.name_en if words.lang == "en" else kind.name_zh


def name_districts(entry: Entry, words: Words) -> list[str]:
    """Return the districts a project lies in, in the language of the page."""
    places = open_register().places
    return [
        place_name(places[each], words) if each in places else words(f"projects.districts.{each}")
        for each in entry.districts
    ]


def tell_distance(metres: float, words: Words) -> str:
    """Say a distance short: ``0``, ``420 m``, ``1.9 km``."""
    if metres <= 0:
        return words("projects.here")
    return f"{metres:.0f} m" if metres < _KM else f"{metres / _KM:.1f} km"


def describe_project_record(entry: Entry, library: Library, words: Words, *, near: str) -> dict[str, Any]:
    """Return what the card's template shows of a project.

    Parameters
    ----------
    near
        Id of the place that is asked for, or "".
    """
    project = entry.project
    group = read_groups()[project.group]
    comma = "、" if words.lang == "zh" else ", "
    facts = [(words("projects.district"), comma.join(name_districts(entry, words)))]
    if not entry.stated:
        facts[0] = (facts[0][0], words("projects.by_plan", names=facts[0][1]))
    off = distances_from(near).get(project.id) if near else None
    if off is not None:
        place = open_register().places[near]
        facts.append((words("projects.distance_from", name=place_name(place, words)), tell_distance(off, words)))
    if entry.located:
        facts.append((words("accuracy"), accuracy_text(accuracy_of(entry), words)))
    return {
        "id": project.id,
        "name": name_project(project, words),
        "second": project.name_zh if words.lang == "en" else project.name_en,
        "image": theme_swatch(entry.theme),
        "kind": name_kind(project, words),
        "group": group.name_en if words.lang == "en" else group.name_zh,
        "located": entry.located,
        "facts": facts,
        "differences": _differences(project, words),
        "told": [
            _describe_attestation(each, entry, library, words)
            for plan in entry.fids
            for each in project.attestations
            if each.plan == plan
        ],
    }


def _describe_attestation(said: Attestation, entry: Entry, library: Library, words: Words) -> dict[str, Any]:
    fid = entry.fids[said.plan]
    component = library.components[fid]
    record = component["project"]
    printed = name_of(entry.project, said, lang=words.lang)
    facts = [(words("project.status"), tell_status(record, words))]
    if said.size_zh:
        facts.append((words("project.size"), words.pick(record, "size")))
    facts.append(
        (words("projects.where"), f"{words.pick(record, 'chapter')} · {tell_lines(component['lines'], words)}")
    )
    return {
        "fid": fid,
        "plan": plan_name(read_plans()[said.plan], words),
        "printed": printed if said.printed and printed != name_project(entry.project, words) else "",
        "shortened": not said.printed,
        "facts": facts,
        "note": words.pick(record, "note"),
        "basis": component["basis"],
        "basis_name": words(f"bases.{component['basis']}"),
        "how": words.pick(component, "how"),
        "image": component_swatch(component),
    }


def _differences(project: Project, words: Words) -> list[dict[str, Any]]:
    """Return in what each two plans differ, with what either says; nothing where all say the same."""
    order = list(read_plans())
    said = sorted(project.attestations, key=lambda each: order.index(each.plan))
    return [
        {
            "plans": [plan_name(read_plans()[each.plan], words) for each in (one, other)],
            "rows": [
                {"name": words(f"project.differs.{field}"), "values": _values(field, project, one, other, words)}
                for field in found
            ],
        }
        for one, other in combinations(said, 2)
        if (found := compare_attestations(project, one, other))
    ]


def _values(field: Difference, project: Project, one: Attestation, other: Attestation, words: Words) -> list[str]:
    if field == "status":
        return [words(f"project.statuses.{each.status}") for each in (one, other)]
    if field == "name":
        return [name_of(project, each, lang=words.lang) for each in (one, other)]
    if field == "size":
        return [each.size_en if words.lang == "en" else each.size_zh for each in (one, other)]
    return []
