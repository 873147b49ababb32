"""References to chapters in English: ``第二章第四、五节`` is ``chapter 2, sections 4, 5``; ``一（二）3`` is ``1(2)3``.

Plans head their chapters and count them in ways of their own; what is told is the count, as the plan has it. The words
beside the numbers are data: ``layers/chapters.toml``.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

_FILE: Final = Path(__file__).with_suffix(".toml")
_NUMERAL: Final = "[一二三四五六七八九十百]+"
_DIGITS: Final = "一二三四五六七八九"
_MARKS: Final = {"（": "(", "）": ")", "；": "; ", "、": ", ", "/": "; ", "，": ", ", "：": ": "}


@cache
def _table() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def tell_chapter(chapter: str, *, lang: str) -> str:
    """Return a reference to chapters in a language: as the plan counts it, or in English with figures."""
    return chapter if lang == "zh" else tell_chapter_en(chapter)


@cache
def tell_chapter_en(chapter: str) -> str:
    """Return a reference to chapters in English; what it does not know stays as it is."""
    units = _table()["units"]

    def told(found: re.Match[str]) -> str:
        numbers, unit = found[2], units[found[3]]
        several = re.search("[、至]", numbers) is not None
        numbers = re.sub(_NUMERAL, _arabic, numbers).replace("至", "–").replace("、", ", ")
        before = "" if not found[1] else f"{found[1]}, " if found[1] in units or found[1] in "）)" else found[1]
        return f"{before}{unit[several]} {numbers}{found[3]}"

    kinds = "".join(units)
    # A unit stays behind its number for a while, so that what follows it can be told from what stands alone.
    pattern = re.compile(rf"([{kinds}）)]?)第({_NUMERAL}(?:[、至]第?{_NUMERAL})*)([{kinds}])")
    text, before = chapter, ""
    while text != before:
        before = text
        text = pattern.sub(told, text, count=1)
    text = re.sub(rf"(?<=[{kinds}])(?={_NUMERAL})", ", ", text)
    text = re.sub(rf"(?<=\d)[{kinds}]", "", text)
    for word, english in _table()["words"].items():
        text = text.replace(word, english)
    text = re.sub(_NUMERAL, _arabic, text)
    for mark, plain in _MARKS.items():
        text = text.replace(mark, plain)
    text = re.sub(r"(?<=[a-z\d])\((?=[a-z])", " (", text)
    return re.sub(r"\s+", " ", text).replace(" ;", ";").replace(" ,", ",").strip()


def _arabic(found: re.Match[str]) -> str:
    """Return a Chinese numeral below one hundred in figures."""
    tens, ten, ones = found[0].rpartition("十")
    units = _DIGITS.index(ones) + 1 if ones else 0
    return str(units + (10 * (_DIGITS.index(tens) + 1 if tens else 1) if ten else 0))
