"""Rules that end in surfaces: unions of units, parts of units, blocks between roads, discs, named areas."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import shapely
from shapely.ops import polygonize

from layers.rules.chains import spine_through
from layers.rules.lines import shore_bands
from layers.rules.pieces import Outcome, Piece, join_en, join_zh, kilometres, outcome_of, piece_of
from layers.words import say

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from layers.ground import Ground, Shape
    from layers.model import Basis, Component, PieceForm

_PATCH_MARGIN_M: Final = 800.0
"""How far a fading patch reaches beyond its anchors: about the reach of the doubt, never a boundary."""
_WIDEST_PATCH_MARGIN_M: Final = 2000.0
_ROAD_OVERRUN_M: Final = 400.0
"""How far roads are prolonged to close a block whose compiled ends stop short of each other."""
_TOUCH_M: Final = 2.0
_NAMED_OUTLINE: Final = ("official", "derived")
_UNION_SENTENCES: Final = {"whole": "union_whole", "part": "union_part"}


def _edge_basis(shape: Shape, extent: str) -> Basis:
    """Return the basis of a whole unit's outline where it is official or derived, indicative for anything less."""
    return shape.basis if extent == "whole" and shape.basis in _NAMED_OUTLINE else "indicative"


def _doubt(shape: Shape, extent: str) -> float:
    """Return how far off the edge may lie, metres: where less than the whole belongs, as far as the unit is wide."""
    if extent == "whole" or not shape.is_area:
        return shape.accuracy_m
    return max(shape.accuracy_m, math.sqrt(shape.geometry.area / math.pi))


def _names(shapes: list[Shape]) -> tuple[str, str]:
    return join_zh([shape.place.name_zh for shape in shapes]), join_en([shape.place.name_en for shape in shapes])


def _extent_of(component: Component, shape: Shape, name: str, *, default: str) -> str:
    for member in component.members:
        if name in (member.name, member.place) or shape.place.name_zh == member.name:
            return member.extent
    return default


def _patch(shapes: list[Shape]) -> BaseGeometry:
    """Return the hull of the shapes' points with a margin that grows with the doubt about them."""
    points = [shape.geometry if shape.geometry.geom_type == "Point" else shape.geometry.centroid for shape in shapes]
    doubt = max(shape.accuracy_m for shape in shapes)
    margin = min(max(doubt, _PATCH_MARGIN_M), _WIDEST_PATCH_MARGIN_M)
    return shapely.convex_hull(shapely.MultiPoint(points)).buffer(margin)


@dataclass(frozen=True, kw_only=True, slots=True)
class UnionRule:
    """The named units joined; units that belong only in part are kept whole and marked so.

    ``spine`` adds an arrow through units in the order given (one list a limb), ``shores`` a soft band along lakes.
    """

    of: list[str] = field(default_factory=list)
    part_of: list[str] = field(default_factory=list)
    side_zh: str = ""
    side_en: str = ""
    spine: list[list[str]] = field(default_factory=list)
    spine_width_m: float = 2000.0
    shores: list[str] = field(default_factory=list)
    within: list[str] = field(default_factory=list)
    width_m: float = 3000.0

    def draw(self, component: Component, ground: Ground) -> Outcome:
        """Draw the units, then the band and the arrow."""
        pieces: list[Piece] = []
        said: list[tuple[str, str]] = []
        by_extent: dict[str, list[Shape]] = {}
        for names, default in ((self.of, "whole"), (self.part_of, "part")):
            shapes = [(name, shape) for name in names if (shape := ground.shape(name)) is not None]
            for name, shape in shapes:
                extent = _extent_of(component, shape, name, default=default)
                form: PieceForm = "fill" if shape.is_area else "patch"
                piece = piece_of(shape, form=form, basis=_edge_basis(shape, extent), extent=extent)
                pieces.append(replace(piece, accuracy_m=_doubt(shape, extent)))
                by_extent.setdefault(extent, []).append(shape)
        for extent, units in by_extent.items():
            zh, en = _names(units)
            said.append(say(_UNION_SENTENCES.get(extent, "union_unstated"), zh={"names": zh}, en={"names": en}))
        if self.side_zh:
            said.append(say("union_side", zh={"side": self.side_zh}, en={"side": self.side_en}))
        if self.shores:
            band, words = shore_bands(self.shores, within=self.within, width_m=self.width_m, ground=ground)
            pieces += band
            said += words
        for limb in self.spine:
            line = spine_through(limb, ground)
            if line is not None:
                sources = dict.fromkeys(piece.source for piece in pieces if piece.source)
                pieces.append(
                    Piece(
                        form="arrow", geometry=line, basis="indicative", accuracy_m=2000, width_m=self.spine_width_m,
                        source=";".join(sources),
                    )
                )  # fmt: skip
        if self.spine:
            said.append(say("spine", zh={"width": kilometres(self.spine_width_m)}))
        return outcome_of(pieces, said)


