"""Commands that find places: in a list of names, in a plan's text, in a patch."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.commands.output import Failure, write_output

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command()
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
        write_output(mark + _geocode_table(table, column, plan), output)
        return
    if not names:
        raise click.UsageError("expected a NAME, or --csv FILE --column NAME")
    rows = [describe_answer(find(name, plan=plan)) for name in names]
    if form == "json":
        write_output(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", output)
        return
    for row in rows:
        row["alternatives"] = ";".join(each["place_id"] for each in row["alternatives"])
    write_output(
        mark + _to_csv(FIELDS, [{key: guard_cell(value) for key, value in row.items()} for row in rows]), output
    )


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


@click.command()
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
        write_output(text.encode("utf-8", errors="surrogatepass"), text_out)
    if form == "lp-tsv":
        from app.text.table import to_linked_places_file  # noqa: PLC0415

        write_output(to_linked_places_file(reading.mentions, name=file.name, plan=plan or without_plan), output)
        return
    write = {"jsonl": to_jsonl, "geojson": to_geojson, "csv": to_csv}[form]
    write_output(write(reading, plan=plan or without_plan), output)


@click.command()
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
