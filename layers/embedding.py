"""Fonts in a PDF: cut down to the glyphs that it uses by HarfBuzz, in a hundredth of matplotlib's own time.

matplotlib cuts fonts with fontTools, which reads the whole of a Chinese font (65 000 glyphs) in Python for each face.
It offers no choice of another tool, so that its function is replaced while a PDF is written. Where a version of
matplotlib has no such function, its own way is taken: slower, and the same to look at.

matplotlib embeds every font as a TrueType font. The Noto fonts have outlines of the other sort (CFF), which some
readers of PDF take all the same; others, strict as the standard, need not. So their glyphs become TrueType ones.
"""

from __future__ import annotations

import io
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import IO, TYPE_CHECKING, Any, Final

import uharfbuzz

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from matplotlib.font_manager import FontPath

REPLACED: Final = "get_glyphs_subset"
"""The function of ``matplotlib.backends._backend_pdf_ps`` that is replaced."""
_NEEDLESS: Final = ("GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx")
"""Tables that place glyphs: in a PDF they stand where they are."""
_MOST_OFF: Final = 0.0005
"""How far a TrueType curve may lie from the font's own, em: a three-hundredth of a millimetre in a title."""
_TRUE_TYPE: Final = "\x00\x01\x00\x00"


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
    face = str(path), int(getattr(path, "face_index", 0))
    plan = uharfbuzz.SubsetPlan(_open(*face), wanted)
    places = dict(plan.old_to_new_glyph_mapping)
    data = plan.execute().blob.data
    if data.startswith(b"OTTO"):
        data = _to_true_type(data, [_outline(*face, old) for old in sorted(places, key=lambda old: places[old])])
    yield CutFont(_Font(data), places)


@lru_cache(maxsize=8192)
def _outline(path: str, index: int, glyph: int) -> Any:
    """Return a glyph with TrueType's curves."""
    from fontTools.pens.cu2quPen import Cu2QuPen  # noqa: PLC0415  (pictures do not need fontTools)
    from fontTools.pens.ttGlyphPen import TTGlyphPen  # noqa: PLC0415

    face = _open(path, index)
    pen = TTGlyphPen(None)
    turned = Cu2QuPen(pen, max_err=_MOST_OFF * face.upem, reverse_direction=True)
    uharfbuzz.Font(face).draw_glyph_with_pen(glyph, turned)
    return pen.glyph()


def _to_true_type(data: bytes, outlines: Iterable[Any]) -> bytes:
    """Return a font with these outlines, one for each of its glyphs, in place of its own."""
    from fontTools.ttLib import TTFont, newTable  # noqa: PLC0415  (pictures do not need fontTools)

    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    order = font.getGlyphOrder()
    font["glyf"], font["loca"] = newTable("glyf"), newTable("loca")
    table = font["glyf"]
    table.glyphOrder, table.glyphs = order, dict(zip(order, outlines, strict=True))
    for name, glyph in table.glyphs.items():
        glyph.recalcBounds(table)
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyph, "xMin", 0))
    most = font["maxp"]
    most.tableVersion, most.maxZones = 0x00010000, 1
    for field in ("TwilightPoints", "Storage", "FunctionDefs", "InstructionDefs", "StackElements"):
        setattr(most, f"max{field}", 0)
    most.maxSizeOfInstructions = most.maxComponentElements = 0
    font["post"].formatType = 3.0
    del font["CFF "]
    font.sfntVersion = _TRUE_TYPE
    target = io.BytesIO()
    font.save(target, reorderTables=False)
    return target.getvalue()


@contextmanager
def quick_embedding() -> Iterator[None]:
    """Have the PDFs that are written meanwhile embed their fonts by `cut_font`."""
    from matplotlib.backends import _backend_pdf_ps  # noqa: PLC0415  (pictures do not need fontTools)

    own = getattr(_backend_pdf_ps, REPLACED, None)
    if own is None:
        yield
        return
    setattr(_backend_pdf_ps, REPLACED, cut_font)
    try:
        yield
    finally:
        setattr(_backend_pdf_ps, REPLACED, own)
