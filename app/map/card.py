"""The card: what the atlas knows of the chosen component or place, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.projects.telling import describe_project
from app.swatches import component_swatch, unlocated_swatch
from app.telling import about_place, accuracy_text, place_name, plan_name, single_credits, tell_where
from geodata.crs import project, wgs84_to_gcj02
from layers.catalogue import find_plan
from layers.own import OWN_PLAN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.address import State
    from app.library import Card, Library
    from app.wording import Words
    from gazetteer import Place

_FEW_DIGITS: Final = 100.0
_MOST_OTHERS: Final = 8


def describe_component(
    fid: str, library: Library, words: Words, *, point: tuple[float, float] | None
) -> dict[str, Any]:
    """Return what the card's template shows of a component.

    Parameters
    ----------
    fid
        Id of the component, ``<layer>#<number>``.
    point
        Longitude and latitude that were clicked: what else lies there is listed. None: the component's middle.
    """
    component = library.components[fid]
    card = library.cards[library.layer_of(fid)]
    plan = find_plan(card["plan"])
    point = point or _middle(component["bounds"])
    return {
        "path": [plan_name(plan, words), words.pick(card, "name")],
        "name": words.pick(component, "name"),
        "second": _second_name(component, words),
        "image": component_swatch(component),
        "role": words(f"roles.{component['role']}"),
        "basis": component["basis"],
        "basis_name": words(f"bases.{component['basis']}"),
        "basis_words": words(f"basis_words.{component['basis']}"),
        "where": tell_where(words.pick(component["project"] or card, "chapter"), component["lines"], words),
        "printed": component["printed"],
        "facts": _facts(component, words, of_plan=card["plan"] != OWN_PLAN.id),
        "fields": component["fields"],
        "members": [_member(member, component, library, words) for member in component["members"]],
        "how": words.pick(component, "how"),
        "unlocated": component["basis"] == "unlocated",
        "source": single_credits(component["source_en" if words.lang == "en" else "source"]),
        # A project is told with what the other plans say of it; anything else with a link to them.
        "project": describe_project(component["project"], words) if component["project"] else None,
        "same_as": []
        if component["project"]
        else [_same(each["fid"], library, words) for each in component["same_as"] if each["fid"] in library.components],
        "others": _others(point, library, words, leave=card["id"]) if point else [],
        "located": component["bounds"] is not None,
    }


def _same(fid: str, library: Library, words: Words) -> dict[str, str]:
    """Return what another plan calls the same thing, in the language of the page."""
    card = library.cards[library.layer_of(fid)]
    plan = plan_name(find_plan(card["plan"]), words)
    return {"fid": fid, "name": f"{plan} · {words.pick(library.components[fid], 'name')}"}


def _second_name(component: Card, words: Words) -> str:
    """Return the name in the other language, where there is one."""
    zh, en = component["name_zh"], component["name_en"]
    return "" if zh == en else zh if words.lang == "en" else en


def _middle(bounds: list[float] | None) -> tuple[float, float] | None:
    return None if bounds is None else ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)


def _facts(component: Card, words: Words, *, of_plan: bool) -> list[tuple[str, str]]:
    facts = []
    if (theme := words.pick(component, "theme")) and not component["project"]:
        facts.append((words("theme"), theme))
    if extent := words.pick(component, "extent"):
        facts.append((words("bounds_words"), extent))
    stated, drawn = component["stated_km2"], component["drawn_km2"]
    if stated or (of_plan and not component["project"]):
        facts.append((words("stated_area"), f"{stated:g} km²" if stated else words("stated_none")))
    if component["basis"] == "unlocated":
        text = words("drawn_not")
    elif drawn is None:
        text = words("drawn_none")
    else:
        area = f"{round(drawn, 1 if drawn < _FEW_DIGITS else 0):g}"
        text = f"{area} km²"
        if stated:
            difference = round(100 * (drawn / stated - 1))
            sign = "+" if difference > 0 else "−" if difference < 0 else "±"
            text = words("drawn_compared", area=area, sign=sign, percent=abs(difference))
    facts += [(words("drawn_area"), text), (words("accuracy"), accuracy_text(component["accuracy_m"], words))]
    return facts


def _member(member: dict[str, Any], component: Card, library: Library, words: Words) -> dict[str, Any]:
    stem = component["fid"].rpartition("#")[0]
    sharers = [words.pick(library.components[f"{stem}#{number}"], "name") for number in member["shared"]]
    return {
        "name": member["name_en"] if words.lang == "en" and member["name_en"] else member["name"],
        "extent": words(f"extents.{member['extent']}"),
        "place": member["place"],
        "note": words.pick(member, "note"),
        "shared": words("shared_with", names=_list(sharers, words)) if sharers else "",
    }


def _list(names: Iterable[str], words: Words) -> str:
    return ("、" if words.lang == "zh" else ", ").join(names)


def _others(point: tuple[float, float], library: Library, words: Words, *, leave: str = "") -> list[dict[str, str]]:
    """List the components of other layers that cover a point."""
    found = []
    for fid in library.at(*point):
        layer = library.layer_of(fid)
        if layer == leave:
            continue
        component, card = library.components[fid], library.cards[layer]
        about = f"{plan_name(find_plan(card['plan']), words)} · {words.pick(card, 'name')}"
        found.append(
            {"fid": fid, "name": words.pick(component, "name"), "about": about, "image": component_swatch(component)}
        )
    return found[:_MOST_OTHERS]


def describe_place(place: Place, library: Library, words: Words, *, state: State) -> dict[str, Any]:
    """Return what the card's template shows of a place."""
    return {
        "name": place_name(place, words),
        "second": place.name_zh if words.lang == "en" else place.name_en,
        "about": about_place(place, words),
        "aliases": _list(
            (alias for alias in dict.fromkeys(place.aliases) if alias not in (place.name_zh, place.name_en)), words
        ),
        "basis": place.basis,
        "basis_name": words(f"bases.{place.basis}"),
        "image": unlocated_swatch() if not place.located else "",
        "coordinates": _coordinates(place, state) if place.position else "",
        "accuracy": accuracy_text(place.accuracy_m, words),
        "located": place.located,
        "others": _others(place.position, library, words) if place.position else [],
        "members": _memberships(place, library, words),
    }


def _coordinates(place: Place, state: State) -> str:
    assert place.position is not None
    lon, lat = place.position
    if state.crs == "4549":
        east, north = project(lon, lat)
        return f"E {float(east):.0f}, N {float(north):.0f} m (EPSG:4549)"
    name = {"wgs84": "WGS 84", "4490": "CGCS2000", "gcj02": "GCJ-02"}[state.crs]
    if state.crs == "gcj02":
        x, y = wgs84_to_gcj02(lon, lat)
        lon, lat = float(x), float(y)
    return f"{lon:.5f}°E, {lat:.5f}°N ({name})"


def _memberships(place: Place, library: Library, words: Words) -> list[dict[str, str]]:
    """List the components that name a place as a member."""
    found = []
    for component in library.components.values():
        structure = words.pick(library.cards[library.layer_of(component["fid"])], "name")
        found += [
            {
                "fid": component["fid"],
                "name": words.pick(component, "name"),
                "about": f"{structure} · {words('extents.' + member['extent'])}",
                "image": component_swatch(component),
            }
            for member in component["members"]
            if member["place"] == place.id
        ]
    return found
