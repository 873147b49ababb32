"""The printable brief of what applies at a point or in an area: PDF and DOCX, with a locator map."""

from layers.brief.content import Brief, Question, make_brief
from layers.brief.document import write_docx
from layers.brief.printing import write_pdf

__all__ = ["Brief", "Question", "make_brief", "write_docx", "write_pdf"]
