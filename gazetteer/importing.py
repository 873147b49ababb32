"""A file of the bureau's own on its way into the workspace: read, placed, matched, checked; then taken over as agreed.

`examine` decides nothing that is in doubt: it says what has to be settled. The same file with the same wishes gives the
same examination, so what a reader saw is what is taken over.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

import shapely

from gazetteer.batch import guard_cell
from gazetteer.matching import Matcher, NameMatch
from gazetteer.register import open_register
from geodata import store, workspace
from geodata.importing.kinds import Kind, find_kind
from geodata.importing.reading import Table, read_table
from geodata.importing.repairs import MESSAGES, check_features, to_degrees
from geodata.importing.systems import SWAPPED, Anchor, Recognised, check_system, move_all, recognise
from geodata.importing.tiling import check_tiling
from geodata.workspace import Feature, Import, Issue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from gazetteer.place import Place

NEW: Final = "new"
OUT: Final = "out"
"""What a reader may settle a feature to, beside a place: a new one, or left out."""
Need = Literal["system", "nothing"]
Step = Literal["read", "names", "system", "check", "tile"]
"""What an examination is at."""
Told = Literal["matched", "fuzzy", "unmatched", "settled", "own"]

_SAMPLE: Final = 400
_NAME_LIKE: Final = ("名称", "名", "name", "镇", "乡", "mc", "text")
_FAR_M: Final = 8_000.0
_FAR_ACCURACIES: Final = 3.0
_LOOSE_M: Final = 250.0
_BESIDE_M: Final = 1_000.0
_LEAST_LOST: Final = 0.05
_MOST_OWN: Final = 500
"""Names in a layer of the bureau's own: each is a component with a colour, a label and a card."""
_MOST_FIELDS: Final = 40
_LONGEST_FIELD: Final = 200
_SEATS: Final = "town_seats"
MATCH_COLUMNS: Final = ("feature", "name", "status", "place_id", "place", "candidates", "decision")


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    """What the reader asks for; "" leaves it to the file.

    Attributes
    ----------
    system
        Coordinate system, as `geodata.importing.systems.check_system` knows it.
    settled
        Decisions on features, by number from 1: the id of a place, `NEW` or `OUT`.
    """

    kind: str
    layer: str = ""
    encoding: str = ""
    system: str = ""
    name_field: str = ""
    settled: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A feature and what its name means."""

    number: int
    name: str
    status: Told
    place: Place | None
    candidates: tuple[Place, ...]
    decision: str
    """What becomes of it: a place id, `NEW` or `OUT`."""


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Examination:
    """What a file holds and what would be taken over.

    Attributes
    ----------
    need
        What has to be settled before anything can be taken over: ``system``; ``nothing`` is left to take; "" otherwise.
    system
        The coordinate system that is used; "" where it has to be chosen.
    features
        What would be taken over.
    """

    file_name: str
    kind: Kind
    table: Table
    name_field: str
    known_names: Mapping[str, int]
    """How many known names each field holds in its first rows."""
    recognised: Recognised
    system: str
    rows: tuple[Row, ...]
    issues: tuple[Issue, ...]
    features: tuple[Feature, ...]
    need: Need | Literal[""]

    @property
    def changes(self) -> tuple[Issue, ...]:
        """Issues for which a feature was changed or left out: what the reader has to agree to."""
        return tuple(issue for issue in self.issues if issue.action != "told")


def examine(
    path: Path, wishes: Wishes, *, progress: Callable[[float, Step], None] = lambda _share, _step: None
) -> Examination:
    """Read a file and say what would be taken over, without doing so.

    Parameters
    ----------
    progress
        Told the share that is done (0 to 1), and the step that begins.

    Raises
    ------
    ValueError
        If the file cannot be read, a wish makes no sense, or its datum is refused; the message says what to do.
    """
    kind = find_kind(wishes.kind)
    matchers = _matchers(kind)

    def count(texts: Sequence[str]) -> int:
        return sum(any(matcher.knows(text) for matcher in matchers) for text in texts)

    progress(0.0, "read")
    table = read_table(path, count=count, layer=wishes.layer, encoding=wishes.encoding)
    progress(0.38, "names")
    known_names = {name: count(texts[:_SAMPLE]) for name, texts in table.fields.items()}
    name_field = _name_field(table, known_names, wishes.name_field)
    names = table.fields.get(name_field, ("",) * len(table.geometry))
    matches = _match(matchers, names, table)
    progress(0.4, "system")
    recognised = recognise(table.geometry, kind=kind, declared=table.declared, anchors=_anchors(matches, table))
    system = check_system(wishes.system) if wishes.system else recognised.system
    whole = list(_of_file(table, recognised, system))
    if not system:
        rows = tuple(_row(number, match, wishes.settled, kind) for number, match in enumerate(matches, start=1))
        return Examination(
            file_name=path.name, kind=kind, table=table, name_field=name_field, known_names=known_names,
            recognised=recognised, system="", rows=rows, issues=tuple(whole), features=(), need="system",
        )  # fmt: skip
    progress(0.55, "check")
    checked = check_features(move_all(table.geometry, system), kind=kind, names=names)
    issues = [*whole, *checked.issues]
    shapes = dict(checked.shapes)
    rows_left = []
    for number, match in enumerate(matches, start=1):
        shape = shapes.get(number - 1)
        row, issue = _settle(number, match, shape, name_field, wishes.settled, kind=kind)
        rows_left.append(row)
        if shape is None:
            continue
        if issue is not None:
            issues.append(issue)
        if row.decision == OUT:
            del shapes[number - 1]
    joined, more = _join(shapes, rows_left, kind)
    progress(0.75, "tile")
    parted = check_tiling(
        {each.number - 1: each.shape for each in joined}, kind=kind, names={e.number - 1: e.name for e in joined},
        targets={e.number - 1: e.target for e in joined},
    )  # fmt: skip
    issues += [*more, *parted.issues]
    features = tuple(_feature(each, parted.shapes[each.number - 1], table) for each in joined)
    issues += [*_courses(joined), *_of_own(features, path.name)]
    return Examination(
        file_name=path.name, kind=kind, table=table, name_field=name_field, known_names=known_names,
        recognised=recognised, system=system, rows=tuple(rows_left),
        issues=tuple(sorted(issues, key=lambda each: each.feature)), features=features,
        need="" if features else "nothing",
    )  # fmt: skip


def take_over(found: Examination, record: Import) -> Import:
    """Write what was examined into the workspace.

    Parameters
    ----------
    record
        Whose data it is: owner, date, licence, review number, accuracy; the rest is filled in here.

    Raises
    ------
    ValueError
        If something has to be settled first, or the workspace cannot be written.
    """
    if found.need == "system":
        msg = f"{found.file_name}: the coordinate system has to be chosen first"
        raise ValueError(msg)
    filled = dataclasses.replace(
        record, kind=found.kind.id, file_name=found.file_name, system=found.system, encoding=found.table.encoding,
        name_field=found.name_field, layer=found.table.layer,
    )  # fmt: skip
    return workspace.add_import(filled, features=found.features, issues=found.issues)


# ------------ names


def _matchers(kind: Kind) -> tuple[Matcher, ...]:
    """Return what matches names of surfaces and lines, and where a point may give a position, names of points."""
    codes: dict[str, str] = {}
    if kind.codes:
        code_of = dict(zip(store.read_base(kind.surface)["id"], store.read_base(kind.surface)["code"], strict=True))
        for place in open_register().places.values():
            layer, _, target = place.geometry.partition("/")
            code = str(code_of.get(target) or "") if layer == kind.surface else ""
            if code and (place.category in kind.categories or code not in codes):
                codes[code] = place.id
    found = [Matcher(categories=kind.categories, layers=kind.layers if kind.categories else (), codes=codes)]
    if kind.points:
        found.append(Matcher(beginnings=kind.points))
    return tuple(found)


def _name_field(table: Table, known: Mapping[str, int], wish: str) -> str:
    if wish:
        if wish not in table.fields:
            msg = f"expected a field out of {', '.join(table.fields)}, got {wish!r}"
            raise ValueError(msg)
        return wish
    if not table.fields:
        return ""

    def rank(name: str) -> tuple[int, bool]:
        return known[name], any(each in name.lower() for each in _NAME_LIKE)

    best = max(table.fields, key=rank)
    return best if rank(best) > (0, False) else ""


def _match(matchers: Sequence[Matcher], names: Sequence[str], table: Table) -> list[NameMatch]:
    coded = {name: sum(map(matchers[0].knows_code, texts)) for name, texts in table.fields.items()}
    best = max(coded, key=lambda name: coded[name], default="")
    codes = table.fields[best] if best and coded[best] else ("",) * len(names)
    return [
        (matchers[-1] if _is_point(shape) else matchers[0]).match(name, code=code)
        for name, code, shape in zip(names, codes, table.geometry, strict=True)
    ]


def _is_point(shape: Any) -> bool:
    return shape is not None and shape.geom_type in ("Point", "MultiPoint")


def _anchors(matches: Sequence[NameMatch], table: Table) -> list[Anchor]:
    return [
        Anchor(feature=position, lon=match.place.position[0], lat=match.place.position[1],
               accuracy_m=match.place.accuracy_m or _FAR_M)
        for position, match in enumerate(matches)
        if match.status == "matched" and match.place is not None and match.place.position is not None
        and (shape := table.geometry[position]) is not None and not shape.is_empty
    ]  # fmt: skip


def _row(number: int, match: NameMatch, settled: Mapping[int, str], kind: Kind) -> Row:
    decision = settled.get(number, "")
    place = match.place
    status: Told = match.status
    if decision:
        status = "settled"
        place = None if decision in (NEW, OUT) else _place(decision)
    elif match.status == "matched":
        assert place is not None
        decision = place.id
    elif match.status == "unmatched" and kind.own:
        status, decision = "own", NEW
    return Row(
        number=number, name=match.name, status=status, place=place, candidates=match.candidates,
        decision=decision or OUT,
    )  # fmt: skip


def _place(place_id: str) -> Place:
    places = open_register().places
    if place_id not in places:
        msg = f"expected the id of a place, {NEW!r} or {OUT!r} as a decision, got {place_id!r}"
        raise ValueError(msg)
    return places[place_id]


def _settle(
    number: int, match: NameMatch, shape: Any, name_field: str, settled: Mapping[int, str], *, kind: Kind
) -> tuple[Row, Issue | None]:
    """Decide what becomes of a feature; what is in doubt and not settled stays out, with an issue that says so."""
    row = _row(number, match, settled, kind)
    if row.status == "own":
        return row, None
    if row.status == "settled":
        return row, _issue("settled", "told", number, name_field, match.name, row.decision)
    if row.status == "unmatched":
        return row, _issue("unmatched", "dropped", number, name_field, match.name, match.name)
    if row.status == "fuzzy":
        told = ", ".join(each.name_zh for each in row.candidates)
        return row, _issue("unsettled", "dropped", number, name_field, match.name, told)
    assert row.place is not None
    if shape is not None and row.place.position is not None:
        lon, lat = row.place.position
        off = shape.distance(_point(lon, lat))
        if off > max(_FAR_M, _FAR_ACCURACIES * (row.place.accuracy_m or 0)):
            far = dataclasses.replace(row, status="fuzzy", decision=OUT)
            return far, _issue("far", "dropped", number, name_field, match.name, f"{off / 1000:.0f}")
    return row, None


def _point(lon: float, lat: float) -> Any:
    from geodata.crs import project  # noqa: PLC0415

    x, y = project(lon, lat)
    return shapely.Point(float(x), float(y))


def _issue(code: str, action: workspace.records.Action, number: int, field_name: str, value: str, told: str) -> Issue:
    return Issue(
        code=code, action=action, feature=number, field=field_name, value=value,
        message=MESSAGES[code].format(value=told),
    )  # fmt: skip


def _of_file(table: Table, recognised: Recognised, system: str) -> Iterable[Issue]:
    """Yield what is told of the file as a whole."""
    if len(table.encodings) > 1 or table.encoding != "UTF-8":
        yield _issue("encoding", "told", 0, "encoding", table.encoding, table.encoding)
    if not system:
        return
    base, swapped = system.removesuffix(SWAPPED), system.endswith(SWAPPED)
    if base != "4326":
        action: workspace.records.Action = "repaired" if base in ("gcj02", "bd09") else "told"
        yield _issue("system", action, 0, "crs", base, base.upper() if not base.isdigit() else f"EPSG:{base}")
    if swapped:
        yield _issue("swapped", "repaired", 0, "crs", system, system)
    fit = next((fit for fit in recognised.fits if fit.system == system), None)
    if fit is not None and fit.edges_m is not None and fit.edges_m > _LOOSE_M:
        yield _issue("loose", "told", 0, "crs", f"{fit.edges_m:.0f}", f"{fit.edges_m:.0f}")


# ------------ geometry


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class _Joined:
    """All features of a file that mean one target."""

    number: int
    name: str
    layer: str
    target: str
    place: str
    is_new: bool
    shape: Any


def _join(shapes: Mapping[int, Any], rows: Sequence[Row], kind: Kind) -> tuple[list[_Joined], list[Issue]]:
    """Join features that mean the same; each stands under the number of its first."""
    found: dict[tuple[str, str], list[_Joined]] = {}
    for position in sorted(shapes):
        row, shape = rows[position], shapes[position]
        each = _aim(row, shape, kind)
        found.setdefault((each.layer, each.target), []).append(each)
    joined, issues = [], []
    for parts in found.values():
        first = parts[0]
        if len(parts) > 1:
            first = dataclasses.replace(first, shape=shapely.union_all([part.shape for part in parts]))
            issues += [_issue("joined", "repaired", part.number, "name", part.name, part.name) for part in parts[1:]]
        joined.append(first)
    return joined, issues


def _aim(row: Row, shape: Any, kind: Kind) -> _Joined:
    """Say which feature of which base layer a feature stands for."""
    dimension = int(shapely.get_dimensions(shape))
    place = row.place if row.decision not in (NEW, OUT) else None
    # The workspace gives a new feature that is no place's its id.
    layer = (workspace.records.POSITIONS, kind.line, kind.surface)[dimension]
    target, is_new = f"{NEW}-{row.number}", True
    if place is None and kind.own:
        layer = workspace.records.OWN
    elif place is not None:
        own_layer, _, own = place.geometry.partition("/")
        seat = place.id.rpartition("/")[2]
        if not dimension and place.category == "town" and seat in store.read_base(_SEATS).index:
            # The seat of a town has a layer of its own beside the outline.
            own_layer, own = _SEATS, seat
        if own_layer and _dimension(own_layer) == dimension:
            layer, target, is_new = own_layer, own, False
        else:
            target, is_new = place.id.replace("/", "-"), bool(dimension)
    return _Joined(
        number=row.number, name=place.name_zh if place is not None else row.name, layer=layer, target=target,
        place=place.id if place is not None else "", is_new=is_new, shape=shape,
    )  # fmt: skip


def _dimension(layer: str) -> int:
    return int(shapely.get_dimensions(store.read_base(layer).geometry.iloc[0]))


def _feature(each: _Joined, shape: Any, table: Table) -> Feature:
    if each.place and shape.geom_type == "MultiPoint":
        shape = shape.centroid
    told: dict[str, str] = {}
    if each.layer == workspace.records.OWN:
        texts = {name: cells[each.number - 1][:_LONGEST_FIELD] for name, cells in table.fields.items()}
        told = dict([(name, text) for name, text in texts.items() if text][:_MOST_FIELDS])
    return Feature(
        number=each.number, layer=each.layer, target=each.target, geometry=shapely.to_wkb(to_degrees(shape)),
        place=each.place, name_zh=each.name, is_new=each.is_new, attributes=json.dumps(told, ensure_ascii=False),
    )  # fmt: skip


def _of_own(features: Sequence[Feature], file_name: str) -> Iterable[Issue]:
    """Yield how many features make a layer of the bureau's own."""
    own = [each for each in features if each.layer == workspace.records.OWN]
    names = {each.name_zh for each in own}
    if len(names) > _MOST_OWN:
        msg = (
            f"{file_name}: expected at most {_MOST_OWN} names in a layer of its own, got {len(names)}; choose a field "
            "that says a kind instead of a number for the names, or import the file in parts"
        )
        raise ValueError(msg)
    if own:
        yield _issue("own", "told", 0, "name", str(len(own)), str(len(own)))


