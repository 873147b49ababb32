"""Texts out of files: .txt, .md, .html, .docx, .pdf; within limits, each failure said in one sentence.

Plain texts come back as they are (the byte order mark stays off), so that offsets point into the file's own text; for
the other forms offsets point into the text extracted here.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Final

LARGEST_FILE: Final = 64 * 1024 * 1024
"""Bytes. A plan has well under one million."""
LARGEST_TEXT: Final = 20_000_000
"""Characters of extracted text."""
LARGEST_UNPACKED: Final = 256 * 1024 * 1024
"""Bytes of all members of a .docx together."""
LARGEST_BODY: Final = 40 * 1024 * 1024
"""Bytes of the text of a .docx with its mark-up, unpacked: read as a tree it takes some ten times that."""
LARGEST_RATIO: Final = 200
"""Unpacked bytes for each packed one; real documents stay below 50."""
MOST_PAGES: Final = 5_000

PLAIN: Final = frozenset({".txt", ".md", ".markdown", ".text"})
HTML: Final = frozenset({".html", ".htm", ".xhtml"})
FORMS: Final = "a .txt, .md, .html, .docx or .pdf file"

_NOISE: Final = 0.3
"""A text of which this share are characters that no text has is not one."""
_SAMPLE: Final = 100_000
_MARKS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


class UnreadableTextError(ValueError):
    """A file that gives no text: the message says what was wrong and what to do."""


def read_file(path: Path) -> str:
    """Return the text of a file.

    Parameters
    ----------
    path
        A .txt, .md, .html, .docx or .pdf file of at most `LARGEST_FILE` bytes.

    Raises
    ------
    UnreadableTextError
        If the file is too large, empty, encrypted, a scan, or no text at all.
    OSError
        If the file cannot be opened.
    """
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise UnreadableTextError(
            f"{path.name}: expected at most {LARGEST_FILE >> 20} MB, got {size >> 20} MB; split the file"
        )
    return extract(path.read_bytes(), name=path.name)


def extract(data: bytes, *, name: str) -> str:
    """Return the text of a file's bytes; the ending of its name says which form it has.

    Raises
    ------
    UnreadableTextError
        As `read_file`.
    """
    if len(data) > LARGEST_FILE:
        raise UnreadableTextError(f"{name}: expected at most {LARGEST_FILE >> 20} MB, got {len(data) >> 20} MB")
    ending = Path(name).suffix.lower()
    if not data.strip(b"\x00 \t\r\n"):
        raise UnreadableTextError(f"{name}: the file is empty")
    if ending == ".docx":
        text = _from_docx(data, name)
    elif ending == ".pdf":
        text = _from_pdf(data, name)
    elif ending in HTML:
        text = _from_html(decode(data, name=name), name)
    elif ending in PLAIN:
        text = decode(data, name=name)
    else:
        raise UnreadableTextError(f"{name}: expected {FORMS}, got {ending or 'a name without an ending'}")
    if len(text) > LARGEST_TEXT:
        raise UnreadableTextError(f"{name}: expected at most {LARGEST_TEXT:,} characters, got {len(text):,}")
    if not text.strip():
        raise UnreadableTextError(f"{name}: no text found in it")
    return text


def decode(data: bytes, *, name: str = "text") -> str:
    """Return bytes as text: by their mark, as UTF-8, as UTF-16 or GB18030, whichever fits.

    Raises
    ------
    UnreadableTextError
        If no encoding fits.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _guess(data, name)
    sample = text[:_SAMPLE]
    strange = sum(
        1 for character in sample if character == "\ufffd" or (character < " " and character not in "\t\n\r\f")
    )
    if strange > _NOISE * len(sample):
        raise UnreadableTextError(f"{name}: expected a text, got other data; check that this is the right file")
    return text


def _guess(data: bytes, name: str) -> str:
    sample = data[:_SAMPLE]
    if sample.count(0) > len(sample) // 50:
        # Chinese in UTF-16 without a mark: its line feeds and digits have a zero on one side.
        even, odd = sample[::2].count(0), sample[1::2].count(0)
        if min(even, odd) * 10 <= max(even, odd):
            return data.decode("utf-16-be" if even > odd else "utf-16-le", errors="replace")
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError:
        pass
    from charset_normalizer import from_bytes  # noqa: PLC0415

    best = from_bytes(sample).best()
    if best is None:
        raise UnreadableTextError(
            f"{name}: expected a text in UTF-8, GB18030 or UTF-16, got other bytes; save it as UTF-8"
        )
    return data.decode(best.encoding, errors="replace")


