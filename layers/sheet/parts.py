"""The list of components at the left of a tall page: colour, name, English, members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from layers.drawing.names import component_title
from layers.drawing.symboliser import anchor_numbers, pens_of
from layers.sheet.wrapping import wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.model import Layer
    from layers.sheet.canvas import Canvas
    from layers.sheet.words import Words

_HEAD_MM: Final = 7.4
_NAME_MM: Final = 4.7
_NAME_PT: Final = 8.8
_ENGLISH_MM: Final = 2.9
_LINE_MM: Final = 3.6
_GAP_MM: Final = 1.7
_DETAILS: Final = ((True, 2), (True, 1), (False, 2), (False, 1), (False, 0))
"""From full to bare: the English line, and lines of members."""
_LEAST_SQUEEZE: Final = 0.8
_CUT_METHOD: Final = 1.5
"""How much longer than its room the method may be: its last sentences go."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One component in the list."""

    name: tuple[str, ...]
    """Lines of the name."""
    english: str
    members: tuple[str, ...]
    colour: str
    located: bool
    rest: bool = False
    """Whether the entry only counts those that found no room."""

    def height(self, detail: tuple[bool, int]) -> float:
        """Return the height at a level of detail, mm."""
        english, lines = detail
        return (
            _NAME_MM
            + _LINE_MM * (len(self.name) - 1)
            + (_ENGLISH_MM if english and self.english else 0.0)
            + _LINE_MM * min(lines, len(self.members))
            + _GAP_MM
        )


def entries_of(
    layers: Sequence[Layer], canvas: Canvas, words: Words, *, width: float, metres_per_mm: float
) -> list[Entry]:
    """Return the entries of all components, located or not."""
    entries = []
    for layer in layers:
        pens = pens_of(layer, style=canvas.style, metres_per_mm=metres_per_mm)
        numbers = anchor_numbers(layer, style=canvas.style, metres_per_mm=metres_per_mm)
        drawn = set(layer.pieces["component"])
        for component in layer.structure.components:
            label = component_title(component, lang=words.lang)
            number = numbers.get(component.no)
            others = [m.name for m in component.members if m.name != label] if words.lang == "zh" else []
            members = words("list_comma").join(others)
            lines = wrap(members, width=width - 3.4, measure=lambda t: canvas.width_of(t, "method")) if members else []
            entries.append(
                Entry(
                    name=_name_lines(f"{number}  {label}" if number else label, canvas, words, width=width - 3.4),
                    english=component_title(component, lang="en") if words.lang == "zh" else "",
                    members=tuple(lines),
                    colour=pens[component.no].colour.colour,
                    located=component.no in drawn,
                )
            )
    return entries


def _name_lines(name: str, canvas: Canvas, words: Words, *, width: float) -> tuple[str, ...]:
    """Return the lines of a name: English ones are broken and all of one size, Chinese ones are closed up to fit."""
    if words.lang == "zh":
        return (name,)
    return tuple(wrap(name, width=width, measure=lambda t: canvas.width_of(t, "member", size=_NAME_PT)))


def _least_height(entries: Sequence[Entry], detail: tuple[bool, int]) -> float:
    # names and lines close up less than the gaps between entries
    return _HEAD_MM + sum(
        0.92 * (entry.height(detail) - _GAP_MM) + 0.08 * _LINE_MM * (len(entry.name) - 1) + 0.64 * _GAP_MM
        for entry in entries
    )


def overfull(entries: Sequence[Entry], *, detail: tuple[bool, int], room: float) -> bool:
    """Tell whether entries do not fit even when closed up."""
    return _least_height(entries, detail) > room


def cut(entries: Sequence[Entry], words: Words, *, detail: tuple[bool, int], room: float) -> list[Entry]:
    """Return as many entries as fit, and one that counts the rest."""
    for kept in range(len(entries) - 1, 0, -1):
        more = words("more_rows", count=len(entries) - kept)
        shorter = [*entries[:kept], Entry(name=(more,), english="", members=(), colour="", located=False, rest=True)]
        if not overfull(shorter, detail=detail, room=room):
            return shorter
    return list(entries[:1])


def choose_detail(
    entries: Sequence[Entry], *, room: float, method: float, free: float
) -> tuple[tuple[bool, int], bool]:
    """Return the fullest detail that fits, and whether the method stands below the list.

    Parameters
    ----------
    room
        Height of the column, mm.
    method
        Height that the method wants, mm.
    free
        Room for the method in the other column, mm.
    """
    for detail in _DETAILS:
        height = _HEAD_MM + sum(entry.height(detail) for entry in entries)
        if height + method <= room:
            return detail, True
        if height * _LEAST_SQUEEZE <= room and height <= room * 1.08 and method <= free * _CUT_METHOD:
            return detail, False
    detail = _DETAILS[-1]
    height = _HEAD_MM + sum(entry.height(detail) for entry in entries)
    return detail, room - height > free


def paint(
    canvas: Canvas,
    entries: Sequence[Entry],
    x: float,
    y: float,
    width: float,
    *,
    words: Words,
    detail: tuple[bool, int],
    room: float,
) -> float:
    """Paint the list from its top; return where it ends (mm)."""
    tones = canvas.style.text
    canvas.text(x, y - 3.3, words("parts"), "legend-head")
    size = canvas.size("legend-english") * 1.1
    canvas.text(x + width, y - 3.3, words("parts_en"), "legend-english", ha="right", size=size)
    canvas.line([x, x + width], [y - 5.0, y - 5.0], z=66.0, color=tones.rule, linewidth=tones.rule_pt)
    natural = sum(entry.height(detail) for entry in entries)
    squeeze = max(_LEAST_SQUEEZE, min(1.0, (room - _HEAD_MM) / natural))
    y -= _HEAD_MM
    for entry in entries:
        with_english, lines = detail
        if entry.located:
            canvas.box(x, y - 3.8, 1.5, 3.8, z=66.0, facecolor=entry.colour, linewidth=0.0)
        elif not entry.rest:
            canvas.box(x + 0.1, y - 3.7, 1.3, 3.6, z=66.0, facecolor=tones.paper, edgecolor=tones.rule, linewidth=0.6)
        at = y
        for i, line in enumerate(entry.name):
            size = min(_NAME_PT, _NAME_PT * (width - 3.4) / canvas.width_of(line, "member", size=_NAME_PT))
            at = y - i * _LINE_MM
            canvas.text(x + 3.2, at - 3.2, line, "member", size=size)
        at -= _NAME_MM * max(squeeze, 0.92)
        if with_english and entry.english:
            small = canvas.size("legend-english")
            small = min(small, small * (width - 3.2) / canvas.width_of(entry.english, "legend-english"))
            canvas.text(x + 3.2, at - 1.7, entry.english, "legend-english", size=small)
            at -= _ENGLISH_MM * max(squeeze, 0.92)
        kept = list(entry.members[:lines])
        if len(entry.members) > lines and kept:
            kept[-1] = kept[-1].rstrip("、, ")[:-1] + "…"
        for line in kept:
            canvas.text(x + 3.2, at - 2.6, line, "method")
            at -= _LINE_MM * max(squeeze, 0.92)
        low = min(at - _GAP_MM * squeeze * 0.8, y - entry.height(detail) * squeeze)
        canvas.boxes.append(("entry", (x, low, x + width, y)))
        y = low
    return y
