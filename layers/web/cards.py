"""What the card and the tree tell of a layer, as one small JSON a layer: everything the reader may ask of a shape."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import msgspec

from geodata.sources import describe_sources
from layers.catalogue import read_structures
from layers.chapters import tell_chapter
from layers.drawing import anchor_numbers, component_label, pens_of
from layers.drawing.cells import cells_of
from layers.ground import Ground
from layers.lines import describe_lines
from layers.projects import compare_attestations, locate_attestations, read_projects
from layers.projects.record import name_of
from layers.sheet.texts import chapter_of
from layers.sheet.words import read_words
from layers.web.bands import BANDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from gazetteer import Place
    from layers.model import Component, Layer, Member
    from layers.style import ComponentColour, Style

_DECIMALS: Final = 5
_SEEN_AT: Final = BANDS[1]
"""The band whose look the swatches show: there a district fills the screen."""
# What a component looks like in the legend, when it is drawn from pieces of several forms.
_FORM_ORDER: Final = ("arrow", "band", "ring", "fill", "disc", "block", "patch", "line", "point")


def tell_layer(layer: Layer, *, style: Style) -> dict[str, Any]:
    """Return what the app shows of a layer and its components; see `tell_component`."""
    structure = layer.structure
    pens = pens_of(layer, style=style, metres_per_mm=_SEEN_AT.metres_per_mm)
    numbers = anchor_numbers(layer, style=style, metres_per_mm=_SEEN_AT.metres_per_mm)
    ground = Ground(plan=structure.plan)
    places = _places_of(layer, ground)
    located = layer.features[~layer.features.geometry.is_empty]
    return {
        "id": layer.id,
        "plan": structure.plan,
        "name_zh": structure.name_zh,
        "name_en": structure.name_en,
        "kind": structure.kind,
        "importance": structure.importance,
        "chapter_zh": structure.chapter,
        "chapter_en": chapter_of(layer, read_words("en")),
        "lines": describe_lines(structure.lines),
        "note_zh": structure.note_zh,
        "note_en": structure.note_en,
        "bounds": _bounds(located),
        "components": [
            tell_component(layer, component, colour=pens[component.no].colour, places=places)
            | {"number": numbers.get(component.no)}
            for component in structure.components
        ],
        "shared": _shared(layer),
    }


def tell_component(
    layer: Layer, component: Component, *, colour: ComponentColour, places: Mapping[str, Place | None]
) -> dict[str, Any]:
    """Return a component's record for the card.

    ``bounds`` are west, south, east, north in degrees, or None; ``drawn_km2`` is None where an edge is not stated.
    """
    rows = layer.features[layer.features["component"] == component.no]
    pieces = layer.pieces[layer.pieces["component"] == component.no]
    forms = set(pieces["form"])
    drawn = rows[~rows.geometry.is_empty]
    sources = ";".join(dict.fromkeys(part for text in rows["source"] for part in str(text or "").split(";") if part))
    measured = rows["area_km2"].dropna()
    return {
        "fid": f"{layer.id}#{component.no}",
        "no": component.no,
        "name_zh": component.name_zh,
        "name_en": component.name_en,
        "label_zh": component_label(component),
        "label_en": component_label(component, lang="en"),
        "role": component.role,
        "basis": rows["basis"].iloc[0],
        "form": next((form for form in _FORM_ORDER if form in forms), ""),
        "status": next((str(each) for each in pieces["status"] if each), ""),
        "line_theme": next((str(each) for each in pieces["theme"] if each), ""),
        "colour": msgspec.to_builtins(colour),
        "lines": describe_lines(component.lines),
        "printed": component.printed,
        "evidence": component.evidence,
        "theme_zh": component.theme_zh,
        "theme_en": component.theme_en,
        "extent_zh": component.bounds_zh,
        "extent_en": component.bounds_en,
        "direction": component.direction,
        "stated_km2": component.stated_area_km2,
        "drawn_km2": float(measured.sum()) if len(measured) else None,
        "accuracy_m": _number(rows["accuracy_m"].max()),
        "how_zh": rows["how_zh"].iloc[0],
        "how_en": rows["how_en"].iloc[0],
        "source": describe_sources(sources) if sources else "",
        "source_en": describe_sources(sources, lang="en") if sources else "",
        "bounds": _bounds(drawn),
        "members": [_tell_member(member, component, layer, places) for member in component.members],
        "same_as": [_tell_same(other) for other in component.same_as],
        "project": _tell_project(component, layer) if component.project else None,
        # What the bureau's own file says of it.
        "fields": [[key, str(value)] for key, value in component.rule.params.get("fields", {}).items()],
    }


def _tell_project(component: Component, layer: Layer) -> dict[str, Any]:
    """Return what a plan says of a project, and what the others say of it otherwise."""
    project = read_projects()[component.project]
    said = project.of_plan(layer.structure.plan)
    assert said is not None
    where = locate_attestations(project)
    return {
        "id": project.id,
        "kind": project.kind,
        "status": component.status,
        "status_zh": component.status_zh,
        "size_zh": component.size_zh,
        "size_en": said.size_en,
        "note_zh": component.note_zh,
        "note_en": component.note_en,
        "chapter_zh": component.chapter,
        "chapter_en": tell_chapter(component.chapter, lang="en"),
        "others": [
            {
                "plan": other.plan,
                "fid": where[other.plan],
                "name_zh": name_of(project, other),
                "name_en": name_of(project, other, lang="en"),
                "status": other.status,
                "status_zh": other.status_zh,
                "size_zh": other.size_zh,
                "size_en": other.size_en,
                "differs": list(compare_attestations(project, said, other)),
            }
            for other in project.attestations
            if other is not said
        ],
    }


def _shared(layer: Layer) -> list[list[int]]:
    """Return the sets of components that share filled land, each once: what the map stripes."""
    fills = layer.pieces[(layer.pieces["form"] == "fill") & ~layer.pieces.geometry.is_empty]
    return [list(each) for each in dict.fromkeys(cell.components for cell in cells_of(fills) if cell.shared)]


def _places_of(layer: Layer, ground: Ground) -> dict[str, Place | None]:
    """Return the place of every member of a layer, by what the member is called or points to."""
    keys = {member.place or member.name for component in layer.structure.components for member in component.members}
    return {key: ground.place(key) for key in sorted(keys)}


def _tell_member(
    member: Member, component: Component, layer: Layer, places: Mapping[str, Place | None]
) -> dict[str, Any]:
    place = places[member.place or member.name]
    sharers: defaultdict[str, list[int]] = defaultdict(list)
    for other in layer.structure.components:
        for each in other.members:
            found = places[each.place or each.name]
            sharers[found.id if found else each.name].append(other.no)
    own = sharers[place.id if place else member.name]
    return {
        "name": member.name,
        "name_en": place.name_en if place else "",
        "extent": member.extent,
        "place": place.id if place and place.located else "",
        "note_zh": member.note_zh,
        "note_en": member.note_en,
        "shared": [no for no in dict.fromkeys(own) if no != component.no],
    }


def _tell_same(reference: str) -> dict[str, str]:
    layer_id, _, number = reference.partition("#")
    known = read_structures().get(layer_id)
    return {"fid": reference if known else "", "name": known.name_zh if known else reference, "no": number}


def _bounds(rows: pd.DataFrame) -> list[float] | None:
    return None if rows.empty else [round(float(value), _DECIMALS) for value in rows.total_bounds]


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)  # noqa: PLR0124 - not a number is not itself
