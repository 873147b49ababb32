"""Whole decks: sheets as editable slides, as offline pages, and as an atlas of a plan."""

from layers.decks.making import DPI, ENDINGS, Wish, make_file

__all__ = ["DPI", "ENDINGS", "Wish", "make_file"]
