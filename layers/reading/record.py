"""What the index keeps of a layer: its features on the metric ground, and where they are certain.

A feature covers its exported geometry. Of that, the *core* is what its stated accuracy leaves no doubt of: the ground
of whole named units, named blocks and bands, farther inside than ``accuracy_m``. All the rest is only possible.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import shapely

from geodata.crs import CGCS2000_3_DEGREE

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from layers.model import Layer

Doubt = Literal["part", "unstated", "schematic", "edge", "position"]
"""Why a feature is only possible: the plan takes only part of the unit drawn; it does not say how much of it; the shape
stands for a size, not for bounds; it is nearer to an edge than its accuracy; a line or a point is known too roughly."""
DOUBTS: Final[tuple[Doubt, ...]] = get_args(Doubt)

_DOUBT_OF_EXTENT: Final[dict[str, Doubt]] = {"part": "part", "unstated": "unstated"}
_DOUBT_OF_FORM: Final[dict[str, Doubt]] = {"patch": "part", "disc": "schematic", "point": "position"}
_SURFACE: Final = 2
_SLACK: Final = 0.03
"""Share of the accuracy that the core gives away for a simple outline."""
_KEPT: Final = (
    "id", "layer", "plan", "structure_zh", "structure_en", "component_zh", "component_en", "role", "basis", "chapter",
    "lines",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Feature:
    """A feature of the index: what is told of it, and its ground in EPSG:4549.

    Attributes
    ----------
    fid
        Id of its component, ``<layer>#<number>``; a component with surfaces and points has two features.
    accuracy_m
        As exported, metres.
    ground
        The exported geometry.
    core
        The part of it that is certain; empty if none is.
    doubtful
        Surfaces in which it is only possible for another reason than a near edge, with that reason.
    """

    id: str
    fid: str
    layer: str
    plan: str
    kind: str
    importance: int
    structure_zh: str
    structure_en: str
    component_zh: str
    component_en: str
    role: str
    basis: str
    accuracy_m: float
    chapter: str
    lines: str
    ground: BaseGeometry
    core: BaseGeometry
    doubtful: tuple[tuple[Doubt, BaseGeometry], ...]

    @property
    def is_surface(self) -> bool:
        """Whether the feature covers ground."""
        return int(shapely.get_dimensions(self.ground)) == _SURFACE


def tell_ground(layer: Layer) -> list[dict[str, Any]]:
    """Return the drawn features of a layer as JSON: geometry as hexadecimal WKB, EPSG:4549, at full precision."""
    rows = layer.features[~layer.features.geometry.is_empty]
    if rows.empty:
        return []
    grounds = rows.geometry.to_crs(CGCS2000_3_DEGREE)
    structure = layer.structure
    told = []
    for row, ground in zip(rows.to_dict("records"), grounds, strict=True):
        pieces = layer.pieces[layer.pieces["component"] == row["component"]]
        core, doubtful = _certainty(ground, pieces, float(row["accuracy_m"]))
        told.append(
            {key: row[key] for key in _KEPT}
            | {
                "fid": f"{layer.id}#{row['component']}",
                "kind": structure.kind,
                "importance": structure.importance,
                "accuracy_m": float(row["accuracy_m"]),
                "ground": shapely.to_wkb(ground, hex=True),
                "core": "" if core.is_empty else shapely.to_wkb(core, hex=True),
                "doubtful": [[doubt, shapely.to_wkb(shape, hex=True)] for doubt, shape in doubtful],
            }
        )
    return told


def _certainty(
    ground: BaseGeometry, pieces: gpd.GeoDataFrame, accuracy_m: float
) -> tuple[BaseGeometry, list[tuple[Doubt, BaseGeometry]]]:
    """Return the core of a surface, and the surfaces that are doubtful for a reason of their own."""
    nothing = shapely.Polygon()
    if shapely.get_dimensions(ground) != _SURFACE:
        return nothing, []
    found: dict[Doubt, list[BaseGeometry]] = {}
    for form, extent, shape in zip(pieces["form"], pieces["extent"], pieces.geometry, strict=True):
        doubt = _DOUBT_OF_FORM.get(form) or (_DOUBT_OF_EXTENT.get(extent) if form == "fill" else None)
        if doubt is not None:
            # A patch about a point is as wide as its accuracy: its ground is what the feature has beyond the rest.
            found.setdefault(doubt, []).append(shape)
    doubtful = []
    rest = ground
    for doubt in DOUBTS:
        if doubt not in found:
            continue
        surfaces = [shape for shape in found[doubt] if shapely.get_dimensions(shape) == _SURFACE]
        shape = shapely.union_all(surfaces) if len(surfaces) == len(found[doubt]) else ground
        shape = shapely.intersection(shape, ground)
        doubtful.append((doubt, shape))
        rest = shapely.difference(rest, shape)
    # Thinned first and taken in by as much more: quicker by far, and never certain of more than is known.
    slack = _SLACK * accuracy_m
    return rest.simplify(slack).buffer(-(accuracy_m + slack), quad_segs=4), doubtful


def read_feature(record: dict[str, Any]) -> Feature:
    """Return a feature from its JSON; see `tell_ground`."""
    core = record["core"]
    return Feature(
        **{
            **record,
            "ground": shapely.from_wkb(record["ground"]),
            "core": shapely.from_wkb(core) if core else shapely.Polygon(),
            "doubtful": tuple((doubt, shapely.from_wkb(shape)) for doubt, shape in record["doubtful"]),
        }
    )
