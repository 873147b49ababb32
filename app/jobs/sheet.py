"""Sheets in a process of its own: matplotlib, fonts and geometry tables need 300 MB that a server should not keep.

It stays warm: it answers a wish a line with a line of JSON and the bytes that it announces, and ends when nothing is
asked of it for a while, or when standard input ends.
"""

from __future__ import annotations

import json
import os
import select
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, Final

from layers import fonts
from layers.catalogue import read_structures
from layers.decks import Wish, make_file
from layers.decks.making import draw
from layers.opening import open_layer
from layers.sheet.ground import read_metric

IDLE_S: Final = 90.0
_FAULTS: Final = (ValueError, KeyError, OSError)


def read_wish(wish: dict[str, Any]) -> Wish:
    """Return a wish out of JSON; an extent may also be four numbers, or nothing for what the layers need."""
    extent = wish.get("extent") or "auto"
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in wish.items()}
    return Wish(**fields | {"extent": extent if isinstance(extent, str) else ",".join(map(str, extent))})


def answer(asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return what is said of an answer, and its bytes.

    ``asked`` holds a ``wish`` and an ``ending``; with the ending ``preview`` the answer is a PNG and tells the scale,
    what the legend had to leave out, and which names found no place.
    """
    try:
        wish, ending = read_wish(asked["wish"]), asked["ending"]
        if ending != "preview":
            data = make_file(wish, ending=ending)
            return {"bytes": len(data)}, data
        sheet = draw(wish, [open_layer(layer) for layer in wish.layers])
        with tempfile.TemporaryDirectory() as folder:
            data = replace(sheet, dpi=wish.dpi).save(Path(folder) / "preview.png").read_bytes()
        told = {"scale": sheet.scale, "notes": list(sheet.notes), "dropped": list(sheet.dropped)}
    except _FAULTS as error:
        reason = error.args[0] if isinstance(error, KeyError) and error.args else error
        return {"bytes": 0, "error": " ".join(str(reason).split()) or type(error).__name__}, b""
    return told | {"bytes": len(data)}, data


def warm_up() -> None:
    """Read what every sheet needs, so that it is there when the first is asked for."""
    read_structures()
    for layer in ("counties", "city", "towns", "lakes", "rivers", "sea"):
        read_metric(layer)
    for bold in (False, True):
        fonts.measure("苏州", size_pt=9.0, bold=bold)


def serve(source: BinaryIO, target: BinaryIO) -> None:
    """Answer wishes until there are no more, or none comes for a while."""
    while select.select([source], [], [], IDLE_S)[0]:
        line = source.readline()
        if not line:
            return
        told, data = answer(json.loads(line))
        target.write(json.dumps(told).encode() + b"\n" + data)
        target.flush()


def _main() -> int:
    # What a library prints must not get between the answers.
    target = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with os.fdopen(0, "rb", buffering=0, closefd=False) as source, target:
        warm_up()
        serve(source, target)
    return 0


if __name__ == "__main__":
    sys.exit(_main())
