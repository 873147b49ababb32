"""The command line, ``plan-atlas``: the same library as the app.

Exit status 0 when done, 1 when the work could not be done (one line on standard error says why), 2 for a wrong call.
Heavy libraries are imported by the command that needs them, so that a lookup answers at once.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence


class Failure(click.ClickException):
    """Work that could not be done: one line on standard error, exit status 1."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        """Print the reason as one line."""
        click.echo(f"plan-atlas: {self.format_message()}", file=file or sys.stderr)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="plan-atlas")
def cli() -> None:
    """Names, structures and maps out of Suzhou's city plans, offline."""


def main() -> None:
    """Run the command line; a reason instead of a traceback for bad input."""
    try:
        cli(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except BrokenPipeError:
        # The reader (head, less) has seen enough: that is no failure of ours.
        sys.stderr.close()
        sys.exit(0)
    except (OSError, ValueError, KeyError) as error:
        text = error.args[0] if isinstance(error, KeyError) and error.args else str(error)
        Failure(" ".join(str(text).split())).show()
        sys.exit(1)


@cli.command()
@click.argument("names", nargs=-1, metavar="NAME...")
@click.option("--plan", help="Id of the plan that the names stand in.")
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json", show_default=True)
@click.option("--csv", "table", type=click.Path(path_type=Path), help="A CSV file with names, instead of NAME...")
@click.option("--column", help="The column of that file with the names.")
@click.option("--bom", is_flag=True, help="Begin CSV with a byte order mark, so that Excel reads it as UTF-8.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write; standard output by default.")
def geocode(
    names: tuple[str, ...], plan: str | None, form: str, table: Path | None, column: str | None, bom: bool,
    output: Path | None,
) -> None:  # fmt: skip
    """Find the places that names mean.

    A name that is not known gives a null place and no coordinates, never a guess. A CSV file may be in UTF-8, UTF-16 or
    GBK, its cells parted by comma, semicolon or tab; its columns and the order of its rows stay, the answers and how
    well each name was found (match: exact, alias, fuzzy, ambiguous, unknown) come after them.
    """
    from gazetteer import geocode as find  # noqa: PLC0415
    from gazetteer.batch import FIELDS, describe_answer, guard_cell  # noqa: PLC0415

    mark = "\ufeff" if bom else ""

    if table is not None:
        if names or column is None:
            raise click.UsageError("--csv takes --column and no NAME")
        _write(mark + _geocode_table(table, column, plan), output)
        return
    if not names:
        raise click.UsageError("expected a NAME, or --csv FILE --column NAME")
    rows = [describe_answer(find(name, plan=plan)) for name in names]
    if form == "json":
        _write(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", output)
        return
    for row in rows:
        row["alternatives"] = ";".join(each["place_id"] for each in row["alternatives"])
    _write(mark + _to_csv(FIELDS, [{key: guard_cell(value) for key, value in row.items()} for row in rows]), output)


def _geocode_table(path: Path, column: str, plan: str | None) -> str:
    """Return the table with the answer's columns added; the input's columns and row order stay."""
    from gazetteer.batch import geocode_table, read_table_file, write_answers  # noqa: PLC0415

    table = read_table_file(path, header=True)
    return write_answers(geocode_table(table, column=table.find_column(column), plan=plan))


def _to_csv(columns: Sequence[str], rows: list[dict[str, Any]]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def _write(content: str | bytes, output: Path | None) -> None:
    """Write to a file, whole or not at all, or to standard output."""
    data = content.encode() if isinstance(content, str) else content
    if output is None:
        sys.stdout.buffer.write(data)
        return
    from layers.export import write_file  # noqa: PLC0415

    if not output.parent.is_dir():
        msg = f"the folder {str(output.parent)!r} does not exist; make it first"
        raise Failure(msg)
    write_file(output, data)


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--plan", help="Id of the plan that the file is: its short names (开发区) are then known.")
@click.option("--without-plan", help="Id of a plan whose records and names are left out, as if never seen.")
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "geojson", "csv", "lp-tsv"]), default="jsonl", show_default=True
)
@click.option("--text-out", type=click.Path(path_type=Path), help="Where to write the text that offsets point into.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write; standard output by default.")
def geoparse(
    file: Path, plan: str | None, without_plan: str | None, form: str, text_out: Path | None, output: Path | None
) -> None:
    """Find every place that a plan's text names (.txt, .md, .html, .docx, .pdf with a text layer)."""
    from gazetteer.reading import read, read_file  # noqa: PLC0415
    from gazetteer.reading.writing import to_csv, to_geojson, to_jsonl  # noqa: PLC0415

    text = read_file(file)
    reading = read(text, plan=plan, without_plan=without_plan)
    if text_out is not None:
        _write(text.encode("utf-8", errors="surrogatepass"), text_out)
    if form == "lp-tsv":
        from app.text_table import to_linked_places_file  # noqa: PLC0415

        _write(to_linked_places_file(reading.mentions, name=file.name, plan=plan or without_plan), output)
        return
    write = {"jsonl": to_jsonl, "geojson": to_geojson, "csv": to_csv}[form]
    _write(write(reading, plan=plan or without_plan), output)


