"""What of a reading is shown: filters, counts, the rows that the browser marks, the points on the map."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from app.text.families import families_by_category
from app.text.state import CATEGORIES, RESOLUTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.text.document import Document
    from app.text.state import TextState
    from gazetteer import Place
    from gazetteer.reading import Mention

SURE: Final = 0.8
"""A mention that scores less is doubtful."""
CLEAR: Final = 0.95
"""A mention with other candidates that scores less is doubtful."""
_BASIC: Final = 0xFFFF


def key_of(mention: Mention) -> str:
    """Return what mentions of one place have in common: its id, or the name where there is no record."""
    return mention.place_id or f"?{mention.name}"


def is_doubtful(mention: Mention) -> bool:
    """Whether a reader should look at a mention again."""
    if mention.resolution == "unresolved" or mention.score < SURE:
        return True
    return bool(mention.candidates) and mention.score < CLEAR


def line_range(state: TextState, document: Document) -> tuple[int, int]:
    """Return the first and the last line that are shown."""
    for chapter in document.chapters:
        if chapter.line == state.chapter:
            return chapter.line, chapter.end
    return 1, len(document.lines)


def shown(mentions: Iterable[Mention], state: TextState, lines: tuple[int, int]) -> list[Mention]:
    """Return the mentions that the filters let through."""
    first, last = lines
    hidden, unshown = set(state.hidden), set(state.unshown)
    return [
        mention for mention in mentions
        if mention.category not in hidden and mention.resolution not in unshown and first <= mention.line <= last
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counts:
    """How many mentions each choice of a filter holds, the other filters as they are."""

    categories: Counter[str]
    resolutions: Counter[str]
    chapters: dict[int, int]
    """By the line of a heading."""


def count(mentions: Sequence[Mention], state: TextState, document: Document) -> Counts:
    """Count mentions for each choice of the filters."""
    first, last = line_range(state, document)
    hidden, unshown = set(state.hidden), set(state.unshown)
    categories: Counter[str] = Counter()
    resolutions: Counter[str] = Counter()
    by_line: Counter[int] = Counter()
    for mention in mentions:
        category_on, resolution_on = mention.category not in hidden, mention.resolution not in unshown
        if first <= mention.line <= last:
            if resolution_on:
                categories[mention.category] += 1
            if category_on:
                resolutions[mention.resolution] += 1
        if category_on and resolution_on:
            by_line[mention.line] += 1
    sums = [0]
    for line in range(1, len(document.lines) + 1):
        sums.append(sums[-1] + by_line[line])
    chapters = {chapter.line: sums[chapter.end] - sums[chapter.line - 1] for chapter in document.chapters}
    return Counts(categories, resolutions, chapters)


def text_payload(document: Document) -> dict[str, Any]:
    """Return the text for the browser: offsets stay, characters that no message can carry become a sign."""
    text = document.text.translate(_UNSENDABLE)
    return {"text": text, "heads": [[chapter.line, chapter.level] for chapter in document.chapters]}


_UNSENDABLE: Final = dict.fromkeys([*range(0xD800, 0xE000), 0], "�")


def marks_payload(mentions: Sequence[Mention], document: Document) -> dict[str, Any]:
    """Return the mentions for the browser, as short rows: line, start, end, category, resolution, place, doubt.

    Offsets count in UTF-16, as scripts in a browser do.
    """
    categories = {name: position for position, name in enumerate(CATEGORIES)}
    resolutions = {name: position for position, name in enumerate(RESOLUTIONS)}
    keys: dict[str, int] = {}
    rows = []
    number = 0
    wide: list[int] = []
    for mention in mentions:
        if mention.line != number:
            number, wide = mention.line, wide_characters(document.lines[mention.line - 1])
        start, end = (offset + bisect_left(wide, offset) for offset in (mention.start, mention.end))
        key = keys.setdefault(key_of(mention), len(keys))
        rows.append(
            [mention.line, start, end, categories[mention.category], resolutions[mention.resolution], key,
             int(is_doubtful(mention))]
        )  # fmt: skip
    return {
        "rows": rows,
        "keys": list(keys),
        "categories": CATEGORIES,
        "resolutions": RESOLUTIONS,
        "families": {category: family.id for category, family in families_by_category().items()},
    }


def wide_characters(line: str) -> list[int]:
    """Return where the characters stand that take two units in UTF-16."""
    if line.isascii() or max(line) <= chr(_BASIC):
        return []
    return [position for position, character in enumerate(line) if character > chr(_BASIC)]


def points(mentions: Iterable[Mention], places: Mapping[str, Place]) -> list[dict[str, Any]]:
    """Return a point for each located place that the mentions mean, those mentioned most first.

    A place's position is in degrees, WGS 84.
    """
    counts: Counter[str] = Counter()
    free: dict[str, Mention] = {}
    for mention in mentions:
        if mention.lon is not None and mention.lat is not None:
            counts[key_of(mention)] += 1
            free.setdefault(key_of(mention), mention)
    found = []
    for key, number in counts.most_common():
        mention, place = free[key], places.get(key)
        family = families_by_category()[mention.category]
        found.append(
            {"id": key, "lon": mention.lon, "lat": mention.lat, "sh": family.symbol, "f": family.ink, "n": number,
             "zh": mention.name, "en": place.name_en if place else ""}
        )  # fmt: skip
    return found
