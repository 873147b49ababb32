"""What a brief says, before it is set: the question, and by plan what applies, how surely and where it stands."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import shapely

from geodata.coordinates import write_position
from geodata.crs import project
from geodata.sources import describe_sources
from layers.catalogue import read_collections
from layers.chapters import tell_chapter
from layers.export import NOTICE_EN, NOTICE_ZH
from layers.reading import describe_place, group_hits, tell_certainty, tell_hit, tell_length, tell_measure
from layers.reading.measured import find_measured

if TYPE_CHECKING:
    from collections.abc import Collection

    from shapely.geometry.base import BaseGeometry

    from layers.reading import Certainty, Finding, Index

_HERE: Final = Path(__file__).parent
_PROJECTS: Final = "projects"
_LARGE_KM2: Final = 10.0
_BASE_SOURCE_LAYERS: Final = ("counties", "towns", "lakes")


class BriefWords:
    """The words of the brief in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._texts: dict[str, Any] = tomllib.loads((_HERE / f"words.{lang}.toml").read_text(encoding="utf-8"))

    def __call__(self, key: str, **blanks: object) -> str:
        """Return a text with its blanks filled; a word of a table is asked for as ``basis.derived``."""
        value: Any = self._texts
        for part in key.split("."):
            value = value[part]
        return str(value).format(**blanks)


@cache
def read_brief_words(lang: str) -> BriefWords:
    """Return the words of a language, zh or en.

    Raises
    ------
    ValueError
        If there is no such language.
    """
    if lang not in ("zh", "en"):
        msg = f"expected a language out of zh, en, got {lang!r}"
        raise ValueError(msg)
    return BriefWords(lang)


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What is asked of: a point (degrees, WGS 84) or an area (EPSG:4549), and its name if it has one."""

    point: tuple[float, float] | None = None
    area: BaseGeometry | None = None
    name: str = ""
    near_m: float

    @property
    def shape(self) -> BaseGeometry:
        """What is asked of in EPSG:4549."""
        if self.area is not None:
            return self.area
        assert self.point is not None, "a question is asked of a point or of an area"
        x, y = project(*self.point)
        return shapely.Point(float(x), float(y))


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One finding: its name, what it belongs to, how it applies, where it stands."""

    name: str
    structure: str
    certainty: Certainty
    how_sure: str
    why: str
    where: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """What one plan says."""

    plan: str
    title: str
    structures: tuple[Row, ...]
    projects: tuple[Row, ...]
    indicators: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Brief:
    """A brief in one language, ready to be set."""

    question: Question
    lang: str
    title: str
    facts: tuple[tuple[str, str], ...]
    tally: str
    sections: tuple[Section, ...]
    further: str
    further_names: tuple[str, ...]
    notes: tuple[str, ...]
    sources: str
    notice: str
    date: str


def make_brief(
    index: Index, question: Question, *, lang: str = "zh", hidden: Collection[str] = (),
    unshown: Collection[str] = (), date: dt.date | str | None = None,
) -> Brief:  # fmt: skip
    """Return the brief of a question.

    Parameters
    ----------
    hidden
        Ids of plans that are left out.
    unshown
        Degrees of certainty that are left out.
    date
        Date of drawing; today by default.

    Raises
    ------
    ValueError
        For an unknown language, or a question that cannot be asked (see `Index`).
    """
    words = read_brief_words(lang)
    answer = (
        index.in_area(question.area, near_m=question.near_m)
        if question.area is not None
        else index.at_point(*(question.point or (0.0, 0.0)), near_m=question.near_m)
    )
    findings = group_hits(answer.hits)
    shown = {
        plan: [each for each in found if each.best.certainty not in unshown]
        for plan, found in findings.items()
        if plan not in hidden
    }
    counts = Counter(each.best.certainty for found in shown.values() for each in found)
    total, listed = sum(map(len, findings.values())), sum(counts.values())
    tally = words("tally", n=listed, **{key: counts[key] for key in ("certain", "possible", "near")})
    if total > listed:
        tally += ("" if lang == "zh" else " ") + words("hidden", n=total - listed)
    further = [each for found in group_hits(answer.further).values() for each in found]
    return Brief(
        question=question,
        lang=lang,
        title=words("title"),
        facts=_facts(index, question, words),
        tally=tally,
        sections=_sections(index, question, shown, words, hidden=hidden),
        further=words("further", n=len(further)) if further else "",
        further_names=tuple(_name(each, lang) for each in further),
        notes=tuple(words(f"{key}_words") for key in ("certain", "possible", "near", "basis")),
        sources=describe_sources(";".join(_base_sources()), lang=lang),
        notice=NOTICE_EN if lang == "en" else NOTICE_ZH,
        date=words("date", date=str(date or dt.date.today())),  # noqa: DTZ011 - the reader's own day
    )


