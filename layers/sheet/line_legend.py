"""Rows of the legend for lines: what each status looks like."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from layers.sheet import swatches
from layers.sheet.looks import Part, parts_of
from layers.sheet.rows import Row
from layers.sheet.words import join_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.sheet.shown import Shown
    from layers.sheet.words import Words

_MOST_LINES: Final = 3
"""Lines of a status that are named; the others are counted."""
_LINE_THEMES: Final = ("rail", "metro", "roads", "rivers")


def line_rows(shown: Sequence[Shown], *, words: Words) -> list[Row]:
    """Return a row for each theme and status of lines; lines that belts follow are named, as no other row does it."""
    named: dict[tuple[str, str], list[str]] = defaultdict(list)
    first: dict[tuple[str, str], Part] = {}
    for each in shown:
        drawn = _line_pieces(each)
        for part in parts_of(each, lang=words.lang):
            for row in drawn.get(part.component.no, ()):
                key = (row.theme if row.theme in _LINE_THEMES else "other", row.status or "open")
                followed = row.form != "line" and row.name_zh
                label = (row.name_zh if words.lang == "zh" else row.name_en) if followed else ""
                if label not in named[key]:
                    named[key].append(label)
                first.setdefault(key, part)
    themes = list(dict.fromkeys(theme for theme, _ in named))
    rows = []
    for theme in themes:
        for status in shown[0].style.status:
            labels = named.get((theme, status))
            if labels is None and (theme != themes[0] or theme == "rivers"):
                continue
            part = first.get((theme, status)) or next(p for (t, _), p in first.items() if t == theme)
            rows.append(_status_row(part, theme, status, labels, words, several=len(themes) > 1))
    return rows


def _line_pieces(shown: Shown) -> dict[int, list[Any]]:
    """Return by component the pieces that are lines with a status, or lines or bands of a theme of lines."""
    if "lines" not in shown.memory:
        pieces = shown.layer.pieces
        lines = (pieces["form"] == "line") & (pieces["status"] != "")
        themed = pieces["form"].isin(["line", "band", "ring"]) & pieces["theme"].isin(_LINE_THEMES)
        found: dict[int, list[Any]] = defaultdict(list)
        for row in pieces[lines | themed].itertuples():
            found[int(row.component)].append(row)
        shown.memory["lines"] = found
    kept: dict[int, list[Any]] = shown.memory["lines"]
    return kept


def _status_row(
    part: Part, theme: str, status: str, labels: list[str] | None, words: Words, *, several: bool
) -> Row:  # fmt: skip
    names = [label for label in labels or () if label]
    some = join_names(names[:_MOST_LINES], words)
    if len(names) > _MOST_LINES:
        some = words("others", first=some, count=len(names))

    def said(each: Words) -> str:
        if theme == "rivers" and status == "open":
            return each("theme.rivers")
        state = each(f"status.{status}")
        return each("theme_status", theme=each(f"theme.{theme}"), status=state) if several else state

    return Row(
        text=said(words) + (f"　{some}" if some else ""),
        english=said(words.second) if words.second else "",
        swatch=lambda x, y: swatches.status_swatch(part.pen, x, y, theme=theme, status=status),
        absent=labels is None,
    )
