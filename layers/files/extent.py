"""The area that an export is cut to: a place with an outline, or the polygons of a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import shapely

from gazetteer import geocode, open_register
from geodata import store

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_SURFACE: Final = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Area:
    """An area and its name.

    Attributes
    ----------
    ground
        A surface, EPSG:4549.
    """

    name: str
    ground: BaseGeometry


def area_of_place(name: str) -> Area:
    """Return the outline of a place.

    Parameters
    ----------
    name
        Its name in any form, or its id.

    Raises
    ------
    ValueError
        If the place is not known or has no outline.
    """
    place = open_register().places.get(name)
    if place is None:
        best = geocode(name).best
        if best is None:
            msg = f"expected the name of a place or a GeoJSON file, got {name!r}; `plan-atlas geocode` finds places"
            raise ValueError(msg)
        place = best.place
    layer, _, feature = place.geometry.partition("/")
    if layer in store.LAYERS and feature in store.read(layer).index:
        ground = store.read_metric(layer).geometry[feature]
        if shapely.get_dimensions(ground) == _SURFACE:
            return Area(name=place.name_zh, ground=ground)
    msg = f"expected a place with an outline (a county unit, town, lake or zone), got {place.name_zh!r}, which has none"
    raise ValueError(msg)
