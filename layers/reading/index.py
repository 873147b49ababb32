"""The index of what every plan draws: which features cover a point or an area, or come near it, and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import shapely

from geodata.crs import project
from layers.reading.record import Doubt, Feature, read_feature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

NEAR_M: Final = 2000.0
"""How far a feature may lie off and still be told of, unless asked otherwise."""
FARTHEST_M: Final = 50_000.0
Certainty = Literal["certain", "possible", "near"]
"""Certain: inside, and farther from every edge than the accuracy. Possible: inside or not, within what is known.
Near: outside by more than the accuracy."""

_LINE: Final = 1
_SURFACE: Final = 2
_THE_SAME: Final = 0.995
"""Share from which an area and a surface inside it are one outline."""
_LEAST_TOUCH: Final = 1e-9
"""Share of an area from which two surfaces are more than neighbours."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """A feature at or near what was asked of.

    Attributes
    ----------
    layer, feature, fid
        Ids of the layer, the feature and its component.
    distance_m
        To what was asked of, EPSG:4549; 0 inside.
    edge_m
        From a point inside a surface to the surface's edge; None otherwise.
    accuracy_m
        As stated for the feature.
    of_area
        Whether an area was asked of, not a point.
    certainty, doubt
        How surely it applies, and why not more surely ("" when certain or merely near).
    share
        Share of the asked area that the feature covers, 0 to 1; None for a point, a line or a feature off the area.
    within
        Share of the feature (its ground or its length) that lies in the asked area; None for a point.
    length_km
        Length of a line inside the asked area; None otherwise.
    """

    layer: str
    feature: str
    fid: str
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
    distance_m: float
    edge_m: float | None
    of_area: bool
    certainty: Certainty
    doubt: Doubt | Literal[""]
    share: float | None
    within: float | None
    length_km: float | None
    chapter: str
    lines: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Area:
    """A surface of the base map, by the reference that a place carries (``counties/wuzhong``)."""

    ref: str
    name_zh: str
    name_en: str
    accuracy_m: float
    ground: BaseGeometry


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What applies: the hits by plan and distance, and what may still reach here because it is known so roughly."""

    hits: tuple[Hit, ...]
    further: tuple[Hit, ...] = ()
    """Features farther off than was asked, but not farther than their accuracy."""


