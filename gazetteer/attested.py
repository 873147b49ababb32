"""How often which plan writes which name of a place, as ``attestations.csv`` keeps it."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gazetteer.freshness import kept
from gazetteer.geocoding import geocode

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE: Final = Path(__file__).parent / "attestations.csv"


@kept
def read_attested() -> Mapping[str, Mapping[str, Mapping[str, int]]]:
    """Return, by place and plan, the names that stand in the plan and how often each does, the frequent first.

    A name is counted as a string: 吴中 is counted in 吴中区 too. It is counted for the place that it means in that plan
    and for no other: 太湖 for the lake, not for 太湖街道.
    """
    found: dict[str, dict[str, dict[str, int]]] = {}
    with _FILE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            meant = geocode(row["surface"], plan=row["plan"]).best
            if meant is not None and meant.place.id == row["place"]:
                surfaces = found.setdefault(row["place"], {}).setdefault(row["plan"], {})
                surfaces[row["surface"]] = int(row["count"])
    return {
        place: {plan: dict(sorted(names.items(), key=lambda item: -item[1])) for plan, names in plans.items()}
        for place, plans in found.items()
    }


def count_names(names: Mapping[str, int]) -> int:
    """Return in how many spots any of some names stands: a name that holds another one is counted with it."""
    return sum(count for name, count in names.items() if not any(other != name and other in name for other in names))


@kept
def count_mentions(place_id: str) -> Mapping[str, int]:
    """Return how often each plan writes a name of a place; plans that never do are left out."""
    return {plan: count_names(names) for plan, names in read_attested().get(place_id, {}).items()}
