"""The brief in a process of its own: a question becomes PDF or DOCX."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from app.jobs.job import answer_job
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


def write_brief(wish: dict[str, Any]) -> bytes:
    """Return the brief of a wish."""
    index = open_index()
    question = read_question(wish, index)
    brief = make_brief(index, question, lang=wish["lang"], hidden=wish["hidden"], unshown=wish["unshown"])
    return {"pdf": write_pdf, "docx": write_docx}[wish["format"]](brief)


if __name__ == "__main__":
    sys.exit(answer_job(write_brief))
