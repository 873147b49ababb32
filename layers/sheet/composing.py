"""Compose a sheet: subject, scale, marks, names, furniture, heading, legend, footer."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import matplotlib as mpl
import shapely

from layers.drawing import share_out
from layers.model import Layer
from layers.sheet import furniture
from layers.sheet.badges import badge_marks
from layers.sheet.canvas import Canvas, View
from layers.sheet.footer import AIR_MM, paint_footer
from layers.sheet.ground import Ground, common_focus, paint_ground, paint_unlisted, read_ground, read_metric, subject_of
from layers.sheet.heading import paint_heading
from layers.sheet.legend_space import LegendSpace, Mode
from layers.sheet.naming import Naming, check_groups
from layers.sheet.pages import TALL, Page, find_page, fitting_scale, type_sizes_of
from layers.sheet.sheet import SETTINGS, Sheet
from layers.sheet.shown import Shown, show, with_badges
from layers.sheet.words import Words, read_words
from layers.style import Style, load_style

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from shapely.geometry.base import BaseGeometry

    from layers.drawing import Mark
    from layers.labels import Group, Placed
    from layers.sheet.item import Box


_TRIES = 3
"""How often names are placed: what gets a numeral leaves room for others, and a badge may take some."""


def draw_sheet(  # noqa: PLR0913
    layers: Layer | Sequence[Layer],
    *,
    page: str = "16:9",
    dpi: int = 200,
    title: str | None = None,
    subtitle: str | None = None,
    lang: str = "zh",
    theme: str = "light",
    extent: tuple[float, float, float, float] | None = None,
    show_boundaries: bool = True,
    labels: Collection[str] | None = None,
    date: dt.date | str | None = None,
) -> Sheet:
    """Draw a sheet of one or several layers.

    Parameters
    ----------
    layers
        Built layers; one gives title and area, several share both.
    page
        ``16:9``, ``a4``, ``a4-portrait``, ``a3``, ``a3-portrait``, ``a1`` or ``a1-portrait``.
    dpi
        Resolution of a PNG.
    title, subtitle
        Instead of the default ones; "" for none.
    lang
        ``zh`` (with small English), ``en``, or ``both`` (Chinese first, all that matters in English too).
    theme
        ``light``, ``grey`` or ``dark``.
    extent
        (west, south, east, north) in degrees, WGS 84; by default what the layers need.
    show_boundaries
        False hides all administrative boundaries.
    labels
        Groups of names to set, out of ``components``, ``members``, ``water`` and ``neighbours``; all by default.
    date
        Date of drawing, today by default; give it for reproducible bytes.

    Raises
    ------
    ValueError
        For an unknown page, language, theme or group, no layers, or a character without a glyph.
    """
    chosen = (layers,) if isinstance(layers, Layer) else tuple(layers)
    if not chosen:
        msg = "expected at least one layer to draw, got none"
        raise ValueError(msg)
    groups = check_groups(labels)
    with mpl.rc_context(SETTINGS):  # type: ignore[arg-type]
        composer = _Composer(chosen, page=page, lang=lang, theme=theme, extent=extent, boundaries=show_boundaries)
        composer.paint_map(groups)
        composer.paint_margin(title=title, subtitle=subtitle, date=str(date or dt.date.today()))  # noqa: DTZ011
        composer.canvas.check_glyphs()
    return Sheet(
        figure=composer.canvas.figure,
        dpi=dpi,
        scale=round(composer.view.metres_per_mm * 1000 / composer.page.zoom),
        zoom=composer.page.zoom,
        placed=tuple(composer.placed),
        dropped=composer.dropped,
        view=composer.view,
        shown=tuple(composer.shown),
        marks=tuple(composer.marks),
        items=tuple(sorted(composer.canvas.items, key=lambda item: item.z)),
        notes=tuple(composer.notes),
        boxes=tuple(composer.canvas.boxes),
    )


class _Composer:
    """A sheet in the making."""

    def __init__(
        self, layers: tuple[Layer, ...], *, page: str, lang: str, theme: str,
        extent: tuple[float, float, float, float] | None, boundaries: bool,
    ) -> None:  # fmt: skip
        self.layers, self.boundaries = layers, boundaries
        self.page: Page = find_page(page)
        self.style: Style = load_style(theme)
        self.words: Words = read_words(lang)
        zoom = self.page.zoom
        self.canvas = Canvas(
            self.page.width, self.page.height, style=self.style, page=type_sizes_of(page), zoom=zoom
        )  # fmt: skip
        self.focus = common_focus(layers)
        self.subject = furniture.project_extent(extent) if extent else subject_of(layers)
        west, south, east, north = self.subject.bounds
        self.mode: Mode = "wide"
        self.striped: tuple[tuple[tuple[str, int], ...], ...] = ()
        if self.page.frame_tall is not None and (north - south) > TALL * (east - west):
            self.mode = "listed" if len(layers) == 1 else "double"
        self._look(boundaries=boundaries)
        if self.page.frame_tall is not None and self.mode != "double" and not self._legend_space().is_whole():
            self.mode = "double"
            self._look(boundaries=boundaries)
        each = [mark for layer in self.shown for mark in layer.marks()]
        shared_out = share_out(each, style=self.style, metres_per_mm=self.view.metres_per_mm)
        self.striped = shared_out.holders[:1]
        seen = [m for m in shared_out.marks if m.kind != "symbol" or self.view.ground.intersects(m.geometry)]
        self.marks: list[Mark] = sorted(seen, key=lambda m: m.z)
        self.placed: list[Placed] = []
        self.dropped: tuple[str, ...] = ()
        self.notes: list[str] = []

    def _look(self, *, boundaries: bool) -> None:
        """Set the window for the frame of the sheet's mode, and what lies in it."""
        page, style = self.page, self.style
        west, south, east, north = self.subject.bounds
        frame = page.frame_tall if self.mode != "wide" and page.frame_tall else page.frame
        mpm = fitting_scale(east - west, north - south, frame=frame, zoom=page.zoom) * page.zoom / 1000.0
        self.view = View(
            frame,
            west=(west + east) / 2.0 - frame[2] * mpm / 2.0,
            south=(south + north) / 2.0 - frame[3] * mpm / 2.0,
            metres_per_mm=mpm,
        )
        network = mpm <= style.base.network_mpm
        self.ground: Ground = read_ground(
            self.view.ground, focus=self.focus, metres_per_mm=mpm, layers=self.layers, network=network,
            boundaries=boundaries,
        )  # fmt: skip
        self.shown: list[Shown] = show(self.layers, style=style, view=self.view)

    def _legend_space(self) -> LegendSpace:
        return LegendSpace(
            canvas=self.canvas, page=self.page, shown=self.shown, ground=self.ground, words=self.words,
            boundaries=self.boundaries, mode=self.mode, locator=self._locator, striped=self.striped,
        )  # fmt: skip

    def paint_map(self, groups: Collection[Group]) -> None:
        """Paint land, marks, furniture on the map and names."""
        canvas, view = self.canvas, self.view
        canvas.part = "ground"
        frame = canvas.box(*view.frame, z=0.5, facecolor="none", linewidth=0.0)
        paint_ground(canvas, view, self.ground, frame=frame, boundaries=self.boundaries)
        paint_unlisted(canvas, view, self.ground, frame=frame)
        canvas.part = "furniture"
        blocked = self._furniture()
        canvas.part = "ground"
        self._name(groups, blocked)
        canvas.marks(self.marks, view, clip=frame)
        canvas.names(self.placed, view)
        canvas.part = "graticule"
        furniture.graticule(canvas, view)

    def _name(self, groups: Collection[Group], blocked: Sequence[Box]) -> None:
        """Place the names; lines and points for which there is no room get numerals, and the others another try."""
        plain = self.marks
        for _ in range(_TRIES):
            naming = Naming(
                canvas=self.canvas, view=self.view, ground=self.ground, shown=self.shown, marks=self.marks,
                words=self.words, groups=groups, boundaries=self.boundaries,
            )  # fmt: skip
            self.placed, self.dropped = naming.place(blocked=blocked)
            nameless = naming.nameless(self.placed)
            if not any(nameless):
                return
            self.shown = with_badges(self.shown, nameless)
            badges = badge_marks(self.shown, marks=plain, view=self.view)
            self.marks = sorted([*plain, *badges], key=lambda m: m.z)

    def _furniture(self) -> list[Box]:
        """Set locator, scale bar and north arrow in the calmest corners; return their boxes on the ground."""
        canvas, view = self.canvas, self.view
        busy = self._busy()
        taken: list[BaseGeometry] = []
        blocked = []
        if self.mode != "listed":
            size = furniture.INSET_MM
            x, y, _ = furniture.calm_corner(view, size, busy=busy, taken=taken, order=("se", "ne", "nw", "sw"))
            self._locator(x, y)
            taken.append(shapely.box(x, y, x + size[0], y + size[1]).buffer(2.0))
            blocked.append(view.to_ground(x - 0.6, y - 0.6, size[0] + 1.2, size[1] + 1.2))
        size = furniture.SCALE_BOX_MM
        order = ("se", "sw", "nw", "ne") if self.mode == "listed" else ("sw", "se", "nw", "ne")
        x, y, _ = furniture.calm_corner(view, size, busy=busy, taken=taken, order=order)
        furniture.scale_bar(canvas, view, x=x + 5.0, y=y, words=self.words, page=self.page)
        blocked.append(view.to_ground(x, y, *size))
        return blocked

    def _locator(self, x: float, y: float) -> None:
        part, self.canvas.part = self.canvas.part, "locator"
        furniture.locator(
            self.canvas,
            self.view,
            x=x,
            y=y,
            focus=self.focus,
            counties=list(read_metric("counties").geometry),
            city=read_metric("city").geometry.iloc[0],
            lakes=[g for g in read_metric("lakes").geometry if g.area > 2e7],  # noqa: PLR2004
            boundaries=self.boundaries,
        )
        self.canvas.part = part

    def _busy(self) -> BaseGeometry:
        """Return what furniture should not cover, in mm on the page."""
        shapes = [m.geometry for m in self.marks if m.kind in ("fill", "stripe", "fade", "line", "under")]
        shapes += list(self.ground.unlisted.geometry)
        half = self.view.metres_per_mm
        grown = [g.simplify(half).buffer(half * 2.0, quad_segs=2) for g in shapes]
        points = [m.geometry.buffer(3 * half) for m in self.marks if m.kind == "symbol"]
        area = shapely.union_all(grown + points).intersection(self.view.ground)
        return self.view.on_page(area)

    def paint_margin(self, *, title: str | None, subtitle: str | None, date: str) -> None:
        """Paint title, plan, legend, list of components, sources and notice."""
        canvas, page, words = self.canvas, self.page, self.words
        canvas.part = "title"
        paint_heading(canvas, page, self.layers, focus=self.focus, words=words, title=title, subtitle=subtitle)
        canvas.part = "footer"
        top = paint_footer(
            canvas, page, self.layers, ground=self.ground, words=words, boundaries=self.boundaries, date=date
        )
        canvas.part = "legend"
        self.notes += self._legend_space().paint(above=top + AIR_MM)
