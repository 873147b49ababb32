"""Units and their children written together: 昆山市张浦镇 is one mention, of 张浦镇."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gazetteer.reading.resolution import Resolution, tell_kind
from gazetteer.reading.vocabulary import read_words

if TYPE_CHECKING:
    from gazetteer.register import Register

_ADMINISTRATIVE: Final = frozenset({"city", "county", "town"})
_FULL_PARENTS: Final = ("省", "市", "自治区")
_FULL: Final = ("市", "区", "县", "州")
_ZONES: Final = frozenset({"dev_zone", "functional_area"})


def join_parents(results: list[Resolution], register: Register, text: str) -> list[Resolution]:
    """Join a unit and its child written together (昆山市张浦镇) unless the unit governs several children."""
    joined: list[Resolution] = []
    for number, answer in enumerate(results):
        previous = joined[-1] if joined else None
        if (
            previous is not None
            and previous.span.end == answer.span.start
            and _is_child(answer, previous, register)
            and not _has_sibling(results, number, text)
        ) or (previous is not None and previous.span.end == answer.span.start and _needs(answer, previous, register)):
            span = replace(
                answer.span, start=previous.span.start, surface=previous.span.surface + answer.span.surface,
                full=answer.span.full or answer.span.surface,
            )  # fmt: skip
            joined[-1] = replace(answer, span=span, reason=f"{answer.reason}; with its parent before it")
        else:
            joined.append(answer)
    return joined


def _is_general(name: str) -> bool:
    """Whether a name is made of general words alone, so that its parent is part of it (昆山|数字文化影视产业园)."""
    words, end = read_words(), len(name)
    while end:
        length = next((n for n in (4, 3, 2) if n <= end and name[end - n : end] in words), 0)
        if not length:
            return False
        end -= length
    return True


def _needs(child: Resolution, parent: Resolution, register: Register) -> bool:
    """Whether a zone's or a site's name is too general to stand without its parent."""
    if parent.place is None or child.place is None or child.span.entry is None or child.span.entry.bare:
        return False
    if _opens_zone(parent) and child.place.category in _ZONES and parent.place.id in register.ancestors(child.place):
        # 昆山|花桥经济开发区
        return True
    sited = parent.place.category in {"city", "county"} and child.place.category in {"dev_zone", "facility"}
    if child.place.name_zh == parent.span.surface + child.span.surface:
        return True
    within = parent.place.id in register.ancestors(child.place)
    return sited and within and _is_general(child.span.surface)


def _opens_zone(parent: Resolution) -> bool:
    """Whether a city or county stands by its short name, so that it opens the name of a zone in it."""
    return tell_kind(parent) in {"city", "county"} and not parent.span.surface.endswith(_FULL)


def _is_child(child: Resolution, parent: Resolution, register: Register) -> bool:
    if parent.resolution == "outside" and parent.span.surface.endswith(_FULL_PARENTS):
        # 贵州省|思南县, 上海市|青浦区: no record tells, their own class nouns do.
        beyond = child.resolution in {"outside", "unresolved"}
        return beyond and tell_kind(child) in {"city", "county"} and child.span.surface.endswith(_FULL)
    if parent.place is None or parent.place.category not in _ADMINISTRATIVE:
        return False
    if child.place is None:
        return child.span.category in {"village", "town"}
    if child.place.category not in {"county", "town", "village"}:
        return False
    return parent.place.id in register.ancestors(child.place) or child.place.category == "village"


def _has_sibling(results: list[Resolution], number: int, text: str) -> bool:
    if number + 1 >= len(results):
        return False
    here, following = results[number], results[number + 1]
    gap = text[here.span.end : following.span.start]
    if gap not in {"、", "和", "至", "与", "及"}:
        return False
    same = tell_kind(following) == tell_kind(here)
    return same and not (
        number + 2 < len(results)
        and results[number + 2].span.start == following.span.end
        and tell_kind(following) in _ADMINISTRATIVE
    )
