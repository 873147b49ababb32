"""A layer as the browser paints it: marks with the key of their paint, in order of painting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layers.drawing import draw
from layers.web.bands import PX_PER_MM, web_style
from layers.web.encoding import encode_geometry, simplify

if TYPE_CHECKING:
    from layers.drawing import Mark
    from layers.model import Layer
    from layers.style import Style
    from layers.web.bands import Band

FADE_RINGS = 12
"""Nested buffers of a fading form: fewer show as steps from zoom 11 on."""
_FADE_PX = 1.2
"""Distance by which the edge of a faint ring may leave the true one: nobody sees it, and files stay small."""

Paint = dict[str, Any]
Feature = dict[str, Any]


def paint_layer(layer: Layer, *, style: Style, band: Band) -> tuple[list[Feature], dict[str, Paint]]:
    """Draw a layer for a zoom band.

    Returns
    -------
    features
        GeoJSON features; properties ``c`` (component number), ``s`` (key of its paint), ``p`` (place id, if any).
    paints
        Paint by key; see `_paint_of`.
    """
    marks = draw(layer, style=web_style(style), metres_per_mm=band.metres_per_mm, rings=FADE_RINGS)
    keys: dict[str, str] = {}
    paints: dict[str, Paint] = {}
    features: list[Feature] = []
    for mark in marks:
        shape = _stand_in(mark, marks)
        tolerance = _FADE_PX * band.metres_per_px if mark.kind == "fade" else band.tolerance_m
        geometry = encode_geometry(simplify(shape, tolerance=tolerance) if mark.kind != "symbol" else shape)
        if geometry is None:
            continue
        paint = _paint_of(mark, style=style, band=band)
        key = keys.setdefault(repr(paint), f"{len(keys)}")
        paints[key] = paint
        properties: dict[str, Any] = {"c": mark.component, "s": key}
        if mark.place:
            properties["p"] = mark.place
        features.append({"type": "Feature", "geometry": geometry, "properties": properties})
    return features, paints


def _stand_in(mark: Mark, marks: list[Mark]) -> Any:
    """Return what carries a mark in the browser: ticks are a dash on the line itself, thousands of strokes lighter."""
    if mark.kind != "ticks":
        return mark.geometry
    return next(
        line.geometry
        for line in marks
        if line.kind == "line" and line.component == mark.component and line.geometry.intersects(mark.geometry)
    )


def _paint_of(mark: Mark, *, style: Style, band: Band) -> Paint:
    """Return the paint of a mark, pixels for lengths.

    ``k`` kind, ``b`` basis, ``r`` role, ``z`` order; ``f``, ``fo`` fill and its opacity; ``st``, ``so``, ``w`` stroke,
    its opacity and width; ``d`` dash; ``rc`` round caps; ``sh``, ``sz``, ``ou``, ``t`` shape, size, outer size and
    numeral of a symbol.
    """
    paint: Paint = {"k": mark.kind, "b": mark.basis, "r": mark.role, "z": mark.z}
    if mark.fill is not None:
        paint |= {"f": mark.fill, "fo": round(mark.fill_opacity, 4)}
    if mark.kind == "ticks":
        form = style.ticks
        tick = band.px(form.width_pt)
        every = max(form.every_mm * PX_PER_MM, 3.0 * tick)
        paint |= {"st": mark.stroke, "so": 1.0, "w": form.length_mm * PX_PER_MM, "d": [tick, round(every - tick, 2)]}
    elif mark.stroke is not None and (mark.width_pt or mark.kind == "symbol"):
        width = band.px(mark.width_pt)
        paint |= {"st": mark.stroke, "so": mark.stroke_opacity, "w": width}
        if mark.dash:
            paint["d"] = [round(step * width, 2) for step in mark.dash]
        if mark.round_cap:
            paint["rc"] = 1
    if mark.kind == "symbol":
        paint |= {"sh": mark.shape, "sz": round(mark.size_mm * PX_PER_MM, 1)}
        if mark.outer_mm:
            paint["ou"] = round(mark.outer_mm * PX_PER_MM, 1)
        if mark.text:
            paint["t"] = mark.text
    return paint
