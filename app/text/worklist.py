"""The worklist: names in doubt, what the reader decides about them, and how the text reads then."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from app.text.marks import is_doubtful
from app.text.worklist_candidates import MOST, find_candidates, find_districts
from gazetteer import open_register
from gazetteer.geocoding import suggest
from gazetteer.naming import normalise
from gazetteer.patching import CATEGORIES, Decision, write_patch
from gazetteer.reading.tables import read_toml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.text.document import Document
    from gazetteer import Place
    from gazetteer.reading import Mention

ACCURACIES: Final = (100, 300, 1000, 3000, 10_000)
"""Metres that the reader may choose from for a point set by hand."""
_ACCURACY: Final = 1000
_LONGEST: Final = 80
REASON: Final = "decided by the reader"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A surface in doubt and its mentions."""

    surface: str
    mentions: tuple[Mention, ...]
    unresolved: bool


@dataclass
class Pin:
    """A place that the reader is setting."""

    name: str
    category: str
    lon: float | None = None
    lat: float | None = None
    accuracy_m: int = _ACCURACY


@dataclass
class Worklist:
    """Decisions of a session, by the surface that they are about; `version` counts their changes."""

    version: int = 0
    decisions: dict[str, Decision] = field(default_factory=dict)
    open: str = ""
    """Surface that is unfolded."""
    extra: tuple[str, ...] = ()
    """Surfaces that the reader put on the list."""
    who: str = ""
    text: str = ""
    """What stands in the search box."""
    pinned: Pin | None = None
    plan: str | None = None
    trouble: str = ""
    """Why the last decision could not be taken: a key of the catalogue, or ""."""
    _decided: tuple[Any, Sequence[Mention]] = (None, ())

    def turn_page(self) -> None:
        """Fold everything up for another text; decisions stay."""
        self.open, self.text, self.trouble, self.pinned, self.extra = "", "", "", None, ()

    def doubts(self, mentions: Sequence[Mention]) -> list[Doubt]:
        """Return the surfaces in doubt, unresolved ones first, then by how often they stand in the text."""
        groups: defaultdict[str, list[Mention]] = defaultdict(list)
        for mention in mentions:
            groups[mention.surface].append(mention)
        found = [
            Doubt(surface, tuple(group), any(each.resolution == "unresolved" for each in group))
            for surface, group in groups.items()
            if surface in self.extra or surface in self.decisions or any(map(is_doubtful, group))
        ]
        return sorted(found, key=lambda doubt: (not doubt.unresolved, -len(doubt.mentions), doubt.surface))

    def decided(self, mentions: Sequence[Mention]) -> Sequence[Mention]:
        """Return mentions as the decisions make them; what is no place is left out."""
        if not self.decisions:
            return mentions
        key = (id(mentions), self.version, self.plan)
        if self._decided[0] != key:
            self._decided = (key, [new for each in mentions if (new := self._decide(each)) is not None])
        return self._decided[1]

    def _decide(self, mention: Mention) -> Mention | None:
        decision = self.decisions.get(mention.surface)
        if decision is None or decision.plan not in ("", self.plan):
            return mention
        if decision.action == "exception":
            return None
        if decision.action == "place":
            return dataclasses.replace(
                mention, place_id=None, name=decision.name, aliases=(), category=decision.category,  # type: ignore[arg-type]
                resolution="suzhou", lon=decision.lon, lat=decision.lat, accuracy_m=decision.accuracy_m, score=1.0,
                reason=REASON, candidates=(),
            )  # fmt: skip
        place = open_register().places[decision.place_id]
        return dataclasses.replace(
            mention, place_id=place.id, name=place.name_zh, aliases=place.aliases, category=place.category,
            resolution=place.resolution, lon=place.lon, lat=place.lat, accuracy_m=place.accuracy_m, score=1.0,
            reason=REASON, candidates=(),
        )  # fmt: skip

    def pin(self) -> dict[str, Any] | None:
        """Return the point that the reader is setting on the map, or None: the map then takes the next click for it."""
        if self.pinned is None:
            return None
        return {"lon": self.pinned.lon, "lat": self.pinned.lat, "accuracy_m": self.pinned.accuracy_m}

    def candidates(self, doubt: Doubt, document: Document) -> list[Place]:
        """Return the places that a surface may mean: those that fit what was typed, or letters, kind and section."""
        if self.text.strip():
            return list(suggest(self.text, limit=MOST))
        districts = find_districts(doubt.mentions, document.mentions, document.section)
        return find_candidates(doubt.surface, doubt.mentions, districts)

    def patch(self) -> str:
        """Return the decisions as a patch file."""
        return write_patch(dataclasses.replace(each, who=self.who) for each in self.decisions.values())

    # ------------ events
    def answer(self, event: dict[str, Any]) -> None:
        """Answer an event; one that makes no sense changes nothing."""
        kind, value = str(event.get("type")), str(event.get("value") or "")[:_LONGEST]
        self.trouble = ""
        if kind == "unfold":
            self.open, self.text, self.pinned = ("" if self.open == value else value), "", None
        elif kind == "doubt":
            self.open, self.text, self.pinned = value, "", None
            self.extra = tuple(dict.fromkeys((*self.extra, value)))
        elif kind == "who":
            self.who = value.strip()
        elif kind == "search":
            self.text = value
        elif kind == "undo" and value in self.decisions:
            del self.decisions[value]
            self.version += 1
        elif self.open and kind == "pick" and value in open_register().places:
            self._pick(value)
        elif self.open and kind == "not_place":
            # An exception holds everywhere: it would hide a place that is called so.
            if self._owners(self.open):
                self.trouble = "hides"
            else:
                self._put(Decision(action="exception", surface=self.open))
        elif self.open and kind == "pin_start":
            self.pinned = Pin(name=self.open, category=value if value in CATEGORIES else "other")
        elif self.pinned is not None:
            self._pin(kind, value, event)

    def _pin(self, kind: str, value: str, event: dict[str, Any]) -> None:
        pin = self.pinned
        assert pin is not None
        if kind == "pin" and isinstance(event.get("lon"), float | int) and isinstance(event.get("lat"), float | int):
            pin.lon, pin.lat = float(event["lon"]), float(event["lat"])
        elif kind == "pin_accuracy" and value in map(str, ACCURACIES):
            pin.accuracy_m = int(value)
        elif kind == "pin_category" and value in CATEGORIES:
            pin.category = value
        elif kind == "pin_name" and value.strip():
            pin.name = value.strip()
        elif kind == "pin_cancel":
            self.pinned = None
        elif kind == "pin_save" and pin.lon is not None and (self._owners(pin.name) or self._owners(self.open)):
            self.trouble = "taken"
        elif kind == "pin_save" and pin.lon is not None:
            self._put(
                Decision(
                    action="place", surface=self.open, name_zh=pin.name if pin.name != self.open else "",
                    category=pin.category, lon=pin.lon, lat=pin.lat, accuracy_m=float(pin.accuracy_m),
                )
            )  # fmt: skip

    def _owners(self, name: str) -> set[str]:
        """Return the ids of the places that are called so."""
        return {place.id for place, way in open_register().index.get(normalise(name), ()) if way in ("name", "alias")}

    def _pick(self, place_id: str) -> None:
        """Take a surface for a place; one that is another place's name, or a class noun, means it in one plan only."""
        bare = self.open in read_toml("exceptions.toml")["bare"]["names"]
        narrow = bare or bool(self._owners(self.open) - {place_id})
        if narrow and not self.plan:
            self.trouble = "plan"
        else:
            plan = (self.plan or "") if narrow else ""
            self._put(Decision(action="alias", surface=self.open, place_id=place_id, plan=plan))

    def _put(self, decision: Decision) -> None:
        today = dt.datetime.now(tz=dt.UTC).astimezone().date().isoformat()
        self.decisions[decision.surface] = dataclasses.replace(decision, when=today)
        self.version += 1
        self.open, self.text, self.pinned = "", "", None
