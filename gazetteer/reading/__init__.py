"""The reader: every place that a plan's text names, found and resolved, with the reason in words."""

from gazetteer.reading.mention import Mention, Reading
from gazetteer.reading.reader import read
from gazetteer.reading.text import UnreadableTextError, decode, extract, read_file

__all__ = ["Mention", "Reading", "UnreadableTextError", "decode", "extract", "read", "read_file"]
