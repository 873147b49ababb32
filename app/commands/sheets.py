"""Commands that draw layers: as a sheet, a deck of slides, an offline page, or an atlas."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.commands.output import Failure, write_output
from app.composer.state import LABELS, LANGS, PAGES, THEMES

if TYPE_CHECKING:
    from collections.abc import Callable

_OPTIONS = (
    click.option("--page", type=click.Choice(PAGES), default=PAGES[0], show_default=True),
    click.option("--dpi", type=click.IntRange(72, 600), default=200, show_default=True, help="Of a PNG."),
    click.option("--lang", type=click.Choice(LANGS), default=LANGS[0], show_default=True),
    click.option("--theme", type=click.Choice(THEMES), default=THEMES[0], show_default=True),
    click.option("--boundaries/--no-boundaries", default=True, show_default=True, help="Administrative boundaries."),
    click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="Date of drawing; today by default."),
)


def _drawing_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command()
@click.argument("layer_ids", nargs=-1, required=True, metavar="LAYER...")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True,
              help="A .png, .svg, .pdf, .pptx or .html file.")  # fmt: skip
@click.option("--title", help="Instead of the structure's name.")
@click.option("--subtitle", help="Instead of the default second line.")
@click.option("--extent", default="auto", show_default=True,
              help="auto, district, structure, W,S,E,N in degrees, or the name of a place.")  # fmt: skip
@click.option("--labels", help=f"Names to set, with commas, out of {', '.join(LABELS)}; 'none' for none.")
@click.option("--together", is_flag=True, help="Several layers on one slide of a .pptx, not a slide each.")
@_drawing_options
def sheet(  # noqa: PLR0917
    layer_ids: tuple[str, ...], output: Path, title: str | None, subtitle: str | None, extent: str,
    labels: str | None, together: bool, page: str, dpi: int, lang: str, theme: str, boundaries: bool, date: object,
) -> None:  # fmt: skip
    """Draw layers as a sheet, as editable slides (.pptx) or as a page for the browser (.html)."""
    from layers.decks import ENDINGS, Wish, make_file  # noqa: PLC0415

    ending = output.suffix.lower().lstrip(".")
    if ending not in ENDINGS:
        msg = f"expected a file name that ends in .{', .'.join(ENDINGS)}, got {output.name!r}"
        raise Failure(msg)
    wish = Wish(
        layers=tuple(dict.fromkeys(layer_ids)),
        page=page,
        dpi=dpi,
        title=title,
        subtitle=subtitle,
        lang=lang,
        theme=theme,
        extent=extent,
        boundaries=boundaries,
        labels=None if labels is None else tuple(each.strip() for each in labels.split(",") if each.strip() != "none"),
        together=together,
        date="" if date is None else f"{date:%Y-%m-%d}",
    )
    write_output(make_file(wish, ending=ending), output)


@click.command()
@click.option("--plan", default="", help="Only the structures of this plan; all plans by default.")
@click.option("--importance", type=click.IntRange(1, 3), default=3, show_default=True,
              help="Structures up to this importance: 1 main, 3 all.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True,
              help="A .pdf or .pptx file, or a folder for a .png a page.")  # fmt: skip
@_drawing_options
def atlas(  # noqa: PLR0917
    plan: str, importance: int, output: Path, page: str, dpi: int, lang: str, theme: str, boundaries: bool, date: object
) -> None:
    """Draw all structures of a plan as one document with cover, contents, page numbers and bookmarks.

    Pages are kept beside the output, in a folder that ends in .pages, so that a broken run goes on where it stood.
    """
    from layers.decks.atlas import Order, make_atlas  # noqa: PLC0415

    ending = output.suffix.lower().lstrip(".")
    if ending not in ("pdf", "pptx", ""):
        msg = f"expected a file name that ends in .pdf or .pptx, or a folder, got {output.name!r}"
        raise Failure(msg)
    if not output.absolute().parent.is_dir():
        msg = f"the folder {str(output.parent)!r} does not exist; make it first"
        raise Failure(msg)
    order = Order(
        plan=plan, importance=importance, page=page, dpi=dpi, lang=lang, theme=theme, boundaries=boundaries,
        date="" if date is None else f"{date:%Y-%m-%d}",
    )  # fmt: skip
    with click.progressbar(length=len(order.structures()), label="pages", file=sys.stderr) as bar:
        told = 0

        def tell(done: int, _total: int, _name: str) -> None:
            nonlocal told
            bar.update(done - told)
            told = done

        made = make_atlas(order, output, form=ending or "png", progress=tell)
    click.echo(f"{made.pages} pages, {made.drawn} structures drawn, {made.reused} as they were", err=True)
