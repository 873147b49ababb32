"""Texts made even for matching, with the way back to the text as it is.

Blanks inside a line, mark-up and bookmarks go; widths, dashes and a few variant characters become one. Every character
that stays remembers where it stood.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from gazetteer.reading.tables import read_toml

# One character for one: offsets stay.
_TABLE: Final[dict[str, str]] = (
    {chr(0xFF01 + i): chr(0x21 + i) for i in range(94) if chr(0x21 + i) not in "(),:;!?"}
    | dict.fromkeys("-‐‑‒–―－─", "—")
    | dict.fromkeys("•‧∙・", "·")
    | dict.fromkeys("(", "（")
    | dict.fromkeys(")", "）")
    | dict.fromkeys(map(chr, range(0xD800, 0xE000)), "\ufffd")
    | {"環": "环", "\u3000": " ", "\u00a0": " ", "\r": " ", "「": "“", "」": "”", "\x00": " "}
)
_FEW: Final = 50
_GOES_ON: Final = r"(?:[ \t]*\n)?(?=[一-鿿])(?!第[一二三四五六七八九十百\d]+[章节篇条]|专栏|[图表附])"
"""After a line feed, or the empty line of a page's end: the next line is no heading."""
_WRAPPED: Final = 20
"""Characters of the shortest line that may go on in the next; headings are shorter."""
# Every branch begins with a character of its own, which makes the search several times as fast.
_MARKUP: Final = re.compile(
    r"\[bookmark:[^\[\]\n]{0,80}\]|</?[a-zA-Z][^<>\n]{0,40}>|\*\*| (?<=[^ \t\n] )(?![ \t\n])"
    + "".join(rf"|{blanks}\n(?<=[一-鿿]{blanks}\n){_GOES_ON}" for blanks in ("", " ", "  "))
)
_LATIN: Final = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Folded:
    """An even text and the way back."""

    text: str
    breaks: tuple[int, ...]
    """Positions in the even text before which something was taken out."""
    removed: tuple[int, ...]
    """How many characters have gone up to each of these positions."""

    def original(self, position: int) -> int:
        """Return where the character at a position of the even text stands in the text as it is."""
        index = bisect_right(self.breaks, position)
        return position + (self.removed[index - 1] if index else 0)


def fold_name(name: str) -> str:
    """Return a name as it looks in an even text."""
    return fold(name).text


def fold(text: str) -> Folded:
    """Make a text even.

    Parameters
    ----------
    text
        The text as it is.
    """
    even = text
    present = sorted(set(text) & _TABLE.keys())
    if len(present) > _FEW:
        even = text.translate({ord(character): one for character, one in _TABLE.items()})
    else:
        # One sweep for each of a few characters is faster than a look into the table for each character of the text.
        for character in present:
            even = even.replace(character, _TABLE[character])
    for misprint, right in read_toml("exceptions.toml")["misprints"].items():
        even = even.replace(misprint, right)
    pieces: list[str] = []
    breaks: list[int] = []
    sizes: list[int] = []
    last, length = 0, 0
    for match in _MARKUP.finditer(even):
        start, end = match.span()
        if even[start] == " " and _between_words(even, start):
            continue
        if "\n" in match.group() and start - even.rfind("\n", 0, start) <= _WRAPPED:
            continue
        pieces.append(even[last:start])
        length += start - last
        breaks.append(length)
        sizes.append(end - start)
        last = end
    pieces.append(even[last:])
    return Folded("".join(pieces), tuple(breaks), tuple(accumulate(sizes)))


def _between_words(text: str, position: int) -> bool:
    """Whether a blank parts two words in Latin letters."""
    before, after = text[position - 1 : position], text[position + 1 : position + 2]
    return bool(_LATIN.match(before) and _LATIN.match(after))
