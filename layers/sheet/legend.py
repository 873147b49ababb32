"""Rows of the legend: what is on the map and nothing else."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, get_args

import shapely
from shapely.geometry import LineString

from layers.colours import LINE_ROLES
from layers.drawing import shapes
from layers.drawing.cells import cells_of
from layers.drawing.names import component_title
from layers.model import Basis
from layers.sheet import swatches
from layers.sheet.rows import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import geopandas as gpd

    from layers.drawing.forms import Pen
    from layers.drawing.mark import Mark
    from layers.model import Component, Layer
    from layers.sheet.canvas import Canvas
    from layers.sheet.ground import Ground
    from layers.sheet.shown import Shown
    from layers.sheet.words import Words
    from layers.style import Style

_MOST_UNLOCATED: Final = 3
_MOST_LINES: Final = 3
"""Lines of a status that are named; the others are counted."""
_LINE_THEMES: Final = ("rail", "metro", "roads", "rivers")
_SHORT_LIST: Final = 14
"""Characters up to which components that look alike are named in their row."""
_DRAWN: Final = ("arrow", "band", "ring", "fill", "patch", "disc", "block", "line", "point")


@dataclass(frozen=True, kw_only=True)
class Part:
    """What the legend says of one component."""

    component: Component
    pen: Pen
    forms: tuple[str, ...]
    basis: Basis
    theme: str
    status: str
    number: int | None
    label: str
    anchored: bool = False
    colours: tuple[str, ...] = ()
    """Colours of its lines, where they are not those of its pen."""

    @property
    def looks(self) -> tuple[Any, ...]:
        """Return what makes two components look alike."""
        line = (self.theme, self.status, self.colours) if self.is_line else ()
        return (self.component.role, self.forms, self.pen.colour.colour, self.pen.colour.pattern, line)

    @property
    def is_line(self) -> bool:
        """Tell whether it is drawn as a railway, road or river, and nothing else."""
        return self.forms == ("line",) and bool(self.theme)


def parts_of(shown: Shown, *, lang: str) -> list[Part]:
    """Return the components of a layer that are on the map, with how they are drawn."""
    key = f"parts {lang}"
    if key not in shown.memory:
        shown.memory[key] = _parts(shown, lang=lang)
    found: list[Part] = shown.memory[key]
    return found


def _parts(shown: Shown, *, lang: str) -> list[Part]:
    layer = shown.layer
    parts = []
    for component in layer.structure.components:
        rows = layer.pieces[layer.pieces["component"] == component.no]
        rows = rows[~rows.geometry.is_empty]
        if not len(rows):
            continue
        found = set(rows["form"])
        forms = tuple(f for f in _DRAWN if f in found)
        main = rows[rows["form"] == forms[0]]
        fills = rows[rows["form"] == "fill"]
        bases = list((fills if len(fills) else main)["basis"])
        parts.append(
            Part(
                component=component,
                pen=shown.pens[component.no],
                forms=_shown_forms(forms, numbered=component.no in shown.anchors),
                basis=max(bases, key=lambda b: (bases.count(b), b)),
                theme=str(main["theme"].iloc[0]),
                status=_main_status(main),
                number=shown.numbers.get(component.no),
                anchored=component.no in shown.anchors,
                label=component_title(component, lang=lang),  # type: ignore[arg-type]
                colours=_operators(rows),
            )
        )
    return parts


def _operators(rows: gpd.GeoDataFrame) -> tuple[str, ...]:
    """Return the colours that operators gave the lines of a component."""
    lines = rows[rows["form"] == "line"]
    return tuple(dict.fromkeys(lines["colour"])) if any(lines["colour"]) else ()


def _main_status(rows: gpd.GeoDataFrame) -> str:
    """Return the status of the longest part of a component's lines."""
    lengths = rows.geometry.length.groupby(rows["status"]).sum()
    return str(lengths.idxmax()) if len(lengths) else ""


def line_colours(shown: Shown, component: int) -> tuple[str, ...]:
    """Return the colours in which a component is drawn: of operators' lines, else of its pen."""
    rows = shown.layer.pieces[shown.layer.pieces["component"] == component]
    pen = shown.pens[component]
    own = pen.colour.colour
    themes = rows.loc[rows["form"] == "line", "theme"]
    if len(themes) and pen.role in LINE_ROLES and not pen.colour.own:
        own = (shown.style.lines.get(str(themes.iloc[0])) or shown.style.lines["other"]).colour
    return tuple(colour or own for colour in _operators(rows)) or (own,)


