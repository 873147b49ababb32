"""Rules that follow lines: bands along rivers, roads and shores, rings, and the lines themselves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

import shapely
from shapely.affinity import translate
from shapely.ops import linemerge, substring

from layers.rules.pieces import Outcome, Piece, join_en, join_zh, kilometres, outcome_of, piece_of
from layers.words import say

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from layers.ground import Ground, Shape
    from layers.model import Basis, Component

_SHORE_TOLERANCE_M: Final = 300.0
"""Lake and county outlines come from different sources: a shore this far outside a county still counts as its own,
and a strip of land narrower than twice this is where they disagree."""
_CRUMB_M2: Final = 10e6
"""Smaller bits of a county at its own edge, behind the lake, are no land of it."""
_SLIVER_M: Final = 500.0
"""Shorter bits of a clipped line are where two sources disagree, not a course."""
_SURVEYED: Final = ("official", "derived")


def shore_of(lake: BaseGeometry, region: BaseGeometry | None) -> BaseGeometry:
    """Return the shoreline of a lake, islands included, inside a region, without slivers."""
    shore = lake.boundary
    if region is not None:
        shore = shore & _own_land(lake, region).buffer(_SHORE_TOLERANCE_M)
    merged = linemerge(shore) if shore.geom_type == "MultiLineString" else shore
    parts = [part for part in shapely.get_parts(merged) if part.length > _SLIVER_M]
    return shapely.MultiLineString(parts) if parts else merged


def _own_land(lake: BaseGeometry, region: BaseGeometry) -> BaseGeometry:
    """Return a region without the lake and without the crumbs on the far shore, which is its neighbour's.

    A county may reach over the lake; where its outline and that of the lake disagree there, bits of "land" remain.
    """
    land = (region - lake).buffer(-_SHORE_TOLERANCE_M).buffer(_SHORE_TOLERANCE_M)
    edge = region.boundary.buffer(_SHORE_TOLERANCE_M)
    parts = [part for part in shapely.get_parts(land) if part.area > _CRUMB_M2 or not part.intersects(edge)]
    return shapely.union_all(parts)


def open_water(water: BaseGeometry, arms_under_m: float) -> BaseGeometry:
    """Return a water without its islands and without the arms narrower than a width; as it is for a width of 0.

    A belt along a great river follows its bank: not the creeks that run into it, nor the shores of its islands.
    """
    if not arms_under_m:
        return water
    filled = shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(water)])
    return filled.buffer(-arms_under_m / 2).buffer(arms_under_m / 2)


def clip_line(line: BaseGeometry, region: BaseGeometry | None) -> BaseGeometry:
    """Return the part of a line inside a region, without the slivers along its edge."""
    if region is None:
        return line
    cut = line & region
    if cut.geom_type == "MultiLineString":
        cut = linemerge(cut)
    parts = [part for part in shapely.get_parts(cut) if part.geom_type == "LineString"]
    longer = [part for part in parts if part.length > _SLIVER_M] or parts
    return longer[0] if len(longer) == 1 else shapely.MultiLineString(longer)


def shore_bands(
    lakes: list[str], *, within: list[str], width_m: float, ground: Ground, arms_under_m: float = 0.0
) -> tuple[list[Piece], list[tuple[str, str]]]:
    """Return the bands along lakes' shores inside a region, and the words for them."""
    pieces: list[Piece] = []
    said: list[tuple[str, str]] = []
    region = ground.region(within)
    own = ground.own_area()
    for name in lakes:
        lake = ground.shape(name)
        if lake is None:
            continue
        if not lake.is_area:
            ground.miss(name)
            continue
        shore = replace(lake, geometry=shore_of(open_water(lake.geometry, arms_under_m), region))
        if shore.geometry.is_empty:
            continue
        # Towns end at the water; the band does not: it may spread over the lake as far as the plan's own area goes.
        clip = region if region is None or own is None else region | (lake.geometry & own)
        pieces.append(_band(shore, width_m=width_m, clip=clip))
        shore_zh, shore_en = say("shore", zh={"name": lake.place.name_zh}, en={"name": lake.place.name_en})
        width = kilometres(width_m)
        said.append(say("along", zh={"names": shore_zh, "width": width}, en={"names": shore_en, "width": width}))
    return pieces, said


