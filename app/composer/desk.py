"""What a presenter does on the page "sheets", as plain reactions to events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from app.composer.state import (
    EXTENTS,
    LABELS,
    LANGS,
    MOST_LAYERS,
    PAGES,
    RESOLUTIONS,
    THEMES,
    ComposerState,
    clean_title,
)
from layers.catalogue import read_plans

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.composer.atlas import AtlasJob
    from app.library import Library

FORMATS: Final = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "html": "text/html",
}
"""Files that a sheet can be had as, with their media types."""
_LONGEST: Final = 80
"""Characters of what is looked for."""
SLIDE_EACH: Final = "pptx-each"
"""Several layers as slides, one a layer, where ``pptx`` is the one sheet that is shown."""


@dataclass
class ComposerDesk:
    """What a presenter is working on.

    Attributes
    ----------
    state
        What the address holds.
    text
        What is looked for among all layers.
    download
        Kind of file asked for by the last event, or "".
    job
        The atlas in the making or made, or None.
    importance
        Structures up to this importance go into the atlas.
    atlas_format
        ``pdf`` or ``pptx``.
    """

    state: ComposerState
    text: str = ""
    download: str = ""
    job: AtlasJob | None = None
    importance: int = 1
    atlas_format: str = "pdf"

    def answer(self, event: dict[str, Any], library: Library) -> None:
        """React to an event; one that makes no sense changes nothing."""
        kind, value = str(event.get("type")), str(event.get("value") or "")
        if kind == "download":
            self.download = value if value in (*FORMATS, SLIDE_EACH) else ""
        elif kind == "importance" and value in ("1", "2", "3"):
            self.importance = int(value)
        elif kind == "atlas_format" and value in ("pdf", "pptx"):
            self.atlas_format = value
        elif kind in ("search", "clear"):
            self.text = value[:_LONGEST] if kind == "search" else ""
        elif kind == "search_first":
            self.text = value[:_LONGEST]
            for layer in self.found(library)[:1]:
                self.answer({"type": "add", "value": layer}, library)
        elif kind in _CHANGES:
            self.state = _CHANGES[kind](self.state, value, library)
            self.text = "" if kind == "add" else self.text

    def found(self, library: Library) -> list[str]:
        """Return the layers of all plans whose name, id or plan holds every word that is looked for."""
        wanted = self.text.casefold().split()
        if not wanted:
            return []
        plans = read_plans()

        def told(card: dict[str, Any]) -> str:
            plan = plans[card["plan"]]
            return " ".join([card["name_zh"], card["name_en"], card["id"], plan.short_zh, plan.short_en]).casefold()

        hits = [key for key, card in library.cards.items() if all(word in told(card) for word in wanted)]
        hits = [key for key in hits if key not in self.state.layers]
        return sorted(
            hits, key=lambda key: (not key.startswith(f"{self.state.plan}/"), library.cards[key]["importance"])
        )


def _plan(state: ComposerState, value: str, library: Library) -> ComposerState:
    return replace(state, plan=value) if value in library.headlines else state


def _add(state: ComposerState, value: str, library: Library) -> ComposerState:
    if value not in library.cards or value in state.layers or len(state.layers) >= MOST_LAYERS:
        return state
    return replace(state, layers=(*state.layers, value), title=None, subtitle=None)


def _remove(state: ComposerState, value: str, _library: Library) -> ComposerState:
    return replace(state, layers=tuple(each for each in state.layers if each != value), title=None, subtitle=None)


def _only(state: ComposerState, value: str, library: Library) -> ComposerState:
    return replace(state, layers=(value,), title=None, subtitle=None) if value in library.cards else state


def _title(state: ComposerState, value: str, _library: Library) -> ComposerState:
    return replace(state, title=clean_title(value) or None)


def _subtitle(state: ComposerState, value: str, _library: Library) -> ComposerState:
    return replace(state, subtitle=clean_title(value) or None)


def _extent(state: ComposerState, value: str, _library: Library) -> ComposerState:
    return replace(state, extent=value) if value in EXTENTS and (value != "view" or state.bounds) else state


def _dpi(state: ComposerState, value: str, _library: Library) -> ComposerState:
    return replace(state, dpi=int(value)) if value in map(str, RESOLUTIONS) else state


def _label(state: ComposerState, value: str, _library: Library) -> ComposerState:
    on = {*state.labels} ^ ({value} & {*LABELS})
    return replace(state, labels=tuple(each for each in LABELS if each in on))


def _boundaries(state: ComposerState, _value: str, _library: Library) -> ComposerState:
    return replace(state, boundaries=not state.boundaries)


def _choice(field: str, choices: tuple[str, ...]) -> Callable[[ComposerState, str, Library], ComposerState]:
    def change(state: ComposerState, value: str, _library: Library) -> ComposerState:
        return replace(state, **{field: value}) if value in choices else state  # type: ignore[arg-type]

    return change


_CHANGES: Final[dict[str, Callable[[ComposerState, str, Library], ComposerState]]] = {
    "plan": _plan,
    "add": _add,
    "remove": _remove,
    "only": _only,
    "title": _title,
    "subtitle": _subtitle,
    "extent": _extent,
    "dpi": _dpi,
    "label": _label,
    "borders": _boundaries,
    "page": _choice("page", PAGES),
    "speech": _choice("speech", LANGS),
    "theme": _choice("theme", THEMES),
}
