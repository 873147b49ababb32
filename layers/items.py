"""Components and structures as things to compare, and what ties those of one plan to those of another."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from gazetteer import geocode, open_register
from layers.catalogue import read_structures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.model import Component, Extent, ProjectStatus, Role, Structure


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A member of an item."""

    key: str
    """Place id, or the name where no place is known."""
    name: str
    extent: Extent


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A component, or a structure as a whole where the records tie the structure itself."""

    id: str
    """``<layer>#<number>``, or the layer id of a structure as a whole."""
    layer: str
    name_zh: str
    name_en: str
    role: Role | None
    """None of a structure as a whole."""
    parts: tuple[Part, ...] = ()
    status: ProjectStatus | None = None
    size_zh: str = ""
    size_en: str = ""
    area_km2: float | None = None
    """Stated, km2."""
    direction: str | None = None
    lines: tuple[int, ...] = ()
    project: str = ""


@cache
def component_items(layer_id: str) -> Mapping[str, Item]:
    """Return the components of a structure as items, by id."""
    structure = read_structures()[layer_id]
    items = [_item(structure, component) for component in structure.components]
    return {item.id: item for item in items}


def _item(structure: Structure, component: Component) -> Item:
    return Item(
        id=f"{structure.layer_id}#{component.no}",
        layer=structure.layer_id,
        name_zh=component.name_zh,
        name_en=component.name_en,
        role=component.role,
        parts=tuple(
            Part(key=_place_key(member.place or member.name, structure.plan), name=member.name, extent=member.extent)
            for member in component.members
        ),
        status=component.status,
        size_zh=component.size_zh,
        size_en=component.size_en,
        area_km2=component.stated_area_km2,
        direction=component.direction,
        lines=component.lines,
        project=component.project,
    )


def whole_item(structure: Structure) -> Item:
    """Return a structure as one item, with the members of all its components, each once."""
    parts = {part.key: part for item in component_items(structure.layer_id).values() for part in item.parts}
    return Item(
        id=structure.layer_id,
        layer=structure.layer_id,
        name_zh=structure.name_zh,
        name_en=structure.name_en,
        role=None,
        parts=tuple(parts.values()),
        lines=structure.lines,
    )


@cache
def _place_key(name: str, plan: str) -> str:
    """Return the id of the place that a name (or a place id) means in a plan; the name itself where none is known."""
    if name in open_register().places:
        return name
    best = geocode(name, plan=plan).best
    return name if best is None else best.place.id


@cache
def read_ties() -> Mapping[str, frozenset[str]]:
    """Return what the records tie each component and structure to, both ways."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    known = {structure.layer_id for structure in read_structures().values()}
    known |= {f"{each.layer_id}#{component.no}" for each in read_structures().values() for component in each.components}
    for structure in read_structures().values():
        said = [(structure.layer_id, structure.same_as)]
        said += [(f"{structure.layer_id}#{component.no}", component.same_as) for component in structure.components]
        for one, others in said:
            for other in known.intersection(others):
                found[one].add(other)
                found[other].add(one)
    return {one: frozenset(others) for one, others in found.items()}


def plan_of(item_id: str) -> str:
    """Return the plan that an item or a layer belongs to."""
    return item_id.partition("/")[0]


def reach(item_id: str, other: Mapping[str, Item]) -> dict[str, str]:
    """Return the items of the other side that an item is tied to, and the component between ("" for a direct tie)."""
    ties = read_ties()
    found = {item_id: ""} if item_id in other else {}
    found |= {each: "" for each in ties.get(item_id, ()) if each in other}
    if "#" not in item_id:
        return found
    for between in sorted(ties.get(item_id, ())):
        # One step further, within a plan: what a plan names twice is one thing there.
        for far in sorted(ties.get(between, ())):
            near = plan_of(between) in (plan_of(item_id), plan_of(far))
            if "#" in between and "#" in far and near and far in other and far != item_id:
                found.setdefault(far, between)
    return found
