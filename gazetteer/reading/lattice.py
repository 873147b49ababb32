"""The lattice of a text: every stretch that may be a name where the register is silent.

A stretch begins and ends where a word does, lies between two marks, and ends in a class noun, before a mark, or where
grammar ended a name. Names of the register stay: a stretch may hold one whole, never cut it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import numpy as np
from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from gazetteer.reading.sight import CATEGORIES, NUMBERS
from gazetteer.reading.tables import read_toml
from gazetteer.reading.tokens import RUN
from gazetteer.reading.vocabulary import read_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from gazetteer.reading.sight import Sight

    Column = NDArray[np.int64]
    Flags = NDArray[np.bool_]

LONGEST: Final = 26
"""Characters of the longest name that ends in a class noun of grammar."""
_LONGEST_CLASSED: Final = 18
_LONGEST_FREE: Final = 12
_SHORTEST: Final = 2
_CROWD: Final = 250
"""A component with more stretches is cut at the next item."""
UNKNOWN, INNER, VERB, BOUNDARY, NAMED, MARKED = range(6)
"""What a character's word is to a name: no word at all, the roles of general words, a known name, a mark."""
_ROLES: Final = {"inner": INNER, "verb": VERB, "boundary": BOUNDARY}
_MARKS: Final = ("、", "，", "。；！？\n\t|", "：", "“", "”", "（", "）", "《", "》", "—·-", " ")
COMMA, _, FULL_STOP, _, QUOTE, UNQUOTE, BRACKET, UNBRACKET, _, _, DASH, _ = range(1, 13)
_OTHER_MARK: Final = len(_MARKS) + 1
_GENERIC: Final = len(CATEGORIES) + 1
_MASK: Final = _GENERIC + 1


def _codes(characters: str) -> Column:
    return np.array([ord(each) for each in characters], np.int64)


FEED: Final = ord("\n")
_BREAKS: Final = _codes("、，。；：！？\n\t|《》 ")
_STRONG: Final = _codes("。；！？\n\t|：")
_OPENING: Final = _codes("（“")
_CLOSING: Final = _codes("）”")
_AND_SO_ON: Final = ord("等")
_AND: Final = ord("和")
_POINT: Final = ord("·")
_NATIONAL: Final = _codes("国家")
_LEADING: Final = _codes("即的在将把向被于等是有并到达了着过则使让其这该各每已更最较很不也都又或暨含以及与从为由对至")
"""By themselves these stand before a name and are no part of it."""
_CLASSES: Final = _codes("心台地区园站馆所院厂仓岛谷群线河门堤渡庄城镇村街路里坊巷圃寺塔阁亭楼场店广厦居苑湾桥山湖")
"""Characters that a class noun may end in though grammar does not hold it."""
_AREAS: Final = np.array([NUMBERS["functional_area"], NUMBERS["old_town"]])


@dataclass(frozen=True)
class Page:
    """A text by character and by gap: gap 3 lies before character 3."""

    codes: Column
    marks: Column
    roles: Column
    starts: Flags
    """Whether a word begins, and another ends, at a gap."""
    word_before: Column
    """The gap where the word that ends at a gap, or goes over it, begins."""
    word_after: Column
    """The gap where the word that begins at a gap, or goes over it, ends."""
    head: Column
    """The class noun that ends at a gap, by a digest that no other noun of the tables changes; 0 for none."""
    head_class: Column
    head_start: Column
    items: Column
    """The number of the item, the stretch between two marks, after a gap."""


@dataclass(frozen=True)
class Lattice:
    """Stretches that may be names, by component and end."""

    start: Column
    end: Column
    record: Flags
    """Whether it is a known name, which stands unless a longer one holds it."""
    holds: Column
    """How many known names it holds, itself included."""
    component: Column
    """Stretches of different components do not see each other."""

    def take(self, kept: Flags) -> Lattice:
        """Return the lattice of some of the stretches."""
        _, component = np.unique(self.component[kept], return_inverse=True)
        return Lattice(self.start[kept], self.end[kept], self.record[kept], self.holds[kept], component)


def open_page(sight: Sight) -> Page:
    """Cut a text into words, marks and items."""
    text = sight.text
    size = len(text)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    marks = _mark_table()[np.minimum(codes, 0xFFFF)]
    roles = np.where(marks > 0, MARKED, UNKNOWN).astype(np.int64)
    starts = np.ones(size + 1, bool)
    words, word_roles = _words()
    _lay(words.find_matches_as_indexes(text), word_roles, roles, starts)
    _lay(((0, start, end) for start, end in sight.names), np.array([NAMED]), roles, starts)
    gaps, every = np.flatnonzero(starts), np.arange(size + 1)
    nouns, classes, numbers = _nouns()
    head, head_class, head_start = (np.zeros(size + 1, np.int64) for _ in range(3))
    found = _table(nouns.find_matches_as_indexes(text))
    head[found[:, 2]] = numbers[found[:, 0]]
    head_class[found[:, 2]] = classes[found[:, 0]]
    head_start[found[:, 2]] = found[:, 1]
    return Page(
        codes=codes,
        marks=marks,
        roles=roles,
        starts=starts,
        word_before=np.concatenate([[0], np.maximum.accumulate(np.where(starts, every, 0))[:-1]]),
        word_after=np.append(gaps, size)[np.searchsorted(gaps, every, side="right")],
        head=head,
        head_class=head_class,
        head_start=head_start,
        items=np.concatenate([[0], np.cumsum(np.isin(codes, _BREAKS))]),
    )


