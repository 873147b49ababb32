"""Write the files that the browser fetches, under names that hold a digest of their content."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import shapely

from gazetteer import open_register
from geodata import store
from geodata.crs import WGS84
from geodata.workspace import kept_until_change
from layers.building import build_layer
from layers.catalogue import find_structure, read_plans
from layers.export import write_file
from layers.reading.areas import tell_areas
from layers.reading.record import tell_ground
from layers.web.bands import BANDS
from layers.web.base import base_tones, paint_base
from layers.web.cache import read_drawing
from layers.web.cards import tell_layer
from layers.web.encoding import encode_file, encode_geometry
from layers.web.marks import paint_layer
from layers.web.names import name_anchors, name_base, name_layer
from layers.web.unlisted import find_unlisted, name_unlisted, paint_unlisted, tell_unlisted

if TYPE_CHECKING:
    from layers.model import Layer
    from layers.style import Style

MANIFEST = "manifest.json"
_DECIMALS = 5
_OUTLINE_M = 40.0
_LAYERS: Final = Path(__file__).parents[1]
_DRAWN_BY: Final = (
    "web/*.py",
    "reading/record.py",
    "drawing/*.py",
    "labels/*.py",
    "*.toml",
    "style.py",
    "fonts.py",
    "ground.py",
    "words.py",
)
"""What of this floor decides how a built layer looks."""
_GROUND: Final = ("counties", "towns", "lakes")
"""Base layers that every layer is drawn over: their edges bend its shapes and its names make way for them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What one step wrote: the files' names, and what the manifest and the ground of features need of it."""

    entry: dict[str, Any]
    names: tuple[str, ...]
    extents: tuple[dict[str, Any], ...] = ()


def _write(folder: Path, stem: str, content: dict[str, Any]) -> str:
    data, short = encode_file(content)
    name = f"{stem}-{short}.json"
    if not (folder / name).exists():
        write_file(folder / name, data)
    return name


def write_base(folder: Path, *, style: Style) -> Written:
    """Write the base map of every band."""
    files = {}
    for band in BANDS:
        features, paints = paint_base(style=style, band=band)
        names = name_base(style=style, band=band)
        content = {"type": "FeatureCollection", "paints": paints, "names": names, "features": features}
        files[band.name] = _write(folder, f"base-{band.name}", content)
    return Written(entry=files, names=tuple(files.values()))


def write_card(layer_id: str, folder: Path, *, style: Style) -> Written:
    """Write what is told of a layer, and say which record will hold its drawing; the drawing itself may come later."""
    layer = build_layer(find_structure(layer_id))
    told = _tell(layer, style=style)
    card = _write(folder, f"{_stem(layer_id)}-card", told)
    record = f"{_stem(layer_id)}-drawn-{_digest(layer, told)}.json"
    return Written(
        entry={"card": card, "bounds": told["bounds"], "record": record},
        names=(card, record, *read_drawing(folder / record).values()),
        extents=tuple(tell_ground(layer)),
    )


def draw_layer(layer_id: str, folder: Path, *, style: Style) -> None:
    """Draw a layer in every band, unless it was drawn before from the same."""
    layer = build_layer(find_structure(layer_id))
    told = _tell(layer, style=style)
    stem = _stem(layer_id)
    record = folder / f"{stem}-drawn-{_digest(layer, told)}.json"
    if read_drawing(record):
        return
    left_out = find_unlisted(layer)
    # Closer than the last but one band nothing new finds room: its names hold on.
    named = {band.name: name_layer(layer, style=style, band=band) for band in BANDS[:-1]}
    named[BANDS[-1].name] = named[BANDS[-2].name]
    files = {}
    for band in BANDS:
        features, paints = paint_layer(layer, style=style, band=band)
        labels = named[band.name] + name_anchors(layer, features, paints, style=style)
        labels += name_unlisted(left_out, style=style)
        below, more = paint_unlisted(left_out, style=style, band=band)
        content = {
            "type": "FeatureCollection", "paints": more | paints, "names": labels, "features": below + features,
        }  # fmt: skip
        files[band.name] = _write(folder, f"{stem}-{band.name}", content)
    write_file(record, json.dumps(files).encode())


def _stem(layer_id: str) -> str:
    return layer_id.replace("/", "_")


