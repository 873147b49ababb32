"""Plain names: a specific part of two to four characters, or a known place, and a class noun (邓尉路, 庙泾河)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gazetteer.reading.tables import read_toml
from gazetteer.reading.tokens import RUN, Built, Hit, Noun, Token, is_full, opens
from gazetteer.reading.vocabulary import read_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazetteer.place import Category

IN_LIST: Final = 0.4
"""Score of a name that only a list of names makes one."""
_SIZES: Final = range(2, 5)
"""Characters of the specific part of a plain name."""
_CROSSINGS: Final = frozenset({"隧道", "大桥"})
_JUNCTIONS: Final = frozenset({"互通", "立交"})
_AVENUE: Final = "大道"
_WATERS: Final = frozenset({"lake", "river"})
_NATURAL: Final = frozenset({"lake", "river", "mountain", "island", "town"})
_WAYS: Final = frozenset({"road", "rail", "station"})
_AFTER_WAYS: Final = frozenset({"village", "port", "town"})
"""What may be called after a bridge or a road that no register holds (众安桥|村)."""
_LISTED: Final = frozenset({"river", "road", "lake", "village", "port"})
_LIST_MARKS: Final = "、\n"


def build_plain(text: str, tokens: Sequence[Token], noun: Noun, end: int) -> Built | None:
    """Return the plain name that ends with a class noun, if there is one.

    Parameters
    ----------
    text
        An even text.
    tokens
        The words left of the class noun, from right to left.
    noun
        The class noun.
    end
        Where it ends.
    """
    nearest = tokens[0]
    surface = text[nearest.end : end]
    if nearest.hit is not None:
        return _after_place(text, nearest, nearest.hit, noun, end)
    if (
        len(tokens) > 1
        and tokens[1].hit is not None
        and text[nearest.start : nearest.end] in tuple(read_toml("grammar.toml")["scan"]["directions"])
        and not is_full(tokens[1].hit)
        and tokens[1].hit.entry.category in {"city", "county", "town"}
    ):
        # 太仓北枢纽: a unit, a direction, a class noun.
        reason = f"{tokens[1].hit.entry.surface}, a direction, and {surface}"
        return Built(tokens[1].start, end, "plain", noun.category, 0.7, reason)
    begin, others = _specific_part(text, tokens, noun)
    size = nearest.end - begin
    if size in _SIZES and surface in _CROSSINGS and (over := _water_before(tokens, begin)) is not None:
        # 阳澄湖|星济隧道: what is crossed belongs to the name.
        begin, size = over.start, _SIZES.start
    if size in _SIZES and others >= (RUN if noun.strict or (len(surface) == 1 and noun.category != "village") else 1):
        reason = f"specific part {text[begin : nearest.end]} with {surface}"
        return Built(begin, end, "plain", noun.category, 0.6, reason)
    return _of_one_word(text, tokens, noun, end)


def _after_place(text: str, nearest: Token, hit: Hit, noun: Noun, end: int) -> Built | None:
    """Return a place with a class noun after it: 太湖|湾, 上海|港."""
    category, surface = hit.entry.category, text[nearest.end : end]
    if is_full(hit):
        return None
    if category in _WAYS and not (hit.entry.role == "built" and noun.category in _AFTER_WAYS):
        return None
    words = read_words()
    if len(surface) == 1 and text[end - 1 : end + 1] in words and text[end : end + RUN] not in words:
        # 甪直|湖滨村: the class noun belongs to the word that follows.
        return None
    if noun.strict and category not in _NATURAL and not _names_way(surface, category):
        return None
    return Built(nearest.start, end, "plain", noun.category, 0.7, f"{hit.entry.surface} with {surface}")


def _names_way(surface: str, category: Category) -> bool:
    """Whether a class noun that is a general word too names a way after its area or unit (相城大道)."""
    if category == "functional_area":
        return surface in _JUNCTIONS
    return surface == _AVENUE and category in {"city", "county"}


def _specific_part(text: str, tokens: Sequence[Token], noun: Noun) -> tuple[int, int]:
    """Return where the specific part begins, and how many of its characters are no general word."""
    size, others, begin = 0, 0, tokens[0].end
    numerals = read_toml("grammar.toml")["scan"]["numerals"]
    for token in tokens:
        if text[token.start] in numerals and noun.category != "village":
            if size and others and text[token.start - 1] in _LIST_MARKS:
                # 三白荡, 十梓街: a numeral at the head of an item.
                begin, others = token.start, others + 1
            break
        if not "一" <= text[token.start] <= "龥":
            break
        if (
            token.sort in {"stop", "place", "bracket", "aside", "joint"}
            or (size >= RUN and token.sort == "word")
            or size > RUN
        ):
            break
        begin = token.start
        size = tokens[0].end - begin
        others += token.sort == "other"
    if tokens[0].end - begin > RUN and text[begin - 1 : begin + 1] in read_toml("grammar.toml")["scan"]["pairs"]:
        # 中新|昆承湖
        begin, others = begin + 1, others - 1
    if tokens[0].end - begin > RUN and (text[begin] == "沿" or (text[begin] == "环" and noun.category != "road")):
        # 沿|青阳港, 环|阳山: where, not what.
        begin, others = begin + 1, others - 1
    return begin, others


def _of_one_word(text: str, tokens: Sequence[Token], noun: Noun, end: int) -> Built | None:
    """Return a name of one general word (前进路): a road where nothing leans on it, others in a list of their kind."""
    nearest = tokens[0]
    surface = text[nearest.end : end]
    if noun.strict or nearest.end - nearest.start != RUN:
        return None
    leads = len(tokens) == 1 or tokens[1].sort in {"stop", "place"}
    heads = opens(text, nearest)
    if noun.category == "road" and (heads or (leads and not (len(tokens) == 1 and nearest.sort == "stop"))):
        return Built(nearest.start, end, "plain", noun.category, 0.5, f"a general word with {surface}")
    listed = nearest.sort == "word" and text[nearest.start - 1 : nearest.start] in _LIST_MARKS
    if noun.category in _LISTED and listed:
        reason = f"{text[nearest.start : end]} in a list of names"
        return Built(nearest.start, end, "plain", noun.category, IN_LIST, reason)
    return None


def _water_before(tokens: Sequence[Token], position: int) -> Hit | None:
    """Return the lake or river that ends where a name begins."""
    return next(
        (token.hit for token in tokens if token.end == position and token.hit and token.hit.entry.category in _WATERS),
        None,
    )


__all__ = ["IN_LIST", "build_plain"]
