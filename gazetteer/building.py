"""Join the reviewed tables into the register (``python -m gazetteer.building``, part of ``make data``).

Places of ``gazetteer/places/*.csv`` stand as they are; stations, lines, waters and towns come from the compiled tables
of ``geodata``, so that a position is written down once. Parents are found by containment in the county outlines where
the tables do not say.
"""

from __future__ import annotations

import csv
import sys
import tomllib
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

import msgspec
import shapely
from pypinyin import lazy_pinyin, load_phrases_dict

from gazetteer.place import CITY, Category, Place, Resolution
from gazetteer.register import HERE, REGISTER_FILE
from geodata import crs, store, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PLACES: Final = HERE / "places"
ATTESTATIONS_FILE: Final = HERE / "attestations.csv"
ALIASES_FILE: Final = HERE / "aliases.csv"

_CROSSING_M: Final = 2000.0
"""How far the middle of a street may lie from the one crossing that is known: few streets here are longer than 4 km."""
_MIDDLE_DEGREES: Final = 0.001
_BORDER_M: Final = 300.0
"""How far outside the outline a place of the city may seem to lie: the outline has its own doubt."""
_HOME_SHARE: Final = 0.6
"""A line or lake of which this much lies in one county unit belongs to it."""

# Which category the nodes and lines of a theme are, and how their ids begin.
_NODE_THEMES: Final[dict[str, tuple[str, str, Category]]] = {
    "rail": ("station", "rail_stations", "station"),
    "metro": ("metro-station", "metro_stations", "station"),
    "roads": ("junction", "junctions", "road"),
}
_LINE_THEMES: Final[dict[str, tuple[str, str, Category]]] = {
    "rail": ("rail", "rail", "rail"),
    "metro": ("rail", "metro", "rail"),
    "roads": ("road", "roads", "road"),
    "water": ("river", "rivers", "river"),
}
_WATER_CATEGORIES: Final[dict[str, Category]] = {"island": "island", "river water": "river"}
"""Areas of the theme of waters that are no lakes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceRow:
    """A row of ``gazetteer/places/*.csv``."""

    id: str
    name_zh: str
    category: Category
    source: str = ""
    name_en: str = ""
    aliases: str = ""
    resolution: Resolution = "suzhou"
    parent: str = ""
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    geometry: str = ""
    status: str = ""
    source_ref: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class AliasRow:
    """A row of ``gazetteer/aliases.csv``: another name of a place, whichever table its record stands in."""

    place: str
    alias: str
    source: str = ""
    note: str = ""


def split_aliases(text: str) -> tuple[str, ...]:
    """Split semicolon-separated names, dropping blanks and repetitions."""
    return tuple(dict.fromkeys(name.strip() for name in text.replace("；", ";").split(";") if name.strip()))


def collect_places() -> list[Place]:
    """Collect all places, unsorted, without plans and pinyin."""
    places: list[Place] = []
    for path in sorted(PLACES.glob("*.csv")):
        places += (_from_row(row) for row in tables.read_table(path, PlaceRow))
    places += _town_places({place.geometry for place in places})
    for theme in _NODE_THEMES:
        places += _node_places(theme)
    for theme in _LINE_THEMES:
        places += _line_places(theme)
    places += _lake_places()
    return places


def _from_row(row: PlaceRow) -> Place:
    place = Place(
        id=row.id,
        name_zh=row.name_zh,
        name_en=row.name_en,
        category=row.category,
        resolution=row.resolution,
        aliases=split_aliases(row.aliases),
        parent=row.parent,
        lon=row.lon,
        lat=row.lat,
        accuracy_m=row.accuracy_m,
        geometry=row.geometry,
        status=row.status,
        source=row.source,
        source_ref=row.source_ref,
        note=row.note,
    )
    if not place.geometry:
        return replace(place, basis="derived" if place.located else "unlocated")
    layer, _, feature_id = place.geometry.partition("/")
    frame = store.read_base(layer)
    rows = frame[(frame["id"] == feature_id) | (frame.get("line") == feature_id)]
    if rows.empty:
        msg = f"{row.id}: expected the id of a feature or line in the base layer {layer!r}, got {feature_id!r}"
        raise ValueError(msg)
    first = rows.iloc[0]
    point = shapely.Point(place.position) if place.position else _middle(rows.geometry.iloc[0])
    accuracy = place.accuracy_m if place.accuracy_m is not None else float(first["accuracy_m"])
    return replace(place, basis=first["basis"], lon=round(point.x, 6), lat=round(point.y, 6), accuracy_m=accuracy)


@cache
def _waters() -> shapely.Geometry:
    return shapely.union_all(store.read_base("lakes").geometry.simplify(_MIDDLE_DEGREES).values)


def _middle(shape: shapely.Geometry) -> shapely.Point:
    """Return the middle of the widest land in an area, EPSG:4326: a district may own half a lake and is not in it."""
    if shapely.get_dimensions(shape) < 2:  # noqa: PLR2004 - a line or point
        return shape.representative_point()
    land = shape.difference(_waters())
    if land.is_empty:
        return shape.representative_point()
    simple = land.simplify(_MIDDLE_DEGREES)
    return shapely.Point(shapely.maximum_inscribed_circle(simple, tolerance=_MIDDLE_DEGREES).coords[0])


def _town_places(referred: set[str]) -> Iterator[Place]:
    """Yield the towns; a zone that acts as a town and stands in the tables of places already comes from there."""
    cells = dict(store.read_base("towns")[["id", "basis"]].itertuples(index=False))
    for seat in tables.read_table(tables.COMPILED / "towns" / "seats.csv", tables.Seat):
        if seat.kind == "zone-town" and f"towns/{seat.id}" in referred:
            continue
        located = seat.lon is not None and seat.lat is not None
        yield Place(
            id=f"town/{seat.id}",
            name_zh=seat.name_zh,
            name_en=seat.name_en,
            category="dev_zone" if seat.kind == "zone-town" else "town",
            aliases=split_aliases(seat.aliases),
            parent=f"county/{seat.county}",
            lon=seat.lon,
            lat=seat.lat,
            accuracy_m=seat.accuracy_m,
            basis=cells.get(seat.id, "derived" if located else "unlocated"),
            geometry=f"towns/{seat.id}" if seat.id in cells else "",
            status=seat.status,
            source=seat.source,
            source_ref=seat.source_ref,
            note=seat.note,
        )


def _node_places(theme: str) -> Iterator[Place]:
    prefix, layer, category = _NODE_THEMES[theme]
    # A node may say which street it places (see _place_at_node); the street has a record of its own by that name.
    lines = {line.name_zh for line in tables.read_lines(theme)}
    for node in tables.read_nodes(theme):
        located = node.lon is not None and node.lat is not None
        name = node.name_zh
        if category == "station" and not name.endswith("站"):
            name += "站"
        yield Place(
            id=f"{prefix}/{node.id}",
            name_zh=name,
            name_en=node.name_en,
            category=category,
            aliases=tuple(alias for alias in split_aliases(node.aliases) if alias != name and alias not in lines),
            lon=node.lon,
            lat=node.lat,
            accuracy_m=node.accuracy_m,
            basis="derived" if located else "unlocated",
            geometry=f"{layer}/{node.id}" if located else "",
            status=node.status,
            source=node.source,
            source_ref=node.source_ref,
            note=node.note,
        )


def _line_places(theme: str) -> Iterator[Place]:
    prefix, layer, category = _LINE_THEMES[theme]
    sections: defaultdict[str, list[int]] = defaultdict(list)
    frame = store.read_base(layer)
    for position, line in enumerate(frame["line"]):
        sections[line].append(position)
    for line in tables.read_lines(theme):
        if line.kind == "shore":
            # Part of a lake's outline, not a place of its own.
            continue
        rows = frame.iloc[sections[line.id]]
        place = Place(
            id=f"{prefix}/{line.id}",
            name_zh=line.name_zh,
            name_en=line.name_en,
            category=category,
            aliases=split_aliases(line.aliases),
            status=line.status,
            basis="unlocated",
            source=line.source or ";".join(dict.fromkeys(rows["source"])),
            note=line.note,
        )
        if len(rows):
            longest = rows.geometry.iloc[rows.geometry.to_crs(4549).length.argmax()]
            point = longest.interpolate(0.5, normalized=True)
            place = replace(
                place,
                lon=round(point.x, 6),
                lat=round(point.y, 6),
                accuracy_m=float(rows["accuracy_m"].max()),
                basis=rows["basis"].iloc[0],
                geometry=f"{layer}/{line.id}",
            )
        else:
            place = _place_at_node(place, theme)
        yield place


def _place_at_node(line: Place, theme: str) -> Place:
    """Put a line without a known course at the nodes that bear its name: a street known by one crossing."""
    nodes = [
        node
        for node in tables.read_nodes(theme)
        if line.name_zh in split_aliases(node.aliases) and node.lon is not None and node.lat is not None
    ]
    if not nodes:
        return line
    return replace(
        line,
        lon=round(sum(node.lon or 0.0 for node in nodes) / len(nodes), 6),
        lat=round(sum(node.lat or 0.0 for node in nodes) / len(nodes), 6),
        accuracy_m=_CROSSING_M + max(node.accuracy_m or 0.0 for node in nodes),
        basis="schematic",
        source=";".join(dict.fromkeys(part for node in nodes for part in node.source.split(";"))),
        source_ref="; ".join(f"{theme}/nodes {node.id}" for node in nodes),
    )


def _lake_places() -> Iterator[Place]:
    drawn = store.read_base("lakes")
    compiled = {area.id: area for area in tables.read_areas("water")}
    for lake_id, row in drawn.iterrows():
        if lake_id not in compiled:
            point = row.geometry.representative_point()
            yield Place(
                id=f"lake/{lake_id}",
                name_zh=row["name_zh"],
                name_en=row["name_en"],
                category="river" if row["kind"] == "river" else "lake",
                aliases=split_aliases(row.get("aliases") or ""),
                lon=round(point.x, 6),
                lat=round(point.y, 6),
                accuracy_m=float(row["accuracy_m"]),
                basis=row["basis"],
                geometry=f"lakes/{lake_id}",
                source=row["source"],
                note=row["note"] or "",
            )
    for area in compiled.values():
        category: Category = _WATER_CATEGORIES.get(area.kind, "lake")
        if area.lon is None or area.lat is None:
            basis: tables.Basis = "unlocated"
        else:
            basis = area.basis
        yield Place(
            id=f"{category}/{area.id}",
            name_zh=area.name_zh,
            name_en=area.name_en,
            category=category,
            aliases=split_aliases(area.aliases),
            lon=area.lon,
            lat=area.lat,
            accuracy_m=area.accuracy_m,
            basis=basis,
            geometry=f"lakes/{area.id}" if area.id in drawn.index else "",
            source=area.source,
            source_ref=area.source_ref,
            note=area.note,
        )


def add_parents(places: Iterable[Place]) -> list[Place]:
    """Give every located place without a parent the county unit that holds it, or the city where several do.

    What lies beyond the city's outline by more than its accuracy is no place of the city, and says so.
    """
    counties = store.read_base_metric("counties")
    (city,) = store.read_base_metric("city").geometry
    done = []
    for place in places:
        if place.parent or place.category in ("city", "region") or not place.position or place.resolution != "suzhou":
            done.append(place)
            continue
        shape = _metric_shape(place)
        if shape.distance(city) > max(place.accuracy_m or 0.0, _BORDER_M):
            done.append(replace(place, resolution="outside"))
            continue
        inside = counties.intersection(shape)
        is_point = shapely.get_dimensions(shape) == 0
        measure = (~inside.is_empty).astype(float) if is_point else inside.length
        home = measure.idxmax()
        shared = measure[home] < _HOME_SHARE * (1.0 if is_point else shape.length)
        done.append(replace(place, parent=CITY if shared else f"county/{home}"))
    return done


def _metric_shape(place: Place) -> shapely.Geometry:
    """Return the geometry that a place refers to, or its point, EPSG:4549."""
    layer, _, key = place.geometry.partition("/")
    if not layer:
        return shapely.transform(shapely.Point(place.position), crs.project, interleaved=False)
    frame = store.read_base_metric(layer)
    rows = frame[(frame["id"] == key) | (frame["line"] == key)] if "line" in frame.columns else frame.loc[[key]]
    return shapely.union_all(rows.geometry.values)


def load_readings() -> None:
    """Teach the transliterator the local readings of ``readings.toml``."""
    readings = tomllib.loads((HERE / "readings.toml").read_text(encoding="utf-8"))
    load_phrases_dict({word: [[syllable] for syllable in text.split()] for word, text in readings.items()})


def read_attestations() -> dict[str, tuple[str, ...]]:
    """Return, by place id, the plans whose text has one of the place's names."""
    attested: defaultdict[str, list[str]] = defaultdict(list)
    if ATTESTATIONS_FILE.exists():
        with ATTESTATIONS_FILE.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                attested[row["place"]].append(row["plan"])
    return {place: tuple(dict.fromkeys(plans)) for place, plans in attested.items()}


def read_aliases() -> dict[str, tuple[str, ...]]:
    """Return, by place id, the names that readers have added."""
    added: defaultdict[str, list[str]] = defaultdict(list)
    for row in tables.read_table(ALIASES_FILE, AliasRow):
        added[row.place].append(row.alias)
    return {place: tuple(names) for place, names in added.items()}


def build() -> list[Place]:
    """Return the register's places, by id.

    Raises
    ------
    ValueError
        If two places have one id, or an added name is that of no place.
    """
    attested, added = read_attestations(), read_aliases()
    load_readings()
    places = [
        replace(
            place,
            pinyin=" ".join(lazy_pinyin(place.name_zh, errors="ignore")),
            plans=attested.get(place.id, ()),
            aliases=tuple(dict.fromkeys((*place.aliases, *added.get(place.id, ())))),
        )
        for place in add_parents(collect_places())
    ]
    places.sort(key=lambda place: place.id)
    ids = [place.id for place in places]
    if twice := sorted({place_id for place_id in ids if ids.count(place_id) > 1}):
        msg = f"expected unique place ids, got twice {twice}"
        raise ValueError(msg)
    if lost := sorted(added.keys() - set(ids)):
        msg = f"aliases.csv: expected ids of places, got {lost}"
        raise ValueError(msg)
    return places


def encode(places: list[Place]) -> bytes:
    """Encode places as JSON, one place a line, so that a change of one place is a change of one line."""
    return b"[\n" + b",\n".join(msgspec.json.encode(place) for place in places) + b"\n]\n"


def main() -> int:
    """Write the register and say what is in it."""
    places = build()
    REGISTER_FILE.write_bytes(encode(places))
    located = sum(place.located for place in places)
    sys.stdout.write(f"register: {len(places)} places, {located} located\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
