"""Lines, nodes and areas out of compiled tables."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import geopandas as gpd
import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon

from geodata import tables
from geodata.crs import WGS84


def _frame(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(rows, columns=[*columns, "geometry"], geometry="geometry", crs=WGS84)


NODE_COLUMNS = (
    "id", "name_zh", "name_en", "aliases", "kind", "status", "basis", "accuracy_m", "source", "source_ref", "note",
)  # fmt: skip
LINE_COLUMNS = (
    "id", "line", "section", "name_zh", "name_en", "aliases", "kind", "status", "colour", "basis", "accuracy_m",
    "length_km", "source", "note",
)  # fmt: skip
AREA_COLUMNS = (
    "id", "name_zh", "name_en", "aliases", "kind", "basis", "accuracy_m", "published_area_km2", "source", "source_ref",
    "note",
)  # fmt: skip


def build_nodes(theme: str) -> gpd.GeoDataFrame:
    """Return the located nodes of a theme as points, EPSG:4326."""
    rows = [
        {name: getattr(node, name) for name in NODE_COLUMNS if name != "basis"}
        | {"basis": "derived", "geometry": shapely.Point(node.lon, node.lat)}
        for node in tables.read_nodes(theme)
        if node.lon is not None and node.lat is not None
    ]
    return _frame(rows, NODE_COLUMNS)


def build_lines(theme: str) -> gpd.GeoDataFrame:
    """Return the sections of a theme's lines, one row a section, EPSG:4326.

    The id of a section is ``<line>`` where the line has one section, else ``<line>.<section>``.

    Raises
    ------
    ValueError
        If a section names an unknown line, a vertex an unknown or unlocated node, or a section has under two vertices.
    """
    lines = {line.id: line for line in tables.read_lines(theme)}
    nodes = {node.id: node for node in tables.read_nodes(theme)}
    vertices: defaultdict[tuple[str, str], list[tables.Vertex]] = defaultdict(list)
    for vertex in tables.read_vertices(theme):
        vertices[vertex.line, vertex.section].append(vertex)
    # A section whose course nobody has published stands in the table with the reason, and is not drawn.
    sections = [section for section in tables.read_sections(theme) if section.basis != "unlocated"]
    count: defaultdict[str, int] = defaultdict(int)
    for section in sections:
        count[section.line] += 1
    rows = []
    for section in sections:
        where = f"{theme}/sections.csv {section.line}.{section.section}"
        if section.line not in lines:
            msg = f"{where}: expected a line of {theme}/lines.csv, got {section.line!r}"
            raise ValueError(msg)
        line = lines[section.line]
        chain = sorted(vertices[section.line, section.section], key=lambda vertex: vertex.seq)
        coordinates = [_position(vertex, nodes, where) for vertex in chain]
        # Two vertices in one place say nothing twice: a node and the bare vertex beside it may round to the same point.
        coordinates = [point for i, point in enumerate(coordinates) if i == 0 or point != coordinates[i - 1]]
        if len(coordinates) < 2:  # noqa: PLR2004
            msg = f"{where}: expected two or more vertices in points.csv, got {len(coordinates)}"
            raise ValueError(msg)
        rows.append(
            {
                "id": line.id if count[line.id] == 1 else f"{line.id}.{section.section}",
                "line": line.id,
                "section": section.section,
                "name_zh": line.name_zh,
                "name_en": line.name_en,
                "aliases": line.aliases,
                "kind": line.kind,
                "status": section.status,
                "colour": line.colour,
                "basis": section.basis,
                "accuracy_m": section.accuracy_m,
                "length_km": line.length_km,
                "source": section.source,
                "note": section.note or line.note,
                "geometry": LineString(coordinates),
            }
        )
    return _frame(rows, LINE_COLUMNS)


def _position(vertex: tables.Vertex, nodes: dict[str, tables.Node], where: str) -> tuple[float, float]:
    if vertex.lon is not None and vertex.lat is not None:
        return vertex.lon, vertex.lat
    node = nodes.get(vertex.node)
    if node is None or node.lon is None or node.lat is None:
        msg = f"{where} vertex {vertex.seq}: expected a position or a located node, got node {vertex.node!r}"
        raise ValueError(msg)
    return node.lon, node.lat


def build_areas(*themes: str) -> gpd.GeoDataFrame:
    """Return the areas that have an outline, as polygons, EPSG:4326, out of one or more themes.

    Raises
    ------
    ValueError
        If an outline belongs to no area, or a ring is not a valid polygon.
    """
    rows = []
    for theme in themes:
        areas = {area.id: area for area in tables.read_areas(theme)}
        rings: defaultdict[str, defaultdict[int, list[tables.OutlinePoint]]] = defaultdict(lambda: defaultdict(list))
        for point in tables.read_outlines(theme):
            rings[point.area][point.ring].append(point)
        for area_id, by_ring in rings.items():
            if area_id not in areas:
                msg = f"{theme}/outlines.csv: expected an area of areas.csv, got {area_id!r}"
                raise ValueError(msg)
            area = areas[area_id]
            rows.append(
                {name: getattr(area, name) for name in AREA_COLUMNS}
                | {"geometry": assemble_polygon(by_ring, where=f"{theme}/outlines.csv {area_id}")}
            )
    return _frame(rows, AREA_COLUMNS)


def assemble_polygon(
    rings: dict[int, list[tables.OutlinePoint]] | defaultdict[int, list[tables.OutlinePoint]], *, where: str
) -> Polygon | MultiPolygon:
    """Assemble rings numbered as `geodata.tables.OutlinePoint` says into a valid polygon."""
    coordinates = {
        number: [(point.lon, point.lat) for point in sorted(points, key=lambda point: point.seq)]
        for number, points in rings.items()
    }
    shells = [number for number in coordinates if number % 100 == 0]
    parts = [
        Polygon(
            coordinates[shell],
            [coordinates[number] for number in coordinates if number != shell and number // 100 == shell // 100],
        )
        for shell in sorted(shells)
    ]
    shape = parts[0] if len(parts) == 1 else MultiPolygon(parts)
    if not shape.is_valid:
        msg = f"{where}: expected a valid polygon, got {shapely.is_valid_reason(shape)}"
        raise ValueError(msg)
    return shape
