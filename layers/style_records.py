"""Records of the style file: what it may hold, and within which bounds."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Colour = Annotated[str, msgspec.Meta(pattern="^#[0-9A-F]{6}$")]
Opacity = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
Length = Annotated[float, msgspec.Meta(ge=0.0)]
Page = Literal["16:9", "a4", "a4-portrait", "a3"]
"""Sizes of type; every page takes one of them."""
Pattern = Literal["solid", "dots", "slash", "backslash", "dashes", "crosses"]
Shape = Literal["square", "disc", "ringed-disc", "numbered"]
Dash = tuple[float, ...]


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all style records: frozen, and a misspelt key in the file is an error."""


class BaseTones(Record, frozen=True):
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


class TextTones(Record, frozen=True):
    """Inks, rules, the halo and the paper."""

    paper: Colour
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


class RoleStyle(Record, frozen=True):
    """Colour, label ink and fill of a role, and the order in which siblings take the series."""

    colour: Colour
    ink: Colour
    fill: Opacity
    edge_pt: Length | None = None
    pattern: Pattern = "solid"
    arrow: Colour | None = None
    siblings: tuple[str, ...] = ()


class SeriesColour(Record, frozen=True):
    """One colour of the sibling series."""

    colour: Colour
    ink: Colour
    pattern: Pattern = "solid"
    fill: Opacity | None = None


class BasisStyle(Record, frozen=True):
    """How an edge of a basis is drawn."""

    edge_pt: Length
    water_edge_pt: Length
    dash: Dash
    round_mm: Length
    inset_mm: Length


class Stripes(Record, frozen=True):
    """Equal stripes of a shared member."""

    width_mm: Length
    angle_deg: float
    boost: Opacity
    edge: Colour
    edge_pt: Length
    dash: Dash


class Unlisted(Record, frozen=True):
    """Towns that no component names."""

    fill: Colour
    edge: Colour
    edge_pt: Length
    dash: Dash


class Swatch(Record, frozen=True):
    """The neutral fill of the basis legend."""

    colour: Colour
    fill: Opacity


class Arrow(Record, frozen=True):
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


class Band(Record, frozen=True):
    """A belt that fades to nothing: nested buffers of equal small opacity."""

    full_mm: Length
    reach_mm: Length
    narrowest_mm: Length
    rings: int
    opacity: Opacity
    corridor_reach: Length


class Patch(Record, frozen=True):
    """A faded patch, where no edge is known."""

    rings: int
    opacity: Opacity
    fade_mm: Length
    radius_mm: Length
    smallest_mm: Length


class Disc(Record, frozen=True):
    """A disc of the stated area."""

    under: Opacity
    fill: Opacity
    edge_pt: Length
    dash: Dash
    dot_mm: Length
    smallest_mm: Length


class Water(Record, frozen=True):
    """A lake or river as a component: a light fill and a rim that fades inward."""

    fill: Opacity
    rim: Opacity
    rim_mm: Length
    steps: int


class PatternSize(Record, frozen=True):
    """Sizes of the textures of grey printing."""

    pitch_mm: Length
    dot_mm: Length
    line_mm: Length


class LineStyle(Record, frozen=True):
    """A line by theme."""

    colour: Colour
    width_pt: Length
    ticks: bool


class StatusStyle(Record, frozen=True):
    """A line by status."""

    dash: Dash
    width: Length
    round: bool = False


class Casing(Record, frozen=True):
    """The white casing under a line."""

    colour: Colour
    extra_pt: Length
    opacity: Opacity


class Ticks(Record, frozen=True):
    """Ticks across an open railway."""

    length_mm: Length
    every_mm: Length
    width_pt: Length


class Boundary(Record, frozen=True):
    """An administrative line."""

    width_pt: Length
    dash: Dash


class PointStyle(Record, frozen=True):
    """A point symbol."""

    shape: Shape
    size_mm: Length
    edge_pt: Length
    outer_mm: Length = 0.0
    text_pt: Length = 0.0


class TypeStyle(Record, frozen=True):
    """A class of text."""

    sizes: dict[Page, Length]
    largest: dict[Page, Length] = {}
    bold: bool = False
    serif: bool = False
    halo_pt: Length = 0.0
    spacing_em: Length = 0.0
    ink: Literal["ink", "second", "third", "water", "notice"] = "ink"


class Style(Record, frozen=True):
    """Everything a painter needs to know, for one theme."""

    name: str
    line_series: tuple[str, ...]
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
