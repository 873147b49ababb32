"""What the app knows at run time: the written layers and their cards, and what lies at a point.

Reads small JSON files only. Geometry tables are opened on a download or a sheet, never to show a page.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import shapely

from gazetteer import open_register
from layers.catalogue import read_plans
from layers.web.cache import open_web, web_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gazetteer import Place

Card = dict[str, Any]


@dataclass(frozen=True)
class Library:
    """The written layers of one digest."""

    manifest: dict[str, Any]
    folder: Path

    def _read(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text("utf-8"))

    @cached_property
    def cards(self) -> dict[str, Card]:
        """Cards by layer id."""
        return {layer: self._read(entry["card"]) for layer, entry in self.manifest["layers"].items()}

    @cached_property
    def components(self) -> dict[str, Card]:
        """Component records by id (``<layer>#<number>``)."""
        return {each["fid"]: each for card in self.cards.values() for each in card["components"]}

    @cached_property
    def headlines(self) -> dict[str, str]:
        """Headline layer by plan, in the plans' order."""
        return {plan.id: f"{plan.id}/{plan.headline}" for plan in read_plans().values()}

    @cached_property
    def place_bounds(self) -> dict[str, list[float]]:
        """West, south, east, north in degrees of places with an outline or a course."""
        bounds: dict[str, list[float]] = self._read(self.manifest["places"])
        return bounds

    @cached_property
    def _ground(self) -> tuple[list[str], shapely.STRtree]:
        features = self._read(self.manifest["extents"])["features"]
        return [each["fid"] for each in features], shapely.STRtree(
            [shapely.from_geojson(each["geometry"]) for each in features]
        )

    def layers_of(self, plan: str) -> list[Card]:
        """Return the cards of a plan's layers, in the catalogue's order."""
        return [card for card in self.cards.values() if card["plan"] == plan]

    def at(self, lon: float, lat: float) -> list[str]:
        """Return the ids of the components that cover a point (degrees, WGS 84; edges are thinned to 50 m)."""
        ids, tree = self._ground
        hits = tree.query(shapely.Point(lon, lat), predicate="intersects")
        return list(dict.fromkeys(ids[hit] for hit in sorted(hits)))

    def bounds_of_place(self, place: Place) -> list[float] | None:
        """Return the bounds to fly to for a place, or None if it has no position."""
        if place.id in self.place_bounds:
            return self.place_bounds[place.id]
        if place.lon is None or place.lat is None:
            return None
        return [place.lon, place.lat, place.lon, place.lat]

    def layer_of(self, fid: str) -> str:
        """Return the layer id of a component id."""
        return fid.partition("#")[0]


_PROGRESS: list[Callable[[float, str], None]] = []


@cache
def open_library() -> Library:
    """Return the library; writes the layers first if they are out of date (about half a minute, told to listeners)."""

    def tell(share: float, name: str) -> None:
        for listener in _PROGRESS:
            listener(share, name)

    return Library(manifest=open_web(progress=tell), folder=web_folder())


def listen(listener: Callable[[float, str], None] | None) -> None:
    """Set who is told of progress while the layers are written."""
    _PROGRESS[:] = [] if listener is None else [listener]


@cache
def located_places() -> dict[str, Place]:
    """Return all places by id."""
    return dict(open_register().places)
