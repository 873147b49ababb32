"""Printed sheets: a map of one or several layers with title, legend, scale, locator, sources and notice."""

from layers.sheet.composing import Sheet, draw_sheet

__all__ = ["Sheet", "draw_sheet"]
