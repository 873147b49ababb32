"""From a structure's record to its layer: every component drawn by its rule, measured, and told about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import shapely

from gazetteer import geocode, open_register
from geodata.crs import CGCS2000_3_DEGREE, WGS84
from layers.catalogue import find_plan
from layers.ground import Ground
from layers.lines import describe_lines
from layers.model import Layer
from layers.rules import Outcome, Piece, apply_rule
from layers.words import say, word

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from layers.model import Basis, Component, ProjectStatus, Structure

# The weakest piece decides what may be said of the whole.
_BASIS_ORDER: Final[tuple[Basis, ...]] = ("official", "derived", "indicative", "schematic", "unlocated")
_MEASURABLE: Final = ("official", "derived")
_COORDINATE_GRID_DEGREES: Final = 1e-6

FEATURE_COLUMNS: Final = (
    "id", "layer", "plan", "structure", "structure_zh", "component", "component_zh", "component_en", "role", "basis",
    "accuracy_m", "area_km2", "stated_area_km2", "members", "theme", "chapter", "lines", "source", "valid_on",
    "how_zh", "how_en", "structure_en", "theme_en", "rule", "rule_params", "project", "status", "status_zh", "size_zh",
    "geometry",
)  # fmt: skip
PIECE_COLUMNS: Final = (
    "component", "form", "basis", "accuracy_m", "extent", "place", "name_zh", "name_en", "width_m", "order", "status",
    "theme", "colour", "source", "clip", "geometry",
)  # fmt: skip

_LINE_STATUS: Final[dict[ProjectStatus, str]] = {
    "done": "open", "under-construction": "construction", "starting": "planned", "promoted": "planned",
    "study": "study", "sought": "study", "unstated": "planned",
}  # fmt: skip
"""A project's line is drawn as far on as its plan says, whatever the base layer knows of it by now."""

_EXTENT_WORDS: Final = {
    "whole": "whole",
    "part": "part",
    "along": "extent_along",
    "point": "extent_point",
    "endpoint": "endpoint",
    "unstated": "unstated",
}


def build_layer(structure: Structure) -> Layer:
    """Draw a structure.

    Returns
    -------
    Layer
        Features in EPSG:4326, pieces in EPSG:4549; see `layers.model.Layer`.
    """
    features: list[dict[str, Any]] = []
    pieces: list[dict[str, Any]] = []
    issues: list[str] = []
    for component in structure.components:
        ground = Ground(plan=structure.plan)
        outcome = apply_rule(component, ground)
        issues += [f"{component.no} {component.name_zh}: {name}" for name in ground.missing]
        features += _features(structure, component, outcome, tuple(ground.missing))
        pieces += [_piece_row(component, piece) for piece in outcome.pieces]
    frame = gpd.GeoDataFrame(features, columns=FEATURE_COLUMNS, geometry="geometry", crs=CGCS2000_3_DEGREE)
    frame = frame.to_crs(WGS84).astype(dict.fromkeys(("accuracy_m", "area_km2", "stated_area_km2"), float))
    frame.geometry = shapely.set_precision(frame.geometry.values, _COORDINATE_GRID_DEGREES)
    return Layer(
        structure=structure,
        features=frame.set_index("id", drop=False),
        pieces=gpd.GeoDataFrame(pieces, columns=PIECE_COLUMNS, geometry="geometry", crs=CGCS2000_3_DEGREE),
        issues=tuple(issues),
    )


def _piece_row(component: Component, piece: Piece) -> dict[str, Any]:
    row = {name: getattr(piece, name) for name in Piece.__dataclass_fields__}
    row["clip"] = None if piece.clip is None else shapely.to_wkb(piece.clip)
    if component.status is not None and piece.form == "line":
        row["status"] = _LINE_STATUS[component.status]
    return row | {"component": component.no}


