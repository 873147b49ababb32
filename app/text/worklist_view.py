"""What the worklist's template shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.telling import about_place, accuracy_text, place_name
from app.text.card import context
from app.text.families import families_by_category, read_families
from app.text.worklist import ACCURACIES
from gazetteer import open_register

if TYPE_CHECKING:
    from app.text.desk import Desk
    from app.text.worklist import Doubt
    from app.wording import Words
    from gazetteer.patching import Decision

_MOST_CONTEXTS: Final = 4
_MOST_GROUPS: Final = 300


def describe_worklist(desk: Desk, words: Words) -> dict[str, Any]:
    """Return what the template shows."""
    document, work = desk.document, desk.work
    assert document is not None
    doubts = work.doubts(document.mentions)
    return {
        "groups": [_describe(doubt, desk, words) for doubt in doubts[:_MOST_GROUPS]],
        "left": count_left(desk),
        "decided": len(work.decisions),
        "hidden": max(0, len(doubts) - _MOST_GROUPS),
        "who": work.who,
    }


def count_left(desk: Desk) -> int:
    """Return how many names are still in doubt."""
    document, work = desk.document, desk.work
    if document is None:
        return 0
    return sum(doubt.surface not in work.decisions for doubt in work.doubts(document.mentions))


def _describe(doubt: Doubt, desk: Desk, words: Words) -> dict[str, Any]:
    document, work = desk.document, desk.work
    assert document is not None
    first = doubt.mentions[0]
    decision = work.decisions.get(doubt.surface)
    group: dict[str, Any] = {
        "surface": doubt.surface,
        "family": families_by_category()[first.category].id,
        "category": first.category,
        "count": len(doubt.mentions),
        "kind": words("work.unresolved" if doubt.unresolved else "work.doubtful", name=first.name),
        "decision": "" if decision is None else _tell(decision, words),
        "open": doubt.surface == work.open and decision is None,
    }
    if group["open"]:
        group |= {
            "contexts": [
                {"at": f"{each.line}:{each.start}", "line": each.line} | context(document.lines[each.line - 1], each)
                for each in doubt.mentions[:_MOST_CONTEXTS]
            ],
            "candidates": [
                {"id": place.id, "name": place_name(place, words), "about": about_place(place, words),
                 "located": place.located}
                for place in work.candidates(doubt, document)
            ],
            "text": work.text,
            "pin": _describe_pin(desk, words),
        }  # fmt: skip
    return group


def _describe_pin(desk: Desk, words: Words) -> dict[str, Any] | None:
    pin = desk.work.pinned
    if pin is None:
        return None
    return {
        "name": pin.name,
        "point": "" if pin.lon is None else f"{pin.lon:.5f}°E, {pin.lat:.5f}°N (WGS 84)",
        "categories": [
            {"id": each, "name": words(f"categories.{each}"), "chosen": each == pin.category}
            for family in read_families().values()
            for each in family.categories
        ],
        "accuracies": [
            {"m": each, "name": accuracy_text(float(each), words), "chosen": each == pin.accuracy_m}
            for each in ACCURACIES
        ],
    }


def _tell(decision: Decision, words: Words) -> str:
    if decision.action == "exception":
        return words("work.is_no_place")
    if decision.action == "place":
        return words("work.is_new", name=decision.name)
    return words("work.is_place", name=place_name(open_register().places[decision.place_id], words))
