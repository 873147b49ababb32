"""DXF for CAD: metres, a layer for each role and basis, outlines, hatches and names in UTF-8 Chinese.

CAD entities have no fields. Each carries its id (extended data under ``PLAN_ATLAS``), and a table of all fields, with
the rows that have no place, lies beside the drawing.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import ezdxf
import shapely
from ezdxf import colors
from ezdxf.enums import TextEntityAlignment
from ezdxf.filemanagement import new
from ezdxf.lldxf import const

from layers.files.job import Job, Written
from layers.files.look import look_of
from layers.files.notice import NOTICE_EN, NOTICE_ZH
from layers.files.separated import to_csv
from layers.files.systems import transform

if TYPE_CHECKING:
    from ezdxf.document import Drawing
    from ezdxf.layouts.layout import Modelspace
    from shapely.geometry.base import BaseGeometry

    from layers.files.look import Paint, Rule
    from layers.files.table import Kind, Table

VERSION: Final = "R2018"
APPLICATION: Final = "PLAN_ATLAS"
"""Under this name an entity carries the id of its feature."""
_FONT: Final = "simsun.ttf"
_TEXT_STYLE: Final = "ATLAS"
_LEAST_TEXT_M: Final = 60.0
_MOST_TEXT_M: Final = 900.0
_TEXT_SHARE: Final = 1 / 70
"""Height of the names, as a share of the drawing's height or width."""
_MM_PT: Final = 25.4 / 72.0
_WEIGHTS: Final = (0, 5, 9, 13, 15, 18, 20, 25, 30, 35, 40, 50, 53, 60, 70, 80, 90, 100)
"""Widths that DXF knows, hundredths of a millimetre."""
_DASH_M: Final = 60.0
_STRING: Final = 1000
_CODE_PAGES: Final = ("$DWGCODEPAGE\n  3\nANSI_1252\n", "$DWGCODEPAGE\n  3\nANSI_65001\n")


def write(job: Job) -> Written:
    """Return a drawing of one table, and the table of its fields."""
    (table,) = job.tables
    drawing = _open_drawing(job)
    space = drawing.modelspace()
    shapes = transform(table.frame, job.system).geometry.values
    look = look_of(table)
    kinds: dict[int, Kind] = {int(row): kind for kind, rows in table.rows.items() for row in rows}
    height = _text_height(shapes)
    for number, kind in kinds.items():
        row = {field: table.cells[field][number] for field in table.fields}
        rule = look.find(kind, row)
        layer = _layer(drawing, row, rule)
        _draw(space, shapes[number], rule, layer=layer, fid=str(row["id"]))
        if "#" not in str(row["id"]) or not str(row["id"]).endswith(("-points", "-lines")):
            _write_name(space, shapes[number], str(row[table.name] or ""), layer=layer, height=height, rule=rule)
    stream = io.StringIO()
    drawing.write(stream)
    # CAD reads this version as UTF-8 whatever the code page says; GDAL and QGIS go by the code page.
    text = stream.getvalue().replace(*_CODE_PAGES, 1)
    notes = _tell(table)
    files = {
        f"{job.stem}.dxf": text.encode(),
        f"{job.stem}_attributes.csv": to_csv(table, system=job.system),
    }
    return Written(files=files, notes=notes)


def _open_drawing(job: Job) -> Drawing:
    """Return an empty drawing in metres that says what it is; its bytes depend on the content alone."""
    # The one switch of the library that leaves out the moment and the random id.
    ezdxf.options.write_fixed_meta_data_for_testing = True  # type: ignore[attr-defined]
    drawing = new(VERSION, setup=["linetypes"], units=6)
    drawing.appids.add(APPLICATION)
    drawing.styles.add(_TEXT_STYLE, font=_FONT)
    for name, value in (("notice", f"{NOTICE_ZH} / {NOTICE_EN}"), ("crs", job.system.code), ("datum", job.system.datum),
                        ("made", job.day.isoformat())):  # fmt: skip
        drawing.header.custom_vars.append(name, value)
    return drawing


