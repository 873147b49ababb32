"""Find which plans name which places (``python -m gazetteer.attesting FOLDER``), and keep that as a table.

The folder holds the plans' texts under their usual names (``<plan>.txt``). Only facts are kept: place, plan, the
surface forms found and how often; no text of a plan. Without the folder the table stays as it is.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gazetteer.building import ATTESTATIONS_FILE, collect_places
from gazetteer.naming import shorten
from gazetteer.register import open_register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gazetteer.place import Place

SHORTEST = 2
"""A single character says nothing about a place."""


def attest(places: list[Place], plan: str, text: str) -> Iterator[tuple[str, str, str, int]]:
    """Yield place id, plan, surface and count for every name of a place that stands in a plan's text.

    A surface is counted as a string, wherever it stands: that a text *means* the place there is for the reader of
    texts to decide.
    """
    for place in places:
        for surface in dict.fromkeys((place.name_zh, *place.aliases, *shorten(place))):
            if len(surface) >= SHORTEST and (count := text.count(surface)):
                yield place.id, plan, surface, count


def main() -> int:
    """Write the table anew from the plans in a folder."""
    folder = Path(sys.argv[1])
    places = sorted(collect_places(), key=lambda place: place.id)
    rows = [
        row
        for plan in open_register().contexts
        for row in attest(places, plan, (folder / f"{plan}.txt").read_text(encoding="utf-8"))
    ]
    rows.sort()
    with ATTESTATIONS_FILE.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("place", "plan", "surface", "count"))
        writer.writerows(rows)
    sys.stdout.write(f"attestations: {len(rows)} surfaces of {len({row[0] for row in rows})} places\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
