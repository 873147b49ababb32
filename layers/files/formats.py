"""The file formats as records, out of ``layers/files/formats.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

PATH: Final = Path(__file__).with_name("formats.toml")


@dataclass(frozen=True, kw_only=True, slots=True)
class Format:
    """A file format.

    Attributes
    ----------
    systems
        Ids of the coordinate systems that it takes; the first one is its default.
    several
        Whether one file holds several layers.
    nowhere
        Whether a row without geometry stays in the data; else it is listed in a table beside them.
    per_vertex, per_row, per_layer, per_file
        Bytes, for an estimate.
    packed
        Share that is left of them in a zip.
    """

    id: str
    name: str
    suffix: str
    mime: str
    systems: tuple[str, ...]
    several: bool
    nowhere: bool
    per_vertex: int
    per_row: int
    per_layer: int
    per_file: int
    packed: float

    def estimate(self, *, vertices: int, rows: int, layers: int) -> int:
        """Return about how many bytes the files of some layers will have."""
        size = self.per_vertex * vertices + self.per_row * rows + self.per_layer * layers
        return size + (self.per_file if self.several else 0)


@cache
def read_formats() -> Mapping[str, Format]:
    """Return the formats by id."""
    tables = tomllib.loads(PATH.read_text(encoding="utf-8"))
    return {key: msgspec.convert({"id": key, **table}, Format) for key, table in tables.items()}
