"""What a writer is asked for: tables, a coordinate system, the day, the language of legends."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layers.files.systems import System
    from layers.files.table import Table


@dataclass(frozen=True, kw_only=True)
class Job:
    """Tables to write into one file.

    Attributes
    ----------
    stem
        Name of the file without suffix.
    day
        Day that the files carry; the same day gives the same bytes.
    """

    stem: str
    tables: tuple[Table, ...]
    system: System
    lang: str = "zh"
    day: dt.date = field(default_factory=lambda: dt.datetime.now(tz=dt.UTC).date())


@dataclass(frozen=True, kw_only=True)
class Written:
    """Files by name, and what a reader must be told of them (Chinese and English)."""

    files: dict[str, bytes]
    notes: tuple[tuple[str, str], ...] = ()
