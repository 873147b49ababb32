"""A file of the bureau's own examined or taken over, in a process of its own (see `app.jobs.watched`).

Geometry tables need 200 MB and more, a large file a multiple of its size: none of it stays in the server.
"""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.data.preview import draw_preview, likely
from app.jobs.watched import answer_watched
from gazetteer import open_register
from gazetteer.importing import OUT, Wishes, examine, take_over, write_matches
from geodata.importing.unpacking import UnreadableFileError
from geodata.workspace import Import, write_issues

if TYPE_CHECKING:
    from app.jobs.watched import Progress
    from gazetteer import Place
    from gazetteer.importing import Examination, Row

_EXAMINED: Final = 0.9
"""Share of the work that is the examination."""
_MOST_ROWS: Final = 200
_MOST_ISSUES: Final = 200
_MOST_OTHERS: Final = 400
_SHOWN_MATCHED: Final = 40


def work(wish: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Examine a file, or take it over; what is wrong with a file is an answer, not a failure."""
    try:
        found = examine(
            Path(wish["path"]), _wishes(wish), progress=lambda share, what: progress(share * _EXAMINED, what)
        )
    except UnreadableFileError as error:
        return {"error": {"kind": error.kind, "value": error.value, "message": str(error)}}
    except ValueError as error:
        return {"error": {"kind": "refused", "value": str(error), "message": str(error)}}
    progress(_EXAMINED, "write" if wish["do"] == "import" else "show")
    if wish["do"] == "import":
        record = Import(kind="", file_name="", **wish["meta"])
        made = take_over(dataclasses.replace(found, file_name=str(wish["file_name"])), record)
        return {"made": made.id, "features": made.features}
    return {"found": tell(found, str(wish["file_name"]))}


def _wishes(wish: dict[str, Any]) -> Wishes:
    named = {name: str(wish.get(name) or "") for name in ("layer", "encoding", "system", "name_field")}
    settled = {int(number): str(decision) for number, decision in wish.get("settled", {}).items()}
    return Wishes(kind=str(wish["kind"]), settled=settled, **named)


def tell(found: Examination, file_name: str) -> dict[str, Any]:
    """Return what the page shows of an examination."""
    table, systems = found.table, likely(found)
    meant = {row.decision for row in found.rows}
    doubtful = [row for row in found.rows if row.status in ("fuzzy", "unmatched", "settled")]
    own = [row for row in found.rows if row.status == "own"]
    surely = [row for row in found.rows if row.status == "matched"]
    return {
        "file_name": file_name,
        "layer": table.layer,
        "layers": [dataclasses.asdict(each) for each in table.layers],
        "count": len(table.geometry),
        "fields": list(table.fields),
        "encoding": table.encoding,
        "encodings": table.encodings,
        "name_field": found.name_field,
        "known": dict(found.known_names),
        "declared": found.recognised.declared,
        "doubt": found.recognised.doubt,
        "system": found.system,
        "fits": [dataclasses.asdict(fit) for fit in found.recognised.fits if fit.system in systems],
        "preview": draw_preview(found, systems),
        "need": found.need,
        "taken": len(found.features),
        "counts": {status: sum(row.status == status for row in found.rows)
                   for status in ("matched", "settled", "fuzzy", "unmatched", "own")},
        "rows": [_tell_row(row) for row in doubtful[:_MOST_ROWS]],
        "more_rows": max(0, len(doubtful) - _MOST_ROWS),
        "own": [_tell_row(row) for row in own[:_MOST_ROWS]],
        "has_own": found.kind.own,
        "matched": [_tell_row(row) for row in surely[:_SHOWN_MATCHED]],
        "others": _others(found, meant),
        "issues": [dataclasses.asdict(issue) for issue in found.issues[:_MOST_ISSUES]],
        "issue_count": len(found.issues),
        "changes": len(found.changes),
        "issues_csv": write_issues(found.issues),
        "matches_csv": write_matches(found),
    }  # fmt: skip


def _tell_row(row: Row) -> dict[str, Any]:
    return {
        "number": row.number, "name": row.name, "status": row.status, "decision": row.decision,
        "place": _tell_place(row.place) if row.place is not None and row.decision != OUT else None,
        "candidates": [_tell_place(place) for place in row.candidates],
    }  # fmt: skip


def _tell_place(place: Place) -> dict[str, str]:
    parent = open_register().places.get(place.parent)
    return {
        "id": place.id, "name_zh": place.name_zh, "name_en": place.name_en,
        "in_zh": parent.name_zh if parent else "", "in_en": parent.name_en if parent else "",
    }  # fmt: skip


def _others(found: Examination, meant: set[str]) -> list[dict[str, str]]:
    """Return the places of this kind that no feature has been matched to: what a doubtful name may mean as well."""
    wanted, layers = set(found.kind.categories), found.kind.layers
    left = [
        place for place in open_register().places.values()
        if place.id not in meant and place.resolution == "suzhou"
        and (place.geometry.partition("/")[0] in layers if found.kind.codes else place.category in wanted)
    ]  # fmt: skip
    return [_tell_place(place) for place in sorted(left, key=lambda place: place.pinyin)[:_MOST_OTHERS]]


def main() -> int:
    """Answer the wish on standard input."""
    return answer_watched(work)


if __name__ == "__main__":
    sys.exit(main())
