"""The answer on the page "what applies here": by plan, what applies, how surely and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import shapely

from app.library import located_places
from app.swatches import component_swatch
from app.telling import accuracy_text, place_name, plan_name, tell_lines
from geodata.coordinates import write_position
from geodata.crs import project
from layers.catalogue import find_plan, read_collections
from layers.chapters import tell_chapter
from layers.reading import describe_place, group_hits, read_ring, tell_hit, tell_length, tell_measure
from layers.reading.measured import find_measured

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from app.address import State
    from app.here.desk import HereDesk
    from app.library import Library
    from app.wording import Words
    from layers.reading import Finding

_MOST_FURTHER: Final = 40
_PROJECTS: Final = "projects"


def describe_answer(desk: HereDesk, library: Library, words: Words, *, state: State) -> dict[str, Any]:
    """Return what the answer's template shows."""
    answer = desk.answer_question(library.index)
    findings = group_hits(answer.hits)
    shown = {
        plan: [each for each in found if each.best.certainty not in desk.state.unshown]
        for plan, found in findings.items()
        if plan not in desk.state.hidden
    }
    measured = _measured(desk, library, words)
    return {
        "asked": desk.state.asked,
        "question": _describe_question(desk, library, words, state=state),
        "plans": [
            {
                "id": plan.id,
                "name": plan_name(plan, words),
                "title": plan.title_en if words.lang == "en" else plan.title_zh,
                "structures": _rows(shown.get(plan.id, []), desk, library, words, projects=False),
                "projects": _rows(shown.get(plan.id, []), desk, library, words, projects=True),
                "indicators": measured.get(plan.id, []),
            }
            for plan in read_collections().values()
            if plan.id not in desk.state.hidden and (shown.get(plan.id) or measured.get(plan.id))
        ],
        "found": sum(map(len, findings.values())),
        "shown": sum(map(len, shown.values())),
        "further": _further(answer.further, library, words),
    }


def _describe_question(desk: HereDesk, library: Library, words: Words, *, state: State) -> dict[str, Any]:
    """Return what is asked of, in words: its name, where it lies, how it was read."""
    point, area = desk.point(library.index), desk.area(library.index)
    place = located_places().get(desk.state.place)
    lines: list[str] = []
    title = ""
    if point is not None:
        title = place_name(place, words) if place is not None else write_point(point, state)
        if place is not None:
            lines.append(f"{write_point(point, state)} · {accuracy_text(place.accuracy_m, words)}")
        lines.append(_towns(point, library, words))
    elif area is not None:
        title = place_name(place, words) if place is not None else words("here.drawn")
        lines.append(words("here.area", km2=f"{area.area / 1e6:.{1 if area.area > 1e7 else 2}f}"))  # noqa: PLR2004
        if place is not None:
            lines.append(accuracy_text(library.index.areas[place.geometry].accuracy_m, words))
    read = desk.read
    if read is not None:
        told = words("here.was_read", system=words(f"here.systems.{read.system}"))
        lines.append(told)
        if read.notation != "metres" and not read.stated and read.system in ("wgs84", "4490"):
            lines.append(words("here.shift_hint"))
    distance = tell_length(desk.state.near, lang=words.lang) if desk.state.near else ""
    return {
        "title": title,
        "lines": [line for line in lines if line],
        "around": words("here.around", distance=distance) if distance else words("here.around_none"),
    }


def _towns(point: tuple[float, float], library: Library, words: Words) -> str:
    """Return the county unit and the town (approximate) at a point."""
    county, town = describe_place(*point, lang=words.lang, index=library.index)
    if not county:
        return words("here.outside")
    key = "data.inside" if library.manifest.get("surveyed_towns") else "here.inside"
    return words(key, county=county, town=town) if town else county


def write_point(point: tuple[float, float], state: State) -> str:
    """Write a position in the system that the reader has chosen for the map."""
    if state.crs == "4549":
        return f"{write_position(*point, system='4549', decimals=0)} m"
    return write_position(*point, system=state.crs, decimals=5)


def _rows(
    found: list[Finding], desk: HereDesk, library: Library, words: Words, *, projects: bool
) -> list[dict[str, Any]]:
    rows = []
    for finding in found:
        hit = finding.best
        if (hit.kind == _PROJECTS) != projects:
            continue
        component = library.components[hit.fid]
        chosen = hit.fid == desk.state.selected
        rows.append(
            {
                "fid": hit.fid,
                "name": words.pick(component, "name"),
                "structure": hit.structure_en if words.lang == "en" else hit.structure_zh,
                "image": component_swatch(component),
                "certainty": hit.certainty,
                "certainty_name": words(f"here.certainties.{hit.certainty}"),
                "distance": tell_length(hit.distance_m, lang=words.lang) if hit.distance_m else "",
                "why": tell_hit(hit, lang=words.lang),
                "measure": tell_measure(hit, lang=words.lang),
                "chosen": chosen,
                "details": _details(finding, library, words) if chosen else [],
                "how": words.pick(component, "how") if chosen else "",
            }
        )
    return rows


def _details(finding: Finding, library: Library, words: Words) -> list[tuple[str, str]]:
    hit = finding.best
    component = library.components[hit.fid]
    facts = [
        (words("role"), words(f"roles.{hit.role}")),
        (words("basis"), words(f"basis_words.{hit.basis}")),
        (words("accuracy"), accuracy_text(hit.accuracy_m, words)),
    ]
    if theme := words.pick(component, "theme"):
        facts.append((words("theme"), theme))
    facts.append(
        (words("here.where"), f"{tell_chapter(hit.chapter, lang=words.lang)} · {tell_lines(component['lines'], words)}")
    )
    return facts


def _measured(desk: HereDesk, library: Library, words: Words) -> dict[str, list[dict[str, Any]]]:
    """Return the areas with indicators, by plan."""
    asked = question_shape(desk, library)
    found: dict[str, list[dict[str, Any]]] = {}
    for each in find_measured(library.index, asked) if asked is not None else ():
        titles = each.titles_en if words.lang == "en" else each.titles_zh
        found.setdefault(each.plan, []).append(
            {
                "place": each.place,
                "name": words("here.indicators", n=each.indicators,
                              area=each.name_en if words.lang == "en" and each.name_en else each.name_zh),
                "about": ("；" if words.lang == "zh" else "; ").join(titles),
            }
        )  # fmt: skip
    return found


def question_shape(desk: HereDesk, library: Library) -> BaseGeometry | None:
    """Return what is asked of as a point or a polygon in EPSG:4549."""
    if desk.state.ring:
        return read_ring(desk.state.ring)
    area, point = desk.area(library.index), desk.point(library.index)
    if area is not None or point is None:
        return area
    x, y = project(*point)
    return shapely.Point(float(x), float(y))


def _further(hits: Any, library: Library, words: Words) -> dict[str, Any]:
    rows = [
        {
            "fid": finding.best.fid,
            "name": words.pick(library.components[finding.best.fid], "name"),
            "about": f"{plan_name(find_plan(plan), words)} · {tell_hit(finding.best, lang=words.lang)}",
        }
        for plan, found in group_hits(hits).items()
        for finding in found
    ]
    return {"count": len(rows), "rows": rows[:_MOST_FURTHER], "more": max(0, len(rows) - _MOST_FURTHER)}
