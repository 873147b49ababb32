"""Make the files of an export in a process of its own: a wish as JSON on standard input, progress on standard output.

Geometry tables and drawings need 300 MB that a server should not hold between two downloads.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from layers.export import write_file
from layers.files import find_system, read_formats
from layers.files.extent import area_of_place
from layers.files.making import SEVERAL, Wish, make_bundle, open_tables, write_format


def _tell(share: float, what: str) -> None:
    sys.stdout.write(json.dumps({"share": share, "what": what}) + "\n")
    sys.stdout.flush()


def make(wish: dict[str, Any]) -> dict[str, Any]:
    """Write the file of a wish to its path, and return what is told of it."""
    area = area_of_place(wish["area"]) if wish["area"] else None
    asked = Wish(
        layers=tuple(wish["layers"]), formats=tuple(wish["formats"]), system=wish["system"], area=area,
        lang=wish["lang"],
    )  # fmt: skip
    form = read_formats()[asked.formats[0]]
    system = find_system(asked.system if asked.system in form.systems else None, form)
    tables = open_tables(asked, progress=lambda share, name: _tell(share * 0.7, name))
    _tell(0.7, form.name)
    written = write_format(tables, form, system, lang=asked.lang, day=None)
    notes = [en if asked.lang == "en" else zh for zh, en in written.notes]
    filled = [table for table in tables if len(table.frame)]
    stem = filled[0].stem if len(filled) == 1 else SEVERAL
    tag = f"_{system.tag}" if system.tag else ""
    packed = len(written.files) > 1 and not wish["zipped"]
    if wish["zipped"] or packed:
        data = make_bundle(asked, progress=lambda share, name: _tell(0.75 + share * 0.24, name))
        name, mime = f"{stem}_{'_'.join(asked.formats)}{tag}.zip", "application/zip"
    else:
        ((name, data),) = written.files.items()
        mime = form.mime
    write_file(Path(wish["path"]), data)
    return {
        "name": name,
        "mime": mime,
        "digest": hashlib.sha256(data).hexdigest(),
        "rows": sum(len(table.frame) - len(table.nowhere) for table in tables),
        "nowhere": sum(len(table.without_place()) for table in tables),
        "notes": notes,
        "packed": packed,
    }


def main() -> int:
    """Make the files; say in one line what was wrong otherwise."""
    wish = json.loads(sys.stdin.buffer.read())
    try:
        told = make(wish)
    except (ValueError, KeyError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
