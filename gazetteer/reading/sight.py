"""What dictionary and grammar see in a piece of a text, as the sequence model takes it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gazetteer.reading.focus import Focus, focus

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from gazetteer.reading.resolution import Resolution
    from gazetteer.reading.spans import Found

    Column = NDArray[np.int64]

CATEGORIES: Final = (
    "dev_zone", "functional_area", "old_town", "park", "facility", "hub", "heritage", "utility", "port", "airport",
    "road", "rail", "station", "river", "lake", "mountain", "island", "village", "town", "county", "city", "region",
    "other",
)  # fmt: skip
NUMBERS: Final = {category: number for number, category in enumerate(CATEGORIES, 1)}
_FULL: Final = ("市", "区", "县", "镇", "街道")


@dataclass(frozen=True, slots=True)
class Answer:
    """What dictionary and grammar said of one stretch."""

    start: int
    end: int
    category: int
    """By `NUMBERS`."""
    known: bool
    """Whether the register or a table of places beyond answers."""
    placed: bool
    full: bool
    """Whether it is a unit or zone with its own class noun (相城区), so that it may be a mention of its own."""


@dataclass(frozen=True)
class Sight:
    """A piece of an even text, and what dictionary and grammar see in it; positions count in the part looked at."""

    text: str
    answers: list[Answer]
    names: list[tuple[int, int]]
    """Strings of the vocabulary that are names."""
    built: dict[tuple[int, int], int]
    """Names that grammar would build, with a number for how and how surely."""
    closed: list[tuple[int, int, bool]]
    """Titles, slogans, schemes and bodies; whether each is a title."""
    focus: Focus | None = None
    """Which part of the text this is."""

    def outward(self, positions: Column) -> Column:
        """Return the places of characters in the whole text."""
        return positions if self.focus is None else self.focus.outward(positions)


def look(text: str, answers: Sequence[Resolution], found: Found, begin: int, end: int) -> Sight:
    """Return what dictionary and grammar see in a piece of an even text; it should end at a mark.

    The sight holds the lines in which something is a name already, and those beside them.
    """
    kinds = ("compound", "bracketed", "line", "plain", "mask")
    first, last = (bisect_left(answers, edge, key=lambda answer: answer.span.start) for edge in (begin, end))
    within = [answer for answer in answers[first:last] if answer.span.end <= end]
    view = focus(text, begin, end, (answer.span.start for answer in within))
    inside = [
        Answer(
            view.inward(answer.span.start),
            view.inward(answer.span.end - 1) + 1,
            NUMBERS[answer.place.category if answer.place is not None else answer.span.category],
            answer.resolution != "unresolved",
            answer.place is not None,
            answer.span.surface.endswith(_FULL),
        )
        for answer in within
    ]
    built: dict[tuple[int, int], int] = {}
    for each in found.built:
        if view.holds(each.start, each.end):
            key = (view.inward(each.start), view.inward(each.end - 1) + 1)
            built[key] = max(built.get(key, 0), int(each.score * 10) * 8 + kinds.index(each.kind))
    roles = {"name", "outside", "organisation"}
    first, last = (bisect_left(found.hits, edge, key=lambda hit: hit.start) for edge in (begin, end))
    names = [
        (view.inward(hit.start), view.inward(hit.end - 1) + 1)
        for hit in found.hits[first:last]
        if hit.entry.role in roles and view.holds(hit.start, hit.end)
    ]
    closed = [
        (view.inward(start), view.inward(min(stop, end)), text[start] == "《")
        for start, stop in found.closed
        if begin <= start < end
    ]
    return Sight(view.text, inside, names, built, closed, view)
