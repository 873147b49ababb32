"""What a layer wants written on the map: names of components and members as label requests."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, cast

import msgspec
import shapely
from shapely.ops import substring

from layers.colours import legible, line_colours
from layers.drawing.cells import cells_of
from layers.drawing.forms import POINT_SHAPES, ROUGH_MM, TWO_WAYS
from layers.drawing.numbering import anchor_numbers
from layers.drawing.shapes import lines_of, main_lines, relaxed, smooth
from layers.drawing.symboliser import pens_of
from layers.labels import Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from shapely.geometry import LineString
    from shapely.geometry.base import BaseGeometry

    from layers.labels.request import Mode
    from layers.model import Component, Layer
    from layers.style import ComponentColour, Page, Style

Lang = Literal["zh", "en"]

_FORMS = ("arrow", "band", "ring", "fill", "patch", "disc", "block", "line", "point")
"""Which piece of a component carries its name, first choice first."""
_AREAS = ("park", "area")
"""Roles whose blocks are named like discs, small; the block of a core or district is named like other such."""
_WATER = ("lakes", "rivers")
_MANY = 8
"""Components from which their names are set smaller."""
_LEAST_SPINE_MM = 24.0
"""Length between the heads of an arrow from which its name keeps off them."""
_SAME_POINT_M = 50.0
_ENGLISH_WORTH = 0.9
_BILINGUAL_WORTH = 3.5
"""What it costs to leave an English line out, on a sheet that adds it and on one that speaks both languages."""
_BRACKETS = re.compile(r"\s*[（(][^（）()]*[）)]")


def component_label(component: Component, *, lang: Lang = "zh") -> str:
    """Return the name of a component as it stands on the map: its short name, else without what is in brackets."""
    return component.label_zh if lang == "zh" and component.label_zh else component_title(component, lang=lang)


def component_title(component: Component, *, lang: Lang = "zh") -> str:
    """Return the name of a component as it stands in lists and legends: as printed, without what is in brackets."""
    name = component.name_zh if lang == "zh" else component.name_en
    return _BRACKETS.sub("", name).strip() or name


def names(
    layer: Layer,
    *,
    style: Style,
    metres_per_mm: float,
    page: Page = "16:9",
    lang: Lang = "zh",
    bilingual: bool = False,
    numbers: Mapping[int, int] | None = None,
    clip: BaseGeometry | None = None,
) -> list[Request]:
    """Return the names that a layer wants on the map.

    Parameters
    ----------
    layer
        A built layer.
    style
        Inks and type sizes.
    metres_per_mm
        Ground length of one millimetre on paper or screen.
    page
        Decides the type sizes.
    lang
        ``zh`` sets Chinese with a small English line, ``en`` English alone.
    bilingual
        With ``zh``: English is as welcome as Chinese, and names along lines have it too.
    numbers
        Numerals that stand for names; of the numbered anchors by default. With them, names of lines and points may give
        way where there is no room: a numeral can stand for them.
    clip
        The map's window (EPSG:4549); what lies outside is not named.
    """
    writer = _Writer(layer, style=style, metres_per_mm=metres_per_mm, page=page, lang=lang, bilingual=bilingual)
    if numbers is not None:
        writer.keen = True
        writer.numbers = dict(numbers)
    pieces = layer.pieces[~(layer.pieces.geometry.is_empty | layer.pieces.geometry.isna())]
    if clip is not None:
        pieces = pieces.assign(geometry=pieces.geometry.intersection(clip))
        pieces = pieces[~pieces.geometry.is_empty]
    requests: list[Request] = []
    for component in layer.structure.components:
        rows = pieces[pieces["component"] == component.no]
        if len(rows):
            requests += writer.component(component, rows)
    return _once(requests + writer.members(pieces))


def _once(requests: list[Request]) -> list[Request]:
    """Return requests without those that name a point again that another component names alike."""
    seen: set[tuple[str, int, int]] = set()
    kept = []
    for request in requests:
        key = None
        if request.mode == "point":
            key = (request.text, round(request.geometry.x / _SAME_POINT_M), round(request.geometry.y / _SAME_POINT_M))
        if key is None or key not in seen:
            kept.append(request)
        seen |= {key} if key else set()
    return kept


class _Writer:
    """Type, inks and scale of one layer's names."""

    def __init__(
        self, layer: Layer, *, style: Style, metres_per_mm: float, page: Page, lang: Lang, bilingual: bool
    ) -> None:
        self.layer, self.style, self.mpm, self.page, self.lang = layer, style, metres_per_mm, page, lang
        self.keen = False
        self.bilingual = bilingual and lang == "zh"
        pens = pens_of(layer, style=style, metres_per_mm=metres_per_mm)
        self.colours = {no: pen.colour for no, pen in pens.items()}
        self.numbers = anchor_numbers(layer, style=style, metres_per_mm=metres_per_mm)
        self.roles = {c.no: c.role for c in layer.structure.components}
        self.directions = {c.no: c.direction for c in layer.structure.components}
        self.scale = 0.84 if len(layer.structure.components) > _MANY else 1.0
        self.labels = {component_label(c, lang="zh") for c in layer.structure.components}
        points = layer.pieces[(layer.pieces["form"] == "point") & (layer.pieces["place"] != "")]
        alone = points.groupby("component")["place"].agg(list)
        self.told = {places[0] for places in alone if len(places) == 1}
        """Places that a component of their own names: no other component names them again."""

    def request(
        self,
        kind: str,
        text: tuple[str, str],
        mode: Mode,
        geometry: BaseGeometry,
        *,
        colour: ComponentColour | None = None,
        scale: float = 1.0,
        **more: Any,
    ) -> Request:
        """Make a request in a class of type; `text` is the name and its English line."""
        form = self.style.type[kind]
        tones = self.style.text
        return Request(
            text=text[0],
            english=text[1],
            mode=mode,
            geometry=geometry,
            size_pt=form.sizes[self.page] * scale,
            english_pt=self.style.type["english"].sizes[self.page],
            bold=form.bold,
            serif=form.serif,
            colour=colour.ink if colour else getattr(tones, form.ink),
            english_colour=tones.second,
            halo_pt=form.halo_pt,
            spacing_em=form.spacing_em if self.lang == "zh" else form.spacing_em * 0.12,
            kind=kind,
            english_worth=_BILINGUAL_WORTH if self.bilingual else _ENGLISH_WORTH,
            **more,
        )

    def words(self, zh: str, en: str) -> tuple[str, str]:
        """Return the name and the small line below it, in the sheet's language."""
        if self.lang == "en":
            return en or zh, ""
        return zh, en if en != zh else ""

    def component(self, component: Component, rows: gpd.GeoDataFrame) -> list[Request]:
        """Return the request for a component's name, or one for each of its several points."""
        if component.no in self.numbers:
            return []
        form = next(f for f in _FORMS if f in set(rows["form"]))
        own = rows[rows["form"] == form]
        colour = self.colours[component.no]
        text = self.words(component_label(component), component_label(component, lang="en"))
        common = {"component": component.no, "required": True, "priority": 1}
        hubs = [] if form == "point" else self._hubs(component, rows)
        if form == "patch" and len(hubs) == 1:
            hubs = []  # the patch lies around it: its own name says where
        return self._named(component, form, own, colour, text, common) + hubs

    def _hubs(self, component: Component, rows: gpd.GeoDataFrame) -> list[Request]:
        """Return the names of the places that an axis or area rests on."""
        points = rows[(rows["form"] == "point") & (rows["name_zh"] != "")]
        return [
            self.request(
                "site",
                self.words(row.name_zh, row.name_en)
                if self.bilingual
                else (self.words(row.name_zh, row.name_en)[0], ""),
                "point",
                row.geometry.representative_point(),
                scale=0.9,
                priority=3,
                gap_mm=self._reach(row, component.no),
                component=component.no,
                place=row.place,
                group="members",
            )
            for row in points.itertuples()
        ]

    def _named(
        self,
        component: Component,
        form: str,
        own: gpd.GeoDataFrame,
        colour: ComponentColour,
        text: tuple[str, str],
        common: dict[str, Any],
    ) -> list[Request]:
        """Return the request for a component's own name."""
        if form in ("arrow", "band", "ring", "line"):
            return self._along(form, own, colour, text, common)
        if form == "point":
            rows = [row for row in own.itertuples() if len(own) == 1 or row.place not in self.told]
            return [request for row in rows for request in self._point(row, colour, text, len(own), common)]
        geometry = shapely.union_all(own.geometry.to_numpy())
        if form == "disc":
            return [self._disc(component, own, colour, text, common)]
        if form == "block":
            # an area without its name in English would lose the row that explains the dashes
            small = component.role in _AREAS
            kind, claim = ("park", {"priority": 3}) if small else ("component", {})
            size = 1.0 if small else self.scale
            return [self.request(kind, text, "around", geometry, colour=colour, scale=size, **common | claim)]
        if form == "patch" and geometry.area == 0.0:
            geometry = geometry.buffer(self.style.patch.radius_mm * self.mpm * 0.7)
        return [self.request("component", text, "around", geometry, colour=colour, scale=self.scale, **common)]

    def _along(
        self,
        form: str,
        own: gpd.GeoDataFrame,
        colour: ComponentColour,
        text: tuple[str, str],
        common: dict[str, Any],
    ) -> list[Request]:
        if form == "line":
            lines = main_lines(own.geometry.to_numpy(), tolerance=1.5 * self.mpm, shortest=9.0 * self.mpm)
            kind, gap, scale = "line", 1.0, 1.0
            colour = self._ink_of(own, colour, common["component"])
        elif form == "arrow":
            lines = [smooth(part, tolerance=2.0 * self.mpm) for part in relaxed(lines_of(own.geometry.to_numpy()))]
            lines = [self._between_heads(line, common["component"]) for line in lines]
            kind, gap, scale = "component-curve", 0.0, self.scale
        else:
            thin = main_lines(own.geometry.to_numpy(), tolerance=self.mpm, shortest=9.0 * self.mpm)
            lines = [smooth(part, tolerance=2.0 * self.mpm) for part in thin]
            kind, gap, scale = "component-curve", 1.3, self.scale
        longest = sorted(lines, key=lambda line: -line.length)[:6]
        geometry = shapely.MultiLineString(longest)
        extra = {"gap_mm": gap} | (({"priority": 3} | self._giving_way) if form == "line" else {})
        found = [self.request(kind, (text[0], ""), "curve", geometry, colour=colour, scale=scale, **common | extra)]
        if self.bilingual and text[1]:
            beside = common | extra | {"required": False, "gap_mm": max(gap, 0.5)}
            found.append(self.request("english", (text[1], ""), "curve", geometry, colour=colour, **beside))
        return found

    def _ink_of(self, own: gpd.GeoDataFrame, colour: ComponentColour, component: int) -> ComponentColour:
        """Return colours whose ink is that of the lines as they are drawn, dark enough for a name."""
        drawn = line_colours(
            colour, role=self.roles[component], theme=str(own["theme"].iloc[0]), operators=own["colour"],
            style=self.style,
        )  # fmt: skip
        own_ink = drawn == (colour.colour,) or len(drawn) > 1
        return msgspec.structs.replace(colour, ink=colour.ink if own_ink else legible(drawn[0], self.style))

    def _between_heads(self, line: LineString, component: int) -> LineString:
        """Return the spine of an arrow without its heads, where it is long enough for both."""
        form = self.style.arrow
        head = form.head_length * form.width_mm * self.mpm
        start = head if self.directions[component] in TWO_WAYS else 0.0
        if line.length < start + head + _LEAST_SPINE_MM * self.mpm:
            return line
        return cast("LineString", substring(line, start, line.length - head))

    def _point(
        self, row: Any, colour: ComponentColour, text: tuple[str, str], count: int, common: dict[str, Any]
    ) -> list[Request]:
        zh, en = getattr(row, "name_zh", ""), getattr(row, "name_en", "")
        name = self.words(zh, en) if count > 1 and zh else text
        geometry = row.geometry.representative_point()
        more = common | {"priority": 3, "required": count == 1, "gap_mm": self._reach(row, common["component"])}
        more |= self._giving_way if count == 1 else {"keen": True}
        _ = colour
        return [self.request("site", name, "point", geometry, **more)]

    @property
    def _giving_way(self) -> dict[str, Any]:
        return {"required": False, "keen": True} if self.keen else {}

    def _reach(self, row: Any, component: int) -> float:
        """Return how far from a point its name stands, mm: beside its symbol and the ring of a rough position."""
        form = self.style.points[POINT_SHAPES.get(self.roles[component], "seat")]
        ring = ROUGH_MM + 0.3 if row.basis == "schematic" else 0.0
        return max(form.size_mm, form.outer_mm) / 2.0 + ring + 0.7

    def _disc(
        self,
        component: Component,
        own: gpd.GeoDataFrame,
        colour: ComponentColour,
        text: tuple[str, str],
        common: dict[str, Any],
    ) -> Request:
        disc = own.geometry.iloc[0]
        radius = float((disc.area / 3.141592653589793) ** 0.5) / self.mpm
        area = component.stated_area_km2
        english = f"{text[1]}, {area:g} km²" if area and text[1] else text[1] or (f"{area:g} km²" if area else "")
        more = common | {"priority": 2, "gap_mm": max(radius, 1.2) + 0.5}
        return self.request("park", (text[0], english), "point", disc.centroid, colour=colour, **more)

    def members(self, pieces: gpd.GeoDataFrame) -> list[Request]:
        """Return the requests for the members' names: once each, however many components share them."""
        fills = pieces[(pieces["form"] == "fill") & (pieces["name_zh"] != "")]
        if not len(fills):
            return []
        requests = []
        seen: set[str] = set()
        for cell in cells_of(fills):
            if cell.name_zh in seen or cell.name_zh in self.labels:
                continue
            seen.add(cell.name_zh)
            whole = shapely.union_all(fills.geometry[fills["name_zh"] == cell.name_zh].to_numpy())
            request = self.request(
                "member",
                self.words(cell.name_zh, cell.name_en),
                "area",
                whole,
                required=True,
                priority=2,
                place=cell.place,
                component=cell.components[0],
                group="members",
            )
            if cell.theme in _WATER:
                request = replace(request, serif=True, bold=False, colour=self.style.text.water)
            requests.append(request)
        return requests
