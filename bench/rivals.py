"""Reads the plans with one tool and says how long it took (``bench/reader.py`` runs it in the tool's own environment).

``python rivals.py TOOL PLANS NAMES OUT`` writes mentions as JSON lines to OUT and measurements as JSON to standard
output; with ``first`` for OUT it answers one sentence and stops. Nothing of the project is imported, except for the
tool ``atlas``.
"""

from __future__ import annotations

import json
import re
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

SENTENCE = "推进苏州市吴中区甪直镇建设，加强太湖治理。"
DOTS = "...."
"""Contents lines: one of the tools is known to hang on them (jionlp, issue 274)."""

Found = tuple[int, int, int, str]
"""Line from 1, start, end, name."""


def each_line(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines with their numbers; for contents lines an empty one."""
    for number, line in enumerate(text.split("\n"), 1):
        yield number, "" if DOTS in line else line


def find(line: str, names: list[str]) -> Iterator[tuple[int, int, str]]:
    """Yield where names stand in a line, for tools that give no positions; longer names first, without overlaps."""
    taken: set[int] = set()
    for name in sorted(set(names), key=len, reverse=True):
        start = line.find(name) if name else -1
        while start >= 0:
            span = range(start, start + len(name))
            if taken.isdisjoint(span):
                taken.update(span)
                yield start, start + len(name), name
            start = line.find(name, start + len(name))


def open_atlas(_: dict[str, str]) -> Any:
    """Return our reader."""
    sys.path.insert(0, str(Path(__file__).parent.parent))
    read_text = import_module("gazetteer.reading").read

    def read(text: str, plan: str) -> Iterator[Found]:
        for mention in read_text(text, plan=plan or None).mentions:
            yield mention.line, mention.start, mention.end, mention.name

    return read


def open_loop(names: dict[str, str]) -> Any:
    """Return the usual few lines round an Aho-Corasick automaton: all our names, the longest at each place."""
    automaton = import_module("ahocorasick").Automaton()
    for name, full in names.items():
        automaton.add_word(name, (len(name), full))
    automaton.make_automaton()

    def read(text: str, _: str) -> Iterator[Found]:
        for number, line in each_line(text):
            for end, (size, full) in automaton.iter_long(line):
                yield number, end + 1 - size, end + 1, full

    return read


def open_jieba(names: dict[str, str]) -> Any:
    """Return jieba's segmenter with our names as its user dictionary."""
    jieba = import_module("jieba")
    jieba.setLogLevel(60)
    for name in names:
        jieba.add_word(name, tag="ns")

    def read(text: str, _: str) -> Iterator[Found]:
        for number, line in each_line(text):
            for word, start, end in jieba.tokenize(line):
                if word in names:
                    yield number, start, end, names[word]

    return read


def open_cpca(_: dict[str, str]) -> Any:
    """Return cpca's search for addresses in a text, with positions."""
    cpca = import_module("cpca")

    def read(text: str, _: str) -> Iterator[Found]:
        for number, line in each_line(text):
            try:
                table = cpca.transform_text_with_addrs(line, pos_sensitive=True)
            except (KeyError, ValueError):
                continue  # what it raises on a line without a place
            found = [str(row[key]) for row in table.to_dict("records") for key in ("省", "市", "区") if row.get(key)]
            short = [name[:-1] for name in found if len(name) > len("苏州")]
            for start, end, name in find(line, found + short):
                yield number, start, end, name

    return read


def open_jionlp(_: dict[str, str]) -> Any:
    """Return jionlp's recogniser of places; it gives names and counts only."""
    recognise = import_module("jionlp").recognize_location

    def read(text: str, _: str) -> Iterator[Found]:
        for number, line in each_line(text):
            if not line.strip():
                continue
            answer = recognise(line)
            found = [str(part) for row, _ in answer.get("domestic") or () for part in row.values() if part]
            found += [str(part) for row, _ in answer.get("foreign") or () for part in row.values() if part]
            found += [str(name) for name in (answer.get("others") or {})]
            short = [name[:-1] for name in found if len(name) > len("苏州")]
            for start, end, name in find(line, found + short):
                yield number, start, end, name

    return read


TOOLS: dict[str, Any] = {
    "atlas": open_atlas,
    "pyahocorasick": open_loop,
    "jieba": open_jieba,
    "cpca": open_cpca,
    "jionlp": open_jionlp,
}


def main() -> int:
    """Read, measure, write."""
    tool, plans, names, out = sys.argv[1:]
    read = TOOLS[tool](json.loads(Path(names).read_text(encoding="utf-8")))
    list(read(SENTENCE, ""))
    if out == "first":
        return 0
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(Path(plans).glob("*.txt"))}
    best, rows = float("inf"), []
    # Twice at least, five times where that is quick.
    for turn in range(5):
        # Time of the processor: the machine may have other work.
        start = time.process_time()
        rows = [(plan, list(read(text, plan))) for plan, text in texts.items()]
        seconds = time.process_time() - start
        best = min(best, seconds)
        if turn and seconds > 1:
            break
    with Path(out).open("w", encoding="utf-8") as stream:
        for plan, found in rows:
            for line, first, end, name in found:
                row = {"plan": plan, "line": line, "start": first, "end": end, "name": name}
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    # Not `ru_maxrss`: across an exec that keeps the parent's.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    memory = int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024
    sys.stdout.write(json.dumps({"warm": best, "memory": memory}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
