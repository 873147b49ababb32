"""Names that no register holds, found by how Chinese place names are built: a specific part and a class noun.

From each class noun the text is read to the left, word by word (longest word first), until a word, a particle or a mark
that no name holds. What lies between is a name if it begins with a known place (苏州…产业园) or has characters that
are no general word (清陶…创新中心).
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from gazetteer.reading.openings import (
    find_forms,
    find_numbered_crossings,
    find_ordinals,
    find_sides,
    lead,
    open_zones,
    opened,
    over_conjunction,
    pointed,
    quoted,
)
from gazetteer.reading.plain import IN_LIST, build_plain
from gazetteer.reading.tables import read_toml
from gazetteer.reading.tokens import RUN, Built, Hit, Kind, Noun, Token, is_full, opens, read_left
from gazetteer.reading.vocabulary import Entry, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


_WHOLE: Final = 8
"""Characters of a name that stands for itself."""
_BRACKETED: Final = frozenset({"city", "county", "region"})
_TOO_WIDE: Final = frozenset({"city", "region", "county", "port", "station", "dev_zone"})
_AROUND: Final = "环沿"
_ALONG: Final = frozenset({"functional_area", "road", "rail"})
OF_OWNER: Final = "a facility of the plan's own area"
_JOINED: Final = frozenset({"functional_area", "old_town"})
_RESORTS: Final = frozenset({"假区", "景区"})
_BOTH: Final = "及与和"
_NOUN_SIZES: Final = range(2, 7)
_CROSSING_SIZES: Final = range(8, 2, -1)
_PLATFORMS: Final = ("平台", "系统")
_OPENED: Final = frozenset({"compound", "mask"})
_ENTERED: Final = ("在", "走进")
"""After these a place stands for itself: 在苏州高校…联盟, 走进苏州高新区计划."""
_PARTS: Final = ("地区", "区域")
_COURSES: Final = ("廊", "廊道", "绿廊")
_SITES: Final = ("基地", "园", "中心", "馆")


@cache
def _nouns() -> tuple[AhoCorasick, tuple[Noun, ...], Mapping[str, Noun]]:
    tables = read_toml("grammar.toml")
    generic = set(tables["generic"]["nouns"])
    nouns = {noun: Noun(None, "other") for noun in generic}
    for table in tables["class"]:
        for noun in table["nouns"]:
            nouns[noun] = Noun(table["kind"], table["category"], strict=noun in generic)
    matcher = AhoCorasick(list(nouns), matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA)
    return matcher, tuple(nouns.values()), nouns


def _find_nouns(text: str) -> Iterator[tuple[int, int, Noun]]:
    """Yield the class nouns of a text and the general words like them, leftmost and longest, with their places.

    A class noun that begins inside a general word and goes on after it counts too: 润|港产|业园.
    """
    matcher, nouns, by_noun = _nouns()
    last = 0
    for number, start, end in matcher.find_matches_as_indexes(text):
        if start < last:
            continue
        yield start, end, nouns[number]
        if nouns[number].kind is not None:
            continue
        for begin in range(start + 1, end):
            stop = next(
                (
                    begin + size
                    for size in _CROSSING_SIZES
                    if begin + size > end
                    and (noun := by_noun.get(text[begin : begin + size])) is not None
                    and noun.kind == "compound"
                ),
                0,
            )
            if stop:
                yield begin, stop, by_noun[text[begin:stop]]
                last = stop
                break


def build_names(text: str, hits: list[Hit], vocabulary: Vocabulary) -> Iterator[Built]:
    """Yield names built by grammar, in the order of their class nouns.

    Parameters
    ----------
    text
        An even text.
    hits
        Strings of the vocabulary in it; names, places beyond and organisations count as known.
    vocabulary
        General words.
    """
    scan = read_toml("grammar.toml")["scan"]
    known = {hit.end: hit for hit in hits if hit.entry.role != "mask" and not hit.entry.bare}
    named = {hit.end for hit in hits if hit.entry.role in {"name", "outside"} and not hit.entry.bare}
    starts = {hit.start: hit for hit in hits if hit.entry.category in _BRACKETED or hit.entry.bare}
    within = _covered(hits)
    bodies = {hit.end: hit.start for hit in hits if hit.entry.role == "organisation"}
    zones = open_zones(text, hits)
    by_noun = _nouns()[2]
    yield from find_numbered_crossings(text, known)
    yield from find_sides(text, zones)
    yield from find_forms(text)
    yield from find_ordinals(text)
    for begin, end, found in _find_nouns(text):
        start, noun = begin, found
        if noun.kind is None and start + 1 in named and (inner := by_noun.get(text[start + 1 : end])) is not None:
            # 上海|港, 太湖|湾: 海港 and 湖湾 are general words, but a place ends inside.
            start, noun = start + 1, inner
        if noun.kind is None or end in named or bodies.get(end, start) < start:
            continue
        if start in within:
            longer = _lengthen(text, within[start], end, known, noun)
            if longer is not None:
                yield longer
            continue
        opening = zones if noun.kind in _OPENED else None
        tokens = read_left(text, start, known, within, opening, vocabulary, scan)
        if not tokens:
            if text[start - 1 : start] == "”" and (name := quoted(text, start, noun, end)) is not None:
                yield name
            continue
        built = (
            build_plain(text, tokens, noun, end) if noun.kind == "plain" else _compound(text, tokens, noun, start, end)
        )
        if (
            (built is None or built.score <= IN_LIST)
            and (noun.kind == "compound" or text[start:end] in scan["events"])
            and _parts_words(text, tokens[-1].start, by_noun)
        ):
            before = read_left(text, tokens[-1].start, known, within, zones, vocabulary, scan)
            built = over_conjunction(text, tokens, before, noun, start, end) or built
            if built is not None and noun.kind == "mask":
                built = replace(built, kind="mask", score=1.0)
        first = tokens[-1] if tokens[-1].sort != "stop" else None
        if (built is None or built.score <= IN_LIST) and first is not None and text[first.start - 1] == "”":
            built = quoted(text, first.start, noun, end) or built
        if built is None:
            continue
        if built.kind in {"compound", "bracketed"}:
            built = pointed(text, built, known)
            longer = _with_bracket(text, built, starts)
            if built.kind == "bracketed" and longer is built:
                continue
            built = longer
        if built.kind != "mask" and built.score > IN_LIST and built.end not in known:
            # What has been built may open a longer name: 亭林路, then 亭林路商圈.
            entry = Entry(text[built.start : built.end], "built", category=built.category)
            known[built.end] = Hit(built.start, built.end, entry)
        yield built


def _parts_words(text: str, position: int, nouns: Mapping[str, Noun]) -> bool:
    """Whether 及 or 与 stands at a position, and no class noun before it, so that it may lie inside a name."""
    return text[position] in _BOTH and not any(text[position - size : position] in nouns for size in _NOUN_SIZES)


def _with_bracket(text: str, built: Built, starts: Mapping[int, Hit]) -> Built:
    """Take in a bracket after a name that tells its city or province: 国家碳计量中心（江苏）."""
    if text[built.end : built.end + 1] != "（":
        return built
    position = built.end + 1
    while (hit := starts.get(position)) is not None:
        position = hit.end
    if position == built.end + 1 or text[position : position + 1] != "）":
        return built
    return replace(built, end=position + 1)


def _covered(hits: list[Hit]) -> dict[int, Hit]:
    """Return the known name around each position that lies inside one; first characters count as outside."""
    return {
        position: hit
        for hit in hits
        if hit.entry.role in {"name", "outside"} and not hit.entry.bare
        for position in range(hit.start + 1, hit.end)
    }


def _lengthen(text: str, hit: Hit, end: int, known: Mapping[int, Hit], noun: Noun) -> Built | None:
    """Return a short name of a line in full where its class noun goes on: 沪宜高速|公路."""
    if noun.kind != "line" or hit.end >= end or hit.entry.category != noun.category:
        return None
    before = known.get(hit.start)
    begin = hit.start if before is None else before.start
    return Built(
        begin, end, "line", noun.category, 0.7, f"{hit.entry.surface} with the class noun {text[hit.end : end]}"
    )


def _compound(text: str, tokens: list[Token], noun: Noun, start: int, end: int) -> Built | None:
    inside = _inside(text, tokens, noun, end)
    scan = read_toml("grammar.toml")["scan"]
    places = [number for number, token in enumerate(inside) if token.hit is not None]
    if noun.kind == "mask":
        if inside and inside[0].sort == "zone" and text[start:end].endswith(_PLATFORMS):
            # 高新区资源需求信息共享平台
            return Built(inside[0].start, end, "mask", "other", 1.0, "a platform, no place")
        if not places or inside[places[0]].end - inside[places[0]].start >= _WHOLE:
            # A zone in full before 平台 is meant itself: it is the platform.
            return None
        if _of_a_kind(text, inside[places[0]].hit) or text.endswith(_ENTERED, 0, inside[places[0]].start):
            return None
        return Built(inside[places[0]].start, end, "mask", "other", 1.0, "an event, a body or a scheme, no place")
    if places:
        of_place = _from_place(text, inside, places, noun, start, end)
        # 中新|昆承湖园区: whose it is belongs to the name.
        leads = of_place is not None and inside[0].sort == "pair"
        return replace(of_place, start=inside[0].start) if of_place is not None and leads else of_place
    if noun.category == "facility" and inside and _of_owner(text, inside[0], leads=len(inside) < len(tokens)):
        return Built(inside[0].start, end, "compound", noun.category, 0.65, OF_OWNER)
    if inside and (cooperative := opened(text, inside, noun, start, end)) is not None:
        return cooperative
    if text[start:end] in read_toml("exceptions.toml")["bare"]["names"]:
        # 廉政高新区: a class noun that is a short name needs a place before it.
        return None
    if text[start:end] in scan["national_of"] and inside and start - inside[0].start > RUN:
        # 先进功能纤维|国家制造业创新中心
        return Built(inside[0].start, end, "compound", noun.category, 0.55, f"a national centre: {text[start:end]}")
    if inside and (centre := _national(text, inside, noun, start, end)) is not None:
        return centre
    run_start = _before_bracket(inside)
    if run_start is None:
        run_start = _first_run(text, inside)
    if run_start is None:
        return _of_words(text, inside, noun, start, end)
    if text[run_start - 1] in _AROUND:
        run_start -= 1
    run_start = lead(text, inside, run_start)
    reason = f"specific part {text[run_start:start]} with the class noun {text[start:end]}"
    return Built(run_start, end, "line" if noun.kind == "line" else "compound", noun.category, 0.5, reason)


def _of_a_kind(text: str, hit: Hit | None) -> bool:
    """Whether a land beyond Suzhou is named for all its bodies of a kind (上海头部基金, 长三角区域…平台)."""
    kinds = tuple(read_toml("grammar.toml")["scan"]["kinds_of_bodies"])
    if hit is None or not _is_beyond(hit):
        return False
    return text.startswith(kinds, hit.end) or hit.entry.surface.endswith(_PARTS)


def _of_words(text: str, inside: list[Token], noun: Noun, start: int, end: int) -> Built | None:
    """Return a name of general words (信息智慧谷): too doubtful to stand unless a list of names holds it."""
    if noun.kind != "compound" or not inside or start - inside[0].start < RUN:
        return None
    if any(token.sort != "word" for token in inside) or text[inside[0].start] in "市区":
        return None
    reason = f"{text[inside[0].start : end]} in a list of names"
    return Built(inside[0].start, end, "compound", noun.category, IN_LIST, reason)


def _national(text: str, inside: list[Token], noun: Noun, start: int, end: int) -> Built | None:
    """Return a national centre that says of what it is, so that there is one (国家先进功能纤维创新中心)."""
    scan = read_toml("grammar.toml")["scan"]
    number = next((number for number, token in enumerate(inside) if text[token.start : token.end] == "国家"), None)
    if number is None or text[start:end] not in scan["national_centres"]:
        return None
    specific = text[inside[number].end : start]
    whole = text[end - 1] == "馆" and not specific
    if not whole and (len(specific) < RUN or specific in scan["of_any"] or specific[0] == "级" or specific[-1] == "级"):
        return None
    return Built(inside[number].start, end, "compound", noun.category, 0.55, f"a national centre of {specific}")


def _inside(text: str, tokens: list[Token], noun: Noun, end: int) -> list[Token]:
    """Return the tokens that may belong to a name, left to right; a joint only where the class allows it."""
    inside = []
    for token in tokens:
        allowed = (
            token.sort != "joint"
            or (noun.kind == "line" and text[token.start] == "至")
            or (text[token.start] == "—" and (noun.category in _JOINED or text[end - 2 : end] in _RESORTS))
        )
        if token.sort == "stop" or not allowed:
            break
        inside.append(token)
    return inside[::-1]


def _from_place(text: str, inside: list[Token], places: list[int], noun: Noun, start: int, end: int) -> Built | None:
    scan = read_toml("grammar.toml")["scan"]
    first = places[0]
    hit = inside[first].hit
    public = text[start:end] in scan["public"]
    if not public and hit is not None and is_full(hit) and (later := _specific_after(inside, first)) is not None:
        # A parent in full before another specific part is a mention of its own: 相城区 | 高铁新城…片区.
        first = later
        hit = inside[first].hit
    full = hit is not None and hit.end == start and noun.kind == "line" and text[start:end] not in scan["added"]
    if hit is not None and full and hit.entry.category == noun.category:
        # 沪常|高速: a short name of a line in full.
        return Built(hit.start, end, "line", noun.category, 0.6, f"{hit.entry.surface} with {text[start:end]}")
    if hit is not None and hit.entry.category in {"road", "rail"}:
        # A line does not open a name, unless it names the area along it: 亭林路商圈, 人民路—亭林路商圈.
        along = first + 1 == len(inside) or inside[first + 1].sort == "joint" or text[end - 1] in "带轴"
        opens_site = text[start:end] in scan["by_roads"] and hit.end == start
        if not opens_site and (not along or noun.category not in {"functional_area", "old_town"}):
            return None
    only_beyond = all(_is_beyond(inside[number].hit) for number in places if number >= first)
    if only_beyond and hit is not None and text[start:end] not in scan["free_zones"]:
        located = hit.entry.surface[0] in _AROUND or any(
            token.sort == "bracket" and not _of_region(text, token) for token in inside[first:]
        )
        aim = text[start:end].endswith(tuple(scan["aims"])) and not text[start:end].startswith(scan["national"][0])
        if aim and not located:
            return None
        if text.startswith(tuple(scan["qualifiers"]), hit.end) and hit.end < end:
            # 上海三甲医院, 合肥国家级大科学装置: any of the class.
            return None
    if hit is not None and text.startswith(tuple(scan["any_of"]), hit.end):
        return None
    if hit is not None and hit.end == start and noun.category == "facility" and _is_site(hit):
        # 沪昆整形医学基地|实验室: a part of the site, not a name.
        return None
    if hit is not None and hit.end == start and hit.entry.category == "park" and text[start:end].endswith(_COURSES):
        # 国家湿地公园|生态廊道: what the park has.
        return None
    if noun.strict and hit is not None and first + 1 == len(inside) and hit.entry.category in _TOO_WIDE:
        # 苏州高铁, 上海铁路: the line is not named by its city alone.
        return None
    begin = inside[first].start
    if first and inside[first - 1].end - inside[first - 1].start == 1 and text[begin - 1] in scan["opening"]:
        begin -= text[begin - 1] not in scan["along"] or noun.category in _ALONG
    if noun.kind == "line" and text[begin - 1 : begin] in scan["abbreviations"] and begin:
        # 沪|苏锡常城际铁路
        begin -= 1
    if noun.category == "functional_area" and first and text[inside[first - 1].start : begin] in scan["parts"]:
        # 南部|盛泽—桃源片区
        begin = inside[first - 1].start
    if hit is not None and hit.entry.category in _BRACKETED and text.endswith(scan["national"][2], 0, begin):
        # 中国|苏州人力资源服务产业园
        begin -= len(scan["national"][2])
    name = hit.entry.surface if hit is not None else text[begin : inside[first].end]
    kind: Kind = "line" if noun.kind == "line" else "compound"
    return Built(begin, end, kind, noun.category, 0.7, f"{name} with the class noun {text[start:end]}")


def _of_owner(text: str, token: Token, *, leads: bool) -> bool:
    """Whether a name begins with 市 or 区 for the plan's own (区文体中心), where a clause begins or after a verb."""
    not_owned = tuple(read_toml("grammar.toml")["scan"]["not_owned"])
    if text[token.start] not in "市区" or text.startswith(not_owned, token.start):
        return False
    return leads or not text[token.start - 1].isalnum() or opens(text, token)


