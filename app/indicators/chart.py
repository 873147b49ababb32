"""Small charts of indicators: where on a common axis the baseline, the target and the result of each row stand.

Positions are per cent of the chart's width, so that one drawing fits every screen; the values stand beside it as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.indicators import Indicator, Value

Which = Literal["baseline", "target", "actual"]
_WHICH: Final[tuple[Which, ...]] = ("baseline", "target", "actual")
_AIR: Final = Decimal("0.08")
_STEPS: Final = (1, 2, 5, 10)
_MOST_TICKS: Final = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Axis:
    """The common axis of some rows.

    Attributes
    ----------
    low, high
        Ends, in the unit of the values.
    ticks
        Round numbers on it.
    """

    low: Decimal
    high: Decimal
    ticks: tuple[Decimal, ...]

    def place(self, number: Decimal) -> float:
        """Return where a number stands, per cent of the width."""
        return float(round((number - self.low) / (self.high - self.low) * 100, 2))


def values_of(row: Indicator) -> dict[Which, Value]:
    """Return the values of a row that are numbers and are measured like its target."""
    target = row.parse("target")
    if not target.is_number:
        return {}
    found: dict[Which, Value] = {}
    for which in _WHICH:
        value = row.parse(which)
        alike = value.is_number and (value.unit, value.change) == (target.unit, target.change)
        if alike and not (which == "baseline" and row.rebased):
            found[which] = value
    return found


def make_axis(rows: Sequence[Indicator], *, from_zero: bool = False) -> Axis | None:
    """Return the axis that holds every number of some rows, or None if they have none.

    Parameters
    ----------
    from_zero
        Begin at zero, so that a small step does not look like a great one; for a row that stands alone.
    """
    numbers = [
        number
        for row in rows
        for value in values_of(row).values()
        for number in (value.number, value.high)
        if number is not None
    ]
    if not numbers:
        return None
    low, high = min(numbers), max(numbers)
    air = (high - low) * _AIR or abs(low) * _AIR or Decimal(1)
    floor = Decimal(0) if low >= 0 else low - air
    # Far from zero the axis begins near the numbers, else small steps would not show.
    low = floor if from_zero or low - floor <= (high - low) else low - air
    high += max(air, high * _AIR) if from_zero else air
    return Axis(low=low, high=high, ticks=_ticks(low, high))


def _ticks(low: Decimal, high: Decimal) -> tuple[Decimal, ...]:
    power = Decimal(10) ** ((high - low) / _MOST_TICKS).adjusted()
    step = next(power * each for each in _STEPS if (high - low) / (power * each) <= _MOST_TICKS)
    first = -(-low // step)
    ticks = []
    number = first * step
    while number <= high:
        if number >= low:
            ticks.append(number)
        number += step
    return tuple(ticks)


def describe_chart(row: Indicator, axis: Axis) -> dict[str, float | str | None]:
    """Return where the marks of a row stand on an axis, and how its target is bounded."""
    values = values_of(row)
    places: dict[str, float | str | None] = dict.fromkeys((*_WHICH, "high"))
    for which, value in values.items():
        assert value.number is not None
        places[which] = axis.place(value.number)
        if which == "target" and value.high is not None:
            places["high"] = axis.place(value.high)
    target = values.get("target")
    places["bound"] = "" if target is None else target.bound
    return places


def write_number(number: Decimal, lang: str) -> str:
    """Write a number short: with 万 and 亿 in Chinese, thousands and millions in English."""
    scales = ((Decimal(10) ** 12, "万亿"), (Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))
    if lang == "en":
        scales = ((Decimal(10) ** 12, " tn"), (Decimal(10) ** 9, " bn"), (Decimal(10) ** 6, " m"))
    for scale, word in scales:
        if abs(number) >= scale:
            return f"{_plain(number / scale)}{word}"
    return _plain(number)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
