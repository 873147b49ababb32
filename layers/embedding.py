"""Fonts in a PDF: cut down to the glyphs that it uses by HarfBuzz, in a hundredth of matplotlib's own time.

matplotlib cuts fonts with fontTools, which reads the whole of a Chinese font (65 000 glyphs) in Python for each face.
It offers no choice of another tool, so that its function is replaced while a PDF is written. Where a version of
matplotlib has no such function, its own way is taken: slower, and the same to look at.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import IO, TYPE_CHECKING, Final

import uharfbuzz

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from matplotlib.font_manager import FontPath

REPLACED: Final = "get_glyphs_subset"
"""The function of ``matplotlib.backends._backend_pdf_ps`` that is replaced."""
_NEEDLESS: Final = ("GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx")
"""Tables that place glyphs: in a PDF they stand where they are."""


@dataclass(frozen=True, slots=True)
class _Font:
    """A font file as matplotlib saves it."""

    data: bytes

    def save(self, target: IO[bytes], **_: object) -> None:
        """Write the file."""
        target.write(self.data)


@dataclass(frozen=True, slots=True)
class CutFont:
    """A font with some glyphs only, and where each stands in it."""

    font: _Font
    glyph_index_map: Mapping[int, int]


@cache
def _open(path: str, index: int) -> uharfbuzz.Face:
    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(path), index)


@contextmanager
def cut_font(path: FontPath, glyphs: Iterable[int]) -> Iterator[CutFont]:
    """Give a face with some of its glyphs, by their numbers; as matplotlib's own, for a ``with`` statement."""
    wanted = uharfbuzz.SubsetInput()
    wanted.glyph_set.update(glyphs)
    wanted.flags = uharfbuzz.SubsetFlags.NO_LAYOUT_CLOSURE | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    wanted.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in _NEEDLESS)
    plan = uharfbuzz.SubsetPlan(_open(str(path), getattr(path, "face_index", 0)), wanted)
    data = plan.execute().blob.data
    yield CutFont(_Font(data), dict(plan.old_to_new_glyph_mapping))


@contextmanager
def quick_embedding() -> Iterator[None]:
    """Have the PDFs that are written meanwhile embed their fonts by `cut_font`."""
    from matplotlib.backends import _backend_pdf_ps  # noqa: PLC0415  (it opens fontTools, which pictures do not need)

    own = getattr(_backend_pdf_ps, REPLACED, None)
    if own is None:
        yield
        return
    setattr(_backend_pdf_ps, REPLACED, cut_font)
    try:
        yield
    finally:
        setattr(_backend_pdf_ps, REPLACED, own)
