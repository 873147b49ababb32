"""The base map for a zoom band: land, water, administrative lines, railways, metro and roads, with their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import shapely
from shapely.geometry import MultiLineString

from geodata import store
from layers.web.bands import PX_PER_MM
from layers.web.encoding import encode_geometry, simplify

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from layers.style import Style
    from layers.web.bands import Band
    from layers.web.marks import Feature, Paint

GROUPS: Final = ("water", "counties", "towns", "rail", "metro", "roads")
"""What the reader can switch; the land is always there."""
LINE_GROUPS: Final = ("rail", "metro", "roads")
_LEAST_LAKE_PX: Final = 12.0
_TOWN_OPACITY: Final = {"14": 0.4}
"""Approximate towns fade where the map is drawn closer than they are known."""
_SHARED_M: Final = 1.0


def paint_base(*, style: Style, band: Band) -> tuple[list[Feature], dict[str, Paint]]:
    """Draw the base map for a zoom band.

    Returns
    -------
    features
        GeoJSON features; properties ``g`` (group, or "land"), ``s`` (key of its paint), ``id``.
    paints
        Paint by key, as in `layers.web.marks`.
    """
    paints = _paints(style, band)
    features: list[Feature] = []

    def add(shape: BaseGeometry, group: str, key: str, feature_id: str = "") -> None:
        geometry = encode_geometry(shape)
        if geometry is not None:
            properties = {"g": group, "s": key} | ({"id": feature_id} if feature_id else {})
            features.append({"type": "Feature", "geometry": geometry, "properties": properties})

    counties = _coverage(store.read_metric("counties"), band)
    for county_id, shape in counties.items():
        add(shape, "land", "land", county_id)
    lakes = store.read_metric("lakes")
    sea = shapely.union_all(store.read_metric("sea").geometry.values)
    for shape, lake_id in zip(lakes.geometry, lakes.index, strict=True):
        # The river and the sea are one water: no shore line where one ends and the other begins.
        water = _lake(shape.union(sea) if shape.distance(sea) < _SHARED_M else shape, band)
        if water is not None:
            add(water, "water", "water", str(lake_id))
    for row in store.read_metric("rivers").itertuples():
        add(simplify(row.geometry, tolerance=band.tolerance_m), "water", "river", row.line)
    if band.town:
        for key, line in _town_lines(store.read_metric("towns"), band).items():
            add(line, "towns", key)
    city = shapely.union_all(list(counties.values()), grid_size=0.1)
    add(_inner_lines(list(counties.values())), "counties", "county")
    add(city.boundary, "counties", "city")
    for group in LINE_GROUPS:
        for row in store.read_metric(group).itertuples():
            status = row.status if row.status in style.status else "open"
            shape = simplify(row.geometry, tolerance=band.tolerance_m)
            for key in (f"{group}-{status}-casing", f"{group}-{status}", f"{group}-ticks"):
                if key in paints and not (key.endswith("-ticks") and status != "open"):
                    add(shape, group, key, row.line)
    return features, paints


def _town_lines(frame: gpd.GeoDataFrame, band: Band) -> dict[str, BaseGeometry]:
    """Return the borders between towns by the paint that they get: those that are surveyed apart from the rest."""
    cells = _coverage(frame, band)
    lines = _inner_lines(list(cells.values()))
    own = [shape for shape, basis in zip(cells.values(), frame["basis"], strict=True) if basis == "official"]
    if not own:
        return {"town": lines}
    near = shapely.union_all([shape.boundary for shape in own]).buffer(_SHARED_M)
    parted = {"town": lines - near, "town-official": lines & near}
    return {key: line for key, line in parted.items() if not line.is_empty}


def _coverage(frame: gpd.GeoDataFrame, band: Band) -> dict[str, BaseGeometry]:
    """Thin areas that share borders so that they still share them."""
    thin = shapely.coverage_simplify(frame.geometry.values, band.tolerance_m)
    return {str(index): shape for index, shape in zip(frame.index, thin, strict=True)}


def _inner_lines(shapes: list[BaseGeometry]) -> BaseGeometry:
    """Return the borders that areas share, each once; the outer border is the city's."""
    lines = shapely.union_all([shape.boundary for shape in shapes])
    outer = shapely.union_all(shapes, grid_size=0.1).boundary.buffer(_SHARED_M)
    inner = shapely.line_merge(lines.difference(outer))
    return MultiLineString([part for part in shapely.get_parts(inner) if part.geom_type == "LineString"])


def _lake(shape: BaseGeometry, band: Band) -> BaseGeometry | None:
    least = (_LEAST_LAKE_PX * band.metres_per_px) ** 2 / 4.0
    return simplify(shape, tolerance=band.tolerance_m) if shape.area > least else None


def _paints(style: Style, band: Band) -> dict[str, Paint]:
    tones = style.base
    boundaries = style.boundaries
    paints: dict[str, Paint] = {
        "land": {"f": tones.land, "fo": 1.0},
        "focus": {"f": tones.focus, "fo": 1.0, "st": tones.outline, "so": 1.0, "w": band.city},
        "water": {"f": tones.water, "fo": 1.0, "st": tones.shore, "so": 1.0, "w": max(0.6, band.edge * 0.5)},
        "river": {"st": tones.water, "so": 1.0, "w": max(1.2, band.px(tones.river_pt))},
        "town": _line(tones.county, band.town, (3.0, 2.5), opacity=_TOWN_OPACITY.get(band.name, 0.8)),
        "town-official": _line(tones.county, band.town, (), opacity=0.8),
        "county": _line(tones.county, band.county, boundaries["county"].dash),
        "city": _line(tones.outline, band.city, boundaries["city"].dash),
    }
    for group in LINE_GROUPS:
        form = style.lines[group]
        for name, status in style.status.items():
            width = round(band.px(form.width_pt) * status.width * 0.8, 2)
            dash = [round(step * width, 2) for step in status.dash]
            extra = style.casing.extra_pt * 1.2
            paints[f"{group}-{name}-casing"] = _line(style.casing.colour, width + extra, (), opacity=0.8)
            paints[f"{group}-{name}"] = _line(form.colour, width, (), opacity=0.75) | ({"d": dash} if dash else {})
            if status.round:
                paints[f"{group}-{name}"]["rc"] = 1
        if form.ticks:
            length = round(style.ticks.length_mm * PX_PER_MM * 0.8, 2)
            paints[f"{group}-ticks"] = _line(form.colour, length, (), opacity=0.75) | {"d": [1.0, 9.0]}
    return paints


def _line(colour: str, width: float, dash: tuple[float, ...], *, opacity: float = 1.0) -> Paint:
    paint: Paint = {"st": colour, "so": opacity, "w": width}
    if dash:
        paint["d"] = [round(step * max(width, 0.8), 2) for step in dash]
    return paint


def base_tones(style: Style) -> dict[str, Any]:
    """Return the tones that the browser needs beside the paints: the ground outside, inks, the tint of the focus."""
    return {
        "outside": style.base.outside,
        "land": style.base.land,
        "tint": style.base.tint,
        "tint_px": round(style.base.tint_mm * PX_PER_MM, 1),
        "tint_steps": style.base.tint_steps,
        "tint_opacity": style.base.tint_opacity,
        "halo": style.text.halo,
        "ink": style.text.ink,
        "second": style.text.second,
        "third": style.text.third,
        "water": style.text.water,
        "notice": style.text.notice,
    }
