"""Two plans, or two structures, next to each other: what both name, what only one names, and where they differ.

Computed from the records alone (structures, components, members; for a whole plan also how often its text names a
place), never written down. Components are one where the records tie them (``same_as``, or one project); places are one
by their gazetteer id.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, Literal

from gazetteer import open_register
from gazetteer.attested import count_mentions
from gazetteer.naming import normalise
from layers.catalogue import find_structure, read_plans, read_structures
from layers.items import Item, Part, component_items, plan_of, reach, whole_item
from layers.projects import compare_attestations, read_projects

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from layers.model import Extent, ProjectStatus, Structure

Where = Literal["both", "left", "right"]
"""Who names it."""

Field = Literal["name", "role", "members", "extent", "status", "size", "area", "direction", "route", "lines"]
"""In what two sides may differ."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """One side of a comparison: a whole plan, or one structure."""

    id: str
    """A plan id or a layer id."""
    plan: str
    structures: tuple[Structure, ...]
    whole: bool
    """Whether it is a whole plan."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One thing that two sides say otherwise.

    Attributes
    ----------
    left, right
        What either says: words of the model (roles, extents, statuses), place keys (members), names, or km2. Of
        members, those that only this side names.
    key
        The member it is about, of an extent; else "".
    one_sided
        Whether only one side says anything about it: silence is no contradiction.
    """

    field: Field
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    key: str = ""
    one_sided: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemRow:
    """What both sides call by a component, or what only one has."""

    where: Where
    left: Item | None = None
    right: Item | None = None
    differences: tuple[Difference, ...] = ()
    through: str = ""
    """The component between, where the tie goes through another one of the same plan; else ""."""

    @property
    def differs(self) -> bool:
        """Whether the two say anything otherwise but the name; what only one of them says is no contradiction."""
        return any(not each.one_sided and each.field != "name" for each in self.differences)

    @property
    def items(self) -> tuple[Item, ...]:
        """The item or items of the row, left first."""
        return tuple(item for item in (self.left, self.right) if item is not None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Naming:
    """How one side names a place: as a member of items, and in its text."""

    items: tuple[tuple[Item, Extent], ...] = ()
    mentions: int | None = None
    """In how many spots the plan's text names it; None unless the side is a whole plan."""

    @property
    def extents(self) -> tuple[str, ...]:
        """The extents it is taken in with, each once."""
        return tuple(dict.fromkeys(extent for _, extent in self.items))

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles of what it is a member of, each once."""
        return tuple(dict.fromkeys(item.role for item, _ in self.items if item.role))


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceRow:
    """A place that a side names."""

    where: Where
    key: str
    """Place id, or the name where no place is known."""
    name: str
    left: Naming | None = None
    right: Naming | None = None
    differences: tuple[Difference, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether the two take it in otherwise."""
        return bool(self.differences)


Row = ItemRow | PlaceRow
_MOST_KEPT: Final = 64
"""Comparisons held in memory: readers choose out of tens of thousands of pairs."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two sides with everything that they name."""

    left: Side
    right: Side
    items: tuple[ItemRow, ...]
    places: tuple[PlaceRow, ...]
    counts: Mapping[str, Mapping[str, int]] = field(init=False)
    """Of ``items`` and ``places``: ``both``, ``differs`` (of those), ``left``, ``right``."""

    def __post_init__(self) -> None:
        counts = {"items": count_rows(self.items), "places": count_rows(self.places)}
        object.__setattr__(self, "counts", counts)


def count_rows(rows: Iterable[Row]) -> dict[str, int]:
    """Return how many rows are ``both``, ``differs`` (among those), ``left`` and ``right``."""
    rows = tuple(rows)
    found = Counter(row.where for row in rows)
    return {
        "both": found["both"],
        "differs": sum(row.where == "both" and row.differs for row in rows),
        "left": found["left"],
        "right": found["right"],
    }


def find_side(name: str) -> Side:
    """Return a side by plan id or layer id.

    Raises
    ------
    KeyError
        If there is neither a plan nor a layer of that id; the message names near ones.
    """
    if name in read_plans():
        structures = tuple(each for each in read_structures().values() if each.plan == name)
        return Side(id=name, plan=name, structures=structures, whole=True)
    if "/" not in name:
        msg = f"expected a plan ({', '.join(read_plans())}) or the id of a layer, got {name!r}"
        raise KeyError(msg)
    structure = find_structure(name)
    return Side(id=name, plan=structure.plan, structures=(structure,), whole=False)


@lru_cache(maxsize=_MOST_KEPT)
def compare(left: str, right: str) -> Comparison:
    """Compare two plans or structures.

    Parameters
    ----------
    left, right
        A plan id (everything that the plan holds) or a layer id.

    Raises
    ------
    KeyError
        If an id is unknown.
    """
    one, other = find_side(left), find_side(right)
    return Comparison(left=one, right=other, items=_item_rows(one, other), places=_place_rows(one, other))


def _items_of(side: Side) -> dict[str, Item]:
    """Return the components of a side; and its structures, which only count where they are tied."""
    items: dict[str, Item] = {}
    for structure in side.structures:
        items[structure.layer_id] = whole_item(structure)
        items |= component_items(structure.layer_id)
    return items


