"""Words of the sheets, one catalogue a language: ``words.zh.toml`` and ``words.en.toml``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

from layers.drawing.names import Lang

if TYPE_CHECKING:
    from collections.abc import Sequence

_HERE: Final = Path(__file__).parent
BOTH: Final = "both"


@dataclass(frozen=True, slots=True)
class Words:
    """The catalogue of one language; of two where a sheet speaks both, the first one then leads.

    Attributes
    ----------
    lang
        The language, of a bilingual sheet the one that leads.
    table
        Words by key.
    second
        The catalogue of the other language of a bilingual sheet.
    """

    lang: Lang
    table: dict[str, Any]
    second: Words | None = None

    def __call__(self, key: str, **blanks: object) -> str:
        """Return a word; ``table.key`` reaches into a table. A missing word or blank is an error."""
        value: Any = self.table
        for part in key.split("."):
            value = value[part]
        return str(value).format(**blanks)


@cache
def read_words(lang: str) -> Words:
    """Read the catalogue of a language, ``zh`` or ``en``, or of ``both``.

    Raises
    ------
    ValueError
        If there is no such language.
    """
    if lang == BOTH:
        return replace(read_words("zh"), second=read_words("en"))
    for known in get_args(Lang):
        if lang == known:
            return Words(known, tomllib.loads((_HERE / f"words.{lang}.toml").read_text(encoding="utf-8")))
    msg = f"expected a language out of {', '.join((*get_args(Lang), BOTH))}, got {lang!r}"
    raise ValueError(msg)


def join_names(names: Sequence[str], words: Words) -> str:
    """Return names as a list; with semicolons where one of them holds a comma itself."""
    comma = words("list_comma")
    return (words("stop") if any(comma in name for name in names) and words.lang == "en" else comma).join(names)


def component_name(name: str) -> str:
    """Return a name without what follows in brackets."""
    return re.sub(r"\s*[（(].*?[）)]", "", name)
