"""An atlas from its order to its file: pages drawn by two processes, then bound."""

from __future__ import annotations

import datetime as dt
import io
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib.backends.backend_pdf import PdfPages

from layers.catalogue import read_collections
from layers.decks.atlas.binding import Jump, Mark, bind_pdf, number_slides
from layers.decks.atlas.drawing import PageFile, draw_pages, read_pages, read_slide
from layers.decks.atlas.front import Entry, draw_contents, draw_cover, pages_of_contents
from layers.decks.presentation import write_presentation
from layers.decks.slide import draw_slide
from layers.decks.telling import read_words
from layers.embedding import quick_embedding
from layers.export import write_file
from layers.sheet.pages import find_page
from layers.sheet.sheet import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from layers.decks.atlas.front import Spot
    from layers.decks.atlas.order import Order
    from layers.decks.atlas.plate import Plate
    from layers.decks.telling import Words
    from layers.model import Structure

    Progress = Callable[[int, int, str], None]

WORKERS: Final = 2
_FEW: Final = 3
"""Up to this many structures are drawn here: starting workers would take longer."""
_MOST_IN_CHUNK: Final = 5
"""Structures that a process draws before it tells how far it is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """What came of an order: pages in all, structures that were drawn, and those whose pages were there already."""

    pages: int
    drawn: int
    reused: int


def make_atlas(
    order: Order, output: Path, *, form: str, folder: Path | None = None, progress: Progress | None = None
) -> Made:
    """Make an atlas.

    Parameters
    ----------
    output
        The file, or for the form ``png`` the folder.
    form
        ``pdf``, ``pptx`` or ``png``.
    folder
        Where pages are kept, so that what was broken off goes on where it stood; beside the output by default.
    progress
        Told the structures that are done, all of them, and the name of the last.

    Raises
    ------
    ValueError
        If the order asks for something that there is not.
    OSError
        If the output cannot be written.
    """
    structures = order.structures()
    find_page(order.page)
    folder = folder or output.with_name(f"{output.stem}.pages")
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        each.layer_id: found
        for each in structures
        if (found := read_pages(folder, order.key(each.layer_id, form=form))) is not None
    }
    reused = len(files)
    if progress is not None:
        progress(reused, len(structures), "")
    names = {each.layer_id: each.name_en if order.lang == "en" else each.name_zh for each in structures}
    missing = [each.layer_id for each in structures if each.layer_id not in files]
    for drawn in _drawn(missing, asdict(order), form, folder):
        files |= drawn
        if progress is not None:
            progress(len(files), len(structures), names[next(iter(drawn))])
    pages = [files[each.layer_id] for each in structures]
    count = _Binder(order, structures, pages, folder).bind(output, form=form)
    return Made(pages=count, drawn=len(missing), reused=reused)


def _drawn(
    missing: Sequence[str], wish: dict[str, Any], form: str, folder: Path
) -> Iterator[dict[str, list[PageFile]]]:
    """Yield the pages of structures, some at a time, as they are drawn."""
    if len(missing) <= _FEW:
        if missing:
            yield draw_pages(missing, wish, form, folder)
        return
    size = min(_MOST_IN_CHUNK, max(1, len(missing) // (2 * WORKERS)))
    chunks = [missing[i : i + size] for i in range(0, len(missing), size)]
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(draw_pages, chunk, wish, form, folder) for chunk in chunks]
        try:
            for job in as_completed(jobs):
                yield job.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


class _Binder:
    """Puts cover, contents and pages together."""

    def __init__(
        self, order: Order, structures: Sequence[Structure], pages: Sequence[list[PageFile]], folder: Path
    ) -> None:
        self.order, self.structures, self.pages, self.folder = order, structures, pages, folder
        self.words: Words = read_words(order.lang)
        entries = self._entries(first=0)
        dealt = pages_of_contents(entries, page=order.page, theme=order.theme)
        self.first = 1 + len(dealt)
        """Pages before the first structure."""
        self.entries = self._entries(first=self.first)
        self.dealt = pages_of_contents(self.entries, page=order.page, theme=order.theme)

    @property
    def title(self) -> str:
        """Title of the document."""
        words, plans = self.words, read_collections()
        if not self.order.plan:
            return words("book.title")
        plan = plans[self.order.plan]
        return f"{plan.title_en if words.lang == 'en' else plan.title_zh} {words('book.kind')}"

    def _entries(self, *, first: int) -> list[Entry]:
        """Return the lines of the contents: a heading for each plan and importance, and the structures under it."""
        words, plans = self.words, read_collections()
        found: list[Entry] = []
        head = ""
        number = first + 1
        for structure, pages in zip(self.structures, self.pages, strict=True):
            tier = "projects" if structure.kind == "projects" else str(structure.importance)
            plan = plans[structure.plan]
            own = "" if self.order.plan else f"{plan.short_en if words.lang == 'en' else plan.short_zh}　"
            if own + words(f"tier.{tier}") != head:
                head = own + words(f"tier.{tier}")
                found.append(Entry(text=head, number=0))
            name = structure.name_en if words.lang == "en" else structure.name_zh
            found.append(Entry(text=name, number=number))
            number += len(pages)
        return found

    def _front(self) -> tuple[list[Plate], list[list[Spot]]]:
        order = self.order
        plans = [read_collections()[plan] for plan in dict.fromkeys(each.plan for each in self.structures)]
        cover = draw_cover(
            plans, count=len(self.structures), page=order.page, theme=order.theme, words=self.words, date=order.day,
            boundaries=order.boundaries,
        )  # fmt: skip
        drawn = [
            draw_contents(columns, page=order.page, theme=order.theme, words=self.words, date=order.day)
            for columns in self.dealt
        ]
        return [cover, *(plate for plate, _ in drawn)], [spots for _, spots in drawn]

    def bind(self, output: Path, *, form: str) -> int:
        """Write the atlas and return the number of its pages."""
        plates, spots = self._front()
        own = [page for pages in self.pages for page in pages]
        {"pdf": self._pdf, "pptx": self._pptx, "png": self._png}[form](output, plates, spots, own)
        return len(plates) + len(own)

    def _jumps(self, spots: Sequence[Sequence[Spot]]) -> list[Jump]:
        return [
            Jump(page=1 + i, box=spot.box, target=spot.number - 1) for i, found in enumerate(spots) for spot in found
        ]

    def _pdf(
        self, output: Path, plates: Sequence[Plate], spots: Sequence[Sequence[Spot]], own: Sequence[PageFile]
    ) -> None:
        front = self.folder / "front.pdf"
        undated: dict[str, Any] = {"CreationDate": None}
        with mpl.rc_context(SETTINGS), quick_embedding(), PdfPages(front, metadata=undated) as pages:  # type: ignore[arg-type]
            for plate in plates:
                plate.canvas.check_glyphs()
                pages.savefig(plate.canvas.figure)
        files = [*(PageFile(front, number) for number in range(len(plates))), *own]
        paper, words = find_page(self.order.page), self.words
        marks = [Mark(title=words("book.cover"), page=0), Mark(title=words("book.contents"), page=1)]
        for entry in self.entries:
            if entry.number:
                marks.append(Mark(title=entry.text, page=entry.number - 1, below=True))
            else:
                following = next(e.number for e in self.entries[self.entries.index(entry) :] if e.number)
                marks.append(Mark(title=entry.text, page=following - 1))
        data = bind_pdf(
            [(page.path, page.number) for page in files], marks=marks, jumps=self._jumps(spots), title=self.title,
            author=words("author"), right_mm=paper.right, zoom=paper.zoom,
        )  # fmt: skip
        front.unlink()
        write_file(output, data)

    def _pptx(
        self, output: Path, plates: Sequence[Plate], spots: Sequence[Sequence[Spot]], own: Sequence[PageFile]
    ) -> None:
        order, paper = self.order, find_page(self.order.page)
        slides = []
        for i, plate in enumerate(plates):
            found = spots[i - 1] if i else []
            targets = tuple((f"entry {spot.number}", spot.number - 1) for spot in found)
            slides.append(draw_slide(plate.leaf(), lang=order.lang, targets=targets))
        slides += [read_slide(page) for page in own]
        numbered = number_slides(slides, right_mm=paper.right, height_mm=paper.height, zoom=paper.zoom)
        day = dt.date.fromisoformat(order.day)
        write_file(output, write_presentation(numbered, title=self.title, lang=order.lang, date=day))

    def _png(
        self, output: Path, plates: Sequence[Plate], spots: Sequence[Sequence[Spot]], own: Sequence[PageFile]
    ) -> None:
        _ = spots
        output.mkdir(parents=True, exist_ok=True)
        names = ["cover", *("contents" for _ in plates[1:])]
        for structure, pages in zip(self.structures, self.pages, strict=True):
            names += [structure.id] + [f"{structure.id}-list" for _ in pages[1:]]
        width = len(str(len(names)))
        for number, name in enumerate(names, 1):
            path = output / f"{number:0{width}}_{name}.png"
            if number <= len(plates):
                stream = io.BytesIO()
                part = path.with_name(f".{path.stem}.part.png")
                plates[number - 1].save(part, dpi=self.order.dpi)
                stream.write(part.read_bytes())
                part.unlink()
                write_file(path, stream.getvalue())
            else:
                write_file(path, own[number - 1 - len(plates)].path.read_bytes())
