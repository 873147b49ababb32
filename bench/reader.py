"""The reader of plans beside other tools: time, start, memory and strict F1 on the development gold.

The other tools are installed by name into an environment of their own (``var/bench-reader``), made on the first run;
where that fails they are left out. Without the plans and the gold (``../shared``) nothing is measured.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parent.parent
SHARED: Final = ROOT.parent / "shared"
SCORER: Final = SHARED / "eval" / "score.py"
GOLD: Final = SHARED / "eval" / "mentions_dev.jsonl"
WORK: Final = ROOT / "var" / "bench-reader"
RIVALS: Final = Path(__file__).with_name("rivals.py")

PACKAGES: Final = ("cpca", "jionlp", "jieba", "pyahocorasick", "setuptools<81")
"""The last one is what jieba imports."""
LABELS: Final = {
    "atlas": "plan atlas",
    "pyahocorasick": "pyahocorasick loop over our names",
    "jieba": "jieba with our names as user dictionary",
    "cpca": "cpca",
    "jionlp": "jionlp",
}
LIMIT: Final = 300
"""Seconds until a tool is given up."""
COPIES: Final = 100
BARS: Final = {"warm": 300.0, "start": 1.5, "memory": 200.0}
"""Milliseconds for all plans, seconds to the first answer, megabytes: for our own reader."""


def make_environment() -> Path | None:
    """Return the interpreter of the other tools' environment, or None where it cannot be made."""
    interpreter = WORK / "venv" / "bin" / "python"
    done = WORK / "installed"
    if done.exists():
        return interpreter
    WORK.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run([sys.executable, "-m", "venv", WORK / "venv"], check=True, capture_output=True)
        command = [interpreter, "-m", "pip", "install", "--quiet", *PACKAGES]
        subprocess.run(command, check=True, capture_output=True, timeout=LIMIT)
    except (OSError, subprocess.SubprocessError) as error:
        sys.stderr.write(f"bench: the other readers are left out, they could not be installed ({error})\n")
        return None
    done.touch()
    return interpreter


def write_names() -> Path:
    """Write all our names, each with the full name of one place that bears it."""
    from gazetteer import open_register

    names: dict[str, str] = {}
    for place in open_register().places.values():
        for name in (place.name_zh, *place.aliases):
            if len(name) > 1 and not name.isascii():
                names.setdefault(name, place.name_zh)
    path = WORK / "names.json"
    WORK.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")
    return path


def run(interpreter: Path, tool: str, names: Path) -> dict[str, float]:
    """Return the measurements of one tool."""
    command = [interpreter, RIVALS, tool, SHARED / "plans", names]
    starts = []
    for _ in range(2):
        # Time of the processor, here as for the plans: the machine may have other work.
        before = _spent_by_children()
        subprocess.run([*command, "first"], check=True, capture_output=True, timeout=LIMIT)
        starts.append(_spent_by_children() - before)
    out = WORK / f"{tool}.jsonl"
    answer = subprocess.run([*command, out], check=True, capture_output=True, timeout=LIMIT, encoding="utf-8").stdout
    # A tool may write lines of its own before.
    measured: dict[str, float] = json.loads(answer.splitlines()[-1])
    score = subprocess.run(
        [sys.executable, SCORER, GOLD, out, "--json"], check=True, capture_output=True, encoding="utf-8"
    ).stdout
    return measured | {"start": min(starts), "f1": json.loads(score)["strict"][2]}


def _spent_by_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def results() -> Iterator[dict[str, Any]]:
    """Yield one measurement after the other."""
    if not GOLD.exists():
        sys.stderr.write(f"bench: the reader is not measured, the plans are not at hand (looked for {GOLD})\n")
        return
    names = write_names()
    others = make_environment()
    for tool, label in LABELS.items():
        interpreter = Path(sys.executable) if tool == "atlas" else others
        if interpreter is None:
            continue
        try:
            row = run(interpreter, tool, names)
        except (subprocess.SubprocessError, ValueError) as error:
            sys.stderr.write(f"bench: {label} is left out ({error})\n")
            continue
        bars = BARS if tool == "atlas" else {}
        for what, key, scale, unit in (
            ("five plans read, warm, processor time", "warm", 1e3, "ms"),
            ("start to first answer, processor time", "start", 1.0, "s"),
            ("memory", "memory", 1.0, "MB"),
            ("strict F1, development gold", "f1", 1.0, ""),
        ):
            result = {"what": f"reader: {what}: {label}", "value": row[key] * scale, "unit": unit}
            yield result | ({"bar": bars[key]} if key in bars else {})
    yield from _growth()


def _growth() -> Iterator[dict[str, Any]]:
    from gazetteer import read

    text = (SHARED / "plans" / "wuzhong-14fyp.txt").read_text(encoding="utf-8")
    read(text, plan="wuzhong-14fyp")
    times = []
    for copies in (1, COPIES):
        start = time.process_time()
        read(text * copies, plan="wuzhong-14fyp")
        times.append((time.process_time() - start) / copies)
    yield {
        "what": f"reader: time of one of {COPIES} copies of a plan over that of one alone",
        "value": times[1] / times[0],
        "unit": "",
        "bar": 2.0,
    }
