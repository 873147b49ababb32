"""How a command ends: with what it wrote, or with one line that says why not."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pathlib import Path


class Failure(click.ClickException):
    """Work that could not be done: one line on standard error, exit status 1."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        """Print the reason as one line."""
        click.echo(f"plan-atlas: {self.format_message()}", file=file or sys.stderr)


def write_output(content: str | bytes, output: Path | None) -> None:
    """Write to a file, whole or not at all, or to standard output.

    Raises
    ------
    Failure
        If the folder does not exist.
    """
    data = content.encode() if isinstance(content, str) else content
    if output is None:
        sys.stdout.buffer.write(data)
        return
    from layers.export import write_file  # noqa: PLC0415

    if not output.parent.is_dir():
        msg = f"the folder {str(output.parent)!r} does not exist; make it first"
        raise Failure(msg)
    write_file(output, data)
