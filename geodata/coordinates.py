"""Coordinates as people write them: degrees with or without minutes, any order that cannot be mistaken, and metres.

What a text means is read off it or refused: an order that could be either, a zone of another meridian and a datum that
contradicts itself are errors, never guesses. A shifted datum (GCJ-02, BD-09) cannot be seen in the numbers: it is
stated, in the text or by the caller.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from geodata.crs import (
    CGCS2000_3_DEGREE,
    CGCS2000_ZONE_40,
    project,
    to_wgs84,
    unproject,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)

System = Literal["wgs84", "4490", "gcj02", "bd09", "4549", "4528"]
"""Systems that a coordinate can be written in; 4490 (CGCS2000) is WGS 84 at map scale."""
SYSTEMS: Final[tuple[System, ...]] = ("wgs84", "4490", "gcj02", "bd09", "4549", "4528")
Notation = Literal["decimal", "dms", "metres"]
Fault = Literal[
    "empty", "numbers", "order", "range", "minutes", "zone", "mercator", "metres", "datum", "hemisphere", "clash"
]
"""Why a text is no coordinate; a page says it in its own words."""

_METRIC: Final = {"4549": CGCS2000_3_DEGREE, "4528": CGCS2000_ZONE_40}
_ZONE: Final = 40
_ZONE_SHIFT: Final = 1e6
_NAMES: Final = (
    (re.compile(r"gcj-?\s?0?2|火星(坐标)?|高德|腾讯|amap|tencent", re.IGNORECASE), "gcj02"),
    (re.compile(r"bd-?\s?0?9|百度|baidu", re.IGNORECASE), "bd09"),
    (re.compile(r"epsg:?\s?4549", re.IGNORECASE), "4549"),
    (re.compile(r"epsg:?\s?4528", re.IGNORECASE), "4528"),
    (re.compile(r"epsg:?\s?4490", re.IGNORECASE), "4490"),
    (re.compile(r"epsg:?\s?4326|wgs-?\s?84", re.IGNORECASE), "wgs84"),
    # The word alone says the datum, not whether degrees or metres follow.
    (re.compile(r"cgcs-?\s?2000|国家2000(大地)?(坐标系)?", re.IGNORECASE), "cgcs2000"),
)
_NUMBER: Final = r"[+-]?\d+(?:\.\d+)?"
_ANGLE: Final = re.compile(
    rf"(?P<d>{_NUMBER})\s*(?:°|度|:)\s*(?:(?P<m>\d+(?:\.\d+)?)\s*(?:'|分|:)?\s*(?:(?P<s>\d+(?:\.\d+)?)\s*(?:\"|秒)?)?)?"
)
_SIGNS: Final = str.maketrans(dict.fromkeys("′’‘`", "'") | dict.fromkeys("″”“", '"') | {"º": "°", "˚": "°", "−": "-"})
_EAST: Final = re.compile(r"东经|西经|经度|longitude|long?|lng|(?<![a-z])[ew](?![a-z])", re.IGNORECASE)
_NORTH: Final = re.compile(r"北纬|南纬|纬度|latitude|lat|(?<![a-z])[ns](?![a-z])", re.IGNORECASE)
_NEGATIVE: Final = re.compile(r"西经|南纬|(?<![a-z])[ws](?![a-z])", re.IGNORECASE)
_MOST_LAT: Final = 90.0
_MOST_LON: Final = 180.0
_SIXTY: Final = 60.0
_LEAST_METRES: Final = 1000.0
_EASTINGS: Final = (100_000.0, 900_000.0)
_NORTHINGS: Final = (1_800_000.0, 6_100_000.0)
"""China's land in any 3-degree zone, metres."""
_MERCATOR: Final = (7_000_000.0, 16_000_000.0)
_MOST_TEXT: Final = 200


class CoordinateError(ValueError):
    """A text that is no coordinate, or could be several; `fault` says which, `found` what it is about."""

    def __init__(self, message: str, *, fault: Fault, found: str = "") -> None:
        super().__init__(message)
        self.fault, self.found = fault, found


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """A coordinate that was read.

    Attributes
    ----------
    lon, lat
        Degrees, WGS 84.
    system
        The system that it was written in.
    stated
        Whether the text itself names that system, or its numbers leave no other (metres with the zone number).
    notation
        How it was written.
    swapped
        Whether latitude (or northing) came first.
    """

    lon: float
    lat: float
    system: System
    stated: bool
    notation: Notation
    swapped: bool


