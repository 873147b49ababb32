"""FlatGeobuf: one file a layer, in the layer's order, rows without a place kept."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyogrio

from layers.files.job import Job, Written
from layers.files.systems import transform


def write(job: Job) -> Written:
    """Return FlatGeobuf of one table.

    It has no spatial index: that would put the rows in another order and leave out those without a place, and layers
    of a few hundred rows gain nothing by it.
    """
    (table,) = job.tables
    frame = transform(table.frame, job.system)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{job.stem}.fgb"
        pyogrio.write_dataframe(
            frame, path, driver="FlatGeobuf", layer=job.stem, geometry_type="Unknown", promote_to_multi=False,
            layer_options={
                "SPATIAL_INDEX": "NO",
                "TITLE": table.name_en if job.lang == "en" else table.name_zh,
                "DESCRIPTION": f"{table.about} [{job.system.datum}]",
            },
        )  # fmt: skip
        return Written(files={path.name: path.read_bytes()})
