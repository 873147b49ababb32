"""Pairs of plans and structures worth comparing, found in the records: areas, periods, and what ties structures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from gazetteer import open_register
from layers.catalogue import read_plans, read_structures
from layers.items import plan_of, read_ties

if TYPE_CHECKING:
    from gazetteer import Place

Group = Literal["city", "period", "tied"]
"""The city's plan and a district's, plans of two periods, or two structures that the records tie."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Two plans or two structures to offer for a comparison."""

    group: Group
    left: str
    right: str


@cache
def list_pairs() -> tuple[Pair, ...]:
    """Return the pairs to offer, by group; structures with most ties first."""
    plans = [*read_plans().values()]
    areas = {plan.id: _area(plan.id) for plan in plans}
    city = [plan for plan in plans if areas[plan.id].category == "city"]
    newest = max(city, key=lambda plan: plan.period)
    pairs = [Pair(group="city", left=newest.id, right=plan.id) for plan in plans if plan not in city]
    pairs += [
        Pair(group="period", left=one.id, right=other.id)
        for one in plans
        for other in plans
        if areas[one.id].category == areas[other.id].category and one.period[1] < other.period[1]
    ]
    # One area in two periods says more than two areas do.
    pairs.sort(key=lambda pair: pair.group == "period" and areas[pair.left] != areas[pair.right])
    return (*pairs, *(Pair(group="tied", left=left, right=right) for left, right in _tied_structures()))


def _area(plan: str) -> Place:
    register = open_register()
    return register.places[register.contexts[plan].owner]


def _tied_structures() -> list[tuple[str, str]]:
    """Return pairs of structures of two plans that are tied themselves or in components; projects are left out."""
    plans, structures = list(read_plans()), read_structures()
    found: Counter[tuple[str, str]] = Counter()
    for one, others in read_ties().items():
        for other in others:
            left, right = one.partition("#")[0], other.partition("#")[0]
            if plans.index(plan_of(left)) < plans.index(plan_of(right)):
                # A tie of the structures themselves weighs more than any of their parts.
                found[left, right] += 1 if "#" in one or "#" in other else len(plans)
    order = list(structures)
    kept = [pair for pair in found if "projects" not in (structures[pair[0]].kind, structures[pair[1]].kind)]
    return sorted(kept, key=lambda pair: (-found[pair], order.index(pair[0]), order.index(pair[1])))