class _Part(NamedTuple):
    """A number of a text, and which axis its letters claim ("east", "north" or "")."""

    value: float
    axis: str
    sexagesimal: bool


def parse_position(text: str, *, system: System = "wgs84") -> Position:
    """Read a coordinate.

    Parameters
    ----------
    text
        For example ``120.62, 31.30``, ``31.30 120.62``, ``31°18′00″N 120°37′12″E``, ``北纬31度18分 东经120度37.2分``,
        ``559027, 3464402`` (metres, EPSG:4549), ``40559027 3464402`` (EPSG:4528), ``高德 120.6245,31.2979``.
    system
        What the numbers are in, unless the text names it. Metres are recognised by their size: for them the degrees'
        datum given here does not count.

    Raises
    ------
    CoordinateError
        If the text is no coordinate, its order could be either, or it contradicts `system` or itself.
    """
    if system not in SYSTEMS:
        msg = f"expected a system out of {', '.join(SYSTEMS)}, got {system!r}"
        raise ValueError(msg)
    # First our signs: the standard's own way would make a ring of the degree sign and two primes of a double one.
    plain = unicodedata.normalize("NFKC", text[: _MOST_TEXT + 1].translate(_SIGNS)).replace("''", '"').strip()
    if not plain or len(text) > _MOST_TEXT:
        msg = (
            f"expected a coordinate such as 120.62, 31.30, got {'nothing' if not plain else f'{len(text)} characters'}"
        )
        raise CoordinateError(msg, fault="empty")
    named, rest = _take_name(plain)
    parts = _read_parts(rest)
    if max(abs(part.value) for part in parts) >= _LEAST_METRES:
        return _read_metres(parts, named, system)
    return _read_degrees(parts, named, system, text)


def _take_name(text: str) -> tuple[str, str]:
    """Return the system that a text names ("" if none) and the text without that name.

    Raises
    ------
    CoordinateError
        If it names several.
    """
    found: list[str] = []
    for pattern, name in _NAMES:
        if pattern.search(text):
            found.append(name)
            text = pattern.sub(" ", text)
    if "cgcs2000" in found and len(found) > 1:
        # CGCS2000 is the datum of 4490, 4549 and 4528: beside one of them it says nothing new.
        found.remove("cgcs2000")
    if len(found) > 1:
        msg = f"expected one coordinate system, got {' and '.join(found)} in one text"
        raise CoordinateError(msg, fault="clash", found=", ".join(found))
    return (found[0] if found else ""), text


def _read_parts(text: str) -> tuple[_Part, _Part]:
    """Return the two numbers of a text.

    Raises
    ------
    CoordinateError
        If there are not two, or minutes or seconds reach 60.
    """
    angles = list(_ANGLE.finditer(text))
    if angles:
        spans = [(match.start(), match.end(), _sexagesimal(match)) for match in angles]
    else:
        spans = [(m.start(), m.end(), float(m[0])) for m in re.finditer(_NUMBER, text)]
    if len(spans) == 6 and not angles:  # noqa: PLR2004 - degrees, minutes and seconds of two angles
        values = [value for *_, value in spans]
        angles = [re.match("", "")]  # type: ignore[list-item]
        spans = [
            (spans[0][0], spans[2][1], _join(values[0], values[1], values[2])),
            (spans[3][0], spans[5][1], _join(values[3], values[4], values[5])),
        ]
    if len(spans) != 2:  # noqa: PLR2004
        msg = f"expected two numbers, longitude and latitude or metres, got {len(spans)} in {text!r}"
        raise CoordinateError(msg, fault="numbers", found=str(len(spans)))
    first, second = spans
    axes = _claimed(text, first[:2], second[:2])
    values = [first[2], second[2]]
    for i, ((_, negative), value) in enumerate(zip(axes, values, strict=True)):
        if negative and value > 0:
            values[i] = -value
    sexagesimal = bool(angles) and any(match.re is not _ANGLE or match["m"] for match in angles)
    return _Part(values[0], axes[0][0], sexagesimal), _Part(values[1], axes[1][0], sexagesimal)


def _sexagesimal(match: re.Match[str]) -> float:
    return _join(float(match["d"]), float(match["m"] or 0), float(match["s"] or 0))


