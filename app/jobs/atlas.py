"""An atlas in a process of its own: its order as JSON on standard input, its progress in lines on standard output.

It is started as the head of a process group, so that to cancel it is to end the group, its workers too. It ends when
standard input does.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path

from layers.decks.atlas import Order, make_atlas


def _end_with_input() -> None:
    """End this process and its workers when standard input ends: whoever has asked is gone."""
    sys.stdin.read()
    os.killpg(0, signal.SIGTERM)


def main() -> int:
    """Make the atlas; say in one line what was wrong otherwise."""
    asked = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_input, daemon=True).start()

    def tell(done: int, total: int, name: str) -> None:
        print(json.dumps({"done": done, "total": total, "name": name}), flush=True)  # noqa: T201 - the answer

    try:
        make_atlas(
            Order(**asked["order"]), Path(asked["output"]), form=asked["form"], folder=Path(asked["folder"]),
            progress=tell,
        )  # fmt: skip
    except (ValueError, KeyError, OSError) as error:
        sys.stderr.write(f"{' '.join(str(error).split())}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
