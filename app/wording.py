"""The words of the interface: one catalogue per language, a file a page in ``app/texts/<language>/``."""

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
        self.texts: dict[str, str] = {}
        for file in sorted((FOLDER / lang).glob("*.toml")):
            found = _flatten(tomllib.loads(file.read_text(encoding="utf-8")))
            if twice := self.texts.keys() & found.keys():
                msg = f"{file.name}: expected keys that no other file of {lang} has, got {sorted(twice)} again"
                raise ValueError(msg)
            self.texts |= found

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