def _join(degrees: float, minutes: float, seconds: float) -> float:
    if not (0 <= minutes < _SIXTY and 0 <= seconds < _SIXTY):
        msg = f"expected minutes and seconds below 60, got {minutes:g}′ {seconds:g}″"
        raise CoordinateError(msg, fault="minutes", found=f"{minutes:g}′{seconds:g}″")
    size = abs(degrees) + minutes / _SIXTY + seconds / _SIXTY**2
    return -size if degrees < 0 else size


def _claimed(text: str, first: tuple[int, int], second: tuple[int, int]) -> list[tuple[str, bool]]:
    """Return for both numbers which axis the letters beside them claim, and whether they say west or south.

    Letters all stand before their number or all after it: what is before the first number decides.
    """
    gap, head, tail = text[first[1] : second[0]], text[: first[0]], text[second[1] :]
    leading = bool(_EAST.search(head) or _NORTH.search(head))
    zones = (head, gap) if leading else (gap, tail)
    claims = []
    for zone in zones:
        east, north = bool(_EAST.search(zone)), bool(_NORTH.search(zone))
        if east and north:
            msg = f"expected one direction beside each number, got both in {zone.strip()!r}"
            raise CoordinateError(msg, fault="hemisphere", found=zone.strip())
        claims.append(("east" if east else "north" if north else "", bool(_NEGATIVE.search(zone))))
    if claims[0][0] and claims[0][0] == claims[1][0]:
        msg = f"expected a longitude and a latitude, got two of one in {text!r}"
        raise CoordinateError(msg, fault="hemisphere", found=text)
    return claims


def _read_degrees(parts: tuple[_Part, _Part], named: str, system: System, text: str) -> Position:
    asked = "4490" if named == "cgcs2000" else named
    if (asked or system) in _METRIC:
        msg = f"expected metres, as EPSG:{asked or system} has them, got {parts[0].value:g}, {parts[1].value:g}"
        raise CoordinateError(msg, fault="metres", found=asked or system)
    _refuse_other(asked, system)
    swapped = _latitude_first(parts, text)
    lat, lon = (parts[0].value, parts[1].value) if swapped else (parts[1].value, parts[0].value)
    if abs(lat) > _MOST_LAT or abs(lon) > _MOST_LON:
        msg = f"expected a longitude within 180 and a latitude within 90 degrees, got {lon:g} and {lat:g}"
        raise CoordinateError(msg, fault="range", found=f"{lon:g}, {lat:g}")
    used: System = asked or system  # type: ignore[assignment]
    if used in ("gcj02", "bd09"):
        x, y = to_wgs84(lon, lat, datum=used)
        lon, lat = float(x), float(y)
    return Position(
        lon=lon, lat=lat, system=used, stated=bool(named), notation="dms" if parts[0].sexagesimal else "decimal",
        swapped=swapped,
    )  # fmt: skip


def _refuse_other(named: str, system: System) -> None:
    """Refuse a text that names another shifted datum than the reader has chosen; the plain datum is the default."""
    plain = ("wgs84", "4490")
    same = named == system or (named in plain and system in plain)
    if named and not same and system not in (*plain, *_METRIC):
        msg = f"expected {system}, as was chosen, got {named} in the text: say one of them"
        raise CoordinateError(msg, fault="clash", found=f"{named}, {system}")


def _latitude_first(parts: tuple[_Part, _Part], text: str) -> bool:
    """Tell whether the latitude comes first, by letters, else by a value that only a longitude can have.

    Raises
    ------
    CoordinateError
        If neither tells.
    """
    if parts[0].axis or parts[1].axis:
        return parts[0].axis == "north" or parts[1].axis == "east"
    first, second = (abs(part.value) > _MOST_LAT for part in parts)
    if first == second:
        if first:
            msg = f"expected a latitude within 90 degrees, got {parts[0].value:g} and {parts[1].value:g}"
            raise CoordinateError(msg, fault="range", found=f"{parts[0].value:g}, {parts[1].value:g}")
        msg = f"expected an order that cannot be mistaken, got {text!r}: add E and N, as in 120.62E 31.30N"
        raise CoordinateError(msg, fault="order", found=text.strip())
    return second


