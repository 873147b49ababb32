"""Files of the page "what applies here": the printable brief, made in a process of its own, and the table."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

from app.jobs.job import run_job
from layers.reading import tell_certainty, tell_hit

if TYPE_CHECKING:
    from app.here.desk import HereDesk
    from app.library import Library
    from layers.reading import Answer

COLUMNS: Final = (
    "plan", "structure_zh", "component_zh", "component_en", "kind", "role", "basis", "certainty", "certainty_zh",
    "why_zh", "distance_m", "edge_m", "accuracy_m", "share", "within", "length_km", "chapter", "lines", "layer",
    "feature",
)  # fmt: skip


def to_csv(answer: Answer, *, mark: bool = True) -> bytes:
    """Return an answer as CSV, a row a feature; with a byte order mark, so that Excel reads it as UTF-8."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for hit in answer.hits:
        row: dict[str, Any] = {key: getattr(hit, key, None) for key in COLUMNS}
        row["certainty_zh"] = tell_certainty(hit.certainty, lang="zh")
        row["why_zh"] = tell_hit(hit, lang="zh")
        writer.writerow({key: "" if value is None else value for key, value in row.items()})
    return (("\ufeff" if mark else "") + stream.getvalue()).encode()


def make_brief(desk: HereDesk, library: Library, *, kind: str, lang: str) -> bytes:
    """Return the printable brief as PDF or DOCX.

    Raises
    ------
    JobError
        If it could not be made; the message says why.
    """
    point, area = desk.point(library.index), desk.area(library.index)
    wish: dict[str, Any] = {
        "format": kind, "lang": lang, "near_m": desk.state.near, "point": point, "ring": desk.state.ring or None,
        "place": desk.state.place if area is not None or point is not None else "", "hidden": desk.state.hidden,
        "unshown": desk.state.unshown,
    }  # fmt: skip
    return run_job("app.jobs.brief", wish)
