"""The page frame of a bureau: its name, logo, colour, font and review number, from ``plan-atlas.toml``.

All in one place, table ``[sheet]``: ``name``, ``name_en``, ``logo`` (PNG or JPEG), ``colour`` (#RRGGBB), ``font`` (a
font file), ``review_number``. Paths count from the file's own folder. Without the table sheets are the atlas's own.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final

import msgspec

PATH: Final = Path(__file__).parents[1] / "plan-atlas.toml"


class Bureau(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a bureau sets for its sheets; all empty by default.

    Attributes
    ----------
    name, name_en
        Named beside the date.
    logo
        Picture at the upper right, 9 mm high.
    colour
        Of a bar along the upper edge of the page.
    font
        Font file that is used before all others; the environment variable PLAN_ATLAS_FONT goes before it.
    review_number
        Of the map as reviewed: printed instead of the notice that the map is for internal work.
    """

    name: str = ""
    name_en: str = ""
    logo: str = ""
    colour: Annotated[str, msgspec.Meta(pattern="^(#[0-9A-Fa-f]{6})?$")] = ""
    font: str = ""
    review_number: str = ""

    def path_of(self, name: str) -> Path:
        """Return the file that a setting names.

        Raises
        ------
        ValueError
            If there is no such file.
        """
        path = PATH.parent / name
        if not path.is_file():
            msg = f"{PATH.name}, [sheet]: expected a file, got {name!r}, and there is none at {str(path)!r}"
            raise ValueError(msg)
        return path


def read_bureau() -> Bureau:
    """Return the bureau's settings, read anew when the file changes.

    Raises
    ------
    ValueError
        If the file is no TOML, or a setting is misspelt or of the wrong kind.
    """
    return _read(PATH, PATH.stat().st_mtime_ns if PATH.is_file() else 0)


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> Bureau:
    if not changed:
        return Bureau()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get("sheet", {})
        return msgspec.convert(table, Bureau)
    except (ValueError, msgspec.ValidationError) as error:
        msg = f"{path.name}, [sheet]: {error}; correct that setting"
        raise ValueError(msg) from error
