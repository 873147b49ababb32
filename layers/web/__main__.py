"""``python -m layers.web``: write every layer for the browser, unless all is up to date."""

from __future__ import annotations

import sys
import time

from layers.web.cache import alone, read_manifest, web_folder, write_all

_WIDTH = 40


def _show(share: float, name: str) -> None:
    done = round(share * _WIDTH)
    sys.stdout.write(f"\r{'#' * done}{'.' * (_WIDTH - done)} {name:60.60}")
    sys.stdout.flush()


def _tell(share: float, name: str) -> None:
    sys.stdout.write(f"{share:.3f} {name}\n")
    sys.stdout.flush()


def main() -> int:
    """Write what is out of date and say where it is; with ``--lines``, a line for each step, for another program."""
    start = time.perf_counter()
    lines = "--lines" in sys.argv[1:]
    with alone():
        manifest = read_manifest()
        if manifest is None:
            manifest = write_all(progress=_tell if lines else _show if sys.stdout.isatty() else None)
            sys.stdout.write("\r" if sys.stdout.isatty() else "")
    if lines:
        return 0
    sys.stdout.write(f"web layers: {len(manifest['layers'])} in {web_folder()}, {time.perf_counter() - start:.1f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
