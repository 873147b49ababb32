"""How a table looks in other programs: rules from rows to symbols, made by the same code that paints our own maps.

The symboliser's forms paint each component on a dummy shape; what they paint with becomes the symbol. So a colour or a
dash that changes in ``layers/style.toml`` changes in QGIS, in Google Earth and in CAD as well.
"""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geodata.crs import unproject
from layers.drawing.cells import cells_of
from layers.drawing.forms import (
    Pen,
    area_marks,
    arrow_marks,
    band_marks,
    disc_marks,
    line_marks,
    patch_marks,
    point_marks,
)
from layers.drawing.names import component_title
from layers.drawing.symboliser import pens_of
from layers.style import load_style

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from shapely.geometry.base import BaseGeometry

    from layers.drawing.mark import Mark
    from layers.drawing.names import Lang
    from layers.files.table import Kind, Table
    from layers.model import Basis, Component, Layer, Role
    from layers.style import ComponentColour, Shape, Style

_SCALE_M: Final = 200.0
"""Ground length of a millimetre that the dummy shapes are drawn at; paints do not depend on it."""
_SQUARE: Final = shapely.box(0, 0, 100_000, 100_000)
_LINE: Final = shapely.LineString([(0, 0), (100_000, 0)])
_POINT: Final = shapely.Point(0, 0)
_DISC: Final = _POINT.buffer(20_000)
_AREA_FORMS: Final = ("fill", "block", "disc", "band", "ring", "arrow", "patch")
"""Which form a component's surface is drawn by where it has several, first choice first."""
_SHARED_TOLERANCE_M: Final = 10.0
"""How far the stripes of shared ground may leave its edge, which is drawn over them."""
_LEAST_BUILT: Final = ("study", "planned", "construction", "open", "")
"""A line of several states is drawn as the least built one: never as built what is not."""
_LANGUAGES: Final[tuple[Lang, ...]] = ("zh", "en")
_LINE_LAYERS: Final = ("rail", "metro", "roads", "rivers")


@dataclass(frozen=True, kw_only=True, slots=True)
class Paint:
    """One layer of a symbol: a mark without its place (see `layers.drawing.mark.Mark`)."""

    kind: str
    fill: str | None = None
    fill_opacity: float = 1.0
    stroke: str | None = None
    stroke_opacity: float = 1.0
    width_pt: float = 0.0
    dash: tuple[float, ...] = ()
    round_cap: bool = False
    shape: Shape | None = None
    size_mm: float = 0.0
    outer_mm: float = 0.0


