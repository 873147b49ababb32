"""The quiet land of a sheet: base geometry in EPSG:4549, thinned for its scale, and how it is painted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import shapely
from shapely.geometry import MultiLineString, MultiPolygon

from gazetteer import open_register
from geodata import store
from geodata.looking import look
from geodata.workspace import kept_until_change
from layers.drawing.shapes import lines_of, polygons_of, rounded
from layers.drawing.symboliser import draw

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from matplotlib.patches import Patch
    from shapely.geometry.base import BaseGeometry

    from layers.model import Layer
    from layers.sheet.canvas import Canvas, View

_TOLERANCE_MM: Final = 0.15
_MOST_ROUGH_M: Final = 8_000.0
_JOINT_M: Final = 50.0
"""By this much the sea reaches over the river's end, so that thinned edges leave no slit between them."""
_SPIKE_MM: Final = 0.5
"""Width of a spike or notch of an outline that cannot be seen as one."""
_LEAST_LAKE_MM2: Final = 4.0
_LEAST_PART_MM2: Final = 1.0
_SUBJECT_TOLERANCE_M: Final = 200.0
_ISLAND_M2: Final = 8e6
_FULL_RIVER_MPM: Final = 350.0
"""Scale (metres per mm) up to which rivers have their full width."""
_LEAST_AROUND_M: Final = 3_000.0
"""Ground around a small structure, so that a single point has surroundings."""
_AROUND: Final = 0.3
"""The same in lengths of the structure."""
_SMALL_IN_CITY: Final = 0.16
_SMALL_IN_COUNTY: Final = 0.05
"""Share of the plan's area under which a structure is shown with its surroundings instead of the whole area."""
_LISTED_SHARE: Final = 0.4
"""Share of the focus area's towns that a structure must name before the others count as left out."""


@kept_until_change
@cache
def read_metric(layer: str) -> gpd.GeoDataFrame:
    """Read a base layer in EPSG:4549; an empty one has no columns to trust and gives an empty frame."""
    try:
        return store.read(layer).to_crs(4549)
    except KeyError:
        import geopandas  # noqa: PLC0415  (an empty file has no id column)

        return geopandas.GeoDataFrame({"id": [], "name_zh": [], "name_en": [], "source": []}, geometry=[], crs=4549)


@dataclass(frozen=True, kw_only=True, slots=True)
class Focus:
    """The area that a plan is about: a county-level unit or the whole city."""

    id: str
    name_zh: str
    name_en: str
    geometry: BaseGeometry
    is_city: bool


def find_focus(plan: str) -> Focus:
    """Return the area of a plan's owner, the city where that is not known."""
    focus = _find_focus(plan)
    look("city" if focus.is_city else f"counties/{focus.id}")
    return focus


@kept_until_change
@cache
def _find_focus(plan: str) -> Focus:
    context = open_register().contexts.get(plan)
    layer, _, feature = ("counties", "", context.owner.partition("/")[2]) if context else ("city", "", "")
    counties, city = read_metric("counties"), read_metric("city")
    if layer == "counties" and feature in counties.index:
        row, is_city = counties.loc[feature], False
    else:
        row, is_city = city.iloc[0], True
    return Focus(
        id=str(row["id"]), name_zh=row["name_zh"], name_en=row["name_en"], geometry=row.geometry, is_city=is_city
    )


def common_focus(layers: Sequence[Layer]) -> Focus:
    """Return the area that layers are about: their owner's, or the city where the owners differ."""
    found = {focus.id: focus for focus in (find_focus(layer.structure.plan) for layer in layers)}
    return next(iter(found.values())) if len(found) == 1 else find_focus("")


