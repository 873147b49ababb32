"""Records of the workspace: an import, its features, and what was found and repaired on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

OWN: Final = "own"
"""Layer of features that mean no place of the register: the bureau's own."""
POSITIONS: Final = "positions"
"""Not a layer: where places are, for those that an import knows better."""

Action = Literal["repaired", "dropped", "told"]
"""What was done about an issue: the feature was changed, left out, or taken as it is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Issue:
    """Something about the input that its owner should know."""

    code: str
    """What kind of trouble: ``invalid``, ``empty``, ``outside`` ..."""
    action: Action
    feature: int = 0
    """Number of the feature in its file, from 1; 0 is the file as a whole."""
    field: str = ""
    value: str = ""
    message: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Feature:
    """A feature as it was taken over: WGS 84, valid, two-dimensional."""

    number: int
    """Number of the feature in its file, from 1."""
    layer: str
    """Base layer that it belongs to."""
    target: str
    """Id in that layer: of the feature or line that it replaces, or a new one."""
    geometry: bytes
    """Well-known binary, EPSG:4326, longitude before latitude."""
    place: str = ""
    """Id of the place that it is the outline or course of."""
    name_zh: str = ""
    is_new: bool = False
    """Whether the base layer has no such feature."""
    attributes: str = "{}"
    """Its fields in its file as a JSON object of texts, where it stands in a layer of the bureau's own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Import:
    """A file that was taken over, and whose data it is."""

    kind: str
    """What it holds: ``towns``, ``counties``, ``water`` ..."""
    file_name: str
    owner: str = ""
    date: str = ""
    """As of when the data are, as the owner says."""
    licence: str = ""
    review_number: str = ""
    """审图号, where there is one."""
    accuracy_m: float = 100.0
    """Radius in metres in which a true edge lies in about nine cases of ten, as the owner says."""
    system: str = ""
    """Coordinate system that the file was read in."""
    encoding: str = ""
    name_field: str = ""
    layer: str = ""
    id: int = 0
    """Given by the workspace, from 1; an id is never given twice."""
    active: bool = True
    made: str = ""
    """When it was imported, UTC, ISO 8601."""
    digest: str = ""
    """Of the features, the accuracy and the owner."""
    features: int = 0
    title: str = ""
    """What the layer of its own is called, where features mean no place that is known; the file's name without."""

    @property
    def source(self) -> str:
        """Id under which its data name their source."""
        return f"import-{self.id}"
