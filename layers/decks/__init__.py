"""Whole decks: sheets as editable slides, as offline pages, and as an atlas of a plan."""

from layers.decks.presentation import Leaf, write_presentation
from layers.decks.sheets import leaf_of

__all__ = ["Leaf", "leaf_of", "write_presentation"]
