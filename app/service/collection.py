"""What is served: a collection a layer, as the job that made the data wrote it down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from pathlib import Path

PACKAGE: Final = "plan-atlas.gpkg"
INDEX: Final = "collections.json"
ID_FIELD: Final = "id"
TIME_FIELD: Final = "valid_on"


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A property of the features of a collection."""

    name: str
    zh: str
    en: str
    number: bool

    @property
    def kind(self) -> str:
        """Its type in JSON."""
        return "number" if self.number else "string"


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """A source that a collection rests on, with the terms on which it may be used."""

    id: str
    title: str
    licence: str
    publisher: str
    vintage: str
    attribution: str
    review_number: str
    address: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Collection:
    """A layer as other programs see it.

    Attributes
    ----------
    id
        ``<plan>.<structure>`` or ``base.<name>``: the layer's id without the slash, which would part an address.
    tables
        Tables of the package with its features, and whether they have a geometry.
    name_field
        The property with the name that a map shows.
    bounds
        West, south, east, north in degrees, or None if nothing of it has a place.
    valid_on
        Day or month of the plan, "" for what is no plan's.
    """

    id: str
    layer: str
    plan: str
    title_zh: str
    title_en: str
    about_zh: str
    about_en: str
    attribution: str
    sources: tuple[str, ...]
    tables: tuple[tuple[str, bool], ...]
    fields: tuple[Field, ...]
    name_field: str
    bounds: tuple[float, float, float, float] | None
    valid_on: str
    features: int
    located: int

    @property
    def prefix(self) -> str:
        """What the ids of its features begin with in the files, and not in addresses."""
        return f"{self.layer}#"


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """All that is served out of one folder."""

    collections: tuple[Collection, ...]
    sources: tuple[Origin, ...]


def collection_id(layer_id: str) -> str:
    """Return the id of a layer's collection."""
    return layer_id.replace("/", ".")


def feature_id(record_id: str, prefix: str) -> str:
    """Return the id of a feature in an address: unique in its collection, without a slash or a hash sign."""
    return record_id.removeprefix(prefix).replace("/", ".")


def read_offer(folder: Path) -> Offer:
    """Return what a folder holds, as `app.service.making` wrote it."""
    return msgspec.json.decode((folder / INDEX).read_bytes(), type=Offer)
