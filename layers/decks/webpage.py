"""A sheet as one file for the browser: no outside request, pan and zoom, a card for each component, prints well."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from layers.bureau import read_bureau
from layers.decks.telling import layer_title, plan_title, read_words, tell_components
from layers.decks.vector import svg_of
from layers.sheet import ground_legend, looks, swatches
from layers.sheet.canvas import Canvas, View
from layers.sheet.item import Shape, Text
from layers.sheet.method import method_paragraphs
from layers.sheet.pages import find_page
from layers.sheet.texts import plan_lines
from layers.sheet.words import read_words as read_sheet_words
from layers.style import load_style
from layers.templates import open_templates

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jinja2 import Template

    from layers.decks.telling import Told, Words
    from layers.drawing import Mark
    from layers.model import Layer
    from layers.sheet import Sheet
    from layers.sheet.item import Item
    from layers.style import Style

_HERE: Final = Path(__file__).parent
_PAPER: Final = View((0.0, 0.0, 1.0, 1.0), west=0.0, south=0.0, metres_per_mm=1.0)
_SWATCH_MM: Final = (12.0, 5.6)
MOST_BYTES: Final = 2_000_000


@dataclass(frozen=True, kw_only=True)
class _Entry:
    """A component in the page's list."""

    told: Told
    key: str
    swatch: Markup


def write_webpage(sheet: Sheet, layers: Sequence[Layer], *, page: str, lang: str, theme: str) -> bytes:
    """Return a sheet as one HTML file that needs nothing else.

    Parameters
    ----------
    sheet
        The drawn sheet.
    layers
        The layers on it.
    page, lang, theme
        As the sheet was drawn.
    """
    words, style = read_words(lang), load_style(theme)
    frame = sheet.view.frame
    height = find_page(page).height
    entries = [_entries(layer, sheet, style, words, index) for index, layer in enumerate(layers)]
    classes = {each.told.fid: f"c {each.key}" for found in entries for each in found}
    sheet_words = read_sheet_words(words.lang)
    texts = [item for item in sheet.items if isinstance(item, Text)]
    title = [text.text for text in sorted(texts, key=lambda t: -t.size_pt) if text.part == "title" and text.text]
    marks = [item for item in sheet.items if item.part == "ground" or item.part in classes]
    context: dict[str, Any] = {
        "words": words,
        "lang": {"zh": "zh-CN", "en": "en"}[words.lang],
        "title": title[0] if title else layer_title(layers[0], words=words),
        "subtitle": title[1] if len(title) > 1 else "",
        "plans": [
            f"{plan_title(layer, words=words)}　{lines}"
            for layer, (_, lines) in zip(layers, plan_lines(layers, sheet_words), strict=True)
        ],
        "box": f"{frame[0]:.2f} {height - frame[1] - frame[3]:.2f} {frame[2]:.2f} {frame[3]:.2f}",
        "ratio": f"{frame[2]:.2f} / {frame[3]:.2f}",
        "map": _map(marks, height=height, classes=classes),
        "names": _names(sheet, height=height, classes=classes),
        "metres_per_mm": sheet.view.metres_per_mm,
        "groups": [
            {"name": layer_title(layer, words=words), "entries": found}
            for layer, found in zip(layers, entries, strict=True)
        ],
        "rows": _rows(layers, style, sheet_words),
        "method": method_paragraphs(layers, words=sheet_words),
        "footer": [text.text for text in texts if text.part == "footer"],
        "bureau": read_bureau(),
        "logo": _logo(),
        "tones": style.text,
        "land": style.base.outside,
        "css": Markup((_HERE / "page.css").read_text(encoding="utf-8")),  # noqa: S704 - our own file
        "js": Markup((_HERE / "page.js").read_text(encoding="utf-8")),  # noqa: S704 - our own file
    }
    return _template().render(**context).encode()


def _logo() -> str:
    """Return the bureau's logo as a data address, "" where it has none."""
    bureau = read_bureau()
    if not bureau.logo:
        return ""
    path = bureau.path_of(bureau.logo)
    kind = "jpeg" if path.suffix.lower() in (".jpg", ".jpeg") else "png"
    return f"data:image/{kind};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"


@cache
def _template() -> Template:
    return open_templates(_HERE).get_template("page.html")


def _map(items: Sequence[Item], *, height: float, classes: dict[str, str]) -> Markup:
    ground = [item for item in items if item.part == "ground" and item.z < 10.0]  # noqa: PLR2004
    above = [item for item in items if not (item.part == "ground" and item.z < 10.0)]  # noqa: PLR2004
    drawn = svg_of(above, height=height, classes=classes | {"ground": "over"})
    return Markup(f'<g class="ground">\n{svg_of(ground, height=height)}\n</g>\n<g>\n{drawn}\n</g>')  # noqa: S704


def _names(sheet: Sheet, *, height: float, classes: dict[str, str]) -> Markup:
    """Return the names, each a group that keeps its size when the map is zoomed in."""
    texts: dict[str, list[Text]] = {}
    for item in sheet.items:
        if isinstance(item, Text) and item.part.startswith("name "):
            texts.setdefault(item.part, []).append(item)
    found = []
    for part, own in texts.items():
        request = sheet.placed[int(part.partition(" ")[2])].request
        x = sum(text.x for text in own) / len(own)
        y = height - sum(text.y for text in own) / len(own)
        key = classes.get(f"{request.layer}#{request.component}", "c ").removeprefix("c ")
        named = f" n-{key}" if key and request.kind.startswith(("component", "park")) else ""
        found.append(f'<g class="pin{named}" data-o="{x:.2f} {y:.2f}">{svg_of(own, height=height)}</g>')
    return Markup("\n".join(found))  # noqa: S704 - escaped piece by piece


def _entries(layer: Layer, sheet: Sheet, style: Style, words: Words, index: int) -> list[_Entry]:
    shown = next(each for each in sheet.shown if each.layer.id == layer.id)
    parts = {part.component.no: part for part in looks.parts_of(shown, lang=words.lang)}
    entries = []
    for told in tell_components(layer, words=words, metres_per_mm=sheet.view.metres_per_mm, numbers=shown.numbers):
        number = int(told.fid.rpartition("#")[2])
        part = parts.get(number)

        def draw(x: float, y: float, part: looks.Part | None = part) -> list[Mark]:
            if part is None:
                return swatches.unlocated_swatch(x, y, style=style)
            return looks.swatch_of(part)(x, y)

        entries.append(_Entry(told=told, key=f"c{index}-{number}", swatch=_swatch(draw, style)))
    return entries


def _rows(layers: Sequence[Layer], style: Style, words: Any) -> list[dict[str, Any]]:
    """Return the rows that tell how a basis is drawn, those that are not on the map left out."""
    rows = ground_legend.basis_rows(layers, style=style, words=words)
    return [
        {"text": row.text, "swatch": _swatch(row.swatch, style)}
        for row in rows
        if not row.absent and row.swatch is not None
    ]


def _swatch(draw: Callable[[float, float], list[Mark]], style: Style) -> Markup:
    """Return a swatch as a small picture of its own."""
    width, height = _SWATCH_MM
    canvas = Canvas(width, height, style=style, page="16:9")
    canvas.marks(draw(0.5, height / 2.0), _PAPER)
    drawn = svg_of((item for item in canvas.items if isinstance(item, Shape | Text)), height=height)
    return Markup(  # noqa: S704 - numbers and colours only
        f'<svg class="swatch" viewBox="0 0 {width:g} {height:g}" aria-hidden="true">{drawn}</svg>'
    )
