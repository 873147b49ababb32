"""A PowerPoint file: a slide a sheet, in native shapes, with speaker notes. Same in, same bytes."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import TYPE_CHECKING, Final

from pptx import Presentation, presentation
from pptx.dml.color import RGBColor
from pptx.oxml import parse_xml
from pptx.util import Emu

from layers.decks.drawing_ml import EMU_PER_MM
from layers.decks.slide import LANGUAGE_TAGS
from layers.decks.telling import read_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pptx.slide import Slide

    from layers.decks.leaf import SlideText

FONT: Final = "Microsoft YaHei"
"""Font of the slides' theme: every PowerPoint that can set Chinese has it, and it is changed in one place."""
_TITLE_ONLY: Final = 5
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_FONTS: Final = re.compile(rb'<a:latin typeface="[^"]*"/><a:ea typeface=""/>')


def write_presentation(texts: Sequence[SlideText], *, title: str, lang: str, date: dt.date, font: str = FONT) -> bytes:
    """Return a PowerPoint file.

    Parameters
    ----------
    texts
        Its slides, at least one, all of one size.
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
    if not texts:
        msg = "expected at least one sheet for the slides, got none"
        raise ValueError(msg)
    if len(sizes := {(text.width, text.height) for text in texts}) > 1:
        msg = f"expected slides of one size, got {sorted(sizes)} mm"
        raise ValueError(msg)
    deck = Presentation()
    deck.slide_width, deck.slide_height = (Emu(round(mm * EMU_PER_MM)) for mm in (texts[0].width, texts[0].height))
    slides = [_add_slide(deck, text) for text in texts]
    for slide, text in zip(slides, texts, strict=True):
        targets = dict(text.targets)
        for shape in slide.shapes if targets else ():
            if shape.name in targets:
                shape.click_action.target_slide = slides[targets[shape.name]]
    moment = dt.datetime.combine(date, dt.time())
    about = deck.core_properties
    about.title, about.author, about.last_modified_by = title, read_words(lang)("author"), ""
    about.created, about.modified, about.last_printed = moment, moment, moment
    about.revision, about.language = 1, LANGUAGE_TAGS[lang]
    raw = io.BytesIO()
    deck.save(raw)
    return _settled(raw.getvalue(), font=font)


def _add_slide(deck: presentation.Presentation, text: SlideText) -> Slide:
    slide: Slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    for holder in list(slide.placeholders):
        holder.element.getparent().remove(holder.element)
    fill = slide.background.fill
    fill.solid()
    fill.fore_color.rgb = RGBColor(*bytes.fromhex(text.background.lstrip("#")))  # type: ignore[no-untyped-call]
    for element in list(parse_xml(text.xml)):
        slide.shapes.element.append(element)
    for path, box in text.pictures:
        left, top, width, height = (Emu(round(mm * EMU_PER_MM)) for mm in box)
        slide.shapes.add_picture(path, left, top, width, height)
    if text.notes:
        frame = slide.notes_slide.notes_text_frame
        assert frame is not None
        frame.text = text.notes
    return slide


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
