"""Line numbers of a plan, written for readers."""

from __future__ import annotations


def describe_lines(lines: tuple[int, ...]) -> str:
    """Write line numbers with runs joined: ``213-215, 229``."""
    runs: list[list[int]] = []
    for line in sorted(set(lines)):
        if runs and line == runs[-1][-1] + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
