"""Thematic maps as inline SVG: the areas of a theme, filled by class, with a table that says the same in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from app.telling import place_name
from gazetteer import open_register
from geodata.crs import project
from layers.catalogue import find_structure
from layers.chapters import tell_chapter

if TYPE_CHECKING:
    from app.library import Library
    from app.wording import Words
    from layers.indicators.themes import Theme

_WIDTH: Final = 400.0
"""Width of the drawing, in its own units."""
_AIR: Final = 6.0
_TOLERANCE: Final = 0.6
_SMALLEST: Final = 20.0
_SHORT, _LONG = 2, 4
_NAME_SIZE: Final = 19.0
_PATTERNS: Final = ("solid", "lines", "dots", "cross")
"""Fills that stay apart in grey; colour and pattern always change together."""


def _outline(place: str, library: Library) -> Any:
    """Return a place's outline in EPSG:4549, metres; None if it has none."""
    known = library.place_shapes.get(place)
    if known is None or known["shape"]["type"] not in ("Polygon", "MultiPolygon"):
        return None
    shape = shapely.geometry.shape(known["shape"])
    return shapely.make_valid(shapely.transform(shape, lambda xy: np.column_stack(project(*xy.T))))


def describe_theme(theme: Theme, library: Library, words: Words, *, boundaries: bool) -> dict[str, Any]:
    """Return what the template of a thematic map shows.

    Parameters
    ----------
    boundaries
        False draws no outline: a disc stands for each area.
    """
    structure = find_structure(theme.structure)
    register = open_register()
    places = [register.places[value.place] for value in theme.values]
    names = {place.id: _short(place_name(place, words)) for place in places}
    maps = [[each] for each in theme.classes] if theme.several else [list(theme.classes)]
    ground = _draw(theme, library, boundaries=boundaries)
    return {
        "id": theme.id,
        "name": words.pick(_Named(theme), "name"),
        "note": words.pick(_Named(theme), "note"),
        "layer": theme.structure,
        "chapter": tell_chapter(structure.chapter, lang=words.lang),
        "plan": structure.plan,
        "several": theme.several,
        "ground": ground,
        "boundaries": boundaries,
        "classes": [
            {"id": each, "name": texts[words.lang], "pattern": _pattern(theme, position),
             "count": sum(each in value.classes for value in theme.values)}
            for position, (each, texts) in enumerate(theme.classes.items())
        ],
        "maps": [
            {
                "title": " · ".join(theme.classes[each][words.lang] for each in shown),
                "areas": _part_names(
                    [{
                        **ground["areas"][value.place],
                        "name": names[value.place],
                        "pattern": _first_pattern(theme, [each for each in shown if each in value.classes]),
                    } for value in theme.values],
                    size=_NAME_SIZE,
                ),
                "says": [names[value.place] for value in theme.values if value.classes & {*shown}],
            }
            for shown in maps
        ],
        "rows": [
            {
                "name": place_name(register.places[value.place], words),
                "place": value.place,
                "line": value.line,
                "words": [getattr(word, words.lang) for word in value.words],
                "classes": [each in value.classes for each in theme.classes],
            }
            for value in theme.values
        ],
    }  # fmt: skip


class _Named:
    """A record asked for by key, as `Words.pick` asks."""

    def __init__(self, record: object) -> None:
        self.record = record

    def __getitem__(self, key: str) -> str:
        return str(getattr(self.record, key))


def _pattern(theme: Theme, position: int) -> str:
    return "solid" if theme.several else _PATTERNS[position % len(_PATTERNS)]


def _first_pattern(theme: Theme, classes: list[str]) -> str:
    """Return the pattern of the first of some classes, "" for none."""
    return _pattern(theme, list(theme.classes).index(classes[0])) if classes else ""


def _short(name: str) -> str:
    """Return a name as it fits on a small map: without brackets, the city before it, and what kind of unit it is."""
    bare = name.partition("（")[0].partition(" (")[0].removesuffix(" District")
    for city in ("苏州", "Suzhou "):
        if bare.startswith(city) and len(bare) > _LONG:
            return bare.removeprefix(city)
    return bare[:-1] if _SHORT < len(bare) <= _LONG and bare[-1] in "市区镇" else bare


def _part_names(areas: list[dict[str, Any]], *, size: float) -> list[dict[str, Any]]:
    """Move names of filled areas down until none stands on another; `size` is their height in the drawing's units."""
    placed: list[dict[str, Any]] = []
    for area in sorted(areas, key=lambda each: each["y"]):
        y = area["y"]
        for other in placed:
            room = size * (len(area["name"]) + len(other["name"])) / 2
            if other["pattern"] and abs(other["x"] - area["x"]) < room and y - other["label_y"] < size:
                y = other["label_y"] + size
        placed.append(area | {"label_y": round(y if area["pattern"] else area["y"], 1)})
    return placed


def _draw(theme: Theme, library: Library, *, boundaries: bool) -> dict[str, Any]:
    """Return the theme's areas as SVG paths in one frame, their common ground and its lakes; y points down."""
    register = open_register()
    shapes = {value.place: _outline(value.place, library) for value in theme.values}
    parents = sorted({register.places[each].parent for each in shapes})
    under = [shape for each in parents if (shape := _outline(each, library)) is not None]
    west, south, east, north = shapely.total_bounds([*shapes.values(), *under])
    scale = (_WIDTH - 2 * _AIR) / (east - west)

    def to_frame(shape: Any) -> Any:
        return shapely.transform(shape, lambda xy: (xy - [west, north]) * [scale, -scale] + _AIR)

    lakes = [_outline(each, library) for each in library.place_shapes if each.startswith("lake/")]
    frame = shapely.box(west, south, east, north)
    waters = [to_frame(each.intersection(frame)) for each in lakes if each is not None and each.intersects(frame)]
    areas = {}
    for key, shape in shapes.items():
        drawn = to_frame(shape)
        land = drawn.difference(shapely.union_all(waters))
        body = max(shapely.get_parts(drawn if land.is_empty else land), key=lambda part: part.area)
        # Where a name has most room: the middle of the widest part, land before water.
        middle = shapely.maximum_inscribed_circle(body, tolerance=1.0).coords[0]
        areas[key] = {
            "path": _path(drawn) if boundaries else "",
            "x": round(middle[0], 1),
            "y": round(middle[1], 1),
        }
    return {
        "width": round(_WIDTH),
        "height": round((north - south) * scale + 2 * _AIR),
        "under": [_path(to_frame(each)) for each in under] if boundaries else [],
        "waters": [_path(each) for each in waters if each.area > _SMALLEST],
        "areas": areas,
    }


def _path(shape: Any) -> str:
    """Return a shape as the path of an SVG drawing, thinned to what the drawing can show."""
    parts = [part for part in shapely.get_parts(shape.simplify(_TOLERANCE)) if part.geom_type == "Polygon"]
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring.coords[:-1]) + "Z" for ring in rings)