def _courses(joined: Iterable[_Joined]) -> Iterable[Issue]:
    """Yield how much of a line's new course lies beside no section of it: that part cannot be drawn."""
    for each in joined:
        if each.is_new or each.layer not in store.LAYERS or not store.has_lines(each.layer):
            continue
        frame = store.read_base_metric(each.layer)
        sections = frame[frame["line"] == each.target]
        if len(sections) < 2:  # noqa: PLR2004 - a line of one section takes the whole course
            continue
        reach = [max(2 * float(a), _BESIDE_M) for a in sections["accuracy_m"]]
        beside = shapely.union_all(shapely.buffer(sections.geometry.values, reach))
        lost = (each.shape - beside).length
        if lost > _LEAST_LOST * each.shape.length:
            yield _issue("course", "told", each.number, "geometry", each.name, f"{lost / 1000:.1f} km")


# ------------ reports


def write_matches(found: Examination) -> str:
    """Return what each name means as CSV, with a column of decisions to be filled in and handed back."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(MATCH_COLUMNS)
    for row in found.rows:
        cells = (
            row.number, row.name, row.status, row.place.id if row.place else "", row.place.name_zh if row.place else "",
            ";".join(each.id for each in row.candidates), row.decision if row.status in ("matched", "settled") else "",
        )  # fmt: skip
        writer.writerow(map(guard_cell, cells))
    return stream.getvalue()


def read_matches(text: str) -> dict[int, str]:
    """Return the decisions of a table that `write_matches` wrote and a reader filled in, by feature number.

    Raises
    ------
    ValueError
        If a column is missing, or a decision is neither the id of a place, nor ``new``, nor ``out``.
    """
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    if missing := {"feature", "decision"} - set(rows.fieldnames or ()):
        msg = f"expected the columns feature and decision in the table of matches, got no {', '.join(sorted(missing))}"
        raise ValueError(msg)
    settled = {}
    for line, row in enumerate(rows, start=2):
        number, decision = (row["feature"] or "").strip(), (row["decision"] or "").strip()
        if not decision:
            continue
        if not number.isdigit():
            msg = f"table of matches, line {line}: expected the number of a feature, got {number!r}"
            raise ValueError(msg)
        if decision not in (NEW, OUT):
            _place(decision)
        settled[int(number)] = decision
    return settled
