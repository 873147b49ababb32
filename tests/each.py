"""One test over many records: it judges every one of them and tells all faults together.

Thousands of parametrised cases of a millisecond each cost more to collect and to report than to judge.
"""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_MOST: Final = 30
"""Faults that are told one by one."""


def each(name: str, cases: Iterable[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Call a test with every case in turn, as ``parametrize`` does, but as one test.

    Parameters
    ----------
    name
        The argument that a case is handed over as; the others are fixtures.
    cases
        What to judge, named in the faults by its text.
    """
    cases = tuple(cases)
    assert cases, "expected cases, got none"

    def fold(test: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(test)

        @functools.wraps(test)
        def judge_all(**fixtures: Any) -> None:
            faults = []
            for case in cases:
                try:
                    test(**fixtures, **{name: case})
                except Exception as fault:  # noqa: BLE001 - whatever is wrong with one case, the others are judged
                    faults.append(f"[{case}] {type(fault).__name__}: {fault}")
            if faults:
                more = [f"and {len(faults) - _MOST} more"] if len(faults) > _MOST else []
                pytest.fail("\n".join([f"{len(faults)} of {len(cases)}:", *faults[:_MOST], *more]), pytrace=False)

        others = [each for each in signature.parameters.values() if each.name != name]
        judge_all.__signature__ = signature.replace(parameters=others)
        return judge_all

    return fold
