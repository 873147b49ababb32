"""A comparison as files: JSON for programs, CSV for spreadsheets, lines for the terminal."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

from gazetteer.batch import guard_cell
from layers.comparing import PlaceRow, name_place
from layers.lines import describe_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from layers.comparing import Comparison, Difference, ItemRow, Naming, Row, Side
    from layers.items import Item

_SIDES: Final = ("left", "right")
_OF_A_SIDE: Final = (
    "id", "name_zh", "name_en", "role", "members", "status", "size", "area_km2", "direction", "lines", "mentions",
)  # fmt: skip
FIELDS: Final = (
    "kind", "where", "place_id", "name", "name_en", *(f"{side}_{each}" for side in _SIDES for each in _OF_A_SIDE),
    "differs", "differences", "through",
)  # fmt: skip
"""Columns of the CSV form. Of a place, ``<side>_members`` reads ``<component> (<extent>)``, for each it is in."""


def describe_comparison(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as plain values: ``left, right, counts, components, places``."""
    return {
        "left": _describe_side(comparison.left),
        "right": _describe_side(comparison.right),
        "counts": {"components": dict(comparison.counts["items"]), "places": dict(comparison.counts["places"])},
        "components": [_describe_item_row(row) for row in comparison.items],
        "places": [_describe_place_row(row) for row in comparison.places],
    }


def _describe_side(side: Side) -> dict[str, Any]:
    structures = side.structures
    return {
        "id": side.id, "plan": side.plan, "structures": len(structures),
        "components": sum(len(structure.components) for structure in structures),
    }  # fmt: skip


def _describe_item_row(row: ItemRow) -> dict[str, Any]:
    return {
        "where": row.where,
        "left": None if row.left is None else _describe_item(row.left),
        "right": None if row.right is None else _describe_item(row.right),
        "differs": row.differs,
        "differences": [_describe_difference(each) for each in row.differences],
        "through": row.through,
    }


def _describe_item(item: Item) -> dict[str, Any]:
    return {
        "id": item.id, "layer": item.layer, "name_zh": item.name_zh, "name_en": item.name_en, "role": item.role,
        "members": [{"place_id": part.key if part.key != part.name else None, "name": part.name, "extent": part.extent}
                    for part in item.parts],
        "status": item.status, "size": item.size_zh, "stated_area_km2": item.area_km2, "direction": item.direction,
        "lines": describe_lines(item.lines),
    }  # fmt: skip


def _describe_place_row(row: PlaceRow) -> dict[str, Any]:
    return {
        "where": row.where, "place_id": row.key if row.key != row.name else None, "name": row.name,
        "name_en": name_place(row.key, lang="en"), "left": _describe_naming(row.left),
        "right": _describe_naming(row.right), "differs": row.differs,
        "differences": [_describe_difference(each) for each in row.differences],
    }  # fmt: skip


def _describe_naming(naming: Naming | None) -> dict[str, Any] | None:
    if naming is None:
        return None
    members = [{"id": item.id, "name_zh": item.name_zh, "extent": extent} for item, extent in naming.items]
    return {"mentions": naming.mentions, "member_of": members}


def _describe_difference(each: Difference) -> dict[str, Any]:
    return {
        "field": each.field, "member": each.key, "left": list(each.left), "right": list(each.right),
        "one_sided": each.one_sided,
    }  # fmt: skip


def tell_difference(each: Difference) -> str:
    """Say a difference in one phrase of codes and names, as the terminal and the CSV form show it."""
    left, right = (", ".join(_name(value, each) for value in values) or "–" for values in (each.left, each.right))
    subject = f"{each.field} {name_place(each.key)}" if each.key else each.field
    return subject if not (each.left or each.right) else f"{subject}: {left} | {right}"


def _name(value: str, difference: Difference) -> str:
    return name_place(value) if difference.field == "members" else value


def to_csv(rows: Iterable[Row]) -> str:
    """Return rows as a table with a byte order mark, so that spreadsheets read it as UTF-8; formulas are guarded."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, FIELDS, lineterminator="\n", restval="")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: guard_cell(value) for name, value in _cells(row).items()})
    return "\ufeff" + stream.getvalue()


def _cells(row: Row) -> dict[str, Any]:
    cells: dict[str, Any] = {"where": row.where, "differs": "yes" if row.differs else ""}
    cells["differences"] = "; ".join(tell_difference(each) for each in row.differences)
    if isinstance(row, PlaceRow):
        known = row.key != row.name
        cells |= {"kind": "place", "place_id": row.key if known else "", "name": row.name}
        cells["name_en"] = name_place(row.key, lang="en")
        for side, naming in zip(_SIDES, (row.left, row.right), strict=True):
            if naming is not None:
                cells |= {f"{side}_id": ";".join(item.id for item, _ in naming.items)}
                cells |= {f"{side}_role": ";".join(naming.roles), f"{side}_mentions": naming.mentions}
                cells[f"{side}_members"] = "; ".join(f"{item.name_zh} ({extent})" for item, extent in naming.items)
        return cells
    first = row.items[0]
    cells |= {"kind": "component" if first.role else "structure", "through": row.through}
    cells |= {"name": first.name_zh, "name_en": first.name_en}
    for side, item in zip(_SIDES, (row.left, row.right), strict=True):
        if item is not None:
            values = (
                item.id, item.name_zh, item.name_en, item.role or "",
                "; ".join(f"{part.name} ({part.extent})" for part in item.parts), item.status or "", item.size_zh,
                item.area_km2, item.direction or "", describe_lines(item.lines), None,
            )  # fmt: skip
            cells |= {f"{side}_{name}": value for name, value in zip(_OF_A_SIDE, values, strict=True)}
    return cells


def tell_comparison(comparison: Comparison) -> Iterator[str]:
    """Yield a comparison as lines for the terminal: the counts, then what both name, then what only one does."""
    yield f"left:  {comparison.left.id}"
    yield f"right: {comparison.right.id}"
    for name, key in (("components", "items"), ("places", "places")):
        counts = comparison.counts[key]
        yield (
            f"{name}: {counts['both']} in both ({counts['differs']} differ), "
            f"{counts['left']} only left, {counts['right']} only right"
        )
    for row in comparison.items:
        yield f"component {row.where:5}  {' = '.join(f'{item.name_zh} [{item.id}]' for item in row.items)}"
        yield from (
            f"      {'(one side) ' if each.one_sided else ''}{tell_difference(each)}" for each in row.differences
        )
    for place in comparison.places:
        counts_told = [
            f"{side} {naming.mentions}" for side, naming in zip(_SIDES, (place.left, place.right), strict=True)
            if naming is not None and naming.mentions
        ]  # fmt: skip
        yield f"place     {place.where:5}  {place.name}  {', '.join(counts_told)}".rstrip()
        yield from (f"      {tell_difference(each)}" for each in place.differences)
