"""Places that a text names, as Linked Places TSV (LP-TSV 0.5): a row each, no quotes, lists separated by semicolons."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from gazetteer.register import open_register

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gazetteer.place import Category
    from gazetteer.reading.mention import Mention

COLUMNS: Final = (
    "id", "title", "title_source", "fclasses", "attestation_year", "ccodes", "variants", "types", "lon", "lat",
    "geo_source", "approximation", "description",
)  # fmt: skip
# The seven classes of GeoNames.
_CLASSES: Final[Mapping[Category, str]] = {
    "city": "P;A", "county": "A", "town": "A", "village": "P", "dev_zone": "L", "functional_area": "L", "park": "L",
    "lake": "H", "river": "H", "mountain": "T", "island": "T", "rail": "R", "station": "S", "road": "R", "port": "S",
    "airport": "S", "hub": "S", "old_town": "P", "heritage": "S", "facility": "S", "utility": "S", "region": "L",
    "other": "S",
}  # fmt: skip
_LISTS: Final = ("fclasses", "variants")
_BREAKS: Final = re.compile(r"[\s;\"]+")


def to_linked_places(mentions: Iterable[Mention], *, title_source: str, year: int) -> str:
    """Return a row for each place, in the order of the text.

    Parameters
    ----------
    title_source
        The text in which the names stand: its title, or its file's name.
    year
        Year in which it was published.

    Returns
    -------
    str
        UTF-8 text. Positions are in degrees, WGS 84; ``approximation`` is the accuracy in kilometres.
    """
    rows: dict[str, list[str]] = {}
    counts: Counter[str] = Counter()
    for mention in mentions:
        key = mention.place_id or f"unrecorded/{mention.name}"
        counts[key] += 1
        if key not in rows:
            rows[key] = _row(key, mention, title_source, year)
    lines = ["\t".join(COLUMNS)]
    lines += ["\t".join((*row, f"{row_words}, {counts[key]} mentions")) for key, (*row, row_words) in rows.items()]
    return "\n".join(lines) + "\n"


def _row(key: str, mention: Mention, title_source: str, year: int) -> list[str]:
    place = open_register().places.get(mention.place_id or "")
    variants = [f"{_plain(alias)}@zh" for alias in mention.aliases if not alias.isascii()]
    if place is not None and place.name_en:
        variants.append(f"{_plain(place.name_en)}@en")
    located = mention.lon is not None and mention.lat is not None
    cells = [
        key,
        mention.name,
        title_source,
        _CLASSES[mention.category],
        str(year),
        "CN" if mention.resolution == "suzhou" else "",
        ";".join(variants),
        mention.category,
        f"{mention.lon:.6f}" if located else "",
        f"{mention.lat:.6f}" if located else "",
        place.source.replace(";", ", ") if place is not None and located else "",
        f"{mention.accuracy_m / 1000:g}" if located and mention.accuracy_m is not None else "",
        mention.resolution,
    ]
    named = zip(COLUMNS, cells, strict=True)
    return [cell if column in _LISTS else _plain(cell) for column, cell in named]


def _plain(name: str) -> str:
    """Return a name without what would end it: the form knows no quotes."""
    return _BREAKS.sub(" ", name).strip()
