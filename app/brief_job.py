"""The brief in a process of its own: a question as JSON on standard input, PDF or DOCX on standard output.

matplotlib, fonts and geometry tables need 200 MB that a server should not hold between two briefs.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from gazetteer import open_register
from layers.brief import Question, make_brief, write_docx, write_pdf
from layers.reading import open_index, read_ring

if TYPE_CHECKING:
    from layers.reading import Index


def read_question(wish: dict[str, Any], index: Index) -> Question:
    """Return the question of a wish: ``point``, ``ring`` or ``place``, and ``near_m``."""
    place = open_register().places.get(wish["place"])
    near = float(wish["near_m"])
    if wish["ring"]:
        return Question(area=read_ring(wish["ring"]), near_m=near)
    known = index.areas.get(place.geometry) if place is not None else None
    name = "" if place is None else (wish["lang"] == "en" and place.name_en) or place.name_zh
    if known is not None:
        return Question(area=known.ground, name=name, near_m=near)
    lon, lat = wish["point"]
    return Question(point=(float(lon), float(lat)), name=name, near_m=near)


def main() -> int:
    """Write the brief; say in one line what was wrong otherwise."""
    wish = json.load(sys.stdin)
    try:
        index = open_index()
        question = read_question(wish, index)
        brief = make_brief(index, question, lang=wish["lang"], hidden=wish["hidden"], unshown=wish["unshown"])
        sys.stdout.buffer.write({"pdf": write_pdf, "docx": write_docx}[wish["format"]](brief))
    except (ValueError, KeyError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
