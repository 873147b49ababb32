"""What a hit means, in words of either language: how surely it applies, why, and how much of it."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geodata.numbers import write_kilometres

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from layers.reading.index import Certainty, Hit

_HERE: Final = Path(__file__).parent
_KM: Final = 1000.0
_ALL: Final = 0.995
_LEAST: Final = 0.001
_CERTAINTIES: Final[tuple[Certainty, ...]] = ("certain", "possible", "near")


@cache
def _words(lang: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / f"words.{lang}.toml").read_text(encoding="utf-8"))


def tell_certainty(certainty: Certainty, *, lang: str) -> str:
    """Return the word for a degree of certainty (``lang`` is zh or en)."""
    return str(_words(lang)[certainty])


def tell_length(metres: float, *, lang: str) -> str:
    """Say a length: metres below a kilometre, rounded to what matters, else kilometres."""
    words = _words(lang)
    if metres < _KM:
        step = 10 if metres >= 100 else 1  # noqa: PLR2004
        return str(words["m"]).format(n=round(metres / step) * step)
    return str(words["km"]).format(n=write_kilometres(metres))


def tell_hit(hit: Hit, *, lang: str) -> str:
    """Return the sentence that says how what was asked of lies to a feature."""
    words = _words(lang)
    whole = hit.of_area
    key: str = hit.doubt or hit.certainty
    if hit.distance_m > 0 and hit.doubt == "edge":
        key = "outside"
    if hit.distance_m > 0 and hit.doubt == "position" and whole:
        key = "position_outside"
    return str(words["area" if whole else "point"][key]).format(
        edge=tell_length(hit.edge_m or 0.0, lang=lang),
        distance=tell_length(hit.distance_m, lang=lang),
        accuracy=tell_length(hit.accuracy_m, lang=lang),
    )


def tell_measure(hit: Hit, *, lang: str) -> str:
    """Say how much of the asked area a feature covers, or how much of it lies inside; "" for a point."""
    words = _words(lang)["measure"]
    parts = []
    if hit.share is not None and hit.share >= _LEAST:
        parts.append(words["all"] if hit.share >= _ALL else words["share"].format(percent=_percent(hit.share)))
    if hit.length_km is not None and hit.length_km > 0:
        parts.append(words["length"].format(km=f"{hit.length_km:.1f}"))
    if hit.within is not None and hit.within >= _LEAST and hit.certainty != "near":
        if hit.within >= _ALL:
            parts.append(words["whole"])
        elif hit.length_km is None:
            parts.append(words["within"].format(percent=_percent(hit.within)))
    return ("，" if lang == "zh" else ", ").join(parts)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%" if share >= 0.095 else f"{100 * share:.1f}%"  # noqa: PLR2004


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """A component that applies: its strongest hit, and all its features that were found."""

    best: Hit
    hits: tuple[Hit, ...]


def group_hits(hits: Iterable[Hit]) -> Mapping[str, list[Finding]]:
    """Return one finding a component, by plan; the surest first, then the most important, then the nearest."""
    components: defaultdict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        components[hit.fid].append(hit)
    plans: defaultdict[str, list[Finding]] = defaultdict(list)
    for found in components.values():
        found.sort(key=_rank)
        plans[found[0].plan].append(Finding(best=found[0], hits=tuple(found)))
    for findings in plans.values():
        findings.sort(key=lambda finding: _rank(finding.best))
    return dict(plans)


def _rank(hit: Hit) -> tuple[int, int, float, str]:
    return _CERTAINTIES.index(hit.certainty), hit.importance, hit.distance_m, hit.feature
