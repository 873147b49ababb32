"""What slides, pages and the atlas say of components in words: one record a component, and the words themselves."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geodata.numbers import write_kilometres
from geodata.workspace import kept_until_change
from layers.bureau import read_bureau
from layers.catalogue import find_plan
from layers.drawing import anchor_numbers
from layers.opening import open_layer
from layers.style import load_style
from layers.web.cards import tell_layer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from layers.model import Layer

_HERE: Final = Path(__file__).parent
LANGUAGES: Final = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    lang: str
    table: dict[str, Any]

    def __call__(self, key: str, **blanks: object) -> str:
        """Return a word; ``table.key`` reaches into a table. A missing word or blank is an error."""
        value: Any = self.table
        for part in key.split("."):
            value = value[part]
        return str(value).format(**blanks)

    def pick(self, record: dict[str, Any], stem: str) -> str:
        """Return ``<stem>_en`` of a record in English where it is known, else ``<stem>_zh``."""
        return str((self.lang == "en" and record[f"{stem}_en"]) or record[f"{stem}_zh"] or "")


@cache
def read_words(lang: str) -> Words:
    """Return the words of a language; a sheet in both languages is told in Chinese."""
    lang = lang if lang in LANGUAGES else LANGUAGES[0]
    return Words(lang, tomllib.loads((_HERE / f"words.{lang}.toml").read_text(encoding="utf-8")))


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A component in words."""

    fid: str
    number: int | None
    """Its numeral on the map, if it is drawn as a numbered anchor."""
    title: str
    english: str
    """The English name beside a Chinese title, else ``""``."""
    role: str
    basis: str
    """The basis in words."""
    basis_id: str
    located: bool
    colour: str
    members: str
    facts: tuple[tuple[str, str], ...]
    """What there is to say: heading and text."""

    @property
    def alternative(self) -> str:
        """The component in one line, for who cannot see it."""
        return "; ".join(filter(None, (f"{self.role}, {self.basis}", self.members)))


def tell_components(
    layer: Layer, *, words: Words, metres_per_mm: float, numbers: Mapping[int, int] | None = None
) -> list[Told]:
    """Return the components of a layer in words, in the plan's order.

    Parameters
    ----------
    metres_per_mm
        Scale of the sheet, which decides what is drawn as a numbered anchor.
    numbers
        Numerals on a sheet, by component; those of the anchors by default.
    """
    card = _card(layer)
    if numbers is None:
        numbers = anchor_numbers(layer, style=load_style(), metres_per_mm=metres_per_mm)
    return [_tell(each, card, words, number=numbers.get(each["no"])) for each in card["components"]]


def _card(layer: Layer) -> dict[str, Any]:
    return _card_of(layer.id)


@kept_until_change
@lru_cache(maxsize=512)
def _card_of(layer_id: str) -> dict[str, Any]:
    return tell_layer(open_layer(layer_id), style=load_style())


def _tell(each: dict[str, Any], card: dict[str, Any], words: Words, *, number: int | None) -> Told:
    comma = words("comma")
    members = comma.join(
        words("member", name=(words.lang == "en" and m["name_en"]) or m["name"], extent=words(f"extent.{m['extent']}"))
        for m in each["members"]
    )
    project = each["project"] or {}
    chapter = words.pick(project, "chapter") if project else words.pick(card, "chapter")
    facts = {
        "theme": words.pick(each, "theme"),
        "members": members,
        "extent": words.pick(each, "extent"),
        "status": f"{project['status_zh']} {project['size_zh']}".strip() if project else "",
        "stated": "" if each["stated_km2"] is None else f"{each['stated_km2']:g} km²",
        "drawn": "" if each["drawn_km2"] is None else f"{each['drawn_km2']:.3g} km²",
        "accuracy": ""
        if each["accuracy_m"] is None
        else words("about_km", km=write_kilometres(max(100.0, each["accuracy_m"]))),
        "where": words("chapter_lines", chapter=chapter, lines=each["lines"]) if each["lines"] else chapter,
        "how": words.pick(each, "how"),
        "source": each["source"],
    }
    return Told(
        fid=each["fid"],
        number=number,
        title=words.pick(each, "name"),
        english=each["name_en"] if words.lang == "zh" else "",
        role=words(f"role.{each['role']}"),
        basis=words(f"basis.{each['basis']}"),
        basis_id=each["basis"],
        located=each["basis"] != "unlocated",
        colour=each["colour"]["colour"],
        members=members,
        facts=tuple((words(f"fact.{key}"), text) for key, text in facts.items() if text),
    )


def tell_alternatives(layers: Sequence[Layer], *, words: Words, metres_per_mm: float) -> dict[str, tuple[str, str]]:
    """Return title and alternative text of all components by ``<layer>#<number>``."""
    return {
        told.fid: (told.title, told.alternative)
        for layer in layers
        for told in tell_components(layer, words=words, metres_per_mm=metres_per_mm)
    }


def notice_of(words: Words) -> str:
    """Return what a page says of its review: the bureau's review number, or that it has none."""
    number = read_bureau().review_number
    return words("review_number", number=number) if number else words("notice")


def plan_title(layer: Layer, *, words: Words) -> str:
    """Return the title of a layer's plan."""
    plan = find_plan(layer.structure.plan)
    return plan.title_en if words.lang == "en" else plan.title_zh


def layer_title(layer: Layer, *, words: Words) -> str:
    """Return the name of a layer's structure."""
    structure = layer.structure
    return structure.name_en if words.lang == "en" else structure.name_zh
