"""Compound names: a known place, or characters of no general word, and a class noun (苏州…产业园, 清陶…创新中心)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gazetteer.reading.openings import lead, opened
from gazetteer.reading.plain import IN_LIST
from gazetteer.reading.tables import read_toml
from gazetteer.reading.tokens import RUN, Built, Hit, Noun, Token, is_full, opens

if TYPE_CHECKING:
    from gazetteer.reading.tokens import Kind

_WHOLE: Final = 8
"""Characters of a name that stands for itself."""
_TOO_WIDE: Final = frozenset({"city", "region", "county", "port", "station", "dev_zone"})
_AROUND: Final = "环沿"
_ALONG: Final = frozenset({"functional_area", "road", "rail"})
OF_OWNER: Final = "a facility of the plan's own area"
_JOINED: Final = frozenset({"functional_area", "old_town"})
_RESORTS: Final = frozenset({"假区", "景区"})
_PLATFORMS: Final = ("平台", "系统")
_ENTERED: Final = ("在", "走进")
"""After these a place stands for itself: 在苏州高校…联盟, 走进苏州高新区计划."""
_PARTS: Final = ("地区", "区域")
_COURSES: Final = ("廊", "廊道", "绿廊")
_SITES: Final = ("基地", "园", "中心", "馆")
_OWNED: Final = frozenset({"facility", "dev_zone", "hub", "utility"})
_DEEDS: Final = "建做强优推打促引办用抓扩提拓"
"""Characters that verbs of plans begin with (建强, 做优), no bodies."""
_BODY: Final = 4
"""Characters of the longest short name of a body."""
_BRACKETED: Final = frozenset({"city", "county", "region"})


def build_compound(text: str, tokens: list[Token], noun: Noun, start: int, end: int) -> Built | None:
    """Return the compound name that ends with a class noun, or the scheme or body that is no place, if there is one.

    Parameters
    ----------
    text
        An even text.
    tokens
        The words left of the class noun, from right to left.
    noun
        The class noun.
    start, end
        Where it stands.
    """
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
        if _of_province(text, hit, start, end):
            located = True
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
    begin = _begin(text, inside, first, noun)
    if noun.kind == "compound" and noun.category in _OWNED and _is_bodys(text, inside, first):
        # 华能|太仓电厂
        begin = inside[0].start
    name = hit.entry.surface if hit is not None else text[begin : inside[first].end]
    kind: Kind = "line" if noun.kind == "line" else "compound"
    return Built(begin, end, kind, noun.category, 0.7, f"{name} with the class noun {text[start:end]}")


def _is_bodys(text: str, inside: list[Token], first: int) -> bool:
    """Whether the characters before a unit are a body's short name, no words: whose the site is belongs to its name."""
    hit = inside[first].hit
    if not first or hit is None or hit.entry.category not in _BRACKETED or hit.entry.role == "built":
        return False
    size = inside[first].start - inside[0].start
    alone = inside[0].start == 0 or not text[inside[0].start - 1].isalnum()
    alone = alone and text[inside[0].start] not in _DEEDS
    return RUN <= size <= _BODY and alone and all(token.sort == "other" for token in inside[:first])


def _begin(text: str, inside: list[Token], first: int, noun: Noun) -> int:
    """Return where a name begins that a place opens: what stands before the place may belong to it."""
    scan = read_toml("grammar.toml")["scan"]
    hit = inside[first].hit
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
    return begin


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


def _of_province(text: str, hit: Hit, start: int, end: int) -> bool:
    """Whether a province has one centre of what the name says: 江苏省|复合材料|创新中心."""
    scan = read_toml("grammar.toml")["scan"]
    specific = text[hit.end : start]
    centre = text[start:end] in scan["national_centres"] and hit.entry.surface.endswith("省")
    return centre and len(specific) > RUN and specific not in scan["of_any"] and specific[0] != "级"


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
    """Whether a word belongs to a name before its bracket: any if the bracket tells a place, else what is no word."""
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


__all__ = ["OF_OWNER", "build_compound"]
