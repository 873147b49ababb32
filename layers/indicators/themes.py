"""What a plan says differently of each of its areas: words by area, grouped into a few classes, for thematic maps."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping  # noqa: TC003 - the reader of the tables looks at it
from dataclasses import dataclass
from functools import cache

import msgspec

from layers.indicators.reading import FOLDER


@dataclass(frozen=True, kw_only=True, slots=True)
class ThemeWord:
    """A word of the plan for an area, and the class that it is grouped into."""

    zh: str
    en: str
    class_: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ThemeValue:
    """What the plan says of one area."""

    place: str
    line: int
    words: tuple[ThemeWord, ...]

    @property
    def classes(self) -> frozenset[str]:
        """The classes of its words."""
        return frozenset(word.class_ for word in self.words)


@dataclass(frozen=True, kw_only=True, slots=True)
class Theme:
    """A question that a plan answers area by area.

    Attributes
    ----------
    structure
        Layer id of the structure that has the areas' shapes.
    several
        Whether an area may have several classes: then each class is a map of its own, else one map shows all.
    classes
        Class to language (``zh``, ``en``) to words.
    """

    id: str
    structure: str
    name_zh: str
    name_en: str
    note_zh: str
    note_en: str
    several: bool
    classes: Mapping[str, Mapping[str, str]]
    values: tuple[ThemeValue, ...]


@cache
def read_themes() -> Mapping[str, Theme]:
    """Return the themes by id.

    Raises
    ------
    ValueError
        If a word has a class that its theme does not declare.
    """
    path = FOLDER / "themes.toml"
    themes = {}
    for key, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
        values = [
            value | {"words": [{"class_" if name == "class" else name: text for name, text in word.items()}
                               for word in value["words"]]}
            for value in table.pop("value")
        ]  # fmt: skip
        theme = msgspec.convert(table | {"id": key, "values": values}, Theme)
        if unknown := {each for value in theme.values for each in value.classes} - set(theme.classes):
            msg = f"{path.name} [{key}]: expected the classes {sorted(theme.classes)}, got also {sorted(unknown)}"
            raise ValueError(msg)
        themes[key] = theme
    return themes
