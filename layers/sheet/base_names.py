"""Names of the quiet land: towns left out, lakes, rivers, neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from gazetteer import geocode
from geodata.crs import project
from layers.drawing.names import component_label
from layers.drawing.shapes import lines_of
from layers.labels import Request
from layers.sheet.words import component_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from gazetteer import Place
    from layers.drawing import Mark
    from layers.model import Layer, Member
    from layers.sheet.canvas import Canvas, View
    from layers.sheet.ground import Ground
    from layers.sheet.words import Words

_CALM: Final = 0.2
"""Share of a lake's free water that must lie off the belts for its name to keep off them."""
_BESIDE_RIVER_MM: Final = 3.0
"""A river's name stands beside it and is this high, with some air."""
_MOST_RIVERS: Final = 5
_LEAST_RIVER_MM: Final = 24.0


def find_member(member: Member, *, plan: str) -> Place | None:
    """Return the place of a member that lies outside the city, None for all others."""
    best = geocode(member.name, plan=plan).best
    return best.place if best is not None and best.place.resolution == "outside" and best.place.located else None


@dataclass(frozen=True, kw_only=True)
class BaseNames:
    """What the requests for names of the base map are made from."""

    canvas: Canvas
    view: View
    ground: Ground
    layers: Sequence[Layer]
    marks: Sequence[Mark]
    words: Words

    @property
    def _bilingual(self) -> bool:
        return self.words.second is not None

    @cached_property
    def _taken(self) -> BaseGeometry:
        """The ground that components take."""
        return shapely.union_all([m.geometry for m in self.marks if m.kind in ("fill", "stripe", "under")])

    @cached_property
    def _faded(self) -> BaseGeometry:
        """The ground over which belts and patches fade: of nested shapes the widest, which comes first."""
        fades = [m.geometry for m in self.marks if m.kind == "fade"]
        areas = [0.0, *(fade.area for fade in fades)]
        return shapely.union_all([g for g, before, own in zip(fades, areas, areas[1:], strict=False) if own > before])

    def requests(self) -> list[Request]:
        """Return the requests for all names of the base map."""
        return self._far_ends() + self._unlisted_names() + self._water_names() + self._neighbour_names()

    def _far_ends(self) -> list[Request]:
        """Return the names of the ends of axes that lie outside the city, each beside the arrow's end that faces it."""
        found = []
        for layer in self.layers:
            arrows = layer.pieces[layer.pieces["form"] == "arrow"]
            for component in layer.structure.components:
                own = arrows.geometry[arrows["component"] == component.no]
                if not len(own):
                    continue
                ends = shapely.MultiPoint(
                    [p for line in lines_of(own.to_numpy()) for p in (line.coords[0], line.coords[-1])]
                )
                for member in component.members:
                    place = find_member(member, plan=layer.structure.plan) if member.extent == "endpoint" else None
                    if place is not None:
                        found.append(self._far_end(member.name, place, ends))
        return found

    def _far_end(self, name: str, place: Place, ends: shapely.MultiPoint) -> Request:
        target = shapely.Point(*(float(v) for v in project(place.lon or 0.0, place.lat or 0.0)))
        end = min(ends.geoms, key=target.distance)
        heading = np.degrees(np.arctan2(target.y - end.y, target.x - end.x)) % 360.0
        sign = "→↑←↓"[int((heading + 45.0) // 90.0) % 4]
        zh, en = (f"{sign} {text}" if sign == "←" else f"{text} {sign}" for text in self._towards(name, place))
        width = self.canvas.style.arrow.width_mm
        return self._base_request(
            "far-end", end, zh, en, mode="point", priority=3, gap_mm=width / 2.0 + 2.0,
            group="members",
        )  # fmt: skip

    def _towards(self, name: str, place: Place) -> tuple[str, str]:
        return self.words("towards", name=name), self.words("towards", name=place.name_en or name)

    def _base_request(self, kind: str, geometry: BaseGeometry, zh: str, en: str, **more: Any) -> Request:
        form = self.canvas.style.type[kind]
        chinese = self.words.lang == "zh"
        return Request(
            text=zh if chinese else (en or zh),
            geometry=geometry,
            size_pt=more.pop("size", None) or self.canvas.size(kind),
            bold=form.bold,
            serif=form.serif,
            colour=getattr(self.canvas.style.text, form.ink),
            english_colour=getattr(self.canvas.style.text, form.ink),
            english_pt=more.pop("english_pt", self.canvas.size("english")),
            halo_pt=form.halo_pt,
            spacing_em=form.spacing_em if chinese else form.spacing_em * 0.2,
            kind=kind,
            **more,
        )

    def _unlisted_names(self) -> list[Request]:
        note = self.words("unlisted_name")
        return [
            self._base_request(
                "town",
                row.geometry,
                row.name_zh,
                row.name_en,
                mode="area",
                priority=2,
                required=True,
                english=note,
                group="members",
            )
            for row in self.ground.unlisted.itertuples()
        ]

    def _water_names(self) -> list[Request]:
        """Return the names of lakes by size, in their free part, and of rivers along their course."""
        mpm = self.view.metres_per_mm
        named = {component_label(c) for layer in self.layers for c in layer.structure.components}
        named |= self._members()
        requests = []
        form = self.canvas.style.type["lake"]
        least, most = form.sizes[self.canvas.page], form.largest[self.canvas.page]
        for row in self.ground.lakes.itertuples():
            if row.name_zh in named:
                continue
            free = shapely.difference(row.geometry.intersection(self.view.ground), self._taken)
            calm = shapely.difference(free, self._faded)
            parts = sorted(shapely.get_parts(calm if calm.area > _CALM * free.area else free), key=lambda g: -g.area)
            if not parts or parts[0].area < 8.0 * mpm**2:
                continue
            room = shapely.maximum_inscribed_circle(parts[0], tolerance=mpm).length / mpm
            size = float(np.clip(room * 1.15, least, most))
            big = size > 13.0  # noqa: PLR2004
            english = row.name_en if (big or self._bilingual) and self.words.lang == "zh" else ""
            requests.append(
                self._base_request(
                    "lake", parts[0], row.name_zh, row.name_en, mode="area", priority=4, size=size, tight=True,
                    english=english, english_pt=self.canvas.size("english") * (1.4 if big else 1.0), group="water",
                )
            )  # fmt: skip
        lines = shapely.union_all([m.geometry for m in self.marks if m.kind == "line"])
        return requests + self._river_names(named, shapely.union_all([self._taken, self._faded, lines]))

    def _members(self) -> set[str]:
        """Return the names that members' land and water carry: nothing is named twice."""
        return {
            name
            for layer in self.layers
            for name in layer.pieces.loc[layer.pieces["form"] == "fill", "name_zh"]
        }  # fmt: skip

    def _river_names(self, named: set[str], taken: BaseGeometry) -> list[Request]:
        """Return the names of the longest rivers on the map, along their course where nothing is drawn over it."""
        taken = taken.buffer(_BESIDE_RIVER_MM * self.view.metres_per_mm)
        found = []
        for name, rows in self.ground.rivers.groupby("name_zh") if len(self.ground.rivers) else ():
            course = shapely.union_all(rows.geometry.intersection(self.view.ground).to_numpy())
            lines = course.difference(taken)
            lines = shapely.line_merge(lines) if lines.geom_type.startswith("Multi") else lines
            least = _LEAST_RIVER_MM * self.view.metres_per_mm
            parts = [g for g in shapely.get_parts(lines) if g.length > least]
            if parts and name not in named:
                found.append((lines.length, str(name), rows["name_en"].iloc[0], shapely.MultiLineString(parts)))
        return [
            self._base_request("river", course, zh, en, mode="curve", priority=6, gap_mm=0.6, group="water")
            for _, zh, en, course in sorted(found, key=lambda entry: (-entry[0], entry[1]))[:_MOST_RIVERS]
        ]

    def _neighbour_names(self) -> list[Request]:
        """Return the names of the county-level units that no component is made of."""
        members = {name for layer in self.layers for name in layer.pieces["name_zh"]}
        requests = []
        for row in self.ground.counties.itertuples():
            if row.name_zh in members or (not self.ground.focus.is_city and row.id == self.ground.focus.id):
                continue
            free = shapely.difference(row.geometry.intersection(self.view.ground), self.ground.water)
            free = free if self.ground.focus.is_city else shapely.difference(free, self._taken)
            parts = sorted(shapely.get_parts(free), key=lambda g: -g.area)
            if parts and parts[0].area > 60.0 * self.view.metres_per_mm**2:
                kind = "county" if self.ground.focus.is_city else "neighbour"
                zh, en = component_name(row.name_zh), component_name(row.name_en)
                english = en if (self.ground.focus.is_city or self._bilingual) and self.words.lang == "zh" else ""
                requests.append(
                    self._base_request(
                        kind, parts[0], zh, en, mode="area", priority=5, english=english, group="neighbours"
                    )
                )
        return requests
