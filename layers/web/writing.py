"""Write the files that the browser fetches, under names that hold a digest of their content."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import shapely

from gazetteer import open_register
from geodata import store
from geodata.crs import WGS84
from layers.building import build_layer
from layers.catalogue import find_structure, read_plans
from layers.export import write_file
from layers.web.bands import BANDS
from layers.web.base import base_tones, paint_base
from layers.web.cards import tell_extents, tell_layer
from layers.web.encoding import encode_file, encode_geometry
from layers.web.marks import paint_layer
from layers.web.names import name_anchors, name_base, name_layer

if TYPE_CHECKING:
    from pathlib import Path

    from layers.style import Style

_MANIFEST = "manifest.json"
_DECIMALS = 5
_OUTLINE_M = 40.0


class Writer:
    """Writes layers one by one and keeps the list of what it wrote."""

    def __init__(self, *, folder: Path, style: Style) -> None:
        self.folder, self.style = folder, style
        self.layers: dict[str, Any] = {}
        self.base: dict[str, str] = {}
        self.cards: dict[str, Any] = {}
        self.extents: list[dict[str, Any]] = []
        self.names: set[str] = set()

    def _write(self, stem: str, content: dict[str, Any]) -> str:
        data, short = encode_file(content)
        name = f"{stem}-{short}.json"
        self.names.add(name)
        if not (self.folder / name).exists():
            write_file(self.folder / name, data)
        return name

    def write_base(self) -> None:
        """Write the base map of every band."""
        for band in BANDS:
            features, paints = paint_base(style=self.style, band=band)
            names = name_base(style=self.style, band=band)
            content = {"type": "FeatureCollection", "paints": paints, "names": names, "features": features}
            self.base[band.name] = self._write(f"base-{band.name}", content)

    def write_layer(self, layer_id: str) -> None:
        """Write a layer in every band, its card and its ground."""
        layer = build_layer(find_structure(layer_id))
        stem = layer_id.replace("/", "_")
        files = {}
        # Closer than the last but one band nothing new finds room: its names hold on.
        named = {band.name: name_layer(layer, style=self.style, band=band) for band in BANDS[:-1]}
        named[BANDS[-1].name] = named[BANDS[-2].name]
        for band in BANDS:
            features, paints = paint_layer(layer, style=self.style, band=band)
            labels = named[band.name] + name_anchors(layer, features, paints, style=self.style)
            content = {"type": "FeatureCollection", "paints": paints, "names": labels, "features": features}
            files[band.name] = self._write(f"{stem}-{band.name}", content)
        card = tell_layer(layer, style=self.style)
        self.layers[layer_id] = {"files": files, "card": self._write(f"{stem}-card", card), "bounds": card["bounds"]}
        self.extents += tell_extents(layer)

    def finish(self, *, digest: str, plans: list[str]) -> dict[str, Any]:
        """Write the manifest, last of all, and clear away what neither it nor the one before it names."""
        path = self.folder / _MANIFEST
        before = set(json.loads(path.read_text("utf-8"))["names"]) if path.exists() else set()
        manifest = {
            "digest": digest,
            "bands": [[band.name, band.first, band.last] for band in BANDS],
            "tones": base_tones(self.style),
            "base": self.base,
            "layers": self.layers,
            "plans": {plan: self._focus(plan) for plan in plans},
            "bounds": _bounds(store.read("city").total_bounds),
            "extents": self._write("extents", {"features": self.extents}),
            "places": self._write("places", _place_shapes()),
            "names": sorted(self.names),
        }
        write_file(path, json.dumps(manifest, ensure_ascii=False, separators=(",", ":")).encode())
        for old in self.folder.glob("*.json"):
            if old.name != _MANIFEST and old.name not in self.names | before:
                old.unlink(missing_ok=True)
        return manifest

    def _focus(self, plan: str) -> dict[str, Any]:
        """Return the counties that a plan is about (none for the whole city), and its bounds in degrees."""
        register = open_register()
        owner = register.places[register.contexts[read_plans()[plan].id].owner]
        city = _bounds(store.read("city").total_bounds)
        layer, _, feature = owner.geometry.partition("/")
        if layer != "counties":
            return {"focus": [], "bounds": city}
        own = _bounds(store.read("counties").loc[[feature]].total_bounds)
        # A district may own more lake than land: its headline shows where the plan is at work.
        headline = self.layers[f"{plan}/{read_plans()[plan].headline}"]["bounds"]
        return {"focus": [feature], "bounds": _common(headline, own) if headline else own}


def _bounds(values: Any) -> list[float]:
    return [round(float(value), _DECIMALS) for value in values]


def _common(one: list[float], other: list[float]) -> list[float]:
    return [max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])]


def _place_shapes() -> dict[str, Any]:
    """Return bounds and outline or course (thinned to about 40 m) of every place that has one, by place id."""
    found: dict[str, Any] = {}
    for place in open_register().places.values():
        layer, _, feature = place.geometry.partition("/")
        if not layer:
            continue
        frame = store.read_metric(layer)
        rows = frame[frame.index == feature]
        if rows.empty and "line" in frame.columns:
            rows = frame[frame["line"] == feature]
        if len(rows) and rows.geometry.iloc[0].geom_type != "Point":
            shape = encode_geometry(shapely.union_all(rows.geometry.values).simplify(_OUTLINE_M))
            found[place.id] = {"bounds": _bounds(rows.to_crs(WGS84).total_bounds), "shape": shape}
    return found
