"""Pages bound into one file: PDF with page numbers, bookmarks and links, or slides."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import matplotlib as mpl
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, FloatObject, NameObject

from layers import fonts
from layers.decks.drawing_ml import Pencil
from layers.embedding import quick_embedding
from layers.sheet.item import Text
from layers.sheet.sheet import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pypdf import PageObject

    from layers.decks.leaf import SlideText

_PT_PER_MM: Final = 72.0 / 25.4
_NUMBER_PT: Final = 7.5
_NUMBER_MM: Final = 5.0
"""Distance of a page number from the upper edge."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A bookmark: a title, the page (from 0) that it leads to, and whether it stands under the last heading."""

    title: str
    page: int
    below: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Jump:
    """A link: on a page (from 0), a box (mm from the lower left corner), and the page that it leads to."""

    page: int
    box: tuple[float, float, float, float]
    target: int


def bind_pdf(
    pages: Sequence[tuple[Path, int]], *, marks: Sequence[Mark], jumps: Sequence[Jump], title: str, author: str,
    right_mm: float, zoom: float,
) -> bytes:  # fmt: skip
    """Return pages as one PDF; all but the first bear their number.

    Parameters
    ----------
    pages
        PDF files, and the number (from 0) of a page in each.
    right_mm, zoom
        Where the page numbers end, mm of the layout, and how much larger the page is than its layout.
    """
    writer = PdfWriter()
    # Pages out of one file share its fonts, as long as one reader gives them all.
    readers = {path: PdfReader(io.BytesIO(path.read_bytes())) for path in dict.fromkeys(path for path, _ in pages)}
    for path, number in pages:
        writer.add_page(readers[path].pages[number])
    _number(writer, right_mm=right_mm, zoom=zoom)
    parent = None
    for mark in marks:
        item = writer.add_outline_item(title=mark.title, page_number=mark.page, parent=parent if mark.below else None)
        parent = parent if mark.below else item
    scale = zoom * _PT_PER_MM
    for jump in jumps:
        xmin, ymin, xmax, ymax = (each * scale for each in jump.box)
        writer.add_annotation(jump.page, Link(rect=(xmin, ymin, xmax, ymax), target_page_index=jump.target))
    writer.add_metadata({"/Title": title, "/Author": author})
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _number(writer: PdfWriter, *, right_mm: float, zoom: float) -> None:
    """Set the page numbers: each as a form drawn after the page's own content, which is not parsed for that."""
    sizes = [tuple(float(each) for each in page.mediabox[2:]) for page in writer.pages]
    stamps = PdfReader(io.BytesIO(_stamps(sizes, right_mm=right_mm, zoom=zoom)))
    before = writer._add_object(_stream(b"q\n"))  # noqa: SLF001 - the library's own way to add an object
    for number, (page, stamp) in enumerate(zip(writer.pages, stamps.pages, strict=True), 1):
        if number == 1:
            continue
        # Pages out of one file share their resources: each number needs a name of its own.
        name = f"/AtlasNumber{number}"
        after = writer._add_object(_stream(f"\nQ\nq {name} Do Q\n".encode()))  # noqa: SLF001
        form = _stream(stamp.get_contents().get_data())  # type: ignore[union-attr]  # it has a text
        form.update(
            {
                NameObject("/Type"): NameObject("/XObject"),
                NameObject("/Subtype"): NameObject("/Form"),
                NameObject("/BBox"): ArrayObject(FloatObject(float(each)) for each in page.mediabox),
                NameObject("/Resources"): stamp["/Resources"].clone(writer),
            }
        )
        _add_form(page, name, writer._add_object(form))  # noqa: SLF001
        own = page["/Contents"]
        raw = page.raw_get("/Contents")
        contents = list(own) if isinstance(own, ArrayObject) else [raw]
        page[NameObject("/Contents")] = ArrayObject([before, *contents, after])


def _add_form(page: PageObject, name: str, reference: object) -> None:
    resources = page["/Resources"].get_object()
    forms = resources.get("/XObject", DictionaryObject()).get_object()  # type: ignore[union-attr]
    forms[NameObject(name)] = reference
    resources[NameObject("/XObject")] = forms  # type: ignore[index]


def _stream(data: bytes) -> DecodedStreamObject:
    stream = DecodedStreamObject()
    stream.set_data(data)
    return stream


def _stamps(sizes: Sequence[tuple[float, ...]], *, right_mm: float, zoom: float) -> bytes:
    """Return a PDF with a page for each size (pt) that bears nothing but its number."""
    target = io.BytesIO()
    undated = {"CreationDate": None}
    with mpl.rc_context(SETTINGS), quick_embedding(), PdfPages(target, metadata=undated) as pages:  # type: ignore[arg-type]
        for number, (width, height) in enumerate(sizes, 1):
            figure = Figure(figsize=(width / 72.0, height / 72.0))
            figure.patch.set_visible(False)
            x, y = right_mm * zoom * _PT_PER_MM / width, 1.0 - _NUMBER_MM * zoom * _PT_PER_MM / height
            figure.text(
                x, y, str(number), ha="right", va="top", fontproperties=fonts.face().properties,
                fontsize=_NUMBER_PT * zoom, color="#69717A",
            )  # fmt: skip
            pages.savefig(figure)
    return target.getvalue()


def number_slides(slides: Sequence[SlideText], *, right_mm: float, height_mm: float, zoom: float) -> list[SlideText]:
    """Return slides with their numbers, all but the first."""
    found = list(slides[:1])
    for number, slide in enumerate(slides[1:], 2):
        pencil = Pencil(height=height_mm, lang="en-GB", halo="#FFFFFF", zoom=zoom, next_id=slide.next_id)
        text = Text(
            part="margin", z=70.0, x=right_mm, y=height_mm - _NUMBER_MM - 2.6, text=str(number), size_pt=_NUMBER_PT,
            bold=False, serif=False, colour="#69717A", halo_pt=0.0, angle=0.0, align="right",
        )  # fmt: skip
        element = pencil.text([text], name=f"page {number}")
        xml = slide.xml.removesuffix("</p:spTree>") + element.xml + "</p:spTree>"
        found.append(replace(slide, xml=xml, next_id=pencil.next_id))
    return found
