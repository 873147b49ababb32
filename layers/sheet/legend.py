"""Rows of the legend for a structure: what is on the map and nothing else."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from layers.catalogue import find_plan
from layers.drawing.cells import cells_of
from layers.drawing.names import component_title
from layers.sheet import swatches
from layers.sheet.looks import Part, parts_of, swatch_of
from layers.sheet.rows import Row
from layers.sheet.words import component_name, join_names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from layers.drawing.forms import Pen
    from layers.drawing.mark import Mark
    from layers.model import Component
    from layers.sheet.shown import Shown
    from layers.sheet.words import Words

_MOST_UNLOCATED: Final = 3
_SHORT_LIST: Final = 14
"""Characters up to which components that look alike are named in their row."""


def structure_rows(shown: Shown, *, words: Words, merge: bool, listed: bool = False) -> list[Row]:
    """Return the rows of a structure: one a component, alike ones together, then shared, then unlocated ones.

    With `merge` siblings share a row; with `listed` the components are named in a list of their own.
    """
    layer, style = shown.layer, shown.style
    parts = parts_of(shown, lang=words.lang)
    groups: dict[Any, list[Part]] = defaultdict(list)
    for part in parts:
        key = part.looks
        if part.anchored or (part.number is not None and not part.is_line):
            key = (part.component.role, "numbered")
        elif merge and part.forms in (("fill",), ("fill", "patch"), ("patch", "fill")):
            key = (part.component.role, "fill")
        groups[key].append(part)
    rows = [_row(group, words, listed=listed) for group in groups.values()]
    rows += _shared_rows(shown, words=words)
    drawn = {part.component.no for part in parts} | shown.outside
    missing = [c for c in layer.structure.components if c.no not in drawn]
    if missing:
        labels = [component_title(c, lang=words.lang) for c in missing]
        names = join_names(labels, words)
        if listed and len(labels) > _MOST_UNLOCATED:
            names = words("others", first=join_names(labels[:2], words), count=len(labels))
        rows.append(
            Row(
                text=names,
                english=words("unlocated_en") if words.second is None else _unlocated(missing, words.second),
                swatch=lambda x, y: swatches.unlocated_swatch(x, y, style=style),
            )
        )
    return rows


def layer_row(shown: Shown, words: Words, *, plan: bool) -> Row:
    """Return the name of a layer as it stands over its rows; with `plan` also the plan that says it."""
    structure = shown.layer.structure
    names = [component_name(getattr(structure, f"name_{each.lang}")) for each in (words, words.second) if each]
    said = find_plan(structure.plan)
    short = said.short_zh if words.lang == "zh" and words.second is None else said.short_en
    second = [*names[1:], *([short] if plan else [])]
    return Row(text=names[0], english=" · ".join(second), names_layer=True)


def _numbered_row(group: list[Part], words: Words, *, listed: bool) -> Row:
    """Return the row of anchors, or of lines and points that carry a numeral instead of their name."""
    group = sorted(group, key=lambda part: part.number or 0)
    first = group[0]
    zh = words.lang == "zh"
    role = words(f"role.{first.component.role}")
    gap = "　" if zh else ": "
    note = words("numbers") if first.anchored else words("badges")
    english = (words("numbers_en") if first.anchored else words("badges_en")) if zh else note
    if words.second is not None and not listed:
        english = _english_names(group, words.second)
    names = join_names([f"{part.number} {part.label}" if part.number else part.label for part in group], words)
    return Row(text=f"{role}{gap}{note if listed else names}", english=english, swatch=swatch_of(first))


def _unlocated(missing: Sequence[Component], words: Words) -> str:
    """Return the names of components that are not drawn, in the other language of a bilingual sheet."""
    names = join_names([component_title(c, lang=words.lang) for c in missing], words)
    return f"{names} – {words('unlocated_en')}"


def _row(group: list[Part], words: Words, *, listed: bool) -> Row:
    """Return the row of one component, or of several that look alike."""
    first = group[0]
    zh = words.lang == "zh"
    role = words("list_comma").join(dict.fromkeys(words(f"role.{part.component.role}") for part in group))
    gap = "　" if zh else ": "
    if first.number is not None and (len(group) > 1 or not first.is_line):
        return _numbered_row(group, words, listed=listed)
    if len(group) == 1:
        if not zh:
            return Row(text=first.label, english=f"{role} – {words('form.' + first.forms[0])}", swatch=swatch_of(first))
        english = f"{first.component.role} – {component_title(first.component, lang='en')}"
        return Row(text=f"{role}{gap}{first.label}", english=english, swatch=swatch_of(first))
    form = first.forms[0]
    roles = ", ".join(dict.fromkeys(part.component.role for part in group))
    english = f"{roles} – {words('form_en.' + form)}" if zh else words("form." + form)
    if not first.is_line and len({part.pen.colour.colour for part in group}) > 1:
        names = join_names([_short(part.label, role) for part in group], words)
        pens = [part.pen for part in group]
        if words.second is not None:
            english = f"{first.component.role} – {_english_names(group, words.second)}"
        return Row(
            text=words("siblings", role=role, names=names),
            english=english,
            swatch=lambda x, y: swatches.sibling_swatch(pens, x, y, basis=first.basis),
        )
    names = join_names([part.label for part in group], words)
    if len(names) <= _SHORT_LIST * (1 if zh else 2):
        return Row(text=f"{role}{gap}{names}", english=english, swatch=swatch_of(*group))
    return Row(text=f"{role}{gap}{words('form.' + form)}", english=english if zh else "", swatch=swatch_of(*group))


def _english_names(group: Sequence[Part], words: Words) -> str:
    """Return the names of several components in the other language of a bilingual sheet, with their numbers."""
    names = [component_title(part.component, lang=words.lang) for part in group]
    numbered = [f"{part.number} {name}" if part.number else name for part, name in zip(group, names, strict=True)]
    return join_names(numbered, words)


def _short(label: str, role: str) -> str:
    """Return a sibling's name without the role's word at its end."""
    ends = len(role) > 1 and label.endswith(role) and len(label) > len(role) + 1
    return label[: -len(role)].rstrip() if ends else label


def outside_row(count: int, words: Words) -> Row:
    """Return the row that counts the components outside the sheet's window."""
    english = words.second("outside", count=count) if words.second else ""
    return Row(text=words("outside", count=count), english=english)