def build_lattice(sight: Sight, page: Page) -> Lattice:
    """Find all stretches that may be names, in lines where something is a name already."""
    size = len(page.codes)
    known = [answer for answer in sight.answers if answer.known]
    records = np.array([(answer.start, answer.end) for answer in known], np.int64).reshape(-1, 2)
    answered = {(answer.start, answer.end) for answer in sight.answers if not answer.known}
    start, end = _stretches(page, sight, records, answered | sight.built.keys())
    good = _balanced(page, start, end) & _in_named_lines(page, sight, start)
    good &= _well_formed(page, sight, start, end) | among(start, end, answered)
    # What is known, whole, takes part by itself.
    good &= ~among(start, end, {(answer.start, answer.end) for answer in known})
    start, end = start[good], end[good]
    begun = np.zeros(size + 2, np.int64)
    begun[records[:, 0] + 1] = 1
    begun = np.cumsum(begun)
    holds = begun[end] - begun[start]
    involved = np.zeros(len(records) + 1, np.int64)
    np.add.at(involved, begun[start], 1)
    np.add.at(involved, begun[end], -1)
    taking = records[np.cumsum(involved)[:-1] > 0]
    start, end = np.concatenate([start, taking[:, 0]]), np.concatenate([end, taking[:, 1]])
    record = np.arange(len(start)) >= len(holds)
    holds = np.concatenate([holds, np.ones(len(taking), np.int64)])
    component = _components(page, start)
    order = np.lexsort((start, end, component))
    return Lattice(start[order], end[order], record[order], holds[order], component[order])


def among(start: Column, end: Column, spans: Iterable[tuple[int, int]]) -> Flags:
    """Return which stretches are among given ones."""
    keys = np.sort(np.array([(first << 32) + last for first, last in spans], np.int64))
    if not len(keys):
        return np.zeros(len(start), bool)
    wanted = (start << 32) + end
    return np.asarray(keys[np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)] == wanted)


def _stretches(page: Page, sight: Sight, records: Column, proposed: Iterable[tuple[int, int]]) -> tuple[Column, Column]:
    """Return all stretches from a gap between words to where a name may end."""
    size = len(page.codes)
    inside = np.zeros(size + 2, np.int64)
    np.add.at(inside, records[:, 0] + 1, 1)
    np.add.at(inside, records[:, 1], -1)
    cut = np.cumsum(inside)[: size + 1] > 0
    titled = np.zeros(size + 1, bool)
    for first, last, title in sight.closed:
        if title:
            titled[first:last] = True
    reach = np.zeros(size + 1, np.int64)
    before, after = np.concatenate([[1], page.marks]), np.append(page.marks, 1)
    reach[page.starts & (after > 0) & (before == 0)] = _LONGEST_FREE
    reach[page.starts & np.concatenate([[False], np.isin(page.codes, _CLASSES)])] = _LONGEST_CLASSED
    reach[(page.head > 0) & (page.head_class != _MASK)] = LONGEST
    gaps = page.starts.copy()
    for first, last in proposed:
        gaps[first] = True
        reach[last] = LONGEST
    reach[cut | titled] = 0
    gap, end = np.flatnonzero(gaps & ~cut), np.flatnonzero(reach)
    item = np.maximum.accumulate(np.where(np.diff(page.items, prepend=-1) > 0, np.arange(size + 1), 0))
    low = np.searchsorted(gap, np.maximum(item[end - 1], end - reach[end]))
    number = np.maximum(np.searchsorted(gap, end - _SHORTEST, side="right") - low, 0)
    steps = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number)
    start = gap[np.repeat(low, number) + steps]
    end = np.repeat(end, number)
    free = ~titled[start]
    return start[free], end[free]


def _balanced(page: Page, start: Column, end: Column) -> Flags:
    """Return which stretches hold brackets and quotation marks in pairs, and begin with no other mark."""
    opening, closing = np.isin(page.codes, _OPENING), np.isin(page.codes, _CLOSING)
    depth = np.concatenate([[0], np.cumsum(opening.astype(np.int64) - closing)])
    good = (depth[start] == depth[end]) & ~opening[end - 1]
    return np.asarray(good & ((page.marks[start] == 0) | opening[start]))


def _in_named_lines(page: Page, sight: Sight, start: Column) -> Flags:
    """Return which stretches lie in lines that name a place for certain."""
    lines = np.concatenate([[0], np.cumsum(page.codes == FEED)])
    named = np.zeros(int(lines[-1]) + 1, bool)
    named[lines[[answer.start for answer in sight.answers]]] = True
    return np.asarray(named[lines[start]])


