"""The reader's own tables."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

from gazetteer.freshness import kept

HERE: Final = Path(__file__).parent


@kept
def read_toml(name: str) -> dict[str, Any]:
    """Return one of the reader's tables."""
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))
