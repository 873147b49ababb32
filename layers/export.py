"""What others use of the files: GeoJSON, the fields of a feature, the notice, and files that are whole or not there.

The formats themselves are in `layers.files`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.files.fields import FIELDS
from layers.files.geojson import to_geojson
from layers.files.notice import NOTICE_EN, NOTICE_ZH
from layers.files.whole import write_file

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["FIELDS", "NOTICE_EN", "NOTICE_ZH", "file_names", "to_geojson", "write_file"]


def file_names(layer_ids: Iterable[str], *, suffix: str) -> dict[str, str]:
    """Return a file name for each layer id: ``<plan>_<structure><suffix>``."""
    return {layer_id: layer_id.replace("/", "_") + suffix for layer_id in layer_ids}
