"""Fading forms on the same ground: they take it in equal stripes, as their tones would mix into one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import shapely
from shapely.geometry import MultiPolygon

from layers.drawing import shapes
from layers.drawing.mark import Z

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from layers.drawing.mark import Mark
    from layers.style import Style

    Key = tuple[str, int]
    Region = tuple[BaseGeometry, tuple[Key, ...]]

_LEAST_SHARE: Final = 0.3
"""Share of the smaller of two forms from which they lie on the same ground; belts that cross share less."""
_LEAST_MM2: Final = 40.0
_MOST_STRIPES: Final = 240
"""Stripes across a region: close up, on the map, those of a long shore are as wide as that asks."""
_TOLERANCE_MM: Final = 0.15
_FAINT_SHARE: Final = 0.3
"""Share of the nested shapes that are too faint for stripes: the rims of neighbours may mix."""


@dataclass(frozen=True, kw_only=True)
class SharedOut:
    """Marks with their stripes, and who shares ground: layer and component of each, by region, largest first."""

    marks: list[Mark]
    holders: tuple[tuple[Key, ...], ...] = ()


def share_out(marks: Sequence[Mark], *, style: Style, metres_per_mm: float) -> SharedOut:
    """Stripe belts, patches and the like where they lie on the same ground.

    Each takes every so manieth stripe, in the order of layers and components; those of one colour count as one.
    Crossings stay as they are: a reader sees both pass.
    """
    own: dict[Key, list[int]] = defaultdict(list)
    for i, mark in enumerate(marks):
        if Z["fade"] <= mark.z < Z["fade"] + 1.0:
            own[mark.layer, mark.component].append(i)
    if len(own) < 2:  # noqa: PLR2004
        return SharedOut(marks=list(marks))
    ground = {key: _ground([marks[i] for i in found], metres_per_mm) for key, found in own.items()}
    colour = {key: marks[found[0]].fill for key, found in own.items()}
    lost: dict[Key, list[BaseGeometry]] = defaultdict(list)
    regions = sorted(_regions(ground, colour, least=_LEAST_MM2 * metres_per_mm**2), key=lambda r: -r[0].area)
    form = style.stripes
    for region, holders in regions:
        takers = list(dict.fromkeys(colour[key] for key in holders))
        west, south, east, north = region.bounds
        width = max(form.width_mm * metres_per_mm, (east - west + north - south) / _MOST_STRIPES)
        sets = shapes.stripes(region, count=len(takers), width=width, angle=form.angle_deg)
        for key in holders:
            lost[key] += [strips for taker, strips in zip(takers, sets, strict=True) if taker != colour[key]]
    found = list(marks)
    for key, strips in lost.items():
        others = shapely.union_all(strips)
        shapely.prepare(others)
        for i in own[key]:
            left = MultiPolygon(shapes.polygons_of(marks[i].geometry.difference(others)))
            found[i] = replace(marks[i], geometry=left)
    return SharedOut(
        marks=[mark for mark in found if not mark.geometry.is_empty], holders=tuple(holders for _, holders in regions)
    )


def _ground(marks: Sequence[Mark], metres_per_mm: float) -> BaseGeometry:
    """Return what the marks of a fading form cover but for their faint rims: they are nested, widest first."""
    shown = [mark.geometry for mark in marks if mark.kind == "fade"]
    boxes = shapely.box(*shapely.bounds(shown).T)
    starts = [0, *(i for i in range(1, len(shown)) if not shapely.covers(boxes[i - 1], boxes[i])), len(shown)]
    middle = [shown[first + int((last - first) * _FAINT_SHARE)] for first, last in pairwise(starts)]
    return shapely.union_all(shapely.simplify(middle, _TOLERANCE_MM * metres_per_mm))


def _regions(ground: dict[Key, BaseGeometry], colour: dict[Key, str | None], *, least: float) -> list[Region]:
    """Cut the ground of fading forms into regions that several of them hold together."""
    keys = list(ground)
    with_whom: dict[Key, set[Key]] = {key: set() for key in keys}
    for i, key in enumerate(keys):
        for other in keys[:i]:
            if colour[key] == colour[other] or not ground[key].intersects(ground[other]):
                continue
            common = ground[key].intersection(ground[other]).area
            if common > max(least, _LEAST_SHARE * min(ground[key].area, ground[other].area)):
                with_whom[key].add(other)
                with_whom[other].add(key)
    regions: list[Region] = []
    for key in keys:
        if not with_whom[key]:
            continue
        rest, kept = ground[key], []
        for region, holders in regions:
            common = region.intersection(rest) if with_whom[key] & {*holders} else None
            if common is None or common.area < least:
                kept.append((region, holders))
                continue
            common = MultiPolygon(shapes.polygons_of(common))
            kept += [(common, (*holders, key)), (region.difference(common), holders)]
            rest = rest.difference(common)
        regions = [*kept, (rest, (key,))]
    return [
        (MultiPolygon(shapes.polygons_of(region)), holders)
        for region, holders in regions
        if len({colour[key] for key in holders}) > 1 and region.area >= least
    ]
