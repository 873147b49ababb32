"""Commands that answer what the plans say: at a place, of an indicator, against each other."""

from __future__ import annotations

import json
from pathlib import Path

import click

from app.commands.output import write_output


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("position", nargs=-1, metavar="[LON LAT | COORDINATE]")
@click.option("--place", help="Name or id of a place: its outline if it has one, else its position.")
@click.option("--within", type=click.Path(path_type=Path), help="A GeoJSON file with a polygon (degrees, WGS 84).")
@click.option("--near", type=click.FloatRange(0, 50_000), default=2000, show_default=True, help="Also this far off, m.")
@click.option(
    "--crs", type=click.Choice(["4326", "wgs84", "4490", "gcj02", "bd09", "4549", "4528"]), default="4326",
    show_default=True, help="What the coordinate is in, unless it says so itself.",
)  # fmt: skip
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of a brief.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write; .pdf or .docx makes a brief.")
def at(
    position: tuple[str, ...], place: str | None, within: Path | None, near: float, crs: str, form: str, lang: str,
    output: Path | None,
) -> None:  # fmt: skip
    """Tell what every plan says about a point, a place or an area.

    A coordinate is two numbers (longitude first; latitude first where that cannot be mistaken), degrees and minutes
    ("31°15′N 120°31′E"), or metres of EPSG:4549 with or without the zone number.
    """
    from app.commands.asking import read_area_file, read_place, read_words, to_json, to_table  # noqa: PLC0415
    from geodata.coordinates import CoordinateError  # noqa: PLC0415
    from layers.reading import find_written_index, open_index  # noqa: PLC0415

    if bool(position) + (place is not None) + (within is not None) != 1:
        raise click.UsageError("expected one of LON LAT, --place NAME and --within FILE")
    try:
        asked_of = read_words(position, crs=crs) if position else read_area_file(within) if within is not None else None
    except CoordinateError as error:
        if error.fault == "numbers":
            raise click.UsageError(str(error)) from error
        raise
    if find_written_index() is None:
        # Half a minute of silence would look like a fault.
        click.echo("the layers have changed: what they say is read anew, once ...", err=True)
    index = open_index()
    asked = asked_of if asked_of is not None else read_place(place or "", index)
    if output is not None and output.suffix.lower() in (".pdf", ".docx"):
        from layers.brief import make_brief, write_docx, write_pdf  # noqa: PLC0415

        brief = make_brief(index, asked.question(near_m=near), lang=lang)
        write_output((write_pdf if output.suffix.lower() == ".pdf" else write_docx)(brief), output)
        return
    answer = asked.answer(index, near_m=near)
    if form == "csv":
        from app.here.files import to_csv  # noqa: PLC0415

        write_output(to_csv(answer, mark=False), output)
        return
    write_output({"json": to_json, "table": to_table}[form](asked, answer, index), output)


@click.command()
@click.argument("left")
@click.argument("right")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
def compare(left: str, right: str, form: str) -> None:
    """Compare two plans or two structures (LEFT and RIGHT: the id of a plan or of a layer).

    Tells what both name, what only one of them names, and where they differ: components that the records tie, and
    places. CSV begins with a byte order mark, so that spreadsheets read it as UTF-8.
    """
    from layers.compared import describe_comparison, tell_comparison, to_csv  # noqa: PLC0415
    from layers.comparing import compare as set_side_by_side  # noqa: PLC0415

    found = set_side_by_side(left, right)
    if form == "json":
        write_output(json.dumps(describe_comparison(found), ensure_ascii=False, indent=1) + "\n", None)
    elif form == "csv":
        write_output(to_csv((*found.items, *found.places)), None)
    else:
        write_output("".join(f"{line}\n" for line in tell_comparison(found)), None)


@click.command()
@click.option("--plan", help="Only the indicators of this plan.")
@click.option("--topic", help="Only what several plans or periods set alike, for example rd-share.")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write; standard output by default.")
def indicators(plan: str | None, topic: str | None, form: str, output: Path | None) -> None:
    """List the indicators of the plans as printed; JSON and CSV add the numbers where they are numbers."""
    from layers.indicators import select_indicators, to_text  # noqa: PLC0415

    write_output(to_text(select_indicators(plan=plan, topic=topic), form=form), output)
