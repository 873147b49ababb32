"""``make bench``: print a table of measurements and write them to ``bench/results.json``."""

from __future__ import annotations

import json
import platform
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import agreement, app, decks, library, reader

RESULTS = Path(__file__).parent / "results.json"


def main() -> int:
    """Measure everything; the status is 1 when a bar is missed."""
    rows = []
    for module in (library, decks, agreement, reader, app):
        for row in module.results():
            bar = row.get("bar")
            kept = "" if bar is None else f"bar {bar:<6g} {'kept' if row['value'] <= bar else 'MISSED'}"
            print(f"{row['what']:70} {row['value']:10.3g} {row['unit']:5} {kept}")
            rows.append(row)
    machine = {"python": platform.python_version(), "machine": platform.machine(), "system": platform.system()}
    RESULTS.write_text(json.dumps({"machine": machine, "results": rows}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return int(any(row.get("bar") is not None and row["value"] > row["bar"] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
