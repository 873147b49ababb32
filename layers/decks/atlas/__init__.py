"""An atlas: every structure of a plan, with cover, contents, page numbers and bookmarks."""

from layers.decks.atlas.making import Made, make_atlas
from layers.decks.atlas.order import FORMATS, Order

__all__ = ["FORMATS", "Made", "Order", "make_atlas"]
