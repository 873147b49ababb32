"""Layers as files for other programs: eight formats, five coordinate systems, each with its style and its story.

What is imported here is light: geometry tables are loaded by the modules that write (`layers.files.making`).
"""

from layers.files.choice import BaseLayer, choose_layers, read_base_layers
from layers.files.formats import Format, read_formats
from layers.files.systems import System, find_system, read_systems

__all__ = [
    "BaseLayer",
    "Format",
    "System",
    "choose_layers",
    "find_system",
    "read_base_layers",
    "read_formats",
    "read_systems",
]
