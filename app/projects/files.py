"""The list of projects as files: a row or a feature for each plan that names a project."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Final

import shapely

from app.projects.list import distances_from
from gazetteer.batch import guard_cell
from geodata.crs import unproject
from layers.projects import compare_attestations, read_groups
from layers.projects.record import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.library import Library
    from app.projects.list import Entry
    from app.projects.state import ProjectsState
    from layers.projects import Attestation
    from layers.reading.record import Feature

FIELDS: Final = (
    "id", "project", "name_zh", "name_en", "group", "kind", "theme", "layer", "plan", "printed_zh", "status",
    "status_zh", "size_zh", "size_en", "differs", "districts", "chapter", "lines", "basis", "accuracy_m", "near",
    "distance_m", "note_zh", "note_en", "source",
)  # fmt: skip
"""Columns of the table and properties of a feature. ``differs`` reads ``<plan>: <fields>``, for each other plan."""
_DECIMALS: Final = 6


def _rows(shown: Iterable[Entry], state: ProjectsState, library: Library) -> Iterator[tuple[Entry, dict[str, Any]]]:
    for entry in shown:
        by_plan = {each.plan: each for each in entry.project.attestations}
        for plan, fid in entry.fids.items():
            yield entry, _row(by_plan[plan], fid, entry, state, library)


def _row(said: Attestation, fid: str, entry: Entry, state: ProjectsState, library: Library) -> dict[str, Any]:
    project, component = entry.project, library.components[fid]
    off = distances_from(state.near).get(project.id)
    others = [each for each in project.attestations if each is not said]
    differs = {each.plan: compare_attestations(project, said, each) for each in others}
    values = {
        "id": fid,
        "project": project.id,
        "name_zh": project.name_zh,
        "name_en": project.name_en,
        "group": project.group,
        "kind": project.kind,
        "theme": read_groups()[project.group].theme,
        "layer": library.layer_of(fid),
        "plan": said.plan,
        "printed_zh": name_of(project, said) if said.printed else "",
        "status": said.status,
        "status_zh": said.status_zh,
        "size_zh": said.size_zh,
        "size_en": said.size_en,
        "differs": "; ".join(f"{plan}: {', '.join(fields)}" for plan, fields in differs.items() if fields),
        "districts": list(entry.districts),
        "chapter": said.chapter,
        "lines": component["lines"],
        "basis": component["basis"],
        "accuracy_m": component["accuracy_m"],
        "near": state.near,
        "distance_m": None if off is None else round(off),
        "note_zh": said.note_zh,
        "note_en": said.note_en,
        "source": component["source"],
    }
    return {name: values[name] for name in FIELDS}


def projects_to_csv(shown: Iterable[Entry], state: ProjectsState, library: Library) -> str:
    """Return a table with a byte order mark, so that spreadsheets read it as UTF-8; formulas are guarded."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, FIELDS, lineterminator="\n")
    writer.writeheader()
    for _, row in _rows(shown, state, library):
        row["districts"] = ";".join(row["districts"])
        writer.writerow({name: guard_cell("" if value is None else value) for name, value in row.items()})
    return "\ufeff" + stream.getvalue()


def projects_to_geojson(shown: Iterable[Entry], state: ProjectsState, library: Library) -> str:
    """Return a feature for each plan that names a project (RFC 7946, WGS 84); null geometry where it is not drawn."""
    features = [
        {"type": "Feature", "id": row["id"], "geometry": _geometry(entry.features[row["plan"]]), "properties": row}
        for entry, row in _rows(shown, state, library)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False) + "\n"


def _geometry(drawn: tuple[Feature, ...]) -> dict[str, Any] | None:
    """Return the GeoJSON of what is drawn; outer rings run against the clock."""
    if not drawn:
        return None
    ground = drawn[0].ground if len(drawn) == 1 else shapely.GeometryCollection([each.ground for each in drawn])

    def turn(spots: Any) -> Any:
        lon, lat = unproject(spots[:, 0], spots[:, 1])
        return [[round(x, _DECIMALS), round(y, _DECIMALS)] for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]

    shape = shapely.orient_polygons(shapely.transform(ground, turn))
    found: dict[str, Any] = json.loads(shapely.to_geojson(shape))
    return found
