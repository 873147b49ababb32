"""The worklist: doubtful names and what the reader decides about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazetteer.reading import Mention


@dataclass
class Worklist:
    """Decisions of a session, by the surface that they are about."""

    version: int = 0
    decisions: dict[str, Any] = field(default_factory=dict)

    def decided(self, mentions: Sequence[Mention]) -> Sequence[Mention]:
        """Return mentions as the decisions make them."""
        return mentions

    def answer(self, event: dict[str, Any]) -> None:
        """Answer an event."""

    def pin(self) -> dict[str, Any] | None:
        """Return the point that the reader is setting on the map, or None."""
        return None
