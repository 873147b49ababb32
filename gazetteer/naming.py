"""Names as keys: width, script and punctuation set aside, short forms made by the grammar of Chinese place names."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gazetteer.place import Place

_SEPARATORS: Final = re.compile(r"[\s\-‐-―_·•・,，、.。'’“”\"()（）【】《》<>/]+")

# Class nouns that speakers leave off, by category, longest first: 甪直镇 is 甪直, 吴中区 is 吴中.
_CLASS_NOUNS: Final[dict[str, tuple[str, ...]]] = {
    "city": ("市",),
    "county": ("市", "区", "县"),
    "town": ("街道", "镇"),
    "village": ("村",),
    "station": ("站",),
    "region": ("省", "地区"),
}
_SHORTEST_STEM: Final = 2


def normalise(name: str) -> str:
    """Return the key of a name: NFKC (full-width forms folded), case folded, blanks and punctuation gone.

    Traditional characters stay; see `simplify`.
    """
    key = name
    while (folded := _SEPARATORS.sub("", unicodedata.normalize("NFKC", key).casefold())) != key:
        # Taking a separator away may bring a letter and its accent together, which fold once more.
        key = folded
    return key


def simplify(name: str) -> str:
    """Return a name in simplified characters (OpenCC, phrase by phrase)."""
    return str(_converter().convert(name))


@cache
def _converter() -> Any:
    # Imported late: its tables take longer to load than a lookup that needs none of them.
    from opencc import OpenCC  # noqa: PLC0415

    return OpenCC("t2s")


def shorten(place: Place) -> Iterator[str]:
    """Yield the short forms of a place's name that its category allows."""
    for noun in _CLASS_NOUNS.get(place.category, ()):
        if place.name_zh.endswith(noun) and len(place.name_zh) - len(noun) >= _SHORTEST_STEM:
            yield place.name_zh.removesuffix(noun)
            break
