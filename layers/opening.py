"""Built layers at hand: each is built once in a process, and kept."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from geodata.workspace import kept_until_change
from layers.building import build_layer
from layers.catalogue import find_structure

if TYPE_CHECKING:
    from layers.model import Layer


@kept_until_change
@lru_cache(maxsize=512)
def open_layer(layer_id: str) -> Layer:
    """Return a layer, built on first use. Frames are shared: copy before a change.

    Raises
    ------
    KeyError
        If there is no such layer.
    """
    return build_layer(find_structure(layer_id))