@kept_until_change
@cache
def _thinned(layer: str, tolerance: float) -> gpd.GeoDataFrame:
    """Return a base layer thinned; common edges stay common."""
    frame = read_metric(layer)
    if len(frame) and layer in ("counties", "towns"):
        return frame.set_geometry(shapely.coverage_simplify(frame.geometry.to_numpy(), tolerance))
    return frame.set_geometry(frame.geometry.simplify(tolerance))


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Base geometry inside a window, EPSG:4549.

    Attributes
    ----------
    city, focus
        Polygons.
    counties, lakes, rivers
        Tables with ``name_zh``, ``name_en`` and geometry.
    unlisted
        Towns of the focus area that no component names.
    """

    city: BaseGeometry
    focus: Focus
    outline: BaseGeometry
    counties: gpd.GeoDataFrame
    lakes: gpd.GeoDataFrame
    rivers: gpd.GeoDataFrame
    unlisted: gpd.GeoDataFrame
    water: BaseGeometry
    sea: BaseGeometry
    """What a wide window shows of the sea: ground without a name."""
    network: BaseGeometry


def read_ground(
    window: BaseGeometry, *, focus: Focus, metres_per_mm: float, layers: Sequence[Layer], network: bool,
    boundaries: bool = True,
) -> Ground:  # fmt: skip
    """Read the base geometry that a window shows; with `network`, open roads and railways for orientation.

    Without `boundaries` no town counts as left out, because its outline would be shown.
    """
    tolerance = round(_TOLERANCE_MM * metres_per_mm, 1)
    paper = metres_per_mm**2
    reach = window.buffer(20.0 * metres_per_mm)

    def cut(layer: str, least: float = 0.0) -> gpd.GeoDataFrame:
        frame = _thinned(layer, tolerance)
        if not len(frame):
            return frame
        frame = frame[frame.geometry.intersects(window)]
        if least:
            frame = frame[frame.geometry.area >= least]
        return frame.set_geometry(shapely.intersection(frame.geometry.to_numpy(), reach)) if len(frame) else frame

    counties = cut("counties")
    lakes = cut("lakes", _LEAST_LAKE_MM2 * paper)
    lakes = lakes.set_geometry([_without_crumbs(g, _LEAST_PART_MM2 * paper) for g in lakes.geometry])
    city = _thinned("city", tolerance).geometry.iloc[0]
    outline = _without_spikes(
        city if focus.is_city else _thinned("counties", tolerance).geometry[focus.id], _SPIKE_MM * metres_per_mm
    )
    return Ground(
        city=city,
        focus=focus,
        outline=outline,
        counties=counties,
        lakes=lakes,
        rivers=cut("rivers"),
        sea=shapely.union_all(cut("sea").geometry.to_numpy()),
        unlisted=_unlisted(layers, focus, tolerance) if boundaries else _thinned("towns", tolerance).iloc[:0],
        network=_network(window) if network else MultiLineString(),
        water=shapely.union_all(lakes.geometry.to_numpy()) if len(lakes) else MultiPolygon(),
    )


def _network(window: BaseGeometry) -> BaseGeometry:
    """Return the open roads and railways in a window."""
    lines = []
    for layer in ("roads", "rail"):
        frame = read_metric(layer)
        if "status" in frame:
            lines += lines_of(shapely.intersection(frame.geometry[frame["status"] == "open"].to_numpy(), window))
    return MultiLineString(lines)


def _without_spikes(geometry: BaseGeometry, width: float) -> BaseGeometry:
    """Return a polygon without spikes and notches under `width` metres, whose two sides would be one thick line."""
    half = width / 2.0
    opened = geometry.buffer(-half, join_style="mitre").buffer(half, join_style="mitre")
    closed = opened.buffer(half, join_style="mitre").buffer(-half, join_style="mitre")
    return geometry if closed.is_empty else closed


def _without_crumbs(geometry: BaseGeometry, least: float) -> BaseGeometry:
    """Return polygons without parts and islands smaller than `least` square metres."""
    kept = []
    for part in polygons_of(geometry):
        if part.area >= least:
            holes = [ring for ring in part.interiors if shapely.Polygon(ring).area >= least]
            kept.append(shapely.Polygon(part.exterior, holes))
    return MultiPolygon(kept)


def find_left_out(layers: Sequence[Layer], *, focus: Focus, metres_per_mm: float) -> gpd.GeoDataFrame:
    """Return the towns (EPSG:4549) of a district that its structure leaves out, where it goes by towns."""
    look(f"towns?{focus.id}")
    return _unlisted(layers, focus, round(_TOLERANCE_MM * metres_per_mm, 1))


def _unlisted(layers: Sequence[Layer], focus: Focus, tolerance: float) -> gpd.GeoDataFrame:
    towns = _thinned("towns", tolerance)
    own = towns[towns["county"] == focus.id] if "county" in towns else towns.iloc[:0]
    named = {
        place.partition("/")[2]
        for layer in layers
        for place in layer.pieces.loc[layer.pieces["form"] == "fill", "place"]
        if place.startswith("town/")
    }
    listed = own["id"].isin(named)
    if focus.is_city or not len(own) or listed.mean() < _LISTED_SHARE:
        return own.iloc[:0]
    rest = own[~listed]
    # Thinned together with its neighbours, whoever's they are.
    look("towns")
    return rest[[not _covered(g, layers) for g in rest.geometry]] if len(rest) else rest


def _covered(town: BaseGeometry, layers: Sequence[Layer]) -> bool:
    """Tell whether fills of a structure cover most of a town under another name."""
    fills = [
        g for layer in layers for g in layer.pieces.geometry[layer.pieces["form"].isin(["fill", "patch"])]
        if g.area > 0.0
    ]  # fmt: skip
    points = [g for layer in layers for g in layer.pieces.geometry[layer.pieces["form"] == "patch"] if g.area == 0.0]
    if any(town.contains(point) for point in points):
        return True
    return bool(fills) and shapely.union_all(fills).intersection(town).area > 0.5 * town.area


def paint_ground(canvas: Canvas, view: View, ground: Ground, *, frame: Patch, boundaries: bool) -> None:
    """Paint land, water and lines under the marks, and the outlines that lie over them."""
    style = canvas.style
    base, lines = style.base, style.boundaries

    def put(geometry: BaseGeometry, z: float, **paint: Any) -> None:
        inside = shapely.intersection(geometry, view.ground.buffer(3.0 * view.metres_per_mm))
        canvas.path(view.on_page(inside), z=z, clip=frame, **paint)

    # without boundaries all land is of one tone: a change of tone is a boundary too
    canvas.box(*view.frame, z=0.0, facecolor=base.outside if boundaries else base.land, linewidth=0.0)
    if boundaries:
        put(ground.city, 1.0, facecolor=base.land, linewidth=0.0)
        put(ground.outline, 2.0, facecolor=base.focus, linewidth=0.0)
    width = base.river_pt * min(1.0, max(0.5, (_FULL_RIVER_MPM / view.metres_per_mm) ** 0.5))
    for river in ground.rivers.geometry:
        put(river, 2.8, facecolor="none", edgecolor=base.shore, linewidth=width + 0.4, capstyle="round")
        put(river, 2.9, facecolor="none", edgecolor=base.water, linewidth=width, capstyle="round")
    surveyed = ground.lakes[ground.lakes["basis"] != "schematic"] if len(ground.lakes) else ground.lakes
    # The river and the sea are one water: no shore line where one ends and the other begins.
    shores = shapely.union_all([*surveyed.geometry, ground.sea.buffer(_JOINT_M)])
    put(ground.water.union(ground.sea), 3.0, facecolor=base.water, linewidth=0.0)
    put(shores, 3.1, facecolor="none", edgecolor=base.shore, linewidth=base.shore_pt)
    put(ground.network, 3.5, facecolor="none", edgecolor=base.network, linewidth=base.network_pt, capstyle="round")
    if not boundaries:
        return
    borders = MultiLineString(lines_of(ground.counties.geometry.to_numpy()))
    put(
        borders, 4.0, facecolor="none", edgecolor=base.county, linewidth=lines["county"].width_pt,
        linestyle=(0.0, lines["county"].dash),
    )  # fmt: skip
    step = base.tint_mm / base.tint_steps * view.metres_per_mm
    for i in range(base.tint_steps):
        strip = ground.outline.difference(ground.outline.buffer(-step * (i + 1))).difference(ground.water)
        put(strip, 5.0, facecolor=(base.tint, base.tint_opacity), linewidth=0.0)
    edge = MultiLineString(lines_of(ground.city))
    if not ground.focus.is_city:
        put(
            edge, 17.5, facecolor="none", edgecolor=base.outline, linewidth=lines["city"].width_pt,
            linestyle=(0.0, lines["city"].dash),
        )  # fmt: skip
    own = MultiLineString(lines_of(ground.outline))
    width = lines["focus"].width_pt
    thin = style.basis["official"].water_edge_pt
    wet = ground.water.buffer(view.metres_per_mm)
    for part, strength in ((own.difference(wet), width), (own.intersection(wet), thin)):
        put(part, 18.0, facecolor="none", edgecolor=base.outline, linewidth=strength, joinstyle="round")


def paint_unlisted(canvas: Canvas, view: View, ground: Ground, *, frame: Patch) -> None:
    """Paint the towns that no component names: white, dashed, rounded like the others."""
    form = canvas.style.unlisted
    basis = canvas.style.basis["indicative"]
    for town in ground.unlisted.geometry:
        shape = rounded(town, radius=basis.round_mm * view.metres_per_mm, inset=basis.inset_mm * view.metres_per_mm)
        canvas.path(
            view.on_page(shape), z=6.0, clip=frame, facecolor=form.fill, edgecolor=form.edge, linewidth=form.edge_pt,
            linestyle=(0.0, form.dash),
        )  # fmt: skip


def subject_of(layers: Sequence[Layer]) -> BaseGeometry:
    """Return what a sheet must show: what each of its layers must show."""
    return shapely.union_all([_subject(layer, find_focus(layer.structure.plan)) for layer in layers]).envelope


def _subject(layer: Layer, focus: Focus) -> BaseGeometry:
    """Return what a layer must show: the plan's area, or the structure where that is much smaller.

    Lines and points far outside the plan's area do not count: they are cut by the frame.
    """
    # What is known to a few kilometres only is not drawn closer than that.
    own = [
        row.geometry.buffer(min(row.accuracy_m, _MOST_ROUGH_M)) if row.form == "point" else row.geometry
        for row in layer.pieces.itertuples()
        if row.geometry is not None and not row.geometry.is_empty
    ]
    if not own:
        return focus.geometry
    shown = shapely.union_all([g.envelope for g in own]).envelope
    land = focus.geometry
    if not focus.is_city:
        # a district that owns half a lake is shown by its land, and its structure
        lakes = shapely.union_all(read_metric("lakes").geometry.simplify(_SUBJECT_TOLERANCE_M).to_numpy())
        land = shapely.difference(land, lakes)
        parts = shapely.get_parts(land)
        land = shapely.union_all(parts[shapely.area(parts) > _ISLAND_M2])
    box = land.envelope
    inside = shown.intersection(box)
    if inside.is_empty:
        return shown.buffer(_LEAST_AROUND_M)
    if inside.area < 0.16 * box.area:
        extent = max(inside.bounds[2] - inside.bounds[0], inside.bounds[3] - inside.bounds[1])
        return inside.buffer(max(_LEAST_AROUND_M, _AROUND * extent))
    return box


__all__ = ["Focus", "Ground", "draw", "find_focus", "paint_ground", "paint_unlisted", "read_ground", "subject_of"]
