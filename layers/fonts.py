"""Fonts of the printed sheets: find a Chinese family, measure with it, and refuse texts it cannot set.

System fonts come first, in the order of preference; the packaged font is the last resort, so that a bare machine
draws sheets too. It has no bold face: bold is then drawn with a thin stroke.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from matplotlib.font_manager import FontPath, FontProperties, fontManager
from matplotlib.ft2font import FT2Font, LoadFlags

from layers.bureau import read_bureau

if TYPE_CHECKING:
    from collections.abc import Iterable

SANS: Final = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
)
SERIF: Final = ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Source Han Serif CN")
VARIABLE: Final = "PLAN_ATLAS_FONT"
"""Environment variable: path of a font file that is used before all others."""
_PACKAGE: Final = ("noto_cjk_sans_otc", "NotoSansCJK-Regular.ttc")
_MM_PER_PT: Final = 25.4 / 72.0
_IGNORED: Final = frozenset("\n\u200b")


class MissingGlyphError(ValueError):
    """A text needs characters that the font does not have."""


@dataclass(frozen=True, slots=True)
class Face:
    """One face of a font: where it is, and whether its bold has to be imitated by a stroke."""

    family: str
    properties: FontProperties
    path: str
    index: int
    imitate_bold: bool = False


@cache
def face(*, bold: bool = False, serif: bool = False) -> Face:
    """Return the best face there is.

    Raises
    ------
    RuntimeError
        If neither the system nor the packaged font is there.
    """
    _add_configured()
    families = (*SERIF, *SANS) if serif else SANS
    for family in (*_configured_family(), *families):
        found = _find(family, bold=bold)
        if found is not None:
            return found
    package, name = _PACKAGE
    try:
        path = files(package) / name
    except ModuleNotFoundError as error:
        msg = (
            f"expected a Chinese font out of {', '.join(SANS)} on this system or the package noto-cjk-sans-otc, got "
            f"none; install fonts-noto-cjk or name a font file in {VARIABLE}"
        )
        raise RuntimeError(msg) from error
    fontManager.addfont(str(path))
    fallback = _find(SANS[0], bold=bold)
    if fallback is None:
        msg = f"{path} does not hold {SANS[0]!r}; reinstall noto-cjk-sans-otc"
        raise RuntimeError(msg)
    return fallback


def families(first: str) -> list[str]:
    """Return the families that a text may be set in where it is read, in the order of preference from the `first`."""
    return list(dict.fromkeys((first, *SANS)))


def _configured_path() -> str:
    """Return the font file that the environment names, else that of the bureau's settings, else ``""``."""
    named = read_bureau().font
    return os.environ.get(VARIABLE) or (str(read_bureau().path_of(named)) if named else "")


def _add_configured() -> None:
    path = _configured_path()
    if path:
        fontManager.addfont(path)


def _configured_family() -> tuple[str, ...]:
    path = _configured_path()
    return (FT2Font(path).family_name,) if path else ()


def _find(family: str, *, bold: bool) -> Face | None:
    """Return a face of a family, or None if the system does not have it."""
    wanted = FontProperties(family=[family], weight="bold" if bold else "regular")
    log = logging.getLogger("matplotlib.font_manager")
    level = log.level
    log.setLevel(logging.ERROR)  # a family without a bold face is no news: its bold is imitated
    try:
        found = fontManager.findfont(wanted, fallback_to_default=False)
    except ValueError:
        return None
    finally:
        log.setLevel(level)
    index = found.face_index if isinstance(found, FontPath) else 0
    properties = FontProperties(family=[family], weight="bold" if bold else "regular", fname=found)
    is_bold = "bold" in FT2Font(str(found), face_index=index).style_name.lower()
    return Face(family, properties, str(found), index, imitate_bold=bold and not is_bold)


@cache
def _open(path: str, index: int) -> FT2Font:
    return FT2Font(path, face_index=index)


@cache
def _advance(path: str, index: int, character: str) -> float:
    """Return the advance of a character in em; one em where there is no glyph, which `require_glyphs` will tell."""
    font = _open(path, index)
    if font.get_char_index(ord(character)) == 0:
        return 1.0
    return float(font.load_char(ord(character), flags=LoadFlags.NO_SCALE).horiAdvance) / font.units_per_EM


@lru_cache(maxsize=16384)
def _ems(path: str, index: int, text: str) -> float:
    """Return the width of a text in em."""
    return sum(_advance(path, index, c) for c in text if c not in _IGNORED)


def measure(text: str, *, size_pt: float, bold: bool = False, serif: bool = False) -> float:
    """Return the width of a text in mm."""
    chosen = face(bold=bold, serif=serif)
    return _ems(chosen.path, chosen.index, text) * size_pt * _MM_PER_PT


def missing_glyphs(texts: Iterable[str], *, bold: bool = False, serif: bool = False) -> str:
    """Return the characters of some texts that a face has no glyph for, each once, in order."""
    chosen = face(bold=bold, serif=serif)
    font = _open(chosen.path, chosen.index)
    characters = dict.fromkeys(c for text in texts for c in text if c not in _IGNORED)
    return "".join(c for c in characters if font.get_char_index(ord(c)) == 0)


def require_glyphs(texts: Iterable[str], *, bold: bool = False, serif: bool = False) -> None:
    """Refuse texts that a face cannot set.

    Raises
    ------
    MissingGlyphError
        Names the missing characters and the font.
    """
    missing = missing_glyphs(texts, bold=bold, serif=serif)
    if missing:
        chosen = face(bold=bold, serif=serif)
        codes = ", ".join(f"{c} (U+{ord(c):04X})" for c in missing)
        msg = f"{chosen.family} has no glyph for {codes}; install fonts-noto-cjk or name a fuller font in {VARIABLE}"
        raise MissingGlyphError(msg)
