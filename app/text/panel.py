"""The sidebar of the page "plan text": which text, which plan, filters with counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.telling import plan_name
from app.text.document import NO_PLAN
from app.text.families import family_swatch, read_families
from app.text.marks import count
from app.text.state import RESOLUTIONS
from layers.catalogue import read_plans

if TYPE_CHECKING:
    from app.text.desk import Desk
    from app.wording import Words

_LONGEST_TITLE: Final = 24


def describe_text_panel(desk: Desk, words: Words) -> dict[str, Any]:
    """Return what the sidebar's template shows."""
    document = desk.document
    if document is None:
        return {"document": None}
    counts = count(desk.mentions, desk.state, document)
    state = desk.state
    known = read_plans().get(document.plan or "")
    found = words("text.no_plan") if known is None else plan_name(known, words)
    plans = [
        {"id": "", "name": words("text.as_found", name=found) if not state.plan else words("text.as_auto")},
        *({"id": plan.id, "name": plan_name(plan, words)} for plan in read_plans().values()),
        {"id": NO_PLAN, "name": words("text.no_plan")},
    ]
    return {
        "document": document_name(desk, words),
        "facts": words("text.facts", chars=f"{len(document.text):,}", lines=f"{len(document.lines):,}"),
        "plans": [plan | {"chosen": plan["id"] == state.plan} for plan in plans],
        "families": [
            {
                "id": family.id,
                "name": words(f"text.families.{family.id}"),
                "image": family_swatch(family.id),
                "on": any(each not in state.hidden for each in family.categories),
                "part": any(each in state.hidden for each in family.categories),
                "count": sum(counts.categories[each] for each in family.categories),
                "categories": [
                    {"id": each, "name": words(f"categories.{each}"), "on": each not in state.hidden,
                     "count": counts.categories[each]}
                    for each in family.categories
                    if counts.categories[each] or each in state.hidden
                ],
            }
            for family in read_families().values()
        ],
        "resolutions": [
            {"id": each, "name": words(f"text.resolutions.{each}"), "hint": words(f"text.resolution_hints.{each}"),
             "on": each not in state.unshown, "count": counts.resolutions[each]}
            for each in RESOLUTIONS
        ],
        "chapters": [
            {"line": chapter.line, "level": chapter.level, "chosen": chapter.line == state.chapter,
             "title": shorten(chapter.title, _LONGEST_TITLE), "count": counts.chapters[chapter.line]}
            for chapter in document.chapters
        ],
        "filtered": bool(state.hidden or state.unshown or state.chapter),
    }  # fmt: skip


def shorten(text: str, longest: int) -> str:
    """Cut a text that is too long."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def document_name(desk: Desk, words: Words) -> str:
    """Return how a text is called: its plan's name where it is the plan's own file, its file name, or "pasted"."""
    document = desk.document
    if document is None:
        return ""
    if document.is_plans_own and document.plan is not None:
        return plan_name(read_plans()[document.plan], words)
    return document.name or words("text.pasted")
