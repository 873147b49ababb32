"""Colours of components: by role, or one out of the series where a role has several of them."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from layers.style_records import Colour, Length, Opacity, Pattern, Record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layers.model import Component, Structure
    from layers.style_records import RoleStyle, SeriesColour, Style

MOST_SIBLINGS = 6
"""More siblings than series colours: one colour for all, told apart by number and list."""
LEAST_LINE_CONTRAST = 3.0
"""Contrast on the paper below which a line or edge takes the label ink."""
LEAST_NAME_CONTRAST = 5.5
_NOT_AREAL = ("point", "line", "unlocated")
LINE_ROLES = ("line", "section", "network", "hub", "node")
"""Roles whose lines are drawn in the colour of what they are (railway, road), unless several stand side by side."""
_ALONG = ("along", "ring")
"""Rules of belts: they may run along one shore, so that siblings do not look like the belts of other roles there."""
LEAST_DIFFERENCE = 25.0
"""Distance (CIE 1976) from which two colours are not taken for each other."""


class ComponentColour(Record, frozen=True):
    """The colours of one component, ready to paint.

    Attributes
    ----------
    colour
        Pure colour of fills, bands and arrows.
    ink
        Darker ink of the same hue for the name (5.5:1 on white or better) and the edges of areas.
    line
        Colour of lines and symbols: the pure colour, or the ink where the pure colour is under 3:1 on white.
    fill
        Opacity of a fill.
    edge_pt
        Width of the edge if the role sets one, else that of the basis.
    pattern
        Texture of the fill; ``solid`` except in grey printing.
    arrow
        Colour of the arrow.
    own
        Whether it is one out of the series, by which it is told from its siblings.
    """

    colour: Colour
    ink: Colour
    line: Colour
    fill: Opacity
    edge_pt: Length | None
    pattern: Pattern
    arrow: Colour
    own: bool = False


_XYZ = ((0.4339, 0.3762, 0.1899), (0.2126, 0.7152, 0.0722), (0.0177, 0.1095, 0.8728))
"""From linear sRGB to CIE XYZ as shares of white (D65)."""


def _luminance(colour: str) -> float:
    """Return the relative luminance of an sRGB colour (WCAG 2)."""
    channels = [int(colour[i : i + 2], 16) / 255.0 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]  # noqa: PLR2004
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str = "#FFFFFF") -> float:
    """Return the WCAG contrast ratio of two colours, 1 to 21."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _lab(colour: str) -> tuple[float, float, float]:
    """Return an sRGB colour as CIE L*a*b*."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255.0 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]  # noqa: PLR2004
    x, y, z = (sum(w * c for w, c in zip(row, linear, strict=True)) for row in _XYZ)
    f, g, h = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))  # noqa: PLR2004
    return 116 * g - 16, 500 * (f - g), 200 * (g - h)


def difference(one: str, other: str) -> float:
    """Return how far two colours look apart (CIE 1976): some 2 is just seen, 100 is black and white."""
    return math.dist(_lab(one), _lab(other))


def _is_apart(colour: str, others: Iterable[str]) -> bool:
    return all(difference(colour, other) > LEAST_DIFFERENCE for other in others)


def legible(colour: str, style: Style) -> str:
    """Return a colour moved towards the ink of texts until a name in it is legible on the paper."""
    parts = [[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in (colour, style.text.ink)]
    for step in range(21):
        mixed = [round(a + (b - a) * step / 20.0) for a, b in zip(*parts, strict=True)]
        found = "#{:02X}{:02X}{:02X}".format(*mixed)
        if contrast(found, style.text.paper) >= LEAST_NAME_CONTRAST:
            return found
    return style.text.ink


def line_colours(
    colour: ComponentColour, *, role: str, theme: str, operators: Iterable[str], style: Style
) -> tuple[str, ...]:
    """Return the colours of a component's lines: of their operators, out of the series, or of what they are.

    Parameters
    ----------
    theme
        What the lines are, "" where it has none.
    operators
        Colours that operators gave its lines, "" for lines without.
    """
    own = colour.colour
    if theme and role in LINE_ROLES and not colour.own:
        own = (style.lines.get(theme) or style.lines["other"]).colour
    return tuple(dict.fromkeys(each or own for each in operators)) or (own,)


def is_areal(component: Component) -> bool:
    """Tell whether a component is drawn as an area, band or arrow (and so may need a colour of its own)."""
    return component.rule.form not in _NOT_AREAL


def role_colours(role: str, style: Style) -> ComponentColour:
    """Return the colours of a role itself, whatever its siblings."""
    return _component_colour(style.roles[role], None, style)


def component_colours(structure: Structure, style: Style) -> dict[int, ComponentColour]:
    """Give every component of a structure its colours, by component number.

    A component has the colour of its role. Two to six areal components of one role take the sibling series in the
    role's order; seven or more share the role's colour and are told apart by numbers. So do railways, roads and rivers,
    whatever their roles: two to six of them take the series. A belt leaves out what looks like another role's belt.
    """
    lines = [c.no for c in structure.components if c.rule.form == "line" and c.role in LINE_ROLES]
    ranks = {no: i for i, no in enumerate(lines)} if 1 < len(lines) <= MOST_SIBLINGS else {}
    count = Counter(c.role for c in structure.components if is_areal(c))
    free = {role: list(style.roles[role].siblings) for role in count if 1 < count[role] <= MOST_SIBLINGS}
    belts = {c.role for c in structure.components if c.rule.form in _ALONG}
    taken = [(role, style.roles[role].colour) for role in sorted(belts) if not free.get(role)]
    colours = {}
    for component in structure.components:
        role = style.roles[component.role]
        sibling = None
        if is_areal(component) and (series := free.get(component.role)):
            belt = component.rule.form in _ALONG
            others = [colour for owner, colour in taken if owner != component.role] if belt else []
            chosen = next((each for each in series if _is_apart(style.series[each].colour, others)), series[0])
            series.remove(chosen)
            sibling = style.series[chosen]
            taken += [(component.role, sibling.colour)] if belt else []
        elif component.no in ranks:
            sibling = style.series[style.line_series[ranks[component.no]]]
        colours[component.no] = _component_colour(role, sibling, style)
    return colours


def _component_colour(role: RoleStyle, sibling: SeriesColour | None, style: Style) -> ComponentColour:
    source = sibling or role
    return ComponentColour(
        colour=source.colour,
        ink=source.ink,
        line=source.colour if contrast(source.colour, style.text.paper) >= LEAST_LINE_CONTRAST else source.ink,
        fill=role.fill if sibling is None or sibling.fill is None else sibling.fill,
        edge_pt=role.edge_pt,
        pattern=source.pattern,
        arrow=role.arrow or source.colour,
        own=sibling is not None,
    )
