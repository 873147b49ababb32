"""The table of places that a text names, and the files that it leaves as."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from app.telling import accuracy_text, place_name
from app.text.families import families_by_category
from app.text.marks import key_of
from gazetteer import open_register
from gazetteer.reading import Reading
from gazetteer.reading.linked_places import to_linked_places
from gazetteer.reading.writing import to_csv, to_geojson
from layers.catalogue import read_plans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.text.desk import Desk
    from app.wording import Words
    from gazetteer.reading import Mention

FORMS: Final = {"csv": "text/csv", "geojson": "application/geo+json", "lp-tsv": "text/tab-separated-values"}
_ENDINGS: Final = {"csv": ".csv", "geojson": ".geojson", "lp-tsv": ".lp.tsv"}
_PAGE: Final = 200


def describe_table(desk: Desk, words: Words) -> dict[str, Any]:
    """Return what the template shows: a row for each place of the mentions that the filters let through."""
    mentions = desk.shown()
    counts = Counter(map(key_of, mentions))
    first: dict[str, Mention] = {}
    for mention in mentions:
        first.setdefault(key_of(mention), mention)
    shown = (desk.rows + 1) * _PAGE
    key = desk.chosen_key()
    return {
        "rows": [_row(each, first[each], number, words, chosen=each == key)
                 for each, number in counts.most_common(shown)],
        "places": len(counts),
        "located": sum(each.lon is not None for each in first.values()),
        "mentions": len(mentions),
        "more": max(0, len(counts) - shown),
    }  # fmt: skip


def _row(key: str, mention: Mention, number: int, words: Words, *, chosen: bool) -> dict[str, Any]:
    place = open_register().places.get(key)
    located = mention.lon is not None and mention.lat is not None
    return {
        "key": key,
        "name": mention.name if place is None else place_name(place, words),
        "family": families_by_category()[mention.category].id,
        "category": words(f"categories.{mention.category}"),
        "resolution": words(f"text.resolutions.{mention.resolution}"),
        "count": number,
        "line": mention.line,
        "position": f"{mention.lon:.4f}, {mention.lat:.4f}" if located else "–",
        "accuracy": accuracy_text(mention.accuracy_m, words) if located else "",
        "chosen": chosen,
    }


def make_file(desk: Desk, form: str) -> tuple[bytes, str]:
    """Return the mentions that the filters let through as a file, and its name."""
    document = desk.document
    assert document is not None
    mentions = desk.shown()
    reading = Reading(mentions=tuple(mentions), owner=None, lines=len(document.lines))
    if form == "csv":
        text = to_csv(reading, plan=document.plan)
    elif form == "geojson":
        text = to_geojson(reading, plan=document.plan)
    else:
        text = to_linked_places_file(mentions, name=document.name, plan=document.plan)
    stem = (document.name.rpartition(".")[0] or document.name or "text").replace("/", "_")[:80]
    return text.encode("utf-8", errors="replace"), f"{stem}-places{_ENDINGS[form]}"


def to_linked_places_file(mentions: Sequence[Mention], *, name: str, plan: str | None) -> str:
    """Return the places of a text as LP-TSV; the source is the plan's title and year, else the file and this year."""
    known = read_plans().get(plan or "")
    title = known.title_zh if known is not None else name or "text"
    year = int(known.date[:4]) if known is not None else dt.datetime.now(tz=dt.UTC).year
    return to_linked_places(mentions, title_source=title, year=year)