def _base_sources() -> list[str]:
    from geodata import store  # noqa: PLC0415 - geometry tables take a second to load

    found = [each for layer in _BASE_SOURCE_LAYERS for text in store.read(layer)["source"] for each in text.split(";")]
    return sorted({each for each in found if each})


def _town_key() -> str:
    from geodata import store  # noqa: PLC0415

    return "town_surveyed" if (store.read("towns")["basis"] == "official").all() else "town"


def _facts(index: Index, question: Question, words: BriefWords) -> tuple[tuple[str, str], ...]:
    facts = []
    if question.area is not None:
        km2 = question.area.area / 1e6
        size = words("size", km2=f"{km2:.{1 if km2 >= _LARGE_KM2 else 2}f}")
        facts.append((words("area"), f"{question.name or words('drawn')}, {size}"))
    elif question.point is not None:
        if question.name:
            facts.append((words("point"), question.name))
        metres = words("in_metres", text=write_position(*question.point, system="4549", decimals=0))
        facts.append((words("position"), f"{write_position(*question.point, decimals=5)} (WGS 84); {metres}"))
        county, town = describe_place(*question.point, lang=words.lang, index=index)
        inside = words(_town_key(), county=county, town=town) if town else county
        facts.append((words("lies_in"), inside or words("outside")))
    distance = tell_length(question.near_m, lang=words.lang)
    facts.append((words("around"), words("around_m", distance=distance) if question.near_m else words("around_none")))
    return tuple(facts)


def _sections(
    index: Index, question: Question, shown: dict[str, list[Finding]], words: BriefWords, *, hidden: Collection[str]
) -> tuple[Section, ...]:
    measured: dict[str, list[str]] = {}
    english = words.lang == "en"
    for each in find_measured(index, question.shape):
        titles = each.titles_en if english else each.titles_zh
        name = each.name_en if english and each.name_en else each.name_zh
        row = words("indicators_row", area=name, n=each.indicators, titles=("; " if english else "；").join(titles))
        measured.setdefault(each.plan, []).append(row)
    sections = []
    for plan in read_collections().values():
        found = shown.get(plan.id, [])
        if plan.id in hidden or not (found or measured.get(plan.id)):
            continue
        rows = [(_row(each, words), each.best.kind == _PROJECTS) for each in found]
        sections.append(
            Section(
                plan=plan.id,
                title=plan.title_en if english else plan.title_zh,
                structures=tuple(row for row, is_project in rows if not is_project),
                projects=tuple(row for row, is_project in rows if is_project),
                indicators=tuple(measured.get(plan.id, ())),
            )
        )
    return tuple(sections)


def _name(finding: Finding, lang: str) -> str:
    hit = finding.best
    return (lang == "en" and hit.component_en) or hit.component_zh


def _row(finding: Finding, words: BriefWords) -> Row:
    hit, lang = finding.best, words.lang
    measure = tell_measure(hit, lang=lang)
    why = tell_hit(hit, lang=lang)
    return Row(
        name=_name(finding, lang),
        structure=f"{hit.structure_en if lang == 'en' else hit.structure_zh} · {words('basis.' + hit.basis)}",
        certainty=hit.certainty,
        how_sure=tell_certainty(hit.certainty, lang=lang),
        why=f"{why}{('；' if lang == 'zh' else '; ') + measure if measure else ''}",
        where=words("lines", chapter=tell_chapter(hit.chapter, lang=lang), lines=hit.lines),
    )
