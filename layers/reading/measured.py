"""Indicators that hold where something is asked of: by plan and area, how many, and in which tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import shapely

from gazetteer import open_register
from layers.indicators import read_indicators, read_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely.geometry.base import BaseGeometry

    from layers.reading.index import Index


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasuredArea:
    """An area that a plan sets indicators for, and that holds or overlaps what was asked of."""

    plan: str
    place: str
    name_zh: str
    name_en: str
    indicators: int
    titles_zh: tuple[str, ...]
    titles_en: tuple[str, ...]
    certain: bool
    """Whether what was asked of lies farther from the area's edge than that is known to."""


@cache
def _counts() -> Mapping[tuple[str, str], tuple[int, tuple[str, ...]]]:
    """Return how many indicators each plan sets for each place, and the ids of their tables."""
    tables = read_tables()
    found: dict[tuple[str, str], tuple[int, tuple[str, ...]]] = {}
    for each in read_indicators().values():
        key = (tables[each.table].plan, each.area)
        count, ids = found.get(key, (0, ()))
        found[key] = (count + 1, tuple(dict.fromkeys((*ids, each.table))))
    return found


def find_measured(index: Index, asked: BaseGeometry) -> tuple[MeasuredArea, ...]:
    """Return the areas with indicators that a point or an area (EPSG:4549) lies in or overlaps, by plan."""
    tables = read_tables()
    places = open_register().places
    found = []
    for (plan, place_id), (count, ids) in _counts().items():
        place = places.get(place_id)
        area = index.areas.get(place.geometry) if place is not None else None
        if place is None or area is None or not shapely.intersects(area.ground, asked):
            continue
        if asked.geom_type != "Point" and shapely.intersection(area.ground, asked).area < 0.001 * asked.area:
            continue
        edge = shapely.distance(shapely.boundary(area.ground), asked)
        found.append(
            MeasuredArea(
                plan=plan,
                place=place_id,
                name_zh=place.name_zh,
                name_en=place.name_en,
                indicators=count,
                titles_zh=tuple(tables[each].title_zh for each in ids),
                titles_en=tuple(tables[each].title_en for each in ids),
                certain=bool(edge > area.accuracy_m or asked.geom_type != "Point"),
            )
        )
    return tuple(found)
