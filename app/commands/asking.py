"""The command ``plan-atlas at``: reads the question, asks the index, writes the answer in the form that is wanted."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from geodata.coordinates import System, parse_position
from geodata.crs import project
from layers.reading import Answer, describe_place, group_hits, read_ring, tell_certainty, tell_hit
from layers.reading.measured import find_measured

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from layers.brief import Question
    from layers.reading import Index

SYSTEM_OF_CRS: Final[dict[str, System]] = {
    "4326": "wgs84", "wgs84": "wgs84", "4490": "4490", "gcj02": "gcj02", "bd09": "bd09", "4549": "4549", "4528": "4528",
}  # fmt: skip
LARGEST_FILE: Final = 20 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question of the command line: a point (degrees, WGS 84) or an area (EPSG:4549), with its name."""

    point: tuple[float, float] | None = None
    area: BaseGeometry | None = None
    name: str = ""

    def answer(self, index: Index, *, near_m: float) -> Answer:
        """Return what applies."""
        if self.area is not None:
            return index.in_area(self.area, near_m=near_m)
        assert self.point is not None
        return index.at_point(*self.point, near_m=near_m)

    @property
    def shape(self) -> BaseGeometry:
        """What is asked of in EPSG:4549."""
        import shapely  # noqa: PLC0415

        if self.area is not None:
            return self.area
        assert self.point is not None
        x, y = project(*self.point)
        return shapely.Point(float(x), float(y))

    def question(self, *, near_m: float) -> Question:
        """Return the question of a brief."""
        from layers.brief import Question  # noqa: PLC0415 - draws, which takes a second to load

        return Question(point=self.point, area=self.area, name=self.name, near_m=near_m)


def read_words(words: tuple[str, ...], *, crs: str) -> Asked:
    """Read a coordinate from the command line.

    Raises
    ------
    ValueError
        If it is none, or it could be several: see `geodata.coordinates`.
    """
    # Two bare numbers keep the order that the command line has always had: longitude first, wherever on the globe.
    system = SYSTEM_OF_CRS[crs]
    if len(words) == 2 and system in ("wgs84", "4490"):  # noqa: PLR2004
        try:
            lon, lat = float(words[0]), float(words[1])
        except ValueError:
            pass
        else:
            if abs(lon) <= 180 and abs(lat) <= 90:  # noqa: PLR2004
                return Asked(point=(lon, lat))
    position = parse_position(" ".join(words), system=system)
    return Asked(point=(round(position.lon, 8), round(position.lat, 8)))


def read_place(name: str, index: Index) -> Asked:
    """Find a place: its outline if it has one, else its position.

    Raises
    ------
    ValueError
        If the name is not known, or the place has no position.
    """
    from gazetteer import geocode, open_register  # noqa: PLC0415

    place = open_register().places.get(name)
    if place is None:
        best = geocode(name).best
        place = None if best is None else best.place
    if place is None:
        msg = f"expected the name or the id of a place, got {name!r}, which the register does not know"
        raise ValueError(msg)
    if place.geometry in index.areas:
        return Asked(area=index.areas[place.geometry].ground, name=place.name_zh)
    if place.position is None:
        msg = f"expected a place with a position, got {place.name_zh}, which has none ({place.resolution})"
        raise ValueError(msg)
    return Asked(point=place.position, name=place.name_zh)


def read_area_file(path: Path) -> Asked:
    """Read the polygons of a GeoJSON file (degrees, WGS 84) as one area.

    Raises
    ------
    ValueError
        If the file holds no polygon, or one that is not valid.
    """
    import shapely  # noqa: PLC0415

    if path.stat().st_size > LARGEST_FILE:
        msg = f"{path.name}: expected at most {LARGEST_FILE >> 20} MB of GeoJSON"
        raise ValueError(msg)
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        msg = f"{path.name}: expected GeoJSON in UTF-8, got something else ({error})"
        raise ValueError(msg) from error
    rings = [polygon for geometry in _geometries(content) for polygon in _polygons(geometry)]
    if not rings:
        msg = f"{path.name}: expected a Polygon or MultiPolygon, got none"
        raise ValueError(msg)
    try:
        shapes = [read_ring(outer).difference(shapely.union_all([read_ring(hole) for hole in holes]))
                  for outer, *holes in rings]  # fmt: skip
    except (ValueError, TypeError, IndexError) as error:
        msg = f"{path.name}: {error}"
        raise ValueError(msg) from error
    return Asked(area=shapely.union_all(shapes), name=path.stem)


def _geometries(content: Any) -> list[dict[str, Any]]:
    kind = content.get("type") if isinstance(content, dict) else None
    if kind == "FeatureCollection":
        return [each for feature in content.get("features", ()) for each in _geometries(feature)]
    if kind == "Feature":
        return _geometries(content.get("geometry"))
    if kind == "GeometryCollection":
        return [each for geometry in content.get("geometries", ()) for each in _geometries(geometry)]
    return [] if kind is None else [content]


def _polygons(geometry: dict[str, Any]) -> list[Any]:
    coordinates = geometry.get("coordinates") or []
    return {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(str(geometry.get("type")), [])


def to_json(asked: Asked, answer: Answer, index: Index) -> str:
    """Return an answer as JSON."""
    told: dict[str, Any] = {}
    if asked.point is not None:
        county, town = describe_place(*asked.point, index=index)
        told = {"lon": asked.point[0], "lat": asked.point[1], "county": county, "town": town}
    elif asked.area is not None:
        told = {"area_km2": round(asked.area.area / 1e6, 3)}
    if asked.name:
        told["place"] = asked.name
    told["hits"] = [asdict(hit) for hit in answer.hits]
    told["further"] = [asdict(hit) for hit in answer.further]
    measured = find_measured(index, asked.shape)
    told["indicators"] = [
        {"plan": each.plan, "place": each.place, "name": each.name_zh, "indicators": each.indicators}
        for each in measured
    ]
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def to_table(asked: Asked, answer: Answer, index: Index) -> str:
    """Return an answer as lines to read, by plan: the surest first."""
    if asked.point is not None:
        county, town = describe_place(*asked.point, index=index)
        head = f"{asked.point[0]:.6f}, {asked.point[1]:.6f}  {asked.name}  {county or 'outside the city'}  {town}"
    else:
        assert asked.area is not None
        head = f"{asked.name}  {asked.area.area / 1e6:.1f} km2"
    lines = [" ".join(head.split())]
    for plan, findings in group_hits(answer.hits).items():
        lines.append(plan)
        for finding in findings:
            hit = finding.best
            distance = "inside" if hit.distance_m == 0 else f"{hit.distance_m:.0f} m"
            lines.append(
                f"  {hit.certainty:8} {distance:>8}  {hit.role:10} {hit.basis:10} {hit.structure_zh} / "
                f"{hit.component_zh}  ({hit.chapter}, line {hit.lines}; {tell_certainty(hit.certainty, lang='zh')}："
                f"{tell_hit(hit, lang='zh')})"
            )
    if answer.further:
        lines.append(f"{len(answer.further)} more are known so roughly that they may lie here (--format json has them)")
    return "\n".join(lines) + "\n"
