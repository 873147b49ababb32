"""Write the files that the browser fetches, under names that hold a digest of their content."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
import shapely

from gazetteer import open_register
from geodata import store
from geodata.crs import WGS84
from geodata.looking import looking
from layers.building import build_layer
from layers.catalogue import find_structure, read_collections, read_plans
from layers.digests import digest_files
from layers.export import write_file
from layers.reading.areas import tell_areas
from layers.reading.record import tell_ground
from layers.web.bands import BANDS
from layers.web.base import base_tones, paint_base
from layers.web.cache import BASE_MAP, KEPT_STATES, MANIFEST, PLACE_SHAPES, list_states, read_drawing, state_file
from layers.web.cards import tell_layer
from layers.web.encoding import encode_file, encode_geometry
from layers.web.marks import paint_layer
from layers.web.names import name_anchors, name_base, name_layer
from layers.web.unlisted import find_unlisted, name_unlisted, paint_unlisted, tell_unlisted

if TYPE_CHECKING:
    import geopandas as gpd

    from layers.model import Layer
    from layers.style import Style

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What one step wrote: the files' names, what the manifest and the index need of it, what it was made from."""

    entry: dict[str, Any]
    names: tuple[str, ...]
    ground: str = ""
    """File with the ground of a layer's features, for the index of what lies where."""
    looked: dict[str, str] = field(default_factory=dict)
    """What it was made from: fingerprints by reference, see `geodata.store.fingerprint`."""

    @property
    def stands(self) -> bool:
        """Whether all that it was made from is still the same."""
        return all(store.fingerprint(reference) == told for reference, told in self.looked.items())


def _write(folder: Path, stem: str, content: dict[str, Any]) -> str:
    data, short = encode_file(content)
    name = f"{stem}-{short}.json"
    if not (folder / name).exists():
        write_file(folder / name, data)
    return name


def write_base(folder: Path, *, style: Style) -> Written:
    """Write the base map of every band."""
    files = {}
    with looking() as seen:
        for band in BANDS:
            features, paints = paint_base(style=style, band=band)
            names = name_base(style=style, band=band)
            content = {"type": "FeatureCollection", "paints": paints, "names": names, "features": features}
            files[band.name] = _write(folder, f"base-{band.name}", content)
    return Written(entry=files, names=tuple(files.values()), looked=_fingerprints(seen))


def write_places(folder: Path) -> Written:
    """Write the outlines of places."""
    with looking() as seen:
        name = _write(folder, "places", _place_shapes())
    return Written(entry={"places": name}, names=(name,), looked=_fingerprints(seen))


def _fingerprints(seen: set[str]) -> dict[str, str]:
    return {reference: store.fingerprint(reference) for reference in sorted(seen)}


def write_card(layer_id: str, folder: Path, *, style: Style) -> Written:
    """Write what is told of a layer, and say which record will hold its drawing; the drawing itself may come later."""
    with looking() as seen:
        layer = build_layer(find_structure(layer_id))
        left_out = find_unlisted(layer)
        told = tell_layer(layer, style=style) | {"unlisted": tell_unlisted(left_out)}
    stem = _stem(layer_id)
    card = _write(folder, f"{stem}-card", told)
    ground = _write(folder, f"{stem}-ground", {"features": tell_ground(layer)})
    return Written(
        entry={"card": card, "bounds": told["bounds"], "record": f"{stem}-drawn-{_digest(layer, left_out)}.json"},
        names=(card, ground),
        ground=ground,
        looked=_fingerprints(seen),
    )


def draw_layer(layer_id: str, folder: Path, *, style: Style) -> None:
    """Draw a layer in every band, unless it was drawn before from the same."""
    layer = build_layer(find_structure(layer_id))
    left_out = find_unlisted(layer)
    stem = _stem(layer_id)
    record = folder / f"{stem}-drawn-{_digest(layer, left_out)}.json"
    if read_drawing(record):
        return
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


def _digest(layer: Layer, left_out: gpd.GeoDataFrame) -> str:
    """Return a digest of what a layer is drawn from: its record, its pieces, the towns it leaves out, the code."""
    total = hashlib.sha256(_code_digest().encode())
    total.update(msgspec.json.encode(layer.structure))
    for frame in (layer.pieces, left_out[["name_zh", "name_en", "geometry"]]):
        total.update(repr(frame.to_wkb().astype(object).to_dict("records")).encode())
    return total.hexdigest()[:12]


@cache
def _code_digest() -> str:
    return digest_files(_LAYERS, _DRAWN_BY)


def write_manifest(
    folder: Path, *, digest: str, base_digest: str, style: Style, base: Written, places: Written,
    layers: dict[str, Written],
) -> dict[str, Any]:  # fmt: skip
    """Write the manifest of a state last of all, and clear away what no kept state names.

    Parameters
    ----------
    digest, base_digest
        Of everything that the state depends on, and of that without the bureau's own data.
    """
    grounds = [json.loads((folder / layer.ground).read_text("utf-8")) for layer in layers.values()]
    features = [feature for ground in grounds for feature in ground["features"]]
    extents = _write(folder, "extents", {"features": features, "areas": tell_areas()})
    made = {BASE_MAP: base, PLACE_SHAPES: places, **layers}
    traces = _write(folder, "traces", {key: msgspec.to_builtins(each) for key, each in made.items()})
    names = {extents, traces, *(name for each in made.values() for name in each.names)}
    entries = {layer_id: layer.entry for layer_id, layer in layers.items()}
    manifest = {
        "digest": digest,
        "base_digest": base_digest,
        "bands": [[band.name, band.first, band.last] for band in BANDS],
        "tones": base_tones(style),
        "base": base.entry,
        "layers": entries,
        "plans": {plan: _focus(plan, entries) for plan in read_collections()},
        "extents": extents,
        "traces": traces,
        "places": places.entry["places"],
        "surveyed_towns": bool((store.read("towns")["basis"] == "official").all()),
        "names": sorted(names),
    }
    data = json.dumps(manifest, ensure_ascii=False, separators=(",", ":")).encode()
    write_file(folder / state_file(digest), data)
    write_file(folder / MANIFEST, data)
    _clear_away(folder)
    return manifest


def read_traces(folder: Path, manifest: dict[str, Any]) -> dict[str, Written]:
    """Return what was written for a kept state: by layer id, `BASE_MAP` and `PLACE_SHAPES`."""
    path = folder / manifest["traces"]
    return msgspec.json.decode(path.read_bytes(), type=dict[str, Written]) if path.exists() else {}


def _clear_away(folder: Path) -> None:
    """Remove what none of the states that were used last names; drawings that came later stay with their records."""
    kept = {MANIFEST}
    for path in list_states(folder)[:KEPT_STATES]:
        manifest = json.loads(path.read_text("utf-8"))
        records = {entry["record"] for entry in manifest["layers"].values()}
        drawn = {name for record in records for name in read_drawing(folder / record).values()}
        kept |= {path.name, *manifest["names"], *records, *drawn}
    for old in folder.glob("*.json"):
        if old.name not in kept:
            old.unlink(missing_ok=True)


def _focus(plan: str, entries: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the counties that a plan is about (none for the whole city), and its bounds in degrees."""
    register = open_register()
    if plan not in register.contexts:
        return {"focus": [], "bounds": _bounds(store.read("city").total_bounds)}
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
