"""HTML templates as every page of the project fills them: what is put in is escaped, and what is missing is a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jinja2

if TYPE_CHECKING:
    from pathlib import Path


def open_templates(*folders: Path) -> jinja2.Environment:
    """Return the templates of some folders, the first that has a name counts."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
