"""A page before it becomes a slide: what stands on it, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.labels import Placed
    from layers.sheet.item import Item


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """What becomes a slide.

    Attributes
    ----------
    width, height
        Page, mm.
    items
        What stands on it, in order of painting.
    placed
        The names on its map, to which the parts ``name <number>`` point.
    told
        Title and alternative text of each component, by ``<layer>#<number>``.
    notes
        Speaker notes.
    background, halo
        Colours of the page and of the halo around names.
    zoom
        How much larger the page is than its mm (1.5 for A1).
    """

    width: float
    height: float
    items: tuple[Item, ...]
    placed: tuple[Placed, ...] = ()
    told: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    notes: str = ""
    background: str = "#FFFFFF"
    halo: str = "#FFFFFF"
    zoom: float = 1.0


@dataclass(frozen=True, kw_only=True)
class SlideText:
    """A slide as PowerPoint's XML: written in one process, put into a file in another.

    ``width`` and ``height`` are mm of the slide itself; ``targets`` are the names of shapes that lead to a slide, with
    its number (from 0); ``pictures`` are files with their boxes (left, top, width, height in mm of the slide).
    """

    width: float
    height: float
    xml: str
    notes: str
    background: str
    next_id: int
    targets: tuple[tuple[str, int], ...] = ()
    pictures: tuple[tuple[str, tuple[float, float, float, float]], ...] = ()
