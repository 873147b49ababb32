"""The list of components at the left of a tall page: colour, name, English, members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from layers.drawing.names import component_title
from layers.sheet.looks import line_colours
from layers.sheet.wrapping import paragraph, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.sheet.canvas import Canvas
    from layers.sheet.shown import Shown
    from layers.sheet.words import Words

_HEAD_MM: Final = 7.4
_NAME_MM: Final = 4.7
_NAME_PT: Final = 8.8
_ENGLISH_MM: Final = 2.9
_LINE_MM: Final = 3.6
_GAP_MM: Final = 1.7
_INDENT_MM: Final = 3.4
_LEAST_SQUEEZE: Final = 0.8
_LEAST_METHOD_MM: Final = 22.0
_CUT_METHOD: Final = 1.5
"""How much longer than its room the method may be: its last sentences go."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Detail:
    """How much an entry says: its English line, lines of members; and the size of it all."""

    english: bool
    lines: int
    scale: float = 1.0


_DETAILS: Final = (
    Detail(english=True, lines=2),
    Detail(english=True, lines=1),
    Detail(english=False, lines=2),
    Detail(english=False, lines=1),
    Detail(english=False, lines=0),
    Detail(english=False, lines=0, scale=0.92),
    Detail(english=False, lines=0, scale=0.84),
    Detail(english=False, lines=0, scale=0.76),
)
"""From full to bare, then smaller."""
BARE: Final = _DETAILS[-1]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One component in the list."""

    name: tuple[str, ...]
    """Lines of the name."""
    english: str
    members: tuple[str, ...]
    """Names of the members."""
    lines: tuple[str, ...]
    """The lines that all of them take."""
    colour: str
    located: bool
    numbered: bool = False
    rest: bool = False
    """Whether the entry only counts those that found no room."""

    def height(self, detail: Detail) -> float:
        """Return the height at a level of detail, mm."""
        return detail.scale * (
            _NAME_MM
            + _LINE_MM * (len(self.name) - 1)
            + (_ENGLISH_MM if detail.english and self.english else 0.0)
            + _LINE_MM * min(detail.lines, len(self.lines))
            + _GAP_MM
        )


def entries_of(shown: Sequence[Shown], canvas: Canvas, words: Words, *, width: float) -> list[Entry]:
    """Return the entries of all components, located or not; those outside the window are none of the sheet's."""
    entries = []
    for each in shown:
        layer, numbers = each.layer, each.numbers
        drawn = set(layer.pieces["component"])
        for component in layer.structure.components:
            if component.no in each.outside:
                continue
            label = component_title(component, lang=words.lang)
            number = numbers.get(component.no)
            others = [m.name for m in component.members if m.name != label] if words.lang == "zh" else []
            entries.append(
                Entry(
                    name=_name_lines(f"{number}  {label}" if number else label, canvas, words, width=width - 3.4),
                    english=component_title(component, lang="en") if words.lang == "zh" else "",
                    members=tuple(others),
                    lines=tuple(_member_lines(others, canvas, words, width=width)),
                    colour=line_colours(each, component.no)[0] if component.no in drawn else "",
                    located=component.no in drawn,
                    numbered=number is not None,
                )
            )
    return entries


def _member_lines(members: Sequence[str], canvas: Canvas, words: Words, *, width: float, most: int = 99) -> list[str]:
    """Return names of members in `most` lines; those that find no room there are counted."""
    for kept in range(len(members), 0, -1):
        text = words("list_comma").join(members[:kept])
        if kept < len(members):
            text = words("others", first=text, count=len(members))
        lines = paragraph(text, width=width - _INDENT_MM, measure=lambda t: canvas.width_of(t, "method"))
        if len(lines) <= most:
            return lines
    return []


def _name_lines(name: str, canvas: Canvas, words: Words, *, width: float) -> tuple[str, ...]:
    """Return the lines of a name: English ones are broken and all of one size, Chinese ones are closed up to fit."""
    if words.lang == "zh":
        return (name,)
    return tuple(wrap(name, width=width, measure=lambda t: canvas.width_of(t, "member", size=_NAME_PT)))


