"""What every plan says of one place: structures, projects, indicators and figures, and how often its text names it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from app.indicators.table import tell_figure, tell_target
from app.library import open_library
from app.projects.telling import tell_status
from app.swatches import component_swatch
from app.telling import plan_name
from gazetteer.attested import count_mentions
from gazetteer.freshness import kept
from geodata.workspace import kept_until_change
from layers.catalogue import read_plans
from layers.indicators import read_figures, read_indicators
from layers.indicators.comparing import plan_of
from layers.items import component_items

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.library import Card, Library
    from app.wording import Words
    from gazetteer import Place
    from layers.indicators import Figure, Indicator

_MOST: Final = 8
"""Rows of a list that are shown before the rest is unfolded."""


@dataclass
class Said:
    """What one plan says of a place: ids of components with their relation (an extent, or ``covers``), and rows."""

    structures: dict[str, str] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)
    indicators: list[Indicator] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    mentions: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """How many of each there are."""
        return {
            "structures": len(self.structures), "projects": len(self.projects), "indicators": len(self.indicators),
            "figures": len(self.figures), "mentions": self.mentions,
        }  # fmt: skip


@kept_until_change
@kept
def _members() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return the components that name each place as a member, with the extent, by place id."""
    found: dict[str, list[tuple[str, str]]] = {}
    for layer in open_library().cards:
        for item in component_items(layer).values():
            for part in item.parts:
                found.setdefault(part.key, []).append((item.id, part.extent))
    return {place: tuple(rows) for place, rows in found.items()}


@cache
def _indicators() -> Mapping[str, list[Indicator]]:
    found: dict[str, list[Indicator]] = {}
    for row in read_indicators().values():
        found.setdefault(row.area, []).append(row)
    return found


@cache
def _figures() -> Mapping[str, list[Figure]]:
    found: dict[str, list[Figure]] = {}
    for row in read_figures():
        found.setdefault(row.area, []).append(row)
    return found


def find_said(place: Place, library: Library) -> dict[str, Said]:
    """Return what the plans say of a place, by plan in their order; a plan that says nothing is left out.

    Notes
    -----
    Members come first; a component that covers the place's position without naming it is told as such. The indicators
    and figures are those set for the place itself, not for what it lies in.
    """
    found = {plan: Said(mentions=count_mentions(place.id).get(plan, 0)) for plan in read_plans()}

    def add(fid: str, relation: str) -> None:
        said = found[library.cards[library.layer_of(fid)]["plan"]]
        rows = said.projects if library.components[fid]["project"] else said.structures
        rows.setdefault(fid, relation)

    for fid, extent in _members().get(place.id, ()):
        add(fid, extent)
    if place.position is not None:
        for fid in library.at(*place.position):
            add(fid, "covers")
    for row in _indicators().get(place.id, ()):
        found[plan_of(row)].indicators.append(row)
    for figure in _figures().get(place.id, ()):
        found[figure.plan].figures.append(figure)
    return {plan: said for plan, said in found.items() if any(said.counts.values())}


def count_said(place: Place, library: Library, words: Words) -> list[dict[str, str]]:
    """Return a short line for each plan: its name, and how much of what it says of a place."""
    stop = " · "
    return [
        {
            "name": plan_name(read_plans()[plan], words),
            "counts": stop.join(words(f"places.said.{kind}", n=n) for kind, n in said.counts.items() if n),
        }
        for plan, said in find_said(place, library).items()
    ]


def describe_said(place: Place, library: Library, words: Words) -> list[dict[str, Any]]:
    """Return what each plan says of a place, as the record card shows it."""
    return [
        {
            "name": plan_name(read_plans()[plan], words),
            "counts": " · ".join(words(f"places.said.{kind}", n=n) for kind, n in said.counts.items() if n),
            "lists": [
                {"kind": kind, "name": words(f"places.said_heads.{kind}"), "first": rows[:_MOST], "more": rows[_MOST:]}
                for kind, rows in (
                    ("structures", [_component(fid, how, library, words) for fid, how in said.structures.items()]),
                    ("projects", [_component(fid, how, library, words) for fid, how in said.projects.items()]),
                    ("indicators", [tell_target(row, words) for row in said.indicators]),
                    ("figures", [tell_figure(row, words) for row in said.figures]),
                )
                if rows
            ],
        }
        for plan, said in find_said(place, library).items()
    ]


def _component(fid: str, relation: str, library: Library, words: Words) -> dict[str, str]:
    component: Card = library.components[fid]
    how = words("places.said_covers") if relation == "covers" else words(f"extents.{relation}")
    about = words.pick(library.cards[library.layer_of(fid)], "name")
    if component["project"]:
        about = tell_status(component["project"], words)
    return {
        "fid": fid, "name": words.pick(component, "name"), "about": f"{about} · {how}",
        "image": component_swatch(component),
    }  # fmt: skip
