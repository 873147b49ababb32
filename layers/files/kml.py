"""KML 2.2 for Google Earth and others: a folder a layer, a style a symbol, every field, always in WGS 84."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import shapely

from layers.files.fields import read_fields
from layers.files.job import Job, Written
from layers.files.look import Look, look_of
from layers.files.notice import NOTICE_EN, NOTICE_ZH

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from layers.files.look import Symbol
    from layers.files.table import Kind, Table

_NAMESPACE: Final = "http://www.opengis.net/kml/2.2"
_PX_PT: Final = 96.0 / 72.0
_DECIMALS: Final = 6
_LEAST_OPAQUE: Final = 0.25
_CONTROL: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32)))
"""Characters that XML forbids."""


def write(job: Job) -> Written:
    """Return KML of one or more tables."""
    ET.register_namespace("", _NAMESPACE)
    root = ET.Element(_tag("kml"))
    document = _add(root, "Document")
    english = job.lang == "en"
    titles = [table.name_en if english else table.name_zh for table in job.tables]
    _add(document, "name", titles[0] if len(titles) == 1 else job.stem)
    _add(document, "description", f"{NOTICE_ZH} / {NOTICE_EN}")
    styles: dict[Symbol, str] = {}
    looks = [look_of(table) for table in job.tables]
    for look in looks:
        for kind, rules in look.rules.items():
            for rule in rules:
                if rule.symbol not in styles:
                    styles[rule.symbol] = f"s{len(styles) + 1}"
                    _add_style(document, styles[rule.symbol], rule.symbol, kind)
    schemas: dict[tuple[str, ...], str] = {}
    for table in job.tables:
        if table.fields not in schemas:
            schemas[table.fields] = f"f{len(schemas) + 1}"
            _add_schema(document, schemas[table.fields], table)
    for table, look, title in zip(job.tables, looks, titles, strict=True):
        folder = _add(document, "Folder")
        _add(folder, "name", title)
        _add(folder, "description", table.about)
        _add_rows(folder, table, look, styles=styles, schema=schemas[table.fields])
    ET.indent(root, space=" ")
    text = ET.tostring(root, encoding="unicode")
    return Written(files={f"{job.stem}.kml": f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()})


def _tag(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"


def _add(parent: ET.Element, name: str, text: str | None = None, /, **attributes: str) -> ET.Element:
    node = ET.SubElement(parent, _tag(name), attributes)
    node.text = None if text is None else text.translate(_CONTROL)
    return node


def _colour(colour: str, opacity: float = 1.0) -> str:
    """Return a colour as KML writes it: opacity, blue, green, red."""
    return f"{round(255 * opacity):02x}{colour[5:7]}{colour[3:5]}{colour[1:3]}".lower()


def _add_style(document: ET.Element, name: str, symbol: Symbol, kind: Kind) -> None:
    style = _add(document, "Style", id=name)
    fill = next((paint for paint in symbol if paint.fill is not None and paint.shape is None), None)
    line = next((paint for paint in symbol if paint.kind in ("line", "edge")), None)
    if kind == "points":
        paint = symbol[-1]
        box = _add(style, "IconStyle")
        _add(box, "color", _colour((paint.stroke if paint.shape == "square" else paint.fill) or "#000000"))
        _add(box, "scale", "0.7")
        # The icon is the program's own: no address outside the file.
        return
    box = _add(style, "LineStyle")
    # KML has no dashes: a line that is not solid on our maps is paler.
    faint = 0.55 if line is not None and line.dash else 1.0
    _add(box, "color", _colour(line.stroke or "#000000", faint) if line is not None else "00000000")
    _add(box, "width", f"{line.width_pt * _PX_PT:.1f}" if line is not None else "0")
    if kind == "areas":
        box = _add(style, "PolyStyle")
        _add(
            box,
            "color",
            _colour(fill.fill, max(fill.fill_opacity, _LEAST_OPAQUE)) if fill and fill.fill else "00000000",
        )
        _add(box, "outline", "1" if line is not None else "0")


def _add_schema(document: ET.Element, name: str, table: Table) -> None:
    schema = _add(document, "Schema", id=name, name=name)
    for field in table.fields:
        type_ = "double" if field in table.numbers else "string"
        box = _add(schema, "SimpleField", type=type_, name=field)
        _add(box, "displayName", read_fields()[field].zh)


def _add_rows(
    folder: ET.Element, table: Table, look: Look, *, styles: dict[Symbol, str], schema: str
) -> None:  # fmt: skip
    kinds = {row: kind for kind, rows in table.rows.items() for row in rows}
    for number, shape in enumerate(table.frame.geometry.values):
        row = {field: table.cells[field][number] for field in table.fields}
        # GDAL reads its column "id" from here, not from the data below.
        mark = _add(folder, "Placemark", id=str(row["id"]))
        _add(mark, "name", str(row[table.name] or ""))
        if how := row.get("how_zh") or row.get("note"):
            _add(mark, "description", str(how))
        rule = None if shape is None else look.find(kinds[number], row)
        if rule is not None:
            _add(mark, "styleUrl", f"#{styles[rule.symbol]}")
        data = _add(_add(mark, "ExtendedData"), "SchemaData", schemaUrl=f"#{schema}")
        for field, value in row.items():
            if value is not None:
                _add(data, "SimpleData", str(value), name=field)
        if shape is not None:
            _add_geometry(mark, shape)


def _add_geometry(parent: ET.Element, shape: BaseGeometry) -> None:
    if shape.geom_type.startswith("Multi"):
        parent = _add(parent, "MultiGeometry")
    for part in shapely.get_parts(shape):
        node = _add(parent, part.geom_type)
        if part.geom_type != "Polygon":
            _add(node, "coordinates", _coordinates(part))
            continue
        for name, ring in (("outerBoundaryIs", part.exterior), *(("innerBoundaryIs", hole) for hole in part.interiors)):
            _add(_add(_add(node, name), "LinearRing"), "coordinates", _coordinates(ring))


def _coordinates(shape: Any) -> str:
    return " ".join(f"{x:.{_DECIMALS}f},{y:.{_DECIMALS}f}" for x, y in shapely.get_coordinates(shape))
