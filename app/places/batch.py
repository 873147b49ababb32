"""Batch geocoding on the page: the table that the reader brought, the column, the plan, the answers that are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.places.state import PAGE_ROWS
from gazetteer import geocode, open_register
from gazetteer.batch import DOUBTFUL, MATCHES, UnreadableTableError, read_table
from gazetteer.freshness import looked_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazetteer import Place
    from gazetteer.batch import GeocodedTable, Match, Table

_SAMPLE: Final = 200


@dataclass(eq=False)
class Batch:
    """A table on its way to answers: brought, column chosen, geocoded."""

    content: bytes | str = b""
    table: Table | None = None
    error: UnreadableTableError | None = None
    column: int = 0
    plan: str = ""
    asked: bool = False
    """Whether the reader has asked for the answers; the page gets them."""
    answered: GeocodedTable | None = None
    shown: tuple[Match, ...] = MATCHES
    page: int = 0

    def bring(self, name: str, content: bytes | str) -> None:
        """Take a table; what was there before goes."""
        self.content, self.table, self.error, self.answered, self.asked = content, None, None, None, False
        try:
            self.table = read_table(content, name=name)
        except UnreadableTableError as error:
            self.error, self.content = error, b""
        else:
            self.column = guess_column(self.table)

    def answer(self, kind: str, value: str) -> None:
        """Answer an event of the batch's own; one that makes no sense changes nothing."""
        if kind == "again":
            self.content, self.table, self.error, self.answered = b"", None, None, None
        elif kind == "batch_plan" and value in ("", *open_register().contexts):
            self.plan = value
        elif self.table is None:
            return
        elif kind == "column" and value.isdigit() and int(value) < len(self.table.columns):
            self.column = int(value)
        elif kind == "header":
            self.table = read_table(self.content, name=self.table.name, header=not self.table.has_header)
        elif kind == "run":
            self.asked = True
        elif kind == "back":
            self.answered = None
        elif kind == "match" and value in MATCHES:
            off = {*MATCHES} - {*self.shown} ^ {value}
            self._show(tuple(match for match in MATCHES if match not in off))
        elif kind == "doubtful":
            doubtful = tuple(match for match in MATCHES if match in DOUBTFUL)
            self._show(MATCHES if self.shown == doubtful else doubtful)
        elif kind == "batch_page" and value.isdigit():
            self.page = int(value)

    def _show(self, matches: tuple[Match, ...]) -> None:
        self.shown, self.page = matches, 0

    def finish(self, answered: GeocodedTable) -> None:
        """Take the answers."""
        self.answered, self.asked = answered, False
        self._show(MATCHES)

    def rows(self) -> Sequence[int]:
        """Return the positions of the rows that are shown, in their order."""
        return () if self.answered is None else _rows(self.answered, self.shown)

    def places(self) -> list[Place]:
        """Return the places that the shown rows mean."""
        if self.answered is None:
            return []
        found = (self.answered.answers[row].best for row in self.rows())
        return list(dict.fromkeys(each.place for each in found if each is not None))

    def turn_to(self, place_id: str) -> None:
        """Turn to the page with the first row that means a place."""
        if self.answered is None:
            return
        for position, row in enumerate(self.rows()):
            best = self.answered.answers[row].best
            if best is not None and best.place.id == place_id:
                self.page = position // PAGE_ROWS
                return


@looked_up(8)
def _rows(answered: GeocodedTable, shown: tuple[Match, ...]) -> Sequence[int]:
    wanted = frozenset(shown)
    return [row for row, match in enumerate(answered.matches) if match in wanted]


def guess_column(table: Table) -> int:
    """Return the position of the column that holds most known names in its first rows."""

    def known(column: int) -> int:
        names = {row[column] for row in table.rows[:_SAMPLE]}
        return sum(bool(name) and not name.isascii() and geocode(name).best is not None for name in names)

    return max(range(len(table.columns)), key=known)