class Index:
    """The features of all layers, in the order of plans, and the surfaces of the base map."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.features: tuple[Feature, ...] = tuple(read_feature(record) for record in content["features"])
        self.areas: dict[str, Area] = {
            record["ref"]: Area(**{**record, "ground": shapely.from_wkb(record["ground"])})
            for record in content["areas"]
        }
        self._grounds: NDArray[np.object_] = np.array([each.ground for each in self.features], dtype=object)
        self._accuracy = np.array([each.accuracy_m for each in self.features], dtype=float)
        self._tree = shapely.STRtree(self._grounds)
        plans = dict.fromkeys(each.plan for each in self.features)
        self._plan_order = {plan: number for number, plan in enumerate(plans)}

    @cached_property
    def _rough(self) -> NDArray[np.intp]:
        """Features by falling accuracy: those known most roughly first."""
        return np.argsort(-self._accuracy)

    def covering(self, lon: float, lat: float) -> list[str]:
        """Return the ids of the components whose features cover a point (degrees, WGS 84), in the plans' order."""
        found = sorted(self._tree.query(_to_point(lon, lat), predicate="intersects"))
        return list(dict.fromkeys(self.features[i].fid for i in found))

    def at_point(self, lon: float, lat: float, *, near_m: float = NEAR_M) -> Answer:
        """Return what applies at a point.

        Parameters
        ----------
        lon, lat
            Degrees, WGS 84.
        near_m
            How far off a feature may lie, metres in EPSG:4549.

        Raises
        ------
        ValueError
            If the position is not on the globe, or the distance is negative or above `FARTHEST_M`.
        """
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):  # noqa: PLR2004
            msg = f"expected longitude -180..180 and latitude -90..90 in WGS 84 degrees, got {lon!r}, {lat!r}"
            raise ValueError(msg)
        point = _to_point(lon, lat)
        if not np.isfinite(point.x + point.y):
            return Answer(hits=())
        return self._answer(point, near_m)

    def in_area(self, area: BaseGeometry, *, near_m: float = NEAR_M) -> Answer:
        """Return what applies in an area: a surface in EPSG:4549.

        Raises
        ------
        ValueError
            If the area is no valid surface, or the distance is negative or above `FARTHEST_M`.
        """
        if shapely.get_dimensions(area) != _SURFACE or not area.is_valid or not area.area:
            msg = f"expected a valid polygon in EPSG:4549, got {area.geom_type} of {area.area:.0f} m²"
            raise ValueError(msg)
        return self._answer(area, near_m)

    def _answer(self, asked: BaseGeometry, near_m: float) -> Answer:
        if not 0 <= near_m <= FARTHEST_M:
            msg = f"expected a distance of 0 to {FARTHEST_M:.0f} m, got {near_m!r}"
            raise ValueError(msg)
        shapely.prepare(asked)
        found = self._tree.query(asked, predicate="dwithin", distance=near_m)
        judge = self._judge_point if asked.geom_type == "Point" else self._judge_area
        hits = [judge(self.features[i], asked) for i in found]
        rough = self._rough[: int(np.searchsorted(-self._accuracy[self._rough], -near_m))]
        beyond = np.setdiff1d(rough, found)
        reach = shapely.dwithin(self._grounds[beyond], asked, self._accuracy[beyond])
        further = [judge(self.features[i], asked) for i in beyond[reach]]
        return Answer(hits=self._sorted(hits), further=self._sorted(further))

    def _sorted(self, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        order = self._plan_order
        return tuple(sorted(hits, key=lambda hit: (hit.distance_m > 0, order[hit.plan], hit.distance_m, hit.feature)))

    def _judge_point(self, feature: Feature, point: BaseGeometry) -> Hit:
        distance = float(shapely.distance(feature.ground, point))
        edge, certainty, doubt = None, "near", ""
        if distance == 0 and feature.is_surface:
            edge = float(shapely.distance(shapely.boundary(feature.ground), point))
            certainty, doubt = _inside(feature, point)
        elif distance <= feature.accuracy_m:
            certainty, doubt = "possible", "edge" if feature.is_surface else "position"
        return _hit(feature, of_area=False, distance_m=distance, edge_m=edge, certainty=certainty, doubt=doubt)

    def _judge_area(self, feature: Feature, area: BaseGeometry) -> Hit:
        ground = feature.ground
        if not shapely.intersects(area, ground):
            distance = float(shapely.distance(ground, area))
            reached = distance <= feature.accuracy_m
            doubt = ("edge" if feature.is_surface else "position") if reached else ""
            return _hit(feature, distance_m=distance, certainty="possible" if reached else "near", doubt=doubt)
        common = ground if shapely.covers(area, ground) else shapely.intersection(ground, area)
        if feature.is_surface:
            certainty, doubt = _inside(feature, area)
            share, within = common.area / area.area, common.area / ground.area
            if share < _LEAST_TOUCH and certainty != "certain":
                certainty, doubt = "possible", "edge"
            if common is ground and (
                share > _THE_SAME or not shapely.dwithin(shapely.boundary(area), ground, feature.accuracy_m)
            ):
                # Whatever part of its unit the plan means, all of the unit is in the area.
                certainty, doubt = "certain", ""
            return _hit(feature, certainty=certainty, doubt=doubt, share=share, within=within)
        parts = shapely.points(shapely.get_coordinates(common))
        deep = ~shapely.dwithin(shapely.boundary(area), parts, feature.accuracy_m)
        sure = bool(deep.any())
        certainty, doubt = ("certain", "") if sure else ("possible", "position")
        if shapely.get_dimensions(ground) == _LINE:
            length, whole = float(common.length), float(ground.length)
            return _hit(feature, certainty=certainty, doubt=doubt, within=length / whole, length_km=length / 1000.0)
        count = shapely.get_num_coordinates(common) / shapely.get_num_coordinates(ground)
        return _hit(feature, certainty=certainty, doubt=doubt, within=float(count))


def _inside(feature: Feature, asked: BaseGeometry) -> tuple[Certainty, Doubt | Literal[""]]:
    """Return how surely a surface applies to what it covers or overlaps."""
    if shapely.intersects(asked, feature.core):
        return "certain", ""
    for doubt, shape in feature.doubtful:
        if shapely.intersects(asked, shape):
            return "possible", doubt
    return "possible", "edge"


def _hit(  # noqa: PLR0913
    feature: Feature, *, certainty: str, doubt: str, distance_m: float = 0.0, edge_m: float | None = None,
    of_area: bool = True, share: float | None = None, within: float | None = None, length_km: float | None = None,
) -> Hit:  # fmt: skip
    return Hit(
        layer=feature.layer,
        feature=feature.id,
        fid=feature.fid,
        plan=feature.plan,
        kind=feature.kind,
        importance=feature.importance,
        structure_zh=feature.structure_zh,
        structure_en=feature.structure_en,
        component_zh=feature.component_zh,
        component_en=feature.component_en,
        role=feature.role,
        basis=feature.basis,
        accuracy_m=feature.accuracy_m,
        distance_m=round(distance_m, 1),
        edge_m=None if edge_m is None else round(edge_m, 1),
        of_area=of_area,
        certainty=certainty,  # type: ignore[arg-type]
        doubt=doubt,  # type: ignore[arg-type]
        share=None if share is None else round(share, 4),
        within=None if within is None else round(within, 4),
        length_km=None if length_km is None else round(length_km, 3),
        chapter=feature.chapter,
        lines=feature.lines,
    )


def _to_point(lon: float, lat: float) -> shapely.Point:
    x, y = project(lon, lat)
    return shapely.Point(float(x), float(y))