def _specific_after(inside: list[Token], first: int) -> int | None:
    """Return the number of the next place, or of a run of other characters, after the first place."""
    for number in range(first + 1, len(inside)):
        if inside[number].sort == "place":
            return number
        if inside[number].sort == "other" and number + 1 < len(inside) and inside[number + 1].sort == "other":
            return number
    return None


def _first_run(text: str, inside: list[Token]) -> int | None:
    numerals = read_toml("grammar.toml")["scan"]["numerals"]
    run = 0
    for token in inside:
        run = run + 1 if token.sort == "other" and text[token.start] not in numerals else 0
        if run == RUN:
            return token.end - RUN
    return None


def _of_region(text: str, token: Token) -> bool:
    """Whether a bracket holds a region: what stands before it is then no one site (上海（长三角）…中心)."""
    regions = read_toml("outside.toml")["region"]["names"]
    return text[token.start + 1 : token.end - 1] in regions


def _before_bracket(inside: list[Token]) -> int | None:
    """Return where a name begins whose bracket tells its place: 中日（苏州）…示范区."""
    for number, token in enumerate(inside):
        if token.sort in {"bracket", "aside"} and number:
            begin = number - 1
            while begin and _leads(inside[begin - 1], inside[begin], token):
                begin -= 1
            return inside[begin].start
    return None


def _leads(token: Token, following: Token, bracket: Token) -> bool:
    """Whether a word belongs to a name before its bracket: any where the bracket tells a place, else what is no word."""
    if bracket.sort == "bracket":
        return token.sort in {"other", "word"} and not token.verb
    return token.sort == "other" == following.sort


def _is_site(hit: Hit) -> bool:
    return hit.end - hit.start >= _WHOLE and hit.entry.surface.endswith(_SITES)


def _is_beyond(hit: Hit | None) -> bool:
    if hit is None:
        return False
    entry = hit.entry
    if entry.role == "outside":
        return True
    return bool(entry.candidates) and all(place.resolution == "outside" for place, _ in entry.candidates)


__all__ = ["IN_LIST", "OF_OWNER", "Built", "Hit", "build_names"]
