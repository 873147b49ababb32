"""A sheet as a slide: the same shapes and names at the same places, in groups that bear the components' names."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np

from layers import fonts
from layers.decks.drawing_ml import NAMESPACES, Element, Pencil
from layers.decks.leaf import SlideText
from layers.decks.telling import read_words
from layers.labels.request import BASELINE, MM_PER_PT
from layers.sheet.item import Picture, Shape, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from layers.decks.leaf import Leaf
    from layers.decks.telling import Words
    from layers.labels import Placed
    from layers.sheet.item import Item

LANGUAGE_TAGS: Final = {"zh": "zh-CN", "en": "en-GB", "both": "zh-CN"}
_BANDS: Final = (10.0, 12.0, 17.0, 20.0, 30.0, 36.0, 44.0, 50.0)
"""Where a component's group is parted, so that the order of painting stays: an arrow lies over all areas."""
_LINE_GAP: Final = (0.9, 1.75)
"""Distance of the lines of one paragraph, in type sizes."""
_SAME: Final = ("x", "size_pt", "bold", "serif", "colour", "angle", "align")
_STRAIGHT_MM: Final = 0.6
_STRAIGHT_DEG: Final = 10.0
"""How little a name may bend to be set as one text."""


def draw_slide(leaf: Leaf, *, lang: str, targets: tuple[tuple[str, int], ...] = ()) -> SlideText:
    """Return a leaf as a slide."""
    pencil = Pencil(height=leaf.height, lang=LANGUAGE_TAGS[lang], halo=leaf.halo, zoom=leaf.zoom)
    elements = elements_of(leaf.items, leaf.placed, pencil, words=read_words(lang), told=leaf.told)
    return SlideText(
        width=leaf.width * leaf.zoom,
        height=leaf.height * leaf.zoom,
        xml=f"<p:spTree {NAMESPACES}>{''.join(each.xml for each in elements)}</p:spTree>",
        notes=leaf.notes,
        background=leaf.background,
        next_id=pencil.next_id,
        targets=targets,
        pictures=tuple(_picture(item, leaf) for item in leaf.items if isinstance(item, Picture)),
    )


def _picture(picture: Picture, leaf: Leaf) -> tuple[str, tuple[float, float, float, float]]:
    xmin, ymin, xmax, ymax = picture.box
    left, top, width, height = (each * leaf.zoom for each in (xmin, leaf.height - ymax, xmax - xmin, ymax - ymin))
    return picture.path, (left, top, width, height)


def elements_of(
    all_items: Sequence[Item],
    placed: Sequence[Placed],
    pencil: Pencil,
    *,
    words: Words,
    told: Mapping[str, tuple[str, str]],
) -> list[Element]:
    """Return what stands on a slide, in order of painting.

    Parameters
    ----------
    all_items
        What stands on the sheet, in order of painting.
    placed
        The names on the map, to which parts ``name <number>`` point.
    told
        Title and alternative text of each component, by ``<layer>#<number>``.
    """
    groups: dict[tuple[int, str], list[Item]] = defaultdict(list)
    for item in all_items:
        groups[int(np.searchsorted(_BANDS, item.z, side="right")), item.part].append(item)
    found: list[Element] = []
    for (_, part), items in sorted(groups.items(), key=lambda entry: entry[0][0]):
        if part == "title":
            found += _title(items, pencil, words)
            continue
        if part.startswith("entry "):
            # Each line of the contents leads to a slide: as a shape of its own, which can bear a link.
            found += [pencil.text([text], name=part) for text in items if isinstance(text, Text)]
            continue
        name, descr = _name_of(part, placed, words, told)
        children: list[Element] = []
        for shape in items:
            if isinstance(shape, Shape):
                children += pencil.shapes(shape, name=f"{name} {len(children) + 1}")
        texts = [text for text in items if isinstance(text, Text)]
        children += _name(texts, pencil, name) if part.startswith("name ") else _paragraphs(texts, pencil)
        if len(children) == 1 and part.startswith("name "):
            found += children
        elif children:
            found.append(pencil.group(children, name=name, descr=descr))
    return found


