"""Chapters of a plan's text, found by how plans number them; lines of a table of contents are left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBER: Final = "[一二三四五六七八九十百零〇两0-9 ]{1,6}"
_MARKUP: Final = re.compile(r"\[bookmark:[^\]]*\]|</?[a-zA-Z][^<>]{0,40}>|[#*|]+")
_LEVELS: Final = (
    re.compile(rf"第{_NUMBER}[篇编](?![章节幅])"),
    re.compile(rf"第{_NUMBER}章"),
    re.compile(rf"第{_NUMBER}节"),
)
_NUMBERED: Final = re.compile(r"[一二三四五六七八九十]{1,3}、")
"""Reports without chapters number their parts so."""
_CONTENTS: Final = re.compile(r"(\.{2,}|…|·{3,}|\t|\|)[\s.…·|]*\d{1,4}\s*\|?\s*$|[^\d年月]\s*\d{1,3}\s*$")
_LONGEST: Final = 60
"""Characters of a heading; a longer line is a sentence."""
_FAR: Final = 1000
"""Characters of a line that are looked at; bookmarks may stand before a heading."""
_LONGEST_PART: Final = 40
_SAME: Final = 9
"""So many characters of two titles agree if they are one: the number and a few more."""
_SENTENCE: Final = ("。", "；", "，", "：", ":")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading and the lines under it."""

    line: int
    """Line of the heading, from 1."""
    end: int
    """Last line that belongs to it."""
    level: int
    """0 for a part, 1 for a chapter, 2 for a section."""
    title: str


def find_chapters(lines: Sequence[str]) -> tuple[Chapter, ...]:
    """Return the parts, chapters and sections of a text, in order.

    Parameters
    ----------
    lines
        The text's lines; line 1 comes first.
    """
    heads = [head for number, line in enumerate(lines, start=1) if (head := _read_head(number, line)) is not None]
    if not any(level < 2 for _, level, _ in heads):  # noqa: PLR2004 - 2 is the level of a section
        heads += [
            (number, 1, title)
            for number, line in enumerate(lines, start=1)
            if _NUMBERED.match(title := _clean(line)) and len(title) <= _LONGEST_PART
            and not title.endswith(_SENTENCE) and not _CONTENTS.search(line)
        ]  # fmt: skip
        heads.sort()
    heads = _without_contents(heads)
    chapters = []
    for position, (number, level, title) in enumerate(heads):
        following = (other for other, deeper, _ in heads[position + 1 :] if deeper <= level)
        chapters.append(Chapter(number, next(following, len(lines) + 1) - 1, level, title))
    return tuple(chapters)


def _without_contents(heads: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Drop headings of a table of contents without page numbers: a title that comes again is told where it stands last.

    Sections begin anew in every chapter, so only the titles of parts and chapters are compared.
    """
    last = {title[:_SAME].replace(" ", ""): number for number, level, title in heads if level < 2}  # noqa: PLR2004
    begin = min((number for number in last.values()), default=0)
    return [
        head for head in heads
        if (head[1] == 2 and head[0] > begin) or last.get(head[2][:_SAME].replace(" ", ""), head[0]) == head[0]  # noqa: PLR2004
    ]  # fmt: skip


def _clean(line: str) -> str:
    return re.sub(r"\s+", " ", _MARKUP.sub(" ", line[:_FAR])).strip()


def _read_head(number: int, line: str) -> tuple[int, int, str] | None:
    if "第" not in line[:_FAR]:
        return None
    title = _clean(line)
    if len(title) > _LONGEST or title.endswith(_SENTENCE) or _CONTENTS.search(line.rstrip()):
        return None
    for level, pattern in enumerate(_LEVELS):
        if pattern.match(title):
            return number, level, title
    return None
