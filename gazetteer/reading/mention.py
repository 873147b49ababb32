"""What reading a text gives: mentions, each a span of one line and the place it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from gazetteer.place import Category

Resolved = Literal["suzhou", "outside", "abstract", "unresolved"]
"""Whether the place can be put on a map of Suzhou, lies elsewhere, has no location, or is not known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """A span of a line that names one place."""

    line: int
    """Counted from 1 in the text split at line feeds."""
    start: int
    """Code points from 0 in that line."""
    end: int
    """End of the span, exclusive: ``line[start:end] == surface``."""
    surface: str
    """Exactly as printed."""
    place_id: str | None
    """Id of the register's record, or None where the register has none."""
    name: str
    """The place's full name; for a place without a record the name as read, list endings added."""
    aliases: tuple[str, ...]
    category: Category
    resolution: Resolved
    lon: float | None
    """Degrees, WGS 84."""
    lat: float | None
    accuracy_m: float | None
    score: float
    """Between 0 and 1: how sure the reading is."""
    reason: str
    """Why this place, in words."""
    candidates: tuple[str, ...] = ()
    """Ids of other records that the surface may mean."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A text read from end to end."""

    mentions: tuple[Mention, ...]
    """In the order of the text; they neither overlap nor nest."""
    owner: str | None
    """Id of the area whose plan this is, as told or as found out."""
    lines: int
