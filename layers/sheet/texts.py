"""Texts of a sheet that come from data: title, plan and lines, sources, accuracy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from gazetteer import geocode, open_register
from gazetteer.place import CITY
from geodata.numbers import write_kilometres
from geodata.sources import read_sources
from layers.catalogue import find_plan
from layers.chapters import tell_chapter
from layers.sheet.ground import read_metric
from layers.sheet.words import component_name, join_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from layers.model import Layer, Plan
    from layers.sheet.ground import Focus, Ground
    from layers.sheet.words import Words

_COUNTED: Final = re.compile(
    "[一二三四五六七八九十两双多](?=[核轴带廊环区片园团心芯点线纵横城湖湾岛岸河路射联翼极链圈网横园组])"
)
_QUOTED: Final = re.compile('^[“"]([^“”"]*)[”"]$')
_NICKNAME: Final = 3
"""A structure known by so short a name, or by counting its parts, stands in quotation marks, as plans print it."""
_LONGEST_PLACE: Final = 10
_SURE: Final = 0.88
_TITLED: Final = 2
"""Layers that a title names before it counts them."""
_LISTED_LINES: Final = 6
_MOST_CREDITS: Final = 2
DETAILS: Final = ("full", "dates", "least")
"""A footer without room leaves out chapters and lines, then all but the first credit."""
_LEAST_SAID_M: Final = 100.0
"""A sheet does not say less: its lines are drawn to no better."""
_LONGEST_CREDIT: Final = 32
"""A footer names the main sources in short; the data of each feature name all."""


def title_of(layer: Layer, focus: Focus, *, lang: str) -> str:
    """Return the default title: the plan's area and the structure's name."""
    structure = layer.structure
    if lang == "en":
        return component_name(structure.name_en)
    name = component_name(structure.name_zh).replace("+", "＋")
    owner = component_name(focus.name_zh)
    nickname = len(name) <= _NICKNAME or "＋" in name or len(_COUNTED.findall(name)) > 1
    quoted = f"“{name}”" if nickname and "“" not in name else name
    city = component_name(open_register().places[CITY].name_zh)
    named = name.startswith((owner[:-1], city[:-1]))
    if structure.plan not in open_register().contexts:
        return name
    return quoted if named or _is_wider(name, layer.structure.plan) else f"{owner}{quoted}"


def _is_wider(name: str, plan: str) -> bool:
    """Tell whether a name begins with a place beyond the city (虹桥, 长三角): it is not the plan's own area's alone."""
    for length in range(min(len(name), _LONGEST_PLACE), 1, -1):
        best = geocode(name[:length], plan=plan if plan in open_register().contexts else None).best
        if best is not None and best.score >= _SURE:
            return best.place.resolution != "suzhou"
    return False


def title_of_all(layers: Sequence[Layer], words: Words) -> str:
    """Return the default title of a sheet of several layers: the names of two, and how many there are."""
    own = [component_name(getattr(layer.structure, f"name_{words.lang}")) for layer in layers]
    names = list(dict.fromkeys(_QUOTED.sub(r"\1", name) for name in own))
    text = join_names(names[:_TITLED], words)
    return text if len(names) <= _TITLED else words("layers_more", names=text, count=len(names), rest=len(names) - 2)


def subtitle_of_all(layers: Sequence[Layer]) -> str:
    """Return the default second line of a sheet of several layers: their plans and periods."""
    plans = list({layer.structure.plan: find_plan(layer.structure.plan) for layer in layers}.values())
    return "; ".join(map(_with_period, plans))


def _with_period(plan: Plan) -> str:
    """Return a plan's short name with its period; the bureau's own layers have none."""
    return plan.short_en + (f" ({plan.period[0]}–{plan.period[1]})" if plan.period[0] else "")


def subtitle_of(layer: Layer, focus: Focus, *, lang: str) -> str:
    """Return the default second line of the title: the English name, plan and period."""
    plan = find_plan(layer.structure.plan)
    if lang == "en" or not plan.period[0]:
        return _with_period(plan)
    period = f"{plan.period[0]}–{plan.period[1]}"
    name = layer.structure.name_en.replace('"', "”")
    name = name.replace(" ”", " “").removeprefix("”")
    name = name[:1].upper() + name[1:]
    short = plan.short_en
    owner = component_name(focus.name_en)
    return (
        f"{name} – {short} ({period})" if owner.split()[0] in name + short else f"{owner} – {name}, {short} ({period})"
    )


def lines_of_plan(layer: Layer, words: Words) -> str:
    """Return the lines of the plan that a layer's components rest on."""
    numbers = sorted({line for c in layer.structure.components for line in c.lines} or set(layer.structure.lines))
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number - runs[-1][1] <= 4:  # noqa: PLR2004
            runs[-1][1] = number
        else:
            runs.append([number, number])
    if len(runs) > _LISTED_LINES:
        runs = [[numbers[0], numbers[-1]]]
    return words("list_comma").join(str(a) if a == b else words("lines_range", first=a, last=b) for a, b in runs)


