"""The first pages of an atlas: the cover, and the contents with page numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from layers.decks.atlas.plate import Plate, column_width
from layers.decks.telling import notice_of
from layers.labels.breaking import break_name
from layers.sheet.canvas import View
from layers.sheet.ground import find_focus, paint_ground, read_ground

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.decks.telling import Words
    from layers.model import Plan

_ROW_MM: Final = 5.6
_HEAD_ROW_MM: Final = 9.0
_COLUMN_MM: Final = 130.0
"""Least width of a column of contents."""
_AIR: Final = 1.12
_DOTS_MM: Final = 1.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A line of the contents: a structure with the number of its page, or a heading (number 0)."""

    text: str
    number: int
    second: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """Where an entry stands on a page of contents: (xmin, ymin, xmax, ymax) in mm, and the page that it leads to."""

    box: tuple[float, float, float, float]
    number: int


def draw_cover(
    plans: Sequence[Plan], *, count: int, page: str, theme: str, words: Words, date: str, boundaries: bool
) -> Plate:
    """Draw the cover: title, plan, number of structures, date and notice before the quiet land."""
    plate = Plate(page=page, theme=theme)
    canvas = plate.canvas
    width, height = plate.size_mm
    wide = width > height
    frame = (width * 0.5, 0.0, width * 0.5, height) if wide else (0.0, 0.0, width, height * 0.55)
    focus = find_focus(plans[0].id if len(plans) == 1 else "")
    xmin, ymin, xmax, ymax = focus.geometry.bounds
    mpm = _AIR * max((xmax - xmin) / frame[2], (ymax - ymin) / frame[3])
    view = View(
        frame, west=(xmin + xmax) / 2.0 - frame[2] * mpm / 2.0, south=(ymin + ymax) / 2.0 - frame[3] * mpm / 2.0,
        metres_per_mm=mpm,
    )  # fmt: skip
    ground = read_ground(view.ground, focus=focus, metres_per_mm=mpm, layers=[], network=False, boundaries=boundaries)
    canvas.part = "ground"
    window = canvas.box(*frame, z=0.5, facecolor="none", linewidth=0.0)
    paint_ground(canvas, view, ground, frame=window, boundaries=boundaries)
    canvas.part = "title"
    own = plans[0] if len(plans) == 1 else None
    title = words("book.title") if own is None else (own.title_en if words.lang == "en" else own.title_zh)
    room = (width * 0.5 if wide else width) - plate.left - 10.0
    big = canvas.size("title") * 1.35
    y = height * 0.66 if wide else height * 0.88
    lines = (title,) if canvas.width_of(title, "title", size=big) <= room else break_name(title)
    if any(canvas.width_of(line, "title", size=big) > room for line in lines):
        lines = tuple(plate.lines_of(title, width=room, kind="title", size=big))
    for line in lines:
        canvas.text(plate.left, y, line, "title", size=big)
        y -= big * 0.36 * 1.35
    canvas.part = "legend"
    canvas.line(
        [plate.left, plate.left + 24.0], [y + 1.0, y + 1.0], z=66.0, color=canvas.style.text.notice, linewidth=2.0
    )
    y -= 8.0
    kind = "" if own is None else f"{own.period[0]}–{own.period[1]}　{words('book.kind')}"
    canvas.text(plate.left, y, kind, "legend-head", size=canvas.size("legend-head") * 1.5)
    canvas.text(plate.left, y - 8.0, words("book.count", n=count), "legend-item")
    canvas.text(plate.left, y - 14.0, words("made", date=date), "legend-item")
    canvas.part = "footer"
    for i, line in enumerate(plate.lines_of(notice_of(words), width=room, kind="notice")):
        canvas.text(plate.left, (12.0 if wide else frame[3] + 8.0) - 4.0 * i, line, "notice")
    return plate


def pages_of_contents(entries: Sequence[Entry], *, page: str, theme: str) -> list[list[list[Entry]]]:
    """Deal entries out to pages and columns; a heading never stands alone at a column's foot."""
    plate = Plate(page=page, theme=theme)
    room = plate.top - plate.bottom
    columns = _columns(plate)
    pages: list[list[list[Entry]]] = [[[]]]
    used = 0.0
    for entry in entries:
        height = _ROW_MM if entry.number else _HEAD_ROW_MM
        if used + height + (0.0 if entry.number else _ROW_MM) > room:
            if len(pages[-1]) == columns:
                pages.append([])
            pages[-1].append([])
            used = 0.0
        pages[-1][-1].append(entry)
        used += height
    return pages


def _columns(plate: Plate) -> int:
    return max(1, int((plate.right - plate.left) / _COLUMN_MM))


def draw_contents(
    columns: Sequence[Sequence[Entry]], *, page: str, theme: str, words: Words, date: str
) -> tuple[Plate, list[Spot]]:
    """Draw one page of the contents; return it and where its entries stand."""
    plate = Plate(page=page, theme=theme)
    plate.head(words("book.contents"))
    canvas = plate.canvas
    width = column_width(plate, columns=_columns(plate))
    spots = []
    for number, column in enumerate(columns):
        x, y = plate.left + number * (width + 8.0), plate.top
        for entry in column:
            canvas.part = "legend"
            if not entry.number:
                y -= _HEAD_ROW_MM
                canvas.text(x, y + 2.4, entry.text, "legend-head")
                canvas.line([x, x + width], [y + 0.6, y + 0.6], z=66.0, color=canvas.style.text.rule, linewidth=0.6)
                continue
            y -= _ROW_MM
            canvas.part = f"entry {entry.number}"
            size = canvas.size("legend-item")
            text = entry.text
            room = width - 12.0
            size = min(size, size * room / max(1.0, canvas.width_of(text, "legend-item")))
            canvas.text(x, y + 1.5, text, "legend-item", size=size)
            canvas.text(x + width, y + 1.5, str(entry.number), "legend-item", ha="right")
            start = x + canvas.width_of(text, "legend-item", size=size) + 2.0
            end = x + width - canvas.width_of(str(entry.number), "legend-item") - 2.0
            if end > start:
                canvas.line(
                    [start, end], [y + 1.5, y + 1.5], z=66.0, color=canvas.style.text.rule, linewidth=0.5,
                    linestyle=(0.0, (0.6, 4.0)),
                )  # fmt: skip
            spots.append(Spot(box=(x, y, x + width, y + _ROW_MM), number=entry.number))
    plate.foot(notice_of(words), words("made", date=date))
    return plate, spots