def inland_strips(
    lakes: list[str], *, within: list[str], reach_m: float, ground: Ground
) -> tuple[list[Piece], list[tuple[str, str]]]:
    """Return the land no farther from lakes' shores than a plan states, inside a region, and the words for it.

    The reach is the plan's own, so the strip is as sure as the outline of the lake: it does not fade, nor spread over
    the water.
    """
    pieces: list[Piece] = []
    said: list[tuple[str, str]] = []
    region = ground.region(within)
    for name in lakes:
        lake = ground.shape(name)
        if lake is None:
            continue
        if not lake.is_area:
            ground.miss(name)
            continue
        land = lake.geometry.buffer(reach_m) if region is None else _own_land(lake.geometry, region)
        strip = (shore_of(lake.geometry, region).buffer(reach_m) & land) - lake.geometry
        if strip.is_empty:
            continue
        basis: Basis = "derived" if lake.basis in _SURVEYED else "indicative"
        piece = piece_of(replace(lake, geometry=strip, layer=""), form="fill", basis=basis, extent="along")
        pieces.append(replace(piece, place=""))
        width = kilometres(reach_m)
        zh, en = say("shore", zh={"name": lake.place.name_zh}, en={"name": lake.place.name_en})
        said.append(say("along_stated", zh={"names": zh, "width": width}, en={"names": en, "width": width}))
    return pieces, said


def _band(shape: Shape, *, width_m: float, clip: BaseGeometry | None) -> Piece:
    piece = piece_of(shape, form="band", basis="indicative", extent="along")
    # However well the line is known, the edge of the band lies somewhere within its width.
    return replace(piece, width_m=width_m, clip=clip, accuracy_m=max(piece.accuracy_m, width_m / 2))


