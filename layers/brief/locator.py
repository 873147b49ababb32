"""The locator map of a brief: the quiet ground of the sheets, its names, and what was asked of in red."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import shapely

from layers import fonts
from layers.labels import Scene, place
from layers.sheet import furniture
from layers.sheet.base_names import BaseNames
from layers.sheet.canvas import Canvas, View
from layers.sheet.ground import find_focus, paint_ground, read_ground, read_metric
from layers.sheet.pages import find_page, fitting_scale
from layers.sheet.words import read_words
from layers.style import load_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from shapely.geometry.base import BaseGeometry

    from layers.brief.content import Brief
    from layers.labels import Request

_LEAST_AROUND_M: Final = 6_000.0
_CROSS_MM: Final = 3.2
_MARGIN_MM: Final = 4.0
_ALONE_MM: Final = (170.0, 92.0)
"""Size of the map where it stands by itself."""


def paint_locator(canvas: Canvas, brief: Brief, *, frame: tuple[float, float, float, float], lang: str) -> None:
    """Paint the map into a frame of a canvas: x, y, width, height in mm."""
    shape = brief.question.shape
    words = read_words(lang)
    around = max(_LEAST_AROUND_M, brief.question.near_m * 1.6) if brief.question.area is None else _LEAST_AROUND_M / 3
    west, south, east, north = shape.buffer(around).bounds
    mpm = fitting_scale(east - west, north - south, frame=frame) / 1000.0
    view = View(
        frame,
        west=(west + east) / 2.0 - frame[2] * mpm / 2.0,
        south=(south + north) / 2.0 - frame[3] * mpm / 2.0,
        metres_per_mm=mpm,
    )
    ground = read_ground(
        view.ground, focus=find_focus(""), metres_per_mm=mpm, layers=(), network=mpm <= canvas.style.base.network_mpm
    )
    window = canvas.box(*frame, z=0.5, facecolor="none", linewidth=0.0)
    paint_ground(canvas, view, ground, frame=window, boundaries=True)
    towns = read_metric("towns")
    red = canvas.style.text.notice
    for town in towns.geometry[towns.geometry.intersects(view.ground)]:
        line = shapely.intersection(shapely.boundary(town), view.ground)
        canvas.path(view.on_page(line), z=4.5, clip=window, facecolor="none", edgecolor="#C6CBD1", linewidth=0.5,
                    linestyle=(0.0, (3.0, 2.0)))  # fmt: skip
    _paint_question(canvas, view, brief, window_shape=shape, red=red)
    size = furniture.SCALE_BOX_MM
    corner = (frame[0] + 3.0, frame[1] + 2.0)
    furniture.scale_bar(canvas, view, x=corner[0] + 3.0, y=corner[1], words=words, page=find_page("a4-portrait"))
    base = BaseNames(canvas=canvas, view=view, ground=ground, layers=(), marks=(), words=words)
    requests = [*base.requests(), *_town_names(base, view)]
    scene = Scene(
        frame=view.ground.bounds,
        metres_per_mm=mpm,
        blocked=(view.to_ground(*corner, *size),),
        avoid=((shapely.boundary(shape) if brief.question.area is not None else shape.buffer(2 * mpm), 1.0),),
        named=shapely.Polygon(),
    )
    canvas.names(place(requests, scene=scene, measure=fonts.measure), view)
    tones = canvas.style.text
    canvas.box(*frame, z=66.0, facecolor="none", edgecolor=tones.frame, linewidth=tones.frame_pt)


def _town_names(base: BaseNames, view: View) -> list[Request]:
    """Return requests for the names of the towns in sight."""
    towns = read_metric("towns")
    seen = towns[towns.geometry.intersects(view.ground)]
    return [
        base._base_request(  # noqa: SLF001 - a request as the sheets make it
            "town", shapely.intersection(row.geometry, view.ground), row.name_zh, row.name_en, mode="area", priority=4
        )
        for row in seen.itertuples()
    ]


def _paint_question(canvas: Canvas, view: View, brief: Brief, *, window_shape: BaseGeometry, red: str) -> None:
    window = canvas.window
    if brief.question.area is not None:
        inside = shapely.intersection(window_shape, view.ground)
        canvas.path(view.on_page(inside), z=30.0, clip=window, facecolor=(red, 0.06), edgecolor=red, linewidth=1.5)
        return
    if brief.question.near_m:
        circle = window_shape.buffer(brief.question.near_m, quad_segs=32)
        canvas.path(view.on_page(circle), z=30.0, clip=window, facecolor=(red, 0.06), edgecolor=red, linewidth=0.9,
                    linestyle=(0.0, (4.0, 3.0)))  # fmt: skip
    x, y = view.to_page(shapely.get_coordinates(window_shape))[0]
    for width, colour in ((3.4, "#FFFFFF"), (1.6, red)):
        canvas.line([x - _CROSS_MM, x + _CROSS_MM], [y, y], z=31.0, color=colour, linewidth=width)
        canvas.line([x, x], [y - _CROSS_MM, y + _CROSS_MM], z=31.0, color=colour, linewidth=width)


def draw_locator(brief: Brief) -> Figure:
    """Return the map alone, as a figure."""
    canvas = Canvas(*_ALONE_MM, style=load_style("light"), page="a4-portrait")
    paint_locator(canvas, brief, frame=(0.5, 0.5, _ALONE_MM[0] - 1.0, _ALONE_MM[1] - 1.0), lang=brief.lang)
    canvas.check_glyphs()
    return canvas.figure