def _tell(layer: Layer, *, style: Style) -> dict[str, Any]:
    return tell_layer(layer, style=style) | {"unlisted": tell_unlisted(find_unlisted(layer))}


def _digest(layer: Layer, told: dict[str, Any]) -> str:
    """Return a digest of what a layer is drawn from: its pieces, what is told of it, the ground, the code."""
    pieces = layer.pieces.to_wkb()
    total = hashlib.sha256(_ground_digest())
    total.update(json.dumps(told, ensure_ascii=False, sort_keys=True).encode())
    total.update(repr(pieces.astype(object).to_dict("records")).encode())
    total.update(repr(layer.features.to_wkb().astype(object).to_dict("records")).encode())
    return total.hexdigest()[:12]


@kept_until_change
@cache
def _ground_digest() -> bytes:
    total = hashlib.sha256()
    for pattern in _DRAWN_BY:
        for path in sorted(_LAYERS.glob(pattern)):
            total.update(path.read_bytes())
    for name in _GROUND:
        frame = store.read_metric(name)
        for shape in frame.geometry.to_wkb():
            total.update(shape)
    return total.digest()


def write_manifest(
    folder: Path, *, digest: str, style: Style, base: Written, layers: dict[str, Written]
) -> dict[str, Any]:
    """Write the manifest, last of all, and clear away what neither it nor the one before it names."""
    path = folder / MANIFEST
    before = set(json.loads(path.read_text("utf-8"))["names"]) if path.exists() else set()
    # Drawings that were added after that manifest was written stay with their records.
    before |= {name for record in before if "-drawn-" in record for name in read_drawing(folder / record).values()}
    grounds = [each for layer in layers.values() for each in layer.extents]
    extents = _write(folder, "extents", {"features": grounds, "areas": tell_areas()})
    places = _write(folder, "places", _place_shapes())
    names = {extents, places, *base.names, *(name for layer in layers.values() for name in layer.names)}
    entries = {layer_id: layer.entry for layer_id, layer in layers.items()}
    manifest = {
        "digest": digest,
        "bands": [[band.name, band.first, band.last] for band in BANDS],
        "tones": base_tones(style),
        "base": base.entry,
        "layers": entries,
        "plans": {plan: _focus(plan, entries) for plan in read_plans()},
        "extents": extents,
        "places": places,
        "surveyed_towns": bool((store.read("towns")["basis"] == "official").all()),
        "names": sorted(names),
    }
    write_file(path, json.dumps(manifest, ensure_ascii=False, separators=(",", ":")).encode())
    for old in folder.glob("*.json"):
        if old.name != MANIFEST and old.name not in names | before:
            old.unlink(missing_ok=True)
    return manifest


def _focus(plan: str, entries: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the counties that a plan is about (none for the whole city), and its bounds in degrees."""
    register = open_register()
    owner = register.places[register.contexts[plan].owner]
    layer, _, feature = owner.geometry.partition("/")
    if layer != "counties":
        return {"focus": [], "bounds": _bounds(store.read("city").total_bounds)}
    own = _bounds(store.read("counties").loc[[feature]].total_bounds)
    # A district may own more lake than land: its headline shows where the plan is at work.
    headline = entries[f"{plan}/{read_plans()[plan].headline}"]["bounds"]
    return {"focus": [feature], "bounds": _common(headline, own) if headline else own}


def _bounds(values: Any) -> list[float]:
    return [round(float(value), _DECIMALS) for value in values]


def _common(one: list[float], other: list[float]) -> list[float]:
    return [max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])]


def _place_shapes() -> dict[str, Any]:
    """Return bounds and outline or course (thinned to about 40 m) of every place that has one, by place id."""
    found: dict[str, Any] = {}
    for place in open_register().places.values():
        layer, _, feature = store.find_reference(place.id, own=place.geometry).partition("/")
        if not layer:
            continue
        frame = store.read_metric(layer)
        rows = frame[frame.index == feature]
        if rows.empty and "line" in frame.columns:
            rows = frame[frame["line"] == feature]
        if len(rows) and rows.geometry.iloc[0].geom_type != "Point":
            shape = encode_geometry(shapely.union_all(rows.geometry.values).simplify(_OUTLINE_M))
            bounds = _bounds(rows.to_crs(WGS84).total_bounds)
            official = bool((rows["basis"] == "official").any())
            found[place.id] = {"bounds": bounds, "shape": shape} | ({"official": True} if official else {})
    return found
