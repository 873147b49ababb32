"""What the page "data" shows: the imports, and what was found in a file, in the words of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.data.desk import KINDS, META
from geodata import workspace
from geodata.workspace import WorkspaceError

if TYPE_CHECKING:
    from app.data.desk import DataDesk
    from app.wording import Words

_SWAPPED: Final = "-swapped"
_SHOWN_ISSUES: Final = 12
KNOWN_ERRORS: Final = (
    "missing", "large", "empty", "form", "signature", "parts", "zip", "bomb", "nothing", "features", "layer",
    "encoding", "broken", "columns", "refused", "job",
)  # fmt: skip


def describe_imports(desk: DataDesk, words: Words) -> dict[str, Any]:
    """Return the imports, newest first, and what cannot be done with the workspace."""
    try:
        imports, trouble = workspace.list_imports(), desk.trouble
    except WorkspaceError as error:
        imports, trouble = (), str(error)
    return {
        "imports": [
            {
                "id": each.id, "file": each.file_name, "title": each.title,
                "kind": words(f"data.kinds.{each.kind}"), "on": each.active,
                "owner": each.owner or words("data.unsaid"), "licence": each.licence or words("data.unsaid"),
                "date": each.date, "review": each.review_number, "features": each.features, "made": each.made[:10],
                "accuracy": f"{each.accuracy_m:g}", "system": name_system(each.system, words),
                "removing": each.id == desk.removing,
            }
            for each in reversed(imports)
        ],
        "trouble": trouble,
        "done": desk.done and words("data.done", file=desk.done["file"], n=desk.done["features"]),
    }  # fmt: skip


def describe_kinds(desk: DataDesk, words: Words) -> list[dict[str, Any]]:
    """Return what a file may hold."""
    return [{"id": each, "name": words(f"data.kinds.{each}"), "chosen": each == desk.kind} for each in KINDS]


def name_system(system: str, words: Words) -> str:
    """Return the name of a coordinate system."""
    base, swapped = system.removesuffix(_SWAPPED), system.endswith(_SWAPPED)
    name = words(f"data.systems.{base}")
    return words("data.swapped", name=name) if swapped else name


def describe_error(desk: DataDesk, words: Words) -> str:
    """Return why a file cannot be taken, in a sentence that says what to do; "" if nothing is wrong."""
    if desk.error is None:
        return ""
    kind = desk.error["kind"]
    known = kind if kind in KNOWN_ERRORS else "job"
    return words(f"data.errors.{known}", file=desk.file_name, value=desk.error["value"])


def describe_work(desk: DataDesk, words: Words) -> dict[str, Any]:
    """Return how far the work on a file is."""
    job = desk.job
    return {
        "name": desk.file_name, "title": words("data.taking_over" if desk.importing else "data.examining"),
        "step": words(f"data.steps.{job.what}") if job is not None and job.what else "",
        "share": 0 if job is None else round(100 * job.share),
    }  # fmt: skip


def describe_found(desk: DataDesk, words: Words) -> dict[str, Any]:
    """Return what was found in the file."""
    found = desk.found
    assert found is not None
    english = words.lang == "en"
    return {
        "name": found["file_name"],
        "stem": found["file_name"].rpartition(".")[0],
        "facts": words("data.facts", n=f"{found['count']:,}", fields=len(found["fields"]), encoding=found["encoding"]),
        "layers": [{"id": each["name"], "name": f"{each['name']} ({each['rows']:,})" if each["rows"] > 0
                    else each["name"], "chosen": each["name"] == found["layer"]} for each in found["layers"]],
        "encodings": [{"id": each, "chosen": each == found["encoding"],
                       "name": words("data.known_texts", name=each, n=count)}
                      for each, count in found["encodings"].items()],
        "fields": [{"id": each, "chosen": each == found["name_field"],
                    "name": words("data.known_texts", name=each, n=found["known"][each])} for each in found["fields"]],
        "name_field": found["name_field"],
        "system": _describe_system(found, words),
        "counts": [{"id": status, "name": words(f"data.statuses.{status}"), "n": count}
                   for status, count in found["counts"].items() if count],
        "rows": [_describe_row(row, found, desk, english=english, words=words) for row in found["rows"]],
        "own": [_describe_row(row, found, desk, english=english, words=words) for row in found["own"]],
        "own_count": found["counts"]["own"],
        "has_own": found["has_own"],
        "more_rows": words("data.more_rows", n=found["more_rows"]) if found["more_rows"] else "",
        "matched": [{"name": row["name"], "place": _name(row["place"], english=english)} for row in found["matched"]],
        "matched_count": found["counts"]["matched"],
        "issues": [_describe_issue(issue, words) for issue in found["issues"][:_SHOWN_ISSUES]],
        "issue_count": found["issue_count"],
        "changes": words("data.changes", n=found["changes"]) if found["changes"] else "",
        "accepted": desk.accepted,
        "placed": bool(found["system"]),
        "taken": words("data.taken", n=found["taken"]),
        "meta": {name: desk.meta_shown.get(name, "") for name in META},
        "accuracy": desk.meta_shown.get("accuracy", f"{desk.accuracy_m:g}"),
        "ready": desk.ready,
        "wanting": _wanting(desk, words),
    }  # fmt: skip


def _wanting(desk: DataDesk, words: Words) -> str:
    """Return what is still to be done before the file may be taken over."""
    found = desk.found
    assert found is not None
    if found["need"]:
        return words(f"data.needs.{found['need']}")
    return "" if desk.ready else words("data.needs.accept")


def _describe_system(found: dict[str, Any], words: Words) -> dict[str, Any]:
    doubt = found["doubt"] if not found["system"] else ""
    close, overview = found["preview"]["close"], found["preview"]["overview"]
    chosen = found["system"] or (found["fits"][0]["system"] if found["fits"] else "")
    return {
        "declared": words("data.declared", name=found["declared"]) if found["declared"] else words("data.undeclared"),
        "doubt": words(f"data.doubts.{doubt}") if doubt else "",
        "overview": overview | {"shown": overview["file"].get(chosen, "")},
        "close": close,
        "fits": [
            {
                "id": fit["system"], "name": name_system(fit["system"], words),
                "chosen": fit["system"] == found["system"],
                "inside": f"{fit['inside']:.0%}",
                "edges": "" if fit["edges_m"] is None else words("data.edges", m=f"{fit['edges_m']:,.0f}"),
                "names": "" if fit["names_m"] is None else words("data.names", m=f"{fit['names_m']:,.0f}"),
                "path": close["file"].get(fit["system"], "") if close else "",
            }
            for fit in found["fits"]
        ],
    }  # fmt: skip


def _describe_row(
    row: dict[str, Any], found: dict[str, Any], desk: DataDesk, *, english: bool, words: Words
) -> dict[str, Any]:  # fmt: skip
    decision = desk.settled.get(str(row["number"]), "")
    likely = {place["id"]: place for place in row["candidates"]}
    others = {place["id"]: place for place in found["others"] if place["id"] not in likely}
    if row["place"] is not None and decision == row["place"]["id"]:
        others.setdefault(decision, row["place"])

    def option(place: dict[str, str]) -> dict[str, Any]:
        return {"id": place["id"], "name": _name(place, english=english), "chosen": place["id"] == decision}

    return {
        "number": row["number"], "name": row["name"] or words("data.nameless"), "status": row["status"],
        "told": words(f"data.statuses.{row['status']}"), "decision": decision,
        "likely": [option(place) for place in likely.values()],
        "others": [option(place) for place in others.values()],
    }  # fmt: skip


def _name(place: dict[str, str] | None, *, english: bool) -> str:
    if place is None:
        return ""
    name = (english and place["name_en"]) or place["name_zh"]
    held = (english and place["in_en"]) or place["in_zh"]
    return f"{name} · {held}" if held else name


def _describe_issue(issue: dict[str, Any], words: Words) -> dict[str, Any]:
    where = words("data.feature", n=issue["feature"]) if issue["feature"] else words("data.whole_file")
    value = issue["value"]
    if issue["code"] in ("system", "swapped"):
        value = name_system(str(value), words)
    return {
        "where": where, "text": words(f"data.issues.{issue['code']}", value=value),
        "action": words(f"data.actions.{issue['action']}"), "kind": issue["action"],
    }  # fmt: skip
