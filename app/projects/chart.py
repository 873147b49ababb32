"""The chart of projects by status: a bar a status, in pieces by theme or by plan; the numbers stand beside it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from app.projects.state import STACKS, STATUSES
from app.projects.themes import read_looks
from app.telling import plan_name
from layers.catalogue import read_plans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.projects.list import Entry
    from app.projects.state import ProjectsState
    from app.wording import Words

_PLAN_LOOKS: Final = (
    ("solid", "#054E84", "#C9DEEE"), ("lines", "#8A4B12", "#F6DDAE"), ("dots", "#1F6B5C", "#CFE8DE"),
    ("cross", "#722B52", "#EBD0DC"), ("back", "#39424E", "#E1E4E8"),
)  # fmt: skip
"""Pattern, ink and tint of a piece, by the order of the plans; a sixth plan begins anew."""
_LEAST_LABEL: Final = 4.0
"""Per cent of the width from which a piece holds its number."""


def describe_chart(shown: Sequence[Entry], state: ProjectsState, words: Words) -> dict[str, Any]:
    """Return what the template of the chart shows: what each plan says of a project counts as one."""
    counts: dict[str, Counter[str]] = {status: Counter() for status in STATUSES}
    for entry in shown:
        for said in entry.told_by(state.plan):
            if said.status not in state.unshown:
                counts[said.status][entry.theme if state.stack == "theme" else said.plan] += 1
    pieces = _pieces(state, words)
    totals = {status: found.total() for status, found in counts.items()}
    most = max(totals.values(), default=0) or 1
    return {
        "stack": state.stack,
        "stacks": [
            {"id": each, "name": words(f"projects.stacks.{each}"), "on": each == state.stack} for each in STACKS
        ],
        "pieces": [each for each in pieces if any(found[each["id"]] for found in counts.values())],
        "rows": [
            {
                "id": status,
                "name": words(f"project.statuses.{status}"),
                "total": totals[status],
                "bars": _bars(found, pieces, most),
                "numbers": [found[each["id"]] for each in pieces if any(c[each["id"]] for c in counts.values())],
            }
            for status, found in counts.items()
            if status not in state.unshown
        ],
        "total": sum(totals.values()),
        "projects": len(shown),
    }


def _pieces(state: ProjectsState, words: Words) -> list[dict[str, str]]:
    """Return what the bars are made of, each with its look."""
    if state.stack == "theme":
        return [
            {"id": look.id, "name": words(f"projects.themes.{look.id}"), "pattern": look.pattern, "ink": look.ink,
             "tint": look.tint}
            for look in read_looks().values()
        ]  # fmt: skip
    looks = [_PLAN_LOOKS[number % len(_PLAN_LOOKS)] for number in range(len(read_plans()))]
    return [
        {"id": plan.id, "name": plan_name(plan, words), "pattern": pattern, "ink": ink, "tint": tint}
        for plan, (pattern, ink, tint) in zip(read_plans().values(), looks, strict=True)
    ]


def _bars(found: Counter[str], pieces: list[dict[str, str]], most: int) -> list[dict[str, Any]]:
    """Return the pieces of a bar: where each begins and how wide it is, per cent of the longest bar."""
    bars, start = [], 0.0
    for piece in pieces:
        width = 100.0 * found[piece["id"]] / most
        if width:
            bars.append(
                {"id": piece["id"], "name": piece["name"], "x": round(start, 2), "width": round(width, 2),
                 "count": found[piece["id"]], "middle": round(start + width / 2, 2), "labelled": width >= _LEAST_LABEL}
            )  # fmt: skip
        start += width
    return bars
