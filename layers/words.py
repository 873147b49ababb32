"""How a component was drawn, in Chinese and English: sentences with blanks, kept in ``layers/words.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

WORDS_FILE: Final = Path(__file__).parent / "words.toml"


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(WORDS_FILE.read_text(encoding="utf-8"))


def say(key: str, *, zh: dict[str, Any] | None = None, en: dict[str, Any] | None = None) -> tuple[str, str]:
    """Return a sentence in both languages.

    Parameters
    ----------
    key
        Table of ``layers/words.toml``.
    zh, en
        What fills the blanks of either sentence; ``en`` falls back on ``zh``.

    Raises
    ------
    KeyError
        If there is no such sentence, or a blank is left unfilled.
    """
    sentence = _words()[key]
    zh = zh or {}
    return sentence["zh"].format(**zh), sentence["en"].format(**(en or zh))


def word(key: str, *, lang: str) -> str:
    """Return a word without blanks in one language (``zh`` or ``en``)."""
    return _words()[key][lang]