def _shown_forms(forms: tuple[str, ...], *, numbered: bool) -> tuple[str, ...]:
    """Return the forms that a swatch shows: the points that an area rests on are symbols of their own."""
    if numbered:
        return ("point",)
    return forms if forms == ("point",) else tuple(f for f in forms if f != "point")


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
        names = words("list_comma").join(labels)
        if listed and len(labels) > _MOST_UNLOCATED:
            names = words("others", first=words("list_comma").join(labels[:2]), count=len(labels))
        rows.append(
            Row(
                text=names,
                english=words("unlocated_en") if words.second is None else _unlocated(missing, words.second),
                swatch=lambda x, y: swatches.unlocated_swatch(x, y, style=style),
            )
        )
    return rows


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
    names = words("list_comma").join(f"{part.number} {part.label}" if part.number else part.label for part in group)
    return Row(text=f"{role}{gap}{note if listed else names}", english=english, swatch=swatch_of(first))


def _unlocated(missing: Sequence[Component], words: Words) -> str:
    """Return the names of components that are not drawn, in the other language of a bilingual sheet."""
    names = words("list_comma").join(component_title(c, lang=words.lang) for c in missing)
    return f"{names} – {words('unlocated_en')}"


def _row(group: list[Part], words: Words, *, listed: bool) -> Row:
    """Return the row of one component, or of several that look alike."""
    first = group[0]
    zh = words.lang == "zh"
    role = words(f"role.{first.component.role}")
    gap = "　" if zh else ": "
    comma = words("list_comma")
    if first.number is not None and (len(group) > 1 or not first.is_line):
        return _numbered_row(group, words, listed=listed)
    if len(group) == 1:
        if not zh:
            return Row(text=first.label, english=f"{role} – {words('form.' + first.forms[0])}", swatch=swatch_of(first))
        english = f"{first.component.role} – {component_title(first.component, lang='en')}"
        return Row(text=f"{role}{gap}{first.label}", english=english, swatch=swatch_of(first))
    form = first.forms[0]
    english = f"{first.component.role} – {words('form_en.' + form)}" if zh else words("form." + form)
    if len({part.pen.colour.colour for part in group}) > 1:
        names = comma.join(_short(part.label, role) for part in group)
        pens = [part.pen for part in group]
        if words.second is not None:
            english = f"{first.component.role} – {_english_names(group, words.second)}"
        return Row(
            text=words("siblings", role=role, names=names),
            english=english,
            swatch=lambda x, y: swatches.sibling_swatch(pens, x, y, basis=first.basis),
        )
    names = comma.join(part.label for part in group)
    text = names if len(names) <= _SHORT_LIST * (1 if zh else 2) else words("form." + form)
    return Row(text=f"{role}{gap}{text}", english=english, swatch=swatch_of(first))


def _english_names(group: Sequence[Part], words: Words) -> str:
    """Return the names of several components in the other language of a bilingual sheet, with their numbers."""
    names = [component_title(part.component, lang=words.lang) for part in group]
    numbered = [f"{part.number} {name}" if part.number else name for part, name in zip(group, names, strict=True)]
    return words("list_comma").join(numbered)


def _short(label: str, role: str) -> str:
    """Return a sibling's name without the role's word at its end."""
    ends = len(role) > 1 and label.endswith(role) and len(label) > len(role) + 1
    return label[: -len(role)].rstrip() if ends else label


def swatch_of(part: Part) -> Callable[[float, float], list[Mark]]:
    """Return what paints the swatch of a component at a left edge and a middle, mm."""
    return lambda x, y: swatches.component_swatch(
        part.pen, part.forms, x, y, basis=part.basis, theme=part.theme, status=part.status, number=part.number,
        colours=part.colours,
    )  # fmt: skip


def outside_row(count: int, words: Words) -> Row:
    """Return the row that counts the components outside the sheet's window."""
    english = words.second("outside", count=count) if words.second else ""
    return Row(text=words("outside", count=count), english=english)


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


def line_rows(shown: Sequence[Shown], *, words: Words) -> list[Row]:
    """Return a row for each theme and status of lines; lines that belts follow are named, as no other row does it."""
    named: dict[tuple[str, str], list[str]] = defaultdict(list)
    first: dict[tuple[str, str], Part] = {}
    for each in shown:
        drawn = _line_pieces(each)
        for part in parts_of(each, lang=words.lang):
            for row in drawn.get(part.component.no, ()):
                key = (row.theme if row.theme in _LINE_THEMES else "other", row.status or "open")
                followed = row.form != "line" and row.name_zh
                label = (row.name_zh if words.lang == "zh" else row.name_en) if followed else ""
                if label not in named[key]:
                    named[key].append(label)
                first.setdefault(key, part)
    themes = list(dict.fromkeys(theme for theme, _ in named))
    rows = []
    for theme in themes:
        for status in first_style(shown).status:
            labels = named.get((theme, status))
            if labels is None and (theme != themes[0] or theme == "rivers"):
                continue
            part = first.get((theme, status)) or next(p for (t, _), p in first.items() if t == theme)
            rows.append(_status_row(part, theme, status, labels, words, several=len(themes) > 1))
    return rows


