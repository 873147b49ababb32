"""The words of the interface: one catalogue per language, ``app/texts/<language>.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "texts"
LANGUAGES: Final = ("zh", "en")


class Words:
    """The words of one language.

    Called with a key it gives the text, with blanks filled; a word of a table is asked for as ``roles.core``.
    """

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.texts = _flatten(tomllib.loads((FOLDER / f"{lang}.toml").read_text(encoding="utf-8")))

    def __call__(self, key: str, **blanks: object) -> str:
        """Return the text of a key.

        Raises
        ------
        KeyError
            If the catalogue has no such key, or a blank is left unfilled.
        """
        return self.texts[key].format(**blanks) if blanks else self.texts[key]

    def pick(self, record: Any, stem: str) -> str:
        """Return ``<stem>_en`` of a record in English where it is known, else ``<stem>_zh``."""
        return str((self.lang == "en" and record[f"{stem}_en"]) or record[f"{stem}_zh"] or "")


def _flatten(table: dict[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat |= _flatten(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat


@cache
def words(lang: str) -> Words:
    """Return the words of a language."""
    return Words(lang)
