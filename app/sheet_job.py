"""One sheet in a process of its own: matplotlib, fonts and geometry tables need 200 MB a server should not keep."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from app.job import answer_job
from layers.opening import open_layer
from layers.sheet import draw_sheet


def write_sheet(wish: dict[str, Any]) -> bytes:
    """Return the sheet of a wish as PNG."""
    sheet = draw_sheet(
        [open_layer(layer) for layer in wish["layers"]],
        lang=wish["lang"],
        extent=wish["extent"] and tuple(wish["extent"]),
        show_boundaries=wish["boundaries"],
    )
    with tempfile.TemporaryDirectory() as folder:
        return sheet.save(Path(folder) / "sheet.png").read_bytes()


if __name__ == "__main__":
    sys.exit(answer_job(write_sheet))
