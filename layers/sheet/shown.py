"""A layer as a sheet shows it: what lies in its window, with numerals for what has no room for a name."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from layers.drawing import anchor_numbers, draw, pens_of
from layers.drawing.parallel import sharing

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from layers.drawing import Mark
    from layers.drawing.forms import Pen
    from layers.model import Layer
    from layers.sheet.canvas import View
    from layers.style import Style

_REACH_MM: Final = 3.0
"""A belt is seen this far from its line."""
_BADGED: Final = frozenset({"line", "point"})
"""Forms of components that a numeral can stand for."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A layer on a sheet.

    Attributes
    ----------
    layer
        The layer, with the pieces that lie in the sheet's window and the features they belong to.
    pens
        Pens by component, at the scale of the sheet.
    anchors
        Numerals of components drawn as numbered anchors.
    badges
        Numerals of lines and points that carry one beside their symbol.
    outside
        Numbers of the components that lie outside the window.
    """

    layer: Layer
    style: Style
    metres_per_mm: float
    pens: Mapping[int, Pen]
    anchors: Mapping[int, int]
    badges: Mapping[int, int] = field(default_factory=dict)
    outside: frozenset[int] = frozenset()
    memory: dict[str, Any] = field(default_factory=dict, compare=False)
    """What is worked out of the layer once."""

    @property
    def numbers(self) -> dict[int, int]:
        """Return all numerals, by component."""
        return {**self.anchors, **self.badges}

    def marks(self) -> list[Mark]:
        """Return what is painted of the layer, without badges, and as if it were alone."""
        drawn = draw(
            self.layer, style=self.style, metres_per_mm=self.metres_per_mm, numbers=self.anchors, apart=True,
            shared_out=False,
        )  # fmt: skip
        return [replace(mark, layer=self.layer.id) for mark in drawn]

    def can_be_badged(self, component: int) -> bool:
        """Tell whether a component is made of lines and points alone, and has no numeral yet."""
        forms = set(self.layer.pieces.loc[self.layer.pieces["component"] == component, "form"])
        return bool(forms) and forms <= _BADGED and component not in self.numbers

    def look_alike(self) -> set[int]:
        """Return the components whose lines share a course and have one colour."""
        lines = self.layer.pieces[self.layer.pieces["form"] == "line"]
        grey = any(entry.pattern != "solid" for entry in self.style.series.values())
        found = sharing(lines, metres_per_mm=self.metres_per_mm) if len(lines) else set()
        if grey or not found:
            return found
        colours = lines.groupby("component")["colour"].agg(set)
        looks = {
            no: colours[no] - {""} or {self.pens[no].colour.colour if self.pens[no].colour.own else ""} for no in found
        }
        return {no for no in found if any(looks[no] & looks[other] for other in found if other != no)}


def show(layers: Sequence[Layer], *, style: Style, view: View) -> list[Shown]:
    """Return layers as a window shows them; numerals count on from layer to layer."""
    found: list[Shown] = []
    first = 1
    for layer in layers:
        seen = _within(layer, view)
        anchors = anchor_numbers(seen, style=style, metres_per_mm=view.metres_per_mm, first=first)
        first += len(anchors)
        outside = set(layer.pieces["component"]) - set(seen.pieces["component"])
        found.append(
            Shown(
                layer=seen,
                style=style,
                metres_per_mm=view.metres_per_mm,
                pens=pens_of(seen, style=style, metres_per_mm=view.metres_per_mm, numbers=anchors),
                anchors=anchors,
                outside=frozenset(int(no) for no in outside),
            )
        )
    return found


def _within(layer: Layer, view: View) -> Layer:
    """Return a layer with what lies in a window."""
    pieces = layer.pieces[~(layer.pieces.geometry.is_empty | layer.pieces.geometry.isna())]
    kept = pieces[pieces.geometry.intersects(view.ground.buffer(_REACH_MM * view.metres_per_mm))]
    if len(kept) == len(layer.pieces):
        return layer
    gone = set(pieces["component"]) - set(kept["component"])
    features = layer.features[~layer.features["component"].isin(gone)]
    return replace(layer, pieces=kept, features=features)


def with_badges(shown: Sequence[Shown], wanted: Sequence[Collection[int]]) -> list[Shown]:
    """Return layers with numerals for more components, which count on in the order of layers and components.

    Parameters
    ----------
    wanted
        For each layer the numbers of the components that need one.
    """
    every = [sorted({*layer.badges, *more}) for layer, more in zip(shown, wanted, strict=True)]
    numerals = count(1 + sum(len(layer.anchors) for layer in shown))
    return [
        replace(layer, badges={no: next(numerals) for no in found}, memory={})
        for layer, found in zip(shown, every, strict=True)
    ]  # fmt: skip
