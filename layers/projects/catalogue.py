"""The projects' files read into records: ``layers/projects/<group>.toml``, and ``kinds.toml`` for the closed words."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from layers.projects.record import Attestation, Group, KindWords, Project, ProjectKind

if TYPE_CHECKING:
    from collections.abc import Mapping

PROJECTS_FOLDER: Final = Path(__file__).parent
_KINDS_FILE: Final = "kinds.toml"


@cache
def read_groups() -> Mapping[str, Group]:
    """Return the groups of projects by id, in their declared order.

    Raises
    ------
    ValueError
        If a field of a file is missing, unknown or of the wrong type; the message names file and field.
    """
    groups = [_read_group(path) for path in PROJECTS_FOLDER.glob("*.toml") if path.name != _KINDS_FILE]
    return {group.id: group for group in sorted(groups, key=lambda group: group.order)}


@cache
def read_projects() -> Mapping[str, Project]:
    """Return all projects by id, in the order of their files."""
    return {project.id: project for group in read_groups().values() for project in group.projects}


@cache
def read_kinds() -> Mapping[ProjectKind, KindWords]:
    """Return the words and the role of each kind of project."""
    table = tomllib.loads((PROJECTS_FOLDER / _KINDS_FILE).read_text(encoding="utf-8"))
    return msgspec.convert(table, dict[ProjectKind, KindWords])


@cache
def group_projects(plan: str) -> Mapping[str, tuple[Project, ...]]:
    """Return the projects that a plan names, by group; a group that it does not touch is left out."""
    found = {
        group.id: tuple(project for project in group.projects if project.of_plan(plan) is not None)
        for group in read_groups().values()
    }
    return {group: projects for group, projects in found.items() if projects}


def _read_group(path: Path) -> Group:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    table["projects"] = [_prepare(project) for project in table.pop("project", [])]
    try:
        _refuse_unknown(table, Group, path.stem)
        for project in table["projects"]:
            _refuse_unknown(project, Project, project.get("id", path.stem))
        group = msgspec.convert(table | {"id": path.stem}, Group)
    except (msgspec.ValidationError, ValueError) as error:
        msg = f"projects/{path.name}: {error}"
        raise ValueError(msg) from error
    if strange := [project.id for project in group.projects if project.group != group.id]:
        msg = f"projects/{path.name}: expected ids that begin with {group.id + '/'!r}, got {strange}"
        raise ValueError(msg)
    return group


def _prepare(table: dict[str, Any]) -> dict[str, Any]:
    """Part the form of each rule from its parameters, and name the list of attestations."""
    attestations = [each | _rule(each) for each in table.get("attestation", [])]
    rest = {key: value for key, value in table.items() if key != "attestation"}
    return rest | _rule(table) | {"attestations": attestations}


def _rule(table: dict[str, Any]) -> dict[str, Any]:
    if "rule" not in table:
        return {}
    rule = table["rule"]
    return {"rule": {"form": rule["form"], "params": {key: value for key, value in rule.items() if key != "form"}}}


def _refuse_unknown(table: dict[str, Any], record: type[Any], name: str) -> None:
    known = set(record.__dataclass_fields__)
    if unknown := set(table) - known:
        msg = f"{name}: expected the fields {sorted(known)}, got also {sorted(unknown)}"
        raise ValueError(msg)
    for each in table.get("attestations", ()):
        _refuse_unknown(each, Attestation, f"{name}, {each.get('plan', 'no plan')}")