def _item_rows(left: Side, right: Side) -> tuple[ItemRow, ...]:
    ours, theirs = _items_of(left), _items_of(right)
    same_plan = left.plan == right.plan
    rows: list[ItemRow] = []
    matched: set[tuple[str, str]] = set()
    order = list(theirs)
    for one in ours.values():
        for other_id, through in sorted(reach(one.id, theirs).items(), key=lambda tie: order.index(tie[0])):
            other = theirs[other_id]
            matched |= {("left", one.id), ("right", other_id)}
            rows.append(
                ItemRow(
                    where="both", left=one, right=other, through=through,
                    differences=compare_items(one, other, same_plan=same_plan),
                )
            )  # fmt: skip
    rows += [
        ItemRow(where="left", left=each) for each in ours.values() if each.role and ("left", each.id) not in matched
    ]
    rows += [
        ItemRow(where="right", right=each)
        for each in theirs.values()
        if each.role and ("right", each.id) not in matched
    ]
    return tuple(rows)


def compare_items(left: Item, right: Item, *, same_plan: bool = False) -> tuple[Difference, ...]:
    """Return in what two tied items differ.

    Notes
    -----
    What only one side states (an area, a size, members) is told, and marked as one-sided. Lines number two different
    documents: they differ only within one plan.
    """
    if left.id == right.id:
        return ()
    found: list[Difference] = []
    if normalise(left.name_zh) != normalise(right.name_zh):
        found.append(Difference(field="name", left=(left.name_zh,), right=(right.name_zh,)))
    pairs: list[tuple[Field, str | None, str | None]] = [
        ("role", left.role, right.role),
        ("status", _stated(left.status), _stated(right.status)),
        ("size", left.size_zh, right.size_zh),
        ("area", _number(left.area_km2), _number(right.area_km2)),
        ("direction", left.direction, right.direction),
    ]
    if same_plan:
        pairs.append(("lines", _join(left.lines), _join(right.lines)))
    for name, one, other in pairs:
        if (one or "") != (other or "") and not (name == "role" and not (one and other)):
            found.append(
                Difference(
                    field=name, left=(one,) if one else (), right=(other,) if other else (),
                    one_sided=not (one and other),
                )
            )  # fmt: skip
    found += _compare_parts(left.parts, right.parts)
    if left.project and left.project == right.project:
        project = read_projects()[left.project]
        one_said, other_said = project.of_plan(plan_of(left.id)), project.of_plan(plan_of(right.id))
        if one_said and other_said and "route" in compare_attestations(project, one_said, other_said):
            found.append(Difference(field="route"))
    return tuple(found)


def _compare_parts(left: tuple[Part, ...], right: tuple[Part, ...]) -> list[Difference]:
    ours, theirs = _extents(left), _extents(right)
    one, other = tuple(key for key in ours if key not in theirs), tuple(key for key in theirs if key not in ours)
    found = []
    if one or other:
        found.append(Difference(field="members", left=one, right=other, one_sided=not (ours and theirs)))
    found += [
        Difference(
            field="extent", key=key, left=ours[key], right=theirs[key],
            one_sided="unstated" in (*ours[key], *theirs[key]),
        )
        for key in ours
        if key in theirs and {*ours[key]} != {*theirs[key]}
    ]  # fmt: skip
    return found


def _extents(parts: tuple[Part, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for part in parts:
        found[part.key] = tuple(dict.fromkeys((*found.get(part.key, ()), part.extent)))
    return found


def _stated(status: ProjectStatus | None) -> str:
    return "" if status is None or status == "unstated" else status


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _join(lines: tuple[int, ...]) -> str:
    return ", ".join(map(str, lines))


# Places
def _namings(side: Side) -> dict[str, Naming]:
    """Return how a side names each place: members of its components first, in their order, then what its text names."""
    members: dict[str, list[tuple[Item, Extent]]] = {}
    for structure in side.structures:
        for item in component_items(structure.layer_id).values():
            for part in item.parts:
                members.setdefault(part.key, []).append((item, part.extent))
    if not side.whole:
        return {key: Naming(items=tuple(items)) for key, items in members.items()}
    counts = _mentions(side.plan)
    return {
        key: Naming(items=tuple(members.get(key, ())), mentions=counts.get(key, 0))
        for key in dict.fromkeys((*members, *counts))
    }


@cache
def _mentions(plan: str) -> Mapping[str, int]:
    """Return how often a plan's text names each place, the most named first."""
    found = {place: count_mentions(place).get(plan, 0) for place in open_register().places}
    return dict(sorted(((place, count) for place, count in found.items() if count), key=lambda each: -each[1]))


def _place_rows(left: Side, right: Side) -> tuple[PlaceRow, ...]:
    ours, theirs = _namings(left), _namings(right)
    rows = [
        PlaceRow(
            where="both" if key in ours and key in theirs else "left" if key in ours else "right",
            key=key, name=name_place(key), left=ours.get(key), right=theirs.get(key),
            differences=_compare_namings(ours[key], theirs[key]) if key in ours and key in theirs else (),
        )
        for key in dict.fromkeys((*ours, *theirs))
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: _ORDER[row.where]))


_ORDER: Final[dict[Where, int]] = {"both": 0, "left": 1, "right": 2}


def name_place(key: str, *, lang: str = "zh") -> str:
    """Return the name of a place by its id; a key that is a name stays as it is."""
    place = open_register().places.get(key)
    if place is None:
        return key
    return place.name_en if lang == "en" and place.name_en else place.name_zh


def _compare_namings(left: Naming, right: Naming) -> tuple[Difference, ...]:
    """Return how two sides take in a place otherwise: nothing that the one says of it is what the other says.

    A side that only mentions it in its text, or leaves the extent open, says nothing of that.
    """
    found = []
    pairs: tuple[tuple[Field, tuple[str, ...], tuple[str, ...]], ...] = (
        ("extent", left.extents, right.extents),
        ("role", left.roles, right.roles),
    )
    for name, one, other in pairs:
        if one and other and "unstated" not in (*one, *other) and set(one).isdisjoint(other):
            found.append(Difference(field=name, left=one, right=other))
    return tuple(found)
