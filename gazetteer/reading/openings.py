"""How names begin that no known place and no rare characters open: a zone's short name, two lands, a side."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

from gazetteer.reading.tables import read_toml
from gazetteer.reading.tokens import RUN, Built, Hit, Noun, Token
from gazetteer.reading.vocabulary import read_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gazetteer.place import Category

_OF_ZONES: Final = frozenset({"facility", "functional_area", "utility", "park", "dev_zone", "hub"})
_CROSSED: Final = frozenset({"lake", "river", "functional_area", "city"})
_NUMBERED: Final = re.compile(r"(?:第[一二三四五六]|[0-9]{1,2} ?号)(?:隧道|通道|过江通道)")
_ORDINALS: Final = re.compile(
    r"第(?<=[、，。；：\n建造]第)[一二三四五六七八九十]{1,2}(?P<noun>水厂|污水处理厂|中学|小学|实验小学|中心小学|人民医院|幼儿园)"
)
_HEADS: Final = "、“（"
_STEM: Final = 3
QUOTED: Final = 0.3
"""Score of a name that a quotation opens."""
_QUOTATION: Final = 12
_POINTED: Final = 6
_QUALIFIER: Final = 4
"""Characters of the longest word that says that a class is meant."""


def opened(text: str, inside: list[Token], noun: Noun, start: int, end: int) -> Built | None:
    """Return a name that two lands, a zone's short name, or the nation with a bracket open (中日…园, 高新区…医院)."""
    first = inside[0]
    reason = f"{text[first.start : first.end]} with the class noun {text[start:end]}"
    if first.sort == "pair" and noun.kind == "compound":
        return Built(first.start, end, "compound", noun.category, 0.6, reason)
    if first.sort == "zone" and noun.category in _OF_ZONES and all(_fits_zone(text, token) for token in inside[1:]):
        if text[start:end] in read_toml("exceptions.toml")["bare"]["names"]:
            return None
        return Built(first.start, end, "compound", noun.category, 0.6, reason)
    national = text.startswith(tuple(read_toml("grammar.toml")["scan"]["national"]), first.start)
    if national and text[end : end + 1] == "（" and noun.kind == "compound":
        # 国家…试验区（江苏）; without its bracket it is one of many.
        return Built(first.start, end, "bracketed", noun.category, 0.6, reason)
    return None


def _fits_zone(text: str, token: Token) -> bool:
    if token.sort == "other":
        return text[token.start] not in read_toml("grammar.toml")["scan"]["numerals"]
    return token.sort == "word" and not token.verb


def open_zones(text: str, hits: list[Hit]) -> dict[int, Hit]:
    """Return, by their ends, the short names of zones that may open the name of a site."""
    zones = read_toml("grammar.toml")["scan"]["zones"]
    return {hit.end: hit for hit in hits if hit.entry.surface in zones and _opens_name(text, hit)}


def _opens_name(text: str, hit: Hit) -> bool:
    """Whether no word before a zone's short name says that the class is meant (国家级高新区)."""
    before = tuple(read_toml("exceptions.toml")["bare"]["not_after"])
    return hit.entry.bare and not text.endswith(before, max(0, hit.start - _QUALIFIER), hit.start)


def lead(text: str, inside: list[Token], run_start: int) -> int:
    """Return where a name begins whose specific part follows one general word at the head of an item (桃花|坞…片区)."""
    first = inside[0]
    scan = read_toml("grammar.toml")["scan"]
    if first.end == run_start and text[first.start : run_start] in tuple(scan["numerals"]):
        # 三|角咀湿地公园
        return first.start
    head = not first.start or text[first.start - 1] in _HEADS
    short = first.end == run_start and first.end - first.start <= RUN and first.sort in {"word", "other"}
    if head and short and not first.verb and text[first.start : first.end] not in scan["attributes"]:
        return first.start
    return run_start


def find_numbered_crossings(text: str, known: Mapping[int, Hit]) -> Iterator[Built]:
    """Yield numbered tunnels and crossings of a known water or area (苏州湾2号隧道, 独墅湖第二通道)."""
    for match in _NUMBERED.finditer(text):
        hit = known.get(match.start())
        if hit is not None and hit.entry.category in _CROSSED:
            reason = f"{hit.entry.surface} with {match.group()}"
            yield Built(hit.start, match.end(), "plain", "road", 0.6, reason)


