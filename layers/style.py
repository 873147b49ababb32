"""The style of the atlas: one file that the web map and the printed sheets share, checked and typed.

``layers/style.toml`` holds every colour, width, dash and type size. Lengths are mm on paper, text and lines pt,
opacities 0 to 1, dashes multiples of the line width. A theme stores only what differs from the light one.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

if TYPE_CHECKING:
    from layers.model import Component, Structure

PATH = Path(__file__).with_name("style.toml")

Colour = Annotated[str, msgspec.Meta(pattern="^#[0-9A-F]{6}$")]
Opacity = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
Length = Annotated[float, msgspec.Meta(ge=0.0)]
Page = Literal["16:9", "a4", "a4-portrait", "a3"]
Pattern = Literal["solid", "dots", "slash", "backslash", "dashes", "crosses"]
Shape = Literal["square", "disc", "ringed-disc", "numbered"]
Dash = tuple[float, ...]

MOST_SIBLINGS = 6
"""More siblings than series colours: one colour for all, told apart by number and list."""
LEAST_LINE_CONTRAST = 3.0
"""Contrast on white below which a line or edge takes the label ink."""
_NOT_AREAL = ("point", "line", "unlocated")


class _Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all style records: frozen, and a misspelt key in the file is an error."""


class BaseTones(_Record, frozen=True):
    """Tones of the quiet base map."""

    outside: Colour
    land: Colour
    focus: Colour
    water: Colour
    shore: Colour
    shore_pt: Length
    river_pt: Length
    county: Colour
    outline: Colour
    tint: Colour
    tint_steps: int
    tint_mm: Length
    tint_opacity: Opacity
    network: Colour
    network_pt: Length
    network_mpm: Length


class TextTones(_Record, frozen=True):
    """Inks, rules and the halo."""

    ink: Colour
    second: Colour
    third: Colour
    water: Colour
    notice: Colour
    rule: Colour
    rule_pt: Length
    frame: Colour
    frame_pt: Length
    halo: Colour
    window: Colour


class RoleStyle(_Record, frozen=True):
    """Colour, label ink and fill of a role, and the order in which siblings take the series."""

    colour: Colour
    ink: Colour
    fill: Opacity
    edge_pt: Length | None = None
    pattern: Pattern = "solid"
    arrow: Colour | None = None
    siblings: tuple[str, ...] = ()


class SeriesColour(_Record, frozen=True):
    """One colour of the sibling series."""

    colour: Colour
    ink: Colour
    pattern: Pattern = "solid"
    fill: Opacity | None = None


class BasisStyle(_Record, frozen=True):
    """How an edge of a basis is drawn."""

    edge_pt: Length
    water_edge_pt: Length
    dash: Dash
    round_mm: Length
    inset_mm: Length


class Stripes(_Record, frozen=True):
    """Equal stripes of a shared member."""

    width_mm: Length
    angle_deg: float
    boost: Opacity
    edge: Colour
    edge_pt: Length
    dash: Dash


class Unlisted(_Record, frozen=True):
    """Towns that no component names."""

    fill: Colour
    edge: Colour
    edge_pt: Length
    dash: Dash


class Swatch(_Record, frozen=True):
    """The neutral fill of the basis legend."""

    colour: Colour
    fill: Opacity


class Arrow(_Record, frozen=True):
    """The broad arrow of an axis; head sizes in neck widths."""

    width_mm: Length
    narrowest_mm: Length
    widest_mm: Length
    tail: Length
    neck: Length
    head_width: Length
    head_length: Length
    sweep: Length
    under: Opacity
    fill: Opacity
    edge_pt: Length
    dash: Dash


class Band(_Record, frozen=True):
    """A belt that fades to nothing: nested buffers of equal small opacity."""

    full_mm: Length
    reach_mm: Length
    narrowest_mm: Length
    rings: int
    opacity: Opacity
    corridor_reach: Length


class Patch(_Record, frozen=True):
    """A faded patch, where no edge is known."""

    rings: int
    opacity: Opacity
    fade_mm: Length
    radius_mm: Length
    smallest_mm: Length


class Disc(_Record, frozen=True):
    """A disc of the stated area."""

    under: Opacity
    fill: Opacity
    edge_pt: Length
    dash: Dash
    dot_mm: Length
    smallest_mm: Length


class Water(_Record, frozen=True):
    """A lake or river as a component: a light fill and a rim that fades inward."""

    fill: Opacity
    rim: Opacity
    rim_mm: Length
    steps: int


class PatternSize(_Record, frozen=True):
    """Sizes of the textures of grey printing."""

    pitch_mm: Length
    dot_mm: Length
    line_mm: Length


class LineStyle(_Record, frozen=True):
    """A line by theme."""

    colour: Colour
    width_pt: Length
    ticks: bool


class StatusStyle(_Record, frozen=True):
    """A line by status."""

    dash: Dash
    width: Length
    round: bool = False


