"""The bureau's own layers: imported features that no plan and no place of the register is meant by, as they came."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from geodata import workspace
from layers.model import Component, Plan, Rule, Structure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geodata.workspace import Feature, Import
    from layers.model import Kind, Role

OWN_PLAN: Final = Plan(
    id="own",
    title_zh="本单位图层",
    title_en="The bureau's own layers",
    short_zh="本单位图层",
    short_en="Own layers",
    tag_zh="自有",
    tag_en="Own",
    date="",
    period=(0, 0),
    order=1000,
    headline="",
)
"""Stands for the plan of layers that are of no plan."""
_NAMELESS: Final = ("（未命名）", "(without a name)")
_SURFACES: Final = (3, 6)
_LINES: Final = (2, 5)
_FORMS: Final[dict[str, tuple[Role, Kind]]] = {
    "surface": ("zone", "zone-set"), "line": ("line", "network"), "point": ("site", "node-list"),
}  # fmt: skip


@workspace.kept_until_change
@cache
def read_own_structures() -> tuple[Structure, ...]:
    """Return a structure for each active import that has features of its own, in the order of imports.

    Features of one name are one component; of several without a name only the first has its fields told.
    """
    if not workspace.stamp():
        return ()
    return tuple(_structure(record, features) for record, features in workspace.read_own())


def _structure(record: Import, features: Iterable[Feature]) -> Structure:
    name = record.title or record.file_name.rpartition(".")[0] or record.file_name
    by_name: dict[tuple[str, str], list[Feature]] = {}
    for feature in features:
        by_name.setdefault((feature.name_zh, _form(feature.geometry)), []).append(feature)
    components = tuple(_component(number, parts) for number, parts in enumerate(by_name.values(), start=1))
    most = max(_FORMS, key=lambda form: sum(component.role == _FORMS[form][0] for component in components))
    return Structure(
        id=record.source, plan=OWN_PLAN.id, name_zh=name, name_en=name, kind=_FORMS[most][1], importance=1,
        chapter=record.owner or record.file_name, lines=(), components=components, order=record.id,
        valid_on=record.date,
    )  # fmt: skip


def _component(number: int, parts: list[Feature]) -> Component:
    first = parts[0]
    name = first.name_zh
    params: dict[str, Any] = {"of": [f"{workspace.records.OWN}/{each.target}" for each in parts]}
    if fields := json.loads(first.attributes):
        params["fields"] = fields
    return Component(
        no=number, name_zh=name or _NAMELESS[0], name_en=name or _NAMELESS[1], role=_FORMS[_form(first.geometry)][0],
        lines=(), rule=Rule(form="own", params=params),
    )  # fmt: skip


def _form(head: bytes) -> str:
    """Tell surfaces, lines and points apart by the first bytes of their well-known binary."""
    code = int.from_bytes(head[1:5], "little" if head[0] else "big") % 1000
    return "surface" if code in _SURFACES else "line" if code in _LINES else "point"
