"""Speaker notes: components with role, basis, members and lines; method; accuracy; sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from layers.decks.telling import layer_title, plan_title, read_words, tell_components
from layers.sheet.method import method_paragraphs
from layers.sheet.texts import accuracy_text, plan_lines
from layers.sheet.words import read_words as read_sheet_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.model import Layer

_SAID: Final = ("theme", "members", "status", "stated", "where")


def write_notes(layers: Sequence[Layer], *, lang: str, metres_per_mm: float, footer: Sequence[str] = ()) -> str:
    """Return the notes of a slide that shows layers; `footer` are the lines of sources that its sheet prints."""
    words = read_words(lang)
    sheet_words = read_sheet_words(words.lang)
    colon = words("colon")
    heads = {words(f"fact.{key}") for key in _SAID}
    parts = []
    for layer, (_, lines) in zip(layers, plan_lines(layers, sheet_words), strict=True):
        rows = [f"{layer_title(layer, words=words)}", f"{plan_title(layer, words=words)}　{lines}"]
        for i, told in enumerate(tell_components(layer, words=words, metres_per_mm=metres_per_mm), 1):
            rows.append(f"{i}. {told.title} [{told.role}] {told.basis}")
            rows += [f"   {head}{colon}{text}" for head, text in told.facts if head in heads]
        parts.append("\n".join(rows))
    parts.append(f"{words('method')}{colon}\n" + "\n".join(method_paragraphs(layers, words=sheet_words)))
    parts.append(accuracy_text(layers, sheet_words))
    parts += ["\n".join(footer)] if footer else []
    return "\n\n".join(parts)
