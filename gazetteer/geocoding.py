"""From a name to a place: every way a name may be written, ranked, ambiguity kept, unknown names left unknown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gazetteer.naming import normalise, simplify
from gazetteer.register import Register, Way, open_register

if TYPE_CHECKING:
    from gazetteer.place import Place

# How far a way of naming can be trusted: the full name best, a row of pinyin initials least.
_WAY_SCORES: Final[dict[Way, float]] = {"name": 1.0, "alias": 0.97, "short": 0.95, "english": 0.93, "pinyin": 0.85}
_SIMPLIFIED_FACTOR: Final = 0.98

# Where one short name belongs to several places, readers take the larger one first.
_CATEGORY_ORDER: Final = (
    "city", "county", "town", "lake", "river", "dev_zone", "functional_area", "rail", "station", "road",
)  # fmt: skip

_NAMESAKE_MALUS: Final = 0.2
_OWNER_BONUS: Final = 0.10
_ATTESTED_BONUS: Final = 0.05
_CLEAR_LEAD: Final = 0.02


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A place that a name may mean."""

    place: Place
    way: Way
    score: float
    """Between 0 and 1: how well the name fits, context included."""
    reason: str
    """Why it ranks where it does, in plain words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Geocoded:
    """The answer for one name: the best candidate, or none, and the others in order."""

    query: str
    best: Candidate | None = None
    alternatives: tuple[Candidate, ...] = field(default=())

    @property
    def ambiguous(self) -> bool:
        """Whether another candidate fits as well as the best one."""
        return (
            self.best is not None
            and bool(self.alternatives)
            and self.best.score - self.alternatives[0].score < _CLEAR_LEAD
        )


def geocode(name: str, *, plan: str | None = None, register: Register | None = None) -> Geocoded:
    """Find the place that a name means.

    Full name, alias, short form, traditional characters, full-width forms, English, pinyin with or without blanks and
    pinyin initials all lead to it. A name that is not in the register gives an answer without a place, never a guess.

    Parameters
    ----------
    name
        The name as written.
    plan
        Id of the plan that the name stands in: its owner area and its bare names (高新区, 开发区) decide between
        places of one name.
    register
        The register to search; the project's own by default.

    Raises
    ------
    ValueError
        If the plan is not known.
    """
    register = register or open_register()
    if plan is not None and plan not in register.contexts:
        msg = f"expected a plan out of {', '.join(register.contexts)}, got {plan!r}"
        raise ValueError(msg)
    key, factor = normalise(name), 1.0
    entries = register.index.get(key, ())
    if not entries and not key.isascii():
        key, factor = normalise(simplify(name)), _SIMPLIFIED_FACTOR
        entries = register.index.get(key, ())
    candidates = [_judge(place, way, key=key, factor=factor, plan=plan, register=register) for place, way in entries]
    meant = _bare_name(key, plan=plan, register=register)
    if meant is not None:
        candidates = [candidate for candidate in candidates if candidate.place.id != meant.place.id]
        candidates.append(meant)
    candidates.sort(key=_rank)
    if not candidates:
        return Geocoded(query=name)
    return Geocoded(query=name, best=candidates[0], alternatives=tuple(candidates[1:]))


def _judge(place: Place, way: Way, *, key: str, factor: float, plan: str | None, register: Register) -> Candidate:
    score, reasons = _WAY_SCORES[way] * factor, [f"{way} {key}"]
    if place.category == "station" and way in ("alias", "short") and key == normalise(place.name_zh).removesuffix("站"):
        # 上海 and 横塘 are first of all the places that the stations are called after.
        score -= _NAMESAKE_MALUS
    if plan is not None:
        owner = register.contexts[plan].owner
        # The context speaks when names are equal; it must not lift a doubtful reading over a full name elsewhere.
        if place.id == owner or owner in register.ancestors(place):
            score += _OWNER_BONUS
            reasons.append(f"inside {register.places[owner].name_zh}, the plan's own area")
        if plan in place.plans:
            score += _ATTESTED_BONUS
            reasons.append("named in the plan")
        score /= 1.0 + _OWNER_BONUS + _ATTESTED_BONUS
    return Candidate(place=place, way=way, score=round(score, 4), reason="; ".join(reasons))


def _bare_name(key: str, *, plan: str | None, register: Register) -> Candidate | None:
    if plan is None:
        return None
    for bare, place_id in register.contexts[plan].bare_names.items():
        if normalise(bare) == key and place_id in register.places:
            place = register.places[place_id]
            return Candidate(place=place, way="alias", score=1.0, reason=f"{bare} means {place.name_zh} in this plan")
    return None


def _rank(candidate: Candidate) -> tuple[float, bool, int, str]:
    place = candidate.place
    order = _CATEGORY_ORDER.index(place.category) if place.category in _CATEGORY_ORDER else len(_CATEGORY_ORDER)
    return -candidate.score, not place.located, order, place.id


def suggest(text: str, *, limit: int = 12, register: Register | None = None) -> tuple[Place, ...]:
    """Return places whose Chinese name, alias, English name or pinyin holds what has been typed so far.

    Names that begin with the text come first, then shorter names.

    Parameters
    ----------
    text
        What the reader has typed.
    limit
        How many places at the most.
    register
        The register to search; the project's own by default.
    """
    register = register or open_register()
    key = normalise(text)
    if not key:
        return ()
    found = _scan(key, register)
    if not found and not key.isascii():
        found = _scan(normalise(simplify(text)), register)
    found.sort(key=lambda hit: hit[0])
    return tuple(dict.fromkeys(place for _, place in found))[:limit]


def _scan(key: str, register: Register) -> list[tuple[tuple[bool, bool, int, str], Place]]:
    return [
        ((name != key, not name.startswith(key), len(name), place.id), place)
        for name, entries in register.index.items()
        if key in name
        for place, _ in entries
    ]
