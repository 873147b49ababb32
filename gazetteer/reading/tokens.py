"""The words left of a class noun: where a name may begin, and what ends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gazetteer.place import Category
    from gazetteer.reading.vocabulary import Entry, Vocabulary

Kind = Literal["compound", "bracketed", "line", "plain", "mask"]
Sort = Literal["place", "zone", "pair", "word", "stop", "other", "bracket", "aside", "joint"]

LONGEST: Final = 26
"""Characters; no name of a plan is longer."""
RUN: Final = 2
"""So many characters that are no general word make a specific part."""
_LONGEST_WORD: Final = 4
_FAMILY: Final = "家"
_ASIDE: Final = 3
_BRACKET: Final = 10
"""A bracket inside a name is no longer."""
_FULL: Final = ("市", "区", "县", "镇", "街道")


@dataclass(frozen=True, slots=True)
class Hit:
    """A string of the vocabulary in an even text."""

    start: int
    end: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Built:
    """A name built by grammar, or a stretch that is none (kind ``mask``)."""

    start: int
    end: int
    kind: Kind
    category: Category
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Token:
    """A word left of a class noun."""

    start: int
    end: int
    sort: Sort
    hit: Hit | None = None
    verb: bool = False
    """Whether it is a general word that may be a verb (创新)."""


@dataclass(frozen=True, slots=True)
class Noun:
    """A class noun; ``strict`` where the noun by itself is a general word (公路)."""

    kind: Kind | None
    category: Category
    strict: bool = False


def read_left(
    text: str,
    position: int,
    known: Mapping[int, Hit],
    within: Mapping[int, Hit],
    zones: Mapping[int, Hit] | None,
    vocabulary: Vocabulary,
    scan: Mapping[str, Any],
) -> list[Token]:
    """Return the words left of a position, from right to left, up to and with the first that ends or opens a name.

    Parameters
    ----------
    known
        Places by their ends.
    within
        Positions inside places.
    zones
        By their ends, short names of zones that are class nouns too; None where neither they nor pairs open a name.
    """
    tokens: list[Token] = []
    words = vocabulary.words
    limit = max(0, position - LONGEST)
    while position > limit:
        hit = known.get(position)
        if hit is not None and hit.start >= limit:
            tokens.append(Token(hit.start, position, "place", hit))
            position = hit.start
            continue
        if zones is not None:
            leading = _opening(text, position, zones, within, scan)
            if leading is not None:
                tokens.append(leading)
                break
        character = text[position - 1]
        if character == "）" and (opening := text.rfind("（", max(0, position - _BRACKET), position)) >= 0:
            if position - 1 not in known and (
                text[opening + 1 : position - 1] in words or position - opening <= _ASIDE
            ):
                # 工程（技术）研究中心, 产（企）业学院: no name.
                break
            tokens.append(Token(opening, position, "bracket" if position - 1 in known else "aside"))
            position = opening
            continue
        if character in scan["joints"] and position - 1 in known and tokens and tokens[-1].sort in {"place", "other"}:
            tokens.append(Token(position - 1, position, "joint"))
            position -= 1
            continue
        if not character.isalnum() or character.isdigit() or _counts(text, position, scan):
            break
        for length in range(min(_LONGEST_WORD, position), 1, -1):
            role = words.get(text[position - length : position])
            if role is not None and position - length not in within:
                break
        else:
            length, role = 1, None
        sort: Sort = "other" if role is None else "stop" if role == "boundary" else "word"
        if role is None and character in scan["boundary"] and not _of_family(text, position, scan):
            sort = "stop"
        tokens.append(Token(position - length, position, sort, verb=role == "verb"))
        if sort == "stop":
            break
        position -= length
    return tokens


def _opening(
    text: str, position: int, zones: Mapping[int, Hit], within: Mapping[int, Hit], scan: Mapping[str, Any]
) -> Token | None:
    """Return a zone's short name or a pair of lands that ends at a position; what stands before it is not looked at."""
    if (hit := zones.get(position)) is not None:
        return Token(hit.start, position, "zone")
    pair = _pair(text, position, scan)
    return Token(position - len(pair), position, "pair") if pair and position - len(pair) not in within else None


def _pair(text: str, position: int, scan: Mapping[str, Any]) -> str:
    """Return the two lands or cities that a name of cooperation opens with (中日, 沪昆), if it ends at a position."""
    if text[position - 1] not in scan["pair_ends"]:
        return ""
    return next((pair for pair in scan["pairs"] if text.endswith(pair, 0, position)), "")


def _of_family(text: str, position: int, scan: Mapping[str, Any]) -> bool:
    """Whether 家 is that of a family's place (沈家浜, 谢家路), no measure word (百家)."""
    before = text[position - 2 : position - 1]
    return (
        text[position - 1] == _FAMILY
        and before.isalpha()
        and before not in scan["numerals"]
        and before not in scan["boundary"]
    )


def _counts(text: str, position: int, scan: Mapping[str, Any]) -> bool:
    """Whether a number and its measure word stand before a position: 三大|特色功能区."""
    return position >= RUN and text[position - 1] in scan["measures"] and text[position - 2] in scan["numerals"]


def is_full(hit: Hit) -> bool:
    """Whether a place is named with its own class noun (相城区), so that it may be a mention of its own."""
    return hit.entry.category in {"city", "county", "town", "dev_zone"} and hit.entry.surface.endswith(_FULL)


def opens(text: str, token: Token) -> bool:
    """Whether a word stands at the beginning of its clause or right after a mark."""
    return token.start == 0 or text[token.start - 1] in "、，。；：—（“\n在至沿与和等"
