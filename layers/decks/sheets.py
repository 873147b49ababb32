"""From a drawn sheet to a slide's leaf."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.decks.leaf import Leaf
from layers.decks.notes import write_notes
from layers.decks.telling import read_words, tell_alternatives
from layers.sheet.item import Text
from layers.sheet.pages import find_page
from layers.style import load_style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.model import Layer
    from layers.sheet import Sheet


def leaf_of(sheet: Sheet, layers: Sequence[Layer], *, page: str, lang: str, theme: str) -> Leaf:
    """Return a sheet as a leaf, with speaker notes and the components' names."""
    size, tones = find_page(page), load_style(theme).text
    footer = [item.text for item in sheet.items if isinstance(item, Text) and item.part == "footer"]
    return Leaf(
        width=size.width,
        height=size.height,
        items=sheet.items,
        placed=sheet.placed,
        told=tell_alternatives(layers, words=read_words(lang), metres_per_mm=sheet.view.metres_per_mm),
        notes=write_notes(layers, lang=lang, metres_per_mm=sheet.view.metres_per_mm, footer=footer),
        background=tones.paper,
        halo=tones.halo,
        zoom=sheet.zoom,
    )
