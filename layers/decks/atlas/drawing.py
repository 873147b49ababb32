"""The pages of structures: their sheets, and their components in words where a legend cannot hold them.

Pages are kept in a folder as files, under a digest of all that they depend on, so that an atlas that was broken off
goes on where it stood. Several structures share a PDF file: its fonts, whose embedding takes longer than the drawing,
are then embedded once.
"""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.backends.backend_pdf import PdfPages

from layers.decks.atlas.listing import draw_listing
from layers.decks.atlas.order import Order
from layers.decks.leaf import SlideText
from layers.decks.sheets import leaf_of
from layers.decks.slide import draw_slide
from layers.decks.telling import read_words
from layers.embedding import quick_embedding
from layers.export import write_file
from layers.opening import open_layer
from layers.sheet import draw_sheet
from layers.sheet.sheet import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from layers.decks.atlas.plate import Plate
    from layers.model import Layer
    from layers.sheet import Sheet


@dataclass(frozen=True, slots=True)
class PageFile:
    """Where a page is kept: a file, and its number (from 0) in it."""

    path: Path
    number: int = 0


def read_pages(folder: Path, key: str) -> list[PageFile] | None:
    """Return a structure's pages, or None if they are not all there."""
    record = folder / f"{key}.json"
    if not record.exists():
        return None
    pages = [PageFile(folder / name, number) for name, number in json.loads(record.read_text("utf-8"))]
    return pages if all(page.path.exists() for page in pages) else None


def draw_pages(layer_ids: Sequence[str], wish: dict[str, Any], form: str, folder: Path) -> dict[str, list[PageFile]]:
    """Draw the pages of some structures into a folder, and return where they are."""
    order = Order(**wish)
    keys = {layer_id: order.key(layer_id, form=form) for layer_id in layer_ids}
    found: dict[str, list[PageFile]] = {}
    shared = folder / f"{keys[layer_ids[0]]}-{len(layer_ids)}.pdf"
    part = shared.with_suffix(".part")
    count = 0
    undated: dict[str, Any] = {"CreationDate": None}
    with mpl.rc_context(SETTINGS), quick_embedding():  # type: ignore[arg-type]
        with PdfPages(part, metadata=undated) if form == "pdf" else nullcontext() as pages:
            for layer_id in layer_ids:
                layer = open_layer(layer_id)
                sheet, more = _draw(layer, order)
                if pages is None:
                    found[layer_id] = _write(sheet, more, layer, order, form=form, stem=folder / keys[layer_id])
                    continue
                for figure in (sheet.figure, *(plate.canvas.figure for plate in more)):
                    pages.savefig(figure)
                    found.setdefault(layer_id, []).append(PageFile(shared, count))
                    count += 1
        if form == "pdf":
            part.replace(shared)
    for layer_id, key in keys.items():
        record = [(page.path.name, page.number) for page in found[layer_id]]
        write_file(folder / f"{key}.json", json.dumps(record).encode())
    return found


def _draw(layer: Layer, order: Order) -> tuple[Sheet, list[Plate]]:
    """Return the sheet of a layer, and the pages that list its components if its legend had to leave out any."""
    sheet = draw_sheet(
        layer, page=order.page, lang=order.lang, theme=order.theme, show_boundaries=order.boundaries, date=order.day,
        dpi=order.dpi,
    )  # fmt: skip
    if not sheet.notes:
        return sheet, []
    plates = draw_listing(
        layer, page=order.page, theme=order.theme, words=read_words(order.lang),
        metres_per_mm=sheet.view.metres_per_mm, date=order.day,
    )  # fmt: skip
    for plate in plates:
        plate.canvas.check_glyphs()
    return sheet, plates


def _write(sheet: Sheet, more: Sequence[Plate], layer: Layer, order: Order, *, form: str, stem: Path) -> list[PageFile]:
    """Write the pages of one structure as pictures or as slides, a file a page."""
    ending = "slide" if form == "pptx" else form
    paths = [stem.with_name(f"{stem.name}-{number}.{ending}") for number in range(1 + len(more))]
    if form == "pptx":
        leaves = [leaf_of(sheet, [layer], page=order.page, lang=order.lang, theme=order.theme)]
        leaves += [plate.leaf() for plate in more]
        for path, leaf in zip(paths, leaves, strict=True):
            write_file(path, json.dumps(asdict(draw_slide(leaf, lang=order.lang))).encode())
    else:
        sheet.save(paths[0])
        for path, plate in zip(paths[1:], more, strict=True):
            plate.save(path, dpi=order.dpi)
    return [PageFile(path) for path in paths]


def read_slide(page: PageFile) -> SlideText:
    """Return a slide out of its file."""
    return SlideText(**json.loads(page.path.read_text("utf-8")))
