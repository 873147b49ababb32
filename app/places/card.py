"""The record card: what the register knows of a place, and where it knows it from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.map.card import describe_place
from app.places.list import entries
from app.places.plans import count_said, describe_said
from app.telling import place_name, plan_name
from app.text.families import families_by_category, family_swatch
from gazetteer import open_register
from gazetteer.attested import read_attested
from geodata.sources import read_sources
from layers.catalogue import find_plan

if TYPE_CHECKING:
    from app.address import State
    from app.library import Library
    from app.wording import Words
    from gazetteer import Place


def describe_place_in_short(place: Place, library: Library, words: Words, *, state: State) -> dict[str, Any]:
    """Return a place's card as it stands beside a map or a text: with how often each plan says something of it."""
    return describe_place(place, library, words, state=state) | {
        "id": place.id,
        "said": count_said(place, library, words),
    }


def describe_record(place: Place, library: Library, words: Words, *, state: State) -> dict[str, Any]:
    """Return what the card's template shows of a place."""
    register, sources = open_register(), read_sources()
    holders = [register.places[each] for each in reversed(register.ancestors(place)) if each in register.places]
    attested = read_attested().get(place.id, {})
    return describe_place(place, library, words, state=state) | {
        "id": place.id,
        "path": [{"id": each.id, "name": place_name(each, words)} for each in holders],
        "family": family_swatch(families_by_category()[place.category].id),
        "category": words(f"categories.{place.category}"),
        "basis_words": words(f"places.basis_of_position.{place.basis}"),
        "status": words(f"places.statuses.{place.status}") if place.status not in ("", "n/a") else "",
        "resolution": place.resolution,
        "note": place.note,
        "outline": place.id in library.place_shapes,
        "sources": [
            {"title": sources[each].title, "licence": sources[each].licence, "vintage": sources[each].vintage}
            for each in place.source.split(";")
            if each in sources
        ],
        "source_ref": place.source_ref,
        "said": describe_said(place, library, words),
        "mentions": entries()[place.id].total,
        "plans": [
            {
                "name": plan_name(find_plan(plan), words),
                "count": count,
                "surfaces": ("、" if words.lang == "zh" else ", ").join(
                    f"{surface} {number}" for surface, number in attested[plan].items()
                ),
            }
            for plan, count in entries()[place.id].mentions.items()
        ],
    }
