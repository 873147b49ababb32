"""The canvas of a sheet: a matplotlib figure whose only axes measure in mm, and what is painted on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.figure import Figure
from matplotlib.image import AxesImage, imread
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import Stroke, withStroke
from matplotlib.text import Text as Glyphs
from matplotlib.transforms import Bbox, TransformedBbox, TransformedPath
from shapely.geometry import LineString, Point, Polygon

from layers import fonts
from layers.labels.request import BASELINE, MM_PER_PT
from layers.sheet.item import Picture, Text, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path as FilePath

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.patches import Patch
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from layers.drawing.mark import Mark
    from layers.labels import Placed
    from layers.sheet.item import Box, Item
    from layers.style import Page as TypeSizes
    from layers.style import Style

_MM_PER_INCH = 25.4
_IMITATED_BOLD_EM = 0.035
_HALO_BELOW = 0.02


class Canvas:
    """A page in mm, with a window that shows ground in EPSG:4549.

    Parameters
    ----------
    width, height
        Page in mm.
    style
        Inks and type.
    page
        Which sizes of type it takes.
    zoom
        How much larger all is painted: a mm of the layout, a pt of type and lines.
    """

    def __init__(self, width: float, height: float, *, style: Style, page: TypeSizes, zoom: float = 1.0) -> None:
        self.style, self.page, self.zoom = style, page, zoom
        self.figure = Figure(
            figsize=(width * zoom / _MM_PER_INCH, height * zoom / _MM_PER_INCH), facecolor=style.text.paper
        )
        self.axes: Axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.axes.set_xlim(0.0, width)
        self.axes.set_ylim(0.0, height)
        self.axes.set_axis_off()
        self._clips: dict[Patch, tuple[TransformedBbox, Box]] = {}
        self._any_clip = TransformedPath(Path.unit_rectangle(), self.axes.transAxes)
        self.window: Patch | None = None
        self.texts: dict[tuple[bool, bool], list[str]] = {}
        self.part = "margin"
        """What is being painted."""
        self.items: list[Item] = []
        """All that has been painted, in mm and pt of the layout, for slides and pages to look like the sheet."""
        self.boxes: list[tuple[str, tuple[float, float, float, float]]] = []
        """What stands on the page, by class of text (or ``row``): xmin, ymin, xmax, ymax in mm; for checks."""

    def size(self, kind: str) -> float:
        """Return the type size of a class of text on this page, pt."""
        return self.style.type[kind].sizes[self.page]

    def width_of(self, text: str, kind: str, *, size: float | None = None) -> float:
        """Return the width of a text of a class, mm."""
        form = self.style.type[kind]
        return fonts.measure(text, size_pt=size or self.size(kind), bold=form.bold, serif=form.serif)

    def _zoomed(self, paint: dict[str, Any]) -> dict[str, Any]:
        return paint | {"linewidth": paint["linewidth"] * self.zoom} if "linewidth" in paint else paint

    def _add(self, artist: Artist, *, clip: Patch | None = None, clipped: bool = True) -> None:
        """Put an artist on the page, cut to a window or to the page.

        Not by ``add_patch`` and its like, which measure: the axes' limits are fixed. All that is cut to one window
        shares one clip; left to itself matplotlib makes one for each, at more cost than the artist.
        """
        artist.set_clip_path(self._any_clip)
        self.axes.add_artist(artist)
        artist.set_clip_path(None)
        artist.set_clip_box(self._clip(clip or self.axes.patch)[0])
        artist.set_clip_on(clipped)

    def _clip(self, window: Patch) -> tuple[TransformedBbox, Box]:
        """Return what is cut to by a window, on the screen and in mm; all windows are boxes."""
        if window not in self._clips:
            xmin, ymin, xmax, ymax = window.get_path().get_extents(window.get_patch_transform()).extents
            box = float(xmin), float(ymin), float(xmax), float(ymax)
            self._clips[window] = TransformedBbox(Bbox.unit(), window.get_transform()), box
        return self._clips[window]

    def _bounds(self, clip: Patch | None) -> Box | None:
        return None if clip is None else self._clip(clip)[1]

    def path(self, geometry: BaseGeometry, *, z: float, clip: Patch | None = None, **paint: Any) -> None:
        """Paint a geometry given in mm."""
        path = path_of(geometry)
        if path is None:
            return
        patch = PathPatch(path, zorder=z, **self._zoomed(paint))
        patch.set_snap(False)
        self._add(patch, clip=clip)
        self.items.append(shape_of(geometry, paint, part=self.part, z=z, clip=self._bounds(clip)))

    def box(self, x: float, y: float, width: float, height: float, *, z: float, **paint: Any) -> Rectangle:
        """Paint a rectangle given in mm."""
        patch = Rectangle((x, y), width, height, zorder=z, **self._zoomed(paint))
        self._add(patch)
        self.items.append(shape_of(shapely.box(x, y, x + width, y + height), paint, part=self.part, z=z))
        return patch

    def line(self, xs: Sequence[float], ys: Sequence[float], *, z: float, **paint: Any) -> None:
        """Paint a line given in mm."""
        paint = {"solid_capstyle": "butt", "dash_capstyle": "butt"} | paint
        self._add(Line2D(xs, ys, zorder=z, **self._zoomed(paint)), clipped=False)
        self.items.append(shape_of(LineString(list(zip(xs, ys, strict=True))), paint, part=self.part, z=z))

    def picture(self, path: FilePath, *, right: float, y: float, height: float) -> float:
        """Set a picture with its lower right corner at (`right`, `y`); return its width, mm."""
        pixels = imread(path)
        width = height * pixels.shape[1] / pixels.shape[0]
        extent = (right - width, right, y, y + height)
        image = AxesImage(self.axes, extent=extent, zorder=66.0, interpolation="antialiased")
        image.set_data(pixels)
        self.axes.add_artist(image)
        box = (float(right - width), y, right, y + height)
        self.items.append(Picture(part=self.part, z=66.0, path=str(path), box=box))
        return float(width)

    def text(self, x: float, y: float, text: str, kind: str, **more: Any) -> None:
        """Set a text of a class; `y` is the baseline unless `va` says otherwise."""
        form = self.style.type[kind]
        colour = more.pop("colour", None) or getattr(self.style.text, form.ink)
        size = more.pop("size", None) or self.size(kind)
        if not more.get("angle"):
            width = self.width_of(text, kind, size=size)
            left = x - width * {"left": 0.0, "center": 0.5, "right": 1.0}[more.get("ha", "left")]
            height = size * MM_PER_PT
            self.boxes.append((kind, (left, y - 0.2 * height, left + width, y + 0.8 * height)))
        self.glyphs(x, y, text, size=size, bold=form.bold, serif=form.serif, colour=colour, **more)

    def glyphs(  # noqa: PLR0913
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float,
        bold: bool,
        serif: bool,
        colour: str,
        halo: float = 0.0,
        angle: float = 0.0,
        ha: str = "left",
        z: float = 70.0,
        clip: Patch | None = None,
    ) -> None:
        """Set a text with its baseline at (x, y) mm."""
        face = fonts.face(bold=bold, serif=serif)
        self.texts.setdefault((bold, serif), []).append(text)
        stroke = size * self.zoom * _IMITATED_BOLD_EM if face.imitate_bold else 0.0
        own: list[Any] = [withStroke(linewidth=stroke, foreground=colour)] if stroke else []
        layers: list[tuple[float, list[Any]]] = [(z, own)]
        if halo:
            # an artist of its own below all glyphs of a name: no letter is bitten by the next one's halo, and in an SVG
            # the text above it stays text
            around = Stroke(linewidth=halo * self.zoom + stroke, foreground=self.style.text.halo, joinstyle="round")
            layers.insert(0, (z - _HALO_BELOW, [around]))
        for order, effects in layers:
            artist = Glyphs(
                x, y, text, fontproperties=face.properties, fontsize=size * self.zoom, color=colour, ha=ha,
                va="baseline", rotation=angle, rotation_mode="anchor", zorder=order, parse_math=False,
            )  # fmt: skip
            if effects:
                artist.set_path_effects(effects)
            self._add(artist, clip=clip, clipped=clip is not None)
        self.items.append(
            Text(
                part=self.part, z=z, x=x, y=y, text=text, size_pt=size, bold=bold, serif=serif, colour=colour,
                halo_pt=halo, angle=angle, align=ha, clip=self._bounds(clip),
            )
        )  # fmt: skip

    def names(self, placed: Iterable[Placed], view: View) -> None:
        """Set placed names; each is a part of its own, by its number."""
        for i, name in enumerate(placed):
            self.part = f"name {i}"
            for run in name.runs:
                x, y = view.to_page(np.array([[run.x, run.y]]))[0]
                drop = BASELINE * run.size_pt * MM_PER_PT
                turn = np.radians(run.angle)
                self.glyphs(
                    x + drop * np.sin(turn),
                    y - drop * np.cos(turn),
                    run.text,
                    size=run.size_pt,
                    bold=run.bold,
                    serif=run.serif,
                    colour=run.colour,
                    halo=run.halo_pt,
                    angle=run.angle,
                    ha="center",
                    z=60.0 - name.request.priority * 0.1,
                )

    def marks(self, marks: Iterable[Mark], view: View, *, clip: Patch | None = None) -> None:
        """Paint marks; those of a layer are parts by component, ``<layer>#<number>``."""
        part = self.part
        for mark in marks:
            self.part = f"{mark.layer}#{mark.component}" if mark.layer else part
            if mark.kind == "symbol":
                self._symbol(mark, view, clip=clip)
                continue
            paint: dict[str, Any] = {
                "facecolor": _rgba(mark.fill, mark.fill_opacity),
                "edgecolor": _rgba(mark.stroke, mark.stroke_opacity),
                "linewidth": mark.width_pt if mark.stroke else 0.0,
                "joinstyle": "round",
                "capstyle": "round" if mark.round_cap else "butt",
            }
            if mark.dash:
                paint["linestyle"] = (0.0, mark.dash)
            self.path(view.on_page(mark.geometry), z=mark.z, clip=clip, **paint)
        self.part = part

    def _symbol(self, mark: Mark, view: View, *, clip: Patch | None) -> None:
        """Paint a point symbol at its size on paper, on a white casing."""
        x, y = view.to_page(shapely.get_coordinates(mark.geometry))[0]
        half = mark.size_mm / 2.0
        white: dict[str, Any] = {"facecolor": self.style.text.paper, "linewidth": 0.0}
        inner: BaseGeometry = Point(x, y).buffer(half, quad_segs=16)
        if mark.shape == "square":
            inner = shapely.box(x - half, y - half, x + half, y + half)
            self.path(inner.buffer(0.45, join_style="mitre"), z=mark.z, clip=clip, **white)
        elif mark.shape == "ringed-disc":
            outer = Point(x, y).buffer(mark.outer_mm / 2.0, quad_segs=16)
            self.path(outer.buffer(0.3), z=mark.z, clip=clip, **white)
            self.path(
                outer, z=mark.z + 0.01, facecolor="none", edgecolor=mark.stroke, linewidth=mark.width_pt, clip=clip
            )
            self.path(inner, z=mark.z + 0.02, facecolor=mark.fill, linewidth=0.0, clip=clip)
            return
        elif mark.width_pt:
            self.path(inner.buffer(mark.width_pt * MM_PER_PT), z=mark.z, clip=clip, **white)
        self.path(
            inner, z=mark.z + 0.01, facecolor=mark.fill, edgecolor=mark.stroke or "none",
            linewidth=mark.width_pt if mark.shape == "square" else 0.0, joinstyle="miter", clip=clip,
        )  # fmt: skip
        if mark.text:
            size = self.style.points["anchor"].text_pt
            self.glyphs(
                x, y - BASELINE * size * MM_PER_PT * 0.94, mark.text, size=size, bold=True, serif=False,
                colour=self.style.text.paper, ha="center", z=mark.z + 0.05, clip=clip,
            )  # fmt: skip

    def check_glyphs(self) -> None:
        """Refuse to save a sheet with a character that its font does not have."""
        for (bold, serif), texts in self.texts.items():
            fonts.require_glyphs(texts, bold=bold, serif=serif)


