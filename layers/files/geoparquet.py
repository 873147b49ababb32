"""GeoParquet 1.1: geometry of every kind in one column, rows without a place with none, the system as PROJJSON."""

from __future__ import annotations

import io
import json

import pyarrow.parquet as pq

from geodata.sources import describe_sources
from layers.files.fields import read_fields
from layers.files.job import Job, Written
from layers.files.notice import NOTICE_EN, NOTICE_ZH
from layers.files.systems import transform

METADATA_KEY = b"plan_atlas"
"""Key of our own description in the file's metadata, beside ``geo``."""


def write(job: Job) -> Written:
    """Return GeoParquet of one table."""
    (table,) = job.tables
    frame = transform(table.frame, job.system)
    plain = io.BytesIO()
    frame.to_parquet(plain, index=False, compression="zstd", schema_version="1.1.0", geometry_encoding="WKB")
    plain.seek(0)
    content = pq.read_table(plain)
    about = {
        "id": table.id,
        "about": table.about,
        "datum": job.system.datum,
        "crs": job.system.code,
        "attribution": describe_sources(";".join(table.sources())),
        "notice": f"{NOTICE_ZH} / {NOTICE_EN}",
        "day": job.day.isoformat(),
        "fields": {name: [read_fields()[name].zh, read_fields()[name].en] for name in table.fields},
    }
    metadata = {**(content.schema.metadata or {}), METADATA_KEY: json.dumps(about, ensure_ascii=False).encode()}
    metadata.pop(b"pandas", None)
    stream = io.BytesIO()
    pq.write_table(content.replace_schema_metadata(metadata), stream, compression="zstd")
    return Written(files={f"{job.stem}.parquet": stream.getvalue()})
