"""The record of a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

CITY: Final = "city/suzhou"
"""Place id of the city that all places of resolution ``suzhou`` lie in."""

Category = Literal[
    "city", "county", "town", "village", "dev_zone", "functional_area", "park", "lake", "river", "mountain", "island",
    "rail", "station", "road", "port", "airport", "hub", "old_town", "heritage", "facility", "utility", "region",
    "other",
]  # fmt: skip

Resolution = Literal["suzhou", "outside", "abstract"]
"""Whether a place can be put on a map of Suzhou, lies elsewhere, or has a name but no location."""

Basis = Literal["official", "derived", "indicative", "schematic", "unlocated"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A place that plans name.

    A place without a supported position has ``lon`` None and basis ``unlocated``; it is found and listed, never drawn.
    """

    id: str
    """Stable and readable: ``<category>/<pinyin>``."""
    name_zh: str
    name_en: str
    category: Category
    resolution: Resolution = "suzhou"
    aliases: tuple[str, ...] = ()
    parent: str = ""
    """Place id of the town or county that holds it."""
    lon: float | None = None
    """Degrees, WGS 84."""
    lat: float | None = None
    accuracy_m: float | None = None
    """Radius in metres in which the true position lies in about nine cases of ten."""
    basis: Basis = "derived"
    geometry: str = ""
    """Reference to a base layer: ``<layer>/<id>`` of a feature, or of a line with all its sections."""
    status: str = ""
    plans: tuple[str, ...] = ()
    """Ids of the plans whose text has one of its names."""
    pinyin: str = ""
    """Syllables of the Chinese name without tones, separated by blanks."""
    source: str = ""
    source_ref: str = ""
    note: str = ""

    @property
    def located(self) -> bool:
        """Whether a position is known."""
        return self.position is not None

    @property
    def position(self) -> tuple[float, float] | None:
        """Longitude and latitude, WGS 84, or None."""
        return None if self.lon is None or self.lat is None else (self.lon, self.lat)
