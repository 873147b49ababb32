"""Class nouns: what a name's ending says of it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from gazetteer.reading.tables import read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gazetteer.place import Category


@cache
def read_endings() -> Mapping[str, Category]:
    """Return the category of each class noun of names."""
    return {
        noun: table["category"]
        for table in read_toml("grammar.toml")["class"]
        for noun in table["nouns"]
        if table["kind"] != "mask"
    }


def tell_category(name: str) -> Category | None:
    """Return the category that the longest class noun at the end of a name tells; a noun alone tells none."""
    endings = read_endings()
    return next((endings[name[cut:]] for cut in range(1, len(name)) if name[cut:] in endings), None)