def over_conjunction(
    text: str, tokens: list[Token], before: list[Token], noun: Noun, start: int, end: int
) -> Built | None:
    """Return a name with 及 or 与 inside that a place or a pair opens: 太湖乡村自然与文化遗产保护带.

    Parameters
    ----------
    tokens
        What stands between the conjunction and the class noun, from right to left, the conjunction last.
    before
        What stands left of the conjunction, from right to left.
    """
    if len(tokens) == 1 or any(token.sort not in {"word", "other"} for token in tokens[:-1]):
        return None
    for number, token in enumerate(before):
        if token.sort in {"place", "pair"}:
            wide = token.hit is not None and token.hit.end - token.hit.start > _STEM
            if not number or (token.hit is not None and (wide or token.hit.entry.role == "built")):
                # 太湖新城与…产业园, 苏州市…与…: two things, or whose they are.
                return None
            reason = f"{text[token.start : token.end]} with the class noun {text[start:end]}"
            return Built(token.start, end, "compound", noun.category, 0.55, reason)
        if token.sort not in {"word", "other"}:
            break
    return None


def find_sides(text: str, zones: Mapping[int, Hit]) -> Iterator[Built]:
    """Yield the parts of a whole that are named after their side (东部片区, 开发区东部片区)."""
    for match in _side_pattern().finditer(text):
        start, end = match.span()
        zone = zones.get(start)
        begin = start if zone is None else zone.start
        yield Built(begin, end, "plain", "functional_area", 0.6, f"a part named after its side: {match.group()}")


def find_forms(text: str) -> Iterator[Built]:
    """Yield names of fixed form that need no class noun (chains of malls, institutes by their short names)."""
    for pattern, category in _forms():
        for match in pattern.finditer(text):
            yield Built(*match.span(), "plain", category, 0.6, "a name of fixed form")


def quoted(text: str, position: int, noun: Noun, end: int) -> Built | None:
    """Return a name that a quotation opens (“金东环”宜居街区), too doubtful unless a list or the model says so.

    Parameters
    ----------
    position
        Where the quotation ends.
    """
    opening = text.rfind("“", max(0, position - _QUOTATION), position)
    if opening < 0 or noun.kind != "compound" or "\n" in text[opening:position] or position - opening < _STEM + 1:
        return None
    return Built(opening, end, "compound", noun.category, QUOTED, f"{text[opening:position]} in the name")


def pointed(text: str, built: Built, known: Mapping[int, Hit]) -> Built:
    """Take in what a middle dot joins to a name: 锦绣客厅·立讯科学园."""
    point = built.start - 1
    if point < 1 or text[point] != "·":
        return built
    if (hit := known.get(point)) is not None:
        return replace(built, start=hit.start)
    words, boundary = read_words(), read_toml("grammar.toml")["scan"]["boundary"]
    begin = point
    while begin and point - begin < _POINTED and "一" <= text[begin - 1] <= "龥":
        if text[begin - 1] in boundary:
            break
        if any(words.get(text[begin - size : begin]) == "boundary" for size in (2, 3, 4) if begin >= size):
            break
        begin -= 1
    return replace(built, start=begin) if begin < point else built


def find_ordinals(text: str) -> Iterator[Built]:
    """Yield waterworks, schools and hospitals that are named by their number (第三水厂)."""
    for match in _ORDINALS.finditer(text):
        category: Category = "utility" if match["noun"].endswith("厂") else "facility"
        yield Built(*match.span(), "plain", category, 0.55, f"a number with {match['noun']}")


def is_side(name: str) -> bool:
    """Whether a name is that of a part after its side."""
    return _side_pattern().fullmatch(name) is not None


@cache
def _forms() -> tuple[tuple[re.Pattern[str], Category], ...]:
    return tuple((re.compile(form["pattern"]), form["category"]) for form in read_toml("grammar.toml")["form"])


@cache
def _side_pattern() -> re.Pattern[str]:
    return re.compile(read_toml("grammar.toml")["scan"]["sides"])
