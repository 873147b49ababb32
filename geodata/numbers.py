"""Numbers as files carry them: rounded, wherever they stand in a nested value."""

from __future__ import annotations

from typing import Any, Final

DECIMALS: Final = 6
"""Of a degree: about a decimetre, finer than any source, coarse enough to keep files small and diffs readable."""


_KM: Final = 1000.0


def write_kilometres(metres: float) -> str:
    """Write a length (metres) in kilometres as every page and sheet does: ``0.3``, ``4``, ``4.5``; no unit."""
    return f"{metres / _KM:.1f}".removesuffix(".0")


def round_numbers(value: Any, *, decimals: int = DECIMALS) -> Any:
    """Return a value made of lists, tuples and dictionaries with every float in it rounded; tuples become lists."""
    if isinstance(value, float):
        return round(value, decimals)
    if isinstance(value, (list, tuple)):
        return [round_numbers(item, decimals=decimals) for item in value]
    if isinstance(value, dict):
        return {key: round_numbers(item, decimals=decimals) for key, item in value.items()}
    return value
