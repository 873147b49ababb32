"""The heading of a sheet: title, second line, and the plan with chapter and lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from layers.bureau import read_bureau
from layers.sheet import texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.model import Layer
    from layers.sheet.canvas import Canvas
    from layers.sheet.ground import Focus
    from layers.sheet.pages import Page
    from layers.sheet.words import Words

_APART_MM: Final = 12.0
"""Least room between title and plan."""
_MOST_LINES: Final = 0.34
"""Share of the page's width up to which chapters and lines are told in full."""
_SECOND_LINE_MM: Final = 6.6
_LOGO_MM: Final = 9.0
_BAR_MM: Final = 2.2


def paint_heading(
    canvas: Canvas,
    page: Page,
    layers: Sequence[Layer],
    *,
    focus: Focus,
    words: Words,
    title: str | None,
    subtitle: str | None,
) -> None:
    """Paint the title at the left and the plan at the right; a title that is too long is set smaller.

    Parameters
    ----------
    title, subtitle
        Instead of the default ones; "" for none.
    """
    plans = texts.plan_lines(layers, words)
    if canvas.width_of(plans[0][1], "lines") > _MOST_LINES * page.width:
        # the footer names every chapter
        plans = texts.plan_lines(layers, words, chapters=1)
    if len(plans) > 1:
        # the footer names every plan; the corner only counts them
        own = list(dict.fromkeys(name for name, _ in plans))
        plans = [(own[0] if len(own) == 1 else words("plans_counted", count=len(own)), "")]
    if len(layers) > 1:
        default, second = texts.title_of_all(layers, words), texts.subtitle_of_all(layers)
    else:
        default = texts.title_of(layers[0], focus, lang=words.lang)
        second = texts.subtitle_of(layers[0], focus, lang=words.lang)
    bureau = read_bureau()
    if bureau.colour:
        canvas.box(0.0, page.height - _BAR_MM, page.width, _BAR_MM, z=65.0, facecolor=bureau.colour, linewidth=0.0)
    edge = page.right
    if bureau.logo:
        edge -= canvas.picture(bureau.path_of(bureau.logo), right=edge, y=page.title_y - 4.4, height=_LOGO_MM) + 4.0
    name, lines = plans[0]
    for text, kind, y, beside in (
        (default if title is None else title, "title", page.title_y, canvas.width_of(name, "plan")),
        (second if subtitle is None else subtitle, "subtitle", page.title_y - _SECOND_LINE_MM,
         canvas.width_of(lines, "lines")),
    ):  # fmt: skip
        size, room = canvas.size(kind), edge - page.left - beside - _APART_MM
        canvas.text(page.left, y, text, kind, size=min(size, size * room / max(1.0, canvas.width_of(text, kind))))
    canvas.text(edge, page.title_y + 0.4, name, "plan", ha="right")
    canvas.text(edge, page.title_y - 4.2, lines, "lines", ha="right")
