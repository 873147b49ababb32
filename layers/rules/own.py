"""The form of what the bureau has imported beside the plans: drawn as it came."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import shapely

from geodata import store
from layers.rules.pieces import Outcome, Piece, outcome_of
from layers.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layers.ground import Ground
    from layers.model import Component, PieceForm

_FORMS: Final[tuple[PieceForm, ...]] = ("point", "line", "fill")
"""By dimension."""
_MANY: Final = 60
"""Parcels of one kind may be tens of thousands: piece by piece they would take an hour to draw, for one colour."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnRule:
    """Imported features as they came; ``fields`` is what their file says of the first."""

    of: list[str]
    fields: dict[str, str] = field(default_factory=dict)

    def draw(self, component: Component, ground: Ground) -> Outcome:
        """Draw every part."""
        del ground  # nothing of it is looked up
        rows = store.find_all_rows(self.of)
        pieces = [
            Piece(
                form=_FORMS[int(shapely.get_dimensions(part))], geometry=part, basis=row["basis"],
                accuracy_m=float(row["accuracy_m"]), extent="whole", name_zh=component.name_zh,
                name_en=component.name_en, source=row["source"],
            )
            # They are of one import: the first tells of all.
            for row in rows.drop(columns="geometry").head(1).to_dict("records")
            for part in _parts(rows.geometry.values)
        ]  # fmt: skip
        return outcome_of(pieces, [say("own")] if pieces else [])


def _parts(shapes: Any) -> Iterator[shapely.Geometry]:
    """Yield points one by one, since a symbol stands for each; surfaces and lines as they came, of many their union."""
    dimensions = shapely.get_dimensions(shapes)
    yield from shapely.get_parts(shapes[dimensions == 0])
    lines, surfaces = shapes[dimensions == 1], shapes[dimensions == 2]  # noqa: PLR2004
    yield from (
        lines if len(lines) <= _MANY else [shapely.line_merge(shapely.multilinestrings(shapely.get_parts(lines)))]
    )
    yield from surfaces if len(surfaces) <= _MANY else [shapely.disjoint_subset_union_all(surfaces)]
