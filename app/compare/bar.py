"""What stands around the maps of the page "compare": the choice of both sides, and pairs to start from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.compare.state import MODES
from app.telling import plan_name
from layers.catalogue import find_plan, read_plans, read_structures
from layers.comparing import find_side
from layers.pairing import list_pairs

if TYPE_CHECKING:
    from app.address import State
    from app.compare.desk import CompareDesk
    from app.wording import Words
    from layers.comparing import Side
    from layers.model import Structure
    from layers.pairing import Pair

_GROUPS: Final = ("city", "period", "tied")
_FIRST: Final = 8
"""Pairs of a group that are shown before the rest is unfolded."""
_TIERS: Final = ("1", "2", "3", "projects")


def side_name(side: Side, words: Words) -> str:
    """Return the name of a side: the plan's, or the structure's."""
    if side.whole:
        return plan_name(find_plan(side.plan), words)
    return structure_name(side.structures[0], words)


def structure_name(structure: Structure, words: Words) -> str:
    """Return a structure's name in the language of the page."""
    return structure.name_en if words.lang == "en" else structure.name_zh


def describe_bar(desk: CompareDesk, words: Words) -> dict[str, Any]:
    """Return what the bar over the maps shows: the way of comparing, and plan and structure of both sides."""
    comparison = desk.comparison
    return {
        "mode": desk.state.mode,
        "modes": [
            {"id": each, "name": words(f"compare.modes.{each}"), "on": each == desk.state.mode} for each in MODES
        ],
        "sides": [
            {
                "id": which,
                "name": words(f"compare.{which}"),
                "plans": [
                    {"id": plan.id, "name": plan_name(plan, words), "chosen": plan.id == side.plan}
                    for plan in read_plans().values()
                ],
                "whole": side.whole,
                "tiers": _tiers(side, words),
            }
            for which, side in (("left", comparison.left), ("right", comparison.right))
        ],
        "pairs": describe_pairs(desk, words),
    }


def _tiers(side: Side, words: Words) -> list[dict[str, Any]]:
    """Return the structures of a side's plan by importance, as groups of options."""
    own = [each for each in read_structures().values() if each.plan == side.plan]
    groups = []
    for tier in _TIERS:
        options = [each for each in own if _tier_of(each) == tier]
        if options:
            groups.append(
                {
                    "name": words(f"compare.tiers.{tier}"),
                    "options": [
                        {"id": each.layer_id, "name": structure_name(each, words), "chosen": each.layer_id == side.id}
                        for each in options
                    ],
                }
            )
    return groups


def _tier_of(structure: Structure) -> str:
    return "projects" if structure.kind == "projects" else str(structure.importance)


def describe_pairs(desk: CompareDesk, words: Words) -> list[dict[str, Any]]:
    """Return the pairs to start from, by group."""
    found = []
    for group in _GROUPS:
        pairs = [_describe_pair(pair, desk, words) for pair in list_pairs() if pair.group == group]
        first = [pair for i, pair in enumerate(pairs) if i < _FIRST or pair["chosen"]]
        found.append(
            {
                "name": words(f"compare.groups.{group}"),
                "pairs": first,
                "more": [pair for pair in pairs if pair not in first],
            }
        )
    return found


def _describe_pair(pair: Pair, desk: CompareDesk, words: Words) -> dict[str, Any]:
    left, right = find_side(pair.left), find_side(pair.right)
    plans = " – ".join(plan_name(find_plan(side.plan), words) for side in (left, right))
    return {
        "id": f"{pair.left}~{pair.right}",
        "left": side_name(left, words),
        "right": side_name(right, words),
        "plans": "" if left.whole else plans,
        "chosen": {pair.left, pair.right} == {desk.state.left, desk.state.right},
    }


def describe_compare_panel(desk: CompareDesk, state: State, words: Words) -> dict[str, Any]:
    """Return what the sidebar shows."""
    return {"pairs": describe_pairs(desk, words), "state": state}
