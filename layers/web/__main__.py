"""``python -m layers.web``: write the layers for the browser, unless all is up to date.

Without arguments the base map, every card and the headline layers; with ``--all`` every drawing too; with layer ids the
drawings of these. ``--lines`` tells a line for each step, for another program; ``--behind`` gives way to all others.
"""

from __future__ import annotations

import os
import sys
import time

from layers.web.cache import alone, draw_layers, point_to, read_manifest, web_folder, write_all

_WIDTH = 40
_LAST = 15
"""Niceness of what nobody waits for."""


def _show(share: float, name: str) -> None:
    done = round(share * _WIDTH)
    sys.stdout.write(f"\r{'#' * done}{'.' * (_WIDTH - done)} {name:60.60}")
    sys.stdout.flush()


def _tell(share: float, name: str) -> None:
    sys.stdout.write(f"{share:.3f} {name}\n")
    sys.stdout.flush()


def main() -> int:
    """Write what is out of date and say where it is."""
    start = time.perf_counter()
    if "--behind" in sys.argv[1:]:
        os.nice(_LAST)
    lines, everything = "--lines" in sys.argv[1:], "--all" in sys.argv[1:]
    ids = [each for each in sys.argv[1:] if not each.startswith("--")]
    progress = _tell if lines else _show if sys.stdout.isatty() else None
    with alone():
        manifest = read_manifest()
        if manifest is None:
            manifest = write_all(progress=progress)
        else:
            point_to(manifest)
    # A layer that is not there any more was switched off meanwhile.
    wanted = None if everything else [each for each in ids if each in manifest["layers"]]
    drawn = draw_layers(wanted, progress=progress) if wanted is None or wanted else 0
    if lines:
        return 0
    sys.stdout.write("\r" if sys.stdout.isatty() else "")
    seconds = time.perf_counter() - start
    sys.stdout.write(f"web layers: {len(manifest['layers'])} in {web_folder()}, {drawn} drawn, {seconds:.1f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
