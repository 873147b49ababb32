"""Geometry checked and repaired: every finding is told with the feature's number, and nothing is done in silence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geodata import store
from geodata.crs import project, unproject
from geodata.workspace.records import Issue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geodata.importing.kinds import Kind

_NEAR_CITY_M: Final = 5_000.0
_LEAST_AREA_M2: Final = 100.0
_SURFACE: Final = 2
_GRID_M: Final = 0.01
_DECIMALS: Final = 2


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Checked:
    """Features that are left, by position in the table, EPSG:4549, and what was found."""

    shapes: Mapping[int, Any]
    issues: tuple[Issue, ...]


def check_features(geometry: Sequence[Any], *, kind: Kind, names: Sequence[str]) -> Checked:
    """Check features one by one.

    Parameters
    ----------
    geometry
        WGS 84 degrees; None where a feature has none.
    kind
        What they are: decides which forms may be taken.
    names
        What they are called, for the report.

    Returns
    -------
    Checked
        Surfaces and lines that lie in or near Suzhou, valid, each once.
    """
    shapes: dict[int, Any] = {}
    issues: list[Issue] = []
    seen: dict[tuple[Any, str], list[int]] = {}
    city = _surroundings()
    raws = np.array(geometry, dtype=object)
    metric = shapely.transform(raws, _to_metres)
    for position, raw in enumerate(raws):
        shape, code, value = _check(raw, metric[position], kind=kind, city=city)
        if shape is not None:
            # To look closely takes far longer than all else: only what lies in one box can be the same.
            same = seen.setdefault((tuple(np.round(shape.bounds, _DECIMALS)), names[position] if names else ""), [])
            twin = next((each for each in same if _key(shapes[each]) == _key(shape)), None)
            if twin is not None:
                shape, code, value = None, "duplicate", str(twin + 1)
            else:
                same.append(position)
        if shape is not None:
            shapes[position] = shape
        if code:
            action = "dropped" if shape is None else "repaired"
            issues.append(
                Issue(code=code, action=action, feature=position + 1, field="geometry",  # type: ignore[arg-type]
                      value=value, message=MESSAGES[code].format(value=value))
            )  # fmt: skip
    return Checked(shapes=shapes, issues=tuple(issues))


MESSAGES: Final = {
    "empty": "the feature has no geometry; left out",
    "numbers": "a coordinate is not a number; left out",
    "form": "a {value} cannot be taken for this kind of data; left out",
    "outside": "lies {value} km outside Suzhou; left out",
    "invalid": "its outline was not valid ({value}); repaired",
    "tiny": "covers {value} m2, too little to be meant; left out",
    "duplicate": "the same as feature {value}; left out",
    "overlap": "overlaps {value}; the common ground stays with the feature that comes first",
    "slivers": "overlaps and gaps smaller than a drawn line closed: {value} together",
    "unchecked": "{value} vertices are too many to look for gaps; simplify the layer to have that done",
    "gap": "ground is left between {value}; narrower than a drawn line, given to the neighbour beside most of it",
    "hole": "ground is left between {value}; is a feature missing?",
    "beyond": "reaches outside its county: {value}",
    "joined": "several features mean {value}; joined into one",
    "far": "lies {value} km from where that place is known to be; please check",
    "unmatched": "no place of this name is known; left out",
    "new": "no place of this name is known; taken as a new one",
    "own": "{value} features mean no place that is known; they make a layer of their own",
    "unsettled": "the name may mean {value}; left out until it is settled",
    "settled": "settled by hand: {value}",
    "system": "coordinates were in {value}; converted to WGS 84",
    "swapped": "northing stood before easting; swapped",
    "loose": "even the best coordinate system leaves edges {value} m from known ones; please check the preview",
    "encoding": "read as {value}",
    "course": "{value} of its course lie beside no section that is known; that part is not drawn",
}
"""What is told of an issue, by code."""


def _surroundings() -> Any:
    city = store.read_base_metric("city").geometry.iloc[0].buffer(_NEAR_CITY_M)
    shapely.prepare(city)
    return city


def _key(shape: Any) -> bytes:
    """Return what is the same for shapes that are the same to a centimetre, wherever their rings begin."""
    key: bytes = shapely.to_wkb(shapely.normalize(shapely.set_precision(shape, _GRID_M)))
    return key


def _check(raw: Any, shape: Any, *, kind: Kind, city: Any) -> tuple[Any, str, str]:
    """Return a feature in EPSG:4549, or None, and the code and value of what was found ("" if nothing was).

    Parameters
    ----------
    raw, shape
        In degrees, and the same in EPSG:4549.
    """
    if raw is None or raw.is_empty:
        return None, "empty", ""
    coordinates = shapely.get_coordinates(raw)
    if not np.isfinite(coordinates).all():
        return None, "numbers", ""
    dimension = int(shapely.get_dimensions(shape))
    taken = (bool(kind.points), bool(kind.line), bool(kind.surface))[dimension] or kind.own
    if not taken:
        if dimension == 1 and kind.surface and shape.geom_type == "LineString" and shape.is_closed:
            shape, dimension = shapely.Polygon(shape), _SURFACE
        else:
            return None, "form", raw.geom_type
    code = value = ""
    if not shape.is_valid:
        code, value = "invalid", shapely.is_valid_reason(raw).partition("[")[0].strip()
        shape = shapely.make_valid(shape)
    if dimension == _SURFACE:
        shape = surfaces_of(shape)
        if shape.area < _LEAST_AREA_M2:
            return None, "tiny", f"{shape.area:.0f}"
    if not shapely.intersects(city, shape) or not shapely.intersects(city, shape.representative_point()):
        return None, "outside", f"{shapely.distance(city, shape.representative_point()) / 1000:.1f}"
    return shape, code, value


def _to_metres(points: Any) -> Any:
    return np.column_stack(project(points[:, 0], points[:, 1]))


def to_degrees(shape: Any) -> Any:
    """Return a valid geometry of EPSG:4549 in WGS 84 degrees, valid there too."""
    moved = shapely.transform(shape, lambda points: np.column_stack(unproject(points[:, 0], points[:, 1])))
    return moved if moved.is_valid else surfaces_of(shapely.make_valid(moved))


def surfaces_of(shape: Any) -> Any:
    """Return the surfaces of a geometry; lines and points that a repair has left beside them go."""
    if shape.geom_type != "GeometryCollection":
        return shape
    return shapely.union_all([part for part in shape.geoms if shapely.get_dimensions(part) == _SURFACE])