def _well_formed(page: Page, sight: Sight, start: Column, end: Column) -> Flags:
    """Return which stretches may be one name: no enumeration, no preposition before, no road that opens a site."""
    size = len(page.codes)
    alone = page.starts[:size] & page.starts[1:]
    codes = np.append(page.codes, FEED)
    joins = np.concatenate([[0], np.cumsum((alone & (page.codes == _AND)) | (page.codes == _AND_SO_ON))])
    good = joins[end] == joins[np.minimum(start + 1, size)]
    good &= ~(alone[start] & np.isin(page.codes[start], _LEADING)) & ~np.isin(page.roles[start], (VERB, BOUNDARY))
    stops = np.concatenate([[0], np.cumsum(page.starts[:size] & (page.roles == BOUNDARY))])
    good &= stops[end] - stops[start] <= 1
    good &= (codes[start - 1] != _POINT) & (codes[end] != _POINT)
    lines = np.zeros(size + 1, np.int64)
    lines[[each.start for each in sight.answers if each.known and each.category in _LINES]] = 1
    lines = np.concatenate([[0], np.cumsum(lines)])
    good &= (lines[end] == lines[start]) | np.isin(page.head_class[end], _AREAS)
    # 国家产业创新中心 is any of a class, unless characters of no word make it one of its own.
    unknown = np.concatenate([[0], np.cumsum(page.roles == UNKNOWN)])
    national = (codes[start] == _NATIONAL[0]) & (codes[start + 1] == _NATIONAL[1])
    good &= ~(national & (unknown[end] == unknown[start]))
    # A unit in full before another specific part, a road, a water or a park is a mention of its own: 姑苏区|金业街.
    parent = np.arange(size + 1)
    for each in sight.answers:
        if each.known and each.full and each.category in _UNITS:
            parent[each.start] = each.end
    own = np.minimum(parent[start], end)
    apart = (unknown[end] - unknown[own] >= RUN) | np.isin(page.head_class[end], _APART)
    return np.asarray(good & ~((own > start) & apart))


_UNITS: Final = frozenset({NUMBERS["city"], NUMBERS["county"], NUMBERS["town"], NUMBERS["dev_zone"]})
_APART: Final = np.array([NUMBERS[each] for each in ("road", "rail", "river", "lake", "mountain", "park", "old_town")])
_LINES: Final = frozenset({NUMBERS["road"], NUMBERS["rail"]})


def _components(page: Page, start: Column) -> Column:
    """Return the number of each component: what lies between strong marks, cut at an item where it is too much."""
    strong = np.concatenate([[0], np.cumsum(np.isin(page.codes, _STRONG))])
    order = np.argsort(start, kind="stable")
    new = np.diff(strong[start[order]], prepend=-1) != 0
    item = np.diff(page.items[start[order]], prepend=-1) != 0
    last = 0
    for each in np.flatnonzero(item).tolist():
        if new[each]:
            last = each
        elif each - last > _CROWD:
            new[each] = True
            last = each
    numbers = np.empty(len(start), np.int64)
    numbers[order] = np.cumsum(new) - 1
    return numbers


def _lay(found: Iterable[tuple[int, int, int]], values: Column, roles: Column, starts: Flags) -> None:
    """Write found strings over a text: their role into each character, their edges into the gaps."""
    rows = _table(found)
    start, end = rows[:, 1], rows[:, 2]
    lengths = end - start
    inner = np.repeat(start - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
    roles[inner] = np.repeat(values[rows[:, 0]], lengths)
    starts[inner] = False
    starts[start] = True
    starts[end] = True


def _table(rows: Iterable[tuple[int, int, int]]) -> Column:
    """Return triples as a table; many times faster than numpy's own way from tuples."""
    return np.fromiter(chain.from_iterable(rows), np.int64).reshape(-1, 3)


@cache
def _mark_table() -> Column:
    table = np.full(0x10000, _OTHER_MARK, np.int64)
    table[0x3400:0xA000] = 0
    for number, marks in enumerate(_MARKS, 1):
        table[_codes(marks)] = number
    for first, last in ("09", "AZ", "az"):
        table[ord(first) : ord(last) + 1] = 0
    return table


def _matcher(strings: list[str]) -> AhoCorasick:
    return AhoCorasick(strings, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA)


@cache
def _words() -> tuple[AhoCorasick, Column]:
    words = read_words()
    return _matcher(list(words)), np.array([_ROLES[role] for role in words.values()], np.int64)


@cache
def _nouns() -> tuple[AhoCorasick, Column, Column]:
    tables: dict[str, Any] = read_toml("grammar.toml")
    classes = {
        noun: _MASK if table["kind"] == "mask" else NUMBERS[table["category"]]
        for table in tables["class"]
        for noun in table["nouns"]
    }
    for noun in tables["generic"]["nouns"]:
        classes.setdefault(noun, _GENERIC)
    numbers = np.array([crc32(noun.encode()) | 1 for noun in classes], np.int64)
    return _matcher(list(classes)), np.array(list(classes.values()), np.int64), numbers


__all__ = ["Lattice", "Page", "among", "build_lattice", "open_page"]
