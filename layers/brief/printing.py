"""The brief as PDF: A4 pages set like the sheets, the map on the first."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib.backends.backend_pdf import PdfPages

from layers import fonts
from layers.brief.content import read_brief_words
from layers.brief.locator import paint_locator
from layers.embedding import quick_embedding
from layers.sheet.canvas import Canvas
from layers.sheet.wrapping import wrap
from layers.style import load_style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.brief.content import Brief, Row, Section

_PAGE: Final = (210.0, 297.0)
_LEFT: Final = 16.0
_RIGHT: Final = 194.0
_TOP: Final = 281.0
_FOOT: Final = 20.0
_MAP_MM: Final = 84.0
_COLUMNS: Final = (16.0, 81.0, 158.0)
"""Left edges of name, certainty, and where it stands."""
_WIDTHS: Final = (62.0, 74.0, 36.0)
_LINE_MM: Final = 4.0
_SMALL_MM: Final = 3.5
_TEXT_PT: Final = 8.4
_SMALL_PT: Final = 7.2
_GAP_MM: Final = 1.5
_SURE: Final = {"certain": "#1F6B5C", "possible": "#8A4B12", "near": "#69717A"}
_SETTINGS: Final[dict[str, Any]] = {"pdf.fonttype": 42, "path.simplify": False, "text.usetex": False}


def write_pdf(brief: Brief) -> bytes:
    """Return the brief as PDF; the same brief gives the same bytes.

    Raises
    ------
    ValueError
        If a name has a character that the font cannot set.
    """
    with mpl.rc_context(_SETTINGS), quick_embedding():  # type: ignore[arg-type]
        press = _Press(brief)
        press.set_all()
        stream = io.BytesIO()
        with PdfPages(stream, metadata={"Title": brief.title, "CreationDate": None}) as pages:
            for number, canvas in enumerate(press.pages, start=1):
                press.set_foot(canvas, number)
                canvas.check_glyphs()
                pages.savefig(canvas.figure)
    return stream.getvalue()


class _Press:
    """Pages in the making; `y` is where the next line's top is, mm from the foot."""

    def __init__(self, brief: Brief) -> None:
        self.brief, self.words = brief, read_brief_words(brief.lang)
        self.style = load_style("light")
        self.pages: list[Canvas] = []
        self.y = 0.0
        self._turn()

    @property
    def canvas(self) -> Canvas:
        return self.pages[-1]

    def _turn(self) -> None:
        self.pages.append(Canvas(*_PAGE, style=self.style, page="a4-portrait"))
        self.y = _TOP

    def _need(self, height: float) -> bool:
        """Turn the page if that much does not fit; tell whether it was turned."""
        if self.y - height >= _FOOT:
            return False
        self._turn()
        return True

    def _line(self, x: float, text: str, *, size: float = _TEXT_PT, bold: bool = False, colour: str = "") -> None:
        self.canvas.glyphs(
            x, self.y - size * 0.3528, text, size=size, bold=bold, serif=False, colour=colour or self.style.text.ink
        )

    def _paragraph(self, text: str, *, size: float = _TEXT_PT, colour: str = "", step: float = _LINE_MM) -> None:
        for line in wrap(text, width=_RIGHT - _LEFT, measure=lambda part: fonts.measure(part, size_pt=size)):
            self._need(step)
            self._line(_LEFT, line, size=size, colour=colour)
            self.y -= step

    # ------------ the parts
    def set_all(self) -> None:
        """Set title, facts, map, findings and notes."""
        brief, tones = self.brief, self.style.text
        self.canvas.text(_LEFT, _TOP - 6.0, brief.title, "title")
        self.canvas.glyphs(
            _RIGHT, _TOP - 6.0, brief.date, size=_SMALL_PT, bold=False, serif=False, colour=tones.second, ha="right"
        )
        self.y = _TOP - 11.0
        for name, value in brief.facts:
            self._line(_LEFT, name, colour=tones.second)
            for line in wrap(value, width=_RIGHT - _LEFT - 26.0, measure=_measure(_TEXT_PT)):
                self._line(_LEFT + 26.0, line)
                self.y -= _LINE_MM + 0.6
        self.y -= 1.5
        frame = (_LEFT, self.y - _MAP_MM, _RIGHT - _LEFT, _MAP_MM)
        paint_locator(self.canvas, brief, frame=frame, lang=brief.lang)
        self.y = frame[1] - 1.6
        self._paragraph(self.words("map_note"), size=_SMALL_PT, colour=tones.second)
        self.y -= 2.0
        self._line(_LEFT, brief.tally, size=9.6, bold=True)
        self.y -= 7.0
        if not brief.sections:
            self._paragraph(self.words("nothing"))
        for section in brief.sections:
            self._section(section)
        self._notes()

    def _section(self, section: Section) -> None:
        tones = self.style.text
        self._need(26.0)
        self._line(_LEFT, section.title, size=10.4, bold=True)
        self.y -= 6.2
        self._heads()
        self._rows(section.structures)
        if section.projects:
            self._need(12.0)
            self._line(_LEFT, self.words("projects"), size=9.0, bold=True, colour=tones.second)
            self.y -= 5.2
            self._rows(section.projects)
        for text in section.indicators:
            self._need(9.0)
            self._line(_LEFT, self.words("indicators"), colour=tones.second)
            for line in wrap(text, width=_RIGHT - _LEFT - 26.0, measure=_measure(_TEXT_PT)):
                self._line(_LEFT + 26.0, line)
                self.y -= _LINE_MM
        self.y -= 3.5

    def _heads(self) -> None:
        tones = self.style.text
        for x, key in zip(_COLUMNS, ("col_name", "col_how", "col_where"), strict=True):
            self._line(x, self.words(key), size=_SMALL_PT, colour=tones.second)
        self.y -= _SMALL_MM + 0.6
        self.canvas.line([_LEFT, _RIGHT], [self.y, self.y], z=5.0, color=tones.rule, linewidth=0.7)
        self.y -= _GAP_MM

    def _rows(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self._row(row)

    def _row(self, row: Row) -> None:
        tones = self.style.text
        names = wrap(row.name, width=_WIDTHS[0], measure=_measure(_TEXT_PT, bold=True))
        structures = wrap(row.structure, width=_WIDTHS[0], measure=_measure(_SMALL_PT))
        reasons = wrap(row.why, width=_WIDTHS[1], measure=_measure(_SMALL_PT))
        where = wrap(row.where, width=_WIDTHS[2], measure=_measure(_SMALL_PT))
        height = max(
            len(names) * _LINE_MM + len(structures) * _SMALL_MM, _LINE_MM + len(reasons) * _SMALL_MM,
            len(where) * _SMALL_MM,
        )  # fmt: skip
        if self._need(height + 2 * _GAP_MM):
            self._heads()
        top = self.y
        columns: tuple[list[tuple[str, float, bool, str]], ...] = (
            [
                *((line, _TEXT_PT, True, "") for line in names),
                *((line, _SMALL_PT, False, tones.second) for line in structures),
            ],
            [(row.how_sure, _TEXT_PT, True, _SURE[row.certainty]), *((line, _SMALL_PT, False, "") for line in reasons)],
            [(line, _SMALL_PT, False, tones.second) for line in where],
        )  # fmt: skip
        for x, lines in zip(_COLUMNS, columns, strict=True):
            self.y = top
            for text, size, bold, colour in lines:
                self._line(x, text, size=size, bold=bold, colour=colour)
                self.y -= _LINE_MM if size == _TEXT_PT else _SMALL_MM
        self.y = top - height - _GAP_MM
        self.canvas.line([_LEFT, _RIGHT], [self.y, self.y], z=5.0, color="#DDE1E5", linewidth=0.4)
        self.y -= _GAP_MM

    def _notes(self) -> None:
        brief, tones = self.brief, self.style.text
        comma = "、" if brief.lang == "zh" else ", "
        if brief.further:
            self._need(14.0)
            self._paragraph(f"{brief.further}{'：' if brief.lang == 'zh' else ': '}{comma.join(brief.further_names)}",
                            size=_SMALL_PT, step=_SMALL_MM, colour=tones.second)  # fmt: skip
            self.y -= 2.5
        self._need(24.0)
        self._line(_LEFT, self.words("how_to_read"), size=9.0, bold=True)
        self.y -= 5.0
        for note in brief.notes:
            self._paragraph(note, size=_SMALL_PT, step=_SMALL_MM + 0.3)
        self.y -= 2.0
        self._need(14.0)
        self._line(_LEFT, self.words("sources"), size=9.0, bold=True)
        self.y -= 5.0
        self._paragraph(brief.sources, size=6.4, step=3.1, colour=tones.second)

    def set_foot(self, canvas: Canvas, number: int) -> None:
        """Set the notice and the page's number."""
        tones = self.style.text
        canvas.line([_LEFT, _RIGHT], [13.5, 13.5], z=5.0, color=tones.rule, linewidth=0.5)
        canvas.glyphs(_LEFT, 9.4, self.brief.notice, size=8.0, bold=True, serif=False, colour=tones.notice)
        text = self.words("page", n=number, of=len(self.pages))
        canvas.glyphs(_RIGHT, 9.4, text, size=_SMALL_PT, bold=False, serif=False, colour=tones.second, ha="right")


def _measure(size: float, *, bold: bool = False) -> Any:
    return lambda text: fonts.measure(text, size_pt=size, bold=bold)
