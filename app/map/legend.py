"""The legend: what is on the map, with the five bases; a long legend leaves out the bases that are not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.swatches import basis_swatch, component_swatch, shared_swatch, unlisted_swatch
from layers.own import OWN_PLAN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.library import Card, Library
    from app.wording import Words

BASES: Final = ("official", "derived", "indicative", "schematic", "unlocated")
_MOST_ROWS: Final = 11
_LONG: Final = 6
"""More component rows than this leave no room for bases that the map does not show."""
_PLAIN: Final = ("fill", "arrow", "line")
"""Forms that need no word beside the role: their swatch says it."""
_POINTS: Final = ("hub", "node", "site", "section", "line", "network", "centre", "sub-centre")
"""Roles that are points by nature: nothing is left out when they are drawn as such."""


def legend_entries(layers: Iterable[str], library: Library, words: Words) -> list[list[dict[str, Any]]]:
    """Return two columns of entries (``image, text, none``): components, and bases.

    Components that look alike stand in one row, told by their role; a look of its own is told by name.
    """
    cards = [library.cards[layer] for layer in layers]
    groups: dict[tuple[Any, ...], list[Card]] = {}
    for card in cards:
        for component in card["components"]:
            if component["basis"] != "unlocated":
                groups.setdefault(_look(component), []).append(component)
    # A look that only one layer of the bureau's own has goes by that layer's name: its roles say nothing of it.
    own = {component["fid"]: words.pick(card, "name") for card in cards if card["plan"] == OWN_PLAN.id
           for component in card["components"]}  # fmt: skip
    entries = [_entry(group, words, own) for group in groups.values()]
    if len(entries) > _MOST_ROWS:
        # Many layers at once: one row for a role and a form, whatever the colours.
        coarse: dict[tuple[str, str], list[Card]] = {}
        for group in groups.values():
            coarse.setdefault((group[0]["role"], group[0]["form"]), []).extend(group)
        entries = [_entry(group, words, own) for group in coarse.values()]
    if pair := next(filter(None, map(_striped, cards)), None):
        entries.append({"image": shared_swatch(*pair), "text": words("legend_shared"), "none": False})
    if row := next((card["unlisted"] for card in cards if card.get("unlisted")), None):
        entries.append({"image": unlisted_swatch(), "text": words.pick(row, "text"), "none": False})
    found = {component["basis"] for card in cards for component in card["components"]}
    bases = [
        {"image": basis_swatch(basis), "text": words(f"bases.{basis}"), "none": basis not in found}
        for basis in BASES
        if basis in found or len(entries) <= _LONG
    ]
    return [entries, bases] if entries else [bases]


def _look(component: Card) -> tuple[Any, ...]:
    """Return what decides how a component looks in the legend."""
    numbered = bool(component["number"])
    form = "anchor" if numbered else component["form"]
    if form == "line":
        return form, component["line_theme"], component["status"], component["colour"]["line"]
    return form, component["role"], component["colour"]["colour"]


def _entry(group: list[Card], words: Words, own: Mapping[str, str]) -> dict[str, Any]:
    first = group[0]
    named = {own.get(component["fid"], "") for component in group}
    if len(group) > 1 and len(named) == 1 and "" not in named:
        text = named.pop()
    elif len(group) == 1:
        text = words.pick(first, "label")
    else:
        text = words(f"roles.{first['role']}")
        if (form := "anchor" if first["number"] else first["form"]) not in _PLAIN and not (
            form == "point" and first["role"] in _POINTS
        ):
            text = words("legend_form", role=text, form=words(f"forms.{form}"))
    return {"image": component_swatch(first), "text": text, "none": False}


def _striped(card: Card) -> tuple[str, str] | None:
    """Return two colours that a layer stripes on shared land."""
    colours = {component["no"]: component["colour"]["colour"] for component in card["components"]}
    for shared in card["shared"]:
        first, second = colours[shared[0]], colours[shared[1]]
        if first != second:
            return first, second
    return None