def _within_words(names: list[str], ground: Ground) -> list[tuple[str, str]]:
    places = [place for name in names if (place := ground.place(name)) is not None]
    if not places:
        return []
    return [
        say(
            "along_within",
            zh={"names": join_zh([place.name_zh for place in places])},
            en={"names": join_en([place.name_en for place in places])},
        )
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class AlongRule:
    """A soft band along lines (rivers, railways, roads) or the shores of lakes, of a declared width.

    ``said_zh``/``said_en`` tell what the plan says where the line only stands for it (沪宁 for a railway). ``side``
    shifts the band to one bank of its lines, for 西岸 and the like.
    """

    lines: list[str] = field(default_factory=list)
    shores: list[str] = field(default_factory=list)
    within: list[str] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    width_m: float = 3000.0
    reach_m: float = 0.0
    """How far inland from its shores the plan says it goes: then nothing of the width is invented."""
    arms_under_m: float = 0.0
    """Islands, and arms of the water narrower than this, do not count as its shore."""
    side: Literal["", "north", "south", "east", "west"] = ""
    said_zh: str = ""
    said_en: str = ""

    def draw(self, component: Component, ground: Ground) -> Outcome:
        """Draw a band for each line, and a point for each anchor."""
        del component
        clip = ground.region(self.within)
        pieces: list[Piece] = []
        said: list[tuple[str, str]] = []
        followed = []
        for name in self.lines:
            shape = ground.shape(name)
            if shape is None:
                continue
            if not shape.is_line:
                ground.miss(name)
                continue
            course = clip_line(shape.geometry, clip)
            if not course.is_empty:
                pieces.append(_band(replace(shape, geometry=self._shifted(course)), width_m=self.width_m, clip=clip))
                followed.append(shape.place)
        zh, en = join_zh([p.name_zh for p in followed]), join_en([p.name_en for p in followed])
        if self.said_zh and followed:
            said.append(say("guide", zh={"said": self.said_zh, "names": zh}, en={"said": self.said_en, "names": en}))
        if followed:
            width = kilometres(self.width_m)
            said.append(say("along", zh={"names": zh, "width": width}, en={"names": en, "width": width}))
        if followed and self.side:
            said.append(say(f"along_{self.side}"))
        shores, words = (
            inland_strips(self.shores, within=self.within, reach_m=self.reach_m, ground=ground)
            if self.reach_m
            else shore_bands(
                self.shores, within=self.within, width_m=self.width_m, ground=ground, arms_under_m=self.arms_under_m
            )
        )
        pieces += shores
        said += words
        if pieces:
            said += _within_words(self.within, ground)
        points = [shape for name in self.anchors if (shape := ground.point(name)) is not None]
        pieces += [piece_of(shape, form="point", basis="derived", extent="point") for shape in points]
        return outcome_of(pieces, said)

    def _shifted(self, course: BaseGeometry) -> BaseGeometry:
        """Move a course by half the band's width, so that the band lies on one side of it."""
        east, north = {"": (0, 0), "east": (1, 0), "west": (-1, 0), "north": (0, 1), "south": (0, -1)}[self.side]
        return translate(course, east * self.width_m / 2, north * self.width_m / 2)


@dataclass(frozen=True, kw_only=True, slots=True)
class RingRule:
    """A soft closed band around a place: along its outline, or at a declared radius where it is known as a point."""

    around: str
    radius_m: float = 0.0
    within: list[str] = field(default_factory=list)
    width_m: float = 1500.0

    def draw(self, component: Component, ground: Ground) -> Outcome:
        """Draw the ring, cut to the region."""
        del component
        shape = ground.shape(self.around)
        if shape is None:
            return outcome_of([], [])
        if shape.is_area:
            spine = shapely.MultiLineString([part.exterior for part in shapely.get_parts(shape.geometry)])
        elif shape.is_line:
            spine = shape.geometry
        else:
            spine = shape.geometry.buffer(self.radius_m or self.width_m, quad_segs=32).exterior
        piece = piece_of(replace(shape, geometry=spine), form="ring", basis="indicative", extent="along")
        piece = replace(
            piece,
            width_m=self.width_m,
            clip=ground.region(self.within),
            accuracy_m=max(piece.accuracy_m, self.width_m / 2),
        )
        width = kilometres(self.width_m)
        words = say(
            "ring",
            zh={"names": shape.place.name_zh, "width": width},
            en={"names": shape.place.name_en, "width": width},
        )
        said = [words, *_within_words(self.within, ground)]
        if not (shape.is_area or shape.is_line):
            said.insert(1, say("ring_radius", zh={"radius": kilometres(self.radius_m or self.width_m)}))
        return outcome_of([piece], said)


@dataclass(frozen=True, kw_only=True, slots=True)
class LineRule:
    """Railways, roads and rivers as they run, section by section with their status.

    ``between`` cuts a line at two places on it; without a known line it is a straight link of the two.
    ``sections`` keeps only those sections of the line (their ids in the base layer).
    """

    lines: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    between: list[str] = field(default_factory=list)
    within: list[str] = field(default_factory=list)
    at: list[str] = field(default_factory=list)

    def draw(self, component: Component, ground: Ground) -> Outcome:
        """Draw each section that is known, then the points on the line."""
        del component
        region = ground.region(self.within)
        ends = [shape for name in self.between if (shape := ground.point(name)) is not None]
        pieces: list[Piece] = []
        names: list[tuple[str, str]] = []
        for name in self.lines:
            drawn = len(pieces)
            sections = self._sections(name, ground)
            for section in sections:
                course = clip_line(section.geometry, region)
                if len(ends) == 2:  # noqa: PLR2004  a line is cut between two ends
                    course = _cut_between(course, ends[0].geometry, ends[1].geometry)
                if course.is_empty or course.length < 1:
                    continue
                pieces.append(
                    piece_of(replace(section, geometry=course), form="line", basis=section.basis, extent="along")
                )
                names.append((section.place.name_zh, section.place.name_en))
            if sections and len(pieces) == drawn:
                ground.miss(name)  # its known course ends outside the region
        said = []
        ends_zh, ends_en = join_zh([e.place.name_zh for e in ends]), join_en([e.place.name_en for e in ends])
        if names:
            zh, en = join_zh([zh for zh, _ in names]), join_en([en for _, en in names])
            said.append(say("line", zh={"names": zh}, en={"names": en}))
            if ends:
                said.append(say("line_cut", zh={"names": ends_zh}, en={"names": ends_en}))
        elif len(ends) == 2:  # noqa: PLR2004
            link = shapely.LineString([ends[0].geometry, ends[1].geometry])
            pieces.append(
                Piece(
                    form="line",
                    geometry=clip_line(link, region),
                    basis="schematic",
                    accuracy_m=max(5000.0, *(end.accuracy_m for end in ends)),
                    extent="along",
                    status="planned",
                )
            )
            said.append(say("line_between", zh={"names": ends_zh}, en={"names": ends_en}))
            outside = [end.place for end in ends if region is not None and end.place.resolution == "outside"]
            if outside:
                zh, en = join_zh([p.name_zh for p in outside]), join_en([p.name_en for p in outside])
                said.append(say("axis_outside", zh={"names": zh}, en={"names": en}))
        points = [shape for name in self.at if (shape := ground.point(name)) is not None]
        pieces += [piece_of(shape, form="point", basis="derived", extent="point") for shape in points]
        return outcome_of(pieces, said)

    def _sections(self, name: str, ground: Ground) -> list[Shape]:
        sections = ground.sections(name)
        if not self.sections:
            return sections
        return [section for section in sections if section.id in self.sections]


def _cut_between(line: BaseGeometry, start: BaseGeometry, end: BaseGeometry) -> BaseGeometry:
    """Return the stretch of a line between the points on it nearest to two places."""
    merged = linemerge(line) if line.geom_type == "MultiLineString" else line
    if merged.geom_type == "MultiLineString":
        merged = max(merged.geoms, key=lambda part: part.length)
    return substring(merged, *sorted((merged.project(start), merged.project(end))))
