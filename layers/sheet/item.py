"""What stands on a sheet, as plain records in mm: for slides and pages that are to look like the sheet.

Positions are mm from the page's lower left corner. The canvas keeps a record of all that it paints.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.colors import to_hex, to_rgba

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely.geometry.base import BaseGeometry

Box = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """A painted area or line.

    Attributes
    ----------
    part
        What it belongs to: ``ground``, ``<layer>#<component>``, ``furniture``, ``locator``, ``graticule``, ``title``,
        ``legend`` or ``footer``.
    z
        Order of painting, low first.
    geometry
        mm on the page.
    fill, fill_opacity
        Colour (``#rrggbb``) and opacity of the inside; None for no fill.
    stroke, stroke_opacity, width_pt
        Colour, opacity and width of the line; None for no line.
    dash
        Dash and gap lengths in line widths; empty for solid.
    round_cap
        Round ends, for dotted lines.
    clip
        (xmin, ymin, xmax, ymax) to which it is cut, mm, or None.
    """

    part: str
    z: float
    geometry: BaseGeometry
    fill: str | None
    fill_opacity: float
    stroke: str | None
    stroke_opacity: float
    width_pt: float
    dash: tuple[float, ...] = ()
    round_cap: bool = False
    clip: Box | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A line of text, or a glyph of one that bends.

    ``x``, ``y``: its anchor on the baseline (mm), at its left end, middle or right end as ``align`` says; ``angle``:
    degrees, counter-clockwise about the anchor. A name on the map is a part of its own: ``name <number>``.
    """

    part: str
    z: float
    x: float
    y: float
    text: str
    size_pt: float
    bold: bool
    serif: bool
    colour: str
    halo_pt: float
    angle: float
    align: str
    clip: Box | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A picture out of a file, such as a logo: (xmin, ymin, xmax, ymax) in mm."""

    part: str
    z: float
    path: str
    box: Box


Item = Shape | Text | Picture


def shape_of(
    geometry: BaseGeometry, paint: Mapping[str, Any], *, part: str, z: float, clip: Box | None = None
) -> Shape:
    """Return the record of a geometry painted with matplotlib's words for a patch or a line."""
    line = paint.get("edgecolor", paint.get("color", "none"))
    fill, fill_opacity = _colour(paint.get("facecolor", "none"))
    stroke, stroke_opacity = _colour(line)
    width = float(paint.get("linewidth", 1.0))
    style = paint.get("linestyle", "solid")
    return Shape(
        part=part,
        z=z,
        geometry=geometry,
        fill=fill,
        fill_opacity=fill_opacity,
        stroke=stroke if width > 0.0 else None,
        stroke_opacity=stroke_opacity,
        width_pt=width,
        dash=() if isinstance(style, str) else tuple(style[1]),
        round_cap=paint.get("capstyle") == "round",
        clip=clip,
    )


def _colour(value: Any) -> tuple[str | None, float]:
    if value is None or value == "none":
        return None, 0.0
    opacity = float(to_rgba(value)[3])
    return (to_hex(value), opacity) if opacity > 0.0 else (None, 0.0)
