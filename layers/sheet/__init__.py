"""Printed sheets: a map of one or several layers with title, legend, scale, locator, sources and notice."""

from layers.sheet.composing import draw_sheet
from layers.sheet.naming import LABEL_GROUPS
from layers.sheet.pages import read_pages
from layers.sheet.sheet import Sheet

__all__ = ["LABEL_GROUPS", "Sheet", "draw_sheet", "read_pages"]
