"""Where a name may break into two lines: between words, never inside one."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

_WORDS: Final = Path(__file__).with_name("words.toml")
_AFTER: Final = " —–-、，"
"""After these a name breaks first."""
_BEFORE_OPEN: Final = "（(“《"
_NEVER_FIRST: Final = "）)”》、，·—–-"
_COUNTED: Final = re.compile(r"\d[\d.]*\s*[号条个期段路道国省县座米公平万亿%]")
_LATIN: Final = re.compile(r"[0-9A-Za-z\u00c0-\u024f'’.&/]+(?: [0-9A-Za-z\u00c0-\u024f'’.&/]+)*")
_FIRST_CJK: Final = 0x2E80
_NEAR: Final = 0.3
"""Distance of a break from the middle, in lengths of the name, up to which a dash or comma is taken before others."""


@cache
def _words() -> frozenset[str]:
    return frozenset(tomllib.loads(_WORDS.read_text("utf-8"))["words"])


def break_name(text: str) -> tuple[str, ...]:
    """Break a name into two lines near its middle; one line where it cannot break.

    A name breaks after a dash, comma or (in English) a space; else between two words, as far as they are known.

    Parameters
    ----------
    text
        A name.
    """
    middle = len(text) / 2.0
    chinese = any(ord(c) >= _FIRST_CJK for c in text)
    if not chinese:
        at = _nearest([i + 1 for i, c in enumerate(text[:-1]) if c in _AFTER], middle)
        return (text,) if at is None else (text[:at].rstrip(), text[at:])
    inside = _inside(text)
    inner = [i for i in range(2, len(text) - 1) if i not in inside]
    said = _nearest([i for i in inner if text[i - 1] in _AFTER and text[i - 1] != " "], middle)
    if said is not None and abs(said - middle) <= len(text) * _NEAR:
        return text[:said], text[said:]
    at = _nearest(inner, middle)
    return (text,) if at is None else (text[:at].rstrip(), text[at:].lstrip())


def _nearest(places: list[int], middle: float) -> int | None:
    """Return the place nearest to the middle; of two the later, for a first line may be the longer one."""
    return min(places, key=lambda i: (abs(i - middle), -i), default=None)


def _inside(text: str) -> set[int]:
    """Return the places inside words, numbers with what they count, and Latin, and those before closing marks."""
    held: set[int] = set()
    known = _words()
    longest = max(map(len, known))
    for start in range(len(text)):
        for end in range(start + 2, min(len(text), start + longest) + 1):
            if text[start:end] in known:
                held.update(range(start + 1, end))
    for pattern in (_COUNTED, _LATIN):
        for found in pattern.finditer(text):
            held.update(range(found.start() + 1, found.end()))
    held |= {i for i in range(1, len(text)) if text[i] in _NEVER_FIRST or text[i - 1] in _BEFORE_OPEN}
    return held
