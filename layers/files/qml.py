"""The look of a table as a QGIS style (QML): rules, symbols in millimetres and points, labels, names of the fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from layers.files.fields import read_fields
from layers.files.look import word
from layers.style import load_style

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from layers.files.look import Look, Paint, Rule, Share, Symbol
    from layers.files.table import Kind

VERSION: Final = "3.22.0"
"""The oldest QGIS that the styles were opened in."""
_GEOMETRY: Final = {"points": "0", "lines": "1", "areas": "2"}
_SYMBOL: Final = {"points": "marker", "lines": "line", "areas": "fill"}
_FADE_MM: Final = 3.0
_LABEL_PT: Final = 10.0
_BASE_LABEL_PT: Final = 8.0
"""Names of the ground are smaller, and give way to those of the plans."""
_BUFFER_MM: Final = 0.9
_LABEL_PLACEMENT: Final = {"points": "6", "lines": "3", "areas": "4"}
"""Around the point by cartographic preference, curved along the line, horizontal in the area."""
_SQUARE: Final = "square"


def to_qml(look: Look, kind: Kind, *, columns: Sequence[str], lang: str = "zh") -> str:
    """Return the QML of one kind of geometry.

    Parameters
    ----------
    columns
        The columns of the layer; a Shapefile has other names than the other formats.
    """
    rules = look.rules[kind]
    root = ET.Element("qgis", version=VERSION, styleCategories="Symbology|Labeling|Fields|Forms", labelsEnabled="1")
    renderer = ET.SubElement(
        root, "renderer-v2", type="RuleRenderer", symbollevels="0", enableorderby="0", forceraster="0"
    )
    listed = ET.SubElement(renderer, "rules", key="{rules}")
    symbols = ET.SubElement(renderer, "symbols")
    for number, rule in enumerate(rules):
        ET.SubElement(
            listed, "rule", key=f"{{rule-{number}}}", symbol=str(number), filter=_filter(rule, columns=columns),
            label=rule.name_en if lang == "en" else rule.name_zh,
        )  # fmt: skip
        node = _add_symbol(symbols, rule.symbol, kind, name=str(number))
        for share in rule.shares:
            _add_share(node, share)
    # What a reader adds to the layer is shown too, in a plain grey.
    rest = str(len(rules))
    ET.SubElement(listed, "rule", key="{rest}", symbol=rest, filter="ELSE", label=word("legend_rest", lang=lang))
    _add_symbol(symbols, rest_symbol(kind), kind, name=rest)
    _add_labels(root, look, kind, columns=columns)
    aliases = ET.SubElement(root, "aliases")
    known = read_fields()
    for index, column in enumerate(columns):
        field = known.get(column) or next((each for each in known.values() if each.alias == column), None)
        if field is not None:
            told = field.en if lang == "en" else field.zh
            ET.SubElement(aliases, "alias", field=column, index=str(index), name=told)
    ET.SubElement(root, "layerGeometryType").text = _GEOMETRY[kind]
    text = ET.tostring(root, encoding="unicode")
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{text}\n"


def rest_symbol(kind: Kind) -> Symbol:
    """Return the symbol of rows that no rule knows."""
    from layers.files.look import Paint  # noqa: PLC0415

    grey = load_style().swatch
    if kind == "lines":
        return (Paint(kind="line", stroke=grey.colour, width_pt=1.0),)
    if kind == "points":
        return (Paint(kind="symbol", fill=grey.colour, stroke="#FFFFFF", width_pt=0.5, shape="disc", size_mm=1.8),)
    return (
        Paint(kind="fill", fill=grey.colour, fill_opacity=grey.fill),
        Paint(kind="edge", stroke=grey.colour, width_pt=0.8),
    )


def _filter(rule: Rule, *, columns: Sequence[str]) -> str:
    assert rule.field in columns
    return f'"{rule.field}" IN ({_quoted(rule.values)})'


def _quoted(values: Iterable[str]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)


def _options(parent: ET.Element, values: dict[str, str]) -> None:
    box = ET.SubElement(parent, "Option", type="Map")
    for name, value in values.items():
        ET.SubElement(box, "Option", type="QString", name=name, value=value)


def _rgba(colour: str, opacity: float = 1.0) -> str:
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return ",".join(map(str, (*parts, round(255 * opacity))))


def _add_symbol(parent: ET.Element, symbol: Symbol, kind: Kind, *, name: str) -> ET.Element:
    node = ET.SubElement(parent, "symbol", type=_SYMBOL[kind], name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    for paint in symbol:
        for layer, values in _layers(paint, kind):
            box = _add_layer(node, layer, values)
            if layer in ("CentroidFill", "HashLine"):
                sub = _add_sub(box, "marker" if layer == "CentroidFill" else "line")
                for under, more in _inner(paint, layer):
                    _add_layer(sub, under, more)
    return node


def _add_share(symbol: ET.Element, share: Share) -> None:
    """Add the stripes of shared ground: over all fills, on white.

    The ground stands in the style itself. To look the other rows up in the layer would stay right after a change, but
    QGIS may lock up over that while it renders.
    """
    ground = f"intersection($geometry, transform(geom_from_wkt('{share.ground}'), 'EPSG:4326', @layer_crs))"
    box = _add_layer(symbol, "GeometryGenerator", {
        "SymbolType": "Fill", "geometryModifier": ground, "units": "MapUnit"}, level=1)  # fmt: skip
    sub = _add_sub(box, "fill")
    _add_layer(sub, "SimpleFill", {"color": _rgba(load_style().text.paper), "style": "solid", "outline_style": "no"})
    form = load_style().stripes
    for i, paint in enumerate(share.stripes):
        assert paint.fill is not None
        values = {
            "angle": f"{form.angle_deg:g}", "distance": f"{form.width_mm * len(share.stripes):g}",
            "distance_unit": "MM", "offset": f"{form.width_mm * i:g}", "offset_unit": "MM",
        }  # fmt: skip
        line = {
            "line_color": _rgba(paint.fill, paint.fill_opacity), "line_width": f"{form.width_mm:g}",
            "line_width_unit": "MM", "capstyle": "flat", "joinstyle": "miter",
        }  # fmt: skip
        _add_layer(_add_sub(_add_layer(sub, "LinePatternFill", values), "line"), "SimpleLine", line)
    _add_layer(sub, "SimpleLine", _line(share.edge))


def _add_layer(symbol: ET.Element, kind: str, values: dict[str, str], *, level: int = 0) -> ET.Element:
    box = ET.SubElement(symbol, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": str(level)})
    _options(box, values)
    return box


def _add_sub(layer: ET.Element, kind: str) -> ET.Element:
    """Add the symbol that a layer of a symbol is painted with."""
    return ET.SubElement(
        layer, "symbol", type=kind, name="@inner@0", alpha="1", clip_to_extent="1", force_rhr="0"
    )  # fmt: skip


def _inner(paint: Paint, layer: str) -> list[tuple[str, dict[str, str]]]:
    return _markers(paint) if layer == "CentroidFill" else [("SimpleLine", _line(paint))]


def _layers(paint: Paint, kind: Kind) -> list[tuple[str, dict[str, str]]]:
    """Return the symbol layers of a paint: class and properties."""
    if paint.kind == "fade":
        assert paint.fill is not None
        fade = {
            "color": _rgba(paint.fill, 0.0), "gradient_color2": _rgba(paint.fill, paint.fill_opacity),
            "color_type": "0", "blur_radius": "0", "use_whole_shape": "0", "max_distance": str(_FADE_MM),
            "distance_unit": "MM", "ignore_rings": "0",
        }  # fmt: skip
        return [("ShapeburstFill", fade)]
    if paint.kind == "ticks":
        form = load_style().ticks
        values = {
            "interval": str(form.every_mm), "interval_unit": "MM", "hash_length": str(form.length_mm),
            "hash_length_unit": "MM", "hash_angle": "0", "placement": "interval", "rotate": "1",
        }  # fmt: skip
        return [("HashLine", values)]
    if kind == "points":
        return _markers(paint)
    if paint.shape is not None:
        return [("CentroidFill", {"point_on_surface": "1", "point_on_all_parts": "1"})]
    if paint.fill is not None:
        return [
            ("SimpleFill", {"color": _rgba(paint.fill, paint.fill_opacity), "style": "solid", "outline_style": "no"})
        ]
    return [("SimpleLine", _line(paint))]


def _line(paint: Paint) -> dict[str, str]:
    assert paint.stroke is not None
    values = {
        "line_color": _rgba(paint.stroke, paint.stroke_opacity), "line_width": f"{paint.width_pt:g}",
        "line_width_unit": "Point", "joinstyle": "round", "capstyle": "round" if paint.round_cap else "flat",
    }  # fmt: skip
    if paint.dash:
        steps = ";".join(f"{step * paint.width_pt:g}" for step in paint.dash)
        values |= {"use_custom_dash": "1", "customdash": steps, "customdash_unit": "Point"}
    return values


def _markers(paint: Paint) -> list[tuple[str, dict[str, str]]]:
    if paint.kind == "edge":
        return [("SimpleMarker", _marker(paint, size=paint.size_mm, fill=None, outline="dot"))]
    inner = ("SimpleMarker", _marker(paint, size=paint.size_mm, fill=paint.fill))
    if paint.shape == "ringed-disc":
        return [("SimpleMarker", _marker(paint, size=paint.outer_mm, fill="#FFFFFF")), inner]
    return [inner]


def _marker(paint: Paint, *, size: float, fill: str | None, outline: str = "solid") -> dict[str, str]:
    return {
        "name": _SQUARE if paint.shape == _SQUARE else "circle",
        "color": _rgba(fill or "#FFFFFF", paint.fill_opacity if fill else 0.0),
        "outline_color": _rgba(paint.stroke or "#FFFFFF"),
        "outline_style": outline if paint.width_pt else "no",
        "outline_width": f"{paint.width_pt:g}",
        "outline_width_unit": "Point",
        "size": f"{size:g}",
        "size_unit": "MM",
    }


def _add_labels(root: ET.Element, look: Look, kind: Kind, *, columns: Sequence[str]) -> None:
    """Add labels: the component's name in its ink, once for a component with several kinds of geometry."""
    rules = look.rules[kind]
    name = next(each for each in columns if each == look.label or each == read_fields()[look.label].alias)
    inks = "".join(f" WHEN {_filter(rule, columns=columns)} THEN '{rule.ink}'" for rule in rules)
    labeling = ET.SubElement(root, "labeling", type="simple")
    settings = ET.SubElement(labeling, "settings", calloutType="simple")
    tones = load_style().text
    own = look.label == "component_zh"
    style = ET.SubElement(
        settings, "text-style",
        fieldName=f"""if("id" LIKE '%#%-points' OR "id" LIKE '%#%-lines', '', "{name}")""", isExpression="1",
        fontFamily="Noto Sans CJK SC", fontSize=f"{_LABEL_PT if own else _BASE_LABEL_PT:g}", fontSizeUnit="Point",
        textColor=_rgba(tones.ink), textOpacity="1", allowHtml="0",
    )  # fmt: skip
    ET.SubElement(
        style, "text-buffer", bufferDraw="1", bufferSize=f"{_BUFFER_MM:g}", bufferSizeUnits="MM",
        bufferColor=_rgba(tones.halo), bufferOpacity="0.9", bufferJoinStyle="128", bufferNoFill="1",
    )  # fmt: skip
    ET.SubElement(settings, "text-format", multilineAlign="3", plussign="0", decimals="3")
    ET.SubElement(
        settings, "placement", placement=_LABEL_PLACEMENT[kind], dist="1.2", distUnits="MM",
        priority="9" if own else "2", fitInPolygonOnly="0", centroidInside="1", polygonPlacementFlags="2",
    )  # fmt: skip
    ET.SubElement(settings, "rendering", obstacle="1", scaleVisibility="0", displayAll="0", mergeLines="1")
    properties = ET.SubElement(settings, "dd_properties")
    box = ET.SubElement(properties, "Option", type="Map")
    ET.SubElement(box, "Option", type="QString", name="name", value="")
    inner = ET.SubElement(box, "Option", type="Map", name="properties")
    colour = ET.SubElement(inner, "Option", type="Map", name="Color")
    values: dict[str, tuple[str, Any]] = {
        "active": ("bool", "true"), "expression": ("QString", f"CASE{inks} END"), "type": ("int", "3"),
    }  # fmt: skip
    for key, (type_, value) in values.items():
        ET.SubElement(colour, "Option", type=type_, name=key, value=value)
    ET.SubElement(box, "Option", type="QString", name="type", value="collection")
