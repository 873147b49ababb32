"""The style of the atlas: one file that the web map and the printed sheets share, checked and typed.

``layers/style.toml`` holds every colour, width, dash and type size. Lengths are mm on paper, text and lines pt,
opacities 0 to 1, dashes multiples of the line width. A theme stores only what differs from the light one.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from layers.colours import ComponentColour, component_colours, contrast, is_areal, role_colours
from layers.style_records import Arrow, Page, Pattern, PatternSize, Shape, Style

__all__ = [
    "PATH", "Arrow", "ComponentColour", "Page", "Pattern", "PatternSize", "Shape", "Style", "component_colours",
    "contrast", "is_areal", "load_style", "role_colours",
]  # fmt: skip

PATH = Path(__file__).with_name("style.toml")


def _merge(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """Return `base` with the entries of `change`, table by table."""
    merged = dict(base)
    for key, value in change.items():
        old = merged.get(key)
        merged[key] = _merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


@cache
def load_style(theme: str = "light") -> Style:
    """Read the style file for a theme.

    Parameters
    ----------
    theme
        ``light``, or a theme of the file's ``[themes]``.

    Raises
    ------
    ValueError
        If the theme is unknown, or an entry of the file is missing, misspelt or out of range.
    """
    raw = tomllib.loads(PATH.read_text(encoding="utf-8"))
    themes = raw.pop("themes", {})
    known = (raw["name"], *themes)
    if theme not in known:
        msg = f"expected a theme out of {', '.join(known)}, got {theme!r}"
        raise ValueError(msg)
    try:
        return msgspec.convert(_merge(raw, themes.get(theme, {})), Style)
    except msgspec.ValidationError as error:
        msg = f"{PATH.name}, theme {theme}: {error}; correct that entry"
        raise ValueError(msg) from error