class Casing(_Record, frozen=True):
    """The white casing under a line."""

    colour: Colour
    extra_pt: Length
    opacity: Opacity


class Ticks(_Record, frozen=True):
    """Ticks across an open railway."""

    length_mm: Length
    every_mm: Length
    width_pt: Length


class Boundary(_Record, frozen=True):
    """An administrative line."""

    width_pt: Length
    dash: Dash


class PointStyle(_Record, frozen=True):
    """A point symbol."""

    shape: Shape
    size_mm: Length
    edge_pt: Length
    outer_mm: Length = 0.0
    text_pt: Length = 0.0


class TypeStyle(_Record, frozen=True):
    """A class of text."""

    sizes: dict[Page, Length]
    largest: dict[Page, Length] = {}
    bold: bool = False
    serif: bool = False
    halo_pt: Length = 0.0
    spacing_em: Length = 0.0
    ink: Literal["ink", "second", "third", "water", "notice"] = "ink"


class Style(_Record, frozen=True):
    """Everything a painter needs to know, for one theme."""

    name: str
    base: BaseTones
    text: TextTones
    roles: dict[str, RoleStyle]
    series: dict[str, SeriesColour]
    basis: dict[str, BasisStyle]
    stripes: Stripes
    unlisted: Unlisted
    swatch: Swatch
    arrow: Arrow
    band: Band
    patch: Patch
    disc: Disc
    water: Water
    pattern: PatternSize
    lines: dict[str, LineStyle]
    status: dict[str, StatusStyle]
    casing: Casing
    ticks: Ticks
    boundaries: dict[str, Boundary]
    points: dict[str, PointStyle]
    type: dict[str, TypeStyle]


class ComponentColour(_Record, frozen=True):
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
    """

    colour: Colour
    ink: Colour
    line: Colour
    fill: Opacity
    edge_pt: Length | None
    pattern: Pattern
    arrow: Colour


def _merge(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """Return `base` with the entries of `change`, table by table."""
    merged = dict(base)
    for key, value in change.items():
        old = merged.get(key)
        merged[key] = _merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


@cache
def load_style(theme: str = "light") -> Style:
    """Read the style file for a theme.

    Parameters
    ----------
    theme
        ``light``, or a theme of the file's ``[themes]``.

    Raises
    ------
    ValueError
        If the theme is unknown, or an entry of the file is missing, misspelt or out of range.
    """
    raw = tomllib.loads(PATH.read_text(encoding="utf-8"))
    themes = raw.pop("themes", {})
    known = (raw["name"], *themes)
    if theme not in known:
        msg = f"expected a theme out of {', '.join(known)}, got {theme!r}"
        raise ValueError(msg)
    try:
        return msgspec.convert(_merge(raw, themes.get(theme, {})), Style)
    except msgspec.ValidationError as error:
        msg = f"{PATH.name}, theme {theme}: {error}; correct that entry"
        raise ValueError(msg) from error


def _luminance(colour: str) -> float:
    """Return the relative luminance of an sRGB colour (WCAG 2)."""
    channels = [int(colour[i : i + 2], 16) / 255.0 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]  # noqa: PLR2004
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str = "#FFFFFF") -> float:
    """Return the WCAG contrast ratio of two colours, 1 to 21."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def is_areal(component: Component) -> bool:
    """Tell whether a component is drawn as an area, band or arrow (and so may need a colour of its own)."""
    return component.rule.form not in _NOT_AREAL


def role_colours(role: str, style: Style) -> ComponentColour:
    """Return the colours of a role itself, whatever its siblings."""
    return _component_colour(style.roles[role], None)


def component_colours(structure: Structure, style: Style) -> dict[int, ComponentColour]:
    """Give every component of a structure its colours, by component number.

    A component has the colour of its role. Two to six areal components of one role take the sibling series in the
    role's order; seven or more share the role's colour and are told apart by numbers.
    """
    count = Counter(c.role for c in structure.components if is_areal(c))
    seen: Counter[str] = Counter()
    colours = {}
    for component in structure.components:
        role = style.roles[component.role]
        sibling = None
        if is_areal(component) and role.siblings and 1 < count[component.role] <= MOST_SIBLINGS:
            sibling = style.series[role.siblings[seen[component.role]]]
            seen[component.role] += 1
        colours[component.no] = _component_colour(role, sibling)
    return colours


def _component_colour(role: RoleStyle, sibling: SeriesColour | None) -> ComponentColour:
    source = sibling or role
    return ComponentColour(
        colour=source.colour,
        ink=source.ink,
        line=source.colour if contrast(source.colour) >= LEAST_LINE_CONTRAST else source.ink,
        fill=role.fill if sibling is None or sibling.fill is None else sibling.fill,
        edge_pt=role.edge_pt,
        pattern=source.pattern,
        arrow=role.arrow or source.colour,
    )
