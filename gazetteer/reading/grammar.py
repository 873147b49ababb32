"""Names that no register holds, found by how Chinese place names are built: a specific part and a class noun.

From each class noun the text is read to the left, word by word (longest word first), until a word, a particle or a mark
that no name holds. What lies between is a name if it begins with a known place (苏州…产业园) or has characters that
are no general word (清陶…创新中心).
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from gazetteer.reading.compound import OF_OWNER, build_compound
from gazetteer.reading.openings import (
    find_forms,
    find_numbered_crossings,
    find_ordinals,
    find_sides,
    open_zones,
    over_conjunction,
    pointed,
    quoted,
)
from gazetteer.reading.plain import IN_LIST, build_plain
from gazetteer.reading.tables import read_toml
from gazetteer.reading.tokens import Built, Hit, Noun, read_left
from gazetteer.reading.vocabulary import Entry, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


_BRACKETED: Final = frozenset({"city", "county", "region"})
_BOTH: Final = "及与和"
_NOUN_SIZES: Final = range(2, 7)
_CROSSING_SIZES: Final = range(8, 1, -1)
_OPENED: Final = frozenset({"compound", "mask"})


@cache
def _nouns() -> tuple[AhoCorasick, tuple[Noun, ...], Mapping[str, Noun]]:
    tables = read_toml("grammar.toml")
    generic = set(tables["generic"]["nouns"])
    nouns = {noun: Noun(None, "other") for noun in generic}
    for table in tables["class"]:
        for noun in table["nouns"]:
            nouns[noun] = Noun(table["kind"], table["category"], strict=noun in generic)
    matcher = AhoCorasick(list(nouns), matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA)
    return matcher, tuple(nouns.values()), nouns


def _find_nouns(text: str) -> Iterator[tuple[int, int, Noun]]:
    """Yield the class nouns of a text and the general words like them, leftmost and longest, with their places.

    A class noun that begins inside a general word and goes on after it counts too: 润|港产|业园.
    """
    matcher, nouns, by_noun = _nouns()
    last = 0
    for number, start, end in matcher.find_matches_as_indexes(text):
        if start < last:
            continue
        yield start, end, nouns[number]
        if nouns[number].kind is not None:
            continue
        for begin in range(start + 1, end):
            stop = next(
                (
                    begin + size
                    for size in _CROSSING_SIZES
                    if begin + size > end
                    and (noun := by_noun.get(text[begin : begin + size])) is not None
                    and noun.kind == "compound"
                ),
                0,
            )
            if stop:
                yield begin, stop, by_noun[text[begin:stop]]
                last = stop
                break


def build_names(text: str, hits: list[Hit], vocabulary: Vocabulary) -> Iterator[Built]:
    """Yield names built by grammar, in the order of their class nouns.

    Parameters
    ----------
    text
        An even text.
    hits
        Strings of the vocabulary in it; names, places beyond and organisations count as known.
    vocabulary
        General words.
    """
    scan = read_toml("grammar.toml")["scan"]
    known = {hit.end: hit for hit in hits if hit.entry.role != "mask" and not hit.entry.bare}
    named = {hit.end for hit in hits if hit.entry.role in {"name", "outside"} and not hit.entry.bare}
    starts = {hit.start: hit for hit in hits if hit.entry.category in _BRACKETED or hit.entry.bare}
    within = _covered(hits)
    bodies = {hit.end: hit.start for hit in hits if hit.entry.role == "organisation"}
    zones = open_zones(text, hits)
    by_noun = _nouns()[2]
    yield from find_numbered_crossings(text, known)
    yield from find_sides(text, zones)
    yield from find_forms(text)
    yield from find_ordinals(text)
    for begin, end, found in _find_nouns(text):
        start, noun = begin, found
        if noun.kind is None and start + 1 in named and (inner := by_noun.get(text[start + 1 : end])) is not None:
            # 上海|港, 太湖|湾: 海港 and 湖湾 are general words, but a place ends inside.
            start, noun = start + 1, inner
        if noun.kind is None or end in named or bodies.get(end, start) < start:
            continue
        if start in within:
            longer = _lengthen(text, within[start], end, known, noun)
            if longer is not None:
                yield longer
            continue
        opening = zones if noun.kind in _OPENED else None
        tokens = read_left(text, start, known, within, opening, vocabulary, scan)
        if not tokens:
            if text[start - 1 : start] == "”" and (name := quoted(text, start, noun, end)) is not None:
                yield name
            continue
        built = (
            build_plain(text, tokens, noun, end)
            if noun.kind == "plain"
            else build_compound(text, tokens, noun, start, end)
        )
        if (
            (built is None or built.score <= IN_LIST)
            and (noun.kind == "compound" or text[start:end] in scan["events"])
            and _parts_words(text, tokens[-1].start, by_noun)
        ):
            before = read_left(text, tokens[-1].start, known, within, zones, vocabulary, scan)
            built = over_conjunction(text, tokens, before, noun, start, end) or built
            if built is not None and noun.kind == "mask":
                built = replace(built, kind="mask", score=1.0)
        first = tokens[-1] if tokens[-1].sort != "stop" else None
        if (built is None or built.score <= IN_LIST) and first is not None and text[first.start - 1] == "”":
            built = quoted(text, first.start, noun, end) or built
        if built is None:
            continue
        if built.kind in {"compound", "bracketed"}:
            built = pointed(text, built, known)
            longer = _with_bracket(text, built, starts)
            if built.kind == "bracketed" and longer is built:
                continue
            built = longer
        if built.kind != "mask" and built.score > IN_LIST and built.end not in known:
            # What has been built may open a longer name: 亭林路, then 亭林路商圈.
            entry = Entry(text[built.start : built.end], "built", category=built.category)
            known[built.end] = Hit(built.start, built.end, entry)
        yield built


def _parts_words(text: str, position: int, nouns: Mapping[str, Noun]) -> bool:
    """Whether 及 or 与 stands at a position, and no class noun before it, so that it may lie inside a name."""
    return text[position] in _BOTH and not any(text[position - size : position] in nouns for size in _NOUN_SIZES)


def _with_bracket(text: str, built: Built, starts: Mapping[int, Hit]) -> Built:
    """Take in a bracket after a name that tells its city or province: 国家碳计量中心（江苏）."""
    if text[built.end : built.end + 1] != "（":
        return built
    position = built.end + 1
    while (hit := starts.get(position)) is not None:
        position = hit.end
    if position == built.end + 1 or text[position : position + 1] != "）":
        return built
    return replace(built, end=position + 1)


def _covered(hits: list[Hit]) -> dict[int, Hit]:
    """Return the known name around each position that lies inside one; first characters count as outside."""
    return {
        position: hit
        for hit in hits
        if hit.entry.role in {"name", "outside"} and not hit.entry.bare
        for position in range(hit.start + 1, hit.end)
    }


def _lengthen(text: str, hit: Hit, end: int, known: Mapping[int, Hit], noun: Noun) -> Built | None:
    """Return a short name of a line in full where its class noun goes on: 沪宜高速|公路."""
    if noun.kind != "line" or hit.end >= end or hit.entry.category != noun.category:
        return None
    before = known.get(hit.start)
    begin = hit.start if before is None else before.start
    return Built(
        begin, end, "line", noun.category, 0.7, f"{hit.entry.surface} with the class noun {text[hit.end : end]}"
    )


__all__ = ["IN_LIST", "OF_OWNER", "Built", "Hit", "build_names"]
