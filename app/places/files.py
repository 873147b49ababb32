"""The list of places as files: CSV for spreadsheets, GeoJSON (RFC 7946) for maps."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Final

from gazetteer import open_register
from gazetteer.batch import guard_cell
from geodata.sources import read_sources

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.places.list import Entry

FIELDS: Final = (
    "place_id", "name", "name_en", "aliases", "category", "parent", "parent_name", "district", "lon", "lat",
    "accuracy_m", "basis", "resolution", "status", "plans", "mentions", "source", "source_title", "licence",
    "source_ref", "note",
)  # fmt: skip
_DECIMALS: Final = 6


def _row(entry: Entry) -> dict[str, Any]:
    place, sources = entry.place, read_sources()
    parent = open_register().places.get(place.parent)
    known = [sources[each] for each in place.source.split(";") if each in sources]
    row = {name: getattr(place, name) for name in ("name_en", "category", "parent", "accuracy_m", "basis", "resolution",
                                                   "status", "source", "source_ref", "note")}  # fmt: skip
    row |= {
        "place_id": place.id,
        "name": place.name_zh,
        "aliases": list(place.aliases),
        "parent_name": "" if parent is None else parent.name_zh,
        "district": entry.district,
        "lon": None if place.lon is None else round(place.lon, _DECIMALS),
        "lat": None if place.lat is None else round(place.lat, _DECIMALS),
        "plans": list(entry.mentions),
        "mentions": entry.total,
        "source_title": "; ".join(source.title for source in known),
        "licence": "; ".join(dict.fromkeys(source.licence for source in known)),
    }
    return {name: row[name] for name in FIELDS}


def places_to_csv(shown: Iterable[Entry]) -> str:
    """Return a table with a byte order mark, so that spreadsheets read it as UTF-8; degrees are WGS 84."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, FIELDS, lineterminator="\n")
    writer.writeheader()
    for entry in shown:
        row = _row(entry)
        row["aliases"], row["plans"] = ";".join(row["aliases"]), ";".join(row["plans"])
        writer.writerow({name: guard_cell(value) for name, value in row.items()})
    return "\ufeff" + stream.getvalue()


def places_to_geojson(shown: Iterable[Entry]) -> str:
    """Return a point for each place (RFC 7946, WGS 84); a place without a position has a null geometry."""
    features = []
    for entry in shown:
        row = _row(entry)
        lon, lat = row.pop("lon"), row.pop("lat")
        point = None if lon is None else {"type": "Point", "coordinates": [lon, lat]}
        features.append({"type": "Feature", "id": row["place_id"], "geometry": point, "properties": row})
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False) + "\n"
