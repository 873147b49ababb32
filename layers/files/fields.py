"""What the columns of the files mean, out of ``layers/files/fields.toml``."""

from __future__ import annotations

import csv
import io
import math
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PATH: Final = Path(__file__).with_name("fields.toml")
FIELDS: Final = (
    "id", "layer", "plan", "structure", "structure_zh", "component_zh", "component_en", "role", "basis", "accuracy_m",
    "area_km2", "stated_area_km2", "members", "theme", "chapter", "lines", "source", "valid_on",
    "structure_en", "theme_en", "rule", "rule_params", "how_zh", "how_en", "project", "status", "status_zh", "size_zh",
)  # fmt: skip
"""What an exported feature carries, in every format: the fields that others rely on first, then how it was drawn."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A column.

    Attributes
    ----------
    alias
        Its name in a Shapefile: at most ten ASCII characters.
    """

    name: str
    alias: str
    zh: str
    en: str


@cache
def read_fields() -> Mapping[str, Field]:
    """Return the columns by name.

    Raises
    ------
    ValueError
        If an alias is too long, not ASCII, or there twice.
    """
    tables = tomllib.loads(PATH.read_text(encoding="utf-8"))
    fields = {key: msgspec.convert({"name": key, **table}, Field) for key, table in tables.items()}
    aliases = [field.alias for field in fields.values()]
    for alias in aliases:
        if len(alias) > 10 or not alias.isascii() or aliases.count(alias) > 1:  # noqa: PLR2004 - of a dBASE file
            msg = f"{PATH.name}: expected aliases of at most ten ASCII characters, each once, got {alias!r}"
            raise ValueError(msg)
    return fields


def list_fields(names: Iterable[str], *, short: bool = False) -> str:
    """Return the field list as CSV with a byte order mark: name in the file, full name, meaning in both languages."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(("field", "name", "meaning_zh", "meaning_en"))
    known = read_fields()
    for name in dict.fromkeys(names):
        field = known[name]
        writer.writerow((field.alias if short else name, name, field.zh, field.en))
    return "\ufeff" + stream.getvalue()


def plain_value(value: Any) -> Any:
    """Turn a cell into what text formats know: numpy numbers into Python's, not-a-number into None."""
    if hasattr(value, "item"):
        value = value.item()
    return None if value is None or (isinstance(value, float) and math.isnan(value)) else value
