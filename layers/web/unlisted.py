"""Towns of a plan's own district that no component of a layer names: marked and named as on the sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import shapely

from layers.drawing.mark import Z
from layers.drawing.shapes import rounded
from layers.sheet.ground import find_focus, find_left_out
from layers.sheet.words import read_words
from layers.web.encoding import encode_geometry, simplify

if TYPE_CHECKING:
    import geopandas as gpd

    from layers.model import Layer
    from layers.style import Style
    from layers.web.bands import Band
    from layers.web.marks import Feature, Paint

NOBODY: Final = 0
"""Stands for the component: theirs is none, and no click finds one."""
_NAME_PX: Final = 12.5
_FROM: Final = 10
_M_PER_MM: Final = 60.0


def find_unlisted(layer: Layer) -> gpd.GeoDataFrame:
    """Return the towns (EPSG:4549) that a layer leaves out, where it goes by towns; none for the whole city."""
    return find_left_out([layer], focus=find_focus(layer.structure.plan), metres_per_mm=_M_PER_MM)


def paint_unlisted(towns: gpd.GeoDataFrame, *, style: Style, band: Band) -> tuple[list[Feature], dict[str, Paint]]:
    """Draw left-out towns for a zoom band: white, with a dashed grey edge, below all marks; see `paint_layer`."""
    if not len(towns):
        return [], {}
    form, basis, width = style.unlisted, style.basis["indicative"], band.px(style.unlisted.edge_pt)
    common: Paint = {"b": "indicative", "r": "area"}
    paints: dict[str, Paint] = {
        "unlisted": common | {"k": "under", "z": Z["fade"] - 1.0, "f": form.fill, "fo": 1.0},
        "unlisted-edge": common
        | {"k": "edge", "z": Z["fade"] - 0.5, "st": form.edge, "so": 1.0, "w": width}
        | {"d": [round(step * width, 2) for step in form.dash]},
    }
    features = []
    for town in towns.geometry:
        mpm = band.metres_per_mm
        shape = rounded(town, radius=basis.round_mm * mpm, inset=basis.inset_mm * mpm)
        geometry = encode_geometry(simplify(shape, tolerance=band.tolerance_m))
        if geometry:
            features += [{"type": "Feature", "geometry": geometry, "properties": {"c": NOBODY, "s": k}} for k in paints]
    return sorted(features, key=lambda each: paints[each["properties"]["s"]]["z"]), paints


def name_unlisted(towns: gpd.GeoDataFrame, *, style: Style) -> list[Feature]:
    """Name left-out towns and say so; ``un`` holds the bare names, so that the base map does not print them again."""
    features = []
    for row in towns.itertuples():
        spot = shapely.Point(shapely.maximum_inscribed_circle(row.geometry, tolerance=_M_PER_MM).coords[0])
        properties: dict[str, Any] = {
            "k": "member",
            "zh": f"{row.name_zh}（{read_words('zh')('unlisted_name')}）",
            "en": f"{row.name_en} ({read_words('en')('unlisted_name')})",
            "un": [row.name_zh, row.name_en],
            "c": NOBODY,
            "px": _NAME_PX,
            "ink": style.text.second,
            "from": _FROM,
            "pr": 4,
        }
        features.append({"type": "Feature", "geometry": encode_geometry(spot), "properties": properties})
    return features


def tell_unlisted(towns: gpd.GeoDataFrame) -> dict[str, Any] | None:
    """Return the legend's row for left-out towns, or None where there are none."""
    if not len(towns):
        return None
    return {
        "text_zh": read_words("zh")("unlisted"),
        "text_en": read_words("en")("unlisted"),
        "towns_zh": list(towns["name_zh"]),
        "towns_en": list(towns["name_en"]),
    }
