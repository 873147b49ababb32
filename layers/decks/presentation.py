"""A PowerPoint file: a slide a sheet, in native shapes, with speaker notes. Same in, same bytes."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.util import Emu

from layers.decks.drawing_ml import EMU_PER_MM, NAMESPACES, Pencil
from layers.decks.slide import elements_of
from layers.decks.telling import read_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pptx.slide import Slide

    from layers.labels import Placed
    from layers.sheet.item import Item

FONT: Final = "Microsoft YaHei"
"""Font of the slides' theme: every PowerPoint that can set Chinese has it, and it is changed in one place."""
_TITLE_ONLY: Final = 5
_LANGUAGE_TAGS: Final = {"zh": "zh-CN", "en": "en-GB", "both": "zh-CN"}
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_FONTS: Final = re.compile(rb'<a:latin typeface="[^"]*"/><a:ea typeface=""/>')


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """What becomes a slide.

    Attributes
    ----------
    width, height
        Page, mm.
    items
        What stands on it, in order of painting.
    placed
        The names on its map, to which the parts ``name <number>`` point.
    told
        Title and alternative text of each component, by ``<layer>#<number>``.
    notes
        Speaker notes.
    background, halo
        Colours of the page and of the halo around names.
    """

    width: float
    height: float
    items: tuple[Item, ...]
    placed: tuple[Placed, ...] = ()
    told: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    notes: str = ""
    background: str = "#FFFFFF"
    halo: str = "#FFFFFF"


def write_presentation(leaves: Sequence[Leaf], *, title: str, lang: str, date: dt.date, font: str = FONT) -> bytes:
    """Return a PowerPoint file with a slide a leaf.

    Parameters
    ----------
    leaves
        At least one; the first one's page is that of all slides.
    title
        Title of the document.
    lang
        ``zh``, ``en`` or ``both``.
    date
        Date of drawing, which the document bears as its own.
    font
        Font of the theme, which all texts take theirs from.

    Raises
    ------
    ValueError
        If there is nothing to write, or pages differ in size.
    """
    if not leaves:
        msg = "expected at least one sheet for the slides, got none"
        raise ValueError(msg)
    if len(sizes := {(leaf.width, leaf.height) for leaf in leaves}) > 1:
        msg = f"expected slides of one size, got {sorted(sizes)} mm"
        raise ValueError(msg)
    deck = Presentation()
    deck.slide_width, deck.slide_height = (Emu(round(mm * EMU_PER_MM)) for mm in (leaves[0].width, leaves[0].height))
    layout = deck.slide_layouts[_TITLE_ONLY]
    for leaf in leaves:
        _draw_slide(deck.slides.add_slide(layout), leaf, lang=lang)
    moment = dt.datetime.combine(date, dt.time())
    about = deck.core_properties
    about.title, about.author, about.last_modified_by = title, read_words(lang)("author"), ""
    about.created, about.modified, about.last_printed = moment, moment, moment
    about.revision, about.language = 1, _LANGUAGE_TAGS[lang]
    raw = io.BytesIO()
    deck.save(raw)
    return _settled(raw.getvalue(), font=font)


def _draw_slide(slide: Slide, leaf: Leaf, *, lang: str) -> None:
    words = read_words(lang)
    for holder in list(slide.placeholders):
        holder.element.getparent().remove(holder.element)
    fill = slide.background.fill
    fill.solid()
    fill.fore_color.rgb = _rgb(leaf.background)
    pencil = Pencil(height=leaf.height, lang=_LANGUAGE_TAGS[lang], halo=leaf.halo)
    elements = elements_of(leaf.items, leaf.placed, pencil, words=words, told=leaf.told)
    tree = parse_xml(f"<p:spTree {NAMESPACES}>{''.join(each.xml for each in elements)}</p:spTree>")
    for element in list(tree):
        slide.shapes.element.append(element)
    if leaf.notes:
        frame = slide.notes_slide.notes_text_frame
        assert frame is not None
        frame.text = leaf.notes


def _rgb(colour: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a class of python-pptx
    from pptx.dml.color import RGBColor  # noqa: PLC0415

    return RGBColor.from_string(colour.lstrip("#").upper())


def _settled(raw: bytes, *, font: str) -> bytes:
    """Return the file with fixed dates, and with its font in the themes."""
    found = io.BytesIO()
    face = f'<a:latin typeface="{font}"/><a:ea typeface="{font}"/>'.encode()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("ppt/theme/"):
                content = _FONTS.sub(face, content)
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(entry, content)
    return found.getvalue()
