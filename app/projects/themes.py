"""How the themes of projects look on the map and in the chart. The table is ``projects_themes.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from app.text.families import symbol_swatch

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from app.wording import Words

_FILE: Final = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True, kw_only=True, slots=True)
class ThemeLook:
    """The look of a theme.

    Attributes
    ----------
    symbol
        Form on the map; see ``app/map/points.js``.
    pattern
        ``solid``, ``dots``, ``cross`` or ``lines``; see ``projects_chart.html``.
    """

    id: str
    ink: str
    tint: str
    symbol: str
    pattern: str


@cache
def read_looks() -> Mapping[str, ThemeLook]:
    """Return the looks by theme, in order."""
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {key: msgspec.convert({"id": key, **table}, ThemeLook) for key, table in tables.items()}


def theme_swatch(theme: str) -> str:
    """Return the symbol that a theme has on the map, as a data URI."""
    look = read_looks()[theme]
    return symbol_swatch(look.symbol, look.ink)


def describe_themes(found: Collection[str], words: Words) -> list[dict[str, Any]]:
    """Return the rows of the legend for the themes that a map shows as points."""
    return [
        {"image": theme_swatch(each), "text": words(f"projects.themes.{each}"), "none": False}
        for each in read_looks()
        if each in found
    ]
