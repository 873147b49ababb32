"""The sidebar of the page "what applies here": the question, how far around, and what is shown of the answer."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from app.here.desk import SKETCHES, looks_like_numbers
from app.here.state import CERTAINTIES, DISTANCES
from app.telling import about_place, place_name, plan_name
from gazetteer.geocoding import geocode, suggest
from geodata.coordinates import SYSTEMS, CoordinateError, parse_position
from layers.catalogue import read_collections
from layers.reading import group_hits, tell_length

if TYPE_CHECKING:
    from app.here.desk import HereDesk
    from app.library import Library
    from app.wording import Words
    from gazetteer import Place

_MOST_PLACES: Final = 6


def find_places(text: str) -> list[Place]:
    """Return the places that a text may mean, best first."""
    answer = geocode(text)
    exact = [] if answer.best is None else [answer.best.place, *(each.place for each in answer.alternatives)]
    found = {place.id: place for place in (*exact, *suggest(text, limit=_MOST_PLACES))}
    return list(found.values())[:_MOST_PLACES]


def describe_here_panel(desk: HereDesk, library: Library, words: Words) -> dict[str, Any]:
    """Return what the sidebar's template shows."""
    state = desk.state
    findings = group_hits(desk.answer_question(library.index).hits)
    by_plan = {plan: len(found) for plan, found in findings.items()}
    by_certainty = Counter(each.best.certainty for found in findings.values() for each in found)
    return {
        "text": desk.text,
        "results": _suggest(desk, words),
        "trouble": "" if desk.trouble is None else words(desk.trouble[0], **desk.trouble[1]),
        "systems": [
            {"id": each, "name": words(f"here.systems.{each}"), "chosen": each == state.system} for each in SYSTEMS
        ],
        "sketches": [{"id": each, "name": words(f"here.draw_{each}"), "on": each == desk.sketch} for each in SKETCHES],
        "sketch_hint": words(f"here.draw_{desk.sketch}_hint") if desk.sketch else "",
        "distances": [
            {
                "id": each,
                "name": tell_length(each, lang=words.lang) if each else words("here.near_none"),
                "chosen": each == state.near,
            }
            for each in DISTANCES
        ],
        "certainties": [
            {"id": each, "name": words(f"here.certainties.{each}"), "hint": words(f"here.certainty_hints.{each}"),
             "count": by_certainty[each], "on": each not in state.unshown}
            for each in CERTAINTIES
        ],
        "plans": [
            {"id": plan.id, "name": plan_name(plan, words), "count": by_plan.get(plan.id, 0),
             "on": plan.id not in state.hidden}
            for plan in read_collections().values()
        ],
        "asked": state.asked,
    }  # fmt: skip


def _suggest(desk: HereDesk, words: Words) -> dict[str, Any] | None:
    """Return what the text in the box may mean: the coordinate as it is read, or places; None for an empty box."""
    text = desk.text.strip()
    if not text or desk.read is not None:
        return None
    places = [
        {"id": place.id, "name": place_name(place, words), "about": about_place(place, words)}
        for place in find_places(text)
    ]
    if places or not looks_like_numbers(text):
        return {"places": places, "coordinate": "", "none": words("here.unknown", text=text)}
    try:
        position = parse_position(text, system=desk.state.system)
    except CoordinateError as error:
        return {"places": [], "coordinate": "", "none": words(f"here.faults.{error.fault}", found=error.found)}
    told = words("here.read_as", system=words(f"here.systems.{position.system}"), lon=f"{position.lon:.5f}",
                 lat=f"{position.lat:.5f}")  # fmt: skip
    return {"places": [], "coordinate": told, "none": ""}
