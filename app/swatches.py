"""Swatches for tree, chips and legend: small pictures that look as the component does on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from layers.style import load_style

if TYPE_CHECKING:
    from layers.style import Style

WIDTH: Final = 34
HEIGHT: Final = 16
_DASH: Final = {"official": "", "derived": "", "indicative": "4 2", "schematic": "1.5 2", "unlocated": ""}


def _svg(body: str) -> str:
    text = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{body}</svg>'
    return "data:image/svg+xml," + quote(text)


def _box(fill: str, opacity: float, edge: str, basis: str, *, radius: float = 2.5) -> str:
    dash = f' stroke-dasharray="{_DASH[basis]}"' if _DASH.get(basis) else ""
    return (
        f'<rect x="1" y="1.5" width="{WIDTH - 2}" height="{HEIGHT - 3}" rx="{radius}" fill="{fill}" '
        f'fill-opacity="{opacity}" stroke="{edge}" stroke-width="1.3"{dash}/>'
    )


def component_swatch(component: dict[str, Any]) -> str:
    """Return the swatch of a component's card as a data URI."""
    style, colour, form = load_style(), component["colour"], component["form"]
    drawing = {
        "arrow": _arrow, "band": _band, "ring": _band, "patch": _patch, "disc": _disc, "line": _line, "point": _point,
    }.get(form)  # fmt: skip
    if component["basis"] == "unlocated" or not form:
        return unlocated_swatch()
    if component.get("number"):
        drawing = _anchor
    if drawing is not None:
        return _svg(drawing(component, style))
    radius = 0.0 if component["basis"] in ("official", "derived") else 2.5
    return _svg(_box(colour["colour"], colour["fill"], colour["ink"], component["basis"], radius=radius))


def _arrow(component: dict[str, Any], _style: Style) -> str:
    colour = component["colour"]
    return _box(colour["colour"], colour["fill"] * 0.7, colour["ink"], component["basis"]) + (
        f'<path d="M4 10.5 L21 7.5 L20.4 4.6 L31 7.6 L22.4 13 L21.8 10.4 L4.4 13Z" fill="{colour["arrow"]}" '
        f'fill-opacity=".55" stroke="{colour["ink"]}" stroke-width=".9" stroke-dasharray="3 1.4"/>'
    )


def _band(component: dict[str, Any], _style: Style) -> str:
    colour = component["colour"]["colour"]
    return "".join(
        f'<rect x="{1 + i * 1.2}" y="{0.5 + i * 1.5}" width="{WIDTH - 2 - i * 2.4}" height="{HEIGHT - 1 - i * 3}" '
        f'rx="{max(1.0, 7.5 - i * 1.5)}" fill="{colour}" fill-opacity=".15"/>'
        for i in range(5)
    )


def _patch(component: dict[str, Any], style: Style) -> str:
    return _band(component, style)


def _disc(component: dict[str, Any], _style: Style) -> str:
    colour = component["colour"]
    return (
        f'<circle cx="{WIDTH / 2}" cy="{HEIGHT / 2}" r="7" fill="{colour["colour"]}" fill-opacity=".2" '
        f'stroke="{colour["line"]}" stroke-width="1.4" stroke-dasharray="1.4 2.1"/>'
        f'<circle cx="{WIDTH / 2}" cy="{HEIGHT / 2}" r="1.5" fill="{colour["ink"]}"/>'
    )


def _line(component: dict[str, Any], style: Style) -> str:
    own = component["role"] not in ("line", "section", "network", "hub", "node")
    form = style.lines.get(component["line_theme"], style.lines["other"])
    state = style.status.get(component["status"], style.status["open"])
    colour = component["colour"]["line"] if own else form.colour
    dash = f' stroke-dasharray="{" ".join(str(2 * step) for step in state.dash)}"' if state.dash else ""
    cap = ' stroke-linecap="round"' if state.round else ""
    ticks = ""
    if form.ticks and not state.dash:
        ticks = "".join(f'<path d="M{x} 5v6" stroke="{colour}" stroke-width="1"/>' for x in range(5, WIDTH - 2, 6))
    return f'<path d="M1 8h{WIDTH - 2}" stroke="{colour}" stroke-width="2"{dash}{cap}/>{ticks}'