@dataclass(frozen=True, kw_only=True, slots=True)
class PartRule:
    """Something inside named units whose edge the plan does not give.

    ``manner`` is ``patch`` (a fading patch by its anchors), ``fill`` (the whole unit, dashed) or ``point`` (a symbol in
    the middle of the unit, where even the site is not stated).
    """

    of: list[str]
    anchors: list[str] = field(default_factory=list)
    side: Literal["", "north", "south", "east", "west", "centre"] = ""
    manner: Literal["patch", "fill", "point"] = "patch"

    def _draw_unit(self, shape: Shape, ground: Ground) -> Piece:
        if self.manner == "fill" and shape.is_area:
            return piece_of(shape, form="fill", basis="indicative", extent="part")
        middle = ground.middle(shape)
        if self.manner == "point" or not shape.is_area:
            reach = math.sqrt(shape.geometry.area / math.pi) if shape.is_area else shape.accuracy_m
            form: Literal["point", "patch"] = "point" if self.manner == "point" else "patch"
            return _sited(shape, form=form, geometry=middle, accuracy_m=reach)
        return _sited(shape, form="patch", geometry=_lean(shape.geometry, self.side), accuracy_m=shape.accuracy_m)

    def draw(self, component: Component, ground: Ground) -> Outcome:
        """Draw the part by its anchors, or else by its units."""
        del component
        units = [shape for name in self.of if (shape := ground.shape(name)) is not None]
        anchors = [shape for name in self.anchors if (shape := ground.shape(name)) is not None]
        units_zh, units_en = _names(units)
        said = []
        if anchors and self.manner == "patch":
            region = shapely.union_all([unit.geometry for unit in units if unit.is_area])
            hull = _patch(anchors)
            patch = hull & region if not region.is_empty and hull.intersects(region) else hull
            pieces = [
                Piece(
                    form="patch",
                    geometry=patch,
                    basis="indicative",
                    accuracy_m=max(shape.accuracy_m for shape in anchors) + _PATCH_MARGIN_M,
                    extent="part",
                    source=";".join(dict.fromkeys(shape.source for shape in anchors)),
                )
            ]
            pieces += [piece_of(shape, form="point", basis="derived", extent="point") for shape in anchors
                       if shape.geometry.geom_type == "Point"]  # fmt: skip
            anchors_zh, anchors_en = _names(anchors)
            said.append(say("part_anchors", zh={"names": anchors_zh}, en={"names": anchors_en}))
        else:
            pieces = [self._draw_unit(unit, ground) for unit in units]
        key = {"patch": "part_patch", "point": "part_point", "fill": "union_part"}[self.manner]
        said.insert(0, say(key, zh={"names": units_zh}, en={"names": units_en}))
        return outcome_of(pieces, said if pieces else [])


def _sited(shape: Shape, *, form: Literal["point", "patch"], geometry: BaseGeometry, accuracy_m: float) -> Piece:
    return Piece(
        form=form,
        geometry=geometry,
        basis="schematic" if form == "point" else "indicative",
        accuracy_m=accuracy_m,
        extent="part",
        place=shape.place.id,
        name_zh=shape.place.name_zh,
        name_en=shape.place.name_en,
        source=shape.source,
    )


def _lean(unit: BaseGeometry, side: str) -> BaseGeometry:
    """Return the half of a unit on one side (a third for the centre), shrunk so that no edge of it reads as stated."""
    west, south, east, north = unit.bounds
    width, height = east - west, north - south
    boxes = {
        "east": (west + width * 0.6, south, east, north),
        "west": (west, south, west + width * 0.4, north),
        "north": (west, south + height * 0.6, east, north),
        "south": (west, south, east, south + height * 0.4),
        "centre": (west + width * 0.33, south, west + width * 0.67, north),
    }
    part = unit & shapely.box(*boxes[side]) if side else unit
    margin = math.sqrt(part.area) * 0.08
    shrunk = part.buffer(-margin)
    return part if shrunk.is_empty else shrunk