def _line_pieces(shown: Shown) -> dict[int, list[Any]]:
    """Return by component the pieces that are lines with a status, or lines or bands of a theme of lines."""
    if "lines" not in shown.memory:
        pieces = shown.layer.pieces
        lines = (pieces["form"] == "line") & (pieces["status"] != "")
        themed = pieces["form"].isin(["line", "band", "ring"]) & pieces["theme"].isin(_LINE_THEMES)
        found: dict[int, list[Any]] = defaultdict(list)
        for row in pieces[lines | themed].itertuples():
            found[int(row.component)].append(row)
        shown.memory["lines"] = found
    kept: dict[int, list[Any]] = shown.memory["lines"]
    return kept


def first_style(shown: Sequence[Shown]) -> Style:
    """Return the style that all layers of a sheet share."""
    return shown[0].style


def _status_row(
    part: Part, theme: str, status: str, labels: list[str] | None, words: Words, *, several: bool
) -> Row:  # fmt: skip
    names = [label for label in labels or () if label]
    some = words("list_comma").join(names[:_MOST_LINES])
    if len(names) > _MOST_LINES:
        some = words("others", first=some, count=len(names))

    def said(each: Words) -> str:
        if theme == "rivers" and status == "open":
            return each("theme.rivers")
        state = each(f"status.{status}")
        return each("theme_status", theme=each(f"theme.{theme}"), status=state) if several else state

    return Row(
        text=said(words) + (f"　{some}" if some else ""),
        english=said(words.second) if words.second else "",
        swatch=lambda x, y: swatches.status_swatch(part.pen, x, y, theme=theme, status=status),
        absent=labels is None,
    )


def basis_rows(layers: Sequence[Layer], *, style: Style, words: Words) -> list[Row]:
    """Return the five bases; those that the map does not use stay and say so."""
    used = {basis for layer in layers for basis in layer.pieces["basis"]}
    used |= {basis for layer in layers for basis in layer.features["basis"] if basis == "unlocated"}
    used.add("official")
    return [
        Row(
            text=f"{basis}  {words('basis_row.' + basis)}",
            english=words.second(f"basis_row.{basis}") if words.second else "",
            swatch=lambda x, y, basis=basis: swatches.basis_swatch(basis, x, y, style=style),  # type: ignore[misc]
            absent=basis not in used,
        )
        for basis in get_args(Basis)
    ]


def base_rows(ground: Ground, *, style: Style, words: Words, boundaries: bool) -> list[Row]:
    """Return the rows of the base map."""
    base, lines = style.base, style.boundaries

    def water(canvas: Canvas, x: float, y: float, scale: float) -> None:
        canvas.box(
            x,
            y - 2.1 * scale,
            swatches.WIDTH_MM * scale,
            4.2 * scale,
            z=16.0,
            facecolor=base.water,
            edgecolor=base.shore,
            linewidth=0.45,
        )

    def line(colour: str, key: str) -> Callable[[Canvas, float, float, float], None]:
        def paint(canvas: Canvas, x: float, y: float, scale: float) -> None:
            dash: Any = (0.0, lines[key].dash) if lines[key].dash else "solid"
            canvas.path(
                LineString([(x, y), (x + swatches.WIDTH_MM * scale, y)]), z=16.0, facecolor="none", edgecolor=colour,
                linewidth=lines[key].width_pt * (1.5 if key == "county" else 1.2), linestyle=dash,
            )  # fmt: skip

        return paint

    def network(canvas: Canvas, x: float, y: float, scale: float) -> None:
        canvas.line(
            [x, x + swatches.WIDTH_MM * scale], [y, y], z=16.0, color=base.network, linewidth=base.network_pt * 1.6
        )

    def row(key: str, paint: Callable[[Canvas, float, float, float], None] | None = None) -> Row:
        said = [
            each(key, name=component_name(getattr(ground.focus, f"name_{each.lang}")))
            for each in (words, words.second)
            if each is not None
        ]
        return Row(text=said[0], english="".join(said[1:]), paint=paint)

    rows = [row("water", water)]
    if not ground.network.is_empty:
        rows.append(row("network", network))
    if not boundaries:
        return [*rows, row("boundaries_hidden")]
    outline = "city" if ground.focus.is_city else "focus"
    return [*rows, row(outline, line(base.outline, "focus")), row("county", line(base.county, "county"))]


def component_name(name: str) -> str:
    """Return a name without what follows in brackets."""
    return re.sub(r"\s*[（(].*?[）)]", "", name)


def unlisted_row(words: Words) -> Row:
    """Return the row of towns that no component names."""

    def paint(canvas: Canvas, x: float, y: float, scale: float) -> None:
        form = canvas.style.unlisted
        half = 2.5 * scale
        box = shapes.rounded(shapely.box(x, y - half, x + swatches.WIDTH_MM * scale, y + half), radius=0.9, inset=0.0)
        canvas.path(
            box, z=16.0, facecolor=form.fill, edgecolor=form.edge, linewidth=form.edge_pt, linestyle=(0.0, form.dash)
        )

    return Row(text=words("unlisted"), english=words("unlisted_en"), paint=paint)