def _name_of(part: str, placed: Sequence[Placed], words: Words, told: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """Return the name of a group and its alternative text."""
    if part in told:
        return told[part]
    kind, _, number = part.partition(" ")
    if kind == "name":
        return placed[int(number)].request.text, ""
    return words(f"part.{part}"), words(f"part_alt.{part}") if part in ("ground", "legend") else ""


def _title(items: Sequence[Item], pencil: Pencil, words: Words) -> list[Element]:
    """Return the slide's title and what stands beside it."""
    texts = [item for item in items if isinstance(item, Text) and item.text]
    largest = max(texts, key=lambda text: text.size_pt, default=None)
    bars = [each for item in items if isinstance(item, Shape) for each in pencil.shapes(item, name=words("part.title"))]
    return bars + [
        pencil.text([text], name=text.text if text is largest else words("part.title"), title=text is largest)
        for text in texts
    ]


def _paragraphs(texts: Sequence[Text], pencil: Pencil) -> list[Element]:
    """Return texts as boxes, the lines of a paragraph in one, so that it can be edited as one."""
    blocks: list[list[Text]] = []
    for text in (each for each in texts if each.text):
        if blocks and _goes_on(blocks[-1], text):
            blocks[-1].append(text)
        else:
            blocks.append([text])
    return [pencil.text(block, name=block[0].text[:24]) for block in blocks]


def _goes_on(block: Sequence[Text], text: Text) -> bool:
    last = block[-1]
    same = all(getattr(last, key) == getattr(text, key) for key in _SAME)
    gap = (last.y - text.y) / (text.size_pt * MM_PER_PT)
    even = len(block) == 1 or abs((block[0].y - last.y) / (len(block) - 1) - (last.y - text.y)) < 0.05  # noqa: PLR2004
    return same and not text.angle and _LINE_GAP[0] <= gap <= _LINE_GAP[1] and even


def _name(texts: Sequence[Text], pencil: Pencil, name: str) -> list[Element]:
    """Return a name on the map: each line a box; one that bends a box a glyph, unless it hardly bends."""
    glyphs = [text for text in texts if len(text.text) == 1]
    if len(glyphs) < 2 or len(glyphs) < len(texts):  # noqa: PLR2004
        return [pencil.text([text], name=text.text) for text in texts]
    straight = _straightened(glyphs)
    if straight is None:
        return [pencil.text([text], name=text.text) for text in texts]
    line, spacing = straight
    return [pencil.text([line], name=name, spacing_pt=spacing)]


def _straightened(glyphs: Sequence[Text]) -> tuple[Text, float] | None:
    """Return glyphs along a line as one text with its spacing (pt), None if they bend too much for that."""
    angles = np.array([glyph.angle for glyph in glyphs])
    lift = BASELINE * glyphs[0].size_pt * MM_PER_PT
    turn = np.radians(angles)
    middles = np.array([[g.x, g.y] for g in glyphs]) + lift * np.stack([-np.sin(turn), np.cos(turn)], axis=1)
    along = middles[-1] - middles[0]
    length = float(np.hypot(*along))
    if length == 0.0 or np.ptp(angles) > _STRAIGHT_DEG:
        return None
    along = along / length
    offsets = (middles - middles[0]) @ np.array([-along[1], along[0]])
    angle = float(np.degrees(np.arctan2(along[1], along[0])))
    upright = abs((angle - float(angles.mean()) + 180.0) % 360.0 - 180.0) < _STRAIGHT_DEG
    if not upright or np.abs(offsets).max() > _STRAIGHT_MM:
        return None
    first = glyphs[0]
    middle = (middles[0] + middles[-1]) / 2.0
    down = np.radians(angle)
    text = Text(
        part=first.part, z=first.z, x=float(middle[0] + lift * np.sin(down)), y=float(middle[1] - lift * np.cos(down)),
        text="".join(g.text for g in glyphs), size_pt=first.size_pt, bold=first.bold, serif=first.serif,
        colour=first.colour, halo_pt=first.halo_pt, angle=angle, align="center",
    )  # fmt: skip
    widths = [fonts.measure(g.text, size_pt=g.size_pt, bold=g.bold, serif=g.serif) for g in glyphs]
    free = length - sum(widths) + (widths[0] + widths[-1]) / 2.0
    return text, free / (len(glyphs) - 1) / MM_PER_PT
