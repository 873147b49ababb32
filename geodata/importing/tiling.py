"""Surfaces that should lie side by side: where they overlap, leave ground between them, or leave their county.

Everything is EPSG:4549. What is smaller than a drawn line is told in one sum, not one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import shapely

from geodata import store
from geodata.crs import unproject
from geodata.importing.repairs import MESSAGES, Checked
from geodata.workspace.records import Issue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geodata.importing.kinds import Kind
    from geodata.workspace.records import Action

TILED: Final = ("towns", "counties")
SNAP_M: Final = 20.0
"""Gaps narrower than this are closed: two good maps of one edge differ by more."""
_LEAST_M2: Final = 1_000.0
"""Less than this is the width of a drawn line, and is not told one by one."""
_GRID_M: Final = 0.01
_TOUCH_M: Final = 0.5
_MOST_VERTICES: Final = 1_000_000
"""Beyond this, looking for gaps takes minutes."""
_ENCLOSED: Final = 0.9
"""Share of its edge that a gap must have along features."""
_TOLD_NAMES: Final = 3
_LEAST_OUTSIDE_M2: Final = 100_000.0


def check_tiling(
    shapes: Mapping[int, Any], *, kind: Kind, names: Mapping[int, str], targets: Mapping[int, str]
) -> Checked:
    """Part overlaps, close narrow gaps, and tell what is left; only for kinds whose surfaces lie side by side.

    Parameters
    ----------
    shapes
        By position, EPSG:4549.
    names, targets
        What each is called, and the feature of the base layer that it stands for.
    """
    if kind.surface not in TILED or not shapes:
        return Checked(shapes=dict(shapes), issues=())
    left = dict(shapes)
    small: list[float] = []
    issues = [*_part(left, names, small)]
    vertices = int(shapely.get_num_coordinates(list(left.values())).sum())
    if vertices > _MOST_VERTICES:
        value = f"{vertices:,}"
        issues.append(
            Issue(code="unchecked", action="told", field="geometry", value=value,
                  message=MESSAGES["unchecked"].format(value=value))
        )  # fmt: skip
    else:
        issues += _close(left, names, small)
    if small:
        value = f"{len(small)}, {sum(small):.0f} m²"
        issues.append(
            Issue(code="slivers", action="repaired", field="geometry", value=value,
                  message=MESSAGES["slivers"].format(value=value))
        )  # fmt: skip
    if kind.surface == "towns":
        issues += _outside(left, names, targets)
    return Checked(shapes=left, issues=tuple(issues))


def _part(left: dict[int, Any], names: Mapping[int, str], small: list[float]) -> Iterator[Issue]:
    """Take common ground away from the later of two features."""
    order = sorted(left)
    tree = shapely.STRtree([left[each] for each in order])
    for here, position in enumerate(order):
        for index in sorted(tree.query(left[position])):
            first = order[int(index)]
            if index >= here or not shapely.intersects(left[position], left[first]):
                continue
            common = shapely.intersection(left[position], left[first], grid_size=_GRID_M)
            if common.area <= 0:
                continue
            rest = shapely.difference(left[position], left[first], grid_size=_GRID_M)
            parts = [part for part in shapely.get_parts(rest) if part.geom_type == "Polygon"]
            if not parts:
                continue
            left[position] = shapely.union_all(parts)
            if common.area >= _LEAST_M2:
                yield _issue("overlap", "repaired", position, [names[first]], common)
            else:
                small.append(common.area)


def _close(left: dict[int, Any], names: Mapping[int, str], small: list[float]) -> Iterator[Issue]:
    """Give narrow gaps to the neighbour with the longest edge along them; wider ones are told."""
    order = sorted(left)
    whole = shapely.union_all([left[each] for each in order], grid_size=_GRID_M)
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(whole) if part.geom_type == "Polygon"
             for ring in part.interiors]  # fmt: skip
    wide = shapely.union_all([hole for hole in holes if not hole.buffer(-SNAP_M / 2).is_empty])
    closed = whole.buffer(SNAP_M / 2, join_style="mitre").buffer(-SNAP_M / 2, join_style="mitre")
    # The end of a wide hole is no gap of its own.
    narrow = shapely.difference(shapely.difference(closed, whole, grid_size=_GRID_M), wide, grid_size=_GRID_M)
    tree = shapely.STRtree([left[each] for each in order])
    gaps = [(gap, False) for gap in _surfaces(wide)] + [(gap, True) for gap in _surfaces(narrow)]
    for gap, is_narrow in gaps:
        edge = gap.boundary
        beside = {
            order[int(index)]: shapely.intersection(edge, left[order[int(index)]].buffer(_TOUCH_M)).length
            for index in tree.query(gap, predicate="dwithin", distance=_TOUCH_M)
        }
        near = sorted(beside, key=lambda each: -beside[each])
        # A notch in one outline, and a corner where two meet at the outer edge, are their own affair.
        if is_narrow and (len(near) < 2 or sum(beside.values()) < _ENCLOSED * edge.length):  # noqa: PLR2004
            continue
        if is_narrow:
            left[near[0]] = _ground(shapely.union(_ground(left[near[0]]), gap, grid_size=_GRID_M))
        if gap.area < _LEAST_M2:
            small.append(gap.area)
        elif is_narrow:
            yield _issue("gap", "repaired", near[0], [names[each] for each in near], gap)
        else:
            yield _issue("hole", "told", near[0], [names[each] for each in near], gap)


def _ground(shape: Any) -> Any:
    """Return a feature without the lines that strips collapse to on the grid: a mixture takes no further union."""
    if shape.geom_type != "GeometryCollection":
        return shape
    return shapely.union_all([part for part in shapely.get_parts(shape) if shapely.get_dimensions(part) == 2])  # noqa: PLR2004


def _surfaces(shape: Any) -> list[Any]:
    return [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area > _GRID_M]


def _outside(left: Mapping[int, Any], names: Mapping[int, str], targets: Mapping[int, str]) -> list[Issue]:
    """Tell how much of a town lies outside its county by more than the county's edge is known."""
    counties, towns = store.read_metric("counties"), store.read_base("towns")
    issues = []
    for position, shape in left.items():
        target = targets.get(position, "")
        county = str(towns["county"].get(target, ""))
        if county not in counties.index:
            continue
        row = counties.loc[county]
        far = shapely.difference(shape, row.geometry.buffer(float(row["accuracy_m"]), quad_segs=4))
        if far.area >= _LEAST_OUTSIDE_M2:
            issues.append(_issue("beyond", "told", position, [names[position], str(row["name_zh"])], far))
    return issues


def _issue(code: str, action: Action, position: int, names: list[str], ground: Any) -> Issue:
    """Return an issue with names, area and a point on the ground in question."""
    point = ground.representative_point()
    lon, lat = (float(each) for each in unproject(point.x, point.y))
    told = "、".join(names[:_TOLD_NAMES]) + ("…" if len(names) > _TOLD_NAMES else "")
    value = f"{told}, {ground.area / 1e6:.3f} km², {lon:.5f} {lat:.5f}"
    return Issue(
        code=code, action=action, feature=position + 1, field="geometry", value=value,
        message=MESSAGES[code].format(value=value),
    )  # fmt: skip
