"""The pages of one structure: its sheet, and its components in words where the legend cannot hold them.

Pages are kept in a folder as files, under a digest of all that they depend on, so that an atlas that was broken off
goes on where it stood.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from layers.decks.atlas.listing import draw_listing
from layers.decks.atlas.order import Order
from layers.decks.leaf import SlideText
from layers.decks.sheets import leaf_of
from layers.decks.slide import draw_slide
from layers.decks.telling import read_words
from layers.export import write_file
from layers.opening import open_layer
from layers.sheet import draw_sheet

if TYPE_CHECKING:
    from pathlib import Path


def read_pages(folder: Path, key: str) -> list[Path] | None:
    """Return the files of a structure's pages, or None if they are not all there."""
    record = folder / f"{key}.json"
    if not record.exists():
        return None
    pages = [folder / name for name in json.loads(record.read_text("utf-8"))]
    return pages if all(page.exists() for page in pages) else None


def draw_pages(layer_id: str, wish: dict[str, Any], form: str, folder: Path) -> list[Path]:
    """Draw the pages of a structure into a folder and return their files: ``.pdf``, ``.png`` or ``.pptx.json``."""
    order = Order(**wish)
    words = read_words(order.lang)
    layer, key = open_layer(layer_id), order.key(layer_id, form=form)
    sheet = draw_sheet(
        layer, page=order.page, lang=order.lang, theme=order.theme, show_boundaries=order.boundaries, date=order.day,
        dpi=order.dpi,
    )  # fmt: skip
    more = (
        draw_listing(
            layer, page=order.page, theme=order.theme, words=words, metres_per_mm=sheet.view.metres_per_mm,
            date=order.day,
        )
        if sheet.notes
        else []
    )  # fmt: skip
    ending = "json" if form == "pptx" else form
    pages = [folder / f"{key}-{number}.{ending}" for number in range(1 + len(more))]
    if form == "pptx":
        leaves = [leaf_of(sheet, [layer], page=order.page, lang=order.lang, theme=order.theme)]
        leaves += [plate.leaf() for plate in more]
        for path, leaf in zip(pages, leaves, strict=True):
            write_file(path, json.dumps(asdict(draw_slide(leaf, lang=order.lang))).encode())
    else:
        sheet.save(pages[0])
        for path, plate in zip(pages[1:], more, strict=True):
            plate.save(path, dpi=order.dpi)
    write_file(folder / f"{key}.json", json.dumps([page.name for page in pages]).encode())
    return pages


def read_slide(path: Path) -> SlideText:
    """Return a slide out of its file."""
    return SlideText(**json.loads(path.read_text("utf-8")))