def chapter_of(layer: Layer, words: Words) -> str:
    """Return the chapter of a layer as the plan counts it."""
    return tell_chapter(layer.structure.chapter, lang=words.lang)


def plan_lines(layers: Sequence[Layer], words: Words, *, chapters: int = 99) -> list[tuple[str, str]]:
    """Return for each plan its short name, and chapters and lines; beyond so many `chapters`, their number."""
    found = []
    for layer in layers:
        plan = find_plan(layer.structure.plan)
        name = plan.short_zh if words.lang == "zh" else plan.short_en
        told = re.split("；|; ", chapter_of(layer, words))
        chapter = words("stop").join(told)
        if len(told) > chapters:
            chapter = words(
                "chapters_more", first=words("stop").join(told[:chapters]), count=len(told), rest=len(told) - chapters
            )
        lines = lines_of_plan(layer, words)
        found.append((name, words("chapter_lines", chapter=chapter, lines=lines) if lines else chapter))
    return found


def _credits(ids: Iterable[str], *, lang: str) -> list[str]:
    """Return how sources want to be named in a language, each once."""
    sources = read_sources()
    names = []
    for key in dict.fromkeys(i for joined in ids for i in str(joined).split(";") if i):
        source = sources.get(key)
        if source is None or source.kind == "import" or not source.attribution:
            continue
        name = source.credit(lang).rpartition(": ")[2]
        vintage = source.vintage if source.vintage[:4].isdigit() else ""
        names.append(f"{name} {vintage[:4]}".strip() if vintage else name)
    return list(dict.fromkeys(names))


def _imported(ids: Iterable[str], words: Words) -> list[str]:
    """Return the credits of the bureau's own data among sources: a sheet names them all, whatever room it has."""
    sources = read_sources()
    found = [sources[key] for key in dict.fromkeys(key for joined in ids for key in str(joined).split(";"))
             if key in sources and sources[key].kind == "import"]  # fmt: skip
    told = []
    for source in found:
        number = source.review_number
        review = words("review_number", number=number) if number else words("no_review_number")
        name = f"{source.publisher or source.title} {source.vintage}".strip()
        told.append(words("imported_source", name=name, review=review))
    return list(dict.fromkeys(told))


def source_text(
    layers: Sequence[Layer], ground: Ground, words: Words, *, boundaries: bool, detail: str = "full"
) -> str:
    """Return the sentence that names plans and base data, in a `detail` out of ``DETAILS``."""
    most = 1 if detail == "least" else _MOST_CREDITS
    comma = words("list_comma")
    said = []
    for layer in layers:
        plan = find_plan(layer.structure.plan)
        name = plan.short_zh if words.lang == "zh" else plan.short_en
        if not plan.date:
            # Whose the bureau's own layers are stands among the sources of the ground.
            said.append(name)
            continue
        if detail != "full":
            said.append(f"{name} ({plan.date})" if words.lang == "en" else f"{name}（{plan.date}）")
            continue
        said.append(
            words(
                "plan_source",
                plan=name,
                date=plan.date,
                chapter=chapter_of(layer, words),
                lines=lines_of_plan(layer, words),
            )
        )
    own = [s for layer in layers for s in layer.features["source"]]
    bases = _imported(own, words)
    if boundaries:
        counties = read_metric("counties")
        numbers = [n for n in dict.fromkeys(counties.get("review_number", [])) if n]
        review = words("review_number", number=comma.join(numbers)) if numbers else words("no_review_number")
        names = _credits(counties["source"], lang=words.lang)
        bases.append(words("boundary_source", names=comma.join(names), review=review))
    if len(ground.lakes):
        names = _credits([*ground.lakes["source"], *ground.rivers.get("source", [])], lang=words.lang)[:most]
        bases.append(words("water_source", names=comma.join(names)))
    known = "".join(bases)
    further = _credits(own, lang=words.lang)
    bases += [name for name in further if name not in known and len(name) <= _LONGEST_CREDIT][:most]
    stop = words("stop")
    return words("sources", plans=stop.join(dict.fromkeys(said)), bases=stop.join(bases))


def accuracy_text(layers: Sequence[Layer], words: Words) -> str:
    """Return the sentence on accuracy and coordinate systems."""
    radii = [float(r) for layer in layers for r in layer.features["accuracy_m"] if r == r and r is not None]  # noqa: PLR0124
    if not radii:
        return words("accuracy_one", least="0.5")
    least, most = (write_kilometres(max(radius, _LEAST_SAID_M)) for radius in (min(radii), max(radii)))
    if least == most:
        return words("accuracy_one", least=least)
    return words("accuracy", least=least, most=most)
