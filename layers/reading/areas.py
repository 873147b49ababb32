"""Outlines that may be asked of: the surfaces of the base map, kept with the index so that nothing else is read."""

from __future__ import annotations

from typing import Any, Final

import shapely

from geodata import store

LAYERS: Final = ("city", "counties", "towns", "lakes", "zones")
"""Base layers whose surfaces can be asked of, by the reference that a place carries: ``<layer>/<id>``."""


def tell_areas() -> list[dict[str, Any]]:
    """Return the surfaces of the base map as JSON: reference, names, hexadecimal WKB in EPSG:4549."""
    told = []
    for layer in LAYERS:
        frame = store.read_metric(layer)
        told += [
            {
                "ref": f"{layer}/{row['id']}",
                "name_zh": row["name_zh"],
                "name_en": row["name_en"],
                "accuracy_m": float(row["accuracy_m"]),
                "ground": shapely.to_wkb(row["geometry"], hex=True),
            }
            for row in frame.to_dict("records")
            if shapely.get_dimensions(row["geometry"]) == 2  # noqa: PLR2004
        ]
    return told
