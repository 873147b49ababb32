"""The brief as a Word document: headings, a table for each plan, the map as a picture."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any, Final

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from layers.brief.content import read_brief_words
from layers.brief.locator import draw_locator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.brief.content import Brief, BriefWords, Row

_WIDTHS_MM: Final = (62.0, 74.0, 38.0)
_MAP_MM: Final = 174.0
_MARGIN_MM: Final = 18.0
_LATIN: Final = "Arial"
_CHINESE: Final = "Noto Sans CJK SC"
_NOTICE: Final = RGBColor(0x9B, 0x2D, 0x1F)
_SECOND: Final = RGBColor(0x53, 0x5B, 0x65)
_SURE: Final = {
    "certain": RGBColor(0x1F, 0x6B, 0x5C),
    "possible": RGBColor(0x8A, 0x4B, 0x12),
    "near": RGBColor(0x69, 0x71, 0x7A),
}
_UNDATED: Final = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the file's own date would make its bytes differ each time


def write_docx(brief: Brief) -> bytes:
    """Return the brief as a Word document."""
    words = read_brief_words(brief.lang)
    document = docx.Document()
    _set_page(document, brief)
    document.add_heading(brief.title, level=0)
    facts = document.add_table(rows=0, cols=2)
    for name, value in (*brief.facts, ("", brief.date)):
        cells = facts.add_row().cells
        _write(cells[0].paragraphs[0], name, colour=_SECOND)
        _write(cells[1].paragraphs[0], value)
    _set_widths(facts, (28.0, 146.0))
    picture = io.BytesIO()
    draw_locator(brief).savefig(picture, format="png", dpi=200, metadata={"Software": None})
    document.add_picture(io.BytesIO(picture.getvalue()), width=Mm(_MAP_MM))
    _write(document.add_paragraph(), words("map_note"), size=8.0, colour=_SECOND)
    _write(document.add_paragraph(), brief.tally, size=11.0, bold=True)
    if not brief.sections:
        _write(document.add_paragraph(), words("nothing"))
    for section in brief.sections:
        document.add_heading(section.title, level=1)
        if section.structures:
            _add_rows(document, section.structures, words)
        if section.projects:
            document.add_heading(words("projects"), level=2)
            _add_rows(document, section.projects, words)
        for text in section.indicators:
            _write(document.add_paragraph(), f"{words('indicators')}  {text}")
    if brief.further:
        comma = "、" if brief.lang == "zh" else ", "
        _write(
            document.add_paragraph(), f"{brief.further}: {comma.join(brief.further_names)}", size=8.5, colour=_SECOND
        )
    document.add_heading(words("how_to_read"), level=2)
    for note in brief.notes:
        _write(document.add_paragraph(), note, size=8.5)
    document.add_heading(words("sources"), level=2)
    _write(document.add_paragraph(), brief.sources, size=7.5, colour=_SECOND)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _set_page(document: Any, brief: Brief) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = Mm(_MARGIN_MM)
    section.bottom_margin = Mm(_MARGIN_MM)
    _write(section.footer.paragraphs[0], brief.notice, size=8.5, bold=True, colour=_NOTICE)
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = _LATIN
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        # A heading of the template names theme fonts, which Word prefers to any other name.
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), _CHINESE)
        style.font.color.rgb = RGBColor(0x20, 0x26, 0x2E)
    document.styles["Normal"].font.size = Pt(9.5)
    document.styles["Normal"].paragraph_format.space_after = Pt(3)
    document.styles["Title"].font.size = Pt(20)
    document.styles["Heading 1"].font.size = Pt(13)
    document.styles["Heading 2"].font.size = Pt(10.5)
    properties = document.core_properties
    properties.title, properties.author = brief.title, ""
    properties.created = properties.modified = _UNDATED


def _add_rows(document: Any, rows: Sequence[Row], words: BriefWords) -> None:
    table = document.add_table(rows=1, cols=3)
    table.style = "Table Grid"
    for cell, key in zip(table.rows[0].cells, ("col_name", "col_how", "col_where"), strict=True):
        _write(cell.paragraphs[0], words(key), size=8.5, colour=_SECOND)
    _repeat_on_every_page(table.rows[0])
    for row in rows:
        name, how, where = table.add_row().cells
        _write(name.paragraphs[0], row.name, bold=True)
        _write(name.add_paragraph(), row.structure, size=8.0, colour=_SECOND)
        _write(how.paragraphs[0], row.how_sure, bold=True, colour=_SURE[row.certainty])
        _write(how.add_paragraph(), row.why, size=8.5)
        _write(where.paragraphs[0], row.where, size=8.0, colour=_SECOND)
    _set_widths(table, _WIDTHS_MM)


def _repeat_on_every_page(row: Any) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 - the library has no name for it


def _set_widths(table: Any, widths_mm: Sequence[float]) -> None:
    table.autofit = False
    for row in table.rows:
        for cell, width in zip(row.cells, widths_mm, strict=True):
            cell.width = Mm(width)


def _write(paragraph: Any, text: str, *, size: float = 0.0, bold: bool = False, colour: Any = None) -> None:
    run = paragraph.add_run(text)
    run.bold = bold
    if size:
        run.font.size = Pt(size)
    if colour is not None:
        run.font.color.rgb = colour
