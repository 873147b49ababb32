"""Values as plans print them (5 左右, >40, 1.85万家以上, 完成省定目标), parsed where they are numbers.

Only forms that are understood whole are numbers; anything else stays words, so that no part of a sentence is ever
taken for a target.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

Bound = Literal["exact", "about", "at_least", "at_most", "range", "words", "none"]
Change = Literal["", "up", "down"]

_NUMBER: Final = r"\d+(?:\.\d+)?"
_BEFORE: Final[dict[str, Bound]] = {
    "≥": "at_least", ">": "at_least", "＞": "at_least", "不低于": "at_least", "不少于": "at_least", "高于": "at_least",
    "超过": "at_least", "超": "at_least", "突破": "at_least", "过": "at_least",
    "≤": "at_most", "<": "at_most", "＜": "at_most", "不高于": "at_most", "低于": "at_most",
    "约": "about", "近": "about", "预计": "about", "": "exact",
}  # fmt: skip
_AFTER: Final[dict[str, Bound]] = {
    "左右": "about", "以上": "at_least", "及以上": "at_least", "以内": "at_most", "以下": "at_most", "": "exact",
}  # fmt: skip
_CHANGES: Final[dict[str, Change]] = {
    "同口径增长": "up", "增长": "up", "提高": "up", "新增": "up", "净增": "up", "下降": "down", "降低": "down",
}  # fmt: skip
_LEADS: Final = ("力争", "达到", "达", "年均", "")
_BOUNDED: Final = "|".join(sorted(map(re.escape, filter(None, _BEFORE)), key=len, reverse=True))
_CHANGING: Final = "|".join(sorted(_CHANGES, key=len, reverse=True))
_UNIT: Final = r"[^\d\s，。、；：:（）()~～≥≤<>]{0,9}?"
_PATTERN: Final = re.compile(
    rf"(?:{'|'.join(filter(None, _LEADS))})?(?P<change>{_CHANGING})?(?P<before>{_BOUNDED})?"
    rf"(?P<low>{_NUMBER})(?:[~～](?P<high>{_NUMBER}))?(?P<many>多)?(?P<unit>{_UNIT})(?P<many_after>多)?"
    rf"(?P<after>{'|'.join(filter(None, reversed(_AFTER)))})?(?:（新口径）)?"
)
_RATIO: Final = re.compile(rf"(?:力争)?(?P<low>{_NUMBER})[:：∶]1")
_SCALES: Final = {"万亿": 12, "亿": 8, "万": 4}
_BLANK: Final = re.compile(r"(?<=[^\x00-\xff])\s+(?=[^\x00-\xff])")
UNITS: Final = frozenset({
    "%", "‰", "个百分点", "百分点", "倍", "分", "家", "件", "人", "名", "位", "个", "张", "户", "项", "条",
    "支", "所", "台", "套", "次", "年", "岁", "小时", "分钟", "亩", "公里", "平方米", "平方公里", "元",
    "美元", "斤", "吨", "千瓦", "千瓦时", "标箱", "EFLOPS", "P", "元/人", "元/亩", "公顷/亿元", "吨/万元",
    "立方米/万元", "微克/立方米", "平方米/人", "人/亿元", "场/年", "吨/年",
})  # fmt: skip
"""Units that a number may stand with, without 万 and 亿; another word after a number makes it words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """A printed value, and what it means if it is a number.

    Attributes
    ----------
    text
        As printed.
    bound
        How the number is meant: ``exact``, ``about`` (左右), ``at_least`` (以上, >), ``at_most`` (以内, <), ``range``;
        ``words`` if it is no number, ``none`` if nothing is printed.
    number, high
        The number, and the upper end of a range, in `unit`; 万 and 亿 are multiplied out. None for words.
    unit
        Unit without 万 and 亿 (``%``, ``人``, ``元``, ``:1`` for a ratio to one), or "".
    change
        ``up`` or ``down`` if the value is a change (增长 5%) and no level.
    """

    text: str
    bound: Bound
    number: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    change: Change = ""

    @property
    def is_number(self) -> bool:
        """Whether the value is a number."""
        return self.number is not None


def parse_value(text: str, *, unit: str = "") -> Value:
    """Parse a value.

    Parameters
    ----------
    text
        As printed; blanks inside do not matter.
    unit
        Unit of the row, which holds where the value has none of its own.
    """
    flat = re.sub(r"\s+", "", text)
    if not flat:
        return Value(text=text, bound="none")
    words = Value(text=text, bound="words")
    if ratio := _RATIO.fullmatch(flat):
        return Value(text=text, bound="exact", number=Decimal(ratio["low"]), unit=":1")
    match = _PATTERN.fullmatch(flat)
    if match is None:
        return words
    before, after = _BEFORE[match["before"] or ""], _AFTER[match["after"] or ""]
    many: Bound = "at_least" if match["many"] or match["many_after"] else "exact"
    bounds = {each for each in (before, after, many) if each != "exact"}
    scaled = split_unit(_own_unit(match["unit"], unit))
    if len(bounds) > 1 or scaled is None:
        return words
    factor, base = scaled
    low, high = Decimal(match["low"]) * factor, match["high"]
    return Value(
        text=text,
        bound="range" if high else next(iter(bounds), "exact"),
        number=low,
        high=Decimal(high) * factor if high else None,
        unit=base,
        change=_CHANGES.get(match["change"] or "", ""),
    )


def _own_unit(printed: str, row: str) -> str:
    """Return the unit beside the number, or the row's; a bare 万 or 亿 goes before the row's unit."""
    if printed in _SCALES and row and not row.startswith(tuple(_SCALES)):
        return printed + row
    return printed or row


def split_unit(unit: str) -> tuple[Decimal, str] | None:
    """Part a unit into its power of ten and what it counts; None if the unit is not known.

    Examples
    --------
    >>> split_unit("万人")
    (Decimal('10000'), '人')
    >>> split_unit("％")
    (Decimal('1'), '%')
    """
    unit = unit.replace("％", "%")
    if not unit or unit in UNITS:
        return Decimal(1), "个百分点" if unit == "百分点" else unit
    for sign, power in _SCALES.items():
        if unit.startswith(sign) and unit.removeprefix(sign) in UNITS | {""}:
            return Decimal(10) ** power, unit.removeprefix(sign)
    return None


def tidy_value(text: str) -> str:
    """Return a value for reading: blanks that a line break left between Chinese characters are closed."""
    return _BLANK.sub("", text.strip())
