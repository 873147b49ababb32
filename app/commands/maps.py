"""The command that lists layers."""

from __future__ import annotations

import json

import click

from app.commands.output import Failure, write_output


@click.command()
@click.option("--plan", help="Only the layers of this plan.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def layers(plan: str | None, form: str) -> None:
    """List the layers: each structure of the plans, and how many of its components have a place."""
    from layers.catalogue import read_collections, read_structures  # noqa: PLC0415
    from layers.opening import open_layer  # noqa: PLC0415

    if plan is not None and plan not in read_collections():
        msg = f"expected a plan out of {', '.join(read_collections())}, got {plan!r}"
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
