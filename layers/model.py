"""The words of the atlas as records: plan, structure, component, member, and the shapes they become.

Records are frozen and hold what the data files say, nothing computed. Lines count from 1 in the plan's text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import geopandas as gpd

Basis = Literal["official", "derived", "indicative", "schematic", "unlocated"]
"""How a geometry came to be, from surveyed to not drawn at all."""

Extent = Literal["whole", "part", "along", "point", "endpoint", "unstated"]
"""How much of a member the plan takes in."""

Role = Literal[
    "core", "sub-centre", "centre", "axis", "belt", "corridor", "ring", "district", "zone", "area", "park", "cluster",
    "node", "hub", "site", "line", "section", "network", "frame",
]  # fmt: skip

Kind = Literal[
    "polycentric-layout", "axis", "belt", "corridor", "ring", "network", "zone-set", "cluster-set", "node-list",
    "conservation-frame", "transport-net", "projects",
]  # fmt: skip

RuleForm = Literal[
    "union", "part", "along", "axis", "block", "disc", "ring", "point", "line", "area", "unlocated",
    "own",
]  # fmt: skip

ProjectStatus = Literal["done", "under-construction", "starting", "promoted", "study", "sought", "unstated"]
"""How far a project is, by the plan's own word for it (docs/projects.md)."""

Evidence = Literal["named", "inferred", "not-located"]
"""Whether the plan's text names a place for the component, lets it be inferred, or is silent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """One plan document and the area whose government issued it."""

    id: str
    title_zh: str
    title_en: str
    short_zh: str
    short_en: str
    date: str
    """Day or month of issue, as ISO 8601."""
    period: tuple[int, int]
    order: int
    """Position in lists."""
    headline: str
    """Structure id that is on when the plan is opened."""
    issuer_zh: str = ""
    file_name: str = ""
    """Usual name of the plan's text file, by which a reader's own copy is recognised."""
    tag_zh: str = ""
    tag_en: str = ""
    """Name in a few characters, for a narrow column; the short name where there is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A place that a component is made of, and how much of it."""

    name: str
    extent: Extent
    place: str | None = None
    """Place id, only where the name alone (with the plan as context) would be ambiguous."""
    note_zh: str = ""
    note_en: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """How a component is drawn: a form out of a closed set and its parameters (see docs/rules.md)."""

    form: RuleForm
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Component:
    """A named part of a structure."""

    no: int
    name_zh: str
    name_en: str
    role: Role
    lines: tuple[int, ...]
    rule: Rule
    members: tuple[Member, ...] = ()
    label_zh: str = ""
    """Shorter name for the map, where the printed one would not fit; cards and tables keep the printed one."""
    printed: bool = True
    """False when the name joins or shortens words of the plan."""
    evidence: Evidence = "named"
    theme_zh: str = ""
    theme_en: str = ""
    stated_area_km2: float | None = None
    direction: str | None = None
    bounds_zh: str = ""
    """What the plan says of where the edge runs, in our own few words."""
    bounds_en: str = ""
    same_as: tuple[str, ...] = ()
    chapter: str = ""
    """Where it stands in the plan, if not where the structure stands."""
    project: str = ""
    """Project id, of a component that is what a plan says of a project; the fields below are empty without it."""
    status: ProjectStatus | None = None
    status_zh: str = ""
    """The plan's word for the status, exactly as printed."""
    size_zh: str = ""
    size_en: str = ""
    """Stated size or money exactly as printed."""
    note_zh: str = ""
    note_en: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Structure:
    """A named spatial structure of a plan: one layer of the atlas."""

    id: str
    plan: str
    name_zh: str
    name_en: str
    kind: Kind
    importance: int
    chapter: str
    lines: tuple[int, ...]
    components: tuple[Component, ...]
    order: int = 0
    """Position among the structures of one importance; the headline structure first."""
    aliases: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    note_zh: str = ""
    note_en: str = ""
    valid_on: str = ""
    """Where it is not the day of the plan: as of when the bureau's own data are."""

    @property
    def layer_id(self) -> str:
        """The id of the layer that shows this structure: ``<plan>/<structure>``."""
        return f"{self.plan}/{self.id}"


PieceForm = Literal["fill", "patch", "band", "arrow", "disc", "block", "line", "point", "ring"]
"""How a piece is drawn: see `Layer.pieces`."""


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A structure with its geometry.

    Attributes
    ----------
    structure
        The record it was built from.
    features
        One row a component, EPSG:4326, with the columns of an exported feature: ``id, layer, plan, structure,
        structure_zh, component_zh, component_en, role, basis, accuracy_m, area_km2, stated_area_km2, members, theme,
        chapter, lines, source, valid_on``; and ``component`` (its number), ``structure_en``, ``theme_en``, ``rule``
        (the form), ``rule_params`` (JSON), ``how_zh``, ``how_en`` (how it was drawn, in words), ``project``,
        ``status``, ``status_zh``, ``size_zh`` (of a project, else ``""``). ``members`` reads
        ``甪直镇（全域）; 越溪街道（部分）``; ``lines`` reads ``225`` or ``213-229``. An unlocated component has an
        empty geometry. ``area_km2`` is null unless the geometry is official, derived or a disc of the stated area: an
        indicative edge has no area.
    pieces
        The parts a component is drawn from, EPSG:4549, one row a piece:

        ``component`` (number), ``form`` (`PieceForm`), ``basis``, ``extent`` (of the member, or ``""``), ``place``
        (place id or ``""``), ``name_zh``, ``name_en`` (label of the piece, often the member's name), ``width_m`` (full
        declared width of a band, arrow or ring, else NaN), ``order`` (position in a chain, else -1), ``status`` (of a
        line: open, construction, planned, study, else ``""``), ``theme`` (rail, metro, roads, rivers of a line, else
        ``""``), ``colour`` (of a metro line, or ``""``), ``clip``, ``geometry``.

        ========  =====================================================================================
        fill      polygon of a whole or part member (a town's cell, a county, a lake); sharp if official
        patch     polygon or point inside which something lies, edge not stated: drawn fading out
        band      spine line of a belt or corridor; drawn as nested buffers up to width_m / 2, clipped to ``clip``
        arrow     spine line of an axis in the plan's direction (several limbs may share a trunk)
        disc      circle of the stated area
        block     polygon between named roads
        line      railway, road, river as it runs
        point     node, hub, site, centre
        ring      closed spine line, drawn as a band
        ========  =====================================================================================

        ``clip`` (WKB bytes or None) is the region a band or ring is cut to.
    issues
        What could not be resolved, in words, for the log.
    """

    structure: Structure
    features: gpd.GeoDataFrame
    pieces: gpd.GeoDataFrame
    issues: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Layer id."""
        return self.structure.layer_id
