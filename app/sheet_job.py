"""Draw one sheet in a process of its own: wishes as JSON on standard input, the PNG on standard output.

matplotlib, fonts and geometry tables need 200 MB that a server should not hold between two sheets.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from layers.opening import open_layer
from layers.sheet import draw_sheet


def main() -> int:
    """Draw the sheet; say in one line what was wrong otherwise."""
    wish = json.load(sys.stdin)
    try:
        sheet = draw_sheet(
            [open_layer(layer) for layer in wish["layers"]],
            lang=wish["lang"],
            extent=wish["extent"] and tuple(wish["extent"]),
            show_boundaries=wish["boundaries"],
        )
        with tempfile.TemporaryDirectory() as folder:
            sys.stdout.buffer.write(sheet.save(Path(folder) / "sheet.png").read_bytes())
    except (ValueError, KeyError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
