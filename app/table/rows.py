"""The twin of the map: all that it shows as rows, components of the layers that are on and things of the base map."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any, Final

from app.address import GROUPS
from app.telling import place_name, plan_name, single_credits, tell_where
from gazetteer import open_register
from layers.catalogue import find_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.address import State
    from app.library import Card, Library
    from app.wording import Words
    from gazetteer import Place

SORTS: Final = ("listed", "name", "layer", "role", "basis", "accuracy", "area")
"""What the table may be sorted by; ``listed`` is the order of the layers as they were switched on."""
_BASES: Final = ("official", "derived", "indicative", "schematic", "unlocated")
_OF_GROUP: Final = {
    "water": ("lakes", "rivers"),
    "counties": ("counties",),
    "towns": ("towns",),
    "rail": ("rail", "rail_stations"),
    "metro": ("metro", "metro_stations"),
    "roads": ("roads",),
}
"""Tables of the base data that a group of the base map draws."""
_ADMINISTRATIVE: Final = ("counties", "towns")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Row:
    """A thing on the map.

    Attributes
    ----------
    id
        Id of a component, or of a place of the base map.
    event
        What opens its card: ``select`` or ``place``.
    layer
        Name of the layer or of the group of the base map; `plan` is the plan's name, or "".
    members
        Names with their extent, in words.
    stated_km2, drawn_km2
        None where nothing is stated, or no area may be measured.
    where
        Chapter and lines in the plan's text, or the source of a thing of the base map.
    """

    id: str
    event: str
    name: str
    second: str
    layer: str
    plan: str
    role: str
    basis: str
    basis_name: str
    accuracy_m: float | None
    members: tuple[str, ...]
    stated_km2: float | None
    drawn_km2: float | None
    where: str
    record: Card | None
    """The component's card, for its swatch; None of the base map."""


def list_components(state: State, library: Library, words: Words) -> list[Row]:
    """Return a row for each component of the layers that are on, drawn or not."""
    return [
        _component(component, library.cards[layer], words)
        for layer in state.layers
        for component in library.cards[layer]["components"]
    ]


def _component(component: Card, card: Card, words: Words) -> Row:
    members = tuple(
        f"{words.pick({'name_zh': member['name'], 'name_en': member['name_en']}, 'name')}"
        f"{words('table.extent', extent=words('extents.' + member['extent']))}"
        for member in component["members"]
    )
    chapter = words.pick(component["project"] or card, "chapter")
    return Row(
        id=component["fid"],
        event="select",
        name=words.pick(component, "name"),
        second=component["name_zh"] if words.lang == "en" else component["name_en"],
        layer=words.pick(card, "name"),
        plan=plan_name(find_plan(card["plan"]), words),
        role=words(f"roles.{component['role']}"),
        basis=component["basis"],
        basis_name=words(f"bases.{component['basis']}"),
        accuracy_m=component["accuracy_m"],
        members=members,
        stated_km2=component["stated_km2"],
        drawn_km2=component["drawn_km2"],
        where=tell_where(chapter, component["lines"], words),
        record=component,
    )


def list_base(state: State, words: Words) -> list[Row]:
    """Return a row for each named thing of the groups of the base map that are on."""
    shown = [each for each in GROUPS if each in state.groups and (state.boundaries or each not in _ADMINISTRATIVE)]
    by_table = {table: group for group in shown for table in _OF_GROUP[group]}
    found = [
        (by_table[table], place)
        for place in open_register().places.values()
        if (table := place.geometry.partition("/")[0]) in by_table
    ]
    found.sort(key=lambda each: (GROUPS.index(each[0]), each[1].category, each[1].pinyin))
    return [_base(group, place, words) for group, place in found]


def _base(group: str, place: Place, words: Words) -> Row:
    parent = open_register().places.get(place.parent)
    return Row(
        id=place.id,
        event="place",
        name=place_name(place, words),
        second=place.name_zh if words.lang == "en" else place.name_en,
        layer=words(f"base_{group}"),
        plan="",
        role=words(f"categories.{place.category}"),
        basis=place.basis,
        basis_name=words(f"bases.{place.basis}"),
        accuracy_m=place.accuracy_m,
        members=(place_name(parent, words),) if parent is not None else (),
        stated_km2=None,
        drawn_km2=None,
        where=single_credits(place.source),
        record=None,
    )


def sort_rows(rows: Sequence[Row], sort: str) -> list[Row]:
    """Sort rows by one of `SORTS`, turned round with "-" before it."""
    keys: dict[str, Callable[[Row], Any]] = {
        "name": lambda row: row.name,
        "layer": lambda row: (row.plan, row.layer),
        "role": lambda row: row.role,
        "basis": lambda row: _BASES.index(row.basis),
        "accuracy": lambda row: inf if row.accuracy_m is None else row.accuracy_m,
        "area": lambda row: row.stated_km2 or row.drawn_km2 or 0.0,
    }
    key = keys.get(sort.removeprefix("-"))
    turned = sort.startswith("-")
    return list(rows)[:: -1 if turned else 1] if key is None else sorted(rows, key=key, reverse=turned)
