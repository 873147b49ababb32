"""Measure decks: a sheet as slides and as an offline page, and an atlas of sixty pages."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

BELT: Final = "wuzhong-14fyp/wuzhong-core-axis-belt"
_PAGES: Final = 60


def results() -> Iterator[dict[str, Any]]:
    """Yield the rows."""
    from layers.decks import Wish, make_file

    wish = Wish(layers=(BELT,))
    make_file(wish, ending="pptx")
    for ending, bar in (("pptx", 3.0), ("html", 3.0)):
        start = time.perf_counter()
        data = make_file(wish, ending=ending)
        yield {"what": f"核轴带 as .{ending}, warm", "value": time.perf_counter() - start, "unit": "s", "bar": bar}
        yield {"what": f"核轴带 as .{ending}, size", "value": len(data) / 1e6, "unit": "MB", "bar": 2.0}
    yield _atlas()


def _atlas() -> dict[str, Any]:
    from layers.decks.atlas import Order, make_atlas

    class Sixty(Order):
        """The first sixty structures of all plans."""

        def structures(self) -> list[Any]:
            return super().structures()[:_PAGES]

    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        made = make_atlas(Sixty(importance=2), Path(folder) / "atlas.pdf", form="pdf")
        seconds = time.perf_counter() - start
    what = f"an atlas of {_PAGES} structures, {made.pages} pages, PDF, two processes"
    return {"what": what, "value": seconds, "unit": "s", "bar": 90.0}