def _read_metres(parts: tuple[_Part, _Part], named: str, system: System) -> Position:
    if named in ("gcj02", "bd09", "wgs84", "4490"):
        msg = f"expected degrees, as {named} has them, got metres: {parts[0].value:g}, {parts[1].value:g}"
        raise CoordinateError(msg, fault="datum", found=named)
    one, other = parts[0].value, parts[1].value
    if _MERCATOR[0] <= max(one, other) <= _MERCATOR[1]:
        msg = f"expected metres of EPSG:4549 or 4528, got {one:.0f}, {other:.0f}, which look like web tiles (EPSG:3857)"
        raise CoordinateError(msg, fault="mercator", found=f"{one:.0f}, {other:.0f}")
    northings = [_NORTHINGS[0] <= value <= _NORTHINGS[1] for value in (one, other)]
    if northings[0] == northings[1]:
        msg = f"expected an easting of 6 (or 8) digits and a northing of 7 digits, got {one:.0f}, {other:.0f}"
        raise CoordinateError(msg, fault="metres", found=f"{one:.0f}, {other:.0f}")
    swapped = northings[0]
    north, east = (one, other) if swapped else (other, one)
    zone, plain = divmod(east, _ZONE_SHIFT)
    if not _EASTINGS[0] <= plain <= _EASTINGS[1]:
        msg = f"expected an easting of {_EASTINGS[0]:.0f} to {_EASTINGS[1]:.0f} m, got {plain:.0f}"
        raise CoordinateError(msg, fault="metres", found=f"{plain:.0f}")
    if zone not in (0, _ZONE):
        msg = f"expected zone {_ZONE} (120 E, 3 degrees), Suzhou's own, got zone {zone:.0f}: have it transformed first"
        raise CoordinateError(msg, fault="zone", found=f"{zone:.0f}")
    used: System = "4528" if zone else "4549"
    stated = named if named in _METRIC else system if system in _METRIC else ""
    if stated and stated != used:
        msg = f"expected EPSG:{stated}, {'with' if stated == '4528' else 'without'} the zone number, got {east:.0f}"
        raise CoordinateError(msg, fault="zone", found=f"{east:.0f}")
    x, y = unproject(east, north, source=_METRIC[used])
    return Position(
        lon=float(x), lat=float(y), system=used, stated=bool(zone or stated), notation="metres", swapped=swapped
    )


def write_position(
    lon: float, lat: float, *, system: System = "wgs84", notation: Notation | None = None, decimals: int | None = None
) -> str:
    """Write a position so that `parse_position` reads it back.

    Parameters
    ----------
    lon, lat
        Degrees, WGS 84.
    system
        What to write in; GCJ-02 and BD-09 are named in the text, because their numbers do not show it.
    notation
        ``decimal`` (default) or ``dms`` for degrees; metric systems are written in metres.
    decimals
        Of a degree (6), of a second (2) or of a metre (2).

    Raises
    ------
    ValueError
        If the notation does not fit the system.
    """
    if (system in _METRIC) != (notation == "metres") and notation is not None:
        msg = f"expected metres for EPSG:4549 and 4528 and degrees for the others, got {notation!r} for {system!r}"
        raise ValueError(msg)
    if system in _METRIC:
        x, y = project(lon, lat, target=_METRIC[system])
        places = 2 if decimals is None else decimals
        return f"{float(x):.{places}f}, {float(y):.{places}f}"
    shift = {"gcj02": wgs84_to_gcj02, "bd09": wgs84_to_bd09}.get(system)
    if shift is not None:
        x, y = shift(lon, lat)
        lon, lat = float(x), float(y)
    name = {"gcj02": "GCJ-02 ", "bd09": "BD-09 "}.get(system, "")
    if notation == "dms":
        places = 2 if decimals is None else decimals
        north, east = _to_dms(lat, "NS", places), _to_dms(lon, "EW", places)
        return f"{name}{north} {east}"
    places = 6 if decimals is None else decimals
    return f"{name}{abs(lon):.{places}f}°{'E' if lon >= 0 else 'W'}, {abs(lat):.{places}f}°{'N' if lat >= 0 else 'S'}"


def _to_dms(value: float, letters: str, decimals: int) -> str:
    units = round(abs(value) * 3600 * 10**decimals)
    degrees, rest = divmod(units, 3600 * 10**decimals)
    minutes, seconds = divmod(rest, 60 * 10**decimals)
    return f"{degrees}°{minutes:02d}′{seconds / 10**decimals:0{3 + decimals if decimals else 2}.{decimals}f}″" + (
        letters[0] if value >= 0 else letters[1]
    )
