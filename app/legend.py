"""The legend: what is on the map and nothing else, with the five bases always listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.swatches import basis_swatch, component_swatch, shared_swatch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.library import Card, Library
    from app.wording import Words

BASES: Final = ("official", "derived", "indicative", "schematic", "unlocated")
_MOST_NAMED: Final = 7


def legend_entries(layers: Iterable[str], library: Library, words: Words) -> list[list[dict[str, Any]]]:
    """Return two columns of entries (``image, text, none``): components or roles, and bases.

    Few components are named; many are told by role.
    """
    on = [component for layer in layers for component in library.cards[layer]["components"]]
    drawn = [component for component in on if component["basis"] != "unlocated"]
    named = len(drawn) <= _MOST_NAMED
    shown: dict[str, dict[str, Any]] = {}
    for component in drawn:
        role = words(f"roles.{component['role']}")
        name = words.pick(component, "name") if named else role
        shown.setdefault(f"{name}{'' if named else component['form']}", {
            "image": component_swatch(component), "text": name, "none": False,
        })  # fmt: skip
    entries = list(shown.values())
    if pair := _shared(drawn):
        entries.append({"image": shared_swatch(*pair), "text": words("legend_shared"), "none": False})
    found = {component["basis"] for component in on}
    bases = [
        {"image": basis_swatch(basis), "text": words(f"bases.{basis}"), "none": basis not in found} for basis in BASES
    ]
    return [entries, bases] if entries else [bases]


def _shared(drawn: list[Card]) -> tuple[str, str] | None:
    """Return the colours of the first two components that share a filled member."""
    by_fid = {component["fid"]: component for component in drawn}
    for component in drawn:
        stem = component["fid"].rpartition("#")[0]
        for member in component["members"]:
            for number in member["shared"]:
                other = by_fid.get(f"{stem}#{number}")
                if other is not None and member["extent"] in ("whole", "part"):
                    return component["colour"]["colour"], other["colour"]["colour"]
    return None
