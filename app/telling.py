"""How names, lines and accuracies are told on every page, in its language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gazetteer import open_register
from geodata.numbers import write_kilometres

if TYPE_CHECKING:
    from app.wording import Words
    from gazetteer import Place
    from layers.model import Plan

_KM: Final = 1000.0
_MOST_RUNS: Final = 4


def plan_name(plan: Plan, words: Words) -> str:
    """Return a plan's short name in the language of the page."""
    return plan.short_en if words.lang == "en" else plan.short_zh


def plan_tag(plan: Plan, words: Words) -> str:
    """Return a plan's name in a few characters, for a narrow column."""
    return (plan.tag_en if words.lang == "en" else plan.tag_zh) or plan_name(plan, words)


def place_name(place: Place, words: Words) -> str:
    """Return a place's name in the language of the page."""
    return place.name_en if words.lang == "en" and place.name_en else place.name_zh


def about_place(place: Place, words: Words) -> str:
    """Return a place's category and what it belongs to, in a few words."""
    parent = open_register().places.get(place.parent)
    kind = words(f"categories.{place.category}")
    return f"{kind} · {place_name(parent, words)}" if parent is not None else kind


def accuracy_text(metres: float | None, words: Words) -> str:
    """Say an accuracy in plain words."""
    if metres is None:
        return words("accuracy_none")
    if metres < _KM:
        return words("accuracy_m", m=f"{metres:.0f}")
    return words("accuracy_km", km=write_kilometres(metres))


def tell_where(chapter: str, lines: str, words: Words) -> str:
    """Say where a plan has something: chapter and lines; what is of no plan has no lines."""
    return f"{chapter} · {tell_lines(lines, words)}" if lines else chapter


def tell_lines(lines: str, words: Words) -> str:
    """Say line numbers (``216, 225–230``) in words."""
    return words("line" if lines.isdigit() else "lines", lines=lines)


def shorten_lines(lines: str, words: Words) -> str:
    """Say line numbers, a long list as its first one, its last one and how many."""
    runs = [run.split("–") for run in lines.split(", ")]
    if len(runs) <= _MOST_RUNS:
        return tell_lines(lines, words)
    count = sum(int(run[-1]) - int(run[0]) + 1 for run in runs)
    return words("lines_many", first=runs[0][0], last=runs[-1][-1], n=count)


def single_credits(text: str) -> str:
    """Say each credit of a semicolon-separated list once, in order."""
    return "; ".join(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))