def _layer(drawing: Drawing, row: dict[str, Any], rule: Rule | None) -> str:
    """Return the layer of a row, made when it is new: its role (or kind) and its basis."""
    name = f"{row.get('role') or row.get('kind') or row.get('category') or 'other'}_{row.get('basis') or 'unknown'}"
    name = "".join("-" if each in '<>/\\":;?*|=`' else each for each in name)
    if name not in drawing.layers:
        layer = drawing.layers.add(name)
        if rule is not None:
            layer.rgb = _rgb(rule.ink)
    return name


def _rgb(colour: str) -> colors.RGB:
    return colors.RGB(int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))


def _draw(space: Modelspace, shape: BaseGeometry, rule: Rule | None, *, layer: str, fid: str) -> None:
    symbol = () if rule is None else rule.symbol
    fill = next((paint for paint in symbol if paint.fill is not None and paint.shape is None), None)
    line = next((paint for paint in symbol if paint.kind in ("line", "edge")), None)
    entities: list[Any] = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Point":
            entities.append(space.add_point((part.x, part.y), dxfattribs={"layer": layer}))
        elif part.geom_type == "LineString":
            entities.append(space.add_lwpolyline(part.coords, dxfattribs=_stroke(line, layer)))
        else:
            entities += _draw_surface(space, part, fill, line, layer=layer)
    for entity in entities:
        entity.set_xdata(APPLICATION, [(_STRING, fid)])


def _draw_surface(
    space: Modelspace, polygon: Any, fill: Paint | None, line: Paint | None, *, layer: str
) -> list[Any]:  # fmt: skip
    hatch = space.add_hatch(dxfattribs={"layer": layer})
    rings = [polygon.exterior, *polygon.interiors]
    for ring in rings:
        flags = const.BOUNDARY_PATH_EXTERNAL if ring is rings[0] else const.BOUNDARY_PATH_DEFAULT
        hatch.paths.add_polyline_path(list(ring.coords)[:-1], is_closed=True, flags=flags)
    if fill is not None and fill.fill is not None:
        hatch.set_solid_fill(rgb=_rgb(fill.fill))
        hatch.transparency = 1.0 - fill.fill_opacity
    outlines = [
        space.add_lwpolyline(list(ring.coords)[:-1], close=True, dxfattribs=_stroke(line, layer)) for ring in rings
    ]
    return [hatch, *outlines]


def _stroke(paint: Paint | None, layer: str) -> dict[str, Any]:
    values: dict[str, Any] = {"layer": layer}
    if paint is None or paint.stroke is None:
        return values
    values["true_color"] = colors.rgb2int(_rgb(paint.stroke))
    width = paint.width_pt * _MM_PT * 100
    values["lineweight"] = min(_WEIGHTS, key=lambda each: abs(each - width))
    if paint.dash:
        values["linetype"] = "DOT" if paint.dash[0] <= 1.0 else "DASHED"
        values["ltscale"] = _DASH_M * 10
    return values


def _text_height(shapes: Any) -> float:
    known = [shape for shape in shapes if shape is not None]
    if not known:
        return _LEAST_TEXT_M
    west, south, east, north = shapely.total_bounds(known)
    return float(min(max(max(east - west, north - south) * _TEXT_SHARE, _LEAST_TEXT_M), _MOST_TEXT_M))


def _write_name(
    space: Modelspace, shape: BaseGeometry, name: str, *, layer: str, height: float, rule: Rule | None
) -> None:  # fmt: skip
    spot = shape.representative_point()
    beside = height * 0.6 if shape.geom_type in ("Point", "MultiPoint") else 0.0
    attributes: dict[str, Any] = {"layer": layer, "style": _TEXT_STYLE}
    if rule is not None:
        attributes["true_color"] = colors.rgb2int(_rgb(rule.ink))
    text = space.add_text(name, height=height, dxfattribs=attributes)
    align = TextEntityAlignment.MIDDLE_LEFT if beside else TextEntityAlignment.MIDDLE_CENTER
    text.set_placement((spot.x + beside, spot.y), align=align)


def _tell(table: Table) -> tuple[tuple[str, str], ...]:
    count = len(table.nowhere)
    if not count:
        return ()
    return (
        (
            f"{table.id}：DXF 不能存没有位置的 {count} 项，列在 _attributes.csv 中",
            f"{table.id}: DXF cannot hold the {count} rows without a place; they are in _attributes.csv",
        ),
    )
