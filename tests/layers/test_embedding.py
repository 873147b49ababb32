"""Fonts in a PDF: cut by HarfBuzz in place of a private function of matplotlib, with TrueType's outlines."""

import numpy as np
import pypdf
import pypdfium2
from fontTools import subset
from matplotlib import rc_context
from matplotlib.figure import Figure

from layers import fonts
from layers.embedding import quick_embedding

MOST_OFF = 0.1
"""Mean difference of tone (of 255) by another sort of curves; a glyph out of place gives more than 1."""
TEXTS = ("苏州工业园区、甪直、浒墅关、澱山湖", "Taihu 1∶300 000 – 12 km²")


def write(path):
    figure = Figure(figsize=(5.0, 2.0))
    for i, text in enumerate(TEXTS):
        for k, bold in enumerate((False, True)):
            figure.text(0.05, 0.8 - 0.4 * i - 0.2 * k, text, fontproperties=fonts.face(bold=bold).properties)
    with rc_context({"pdf.fonttype": 42}):
        figure.savefig(path, metadata={"CreationDate": None})
    return path


def look(path):
    page = pypdfium2.PdfDocument(path)[0]
    return page.get_textpage().get_text_bounded(), np.asarray(page.render(scale=8.0).to_pil(), float)


def embedded(path):
    fonts = pypdf.PdfReader(path).pages[0]["/Resources"]["/Font"].values()
    return [font["/DescendantFonts"][0]["/FontDescriptor"]["/FontFile2"].get_data() for font in fonts]


def test_fonts_are_cut_without_fonttools_and_look_and_read_the_same(tmp_path, monkeypatch):
    own_text, own = look(write(tmp_path / "own.pdf"))

    def refuse(*_, **__):
        raise AssertionError("matplotlib cuts fonts by another function: see layers.embedding.REPLACED")

    monkeypatch.setattr(subset.Subsetter, "subset", refuse)
    with quick_embedding():
        quick = write(tmp_path / "quick.pdf")
        again = write(tmp_path / "again.pdf")
    text, picture = look(quick)
    assert text.split("\r\n") == [line for line in TEXTS for _ in range(2)]
    assert text == own_text
    assert 0.0 < np.abs(picture - own).mean() < MOST_OFF
    assert quick.read_bytes() == again.read_bytes()
    files = embedded(quick)
    assert files
    assert all(file.startswith(b"\x00\x01\x00\x00") for file in files), "what is declared TrueType has to be it"
