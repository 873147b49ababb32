"""Read a text: spans found, short forms made full, each resolved to a place."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from gazetteer.reading.folding import Folded, fold
from gazetteer.reading.lists import find_numbered, merge, share_heads
from gazetteer.reading.mention import Mention, Reading
from gazetteer.reading.resolution import Resolution, Resolver, find_owner, join_parents
from gazetteer.reading.spans import find_spans
from gazetteer.reading.tables import read_toml
from gazetteer.reading.vocabulary import open_vocabulary
from gazetteer.register import open_register

if TYPE_CHECKING:
    from gazetteer.place import Category

_SEEN: Final = 0.65
_UNSEEN: Final = 0.5
"""The least score of a name that no register holds: where the register knows the plan, few are left to find."""


def read(text: str, *, plan: str | None = None, without_plan: str | None = None) -> Reading:
    """Find every place that a text names.

    Parameters
    ----------
    text
        The text as it is; offsets of mentions point into it.
    plan
        Id of the plan that the text is, where it is one of the register's: its short names are then known.
    without_plan
        Id of a plan whose records, names and short names are left out, as if the register had never seen it.

    Returns
    -------
    Reading
        Mentions in the order of the text, without overlaps.

    Raises
    ------
    ValueError
        If a plan is not known.
    """
    register = open_register()
    for name in (plan, without_plan):
        if name is not None and name not in register.contexts:
            msg = f"expected a plan out of {', '.join(register.contexts)}, got {name!r}"
            raise ValueError(msg)
    seen = plan is not None and plan != without_plan
    vocabulary = open_vocabulary(without_plan, plan if seen else None)
    folded = fold(text)
    spans, hits = find_spans(folded.text, vocabulary, threshold=_SEEN if seen else _UNSEEN)
    spans = merge(spans, find_numbered(folded.text, vocabulary))
    spans = share_heads(folded.text, spans, vocabulary)
    owner = register.contexts[plan].owner if seen and plan is not None else find_owner(hits)
    resolver = Resolver(folded.text, register, vocabulary, plan if seen else None, owner)
    answers = join_parents(resolver.resolve(spans), register, folded.text)
    mentions = _locate(answers, folded, text)
    return Reading(mentions=mentions, owner=owner, lines=text.count("\n") + 1)


def _locate(answers: list[Resolution], folded: Folded, text: str) -> tuple[Mention, ...]:
    """Turn answers in the even text into mentions in the text as it is."""
    breaks = [-1]
    position = text.find("\n")
    while position >= 0:
        breaks.append(position)
        position = text.find("\n", position + 1)
    mentions = []
    for answer in answers:
        start = folded.original(answer.span.start)
        end = folded.original(answer.span.end - 1) + 1
        if "\n" in text[start:end]:
            start, end = _longest_part(text, start, end)
        line = bisect_right(breaks, start - 1)
        offset = breaks[line - 1] + 1
        mentions.append(_mention(answer, line, start - offset, end - offset, text[start:end]))
    return tuple(mentions)


def _longest_part(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the part on one line of a name that is broken over two: a mention lies in one line."""
    best = (start, start)
    for part in text[start:end].split("\n"):
        blank = len(part) - len(part.lstrip())
        size = len(part.strip())
        if size > best[1] - best[0]:
            best = (start + blank, start + blank + size)
        start += len(part) + 1
    return best


def _mention(answer: Resolution, line: int, start: int, end: int, surface: str) -> Mention:
    place, span = answer.place, answer.span
    category: Category = place.category if place is not None else span.hint or span.category
    if place is not None:
        category = read_toml("exceptions.toml")["categories"].get(place.id, category)
    return Mention(
        line=line,
        start=start,
        end=end,
        surface=surface,
        place_id=None if place is None else place.id,
        name=place.name_zh if place is not None else span.full or span.surface,
        aliases=() if place is None else place.aliases,
        category=category,
        resolution=answer.resolution,
        lon=None if place is None else place.lon,
        lat=None if place is None else place.lat,
        accuracy_m=None if place is None else place.accuracy_m,
        score=answer.score,
        reason=answer.reason,
        candidates=answer.others,
    )