def striped_row(pens: Sequence[Pen], words: Words) -> Row:
    """Return the row that says why belts are striped."""
    english = words.second("striped") if words.second else ""
    return Row(text=words("striped"), english=english, swatch=lambda x, y: swatches.striped_swatch(pens, x, y))


def _shared_rows(shown: Shown, *, words: Words) -> list[Row]:
    layer = shown.layer
    fills = layer.pieces[layer.pieces["form"] == "fill"]
    if not len(fills):
        return []
    pens = dict(shown.pens)
    components = {c.no: c for c in layer.structure.components}
    shared: dict[tuple[int, ...], list[str]] = defaultdict(list)
    if "cells" not in shown.memory:
        shown.memory["cells"] = cells_of(fills)
    for cell in shown.memory["cells"]:
        if cell.shared:
            shared[cell.components].append(cell.name_zh if words.lang == "zh" else cell.name_en)
    rows = []
    for held, names in sorted(shared.items(), key=lambda item: (-len(item[1]), item[0])):
        roles = [words(f"role.{components[no].role}") for no in held]
        if len(set(roles)) < len(roles):
            roles = [component_title(components[no], lang=words.lang) for no in held]
        english = " and ".join(dict.fromkeys(components[no].role for no in held))
        joined = words("list_comma").join(roles)
        key = "shared_one" if len(names) == 1 else "shared"
        rows.append(
            Row(
                text=words(key, roles=joined, roles_en=english, name=names[0]),
                english=words("shared_en", roles_en=english),
                swatch=_shared_swatch(pens, held),
            )
        )
    return rows


def _shared_swatch(pens: dict[int, Pen], held: tuple[int, ...]) -> Callable[[float, float], list[Mark]]:
    return lambda x, y: swatches.shared_swatch(pens, held, x, y)
