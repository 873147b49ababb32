"""Rows of the legend for what is no component: bases, the base map, towns left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import shapely
from shapely.geometry import LineString

from layers.drawing import shapes
from layers.model import Basis
from layers.sheet import swatches
from layers.sheet.rows import Row
from layers.sheet.words import component_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from layers.model import Layer
    from layers.sheet.canvas import Canvas
    from layers.sheet.ground import Ground
    from layers.sheet.words import Words
    from layers.style import Style


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