def _features(
    structure: Structure, component: Component, outcome: Outcome, missing: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Return a row for each kind of geometry that a component has: polygon, line and point never share a feature."""
    how_zh, how_en = outcome.how_zh, outcome.how_en
    if not outcome.pieces and not how_zh and not missing:
        how_zh, how_en = say("nothing")
    if missing:
        zh, en = say(
            "missing",
            zh={"names": "、".join(missing)},
            en={"names": ", ".join(_member_name(name, lang="en", plan=structure.plan) for name in missing)},
        )
        how_zh, how_en = "；".join(filter(None, (how_zh, zh))), "; ".join(filter(None, (how_en, en)))
    plan = find_plan(structure.plan)
    common = {
        "layer": structure.layer_id,
        "plan": structure.plan,
        "structure": structure.id,
        "structure_zh": structure.name_zh,
        "component": component.no,
        "component_zh": component.name_zh,
        "component_en": component.name_en,
        "role": component.role,
        "stated_area_km2": component.stated_area_km2,
        "members": describe_members(component),
        "theme": component.theme_zh,
        "structure_en": structure.name_en,
        "theme_en": component.theme_en,
        "rule": component.rule.form,
        "rule_params": json.dumps(component.rule.params, ensure_ascii=False),
        "project": component.project,
        "status": component.status or "",
        "status_zh": component.status_zh,
        "size_zh": component.size_zh,
        "chapter": component.chapter or structure.chapter,
        "lines": describe_lines(component.lines),
        "valid_on": structure.valid_on or plan.date,
        "how_zh": how_zh,
        "how_en": how_en,
    }
    rows: list[dict[str, Any]] = []
    base_id = f"{structure.layer_id}#{component.no}"
    for dimension, pieces in _by_dimension(outcome.pieces).items():
        geometry = shapely.union_all([_extent(piece) for piece in pieces])
        basis = max((piece.basis for piece in pieces), key=_BASIS_ORDER.index)
        joined = len(pieces) > 1 and component.rule.form != "own"
        if basis == "official" and dimension == 2 and joined:  # noqa: PLR2004
            # Each outline is somebody's; their union follows from the plan's words.
            basis = "derived"
        measurable = dimension == 2 and (basis in _MEASURABLE or all(piece.form == "disc" for piece in pieces))  # noqa: PLR2004
        rows.append(
            common
            | {
                "id": f"{base_id}{('-points', '-lines', '')[dimension]}" if rows else base_id,
                "basis": basis,
                "accuracy_m": round(max(piece.accuracy_m for piece in pieces)),
                "area_km2": round(geometry.area / 1e6, 2) if measurable else None,
                "source": ";".join(dict.fromkeys(each for piece in pieces for each in piece.source.split(";") if each)),
                "geometry": geometry,
            }
        )
    if not rows:
        nothing = {"basis": "unlocated", "accuracy_m": None, "area_km2": None, "source": ""}
        rows.append(common | nothing | {"id": base_id, "geometry": shapely.Polygon()})
    return rows


def _by_dimension(pieces: tuple[Piece, ...]) -> dict[int, list[Piece]]:
    """Return pieces by the dimension of what they become, surfaces first.

    An arrow over the units it links is a drawing of them, not ground of its own: with surfaces it does not count.
    """
    groups: dict[int, list[Piece]] = {2: [], 1: [], 0: []}
    for piece in pieces:
        groups[_dimension(piece)].append(piece)
    if any(piece.form == "fill" for piece in groups[2]):
        groups[2] = [piece for piece in groups[2] if piece.form != "arrow"]
    return {dimension: group for dimension, group in groups.items() if group}


def _dimension(piece: Piece) -> int:
    if piece.form in ("band", "ring", "arrow", "patch"):
        return 2
    return int(shapely.get_dimensions(piece.geometry))


def _extent(piece: Piece) -> BaseGeometry:
    """Return the ground that a piece covers in the exported feature, EPSG:4549."""
    if piece.form in ("band", "ring", "arrow"):
        flat = piece.form == "arrow"
        surface = piece.geometry.buffer(piece.width_m / 2, quad_segs=8, cap_style="flat" if flat else "round")
        return surface if piece.clip is None else surface & piece.clip
    if piece.form == "patch" and piece.geometry.geom_type == "Point":
        return piece.geometry.buffer(min(piece.accuracy_m, 2000.0), quad_segs=16)
    return piece.geometry


def describe_members(component: Component, *, lang: str = "zh") -> str:
    """Write members with their extents: ``甪直镇（全域）; 越溪街道（部分）``."""
    brackets = "（{}）" if lang == "zh" else " ({})"
    return "; ".join(
        _member_name(member.name, lang=lang) + brackets.format(word(_EXTENT_WORDS[member.extent], lang=lang))
        for member in component.members
    )


def _member_name(name: str, *, lang: str, plan: str = "") -> str:
    if lang == "zh":
        return name
    if plan and (best := geocode(name, plan=plan).best) is not None:
        return best.place.name_en or name
    entries = open_register().index.get(name, ())
    return entries[0][0].name_en if entries else name
