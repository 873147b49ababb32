"""What one reader does in the twin of the map: its order, its page, the file that is wanted."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from app.places.state import PAGE_ROWS
from app.places.table import pages_of
from app.swatches import component_swatch
from app.table.rows import SORTS, list_base, list_components, sort_rows
from app.telling import accuracy_text
from gazetteer.batch import guard_cell
from geodata.numbers import write_kilometres

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.address import State
    from app.library import Library
    from app.table.rows import Row
    from app.wording import Words

TABS: Final = ("plans", "base")
FIELDS: Final = (
    "kind", "id", "name", "plan", "layer", "role", "basis", "accuracy_m", "members", "stated_km2", "drawn_km2", "where",
)  # fmt: skip
_MOST_MEMBERS: Final = 6
_HEADS: Final = ("name", "layer", "role", "basis", "accuracy", "members", "area", "where")
_FEW: Final = 100.0
_EVENTS: Final = ("table_sort", "table_page", "table_tab", "table_csv")


@dataclass
class TableDesk:
    """The twin of the map of one reader, for the length of a session."""

    tab: str = TABS[0]
    sort: str = SORTS[0]
    page: int = 0
    go: int = 0
    """Counts the times that the table must scroll to its top."""
    download: bool = False

    def answer(self, event: dict[str, Any]) -> bool:
        """Answer an event, and tell whether it was one of the table's own."""
        kind, value = str(event.get("type")), str(event.get("value") or "")
        if kind not in _EVENTS:
            return False
        if kind == "table_sort" and value in SORTS:
            self.sort = f"-{value}" if self.sort == value else SORTS[0] if self.sort == f"-{value}" else value
            self.page = 0
        elif kind == "table_page" and value.isdigit():
            self.page = int(value)
        elif kind == "table_tab" and value in TABS:
            self.tab, self.page = value, 0
        elif kind == "table_csv":
            self.download = True
        self.go += kind != "table_csv"
        return True


def describe_twin(desk: TableDesk, state: State, library: Library, words: Words) -> dict[str, Any]:
    """Return what the template of the table shows."""
    rows = {"plans": list_components(state, library, words), "base": list_base(state, words)}
    shown = sort_rows(rows[desk.tab], desk.sort)
    pages = pages_of(len(shown), desk.page, words)
    by, up = desk.sort.removeprefix("-"), not desk.sort.startswith("-")
    chosen = state.selected or state.place
    return {
        "tab": desk.tab,
        "tabs": [
            {"id": each, "name": words(f"table.tabs.{each}"), "on": each == desk.tab, "count": f"{len(rows[each]):,}"}
            for each in TABS
        ],
        "heads": [
            {"id": each, "name": words(f"table.{desk.tab}.{each}"), "sortable": each in SORTS,
             "sort": ("ascending" if up else "descending") if each == by else "none"}
            for each in _HEADS
            if desk.tab == "plans" or each != "area"
        ],
        "rows": [_describe(row, words, chosen=chosen) for row in shown[pages["slice"]]],
        "pages": pages,
        "page_rows": PAGE_ROWS,
    }  # fmt: skip


def _describe(row: Row, words: Words, *, chosen: str) -> dict[str, Any]:
    comma = "、" if words.lang == "zh" else ", "
    members = comma.join(row.members[:_MOST_MEMBERS])
    if len(row.members) > _MOST_MEMBERS:
        members = words("table.more_members", names=members, n=len(row.members))
    return {
        "id": row.id,
        "event": row.event,
        "chosen": row.id == chosen,
        "name": row.name,
        "second": row.second,
        "image": "" if row.record is None else component_swatch(row.record),
        "layer": row.layer,
        "plan": row.plan,
        "role": row.role,
        "basis": row.basis,
        "basis_name": row.basis_name,
        "accuracy": "–" if row.accuracy_m is None else _short_metres(row.accuracy_m),
        "accuracy_words": accuracy_text(row.accuracy_m, words),
        "members": members,
        "stated": _area(row.stated_km2),
        "drawn": _area(row.drawn_km2),
        "where": row.where,
    }


def _short_metres(metres: float) -> str:
    return f"±{metres:.0f} m" if metres < 1_000.0 else f"±{write_kilometres(metres)} km"  # noqa: PLR2004 - metres in a km


def _area(km2: float | None) -> str:
    return "" if km2 is None else f"{round(km2, 1 if km2 < _FEW else 0):g}"


def twin_to_csv(desk: TableDesk, state: State, library: Library, words: Words) -> str:
    """Return all that the map shows, components and base map, with a byte order mark; formulas are guarded."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, FIELDS, lineterminator="\n")
    writer.writeheader()
    for kind, rows in (("component", list_components(state, library, words)), ("base", list_base(state, words))):
        _write(writer, kind, sort_rows(rows, desk.sort))
    return "\ufeff" + stream.getvalue()


def _write(writer: csv.DictWriter[str], kind: str, rows: Iterable[Row]) -> None:
    for row in rows:
        cells = {name: getattr(row, name) for name in FIELDS if name != "kind"}
        cells |= {"kind": kind, "members": "; ".join(row.members)}
        writer.writerow({name: guard_cell("" if value is None else value) for name, value in cells.items()})
