"""The command that writes layers as files for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.commands.output import Failure, write_output
from layers.files import read_formats, read_systems

if TYPE_CHECKING:
    from layers.files.extent import Area
    from layers.files.formats import Format
    from layers.files.making import Wish

_MOST_NOTES = 6
_ZIP = ".zip"
_ALSO = {"geojson": (".json",), "geoparquet": (".geoparquet",)}
"""Other suffixes that a file of a format may have."""
_KINDS = ("areas", "lines", "points")


@click.command()
@click.argument("layer_ids", nargs=-1, metavar="LAYER...")
@click.option("--all", "everything", is_flag=True, help="Every layer of every plan (base layers: 'base/*').")
@click.option("--plan", help="Only the layers of this plan.")
@click.option(
    "--format", "forms", type=click.Choice(list(read_formats())), multiple=True, default=("geojson",),
    show_default=True, help="May be given several times with --zip.",
)  # fmt: skip
@click.option(
    "--crs", "system", type=click.Choice(list(read_systems())),
    help="Coordinate system; 4326 by default, 4549 for DXF.",
)  # fmt: skip
@click.option("--within", metavar="PLACE|FILE", help="Only what reaches into a place, or a polygon of a GeoJSON file.")
@click.option("--zip", "zipped", is_flag=True, help="One zip with README, fields, styles and check sums.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Of legends and titles.")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="A file, or a folder for several.")
def export(  # noqa: PLR0917 - click hands them over by name
    layer_ids: tuple[str, ...], everything: bool, plan: str | None, forms: tuple[str, ...], system: str | None,
    within: str | None, zipped: bool, lang: str, output: Path,
) -> None:  # fmt: skip
    """Write layers as files: one layer to a file, several to a folder with a file each.

    LAYER is an id (`plan-atlas layers`), a base layer (base/counties) or a pattern ('wuzhong-14fyp/*', 'base/*').
    GeoPackage and KML hold several layers in one file. Features without a place stay as rows without geometry. A zip
    (--zip, or OUTPUT ends in .zip) has a README, the field list, styles for QGIS and GeoServer, and SHA256SUMS.
    """
    from layers.files.choice import choose_layers  # noqa: PLC0415
    from layers.files.making import Wish, make_bundle  # noqa: PLC0415

    if everything and layer_ids:
        raise click.UsageError("expected either LAYER... or --all")
    if not (everything or layer_ids or plan):
        raise click.UsageError("expected LAYER..., --all or --plan")
    chosen = choose_layers(layer_ids, plan=plan, everything=everything)
    zipped = zipped or (output.suffix.lower() == _ZIP and not output.is_dir())
    if len(forms) > 1 and not zipped:
        raise click.UsageError("several formats need --zip")
    wish = Wish(layers=tuple(chosen), formats=forms, system=system, area=_read_area(within), lang=lang)
    if zipped:
        if output.is_dir():
            output /= f"plan-atlas_{forms[0]}{_ZIP}"
        elif output.suffix.lower() != _ZIP:
            msg = f"expected a file name that ends in {_ZIP}, got {output.name!r}"
            raise Failure(msg)
        write_output(make_bundle(wish), output)
        click.echo(f"{_count(len(chosen), 'layer')} written to {output}", err=True)
        return
    single = len(chosen) == 1 and not everything
    _write(wish, read_formats()[forms[0]], output, single=single)


def _read_area(text: str | None) -> Area | None:
    """Return the area that the reader asks for: a file if there is one of that name, else a place."""
    from layers.files.extent import Area, area_of_place  # noqa: PLC0415

    if text is None:
        return None
    path = Path(text)
    if path.suffix.lower() in (".geojson", ".json") or path.is_file():
        from app.commands.asking import read_area_file  # noqa: PLC0415

        asked = read_area_file(path)
        assert asked.area is not None
        return Area(name=path.name, ground=asked.area)
    return area_of_place(text)


def _write(wish: Wish, form: Format, output: Path, *, single: bool) -> None:
    """Write plain files."""
    from layers.files.making import open_tables, write_format  # noqa: PLC0415
    from layers.files.systems import find_system  # noqa: PLC0415

    system = find_system(wish.system, form)
    suffixes = (form.suffix, *_ALSO.get(form.id, ()))
    named = output.suffix.lower() in suffixes and not output.is_dir()
    as_file = named if form.several else single and not output.is_dir()
    if as_file and not named:
        msg = f"expected a file name that ends in {form.suffix}, got {output.name!r}"
        raise Failure(msg)
    if not as_file and (named or (output.exists() and not output.is_dir())):
        what = "is a file" if output.exists() else "has the name of a file"
        msg = f"{str(output)!r} {what}; several layers need a folder" + ("" if form.several else ", GeoPackage or KML")
        raise Failure(msg)
    tables = open_tables(wish)
    written = write_format(tables, form, system, lang=wish.lang, day=wish.day, stem=output.stem if as_file else "")
    files = written.files
    if as_file:
        files = _main_first(files, output, form)
        folder = output.parent
        if not folder.is_dir():
            msg = f"the folder {str(folder)!r} does not exist; make it first"
            raise Failure(msg)
    else:
        folder = output
        folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        write_output(data, folder / name)
    nowhere = sum(len(table.nowhere) for table in tables)
    left_out = sum(len(table.without_place()) for table in tables) - nowhere
    count = sum(len(table.frame) for table in tables)
    filled = sum(bool(len(table.frame)) for table in tables)
    told = [f"{_count(filled, 'layer')}, {_count(count, 'feature')} written to {output}"]
    if nowhere and form.nowhere:
        told.append(f"{nowhere} features have no place: rows without geometry")
    if left_out:
        told.append(f"{left_out} features have no place and are left out of an area: --zip lists them in unlocated.csv")
    notes = [en for _, en in written.notes]
    more = [f"and {len(notes) - _MOST_NOTES} more notes of this kind"] if len(notes) > _MOST_NOTES else []
    for line in (*told, *notes[:_MOST_NOTES], *more):
        click.echo(line, err=True)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _main_first(files: dict[str, bytes], output: Path, form: Format) -> dict[str, bytes]:
    """Give the file that was asked for its name: with another suffix, or the first kind of a Shapefile."""
    if f"{output.stem}{form.suffix}" in files and output.suffix != form.suffix:
        files = {name if not name.endswith(form.suffix) else output.name: data for name, data in files.items()}
    if form.id != "shp":
        return files
    kind = next(kind for kind in (*_KINDS, "unlocated") if any(f"{output.stem}_{kind}." in name for name in files))
    return {name.replace(f"{output.stem}_{kind}.", f"{output.stem}."): data for name, data in files.items()}
