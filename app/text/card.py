"""The card beside the text: the chosen mention, its place, and the structures that it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.places.card import describe_place_in_short
from app.swatches import component_swatch
from app.telling import tell_lines
from app.text.families import families_by_category
from app.text.marks import is_doubtful, key_of
from app.text.reasons import tell_reason
from gazetteer import open_register

if TYPE_CHECKING:
    from app.address import State
    from app.library import Library
    from app.text.desk import Desk
    from app.wording import Words
    from gazetteer.reading import Mention

_MOST_LINES: Final = 24
_AROUND: Final = 14


def describe_text_card(desk: Desk, library: Library, words: Words, *, state: State) -> dict[str, Any]:
    """Return what the card's template shows."""
    card: dict[str, Any] = {
        "component": None, "place": None, "example": "", "on": [], "mention": None, "line": None, "mates": [],
        "mates_count": 0, "unknown": "", "tally": "",
    }  # fmt: skip
    document = desk.document
    if document is None:
        return card
    if desk.state.at.isdigit():
        card["line"] = _describe_line(int(desk.state.at), desk, library, words)
        return card
    key = desk.chosen_key()
    if not key:
        keys = {key_of(each): each.lon is not None for each in desk.shown()}
        card["tally"] = words("text.map_tally", places=len(keys), located=sum(keys.values()))
        return card
    mention = desk.chosen()
    mates = [each for each in desk.shown() if key_of(each) == key]
    place = open_register().places.get(key)
    if mention is not None:
        card["mention"] = _describe_mention(mention, desk, words)
    if place is not None:
        card["place"] = describe_place_in_short(place, library, words, state=state)
    else:
        card["unknown"] = mention.name if mention is not None else key.removeprefix("?")
    card["mates_count"] = len(mates)
    card["mates"] = [
        {"at": f"{each.line}:{each.start}", "line": each.line, "chosen": each is mention}
        | context(document.lines[each.line - 1], each)
        for each in mates[:_MOST_LINES]
    ]
    return card


def context(line: str, mention: Mention) -> dict[str, str]:
    """Return a mention with a few characters on either side."""
    before, after = line[max(0, mention.start - _AROUND) : mention.start], line[mention.end : mention.end + _AROUND]
    return {
        "before": ("…" if mention.start > _AROUND else "") + before.lstrip(),
        "surface": mention.surface,
        "after": after.rstrip() + ("…" if mention.end + _AROUND < len(line) else ""),
    }


def _describe_mention(mention: Mention, desk: Desk, words: Words) -> dict[str, Any]:
    document = desk.document
    assert document is not None
    chapter = document.chapter_at(mention.line)
    return {
        "surface": mention.surface,
        "family": families_by_category()[mention.category].id,
        "category": words(f"categories.{mention.category}"),
        "resolution": words(f"text.resolutions.{mention.resolution}"),
        "where": tell_lines(str(mention.line), words) + (f" · {chapter.title}" if chapter is not None else ""),
        "doubtful": is_doubtful(mention),
        "reason": tell_reason(mention.reason, words),
        "score": words("text.score", percent=round(100 * mention.score)),
        "candidates": [
            {"id": place.id, "name": words.pick({"name_zh": place.name_zh, "name_en": place.name_en}, "name"),
             "about": words(f"categories.{place.category}")}
            for place in (open_register().places.get(each) for each in mention.candidates)
            if place is not None
        ],
    }  # fmt: skip


def _describe_line(line: int, desk: Desk, library: Library, words: Words) -> dict[str, Any]:
    """Tell which components name a line."""
    document = desk.document
    assert document is not None
    found = library.by_line.get(document.plan or "", {}) if document.is_plans_own else {}
    chapter = document.chapter_at(line)
    return {
        "name": tell_lines(str(line), words),
        "chapter": chapter.title if chapter is not None else "",
        "components": [
            {"fid": fid, "name": words.pick(library.components[fid], "name"),
             "about": words.pick(library.cards[library.layer_of(fid)], "name"),
             "image": component_swatch(library.components[fid])}
            for fid in found.get(line, ())
        ],
    }  # fmt: skip
