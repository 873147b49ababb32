"""What the page "export" shows: the list of layers, the choices, how much it is, what was made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.export.desk import find_areas, kind_of, names_of
from app.export.size import measure
from app.export.state import FORMATS, KINDS
from app.library import located_places
from app.telling import about_place, place_name, plan_name
from layers.catalogue import read_collections
from layers.files import read_base_layers, read_formats, read_systems
from layers.files.choice import BASE

if TYPE_CHECKING:
    from app.export.desk import ExportDesk
    from app.library import Library
    from app.wording import Words

_MOST_CHOSEN: Final = 12
_KB: Final = 1000.0


def describe_export_panel(desk: ExportDesk, library: Library, words: Words) -> dict[str, Any]:
    """Return what the sidebar's template shows."""
    listed = desk.listed(library)
    chosen = set(desk.state.layers)
    groups: dict[str, list[dict[str, Any]]] = {}
    for layer in listed:
        groups.setdefault(layer.partition("/")[0], []).append(
            {
                "id": layer,
                "name": layer_name(layer, library, words),
                "on": layer in chosen,
                "count": "" if layer in read_base_layers() else len(library.cards[layer]["components"]),
            }
        )
    return {
        "text": desk.text,
        "plans": [{"id": each, "name": group_name(each, words), "chosen": each == desk.state.plan}
                  for each in (*read_collections(), BASE)],
        "kinds": [{"id": each, "name": words(f"export.kinds.{each}"), "chosen": each == desk.state.kind}
                  for each in KINDS],
        "groups": [{"name": group_name(group, words), "layers": layers} for group, layers in groups.items()],
        "listed": len(listed),
        "chosen": len(chosen),
    }  # fmt: skip


def group_name(group: str, words: Words) -> str:
    """Return the name of a plan, or of the base layers."""
    plan = read_collections().get(group)
    return words("export.kinds.base") if plan is None else plan_name(plan, words)


def layer_name(layer: str, library: Library, words: Words) -> str:
    """Return a layer's name in the language of the page."""
    zh, en, _ = names_of(layer, library)
    return en if words.lang == "en" and en else zh


def describe_export_form(desk: ExportDesk, library: Library, words: Words) -> dict[str, Any]:
    """Return what the form's template shows."""
    state = desk.state
    size = measure(state.layers, library, area=desk.area(library))
    place = located_places().get(state.area)
    areas = find_areas(desk.area_text, library)
    forms = [read_formats()[each] for each in state.formats]
    elsewhere = [form.name for form in forms if state.system not in form.systems]
    return {
        "chosen": [
            {"id": each, "name": layer_name(each, library, words),
             "about": " · ".join(dict.fromkeys((group_name(each.partition("/")[0], words),
                                                words(f"export.kinds.{kind_of(each, library)}"))))}
            for each in state.layers[:_MOST_CHOSEN]
        ],
        "more": max(0, len(state.layers) - _MOST_CHOSEN),
        "count": len(state.layers),
        "area": "" if place is None else place_name(place, words),
        "area_text": desk.area_text,
        "areas": [{"id": each.id, "name": place_name(each, words), "about": about_place(each, words)}
                  for each in areas],
        "none": desk.unknown or (desk.area_text.strip() if desk.area_text.strip() and not areas else ""),
        "formats": [
            {"id": each, "name": read_formats()[each].name, "on": each in state.formats,
             "hint": words(f"export.formats.{each}")}
            for each in FORMATS
        ],
        "systems": [
            {"id": each, "name": read_systems()[each].en if words.lang == "en" else read_systems()[each].zh,
             "chosen": each == state.system}
            for each in desk.systems
        ],
        "instead": _instead(elsewhere, forms, words),
        "shifted": not read_systems()[state.system].epsg,
        "zipped": state.zipped,
        "may_be_single": len(forms) == 1,
        "rows": size.rows,
        "nowhere": size.nowhere,
        "size": tell_size(size.estimate(state.formats, zipped=state.zipped), words),
        "by_area": place is not None,
        "trouble": desk.trouble,
    }  # fmt: skip


def _instead(names: list[str], forms: list[Any], words: Words) -> str:
    """Tell which formats come in another system than the chosen one."""
    if not names:
        return ""
    first = next(form for form in forms if form.name in names)
    return words("export.instead", formats="、".join(names) if words.lang == "zh" else ", ".join(names),
                 system=read_systems()[first.systems[0]].code)  # fmt: skip


def describe_made(desk: ExportDesk, words: Words) -> dict[str, Any]:
    """Return what the template tells of the files that were made."""
    made = desk.made
    assert made is not None
    return {
        "name": made.name,
        "size": tell_size(made.size, words),
        "rows": made.rows,
        "nowhere": made.nowhere,
        "digest": made.digest,
        "notes": made.notes[:_MOST_CHOSEN],
        "more_notes": max(0, len(made.notes) - _MOST_CHOSEN),
        "packed": made.packed,
    }


def tell_size(size: int, words: Words) -> str:
    """Say a number of bytes in two digits."""
    if size < _KB**2:
        return words("export.kb", n=f"{max(size / _KB, 1):.2g}" if size < 100 * _KB else f"{size / _KB:.0f}")
    mega = size / _KB**2
    return words("export.mb", n=f"{mega:.1f}" if mega < 10 else f"{mega:.0f}")  # noqa: PLR2004
