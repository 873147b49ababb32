"""Speaker notes: components with role, basis, members and lines; method; sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.decks.telling import layer_title, plan_title, read_words, tell_components
from layers.sheet.method import method_paragraphs
from layers.sheet.texts import accuracy_text, plan_lines
from layers.sheet.words import read_words as read_sheet_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.model import Layer


def write_notes(layers: Sequence[Layer], *, lang: str, footer: Sequence[str] = ()) -> str:
    """Return the notes of a slide that shows layers; `footer` are the lines of sources that its sheet prints."""
    words = read_words(lang)
    sheet_words = read_sheet_words(words.lang)
    colon = words("colon")
    parts = []
    for layer, (_, lines) in zip(layers, plan_lines(layers, sheet_words), strict=True):
        told = tell_components(layer, words=words)
        rows = [
            f"{each.number or i}. {each.title} [{each.role}] {each.basis}"
            + "".join(f"\n   {head}{colon}{text}" for head, text in each.facts if head in _said(words))
            for i, each in enumerate(told, 1)
        ]
        head = f"{layer_title(layer, words=words)}\n{plan_title(layer, words=words)}　{lines}"
        parts.append("\n".join([head, *rows]))
    parts.append(f"{words('method')}{colon}\n" + "\n".join(method_paragraphs(layers, words=sheet_words)))
    parts.append(accuracy_text(layers, sheet_words))
    parts += ["\n".join(footer)] if footer else []
    return "\n\n".join(parts)


def _said(words: object) -> tuple[str, ...]:
    return tuple(words(f"fact.{key}") for key in ("theme", "members", "status", "stated", "where"))  # type: ignore[operator]
