"""Read a text: spans found, short forms made full, each resolved to a place."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gazetteer.reading.company import complete
from gazetteer.reading.folding import Folded, fold
from gazetteer.reading.lists import find_numbered, merge, share_heads
from gazetteer.reading.mention import Mention, Reading
from gazetteer.reading.parents import join_parents
from gazetteer.reading.resolution import Resolution, Resolver, find_owner
from gazetteer.reading.spans import Found, find_spans
from gazetteer.reading.tables import read_toml
from gazetteer.reading.vocabulary import Vocabulary, open_vocabulary
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
    known = plan if plan != without_plan else None
    vocabulary = open_vocabulary(without_plan, known)
    folded = fold(text)
    even = read_even(folded.text, vocabulary, plan=known)
    answers = even.answers
    if known is None:
        # A plan that the register knows needs no guess; any other is read with the model that has not seen it.
        from gazetteer.reading.sequence import correct, open_model  # noqa: PLC0415  (numpy, only where it is used)

        answers = correct(folded.text, answers, even.found, vocabulary, open_model(without_plan))
    return Reading(mentions=_locate(answers, folded, text), owner=even.owner, lines=text.count("\n") + 1)


@dataclass(frozen=True, slots=True)
class Even:
    """An even text as dictionary and grammar read it."""

    answers: list[Resolution]
    found: Found
    """The spans before lists and short forms were made full, with all that the vocabulary and grammar hold."""
    owner: str | None


def read_even(text: str, vocabulary: Vocabulary, *, plan: str | None) -> Even:
    """Find and resolve what dictionary and grammar hold of an even text; ``plan`` is one that the vocabulary knows."""
    register = open_register()
    found = find_spans(text, vocabulary, threshold=_UNSEEN if plan is None else _SEEN)
    spans = merge(found.spans, find_numbered(text, vocabulary))
    spans = share_heads(text, spans, vocabulary)
    if plan is None:
        spans = complete(text, spans, found.hits, vocabulary)
    owner = register.contexts[plan].owner if plan is not None else find_owner(found.hits)
    resolver = Resolver(text, register, vocabulary, plan, owner)
    answers = join_parents(resolver.resolve(spans), register, text)
    return Even(answers, found, owner)


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
