"""The look of a table as an OGC style (SLD 1.0), for GeoServer and others.

What SLD cannot say is said more simply: a surface that fades towards an edge nobody stated is a pale surface without an
edge. Sizes are pixels of 0.28 mm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from layers.files.fields import read_fields
from layers.files.qml import rest_symbol
from layers.style import load_style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.files.look import Look, Paint, Symbol
    from layers.files.table import Kind

_SLD: Final = "http://www.opengis.net/sld"
_OGC: Final = "http://www.opengis.net/ogc"
_PX_MM: Final = 0.28
_PT_MM: Final = 25.4 / 72.0
_PALE: Final = 0.6
_LABEL_PX: Final = 13


def to_sld(look: Look, kind: Kind, *, name: str, columns: Sequence[str], lang: str = "zh") -> str:
    """Return the SLD of one kind of geometry; `name` is the layer's, `columns` are those of the file."""
    for prefix, space in (("", _SLD), ("ogc", _OGC)):
        ET.register_namespace(prefix, space)
    root = ET.Element(f"{{{_SLD}}}StyledLayerDescriptor", version="1.0.0")
    layer = _add(root, "NamedLayer")
    _add(layer, "Name", name)
    style = _add(_add(layer, "UserStyle"), "FeatureTypeStyle")
    label = next(each for each in columns if each in (look.label, read_fields()[look.label].alias))
    for rule in look.rules[kind]:
        node = _add(style, "Rule")
        _add(node, "Title", rule.name_en if lang == "en" else rule.name_zh)
        _add_filter(node, rule.field, rule.values)
        _add_symbol(node, rule.symbol, kind)
        _add_label(node, label, kind, ink=rule.ink)
    rest = _add(style, "Rule")
    ET.SubElement(rest, f"{{{_SLD}}}ElseFilter")
    _add_symbol(rest, rest_symbol(kind), kind)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _add(parent: ET.Element, tag: str, text: str | None = None, /, **attributes: str) -> ET.Element:
    node = ET.SubElement(parent, f"{{{_SLD}}}{tag}", attributes)
    node.text = text
    return node


def _add_filter(rule: ET.Element, field: str, values: Sequence[str]) -> None:
    box = ET.SubElement(rule, f"{{{_OGC}}}Filter")
    if len(values) > 1:
        box = ET.SubElement(box, f"{{{_OGC}}}Or")
    for value in values:
        same = ET.SubElement(box, f"{{{_OGC}}}PropertyIsEqualTo")
        ET.SubElement(same, f"{{{_OGC}}}PropertyName").text = field
        ET.SubElement(same, f"{{{_OGC}}}Literal").text = value


def _parameter(parent: ET.Element, name: str, value: str) -> None:
    _add(parent, "CssParameter", value, name=name)


def _add_symbol(rule: ET.Element, symbol: Symbol, kind: Kind) -> None:
    for paint in symbol:
        if paint.kind in ("pattern", "ticks"):
            continue
        if paint.shape is not None or kind == "points":
            _add_point(rule, paint)
        elif paint.fill is not None:
            box = _add(_add(rule, "PolygonSymbolizer"), "Fill")
            _parameter(box, "fill", paint.fill)
            pale = _PALE if paint.kind == "fade" else 1.0
            _parameter(box, "fill-opacity", f"{paint.fill_opacity * pale:.2f}")
        else:
            _add_stroke(_add(rule, "LineSymbolizer"), paint)


def _add_stroke(parent: ET.Element, paint: Paint) -> None:
    box = _add(parent, "Stroke")
    width = paint.width_pt * _PT_MM / _PX_MM
    _parameter(box, "stroke", paint.stroke or "#FFFFFF")
    _parameter(box, "stroke-opacity", f"{paint.stroke_opacity:.2f}")
    _parameter(box, "stroke-width", f"{width:.2f}")
    _parameter(box, "stroke-linecap", "round" if paint.round_cap else "butt")
    if paint.dash:
        _parameter(box, "stroke-dasharray", " ".join(f"{step * width:.2f}" for step in paint.dash))


def _add_point(rule: ET.Element, paint: Paint) -> None:
    sizes = [(paint.outer_mm, "#FFFFFF")] if paint.shape == "ringed-disc" else []
    for size, fill in (*sizes, (paint.size_mm, paint.fill)):
        graphic = _add(_add(rule, "PointSymbolizer"), "Graphic")
        mark = _add(graphic, "Mark")
        _add(mark, "WellKnownName", "square" if paint.shape == "square" else "circle")
        if fill is not None:
            _parameter(_add(mark, "Fill"), "fill", fill)
        if paint.width_pt:
            _add_stroke(mark, paint)
        _add(graphic, "Size", f"{size / _PX_MM:.1f}")


def _add_label(rule: ET.Element, column: str, kind: Kind, *, ink: str) -> None:
    text = _add(rule, "TextSymbolizer")
    ET.SubElement(_add(text, "Label"), f"{{{_OGC}}}PropertyName").text = column
    font = _add(text, "Font")
    _parameter(font, "font-family", "Noto Sans CJK SC")
    _parameter(font, "font-size", str(_LABEL_PX))
    placement = _add(text, "LabelPlacement")
    if kind == "lines":
        _add(placement, "LinePlacement")
    else:
        anchor = _add(_add(placement, "PointPlacement"), "AnchorPoint")
        _add(anchor, "AnchorPointX", "0.5")
        _add(anchor, "AnchorPointY", "0.5" if kind == "areas" else "-0.6")
    halo = _add(text, "Halo")
    _add(halo, "Radius", "2")
    _parameter(_add(halo, "Fill"), "fill", load_style().text.halo)
    _parameter(_add(text, "Fill"), "fill", ink)
