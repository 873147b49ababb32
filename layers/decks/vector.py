"""What stands on a sheet as SVG for a page in a browser: text stays text, lines keep their width when zoomed in.

Lengths are mm, y runs down from the top of the page. ``--s`` is a style variable that the page lowers as it zooms in,
and elements of class ``pin`` shrink with it about their own middle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon

from layers import fonts
from layers.labels.request import MM_PER_PT
from layers.sheet.item import Shape, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from shapely.geometry.base import BaseGeometry

    from layers.sheet.item import Item

_TOLERANCE_MM: Final = 0.02
_SYMBOL_Z: Final = 44.0
"""From here on shapes of a component are symbols, whose size is one of paper."""
_TEXT_Z: Final = 50.0


def svg_of(items: Iterable[Item], *, height: float, classes: Mapping[str, str] | None = None) -> str:
    """Return items as SVG elements, without the root element.

    Parameters
    ----------
    items
        In order of painting.
    height
        Height of the page, mm.
    classes
        Class of each part; a part that is not in it gets none.
    """
    known = classes or {}
    found = []
    for item in items:
        name = known.get(item.part, "")
        if isinstance(item, Text):
            found.append(_text(item, height=height, name=name))
        elif isinstance(item, Shape):
            found.append(_shape(item, height=height, name=name))
    return "\n".join(filter(None, found))


def _shape(shape: Shape, *, height: float, name: str) -> str:
    geometry = shape.geometry
    if shape.clip is not None and not geometry.is_empty:
        geometry = _cut(geometry, shape)
    path = _path(geometry.simplify(_TOLERANCE_MM, preserve_topology=False), height)
    if not path:
        return ""
    paint = [f'fill="{shape.fill or "none"}"']
    if shape.fill is not None and shape.fill_opacity < 1.0:
        paint.append(f'fill-opacity="{shape.fill_opacity:.3g}"')
    if shape.stroke is not None:
        width = shape.width_pt * MM_PER_PT
        paint.append(f'stroke="{shape.stroke}"')
        if shape.stroke_opacity < 1.0:
            paint.append(f'stroke-opacity="{shape.stroke_opacity:.3g}"')
        style = f"stroke-width:calc({width:.3g}px*var(--s,1))"
        if shape.dash:
            lengths = " ".join(f"calc({each * width:.3g}px*var(--s,1))" for each in shape.dash)
            style += f";stroke-dasharray:{lengths}"
        if shape.round_cap:
            paint.append('stroke-linecap="round"')
        paint.append(f'style="{style}"')
    pinned = _SYMBOL_Z <= shape.z < _TEXT_Z
    origin = ""
    if pinned:
        middle = shape.geometry.centroid
        origin = f' data-o="{middle.x:.2f} {height - middle.y:.2f}"'
    classed = " ".join(filter(None, (name, "pin" if pinned else "")))
    return f'<path{f" class={chr(34)}{classed}{chr(34)}" if classed else ""}{origin} d="{path}" {" ".join(paint)}/>'


def _cut(geometry: BaseGeometry, shape: Shape) -> BaseGeometry:
    """Return a geometry cut to its window, a little beyond it, so that no line is drawn along the cut."""
    assert shape.clip is not None
    xmin, ymin, xmax, ymax = shape.clip
    more = 2.0
    if shapely.box(*shape.clip).contains(shapely.box(*geometry.bounds)):
        return geometry
    return shapely.clip_by_rect(geometry, xmin - more, ymin - more, xmax + more, ymax + more)


def _path(geometry: BaseGeometry, height: float) -> str:
    """Return the path data of a geometry, in hundredths of a millimetre."""
    found = []
    for part in shapely.get_parts(shapely.get_parts(geometry)):
        if part.is_empty:
            continue
        if isinstance(part, Polygon):
            found += [_ring(shapely.get_coordinates(r)[:-1], height) + "z" for r in (part.exterior, *part.interiors)]
        elif isinstance(part, LineString):
            found.append(_ring(shapely.get_coordinates(part), height))
    return "".join(found)


def _ring(corners: np.ndarray[tuple[int, int], np.dtype[np.float64]], height: float) -> str:
    points = np.rint((corners * (1.0, -1.0) + (0.0, height)) * 100.0).astype(int)
    steps = np.diff(points, axis=0)
    (x, y), rest = points[0].tolist(), steps.tolist()
    moves = "".join(f"l{_short(a)} {_short(b)}" for a, b in rest if a or b)
    return f"M{_short(x)} {_short(y)}{moves}"


def _short(hundredths: int) -> str:
    return f"{hundredths / 100:g}"


def _text(text: Text, *, height: float, name: str) -> str:
    if not text.text:
        return ""
    x, y = text.x, height - text.y
    anchor = {"left": "start", "center": "middle", "right": "end"}[text.align]
    turn = f' transform="rotate({-text.angle:.1f} {x:.2f} {y:.2f})"' if text.angle else ""
    length = fonts.measure(text.text, size_pt=text.size_pt, bold=text.bold, serif=text.serif)
    fit = f' textLength="{length:.2f}" lengthAdjust="spacingAndGlyphs"' if len(text.text) > 1 else ""
    halo = f' stroke-width="{text.halo_pt * MM_PER_PT:.2f}"' if text.halo_pt else ""
    kinds = [name, "b" if text.bold else "", "serif" if text.serif else "", "halo" if text.halo_pt else ""]
    classed = " ".join(filter(None, kinds))
    return (
        f'<text{f" class={chr(34)}{classed}{chr(34)}" if classed else ""} x="{x:.2f}" y="{y:.2f}" '
        f'font-size="{text.size_pt * MM_PER_PT:.2f}" text-anchor="{anchor}" fill="{text.colour}"{halo}{fit}{turn}>'
        f"{escape(text.text)}</text>"
    )