def _point(component: dict[str, Any], _style: Style) -> str:
    colour, x, y = component["colour"]["line"], WIDTH / 2, HEIGHT / 2
    if component["role"] in ("hub", "site", "park", "section"):
        return f'<rect x="{x - 4}" y="{y - 4}" width="8" height="8" fill="#fff" stroke="{colour}" stroke-width="1.8"/>'
    if component["role"] in ("centre", "core", "sub-centre"):
        return (
            f'<circle cx="{x}" cy="{y}" r="6.5" fill="#fff" stroke="{colour}" stroke-width="1.6"/>'
            f'<circle cx="{x}" cy="{y}" r="3.6" fill="{colour}"/>'
        )
    return f'<circle cx="{x}" cy="{y}" r="5" fill="{colour}"/>'


def _anchor(component: dict[str, Any], _style: Style) -> str:
    return (
        f'<circle cx="{WIDTH / 2}" cy="{HEIGHT / 2}" r="7.5" fill="{component["colour"]["line"]}"/>'
        f'<text x="{WIDTH / 2}" y="{HEIGHT / 2 + 3.6}" text-anchor="middle" font-family="sans-serif" font-weight="700" '
        f'font-size="10" fill="#fff">{int(component["number"])}</text>'
    )


def unlocated_swatch() -> str:
    """Return the open circle of what the plan does not place."""
    return _svg(f'<circle cx="{WIDTH / 2}" cy="{HEIGHT / 2}" r="5" fill="#fff" stroke="#69717A" stroke-width="1.4"/>')


def shared_swatch(first: str, second: str) -> str:
    """Return equal stripes of two colours."""
    style = load_style()
    stripes = "".join(
        f'<path d="M{x} {HEIGHT} L{x + HEIGHT} 0" stroke="{first if i % 2 else second}" stroke-width="3.6" '
        'stroke-opacity=".45"/>'
        for i, x in enumerate(range(-HEIGHT, WIDTH, 5))
    )
    clip = f'<clipPath id="c"><rect x="1" y="1.5" width="{WIDTH - 2}" height="{HEIGHT - 3}" rx="2.5"/></clipPath>'
    return _svg(f'{clip}<g clip-path="url(#c)">{stripes}</g>' + _box("none", 0.0, style.stripes.edge, "indicative"))


def unlisted_swatch() -> str:
    """Return the swatch of a town that no component names."""
    form = load_style().unlisted
    return _svg(_box(form.fill, 1.0, form.edge, "indicative"))


def basis_swatch(basis: str) -> str:
    """Return the neutral swatch of a basis."""
    style = load_style()
    grey, ink = style.swatch.colour, style.text.ink
    if basis == "unlocated":
        return unlocated_swatch()
    if basis == "official":
        return _svg(f'<path d="M1 8h{WIDTH - 2}" stroke="{style.base.outline}" stroke-width="2"/>')
    if basis == "schematic":
        return _svg(
            f'<circle cx="{WIDTH / 2}" cy="{HEIGHT / 2}" r="7" fill="{grey}" fill-opacity=".2" stroke="{ink}" '
            f'stroke-width="1.3" stroke-dasharray="1.4 2.1"/><circle cx="{WIDTH / 2}" cy="{HEIGHT / 2}" r="1.5" '
            f'fill="{ink}"/>'
        )
    return _svg(_box(grey, style.swatch.fill, ink, basis, radius=0.0 if basis == "derived" else 2.5))


def base_swatch(group: str) -> str:
    """Return the swatch of a group of the base map."""
    style = load_style()
    if group == "water":
        return _svg(
            f'<rect x="1" y="2" width="{WIDTH - 2}" height="{HEIGHT - 4}" fill="{style.base.water}" '
            f'stroke="{style.base.shore}" stroke-width="1"/>'
        )
    line = f'<path d="M1 8h{WIDTH - 2}" stroke="{{}}" stroke-width="{{}}"{{}}/>'
    if group in ("counties", "towns"):
        dash = ' stroke-dasharray="6 1.6 1.2 1.6"' if group == "counties" else ' stroke-dasharray="3 2.5"'
        return _svg(line.format(style.base.county, 1.6 if group == "counties" else 1.1, dash))
    form = style.lines[group]
    ticks = [f'<path d="M{x} 5v6" stroke="{form.colour}"/>' for x in range(5, WIDTH - 2, 6)] if form.ticks else []
    return _svg(line.format(form.colour, 2, "") + "".join(ticks))
