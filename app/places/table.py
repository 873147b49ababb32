"""The table of places, and that of a batch's answers: fifty rows a page, rows as buttons, in step with the map."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from app.markup import hand_on, last_seen, read_script, render
from app.places.state import PAGE_ROWS
from app.telling import accuracy_text, place_name, plan_name
from app.text.families import families_by_category, family_swatch
from gazetteer import open_register
from layers.catalogue import read_plans

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.places.batch import Batch
    from app.places.list import Entry
    from app.places.state import PlacesState
    from app.wording import Words
    from gazetteer import Place

_COLUMNS: Final = ("name", "category", "parent", "accuracy", "plans")
_MOST_ALTERNATIVES: Final = 3

_view = st.components.v2.component(
    "plan_atlas_places",
    html='<div class="atlas-view places-table"></div>',
    js=read_script("places/table.js"),
    isolate_styles=False,
)


def show_table(
    template: str, *, key: str, go: int, on_event: Callable[[dict[str, Any]], None], words: Words, **context: Any
) -> None:
    """Show a table and hand its events on.

    Parameters
    ----------
    go
        Another number than before has the table scroll to the chosen row, or to its top.
    """
    html = render(template, words=words, **context)
    _view(
        key=key, data={"html": html, "seen": last_seen(key), "go": go}, on_event_change=partial(hand_on, key, on_event)
    )


def pages_of(count: int, page: int, words: Words) -> dict[str, Any]:
    """Return what the row under a table shows: which rows of how many, and the pages around."""
    last = max(0, (count - 1) // PAGE_ROWS)
    page = min(page, last)
    first = page * PAGE_ROWS
    return {
        "page": page,
        "last": last,
        "text": words("places.rows", first=f"{first + 1:,}" if count else 0,
                      last=f"{min(first + PAGE_ROWS, count):,}", n=f"{count:,}"),
        "of": words("places.page_of", page=page + 1, last=last + 1),
        "slice": slice(first, first + PAGE_ROWS),
    }  # fmt: skip


def describe_list(shown: Sequence[Entry], state: PlacesState, words: Words) -> dict[str, Any]:
    """Return what the template of the list shows."""
    pages = pages_of(len(shown), state.page, words)
    by, up = state.sort.removeprefix("-"), not state.sort.startswith("-")
    return {
        "heads": [
            {"id": each, "name": words(f"places.heads.{each}"),
             "sort": ("ascending" if up else "descending") if each == by else "none"}
            for each in _COLUMNS
        ],
        "rows": [
            _describe_place(entry.place, words)
            | {
                "chosen": entry.place.id == state.place,
                "plans": len(entry.mentions),
                "mentions": entry.total,
                "names": "\n".join(
                    f"{plan_name(read_plans()[plan], words)} {count}" for plan, count in entry.mentions.items()
                ),
            }
            for entry in shown[pages["slice"]]
        ],
        "pages": pages,
    }  # fmt: skip


def _describe_place(place: Place, words: Words) -> dict[str, Any]:
    parent = open_register().places.get(place.parent)
    return {
        "id": place.id,
        "name": place_name(place, words),
        "second": place.name_zh if words.lang == "en" else place.name_en,
        "image": family_swatch(families_by_category()[place.category].id),
        "category": words(f"categories.{place.category}"),
        "parent": "" if parent is None else place_name(parent, words),
        "located": place.located,
        "accuracy": short_accuracy(place, words),
        "accuracy_words": accuracy_text(place.accuracy_m, words),
    }


def short_accuracy(place: Place, words: Words) -> str:
    """Say a place's accuracy in a few characters."""
    if not place.located:
        return words(f"places.nowhere.{place.resolution}")
    metres = place.accuracy_m or 0.0
    return f"±{metres:.0f} m" if metres < 1_000.0 else f"±{metres / 1_000.0:g} km"  # noqa: PLR2004 - metres in a km


def describe_answers(batch: Batch, chosen: str, words: Words) -> dict[str, Any]:
    """Return what the template of a batch's answers shows."""
    assert batch.answered is not None
    shown = batch.rows()
    pages = pages_of(len(shown), batch.page, words)
    rows = []
    for row in shown[pages["slice"]]:
        answer, match = batch.answered.answers[row], batch.answered.matches[row]
        best = answer.best
        rows.append(
            {
                "number": row + 1,
                "query": answer.query,
                "match": match,
                "match_name": words(f"places.matches.{match}"),
                "place": None if best is None else _describe_place(best.place, words),
                "score": "" if best is None else f"{best.score:.2f}",
                "chosen": best is not None and best.place.id == chosen,
                "alternatives": [
                    {"id": each.place.id, "name": place_name(each.place, words)}
                    for each in answer.alternatives[:_MOST_ALTERNATIVES]
                ],
                "more": max(0, len(answer.alternatives) - _MOST_ALTERNATIVES),
            }
        )
    return {"rows": rows, "pages": pages}
