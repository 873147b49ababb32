"""What atlas is wished for, and the layers that go into it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING

from layers.bureau import read_bureau
from layers.catalogue import read_collections, read_structures
from layers.web.cache import digest

if TYPE_CHECKING:
    from layers.model import Structure

FORMATS = ("pdf", "pptx", "png")
"""What an atlas is made as; ``png`` is a folder with a picture a page."""


@cache
def _digest() -> str:
    return digest()


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """An atlas that is wished for.

    Attributes
    ----------
    plan
        Id of a plan, or "" for all.
    importance
        Structures up to this importance: 1 for the main ones, 3 for all.
    page, lang, theme, boundaries, dpi
        As a sheet takes them.
    date
        Date of drawing, ISO 8601; today by default.
    """

    plan: str = ""
    importance: int = 3
    page: str = "16:9"
    lang: str = "zh"
    theme: str = "light"
    boundaries: bool = True
    dpi: int = 150
    date: str = ""

    @property
    def day(self) -> str:
        """The date of drawing, ISO 8601."""
        return self.date or dt.date.today().isoformat()  # noqa: DTZ011 - the maker's own day

    def structures(self) -> list[Structure]:
        """Return the structures that go into the atlas, in order.

        Raises
        ------
        ValueError
            If there is no such plan, or none of its structures is as important.
        """
        plans = read_collections()
        if self.plan and self.plan not in plans:
            msg = f"expected a plan out of {', '.join(plans)}, got {self.plan!r}"
            raise ValueError(msg)
        found = [
            each
            for each in read_structures().values()
            if self.plan in ("", each.plan) and each.importance <= self.importance
        ]
        if not found:
            msg = f"expected structures of importance {self.importance} or less in {self.plan!r}, got none"
            raise ValueError(msg)
        return found

    def key(self, layer: str, *, form: str) -> str:
        """Return a digest of everything that the pages of a layer depend on."""
        how = {key: value for key, value in asdict(self).items() if key not in ("plan", "importance")}
        told = json.dumps([_digest(), repr(read_bureau()), layer, form, how | {"date": self.day}], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:20]