def _least_height(entries: Sequence[Entry], detail: Detail) -> float:
    # names and lines close up less than the gaps between entries
    inner = (
        0.92 * (entry.height(detail) - _GAP_MM * detail.scale)
        + detail.scale * (0.08 * _LINE_MM * (len(entry.name) - 1) + 0.64 * _GAP_MM)
        for entry in entries
    )
    return _HEAD_MM + sum(inner)


def overfull(entries: Sequence[Entry], *, detail: Detail, room: float) -> bool:
    """Tell whether entries do not fit even when closed up."""
    return _least_height(entries, detail) > room


def cut(entries: Sequence[Entry], words: Words, *, detail: Detail, room: float) -> list[Entry]:
    """Return as many entries as fit, and one that counts the rest; what a numeral on the map refers to goes last."""
    order = sorted(range(len(entries)), key=lambda i: (not entries[i].numbered, not entries[i].located, i))
    for kept in range(len(entries) - 1, 0, -1):
        more = words("more_rows", count=len(entries) - kept)
        rest = Entry(name=(more,), english="", members=(), lines=(), colour="", located=False, rest=True)
        shorter = [*(entries[i] for i in sorted(order[:kept])), rest]
        if not overfull(shorter, detail=detail, room=room):
            return shorter
    return list(entries[:1])


def choose_detail(entries: Sequence[Entry], *, room: float, method: float, free: float) -> tuple[Detail, bool]:
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
    small = next((d for d in _DETAILS if not overfull(entries, detail=d, room=room)), BARE)
    height = _HEAD_MM + sum(entry.height(small) for entry in entries)
    return small, room - height > max(free, _LEAST_METHOD_MM)


def paint(
    canvas: Canvas,
    entries: Sequence[Entry],
    x: float,
    y: float,
    width: float,
    *,
    words: Words,
    detail: Detail,
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
        low = _paint_entry(canvas, entry, x, y, width, words=words, detail=detail, squeeze=squeeze)
        canvas.boxes.append(("entry", (x, low, x + width, y)))
        y = low
    return y


def _paint_entry(
    canvas: Canvas, entry: Entry, x: float, y: float, width: float, *, words: Words, detail: Detail, squeeze: float
) -> float:
    """Paint an entry with its top at `y`; return where it ends (mm)."""
    tones, scale, tight = canvas.style.text, detail.scale, max(squeeze, 0.92)
    chip, left, name_pt = 3.8 * scale, x + _INDENT_MM - 0.2, _NAME_PT * scale
    if entry.located:
        canvas.box(x, y - chip, 1.5, chip, z=66.0, facecolor=entry.colour, linewidth=0.0)
    elif not entry.rest:
        canvas.box(
            x + 0.1, y - chip + 0.1, 1.3, chip - 0.2, z=66.0, facecolor=tones.paper, edgecolor=tones.rule, linewidth=0.6
        )
    at = y
    for i, line in enumerate(entry.name):
        size = min(name_pt, name_pt * (width - _INDENT_MM) / canvas.width_of(line, "member", size=name_pt))
        at = y - i * _LINE_MM * scale
        canvas.text(left, at - 3.2 * scale, line, "member", size=size)
    at -= _NAME_MM * scale * tight
    if detail.english and entry.english:
        small = canvas.size("legend-english") * scale
        wide = canvas.width_of(entry.english, "legend-english", size=small)
        size = min(small, small * (width - _INDENT_MM) / wide)
        canvas.text(left, at - 1.7 * scale, entry.english, "legend-english", size=size)
        at -= _ENGLISH_MM * scale * tight
    kept = list(entry.lines)
    if len(kept) > detail.lines:
        kept = _member_lines(entry.members, canvas, words, width=width, most=detail.lines) if detail.lines else []
    for line in kept:
        canvas.text(left, at - 2.6 * scale, line, "method", size=canvas.size("method") * scale)
        at -= _LINE_MM * scale * tight
    return min(at - _GAP_MM * scale * squeeze * 0.8, y - entry.height(detail) * squeeze)
