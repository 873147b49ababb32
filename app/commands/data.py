"""Commands for the bureau's own data: import a file, look after the workspace."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.commands.output import Failure, write_output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazetteer.importing import Examination

_KINDS = ("towns", "counties", "water", "rail", "metro", "roads", "zones", "custom")
_MOST_LINES = 12


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "kind", type=click.Choice(_KINDS), required=True, help="What the file holds.")
@click.option("--crs", default="", help="Coordinate system: 4326, 4490, gcj02, bd09, 4549, 4528, 3857 ...; -swapped.")
@click.option("--encoding", default="", help="What the text is in (UTF-8, GB18030), where it is not found by itself.")
@click.option("--layer", default="", help="Name of the layer, where the file has several.")
@click.option("--name-field", default="", help="The field with the names, where it is not found by itself.")
@click.option("--matches", type=click.Path(path_type=Path), help="Decisions on names: what --matches-out wrote.")
@click.option("--matches-out", type=click.Path(path_type=Path), help="Where to write what each name means, as CSV.")
@click.option("--accept-repairs", is_flag=True, help="Agree to every change and omission that is listed.")
@click.option("--report", type=click.Path(path_type=Path), help="Where to write all that was found, as CSV.")
@click.option("--check", is_flag=True, help="Only say what would be taken over.")
@click.option("--title", default="", help="Name of the layer that features make which are no place of the register.")
@click.option("--owner", default="", help="Whose data it is; stands on every card, sheet and file.")
@click.option("--date", default="", help="As of when the data are.")
@click.option("--licence", default="", help="On what terms they may be used.")
@click.option("--review-number", default="", help="审图号, where there is one.")
@click.option("--accuracy-m", type=click.FloatRange(0.01, 10_000), default=100.0, show_default=True,
              help="Radius in which a true edge lies in about nine cases of ten, metres.")  # fmt: skip
def import_file(
    *, file: Path, kind: str, crs: str, encoding: str, layer: str, name_field: str, matches: Path | None,
    matches_out: Path | None, accept_repairs: bool, report: Path | None, check: bool, title: str, owner: str, date: str,
    licence: str, review_number: str, accuracy_m: float,
) -> None:  # fmt: skip
    """Take over a file of your own: its geometry replaces the approximate one in every layer, sheet and answer.

    GeoPackage, Shapefile (zipped or not), GeoJSON, KML, FlatGeobuf, GeoParquet, DXF, CSV (lon and lat, or WKT). What is
    in doubt is never decided in silence: the command says what to settle and changes nothing.
    """
    from gazetteer.importing import Wishes, examine, read_matches, take_over, write_matches  # noqa: PLC0415
    from geodata.workspace import Import, write_issues  # noqa: PLC0415

    settled = read_matches(matches.read_text("utf-8-sig")) if matches is not None else {}
    found = examine(
        file,
        Wishes(kind=kind, layer=layer, encoding=encoding, system=crs, name_field=name_field, settled=settled),
    )
    for line in _tell(found):
        click.echo(line, err=True)
    if report is not None:
        write_output("\ufeff" + write_issues(found.issues), report)
    if matches_out is not None:
        write_output("\ufeff" + write_matches(found), matches_out)
    if found.need == "system":
        raise Failure(f"{file.name}: {_REASONS[found.recognised.doubt]}; name it with --crs, nothing was imported")
    if found.need == "nothing":
        raise Failure(f"{file.name}: no feature could be taken over; see --report, nothing was imported")
    if check:
        return
    if found.changes and not accept_repairs:
        raise Failure(
            f"{file.name}: {len(found.changes)} changes and omissions are proposed (see --report, and --matches for "
            "names); add --accept-repairs to agree, nothing was imported"
        )
    record = Import(
        kind=kind, file_name=file.name, owner=owner, date=date, licence=licence, review_number=review_number,
        accuracy_m=accuracy_m, title=title,
    )  # fmt: skip
    made = take_over(found, record)
    click.echo(f"import {made.id}: {made.features} features are in use now")
    for option, value, follows in (
        ("--owner", owner, "sheets and files name the file instead"),
        ("--licence", licence, "sheets and files say so"),
    ):
        if not value:
            click.echo(f"  no {option} was given: {follows}", err=True)


_REASONS = {
    "alike": "several coordinate systems fit alike",
    "contradiction": "the file names one coordinate system and its edges fit another",
    "nowhere": "no known coordinate system puts it in Suzhou",
}


def _tell(found: Examination) -> Sequence[str]:
    """Return the lines that sum an examination up."""
    table = found.table
    fields = ", ".join(table.fields)
    lines = [f"{found.file_name}: layer {table.layer}, {len(table.geometry)} features, fields {fields}"]
    if len(table.layers) > 1:
        lines.append(f"  other layers: {', '.join(each.name for each in table.layers if each.name != table.layer)}")
    lines.append(f"  text in {table.encoding}; names in the field {found.name_field or '(none found: --name-field)'}")
    lines.append(f"  coordinate system named in the file: {found.recognised.declared or 'none'}")
    for fit in found.recognised.fits[:4]:
        mark = "->" if fit.system == found.system else "  "
        edges = "no known edge" if fit.edges_m is None else f"edges within {fit.edges_m:.0f} m"
        names = "" if fit.names_m is None else f", names {fit.names_m:.0f} m off"
        lines.append(f"  {mark} {fit.system}: {fit.inside:.0%} in Suzhou, {edges}{names}")
    counts = {status: sum(row.status == status for row in found.rows) for status in
              ("matched", "settled", "fuzzy", "unmatched", "own")}  # fmt: skip
    lines.append("  names: " + ", ".join(f"{count} {status}" for status, count in counts.items() if count))
    for issue in found.issues[:_MOST_LINES]:
        where = f"feature {issue.feature}" if issue.feature else "file"
        lines.append(f"  {issue.action}: {where}: {issue.message}")
    if len(found.issues) > _MOST_LINES:
        lines.append(f"  and {len(found.issues) - _MOST_LINES} more: --report FILE has them all")
    return lines


@click.group()
def workspace() -> None:
    """Look after what was imported: list it, switch it, remove it, back it up."""


@workspace.command("list")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--history", is_flag=True, help="What was done and when, instead.")
def list_command(form: str, history: bool) -> None:
    """List the imports, oldest first; where two replace the same feature the later one counts."""
    from geodata import workspace as kept  # noqa: PLC0415

    rows: list[dict[str, Any]]
    if history:
        rows = [dict(zip(("at", "event", "import", "file"), each, strict=True)) for each in kept.list_history()]
    else:
        rows = [{name: getattr(each, name) for name in each.__dataclass_fields__} for each in kept.list_imports()]
    if form == "json":
        write_output(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", None)
        return
    if not rows:
        click.echo("nothing has been imported")
    for row in rows:
        if history:
            click.echo(f"{row['at']}  {row['event']:8} {row['import'] or '':>3}  {row['file']}")
        else:
            state = "on" if row["active"] else "off"
            click.echo(
                f"{row['id']:>3} {state:3} {row['kind']:8} {row['features']:>5}  {row['file_name']}  {row['owner']}"
            )


@workspace.command("on")
@click.argument("number", type=int)
def switch_on(number: int) -> None:
    """Use an import (again)."""
    from geodata import workspace as kept  # noqa: PLC0415

    kept.switch_import(number, active=True)


@workspace.command("off")
@click.argument("number", type=int)
def switch_off(number: int) -> None:
    """Leave an import unused; what it replaced is back."""
    from geodata import workspace as kept  # noqa: PLC0415

    kept.switch_import(number, active=False)


@workspace.command("remove")
@click.argument("number", type=int)
def remove(number: int) -> None:
    """Remove an import for good; what it replaced is back."""
    from geodata import workspace as kept  # noqa: PLC0415

    kept.remove_import(number)


@workspace.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write everything that was imported to one file."""
    from geodata import workspace as kept  # noqa: PLC0415

    kept.back_up(file)


@workspace.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Replace what was imported by a backup."""
    from geodata import workspace as kept  # noqa: PLC0415

    kept.restore(file)