Symbol = tuple[Paint, ...]
"""Paints from the lowest to the topmost."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """Ground (WKT, EPSG:4326) that a row shares with others: a stripe's paint each, in order, and the edge's."""

    ground: str
    stripes: Symbol
    edge: Paint


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """Rows that share a symbol: those whose `field` is one of `values`; `shares` is what the last of sharers paints."""

    name_zh: str
    name_en: str
    field: str
    values: tuple[str, ...]
    symbol: Symbol
    ink: str
    shares: tuple[Share, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """The rules of a table by kind of geometry, and the column of its labels."""

    rules: Mapping[Kind, tuple[Rule, ...]]
    label: str

    def find(self, kind: Kind, row: Mapping[str, Any]) -> Rule | None:
        """Return the rule that a row falls under."""
        return next((rule for rule in self.rules[kind] if str(row[rule.field] or "") in rule.values), None)


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def word(key: str, *, lang: str, **blanks: str) -> str:
    """Return a word of the files: ``role.core``."""
    table: Any = _words()
    for part in key.split("."):
        table = table[part]
    return str(table[lang]).format(**blanks)


def look_of(table: Table, *, theme: str = "light") -> Look:
    """Return how a table looks in a theme of ``layers/style.toml``."""
    style = load_style(theme)
    if table.layer is None:
        return Look(rules={kind: _base_rules(table, kind, style) for kind in table.rows}, label=table.name)
    pens = pens_of(table.layer, style=style, metres_per_mm=_SCALE_M)
    drawn = _drawn(table.layer)
    rules = {kind: _structure_rules(table, kind, pens, drawn) for kind in table.rows}
    return Look(rules=rules, label=table.name)


# ------------ structures
@dataclass(frozen=True, kw_only=True, slots=True)
class _Drawn:
    """What a component is drawn from: its forms, and of its lines the state, the theme and the colour."""

    forms: frozenset[str]
    status: str
    theme: str
    colour: str


def _drawn(layer: Layer) -> dict[int, _Drawn]:
    pieces = layer.pieces
    columns = (pieces[name].tolist() for name in ("component", "form", "status", "theme", "colour"))
    found: dict[int, list[tuple[str, ...]]] = {}
    for number, *rest in zip(*columns, strict=True):
        found.setdefault(int(number), []).append(tuple(rest))
    return {
        number: _Drawn(
            forms=frozenset(row[0] for row in rows),
            status=min((row[1] for row in rows if row[0] == "line"), key=_LEAST_BUILT.index, default=""),
            theme=next(iter(Counter(row[2] for row in rows if row[0] == "line")), ""),
            colour=colours.pop() if len(colours := {row[3] for row in rows if row[0] == "line"}) == 1 else "",
        )
        for number, rows in found.items()
    }


def _structure_rules(table: Table, kind: Kind, pens: dict[int, Pen], drawn: dict[int, _Drawn]) -> tuple[Rule, ...]:
    """Return a rule for each component, or for those that look alike."""
    assert table.layer is not None
    components = {component.no: component for component in table.layer.structure.components}
    shares = _shares(table, pens) if kind == "areas" else {}
    alike: dict[tuple[Symbol, str, str, tuple[Share, ...]], list[tuple[str, Component]]] = {}
    for row in table.rows[kind]:
        fid, basis = str(table.cells["id"][row]), table.cells["basis"][row]
        number = _number(fid)
        symbol = _symbol(drawn[number], pens[number], kind, basis)
        key = symbol, components[number].role, basis, shares.get(number, ())
        alike.setdefault(key, []).append((fid, components[number]))
    return tuple(
        replace(_structure_rule(symbol, role, basis, found, ink=pens[found[0][1].no].colour.ink), shares=shared)
        for (symbol, role, basis, shared), found in alike.items()
    )


def _number(fid: str) -> int:
    """Return the number of the component in the id of a row."""
    return int(fid.rpartition("#")[2].partition("-")[0])


def _shares(table: Table, pens: dict[int, Pen]) -> dict[int, tuple[Share, ...]]:
    """Return by component what it shares with earlier ones, in whose stripes the shared members are drawn."""
    assert table.layer is not None
    pieces = table.layer.pieces
    filled = {
        no for no, form in zip(pieces["component"].tolist(), pieces["form"].tolist(), strict=True) if form == "fill"
    }
    if len(filled) < 2:  # noqa: PLR2004
        return {}
    fills = pieces[(pieces["form"] == "fill") & ~(pieces.geometry.is_empty | pieces.geometry.isna())]
    held: dict[tuple[int, ...], list[BaseGeometry]] = defaultdict(list)
    for cell in cells_of(fills):
        if cell.shared:
            held[cell.components].append(cell.geometry.simplify(_SHARED_TOLERANCE_M))
    listed = {_number(str(table.cells["id"][row])) for row in table.rows["areas"]}
    found: dict[int, tuple[Share, ...]] = {}
    for components, ground in held.items():
        if not listed >= {*components}:
            continue
        last = components[-1]
        form = pens[last].style.stripes
        stripes = tuple(
            Paint(kind="stripe", fill=colour.colour, fill_opacity=min(1.0, colour.fill + form.boost))
            for colour in (pens[no].colour for no in components)
        )
        edge = Paint(kind="edge", stroke=form.edge, width_pt=form.edge_pt, dash=form.dash)
        degrees = shapely.transform(
            shapely.union_all(ground), lambda at: np.column_stack(unproject(at[:, 0], at[:, 1]))
        )
        wkt = shapely.to_wkt(degrees, rounding_precision=5)
        found[last] = (*found.get(last, ()), Share(ground=wkt, stripes=stripes, edge=edge))
    return found


def _structure_rule(
    symbol: Symbol, role: str, basis: str, found: list[tuple[str, Component]], *, ink: str
) -> Rule:  # fmt: skip
    names = {}
    for lang in _LANGUAGES:
        told = word(f"basis.{basis}", lang=lang)
        if len(found) == 1:
            title = component_title(found[0][1], lang=lang)
            names[lang] = word("legend", lang=lang, name=title, basis=told)
        else:
            names[lang] = word("legend_group", lang=lang, role=word(f"role.{role}", lang=lang), basis=told)
    ids = tuple(fid for fid, _ in found)
    return Rule(name_zh=names["zh"], name_en=names["en"], field="id", values=ids, symbol=symbol, ink=ink)


def _symbol(drawn: _Drawn, pen: Pen, kind: Kind, basis: Basis) -> Symbol:
    if kind == "areas":
        form = min(drawn.forms & {*_AREA_FORMS}, key=_AREA_FORMS.index)
        key = ("area", form, "", "")
    elif kind == "lines":
        key = ("line", drawn.status, drawn.theme, drawn.colour)
    else:
        key = ("point", "", "", "")
    return _paint(key, pen.role, pen.colour, basis, pen.style.name)


@cache
def _paint(key: tuple[str, ...], role: Role, colour: ComponentColour, basis: Basis, theme: str) -> Symbol:
    """Paint a dummy shape and return what it is painted with."""
    pen = Pen(component=0, role=role, colour=colour, style=load_style(theme), metres_per_mm=_SCALE_M)
    what, form, line_theme, line_colour = key
    if what == "point":
        marks = point_marks(_POINT, pen, basis=basis, number=None)
    elif what == "line":
        marks = line_marks(_LINE, pen, basis=basis, theme=line_theme, status=form, line_colour=line_colour)
    elif form in ("band", "ring"):
        marks = band_marks([_LINE], pen, basis=basis, width_m=None, clip=None)
    elif form == "patch":
        marks = patch_marks(_SQUARE, pen, basis=basis, clip=None)
    elif form == "arrow":
        marks = arrow_marks([_LINE], pen, basis=basis, width_m=None, two_headed=False)
    elif form == "disc":
        marks = disc_marks(_DISC, pen, basis=basis)
    else:
        marks = area_marks(_SQUARE, pen, basis=basis)
    return to_symbol(marks)


def to_symbol(marks: Iterable[Mark]) -> Symbol:
    """Return what marks are painted with; marks that fade become one paint that fades inward from the edge."""
    names = [each.name for each in fields(Paint)]
    paints = [_measured(Paint(**{name: getattr(mark, name) for name in names}), mark) for mark in marks]
    fading = [paint for paint in paints if paint.kind == "fade"]
    rest = [paint for paint in paints if paint.kind not in ("fade", "under")]
    if not fading:
        return tuple(rest)
    clear = 1.0
    for paint in fading:
        clear *= 1.0 - paint.fill_opacity
    # A line along the middle of a band is not its edge.
    rest = [paint for paint in rest if paint.kind != "line"]
    return (replace(fading[0], fill_opacity=round(1.0 - clear, 3)), *rest)


def _measured(paint: Paint, mark: Mark) -> Paint:
    """Return a paint with its size: the dotted ring around a rough position has it in its geometry only."""
    if paint.kind != "edge" or not mark.geometry.covers(_POINT) or mark.geometry.area > _SQUARE.area / 100.0:
        return paint
    west, _, east, _ = mark.geometry.bounds
    return replace(paint, size_mm=round((east - west) / _SCALE_M, 2))


# ------------ base layers
def _base_rules(table: Table, kind: Kind, style: Style) -> tuple[Rule, ...]:
    """Return the rules of a base layer: the quiet tones of the ground, lines by status."""
    name = table.id.partition("/")[2]
    tones = style.base
    symbol: Symbol
    bases = sorted({str(table.cells["basis"][row]) for row in table.rows[kind]})
    if kind == "lines":
        form = style.lines[name if name in _LINE_LAYERS else "other"]
        rules = []
        for status in sorted({str(each or "") for each in table.cells["status"]}):
            state = style.status.get(status) or style.status["open"]
            line = Paint(
                kind="line", stroke=form.colour, width_pt=round(form.width_pt * state.width, 3), dash=state.dash,
                round_cap=state.round,
            )  # fmt: skip
            casing = Paint(
                kind="casing", stroke=style.casing.colour, stroke_opacity=style.casing.opacity,
                width_pt=line.width_pt + style.casing.extra_pt,
            )  # fmt: skip
            ticks = Paint(kind="ticks", stroke=form.colour, width_pt=style.ticks.width_pt)
            symbol = (casing, line, ticks) if form.ticks and not state.dash else (casing, line)
            known = status if status in _words()["status"] else "open"
            rules.append(
                Rule(
                    name_zh=word(f"status.{known}", lang="zh"), name_en=word(f"status.{known}", lang="en"),
                    field="status", values=(status,), symbol=symbol, ink=form.colour,
                )
            )  # fmt: skip
        return tuple(rules)
    if kind == "points":
        form_of_point = style.points["seat"]
        paint = Paint(
            kind="symbol", fill=style.text.second, stroke="#FFFFFF", width_pt=form_of_point.edge_pt, shape="disc",
            size_mm=1.4,
        )  # fmt: skip
        symbol = (paint,)
        ink = style.text.second
    elif name == "water":
        symbol = (
            Paint(kind="fill", fill=tones.water), Paint(kind="edge", stroke=tones.shore, width_pt=tones.shore_pt)
        )  # fmt: skip
        ink = style.text.water
    else:
        county = style.boundaries["county"]
        rough = {*bases} & {"indicative", "schematic"}
        dash = style.basis["indicative"].dash if rough else county.dash
        symbol = (
            Paint(kind="fill", fill=tones.focus, fill_opacity=0.5),
            Paint(kind="edge", stroke=tones.outline if name == "city" else tones.county, width_pt=0.8, dash=dash),
        )
        ink = style.text.second
    rule = Rule(
        name_zh=table.name_zh, name_en=table.name_en, field="basis", values=tuple(bases), symbol=symbol, ink=ink
    )
    return (rule,)
