"""``python -m geodata.building``: write every base layer anew."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING

import shapely

from geodata.building.counties import build_city, build_counties
from geodata.building.lines import build_areas, build_lines, build_nodes
from geodata.building.towns import build_seats, build_towns
from geodata.building.water import build_lakes, build_sea
from geodata.crs import WGS84
from geodata.numbers import DECIMALS, round_numbers
from geodata.store import BASE, LAYERS

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd


def write(frame: gpd.GeoDataFrame, layer: str) -> None:
    """Write a frame (EPSG:4326, column ``id``) as ``geodata/base/<layer>.geojson``, rows by id, six decimals.

    Raises
    ------
    ValueError
        If the frame is not in EPSG:4326, an id comes twice, or a geometry is invalid after rounding.
    """
    if frame.crs is None or frame.crs.to_epsg() != WGS84:
        msg = f"base layer {layer}: expected EPSG:4326, got {frame.crs}"
        raise ValueError(msg)
    if frame["id"].duplicated().any():
        msg = f"base layer {layer}: expected unique ids, got twice {sorted(frame.loc[frame['id'].duplicated(), 'id'])}"
        raise ValueError(msg)
    rounded = frame.copy()
    rounded.geometry = shapely.set_precision(rounded.geometry.values, 10.0**-DECIMALS)
    broken = rounded[~rounded.is_valid | rounded.is_empty]
    if len(broken):
        msg = f"base layer {layer}: expected valid geometry, got invalid or empty {sorted(broken['id'])}"
        raise ValueError(msg)
    rounded = rounded.sort_values("id")
    features = json.loads(rounded.to_json(drop_id=True, na="null"))["features"]
    # One feature a line: a change of one place is a change of one line.
    lines = (json.dumps(round_numbers(feature), ensure_ascii=False, separators=(",", ":")) for feature in features)
    text = f'{{"type":"FeatureCollection","name":"{layer}","features":[\n' + ",\n".join(lines) + "\n]}\n"
    (BASE / f"{layer}.geojson").write_text(text, "utf-8")


def main() -> int:
    """Build all layers and say how long each took."""
    BASE.mkdir(exist_ok=True)
    counties = build_counties()
    lakes = build_lakes()
    builders: dict[str, Callable[[], gpd.GeoDataFrame]] = {
        "city": build_city,
        "counties": lambda: counties,
        # A lake drawn between a few points of its shore takes no land from a town.
        "towns": lambda: build_towns(counties, lakes[lakes["basis"] != "schematic"]),
        "town_seats": build_seats,
        "lakes": lambda: lakes,
        "sea": build_sea,
        "rivers": lambda: build_lines("water").query("kind != 'shore'"),
        "zones": lambda: build_areas("zones"),
        "rail": lambda: build_lines("rail"),
        "rail_stations": lambda: build_nodes("rail"),
        "metro": lambda: build_lines("metro"),
        "metro_stations": lambda: build_nodes("metro"),
        "roads": lambda: build_lines("roads"),
        "junctions": lambda: build_nodes("roads"),
    }
    if set(builders) != set(LAYERS):
        msg = f"expected a builder for each of {LAYERS}, got {tuple(builders)}"
        raise ValueError(msg)
    for layer, build in builders.items():
        start = time.perf_counter()
        frame = build()
        write(frame, layer)
        sys.stdout.write(f"{layer:16} {len(frame):5} features {time.perf_counter() - start:6.2f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
