"""How the components were drawn, said once for all that follow the same rule."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Final

from gazetteer import geocode
from layers.drawing.names import component_label, component_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.model import Component, Layer
    from layers.sheet.words import Words

_IN_BRACKETS: Final = re.compile(r"\s*[（(][^（）()]*\d[^（）()]*[）)]")
_NUMBER: Final = re.compile(r"(?:some )?(\d[\d.]*)(\s*)(平方公里|km2|km²)?")


def method_paragraphs(layers: Sequence[Layer], *, words: Words) -> list[str]:
    """Return how the components were drawn: each sentence once, with the roles it holds for."""
    roles: dict[str, list[str]] = defaultdict(list)
    variants: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for layer in layers:
        components = {c.no: c for c in layer.structure.components}
        places = [n for n in dict.fromkeys(layer.pieces[f"name_{words.lang}"]) if n]
        for row in layer.features.itertuples():
            component = components[int(row.component)]
            text = row.how_zh if words.lang == "zh" else row.how_en
            role = words(f"role.{component.role}")
            for sentence in filter(None, re.split(r"[；;。]\s*", text or "")):
                named = _without_names(sentence, component, places, words, plan=layer.structure.plan)
                key = _NUMBER.sub("", named)
                if role not in roles[key]:
                    roles[key].append(role)
                variants[key].add((named, sentence))
    by_roles: dict[str, list[str]] = defaultdict(list)
    for key, found in roles.items():
        by_roles[words("list_comma").join(found)].append(_common_sentence(variants[key], words))
    said = [
        f"{who}{words('colon')}{words('stop').join(dict.fromkeys(texts))}{words('full_stop')}"
        for who, texts in by_roles.items()
    ]
    return [text.replace("km2", "km²") for text in said]


def _common_sentence(variants: set[tuple[str, str]], words: Words) -> str:
    """Return one sentence for several that differ in names and numbers; a lone one keeps its names."""
    named = sorted({entry[0] for entry in variants})
    if len(named) > 1:
        # a number in brackets (about so many kilometres) differs from one to the next and is told by its card
        named = [_IN_BRACKETS.sub("", text) for text in named]
        return _NUMBER.sub(lambda m: words("that_area") if m.group(3) else words("some") + m.group(2), named[0])
    if len(variants) > 1:
        return named[0]
    sentence = next(iter(variants))[1]
    return _shortened(sentence if sentence.count("、") <= 1 else named[0], words)


@cache
def _name_of(member: str, *, plan: str, lang: str) -> str:
    """Return the name of a member in a language, as the rules' words have it."""
    best = geocode(member, plan=plan).best
    return str(getattr(best.place, f"name_{lang}")) if best is not None else ""


def _without_names(sentence: str, component: Component, places: list[str], words: Words, *, plan: str) -> str:
    """Return a sentence without the names of places, so that the same rule is said once."""
    there = words("there")
    own = {component.name_zh, component.name_en, component_label(component), component_title(component)}
    own |= {member.name for member in component.members}
    own |= {_name_of(member.name, plan=plan, lang=words.lang) for member in component.members}
    # All at once, the longest first: a name inside a longer one is not a name of its own.
    names = sorted(filter(None, {*places, *own}), key=len, reverse=True)
    sentence = re.sub("|".join(map(re.escape, names)), there, sentence)
    mark = re.escape(there)
    sentence = re.sub(rf"{mark}(?:(?:、|, )(?:{mark}|[^、：，；]{{2,12}}?(?=、)))+", there, sentence)
    sentence = re.sub(rf"(?<=.{{5}})[：:]\s*{mark}$", "", sentence)
    # what the gazetteer does not know has no name to leave out: a lone name in capitals behind a colon
    return re.sub(r"(?<=.{5}): (?:[A-Z“][^;:]*)$", "", sentence)


def _shortened(sentence: str, words: Words) -> str:
    """Return a sentence with a long list of names cut to the first."""

    def shorten(found: re.Match[str]) -> str:
        names = found.group(0).split("、")
        return words("others", first=names[0], count=len(names))

    return re.sub(
        r"(?<=[：取沿在以由])[^：，、；]{2,14}(?:、[^：，、；]{2,14}?(?=[、，；示围岸]|的|$)){2,}", shorten, sentence
    )
