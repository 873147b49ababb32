"""Which place is meant, and where is it? Place records, and the search that finds them by any of their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gazetteer.geocoding import Candidate, Geocoded, geocode
from gazetteer.place import Category, Place, Resolution
from gazetteer.register import Register, open_register

if TYPE_CHECKING:
    from gazetteer.reading import Reading

__all__ = ["Candidate", "Category", "Geocoded", "Place", "Register", "Resolution", "geocode", "open_register", "read"]


def read(text: str, *, plan: str | None = None, without_plan: str | None = None) -> Reading:
    """Find every place that a text names; see `gazetteer.reading.read`.

    Parameters
    ----------
    text
        The text as it is; offsets of mentions point into it.
    plan
        Id of the plan that the text is, where it is one of the register's.
    without_plan
        Id of a plan whose records, names and short names are left out.
    """
    # Imported late: looking up a name needs none of the reader.
    from gazetteer.reading import read as read_text  # noqa: PLC0415

    return read_text(text, plan=plan, without_plan=without_plan)
