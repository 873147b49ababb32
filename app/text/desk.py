"""The reader's desk: the text that is open, what is chosen in it, and what an event makes of that."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from app.actions import Flight
from app.text.document import NO_PLAN, open_document
from app.text.families import read_families
from app.text.marks import key_of, line_range, shown
from app.text.state import CATEGORIES, RESOLUTIONS, TABS, TextState
from app.text.worklist import Worklist
from gazetteer import open_register

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.text.document import Document
    from gazetteer.reading import Mention

_ZOOM: Final = 12


@dataclass
class Desk:
    """What one reader does with a text, for the length of a session."""

    state: TextState = field(default_factory=TextState)
    document: Document | None = None
    work: Worklist = field(default_factory=Worklist)
    opening: bool = False
    """Whether the reader asks for another text."""
    wander: bool = False
    """Whether "next" goes through all mentions, not only those of the chosen place."""
    go: int = 0
    """Counts the times that the text must scroll to what is chosen."""
    flight: Flight | None = None
    """Where the map must go; taken away by the page."""
    rows: int = 0
    """How many more pages of the table are shown."""
    _shown: tuple[Any, list[Mention]] = (None, [])

    # ------------ the text
    def lay(self, document: Document) -> None:
        """Put a text on the desk; what the address says of this very text stays."""
        state = self.state
        same = (document.shelf and state.file == document.name) or state.own == document.digest
        if not same:
            state = TextState(tab=state.tab if state.tab != "work" else TABS[0], plan=state.plan)
        self.state = replace(
            state, file=document.name if document.shelf else "", own="" if document.shelf else document.digest
        )
        if self.document is None or self.document.digest != document.digest:
            # Decisions stay: the reader may go through several plans before the patch is exported.
            self.work.turn_page()
        self.document = document
        self.work.plan = document.plan
        self.opening = False
        self.rows = 0
        self.go += 1
        if same and (state.at or state.place):
            self.fly()

    def read_as(self, plan: str) -> None:
        """Read the text again, as that of another plan."""
        if self.document is None or plan not in ("", NO_PLAN, *open_register().contexts):
            return
        old = self.document
        self.document = open_document(old.text, name=old.name, shelf=old.shelf, plan=plan)
        self.work.plan = self.document.plan
        self.state = replace(self.state, plan=plan, at="", place="")

    @property
    def mentions(self) -> Sequence[Mention]:
        """Mentions of the text, with what the reader has decided."""
        return () if self.document is None else self.work.decided(self.document.mentions)

    @property
    def marks_id(self) -> str:
        """What the mentions depend on: the text, the plan, the decisions."""
        document = self.document
        return "" if document is None else f"{document.digest} {document.plan or NO_PLAN} {self.work.version}"

    def shown(self) -> list[Mention]:
        """Return the mentions that the filters let through."""
        if self.document is None:
            return []
        state = self.state
        key = (self.marks_id, state.hidden, state.unshown, state.chapter)
        if self._shown[0] != key:
            self._shown = (key, shown(self.mentions, state, line_range(state, self.document)))
        return self._shown[1]

    def chosen(self) -> Mention | None:
        """Return the chosen mention."""
        line, _, start = self.state.at.partition(":")
        if not start:
            return None
        return next((each for each in self.mentions if (each.line, each.start) == (int(line), int(start))), None)

    def chosen_key(self) -> str:
        """Return what is chosen: the id of a place, ``?<name>`` where there is no record, or ""."""
        mention = self.chosen()
        return key_of(mention) if mention is not None else self.state.place

    # ------------ events
    def answer(self, event: dict[str, Any]) -> None:
        """Answer an event; one that makes no sense changes nothing."""
        action = self._ACTIONS.get(str(event.get("type")))
        if action is not None:
            action(self, str(event.get("value") or ""))
        else:
            self.work.answer(event)

    def fly(self) -> None:
        """Have the map go to what is chosen."""
        mention, place = self.chosen(), None
        if mention is None and self.state.place:
            place = open_register().places.get(self.state.place)
        target = mention or place
        if target is not None and target.lon is not None and target.lat is not None:
            box = [target.lon, target.lat, target.lon, target.lat]
            self.flight = Flight(bounds=box, zoom=_ZOOM)

    def _choose(self, at: str, *, wander: bool) -> None:
        state = replace(self.state, at=at)
        self.state = replace(state, place="")
        if self.chosen() is None:
            self.state = state
            return
        self.wander = wander
        self.fly()

    def _mention(self, value: str) -> None:
        self._choose(value, wander=False)

    def _visit(self, value: str) -> None:
        self._choose(value, wander=True)

    def _see(self, value: str) -> None:
        """Go to a mention from elsewhere: the text must scroll to it."""
        self._choose(value, wander=False)
        self.state = replace(self.state, tab=TABS[0])
        self.go += 1

    def _line(self, value: str) -> None:
        if self.document is not None and value.isdigit() and 1 <= int(value) <= len(self.document.lines):
            self.state = replace(self.state, at=value, place="")

    def _go_line(self, value: str) -> None:
        self._line(value)
        self.state = replace(self.state, tab=TABS[0], chapter=0)
        self.go += 1

    def _place(self, value: str) -> None:
        if value in open_register().places or any(key_of(each) == value for each in self.mentions):
            self.state = replace(self.state, place=value, at="")
            self.wander = False
            self.go += 1
            self.fly()

    def _point(self, value: str) -> None:
        """Choose a place on the map: the text scrolls to it, the map stays."""
        self._place(value)
        self.flight = None

    def _clear(self, _value: str) -> None:
        self.state = replace(self.state, at="", place="")
        self.wander = False

    def _category(self, value: str) -> None:
        if value in CATEGORIES:
            self._hide({value}, show=value in self.state.hidden)

    def _family(self, value: str) -> None:
        family = read_families().get(value)
        if family is not None:
            self._hide({*family.categories}, show=all(each in self.state.hidden for each in family.categories))

    def _hide(self, categories: set[str], *, show: bool) -> None:
        hidden = {*self.state.hidden} - categories if show else {*self.state.hidden} | categories
        self.state = replace(self.state, hidden=tuple(each for each in CATEGORIES if each in hidden))

    def _resolution(self, value: str) -> None:
        off = {*self.state.unshown} ^ ({value} & {*RESOLUTIONS})
        self.state = replace(self.state, unshown=tuple(each for each in RESOLUTIONS if each in off))

    def _all_on(self, _value: str) -> None:
        self.state = replace(self.state, hidden=(), unshown=(), chapter=0)

    def _chapter(self, value: str) -> None:
        known = {chapter.line for chapter in self.document.chapters} if self.document is not None else set()
        line = int(value) if value.isdigit() else 0
        self.state = replace(self.state, chapter=line if line in known else 0)

    def _tab(self, value: str) -> None:
        if value in TABS:
            self.state = replace(self.state, tab=value)
            self.go += 1

    def _open(self, _value: str) -> None:
        self.opening = True

    def _close_open(self, _value: str) -> None:
        self.opening = False

    def _more(self, _value: str) -> None:
        self.rows += 1

    def _doubt(self, value: str) -> None:
        """Put a name on the worklist and go there."""
        if any(each.surface == value for each in (self.document.mentions if self.document is not None else ())):
            self.work.answer({"type": "doubt", "value": value})
            self.state = replace(self.state, tab="work")

    _ACTIONS: ClassVar[dict[str, Callable[[Desk, str], None]]] = {
        "mention": _mention,
        "visit": _visit,
        "see": _see,
        "line": _line,
        "go_line": _go_line,
        "place": _place,
        "point": _point,
        "clear": _clear,
        "category": _category,
        "family": _family,
        "resolution": _resolution,
        "all_on": _all_on,
        "chapter": _chapter,
        "as": read_as,
        "tab": _tab,
        "open": _open,
        "close_open": _close_open,
        "more": _more,
        "doubt": _doubt,
    }
