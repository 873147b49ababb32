"""The part of the card that tells of a project: its status and size in one plan, and what the other plans say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.telling import plan_name
from layers.catalogue import read_plans

if TYPE_CHECKING:
    from app.library import Card
    from app.wording import Words


def describe_project(project: dict[str, Any], words: Words) -> dict[str, Any]:
    """Return what the card's template shows of a project.

    Returns
    -------
    dict
        ``facts`` (name and text), ``note``, and ``others``: what each other plan says, with the words for how it
        differs (empty where it does not).
    """
    facts = [(words("project.status"), tell_status(project, words))]
    if project["size_zh"]:
        facts.append((words("project.size"), words.pick(project, "size")))
    return {
        "facts": facts,
        "note": words.pick(project, "note"),
        "others": [_describe_other(other, words) for other in project["others"]],
    }


def tell_status(said: Card, words: Words) -> str:
    """Say a status in the closed word, with the plan's own behind it: ``在建（规划用词：续建）``."""
    closed = words(f"project.statuses.{said['status']}")
    return words("project.status_word", status=closed, word=said["status_zh"]) if said["status_zh"] else closed


def _describe_other(other: Card, words: Words) -> dict[str, str]:
    differs = [words(f"project.differs.{each}") for each in other["differs"]]
    text = ("、" if words.lang == "zh" else ", ").join(differs)
    return {
        "fid": other["fid"],
        "plan": plan_name(read_plans()[other["plan"]], words),
        "name": words.pick(other, "name") if "name" in other["differs"] else "",
        "status": tell_status(other, words),
        "size": words.pick(other, "size"),
        "differs": words("project.differs_in", what=text) if differs else "",
    }