def _from_docx(data: bytes, name: str) -> str:
    from docx import Document  # noqa: PLC0415
    from docx.table import Table  # noqa: PLC0415

    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableTextError(
            f"{name}: the document is encrypted or in the old .doc form; save it as a plain .docx"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sizes = {member.filename: member.file_size for member in archive.infolist()}
    except zipfile.BadZipFile as error:
        raise UnreadableTextError(f"{name}: expected a .docx document, got other data") from error
    unpacked, body = (
        sum(sizes.values()),
        max((size for file, size in sizes.items() if file.endswith(".xml")), default=0),
    )
    if body > LARGEST_BODY:
        raise UnreadableTextError(
            f"{name}: expected at most {LARGEST_BODY >> 20} MB of text with mark-up, got {body >> 20} MB; split it"
        )
    if unpacked > LARGEST_UNPACKED or unpacked > LARGEST_RATIO * len(data):
        raise UnreadableTextError(
            f"{name}: unpacks to {unpacked >> 20} MB out of {len(data) >> 10} kB, which no plan does"
        )
    try:
        document = Document(io.BytesIO(data))
        lines: list[str] = []
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                lines += (
                    "\t".join(dict.fromkeys(cell.text.replace("\n", " ") for cell in row.cells)) for row in block.rows
                )
            else:
                lines.append(block.text)
    except Exception as error:  # the library has no common error for a damaged document
        raise UnreadableTextError(f"{name}: the document is damaged ({type(error).__name__}); save it anew") from error
    return "\n".join(lines)


def _from_pdf(data: bytes, name: str) -> str:
    import pypdfium2 as pdfium  # noqa: PLC0415

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        why = "is encrypted; remove the password" if "assword" in str(error) else "is damaged or no PDF"
        raise UnreadableTextError(f"{name}: the PDF {why}") from error
    try:
        if len(document) > MOST_PAGES:
            raise UnreadableTextError(f"{name}: expected at most {MOST_PAGES} pages, got {len(document)}")
        pages = []
        for page in document:
            textpage = page.get_textpage()
            pages.append(textpage.get_text_bounded().replace("\r\n", "\n").replace("\r", "\n"))
            textpage.close()
            page.close()
        count = len(pages)
    finally:
        document.close()
    text = "\n".join(pages)
    if not text.strip():
        raise UnreadableTextError(
            f"{name}: {count} pages without a text layer, a scan; run text recognition on it first"
        )
    return text


class _TextTarget:
    """Collects the text of a page; blocks end lines, scripts and styles are left out."""

    blocks: Final = frozenset(
        [
            "p",
            "div",
            "br",
            "li",
            "ul",
            "ol",
            "tr",
            "table",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "section",
            "article",
            "header",
            "footer",
            "title",
            "blockquote",
            "pre",
            "dd",
            "dt",
        ]
    )
    hidden: Final = frozenset({"script", "style", "template", "noscript"})

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._depth = 0

    def start(self, tag: str, _: object) -> None:
        if tag in self.hidden:
            self._depth += 1
        elif tag in self.blocks:
            self.pieces.append("\n")
        elif tag in {"td", "th"}:
            self.pieces.append("\t")

    def end(self, tag: str) -> None:
        if tag in self.hidden:
            self._depth = max(0, self._depth - 1)
        elif tag in self.blocks:
            self.pieces.append("\n")

    def data(self, data: str) -> None:
        if not self._depth:
            self.pieces.append(data.replace("\n", " "))

    def close(self) -> str:
        return "".join(self.pieces)


def _from_html(page: str, name: str) -> str:
    # The parser of the standard library takes time with the square of what is left open (`<!--<!--<!--`).
    from lxml import etree  # noqa: PLC0415

    parser = etree.HTMLParser(target=_TextTarget())
    try:
        parser.feed(page)
        text = parser.close()
    except etree.LxmlError as error:
        raise UnreadableTextError(f"{name}: expected a page of HTML, got other data") from error
    lines = (line.strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
