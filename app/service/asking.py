"""What is asked for: the parameters that exist, and those that pygeoapi takes too lightly, read and checked."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from app.service.configuration import CRS84, offered_systems

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from shapely.geometry.base import BaseGeometry

COMMON: Final = ("f", "lang")
ITEM: Final = ("crs",)
ITEMS: Final = ("limit", "offset", "bbox", "bbox-crs", "crs", "datetime", "sortby", "properties", "skipGeometry")
FORMATS: Final = ("json", "html")
_OPEN: Final = ("", "..")
_STEPS: Final = 16
"""Parts that an edge of a box is cut into before it is transformed, so that it may bend."""
_SMALL: Final = 1e-3
_FAR: Final = 1e8
"""No coordinate of any system is larger."""
_HALF: Final = 2
_FLAT: Final = 4
_SOLID: Final = 6
_DATE: Final = re.compile(
    r"(\d{4})-(\d{2})(?:-(\d{2}))?(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:[Zz]|[+-]\d{2}:\d{2})?)?"
)
_LAST: Final = "9999-12-31"


class AskingError(ValueError):
    """A parameter that cannot be answered: what was expected, what came."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What part of a collection is asked for, beside what pygeoapi hands on.

    Attributes
    ----------
    area
        Degrees, WGS 84.
    days
        First and last day, ISO 8601.
    """

    area: BaseGeometry | None = None
    days: tuple[str, str] | None = None


ASKED: Final[ContextVar[Asked]] = ContextVar("asked", default=Asked())  # noqa: B039 - frozen


def check_names(given: Iterable[tuple[str, str]], known: Iterable[str]) -> None:
    """Refuse parameters that do not exist, or that are there twice.

    Raises
    ------
    AskingError
        As requirement ``/req/core/query-param-unknown`` wants it.
    """
    names = [name for name, _ in given]
    allowed = set(known)
    if unknown := sorted(set(names) - allowed):
        msg = f"expected parameters out of {', '.join(sorted(allowed))}, got {', '.join(unknown)}"
        raise AskingError(msg)
    if twice := sorted({name for name in names if names.count(name) > 1}):
        msg = f"expected each parameter once, got {', '.join(twice)} several times"
        raise AskingError(msg)


def read_asked(given: Mapping[str, str]) -> Asked:
    """Read the area and the time that are asked for, and check what pygeoapi does not.

    Raises
    ------
    AskingError
        If a value is not of its form.
    """
    for name in ("limit", "offset"):
        if name in given and not re.fullmatch(r"[0-9]{1,9}", given[name], re.ASCII):
            msg = f"expected {name} as a whole number, got {given[name]!r}"
            raise AskingError(msg)
    if not given.get("sortby", "x").strip("+-, "):
        msg = f"expected sortby as names of properties with + or - before them, got {given['sortby']!r}"
        raise AskingError(msg)
    if given.get("skipGeometry", "true") not in ("true", "false"):
        msg = f"expected skipGeometry as true or false, got {given['skipGeometry']!r}"
        raise AskingError(msg)
    system = given.get("bbox-crs", CRS84)
    if system not in offered_systems():
        msg = f"expected bbox-crs out of {', '.join(offered_systems())}, got {system!r}"
        raise AskingError(msg)
    return Asked(
        area=read_box(given["bbox"], system) if "bbox" in given else None,
        days=read_days(given["datetime"]) if "datetime" in given else None,
    )


def read_box(text: str, system: str = CRS84) -> BaseGeometry:
    """Return the area of a ``bbox``: four numbers, or six with heights that say nothing here.

    Parameters
    ----------
    system
        Address of the coordinate system, whose order of axes the numbers have.

    Raises
    ------
    AskingError
        If they are no numbers, too many, or south lies north of north.
    """
    import numpy as np  # noqa: PLC0415 - with pygeoapi
    import shapely  # noqa: PLC0415

    try:
        numbers = [float(each) for each in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (_FLAT, _SOLID) or not all(abs(each) < _FAR for each in numbers):
        msg = f"expected bbox as four or six numbers below {_FAR:g} with commas, got {text!r}"
        raise AskingError(msg)
    half = len(numbers) // _HALF
    (first, second), (third, fourth) = numbers[:_HALF], numbers[half : half + _HALF]
    degrees = system == CRS84
    if second > fourth or (first > third and not degrees):
        msg = f"expected bbox with its lower corner first, got {text!r}"
        raise AskingError(msg)
    if degrees and first > third:
        # From the east over the date line to the west.
        return shapely.union_all([_ground(first, second, 180.0, fourth), _ground(-180.0, second, third, fourth)])
    ground = _ground(first, second, third, fourth)
    if degrees:
        return ground
    size = max(third - first, fourth - second)
    moved = shapely.transform(
        shapely.segmentize(ground, size / _STEPS) if size > _SMALL else ground, transformer(system, back=True)
    )
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        msg = f"expected bbox where {system} holds, got {text!r}"
        raise AskingError(msg)
    return moved


def _ground(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """Return a box; a line or a point where it has no width or no height."""
    import shapely  # noqa: PLC0415

    if west < east and south < north:
        return shapely.box(west, south, east, north)
    if west < east or south < north:
        return shapely.LineString([(west, south), (east, north)])
    return shapely.Point(west, south)


def transformer(system: str, *, back: bool = False) -> Any:
    """Return a function for `shapely.transform` from CRS84 into a system, each with its own order of axes; or back."""
    import numpy as np  # noqa: PLC0415

    pipe = _pipe(system, back=back)

    def move(points: Any) -> Any:
        return np.column_stack(pipe.transform(points[:, 0], points[:, 1]))

    return move


_PIPES: Final[dict[tuple[str, bool], Any]] = {}


def _pipe(system: str, *, back: bool) -> Any:
    from pyproj import Transformer  # noqa: PLC0415

    key = (system, back)
    if key not in _PIPES:
        ends = ("OGC:CRS84", f"EPSG:{offered_systems()[system].epsg}")
        _PIPES[key] = Transformer.from_crs(*(ends[::-1] if back else ends))
    return _PIPES[key]


def read_days(text: str) -> tuple[str, str]:
    """Return the first and the last day of a ``datetime``: a date, a time, or an interval that may be open.

    Raises
    ------
    AskingError
        If it is neither, or ends before it begins.
    """
    parts = text.split("/")
    if len(parts) > _HALF or (len(parts) == 1 and text in _OPEN):
        msg = (
            f"expected datetime as 2021-04-01, 2021-04-01T00:00:00Z or an interval such as 2021-01-01/.., got {text!r}"
        )
        raise AskingError(msg)
    begin = "0000-01-01" if parts[0] in _OPEN else day_span(parts[0])[0]
    end = _LAST if parts[-1] in _OPEN else day_span(parts[-1])[1]
    if begin > end:
        msg = f"expected datetime that begins before it ends, got {text!r}"
        raise AskingError(msg)
    return begin, end


def day_span(text: str) -> tuple[str, str]:
    """Return the first and the last day of a day or a month.

    Raises
    ------
    AskingError
        If it is neither.
    """
    found = _DATE.fullmatch(text)
    try:
        year, month = (int(found[1]), int(found[2])) if found else (0, 0)
        first = dt.date(year, month, int(found[3] or 1) if found else 0)
        last = first if found and found[3] else dt.date(year, month, calendar.monthrange(year, month)[1])
    except (ValueError, IndexError) as error:
        msg = f"expected a date such as 2021-04-01 or 2021-04-01T00:00:00Z, got {text!r}"
        raise AskingError(msg) from error
    return first.isoformat(), last.isoformat()
