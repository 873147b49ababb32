"""A drawn sheet, and how it is saved."""

from __future__ import annotations

import zlib
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib.text import Text

from layers import fonts
from layers.embedding import quick_embedding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

    from layers.drawing import Mark
    from layers.labels import Placed
    from layers.sheet.canvas import View
    from layers.sheet.item import Item
    from layers.sheet.shown import Shown

FORMATS: Final = ("png", "svg", "pdf")
SETTINGS: Final = {
    "svg.hashsalt": "plan-atlas",
    "pdf.fonttype": 42,
    "text.hinting": "no_hinting",  # advances as measured, at every resolution
    "path.simplify": False,
    "text.usetex": False,
    "axes.unicode_minus": False,
    "lines.scale_dashes": True,
}
"""What matplotlib has to be set to while a sheet is drawn and saved."""
_DEFLATE: Final = {"compress_level": 3, "compress_type": zlib.Z_RLE}
"""A PNG of flat tones is smaller so, and sooner made, than with the usual search for repeats."""
_UNDATED: Final = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}


@dataclass(frozen=True)
class Sheet:
    """A drawn sheet.

    Attributes
    ----------
    figure
        The matplotlib figure.
    dpi
        Resolution of a saved PNG.
    scale
        Scale number: 300000 at 1:300 000.
    placed
        Names on the map with their boxes (metres).
    dropped
        Names that found no place.
    view
        Where ground lies on the page.
    shown
        The layers as the sheet shows them: within its window, with their numerals.
    marks
        What is painted of the layers, in order of painting, EPSG:4549.
    notes
        What was cut for want of room.
    boxes
        What stands around the map: class of text (or ``row``), and its box (mm from the page's lower left corner).
    items
        All that is on the sheet, in order of painting.
    zoom
        How much larger the page is painted than it is laid out (1.5 for A1): all mm and pt above are of the layout.
    """

    figure: Figure
    dpi: int
    scale: int
    placed: tuple[Placed, ...]
    dropped: tuple[str, ...]
    view: View
    shown: tuple[Shown, ...] = field(default=())
    marks: tuple[Mark, ...] = field(default=())
    notes: tuple[str, ...] = field(default=())
    boxes: tuple[tuple[str, tuple[float, float, float, float]], ...] = field(default=())
    items: tuple[Item, ...] = field(default=())
    zoom: float = 1.0

    def save(self, path: str | Path, *, outlines: bool = False) -> Path:
        """Write the sheet as PNG, SVG or PDF, by the name's ending: beside first, then renamed. Same in, same bytes.

        Parameters
        ----------
        outlines
            Text of an SVG as outlines: the same everywhere, but no longer text. By default it stays text, in a list of
            font families; a PDF embeds its fonts.

        Raises
        ------
        ValueError
            If the ending is none of them.
        """
        path = Path(path)
        ending = path.suffix.lower().lstrip(".")
        if ending not in FORMATS:
            msg = f"expected a file name that ends in .{', .'.join(FORMATS)}, got {path.name!r}"
            raise ValueError(msg)
        beside = path.with_name(f".{path.name}.part")
        more: dict[str, Any] = {"pil_kwargs": _DEFLATE} if ending == "png" else {}
        try:
            fonttype = {"svg.fonttype": "path" if outlines else "none"}
            with ExitStack() as meanwhile:
                meanwhile.enter_context(mpl.rc_context(SETTINGS | fonttype))  # type: ignore[arg-type]
                if ending == "pdf":
                    meanwhile.enter_context(quick_embedding())
                elif ending == "svg":
                    meanwhile.enter_context(_all_families(self.figure))
                self.figure.savefig(beside, format=ending, dpi=self.dpi, metadata=_UNDATED[ending], **more)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        return path


@contextmanager
def _all_families(figure: Figure) -> Iterator[None]:
    """Have texts name all families that they may be set in, which an SVG tells and every lookup of a font pays for."""
    texts = [(text, text.get_fontfamily()) for text in figure.findobj(Text)]
    for text, own in texts:
        text.set_fontfamily(fonts.families(own[0]))
    try:
        yield
    finally:
        for text, own in texts:
            text.set_fontfamily(own)
