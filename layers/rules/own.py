"""The form of what the bureau has imported beside the plans: drawn as it came."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import shapely

from geodata import store
from layers.rules.pieces import Outcome, Piece, outcome_of
from layers.words import say

if TYPE_CHECKING:
    from layers.ground import Ground
    from layers.model import Component, PieceForm

_FORMS: Final[tuple[PieceForm, ...]] = ("point", "line", "fill")
"""By dimension."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnRule:
    """Imported features as they came; ``fields`` is what their file says of the first."""

    of: list[str]
    fields: dict[str, str] = field(default_factory=dict)

    def draw(self, component: Component, ground: Ground) -> Outcome:
        """Draw every part."""
        del ground  # nothing of it is looked up
        pieces = [
            Piece(
                form=_FORMS[int(shapely.get_dimensions(row.geometry))], geometry=part, basis=row.basis,
                accuracy_m=float(row.accuracy_m), extent="whole", name_zh=component.name_zh,
                name_en=component.name_en, source=row.source,
            )
            for reference in self.of
            for row in store.find_rows(reference).itertuples()
            for part in _parts(row.geometry)
        ]  # fmt: skip
        return outcome_of(pieces, [say("own")] if pieces else [])


def _parts(shape: shapely.Geometry) -> list[shapely.Geometry]:
    """Return points one by one: a symbol stands for each."""
    return list(shapely.get_parts(shape)) if shape.geom_type == "MultiPoint" else [shape]
