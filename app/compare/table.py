"""The table under the maps of the page "compare": rows in words, filtered, a page at a time. The twin of both maps."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from app.compare.desk import row_key
from app.compare.state import KINDS, SHOWS, TABS
from app.compare.targets import TargetRow, compare_targets, describe_targets, searched_targets, target_years
from app.places.state import PAGE_ROWS
from app.places.table import pages_of
from app.swatches import component_swatch
from app.telling import about_place, plan_name, shorten_lines
from gazetteer import open_register
from gazetteer.naming import normalise
from layers.catalogue import find_plan
from layers.comparing import ItemRow, PlaceRow, name_place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.compare.desk import CompareDesk
    from app.compare.state import CompareState
    from app.library import Library
    from app.wording import Words
    from layers.comparing import Difference, Naming
    from layers.items import Item
    from layers.model import Extent

AnyRow = ItemRow | PlaceRow | TargetRow
_MOST_MEMBERS: Final = 8
_MOST_ITEMS: Final = 4
_CODES: Final = {"role": "roles.", "extent": "extents.", "status": "project.statuses."}


def filter_rows(desk: CompareDesk) -> tuple[list[AnyRow], dict[str, dict[str, int]]]:
    """Return the rows that the table shows, and the counts of each tab among what the search and the kind leave."""
    state, comparison = desk.state, desk.comparison
    rows: dict[str, list[AnyRow]] = {
        "items": [row for row in comparison.items if _of_kind(row, state.kind)],
        "places": list(comparison.places),
        "targets": list(compare_targets(comparison.left.plan, comparison.right.plan, state.year or None)),
    }
    if key := normalise(state.query):
        rows = {tab: [row for row in each if key in _searched(row)] for tab, each in rows.items()}
    counts = {tab: _count(each) for tab, each in rows.items()}
    return [row for row in rows[state.tab] if _is_shown(row, state.show)], counts


def _count(rows: Iterable[AnyRow]) -> dict[str, int]:
    """Return how many rows are ``both``, ``differs`` (among those), ``left`` and ``right``."""
    rows = tuple(rows)
    found = Counter(row.where for row in rows)
    differ = sum(row.where == "both" and row.differs for row in rows)
    return {"both": found["both"], "differs": differ, "left": found["left"], "right": found["right"]}


def _of_kind(row: ItemRow, kind: str) -> bool:
    return kind == KINDS[0] or any(bool(item.project) == (kind == "projects") for item in row.items)


def _is_shown(row: AnyRow, show: str) -> bool:
    if show == "differs":
        return row.where == "both" and row.differs
    return show in ("all", row.where)


def _searched(row: AnyRow) -> str:
    """Return what a search looks at: the names of the row, and of a component's members."""
    if isinstance(row, TargetRow):
        return normalise(searched_targets(row))
    if isinstance(row, PlaceRow):
        return normalise(f"{row.name} {name_place(row.key, lang='en')}")
    members = " ".join(part.name for item in row.items for part in item.parts)
    return normalise(" ".join(f"{item.name_zh} {item.name_en}" for item in row.items) + members)


def describe_table(desk: CompareDesk, library: Library, words: Words) -> dict[str, Any]:
    """Return what the template of the table shows."""
    state = desk.state
    rows, counts = filter_rows(desk)
    pages = pages_of(len(rows), state.page, words)
    shown = rows[pages["slice"]]
    of_tab = counts[state.tab] | {"all": sum(counts[state.tab][each] for each in ("both", "left", "right"))}
    return {
        "tab": state.tab,
        "tabs": [
            {"id": tab, "name": words(f"compare.tabs.{tab}"), "on": tab == state.tab,
             "count": f"{sum(counts[tab][each] for each in ('both', 'left', 'right')):,}"}
            for tab in TABS
        ],
        "shows": [
            {"id": show, "name": words(f"compare.shows.{show}"), "on": show == state.show, "count": f"{of_tab[show]:,}"}
            for show in SHOWS
        ],
        "kinds": [
            {"id": kind, "name": words(f"compare.kinds.{kind}"), "chosen": kind == state.kind} for kind in KINDS
        ],
        "query": state.query,
        "heads": [_head(side, words) for side in (desk.comparison.left, desk.comparison.right)],
        "pages": pages,
        "years": [
            {"id": each, "chosen": each == state.year}
            for each in target_years(desk.comparison.left.plan, desk.comparison.right.plan)
        ],
        "rows": [_describe_row(row, desk, library, words) for row in shown],
    }  # fmt: skip


def _describe_row(row: AnyRow, desk: CompareDesk, library: Library, words: Words) -> dict[str, Any]:
    if isinstance(row, TargetRow):
        return describe_targets(row, words)
    if isinstance(row, PlaceRow):
        return _describe_place(row, desk.state, words)
    return _describe_items(row, desk, library, words)


def _head(side: Any, words: Words) -> str:
    name = plan_name(find_plan(side.plan), words)
    if side.whole:
        return name
    structure = side.structures[0]
    return f"{name} · {structure.name_en if words.lang == 'en' else structure.name_zh}"


