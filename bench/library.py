"""Times of the library and the command line, beside what a reader would pick instead."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COMMAND = Path(sys.executable).with_name("plan-atlas")


def measure(work: Callable[[], Any], *, times: int = 5) -> float:
    """Return the best wall time of some runs, in seconds: the least disturbed one."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def run_command(*arguments: str) -> Callable[[], Any]:
    """Return a cold call of the command line."""
    return lambda: subprocess.run([COMMAND, *arguments], check=True, capture_output=True)


def results() -> Iterator[dict[str, Any]]:
    """Yield one measurement after the other."""
    yield {
        "what": "plan-atlas geocode 太湖科学城, cold",
        "value": measure(run_command("geocode", "太湖科学城")),
        "unit": "s",
        "bar": 1.0,
    }
    yield {
        "what": "plan-atlas at 120.52 31.25, cold",
        "value": measure(run_command("at", "120.52", "31.25")),
        "unit": "s",
    }

    from gazetteer import geocode, open_register
    from layers.building import build_layer
    from layers.catalogue import read_structures
    from layers.export import to_geojson
    from layers.opening import open_layer
    from layers.reading import open_index, read_area, read_point

    names = [place.name_zh for place in open_register().places.values()]
    once = measure(lambda: [geocode(name, plan="wuzhong-14fyp") for name in names])
    yield {"what": "geocode, warm, a name", "value": once / len(names) * 1e6, "unit": "µs"}
    structures = list(read_structures().values())
    yield {
        "what": f"build all {len(structures)} layers",
        "value": measure(lambda: [build_layer(structure) for structure in structures], times=2),
        "unit": "s",
    }
    layers = [open_layer(structure.layer_id) for structure in structures]
    yield {
        "what": "export all layers to GeoJSON, warm",
        "value": measure(lambda: [to_geojson(layer.features) for layer in layers], times=2),
        "unit": "s",
    }
    from layers.files import geopackage, read_systems
    from layers.files.job import Job
    from layers.files.table import open_table

    tables = tuple(open_table(structure.layer_id) for structure in structures)
    job = Job(stem="a", tables=tables, system=read_systems()["4549"])
    yield {
        "what": "export all layers to one GeoPackage with styles, warm",
        "value": measure(lambda: geopackage.write(job), times=2),
        "unit": "s",
        "bar": 5.0,
    }
    yield {
        "what": "what applies at a point, all layers, warm",
        "value": measure(lambda: read_point(120.52, 31.25)) * 1e3,
        "unit": "ms",
        "bar": 100.0,
    }
    areas = open_index().areas
    largest = max((ref for ref in areas if ref.startswith("counties/")), key=lambda ref: areas[ref].ground.area)
    yield {
        "what": f"what applies in a district, all layers, warm ({areas[largest].name_zh})",
        "value": measure(lambda: read_area(areas[largest].ground)) * 1e3,
        "unit": "ms",
        "bar": 500.0,
    }
    yield from _map_results(layers)


def _map_results(layers: list[Any]) -> Iterator[dict[str, Any]]:
    """Compare a map of the headline structure with plain folium, the usual few lines."""
    layer = next(layer for layer in layers if layer.id == "wuzhong-14fyp/wuzhong-core-axis-belt")
    page = folium.Map(tiles=None)
    folium.GeoJson(layer.features.to_json()).add_to(page)
    yield {
        "what": "核轴带 in plain folium: page sent anew at each change; needs the network",
        "value": len(page.get_root().render().encode()) / 1e3,
        "unit": "kB",
    }
    from layers.sheet import draw_sheet

    target = Path(tempfile.mkdtemp()) / "sheet.png"
    for ending, bar in (("png", 1.5), ("pdf", 3.0)):
        path = target.with_suffix(f".{ending}")
        yield {
            "what": f"核轴带 as a sheet, {ending.upper()} 16:9 at 200 dpi, warm",
            "value": measure(lambda path=path: draw_sheet([layer], page="16:9", dpi=200).save(path), times=3),  # type: ignore[misc]
            "unit": "s",
            "bar": bar,
        }
