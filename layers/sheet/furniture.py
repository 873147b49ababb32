"""What stands around and on the map: graticule, scale bar, north arrow, locator, title and footer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from shapely.geometry import MultiLineString

from geodata.crs import project, unproject
from layers.drawing.shapes import lines_of
from layers.sheet.canvas import View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from layers.sheet.canvas import Canvas
    from layers.sheet.ground import Focus
    from layers.sheet.pages import Page
    from layers.sheet.words import Words

_MINUTES: Final = (1, 2, 3, 5, 6, 10, 15, 20, 30, 60)
_MOST_TICKS: Final = 8
_BAR_MM: Final = (30.0, 40.0)
_MOST_BAR_MM: Final = 41.0
"""Longest bar that leaves room for the north arrow in their box."""
_BAR_KM: Final = (0.2, 0.4, 0.8, 1.0, 2.0, 4.0, 6.0, 8.0, 10.0, 20.0, 40.0, 60.0, 80.0)
SCALE_BOX_MM: Final = (56.0, 13.5)
INSET_MM: Final = (38.5, 35.5)
_INSET_TOLERANCE_M: Final = 250.0


def graticule(canvas: Canvas, view: View) -> None:
    """Set ticks and small figures of longitude and latitude outside the frame."""
    tones = canvas.style.text
    x, y, width, height = view.frame
    canvas.box(x, y, width, height, z=66.0, facecolor="none", edgecolor=tones.frame, linewidth=tones.frame_pt)
    paint: dict[str, Any] = {"color": tones.frame, "linewidth": tones.frame_pt}
    lons, lats = unproject(
        [view.west, view.east, view.west, view.east], [view.south, view.south, view.north, view.north]
    )
    step = _step(float(lons.max() - lons.min()) * 60.0)
    for top in (True, False):
        for lon, at in _crossings(view, step, top=top, along_x=True):
            edge, out = (y + height, 1.6) if top else (y, -1.6)
            canvas.line([at, at], [edge, edge + out], z=66.0, **paint)
            if top:
                canvas.text(at, edge + 2.3, _degrees(lon, "E"), "graticule", ha="center")
    step = _step(float(lats.max() - lats.min()) * 60.0 * width / height)
    for right in (True, False):
        for lat, at in _crossings(view, step, top=right, along_x=False):
            edge, out = (x + width, 1.6) if right else (x, -1.6)
            canvas.line([edge, edge + out], [at, at], z=66.0, **paint)
            if not right:
                canvas.text(edge - 2.3, at, _degrees(lat, "N"), "graticule", ha="center", angle=90.0)


def _step(minutes: float) -> int:
    return next((m for m in _MINUTES if minutes / m <= _MOST_TICKS), 120)


def _crossings(view: View, step: int, *, top: bool, along_x: bool) -> list[tuple[float, float]]:
    """Return where round degrees cross an edge of the frame: (degrees, mm on the page)."""
    share = np.linspace(0.0, 1.0, 60)
    if along_x:
        east = view.west + share * (view.east - view.west)
        degrees = unproject(east, np.full(60, view.north if top else view.south))[0]
        start, extent = view.frame[0], view.frame[2]
    else:
        north = view.south + share * (view.north - view.south)
        degrees = unproject(np.full(60, view.east if top else view.west), north)[1]
        start, extent = view.frame[1], view.frame[3]
    first, last = np.ceil(degrees[0] * 60 / step), np.floor(degrees[-1] * 60 / step)
    found = []
    for k in np.arange(first, last + 1):
        at = start + extent * float(np.interp(k * step / 60.0, degrees, share))
        if start + 4.0 < at < start + extent - 4.0:
            found.append((float(k * step / 60.0), at))
    return found


def _degrees(value: float, hemisphere: str) -> str:
    minutes = round(value * 60)
    return f"{minutes // 60}°{minutes % 60:02d}′{hemisphere}"


def scale_bar(canvas: Canvas, view: View, *, x: float, y: float, words: Words, page: Page) -> None:
    """Set the scale bar, its ratio and the grid north arrow, from the lower left corner of their box.

    The bar is measured in EPSG:4549, where the whole sheet is drawn.
    """
    tones = canvas.style.text
    mm_per_km = 1000.0 / view.metres_per_mm
    fitting = [km for km in _BAR_KM if km * mm_per_km <= _MOST_BAR_MM] or [_BAR_KM[0]]
    total = min(fitting, key=lambda km: abs(km * mm_per_km - sum(_BAR_MM) / 2.0))
    length, high = total * mm_per_km, 1.15
    base = y + 5.2
    for start, end, dark in ((0.0, 0.25, True), (0.25, 0.5, False), (0.5, 1.0, True)):
        canvas.box(
            x + start * length, base, (end - start) * length, high, z=67.0, edgecolor=tones.ink, linewidth=0.6,
            facecolor=tones.ink if dark else tones.paper,
        )  # fmt: skip
    halo = {"halo": 2.0, "z": 67.5}
    for share in (0.0, 0.25, 0.5):
        canvas.text(x + share * length, base + 2.1, f"{share * total:g}", "scale", ha="center", **halo)
    canvas.text(x + length, base + 2.1, f"{total:g} km", "scale", ha="center", **halo)
    width, height = page.paper
    ratio = f"{round(view.metres_per_mm * 1000 / page.zoom):,}".replace(",", " ")
    note = words("scale", ratio=ratio, width=f"{width:.0f}", height=f"{height:.0f}")
    canvas.text(x, y + 1.4, note, "graticule", size=canvas.size("source"), colour=tones.ink, **halo)
    north_arrow(canvas, x=x + max(length + 6.0, 44.0), y=y + 1.4, letter=words("north"))


def north_arrow(canvas: Canvas, *, x: float, y: float, letter: str) -> None:
    """Set a grid north arrow 7 mm high."""
    ink = canvas.style.text.ink
    left = shapely.Polygon([(x, y + 7.0), (x - 1.9, y), (x, y + 1.2)])
    right = shapely.Polygon([(x, y + 7.0), (x + 1.9, y), (x, y + 1.2)])
    canvas.path(left, z=67.0, facecolor=ink, edgecolor=ink, linewidth=0.6, joinstyle="miter")
    canvas.path(right, z=67.0, facecolor=canvas.style.text.paper, edgecolor=ink, linewidth=0.6, joinstyle="miter")
    canvas.text(x, y + 7.9, letter, "member", size=7.6, ha="center", halo=2.0, z=67.5)


def locator(  # noqa: PLR0913
    canvas: Canvas, view: View, *, x: float, y: float, focus: Focus, counties: Sequence[BaseGeometry],
    city: BaseGeometry, lakes: Sequence[BaseGeometry], boundaries: bool,
) -> None:  # fmt: skip
    """Set the locator: the city only, the sheet's window as a frame, and a district that it is about tinted.

    Without `boundaries` all land is of one tone, and lakes alone show where the window lies.
    """
    style = canvas.style
    base, tones = style.base, style.text
    width, height = INSET_MM
    west, south, east, north = city.bounds
    mpm = max((east - west) / (width - 4.0), (north - south) / (height - 4.0))
    small = View(
        (x, y, width, height),
        west=(west + east) / 2.0 - width * mpm / 2.0,
        south=(south + north) / 2.0 - height * mpm / 2.0,
        metres_per_mm=mpm,
    )
    ground = base.outside if boundaries else base.land
    frame = canvas.box(x, y, width, height, z=68.0, edgecolor=tones.frame, linewidth=0.6, facecolor=ground)

    def thin(g: BaseGeometry) -> BaseGeometry:
        return small.on_page(g.simplify(_INSET_TOLERANCE_M))

    if boundaries:
        canvas.path(thin(city), z=68.1, clip=frame, facecolor=base.focus, linewidth=0.0)
    for lake in lakes:
        canvas.path(thin(lake), z=68.2, clip=frame, facecolor=base.water, edgecolor=base.shore, linewidth=0.3)
    if boundaries:
        if not focus.is_city:
            tint = (style.roles["core"].colour, 0.34)
            canvas.path(thin(focus.geometry), z=68.3, clip=frame, facecolor=tint, linewidth=0.0)
        borders = MultiLineString(lines_of([g.simplify(_INSET_TOLERANCE_M) for g in counties]))
        canvas.path(small.on_page(borders), z=68.4, clip=frame, facecolor="none", edgecolor=base.county, linewidth=0.45)
        canvas.path(thin(city), z=68.5, clip=frame, facecolor="none", edgecolor=base.outline, linewidth=0.8)
    if view.ground.contains(city):
        return
    window = shapely.intersection(small.on_page(view.ground), shapely.box(x, y, x + width, y + height).buffer(-0.35))
    canvas.path(window, z=68.6, facecolor="none", edgecolor=tones.window, linewidth=1.0, joinstyle="miter")


def calm_corner(
    view: View, size: tuple[float, float], *, busy: BaseGeometry, taken: list[BaseGeometry], order: Sequence[str]
) -> tuple[float, float, float]:
    """Return the lower left corner (mm) of a box in the calmest corner of the frame, and how busy it is (mm2).

    Parameters
    ----------
    size
        Width and height of the box, mm.
    busy
        What should not be covered, in mm on the page.
    taken
        Boxes that must not be covered, in mm.
    order
        Corners in order of preference: ``sw``, ``se``, ``nw``, ``ne``.
    """
    x, y, width, height = view.frame
    margin = 1.8
    found = []
    for turn, corner in enumerate(order):
        left = x + margin if corner[1] == "w" else x + width - size[0] - margin
        low = y + margin if corner[0] == "s" else y + height - size[1] - margin
        box = shapely.box(left, low, left + size[0], low + size[1])
        if any(box.intersects(other) for other in taken):
            continue
        found.append((busy.intersection(box).area + 2.0 * turn, left, low))
    cost, left, low = min(found)
    return left, low, cost


def project_extent(extent: tuple[float, float, float, float]) -> BaseGeometry:
    """Return (west, south, east, north) in degrees as a box in EPSG:4549."""
    west, south, east, north = extent
    if not (west < east and south < north):
        msg = f"expected an extent (west, south, east, north) in degrees, got {extent!r}"
        raise ValueError(msg)
    xs, ys = project([west, east, west, east], [south, south, north, north])
    return shapely.box(xs.min(), ys.min(), xs.max(), ys.max())