def _describe_items(row: ItemRow, desk: CompareDesk, library: Library, words: Words) -> dict[str, Any]:
    key = row_key(row)
    return {
        "id": key,
        "event": "row",
        "where": row.where,
        "where_name": words(f"compare.where.{row.where}"),
        "differs": row.where == "both" and row.differs,
        "chosen": key == desk.state.chosen,
        "cells": [None if item is None else _describe_item(item, library, words) for item in (row.left, row.right)],
        "differences": [_tell(each, words) | _translated(each, row, words) for each in row.differences],
        "through": _name_of(row.through, library, words) if row.through else "",
    }


def _translated(difference: Difference, row: ItemRow, words: Words) -> dict[str, str]:
    """Return what replaces printed Chinese in a page in English: names and sizes, whose English the items have."""
    if words.lang == "zh" or difference.field not in ("name", "size"):
        return {}
    said = (("left", row.left, difference.left), ("right", row.right, difference.right))
    return {
        side: words.pick(dataclasses.asdict(item), difference.field)
        for side, item, values in said
        if item is not None and values
    }


def _name_of(fid: str, library: Library, words: Words) -> str:
    component = library.components[fid]
    return f"{words.pick(component, 'name')}（{words.pick(library.cards[library.layer_of(fid)], 'name')}）"


def _describe_item(item: Item, library: Library, words: Words) -> dict[str, Any]:
    card = library.cards[item.layer]
    component = library.components.get(item.id)
    if component is None:
        about = [words("compare.whole_structure")]
    else:
        about = [words(f"roles.{component['role']}"), words(f"bases.{component['basis']}")]
    if item.status:
        about.append(words(f"project.statuses.{item.status}"))
    if item.area_km2:
        about.append(f"{item.area_km2:g} km²")
    if item.size_zh:
        about.append(words.pick(dataclasses.asdict(item), "size"))
    return {
        "name": item.name_en if words.lang == "en" and item.name_en else item.name_zh,
        "image": "" if component is None else component_swatch(component),
        "structure": words.pick(card, "name") if component is not None else "",
        "about": " · ".join(about),
        "lines": shorten_lines((component or card)["lines"], words),
        "members": _tell_members([(part.key, part.extent) for part in item.parts], words),
        "map": item.id,
    }


def _tell_members(parts: list[tuple[str, Extent]], words: Words) -> str:
    told = [
        f"{name_place(key, lang=words.lang)}{words('compare.extent', extent=words(f'extents.{extent}'))}"
        for key, extent in parts[:_MOST_MEMBERS]
    ]
    text = words("compare.comma").join(told)
    return text if len(parts) <= _MOST_MEMBERS else words("compare.and_more", text=text, n=len(parts))


def _tell(each: Difference, words: Words) -> dict[str, Any]:
    """Say a difference: its name, what either side says, and whether only one side says anything."""
    name = words(f"compare.fields.{each.field}")
    if each.key:
        name = f"{name} · {name_place(each.key, lang=words.lang)}"
    return {
        "name": name,
        "left": _values(each, each.left, words),
        "right": _values(each, each.right, words),
        "bare": not (each.left or each.right),
        "one_sided": each.one_sided,
    }


def _values(difference: Difference, values: Iterable[str], words: Words) -> str:
    values = tuple(values)
    if difference.field in _CODES:
        told = [words(_CODES[difference.field] + value) for value in values]
    elif difference.field == "members":
        told = [name_place(value, lang=words.lang) for value in values[:_MOST_MEMBERS]]
    elif difference.field == "area":
        told = [f"{value} km²" for value in values]
    else:
        told = list(values)
    text = words("compare.comma").join(told)
    return words("compare.and_more", text=text, n=len(values)) if len(told) < len(values) else text


def _describe_place(row: PlaceRow, state: CompareState, words: Words) -> dict[str, Any]:
    place = open_register().places.get(row.key)
    return {
        "id": row.key,
        "event": "place",
        "where": row.where,
        "where_name": words(f"compare.where.{row.where}"),
        "differs": row.where == "both" and row.differs,
        "chosen": row.key == state.place,
        "name": name_place(row.key, lang=words.lang),
        "about": "" if place is None else about_place(place, words),
        "located": place is not None and place.located,
        "cells": [None if each is None else _describe_naming(each, words) for each in (row.left, row.right)],
        "differences": [_tell(each, words) for each in row.differences],
        "through": "",
    }


def _describe_naming(naming: Naming, words: Words) -> dict[str, Any]:
    members = [
        {
            "name": item.name_en if words.lang == "en" and item.name_en else item.name_zh,
            "extent": words("compare.extent", extent=words(f"extents.{extent}")),
            "id": item.id,
        }
        for item, extent in naming.items[:_MOST_ITEMS]
    ]
    mentions = "" if naming.mentions is None else words("compare.mentions", n=naming.mentions)
    if naming.mentions == 0:
        mentions = words("compare.not_in_text")
    rest = len(naming.items) - len(members)
    return {"mentions": mentions, "members": members, "rest": words("compare.rest", n=rest) if rest else ""}


def page_of(desk: CompareDesk) -> int | None:
    """Return the page that the chosen row stands on, or None if it is not among the rows shown."""
    rows, _ = filter_rows(desk)
    keys = [row_key(row) if isinstance(row, ItemRow) else row.key for row in rows]
    wanted = desk.state.chosen or desk.state.place
    return keys.index(wanted) // PAGE_ROWS if wanted in keys else None
