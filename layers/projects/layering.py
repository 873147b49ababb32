"""Projects as layers: in each plan a structure for every group, its components what that plan says of each project."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from layers.model import Component, Structure
from layers.projects.catalogue import group_projects, read_groups, read_kinds
from layers.projects.record import lines_of, name_of, rule_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from layers.model import ProjectStatus
    from layers.projects.record import Attestation, Project

IMPORTANCE: Final = 2
_FIRST_ORDER: Final = 1000
"""Project layers stand after the structures of the same importance."""
STATUS_EN: Final[dict[ProjectStatus, str]] = {
    "done": "done",
    "under-construction": "under construction",
    "starting": "to be started",
    "promoted": "promoted",
    "study": "under study",
    "sought": "sought",
    "unstated": "",
}


def layers_of_projects(plans: Iterable[str]) -> list[Structure]:
    """Return the project layers of plans, by plan and group."""
    return [structure for plan in plans for structure in _layers_of_plan(plan)]


def locate_attestations(project: Project) -> Mapping[str, str]:
    """Return the feature id (``<plan>/projects-<group>#<number>``) of a project in each plan that names it."""
    return {
        each.plan: f"{each.plan}/{_layer(project.group)}#{_ordered(project.group, each.plan)[project.id]}"
        for each in project.attestations
    }


def _layer(group: str) -> str:
    return f"projects-{group}"


@cache
def _ordered(group: str, plan: str) -> Mapping[str, int]:
    """Return the ids of a plan's projects of a group, numbered by first line and then as the file has them."""
    projects = sorted(group_projects(plan)[group], key=lambda project: _said(project, plan).lines[0])
    return {project.id: number for number, project in enumerate(projects, start=1)}


def _said(project: Project, plan: str) -> Attestation:
    found = project.of_plan(plan)
    assert found is not None, f"{plan} does not name {project.id}"
    return found


def _layers_of_plan(plan: str) -> Iterable[Structure]:
    groups = read_groups()
    for group_id, projects in group_projects(plan).items():
        by_id = {project.id: project for project in projects}
        said = {project: _said(by_id[project], plan) for project in _ordered(group_id, plan)}
        chapters = dict.fromkeys(part for each in said.values() for part in each.chapter.split("；"))
        yield Structure(
            id=_layer(group_id),
            plan=plan,
            name_zh=groups[group_id].name_zh,
            name_en=groups[group_id].name_en,
            kind="projects",
            importance=IMPORTANCE,
            order=_FIRST_ORDER + groups[group_id].order,
            chapter="；".join(chapters),
            lines=lines_of(list(said.values())),
            components=tuple(
                _component(number, by_id[project], attestation)
                for number, (project, attestation) in enumerate(said.items(), start=1)
            ),
        )


def _component(number: int, project: Project, said: Attestation) -> Component:
    kind = read_kinds()[project.kind]
    others = locate_attestations(project)
    rule = rule_of(project, said)
    return Component(
        no=number,
        name_zh=name_of(project, said),
        name_en=name_of(project, said, lang="en"),
        role=kind.role,
        lines=said.lines,
        rule=rule,
        members=() if said.rule is not None else project.members,
        printed=said.printed,
        theme_zh="；".join(filter(None, (kind.name_zh, said.status_zh))),
        theme_en="; ".join(filter(None, (kind.name_en, STATUS_EN[said.status]))),
        same_as=tuple(feature for plan, feature in others.items() if plan != said.plan),
        project=project.id,
        status=said.status,
        status_zh=said.status_zh,
        size_zh=said.size_zh,
        size_en=said.size_en,
        note_zh=said.note_zh,
        note_en=said.note_en,
        chapter=said.chapter,
    )
