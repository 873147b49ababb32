"""Which names a sheet asks for, and what they keep clear of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, get_args

import shapely

from layers import fonts
from layers.drawing import names, small_shapes
from layers.drawing.mark import Z
from layers.labels import Group, Scene, place
from layers.sheet.base_names import BaseNames

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from shapely.geometry.base import BaseGeometry

    from layers.drawing import Mark
    from layers.labels import Placed, Request
    from layers.model import Layer
    from layers.sheet.canvas import Canvas, View
    from layers.sheet.ground import Ground
    from layers.sheet.shown import Shown
    from layers.sheet.words import Words

LABEL_GROUPS: Final[tuple[Group, ...]] = get_args(Group)
"""Groups of names that can be switched off: of components, members, water, neighbours."""
_COMPONENT_PRIORITY: Final = 1
"""Up to this the names of components claim their places."""

Box = tuple[float, float, float, float]


def check_groups(labels: Collection[str] | None) -> tuple[Group, ...]:
    """Return the groups of names that are on; None stands for all.

    Raises
    ------
    ValueError
        If one of them is unknown.
    """
    if labels is None:
        return LABEL_GROUPS
    unknown = [label for label in labels if label not in LABEL_GROUPS]
    if unknown:
        msg = f"expected groups of names out of {', '.join(LABEL_GROUPS)}, got {unknown[0]!r}"
        raise ValueError(msg)
    return tuple(group for group in LABEL_GROUPS if group in labels)


@dataclass(frozen=True, kw_only=True)
class Naming:
    """What the names of a sheet depend on."""

    canvas: Canvas
    view: View
    ground: Ground
    shown: Sequence[Shown]
    marks: Sequence[Mark]
    words: Words
    groups: Collection[Group]
    boundaries: bool

    def place(self, *, blocked: Sequence[Box]) -> tuple[list[Placed], tuple[str, ...]]:
        """Return the names with their places, and those that found none.

        Parameters
        ----------
        blocked
            Ground (EPSG:4549) under what stands on the map.
        """
        requests = [request for request in self._requests() if request.group in self.groups]
        scene = Scene(
            frame=self.view.ground.bounds,
            metres_per_mm=self.view.metres_per_mm,
            blocked=(*blocked, *self._symbol_boxes()),
            avoid=self._avoid(),
            named=self._named_ground(),
        )
        placed = place(requests, scene=scene, measure=fonts.measure)
        found = {id(name.request) for name in placed}
        return placed, tuple(r.text for r in requests if id(r) not in found)

    def _requests(self) -> list[Request]:
        found: list[Request] = []
        for each in self.shown:
            layer = each.layer
            requests = names(
                layer, style=self.canvas.style, metres_per_mm=self.view.metres_per_mm, page=self.canvas.page,
                lang=self.words.lang, bilingual=self.words.second is not None, clip=self.view.ground,
                numbers=each.numbers,
            )  # fmt: skip
            found += [replace(_beside_what_is_drawn(request, layer), layer=layer.id) for request in requests]
        base = BaseNames(
            canvas=self.canvas,
            view=self.view,
            ground=self.ground,
            layers=[each.layer for each in self.shown],
            marks=self.marks,
            words=self.words,
        )
        if len(self.shown) > 1:
            # structures that lie over each other crowd: members' names go before those of components
            found = [r if r.priority <= _COMPONENT_PRIORITY else replace(r, required=False) for r in found]
        return found + base.requests()

    def nameless(self, placed: Sequence[Placed]) -> list[set[int]]:
        """Return for each layer the components of lines and points that stand without a name, or whose names fail."""
        named = {(name.request.layer, name.request.component) for name in placed}
        found = []
        for each in self.shown:
            candidates = {c.no for c in each.layer.structure.components if each.can_be_badged(c.no)}
            dropped = {no for no in candidates if (each.layer.id, no) not in named}
            found.append(dropped | (each.look_alike() & candidates))
        return found if "components" in self.groups else [set() for _ in self.shown]

    def _symbol_boxes(self) -> list[Box]:
        mpm = self.view.metres_per_mm
        boxes = []
        for mark in self.marks:
            if mark.kind == "symbol":
                x, y = shapely.get_coordinates(mark.geometry)[0]
                half = max(mark.size_mm, mark.outer_mm) / 2.0 * mpm
                boxes.append((x - half, y - half, x + half, y + half))
        return boxes

    def _avoid(self) -> tuple[tuple[BaseGeometry, float], ...]:
        """Return what names should keep clear of: edges of arrows and solid edges, heads, discs, lines."""
        avoid: list[tuple[BaseGeometry, float]] = []
        for mark in self.marks:
            if mark.kind == "edge":
                heavy = mark.z > 20.0  # noqa: PLR2004
                avoid.append((shapely.boundary(mark.geometry), 1.6 if heavy else 0.7))
            elif mark.kind == "line":
                avoid.append((mark.geometry, 1.0))
            elif mark.kind == "under":
                avoid.append((mark.geometry, 0.4))
            elif mark.kind == "fill" and Z["disc"] <= mark.z < Z["arrow"]:
                avoid.append((mark.geometry, 0.9))
        avoid += small_shapes(self.marks, metres_per_mm=self.view.metres_per_mm)
        avoid.append((shapely.boundary(self.ground.outline), 0.8))
        if self.boundaries:
            others = [shapely.boundary(border) for border in (*self.ground.counties.geometry, self.ground.city)]
            own = shapely.boundary(self.ground.outline).buffer(self.view.metres_per_mm)
            avoid.append((shapely.union_all(others).difference(own), 0.4))
        return tuple(avoid)

    def _named_ground(self) -> BaseGeometry:
        """Return the land that is some component's or that no component names: a name there means that land."""
        fills = [m.geometry for m in self.marks if m.kind in ("fill", "stripe") and m.z < Z["disc"]]
        return shapely.union_all([*fills, *self.ground.unlisted.geometry])


def _beside_what_is_drawn(request: Request, layer: Layer) -> Request:
    """Return a request for a name along a line, without those parts of the line that its band is not drawn along."""
    if request.mode != "curve" or request.component is None:
        return request
    own = layer.pieces[layer.pieces["component"] == request.component]
    regions = [shapely.from_wkb(clip) for clip in own["clip"] if isinstance(clip, bytes)]
    drawn = shapely.intersection(request.geometry, shapely.union_all(regions)) if regions else request.geometry
    return request if drawn.is_empty else replace(request, geometry=drawn)
