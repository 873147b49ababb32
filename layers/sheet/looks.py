"""How the components of a layer look on a sheet: what the legend and the list of components tell of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from layers import colours
from layers.colours import LINE_ROLES
from layers.drawing.names import component_title
from layers.sheet import swatches

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from layers.drawing.forms import Pen
    from layers.drawing.mark import Mark
    from layers.model import Basis, Component
    from layers.sheet.shown import Shown

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
        if self.is_line:
            # the rows of the statuses tell the dashes
            own = (self.pen.colour.colour, self.pen.colour.pattern) if self.pen.colour.own or not self.is_plain else ()
            return ("line", self.theme, self.colours, own)
        return (self.component.role, self.forms, self.pen.colour.colour, self.pen.colour.pattern)

    @property
    def is_plain(self) -> bool:
        """Tell whether its lines have the colour of what they are, a railway or a road."""
        return self.pen.role in LINE_ROLES

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
    themes = rows.loc[rows["form"] == "line", "theme"]
    theme = str(themes.iloc[0]) if len(themes) else ""
    return colours.line_colours(
        pen.colour, role=pen.role, theme=theme, operators=_operators(rows), style=shown.style
    )  # fmt: skip


def _shown_forms(forms: tuple[str, ...], *, numbered: bool) -> tuple[str, ...]:
    """Return the forms that a swatch shows: the points that an area rests on are symbols of their own."""
    if numbered:
        return ("point",)
    return forms if forms == ("point",) else tuple(f for f in forms if f != "point")


def swatch_of(*group: Part) -> Callable[[float, float], list[Mark]]:
    """Return what paints the swatch of components that look alike at a left edge and a middle, mm."""
    part = group[0]
    statuses = tuple(dict.fromkeys(each.status for each in group)) if part.is_line else (part.status,)
    return lambda x, y: swatches.component_swatch(
        part.pen, part.forms, x, y, basis=part.basis, theme=part.theme, statuses=statuses, number=part.number,
        colours=part.colours,
    )  # fmt: skip
