"""Pages that list the components of a structure in words, for what its sheet's legend cannot hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from layers.decks.atlas.plate import Block, Plate, column_width, set_in_columns
from layers.decks.telling import layer_title, notice_of, plan_title, tell_components

if TYPE_CHECKING:
    from layers.decks.telling import Told, Words
    from layers.model import Layer

_COLUMN_MM: Final = 90.0
_INDENT_MM: Final = 3.2
_NAME_MM: Final = 4.6
_LINE_MM: Final = 3.7
_MOST_LINES: Final = 5
"""Lines of a list of members."""


def draw_listing(layer: Layer, *, page: str, theme: str, words: Words, metres_per_mm: float, date: str) -> list[Plate]:
    """Draw the components of a layer as text, on as many pages as they take."""
    told = tell_components(layer, words=words, metres_per_mm=metres_per_mm)
    plates: list[Plate] = []
    rest: list[Block] = []
    while rest or not plates:
        plate = Plate(page=page, theme=theme)
        columns = max(1, int((plate.right - plate.left) / _COLUMN_MM))
        if not plates:
            rest = [_block(each, plate, words, width=column_width(plate, columns=columns)) for each in told]
        title = layer_title(layer, words=words)
        plate.head(title if not plates else words("book.continued", title=title), plan_title(layer, words=words))
        rest = set_in_columns(plate, rest, columns=columns)
        plate.foot(notice_of(words), words("made", date=date))
        plates.append(plate)
    return plates


def _block(told: Told, plate: Plate, words: Words, *, width: float) -> Block:
    room = width - _INDENT_MM
    name = f"{told.number}  {told.title}" if told.number else told.title
    lines = [(line, "member", _INDENT_MM, _NAME_MM) for line in plate.lines_of(name, width=room, kind="member")]
    about = [words("book.about", role=told.role, basis=told.basis)]
    facts = dict(told.facts)
    for key in ("theme", "status", "stated", "members", "where"):
        head = words(f"fact.{key}")
        if head in facts:
            about.append(f"{head}{words('colon')}{facts[head]}")
    for text in about:
        broken = plate.lines_of(text, width=room, kind="method")
        if len(broken) > _MOST_LINES:
            broken = [*broken[: _MOST_LINES - 1], broken[_MOST_LINES - 1][:-1] + "…"]
        lines += [(line, "method", _INDENT_MM, _LINE_MM) for line in broken]
    colour = told.colour if told.located else plate.style.text.rule
    return Block(lines=tuple(lines), colour=colour)
