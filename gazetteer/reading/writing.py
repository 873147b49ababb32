"""Readings as rows: JSON lines, GeoJSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from gazetteer.reading.mention import Mention, Reading

FIELDS: Final = (
    "plan", "line", "start", "end", "surface", "place_id", "name", "aliases", "category", "resolution", "lon", "lat",
    "accuracy_m", "score", "reason", "candidates",
)  # fmt: skip
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def to_rows(reading: Reading, *, plan: str | None) -> list[dict[str, Any]]:
    """Return a row for each mention, with the fields of the contract."""
    return [_row(mention, plan) for mention in reading.mentions]


def _row(mention: Mention, plan: str | None) -> dict[str, Any]:
    row: dict[str, Any] = {"plan": plan}
    row |= {name: getattr(mention, name) for name in FIELDS if name != "plan"}
    row["aliases"], row["candidates"] = list(mention.aliases), list(mention.candidates)
    return row


def to_jsonl(reading: Reading, *, plan: str | None) -> str:
    """Return a JSON object on a line for each mention."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in to_rows(reading, plan=plan))


def to_geojson(reading: Reading, *, plan: str | None) -> str:
    """Return a feature for each mention (RFC 7946, WGS 84); a mention without a position has a null geometry."""
    features = []
    for row in to_rows(reading, plan=plan):
        lon, lat = row.pop("lon"), row.pop("lat")
        point = None if lon is None else {"type": "Point", "coordinates": [lon, lat]}
        features.append({"type": "Feature", "geometry": point, "properties": row})
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False) + "\n"


def to_csv(reading: Reading, *, plan: str | None) -> str:
    """Return a table with a byte order mark, so that spreadsheets read it as UTF-8; no cell is taken for a formula."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, FIELDS, lineterminator="\n")
    writer.writeheader()
    for row in to_rows(reading, plan=plan):
        row["aliases"], row["candidates"] = ";".join(row["aliases"]), ";".join(row["candidates"])
        writer.writerow({key: _safe(value) for key, value in row.items()})
    return "\ufeff" + stream.getvalue()


def _safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value
