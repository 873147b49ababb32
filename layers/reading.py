"""What every plan says about a point: the features that cover it or lie near it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import shapely

from geodata import store
from layers.catalogue import read_structures
from layers.ground import project_point
from layers.opening import open_layer

if TYPE_CHECKING:
    from collections.abc import Iterable

NEAR_M: Final = 2000.0
"""How far a feature may lie off and still be told of."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """A feature at or near a point."""

    layer: str
    feature: str
    plan: str
    structure_zh: str
    component_zh: str
    component_en: str
    role: str
    basis: str
    distance_m: float
    """0 inside."""
    chapter: str
    lines: str


def read_point(
    lon: float, lat: float, *, layer_ids: Iterable[str] | None = None, near_m: float = NEAR_M
) -> tuple[Hit, ...]:
    """Return the features that cover a point, then those within a distance, by plan and distance.

    Parameters
    ----------
    lon, lat
        Degrees, WGS 84.
    layer_ids
        Layers to ask; all by default.
    near_m
        Distance in metres, measured in EPSG:4549.

    Raises
    ------
    ValueError
        If the position is not on the globe.
    """
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):  # noqa: PLR2004
        msg = f"expected longitude -180..180 and latitude -90..90 in WGS 84 degrees, got {lon!r}, {lat!r}"
        raise ValueError(msg)
    point = project_point(lon, lat)
    hits = []
    for layer_id in layer_ids if layer_ids is not None else read_structures():
        layer = open_layer(layer_id)
        features = layer.features[~layer.features.geometry.is_empty]
        if features.empty:
            continue
        distances = features.geometry.to_crs(4549).distance(point)
        near = features[distances <= near_m]
        hits += [
            Hit(
                layer=row["layer"],
                feature=row["id"],
                plan=row["plan"],
                structure_zh=row["structure_zh"],
                component_zh=row["component_zh"],
                component_en=row["component_en"],
                role=row["role"],
                basis=row["basis"],
                distance_m=round(float(distances[row["id"]]), 1),
                chapter=row["chapter"],
                lines=row["lines"],
            )
            for row in near.to_dict("records")
        ]
    return tuple(sorted(hits, key=lambda hit: (hit.distance_m > 0, hit.plan, hit.distance_m, hit.feature)))


def describe_place(lon: float, lat: float) -> tuple[str, str]:
    """Return the names of the county unit and the town (an approximate cell) at a point; empty outside the city."""
    point = shapely.Point(lon, lat)
    names = []
    for layer in ("counties", "towns"):
        frame = store.read(layer)
        rows = frame[frame.intersects(point)]
        names.append("" if rows.empty else str(rows["name_zh"].iloc[0]))
    return names[0], names[1]
