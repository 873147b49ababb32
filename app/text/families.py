"""Families of categories: how a place is marked in the text and on the map. The table is ``text_families.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import msgspec

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from app.wording import Words

_FILE: Final = Path(__file__).with_suffix(".toml")
_SIDE: Final = 16
# Symbols around (0, 0), 10 units across; ``app/map/points.js`` draws the same forms.
_SYMBOLS: Final = {
    "disc": '<circle r="5"/>',
    "square": '<path d="M-4.5-4.5h9v9h-9z"/>',
    "drop": '<path d="M0-7C3-2.5 5-.5 5 2A5 5 0 0 1-5 2C-5-.5-3-2.5 0-7z"/>',
    "cross": '<path d="M-2-6h4v4h4v4h-4v4h-4v-4h-4v-4h4z"/>',
    "diamond": '<path d="M0-6.4 6.4 0 0 6.4-6.4 0z"/>',
    "triangle": '<path d="M0-6 6 5H-6z"/>',
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """Categories that look alike."""

    id: str
    categories: tuple[str, ...]
    ink: str
    tint: str
    line: str
    """``solid``, ``dashed``, ``wavy``, ``double``, ``dotted`` or ``box``."""
    symbol: str


@cache
def read_families() -> Mapping[str, Family]:
    """Return the families by id, in order."""
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {key: msgspec.convert({"id": key, **table}, Family) for key, table in tables.items()}


@cache
def families_by_category() -> Mapping[str, Family]:
    """Return the family of each category."""
    return {category: family for family in read_families().values() for category in family.categories}


@cache
def family_swatch(name: str) -> str:
    """Return the symbol that a family has on the map, as a data URI."""
    family = read_families()[name]
    return symbol_swatch(family.symbol, family.ink)


def symbol_swatch(symbol: str, ink: str) -> str:
    """Return a symbol of the map (``disc``, ``square``, ...) in a colour, as a data URI."""
    half = _SIDE / 2
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-half} {-half} {_SIDE} {_SIDE}">'
        f'<g fill="{ink}" stroke="#fff" stroke-width="1">{_SYMBOLS[symbol]}</g></svg>'
    )
    return "data:image/svg+xml," + quote(svg)


def describe_families(found: Collection[str], words: Words) -> list[list[dict[str, Any]]]:
    """Return the legend of the families that a map shows: one block of rows in the families' order, or none."""
    rows = [
        {"image": family_swatch(each), "text": words(f"text.families.{each}"), "none": False}
        for each in read_families()
        if each in found
    ]
    return [rows] if rows else []


def family_style() -> str:
    """Return the style sheet of the marks: ``.mark.<family>``."""
    rules = []
    for family in read_families().values():
        form = (
            f"box-shadow: inset 0 0 0 1px {family.ink}; text-decoration: none; border-radius: 2px"
            if family.line == "box"
            else f"text-decoration: underline {family.line} {family.ink} "
            f"{'2px' if family.line in ('solid', 'dotted', 'dashed') else '1.3px'}"
        )
        rules.append(f".mark.{family.id} {{ color: {family.ink}; background: {family.tint}; {form}; }}")
    return "\n".join(rules)
