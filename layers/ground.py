"""The ground that rules draw on: names of a plan looked up in the gazetteer and turned into metric shapes.

Everything here is EPSG:4549, metres.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import shapely
from shapely.ops import linemerge

from gazetteer import Place, geocode, open_register
from geodata import store, workspace
from geodata.crs import CGCS2000_3_DEGREE, WGS84, transformer
from geodata.looking import look

if TYPE_CHECKING:
    from pyproj import Transformer
    from shapely.geometry import Point
    from shapely.geometry.base import BaseGeometry

    from layers.model import Basis

_SHEET_ACCURACY_M: Final = 30_000.0
_WATER_TOLERANCE_M: Final = 100.0
"""What is left to say of a place known only to lie in the city."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """A place with the best geometry that is known for it."""

    place: Place
    id: str = ""
    """Id of the feature in its base layer."""
    geometry: BaseGeometry
    basis: Basis
    accuracy_m: float
    layer: str = ""
    """Base layer the geometry comes from, or empty for a bare point."""
    status: str = ""
    colour: str = ""
    """The operator's colour of a metro line, ``#RRGGBB``."""
    source: str = ""

    @property
    def is_area(self) -> bool:
        """Whether the geometry is a polygon."""
        return self.geometry.geom_type in ("Polygon", "MultiPolygon")

    @property
    def is_line(self) -> bool:
        """Whether the geometry is a line."""
        return self.geometry.geom_type in ("LineString", "MultiLineString")


@cache
def _metric() -> Transformer:
    return transformer(source=WGS84, target=CGCS2000_3_DEGREE)


def project_point(lon: float, lat: float) -> Point:
    """Return a WGS 84 position as a point in EPSG:4549."""
    return shapely.Point(_metric().transform(lon, lat))


def enclosed_by(line: BaseGeometry) -> BaseGeometry:
    """Return the surface that a closed line encloses, such as a ring road; empty for any other geometry."""
    return shapely.union_all(shapely.get_parts(shapely.polygonize(shapely.get_parts(line))))


def _waters() -> BaseGeometry:
    look("lakes")
    return _all_waters()


@workspace.kept_until_change
@cache
def _all_waters() -> BaseGeometry:
    return shapely.union_all(store.read_metric("lakes").geometry.simplify(_WATER_TOLERANCE_M).values)


@dataclass(frozen=True)
class Ground:
    """Names as one plan uses them."""

    plan: str
    missing: list[str] = field(default_factory=list)
    """Names asked for that have no record or no position, in the order of asking."""

    def place(self, name: str) -> Place | None:
        """Return the place that a name (or a place id) means in the plan, located or not."""
        found = open_register().places.get(name)
        if found is None:
            best = geocode(name, plan=self.plan).best
            if best is None:
                self.miss(name)
                return None
            found = best.place
        look(f"place/{found.id}")
        return found

    def shape(self, name: str) -> Shape | None:
        """Return the best geometry of a name: an outline, a line, else its point; None when nothing is known."""
        place = self.place(name)
        if place is None:
            return None
        if reference := store.find_reference(place.id, own=place.geometry):
            return self._drawn(place, reference)
        if place.position is None:
            self.miss(name)
            return None
        return self._pointed(place)

    def sections(self, name: str) -> list[Shape]:
        """Return a line's sections, each with its own status and basis; an area's shore is not a line."""
        place = self.place(name)
        if place is None:
            return []
        reference = store.find_reference(place.id, own=place.geometry)
        layer = reference.partition("/")[0]
        if not layer or not store.has_lines(layer):
            self.miss(name)
            return []
        # A place may be one section of a line: the western side of a ring road.
        return [self._row_shape(place, row, layer) for _, row in store.find_rows(reference).iterrows()]

    def point(self, name: str) -> Shape | None:
        """Return a name's position as a point, whatever its geometry."""
        place = self.place(name)
        if place is None:
            return None
        if place.position is None:
            self.miss(name)
            return None
        return self._pointed(place)

    def region(self, names: list[str]) -> BaseGeometry | None:
        """Return the union of the outlines of the names, of a closed line what it encloses: what a band is cut to."""
        shapes = [shape for name in names if (shape := self.shape(name)) is not None]
        areas = [shape.geometry if shape.is_area else enclosed_by(shape.geometry) for shape in shapes]
        region = shapely.union_all(areas)
        return None if region.is_empty else region

    def middle(self, shape: Shape) -> BaseGeometry:
        """Return a point inside a shape, on land where it has land: a district that owns half a lake is not in it."""
        if not shape.is_area:
            return shape.geometry.centroid
        land = shape.geometry.difference(_waters())
        # The largest piece of it: the middle of 吴中 is not on an island.
        ground = max(shapely.get_parts(shape.geometry if land.is_empty else land), key=lambda part: part.area)
        return ground.representative_point()

    def own_area(self) -> BaseGeometry | None:
        """Return the outline of the area whose government issued the plan, its waters included."""
        return self.region([open_register().contexts[self.plan].owner])

    def _pointed(self, place: Place) -> Shape:
        assert place.position is not None
        return Shape(
            place=place,
            geometry=project_point(*place.position),
            basis=place.basis,
            accuracy_m=place.accuracy_m or _SHEET_ACCURACY_M,
            status=place.status,
            source=place.source,
        )

    def _drawn(self, place: Place, reference: str) -> Shape:
        layer, _, feature_id = reference.partition("/")
        rows = store.find_rows(reference)
        if feature_id in rows.index:
            return self._row_shape(place, rows.loc[feature_id], layer)
        merged = linemerge(shapely.union_all(rows.geometry.values))
        return Shape(
            place=place,
            geometry=merged,
            basis=rows["basis"].iloc[0],
            accuracy_m=float(rows["accuracy_m"].max()),
            layer=layer,
            status=rows["status"].iloc[0],
            source=";".join(dict.fromkeys(rows["source"])),
        )

    @staticmethod
    def _row_shape(place: Place, row: Any, layer: str) -> Shape:
        return Shape(
            place=place,
            id=str(row["id"]),
            geometry=row.geometry,
            basis=row["basis"],
            accuracy_m=float(row["accuracy_m"]),
            layer=layer,
            status=row.get("status") or "",
            colour=row.get("colour") or "",
            source=row["source"],
        )

    def miss(self, name: str) -> None:
        """Put a name on record that a rule could not use; a place id is told by its name."""
        known = open_register().places.get(name)
        name = name if known is None else known.name_zh
        if name not in self.missing:
            self.missing.append(name)