class View:
    """Where ground lies on the page.

    Parameters
    ----------
    frame
        (x, y, width, height) of the window, mm.
    west, south
        Ground at the frame's lower left corner, EPSG:4549.
    metres_per_mm
        Scale.
    """

    def __init__(
        self, frame: tuple[float, float, float, float], *, west: float, south: float, metres_per_mm: float
    ) -> None:
        self.frame, self.metres_per_mm = frame, metres_per_mm
        self.west, self.south = west, south
        self.east = west + frame[2] * metres_per_mm
        self.north = south + frame[3] * metres_per_mm
        self.ground = shapely.box(self.west, self.south, self.east, self.north)

    def to_page(self, coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return positions on the page, mm."""
        shift = np.array([self.west, self.south])
        corner = np.array(self.frame[:2])
        return np.asarray((np.asarray(coordinates)[:, :2] - shift) / self.metres_per_mm + corner)

    def on_page(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry on the page, mm."""
        return shapely.transform(geometry, self.to_page)

    def to_ground(self, x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
        """Return the ground under a box on the page, as (xmin, ymin, xmax, ymax)."""
        xmin = (x - self.frame[0]) * self.metres_per_mm + self.west
        ymin = (y - self.frame[1]) * self.metres_per_mm + self.south
        return xmin, ymin, xmin + width * self.metres_per_mm, ymin + height * self.metres_per_mm


def _rgba(colour: str | None, opacity: float) -> Any:
    return "none" if colour is None else (colour, opacity)


def path_of(geometry: BaseGeometry) -> Path | None:
    """Return a geometry as one compound path: rings, and lines that end where they begin, are closed."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    lines = [shapely.get_rings(p) if isinstance(p, Polygon) else [p] for p in parts if not isinstance(p, Point)]
    if not lines:
        return None
    vertices, index = shapely.get_coordinates(np.concatenate(lines), return_index=True)
    if not len(vertices):
        return None
    starts = np.flatnonzero(np.diff(index, prepend=-1))
    ends = np.append(starts[1:], len(vertices)) - 1
    closed = (ends - starts > 2) & np.all(vertices[starts] == vertices[ends], axis=1)  # noqa: PLR2004
    codes = np.full(len(vertices), Path.LINETO, dtype=np.uint8)
    codes[starts] = Path.MOVETO
    codes[ends[closed]] = Path.CLOSEPOLY
    return Path(vertices, codes)
