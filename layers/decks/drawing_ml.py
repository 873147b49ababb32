"""DrawingML: areas, lines, texts and groups as PowerPoint's own shapes, which a presenter can edit.

In goes what stands on a sheet (`layers.sheet.item`), mm from the lower left corner; out come elements of a slide, whose
lengths are EMU (36 000 to the mm) from the upper left corner.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon

from layers import fonts
from layers.labels.request import BASELINE, MM_PER_PT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from layers.sheet.item import Shape, Text

EMU_PER_MM: Final = 36_000
_EMU_PER_PT: Final = 12_700
_TOLERANCE_MM: Final = 0.02
_ROUND: Final = 0.004
"""How far (as a share of the radius) the corners of a circle may lie from it."""
_LEAST_CORNERS: Final = 16
_TITLE_ROOM: Final = 0.3
"""Share of its width that a title has to spare: some programs break it where their font is wider."""
_MOST_TITLE_ROOM_MM: Final = 25.0
_SLACK_MM: Final = 1.2
"""A text box is this much wider than its text in our font: in another font it may be wider."""
_LINE_EM: Final = 1.3
_GLOW: Final = 0.85
NAMESPACES: Final = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)

Box = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class Element:
    """A piece of a slide: its XML and its box (xmin, ymin, xmax, ymax in mm from the page's lower left corner)."""

    xml: str
    box: Box


@dataclass
class Pencil:
    """Writes elements of one slide: counts their ids, and knows the page's height.

    Attributes
    ----------
    height
        Height of the page, mm.
    lang
        Language tag of the texts.
    halo
        Colour of the halo around names (``#rrggbb``).
    zoom
        How much larger the slide is than the mm that it is laid out in.
    """

    height: float
    lang: str
    halo: str
    zoom: float = 1.0
    next_id: int = field(default=2)

    def number(self) -> int:
        """Return the next free id of a shape on the slide."""
        self.next_id += 1
        return self.next_id - 1

    def emu(self, mm: float) -> int:
        """Return a length of the layout on the slide."""
        return round(mm * self.zoom * EMU_PER_MM)

    # ------------ areas and lines
    def shapes(self, shape: Shape, *, name: str) -> Iterator[Element]:
        """Yield a painted area or line as native shapes: an ellipse, a rectangle, or a freeform cut to its window."""
        whole = shape.geometry
        if shape.clip is not None and not _inside(whole.bounds, shape.clip):
            if whole.is_empty or shape.clip[0] >= shape.clip[2]:
                return
            if shape.fill is not None:
                yield from self._freeform(shapely.clip_by_rect(whole, *shape.clip), shape, name=name, line=False)
            if shape.stroke is not None:
                edge = shapely.boundary(whole) if shapely.get_dimensions(whole) == 2 else whole  # noqa: PLR2004
                yield from self._freeform(shapely.clip_by_rect(edge, *shape.clip), shape, name=name, fill=False)
            return
        preset = _preset_of(whole)
        if preset is None:
            yield from self._freeform(whole, shape, name=name)
            return
        paint = _fill(shape) + _line(shape, self.zoom)
        yield self._shape(whole.bounds, f'<a:prstGeom prst="{preset}"><a:avLst/></a:prstGeom>{paint}', name=name)

    def _freeform(
        self, geometry: BaseGeometry, shape: Shape, *, name: str, fill: bool = True, line: bool = True
    ) -> Iterator[Element]:
        """Yield a geometry as one freeform with a path for each ring or line."""
        rings = [r for r in _rings(geometry.simplify(_TOLERANCE_MM, preserve_topology=False)) if len(r[0]) > 1]
        if not rings:
            return
        corners = np.concatenate([ring for ring, _ in rings])
        (xmin, ymin), (xmax, ymax) = corners.min(axis=0), corners.max(axis=0)
        corner = np.array([xmin, ymax])
        paths = "".join(_path(ring, corner, closed=closed) for ring, closed in rings)
        width, height = max(1, round((xmax - xmin) * 100)), max(1, round((ymax - ymin) * 100))
        areal = any(closed for _, closed in rings)
        kind = "" if areal and fill else ' fill="none"'
        form = (
            "<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
            '<a:rect l="0" t="0" r="r" b="b"/><a:pathLst>'
            f'<a:path w="{width}" h="{height}"{kind}>{paths}</a:path></a:pathLst></a:custGeom>'
        )
        paint = (_fill(shape) if areal and fill else "<a:noFill/>") + (_line(shape, self.zoom) if line else _NO_LINE)
        yield self._shape((float(xmin), float(ymin), float(xmax), float(ymax)), form + paint, name=name)

    def _shape(self, box: Box, properties: str, *, name: str) -> Element:
        number = self.number()
        xml = (
            f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name={_quoted(name)}/><p:cNvSpPr/><p:nvPr/></p:nvSpPr>'
            f"<p:spPr>{self._frame(box)}{properties}</p:spPr></p:sp>"
        )
        return Element(xml=xml, box=box)

    def _frame(self, box: Box, *, angle: float = 0.0, tag: str = "a:xfrm", inner: bool = False) -> str:
        """Return where a box stands on the slide; with `inner` also the same coordinates for what is in a group."""
        xmin, ymin, xmax, ymax = box
        x, y = self.emu(xmin), self.emu(self.height - ymax)
        width, height = self.emu(xmax - xmin), self.emu(ymax - ymin)
        turn = f' rot="{round(-angle * 60_000) % 21_600_000}"' if angle else ""
        child = f'<a:chOff x="{x}" y="{y}"/><a:chExt cx="{width}" cy="{height}"/>' if inner else ""
        return f'<{tag}{turn}><a:off x="{x}" y="{y}"/><a:ext cx="{width}" cy="{height}"/>{child}</{tag}>'

    # ------------ texts
    def text(
        self, lines: Sequence[Text], *, name: str, spacing_pt: float = 0.0, title: bool = False, descr: str = ""
    ) -> Element:
        """Return lines of one class as one text box; `spacing_pt` is added after each character.

        A `title` is the slide's title to PowerPoint's outline and to screen readers.
        """
        first, last = lines[0], lines[-1]
        width = max(_width(line, spacing_pt) for line in lines) + _SLACK_MM
        width += min(_TITLE_ROOM * width, _MOST_TITLE_ROOM_MM) if title else 0.0
        pitch = (first.y - last.y) / (len(lines) - 1) if len(lines) > 1 else 0.0
        height = pitch * (len(lines) - 1) + _LINE_EM * first.size_pt * MM_PER_PT
        turn = np.radians(first.angle)
        along = {"left": 0.5, "center": 0.0, "right": -0.5}[first.align] * width
        up = BASELINE * first.size_pt * MM_PER_PT - (first.y - last.y) / 2.0
        x = first.x + along * np.cos(turn) - up * np.sin(turn)
        y = first.y + along * np.sin(turn) + up * np.cos(turn)
        box = (float(x - width / 2), float(y - height / 2), float(x + width / 2), float(y + height / 2))
        leading = f'<a:lnSpc><a:spcPts val="{round(pitch / MM_PER_PT * 100 * self.zoom)}"/></a:lnSpc>' if pitch else ""
        side = {"left": "l", "center": "ctr", "right": "r"}[first.align]
        runs = "<a:br/>".join(self._run(line, spacing_pt, title=title) for line in lines)
        number = self.number()
        holder = '<p:ph type="title"/>' if title else ""
        told = f" descr={_quoted(descr)}" if descr else ""
        xml = (
            f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name={_quoted(name)}{told}/><p:cNvSpPr txBox="1"/>'
            f"<p:nvPr>{holder}</p:nvPr></p:nvSpPr><p:spPr>{self._frame(box, angle=first.angle)}"
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/></p:spPr><p:txBody>'
            '<a:bodyPr wrap="none" lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"><a:noAutofit/></a:bodyPr>'
            f'<a:lstStyle/><a:p><a:pPr algn="{side}" marL="0" indent="0">{leading}<a:spcBef><a:spcPts val="0"/>'
            f"</a:spcBef><a:buNone/></a:pPr>{runs}</a:p></p:txBody></p:sp>"
        )
        return Element(xml=xml.replace(' txBox="1"', "") if title else xml, box=_turned(box, first.angle))

    def _run(self, line: Text, spacing_pt: float, *, title: bool) -> str:
        spaced = f' spc="{round(spacing_pt * self.zoom * 100)}"' if spacing_pt else ""
        halo = ""
        if line.halo_pt:
            radius = round(line.halo_pt * self.zoom * _GLOW * _EMU_PER_PT)
            halo = f'<a:effectLst><a:glow rad="{radius}">{_colour(self.halo, 0.85)}</a:glow></a:effectLst>'
        face = "+mj" if title else "+mn"
        size = round(line.size_pt * self.zoom * 100)
        return (
            f'<a:r><a:rPr lang="{self.lang}" sz="{size}" b="{int(line.bold)}"{spaced} dirty="0">'
            f"<a:solidFill>{_colour(line.colour, 1.0)}</a:solidFill>{halo}"
            f'<a:latin typeface="{face}-lt"/><a:ea typeface="{face}-ea"/></a:rPr><a:t>{escape(line.text)}</a:t></a:r>'
        )

    # ------------ groups
    def group(self, elements: Sequence[Element], *, name: str, descr: str = "") -> Element:
        """Return elements as one named group; a lone one stands in a group too, so that its name is found alike."""
        number = self.number()
        box = union_of(each.box for each in elements)
        told = f" descr={_quoted(descr)}" if descr else ""
        frame = self._frame(box, inner=True)
        xml = (
            f'<p:grpSp><p:nvGrpSpPr><p:cNvPr id="{number}" name={_quoted(name)}{told}/><p:cNvGrpSpPr/><p:nvPr/>'
            f"</p:nvGrpSpPr><p:grpSpPr>{frame}</p:grpSpPr>{''.join(each.xml for each in elements)}</p:grpSp>"
        )
        return Element(xml=xml, box=box)


def union_of(boxes: Iterable[Box]) -> Box:
    """Return the box around boxes."""
    table = np.array(list(boxes), dtype=float)
    low, high = table[:, :2].min(axis=0), table[:, 2:].max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _turned(box: Box, angle: float) -> Box:
    """Return the box around a box that is turned about its middle."""
    if not angle:
        return box
    x, y = (box[0] + box[2]) / 2.0, (box[1] + box[3]) / 2.0
    cos, sin = abs(np.cos(np.radians(angle))), abs(np.sin(np.radians(angle)))
    wide, high = (box[2] - box[0]) / 2.0, (box[3] - box[1]) / 2.0
    across, up = float(wide * cos + high * sin), float(wide * sin + high * cos)
    return x - across, y - up, x + across, y + up


def _width(line: Text, spacing_pt: float) -> float:
    width = fonts.measure(line.text, size_pt=line.size_pt, bold=line.bold, serif=line.serif)
    return width + spacing_pt * MM_PER_PT * len(line.text)


def _inside(bounds: Box, clip: Box) -> bool:
    return bounds[0] >= clip[0] and bounds[1] >= clip[1] and bounds[2] <= clip[2] and bounds[3] <= clip[3]


def _preset_of(geometry: BaseGeometry) -> str | None:
    """Return ``ellipse`` for a circle, ``rect`` or ``line`` for what stands upright, None for all else."""
    if isinstance(geometry, LineString):
        xmin, ymin, xmax, ymax = geometry.bounds
        return "line" if len(geometry.coords) == 2 and (xmin == xmax or ymin == ymax) else None  # noqa: PLR2004
    if not isinstance(geometry, Polygon) or geometry.is_empty or geometry.interiors:
        return None
    corners = shapely.get_coordinates(geometry.exterior)[:-1]
    xmin, ymin, xmax, ymax = geometry.bounds
    if len(corners) == 4 and abs(geometry.area - (xmax - xmin) * (ymax - ymin)) < 1e-6:  # noqa: PLR2004
        return "rect"
    if len(corners) < _LEAST_CORNERS:
        return None
    radii = np.hypot(*(corners - [(xmin + xmax) / 2.0, (ymin + ymax) / 2.0]).T)
    return "ellipse" if np.ptp(radii) < _ROUND * radii.mean() else None


def _rings(geometry: BaseGeometry) -> list[tuple[NDArray[np.float64], bool]]:
    """Return the rings and lines of a geometry: corners, and whether they close."""
    found: list[tuple[NDArray[np.float64], bool]] = []
    for part in shapely.get_parts(shapely.get_parts(geometry)):
        if part.is_empty:
            continue
        if isinstance(part, Polygon):
            found += [(shapely.get_coordinates(ring)[:-1], True) for ring in (part.exterior, *part.interiors)]
        elif isinstance(part, LineString):
            found.append((shapely.get_coordinates(part), False))
    return found


def _path(ring: NDArray[np.float64], corner: NDArray[np.float64], *, closed: bool) -> str:
    points = np.rint((ring - corner) * (100.0, -100.0)).astype(int).tolist()
    first, *rest = (f'<a:pt x="{x}" y="{y}"/>' for x, y in points)
    lines = "".join(f"<a:lnTo>{each}</a:lnTo>" for each in rest)
    return f"<a:moveTo>{first}</a:moveTo>{lines}{'<a:close/>' if closed else ''}"


_NO_LINE: Final = "<a:ln><a:noFill/></a:ln>"


def _colour(colour: str, opacity: float) -> str:
    alpha = f'<a:alpha val="{round(opacity * 100_000)}"/>' if opacity < 1.0 else ""
    return f'<a:srgbClr val="{colour.lstrip("#").upper()}">{alpha}</a:srgbClr>'


def _fill(shape: Shape) -> str:
    if shape.fill is None:
        return "<a:noFill/>"
    return f"<a:solidFill>{_colour(shape.fill, shape.fill_opacity)}</a:solidFill>"


def _line(shape: Shape, zoom: float) -> str:
    if shape.stroke is None:
        return _NO_LINE
    width = round(shape.width_pt * zoom * _EMU_PER_PT)
    cap = "rnd" if shape.round_cap else "flat"
    stops = zip(shape.dash[::2], shape.dash[1::2], strict=False)
    # lengths in thousandths of a percent of the line's width
    dash = "".join(f'<a:ds d="{round(on * 100_000)}" sp="{round(off * 100_000)}"/>' for on, off in stops)
    pattern = f"<a:custDash>{dash}</a:custDash>" if dash else ""
    colour = _colour(shape.stroke, shape.stroke_opacity)
    return f'<a:ln w="{width}" cap="{cap}"><a:solidFill>{colour}</a:solidFill>{pattern}<a:round/></a:ln>'


def _quoted(text: str) -> str:
    return quoteattr(text)
