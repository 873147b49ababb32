"""Words of the sheets, one catalogue a language: ``words.zh.toml`` and ``words.en.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, get_args

from layers.drawing.names import Lang

_HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Words:
    """The catalogue of one language."""

    lang: Lang
    table: dict[str, Any]

    def __call__(self, key: str, **blanks: object) -> str:
        """Return a word; ``table.key`` reaches into a table. A missing word or blank is an error."""
        value: Any = self.table
        for part in key.split("."):
            value = value[part]
        return str(value).format(**blanks)


@cache
def read_words(lang: Lang) -> Words:
    """Read the catalogue of a language.

    Raises
    ------
    ValueError
        If there is no such language.
    """
    if lang not in get_args(Lang):
        msg = f"expected a language out of {', '.join(get_args(Lang))}, got {lang!r}"
        raise ValueError(msg)
    return Words(lang, tomllib.loads((_HERE / f"words.{lang}.toml").read_text(encoding="utf-8")))
