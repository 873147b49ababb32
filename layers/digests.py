"""Digests of files: what was made from them is made anew when one changes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def digest_files(folder: Path, patterns: Iterable[str]) -> str:
    """Return a digest (hexadecimal) of the names and contents of files below a folder, by patterns in their order."""
    total = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(folder.glob(pattern)):
            if path.is_file():
                total.update(str(path.relative_to(folder)).encode())
                total.update(path.read_bytes())
    return total.hexdigest()
