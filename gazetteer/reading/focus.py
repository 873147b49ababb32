"""The part of a text that the sequence model looks at: lines that name something, and those beside them.

The other half of a plan is left blank. Nothing changes by that: a name is weighed by its own line, and by the last word
of the line before and the first of the line after.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


@dataclass(frozen=True)
class Focus:
    """Some lines of a text, and empty ones in the place of the others."""

    text: str
    starts: list[int]
    """Where each run of kept characters begins in the whole text."""
    ends: list[int]
    shifts: list[int]
    """What each run's places in the whole text are more than here."""

    def inward(self, position: int) -> int:
        """Return the place here of a character of the whole text, or of the nearest that is kept before it."""
        run = bisect_right(self.starts, position) - 1
        return min(position, self.ends[run]) - self.shifts[run]

    def holds(self, start: int, end: int) -> bool:
        """Whether a stretch of the whole text lies in one run."""
        run = bisect_right(self.starts, start) - 1
        return run >= 0 and end <= self.ends[run]

    def outward(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the places in the whole text of characters here."""
        begins = np.array(self.starts, np.int64) - np.array(self.shifts, np.int64)
        runs = np.searchsorted(begins, positions, side="right") - 1
        return np.asarray(positions + np.array(self.shifts, np.int64)[runs])


def focus(text: str, begin: int, end: int, named: Iterable[int]) -> Focus:
    """Keep the lines of a piece of a text that hold certain positions, and those beside them.

    Parameters
    ----------
    begin, end
        Where the piece begins and ends.
    named
        Positions in the whole text, in order.
    """
    starts, ends, seen = [begin], [begin], begin
    for position in named:
        if position < seen:
            continue
        seen = _line_end(text, position, end)
        first = text.rfind("\n", begin, position) + 1 or begin
        first = text.rfind("\n", begin, max(begin, first - 1)) + 1 or begin
        last = _line_end(text, seen, end)
        if first <= ends[-1]:
            ends[-1] = max(ends[-1], last)
        else:
            starts.append(first)
            ends.append(last)
    pieces, shifts, length = [], [], 0
    for number, (first, last) in enumerate(zip(starts, ends, strict=True)):
        if number:
            pieces.append("\n")
            length += 1
        shifts.append(first - length)
        pieces.append(text[first:last])
        length += last - first
    if ends[-1] < end:
        pieces.append("\n")
    return Focus("".join(pieces), starts, ends, shifts)


def _line_end(text: str, position: int, end: int) -> int:
    """Return where the next line begins."""
    feed = text.find("\n", position, end)
    return feed + 1 if feed >= 0 else end