@dataclass(frozen=True, kw_only=True, slots=True)
class DiscRule:
    """A circle of the stated area about the mean position of places: the size is the plan's, the site is not."""

    area_km2: float
    at: list[str]

    def draw(self, component: Component, ground: Ground) -> Outcome:
        """Draw the circle; its radius follows from the area in EPSG:4549."""
        shapes = [shape for name in self.at if (shape := ground.point(name)) is not None]
        if not shapes:
            return outcome_of([], [])
        places = np.array([(shape.geometry.x, shape.geometry.y) for shape in shapes])
        centre = places.mean(axis=0)
        spread = float(np.hypot(*(places - centre).T).max())
        radius = math.sqrt(self.area_km2 * 1e6 / math.pi)
        # A polygon inscribed in the circle would be too small: 128 vertices lack 0.04 % of the area, made up here.
        vertices = 128
        circumscribed = radius * math.sqrt(2 * math.pi / (vertices * math.sin(2 * math.pi / vertices)))
        piece = Piece(
            form="disc",
            geometry=shapely.Point(centre).buffer(circumscribed, quad_segs=vertices // 4),
            basis="schematic",
            accuracy_m=max(shape.accuracy_m for shape in shapes) + max(spread, radius / 2),
            name_zh=component.name_zh,
            name_en=component.name_en,
            source=";".join(dict.fromkeys(shape.source for shape in shapes)),
        )
        zh, en = _names(shapes)
        area = f"{self.area_km2:g}"
        return outcome_of([piece], [say("disc", zh={"area": area, "names": zh}, en={"area": area, "names": en})])


@dataclass(frozen=True, kw_only=True, slots=True)
class BlockRule:
    """The land between named roads."""

    roads: list[str]

    def draw(self, component: Component, ground: Ground) -> Outcome:
        """Draw the smallest cell of the roads' network that touches every one of them."""
        del component
        shapes = []
        for name in self.roads:
            shape = ground.shape(name)
            if shape is not None and shape.is_line:
                shapes.append(shape)
            elif shape is not None:
                ground.miss(name)
        if len(shapes) < len(self.roads):
            return outcome_of([], [])
        lines = [_prolong(shape.geometry) for shape in shapes]
        cells = [
            cell
            for cell in polygonize(shapely.union_all(lines))
            if all(cell.boundary.intersection(line.buffer(_TOUCH_M)).length > _TOUCH_M * 10 for line in lines)
        ]
        if not cells:
            return outcome_of([], [])
        piece = Piece(
            form="block",
            geometry=min(cells, key=lambda cell: cell.area),
            basis="derived",
            accuracy_m=max(shape.accuracy_m for shape in shapes),
            source=";".join(dict.fromkeys(shape.source for shape in shapes)),
        )
        zh, en = _names(shapes)
        return outcome_of([piece], [say("block", zh={"names": zh}, en={"names": en})])


def _prolong(line: BaseGeometry) -> BaseGeometry:
    """Lengthen a line at both ends in its own direction."""
    parts = list(line.geoms) if line.geom_type == "MultiLineString" else [line]
    longer = []
    for part in parts:
        coordinates = np.asarray(part.coords)
        head = coordinates[0] - coordinates[1]
        tail = coordinates[-1] - coordinates[-2]
        start = coordinates[0] + head / np.hypot(*head) * _ROAD_OVERRUN_M
        end = coordinates[-1] + tail / np.hypot(*tail) * _ROAD_OVERRUN_M
        longer.append(np.vstack([start, coordinates, end]))
    return shapely.MultiLineString(longer)


@dataclass(frozen=True, kw_only=True, slots=True)
class AreaRule:
    """Named places with an extent of their own; where no source gives the outline, a fading patch."""

    names: list[str]
    within: list[str] = field(default_factory=list)

    def draw(self, component: Component, ground: Ground) -> Outcome:
        """Draw each outline, cut to the region if one is given."""
        region = ground.region(self.within)
        pieces: list[Piece] = []
        said: list[tuple[str, str]] = []
        shapes = [(name, shape) for name in self.names if (shape := ground.shape(name)) is not None]
        outlined = [(name, shape) for name, shape in shapes if shape.is_area]
        pointed = [shape for _, shape in shapes if not shape.is_area]
        whole: list[Shape] = []
        in_part: list[Shape] = []
        for name, shape in outlined:
            extent = _extent_of(component, shape, name, default="whole")
            cut = shape.geometry if region is None else shape.geometry & region
            # The outline is the place's own: of a part of it the edge is as little known as without one.
            basis: Basis = "indicative" if extent == "part" else shape.basis
            doubt = _doubt(shape, "part") if extent == "part" else shape.accuracy_m
            piece = replace(piece_of(shape, form="fill", basis=basis, extent=extent), accuracy_m=doubt)
            (in_part if extent == "part" else whole).append(shape)
            pieces.append(replace(piece, geometry=shapely.buffer(cut, 0) if region is not None else cut))
        for shape in pointed:
            centre = shape.geometry.centroid
            pieces.append(_sited(shape, form="patch", geometry=centre, accuracy_m=shape.accuracy_m))
        for told, key in ((whole, "area"), (in_part, "area_part"), (pointed, "area_point")):
            if told:
                zh, en = _names(told)
                said.append(say(key, zh={"names": zh}, en={"names": en}))
        return outcome_of(pieces, said)