@cli.command()
@click.argument("patch", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Only say whether every row could be applied.")
def apply(patch: Path, check: bool) -> None:
    """Apply a patch of the plan text page: check every row, then write the reviewed files and the register."""
    from gazetteer.patching import LARGEST_PATCH, check_patch, read_patch  # noqa: PLC0415

    if patch.stat().st_size > LARGEST_PATCH:
        raise Failure(f"{patch.name}: expected at most {LARGEST_PATCH >> 20} MB; is this a patch?")
    rows = read_patch(patch.read_bytes(), name=patch.name)
    if problems := check_patch(rows):
        for problem in problems:
            click.echo(f"{patch.name}: {problem}", err=True)
        raise Failure(f"{patch.name}: nothing applied, {len(problems)} problems in {len(rows)} rows")
    if check:
        click.echo(f"{patch.name}: {len(rows)} rows, all of them can be applied")
        return
    from gazetteer.applying import apply_patch  # noqa: PLC0415

    done = apply_patch(rows)
    click.echo(f"{patch.name}: {done.changed} rows applied, {done.there} were there already")


@cli.command()
@click.option("--plan", help="Only the layers of this plan.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def layers(plan: str | None, form: str) -> None:
    """List the layers: each structure of the plans, and how many of its components have a place."""
    from layers.catalogue import read_plans, read_structures  # noqa: PLC0415
    from layers.opening import open_layer  # noqa: PLC0415

    if plan is not None and plan not in read_plans():
        msg = f"expected a plan out of {', '.join(read_plans())}, got {plan!r}"
        raise Failure(msg)
    rows = []
    for layer_id, structure in read_structures().items():
        if plan is not None and structure.plan != plan:
            continue
        features = open_layer(layer_id).features
        located = features.loc[features["basis"] != "unlocated", "component"].nunique()
        rows.append(
            {
                "id": layer_id,
                "plan": structure.plan,
                "kind": structure.kind,
                "name_zh": structure.name_zh,
                "name_en": structure.name_en,
                "importance": structure.importance,
                "features": len(features),
                "located": located,
                "unlocated": features["component"].nunique() - located,
            }
        )
    if form == "json":
        _write(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", None)
        return
    for row in rows:
        click.echo(f"{row['id']:62} {row['located']:>3} drawn {row['unlocated']:>3} listed  {row['name_zh']}")


@cli.command()
@click.option("--plan", help="Only the indicators of this plan.")
@click.option("--topic", help="Only what several plans or periods set alike, for example rd-share.")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write; standard output by default.")
def indicators(plan: str | None, topic: str | None, form: str, output: Path | None) -> None:
    """List the indicators of the plans as printed; JSON and CSV add the numbers where they are numbers."""
    from layers.indicators import select_indicators, to_text  # noqa: PLC0415

    _write(to_text(select_indicators(plan=plan, topic=topic), form=form), output)


@cli.command()
@click.argument("layer_ids", nargs=-1, metavar="LAYER...")
@click.option("--all", "everything", is_flag=True, help="Every layer of every plan.")
@click.option("--format", "form", type=click.Choice(["geojson"]), default="geojson", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="A file, or a folder for several.")
def export(layer_ids: tuple[str, ...], everything: bool, form: str, output: Path) -> None:
    """Write layers as files: one layer to a file, several to a folder with a file each."""
    from layers.catalogue import read_structures  # noqa: PLC0415
    from layers.export import file_names, to_geojson  # noqa: PLC0415
    from layers.opening import open_layer  # noqa: PLC0415

    if everything == bool(layer_ids):
        raise click.UsageError("expected either LAYER... or --all")
    chosen = list(read_structures()) if everything else list(dict.fromkeys(layer_ids))
    built = {layer_id: open_layer(layer_id) for layer_id in chosen}
    contents = {key: to_geojson(layer.features, name=layer.structure.name_zh) for key, layer in built.items()}
    if len(chosen) == 1 and not everything and not output.is_dir():
        if output.suffix.lower() not in (f".{form}", ".json"):
            msg = f"expected a file name that ends in .{form}, got {output.name!r}"
            raise Failure(msg)
        _write(contents[chosen[0]], output)
        return
    if output.exists() and not output.is_dir():
        msg = f"{str(output)!r} is a file; several layers need a folder"
        raise Failure(msg)
    output.mkdir(parents=True, exist_ok=True)
    for layer_id, name in file_names(chosen, suffix=f".{form}").items():
        _write(contents[layer_id], output / name)
    click.echo(f"{len(chosen)} layers written to {output}", err=True)


@cli.command()
@click.argument("layer_ids", nargs=-1, required=True, metavar="LAYER...")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="A .png, .svg or .pdf file.")
@click.option("--page", type=click.Choice(["a4", "a4-portrait", "a3", "16:9"]), default="16:9", show_default=True)
@click.option("--dpi", type=click.IntRange(72, 600), default=200, show_default=True)
@click.option("--title", help="Instead of the structure's name.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--theme", type=click.Choice(["light", "grey"]), default="light", show_default=True)
@click.option("--boundaries/--no-boundaries", default=True, show_default=True, help="Administrative boundaries.")
def sheet(
    layer_ids: tuple[str, ...], output: Path, page: str, dpi: int, title: str | None, lang: str, theme: str,
    boundaries: bool,
) -> None:  # fmt: skip
    """Draw layers as a printed sheet with title, legend, scale bar and sources."""
    from layers.opening import open_layer  # noqa: PLC0415
    from layers.sheet import draw_sheet  # noqa: PLC0415

    drawn = draw_sheet(
        [open_layer(layer_id) for layer_id in layer_ids],
        page=page,
        dpi=dpi,
        title=title,
        lang=lang,
        theme=theme,
        show_boundaries=boundaries,
    )
    drawn.save(output)


@cli.command(context_settings={"ignore_unknown_options": True})
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
    from app.asking import read_area_file, read_place, read_words, to_json, to_table  # noqa: PLC0415
    from geodata.coordinates import CoordinateError  # noqa: PLC0415
    from layers.reading import open_index  # noqa: PLC0415

    if bool(position) + (place is not None) + (within is not None) != 1:
        raise click.UsageError("expected one of LON LAT, --place NAME and --within FILE")
    try:
        asked_of = read_words(position, crs=crs) if position else read_area_file(within) if within is not None else None
    except CoordinateError as error:
        if error.fault == "numbers":
            raise click.UsageError(str(error)) from error
        raise
    index = open_index()
    asked = asked_of if asked_of is not None else read_place(place or "", index)
    if output is not None and output.suffix.lower() in (".pdf", ".docx"):
        from layers.brief import make_brief, write_docx, write_pdf  # noqa: PLC0415

        brief = make_brief(index, asked.question(near_m=near), lang=lang)
        _write((write_pdf if output.suffix.lower() == ".pdf" else write_docx)(brief), output)
        return
    answer = asked.answer(index, near_m=near)
    if form == "csv":
        from app.here_files import to_csv  # noqa: PLC0415

        _write(to_csv(answer, mark=False), output)
        return
    _write({"json": to_json, "table": to_table}[form](asked, answer, index), output)


@cli.command()
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
        _write(json.dumps(describe_comparison(found), ensure_ascii=False, indent=1) + "\n", None)
    elif form == "csv":
        _write(to_csv((*found.items, *found.places)), None)
    else:
        _write("".join(f"{line}\n" for line in tell_comparison(found)), None)


@cli.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.pass_context
def run(context: click.Context) -> None:
    """Open the app; further options go to streamlit (for example --server.port 8600)."""
    from streamlit.web import cli as streamlit_command  # noqa: PLC0415

    entry = Path(__file__).resolve().parent.parent / "streamlit_app.py"
    # Streamlit reads its settings from the folder it is started in.
    os.chdir(entry.parent)
    sys.argv = ["streamlit", "run", str(entry), *context.args]
    streamlit_command.main()


if __name__ == "__main__":
    main()
