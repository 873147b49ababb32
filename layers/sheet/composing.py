"""Compose a sheet: subject, scale, marks, names, furniture, legend, footer; then save it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
import msgspec
import shapely

from layers import fonts
from layers.drawing import draw, names
from layers.drawing.mark import Z
from layers.labels import Request, Scene, place
from layers.labels.request import MM_PER_PT
from layers.model import Layer
from layers.sheet import furniture, legend, parts, texts
from layers.sheet.base_names import BaseNames
from layers.sheet.canvas import Canvas, View
from layers.sheet.columns import Section, fits, height_of, paint_sections, section_height
from layers.sheet.ground import Ground, common_focus, paint_ground, paint_unlisted, read_ground, read_metric, subject_of
from layers.sheet.method import method_paragraphs
from layers.sheet.pages import TALL, Column, Page, find_page, fitting_scale
from layers.sheet.words import Words, read_words
from layers.sheet.wrapping import balance, wrap
from layers.style import Style, load_style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure
    from shapely.geometry.base import BaseGeometry

    from layers.drawing import Mark
    from layers.labels import Placed
    from layers.sheet.item import Item

FORMATS: Final = ("png", "svg", "pdf")
_LEAST_METHOD_MM: Final = 22.0
_CLOSED_UP: Final = 0.88
"""How far the rows of a legend can close up."""
_FOOTER_LINE_EM: Final = 1.22
_FOOTER_FOOT_MM: Final = 1.6
"""Lowest baseline of the footer."""
_FOOTER_AIR_MM: Final = 2.4
_MOST_FOOTER_LINES: Final = 6
_COMPONENT_PRIORITY: Final = 1
"""Up to this the names of components claim their places."""
_SETTINGS: Final = {
    "svg.hashsalt": "plan-atlas",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "path.simplify": False,
    "text.usetex": False,
    "axes.unicode_minus": False,
    "lines.scale_dashes": True,
}
_UNDATED: Final = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}


@dataclass(frozen=True)
class Sheet:
    """A drawn sheet.

    Attributes
    ----------
    figure
        The matplotlib figure.
    dpi
        Resolution of a saved PNG.
    scale
        Scale number: 300000 at 1:300 000.
    placed
        Names on the map with their boxes (metres).
    dropped
        Names that found no place.
    notes
        What was cut for want of room.
    boxes
        What stands around the map: class of text (or ``row``), and its box (mm from the page's lower left corner).
    items
        All that is on the sheet, in order of painting.
    """

    figure: Figure
    dpi: int
    scale: int
    placed: tuple[Placed, ...]
    dropped: tuple[str, ...]
    view: View
    notes: tuple[str, ...] = field(default=())
    boxes: tuple[tuple[str, tuple[float, float, float, float]], ...] = field(default=())
    items: tuple[Item, ...] = field(default=())

    def save(self, path: str | Path) -> Path:
        """Write the sheet as PNG, SVG or PDF, by the name's ending: beside first, then renamed. Same in, same bytes.

        Raises
        ------
        ValueError
            If the ending is none of them.
        """
        path = Path(path)
        ending = path.suffix.lower().lstrip(".")
        if ending not in FORMATS:
            msg = f"expected a file name that ends in .{', .'.join(FORMATS)}, got {path.name!r}"
            raise ValueError(msg)
        beside = path.with_name(f".{path.name}.part")
        more: dict[str, Any] = {"pil_kwargs": {"compress_level": 3}} if ending == "png" else {}
        try:
            with mpl.rc_context(_SETTINGS):  # type: ignore[arg-type]
                self.figure.savefig(beside, format=ending, dpi=self.dpi, metadata=_UNDATED[ending], **more)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        return path


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
    date: dt.date | str | None = None,
) -> Sheet:
    """Draw a sheet of one or several layers.

    Parameters
    ----------
    layers
        Built layers; one gives title and area, several share both.
    page
        ``16:9``, ``a4``, ``a4-portrait`` or ``a3``.
    dpi
        Resolution of a PNG.
    title, subtitle
        Instead of the default ones; "" for none.
    lang
        ``zh`` (with small English) or ``en``.
    theme
        ``light`` or ``grey``.
    extent
        (west, south, east, north) in degrees, WGS 84; by default what the layers need.
    show_boundaries
        False hides all administrative boundaries.
    date
        Date of drawing, today by default; give it for reproducible bytes.

    Raises
    ------
    ValueError
        For an unknown page, language or theme, no layers, or a character without a glyph.
    """
    chosen = (layers,) if isinstance(layers, Layer) else tuple(layers)
    if not chosen:
        msg = "expected at least one layer to draw, got none"
        raise ValueError(msg)
    with mpl.rc_context(_SETTINGS):  # type: ignore[arg-type]
        composer = _Composer(chosen, page=page, lang=lang, theme=theme, extent=extent, boundaries=show_boundaries)
        composer.paint_map()
        composer.paint_margin(title=title, subtitle=subtitle, date=str(date or dt.date.today()))  # noqa: DTZ011
        composer.canvas.check_glyphs()
    return Sheet(
        figure=composer.canvas.figure,
        dpi=dpi,
        scale=round(composer.view.metres_per_mm * 1000),
        placed=tuple(composer.placed),
        dropped=composer.dropped,
        view=composer.view,
        notes=tuple(composer.notes),
        boxes=tuple(composer.canvas.boxes),
        items=tuple(sorted(composer.canvas.items, key=lambda item: item.z)),
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
        self.canvas = Canvas(self.page.width, self.page.height, style=self.style, page=page)
        self.focus = common_focus(layers)
        subject = furniture.project_extent(extent) if extent else subject_of(layers)
        west, south, east, north = subject.bounds
        self.tall = self.page.frame_tall is not None and (north - south) > TALL * (east - west)
        frame = self.page.frame_tall if self.tall and self.page.frame_tall else self.page.frame
        mpm = fitting_scale(east - west, north - south, frame=frame) / 1000.0
        self.view = View(
            frame,
            west=(west + east) / 2.0 - frame[2] * mpm / 2.0,
            south=(south + north) / 2.0 - frame[3] * mpm / 2.0,
            metres_per_mm=mpm,
        )
        self.ground: Ground = read_ground(
            self.view.ground,
            focus=self.focus,
            metres_per_mm=mpm,
            layers=layers,
            network=mpm <= self.style.base.network_mpm,
            boundaries=boundaries,
        )
        marks = [
            replace(m, layer=layer.id) for layer in layers for m in draw(layer, style=self.style, metres_per_mm=mpm)
        ]
        self.marks: list[Mark] = [m for m in marks if m.kind != "symbol" or self.view.ground.intersects(m.geometry)]
        self.placed: list[Placed] = []
        self.dropped: tuple[str, ...] = ()
        self.notes: list[str] = []

    # ------------ the map
    def paint_map(self) -> None:
        """Paint land, marks, furniture on the map and names."""
        canvas, view = self.canvas, self.view
        canvas.part = "ground"
        frame = canvas.box(*view.frame, z=0.5, facecolor="none", linewidth=0.0)
        paint_ground(canvas, view, self.ground, frame=frame, boundaries=self.boundaries)
        paint_unlisted(canvas, view, self.ground, frame=frame)
        canvas.marks(sorted(self.marks, key=lambda m: m.z), view, clip=frame)
        canvas.part = "furniture"
        blocked = self._furniture()
        requests = self._requests()
        scene = Scene(
            frame=view.ground.bounds,
            metres_per_mm=view.metres_per_mm,
            blocked=tuple(blocked + self._symbol_boxes()),
            avoid=self._avoid(),
            named=self._named_ground(),
        )
        self.placed = place(requests, scene=scene, measure=fonts.measure)
        found = {id(name.request) for name in self.placed}
        self.dropped = tuple(r.text for r in requests if id(r) not in found)
        canvas.names(self.placed, view)
        canvas.part = "graticule"
        furniture.graticule(canvas, view)

    def _furniture(self) -> list[tuple[float, float, float, float]]:
        """Set locator, scale bar and north arrow in the calmest corners; return their boxes on the ground."""
        canvas, view = self.canvas, self.view
        busy = self._busy()
        taken: list[BaseGeometry] = []
        blocked = []
        if not self.tall:
            size = furniture.INSET_MM
            x, y, _ = furniture.calm_corner(view, size, busy=busy, taken=taken, order=("se", "ne", "nw", "sw"))
            canvas.part = "locator"
            self._locator(x, y)
            canvas.part = "furniture"
            taken.append(shapely.box(x, y, x + size[0], y + size[1]).buffer(2.0))
            blocked.append(view.to_ground(x - 0.6, y - 0.6, size[0] + 1.2, size[1] + 1.2))
        size = furniture.SCALE_BOX_MM
        order = ("se", "sw", "nw", "ne") if self.tall else ("sw", "se", "nw", "ne")
        x, y, _ = furniture.calm_corner(view, size, busy=busy, taken=taken, order=order)
        furniture.scale_bar(canvas, view, x=x + 5.0, y=y, words=self.words, page=(self.page.width, self.page.height))
        blocked.append(view.to_ground(x, y, *size))
        return blocked

    def _locator(self, x: float, y: float) -> None:
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

    def _busy(self) -> BaseGeometry:
        """Return what furniture should not cover, in mm on the page."""
        shapes = [m.geometry for m in self.marks if m.kind in ("fill", "stripe", "fade", "line", "under")]
        shapes += list(self.ground.unlisted.geometry)
        half = self.view.metres_per_mm
        grown = [g.simplify(half).buffer(half * 2.0, quad_segs=2) for g in shapes]
        points = [m.geometry.buffer(3 * half) for m in self.marks if m.kind == "symbol"]
        area = shapely.union_all(grown + points).intersection(self.view.ground)
        return self.view.on_page(area)

    def _symbol_boxes(self) -> list[tuple[float, float, float, float]]:
        mpm = self.view.metres_per_mm
        boxes = []
        for mark in self.marks:
            if mark.kind == "symbol" and mark.shape != "disc":
                x, y = shapely.get_coordinates(mark.geometry)[0]
                half = max(mark.size_mm, mark.outer_mm) / 2.0 * mpm
                boxes.append((x - half, y - half, x + half, y + half))
        return boxes

    def _avoid(self) -> tuple[tuple[BaseGeometry, float], ...]:
        """Return what names should keep clear of: edges of arrows and solid edges, heads, discs, lines."""
        avoid: list[tuple[BaseGeometry, float]] = []
        for mark in self.marks:
            if mark.kind == "edge":
                heavy = mark.z > 20.0  # noqa: PLR2004
                avoid.append((shapely.boundary(mark.geometry), 1.6 if heavy else 0.7))
            elif mark.kind == "line":
                avoid.append((mark.geometry, 1.0))
            elif mark.kind == "under":
                avoid.append((mark.geometry, 0.4))
            elif mark.kind == "fill" and Z["disc"] <= mark.z < Z["arrow"]:
                avoid.append((mark.geometry, 0.9))
        avoid.append((shapely.boundary(self.ground.outline), 0.8))
        return tuple(avoid)

    def _named_ground(self) -> BaseGeometry:
        """Return the land that is some component's or that no component names: a name there means that land."""
        fills = [m.geometry for m in self.marks if m.kind in ("fill", "stripe") and m.z < Z["disc"]]
        return shapely.union_all([*fills, *self.ground.unlisted.geometry])

    # ------------ names
    def _requests(self) -> list[Request]:
        view = self.view
        found: list[Request] = []
        for layer in self.layers:
            requests = names(
                layer, style=self.style, metres_per_mm=view.metres_per_mm, page=self.canvas.page,  # type: ignore[arg-type]
                lang=self.words.lang,
                clip=view.ground,
            )  # fmt: skip
            found += [replace(_beside_what_is_drawn(request, layer), layer=layer.id) for request in requests]
        base = BaseNames(
            canvas=self.canvas, view=view, ground=self.ground, layers=self.layers, marks=self.marks, words=self.words
        )
        if len(self.layers) > 1:
            # structures that lie over each other crowd: members' names go before those of components
            found = [r if r.priority <= _COMPONENT_PRIORITY else replace(r, required=False) for r in found]
        return found + base.requests()

    # ------------ the margin
    def paint_margin(self, *, title: str | None, subtitle: str | None, date: str) -> None:
        """Paint title, plan, legend, list of components, sources and notice."""
        canvas, page, words = self.canvas, self.page, self.words
        canvas.part = "title"
        first = self.layers[0]
        plans = texts.plan_lines(self.layers, words)
        if len(plans) > 1:
            # the footer names every plan; the corner only counts them
            own = list(dict.fromkeys(name for name, _ in plans))
            plans = [(own[0] if len(own) == 1 else words("plans_counted", count=len(own)), "")]
        right = page.right
        widest = max((canvas.width_of(name, "plan") for name, _ in plans), default=0.0)
        room = right - page.left - widest - 12.0
        several = len(self.layers) > 1
        default = texts.title_of_all(self.layers, words) if several else ""
        text = (default or texts.title_of(first, self.focus, lang=words.lang)) if title is None else title
        size = min(canvas.size("title"), canvas.size("title") * room / max(1.0, canvas.width_of(text, "title")))
        canvas.text(page.left, page.title_y, text, "title", size=size)
        default = texts.subtitle_of_all(self.layers) if several else ""
        second = (default or texts.subtitle_of(first, self.focus, lang=words.lang)) if subtitle is None else subtitle
        size = min(
            canvas.size("subtitle"), canvas.size("subtitle") * room / max(1.0, canvas.width_of(second, "subtitle"))
        )
        canvas.text(page.left, page.title_y - 6.6, second, "subtitle", size=size)
        name, lines = plans[0]
        canvas.text(right, page.title_y + 0.4, name, "plan", ha="right")
        canvas.text(right, page.title_y - 4.2, lines, "lines", ha="right")
        canvas.part = "footer"
        top = self._footer(date)
        canvas.part = "legend"
        self._legend(above=top + _FOOTER_AIR_MM)

    def _legend(self, *, above: float) -> None:
        """Paint the legend; on a tall page the components and the method share the two columns.

        ``above`` is the height (mm) that the footer needs.
        """
        words, column = self.words, self.page.legend
        column = msgspec.structs.replace(column, bottom=max(column.bottom, above))
        if len(column.columns) > 1:
            sections = [*self._sections(merge=False), self._method()]
            if not fits(self.canvas, sections, column, words=words):
                sections = [*self._sections(merge=True), self._method()]
            self.notes += paint_sections(self.canvas, sections, column, words=words)
            return
        room = column.top - column.bottom
        sections = self._sections(merge=self.tall)
        if height_of(sections, self.canvas, column.width) * _CLOSED_UP + _LEAST_METHOD_MM > room:
            sections = self._sections(merge=True)
        method = self._method()
        if self.tall and self.page.parts is not None:
            free = room - _CLOSED_UP * height_of(sections, self.canvas, column.width)
            if not self._parts(method, free=free):
                sections.append(method)
        else:
            sections.append(method)
        self.notes += paint_sections(self.canvas, sections, column, words=words)

    def _sections(self, *, merge: bool) -> list[Section]:
        words, style = self.words, self.style
        mpm = self.view.metres_per_mm
        rows = [
            row
            for layer in self.layers
            for row in legend.structure_rows(
                layer, style=style, words=words, merge=merge, metres_per_mm=mpm, listed=self.tall
            )
        ]
        if len(self.ground.unlisted):
            rows.append(legend.unlisted_row(words))
        sections = [Section(head=words("structure"), english=words("structure_en"), rows=tuple(rows))]
        basis = legend.basis_rows(self.layers, style=style, words=words)
        sections.append(Section(head=words("basis"), english=words("basis_en"), rows=tuple(basis)))
        lines = legend.line_rows(self.layers, style=style, words=words, metres_per_mm=mpm)
        if lines:
            sections.append(Section(head=words("lines"), english=words("lines_en"), rows=tuple(lines)))
        base = legend.base_rows(self.ground, style=style, words=words, boundaries=self.boundaries)
        sections.append(Section(head=words("base"), english=words("base_en"), rows=tuple(base)))
        return sections

    def _method(self) -> Section:
        words = self.words
        paragraphs = method_paragraphs(self.layers, words=words)
        return Section(head=words("method"), english=words("method_en"), paragraphs=tuple(paragraphs))

    def _parts(self, method: Section, *, free: float) -> bool:
        """Paint the left column of a tall page: components with their members, the locator, and the method if it fits.

        Returns whether the method was painted; ``free`` is the room (mm) it would have in the other column.
        """
        canvas, words, column = self.canvas, self.words, self.page.parts
        assert column is not None
        x, width = column.columns[0], column.width
        top_of_inset = column.bottom + furniture.INSET_MM[1]
        room = column.top - top_of_inset - 6.0
        entries = parts.entries_of(self.layers, canvas, words, width=width, metres_per_mm=self.view.metres_per_mm)
        wanted = section_height(method, canvas, width)
        detail, here = parts.choose_detail(entries, room=room, method=wanted, free=free)
        if parts.overfull(entries, detail=detail, room=room):
            entries = parts.cut(entries, words, detail=detail, room=room)
            self.notes.append(words("parts"))
        y = parts.paint(canvas, entries, x, column.top, width, words=words, detail=detail, room=room)
        if here:
            below = Column(columns=(x,), width=width, top=y - 2.0, bottom=top_of_inset + 5.0)
            self.notes += paint_sections(canvas, [method], below, words=words)
        canvas.part = "locator"
        self._locator(x, column.bottom)
        text_x = x + furniture.INSET_MM[0] + 3.0
        canvas.text(text_x, top_of_inset - 3.0, words("location"), "legend-item")
        canvas.text(text_x, top_of_inset - 6.4, words("location_en"), "legend-english")
        lines = wrap(
            words("location_note"),
            width=width - furniture.INSET_MM[0] - 3.0,
            measure=lambda t: canvas.width_of(t, "source"),
        )
        for i, line in enumerate(lines):
            canvas.text(text_x, top_of_inset - 12.6 - 3.2 * i, line, "source")
        canvas.part = "legend"
        return here

    def _footer(self, date: str) -> float:
        """Paint sources, accuracy and notice; return where they end at the top (mm)."""
        canvas, page, words = self.canvas, self.page, self.words
        made = words("made_title", date=date, atlas=words("atlas"))
        notice_width = max(canvas.width_of(words("notice"), "notice"), canvas.width_of(made, "source"))
        width = page.right - page.left - notice_width - 8.0
        step = min(3.4, canvas.size("source") * MM_PER_PT * _FOOTER_LINE_EM)
        below = page.frame[1] - _FOOTER_FOOT_MM - 3.6 if len(page.legend.columns) == 1 else 99.0
        most = min(_MOST_FOOTER_LINES, 1 + int(below / step))
        lines: list[str] = []
        for detail in texts.DETAILS:
            source = texts.source_text(self.layers, self.ground, words, boundaries=self.boundaries, detail=detail)
            lines = []
            for text in (source, texts.accuracy_text(self.layers, words)):
                lines += balance(text, width=width, measure=lambda t: canvas.width_of(t, "source"))
            if len(lines) <= most:
                break
        top = max(page.footer_y, _FOOTER_FOOT_MM + (len(lines) - 1) * step)
        for i, line in enumerate(lines):
            canvas.text(page.left, top - i * step, line, "source")
        canvas.text(page.right, page.footer_y - 0.2, words("notice"), "notice", ha="right")
        canvas.text(page.right, page.footer_y - 3.7, made, "source", ha="right")
        return max(top, page.footer_y) + canvas.size("notice") * MM_PER_PT


def _beside_what_is_drawn(request: Request, layer: Layer) -> Request:
    """Return a request for a name along a line, without those parts of the line that its band is not drawn along."""
    if request.mode != "curve" or request.component is None:
        return request
    own = layer.pieces[layer.pieces["component"] == request.component]
    regions = [shapely.from_wkb(clip) for clip in own["clip"] if isinstance(clip, bytes)]
    drawn = shapely.intersection(request.geometry, shapely.union_all(regions)) if regions else request.geometry
    return request if drawn.is_empty else replace(request, geometry=drawn)
