"""The passage of a plan that a structure rests on, read from the reader's own file: never from the project."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from app.library import expand_lines
from app.text.files import list_files, read_plan_file
from gazetteer.reading import UnreadableTextError
from layers.catalogue import find_plan

if TYPE_CHECKING:
    from app.library import Card
    from app.text.document import Document

_MOST_LINES: Final = 5
_LONGEST: Final = 360
"""Characters of a line; the rest is read on the page "plan text"."""


def describe_passage(component: Card, plan_id: str, *, document: Document | None) -> dict[str, Any] | None:
    """Return the lines of a plan that a component names, or None where the plan's file is not at hand.

    Parameters
    ----------
    document
        The text that the reader has open, which may be the plan.
    """
    lines = _lines_of(plan_id, document)
    numbers = [number for number in expand_lines(component["lines"]) if 1 <= number <= len(lines or ())]
    if lines is None or not numbers:
        return None
    told = [
        {"line": number, "text": text[:_LONGEST], "cut": len(text) > _LONGEST}
        for number in numbers
        if (text := lines[number - 1].strip())
    ]
    return {"lines": told[:_MOST_LINES], "more": max(0, len(told) - _MOST_LINES), "first": numbers[0], "plan": plan_id}


def _lines_of(plan_id: str, document: Document | None) -> list[str] | tuple[str, ...] | None:
    if document is not None and document.plan == plan_id and document.is_plans_own:
        return document.lines
    name = find_plan(plan_id).file_name
    if not name or name not in list_files():
        return None
    try:
        return _split(read_plan_file(name))
    except (OSError, UnreadableTextError):
        return None


@lru_cache(maxsize=8)
def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n"))
