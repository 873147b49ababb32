"""What a rule returns: pieces, how they came to be, and what could not be found."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from layers.ground import Shape
    from layers.model import Basis, PieceForm


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A part of a component as it will be drawn; geometry in EPSG:4549. See `layers.model.Layer.pieces`."""

    form: PieceForm
    geometry: BaseGeometry
    basis: Basis
    accuracy_m: float
    extent: str = ""
    place: str = ""
    name_zh: str = ""
    name_en: str = ""
    width_m: float = math.nan
    order: int = -1
    status: str = ""
    theme: str = ""
    colour: str = ""
    clip: BaseGeometry | None = None
    source: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """The pieces of a component and how it was drawn, in words."""

    pieces: tuple[Piece, ...] = ()
    how_zh: str = ""
    how_en: str = ""


def outcome_of(pieces: list[Piece], said: list[tuple[str, str]]) -> Outcome:
    """Put pieces and the sentences about them together."""
    return Outcome(pieces=tuple(pieces), how_zh="；".join(zh for zh, _ in said), how_en="; ".join(en for _, en in said))


def piece_of(shape: Shape, *, form: PieceForm, basis: Basis, extent: str = "", order: int = -1) -> Piece:
    """Make a piece out of a shape as it is."""
    return Piece(
        form=form,
        geometry=shape.geometry,
        basis=basis,
        accuracy_m=shape.accuracy_m,
        extent=extent,
        place=shape.place.id,
        name_zh=shape.place.name_zh,
        name_en=shape.place.name_en,
        order=order,
        status=shape.status,
        theme=shape.layer,
        colour=shape.colour,
        source=shape.source,
    )


def kilometres(metres: float) -> str:
    """Write a width in km without needless zeros: 1500 is ``1.5``."""
    return f"{metres / 1000:.2f}".rstrip("0").rstrip(".")


def join_zh(names: tuple[str, ...] | list[str]) -> str:
    """Join names as Chinese prose does."""
    return "、".join(dict.fromkeys(names))


def join_en(names: tuple[str, ...] | list[str]) -> str:
    """Join names with commas."""
    return ", ".join(dict.fromkeys(names))
