"""The symboliser: turns a built layer into scale-dependent marks that a painter only has to paint.

Geometry in and out is EPSG:4549, metres. Sizes on paper (mm, pt) become metres through ``metres_per_mm``, the ground
length of one millimetre on paper (300 at 1:300 000) or on a screen (about 3.8 css pixels).
"""

from layers.drawing.clearing import small_shapes
from layers.drawing.common_ground import share_out
from layers.drawing.mark import Mark
from layers.drawing.names import component_label, component_title, names
from layers.drawing.numbering import anchor_numbers
from layers.drawing.symboliser import draw, pens_of

__all__ = [
    "Mark",
    "anchor_numbers",
    "component_label",
    "component_title",
    "draw",
    "names",
    "pens_of",
    "share_out",
    "small_shapes",
]
