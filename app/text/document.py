"""A text that the reader of the page has opened: its places, its chapters, and which plan it is."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from app.text.outline import Chapter, find_chapters
from gazetteer import open_register, read
from layers.catalogue import read_plans

if TYPE_CHECKING:
    from gazetteer.reading import Mention

NO_PLAN: Final = "-"
_TITLE: Final = 600
"""Characters at the beginning of a text, where its title stands."""
_BLANKS: Final = re.compile(r"[\s*#<>b/|]+")
_DIGITS: Final = 10


@dataclass(frozen=True)
class Document:
    """A text with its places.

    Attributes
    ----------
    name
        File name, or "" for a text that was pasted.
    plan
        Id of the plan as which it was read, or None.
    shelf
        Whether the file comes from the folder of plans, so that an address can name it.
    """

    name: str
    text: str
    plan: str | None
    shelf: bool = False
    mentions: tuple[Mention, ...] = field(default=(), repr=False)

    @cached_property
    def digest(self) -> str:
        """Digest of the text."""
        return digest_of(self.text)

    @cached_property
    def lines(self) -> list[str]:
        """Lines; line 1 stands first."""
        return self.text.split("\n")

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        """Parts, chapters and sections, in order."""
        return find_chapters(self.lines)

    @cached_property
    def is_plans_own(self) -> bool:
        """Whether lines count as in the plan's own file, so that what structures say of lines holds here."""
        return self.plan is not None and self.name == read_plans()[self.plan].file_name

    def chapter_at(self, line: int) -> Chapter | None:
        """Return the innermost heading over a line."""
        over = [chapter for chapter in self.chapters if chapter.line <= line <= chapter.end]
        return over[-1] if over else None

    def section(self, line: int) -> tuple[int, int]:
        """Return the first and last line of the section that holds a line; of the whole text where there is none."""
        chapter = self.chapter_at(line)
        return (1, len(self.lines)) if chapter is None else (chapter.line, chapter.end)


def digest_of(text: str) -> str:
    """Return a short digest of a text."""
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()[:_DIGITS]


def recognise_plan(text: str, name: str) -> str | None:
    """Return the id of the plan that a text is, by its file name or the title at its beginning."""
    known = open_register().contexts
    for plan in read_plans().values():
        if plan.id in known and name and name == plan.file_name:
            return plan.id
    head = _BLANKS.sub("", text[:_TITLE])
    for plan in read_plans().values():
        if plan.id in known and _BLANKS.sub("", plan.title_zh) in head:
            return plan.id
    return None


def open_document(text: str, *, name: str, shelf: bool = False, plan: str = "") -> Document:
    """Read a text.

    Parameters
    ----------
    plan
        Id of a plan as which to read it, `NO_PLAN` for none, "" to recognise it.
    """
    if plan in open_register().contexts:
        chosen: str | None = plan
    else:
        chosen = None if plan == NO_PLAN else recognise_plan(text, name)
    return Document(
        name=name, text=text, plan=chosen, shelf=shelf, mentions=read(text, plan=chosen).mentions
    )  # fmt: skip
