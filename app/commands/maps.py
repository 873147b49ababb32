"""Commands that list layers and write them as files."""

from __future__ import annotations

import json
from pathlib import Path

import click

from app.commands.output import Failure, write_output


@click.command()
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
        write_output(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", None)
        return
    for row in rows:
        click.echo(f"{row['id']:62} {row['located']:>3} drawn {row['unlocated']:>3} listed  {row['name_zh']}")


@click.command()
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
        write_output(contents[chosen[0]], output)
        return
    if output.exists() and not output.is_dir():
        msg = f"{str(output)!r} is a file; several layers need a folder"
        raise Failure(msg)
    output.mkdir(parents=True, exist_ok=True)
    for layer_id, name in file_names(chosen, suffix=f".{form}").items():
        write_output(contents[layer_id], output / name)
    click.echo(f"{len(chosen)} layers written to {output}", err=True)
